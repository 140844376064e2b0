"""A page's HTML -> its text by heading (what search looks through) and its ids (what links may point at)."""

import html
import re
from collections.abc import Sequence

from ssg.model import Heading, Section

EXCLUDED = "data-search-exclude"
"""What an author gives an element, or a heading for its section, to keep it out: the name is Material's."""
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
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^<>]*)>")
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"})
_CODE = re.compile(r"(<pre\b.*?</pre\s*>)", re.DOTALL)
_ID = re.compile(r"<[a-zA-Z][^<>]*?\s(?:id|name)=[\"']([^\"']+)[\"']")


def plain(fragment: str) -> str:
    """Return the text of some HTML, white space folded."""
    if "<" in fragment:
        fragment = _TAG.sub("", _BLOCK.sub(" ", _DROPPED.sub(" ", fragment)))
    return " ".join(html.unescape(fragment).split())


def sections(text: str, headings: Sequence[Heading]) -> tuple[Section, ...]:
    """Return the sections of a page's HTML: one for what is before the first heading, and one for each heading."""
    titles = {heading.id: heading.text for heading in headings}
    found: list[Section] = []
    anchor = title = ""
    start = 0
    kept = True
    if EXCLUDED in text:
        text = _without_excluded(text)
    for match in _HEADING.finditer(text):
        if match[1] not in titles:
            continue
        if kept:
            _add(found, anchor, title, text[start : match.start()])
        anchor, title = match[1], titles[match[1]]
        start = match.end()
        kept = EXCLUDED not in match[0].partition(">")[0]
    if kept:
        _add(found, anchor, title, text[start:])
    return tuple(found)


def _without_excluded(text: str) -> str:
    """Return HTML without the elements that are kept out, each up to its end tag; headings stay."""
    kept: list[str] = []
    at = depth = 0
    name = ""
    for tag in _ANY_TAG.finditer(text):
        if not name:
            if EXCLUDED in tag[3] and not tag[1] and not re.fullmatch(r"h[1-6]", tag[2]):
                kept.append(text[at : tag.start()])
                at = tag.end()
                name, depth = ("", 0) if tag[2] in _VOID or tag[3].endswith("/") else (tag[2], 1)
        elif tag[2] == name:
            depth += -1 if tag[1] else 1
            if not depth:
                name, at = "", tag.end()
    return "".join([*kept, "" if name else text[at:]])


def _add(found: list[Section], anchor: str, title: str, fragment: str) -> None:
    text = ""
    code: list[tuple[int, int]] = []
    for number, piece in enumerate(_CODE.split(_DROPPED.sub(" ", fragment))):
        if words := plain(piece):
            text += f" {words}" if text else words
            if number % 2:
                code.append((len(text) - len(words), len(text)))
    if text or anchor:
        found.append(Section(anchor, title, text, tuple(code)))


def anchors(text: str) -> tuple[str, ...]:
    """Return the ids in a page's HTML in order, but for those of single lines of code."""
    return tuple(dict.fromkeys(html.unescape(one) for one in _ID.findall(text) if not one.startswith("__")))
