"""Lines of Markdown -> the blocks that they are made of, by the rules of CommonMark, GitHub and Material.

This is the first of the two phases of https://spec.commonmark.org/0.31.2/#appendix-a-parsing-strategy: each line goes
through the containers that are open, may begin new blocks, and what is left of it is added to the innermost one. Every
line is looked at once, so it takes time linear in the length of the text. What the blocks become is up to `blocks.py`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ssg.markdown import html_start, starts, tables
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
    Item,
    List,
    Node,
    Paragraph,
    Quote,
    Rule,
    Special,
    Table,
    Titled,
)

DEPTH = 100
"""So many containers may stand within one another; what would be deeper is text."""

Rest = tuple[str, int] | bool
"""What is left of a line after a block began, and its column; True: nothing is, False: no block began."""


class Opener(NamedTuple):
    """A line that begins a block of an extension."""

    pattern: re.Pattern[str]
    make: Callable[[int, re.Match[str]], Node | None]
    """Makes the block, given the number of the line and the match."""


class Syntax(NamedTuple):
    """What there is besides CommonMark's blocks: those of extensions, and what Python-Markdown has always allowed."""

    openers: Mapping[str, Sequence[Opener]] = {}
    """By the first character of the line."""
    tables: bool = True
    footnotes: bool = False
    definitions: bool = False
    indented_code: bool = True
    markdown_in_html: bool = False
    stock: bool = False
    """A tag that is alone in its line begins a paragraph if it is an inline one."""
    spaceless_headings: bool = False
    """A heading needs no space after its signs."""


