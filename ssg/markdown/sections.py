"""A page's HTML -> its text by heading (what search looks through) and its ids (what links may point at)."""

import html
import re
from collections.abc import Sequence

from ssg.model import Heading, Section

_HEADING = re.compile(r"<h[1-6]\b[^>]*?\sid=\"([^\"]*)\"[^>]*>(.*?)</h[1-6]>", re.DOTALL)
_DROPPED = re.compile(
    r"<(script|style|svg|template)\b.*?</\1\s*>|<!--.*?-->|<td class=\"linenos\">.*?</td>"
    r"|<a class=\"headerlink\".*?</a>",
    re.DOTALL,
)
_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|br|dd|details|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header|hr|"
    r"label|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|video)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")
_SPAN = re.compile(r"</?span\b[^>]*>")
"""Nearly all tags of a page with code; without them the others are found much sooner."""
_ID = re.compile(r"<(?!span class=\"[a-z0-9]+\">|a id=\"__)[a-zA-Z][^<>]*?\s(?:id|name)=[\"']([^\"']+)[\"']")


def plain(fragment: str) -> str:
    """Return the text of some HTML, white space folded."""
    if "<" in fragment:
        fragment = _TAG.sub("", _BLOCK.sub(" ", _DROPPED.sub(" ", fragment)))
    return " ".join(html.unescape(fragment).split())


def sections(text: str, headings: Sequence[Heading]) -> tuple[Section, ...]:
    """Return the sections of a page's HTML: one for what is before the first heading, and one for each heading."""
    text = _SPAN.sub("", text)
    titles = {heading.id: heading.text for heading in headings}
    found: list[Section] = []
    anchor = title = ""
    start = 0
    for match in _HEADING.finditer(text):
        if match[1] not in titles:
            continue
        _add(found, anchor, title, text[start : match.start()])
        anchor, title = match[1], titles[match[1]]
        start = match.end()
    _add(found, anchor, title, text[start:])
    return tuple(found)


def _add(found: list[Section], anchor: str, title: str, fragment: str) -> None:
    text = plain(fragment)
    if text or anchor:
        found.append(Section(anchor, title, text))


def anchors(text: str) -> tuple[str, ...]:
    """Return the ids in a page's HTML in order, but for those of single lines of code."""
    return tuple(dict.fromkeys(html.unescape(one) for one in _ID.findall(text) if not one.startswith("__")))
