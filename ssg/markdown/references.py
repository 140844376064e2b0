"""The parts of links and of link reference definitions -> their values: destinations, titles, labels, entities.

The grammar is CommonMark's: https://spec.commonmark.org/0.31.2/#links and
https://spec.commonmark.org/0.31.2/#link-reference-definitions. All parsers take the whole text and a position in it,
so that nothing is copied, and take time linear in what they read.
"""

import re
from collections.abc import MutableMapping
from html.entities import html5
from typing import Any
from urllib.parse import quote

References = MutableMapping[str, tuple[str, Any]]
"""Destination and title of each definition by its label, as in Python-Markdown's `Markdown.references`.

The title is a string or None; the stubs of Python-Markdown say that it is a string.
"""

PUNCTUATION = r"!-/:-@\[-`{-~"
"""ASCII punctuation as the inside of a character class: what a backslash may escape."""
ENTITY = r"&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
"""What has the form of an entity or a numeric character reference."""
LABEL_LENGTH = 999
"""So many characters a label may have."""
_NESTED_PARENTHESES = 32
"""So deep may parentheses in a destination be nested, as in cmark, so that hostile text costs no time."""

_ESCAPED = re.compile(rf"\\([{PUNCTUATION}])|({ENTITY})")
_IN_ANGLES = re.compile(r"<((?:[^<>\n\\]++|\\[^\n]?)*+)>")
_BARE_PART = re.compile(rf"[^\x00-\x20\x7f()\\]++|\\[{PUNCTUATION}]|[()\\]")
_TITLE = re.compile(r""""((?:[^"\\]++|\\.)*+)"|'((?:[^'\\]++|\\.)*+)'|\(((?:[^()\\]++|\\.)*+)\)""", re.DOTALL)
_LABEL = re.compile(r"\[((?:[^\[\]\\]++|\\.)*+)\]", re.DOTALL)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_URL_SAFE = "!#$%&'()*+,-./:;=?@_~"
_SAFE_URL = re.compile(r"[A-Za-z0-9!#$%&'()*+,\-./:;=?@_~]*")
_PRIVATE = frozenset("\0\x02\x03\x1a")
"""Characters that must not be written as a reference either: Python-Markdown and we use them as marks."""


def parse_destination(text: str, position: int) -> tuple[str, int] | None:
    """Parse the destination of a link.

    Args:
        text: The source.
        position: Where the destination begins in it, behind any white space.

    Returns:
        The destination without angle brackets, with escapes and entities replaced (but not yet percent-encoded: see
        `normalize_url`), and the position behind it. None if there is none; `<>` is an empty one.
    """
    if text.startswith("<", position):
        found = _IN_ANGLES.match(text, position)
        return (unescape(found[1]), found.end()) if found else None
    depth = 0
    end = position
    while found := _BARE_PART.match(text, end):
        part = found[0]
        if part == "(":
            depth += 1
            if depth > _NESTED_PARENTHESES:
                return None
        elif part == ")":
            if not depth:
                break
            depth -= 1
        end = found.end()
    return (unescape(text[position:end]), end) if end > position and not depth else None


def parse_title(text: str, position: int) -> tuple[str, int] | None:
    """Parse the title of a link.

    Args:
        text: The source.
        position: Where the opening quote or parenthesis stands in it.

    Returns:
        The title without its quotes, with escapes and entities replaced, and the position behind it. None if there is
        none: one that is not closed, or has a blank line.
    """
    found = _TITLE.match(text, position)
    if found is None or ("\n" in found[0] and _BLANK_LINE.search(found[0])):
        return None
    return unescape(found[found.lastindex or 0]), found.end()


def parse_label(text: str, position: int) -> tuple[str, int] | None:
    """Parse the label of a reference or a definition.

    Args:
        text: The source.
        position: Where the opening bracket stands in it.

    Returns:
        The label as written, without brackets, and the position behind it. It may be empty or white space, which
        names nothing. None if there is none: one that is not closed, is too long or has a bracket in it.
    """
    found = _LABEL.match(text, position, position + LABEL_LENGTH + 2)
    return (found[1], found.end()) if found else None


def normalize_label(text: str) -> str:
    """Return the form of a label under which it is the same as others: white space and case folded."""
    return " ".join(text.split()).casefold()


def define(references: References, label: str, destination: str, title: str | None) -> None:
    """Add a definition, unless there is one of the same label: the first counts.

    Args:
        references: `Markdown.references` of the page.
        label: The label as written.
        destination: As `parse_destination` returns it.
        title: As `parse_title` returns it, or None.
    """
    references.setdefault(normalize_label(label), (destination, title))


def defined(references: References, label: str) -> tuple[str, str | None] | None:
    """Return the destination and title that a label stands for, or None if there is no such definition."""
    normalized = normalize_label(label)
    if not normalized:
        return None
    # definitions that Python-Markdown's own block parser found are in lower case
    return references.get(normalized) or references.get(label.strip().lower())


def unescape(text: str) -> str:
    """Return a text with backslash escapes and entities replaced by the characters that they stand for."""
    return _ESCAPED.sub(_unescaped, text) if "\\" in text or "&" in text else text


def _unescaped(found: re.Match[str]) -> str:
    return found[1] or entity(found[2]) or found[0]


def entity(text: str) -> str:
    """Return the characters of something that has the form of an entity; empty if there is no entity of the name."""
    if text[1] != "#":
        return html5.get(text[1:], "")
    number = int(text[3:-1], 16) if text[2] in "xX" else int(text[2:-1])
    if number > 0x10FFFF or 0xD800 <= number < 0xE000 or chr(number) in _PRIVATE:
        return "\ufffd"
    return chr(number)


def normalize_url(text: str) -> str:
    """Return a URL with all characters percent-encoded that cmark encodes; what is encoded already stays as it is."""
    return text if _SAFE_URL.fullmatch(text) else quote(text, _URL_SAFE, errors="replace")
