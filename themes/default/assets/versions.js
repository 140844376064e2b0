// The versions of a site, from the `versions.json` that mike writes above each of them: a menu, and a word on old ones.
{
  const { all, page } = ssg;
  const base = new URL("../..", ssg.assets);
  const list = fetch(new URL("versions.json", base)).then((response) => (response.ok ? response.json() : []));
  const here = new URL("..", ssg.assets).pathname.split("/").at(-2);

  page(async () => {
    const slot = document.querySelector(".versions");
    const versions = await list.catch(() => []);
    const current = versions.find(({ version, aliases }) => version === here || aliases.includes(here));
    if (!slot || !current || slot.childElementCount) return;
    const menu = document.createElement("details");
    const summary = document.createElement("summary");
    const items = document.createElement("ul");
    menu.className = "menu";
    summary.textContent = current.title;
    summary.ariaLabel = `${slot.dataset.label}: ${current.title}`;
    for (const { version, title, properties } of versions) {
      if (properties?.hidden) continue;
      const link = Object.assign(document.createElement("a"), { href: new URL(`${version}/`, base), textContent: title });
      if (version === current.version) link.ariaCurrent = "true";
      link.onclick = async (event) => {
        // the same page, where that version has it
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        event.stopPropagation();
        const way = location.pathname.slice(new URL(`${here}/`, base).pathname.length);
        const same = new URL(way, link.href);
        const there = await fetch(same, { method: "HEAD" }).catch(() => ({}));
        location.assign(there.ok ? same : link.href);
      };
      const item = document.createElement("li");
      item.append(link);
      items.append(item);
    }
    menu.append(summary, items);
    slot.append(menu);
    const wanted = (slot.dataset.default || "latest").split(" ");
    const named = ({ version, aliases }) => wanted.some((one) => one === version || aliases.includes(one));
    const best = versions.find(named) ?? versions.find(({ version }) => /^v?\d/.test(version));
    const old = document.querySelector(".outdated");
    // the newest comes first; what is not released yet is before all others, and not old
    if (old && best && versions.indexOf(current) > versions.indexOf(best)) {
      old.hidden = false;
      for (const link of all("a", old)) link.href = new URL(`${best.version}/`, base);
    }
  });
}
