"""Tables by https://github.github.com/gfm/#tables-extension-; a pipe in a code span is text, as in Python-Markdown."""

import re
from xml.etree.ElementTree import Element, SubElement

_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*+\|?[ \t]*$")
_SIGNS = re.compile(r"\\[\\|`]|`+|\|")

MISSING = 1000
"""A table is filled up with this many cells that are missing, and one more for each of its characters.

A few lines could stand for millions of cells otherwise; cmark-gfm has such a limit too.
"""


def is_delimiter(line: str) -> bool:
    """Say whether a line is the row between a table's header and its body."""
    return line[0] in "|-:" and "|" in line and _DELIMITER.match(line) is not None


def fits(header: str, delimiter: str) -> bool:
    """Say whether a header has as many cells as the delimiter row below it."""
    return "|" in header and len(cells(header)) == len(cells(delimiter))


def cells(row: str) -> list[str]:
    """Return the texts of a row's cells."""
    row = row.strip()
    if row.startswith("|"):
        row = row[1:]
    found = _split(row) if "\\" in row or "`" in row else row.split("|")
    if len(found) > 1 and not found[-1].strip():
        del found[-1]
    return [cell.strip() for cell in found]


def _split(row: str) -> list[str]:
    signs = list(_SIGNS.finditer(row))
    last: dict[int, int] = {}
    for sign in signs:
        if sign[0][0] == "`":
            last[len(sign[0])] = sign.start()
    found = []
    start = 0
    code = 0
    for sign in signs:
        length = len(sign[0])
        if sign[0][0] == "`":
            if not code and last[length] > sign.start():
                code = length
            elif code == length:
                code = 0
        elif sign[0] == "|" and not code:
            found.append(row[start : sign.start()])
            start = sign.end()
    found.append(row[start:])
    return [cell.replace("\\|", "|") for cell in found]


def build(parent: Element, lines: list[str], *, use_attribute: bool) -> None:
    """Append a table.

    Args:
        parent: What it becomes the last child of.
        lines: Its header, delimiter row and rows.
        use_attribute: Cells are aligned by the attribute `align`, and not by a style.
    """
    alignments = [_alignment(cell) for cell in cells(lines[1])]
    table = SubElement(parent, "table")
    _row(SubElement(table, "thead"), "th", cells(lines[0]), alignments, use_attribute)
    if len(lines) > 2:
        body = SubElement(table, "tbody")
        left = MISSING + sum(map(len, lines))
        for line in lines[2:]:
            texts = cells(line)
            left -= max(0, len(alignments) - len(texts))
            _row(body, "td", texts, alignments if left > 0 else alignments[: len(texts)], use_attribute)


def _alignment(cell: str) -> str:
    if cell.endswith(":"):
        return "center" if cell.startswith(":") else "right"
    return "left" if cell.startswith(":") else ""


def _row(parent: Element, tag: str, texts: list[str], alignments: list[str], use_attribute: bool) -> None:
    row = SubElement(parent, "tr")
    for index, alignment in enumerate(alignments):
        cell = SubElement(row, tag)
        cell.text = texts[index] if index < len(texts) else ""
        if alignment:
            name, value = ("align", alignment) if use_attribute else ("style", f"text-align: {alignment};")
            cell.set(name, value)
