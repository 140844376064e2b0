// Search, 3 of 3: what readers see. All that comes from the index or the address is put in as text.
(async () => {
  const search = window.ssgSearch;
  if (search.panel) return;
  search.panel = true;
  let inPage;
  const to = (path) => new URL(path, search.root);
  const STORE = `search ${to("").pathname}`;

  const make = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const name in attributes) node.setAttribute(name, attributes[name]);
    node.append(...children);
    return node;
  };
  const style = make("link", { rel: "stylesheet", href: to("assets/search/search.css") });
  document.head.append(style);
  const [words] = await Promise.all([search.load("ui"), new Promise((done) => (style.onload = style.onerror = done))]);
  const say = (name, ...values) => words[name].replace(/\{(\d)\}/g, (_, n) => values[n]);

  const input = make("input", {
    type: "search", role: "combobox", "aria-expanded": false, "aria-controls": "__results", "aria-autocomplete": "list",
    "aria-label": words.search, placeholder: words.placeholder, autocomplete: "off", autocapitalize: "off", spellcheck: false,
    enterkeyhint: "go", maxlength: 200,
  });
  const status = make("p", { role: "status", class: "search-status" });
  const list = make("div", { role: "listbox", id: "__results", "aria-label": words.results });
  const filters = make("div", { class: "search-filters" });
  const more = make("button", { type: "button" }, words.more);
  const share = make("a", { class: "search-share", "data-no-instant": "" }, words.share);
  const close = make("button", { type: "button", "aria-label": words.close }, "Esc");
  const form = make("form", { role: "search" }, input, close);
  const body = make("div", { class: "search-body" }, filters, status, list, make("p", { class: "search-foot" }, more, share));
  const dialog = make("dialog", { class: "search-dialog", "aria-label": words.search });
  const panel = make("div", { class: "search-panel" }, form, body);

  const address = (path, anchor = "", marks = "") => {
    const target = to(path);
    if (location.protocol === "file:") target.pathname = target.pathname.replace(/\/$/, "/index.html");
    if (marks) target.searchParams.set("h", marks);
    target.hash = anchor;
    return target;
  };
  const shared = (query) => address(`search.html?q=${encodeURIComponent(query)}`);

  const excerpt = (text, found, length) => {
    let [most, best] = [0, 0];
    found.slice(0, 99).forEach(([start], n) => {
      const words = new Set(found.slice(n, n + 20).filter((one) => one[1] < start + length).map((one) => one[2]));
      if (words.size > most) [most, best] = [words.size, start];
    });
    let start = best > 60 ? best - 50 : 0;
    const space = text.indexOf(" ", start);
    if (start && space >= 0 && space < best) start = space + 1;
    let end = text.indexOf(" ", start + length);
    if (end < 0 || end > start + length + 20) end = Math.min(text.length, start + length);
    return [start ? "… " : "", ...search.marked(text, found, start, end), end < text.length ? " …" : ""];
  };

  let count = 0;
  const option = (attributes, ...children) => make("a", { role: "option", id: `__result${count++}`, tabindex: -1, ...attributes }, ...children);
  const span = (kind, nodes) => make("span", { class: `search-${kind}` }, ...nodes);

  const group = ({ url, title, trail, sections }, { pattern, highlight }) => {
    const titled = (text) => span("title", search.marked(text, search.find(text, pattern)));
    const cited = ({ text, found }, length) => span("excerpt", excerpt(text, found, length));
    const marks = highlight ? [...new Set(sections.flatMap(({ found }) => found.map((one) => one[2])))].slice(0, 8).join(" ") : "";
    const named = sections.filter((one) => one.anchor && one.score > 0);
    const start = sections.find((one) => !one.anchor && (one.found.length || !named.length));
    const page = option({ class: "search-page", href: address(url, "", marks) }, make("small", {}, trail.join(" › ")), titled(title));
    if (start) page.append(cited(start, 170));
    const rest = named.slice(0, 2).map((one) => option({ class: "search-section", href: address(url, one.anchor, marks) }, titled(one.heading), cited(one, 130)));
    return make("div", { role: "group", "aria-label": title }, page, ...rest);
  };

  let active;
  const select = (node) => {
    active?.removeAttribute("aria-selected");
    active = node;
    active?.setAttribute("aria-selected", true);
    input.setAttribute("aria-activedescendant", active?.id ?? "");
    active?.scrollIntoView({ block: "nearest" });
  };
  const options = () => [...list.querySelectorAll("a")];
  const show = (nodes) => {
    select();
    list.replaceChildren(...nodes);
    list.hidden = !nodes.length;
    input.setAttribute("aria-expanded", !list.hidden);
  };

  const recent = () => {
    try {
      return JSON.parse(localStorage[STORE]).map(String).slice(0, 5);
    } catch {
      return [];
    }
  };
  const remember = (query) => {
    try {
      if (query) localStorage[STORE] = JSON.stringify([...new Set([query, ...recent()])].slice(0, 5));
    } catch {}
  };

  const narrowing = [];
  let turn = 0;
  const run = async () => {
    const query = input.value.trim();
    const mine = ++turn;
    more.hidden = share.hidden = true;
    if (inPage) history.replaceState(history.state, "", shared(query));
    if (!query) {
      const before = recent();
      status.textContent = before.length ? words.recent : words.hint;
      return show(before.map((one) => option({ href: shared(one), "data-query": one }, one)));
    }
    try {
      const result = await search.pages(query, narrowing.map((one) => one.value));
      const next = async (count) => ((await result?.more(count)) ?? []).map((one) => group(one, result));
      const first = await next(search.first);
      if (mine !== turn) return;
      const told = result ? result.corrected.map((one) => say("corrected", ...one)) : [words.hint];
      if (result) told.push(!first.length ? words.nothing : result.whole ? say("found", result.total) : words.partly);
      status.textContent = told.join(" ");
      show(first);
      if (result?.highlight) search.load("marks");
      share.href = shared(query);
      share.hidden = inPage || !first.length;
      const others = await next(10 - search.first);
      if (mine !== turn) return;
      list.append(...others);
      more.hidden = !result?.left();
      more.onclick = async () => {
        const some = await next(10);
        list.append(...some);
        more.hidden = !result.left();
        input.focus();
        select(some[0]?.firstChild);
      };
    } catch {
      if (mine !== turn) return;
      status.textContent = words.failed;
      show([]);
    }
  };

  input.oninput = run;
  form.onsubmit = (event) => {
    event.preventDefault();
    (active ?? options()[0])?.click();
  };
  input.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = options();
    if (!step || event.isComposing || !all.length) return;
    event.preventDefault();
    select(all.at((all.indexOf(active) + (active || step > 0 ? step : 0)) % all.length));
  };
  list.onclick = (event) => {
    const chosen = event.target.closest("a");
    if (!chosen) return;
    if (chosen.dataset.query) {
      event.preventDefault();
      input.value = chosen.dataset.query;
      input.focus();
      run();
    } else {
      remember(input.value.trim());
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.close();
    }
  };
  close.onclick = () => dialog.close();
  dialog.onclick = (event) => {
    if (event.target === dialog) dialog.close();
  };

  search.open = () => {
    if (!inPage && !dialog.open) {
      document.body.append(dialog);
      dialog.showModal();
      input.select();
      run();
    }
    input.focus();
  };
  search.onPage(() => {
    inPage = document.querySelector("[data-search-page]");
    (inPage ?? dialog).replaceChildren(panel);
    close.hidden = Boolean(inPage);
    if (!inPage) return;
    dialog.close();
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    input.focus();
    run();
  });
  if (window.ssgSearchAsked) search.open();

  try {
    const index = await search.load("index");
    if (index.sections.length || index.tags.length || document.querySelector(".versions")) {
      narrowing.push(...(await search.load("filters"))({ index, words, make, filters, run, query: () => input.value.trim() }));
    }
  } catch {}
})();
