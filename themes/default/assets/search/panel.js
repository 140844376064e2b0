// Search, part 3 of 3: what readers see. All that comes from the index or the address is put in as text.
(async () => {
  const search = window.ssgSearch;
  const { root: ROOT } = search;
  const inPage = document.querySelector("[data-search-page]");
  const STORE = `search ${ROOT.pathname}`;

  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value != null) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };
  const style = make("link", { rel: "stylesheet", href: new URL("assets/search/search.css", ROOT) });
  const styled = new Promise((done) => (style.onload = style.onerror = done));
  document.head.append(style);
  const [words] = await Promise.all([search.load("ui"), styled]);
  const say = (name, ...values) => words[name].replace(/\{(\d)\}/g, (_, n) => values[n]);

  const input = make("input", {
    type: "search", role: "combobox", "aria-expanded": "false", "aria-controls": "__results", "aria-autocomplete": "list",
    "aria-label": words.search, placeholder: words.placeholder, autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    enterkeyhint: "go", name: "q", maxlength: 200,
  });
  const status = make("p", { role: "status", class: "search-status" });
  const list = make("div", { role: "listbox", id: "__results", "aria-label": words.results });
  const filters = make("div", { class: "search-filters", hidden: "" });
  const more = make("button", { type: "button", class: "search-more", hidden: "" }, words.more);
  const share = make("a", { class: "search-share", hidden: "" }, words.share);
  const close = make("button", { type: "button", class: "search-close", "aria-label": words.close }, "Esc");
  const form = make("form", { role: "search" }, input, ...(inPage ? [] : [close]));
  const body = make("div", { class: "search-body" }, filters, status, list, make("p", { class: "search-foot" }, more, share));
  const panel = make("div", { class: "search-panel" }, form, body);

  // -- results

  const address = (url, anchor, found) => {
    const target = new URL(url, ROOT);
    if (location.protocol === "file:" && target.pathname.endsWith("/")) target.pathname += "index.html";
    if (found && search.highlights) target.searchParams.set("h", found.join(" "));
    if (anchor) target.hash = anchor;
    return target.href;
  };

  let count = 0;
  const option = (attributes, ...children) => make("a", { role: "option", id: `__result-${count++}`, tabindex: -1, "aria-selected": "false", ...attributes }, ...children);

  const group = (one, result) => {
    const words = [...new Set(one.sections.flatMap((section) => [...section.found, ...section.named]).map(([, , word]) => word))].slice(0, 8);
    const own = one.sections.filter((section) => !section.anchor);
    const named = one.sections.filter((section) => section.anchor && section.score > 0);
    const intro = own.find((section) => section.found.length);
    const label = make("span", { class: "search-title" }, ...search.marked(one.title, search.find(one.title, result.pattern)));
    const parts = [label];
    if (one.trail.length) parts.unshift(make("small", {}, one.trail.join(" › ")));
    if (intro || !named.length) {
      const text = intro ?? own[0];
      if (text?.text) parts.push(make("span", { class: "search-excerpt" }, ...search.excerpt(text.text, text.found)));
    }
    const box = make("div", { role: "group", "aria-label": one.title }, option({ href: address(one.url, "", words), class: "search-page" }, ...parts));
    for (const section of named.slice(0, intro ? 2 : 3)) {
      box.append(
        option(
          { href: address(one.url, section.anchor, words), class: "search-section" },
          make("span", { class: "search-title" }, ...search.marked(section.heading, section.named)),
          make("span", { class: "search-excerpt" }, ...search.excerpt(section.text, section.found, 130)),
        ),
      );
    }
    return box;
  };

  let active;
  const select = (node) => {
    active?.setAttribute("aria-selected", "false");
    active = node;
    if (node) {
      node.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", node.id);
      node.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };

  const show = (...nodes) => {
    select();
    list.replaceChildren(...nodes);
    input.setAttribute("aria-expanded", String(nodes.length > 0));
    list.hidden = !nodes.length;
  };

  const recent = () => {
    try {
      return JSON.parse(localStorage[STORE] ?? "[]").filter((one) => typeof one === "string").slice(0, 5);
    } catch {
      return [];
    }
  };
  const remember = () => {
    const query = input.value.trim();
    try {
      if (query) localStorage[STORE] = JSON.stringify([query, ...recent().filter((one) => one !== query)].slice(0, 5));
    } catch {
      // Storage may be forbidden.
    }
  };
  const showRecent = () => {
    status.textContent = recent().length ? words.recent : words.hint;
    show(...recent().map((query) => option({ href: address(`search.html?q=${encodeURIComponent(query)}`), class: "search-recent", "data-query": query }, query)));
  };

  let turn = 0;
  const run = async () => {
    const query = input.value.trim();
    const mine = ++turn;
    more.hidden = share.hidden = true;
    share.href = address(`search.html?q=${encodeURIComponent(query)}`);
    if (inPage) history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
    if (!query) return showRecent();
    try {
      const result = await search.find_pages(query, [...filters.querySelectorAll("select")].map((one) => one.value));
      const pages = await result?.more(10);
      if (mine !== turn) return;
      status.replaceChildren();
      if (!result) return show();
      for (const [asked, better] of result.corrected) {
        status.append(`${say("corrected", better, asked)} `);
      }
      status.append(pages.length ? (result.all ? say("found", result.total) : words.partly) : words.nothing);
      show(...pages.map((one) => group(one, result)));
      more.hidden = !pages.length || !result.left();
      share.hidden = !pages.length || inPage;
      more.onclick = async () => {
        const next = (await result.more(10)).map((one) => group(one, result));
        list.append(...next);
        more.hidden = !next.length || !result.left();
        select(next[0]?.firstChild);
        input.focus();
      };
    } catch {
      if (mine !== turn) return;
      status.textContent = words.failed;
      show();
    }
  };

  // -- filters, where there is something to choose from

  search.load("index").then((index) => {
    search.highlights = index.highlight;
    for (const [name, prefix, names] of [["section", "@in:", index.sections], ["tag", "@tag:", index.tags]]) {
      if (!names.length) continue;
      const choice = make("select", { "aria-label": words[name] }, make("option", { value: "" }, words[`all_${name}s`]));
      for (const one of names) choice.append(make("option", { value: prefix + one.trim().split(/\s+/).join("_") }, one));
      choice.onchange = run;
      filters.append(choice);
      filters.hidden = false;
    }
  }, () => (status.textContent = words.failed));

  // -- keys

  input.addEventListener("input", run);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    (active ?? list.querySelector("[role=option]"))?.click();
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.isComposing) return;
    const options = [...list.querySelectorAll("[role=option]")];
    event.preventDefault();
    if (options.length) select(options[(options.indexOf(active) + step + options.length + (active || step > 0 ? 0 : 1)) % options.length]);
  });
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("[role=option]");
    if (chosen?.dataset.query) {
      event.preventDefault();
      input.value = chosen.dataset.query;
      input.focus();
      run();
    } else if (chosen) {
      remember();
      if (!inPage && !event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.close();
    }
  });

  // -- the dialog, or the page of results

  const dialog = make("dialog", { class: "search-dialog", "aria-label": words.search }, panel);
  search.open = () => {
    if (inPage) return input.focus();
    if (dialog.open) return;
    dialog.showModal();
    input.focus();
    input.select();
    run();
  };
  if (inPage) {
    inPage.replaceChildren(panel);
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    await run();
    input.focus();
  } else {
    document.body.append(dialog);
    close.onclick = () => dialog.close();
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    if (window.ssgSearchAsked) search.open();
  }
})();
