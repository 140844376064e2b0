"""Diagnostics -> what the page in the browser shows of them, with links that open an editor."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ssg import report
from ssg.engine.digest import digest_of
from ssg.errors import UsageError
from ssg.model import Diagnostic, Severity

EDITORS = {
    "cursor": "cursor://file{file}:{line}:{column}",
    "idea": "idea://open?file={file}&line={line}&column={column}",
    "macvim": "mvim://open?url=file://{file}&line={line}&column={column}",
    "phpstorm": "phpstorm://open?file={file}&line={line}&column={column}",
    "pycharm": "pycharm://open?file={file}&line={line}&column={column}",
    "sublime": "subl://open?url=file://{file}&line={line}&column={column}",
    "textmate": "txmt://open?url=file://{file}&line={line}&column={column}",
    "vscode": "vscode://file{file}:{line}:{column}",
    "vscodium": "vscodium://file{file}:{line}:{column}",
    "webstorm": "webstorm://open?file={file}&line={line}&column={column}",
    "windsurf": "windsurf://file{file}:{line}:{column}",
    "zed": "zed://file{file}:{line}:{column}",
}
"""Addresses by which editors can be told to open a file, as their documentation has them."""


def editor(name: str) -> str:
    """Return the pattern of addresses for an editor: one of `EDITORS`, or a pattern itself.

    Raises:
        UsageError: When it is neither.
    """
    if "{file}" in name and "://" in name:
        return name
    if name in EDITORS:
        return EDITORS[name]
    raise UsageError(
        f"there is no address known by which the editor '{name}' opens a file",
        hint=f"one of {', '.join(EDITORS)}, or a pattern such as 'my-editor://open?file={{file}}&line={{line}}'",
    )


class Problems:
    """What is wrong with a site, as its pages show it."""

    def __init__(self, root: Path, pattern: str) -> None:
        """Describe problems of the project in `root`; `pattern` makes links to an editor, if there is one."""
        self.described: list[dict[str, Any]] = []
        self.digest = ""
        """Stands for these."""
        self._root = root
        self._pattern = pattern
        self._diagnostics: Sequence[Diagnostic] | None = None
        self._lock = threading.Lock()

    def describe(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Describe these from now on. May be called by any thread."""
        with self._lock:
            if diagnostics is not self._diagnostics:
                self._diagnostics = diagnostics
                self.described = described(diagnostics, self._root, self._pattern)
                self.digest = digest_of(self.described).hex()


def described(diagnostics: Sequence[Diagnostic], root: Path, pattern: str) -> list[dict[str, Any]]:
    """Return errors and warnings as plain values, the worst first; `pattern` makes links to an editor, if there is one.

    Each has `severity`, `code`, `message`, `hint`, `place`, `source` with the `column` in it, and `link`.
    """
    shown = []
    told = [one for one in report.ordered(diagnostics) if one.severity is not Severity.NOTE]
    for one in sorted(told, key=lambda one: one.severity is not Severity.ERROR):
        one = report.with_source(one, root)
        source, column = report.excerpt(report.safe(one.source), one.column)
        place = one.path + (f":{one.line}" if one.line else "") + (f":{one.column}" if one.line and one.column else "")
        shown.append(
            {
                "severity": one.severity.value,
                "code": one.code,
                "message": one.message,
                "hint": one.hint,
                "place": place,
                "source": source,
                "column": column,
                "link": link(one, root, pattern),
            }
        )
    return shown


def link(one: Diagnostic, root: Path, pattern: str) -> str:
    """Return the address that opens an editor at the place of a diagnostic, or nothing."""
    file = root / one.path
    if not pattern or not one.path or not file.is_file():
        return ""
    name = file.resolve().as_posix()
    name = quote(name if name.startswith("/") else f"/{name}")
    return pattern.format(file=name, line=one.line or 1, column=one.column or 1)
