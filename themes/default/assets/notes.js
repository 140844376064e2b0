// Numbers in code, `(1)` in a comment, become buttons that show the item of this number of the list behind the code;
// so do those in blocks with the class `annotate`. Footnotes may be shown where they are referred to. Without this
// file the lists are read as they stand. https://squidfunk.github.io/mkdocs-material/reference/code-blocks/
{
  const COMMENTS = ".c, .c1, .ch, .cm, .cp, .cpf, .cs";
  const NUMBER = /\((\d+)\)!?/;
  const ALONE = /^\s*(?:#+|\/\/+|\/\*+|<!--|--|;+|%+|"|'|REM\b|dnl\b)?\s*\((\d+)\)!\s*(?:\*\/|-->)?\s*$/;
  const { annotate: more, footnotes } = document.currentScript.dataset;
  let count = 0;

  // What is looked through in code: comments, and for some languages what `extra.annotate` names.
  const places = (block) =>
    Object.entries(more ? JSON.parse(more) : {})
      .filter(([language]) => block.matches(`.language-${CSS.escape(language)}`))
      .flatMap(([, selectors]) => selectors)
      .concat(COMMENTS)
      .join();

  // A note lies above the page, below what it belongs to, and within the window.
  const place = (note, owner) => {
    const { left, bottom, top } = owner.getBoundingClientRect();
    const { width, height } = note.getBoundingClientRect();
    const below = bottom + 6;
    note.style.left = `${Math.max(8, Math.min(left - 12, innerWidth - width - 8))}px`;
    note.style.top = `${below + height > innerHeight && top - 6 > height ? top - height - 6 : below}px`;
  };

  const makeNote = (content, kind) => {
    const note = document.createElement("div");
    note.popover = kind;
    note.id = `__note_${++count}`;
    note.className = "note content";
    note.append(...[...content.childNodes].map((node) => node.cloneNode(true)));
    for (const node of note.querySelectorAll("[id]")) node.removeAttribute("id");
    for (const node of note.querySelectorAll(".footnote-backref, .copy")) node.remove();
    return note;
  };

  const makeButton = (number, item, list) => {
    const button = document.createElement("button");
    const note = makeNote(item, "auto");
    button.type = "button";
    button.className = "annotation";
    button.dataset.number = number; // Shown by the style sheet, so that it is not copied with the code.
    button.setAttribute("aria-label", `(${number})`);
    button.popoverTargetElement = note;
    note.addEventListener("toggle", ({ newState }) => newState === "open" && place(note, button));
    list.after(note); // Not into the code, whose looks it would take.
    return button;
  };

  // Puts a button into a text for each number that the list has.
  const annotate = (text, list, used) => {
    const found = NUMBER.exec(text.data);
    const item = list.children[found?.[1] - 1];
    if (!item) return;
    const rest = text.splitText(found.index);
    rest.data = rest.data.slice(found[0].length);
    rest.before(makeButton(found[1], item, list));
    used.add(item);
    annotate(rest, list, used);
  };

  const texts = (node) => {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    return found;
  };

  const listOf = (block) => (block?.nextElementSibling?.matches("ol") ? block.nextElementSibling : null);
  const done = (list, used) => {
    // Only the numbers are taken away from a list that is not used up. It is there in print in any case.
    if (used.size && used.size === list.children.length) list.classList.add("annotations");
  };

  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") for (const note of document.querySelectorAll(".note[popover=manual]:popover-open")) note.hidePopover();
  });

  ssg.page(() => {
    for (const block of document.querySelectorAll(".content .highlight:not(code)")) {
      const list = listOf(block);
      const used = new Set();
      for (const comment of list ? block.querySelectorAll(places(block)) : []) {
        const alone = ALONE.exec(comment.textContent);
        if (alone && list.children[alone[1] - 1]) {
          comment.textContent = `(${alone[1]})`; // The signs of the comment are not wanted.
        }
        for (const text of texts(comment)) annotate(text, list, used);
      }
      if (list) done(list, used);
    }

    for (const block of document.querySelectorAll(".content .annotate")) {
      const list = listOf(block) ?? [...block.children].findLast((child) => child.matches("ol"));
      if (!list) continue;
      const used = new Set();
      for (const text of texts(block)) {
        if (!list.contains(text) && !text.parentElement.closest("pre, code")) annotate(text, list, used);
      }
      done(list, used);
    }

    // Footnotes stay while the pointer is on them, and go with Escape: https://www.w3.org/TR/WCAG22/#content-on-hover-or-focus
    if (footnotes !== undefined) {
      for (const reference of document.querySelectorAll("a.footnote-ref")) {
        const footnote = document.getElementById(decodeURIComponent(reference.hash.slice(1)));
        if (!footnote) continue;
        if (reference.nextElementSibling?.matches(".note")) reference.nextElementSibling.remove();
        const note = makeNote(footnote, "manual");
        let leaving;
        const show = () => {
          clearTimeout(leaving);
          note.showPopover();
          place(note, reference);
        };
        const hide = () => {
          leaving = setTimeout(() => note.hidePopover(), 200);
        };
        reference.after(note);
        for (const part of [reference, note]) Object.assign(part, { onpointerenter: show, onpointerleave: hide });
        Object.assign(reference, { onfocus: show, onblur: hide });
      }
    }
  });
}
