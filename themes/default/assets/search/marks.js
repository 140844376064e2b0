// Search: the words that led to a page are marked on it. Loaded with such a page, or before a result can be followed.
(() => {
  const search = window.ssgSearch;
  if (search.marking) return;
  search.marking = true;
  search.onPage(() => {
    const address = new URL(location);
    const words = search.key(address.searchParams.get("h") ?? "");
    if (!words) return;
    address.searchParams.delete("h");
    history.replaceState(history.state, "", address);
    const pattern = search.pattern(words.split(" ").slice(0, 24));
    const walker = document.createTreeWalker(document.querySelector("main article") ?? document.body, 4);
    const texts = [];
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("script, style, svg, .headerlink")) texts.push(walker.currentNode);
    for (const node of texts) {
      const found = search.find(node.data, pattern);
      if (found.length) node.replaceWith(...search.marked(node.data, found));
    }
  });
  search("marks");
})();
