"""Text -> code, links, images, HTML, entities and line breaks: what CommonMark tells apart from left to right.

One scan over the text with a stack of brackets, as in https://spec.commonmark.org/0.31.2/#phase-2-inline-structure:
what begins first counts, an inner link wins over an outer one. Emphasis and all else is left for later passes.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString, code_escape

from ssg.markdown import angles, references
from ssg.markdown.inline import first_characters
from ssg.markdown.links import is_elsewhere
from ssg.markdown.page import Page, Problem
from ssg.markdown.passes import GithubInlineProcessor, Pass
from ssg.markdown.references import ENTITY

_TICKS = re.compile("`+")
_INDENT = re.compile("\n +")
_SPACE = re.compile(r"[ \t\n]*+")
_ENTITY = re.compile(ENTITY)
_LIKE_ENTITY = re.compile(r"&(?:#?[0-9a-zA-Z]++;|\S{1,40}?[;\\&])")
"""What may look like an entity in the end, so that its first character must be escaped now."""
_PLAIN_TARGET = re.compile(r"\(([^\s()<>\\&\"']++)\)")
_ESCAPES = {character: f"\x02{ord(character)}\x03" for character in map(chr, range(33, 127)) if not character.isalnum()}
_SUGGESTIONS = 20
"""For so many problems of a page it is worth the time to look what was meant."""
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\xa0": "&nbsp;"}
"""What stays an entity: these mean something in HTML, and a space that is meant must not be stripped as white space."""


class _Bracket:
    """A bracket that may begin a link or an image."""

    __slots__ = ("image", "is_active", "nested", "piece", "start")

    def __init__(self, piece: int, start: int, *, image: bool) -> None:
        self.piece = piece
        """The index of the bracket among the pieces of the result."""
        self.start = start
        """Where the text behind it begins."""
        self.image = image
        self.is_active = True
        self.nested = False
        """Whether there is a bracket in it, so that its text is no label."""


class Spans(Pass):
    """The first pass."""

    def __init__(self, md: Markdown, page: Page) -> None:
        """Tell problems to `page`."""
        super().__init__(md, "")
        self.page = page
        self.claimed: list[Any] = []
        self.literals: dict[str, list[Any]] = {}
        self._highlighter: Any = None
        self._compile("")

    def claim(self, patterns: Iterable[Any]) -> None:
        """Take in patterns that want to see text before backslashes mean anything: of math, for example.

        They become part of the scan, so that what begins first counts with them too. One whose matches may begin with
        anything is left alone, and runs in its turn.
        """
        for pattern in patterns:
            first = first_characters(pattern.getCompiledRegExp()) if isinstance(pattern, InlineProcessor) else None
            if first:
                self.claimed.append(pattern)
                for character in first:
                    self.literals.setdefault(character, []).append(pattern)
        self._compile(re.escape("".join(sorted(self.literals))))

    def highlight(self, pattern: Any) -> None:
        """Have code that names its language highlighted by the pattern of `pymdownx.inlinehilite`."""
        self._highlighter = pattern

    def _compile(self, others: str) -> None:
        self.compiled_re = re.compile(rf"[\\`<&\[{others}]|\n | \n")
        self._token = re.compile(rf"[\\`<&\[\]{others}]").search
        self._token_or_line = re.compile(rf"[\\`<&\[\]\n{others}]").search

    def transform(self, data: str, processor: GithubInlineProcessor, index: int) -> str:
        """Return the text with placeholders for all that was found."""
        if "\n " in data:
            data = _INDENT.sub("\n", data)
        return _Scan(self, data, processor, index).run(self._token_or_line if " \n" in data else self._token)

    def code(self, text: str) -> Element | str:
        """Return the element of a code span, given what stands between the backticks."""
        text = text.replace("\n", " ")
        if text[0] == " " == text[-1] and text.strip(" "):
            text = text[1:-1]
        if self._highlighter and text.startswith(("#!", ":::")):
            found = self._highlighter.RE_LANG.match(text)
            if found:
                self._highlighter.get_settings()
                source = text[found.end("lang") :].strip()
                made: Element | str = self._highlighter.handle_code(found["lang"], source)
                return made
        element = Element("code")
        element.text = AtomicString(code_escape(text))
        return element


class _Scan:
    """One scan over one text."""

    def __init__(self, owner: Spans, data: str, processor: GithubInlineProcessor, index: int) -> None:
        self.owner = owner
        self.data = data
        self.processor = processor
        self.index = index
        self.pieces: list[str] = []
        self.brackets: list[_Bracket] = []
        self.inactive = 0
        """So many brackets, from the first on, cannot begin a link any more."""
        self.ticks: dict[int, list[int]] | None = None
        self.html = angles.RawHtml(data)

    def run(self, token: Callable[[str, int], re.Match[str] | None]) -> str:
        data, pieces = self.data, self.pieces
        position = 0
        literals = self.owner.literals
        while found := token(data, position):
            start = found.start()
            if start > position:
                pieces.append(data[position:start])
            character = data[start]
            position = self.literal(start, literals[character]) if character in literals else 0
            if not position:
                position = _HANDLERS.get(character, _Scan.text)(self, start)
        pieces.append(data[position:])
        return "".join(pieces)

    def text(self, start: int) -> int:
        self.pieces.append(self.data[start])
        return start + 1

    def literal(self, start: int, patterns: list[Any]) -> int:
        """Return the end of what a pattern finds here, or 0."""
        data = self.data
        for pattern in patterns:
            match = pattern.getCompiledRegExp().match(data, start)
            if match is None or any(one in self.processor.ancestors for one in pattern.ANCESTOR_EXCLUDES):
                continue
            node, begin, end = pattern.handleMatch(match, data)
            if begin == start and end and end > start:
                found = data[start:end] if node is None else self.processor.stash_whole(node, self.index + 1)
                self.pieces.append(found)
                return int(end)
        return 0

    def backslash(self, start: int) -> int:
        following = self.data[start + 1 : start + 2]
        if following == "\n":
            self.line_break("\\")
            return start + 2
        if following in _ESCAPES:
            self.pieces.append(_HTML.get(following) or _ESCAPES[following])
            return start + 2
        self.pieces.append("\\")
        return start + 1

    def line_end(self, start: int) -> int:
        before = self.pieces[-1] if start and self.data[start - 1] == " " else ""
        if before:
            self.pieces[-1] = before.rstrip(" ")
        if before.endswith("  "):
            self.line_break(" ")
        else:
            self.pieces.append("\n")
        return start + 1

    def line_break(self, written: str) -> None:
        placeholder = self.processor.stash(Element("br"))
        self.processor.edges[placeholder] = (written, "\n")
        self.pieces.append(placeholder)

    def backticks(self, start: int) -> int:
        data = self.data
        close = data.find("`", start + 1)
        if close > start + 1 and data[close + 1 : close + 2] != "`":  # single ones, as nearly all are
            self.pieces.append(self.processor.stash(self.owner.code(data[start + 1 : close])))
            return close + 1
        if self.ticks is None:
            self.ticks = {}
            for run in _TICKS.finditer(data, start):
                self.ticks.setdefault(run.end() - run.start(), []).append(run.start())
        end = _TICKS.match(data, start).end()  # type: ignore[union-attr] # there is one
        same = self.ticks.get(end - start, ())
        rank = bisect_left(same, end)
        if rank == len(same):
            self.pieces.append(data[start:end])
            return end
        self.pieces.append(self.processor.stash(self.owner.code(data[end : same[rank]])))
        return same[rank] + end - start

    def ampersand(self, start: int) -> int:
        data = self.data
        found = _ENTITY.match(data, start)
        characters = references.entity(found[0]) if found else ""
        if found and characters:
            self.pieces += [_HTML.get(one) or f"\x02{ord(one)}\x03" for one in characters]
            return found.end()
        self.pieces.append("&amp;" if _LIKE_ENTITY.match(data, start) else "&")
        return start + 1

    def angle(self, start: int) -> int:
        data = self.data
        if found := angles.link(data, start):
            self.pieces.append(self.processor.stash(link_to(*found)))
            return start + len(found[1]) + 2
        end = self.html.end(start)
        if not end:
            self.pieces.append("<")
            return start + 1
        self.pieces.append(self.processor.md.htmlStash.store(data[start:end]))
        return end

    def opening(self, start: int) -> int:
        pieces = self.pieces
        image = bool(start and self.data[start - 1] == "!" and pieces and pieces[-1].endswith("!"))
        if image:
            pieces[-1] = pieces[-1][:-1]
        if self.brackets:
            self.brackets[-1].nested = True
        self.brackets.append(_Bracket(len(pieces), start + 1, image=image))
        pieces.append("![" if image else "[")
        return start + 1

    def closing(self, start: int) -> int:
        bracket = self.brackets.pop() if self.brackets else None
        self.inactive = min(self.inactive, len(self.brackets))
        found = self.target(bracket, start) if bracket and bracket.is_active else None
        if bracket is None or found is None:
            self.pieces.append("]")
            return start + 1
        destination, title, end = found
        text = "".join(self.pieces[bracket.piece + 1 :])
        del self.pieces[bracket.piece :]
        element = self.image(text, destination) if bracket.image else self.link(text, destination)
        if title:
            element.set("title", title.replace("&", "&amp;"))
        self.pieces.append(self.processor.stash(element))
        return end

    def link(self, text: str, destination: str) -> Element:
        for outer in self.brackets[self.inactive :]:
            outer.is_active = outer.image
        self.inactive = len(self.brackets)
        element = link_to(destination)
        self.processor.ancestors.append("a")
        element.text = self.processor.handle(text, self.index + 1)
        self.processor.ancestors.pop()
        return element

    def image(self, text: str, destination: str) -> Element:
        return Element("img", src=attribute_url(destination), alt=self.processor.handle(text, self.index + 1))

    def target(self, bracket: _Bracket, start: int) -> tuple[str, str | None, int] | None:
        """Return destination, title and end of the link whose text ends at a bracket, or None."""
        data = self.data
        after = start + 1
        following = data[after : after + 1]
        if following == "(":
            plain = _PLAIN_TARGET.match(data, after)
            if plain:
                return plain[1], None, plain.end()
            found = _inline(data, after + 1)
            if found:
                return found
        defined = self.owner.md.references
        label = references.parse_label(data, after) if following == "[" else None
        if label and label[0]:
            known = references.defined(defined, label[0])
            if known is None:
                self.undefined(label[0], bracket)
            return (*known, label[1]) if known else None
        if not defined:
            return None
        if not bracket.nested and start - bracket.start <= references.LABEL_LENGTH:
            known = references.defined(defined, data[bracket.start : start])
            if known:
                return (*known, label[1] if label else after)
        # text and label on two lines are no link on GitHub, but in Python-Markdown, and pages for Material have it;
        # what is shorter than two characters may be a box or a number
        label = references.parse_label(data, after + 1) if following == "\n" and start - bracket.start > 1 else None
        known = references.defined(defined, label[0]) if label else None
        return (*known, label[1]) if known and label else None

    def undefined(self, label: str, bracket: _Bracket) -> None:
        """Tell of a reference to what is not defined, unless it may be something else: a footnote, an index."""
        before = self.data[bracket.start - 2 : bracket.start - 1]
        if label.startswith("^") or label.strip() in ("", "x", "X") or before.isalnum() or before in ("_", ")", "]"):
            return
        problems = self.owner.page.problems
        few = len(problems) < _SUGGESTIONS
        wanted = references.normalize_label(label)
        # a slip of the pen leaves most of a word as it is; to compare it with all takes long
        like = [one for one in self.owner.md.references if abs(len(one) - len(wanted)) < 4 and one[:1] == wanted[:1]]
        known = get_close_matches(wanted, like, 1, 0.6) if few and like else []
        hint = f"did you mean '[{known[0]}]'?" if known else f"define it in a line of its own: [{label}]: page.md"
        message = f"there is no link definition for '[{label}]', so that this is shown as text"
        problems.append(Problem("undefined-reference", message, f"[{label}]", hint))


def _inline(data: str, start: int) -> tuple[str, str | None, int] | None:
    """Parse what stands in parentheses behind a link's text, from behind the first one on."""
    position = _skip(data, start)
    destination: tuple[str, int] | None = ("", position)
    if data[position : position + 1] != ")":
        destination = references.parse_destination(data, position)
    if destination is None:
        return None
    position = _skip(data, destination[1])
    title = references.parse_title(data, position) if position > destination[1] else None
    if title:
        position = _skip(data, title[1])
    return (destination[0], title[0] if title else None, position + 1) if data.startswith(")", position) else None


def _skip(data: str, position: int) -> int:
    return _SPACE.match(data, position).end()  # type: ignore[union-attr] # it matches anything


def attribute_url(url: str) -> str:
    """Return a URL as it stands in the tree, where an ampersand that is meant is written as an entity.

    What leads elsewhere is percent-encoded. A path in the project is kept as its author wrote it until it is resolved.
    """
    return (references.normalize_url(url) if is_elsewhere(url) else url).replace("&", "&amp;")


def link_to(url: str, text: str = "") -> Element:
    """Return the element of a link; its text is shown as it is."""
    element = Element("a", href=attribute_url(url))
    element.text = AtomicString(code_escape(text))
    return element


_HANDLERS: dict[str, Callable[[_Scan, int], int]] = {
    "\\": _Scan.backslash,
    "\n": _Scan.line_end,
    "`": _Scan.backticks,
    "&": _Scan.ampersand,
    "<": _Scan.angle,
    "[": _Scan.opening,
    "]": _Scan.closing,
}
