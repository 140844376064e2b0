"""How blocks begin: the patterns of CommonMark's block starts, and columns of space, with tabs as stops of four.

https://spec.commonmark.org/0.31.2/#leaf-blocks, https://spec.commonmark.org/0.31.2/#tabs. All patterns are matched
against a line without its indentation.
"""

import re

ATX = re.compile(r"(#{1,6})(?:[ \t]+(.*)|[ \t]*)$")
STOCK_ATX = re.compile(r"(#{1,6})(?!#)[ \t]*(.*)$")
"""As Python-Markdown has it: without a space after the signs."""
FENCE = re.compile(r"(`{3,}|~{3,})(.*)$")
UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*$")
RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
ORDERED = re.compile(r"(\d{1,9})([.)])(?=[ \t]|$)", re.ASCII)
DEFINITION = re.compile(r":[ \t]+(\S.*)$")
FOOTNOTE = re.compile(r"\[\^([^\]]+)\]:[ \t]*")
TAB = re.compile(r"[ ]*\t")

_CLOSING_HASHES = re.compile(r"(?:^|[ \t]+)#+$")


def without_closing_hashes(text: str) -> str:
    """Return the text of a heading without the signs that may end its line."""
    return (
        _CLOSING_HASHES.sub("", text.rstrip(" \t")).strip(" \t") if text.rstrip(" \t").endswith("#") else text.strip()
    )


def width(text: str, column: int) -> int:
    """Return how many columns the space at the start of a text takes, when the text begins at `column`."""
    begin = column
    for character in text:
        if character == " ":
            column += 1
        elif character == "\t":
            column += 4 - column % 4
        else:
            break
    return column - begin


def strip(text: str, column: int, count: int) -> tuple[str, int]:
    """Take up to `count` columns of space off a text, and return what is left and its column.

    A tab that is wider than what is left to take off becomes spaces.
    """
    end = column + count
    position = 0
    while column < end and position < len(text):
        character = text[position]
        if character == " ":
            column += 1
        elif character == "\t":
            column += 4 - column % 4
        else:
            break
        position += 1
    return " " * (column - end) + text[position:], min(column, end)


def after_quote(text: str, column: int) -> tuple[str, int]:
    """Return what follows `>`, and its column; one column of space belongs to the sign."""
    return strip(text[1:], column + 1, 1)


def after_marker(text: str, column: int) -> tuple[str, int, int]:
    """Return what an item's first line holds, how many columns of space are before it, and its column.

    Args:
        text: What follows the bullet or number.
        column: Its column.
    """
    space = width(text, column)
    if not text or text.isspace():
        return "", 1, column + 1
    if space > 4:  # indented code, which keeps its own indentation
        space = 1
    return strip(text, column, space)[0], space, column + space
