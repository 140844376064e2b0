// The site works without this file. It adds a switch for the colour scheme, buttons that copy code, lists that close by
// themselves on a narrow screen, and a mark at the current heading in the table of contents.
const root = document.documentElement;
const words = document.querySelector("script[data-copy]")?.dataset ?? {};

// Colour scheme: a choice that agrees with the system is not stored, so that the page goes on following the system.
const toggle = document.querySelector(".theme-toggle");
const system = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
const show = () => toggle?.setAttribute("aria-pressed", String(isDark()));

toggle?.addEventListener("click", () => {
  const dark = !isDark();
  if (dark === system.matches) delete root.dataset.theme;
  else root.dataset.theme = dark ? "dark" : "light";
  try {
    if (root.dataset.theme) localStorage.theme = root.dataset.theme;
    else localStorage.removeItem("theme");
  } catch {
    // Storage may be forbidden; the choice then holds for this page.
  }
  show();
});
system.addEventListener("change", show);
show();
root.classList.add("js");

// Copy: of a terminal session, what was typed, without prompts and output. Not offered where browsers forbid it.
for (const pre of navigator.clipboard ? document.querySelectorAll(":is(.highlight, .codehilite) pre:has(> code)") : []) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  const label = (text) => button.setAttribute("aria-label", text);
  label(words.copy);
  button.addEventListener("click", async () => {
    const code = pre.cloneNode(true);
    const session = code.querySelector(".gp");
    for (const node of code.querySelectorAll(".gp, .go, .linenos")) node.remove();
    const text = code.textContent.trimEnd();
    await navigator.clipboard.writeText(session ? text.replace(/\n{2,}/g, "\n").trimStart() : text);
    button.classList.add("copied");
    label(words.copied);
    setTimeout(() => {
      button.classList.remove("copied");
      label(words.copy);
    }, 2000);
  });
  pre.after(button);
}

// What scrolls sideways can be reached with the keyboard, also in browsers that do not see to it themselves.
for (const box of document.querySelectorAll("main :is(pre, table)")) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}

// An open list closes once it has served.
const close = (done) => {
  for (const fold of document.querySelectorAll(".fold[open]")) if (done(fold)) fold.open = false;
};
document.addEventListener("click", ({ target }) => {
  close((fold) => !fold.parentElement.contains(target) || target.closest("li > a"));
});
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") close((fold) => fold.firstElementChild.focus() ?? true);
});

// A list that scrolls shows its current entry.
const reveal = (list, link) => {
  const [outer, inner] = [list.getBoundingClientRect(), link.getBoundingClientRect()];
  if (inner.top < outer.top + 32 || inner.bottom > outer.bottom - 32) list.scrollTop += inner.top - outer.top - outer.height / 2;
};
const here = document.querySelector(".nav [aria-current]");
if (here) reveal(here.closest(".nav"), here);

// The current heading is the last one above the upper third of the window.
const toc = document.querySelector(".toc");
const links = new Map();
for (const link of toc?.querySelectorAll("li > a") ?? []) {
  const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (heading) links.set(heading, link);
}
let marked;
const mark = () => {
  let current;
  for (const [heading, link] of links) if (heading.getBoundingClientRect().top < innerHeight / 3) current = link;
  if (current === marked) return;
  marked?.removeAttribute("aria-current");
  current?.setAttribute("aria-current", "true");
  if (current) reveal(toc, current);
  marked = current;
};
if (links.size) {
  let waiting = false;
  const soon = () => {
    if (!waiting) requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
    waiting = true;
  };
  addEventListener("scroll", soon, { passive: true });
  mark();
}
