"""From the settings to the reference of all keys, in Markdown."""

from collections.abc import Iterable, Sequence
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct

from ssg.config import support
from ssg.config.derive import DOCS_DIR, SITE_DIR
from ssg.config.descriptions import describe
from ssg.config.schema import INHERIT
from ssg.config.settings import (
    MKDOCS_VALIDATION,
    ExternalLinks,
    MarkdownConfig,
    MarkdownExtension,
    NavEntry,
    NavFile,
    PluginConfig,
    Script,
    SiteConfig,
    ThemeConfig,
    Validation,
)
from ssg.config.tags import PYTHON_NAMES


def reference() -> str:
    """All keys of a configuration with types, defaults and descriptions, as the body of a Markdown page."""
    rows = [row for row in _rows(SiteConfig) if row[0] not in ("`format`",)]
    rows.append(("`INHERIT`", "path", "", INHERIT))
    mkdocs = msgspec.structs.asdict(MKDOCS_VALIDATION)
    levels = [
        (f"`{name.replace('_', '.', 1)}`", f"`{default}`", f"`{mkdocs[name]}`", describe(Validation)[name])
        for name, default in msgspec.structs.asdict(Validation()).items()
    ]
    parts = [
        "## All keys",
        _table(("Key", "Type", "Default", "Meaning"), rows),
        "## `theme`",
        _intro(ThemeConfig),
        _table(("Key", "Type", "Default", "Meaning"), [row for row in _rows(ThemeConfig) if row[0] != "`options`"]),
        "Any other key is handed to the templates of the theme.",
        f"Features: {_names(support.FEATURES)}. Of these, {_names(support.FEATURES_ALWAYS)} need not be named.",
        "## `markdown`",
        _table(("Key", "Type", "Default", "Meaning"), _rows(MarkdownConfig)),
        "## `external_links`",
        _intro(ExternalLinks),
        _table(("Key", "Type", "Default", "Meaning"), _rows(ExternalLinks)),
        "## `extra_javascript`",
        _intro(Script),
        _table(("Key", "Type", "Default", "Meaning"), _rows(Script)),
        "## `validation`",
        _intro(Validation),
        "`relative_to_docs`, for `absolute_links`, reads such a link as one that starts in the content folder.",
        _table(("Key", "In `ssg.yml`", "In `mkdocs.yml`", "Meaning"), levels),
        "## `plugins`",
        f"Built in: {_names(support.PLUGINS)}. With `enabled: false` among its options, a plugin is left out.",
        f"Plugins of MkDocs that are left out with a warning: {_names(support.PLUGINS_NOT_YET)}.",
        "## Python functions",
        "After `!!python/name:` and `!!python/object/apply:`, these names can be used and no others: any other could "
        f"run code just by being read. {_names(PYTHON_NAMES)}.",
        "## `.nav.yml`",
        _intro(NavFile),
        _table(("Key", "Type", "Default", "Meaning"), _rows(NavFile)),
    ]
    return "\n\n".join(parts) + "\n"


def _rows(struct: type[Struct]) -> list[tuple[str, ...]]:
    descriptions = describe(struct)
    return [
        (
            f"`{field.encode_name}`",
            "required " + _type(field.type) if field.required else _type(field.type),
            _default(field.name, field.default),
            descriptions.get(field.name, ""),
        )
        for field in msgspec.structs.fields(struct)
    ]


def _default(name: str, value: Any) -> str:
    if name in ("docs_dir", "site_dir"):
        value = {"docs_dir": DOCS_DIR, "site_dir": SITE_DIR}[name]["ssg"]
    if value is NODEFAULT or value is None or value == () or value == "":
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _type(kind: Any) -> str:
    """A type in words."""
    if kind in _WORDS:
        return _WORDS[kind]
    origin, members = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(_type(member) for member in members if member is not NoneType))
    if origin is tuple:
        return {NavEntry: "list of entries", Script: "list of scripts"}.get(members[0], f"list of {_type(members[0])}s")
    if origin is Literal:
        return " or ".join(f"`{choice}`" for choice in members if choice)
    return "mapping"


_WORDS = {
    str: "text",
    bool: "`true` or `false`",
    int: "whole number",
    float: "number",
    ThemeConfig: "name or mapping",
    MarkdownExtension: "name",
    PluginConfig: "name",
}


def _intro(struct: type[Struct]) -> str:
    return " ".join((struct.__doc__ or "").split())


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in lines
    )
