// A part of the page while it is served for its author, and never of a site that is built. LiveReload's own script keeps
// the connection, and asks this plugin first. What changed in the page is put into it; style sheets and pictures are
// swapped; problems are shown over it. All else is left to LiveReload, which loads the page again.
(() => {
  const OURS = "script[src^='/livereload']";
  const here = () => location.pathname + location.search;

  // -- the page -------------------------------------------------------------------------------------------------------

  // The page as the server sent it last. What scripts and the reader did to it since then is not in there.
  let known = null;

  const fetchPage = async () => {
    const response = await fetch(here(), { cache: "no-store", headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const script = page.querySelector("script[src^='/livereload.js']");
    const version = script && new URLSearchParams(script.getAttribute("src").split("?")[1]).get("snipver");
    for (const one of page.querySelectorAll(OURS)) one.remove();
    return { page, version, status: response.status };
  };

  const version = new URLSearchParams((document.querySelector("script[src^='/livereload.js']")?.src ?? "").split("?")[1]).get("snipver");
  const first = fetchPage().then((found) => {
    if (found.version === version) known = found;
  }).catch(() => {});

  const isData = (script) => /^(application|text)\/(ld\+json|json|template)/.test(script.type);
  const scripts = (page) => [...page.scripts].filter((one) => !isData(one)).map((one) => one.outerHTML).join("\n");
  const styles = (page) => [...page.head.querySelectorAll("style, link[rel~=stylesheet]")];
  const isSheet = (node) => node.nodeName === "LINK";
  const file = (link) => (link.getAttribute("href") ?? "").split("?")[0];

  // Style sheets may differ in what is behind the question mark alone.
  const canSwap = (before, after) =>
    before.length === after.length &&
    before.every((one, n) => one.nodeName === after[n].nodeName && (isSheet(one) ? file(one) === file(after[n]) : true));

  const swap = (before, after) => {
    const there = [...document.head.querySelectorAll("style, link[rel~=stylesheet]")];
    before.forEach((one, n) => {
      if (one.isEqualNode(after[n])) return;
      const old = there.find((node) => node.nodeName === one.nodeName && (isSheet(one) ? file(node) === file(one) : node.textContent === one.textContent));
      const fresh = document.importNode(after[n], true);
      if (!old) document.head.append(fresh);
      else if (!isSheet(one)) old.replaceWith(fresh);
      else {
        fresh.addEventListener("load", () => old.remove());
        fresh.addEventListener("error", () => old.remove());
        old.after(fresh);
      }
    });
  };

  // Where the first change is, and the innermost element that has all of them within it.
  let touched = null;
  let around = null;
  const touch = (parent, node = parent) => {
    touched ??= node;
    around ??= parent;
    while (!around.contains(parent)) around = around.parentElement;
  };

  const alike = (a, b) => a.nodeName === b.nodeName && (a.id ?? "") === (b.id ?? "");

  // The nodes of the page that stand for those that the server sent; scripts may have put others between them.
  const counterparts = (live, sent) => {
    const found = [];
    let at = 0;
    for (const node of sent) {
      while (at < live.length && !alike(live[at], node)) at++;
      if (at === live.length) return null;
      found.push(live[at++]);
    }
    return found;
  };

  // Which of the new nodes are old ones, in the same order: pairs of places, for nodes that are equal.
  const matches = (before, after) => {
    const pairs = [];
    let start = 0;
    while (start < before.length && start < after.length && before[start].isEqualNode(after[start])) pairs.push([start, start++]);
    let ends = [before.length, after.length];
    const tail = [];
    while (ends[0] > start && ends[1] > start && before[ends[0] - 1].isEqualNode(after[ends[1] - 1])) {
      ends = [ends[0] - 1, ends[1] - 1];
      tail.unshift([...ends]);
    }
    let from = start;
    for (let n = start; n < ends[1]; n++) {
      for (let m = from; m < ends[0]; m++) {
        const blank = after[n].nodeType === Node.TEXT_NODE && !after[n].data.trim();
        if (!blank && before[m].isEqualNode(after[n])) {
          pairs.push([m, n]);
          from = m + 1;
          break;
        }
      }
    }
    return [...pairs, ...tail, [before.length, after.length]];
  };

  // Make `live` differ from what it is now only where `after` differs from `before`.
  const update = (live, before, after) => {
    if (before.isEqualNode(after)) return;
    if (before.nodeType !== Node.ELEMENT_NODE) {
      live.data = after.data;
      touch(live.parentElement);
      return;
    }
    const lost = [...before.attributes].filter(({ name }) => !after.hasAttribute(name));
    const found = [...after.attributes].filter(({ name, value }) => before.getAttribute(name) !== value);
    for (const { name } of lost) live.removeAttribute(name);
    for (const { name, value } of found) live.setAttribute(name, value);
    if (lost.length || found.length) touch(live.parentElement, live);
    const [old, fresh] = [[...before.childNodes], [...after.childNodes]];
    const there = counterparts([...live.childNodes], old);
    if (!there) {
      live.replaceChildren(...fresh.map((node) => document.importNode(node, true)));
      touch(live);
      return;
    }
    let [m, n] = [0, 0];
    for (const [toM, toN] of matches(old, fresh)) {
      // between two nodes that stay: those of a kind are changed, the others come and go
      while (m < toM && n < toN && alike(old[m], fresh[n])) update(there[m], old[m++], fresh[n++]);
      const next = toM < old.length ? there[toM] : null;
      const gone = there.slice(m, toM);
      const place = gone[0] ?? next;
      for (const node of fresh.slice(n, toN)) {
        const added = document.importNode(node, true);
        if (place) place.before(added);
        else if (there.length) there[there.length - 1].after(added);
        else live.append(added);
        if (!place) there.push(added);
        touch(live, added.nodeType === Node.ELEMENT_NODE ? added : live);
      }
      if (gone.length) touch(live);
      for (const node of gone) node.remove();
      [m, n] = [toM + 1, toN + 1];
    }
  };

  const put = (before, after) => {
    touched = around = null;
    if (document.title !== after.title) document.title = after.title;
    swap(styles(before), styles(after));
    for (const page of [before, after]) for (const one of [...styles(page), ...page.querySelectorAll("title")]) one.remove();
    for (const one of document.head.querySelectorAll("meta, link:not([rel~=stylesheet])")) {
      const old = [...before.head.children].find((node) => node.isEqualNode(one));
      if (old && ![...after.head.children].some((node) => node.isEqualNode(old))) one.remove();
    }
    for (const one of after.head.querySelectorAll("meta, link")) {
      if (![...before.head.children].some((node) => node.isEqualNode(one))) document.head.append(document.importNode(one, true));
    }
    for (const name of ["lang", "dir"]) if (after.documentElement[name]) document.documentElement[name] = after.documentElement[name];
    update(document.body, before.body, after.body);
  };

  const render = async () => {
    await first;
    let found;
    try {
      found = await fetchPage();
    } catch {
      return true; // the server has ended: the page stays, and is put right when there is one again
    }
    if (!known || found.status !== known.status || scripts(found.page) !== scripts(known.page)) return false;
    const [before, after] = [known.page.cloneNode(true), found.page.cloneNode(true)];
    if (!canSwap(styles(before), styles(after))) return false;
    put(before, after);
    known = found;
    // Scripts that do something with what is in a page can do it with what is new.
    if (around) document.dispatchEvent(new CustomEvent("ssg:updated", { detail: { root: around } }));
    return true;
  };

  const isHeading = (node) => /^H[1-6]$/.test(node.nodeName) && node.id;
  const headingAbove = (node) => {
    const headings = [...document.querySelectorAll("main :is(h1,h2,h3,h4,h5,h6)[id], article :is(h1,h2,h3,h4,h5,h6)[id]")].filter(isHeading);
    return headings.filter((one) => one === node || one.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING).pop();
  };

  // -- problems -------------------------------------------------------------------------------------------------------

  const CSS = `
:host { all: initial; font: 14px/1.45 system-ui, sans-serif; }
* { box-sizing: border-box; }
.badge, .panel { position: fixed; z-index: 2147483647; color: #f2f2f2; background: #23252b; border: 1px solid #565b66; box-shadow: 0 4px 24px rgb(0 0 0 / .4); }
.badge { inset: auto 1rem 1rem auto; border-radius: 1rem; padding: .2rem .8rem; font: inherit; cursor: pointer; }
.badge.error { background: #a3231b; }
.panel { inset: 5vh 5vw auto; max-height: 90vh; overflow: auto; border-radius: .5rem; padding: 1rem 1.25rem; border-top: .3rem solid #e0a526; }
.panel.error { border-top-color: #e5484d; }
.head { display: flex; justify-content: space-between; gap: 1rem; font-weight: 600; }
.close { background: none; border: 1px solid #565b66; border-radius: .3rem; color: inherit; font: inherit; cursor: pointer; padding: 0 .6rem; }
ul { list-style: none; margin: .75rem 0 0; padding: 0; }
li { padding: .6rem 0; border-top: 1px solid #3c4049; overflow-wrap: anywhere; }
.label { font-weight: 600; color: #f0c35c; }
.error > .label { color: #ff8b86; }
.place { color: #9ecbff; font-family: ui-monospace, monospace; font-size: 13px; }
.code { color: #a8adb8; }
pre { margin: .35rem 0 0; padding: .4rem .6rem; background: #16171b; border-radius: .3rem; overflow: auto; font: 13px/1.35 ui-monospace, monospace; }
.hint { margin-top: .3rem; color: #d5d9e0; }
:is(.badge, .close, .place):focus-visible { outline: 2px solid #9ecbff; outline-offset: 2px; }`;

  const host = document.createElement("ssg-problems");
  const root = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(element("style", "", CSS));
  }
  const box = element("div");
  root.append(box);

  function element(name, className = "", text = "") {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  const counted = (number, noun) => (number ? [`${number} ${noun}${number === 1 ? "" : "s"}`] : []);
  let problems = [];
  let open = false;

  const item = (one) => {
    const entry = element("li", one.severity);
    entry.append(element("span", "label", `${one.severity}: `), element("span", "message", one.message), element("span", "code", ` [${one.code}]`));
    if (one.place) {
      const line = element("div");
      const place = element(one.link ? "a" : "span", "place", one.place);
      if (one.link) place.href = one.link;
      line.append(place);
      entry.append(line);
    }
    if (one.source.trim()) entry.append(element("pre", "", one.source + (one.column ? `\n${" ".repeat(one.column - 1)}^` : "")));
    if (one.hint) entry.append(element("div", "hint", one.hint));
    return entry;
  };

  const draw = () => {
    const errors = problems.filter((one) => one.severity === "error").length;
    const words = [...counted(errors, "error"), ...counted(problems.length - errors, "warning")].join(", ");
    const worst = errors ? "error" : "warning";
    box.replaceChildren();
    if (!problems.length) return host.remove();
    if (!host.isConnected) document.documentElement.append(host);
    if (!open) {
      const badge = element("button", `badge ${worst}`, words);
      badge.type = "button";
      badge.addEventListener("click", () => show(true));
      return box.append(badge);
    }
    const panel = element("div", `panel ${worst}`);
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", words);
    const head = element("div", "head");
    const close = element("button", "close", "Close");
    close.type = "button";
    close.addEventListener("click", () => show(false));
    head.append(element("span", "", errors ? `${words}: this page may not be up to date` : words), close);
    const list = element("ul");
    list.append(...problems.map(item));
    panel.append(head, list);
    return box.append(panel);
  };
  const show = (wanted) => {
    open = wanted;
    draw();
    if (open) root.querySelector(".close")?.focus({ preventScroll: true });
  };
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && open) show(false);
  });

  let told = "";
  let shown = "";
  const state = async () => {
    let found;
    try {
      found = await (await fetch(`/livereload/state.json?shown=${shown}`, { cache: "no-store" })).json();
    } catch {
      return {};
    }
    if (!found.problems) return found; // those that are shown already
    ({ problems, digest: shown } = found);
    const errors = JSON.stringify(problems.filter((one) => one.severity === "error"));
    // Errors that are new open by themselves; closed, they stay closed until there are others.
    if (errors !== told) open = errors !== "[]";
    told = errors;
    if (!problems.length) open = false;
    draw();
    return found;
  };

  // -- messages -------------------------------------------------------------------------------------------------------

  const swapPictures = (path) => {
    const stamp = `livereload=${Date.now()}`;
    for (const image of document.querySelectorAll("img[src], source[srcset]")) {
      const name = image.hasAttribute("src") ? "src" : "srcset";
      const url = new URL(image.getAttribute(name).split(" ")[0], location.href);
      if (url.pathname === path) image.setAttribute(name, `${url.pathname}?${stamp}`);
    }
  };

  const hear = async (path) => {
    const [address] = path.split("#");
    const mine = address === "*" || address === location.pathname || `${location.pathname}index.html` === address;
    if (mine && !(await render())) return location.reload();
    const { follow, edited } = await state();
    if (address.endsWith("/livereload/problems")) return;
    if (!follow || !edited) return;
    const [page, heading] = edited.split("#");
    if (page !== location.pathname) location.href = edited;
    else if (touched) (headingAbove(touched) ?? document.getElementById(heading ?? ""))?.scrollIntoView();
  };

  // One message after the other: each compares with what the one before has left.
  let queue = Promise.resolve();

  window.LiveReloadPluginSsg = class {
    static identifier = "ssg";
    static version = "1.0";

    reload(path) {
      if (/\.css$/i.test(path)) return false;
      if (/\.(png|jpe?g|gif|svg|webp|avif)$/i.test(path)) {
        swapPictures(new URL(path, location.href).pathname);
        return true;
      }
      if (path !== "*" && !/(\/|\.html?|\/livereload\/problems)(#.*)?$/i.test(path)) return false;
      queue = queue.then(() => hear(path)).catch(() => location.reload());
      return true;
    }
  };

  document.addEventListener("LiveReloadConnect", () => state());
})();
