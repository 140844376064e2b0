// Search: what may have been meant by a word that is nowhere. Loaded when there is one.
ssgSearch("spelling", (() => {
  const search = window.ssgSearch;

  // Optimal string alignment distance: https://doi.org/10.1145/1963190.1963191
  const distance = (a, b, typing) => {
    let before = [];
    let row = [...b, ""].map((_, n) => n);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
        if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
      }
      [before, row] = [row, next];
    }
    return typing ? Math.min(...row) : row[b.length];
  };

  return async (word, typing) => {
    if (!/^\p{L}{4,}$/u.test(word)) return [];
    const [coded, counts] = await search.load("words");
    const most = word.length < 6 ? 1 : 2;
    const found = [];
    search.uncoded(coded).forEach((other, n) => {
      const longer = other.length - word.length;
      if (longer < -most || (longer > most && !typing && word.length < 6)) return;
      let far = Math.abs(longer) > most ? 9 : distance(word, other);
      if (far > most && typing) far = distance(word, other.slice(0, word.length + most), true) + 0.5;
      // perhaps another form of it
      if (far > most && word.length > 5 && other.startsWith(word.slice(0, Math.ceil(word.length * 0.7)))) far = 1.8;
      if (far <= most) found.push({ word: other, far: far - 0.4 * (other[0] === word[0]) - search.digit(counts, n) / 40 });
    });
    return found.sort((a, b) => a.far - b.far).slice(0, 3).filter((one) => one.far < found[0].far + 1.3);
  };
})());
