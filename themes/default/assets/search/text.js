// Search, part 1 of 3: text to words, by the rules of ssg/builtin/search/words.py, and words to marks in a text.
// The files of the index call ssgSearch(name, value); the parts of the search keep what they share on it.
(() => {
  const search = (window.ssgSearch ??= (name, value) => search.arrived[name]?.(value));
  search.arrived ??= {};

  const MARKS = /(?<![Ии])\u0306|[\u0300-\u0305\u0307-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u064b-\u0652\u0670]/g;
  const SPELLED = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };
  const UNSPACED =
    "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u2e80-\\u2fdf\\u3005-\\u3007\\u3041-\\u309a\\u309d-\\u309f\\u30a1-\\u30fa" +
    "\\u30fc-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  const SIGN = "\\p{L}\\p{N}_\\u0900-\\u0dff";
  const RUN = new RegExp(`[${UNSPACED}]+`, "gu");
  const NAME = new RegExp(`(?:(?<![${SIGN}-])--?(?=\\p{L}))?[${SIGN}]+(?:(?:[.-]|::)[${SIGN}]+)*`, "gu");
  const HUMPS = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;
  const isPlain = (text) => /^[\0-\x7f]*$/.test(text);

  const fold = (text) =>
    isPlain(text)
      ? text
      : text.normalize("NFKD").replace(MARKS, "").replace(/[ßæœøłđðþı]/gi, (c) => SPELLED[c.toLowerCase()] ?? c).normalize("NFC");
  const lower = (text) => text.toLowerCase().replace(/ς/g, "σ");

  // A name as a whole, and the smallest parts of it where it has any.
  const split = (name) => {
    const parts = name
      .replace(/^[-_]+|[-_]+$/g, "")
      .split(/[.:_-]+/)
      .flatMap((part) => part.split(HUMPS))
      .filter((part) => part && !/^\p{Nd}+$/u.test(part));
    return { whole: lower(name), parts: parts.map(lower) };
  };

  // A query: its terms, each with ways to match it (a list of words that must all be there), and phrases in quotes.
  search.parse = (query) => {
    const phrases = [];
    const terms = [];
    const read = (text, whole) => {
      const found = [];
      text = fold(text).replace(RUN, (run, at) => {
        const pairs = [...run].map((c, n, all) => c + (all[n + 1] ?? ""));
        if (pairs.length > 1) pairs.pop();
        pairs.forEach((pair) => found.push([at, { name: pair, ways: [[pair]], unspaced: true }]));
        return " ".repeat(run.length);
      });
      for (const match of text.matchAll(NAME)) {
        const { whole, parts } = split(match[0]);
        const ways = [[whole]];
        if (parts.length && parts.join() !== whole) ways.push(parts);
        found.push([match.index, { name: whole, ways }]);
      }
      found.sort((a, b) => a[0] - b[0]);
      terms.push(...found.map(([, term]) => ({ ...term, exact: whole })));
    };
    const rest = query.replace(/["“”]([^"“”]+)["“”]/g, (_, phrase) => {
      phrases.push(key(phrase));
      read(phrase, true);
      return " ";
    });
    read(rest, false);
    // Single letters say little beside words.
    const long = terms.filter((term) => term.name.length > 1 || term.unspaced);
    const known = new Set();
    const kept = (long.length ? long : terms).filter(({ name }) => !known.has(name) && known.add(name)).slice(0, 12);
    const last = kept.at(-1);
    if (last && !last.exact && /[\p{L}\p{N}_]$/u.test(rest)) last.typing = true;
    return { terms: kept, phrases };
  };

  // What two texts have in common that are the same but for case, accents and white space.
  const key = (text) => lower(fold(text)).replace(/\s+/g, " ").trim();
  search.key = key;

  // A text as it is compared, and where in the text each of its characters comes from.
  const flat = (text) => {
    if (isPlain(text)) return [text.toLowerCase(), null];
    let out = "";
    const from = [];
    let at = 0;
    for (const char of text) {
      const folded = lower(fold(char)) || (/\p{M}/u.test(char) ? "" : char);
      for (let n = 0; n < folded.length; n++) from.push(at);
      out += folded;
      at += char.length;
    }
    from.push(at);
    return [out, from];
  };

  const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const isUnspaced = (word) => new RegExp(`^[${UNSPACED}]`, "u").test(word);

  // A pattern for words; those with a * after them may go on.
  search.pattern = (words) => {
    const sorted = [...new Set(words)].sort((a, b) => b.length - a.length);
    const forms = sorted.map((word) => {
      const open = word.endsWith("*");
      const text = escaped(open ? word.slice(0, -1) : word);
      if (isUnspaced(word)) return text;
      return `(?<![\\p{L}\\p{N}])${text}${open ? "[\\p{L}\\p{N}]*" : ""}(?![\\p{L}\\p{N}])`;
    });
    return forms.length ? new RegExp(forms.join("|"), "gu") : null;
  };

  // Where the words of a pattern are: [start, end, word as it is compared]; neighbours of one run are one.
  search.find = (text, pattern) => {
    const [compared, from] = flat(text);
    const found = [];
    for (const match of pattern ? compared.matchAll(pattern) : []) {
      const end = match.index + match[0].length;
      found.push(from ? [from[match.index], from[end], match[0]] : [match.index, end, match[0]]);
    }
    return found;
  };

  // A text with marks, as nodes: what is in it is never read as HTML.
  search.marked = (text, found, start = 0, end = text.length) => {
    const nodes = [];
    let at = start;
    for (const [from, to] of found) {
      if (from < at || to > end) continue;
      if (from > at) nodes.push(text.slice(at, from));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(from, to);
      nodes.push(mark);
      at = to;
    }
    if (at < end) nodes.push(text.slice(at, end));
    return nodes;
  };

  // The stretch of a text that has most of the words in it.
  search.excerpt = (text, found, length = 170) => {
    let best = [0, 0];
    found.forEach(([start], n) => {
      const seen = new Set();
      for (let m = n; m < found.length && found[m][1] < start + length; m++) seen.add(found[m][2]);
      if (seen.size > best[0]) best = [seen.size, start];
    });
    let start = Math.max(0, best[1] - 50);
    if (start) start = (text.slice(0, start + 25).match(/^[^]*[\s。、，．]/)?.[0].length ?? 0) > start - 25 ? text.slice(0, start + 25).match(/^[^]*[\s。、，．]/)[0].length : start;
    if (start > best[1]) start = best[1];
    let end = Math.min(text.length, start + length);
    if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), end - 20, best[1] + 1);
    const nodes = search.marked(text, found, start, end);
    return [start ? "… " : "", ...nodes, end < text.length ? " …" : ""].filter((node) => node !== "");
  };

  // On the page that a result leads to, the words are marked, and the address is what it would be without.
  const highlight = () => {
    const address = new URL(location.href);
    const words = address.searchParams.get("h");
    if (!words) return;
    address.searchParams.delete("h");
    history.replaceState(history.state, "", address);
    const pattern = search.pattern(words.split(" ").slice(0, 24).map((word) => lower(fold(word))).filter(Boolean));
    const walker = document.createTreeWalker(document.querySelector("main article") ?? document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("script, style, svg, .headerlink")) texts.push(walker.currentNode);
    for (const node of texts) {
      const found = search.find(node.data, pattern);
      if (found.length) node.replaceWith(...search.marked(node.data, found));
    }
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", highlight);
  else highlight();
})();
