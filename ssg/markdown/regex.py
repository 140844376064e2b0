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
_CASES_BEYOND_ASCII = frozenset("kKsSiI")
"""With these, without regard to case, letters beyond ASCII match too."""


_IGNORECASE, _DOTALL, _ASCII = int(re.IGNORECASE), int(re.DOTALL), int(re.ASCII)


@cache
def begins(pattern: re.Pattern[str], character: str) -> bool:
    """Say whether the pattern may match where `character` is next, or with '' at the end of the text.

    No is certain; yes is not.
    """
    start, empty = _sequence(_parse(pattern), character, pattern.flags)
    return start or empty


@cache
def _parse(pattern: re.Pattern[str]) -> Any:
    return _parser.parse(pattern.pattern, pattern.flags)


def _sequence(items: Any, character: str, flags: int) -> tuple[bool, bool]:
    """Return whether a match may take the character, and whether it may take none; neither: it must fail."""
    for operator, value in items:
        start, empty = _item(operator.name, value, character, flags)
        if start or not empty:
            return start, empty
    return False, True


def _item(operator: str, value: Any, character: str, flags: int) -> tuple[bool, bool]:
    match operator:
        case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN":
            return character != "" and _one(operator, value, character, flags), False
        case "BRANCH":
            return _branch(value[1], character, flags)
        case "SUBPATTERN":
            _, added, removed, inner = value
            return _sequence(inner, character, (flags | added) & ~removed)
        case "ATOMIC_GROUP":
            return _sequence(value, character, flags)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, _, inner = value
            start, empty = _sequence(inner, character, flags)
            return start, empty or least == 0
        case "ASSERT" if value[0] > 0:  # what is ahead must match as well
            return False, any(_sequence(value[1], character, flags))
        case "AT" if value.name == "AT_END":
            return False, character in ("", "\n")
        case "AT" if value.name == "AT_END_STRING":
            return False, character == ""
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return False, True
        case _:  # a reference to a group, or what a later Python has
            return True, True


def _branch(branches: Any, character: str, flags: int) -> tuple[bool, bool]:
    may_be_empty = False
    for branch in branches:
        start, empty = _sequence(branch, character, flags)
        if start:
            return True, empty
        may_be_empty |= empty
    return False, may_be_empty


def _one(operator: str, value: Any, character: str, flags: int) -> bool:
    """Say whether an item that takes exactly one character may take this one."""
    if operator == "ANY":
        return character != "\n" or bool(flags & _DOTALL)
    cases: tuple[str, ...] = (character,)
    if flags & _IGNORECASE:
        if character > "\x7f" or character in _CASES_BEYOND_ASCII:
            return True  # there is no table of what counts as the same letter to be had
        cases = (character.lower(), character.upper())
    if operator == "IN":
        return _in(value, cases, flags)
    return (chr(value) in cases) != (operator == "NOT_LITERAL")


def _in(items: Any, cases: tuple[str, ...], flags: int) -> bool:
    wanted = True
    for operator, value in items:
        match operator.name:
            case "NEGATE":
                wanted = False
            case "LITERAL" if chr(value) in cases:
                return wanted
            case "RANGE" if any(value[0] <= ord(one) <= value[1] for one in cases):
                return wanted
            case "CATEGORY" if re.match(_CATEGORIES[value.name], cases[0], flags & _ASCII):
                return wanted
    return not wanted


@cache
def without_context(pattern: re.Pattern[str]) -> re.Pattern[str] | None:
    """Return a pattern that matches whatever this one matches, and does not look at what is around the match.

    So one search through many texts put together tells that there is no match in any. None: there is no such pattern.
    """
    found = _without_context(_parse(pattern))
    if found is None:
        return None
    while found.data and _item(found.data[0][0].name, found.data[0][1], "", pattern.flags)[1]:
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
