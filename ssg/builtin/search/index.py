"""What pages are about -> the files of the index. This is where their format is described.

**Slots.** Each page has a number, its slot, which follows from a digest of its path; so a new page moves few others.
There are at least one and a half times as many slots as pages, a power of two. 64 slots in a row are a block.

**Buckets.** A word belongs to a bucket by its first two characters (by the first, where a script has no spaces between
words), so that all that begins like a word is in its bucket. `bucket_of` says which.

**Files.** Each is a script that calls `ssgSearch(name, value)`: scripts may be loaded where pages come from `file://`.

- `index.js`: `{pages, buckets, cuts, sections, tags, minimum, highlight, quiet}`. `cuts[b]` has the first words of the
  files of bucket b after its first one; `sections` and `tags` are the names that a reader may narrow the results to;
  `quiet` are words that count for little.
- `b/B-N.js`, file N of bucket B: `[words, forms, postings, common]`.
    - `words`: sorted, with a space after each; of each first a digit that says how many of its characters are those
      of the word before it, then the others (front coding).
    - `forms`: for each word, how many words before it another form of the same word is; 0 is for none. A digit below
      46 is that number; from 46 on it is `(digit - 46) * 91 + next digit + 46`.
    - `postings`: for each word, with `~` after it, the pages that it is on. Digits from 64 on are a number to the base
      of 27, of blocks that are skipped; each page is two digits, its place in the block and its weight. Where pages of
      one block follow, the number is not there.
    - `common`: by position, on how many pages a word really is of which only the pages with the highest weights are
      listed.
- `words.js`: `[words, counts]` for finding what was meant by a word that is misspelled: the most frequent, and for
  each a digit, the logarithm to the base of 2 of how many.
- `p/S.js`, the page in slot S: `[url, title, trail, [[anchor, heading, text], …], shortened]`.

A *digit* is one of the 91 characters of `DIGITS`: ASCII without space, quotation mark, backslash and tilde.

**Weights** are logarithms, see `page.py`; what a rare word is worth the browser finds out, from how many pages have it.
Common words keep only `MOST` pages or a few more, which is static pruning: Carmel et al., Static index pruning for
information retrieval systems, SIGIR 2001, https://doi.org/10.1145/383952.383958.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from zlib import crc32

import msgspec
from msgspec import Struct

from ssg.builtin.search.page import BELOW, LEVELS, TAGGED, TITLE, Extract, level, named, weight
from ssg.builtin.search.words import count, stems

BLOCK = 64
DIGITS = "".join(chr(code) for code in range(33, 126) if chr(code) not in '"\\')
SKIP, BASE = 64, 27
END = "~"
MOST = 1000
SMALLEST, LARGEST = 12_000, 24_000
"""How many characters a file has before it may be cut, and at which it must be; compressed it is about half."""
MEANT = 12_000
"""So many words at most are looked through for what a misspelled one was meant to be."""


def slots(paths: Iterable[str]) -> dict[str, int]:
    """Return the slot of each page. Where two want the same, the later takes the next."""
    wanted = sorted((int.from_bytes(blake2b(path.encode(), digest_size=6).digest()), path) for path in paths)
    total = BLOCK
    while total * 2 < len(wanted) * 3:
        total *= 2
    places: dict[str, int] = {}
    taken: set[int] = set()
    for number, path in wanted:
        slot = number % total
        while slot in taken:
            slot = (slot + 1) % total
        taken.add(slot)
        places[path] = slot
    return places


def buckets(pages: int) -> int:
    """Return how many buckets the words of so many pages are divided into."""
    return max(4, min(64, 1 << (pages // 12).bit_length()))


def bucket_of(word: str, total: int) -> int:
    """Return the bucket of a word."""
    if ord(word[0]) >= 0x0E00:
        return ord(word[0]) % total
    return (ord(word[0]) * 31 + (ord(word[1]) if len(word) > 1 else 0)) % total


# -- a block: some pages ----------------------------------------------------------------------------------------------


class Postings(Struct, frozen=True, array_like=True):
    """Words of a block that are in one bucket, and the postings of each; there is a space after each but the last."""

    words: str
    postings: str


def block(pages: Sequence[Sequence[Any]], total: int, extracts: Sequence[bytes]) -> list[bytes]:
    """Return for each bucket its words on these pages, as encoded Postings.

    Args:
        pages: `[place in the block, title, section]` of each.
        total: How many buckets there are.
        extracts: What was remembered of each.
    """
    found: defaultdict[str, str] = defaultdict(str)
    for (place, title, section), data in sorted(zip(pages, extracts, strict=True)):
        if not data:  # a page that could not be read, which was told
            continue
        one = msgspec.msgpack.decode(data, type=Extract)
        levels = dict(zip(one.words.split(), one.levels, strict=True))
        words = count(title)
        for word in words:
            known = weight(levels[word]) if word in levels else 0.0
            levels[word] = level(known + TITLE / (1 + 0.25 * (len(words) - 1)))
        if section:
            levels[named(BELOW, section)] = level(1)
        if one.boost:
            levels = {word: max(0, min(LEVELS - 1, step + one.boost)) for word, step in levels.items()}
        entries = [DIGITS[place] + digit for digit in DIGITS[:LEVELS]]
        for word, step in levels.items():
            found[word] += entries[step]
    of_beginning: dict[str, tuple[list[str], list[str]]] = {}
    by_bucket: list[tuple[list[str], list[str]]] = [([], []) for _ in range(total)]
    for word, postings in found.items():
        beginning = word[:2]
        lists = of_beginning.get(beginning)
        if lists is None:
            lists = of_beginning[beginning] = by_bucket[bucket_of(word, total)]
        lists[0].append(word)
        lists[1].append(postings)
    return [msgspec.msgpack.encode(Postings(" ".join(words), " ".join(postings))) for words, postings in by_bucket]


# -- a bucket: some words ---------------------------------------------------------------------------------------------


def bucket(number: int, blocks: Sequence[int], languages: Sequence[str], parts: Sequence[bytes]) -> list[bytes]:
    """Return the files of a bucket, after an encoded `[first words of files, [[word, log2 of count], …], tags]`.

    Args:
        number: Which bucket it is.
        blocks: The numbers of the blocks that the parts are of, in order.
        languages: Codes of those whose words have forms.
        parts: What `block` returned for this bucket.
    """
    last: defaultdict[str, int] = defaultdict(lambda: -1)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for at, part in zip(blocks, parts, strict=True):
        one = msgspec.msgpack.decode(part, type=Postings)
        for word, text in zip(one.words.split(), one.postings.split(), strict=True):
            found[word] += (_number(at - last[word] - 1), text)
            last[word] = at
    files: list[bytes] = []
    cuts: list[str] = []
    meant: list[tuple[str, int]] = []
    file = _File()
    words = sorted(found)
    for word, stem in zip(words, stems(words, languages), strict=True):
        pieces = found[word]
        pages = sum(map(len, pieces[1::2])) // 2
        if file.size > LARGEST or (file.size > SMALLEST and crc32(word.encode()) % 8 == 0):
            files.append(file.encode(f"b/{number}-{len(files)}"))
            file = _File()
            cuts.append(word)
        kept = _prune(pieces) if pages > MOST and not word.startswith("@") else ""
        file.add(word, stem, kept or "".join(pieces), pages if kept else 0)
        if len(word) > 3 and word.isalpha():
            meant.append((word, pages.bit_length() - 1))
    files.append(file.encode(f"b/{number}-{len(files)}"))
    tags = [word.removeprefix(TAGGED).replace("_", " ") for word in words if word.startswith(TAGGED)]
    return [msgspec.msgpack.encode((cuts, meant, tags)), *files]


@lru_cache(maxsize=1024)
def _number(value: int) -> str:
    text = DIGITS[SKIP + value % BASE]
    while value >= BASE:
        value //= BASE
        text = DIGITS[SKIP + value % BASE] + text
    return text


def _prune(pieces: list[str]) -> str:
    """Return the postings with the highest weights: whole levels of them, so that few edits change which."""
    levels = sorted((one for text in pieces[1::2] for one in text[1::2]), key=DIGITS.index, reverse=True)
    least = DIGITS.index(levels[MOST])
    if levels.count(levels[MOST]) > MOST:  # most pages have the same weight
        return "".join(pieces)
    kept, skipped = "", -1
    for header, text in zip(pieces[::2], pieces[1::2], strict=True):
        skipped += _value(header) + 1
        entries = "".join(text[n : n + 2] for n in range(0, len(text), 2) if DIGITS.index(text[n + 1]) > least)
        if entries:
            kept += _number(skipped) + entries
            skipped = -1
    return kept


def _value(text: str) -> int:
    value = 0
    for digit in text:
        value = value * BASE + DIGITS.index(digit) - SKIP
    return value


class _File:
    """Some words that follow one another, as they are written."""

    def __init__(self) -> None:
        self.size = 0
        self._words: list[str] = []
        self._forms: list[str] = []
        self._postings: list[str] = []
        self._common: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._before = ""

    def add(self, word: str, stem: str, postings: str, pages: int) -> None:
        at = len(self._words)
        self._words.append(front_coded(self._before, word))
        self._before = word
        form = at - self._stems.get(stem, at) if stem else 0
        if stem:
            self._stems[stem] = at
        high, low = divmod(form - 46, len(DIGITS))
        self._forms.append(DIGITS[form] if form < 46 else DIGITS[46 + high] + DIGITS[low] if high < 45 else DIGITS[0])
        self._postings.append(postings + END)
        if pages:
            self._common[str(at)] = pages
        self.size += len(word) + len(postings) + 3

    def encode(self, name: str) -> bytes:
        return script(name, ["".join(self._words), "".join(self._forms), "".join(self._postings), self._common])


def front_coded(before: str, word: str) -> str:
    """Return a word after another one, of which it has the first characters in common."""
    same = 0
    for one, other in zip(before, word, strict=False):
        if one != other or same == len(DIGITS) - 1:
            break
        same += 1
    return f"{DIGITS[same]}{word[same:]} "


# -- the whole --------------------------------------------------------------------------------------------------------


def directory(facts: dict[str, Any], parts: Sequence[bytes]) -> list[bytes]:
    """Return `index.js` and `words.js`, made of the first part of each bucket."""
    cuts: list[list[str]] = []
    words: list[tuple[str, int]] = []
    tags: list[str] = []
    for part in parts:
        of_bucket, meant, some = msgspec.msgpack.decode(part, type=tuple[list[str], list[tuple[str, int]], list[str]])
        cuts.append(of_bucket)
        tags += some
        words += meant
    least = 0
    while len(words) > MEANT:
        least += 1
        words = [one for one in words if one[1] >= least]
    words.sort()
    before, coded = "", []
    for word, _ in words:
        coded.append(front_coded(before, word))
        before = word
    counts = "".join(DIGITS[min(many, 63)] for _, many in words)
    return [script("index", {**facts, "cuts": cuts, "tags": sorted(tags)}), script("words", ["".join(coded), counts])]


def script(name: str, value: Any) -> bytes:
    """Return a file of the index. JSON is JavaScript since ES2019."""
    return b"ssgSearch(%b,%b)\n" % (msgspec.json.encode(name), msgspec.json.encode(value, order="deterministic"))
