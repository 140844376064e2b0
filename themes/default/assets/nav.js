// A section of navigation that this page does not carry, opened in place: the section's own page has it.
{
  const { words } = ssg;
  const text = (element) => element.textContent.trim();

  ssg.expand = async (link, button) => {
    const item = link.parentElement;
    const open = button.ariaExpanded !== "true";
    if (open && !item.querySelector("ul")) {
      try {
        const response = await fetch(link.href);
        const there = new DOMParser().parseFromString(await response.text(), "text/html");
        const found = ssg.all(".nav .open", there).find((one) => text(one.firstElementChild) === text(link));
        const list = found?.querySelector(":scope > ul");
        if (!response.ok || !list) throw new Error(response.status);
        for (const one of ssg.all("a", list)) {
          one.href = new URL(one.getAttribute("href"), response.url);
          one.removeAttribute("aria-current");
        }
        // what is open there is shut here, since nothing of it is the page that is shown
        for (const one of ssg.all(".open", list)) one.className = "closed";
        for (const one of ssg.all(".closed > ul", list)) one.remove();
        const own = found.firstElementChild;
        if (own.matches("a")) {
          const first = document.createElement("li");
          const copy = Object.assign(document.createElement("a"), { href: link.href, textContent: text(link) });
          first.append(copy);
          list.prepend(first);
        }
        item.append(document.adoptNode(list));
        ssg.toggles(list);
      } catch {
        location.assign(link.href);
        return;
      }
    }
    button.ariaExpanded = String(open);
    button.ariaLabel = `${words.expand}: ${text(link)}`;
  };
}
