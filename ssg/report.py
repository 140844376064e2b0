"""Diagnostics and results -> what a terminal, a program or a continuous integration shows."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ssg.model import Diagnostic, Severity

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_WIDEST = 100
"""Source lines are cut to so many characters around the place that is meant."""


def with_source(one: Diagnostic, root: Path) -> Diagnostic:
    """Return the diagnostic with the text of its line, read now if the step that made it did not have it."""
    if one.source or not one.line:
        return one
    try:
        lines = (root / one.path).read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError, ValueError):
        return one
    return msgspec.structs.replace(one, source=lines[one.line - 1]) if one.line <= len(lines) else one


def seen_from(one: Diagnostic, root: Path, here: Path) -> Diagnostic:
    """Return the diagnostic with its path from the folder `here`, so that a terminal or an editor can open it."""
    if root == here or not one.path or Path(one.path).is_absolute() or not (root / one.path).exists():
        return one
    return msgspec.structs.replace(one, path=Path(os.path.relpath(root / one.path, here)).as_posix())


def ordered(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return notes first and errors last, where the eye is when the output stops; within these by place."""
    rank = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}
    return sorted(diagnostics, key=lambda one: (rank[one.severity], one.path, one.line, one.column, one.code))


def text(one: Diagnostic, *, colour: bool) -> str:
    """Return a diagnostic for people: place, what is wrong, the line with a caret, and what to do."""

    def paint(code: str, words: str) -> str:
        return f"\033[{code}m{words}\033[0m" if colour else words

    place = safe(one.path)
    if one.line:
        place += f":{one.line}" + (f":{one.column}" if one.column else "")
    label = paint(f"1;{_COLOURS[one.severity]}", one.severity.value)
    lines = [f"{paint('1', place) + ': ' if place else ''}{label}: {safe(one.message)} [{one.code}]"]
    if one.source.strip():
        source, column = excerpt(safe(one.source), one.column)
        lines.append(f"  | {source}")
        if column:
            lines.append("  | " + " " * (column - 1) + paint(_COLOURS[one.severity], "^"))
    if one.hint:
        lines.append(f"  = {safe(one.hint)}")
    return "\n".join(lines)


def github(one: Diagnostic) -> str:
    """Return a diagnostic as a workflow command, which GitHub shows beside the line.

    Format: https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
    """

    def value(words: str) -> str:
        return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def item(words: str) -> str:
        return value(words).replace(":", "%3A").replace(",", "%2C")

    items = {"file": item(one.path), "line": str(one.line or ""), "col": str(one.column or ""), "title": item(one.code)}
    listed = ",".join(f"{name}={words}" for name, words in items.items() if words)
    message = one.message + (f"\n{one.hint}" if one.hint else "")
    return f"::{_COMMANDS[one.severity]} {listed}::{value(message)}"


def as_json(diagnostics: Sequence[Diagnostic], summary: dict[str, object]) -> str:
    """Return all diagnostics and the result as one JSON object."""
    return json.dumps({"diagnostics": msgspec.to_builtins(diagnostics), **summary}, ensure_ascii=False, indent=2)


def safe(words: str) -> str:
    """Return text without signs that do something: text of the user's must not move the cursor of the terminal."""
    return words if words.isprintable() else "".join(sign if sign.isprintable() else " " for sign in words)


def excerpt(source: str, column: int) -> tuple[str, int]:
    """Return the part of a line that is worth showing, and the column in it, from 1; 0 if it is not known."""
    stripped = source.lstrip()
    column -= len(source) - len(stripped)
    column = max(column, 0)
    stripped = stripped.rstrip()
    if len(stripped) <= _WIDEST:
        return stripped, column
    start = max(0, min(column - _WIDEST // 2, len(stripped) - _WIDEST))
    cut = ("…" if start else "") + stripped[start : start + _WIDEST] + ("…" if start + _WIDEST < len(stripped) else "")
    return cut, column - start + bool(start) if column else 0
