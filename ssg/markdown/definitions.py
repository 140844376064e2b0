"""Link reference definitions at the start of a paragraph: https://spec.commonmark.org/0.31.2/#link-reference-definitions."""

import re
from typing import NamedTuple

from ssg.markdown.references import parse_destination, parse_label, parse_title

_SPACE = re.compile(r"[ \t]*(?:\n[ \t]*)?")
_LINE_END = re.compile(r"[ \t]*(?:\n|$)")


class LinkDefinition(NamedTuple):
    """What a label stands for."""

    label: str
    destination: str
    title: str | None


def split_definitions(text: str) -> tuple[list[LinkDefinition], str]:
    """Return the definitions that a paragraph begins with, and what is left of it."""
    found = []
    position = 0
    while text.startswith("[", position) and (one := _definition(text, position)):
        found.append(one[0])
        position = one[1]
        while text.startswith((" ", "\t"), position):
            position += 1
    return found, text[position:]


def _definition(text: str, position: int) -> tuple[LinkDefinition, int] | None:
    label = parse_label(text, position)
    if label is None or not label[0].strip() or not text.startswith(":", label[1]):
        return None
    destination = parse_destination(text, _skip(text, label[1] + 1))
    if destination is None:
        return None
    end = destination[1]
    line_end = _LINE_END.match(text, end)
    begin = _skip(text, end)
    title = parse_title(text, begin) if begin > end else None
    if title is not None and (after := _LINE_END.match(text, title[1])):
        return LinkDefinition(label[0], destination[0], title[0]), after.end()
    if line_end is None:
        return None
    return LinkDefinition(label[0], destination[0], None), line_end.end()


def _skip(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position
