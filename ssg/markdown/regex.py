"""Regular expressions -> what is certain of all their matches, so that a search that must fail is not begun.

What is read is the tree of Python's own parser of regular expressions.
"""

import re
from functools import cache
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")
"""Python's own parser of regular expressions; its tree is that of the module `sre_parse` of old."""
_compiler: Any = import_module("re._compiler")
_constants: Any = import_module("re._constants")

_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}
_IGNORECASE, _DOTALL, _ASCII = int(re.IGNORECASE), int(re.DOTALL), int(re.ASCII)

# Sets of what may come next are numbers: a bit for each character of ASCII, and one for the end of the text.
_CHARACTERS = (1 << 128) - 1
_END = 1 << 128
_ALL = _CHARACTERS | _END
_NEWLINE = 1 << ord("\n")
_CASES_BEYOND_ASCII = sum(1 << ord(letter) for letter in "kKsSiI")
"""Without regard to case, letters beyond ASCII match these too."""


def begins(pattern: re.Pattern[str], character: str) -> bool:
    """Say whether the pattern may match where `character` is next, or with '' at the end of the text.

    No is certain; yes is not.
    """
    return character > "\x7f" or bool(_starts(pattern) >> (ord(character) if character else 128) & 1)


@cache
def _starts(pattern: re.Pattern[str]) -> int:
    start, empty = _sequence(_parse(pattern), pattern.flags)
    return start | empty


@cache
def _parse(pattern: re.Pattern[str]) -> Any:
    return _parser.parse(pattern.pattern, pattern.flags)


def _sequence(items: Any, flags: int) -> tuple[int, int]:
    """Return what a match may take as its first character, and what may come next if it takes none."""
    start, empty = 0, _ALL
    for operator, value in items:
        taken, passed = _item(operator.name, value, flags)
        start |= empty & taken
        empty &= passed
        if not empty:
            break
    return start, empty


def _item(operator: str, value: Any, flags: int) -> tuple[int, int]:
    match operator:
        case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN":
            return _one(operator, value, flags), 0
        case "BRANCH":
            start = empty = 0
            for branch in value[1]:
                taken, passed = _sequence(branch, flags)
                start |= taken
                empty |= passed
            return start, empty
        case "SUBPATTERN":
            _, added, removed, inner = value
            return _sequence(inner, (flags | added) & ~removed)
        case "ATOMIC_GROUP":
            return _sequence(value, flags)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, _, inner = value
            start, empty = _sequence(inner, flags)
            return start, empty if least else _ALL
        case "ASSERT" if value[0] > 0:  # what is ahead must match as well
            start, empty = _sequence(value[1], flags)
            return 0, start | empty
        case "AT" if value.name == "AT_END":
            return 0, _NEWLINE | _END
        case "AT" if value.name == "AT_END_STRING":
            return 0, _END
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return 0, _ALL
        case _:  # a reference to a group, or what a later Python has
            return _ALL, _ALL


def _one(operator: str, value: Any, flags: int) -> int:
    """Return the characters that an item may take which takes exactly one."""
    if operator == "ANY":
        return _CHARACTERS if flags & _DOTALL else _CHARACTERS & ~_NEWLINE
    found = _in(value, flags) if operator == "IN" else _literal(value, flags)
    if operator == "NOT_LITERAL":
        found = _CHARACTERS & ~found
    # there is no table of what counts as the same letter to be had
    return found | _CASES_BEYOND_ASCII if flags & _IGNORECASE else found


def _literal(code: int, flags: int) -> int:
    if code > 127:
        return 0
    return 1 << code | (1 << ord(chr(code).swapcase()) if flags & _IGNORECASE else 0)


def _in(items: Any, flags: int) -> int:
    found = 0
    negated = False
    for operator, value in items:
        match operator.name:
            case "NEGATE":
                negated = True
            case "LITERAL":
                found |= _literal(value, flags)
            case "RANGE":
                for code in range(value[0], min(value[1], 127) + 1):
                    found |= _literal(code, flags)
            case "CATEGORY":
                found |= _category(value.name, flags & _ASCII)
    return _CHARACTERS & ~found if negated else found


@cache
def _category(name: str, flags: int) -> int:
    matches = re.compile(_CATEGORIES[name], flags).match
    return sum(1 << code for code in range(128) if matches(chr(code)))


@cache
def without_context(pattern: re.Pattern[str]) -> re.Pattern[str] | None:
    """Return a pattern that matches whatever this one matches, and does not look at what is around the match.

    So one search through many texts put together tells that there is no match in any. None: there is no such pattern.
    """
    found = _without_context(_parse(pattern))
    if found is None:
        return None
    while found.data and _item(found.data[0][0].name, found.data[0][1], pattern.flags)[1] & _END:
        del found.data[0]  # what may be nothing: where there is a match with it, there is one without
    return _compiler.compile(found, pattern.flags)  # type: ignore[no-any-return]


def _without_context(items: Any) -> Any:
    kept: list[Any] = []
    start: list[Any]
    for operator, value in items:
        match operator.name:
            case "AT" | "ASSERT" | "ASSERT_NOT":
                continue
            case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN":
                kept.append((operator, value))
                continue
            case "BRANCH":
                branches = [_without_context(branch) for branch in value[1]]
                if None in branches:
                    return None
                kept.append((operator, (None, branches)))
                continue
            case "ATOMIC_GROUP":
                start, inner = [None, 0, 0], value
                operator = _constants.SUBPATTERN
            case "SUBPATTERN" | "MAX_REPEAT" | "MIN_REPEAT":
                *start, inner = value
            case "POSSESSIVE_REPEAT":
                *start, inner = value
                operator = _constants.MAX_REPEAT
            case _:
                return None
        found = _without_context(inner)
        if found is None:
            return None
        kept.append((operator, (*start, found)))
    return _parser.SubPattern(items.state, kept)
