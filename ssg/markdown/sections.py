"""A page's HTML -> its text by heading (what search looks through) and its ids (what links may point at)."""

import html
import re
from collections.abc import Sequence

from ssg.markdown.delimited import substitute
from ssg.model import Heading, Section

EXCLUDED = "data-search-exclude"
"""What an author gives an element, or a heading for its section, to keep it out: the name is Material's."""
_HEADING = re.compile(r"<h[1-6]\b([^>]*)>")
_HEADING_END = re.compile(r"</h[1-6]>")
_HEADING_ID = re.compile(r"\sid=\"([^\"]*)\"")
_TITLE = re.compile(r"<h1\b[^>]*>", re.IGNORECASE)
_TITLE_END = re.compile(r"</h1>", re.IGNORECASE)
_DROPPED = re.compile(r"<(?:(script|style|svg|template)\b|(!--)|(td class=\"linenos\")>|(a class=\"headerlink\"))")
_DROPPED_END = {
    **{tag: re.compile(rf"</{tag}\s*>") for tag in ("script", "style", "svg", "template")},
    "!--": re.compile("-->"),
    'td class="linenos"': re.compile("</td>"),
    'a class="headerlink"': re.compile("</a>"),
}
_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|br|dd|details|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header|hr|"
    r"label|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|video)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")
_SPAN = re.compile(r"</?span\b[^>]*>")
"""Nearly all tags of a page with code; without them the others are found much sooner."""
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^<>]*)>")
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"})
_CODE = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)
_ID = re.compile(r"<(?!span class=\"[a-z0-9]+\">|a id=\"__)[a-zA-Z][^<>]*?\s(?:id|name)=[\"']([^\"']+)[\"']")


def plain(fragment: str) -> str:
    """Return the text of some HTML, white space folded."""
    if "<" in fragment:
        fragment = substitute(_DROPPED, _DROPPED_END, lambda part: " ", fragment)
        end = fragment.rfind(">") + 1  # where no tag ends any more, none is looked for
        fragment = _TAG.sub("", _BLOCK.sub(" ", fragment[:end])) + fragment[end:]
    return " ".join(html.unescape(fragment).split())


def title(text: str) -> str:
    """Return the text of the first heading of level 1 in some HTML, or nothing."""
    begin = _TITLE.search(text, 0, text.rfind(">") + 1)
    end = _TITLE_END.search(text, begin.end()) if begin else None
    return plain(text[begin.end() : end.start()]) if begin and end else ""


def sections(text: str, headings: Sequence[Heading]) -> tuple[Section, ...]:
    """Return the sections of a page's HTML: one for what is before the first heading, and one for each heading."""
    text = _SPAN.sub("", text)
    titles = {heading.id: heading.text for heading in headings}
    found: list[Section] = []
    anchor = title = ""
    start = 0
    kept = True
    if EXCLUDED in text:
        text = _without_excluded(text)
    position = 0
    limit = text.rfind(">") + 1
    while match := _HEADING.search(text, position, limit):
        position = match.end()
        name = _HEADING_ID.search(match[1])
        if name is None:
            continue
        end = _HEADING_END.search(text, position)
        if end is None:
            break
        position = end.end()
        if name[1] in titles:
            if kept:
                _add(found, anchor, title, text[start : match.start()])
            anchor, title = name[1], titles[name[1]]
            start = position
            kept = EXCLUDED not in match[1]
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
    fragment = substitute(_DROPPED, _DROPPED_END, lambda part: " ", fragment)
    end = fragment.rfind("</pre>") + len("</pre>") if "</pre>" in fragment else 0
    pieces = _CODE.split(fragment[:end])
    pieces[-1] += fragment[end:]
    for number, piece in enumerate(pieces):
        if words := plain(piece):
            text += f" {words}" if text else words
            if number % 2:
                code.append((len(text) - len(words), len(text)))
    if text or anchor:
        found.append(Section(anchor, title, text, tuple(code)))


def anchors(text: str) -> tuple[str, ...]:
    """Return the ids in a page's HTML in order, but for those of single lines of code."""
    return tuple(dict.fromkeys(html.unescape(one) for one in _ID.findall(text) if not one.startswith("__")))
