"""Text -> emphasis, and all else that is written with runs of one character around it: `**`, `_`, `~~`, `^`, `==`.

The algorithm is CommonMark's, https://spec.commonmark.org/0.31.2/#an-algorithm-for-parsing-nested-emphasis-and-links,
with a bottom for each kind of closer, so that it takes linear time. Strikethrough has GitHub's rule that both runs are
equally long (https://github.github.com/gfm/#strikethrough-extension-), and so have the others of Material.
"""

import re
from typing import NamedTuple
from unicodedata import category
from xml.etree.ElementTree import Element

from markdown import Markdown

from ssg.markdown.passes import GithubInlineProcessor, Pass

DEPTH = 100
"""So deep may emphasis be nested; what is deeper stays text."""

_BARE_SPACE = re.compile(r"(?<!\\)\s")
_SPACE, _PUNCTUATION, _OTHER = range(3)


class _Kinds(dict[str, int]):
    """What a character counts as beside a run; those between marks of elements are punctuation: brackets, quotes."""

    def __missing__(self, character: str) -> int:
        if character.isspace():
            kind = _SPACE
        else:
            kind = _PUNCTUATION if category(character)[0] in "PS" or character in "\x02\x03" else _OTHER
        self[character] = kind
        return kind


_kinds = _Kinds()


class Markers(NamedTuple):
    """What runs of a character other than `*` and `_` make, by their length: tags."""

    tags: dict[int, str]
    smart: bool = False
    """Whether they are text within words."""
    loose: bool = False
    """Whether punctuation beside a run of one does not matter."""
    no_space: bool = False
    """Whether there may be no space within a pair of single ones, unless it is escaped."""


class _Run:
    """A run of one character."""

    __slots__ = ("both", "character", "count", "end", "index", "inner", "length", "opens")

    def __init__(self, character: str, length: int, end: int, index: int, *, opens: bool, both: bool) -> None:
        self.character = character
        self.length = self.count = length
        """As written, and less what was used."""
        self.end = end
        self.index = index
        self.opens = opens
        self.both = both
        self.inner = 0
        """How deep what follows it is nested."""


class _Pair(NamedTuple):
    """Two runs and what they make: the order of the fields sorts outer ones first."""

    start: int
    inner: int
    inner_end: int
    end: int
    tag: str


class Emphasis(Pass):
    """The last pass."""

    def __init__(self, md: Markdown, markers: dict[str, Markers]) -> None:
        """Handle `*`, `_` and the given others."""
        self.markers = markers
        characters = re.escape("".join(("*", "_", *markers)))
        super().__init__(md, rf"([{characters}])\1*+")

    def transform(self, data: str, processor: GithubInlineProcessor, index: int) -> str:
        """Return the text with placeholders for elements."""
        pairs = self._pairs(data, processor.edges)
        return _build(data, sorted(pairs), processor, index + 1) if pairs else data

    def _pairs(self, data: str, edges: dict[str, tuple[str, str]]) -> list[_Pair]:
        pairs: list[_Pair] = []
        stack: list[_Run] = []
        bottoms: dict[tuple[str, int, bool], int] = {}
        for index, found in enumerate(self.compiled_re.finditer(data)):
            start, end = found.span()
            character = data[start]
            before = data[start - 1] if start else "\n"
            after = data[end] if end < len(data) else "\n"
            if edges and before == "\x03":
                before = edges.get(data[data.rfind("\x02", 0, start) : start], ("", before))[1]
            if edges and after == "\x02":
                after = edges.get(data[end : data.find("\x03", end) + 1], (after, ""))[0]
            left, right = _kinds[before], _kinds[after]
            marker = None
            smart = character == "_"
            if character not in "*_":
                marker = self.markers[character]
                if end - start not in marker.tags:
                    continue
                smart = marker.smart
                if marker.loose and end - start == 1:
                    left, right = left and _OTHER, right and _OTHER
            opens = right == _OTHER or (right == _PUNCTUATION and left != _OTHER)
            closes = left == _OTHER or (left == _PUNCTUATION and right != _OTHER)
            if smart and opens and closes:
                opens, closes = left == _PUNCTUATION, right == _PUNCTUATION
            if not opens and not closes:
                continue
            run = _Run(character, end - start, end, index, opens=opens, both=opens and closes)
            if closes and stack:
                _close(data, run, start, stack, bottoms, pairs, marker)
            if opens and run.count:
                stack.append(run)
        return pairs


def _close(
    data: str,
    run: _Run,
    start: int,
    stack: list[_Run],
    bottoms: dict[tuple[str, int, bool], int],
    pairs: list[_Pair],
    marker: Markers | None,
) -> None:
    """Pair a run that may close with those that may open, from the last one on."""
    kind = (run.character, run.length if marker else run.length % 3, run.opens)
    while run.count:
        bottom = bottoms.get(kind, -1)
        depth = 0
        place = len(stack) - 1
        while place >= 0:
            opener = stack[place]
            if opener.index <= bottom:
                place = -1
                break
            depth = max(depth, opener.inner)
            if opener.character == run.character and _fit(opener, run, marker):
                break
            place -= 1
        if place < 0 or depth >= DEPTH:
            bottoms[kind] = stack[-1].index if stack else -1
            return
        opener = stack[place]
        del stack[place + 1 :]
        if marker:
            size, tag = run.length, marker.tags[run.length]
            if size == 1 and marker.no_space and _BARE_SPACE.search(data, opener.end, start):
                stack.pop()
                _nested(stack, depth)
                continue
        else:
            size = 2 if opener.count > 1 and run.count > 1 else 1
            tag = "strong" if size == 2 else "em"
        pairs.append(_Pair(opener.end - size, opener.end, start, start + size, tag))
        opener.count -= size
        opener.end -= size
        run.count -= size
        start += size
        if opener.count:
            opener.inner = depth + 1
        else:
            stack.pop()
            _nested(stack, depth + 1)


def _fit(opener: _Run, closer: _Run, marker: Markers | None) -> bool:
    if marker:
        return opener.length == closer.length
    if opener.both or closer.both:  # the rule of three
        return bool((opener.length + closer.length) % 3) or not (opener.length % 3 or closer.length % 3)
    return True


def _nested(stack: list[_Run], depth: int) -> None:
    if stack:
        stack[-1].inner = max(stack[-1].inner, depth)


def _build(data: str, pairs: list[_Pair], processor: GithubInlineProcessor, index: int) -> str:
    """Return the text with the outermost pairs as placeholders of their elements."""
    pieces: list[str] = []
    around: list[tuple[Element, _Pair]] = []
    position = 0

    def put(end: int) -> None:
        """Add the text up to `end` to what is open."""
        nonlocal position
        text = data[position:end]
        position = end
        if not around:
            pieces.append(text)
            return
        element, pair = around[-1]
        if pair.tag in ("sub", "sup"):
            text = text.replace("\\ ", " ")
        text = processor.handle(text, index)
        if len(element):
            element[-1].tail = text
        else:
            element.text = text

    def close() -> None:
        nonlocal position
        element, pair = around[-1]
        put(pair.inner_end)
        around.pop()
        position = pair.end
        if not around:
            pieces.append(processor.stash(element))

    for pair in pairs:
        while around and around[-1][1].end <= pair.start:
            close()
        put(pair.start)
        element = Element(pair.tag)
        if around:
            around[-1][0].append(element)
        around.append((element, pair))
        position = pair.inner
    while around:
        close()
    return "".join((*pieces, data[position:]))
