// Search, 1 of 3: text to words, by the rules of ssg/builtin/search/words.py, and words to marks in a text.
(() => {
  if (window.ssgSearch?.parse) return;
  const search = (window.ssgSearch ??= (name, value) => search.arrived[name]?.(value));
  search.arrived = {};

  const MARKS = /(?<![Ии])\u0306|[\u0300-\u0305\u0307-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u064b-\u0652\u0670]/g;
  const SPELLED = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };
  const RUN = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3041-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{3ffff}]+/gu;
  const NAME = /(?:(?<![\p{L}\p{N}_\u0900-\u0dff-])--?(?=\p{L}))?[\p{L}\p{N}_\u0900-\u0dff]+(?:(?:[.-]|::)[\p{L}\p{N}_\u0900-\u0dff]+)*/gu;
  const PARTS = /[.:_-]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;
  const isPlain = (text) => /^[\0-\x7f]*$/.test(text);

  const fold = (text) =>
    isPlain(text) ? text : text.normalize("NFKD").replace(MARKS, "").replace(/[ßæœøłđðþı]/gi, (c) => SPELLED[c.toLowerCase()] ?? c).normalize("NFC");
  const lower = (text) => text.toLowerCase().replace(/ς/g, "σ");
  const key = (search.key = (text) => lower(fold(text)).replace(/\s+/g, " ").trim());
  search.isUnspaced = (word) => word > "\u0e00";

  search.parse = (query) => {
    const phrases = [];
    const terms = new Map();
    const read = (text, quoted) => {
      const found = [];
      const add = (at, name, ...ways) => found.push([at, { name, ways: [[name], ...ways], quoted }]);
      text = fold(text).replace(RUN, (run, at) => {
        const signs = [...run];
        signs.slice(0, signs.length - 1 || 1).forEach((sign, n) => add(at + n, sign + (signs[n + 1] ?? "")));
        return " ".repeat(run.length);
      });
      for (const { 0: name, index } of text.matchAll(NAME)) {
        const parts = name.split(PARTS).filter((part) => part && !/^\d+$/.test(part));
        add(index, lower(name), ...(parts.length && parts[0] !== name ? [parts.map(lower)] : []));
      }
      for (const [, term] of found.sort((a, b) => a[0] - b[0])) terms.set(term.name, term);
    };
    const rest = query.replace(/["“”„]([^"“”„]+)["“”]/g, (_, phrase) => {
      phrases.push(key(phrase));
      read(phrase, true);
      return " ";
    });
    read(rest);
    let list = [...terms.values()];
    const long = list.filter(({ name }) => name.length > 1 || search.isUnspaced(name));
    list = (long.length ? long : list).slice(0, 12);
    const last = list.at(-1);
    if (last && !last.quoted && /[\p{L}\p{N}_]$/u.test(rest)) last.typing = true;
    return { terms: list, phrases };
  };

  search.pattern = (words) => {
    const forms = [...words].sort((a, b) => b.length - a.length).map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
    return forms.length && new RegExp(forms.join("|"), "g");
  };

  const texts = new Map();
  const compared = (text) => {
    let one = texts.get(text);
    if (!one) {
      const shifts = [];
      let shift = 0;
      const plain = isPlain(text) ? text : text.replace(/[^\0-\x7f]+/g, (run, at) => {
        const whole = fold(run);
        if (whole.length === run.length) return whole;
        return [...run].map((sign) => {
          const folded = fold(sign);
          if (folded.length !== sign.length) {
            shift += sign.length - folded.length;
            shifts.push([at + sign.length - shift, shift]);
          }
          at += sign.length;
          return folded;
        }).join("");
      });
      one = { text: plain === text ? text.toLowerCase() : lower(plain), place: (at) => at + (shifts.findLast(([from]) => from <= at)?.[1] ?? 0) };
      if (texts.size > 2000) texts.clear();
      texts.set(text, one);
    }
    return one;
  };

  search.find = (text, pattern) => {
    const one = compared(text);
    const found = [];
    for (const { 0: word, index } of pattern ? one.text.matchAll(pattern) : []) {
      const end = index + word.length;
      const goesOn = (at) => /[\p{L}\p{N}]/u.test(one.text[at] ?? "");
      if (search.isUnspaced(word) || (!goesOn(index - 1) && !goesOn(end))) found.push([one.place(index), one.place(end), word]);
    }
    return found;
  };

  search.marked = (text, found, start = 0, end = text.length) => {
    const nodes = [];
    for (const [from, to] of found) {
      if (from < start || to > end) continue;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(from, to);
      nodes.push(text.slice(start, from), mark);
      start = to;
    }
    return [...nodes, text.slice(start, end)];
  };

  search.onPage = (setup) => {
    const start = () => (window.ssg?.page ?? ((now) => now()))(setup);
    if (window.ssg || document.readyState === "complete") start();
    else addEventListener(document.readyState === "loading" ? "DOMContentLoaded" : "load", start);
  };
})();
