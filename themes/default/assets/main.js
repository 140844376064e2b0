/*
The site works without this file. It adds what needs a script: the switch for the colour scheme, buttons that copy code,
tabs that follow one another, the mark at the current heading, and what `theme.features` asks for. What few pages need
is in a file of its own, loaded when its elements are on the page.

It is a classic script, since browsers do not load modules from file://. `ssg.page(f)` calls `f(document)` now and after
each page that instant navigation shows, and `f(element)` when something within this element has changed, which the
development server tells by the event `ssg:updated`. `document$.subscribe(f)` is Material's name for that. So what is set
up may be set up already.
*/
{
  const words = document.currentScript.dataset;
  const assets = new URL(".", document.currentScript.src); // now: instant navigation changes what it is relative to
  const features = new Set(words.features.split(" "));
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const on = (target, names, handle, options) => names.split(" ").forEach((name) => target.addEventListener(name, handle, options));

  // What the part of an address after # names; anything may stand there.
  const named = (hash) => { try { return document.getElementById(decodeURIComponent(hash.slice(1))); } catch { return null; } };

  const store = {
    // Storage may be forbidden; choices then hold for one page.
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* see above */ } },
  };

  const setups = [];
  // A function that fails does not take the others with it.
  const attempt = (setup, within) => { try { setup(within); } catch (error) { reportError(error); } };
  const page = (setup) => { setups.push(setup); attempt(setup, document); };
  const setUp = (within) => { for (const setup of setups) attempt(setup, within); };
  on(document, "ssg:updated", ({ detail }) => setUp(detail?.root?.parentElement ?? document.body));
  const loaded = {};
  const load = (name) => (loaded[name] ??= new Promise((resolve, reject) => {
    const element = document.createElement("script");
    Object.assign(element, { src: new URL(name, assets), onload: resolve, onerror: reject });
    document.head.append(element);
  }));
  const style = (name) => (loaded[name] ??= new Promise((resolve) => {
    const element = document.createElement("link");
    Object.assign(element, { rel: "stylesheet", href: new URL(name, assets), onload: resolve, onerror: resolve });
    document.head.append(element);
  }));
  window.ssg = { all, assets, features, load, named, on, page, setUp, setups, store, style, words };
  window.document$ = { subscribe: (next) => page((within) => (next.next ?? next)(within)) };

  // Colour scheme: as the system, light, dark. The head sets it before the first paint.
  const system = matchMedia("(prefers-color-scheme: dark)");
  const schemes = ["system", "light", "dark"];
  page(() => {
    const button = document.querySelector(".scheme");
    if (!button) return;
    const show = (now) => {
      button.dataset.now = now;
      button.ariaLabel = button.title = button.dataset[now];
      root.dataset.mdColorScheme = (now === "system" ? system.matches : now === "dark") ? "slate" : "default";
    };
    button.onclick = () => {
      const now = schemes[(schemes.indexOf(button.dataset.now) + 1) % 3];
      if (now === "system") delete root.dataset.theme;
      else root.dataset.theme = now;
      store.set("theme", now);
      show(now);
    };
    system.onchange = () => show(button.dataset.now);
    show(root.dataset.theme ?? "system");
  });

  // Copy: of a terminal session what was typed, without prompts and output. Not offered where browsers forbid it.
  page(() => {
    if (!navigator.clipboard) return;
    for (const pre of all(":is(.highlight, .codehilite) pre:has(> code)")) {
      const box = pre.closest(".highlight, .codehilite");
      if (box.closest(".no-copy") || box.querySelector(".copy")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.ariaLabel = words.copy;
      button.onclick = async () => {
        const code = pre.cloneNode(true);
        const session = code.querySelector(".gp");
        for (const node of all(".gp, .go, .linenos, .md-annotation", code)) node.remove();
        const text = code.textContent.trimEnd();
        await navigator.clipboard.writeText(session ? text.replace(/\n{2,}/g, "\n").trimStart() : text);
        button.classList.add("copied");
        button.ariaLabel = words.copied;
        setTimeout(() => {
          button.classList.remove("copied");
          button.ariaLabel = words.copy;
        }, 2000);
      };
      box.append(button);
    }
  });

  // What scrolls sideways can be reached with the keyboard; a table keeps its meaning in an element of its own.
  page(() => {
    for (const box of all("main :is(pre, table:not(.highlighttable), .arithmatex)")) {
      if (box.scrollWidth <= box.clientWidth || box.closest(".scroller")) continue;
      let region = box;
      if (box.matches("table")) {
        region = document.createElement("div");
        region.className = "scroller";
        region.role = "region";
        region.ariaLabel = box.caption?.textContent || `${words.table} ${all(".scroller").length + 1}`;
        box.replaceWith(region);
        region.append(box);
      }
      region.tabIndex = 0;
    }
  });

  page(() => {
    for (const link of all(".headerlink")) {
      const heading = link.parentElement;
      heading.ariaLabel = [...heading.childNodes].map((one) => (one === link ? "" : one.textContent)).join("").trim();
      link.ariaLabel = `${link.title}: ${heading.ariaLabel}`;
      link.removeAttribute("aria-hidden");
      link.removeAttribute("tabindex");
    }
    for (const box of all(".task-list-item [type=checkbox]")) box.ariaLabel = box.closest("li").textContent.trim().split("\n")[0];
  });

  // Tabs: with `content.tabs.link` all sets on the page, and those of later pages, show the tab of the same name.
  page((within) => {
    const linked = features.has("content.tabs.link");
    const label = (input) => input.labels[0]?.textContent.trim();
    const chosen = (store.get("tabs") ?? "").split("\n");
    for (const input of all(".tabbed-set > input")) {
      input.onchange = () => {
        const name = label(input);
        if (!linked) return;
        const top = input.labels[0].getBoundingClientRect().top;
        for (const other of all(".tabbed-set > input")) if (label(other) === name) other.checked = true;
        scrollBy({ top: input.labels[0].getBoundingClientRect().top - top, behavior: "instant" });
        store.set("tabs", [name, ...chosen.filter((one) => one !== name)].slice(0, 9).join("\n"));
      };
      const best = all(":scope > :checked", input.parentElement).map((one) => chosen.indexOf(label(one))).find((rank) => rank >= 0);
      if (linked && chosen.includes(label(input)) && !(best < chosen.indexOf(label(input)))) input.checked = true;
    }
    if (within === document) reach();
  });

  // A link into a closed tab or details opens it.
  function reach() {
    const target = named(location.hash);
    if (!target) return;
    let hidden = false;
    for (let one = target; one; one = one.parentElement) {
      if (one.matches("details:not([open])")) hidden = one.open = true;
      if (one.matches(".tabbed-block")) {
        const input = one.closest(".tabbed-set").children[[...one.parentElement.children].indexOf(one)];
        if (!input.checked) hidden = input.checked = true;
      }
    }
    if (target.matches(".tabbed-set > input")) hidden = target.checked = true;
    if (hidden) (target.offsetParent ? target : target.parentElement).scrollIntoView();
  }
  on(window, "hashchange", reach);

  // An open list closes once it has served.
  const close = (done) => { for (const fold of all(":is(.fold, .menu)[open]")) if (done(fold)) fold.open = false; };
  on(document, "click", ({ target }) => {
    close((fold) => !(fold.matches(".menu") ? fold : fold.parentElement).contains(target) || target.closest("li > a"));
  });
  on(document, "keydown", ({ key }) => {
    if (key === "Escape") close((fold) => fold.firstElementChild.focus() ?? true);
  });

  // A list that scrolls shows its current entry.
  const reveal = (link) => {
    let list = link.parentElement;
    while (list && !/auto|scroll/.test(getComputedStyle(list).overflowY)) list = list.parentElement;
    if (!list?.closest(".nav, .toc")) return;
    const [outer, inner] = [list.getBoundingClientRect(), link.getBoundingClientRect()];
    if (inner.top < outer.top + 32 || inner.bottom > outer.bottom - 32) list.scrollTop += inner.top - outer.top - outer.height / 2;
  };
  page((within) => {
    toggles(document);
    if (within !== document) return;
    const here = document.querySelector(".nav [aria-current='page']");
    if (here) reveal(here);
    document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  on(document, "toggle", ({ target }) => {
    const link = target.matches(".fold") && target.open && target.parentElement.querySelector("a[aria-current]");
    if (link) reveal(link);
  }, true);

  // Sections that the page does not carry open in place.
  function toggles(within) {
    for (const link of location.protocol.startsWith("http") ? all(".nav .closed > a, :scope > .closed > a", within) : []) {
      if (link.nextElementSibling) continue;
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "expand", ariaExpanded: "false", ariaLabel: `${words.expand}: ${link.textContent}` });
      button.onclick = () => load("nav.js").then(() => ssg.expand(link, button));
      link.after(button);
    }
  }
  ssg.toggles = toggles;

  // The current heading is the last one above the upper third of the window.
  let spy = () => {};
  page(() => {
    const toc = document.querySelector(".toc");
    const links = new Map();
    for (const link of all(".toc li > a")) {
      const heading = named(link.hash);
      if (heading) links.set(heading, link);
    }
    let marked = toc?.querySelector("[aria-current]");
    let first = true;
    spy = () => {
      let current;
      for (const [heading, link] of links) if (heading.getBoundingClientRect().top < innerHeight / 3) current = link;
      if (current === marked) return;
      marked?.removeAttribute("aria-current");
      current?.setAttribute("aria-current", "true");
      if (current) reveal(current);
      if (features.has("navigation.tracking") && !first) {
        history.replaceState(history.state, "", current?.hash || location.pathname + location.search);
      }
      marked = current;
    };
    spy();
    first = false;
  });

  // One look at the scroll position a frame: the current heading, back to top, and a header that gets out of the way.
  let waiting = false;
  let before = 0;
  on(window, "scroll", () => {
    if (!waiting) requestAnimationFrame(() => {
      waiting = false;
      const up = scrollY < before;
      document.querySelector(".to-top")?.classList.toggle("shown", up && scrollY > innerHeight);
      document.querySelector(".autohide")?.classList.toggle("away", !up && scrollY > 200);
      before = scrollY;
      spy();
    });
    waiting = true;
  }, { passive: true });

  on(document, "click", (event) => {
    const dismiss = event.target.closest(".dismiss");
    if (dismiss) {
      dismiss.parentElement.hidden = true;
      store.set("announcement", dismiss.parentElement.textContent.trim());
    } else if (event.target.closest(".to-top")) {
      event.preventDefault();
      scrollTo({ top: 0 });
      document.querySelector(".skip").focus({ preventScroll: true });
    }
  });

  // What few pages need.
  const optional = [
    ["content.lightbox", "lightbox.js", "main img"],
    ["content.code.select", "select.js", ".highlight"],
    ["", "feedback.js", ".feedback"],
    ["", "consent.js", ".consent"],
    ["", "versions.js", ".versions"],
    ["", "copy.js", ".copy-page"],
  ];
  // Not before the reader does something: a first visit needs nothing of these.
  const later = { "navigation.instant": "instant.js", "navigation.instant.preview": "preview.js", "content.tooltips": "tooltips.js" };
  on(window, "pointermove keydown touchstart", () => {
    for (const feature in later) if (features.has(feature)) load(later[feature]).catch(() => {});
  }, { once: true, passive: true });
  page(() => {
    for (const [feature, name, selector] of optional) {
      if ((!feature || features.has(feature)) && document.querySelector(selector)) load(name).catch(() => {});
    }
  });
}
