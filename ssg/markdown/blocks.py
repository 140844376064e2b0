"""The blocks of a text -> the element tree that Python-Markdown works on: its block parser, replaced.

This is the second phase after `outline.py`. Extensions register their block processors with this parser as with
Python-Markdown's own. Those of Python-Markdown and Material are known: the outline finds where their blocks begin and
end, by the rules of CommonMark, and the processor makes its element. Any other is offered each block as text, in the
way and order that Python-Markdown does it, before the block becomes anything else.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Self
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import HashHeaderProcessor
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
from ssg.markdown.outline import Opener, Outliner, Syntax
from ssg.markdown.page import Page, Problem
from ssg.markdown.references import define, normalize_label

_TITLED = {
    "admonition": ("!", re.compile(r"!!! ?[\w\-]")),
    "details": ("?", re.compile(r"\?\?\?\+? ?(?:[\w\-]|\")")),
    "tabbed": ("=", re.compile(r"===(?:\+|\+!|!\+|!)? +\"")),
}
"""Block processors whose content is indented, and how they begin."""
_ENCLOSED = re.compile(r"(/{3,})[ ]*([\w-]+)[ ]*(?:\|.*)?$", re.MULTILINE)
_ABBREVIATION = re.compile(r"\*\[[^\\\]]*\][ ]?:")
_KNOWN_MODULES = re.compile(
    r"markdown\.(?:blockprocessors|extensions\..*)|pymdownx\.(?:superfences|quotes|saneheaders|details|tabbed|blocks)"
    r"|mdx_truly_sane_lists.*"
)
_FIRST = {"pymdownx.arithmatex": "$\\"}
"""Characters that a block of a module's processors begins with."""
_SECTIONS = re.compile(
    "div|section|article|aside|details|figure|main|header|footer|nav|center|blockquote|dialog|fieldset|form|search"
)
"""Elements whose content is blocks, when it is Markdown."""
_OPENING = re.compile(
    r"\s*<([a-z]+)\b[^<>]*\smarkdown(?:\s*=\s*[\"']?(?:1|block|markdown)[\"']?)?(?:\s[^<>]*)?>\s*$", re.IGNORECASE
)


