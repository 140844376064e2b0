// Search: the results of one section, tag or version. Loaded where there are any.
ssgSearch("filters", ({ index, words, make, filters, run, query }) => {
  const { root } = window.ssgSearch;
  const choose = (label, options, onchange) => {
    const choice = make("select", { "aria-label": label }, ...options.map(([value, text]) => make("option", { value }, text)));
    choice.onchange = onchange;
    filters.append(choice);
    return choice;
  };
  const choices = { section: ["@in:", index.sections], tag: ["@tag:", index.tags] };
  const narrowing = Object.entries(choices).filter(([, [, names]]) => names.length).map(([name, [prefix, names]]) =>
    choose(words[name], [["", words[`all_${name}s`]], ...names.map((one) => [prefix + one.trim().replace(/\s+/g, "_"), one])], run));

  // Each version of a site has an index of its own: another one is asked on its own page of results.
  const versions = async (slot) => {
    const here = root.pathname.split("/").at(-2);
    const all = await (await fetch(new URL("../versions.json", root))).json();
    const current = all.find(({ version, aliases }) => version === here || aliases.includes(here));
    if (!current || all.length < 2) return;
    const shown = all.filter((one) => one === current || !one.properties?.hidden);
    choose(slot.dataset.label, shown.map(({ version, title }) => [version, title]), async ({ target }) => {
      const there = new URL(`../${target.value}/search.html?q=${encodeURIComponent(query())}`, root);
      const { ok } = await fetch(there, { method: "HEAD" });
      location.assign(ok ? there : new URL(".", there));
    }).value = current.version;
  };
  const slot = document.querySelector(".versions");
  if (slot && location.protocol.startsWith("http")) versions(slot).catch(() => {});
  return narrowing;
});
