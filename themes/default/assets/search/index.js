// Search, part 2 of 3: reads the index, whose format ssg/builtin/search/index.py describes, and finds pages in it.
(() => {
  const search = window.ssgSearch;
  const ROOT = new URL("../../", document.currentScript.src);
  const WEIGHT = Float32Array.from({ length: 64 }, (_, level) => 2 ** ((level - 20) / 5));
  const FORM = 0.85; // what another form of a word counts for, where the word itself is 1
  const LONGER = 0.6; // a longer word, of which the beginning was typed
  const MEANT = 0.7; // a word that was probably meant
  const FIRST = 14; // so many pages are read before the best of them are shown

  search.root = ROOT;

  // -- files

  const files = new Map();
  search.load = (name) => {
    if (!files.has(name)) {
      files.set(
        name,
        new Promise((resolve, reject) => {
          search.arrived[name] = resolve;
          const script = document.createElement("script");
          script.src = new URL(name === "ui" ? "assets/search/words.js" : `search/${name}.js`, ROOT);
          script.onload = () => {
            script.remove();
            delete search.arrived[name];
          };
          script.onerror = () => {
            files.delete(name);
            script.remove();
            reject(new Error(name));
          };
          document.head.append(script);
        }),
      );
    }
    return files.get(name);
  };

  // -- words

  const digit = (text, at) => {
    const code = text.charCodeAt(at);
    return code - 33 - (code > 34) - (code > 92);
  };

  const uncoded = (text) => {
    const words = [];
    let before = "";
    for (const coded of text.split(" ")) if (coded) words.push((before = before.slice(0, digit(coded, 0)) + coded.slice(1)));
    return words;
  };

  const read = ([words, forms, postings, common]) => {
    const list = uncoded(words);
    const family = [];
    for (let at = 0, n = 0; n < list.length; n++) {
      let back = digit(forms, at++);
      if (back > 45) back = (back - 46) * 91 + digit(forms, at++) + 46;
      family.push(back ? family[n - back] : n);
    }
    return { list, family, at: new Map(list.map((word, n) => [word, n])), postings: postings.split("~"), common, decoded: [] };
  };

  const parsed = new Map();
  const vocabulary = async (name) => {
    if (!parsed.has(name)) parsed.set(name, search.load(name).then(read));
    return parsed.get(name);
  };

  // The pages of a word: slots and levels, and how many there are.
  const pagesOf = (file, n) =>
    (file.decoded[n] ??= (() => {
      const text = file.postings[n];
      const slots = [];
      const levels = [];
      let block = -1;
      let skip = -1;
      for (let at = 0; at < text.length; ) {
        const value = digit(text, at++);
        if (value > 63) {
          skip = (skip < 0 ? 0 : skip * 27) + value - 64;
          continue;
        }
        if (skip >= 0) {
          block += skip + 1;
          skip = -1;
        }
        slots.push(block * 64 + value);
        levels.push(digit(text, at++));
      }
      return { slots, levels, count: file.common[n] ?? slots.length, pruned: n in file.common };
    })());

  const bucketOf = (word, total) => {
    const first = word.codePointAt(0);
    if (first >= 0x0e00) return first % total;
    const second = word.codePointAt(1);
    return (first * 31 + (second ?? 0)) % total;
  };

  // The files of the index that a word is in; of one that is being typed, also the next ones that it may be in.
  const filesOf = (index, word, typing) => {
    const bucket = bucketOf(word, index.buckets);
    const cuts = index.cuts[bucket];
    let first = 0;
    while (first < cuts.length && cuts[first] <= word) first++;
    let last = first;
    while (typing && last < cuts.length && last < first + 2 && cuts[last].startsWith(word)) last++;
    return Array.from({ length: last - first + 1 }, (_, n) => `b/${bucket}-${first + n}`);
  };

  const lookUp = async (index, word, typing) => {
    const found = [];
    for (const file of await Promise.all(filesOf(index, word, typing).map(vocabulary))) {
      const exact = file.at.get(word);
      if (exact !== undefined) {
        file.list.forEach((other, n) => {
          if (file.family[n] === file.family[exact]) found.push({ word: other, worth: other === word ? 1 : FORM, ...pagesOf(file, n) });
        });
      }
      if (typing && (word.length > 1 || word > "\u0e00")) {
        const longer = [];
        file.list.forEach((other, n) => {
          if (other.length > word.length && other.startsWith(word)) longer.push(n);
        });
        longer.sort((a, b) => file.postings[b].length - file.postings[a].length);
        for (const n of longer.slice(0, 32)) {
          const other = file.list[n];
          if (!found.some((one) => one.word === other)) found.push({ word: other, worth: LONGER * (word.length / other.length) ** 0.3, longer: true, ...pagesOf(file, n) });
        }
      }
    }
    return found;
  };

  // -- misspelled words

  // Optimal string alignment distance: Boytsov, Indexing methods for approximate dictionary searching, 2011,
  // https://doi.org/10.1145/1963190.1963191. Insertions after the end are free where a word is still being typed.
  const distance = (a, b, most, typing) => {
    let before = [];
    let row = Array.from({ length: b.length + 1 }, (_, n) => n);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      let least = i;
      for (let j = 1; j <= b.length; j++) {
        const same = a[i - 1] === b[j - 1];
        let value = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + !same);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, before[j - 2] + 1);
        next.push(value);
        if (value < least) least = value;
      }
      if (least > most) return most + 1;
      [before, row] = [row, next];
    }
    return typing ? Math.min(...row) : row[b.length];
  };

  const meant = async (word, typing) => {
    if (!/^\p{L}{4,}$/u.test(word)) return [];
    const [coded, counts] = await search.load("words");
    const list = (search.meant ??= uncoded(coded));
    const most = word.length < 6 ? 1 : 2;
    const found = [];
    list.forEach((other, n) => {
      if (Math.abs(other.length - word.length) > most && !(typing && other.length > word.length)) return;
      const whole = distance(word, other, most, false);
      let far = whole <= most || !typing ? whole : distance(word, other, most, true) + 0.5;
      // Other forms of a word that no page has begin as it does.
      if (far > most && word.length > 5 && other.startsWith(word.slice(0, Math.ceil(word.length * 0.7)))) far = 1.8;
      if (far <= most) found.push({ word: other, far: far - (other[0] === word[0] ? 0.4 : 0) - digit(counts, n) / 40 });
    });
    return found.sort((a, b) => a.far - b.far).slice(0, 3).filter((one) => one.far < found[0].far + 1.3);
  };

  // -- ranking

  const score = (words, pages, slots) => {
    // What a word is worth follows from the most frequent of its forms, or rare ones would count for more.
    const rare = Math.log(1 + pages / Math.max(1, ...words.filter((one) => !one.longer).map((one) => one.count), words.some((one) => !one.longer) ? 1 : Math.max(0, ...words.map((one) => one.count))));
    for (const { slots: on, levels, worth } of words) {
      on.forEach((slot, n) => {
        const value = rare * worth * WEIGHT[levels[n]];
        if (value > (slots.get(slot) ?? 0)) slots.set(slot, value);
      });
    }
    return { slots, rare, pruned: words.some((one) => one.pruned) };
  };

  // One term: the pages that match any of its ways, and the words that did.
  const match = async (index, term) => {
    const slots = new Map();
    const words = [];
    let pruned = false;
    let rare = 0;
    const ways = await Promise.all(term.ways.map((way) => Promise.all(way.map((word, n) => lookUp(index, word, term.typing && n === way.length - 1)))));
    let corrected = "";
    if (ways.every((way) => way.some((found) => !found.length))) {
      // None of its ways is there: what may have been meant?
      const way = term.ways.at(-1);
      const known = ways.at(-1);
      const better = await Promise.all(
        way.map(async (word, n) => {
          if (known[n].length) return known[n];
          const close = await meant(word, term.typing && n === way.length - 1);
          const found = await Promise.all(close.map((one, n) => lookUp(index, one.word, false).then((all) => all.map((other) => ({ ...other, worth: other.worth * MEANT ** (n ? 2 : 1) })))));
          if (close.length) corrected ||= close[0].word;
          return found.flat();
        }),
      );
      ways.splice(0, ways.length, better);
    }
    ways.forEach((way, n) => {
      if (way.some((found) => !found.length)) return;
      const scored = way.map((found) => score(found, index.pages, new Map()));
      const [first, ...others] = scored;
      for (const [slot, value] of first.slots) {
        if (others.every((other) => other.slots.has(slot) || other.pruned)) {
          // A name that is written as it was asked for is worth more than its parts.
          const total = others.reduce((sum, other) => sum + (other.slots.get(slot) ?? 0), value) * (n ? 0.4 : ways.length > 1 ? 2 : 1);
          if (total > (slots.get(slot) ?? 0)) slots.set(slot, total);
        }
      }
      pruned ||= scored.every((one) => one.pruned);
      rare = Math.max(rare, ...scored.map((one) => one.rare));
      way.flat().forEach((one) => words.push(one.word));
    });
    return { term, slots, words, pruned, rare: rare || Math.log(1 + index.pages), corrected };
  };

  // -- pages

  const page = async (slot) => {
    const [url, title, trail, sections, shortened] = await search.load(`p/${slot}`);
    return { slot, url, title, trail, shortened, sections: sections.map(([anchor, heading, text]) => ({ anchor, heading, text })) };
  };

  // How well the text of a page answers, beyond the words that are on it; and the sections to show.
  const judge = (one, found, query) => {
    const named = search.key(one.title);
    const asked = search.key(query).replace(/["“”]/g, "");
    let factor = named === asked ? 6 : named.replace(/[\s_-]/g, "") === asked.replace(/[\s_-]/g, "") ? 3 : 1;
    const all = found.patterns.length;
    const titled = found.patterns.filter((pattern) => search.find(one.title, pattern).length).length;
    let best = 0;
    for (const section of one.sections) {
      section.found = search.find(section.text, found.pattern);
      section.named = search.find(section.heading, found.pattern);
      const inText = found.patterns.map((pattern) => (section.found.length ? search.find(section.text, pattern).length : 0));
      const inName = found.patterns.map((pattern) => (section.named.length ? search.find(section.heading, pattern).length : 0));
      const matched = found.patterns.filter((_, n) => inText[n] || inName[n]).length;
      const together = all > 1 && search.key(`${section.heading} ${section.text}`).includes(asked);
      const exact = section.heading && search.key(section.heading) === asked;
      section.score =
        matched * 2 + inName.filter(Boolean).length * 3 + inText.reduce((sum, n) => sum + Math.log1p(n), 0) / 2 + together * 3 + exact * 6;
      best = Math.max(best, (matched / all) * (1 + 0.25 * together + 0.6 * Boolean(exact)) * (1 + 0.3 * (inName.filter(Boolean).length / all)));
    }
    if (titled === all) factor *= 1.35;
    if (all > 1 && named.includes(asked)) factor *= 1.3;
    one.rank = factor * (0.6 + 0.6 * best);
    one.sections.sort((a, b) => b.score - a.score);
    return one;
  };

  const holds = (one, phrases) => {
    const text = search.key([one.title, ...one.sections.map((section) => `${section.heading} ${section.text}`)].join("\n"));
    return one.shortened || phrases.every((phrase) => text.includes(phrase));
  };

  // Finds pages: {total, all, corrected, words, more(count)}; `more` gives the next ones, best first.
  search.find_pages = async (query, narrow = []) => {
    const index = await search.load("index");
    const { terms, phrases } = search.parse(query);
    if (!terms.length || search.key(query).length < index.minimum) return null;
    const matches = await Promise.all(terms.map((term) => match(index, term)));
    // Words that questions are made with count for little beside others.
    const isQuiet = ({ term }) => !term.exact && index.quiet.includes(term.name);
    if (!matches.every(isQuiet)) {
      for (const one of matches.filter(isQuiet)) {
        one.rare *= 0.1;
        one.slots.forEach((value, slot) => one.slots.set(slot, value * 0.1));
      }
    }
    const filters = await Promise.all(narrow.filter(Boolean).map((word) => lookUp(index, word, false)));
    const total = new Map();
    // The rarer a word, the more it matters that a page has it.
    const whole = matches.reduce((sum, one) => sum + one.rare, 0);
    for (const { slots, rare } of matches) {
      for (const [slot, value] of slots) {
        const one = total.get(slot) ?? { slot, count: 0, covered: 0, score: 0 };
        one.count++;
        one.covered += rare;
        one.score += value;
        total.set(slot, one);
      }
    }
    for (const { slots, pruned, rare } of matches) {
      if (pruned) for (const one of total.values()) if (!slots.has(one.slot)) (one.count++, (one.covered += rare));
    }
    for (const filter of filters) {
      const kept = new Set(filter.flatMap((one) => one.slots));
      for (const slot of total.keys()) if (!kept.has(slot)) total.delete(slot);
    }
    let found = [...total.values()];
    const all = found.some((one) => one.count === terms.length);
    if (phrases.length) found = found.filter((one) => one.count === terms.length);
    for (const one of found) one.score *= (one.covered / whole) ** 3;
    const best = Math.max(...found.map((one) => one.covered));
    found = found.filter((one) => one.covered >= best * 0.8).sort((a, b) => b.score - a.score || a.slot - b.slot);
    const patterns = matches
      .filter((one) => one.words.length)
      .map((one) => search.pattern([...new Set([one.term.name, ...one.words])].slice(0, 40)));
    const words = [...new Set(matches.flatMap((one) => one.words))];
    const result = {
      total: found.length,
      all,
      corrected: matches.filter((one) => one.corrected).map((one) => [one.term.name, one.corrected]),
      missing: matches.filter((one) => !one.words.length).map((one) => one.term.name),
      words,
      patterns,
      pattern: search.pattern(words.slice(0, 120)),
    };
    let next = 0;
    let waiting = [];
    result.more = async (count) => {
      // Twice what is shown is read, and what is best by its text goes first.
      while (waiting.length < count && next < found.length && next < 200) {
        const some = found.slice(next, (next += Math.max(FIRST, count)));
        const pages = await Promise.all(some.map((one) => page(one.slot)));
        const judged = pages.filter((one) => holds(one, phrases)).map((one, n) => judge(one, result, query));
        for (const one of judged) one.rank *= total.get(one.slot).score;
        waiting.push(...judged.sort((a, b) => b.rank - a.rank));
      }
      if (phrases.length) result.total = Math.min(result.total, next >= found.length ? waiting.length : result.total);
      return waiting.splice(0, count);
    };
    result.left = () => waiting.length + Math.max(0, Math.min(found.length, 200) - next);
    return result;
  };
})();