class Outliner:
    """Finds the blocks of a text, line by line. Lines may hold tabs."""

    def __init__(self, syntax: Syntax, depth: int = 0) -> None:
        """Begin with an empty text, `depth` levels within others."""
        self._syntax = syntax
        self._room = DEPTH - depth
        """So many more levels there may be."""
        self._root = Container(0)
        self._containers: list[Container] = [self._root]
        """Those that are open, the outermost first."""
        self._leaf: Node | None = None
        """The block of text that is open in the last of them."""
        self._number = -1
        self._last = -1
        """The last line that is not blank."""
        self._matched = 1
        """So many of the containers go on in this line."""
        self._starts: dict[str, Callable[[str, int, int], Rest]] = {
            ">": self._quote,
            "#": self._atx,
            "`": self._fence,
            "~": self._fence,
            "<": self._html,
            "=": self._underline,
            "-": self._dash,
            "_": self._rule,
            "*": self._star,
            "+": self._bullet,
            **dict.fromkeys("0123456789", self._ordered),
        }
        if syntax.definitions:
            self._starts[":"] = self._definition
        if syntax.footnotes:
            self._starts["["] = self._footnote

    def read(self, lines: Sequence[str]) -> None:
        """Process lines."""
        number, count = 0, len(lines)
        while number < count:
            self._add(lines[number])
            number += 1
            leaf = self._leaf
            if type(leaf) is Fence and len(self._containers) == 1 and not leaf.indent:
                start, marks = number, leaf.marks  # what `_add` would do, for the most frequent of all lines
                while number < count and marks not in lines[number]:
                    number += 1
                code = lines[start:number]
                leaf.lines += code
                self._root.lines += code
                self._number += len(code)
                blank = next((at for at, line in enumerate(reversed(code)) if line.strip()), None)
                self._last = self._last if blank is None else self._number - blank

    def _add(self, line: str) -> None:
        self._number += 1
        containers = self._containers
        rest, column = line, 0
        blank = not rest or rest.isspace()
        self._root.lines.append(rest)
        count = len(containers)
        matched = 1
        while matched < count:
            container = containers[matched]
            if (
                isinstance(container, Enclosed)
                and not isinstance(self._leaf, Fence)
                and rest.strip() == container.marks
            ):
                self._close(matched + 1)
                self._last = self._number
                self._close(matched)
                return
            goes_on = container.goes_on(rest, column, blank)
            if goes_on is None:
                break
            if goes_on[0] is not rest:
                rest, column = goes_on
                blank = not rest or rest.isspace()
            container.lines.append(rest)
            matched += 1
        self._matched = matched
        if matched < count and blank:
            self._close(matched)
        elif not (matched == count and self._goes_on(rest, column, blank)):
            self._begin(rest, column)
        if not blank or line.strip():
            self._last = self._number

    def finish(self) -> Container:
        """Close what is open, and return the container of all."""
        self._close(1)
        self._root.end = self._last
        return self._root

    def _goes_on(self, rest: str, column: int, blank: bool) -> bool:
        """Add a line to the open block of text if that is sure; say whether nothing is left of the line."""
        leaf = self._leaf
        if leaf is None:
            return blank
        if isinstance(leaf, Fence | Html):
            if leaf.takes(rest, column, blank):
                if leaf.closed:
                    self._last = self._number
                    self._close_leaf()
                return True
            self._close_leaf()
        elif isinstance(leaf, Code):
            if blank or starts.width(rest, column) >= 4:
                leaf.add(rest, column)
                return True
        elif blank:
            self._close_leaf()
        return blank

    def _begin(self, rest: str, column: int) -> None:
        """Begin the blocks that a line begins, and add what is left of it to the innermost."""
        while True:
            text = rest.lstrip(" \t")
            if not text:  # an item whose first line is empty
                return
            indent = len(rest) - len(text)
            if indent and starts.TAB.match(rest):
                indent = starts.width(rest, column)
            if indent >= 4:
                if isinstance(self._leaf, Paragraph | Table) or not self._syntax.indented_code:
                    break
                code = Code(self._number)
                self._open_leaf(code)
                code.add(rest, column)
                return
            begun: Rest = self._special(text) if text[0] in self._syntax.openers else False
            if begun is False and (start := self._starts.get(text[0])):
                begun = start(text, indent, column + indent)
            if begun is True:
                return
            if begun is False:
                break
            rest, column = begun
        self._text(text)

    def _text(self, text: str) -> None:
        leaf = self._leaf
        complete = self._matched == len(self._containers)
        if isinstance(leaf, Paragraph) and not complete:
            unmatched = self._containers[self._matched :]
            if all(isinstance(one, Quote | Item | Definition | Footnote) for one in unmatched):
                for container in unmatched:  # a lazy line: https://spec.commonmark.org/0.31.2/#lazy-continuation-line
                    container.lines.append(text)
                leaf.lines.append(text)
                return
        elif isinstance(leaf, Paragraph | Table):
            if not (isinstance(leaf, Paragraph) and self._table(leaf, text)):
                leaf.lines.append(text)
            return
        self._open_leaf(Paragraph(self._number, [text]))

    # What may begin a block. Each takes the line without its indentation, the width of that, and the line's column.

    def _quote(self, text: str, indent: int, column: int) -> Rest:
        rest = starts.after_quote(text, column)
        return self._open(Quote(self._number), rest[0]) and rest

    def _atx(self, text: str, indent: int, column: int) -> Rest:
        found = (starts.STOCK_ATX if self._syntax.spaceless_headings else starts.ATX).match(text)
        if not found:
            return False
        heading = Heading(self._number, len(found[1]), starts.without_closing_hashes(found[2] or ""))
        return self._append(heading)

    def _fence(self, text: str, indent: int, column: int) -> Rest:
        found = starts.FENCE.match(text)
        if not found or (text[0] == "`" and "`" in found[2]):
            return False
        return self._open_leaf(Fence(self._number, found[1], found[2], indent))

    def _html(self, text: str, indent: int, column: int) -> Rest:
        any_tag = not (self._syntax.stock or self._interrupts())
        markdown = self._syntax.markdown_in_html and self._has_room(PARSED_AGAIN)
        begun = html_start.begin(text, any_tag=any_tag, markdown=markdown)
        if begun is None:
            return False
        leaf = Html(self._number, begun)
        self._open_leaf(leaf)
        leaf.takes(" " * indent + text, column, False)
        if leaf.closed:
            self._last = self._number
            self._close_leaf()
        return True

    def _underline(self, text: str, indent: int, column: int) -> Rest:
        leaf = self._leaf
        if not (isinstance(leaf, Paragraph) and self._interrupts() and starts.UNDERLINE.match(text)):
            return False
        if leaf.only_definitions():
            return False
        heading = Heading(leaf.start, 1 if text[0] == "=" else 2, "\n".join(leaf.lines).rstrip(), underlined=True)
        heading.end = self._number
        self._containers[-1].children[-1] = heading
        self._leaf = None
        return True

    def _rule(self, text: str, indent: int, column: int) -> Rest:
        return starts.RULE.match(text) is not None and self._append(Rule(self._number))

    def _dash(self, text: str, indent: int, column: int) -> Rest:
        return self._underline(text, indent, column) or self._star(text, indent, column)

    def _star(self, text: str, indent: int, column: int) -> Rest:
        return self._rule(text, indent, column) or self._bullet(text, indent, column)

    def _bullet(self, text: str, indent: int, column: int) -> Rest:
        return text[1:2] in ("", " ", "\t") and self._item(text, indent, column, 1, text[0], None)

    def _ordered(self, text: str, indent: int, column: int) -> Rest:
        found = starts.ORDERED.match(text)
        return found is not None and self._item(text, indent, column, found.end(), found[2], int(found[1]))

    def _item(self, text: str, indent: int, column: int, length: int, kind: str, number: int | None) -> Rest:
        rest, padding, column = starts.after_marker(text[length:], column + length)
        if not self._has_room() or (self._interrupts() and (not rest or number not in (None, 1))):
            return False
        self._close(self._matched)
        siblings = self._containers[-1].children
        listing = siblings[-1] if siblings else None
        if not (isinstance(listing, List) and listing.kind == kind):
            listing = List(self._number, kind, number)
            siblings.append(listing)
        item = Item(self._number, indent + length + padding, indent + (4 if number is not None else length + padding))
        listing.items.append(item)
        self._push(item, rest)
        return rest, column

    def _definition(self, text: str, indent: int, column: int) -> Rest:
        found = starts.DEFINITION.match(text)
        siblings = self._containers[self._matched - 1].children
        before = siblings[-1] if siblings else None
        if not found or not self._has_room() or not isinstance(before, Paragraph | DefinitionList):
            return False
        self._close(self._matched)
        loose = self._number > before.end + 1
        if isinstance(before, Paragraph):  # its lines are the terms
            del siblings[-1]
            listing = siblings[-1] if siblings else None
            if not isinstance(listing, DefinitionList):
                listing = DefinitionList(before.start)
                siblings.append(listing)
            listing.children.append(before)
        else:
            listing = before
        definition = Definition(self._number, loose)
        listing.children.append(definition)
        self._push(definition, found[1])
        return found[1], column

    def _footnote(self, text: str, indent: int, column: int) -> Rest:
        found = starts.FOOTNOTE.match(text)
        if not found:
            return False
        rest = text[found.end() :]
        return self._open(Footnote(self._number, found[1]), rest) and (rest, column + found.end())

    def _special(self, text: str) -> Rest:
        for opener in self._syntax.openers[text[0]]:
            found = opener.pattern.match(text)
            node = opener.make(self._number, found) if found else None
            if isinstance(node, Titled | Enclosed):
                return self._open(node, text)
            if isinstance(node, Special):
                return self._append(node)
        return False

    def _table(self, paragraph: Paragraph, delimiter: str) -> bool:
        """Begin a table if a paragraph's last line and this one are its first two."""
        header = paragraph.lines[-1]
        if not (self._syntax.tables and tables.is_delimiter(delimiter) and tables.fits(header, delimiter)):
            return False
        siblings = self._containers[-1].children
        del paragraph.lines[-1]
        paragraph.end = self._number - 2
        if not paragraph.lines:
            del siblings[-1]
        self._leaf = Table(self._number - 1, [header, delimiter])
        siblings.append(self._leaf)
        return True

    def _interrupts(self) -> bool:
        """Say whether what begins here would end a paragraph that could go on."""
        return self._matched == len(self._containers) and isinstance(self._leaf, Paragraph)

    def _has_room(self, levels: int = 1) -> bool:
        """Say whether a container of so many levels may be opened in those that go on."""
        return self._room + sum(one.levels for one in self._containers[self._matched :]) >= levels

    def _open(self, container: Container, first_line: str) -> bool:
        if not self._has_room(container.levels):
            return False
        self._close(self._matched)
        self._containers[-1].children.append(container)
        self._push(container, first_line)
        return True

    def _push(self, container: Container, first_line: str) -> None:
        container.lines.append(first_line)
        self._containers.append(container)
        self._room -= container.levels
        self._matched = len(self._containers)

    def _open_leaf(self, leaf: Node) -> bool:
        self._append(leaf)
        self._leaf = leaf
        return True

    def _append(self, leaf: Node) -> bool:
        self._close(self._matched)
        leaf.end = self._number
        self._containers[-1].children.append(leaf)
        return True

    def _close_leaf(self) -> None:
        if self._leaf is not None:
            self._leaf.end = self._last
            self._leaf = None

    def _close(self, count: int) -> None:
        """Close the open leaf, and all but so many of the containers."""
        self._close_leaf()
        containers = self._containers
        while len(containers) > count:
            container = containers.pop()
            container.end = self._last
            self._room += container.levels
            siblings = containers[-1].children
            if isinstance(siblings[-1], List | DefinitionList):
                siblings[-1].end = self._last
