// Draws the diagrams of a page with Mermaid, which is loaded here and nowhere else. Without this file, without the
// library, and where a diagram has a mistake, its source is shown. https://mermaid.js.org/config/usage.html
{
  const { mermaid: source, integrity } = document.currentScript.dataset;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

  const load = () => new Promise((done, failed) => {
    const script = document.createElement("script");
    if (integrity) Object.assign(script, { integrity, crossOrigin: "anonymous" });
    Object.assign(script, { src: source, onload: done, onerror: () => failed(new Error(`cannot load ${source}`)) });
    document.head.append(script);
  });

  const find = () => [...document.querySelectorAll("pre.mermaid, div.mermaid")].map((block) => {
    const drawing = document.createElement("div");
    drawing.className = "mermaid-drawing";
    return { block, drawing, id: `__mermaid_${count++}`, text: block.textContent };
  });

  let diagrams = [];
  let loading;
  let count = 0;
  let round = 0;
  const draw = async () => {
    if (!diagrams.length) return;
    try {
      // a heading of that name is a property of the window, too
      if (!globalThis.mermaid?.initialize) await (loading ??= load());
    } catch (error) {
      console.warn(error.message);
      return;
    }
    const mine = ++round;
    const theme = isDark() ? "dark" : "default";
    const { fontFamily } = getComputedStyle(document.body);
    mermaid.initialize({ startOnLoad: false, theme, fontFamily, themeVariables: { fontFamily } });
    for (const { block, drawing, id, text } of diagrams) {
      try {
        const { svg, bindFunctions } = await mermaid.render(id, text);
        if (mine !== round) return; // The colours changed meanwhile.
        drawing.innerHTML = svg;
        drawing.classList.toggle("dark", theme === "dark");
        bindFunctions?.(drawing);
        block.replaceWith(drawing);
      } catch (error) {
        document.getElementById(`d${id}`)?.remove(); // What Mermaid leaves behind.
        console.warn("a diagram has a mistake:", error.message);
      }
    }
  };

  system.addEventListener("change", draw);
  new MutationObserver(draw).observe(root, { attributeFilter: ["data-theme"] });
  ssg.page(() => {
    const found = find();
    diagrams = [...diagrams.filter(({ drawing }) => drawing.isConnected), ...found];
    if (found.length) draw();
  });
}
