"""A page -> its words and how much it is about each: what the index remembers of it."""

from collections import Counter
from functools import lru_cache
from math import log2

import msgspec
from msgspec import Struct

from ssg.builtin.search.words import Stemmer, count
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
    """The words of a page in order, and for each its weight (a level) and its stem or ''."""

    words: list[str]
    levels: list[int]
    stems: list[str]
    boost: int
    """Levels that a page is moved by, as its author wants it."""


class Parts(Struct, frozen=True):
    """What of a page is searched."""

    headings: bool = True
    text: bool = True


@lru_cache(maxsize=4096)
def level(weight: float) -> int:
    """Return the step of the scale that a weight is at."""
    return max(0, min(LEVELS - 1, round(log2(weight) * STEPS) + ZERO))


def weight(at: int) -> float:
    """Return the weight that a step of the scale stands for."""
    return float(2 ** ((at - ZERO) / STEPS))


def extract(document: Document, stemmer: Stemmer, parts: Parts) -> bytes:
    """Return an encoded Extract of a page. Its title is not in it: navigation may name the page otherwise."""
    headings: Counter[str] = Counter()
    titles = {one.id for one in document.body.headings if one.level == 1}
    for section in document.sections:
        if parts.headings and section.title and section.anchor not in titles:
            headings.update(count(section.title).keys())
    prose: list[str] = []
    blocks: list[str] = []
    for section in document.sections if parts.text else ():
        at = 0
        for start, end in section.code:
            prose.append(section.text[at:start])
            blocks.append(section.text[start:end])
            at = end
        prose.append(section.text[at:])
    text, code = count("\n".join(prose)), count("\n".join(blocks))
    weights: dict[str, float] = {}
    # half of the length counts, in steps that a small edit seldom crosses
    longer = 2 ** (round(2 * log2(max(0.25, 0.5 + (text.total() + code.total()) / _USUAL / 2))) / 2)
    for word in text | code:
        often = (text[word] + CODE * code[word]) / longer
        weights[word] = often / (often + _MANY) * _MOST
    for word, times in headings.items():
        weights[word] = weights.get(word, 0) + HEADING * times / (times + 0.5)
    for tag in document.card.tags:
        for word in count(tag):
            weights[word] = weights.get(word, 0) + TAG
        weights[named(TAGGED, tag)] = 1
    words = sorted(weights)
    found = Extract(
        words=words,
        levels=[level(weights[word]) for word in words],
        stems=[stemmer.stem(word) for word in words],
        boost=_boost(document),
    )
    return msgspec.msgpack.encode(found)


def _boost(document: Document) -> int:
    search = document.body.meta.get("search")
    boost = search.get("boost", 1) if isinstance(search, dict) else 1
    return round(log2(boost) * STEPS) if isinstance(boost, int | float) and boost > 0 else 0
