"""Reads an index of search as a browser does: its format is described in `ssg/builtin/search/index.py`."""

import json
from pathlib import Path
from typing import Any

from ssg.builtin.search.index import BASE, BLOCK, DIGITS, SKIP, bucket_of
from ssg.builtin.search.page import weight


def load(folder: Path, name: str) -> Any:
    """Return the value of a file of the index."""
    text = (folder / "search" / f"{name}.js").read_text(encoding="utf-8")
    start = f"ssgSearch({json.dumps(name)},"
    assert text.startswith(start)
    assert text.endswith(")\n")
    return json.loads(text[len(start) : -2])


def uncoded(text: str) -> list[str]:
    words: list[str] = []
    for coded in text.split():
        before = words[-1] if words else ""
        words.append(before[: DIGITS.index(coded[0])] + coded[1:])
    return words


def postings(text: str) -> dict[int, float]:
    """Return the weights of a word by slot."""
    found: dict[int, float] = {}
    block = skip = -1
    digits = iter(text)
    for digit in digits:
        value = DIGITS.index(digit)
        if value >= SKIP:
            skip = max(skip, 0) * BASE + value - SKIP
        else:
            block, skip = block + skip + 1, -1
            found[block * BLOCK + value] = weight(DIGITS.index(next(digits)))
    return found


class Index:
    """The index in an output folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts = load(folder, "index")

    def _file(self, word: str) -> tuple[list[str], str, list[str], dict[str, int]]:
        bucket = bucket_of(word, self.facts["buckets"])
        number = sum(cut <= word for cut in self.facts["cuts"][bucket])
        words, forms, texts, common = load(self.folder, f"b/{bucket}-{number}")
        return uncoded(words), forms, texts.split("~"), common

    def pages(self, word: str) -> dict[str, float]:
        """Return the addresses of the pages that have a word, with its weights."""
        words, _, texts, _ = self._file(word)
        if word not in words:
            return {}
        found = postings(texts[words.index(word)])
        return {load(self.folder, f"p/{slot}")[0]: value for slot, value in found.items()}

    def forms(self, word: str) -> set[str]:
        """Return a word and its other forms."""
        words, forms, _, _ = self._file(word)
        family: list[int] = []
        digits = iter(forms)
        for number in range(len(words)):
            back = DIGITS.index(next(digits))
            if back > 45:
                back = (back - 46) * len(DIGITS) + DIGITS.index(next(digits)) + 46
            family.append(family[number - back] if back else number)
        return {other for number, other in enumerate(words) if family[number] == family[words.index(word)]}

    def text(self, url: str) -> list[Any]:
        """Return the file of the page at an address."""
        for path in (self.folder / "search" / "p").iterdir():
            page: list[Any] = load(self.folder, f"p/{path.stem}")
            if page[0] == url:
                return page
        raise KeyError(url)
