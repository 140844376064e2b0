// Titles of abbreviations and links as tooltips that the keyboard and a finger can reach.
{
  const { all, on, page, style } = ssg;
  let tip;

  const hide = () => {
    tip?.remove();
    tip = undefined;
  };
  const show = (owner) => {
    hide();
    tip = document.createElement("div");
    tip.className = "tooltip";
    tip.id = "__tooltip";
    tip.role = "tooltip";
    tip.textContent = owner.dataset.tip;
    document.getElementById("__content").append(tip);
    owner.setAttribute("aria-describedby", tip.id);
    const box = owner.getBoundingClientRect();
    tip.style.top = `${scrollY + box.bottom + 6}px`;
    tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 16))}px`;
  };

  style("extras.css");
  page(() => {
    hide();
    for (const one of all(".content :is(abbr, a, button, span)[title]:not(.headerlink)")) {
      one.dataset.tip = one.title;
      one.removeAttribute("title");
      if (!one.matches("a, button")) one.tabIndex = 0;
    }
  });
  on(document, "pointerover focusin", ({ target }) => {
    const owner = target.closest?.("[data-tip]");
    if (owner) show(owner);
    else hide();
  });
  on(document, "focusout", hide);
  on(document, "keydown", ({ key }) => { if (key === "Escape") hide(); });
}
