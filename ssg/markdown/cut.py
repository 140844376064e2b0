r"""A page's HTML -> the same with marks in place of its highlighted code, and back.

Half of a page about software is tags around words of code, in which there is nothing to look for: no reference, and no
id. The mark for code n is `\0` n `\0`: U+0000 cannot stand in a page.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

_CUT = re.compile("\0([0-9]{1,6})\0")
_BEFORE, _AFTER = "<code>", "</code>"


class Code(NamedTuple):
    """A block of highlighted code: what is between `<code>` and `</code>`, and its text."""

    html: str
    text: str


def cut(html: str, code: Sequence[Code]) -> tuple[str, list[Code]]:
    """Return a page's HTML with marks for code, and the code that they stand for: what is found, in this order."""
    pieces: list[str] = []
    found: list[Code] = []
    done = 0
    for one in code:
        start = html.find(f"{_BEFORE}{one.html}{_AFTER}", done)
        if start >= 0:
            start += len(_BEFORE)
            pieces.append(f"{html[done:start]}\0{len(found)}\0")
            found.append(one)
            done = start + len(one.html)
    return "".join((*pieces, html[done:])), found


def with_html(html: str, code: Sequence[Code]) -> str:
    """Return what was there before `cut`."""
    return _filled(html, [one.html for one in code])


def with_text(text: str, code: Sequence[Code]) -> str:
    """Return a text with that of code in place of the marks."""
    return _filled(text, [one.text for one in code])


def _filled(text: str, values: Sequence[str]) -> str:
    def value(mark: re.Match[str]) -> str:
        number = int(mark[1])
        return values[number] if number < len(values) else mark[0]  # what an included file or an extension put there

    return _CUT.sub(value, text) if values else text
