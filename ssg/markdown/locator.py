"""Something that is wrong in a page -> its line and column in the author's file.

Python-Markdown forgets where its input came from. What we know of a reference is its target and its rank among
references with the same target; so it is looked up in the source, where code is blanked out first.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

_FENCE = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])?[ \t]*(`{3,}|~{3,})")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")

_TARGET = re.compile(r"""(?:\][(:][ \t\n]*<?|=[ \t\n]*["']?)([^()<>"' \t\n]+)""")
SEARCHES = 200
"""So many references are looked for in the whole text: links may also be made by an extension, and stand nowhere."""


class Place(NamedTuple):
    """A place in a file: the line and column count from 1, and `source` is the text of the line."""

    path: str
    line: int
    column: int
    source: str


class Locator:
    """Finds references in the text of one file."""

    def __init__(self, path: str, text: str, first_line: int = 1, code: Collection[int] | None = None) -> None:
        """Begin.

        Args:
            path: The path of the file, for places in it.
            text: Its whole content.
            first_line: Where to look from, from 1: front matter refers to nothing.
            code: The lines that are code, from 0; None if that is not known.
        """
        self.path = path
        self.lines = text.split("\n")
        self._text = blank_code(self.lines, fenced_lines(self.lines) if code is None else code)
        self._starts = list(accumulate([len(line) + 1 for line in self.lines], initial=0))
        self._first = self._starts[first_line - 1]
        self._next: dict[str, int] = {}
        self._patience = SEARCHES

    @cached_property
    def _targets(self) -> dict[str, int]:
        """Where each target first stands of those that are written plainly, as nearly all are."""
        found: dict[str, int] = {}
        for match in _TARGET.finditer(self._text, self._first):
            target = match[1]
            for one in (target, target.partition("?")[0], target[:1] + target[1:].partition("#")[0]):
                found.setdefault(one, match.start(1))
        return found

    def reference(self, target: str) -> Place | None:
        """Return the place of the next reference to a target that was not asked for yet; the last one again after."""
        for form in dict.fromkeys((target, target.replace("&", "&amp;"), target.replace(" ", "%20"))):
            first = self._targets.get(form)
            if first is not None:
                self._next.setdefault(form, first)
            elif self._patience:
                self._patience -= 1
            else:
                continue
            found = self._search(form, _before_reference)
            if found is not None:
                return found
        return None

    def text(self, needle: str) -> Place | None:
        """Return the place of the next occurrence of some text outside of code that was not asked for yet."""
        return self._search(needle, _anything)

    def code(self, needle: str) -> Place | None:
        """Return the place of some text in code: a line of its own, else in the head of a block, else anywhere."""
        if not needle:
            return None
        text, written = "\n".join(self.lines), re.escape(needle)
        forms = (rf"^[ \t>]*({written})[ \t]*$", rf"^[^\n]*?(?:`{{3,}}|~{{3,}})[^\n]*?({written})", rf"({written})")
        compiled = (re.compile(form, re.MULTILINE) for form in forms)
        found = next((match for form in compiled if (match := form.search(text, self._first))), None)
        return self.at(found.start(1)) if found else None

    def at(self, offset: int) -> Place:
        """Return the place of a character."""
        line = bisect_right(self._starts, offset) - 1
        return Place(self.path, line + 1, offset - self._starts[line] + 1, self.lines[line])

    def _search(self, needle: str, fits: Callable[[str, int, int], bool]) -> Place | None:
        if not needle:
            return None
        start = self._next.get(needle, self._first)
        for begin in (start, self._first):
            offset = self._text.find(needle, begin)
            while offset >= 0:
                if fits(self._text, offset, offset + len(needle)):
                    self._next[needle] = offset + len(needle)
                    return self.at(offset)
                offset = self._text.find(needle, offset + 1)
            if start == self._first:
                break
        return None


def _anything(text: str, begin: int, end: int) -> bool:
    return True


def _before_reference(text: str, begin: int, end: int) -> bool:
    """A target stands behind `](`, the `]:` of a definition, or the `=` of an attribute, and ends with the like."""
    if end < len(text) and text[end] not in ")>\"' \t\n#?":
        return False
    begin = _skip_back(text, begin, "<\"'")
    return begin >= 0 and (text[begin] == "=" or (text[begin] in "(:" and text[begin - 1 : begin] == "]"))


def _skip_back(text: str, position: int, signs: str) -> int:
    """Return the position of the character before a place, apart from space and one of the signs."""
    position -= 1
    while position >= 0 and text[position] in " \t\n":
        position -= 1
    return _skip_back(text, position, "") if position >= 0 and text[position] in signs and signs else position


def fenced_lines(lines: Sequence[str]) -> set[int]:
    """Return the numbers of lines that look like fenced code: what Python-Markdown's own parser would take as such."""
    found = set()
    fence = ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if fence:
            found.add(number)
            if mark and mark[1].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
        elif mark and "`" not in line[mark.end() :]:
            found.add(number)
            fence = mark[1]
    return found


def blank_code(lines: Sequence[str], code: Collection[int]) -> str:
    """Return the text with code replaced by spaces, so that offsets stay the same: lines of code, and code spans."""
    blanked = [
        _CODE_SPAN.sub(lambda span: " " * len(span[0]), line) if "`" in line and number not in code else line
        for number, line in enumerate(lines)
    ]
    for number in code:
        if number < len(lines):
            blanked[number] = " " * len(lines[number])
    return "\n".join(blanked)
