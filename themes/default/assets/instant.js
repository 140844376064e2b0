// Instant navigation: a link within the site fetches the page and puts it in place of this one. Without it, or where
// anything is not as expected, links are links.
if (location.protocol.startsWith("http") && !window.ssg.instant) {
  const { all, features, named, on, setUp } = ssg;
  const site = new URL("..", ssg.assets);
  const pages = new Map();
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let served = [...document.body.children].filter((one) => !one.matches("script"));
  // what is loaded, by addresses as they are now: later on, relative ones would mean something else
  const known = new Set(all("script[src], link[rel=stylesheet]").map((one) => one.src || one.href));
  let latest = 0;
  const unhashed = (url) => url.replace(/\.[0-9a-f]{8}(\.\w+)$/, "$1");
  const bare = new Set([...known].map(unhashed));
  ssg.instant = true;
  const icon = document.head.querySelector("link[rel=icon]");
  if (icon) icon.setAttribute("href", icon.href);
  history.scrollRestoration = "manual";

  const status = document.createElement("p");
  status.role = "status";
  Object.assign(status.style, { position: "absolute", margin: "-1px", inlineSize: "1px", blockSize: "1px", overflow: "hidden", clipPath: "inset(50%)" });
  document.body.append(status);

  const keep = () => history.replaceState({ ...history.state, scroll: scrollY }, "");
  // Words to be marked, which the search puts into addresses, are no part of them.
  const plain = (url) => url.origin + url.pathname + url.search.replace(/[?&]h=[^&]*/, "");
  const get = (url) => {
    const key = plain(url);
    if (!pages.has(key)) {
      const answer = fetch(key).then(async (response) => {
        const kind = response.headers.get("content-type") ?? "";
        if (!response.ok || !kind.startsWith("text/html")) throw new Error(key);
        return { text: await response.text(), url: response.url };
      });
      answer.catch(() => pages.delete(key));
      pages.set(key, answer);
      if (pages.size > 50) pages.delete(pages.keys().next().value);
    }
    return pages.get(key);
  };

  // The link of an event, if it leads to another page of the site in this window.
  const target = (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || link.target || link.download || link.rel.includes("external") || link.closest("[data-no-instant]")) return;
    const url = new URL(link.href);
    if (!plain(url).startsWith(site.href) || !/(\/|\.html)$/.test(url.pathname) || plain(url) === plain(location)) return;
    return url;
  };

  const run = (script) => {
    const copy = document.createElement("script");
    for (const { name, value } of script.attributes) copy.setAttribute(name, value);
    copy.textContent = script.textContent;
    return copy;
  };

  const put = (there) => {
    const scrolled = document.querySelector(".nav")?.scrollTop;
    document.title = there.title;
    for (const name of ["lang", "dir"]) document.documentElement.setAttribute(name, there.documentElement.getAttribute(name));
    for (const selector of ["meta[name=description]", "link[rel=canonical]"]) {
      const [old, now] = [document.head.querySelector(selector), there.head.querySelector(selector)];
      if (old && now) old.replaceWith(now);
      else if (now) document.head.append(now);
      else old?.remove();
    }
    for (const one of all("script[src], link[rel=stylesheet]", there)) {
      const url = one.src || one.href;
      if (known.has(url)) continue;
      known.add(url);
      bare.add(unhashed(url));
      document.head.append(one.matches("script") ? run(one) : document.adoptNode(one));
    }
    const children = [...there.body.children].filter((one) => !one.matches("script"));
    document.querySelector(".skip").before(...children);
    for (const one of served) one.remove();
    served = children;
    for (const one of all("main script:not([src])")) one.replaceWith(run(one));
    const dismissed = document.querySelector(".announce:has(.dismiss)");
    if (dismissed) dismissed.hidden = ssg.store.get("announcement") === dismissed.textContent.trim();
    const nav = document.querySelector(".nav");
    if (nav) nav.scrollTop = scrolled;
    setUp(document);
  };

  const busy = () => {
    if (!features.has("navigation.instant.progress")) return { remove() {} };
    const bar = document.createElement("div");
    Object.assign(bar.style, { position: "fixed", insetBlockStart: 0, insetInlineStart: 0, zIndex: 10, blockSize: "2px", background: "var(--accent)" });
    const [from, duration] = calm.matches ? ["90%", 0] : [0, 6000]; // where nothing may move, it is merely there
    bar.animate([{ inlineSize: from }, { inlineSize: "90%" }], { delay: 250, duration, easing: "cubic-bezier(0, 0.8, 0.3, 1)", fill: "forwards" });
    document.body.append(bar);
    return bar;
  };

  const go = async (url, { push, scroll }) => {
    const number = ++latest;
    const bar = busy();
    try {
      const { text, url: final } = await get(url);
      if (number !== latest) return;
      const there = new DOMParser().parseFromString(text, "text/html");
      if (!there.getElementById("__content")) throw new Error(url);
      const address = Object.assign(new URL(final), { search: url.search, hash: url.hash });
      if (push) {
        keep();
        history.pushState({}, "", address);
      }
      // addresses are relative to the page that they are from
      const base = there.createElement("base");
      base.href = final;
      there.head.prepend(base);
      for (const name of ["href", "src"]) for (const one of all(`[${name}]`, there)) {
        if (!one.getAttribute(name).startsWith("#")) one.setAttribute(name, one[name]);
      }
      base.remove();
      // a newer theme, with other hashes in the names of its files, does not mix with what runs here
      const files = all("script[src], link[rel=stylesheet]", there).map((one) => one.src || one.href);
      if (files.some((one) => !known.has(one) && bare.has(unhashed(one)))) throw new Error(url);
      const show = () => {
        put(there);
        const main = document.getElementById("__content");
        main.focus({ preventScroll: true });
        const heading = named(url.hash);
        if (heading && scroll === undefined) heading.scrollIntoView({ behavior: "instant" });
        else scrollTo({ top: scroll ?? 0, behavior: "instant" });
        status.textContent = document.title;
      };
      if (document.startViewTransition && !calm.matches) document.startViewTransition(show).ready.catch(() => {}); // one that the next page cuts short
      else show();
    } catch {
      if (number !== latest) return;
      location.assign(url);
      if (plain(url) === plain(location)) location.reload();
    } finally {
      bar.remove();
    }
  };

  on(document, "click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = target(event);
    if (!url) return;
    event.preventDefault();
    go(url, { push: true });
  });
  let shown = plain(location);
  on(window, "popstate", ({ state }) => {
    if (plain(location) !== shown || !location.hash) go(new URL(location), { push: false, scroll: state?.scroll });
    else if (state?.scroll !== undefined) scrollTo({ top: state.scroll, behavior: "instant" });
  });
  ssg.page(() => { shown = plain(location); });

  let still;
  on(window, "scroll", () => {
    clearTimeout(still);
    still = setTimeout(keep, 100);
  }, { passive: true });

  // Fetched when a link is pointed at, so that it is there when it is clicked.
  if (features.has("navigation.instant.prefetch") && !navigator.connection?.saveData) {
    let timer;
    on(document, "pointerover focusin touchstart", (event) => {
      clearTimeout(timer);
      const url = target(event);
      if (url) timer = setTimeout(() => get(url).catch(() => {}), event.type === "touchstart" ? 0 : 60);
    }, { passive: true });
  }
}
