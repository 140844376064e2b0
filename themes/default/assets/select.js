// Lines of code that an address names: a click on a number picks a line, with Shift all lines up to it.
{
  const { all, on, page, style } = ssg;
  const form = /^#__codelineno-(\w+)-(\d+)(?::(\d+))?$/;

  const show = () => {
    for (const one of all(".picked")) one.classList.remove("picked");
    const [, block, first, last = first] = form.exec(location.hash) ?? [];
    if (!block) return;
    for (let line = +first; line <= +last; line++) {
      const place = document.getElementById(`__span-${block}-${line}`) ?? document.getElementById(`__codelineno-${block}-${line}`);
      (place?.matches("a") ? place.parentElement : place)?.classList.add("picked");
    }
    if (last !== first) document.getElementById(`__codelineno-${block}-${first}`)?.scrollIntoView({ block: "center" });
  };

  style("extras.css");
  on(document, "click", (event) => {
    const link = event.target.closest(".highlight a[href^='#__codelineno']");
    const [, block, line] = form.exec(link?.hash) ?? [];
    if (!block) return;
    event.preventDefault();
    const [, before, first] = form.exec(location.hash) ?? [];
    const range = event.shiftKey && before === block && first !== line ? [+first, +line].sort((a, b) => a - b).join(":") : line;
    history.replaceState(history.state, "", `#__codelineno-${block}-${range}`);
    show();
  });
  on(window, "hashchange", show);
  page(show);
}
