"""The start of a page between `---` lines -> its typed front matter, everything else in it, and what is wrong."""

import re
from datetime import datetime
from difflib import get_close_matches
from typing import Any, NamedTuple

from msgspec.structs import replace

from ssg.model import Diagnostic, Severity
from ssg.yamlfile import Mapping, Node, Scalar, Sequence, YamlError, parse, plain

_BLOCK = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)

_LINE = re.compile(r"[ ]{0,3}([A-Za-z0-9_-]+):(?:[ \t]+(.*?))?[ \t]*")
_KEY = re.compile(r"[A-Za-z_][\w-]*:(?: |$)")

TEXTS = {"title", "description", "template", "icon", "status", "nav_title"}
FLAGS = {"draft", "hidden"}
LISTS = {"tags", "aliases", "redirect_from", "hide", "redirects"}
OTHERS = {"order", "date", "search"}
_USUAL = {
    "author",
    "authors",
    "date",
    "description",
    "keywords",
    "layout",
    "source",
    "summary",
    "tags",
    "template",
    "title",
}
KNOWN = TEXTS | FLAGS | LISTS | OTHERS
"""The keys that ssg gives a meaning to. Others are free: templates see them as `page.meta`."""


class FrontMatter(NamedTuple):
    """What a page says of itself. `known` has the keys of `KNOWN`, checked; `meta` all keys, as templates see them."""

    known: dict[str, Any]
    meta: dict[str, Any]
    body: str
    first_line: int
    """The line of the file that `body` begins at."""
    diagnostics: tuple[Diagnostic, ...]


def read(text: str, path: str, *, mkdocs: bool = False) -> FrontMatter:
    """Split a page's text; `path` is for diagnostics. Problems in it never hide the page's content.

    Pages that are written for `mkdocs` may also begin with lines of the form `Key: value`.
    """
    found = _BLOCK.match(text) if text.startswith("---") else None
    if found is None:
        return _read_lines(text) if mkdocs else FrontMatter({}, {}, text, 1, _unclosed(text, path))
    body = text[found.end() :]
    first_line = text.count("\n", 0, found.end()) + 1
    diagnostics: list[Diagnostic] = []
    known: dict[str, Any] = {}
    meta: dict[str, Any] = {}
    try:
        node = parse(found[1], path=path, first_line=2)
        if isinstance(node, Mapping):
            meta = plain(node, as_written=True)
            known = _known(node, diagnostics, path)
        elif found[1].strip():
            # a page may begin with a rule and hold another one further down: that is no front matter
            return FrontMatter({}, {}, text, 1, ())
    except YamlError as error:
        diagnostics.append(_diagnostic(error, path, "front-matter", Severity.ERROR))
    meta.update({key: value for key, value in known.items() if key in TEXTS})
    if mkdocs:  # where a page may have keys of ours with values of its own
        diagnostics = [replace(one, severity=Severity.WARNING) for one in diagnostics]
    return FrontMatter(known, meta, body, first_line, tuple(diagnostics))


def _read_lines(text: str) -> FrontMatter:
    """Read what MkDocs calls MultiMarkdown style: https://www.mkdocs.org/user-guide/writing-your-docs/#meta-data.

    MkDocs hides any line at the top that has a colon after its first word. Here it must be a paragraph of nothing else,
    and one of the keys must be usual, so that `Note: this is old.` is still read.
    """
    nothing = FrontMatter({}, {}, text, 1, ())
    meta: dict[str, str] = {}
    key = ""
    head, gap, body = text.partition("\n\n")
    lines = head.rstrip("\n").split("\n")
    for line in lines:
        found = _LINE.fullmatch(line)
        if found:
            key = found[1].lower()
            meta[key] = f"{meta.get(key, '')} {found[2] or ''}".strip()
        elif key and line.startswith("    "):
            meta[key] += f" {line.strip()}"
        else:
            return nothing
    if not meta.keys() & _USUAL:
        return nothing
    known = {name: value for name, value in meta.items() if name in TEXTS and value}
    return FrontMatter(known, dict(meta), body, len(lines) + (2 if gap else 1), ())


