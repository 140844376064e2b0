"""A page's HTML -> its text by heading (what search looks through) and its ids (what links may point at)."""

import html
import re
from collections.abc import Mapping, Sequence

from ssg.markdown.cut import Code, with_text
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
_BLOCK = re.compile(  # the most frequent first
    r"</?(?:p|li|div|pre|td|tr|ul|br|address|article|aside|blockquote|dd|details|dl|dt|figcaption|figure|footer|form|"
    r"h[1-6]|header|hr|label|main|nav|ol|section|summary|table|tbody|tfoot|th|thead|video)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")
_SPAN = re.compile(r"</?span[^>]*>")
"""Nearly all tags of a page with code; without them the others are found much sooner."""
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^<>]*)>")
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"})
_PRE = re.compile(r"<pre\b")
_SECTION, _CODE, _CODE_END = "\x02", "\x03", "\x04"
"""Marks in text: where a section begins, and where code begins and ends."""
_MARK = re.compile("([\x02-\x04])")
_CODE_MARK = re.compile("[\x03\x04]")
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


def sections(text: str, headings: Sequence[Heading], code: Sequence[Code] = ()) -> tuple[Section, ...]:
    """Return the sections of a page: one for what is before the first heading, and one for each heading.

    Args:
        text: The page's HTML.
        headings: The page's headings.
        code: What marks in the HTML stand for; see `cut.py`.
    """
    text = _SPAN.sub("", text)
    if EXCLUDED in text:
        text = _without_excluded(text)
    if _SECTION in text or _CODE in text or _CODE_END in text:
        text = _MARK.sub("", text)
    names, text = _with_headings_marked(text, {heading.id: heading.text for heading in headings})
    if _DROPPED.search(text):
        text = _SECTION.join(substitute(_DROPPED, _DROPPED_END, lambda part: " ", one) for one in text.split(_SECTION))
    text = _with_code_marked(text)
    bare = _without_tags(text)
    if any(bare.count(mark) != text.count(mark) for mark in (_SECTION, _CODE, _CODE_END)):
        # there is a `<` whose `>` comes after a mark
        bare = "".join(map(_without_tags, _MARK.split(text)))
    bare = html.unescape(bare)
    if code:
        bare = with_text(bare, [one._replace(text=_MARK.sub("", one.text)) for one in code])
    found: list[Section] = []
    for name, part in zip(names, bare.split(_SECTION), strict=True):
        if name is not None:
            words, spans = _folded(part)
            if words or name[0]:
                found.append(Section(*name, words, spans))
    return tuple(found)


def _with_headings_marked(text: str, titles: Mapping[str, str]) -> tuple[list[tuple[str, str] | None], str]:
    """Return the id and title of each section, None if it is kept out, and the HTML with marks between them."""
    names: list[tuple[str, str] | None] = [("", "")]
    parts: list[str] = []
    start = position = 0
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
            parts.append(text[start : match.start()])
            names.append(None if EXCLUDED in match[1] else (name[1], titles[name[1]]))
            start = position
    return names, _SECTION.join((*parts, text[start:]))


def _with_code_marked(text: str) -> str:
    """Return HTML with marks around blocks of code. None goes on into another section."""
    if "</pre>" not in text:
        return text
    *blocks, rest = text.split("</pre>")
    parts: list[str] = []
    for block in blocks:
        begin = _PRE.search(block, block.rfind(_SECTION) + 1)
        if begin is None:
            parts += (block, " ")
        else:
            parts += (block[: begin.start()], _CODE, block[begin.start() :], _CODE_END)
    return "".join((*parts, rest))


def _without_tags(text: str) -> str:
    end = text.rfind(">") + 1  # where no tag ends any more, none is looked for
    return _TAG.sub("", _BLOCK.sub(" ", text[:end])) + text[end:]


def _folded(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return a text with its white space folded and without marks of code, and where code begins and ends."""
    if _CODE not in text:
        return " ".join(text.split()), ()
    done = ""
    code: list[tuple[int, int]] = []
    for number, piece in enumerate(_CODE_MARK.split(text)):
        if words := " ".join(piece.split()):
            done += f" {words}" if done else words
            if number % 2:
                code.append((len(done) - len(words), len(done)))
    return done, tuple(code)


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


def anchors(text: str) -> tuple[str, ...]:
    """Return the ids in a page's HTML in order, but for those of single lines of code."""
    return tuple(dict.fromkeys(html.unescape(one) for one in _ID.findall(text) if not one.startswith("__")))
