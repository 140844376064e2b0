// Draws the diagrams of a page with Mermaid, which is loaded here and nowhere else. Without this file, without the
// library, and where a diagram has a mistake, its source is shown. https://mermaid.js.org/config/usage.html
const { mermaid: source, integrity } = document.querySelector("script[data-mermaid]").dataset;
const system = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

const load = () => new Promise((done, failed) => {
  const script = document.createElement("script");
  if (integrity) Object.assign(script, { integrity, crossOrigin: "anonymous" });
  Object.assign(script, { src: source, onload: done, onerror: () => failed(new Error(`cannot load ${source}`)) });
  document.head.append(script);
});

const diagrams = [...document.querySelectorAll("pre.mermaid, div.mermaid")].map((block, number) => {
  const drawing = document.createElement("div");
  drawing.className = "mermaid-drawing";
  return { block, drawing, id: `__mermaid_${number}`, text: block.textContent };
});

let round = 0;
const draw = async () => {
  const mine = ++round;
  const theme = isDark() ? "dark" : "default";
  const { fontFamily } = getComputedStyle(document.body);
  mermaid.initialize({ startOnLoad: false, theme, fontFamily, themeVariables: { fontFamily } });
  for (const { block, drawing, id, text } of diagrams) {
    try {
      const { svg, bindFunctions } = await mermaid.render(id, text);
      if (mine !== round) return; // The colours changed meanwhile.
      drawing.innerHTML = svg;
      bindFunctions?.(drawing);
      block.replaceWith(drawing);
    } catch (error) {
      document.getElementById(`d${id}`)?.remove(); // What Mermaid leaves behind.
      console.warn("a diagram has a mistake:", error.message);
    }
  }
};

if (!globalThis.mermaid) await load();
await draw();
system.addEventListener("change", draw);
new MutationObserver(draw).observe(root, { attributeFilter: ["data-theme"] });
