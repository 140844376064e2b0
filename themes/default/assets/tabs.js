// Tabs with the same label are switched together, and the choice is kept for other pages.
const KEY = "tabs";
const sets = [...document.querySelectorAll(".tabbed-set")];
const labelOf = (input) => document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.textContent.trim();
const inputs = sets.flatMap((set) => [...set.querySelectorAll(":scope > input")]);
let chosen = [];
try {
  chosen = JSON.parse(localStorage[KEY] ?? "[]");
} catch {
  // Storage may be forbidden.
}

const select = (label) => {
  for (const input of inputs) if (labelOf(input) === label) input.checked = true;
};

for (const label of chosen.toReversed()) select(label);
for (const set of sets) {
  set.addEventListener("change", ({ target }) => {
    if (!inputs.includes(target)) return;
    const label = labelOf(target);
    const before = set.getBoundingClientRect().top;
    select(label);
    scrollBy({ top: set.getBoundingClientRect().top - before, behavior: "instant" }); // What was clicked stays put.
    chosen = [label, ...chosen.filter((other) => other !== label)].slice(0, 5);
    try {
      localStorage[KEY] = JSON.stringify(chosen);
    } catch {
      // The choice then holds for this page.
    }
  });
}
