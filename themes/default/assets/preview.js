// A look at where a link within the site leads, when it is pointed at or reached with the keyboard.
{
  const { all, on, style } = ssg;
  const site = new URL("..", ssg.assets);
  const pages = new Map();
  let card;
  let timer;

  const hide = () => {
    clearTimeout(timer);
    card?.remove();
    card = undefined;
  };

  const get = (url) => {
    const key = url.origin + url.pathname;
    if (!pages.has(key)) {
      pages.set(key, fetch(key).then(async (response) => {
        if (!response.ok) throw new Error(key);
        const there = new DOMParser().parseFromString(await response.text(), "text/html");
        for (const one of all("[src]", there)) one.src = new URL(one.getAttribute("src"), response.url);
        return there;
      }));
    }
    return pages.get(key);
  };

  const part = (there, hash) => {
    const heading = (hash && there.getElementById(decodeURIComponent(hash.slice(1)))) || there.querySelector("main h1");
    const found = document.createElement("div");
    for (let one = heading; one && found.childElementCount < 4; one = one.nextElementSibling) {
      if (one !== heading && one.matches("h1, h2, h3, h4")) break;
      found.append(document.importNode(one, true));
    }
    for (const one of all("script, style, .copy, input", found)) one.remove();
    for (const one of all("[id]", found)) one.removeAttribute("id");
    return found;
  };

  const show = async (link) => {
    const url = new URL(link.href);
    if (!url.href.startsWith(site.href) || !/(\/|\.html)$/.test(url.pathname) || link.matches(".headerlink, .md-button")) return;
    if (link.getAttribute("href").startsWith("#")) return;
    const there = await get(url).catch(() => {});
    if (!there || !link.matches(":hover, :focus-visible")) return;
    await style("extras.css");
    hide();
    card = part(there, url.hash);
    card.className = "preview content";
    card.inert = true; // the link itself is what can be followed
    document.body.append(card);
    const box = link.getBoundingClientRect();
    const size = card.getBoundingClientRect();
    const above = box.bottom + size.height + 8 > innerHeight && box.top > size.height + 8;
    card.style.top = `${scrollY + (above ? box.top - size.height - 8 : box.bottom + 8)}px`;
    card.style.left = `${Math.max(8, Math.min(box.left, innerWidth - size.width - 16))}px`;
  };

  on(document, "pointerover focusin", ({ target }) => {
    const link = target.closest?.("main .content a[href]");
    hide();
    if (link) timer = setTimeout(show, 300, link);
  });
  on(document, "focusout click", hide);
  on(document, "keydown", ({ key }) => { if (key === "Escape") hide(); });
  ssg.page(hide);
}
