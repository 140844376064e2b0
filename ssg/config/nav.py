"""From the nodes of `nav`, or the text of a `.nav.yml`, to navigation entries."""

import html
import re
from typing import Any

import msgspec

from ssg import yamlfile
from ssg.config.decode import Decoder, is_core, is_null
from ssg.config.problems import Problems, described, yaml_problem
from ssg.config.settings import NavEntry, NavFile
from ssg.yamlfile import Node, Scalar, Sequence, YamlError, parse

_FORMS = "write `- page.md`, `- Title: page.md`, or `- Title:` with a list below it"
_TAG = re.compile(r"</?(?:abbr|b|br|code|del|em|i|ins|kbd|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>", re.I)


def read_nav(node: Node, problems: Problems, *, mkdocs: bool = False) -> tuple[NavEntry, ...]:
    """The entries of a list; mistakes are added to `problems`.

    In a `mkdocs` file, titles are HTML, of which the text is taken, and a section may be a mapping.
    """
    entries = _entries(node, problems, mkdocs)
    return tuple(_with_text(entry) for entry in entries) if mkdocs else entries


def _entries(node: Node, problems: Problems, mkdocs: bool) -> tuple[NavEntry, ...]:
    if not isinstance(node, Sequence):
        hint = "put `- ` before each entry" if isinstance(node, yamlfile.Mapping) else _FORMS
        problems.error(node, f"`nav` should be a list, but is {described(node)}", hint, code="nav")
        return ()
    entries = [_entry(item, problems, mkdocs) for item in node.items]
    return tuple(entry for entry in entries if entry is not None)


def _with_text(entry: NavEntry) -> NavEntry:
    children = tuple(_with_text(child) for child in entry.children)
    return msgspec.structs.replace(entry, title=html.unescape(_TAG.sub("", entry.title)), children=children)


def _entry(node: Node, problems: Problems, mkdocs: bool) -> NavEntry | None:
    if not is_core(node) or isinstance(node, Sequence) or is_null(node):
        problems.error(node, f"an entry of navigation cannot be {_named(node)}", _FORMS, code="nav")
        return None
    if isinstance(node, Scalar):
        return _page(node, "", node, problems)
    assert isinstance(node, yamlfile.Mapping)  # noqa: S101 - for the type checker
    if len(node.entries) != 1:
        names = ", ".join(f"`{name}`" for name in node.entries)
        problems.error(
            node,
            f"an entry of navigation has one title, but this has {len(node.entries)}" + (f": {names}" if names else ""),
            "put `- ` before each of them",
            code="nav",
        )
        return None
    ((key, value),) = node.entries.values()
    title = "" if key.is_null else key.text
    if mkdocs and isinstance(value, yamlfile.Mapping) and is_core(value) and value.entries:
        hint = "put `- ` before each of its lines"
        problems.warn(key, f"`{title}` in `nav` should be a list, but is a mapping", hint, code="nav-mapping")
        value = _as_list(value)
    if isinstance(value, Sequence) and is_core(value):
        children = _entries(value, problems, mkdocs)
        return NavEntry(title=title, children=children, is_section=True, line=key.line, column=key.column)
    if isinstance(value, Scalar) and is_core(value) and not value.is_null:
        return _page(value, title, key, problems)
    what = "leads nowhere" if is_null(value) else f"should lead to a page or a list, but is {_named(value)}"
    problems.error(key, f"`{title}` {what}", _FORMS, code="nav")
    return None


def _as_list(node: yamlfile.Mapping) -> Sequence:
    """Each line of a mapping as an item of its own."""
    items: list[Node] = [
        yamlfile.Mapping(entries={name: (key, value)}, line=key.line, column=key.column, origin=key.origin)
        for name, (key, value) in node.entries.items()
    ]
    return Sequence(items=items, line=node.line, column=node.column, origin=node.origin)


def _page(node: Scalar, title: str, at: Node, problems: Problems) -> NavEntry | None:
    target = node.text.strip()
    if not target:
        problems.error(node, "an entry of navigation cannot be empty", _FORMS, code="nav")
        return None
    return NavEntry(title=title, target=target, line=at.line, column=at.column)


def _named(node: Node) -> str:
    return "a list in a list" if isinstance(node, Sequence) else described(node)


def load_nav_file(text: str, path: str) -> NavFile:
    """Read a `.nav.yml`.

    Args:
        text: The file's text.
        path: The file's path from the project folder, for messages.

    Raises:
        ConfigError: The text is not YAML, or has other keys than `title`, `nav` and `hide`; with all problems at once.
    """
    problems = Problems()
    try:
        node = parse(text, path=path)
    except YamlError as error:
        raise yaml_problem(error, path) from None
    if is_null(node):
        return NavFile()
    if isinstance(node, Sequence):  # a list alone is as clear as one under `nav`
        values: dict[str, Any] = {"nav": read_nav(node, problems)}
    else:
        special = {"nav": lambda child: read_nav(child, problems)}
        values = Decoder(problems).fields(node, NavFile, special=special)
    problems.check()
    return NavFile(**values)
