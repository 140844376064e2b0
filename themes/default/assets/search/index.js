// Search, 2 of 3: reads the index, whose format ssg/builtin/search/index.py describes, and finds pages in it.
(() => {
  const search = window.ssgSearch;
  if (search.load) return;
  const ROOT = (search.root = new URL("../../", document.currentScript.src));
  const [FORM, LONGER, MEANT] = [0.85, 0.6, 0.7];
  const READ = (search.first = 6);
  const DEEPEST = 200;

  const SCRIPTS = ["ui", "spelling", "filters", "marks"];
  const kept = {};
  const once = (name, make) =>
    (kept[name] ??= make().catch((error) => {
      delete kept[name];
      throw error;
    }));
  const address = (name) => new URL(`${SCRIPTS.includes(name) ? "assets/search" : "search"}/${name}.js`, ROOT);
  const run = (name) =>
    new Promise((resolve, reject) => {
      search.arrived[name] = resolve;
      const script = document.createElement("script");
      script.src = address(name);
      script.onload = () => script.remove();
      script.onerror = reject;
      document.head.append(script);
    });
  const read = async (name) => {
    const text = await (await fetch(address(name))).text();
    return JSON.parse(text.slice(text.indexOf(",") + 1, text.lastIndexOf(")")));
  };
  const isRead = (name) => location.protocol !== "file:" && !SCRIPTS.includes(name);
  const load = (search.load = (name) => once(name, () => (isRead(name) ? read(name).catch(() => run(name)) : run(name))));

  const digit = (search.digit = (text, at) => {
    const code = text.charCodeAt(at);
    return code - 33 - (code > 34) - (code > 92);
  });

  const uncoded = (search.uncoded = (text) => {
    let word = "";
    return text.trimEnd().split(" ").map((coded) => (word = word.slice(0, digit(coded, 0)) + coded.slice(1)));
  });

  const vocabulary = (name) =>
    once(`words ${name}`, async () => {
      const [coded, forms, postings, common] = await load(name);
      const words = uncoded(coded);
      const family = [];
      let at = 0;
      words.forEach((_, n) => {
        let back = digit(forms, at++);
        if (back > 45) back = (back - 46) * 91 + digit(forms, at++) + 46;
        family.push(back ? family[n - back] : n);
      });
      return { words, family, postings: postings.split("~"), common, pages: [] };
    });

  const pagesOf = (file, n) =>
    (file.pages[n] ??= (() => {
      const text = file.postings[n];
      const slots = [];
      const weights = [];
      let block = -1;
      let skip = -1;
      for (let at = 0; at < text.length; ) {
        const value = digit(text, at++);
        if (value > 63) skip = Math.max(skip, 0) * 27 + value - 64;
        else {
          block += skip + 1;
          skip = -1;
          slots.push(block * 64 + value);
          weights.push(2 ** ((digit(text, at++) - 20) / 5));
        }
      }
      return { slots, weights, count: file.common[n] ?? slots.length, pruned: n in file.common };
    })());

  const lookUp = async (index, word, typing, worth = 1) => {
    const first = word.codePointAt(0);
    const bucket = (search.isUnspaced(word) ? first : first * 31 + (word.codePointAt(1) ?? 0)) % index.buckets;
    const cuts = index.cuts[bucket];
    let file = cuts.filter((cut) => cut <= word).length;
    const names = [`b/${bucket}-${file}`];
    while (typing && names.length < 3 && cuts[file]?.startsWith(word)) names.push(`b/${bucket}-${++file}`);
    const found = [];
    for (const one of await Promise.all(names.map(vocabulary))) {
      const exact = one.words.indexOf(word);
      const longer = [];
      one.words.forEach((other, n) => {
        if (exact >= 0 && one.family[n] === one.family[exact]) found.push({ word: other, worth: n === exact ? worth : worth * FORM, ...pagesOf(one, n) });
        else if (typing && other.startsWith(word) && (word.length > 1 || search.isUnspaced(word))) longer.push(n);
      });
      longer.sort((a, b) => one.postings[b].length - one.postings[a].length);
      for (const n of longer.slice(0, 32)) {
        const other = one.words[n];
        found.push({ word: other, worth: LONGER * (word.length / other.length) ** 0.3, longer: true, ...pagesOf(one, n) });
      }
    }
    return found;
  };

  const scored = (words, pages) => {
    const asked = words.filter((one) => !one.longer);
    const rare = Math.log(1 + pages / Math.max(...(asked.length ? asked : words).map((one) => one.count)));
    const slots = new Map();
    for (const one of words) one.slots.forEach((slot, n) => slots.set(slot, Math.max(slots.get(slot) ?? 0, rare * one.worth * one.weights[n])));
    return { slots, rare, pruned: words.some((one) => one.pruned) };
  };

  const match = async (index, term) => {
    const slots = new Map();
    const words = new Map();
    const parts = term.ways.at(-1);
    const result = { term, slots, words, parts, rare: 0 };
    const look = (ways, one) => Promise.all(ways.map((way) => Promise.all(way.map((word, n) => one(word, term.typing && n === way.length - 1)))));
    const isThere = (way) => way.every((found) => found.length);
    let ways = await look(term.ways, (word, typing) => lookUp(index, word, typing));
    if (!ways.some(isThere)) {
      ways = await look([parts], async (word, typing) => {
        const known = await lookUp(index, word, typing);
        if (known.length) return known;
        const close = await (await load("spelling"))(word, typing);
        result.corrected ??= close[0]?.word;
        return (await Promise.all(close.map((one, n) => lookUp(index, one.word, false, MEANT ** (n ? 2 : 1))))).flat();
      });
    }
    ways.filter(isThere).forEach((way, n) => {
      way.forEach((found, part) => {
        for (const { word } of found.slice(0, 40)) words.set(word, [...(words.get(word) ?? []), ...(way.length < parts.length ? parts.keys() : [part])]);
      });
      const [first, ...others] = way.map((found) => scored(found, index.pages));
      const worth = n ? 0.4 : term.ways.length > 1 ? 2 : 1;
      const most = n && /[._]|::/.test(term.name) ? Math.min(...slots.values()) * 0.9 : Infinity;
      for (const [slot, value] of first.slots) {
        if (others.every((other) => other.pruned || other.slots.has(slot))) {
          const sum = others.reduce((sum, other) => sum + (other.slots.get(slot) ?? 0), value);
          slots.set(slot, Math.max(slots.get(slot) ?? 0, Math.min(sum * worth, most)));
        }
      }
      result.pruned ||= first.pruned;
      result.rare = Math.max(result.rare, first.rare, ...others.map((other) => other.rare));
    });
    result.rare ||= Math.log(1 + index.pages);
    return result;
  };

  const bare = (text) => text.replace(/[\s_/-]/g, "");
  const page = (slot) =>
    once(`page ${slot}`, async () => {
      const [url, title, trail, texts, shortened] = await load(`p/${slot}`);
      const name = search.key(title);
      const path = search.key(url).replace(/(\/|\.html)$/, "").split("/");
      const names = [bare(name), ...path.map((_, n) => bare(path.slice(n).join("")))];
      const sections = texts.map(([anchor, heading, text]) => ({ anchor, heading, text, key: search.key(`${heading} ${text}`) }));
      return { url, title, trail, shortened, name, names, sections };
    });

  const judged = async (slot, { asked, all, terms, pattern, phrases }) => {
    const one = await page(slot);
    const { url, title, trail, name } = one;
    const hits = (found) => new Set(found.flatMap((one) => terms.get(one[2]) ?? []));
    let best = 0;
    const sections = one.sections.map(({ anchor, heading, text, key }) => {
      const found = search.find(text, pattern);
      const inName = hits(search.find(heading, pattern));
      const named = inName.size;
      const matched = new Set([...hits(found), ...inName]).size;
      const together = all > 1 && matched === all && key.includes(asked);
      const exact = search.key(heading) === asked;
      best = Math.max(best, (matched / all) * (1 + 0.25 * together + 0.6 * exact) * (1 + (0.3 * named) / all));
      return { anchor, heading, text, found, score: matched * 2 + named * 3 + Math.log1p(found.length) / 2 + together * 3 + exact * 6 };
    });
    if (!one.shortened && !phrases.every((phrase) => name.includes(phrase) || one.sections.some(({ key }) => key.includes(phrase)))) return null;
    const factor = name === asked ? 6 : [3, ...one.names.map(() => 2.5)][one.names.indexOf(bare(asked))] ?? 1;
    const rank = factor * (0.6 + 0.6 * best) * (hits(search.find(title, pattern)).size === all ? 1.35 : 1) * (all > 1 && name.includes(asked) ? 1.3 : 1);
    return { url, title, trail, rank, sections: sections.sort((a, b) => b.score - a.score) };
  };

  search.pages = async (query, narrow = []) => {
    const index = await load("index");
    const { terms, phrases } = search.parse(query);
    if (!terms.length || search.key(query).length < index.minimum) return null;
    const matches = await Promise.all(terms.map((term) => match(index, term)));
    const isQuiet = ({ term }) => !term.quoted && index.quiet.includes(term.name);
    if (!matches.every(isQuiet)) {
      for (const one of matches.filter(isQuiet)) {
        one.rare *= 0.1;
        one.slots.forEach((value, slot) => one.slots.set(slot, value * 0.1));
      }
    }
    const total = new Map();
    for (const { slots } of matches) for (const slot of slots.keys()) total.set(slot, { slot, count: 0, covered: 0, score: 0 });
    for (const word of narrow.filter(Boolean)) {
      const kept = new Set((await lookUp(index, word)).flatMap((one) => one.slots));
      for (const slot of total.keys()) if (!kept.has(slot)) total.delete(slot);
    }
    let found = [...total.values()];
    for (const one of found) {
      for (const { slots, rare, pruned } of matches) {
        if (!pruned && !slots.has(one.slot)) continue;
        one.count++;
        one.covered += rare;
        one.score += slots.get(one.slot) ?? 0;
      }
      one.score *= one.covered ** 3;
    }
    const best = Math.max(...found.map((one) => one.covered)) * 0.8;
    found = found.filter((one) => one.covered >= best && (!phrases.length || one.count === terms.length)).sort((a, b) => b.score - a.score || a.slot - b.slot);
    const words = new Map();
    let all = 0;
    for (const one of matches) {
      for (const [word, parts] of one.words) words.set(word, [...(words.get(word) ?? []), ...parts.map((part) => all + part)]);
      if (one.words.size) all += one.parts.length;
    }
    const result = {
      asked: search.key(query).replace(/["“”„]/g, ""),
      phrases,
      highlight: index.highlight,
      terms: words,
      all,
      whole: found.some((one) => one.count === terms.length),
      total: found.length,
      corrected: matches.filter((one) => one.corrected).map((one) => [one.corrected, one.term.name]),
      pattern: search.pattern(words.keys()),
    };
    let next = 0;
    const waiting = [];
    found.length = Math.min(found.length, DEEPEST);
    result.left = () => waiting.length > 0 || next < found.length;
    result.more = async (count) => {
      while (waiting.length < count && next < found.length) {
        const some = found.slice(next, (next += READ));
        const pages = await Promise.all(some.map((one) => judged(one.slot, result)));
        pages.forEach((page, n) => page && waiting.push({ ...page, rank: page.rank * some[n].score }));
        waiting.sort((a, b) => b.rank - a.rank);
      }
      if (phrases.length && next >= found.length) result.total = Math.min(result.total, waiting.length);
      return waiting.splice(0, count);
    };
    return result;
  };
})();
