"""A page -> its words and how much it is about each: what the index remembers of it."""

from functools import lru_cache
from math import isfinite, log2

import msgspec
from msgspec import Struct

from ssg.builtin.search.words import count
from ssg.model import Document

STEPS = 5
ZERO = 20
LEVELS = 64
"""Weights are kept as their logarithm in `LEVELS` steps: `STEPS` of them double a weight, `ZERO` is 1."""

CODE = 0.5
HEADING = 4.0
TAG = 6.0
TITLE = 16.0
"""What a word counts for in a block of code, in a heading, among the tags, in the title; in text it is 1. Those of
headings and text saturate, as term frequencies do in BM25."""
_MANY = 2.5
_MOST = 5.0
_USUAL = 400
"""So many words a page has that is neither short nor long. It is not the average of the site: with that, an edit of
one page would change the weights in all others."""

TAGGED = "@tag:"
BELOW = "@in:"
"""What stands before the name of a tag, and of a part of the site, as a word of the index."""


def named(kind: str, name: str) -> str:
    """Return the word of the index that stands for a tag or a part of the site; no word has a space in it."""
    return kind + "_".join(name.split())


class Extract(Struct, frozen=True, array_like=True):
    """The words of a page in order, with spaces between, and the weight of each: a level, in a byte."""

    words: str
    levels: bytes
    boost: int
    """Levels that a page is moved by, as its author wants it."""


class Parts(Struct, frozen=True):
    """What of a page is searched."""

    headings: bool = True
    text: bool = True


def level(weight: float) -> int:
    """Return the step of the scale that a weight is at."""
    return max(0, min(LEVELS - 1, round(log2(weight) * STEPS) + ZERO))


def weight(at: int) -> float:
    """Return the weight that a step of the scale stands for."""
    return float(2 ** ((at - ZERO) / STEPS))


class _Scale(dict[float, int]):
    """How often a word is in a text -> its level, where the text is so many times as long as others."""

    def __init__(self, longer: float) -> None:
        self._longer = longer

    def __missing__(self, often: float) -> int:
        found = self[often] = level(self.weight(often))
        return found

    def weight(self, often: float) -> float:
        return often / (often + _MANY * self._longer) * _MOST


_scale = lru_cache(maxsize=64)(_Scale)


def extract(document: Document, parts: Parts) -> bytes:
    """Return an encoded Extract of a page. Its title is not in it: navigation may name the page otherwise."""
    titles = {one.id for one in document.body.headings if one.level == 1}
    headings: list[str] = []
    prose: list[str] = []
    blocks: list[str] = []
    for section in document.sections:
        if parts.headings and section.title and section.anchor not in titles:
            headings.append(section.title)
        if parts.text:
            at = 0
            for start, end in section.code:
                prose.append(section.text[at:start])
                blocks.append(section.text[start:end])
                at = end
            prose.append(section.text[at:])
    often: dict[str, float] = {**count(" ".join(prose))}
    total = sum(often.values())
    for word, times in count(" ".join(blocks)).items():
        often[word] = often.get(word, 0) + CODE * times
        total += times
    # half of the length counts, in steps that a small edit seldom crosses
    scale = _scale(2 ** (round(2 * log2(max(0.25, 0.5 + total / _USUAL / 2))) / 2))
    levels = dict(zip(often, map(scale.__getitem__, often.values()), strict=True))
    named_so = {word: HEADING * times / (times + 0.5) for word, times in count(" ".join(headings)).items()}
    for tag in document.card.tags:
        for word in count(tag):
            named_so[word] = named_so.get(word, 0) + TAG
        levels[named(TAGGED, tag)] = level(1)
    for word, more in named_so.items():
        levels[word] = level(scale.weight(often.get(word, 0)) + more)
    words = sorted(levels)
    found = Extract(words=" ".join(words), levels=bytes(map(levels.__getitem__, words)), boost=_boost(document))
    return msgspec.msgpack.encode(found)


def _boost(document: Document) -> int:
    search = document.body.meta.get("search")
    boost = search.get("boost", 1) if isinstance(search, dict) else 1
    return round(log2(boost) * STEPS) if isinstance(boost, int | float) and isfinite(boost) and boost > 0 else 0
