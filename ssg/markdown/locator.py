"""Something that is wrong in a page -> its line and column in the author's file.

Python-Markdown forgets where its input came from. What we know of a reference is its target and its rank among
references with the same target; so it is looked up in the source, where code is blanked out first.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

_FENCE = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])?[ \t]*(`{3,}|~{3,})")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")

_TARGET = re.compile(r"[(<\"'=:][ \t\n]*([^()<>\"' \t\n]+)")
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

    def __init__(self, path: str, text: str, first_line: int = 1) -> None:
        """Look in `text`, the whole content of the file at `path`, from a line on: front matter refers to nothing."""
        self.path = path
        self.lines = text.split("\n")
        self._whole = text
        self._text = blank_code(self.lines)
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
    """A target stands behind `(`, `<`, a quote, `=` or the colon of a definition, and ends with the like."""
    begin -= 1
    while begin >= 0 and text[begin] in " \t\n":
        begin -= 1
    return begin >= 0 and text[begin] in "(<\"'=:" and (end >= len(text) or text[end] in ")>\"' \t\n#?")


def blank_code(lines: list[str]) -> str:
    """Return the text with code blocks and code spans replaced by spaces, so that offsets stay the same."""
    blanked = []
    fence = ""
    for line in lines:
        found = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if fence:
            if found and found[1].startswith(fence) and not line[found.end() :].strip():
                fence = ""
            blanked.append(" " * len(line))
        elif found and "`" not in line[found.end() :]:
            fence = found[1]
            blanked.append(" " * len(line))
        elif "`" in line:
            blanked.append(_CODE_SPAN.sub(lambda span: " " * len(span[0]), line))
        else:
            blanked.append(line)
    return "\n".join(blanked)
