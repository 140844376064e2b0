"""The blocks of a text -> the element tree that Python-Markdown works on: its block parser, replaced.

This is the second phase after `outline.py`. Extensions register their block processors with this parser as with
Python-Markdown's own. Those of Python-Markdown and Material are known: the outline finds where their blocks begin and
end, by the rules of CommonMark, and the processor makes its element. Any other is offered each block as text, in the
way and order that Python-Markdown does it, before the block becomes anything else.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.util import STX, AtomicString, code_escape

from ssg.markdown import alerts, tables
from ssg.markdown.deferred import DeferredPreprocessors, RawBlock
from ssg.markdown.definitions import split_definitions
from ssg.markdown.lines import LineNormalizer
from ssg.markdown.nodes import (
    PARSED_AGAIN,
    Code,
    Container,
    Definition,
    DefinitionList,
    Enclosed,
    Fence,
    Footnote,
    Heading,
    Html,
    List,
    Node,
    Paragraph,
    Quote,
    Rule,
    Special,
    Table,
    Titled,
    apart,
)
from ssg.markdown.outline import Outliner
from ssg.markdown.page import Page, Problem
from ssg.markdown.processors import ENCLOSED, known
from ssg.markdown.references import define, normalize_label

_SECTIONS = re.compile(
    "div|section|article|aside|details|figure|main|header|footer|nav|center|blockquote|dialog|fieldset|form|search"
)
"""Elements whose content is blocks, when it is Markdown."""
_OPENING = re.compile(
    r"\s*<([a-z]+)\b[^<>]*\smarkdown(?:\s*=\s*[\"']?(?:1|block|markdown)[\"']?)?(?:\s[^<>]*)?>\s*$", re.IGNORECASE
)


class Dialect(Markdown):
    """Python-Markdown with this parser."""

    _toc: str | Callable[[], str] = ""

    @property
    def toc(self) -> str:
        """The table of contents as HTML, which is made when it is asked for."""
        if not isinstance(self._toc, str):
            self._toc = self._toc()
        return self._toc

    @toc.setter
    def toc(self, toc: str | Callable[[], str]) -> None:
        self._toc = toc

    def build_parser(self) -> Self:
        """Build the parser, with Python-Markdown's own block processors for extensions to find, replace or take out."""
        super().build_parser()
        processors = self.parser.blockprocessors
        self.parser = DialectParser(self)
        for processor in processors:
            processor.parser = self.parser
        self.parser.blockprocessors = processors
        return self


