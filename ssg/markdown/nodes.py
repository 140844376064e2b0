"""The blocks of a text, as `outline.py` finds them: where they begin and end, and what stands in them.

`start` and `end` are the numbers of their first and last lines, from 0, in the text that was outlined.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ssg.markdown import starts
from ssg.markdown.definitions import split_definitions
from ssg.markdown.html_start import Begun

PARSED_AGAIN = 10
"""As so many levels counts what an extension has parsed anew: each such level takes the time of a whole parse."""


class Node:
    """Any block."""

    __slots__ = ("end", "start")

    def __init__(self, start: int) -> None:
        """Begin at a line."""
        self.start = start
        self.end = start


class Paragraph(Node):
    """Lines of text without their indentation; link definitions may stand before the text."""

    __slots__ = ("lines",)

    def __init__(self, start: int, lines: list[str]) -> None:
        """Begin with some lines."""
        super().__init__(start)
        self.lines = lines

    def only_definitions(self) -> bool:
        """Say whether nothing would be left of it but link definitions."""
        return self.lines[0].startswith("[") and not split_definitions("\n".join(self.lines))[1]


class Heading(Node):
    """A heading; one that is underlined has several lines, and link definitions may stand before its text."""

    __slots__ = ("level", "text", "underlined")

    def __init__(self, start: int, level: int, text: str, underlined: bool = False) -> None:
        """Take its text."""
        super().__init__(start)
        self.level = level
        self.text = text
        self.underlined = underlined


class Rule(Node):
    """A thematic break."""

    __slots__ = ()


class Table(Node):
    """The lines of a table: the header, the delimiter row, and the rows."""

    __slots__ = ("lines",)

    def __init__(self, start: int, lines: list[str]) -> None:
        """Begin with the first two lines."""
        super().__init__(start)
        self.lines = lines


class Code(Node):
    """Indented code."""

    __slots__ = ("lines",)

    def __init__(self, start: int) -> None:
        """Begin without a line."""
        super().__init__(start)
        self.lines: list[str] = []

    def add(self, rest: str, column: int) -> None:
        """Add a line, with its indentation."""
        self.lines.append(starts.strip(rest, column, 4)[0])


class Fence(Node):
    """Fenced code. `closed` is False when the text, or the container around it, ended before."""

    __slots__ = ("closed", "indent", "info", "lines", "marks", "opening")

    def __init__(self, start: int, marks: str, info: str, indent: int) -> None:
        """Begin with the opening line; `indent` columns of space may be taken off the others."""
        super().__init__(start)
        self.opening = marks + info.rstrip()
        self.marks = marks
        self.info = info.strip(" \t")
        self.indent = indent
        self.lines: list[str] = []
        self.closed = False

    def takes(self, rest: str, column: int, blank: bool) -> bool:
        """Add a line, or close at one that is the end. Return True: it takes all there is."""
        if not blank:
            stripped = rest.lstrip(" ")
            if (
                stripped.startswith(self.marks)
                and not stripped.strip(self.marks[0]).strip(" \t")
                and len(rest) - len(stripped) < 4
            ):
                self.closed = True
                return True
        self.lines.append(starts.strip(rest, column, self.indent)[0] if self.indent else rest)
        return True


class Html(Node):
    """Lines of HTML that are left as they are."""

    __slots__ = ("_begun", "closed", "lines")

    def __init__(self, start: int, begun: Begun) -> None:
        """Begin with what its first line says."""
        super().__init__(start)
        self._begun = begun
        self.lines: list[str] = []
        self.closed = False

    @property
    def has_markdown(self) -> bool:
        """Say whether an attribute asks for Markdown in it."""
        return self._begun.has_markdown

    def takes(self, rest: str, column: int, blank: bool) -> bool:
        """Add a line if it belongs here."""
        if not self._begun.takes(rest, blank):
            return False
        self.lines.append(rest)
        self.closed = self._begun.ended
        return True


class Special(Node):
    """A line that an extension makes something of."""

    __slots__ = ("processor", "text")

    def __init__(self, start: int, processor: Any, text: str) -> None:
        """Keep it for the block processor."""
        super().__init__(start)
        self.processor = processor
        self.text = text


class Container(Node):
    """What holds other blocks. `lines` are its lines without what marks them as its own."""

    __slots__ = ("children", "lines")

    levels = 1
    """As how deep it counts."""

    def __init__(self, start: int) -> None:
        """Begin empty."""
        super().__init__(start)
        self.children: list[Node] = []
        self.lines: list[str] = []

    def goes_on(self, rest: str, column: int, blank: bool) -> tuple[str, int] | None:
        """Return what is left of a line that belongs to it, and the column this is at; None for any other line.

        All lines do, unless a kind of container says otherwise.
        """
        return rest, column


class Quote(Container):
    """A block quote."""

    __slots__ = ()

    def goes_on(self, rest: str, column: int, blank: bool) -> tuple[str, int] | None:
        """Take lines that are marked by `>`."""
        if blank:
            return None
        stripped = rest.lstrip(" ")
        indent = len(rest) - len(stripped)
        return starts.after_quote(stripped, column + indent) if indent < 4 and stripped[0] == ">" else None


class Indented(Container):
    """What belongs to it is indented."""

    __slots__ = ("_prefix", "offset")

    def __init__(self, start: int, offset: int = 4) -> None:
        """Take what is indented by `offset` columns."""
        super().__init__(start)
        self.offset = offset
        self._prefix = " " * offset

    def goes_on(self, rest: str, column: int, blank: bool) -> tuple[str, int] | None:
        """Take lines that are blank or indented far enough."""
        if blank:
            return rest, column
        if rest.startswith(self._prefix):
            return rest[self.offset :], column + self.offset
        if starts.TAB.match(rest) and starts.width(rest, column) >= self.offset:
            return starts.strip(rest, column, self.offset)
        return None


class Item(Indented):
    """An item of a list.

    What belongs to it begins where its own text begins (`offset`), or at least four columns behind its number:
    Python-Markdown has always wanted just as many.
    """

    __slots__ = ("_least",)

    def __init__(self, start: int, offset: int, least: int) -> None:
        """Take what is indented by `offset` columns, or less if that is still `least`."""
        super().__init__(start, offset)
        self._least = min(least, offset)

    def goes_on(self, rest: str, column: int, blank: bool) -> tuple[str, int] | None:
        """Take lines as any indented container, but only one line may be blank before something begins."""
        if blank and not self.children and not self.lines[0]:
            return None
        found = super().goes_on(rest, column, blank)
        if found is None and self._least < self.offset and starts.width(rest, column) >= self._least:
            return starts.strip(rest, column, self._least)
        return found


class Footnote(Indented):
    """The definition of a footnote."""

    __slots__ = ("label",)

    def __init__(self, start: int, label: str) -> None:
        """Define a label."""
        super().__init__(start)
        self.label = label


class Definition(Indented):
    """The definition of a term. `loose`: there is a blank line before it."""

    __slots__ = ("loose",)

    def __init__(self, start: int, loose: bool) -> None:
        """Begin after a term or another definition."""
        super().__init__(start)
        self.loose = loose


class Titled(Indented):
    """A block of an extension, all of whose content is indented below its first line: an admonition, a tab."""

    __slots__ = ("processor",)

    def __init__(self, start: int, processor: Any) -> None:
        """Keep the block processor."""
        super().__init__(start)
        self.processor = processor


class Enclosed(Container):
    """A block of an extension that ends with a line of its own: `/// note` up to `///`."""

    __slots__ = ("marks", "processor")

    levels = PARSED_AGAIN

    def __init__(self, start: int, processor: Any, marks: str) -> None:
        """Keep the block processor; a line of the same `marks` is the end."""
        super().__init__(start)
        self.processor = processor
        self.marks = marks


class List(Node):
    """Items that follow one another. `kind` is their bullet, or the sign after their number."""

    __slots__ = ("items", "kind", "number")

    def __init__(self, start: int, kind: str, number: int | None) -> None:
        """Begin without an item; `number` is that of the first one."""
        super().__init__(start)
        self.kind = kind
        self.number = number
        self.items: list[Item] = []

    def is_loose(self) -> bool:
        """Say whether a blank line stands between items, or between the blocks of an item."""
        return apart(self.items) or any(apart(item.children) for item in self.items)


class DefinitionList(Node):
    """Paragraphs of terms, each followed by its definitions."""

    __slots__ = ("children",)

    def __init__(self, start: int) -> None:
        """Begin empty."""
        super().__init__(start)
        self.children: list[Paragraph | Definition] = []


def apart(nodes: Sequence[Node]) -> bool:
    """Say whether a blank line stands between any two of the blocks that follow one another."""
    return any(later.start > former.end + 1 for former, later in pairwise(nodes))