class Dialect(Markdown):
    """Python-Markdown with this parser."""

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
        self._syntax = Syntax()
        self._others: list[Any] = []
        """Block processors that are not known here."""
        self._deferred: DeferredPreprocessors
        self._page: Page
        self._footnotes: Any = None
        self._in_html: Any = None
        self._align_by_attribute = False
        self._depth = 0
        """So many levels are around what is parsed."""
        self._callouts = False
        self._content: Container | None = None
        """What belongs in the element that a processor is about to make."""

    def prepare(self, page: Page, *, stock: bool) -> None:
        """Look at what is registered.

        Args:
            page: Collects problems.
            stock: What Python-Markdown has always allowed goes on to work: see `Syntax`.
        """
        processors = self.blockprocessors
        names = {name: processors[name] for name in _registered(processors)}
        openers: dict[str, list[Opener]] = {}
        for name, (first, pattern) in _TITLED.items():
            if name in names:
                openers.setdefault(first, []).append(Opener(pattern, partial(_titled, names[name])))
        if "blocks" in names:
            openers["/"] = [Opener(_ENCLOSED, partial(_enclosed, names["blocks"]))]
        if "abbr" in names:
            openers["*"] = [Opener(_ABBREVIATION, partial(_special, names["abbr"]))]
        self._callouts = bool(getattr(names.get("quote"), "callouts", False))
        self._footnotes = getattr(names.get("footnote"), "footnotes", None)
        self._in_html = names.get("markdown_block")
        table: Any = names.get("table")
        self._align_by_attribute = bool(table and table.config["use_align_attribute"])
        self._others = [
            processor for processor in processors if not _KNOWN_MODULES.fullmatch(type(processor).__module__)
        ]
        code = getattr(names.get("code"), "config", {})
        if not stock:
            self.md.preprocessors.register(LineNormalizer(self.md), "normalize_whitespace", 30)
        self._stock = stock
        heading = names.get("hashheader")
        self._syntax = Syntax(
            openers=openers,
            tables=table is not None,
            footnotes=self._footnotes is not None,
            definitions="deflist" in names,
            indented_code="code" in names and not code.get("disable_indented_code_blocks"),
            markdown_in_html=self._in_html is not None,
            stock=stock,
            spaceless_headings=stock and type(heading) is HashHeaderProcessor,
        )
        self._page = page
        self._deferred = DeferredPreprocessors(self.md, page)

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
        outliner = Outliner(self._syntax, self._depth)
        for line in lines:
            outliner.add(line)
        root = outliner.finish()
        self._build(parent, root.children, root.lines, 0, tight=self.state.isstate("list"))

    def _build(
        self, parent: Element, nodes: Sequence[Node], lines: Sequence[str], first: int, *, tight: bool = False
    ) -> None:
        """Append the elements of blocks; `lines` is their text, which begins at the line of number `first`."""
        index = 0
        while index < len(nodes):
            node = nodes[index]
            if self._others and lines:
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
        block, end = "", start + 1
        for processor in self._others:
            module = type(processor).__module__
            if module in _FIRST and lines[start].lstrip(" ")[:1] not in _FIRST[module]:
                continue
            if not block:
                while end < len(lines) and lines[end].strip():
                    end += 1
                block = "\n".join(lines[start:end])
                indent = len(block) - len(block.lstrip(" "))
                if 0 < indent < 4:  # in a list, where Python-Markdown takes off just four
                    block = block[indent:].replace("\n" + " " * indent, "\n")
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
            tables.build(parent, node.lines, use_attribute=self._align_by_attribute)
        elif isinstance(node, Code):
            text = "\n".join(node.lines).rstrip("\n ")
            code = SubElement(SubElement(parent, "pre"), "code")
            code.text = AtomicString(code_escape(text.lstrip("\n")) + "\n")
        elif isinstance(node, Rule):
            SubElement(parent, "hr")
        elif isinstance(node, Quote):
            element = alerts.begin(parent, node, callouts=self._callouts)
            if element is None:
                element = SubElement(parent, "blockquote")
            self._inside(element, node)
        elif isinstance(node, DefinitionList):
            self._definitions(parent, node)
        elif isinstance(node, Footnote):
            if node.label not in self._footnotes.footnotes:
                self._footnotes.setFootnote(node.label, "\n".join(node.lines).rstrip())
        elif isinstance(node, Titled):
            self._titled(parent, node)
        elif isinstance(node, Enclosed):
            self._enclosed(parent, node)
        elif isinstance(node, Special):
            blocks = [node.text]
            if node.processor.run(parent, blocks) is False:
                self._paragraph(parent, node.text, tight)

    def _inside(self, element: Element, container: Container, *, tight: bool = False) -> None:
        with self._deeper():
            self._build(element, container.children, container.lines, container.start, tight=tight)

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
        if text.startswith("///") and "/" in self._syntax.openers and _ENCLOSED.match(text):
            self._page.problems.append(_unread(text))
        if self._in_html and text.startswith(STX):
            blocks = [text]
            if self._in_html.run(parent, blocks) is not False:
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
                if self._in_html.run(parent, ["\n".join(done).strip()]) is not False:
                    with self._deeper(PARSED_AGAIN):
                        self._parse(parent[-1], inside)
                    return
            done = self._deferred.html(lines)
            if done != lines:
                with self._deeper(PARSED_AGAIN):
                    self._parse(parent, done)
                return
        SubElement(parent, "p").text = self.md.htmlStash.store(RawBlock("\n".join(lines)))


def _registered(registry: Any) -> list[str]:
    list(registry)  # brings its items in order
    return [item.name for item in registry._priority]


def _titled(processor: Any, start: int, found: re.Match[str]) -> Node:
    return Titled(start, processor)


def _enclosed(processor: Any, start: int, found: re.Match[str]) -> Node | None:
    if found[2].lower() not in processor.blocks:
        return None
    return Enclosed(start, processor, found[1])


def _special(processor: Any, start: int, found: re.Match[str]) -> Node:
    return Special(start, processor, found.string)


def _unread(text: str) -> Problem:
    hint = "look for a name or an option that is misspelled"
    return Problem("unread-block", "this is not read as the start of a block", text.partition("\n")[0], hint)