class DialectParser(BlockParser):
    """Python-Markdown's block parser by GitHub's rules."""

    def __init__(self, md: Markdown) -> None:
        """Take the place of `md.parser`; `prepare` when all extensions are loaded."""
        super().__init__(md)
        self._known = known(self.blockprocessors, stock=False)
        self._offered: list[Any] = []
        """Processors that are not known, and may have something to do in the text that is parsed."""
        self._deferred: DeferredPreprocessors
        self._page: Page
        self._depth = 0
        """So many levels are around what is parsed."""
        self._content: Container | None = None
        """What belongs in the element that a processor is about to make."""
        self._page_outline = Container(0)

    def prepare(self, page: Page, *, stock: bool) -> None:
        """Look at what is registered.

        Args:
            page: Collects problems.
            stock: What Python-Markdown has always allowed goes on to work; see `Syntax`.
        """
        self._known = known(self.blockprocessors, stock=stock)
        if not stock:
            self.md.preprocessors.register(LineNormalizer(self.md), "normalize_whitespace", 30)
        self._stock = stock
        self._page = page
        self._deferred = DeferredPreprocessors(self.md, page)

    def parseDocument(self, lines: Iterable[str]) -> Any:  # noqa: N802 - Python-Markdown's name
        """Parse a page."""
        self.root = Element(self.md.doc_tag)
        self._page_outline = self._outline(list(lines))
        self._fill(self.root, self._page_outline)
        return ElementTree(self.root)

    def code_lines(self, lines: Sequence[str]) -> set[int]:
        """Return the numbers of the lines that are code, in the page that was parsed last or in any other text."""
        outline = self._page_outline
        # what was parsed may have become another text by snippets; a glossary adds lines to its end
        if outline.lines[: len(lines)] != lines:
            outline = self._outline(lines)
        return set(self._code_lines(outline.children))

    def _code_lines(self, nodes: Iterable[Node]) -> Iterator[int]:
        for node in nodes:
            if isinstance(node, Fence | Code):
                yield from range(node.start, node.end + 1)
            elif isinstance(node, Html) and node.has_markdown:
                inside = self._outline(node.lines[1:], self._depth + 1).children
                yield from (node.start + 1 + number for number in self._code_lines(inside))
            elif isinstance(node, List):
                yield from self._code_lines(node.items)
            elif isinstance(node, Container | DefinitionList):
                yield from self._code_lines(node.children)

    def parseChunk(self, parent: Element, text: str) -> None:  # noqa: N802 - Python-Markdown's name
        """Parse a text into `parent`."""
        self.parseBlocks(parent, [text])

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802 - Python-Markdown's name
        """Parse blocks into `parent`, and take them from the list."""
        content, self._content = self._content, None
        text = "\n\n".join(blocks)
        blocks.clear()
        if content is not None:
            self._inside(parent, content)
        if text.strip():
            self._parse(parent, text.split("\n"))

    def _parse(self, parent: Element, lines: Sequence[str]) -> None:
        self._fill(parent, self._outline(lines, self._depth))

    def _fill(self, parent: Element, outline: Container) -> None:
        before = self._offered
        text = "\n".join(outline.lines) if self._known.others else ""
        self._offered = [
            one for one, needed in self._known.others if not needed or any(sign in text for sign in needed)
        ]
        self._build(parent, outline.children, outline.lines, 0, tight=self.state.isstate("list"))
        self._offered = before

    def _outline(self, lines: Sequence[str], depth: int = 0) -> Container:
        outliner = Outliner(self._known.syntax, depth)
        outliner.read(lines)
        return outliner.finish()

    def _build(
        self, parent: Element, nodes: Sequence[Node], lines: Sequence[str], first: int, *, tight: bool = False
    ) -> None:
        """Append the elements of blocks; `lines` is their text, which begins at the line of number `first`."""
        index = 0
        while index < len(nodes):
            node = nodes[index]
            if self._offered and lines:
                left = self._offer(parent, lines, node.start - first)
                if left is not None:
                    position = len(lines) - len(left) + first
                    index = next((at for at, one in enumerate(nodes) if one.start >= position), len(nodes))
                    if lines[len(lines) - len(left) :] != left or any(one.end >= position for one in nodes[:index]):
                        self._parse(parent, left)
                        return
                    continue
            self._append(parent, node, tight)
            index += 1

    def _offer(self, parent: Element, lines: Sequence[str], start: int) -> list[str] | None:
        """Offer the block at a line to processors that are not known; return the lines left if one took it."""
        end = start + 1
        while end < len(lines) and lines[end].strip():
            end += 1
        block = "\n".join(lines[start:end])
        indent = len(block) - len(block.lstrip(" "))
        if 0 < indent < 4:  # in a list, where Python-Markdown takes off just four
            block = block[indent:].replace("\n" + " " * indent, "\n")
        for processor in self._offered:
            if processor.test(parent, block):
                rest = "\n".join(lines[end + 1 :]).split("\n\n") if end + 1 < len(lines) else ()
                blocks = [block, *rest]
                if processor.run(parent, blocks) is not False:
                    return "\n\n".join(blocks).split("\n") if blocks else []
        return None

    def _append(self, parent: Element, node: Node, tight: bool) -> None:
        if isinstance(node, Paragraph):
            self._paragraph(parent, "\n".join(node.lines).rstrip(), tight)
        elif isinstance(node, Heading):
            text = self._define(node.text) if node.underlined else node.text
            SubElement(parent, f"h{node.level}").text = text
        elif isinstance(node, List):
            self._list(parent, node)
        elif isinstance(node, Fence):
            SubElement(parent, "p").text = self._deferred.placeholder(node)
        elif isinstance(node, Html):
            self._html(parent, node)
        elif isinstance(node, Table):
            tables.build(parent, node.lines, use_attribute=self._known.align_by_attribute)
        elif isinstance(node, Code):
            text = "\n".join(node.lines).rstrip("\n ")
            code = SubElement(SubElement(parent, "pre"), "code")
            code.text = AtomicString(code_escape(text.lstrip("\n")) + "\n")
        elif isinstance(node, Rule):
            SubElement(parent, "hr")
        elif isinstance(node, Quote):
            element = alerts.begin(parent, node, callouts=self._known.callouts)
            if element is None:
                element = SubElement(parent, "blockquote")
            self._inside(element, node)
        elif isinstance(node, DefinitionList):
            self._definitions(parent, node)
        elif isinstance(node, Footnote):
            if node.label not in self._known.footnotes.footnotes:
                self._known.footnotes.setFootnote(node.label, "\n".join(node.lines).rstrip())
        elif isinstance(node, Titled):
            self._titled(parent, node)
        elif isinstance(node, Enclosed):
            self._enclosed(parent, node)
        elif isinstance(node, Special):
            blocks = [node.text]
            if node.processor.run(parent, blocks) is False:
                self._paragraph(parent, node.text, tight)

    def _inside(self, element: Element, container: Container, *, tight: bool = False) -> None:
        self._depth += 1
        try:
            self._build(element, container.children, container.lines, container.start, tight=tight)
        finally:
            self._depth -= 1

    @contextmanager
    def _deeper(self, levels: int = 1) -> Iterator[None]:
        self._depth += levels
        try:
            yield
        finally:
            self._depth -= levels

    def _paragraph(self, parent: Element, text: str, tight: bool) -> None:
        if text.startswith("["):
            text = self._define(text)
            if not text:
                return
        if text.startswith("///") and "/" in self._known.syntax.openers and ENCLOSED.match(text):
            self._page.problems.append(_unread(text))
        if self._known.in_html and text.startswith(STX):
            blocks = [text]
            if self._known.in_html.run(parent, blocks) is not False:
                self.parseBlocks(parent, blocks)
                return
        if not tight:
            SubElement(parent, "p").text = text
        elif len(parent):
            last = parent[-1]
            last.tail = f"{last.tail}\n{text}" if last.tail else text
        else:
            parent.text = f"{parent.text}\n{text}" if parent.text else text

    def _define(self, text: str) -> str:
        """Remember the link definitions that a text begins with, and return what is left of it."""
        definitions, text = split_definitions(text)
        references: Any = self.md.references
        for label, destination, title in definitions:
            define(references, label, destination, title)
            if self._stock:  # its own inline patterns look for this form
                references.setdefault(label.strip().lower(), references[normalize_label(label)])
        return text

    def _list(self, parent: Element, listing: List) -> None:
        element = SubElement(parent, "ul" if listing.number is None else "ol")
        if listing.number not in (None, 1):
            element.set("start", str(listing.number))
        tight = not listing.is_loose()
        for item in listing.items:
            self._inside(SubElement(element, "li"), item, tight=tight)

    def _definitions(self, parent: Element, listing: DefinitionList) -> None:
        element = SubElement(parent, "dl")
        for one in listing.children:
            if isinstance(one, Definition):
                self._inside(SubElement(element, "dd"), one, tight=not (one.loose or apart(one.children)))
            else:
                for line in one.lines:
                    SubElement(element, "dt").text = line.strip()

    def _titled(self, parent: Element, node: Titled) -> None:
        """Let the processor make its element from the first line alone; it has this parser fill the element."""
        self._content = node
        with self._deeper():
            node.processor.run(parent, [node.lines[0]])
        self._content = None

    def _enclosed(self, parent: Element, node: Enclosed) -> None:
        lines = self._deferred.stash(node.lines)
        text = "\n".join([*lines, node.marks])
        if node.processor.test(parent, text):
            with self._deeper(node.levels):
                node.processor.run(parent, [text])
        else:
            self._paragraph(parent, node.lines[0], tight=False)
            self._inside(parent, node)

    def _html(self, parent: Element, node: Html) -> None:
        lines = node.lines
        while not lines[-1].strip():
            del lines[-1]
        if node.has_markdown:
            opening = _OPENING.match(lines[0])
            tag = opening[1].lower() if opening else ""
            if _SECTIONS.fullmatch(tag) and len(lines) > 1 and lines[-1].strip().lower() == f"</{tag}>":
                inside = lines[1:-1]
                done = self._deferred.html([lines[0], lines[-1]])
                if self._known.in_html.run(parent, ["\n".join(done).strip()]) is not False:
                    with self._deeper(PARSED_AGAIN):
                        self._parse(parent[-1], inside)
                    return
            done = self._deferred.html(lines)
            if done != lines:
                with self._deeper(PARSED_AGAIN):
                    self._parse(parent, done)
                return
        SubElement(parent, "p").text = self.md.htmlStash.store(RawBlock("\n".join(lines)))


def _unread(text: str) -> Problem:
    hint = "look for a name or an option that is misspelled"
    return Problem("unread-block", "this is not read as the start of a block", text.partition("\n")[0], hint)
