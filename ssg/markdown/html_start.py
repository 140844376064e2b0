"""How blocks of HTML begin and end: https://spec.commonmark.org/0.31.2/#html-blocks, and Markdown within them.

Two rules are ours. An element with an attribute `markdown` goes on to the tag that closes it, as Python-Markdown's
`md_in_html` has it. And an element that is still open at a blank line goes on when the next line is a tag that is
indented like code: nobody writes a block of code there, and pages for Material are full of indented HTML.
"""

import re

_BLOCK_TAGS = (
    "address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link "
    "main menu menuitem nav noframes ol optgroup option p param search section summary table tbody td tfoot th thead "
    "title tr track ul"
)
_MORE_TAGS = "button canvas hgroup map noscript object output video"
"""Elements that take Markdown when they ask for it, though CommonMark does not count them among blocks."""

_VERBATIM = re.compile(r"<(?:script|pre|style|textarea)(?:[\s>]|$)", re.IGNORECASE)
_VERBATIM_END = re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)
_OTHER_STARTS = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"))
_DECLARATION = re.compile(r"<![A-Za-z]")
_BLOCK = re.compile(rf"</?({'|'.join(_BLOCK_TAGS.split())})(?=[\s>]|/>|$)", re.IGNORECASE)
_MORE = re.compile(rf"<({'|'.join(_MORE_TAGS.split())})(?=[\s>]|$)", re.IGNORECASE)
_ATTRIBUTES = r"""(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*+"""
_ALONE = re.compile(rf"(?:<[A-Za-z][A-Za-z0-9-]*{_ATTRIBUTES}\s*/?>|</[A-Za-z][A-Za-z0-9-]*\s*>)\s*$")
_MARKDOWN = re.compile(r"\smarkdown(?=[\s=>/]|$)", re.IGNORECASE)
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


class Begun:
    """A block of HTML that goes on until its end was seen."""

    __slots__ = ("_close", "_end", "_fence", "_head", "_opened", "_tag", "_waits", "ended", "has_markdown")

    def __init__(self, tag: str, end: str | re.Pattern[str] | None, head: bool) -> None:
        """Begin.

        Args:
            tag: The name of the element, in lower case, or empty.
            end: What ends it, in the line that has it; None if a blank line does.
            head: The attributes of the tag may ask for Markdown.
        """
        self.ended = False
        self.has_markdown = False
        self._end = end
        self._tag, self._close = "<" + tag, "</" + tag
        self._opened = 0
        self._head: str | None = "" if head else None
        self._waits = False
        self._fence = ""

    def takes(self, line: str, blank: bool) -> bool:
        """Say whether the line belongs to it, and set `ended` if it is the last one."""
        if self._head is not None and not blank:
            self._head += line + "\n"
            tag, closed, _ = self._head.partition(">")
            if closed:
                self._head = None
                self.has_markdown = _MARKDOWN.search(tag) is not None
        if self.has_markdown:
            self._count(line)
            self.ended = self._opened <= 0 and not self._fence
            return True
        if isinstance(self._end, str):
            self.ended = self._end in line
            return True
        if self._end is not None:
            self.ended = self._end.search(line) is not None
            return True
        if blank:
            self._waits = True
            return len(self._tag) > 1 and self._opened > 0
        if self._waits and not (line.startswith(("    ", "\t")) and line.lstrip().startswith("<")):
            return False
        self._waits = False
        self._count(line)
        return True

    def _count(self, line: str) -> None:
        """Count how many elements of the name are open; in fenced code there are none."""
        if found := _FENCE.match(line):
            if not self._fence:
                self._fence = found[1]
                return
            if found[1].startswith(self._fence) and not line[found.end() :].strip():
                self._fence = ""
                return
        if not self._fence and "<" in line:
            self._opened += _count(line.lower(), self._tag) - _count(line.lower(), self._close)


def _count(line: str, sign: str) -> int:
    """Return how often a tag of just that name is in a line."""
    return sum(not following[:1].isalnum() for following in line.split(sign)[1:])


def begin(line: str, *, any_tag: bool, markdown: bool) -> Begun | None:
    """Return what begins in a line that starts with `<`, or None.

    Args:
        line: The line without its indentation.
        any_tag: Any tag that stands alone in its line begins a block.
        markdown: Elements may ask for Markdown.
    """
    if _VERBATIM.match(line):
        return Begun("", _VERBATIM_END, head=False)
    for start, end in _OTHER_STARTS:
        if line.startswith(start):
            return Begun("", end, head=False)
    if _DECLARATION.match(line):
        return Begun("", ">", head=False)
    if found := _BLOCK.match(line):
        opens = not line.startswith("</")
        return Begun(found[1].lower() if opens else "", None, head=markdown and opens)
    if markdown and (found := _MORE.match(line)) and _MARKDOWN.search(line.partition(">")[0]):
        return Begun(found[1].lower(), None, head=True)
    if any_tag and _ALONE.match(line):
        return Begun("", None, head=False)
    return None