def _unclosed(text: str, path: str) -> tuple[Diagnostic, ...]:
    """A page that begins as if with front matter, which then does not end."""
    lines = text.split("\n", 2)
    if len(lines) < 2 or lines[0].rstrip() != "---" or not _KEY.match(lines[1]):
        return ()
    message = "the front matter that begins here does not end, and is read as text"
    hint = "put a line with three dashes below it"
    return (
        Diagnostic(
            severity=Severity.WARNING,
            code="front-matter",
            message=message,
            path=path,
            line=1,
            column=1,
            source=lines[0],
            hint=hint,
        ),
    )


def _known(node: Mapping, diagnostics: list[Diagnostic], path: str) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for name, (key, value) in node.entries.items():
        if name not in KNOWN:
            close = get_close_matches(name, KNOWN, 1, 0.8)
            if close:
                error = key.error(f"`{name}` has no meaning here", f"did you mean `{close[0]}`?")
                diagnostics.append(_diagnostic(error, path, "front-matter-key", Severity.WARNING))
            continue
        if isinstance(value, Scalar) and value.is_null:
            continue
        try:
            known[name] = _value(name, value)
        except YamlError as error:
            diagnostics.append(_diagnostic(error, path, "front-matter-value", Severity.ERROR))
        if name == "search" and isinstance(value, Mapping):
            for option, (place, _) in value.entries.items():
                if option not in ("exclude", "boost"):
                    unused = place.error(f"`search.{option}` has no effect yet")
                    diagnostics.append(_diagnostic(unused, path, "unsupported-option", Severity.WARNING))
    return known


def _value(name: str, value: Node) -> Any:
    if name in TEXTS or name == "date":
        if not isinstance(value, Scalar):
            if name == "date" and isinstance(value, Mapping):  # Material's blog: created and updated
                created = value.get("created")
                return _date(created) if isinstance(created, Scalar) else ""
            raise value.error(f"`{name}` must be text, and this is a {_kind(value)}")
        if name == "date":
            return _date(value)
        return value.text.strip()
    if name in LISTS:
        return tuple(_texts(name, value))
    found = plain(value)
    if name in FLAGS and not isinstance(found, bool):
        raise value.error(f"`{name}` must be `true` or `false`")
    if name == "order" and (isinstance(found, bool) or not isinstance(found, int | float)):
        raise value.error("`order` must be a number")
    if name == "search" and not isinstance(found, bool | dict):
        raise value.error("`search` must be `true`, `false` or a mapping with `exclude` or `boost`")
    return found


def _date(value: Scalar) -> str:
    found = plain(value)
    if hasattr(found, "isoformat"):
        return str(found.isoformat())
    try:
        datetime.fromisoformat(found)  # a date in quotes
    except (TypeError, ValueError):
        raise value.error(f"`{value.text}` is not a date", "write it as 2026-11-22") from None
    return str(found)


def _texts(name: str, value: Node) -> list[str]:
    if isinstance(value, Sequence):
        for item in value.items:
            if not isinstance(item, Scalar):
                raise item.error(f"`{name}` must be a list of texts, and this is a {_kind(item)}")
        return [item.text for item in value.items if isinstance(item, Scalar)]
    if isinstance(value, Scalar):
        return [value.text]
    raise value.error(f"`{name}` must be a list, and this is a {_kind(value)}")


def _kind(node: Node) -> str:
    return "list" if isinstance(node, Sequence) else "mapping" if isinstance(node, Mapping) else "single value"


def _diagnostic(error: YamlError, path: str, code: str, severity: Severity) -> Diagnostic:
    return Diagnostic(
        severity=severity,
        code=code,
        message=f"in the front matter: {error.message}",
        path=path,
        line=error.line,
        column=error.column,
        source=error.source,
        hint=error.hint,
    )
