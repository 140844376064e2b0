"""From the path of an `ssg.yml` or `mkdocs.yml` to the settings of the site, and where each of them was written."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import UNSET, Struct

from ssg import yamlfile
from ssg.config import support
from ssg.config.addons import read_extensions, read_plugins, with_options
from ssg.config.decode import Decoder
from ssg.config.derive import DOCS_DIR, complete
from ssg.config.file import find, read_tree, relative
from ssg.config.nav import read_nav
from ssg.config.problems import Problems
from ssg.config.settings import MKDOCS_VALIDATION, Script, SiteConfig, Validation
from ssg.config.tags import with_relative, without_unknown_functions
from ssg.config.theme import read_theme
from ssg.config.validation import read_validation
from ssg.model import Diagnostic
from ssg.yamlfile import Node, Scalar, Sequence

OVERRIDES = ("site_dir", "strict", "use_directory_urls", "offline", "print_page")
"""Settings that the command line can override."""


class Loaded(Struct, frozen=True, kw_only=True):
    """A configuration, with what only messages and the command line need: of that, nothing may enter a cache key."""

    config: SiteConfig
    diagnostics: tuple[Diagnostic, ...]
    """Warnings and notes; errors are raised."""
    file: Path
    root: Path
    """Folder of the configuration file: the project."""
    inherited: tuple[Path, ...]
    """Files that `INHERIT` leads to."""
    tree: Node

    def position(self, *key_path: str | int) -> tuple[str, int, int, str]:
        """Where a setting was written: path of the file from the project, line, column, and the line itself.

        In a list of plugins or extensions, a name finds its item. Where the path leads no further, the last setting
        on it is meant; for none at all, the top of the file.
        """
        at, node = self.tree, self.tree
        for key in key_path:
            found = _step(node, key)
            if found is None:
                break
            at, node = found
        return at.origin.path, at.line, at.column, at.origin.line(at.line)


def _step(node: Node, key: str | int) -> tuple[Node, Node] | None:
    """The node to point at for `key`, and the one that has what is below it."""
    if isinstance(node, yamlfile.Mapping):
        return node.entries.get(str(key))
    if not isinstance(node, Sequence):
        return None
    if isinstance(key, int):
        return (node.items[key], node.items[key]) if 0 <= key < len(node.items) else None
    for item in node.items:
        if isinstance(item, Scalar) and item.text == key:
            return item, item
        if isinstance(item, yamlfile.Mapping) and key in item.entries:
            return item.entries[key]
    return None


def load(path: Path | None, *, cwd: Path, overrides: Mapping[str, Any] | None = None) -> Loaded:
    """Read a configuration.

    Args:
        path: The file, relative to `cwd`; without one, `ssg.yml`, `ssg.yaml`, `mkdocs.yml` or `mkdocs.yaml` in `cwd`.
        cwd: The current folder.
        overrides: From the command line: `site_dir` (relative to `cwd`), `strict`, `use_directory_urls`. None counts
            as not given.

    Raises:
        ConfigError: There is no file, or it cannot be used; with all of its problems at once.

    Source of the format: https://www.mkdocs.org/user-guide/configuration/ (MkDocs 1.6).
    """
    file = Path(os.path.normpath(cwd / path)) if path is not None else find(cwd)
    root = file.parent
    tree, inherited = read_tree(file, root)
    problems = Problems()
    values = _settings(tree, "mkdocs" if file.name.startswith("mkdocs") else "ssg", problems)
    for name, value in (overrides or {}).items():
        if name not in OVERRIDES:
            raise TypeError(f"{name} cannot be overridden")
        if value is not None:
            # Relative to the project, so that a project that is moved has the same settings.
            values[name] = relative(cwd / value, root) if name == "site_dir" else value
    complete(values, tree, problems)
    problems.check()
    return Loaded(
        config=SiteConfig(**values),
        diagnostics=tuple(problems.found),
        file=file,
        root=root,
        inherited=inherited,
        tree=tree,
    )


def _settings(tree: yamlfile.Mapping, kind: str, problems: Problems) -> dict[str, Any]:
    """The values of all keys that are given."""
    mkdocs = kind == "mkdocs"
    decoder = Decoder(problems, mkdocs=mkdocs)
    if mkdocs:
        for name, (_, child) in tree.entries.items():
            if name != "plugins":  # most of those are left out as a whole
                without_unknown_functions(child, problems)
    docs_dir = tree.get("docs_dir")
    folder = docs_dir.text if isinstance(docs_dir, Scalar) and docs_dir.text else DOCS_DIR[kind]
    with_relative(tree, folder, problems)
    validation = MKDOCS_VALIDATION if mkdocs else Validation()
    special = {
        # in MkDocs, an empty list is as good as none
        "nav": lambda node: read_nav(node, problems, mkdocs=mkdocs) or (None if mkdocs else ()),
        "theme": lambda node: read_theme(node, decoder),
        "markdown_extensions": lambda node: read_extensions(node, decoder),
        "plugins": lambda node: read_plugins(node, decoder),
        "extra_javascript": lambda node: _scripts(node, decoder),
        "validation": lambda node: read_validation(node, validation, decoder),
        # `format` is a field of the settings that is not a key.
        "format": lambda node: problems.error(tree.entries["format"][0], "unknown key `format`", code="unknown-key"),
    }
    values: dict[str, Any] = {"validation": validation}
    values |= decoder.fields(tree, SiteConfig, special=special)
    values["format"] = kind
    if values.get("markdown_extensions") is not None and "mdx_configs" in values:
        values["markdown_extensions"] = with_options(
            values["markdown_extensions"], tree, values["mdx_configs"], decoder
        )
    elif "mdx_configs" in values:
        message = "`mdx_configs` has no effect without `markdown_extensions`"
        problems.warn(tree.entries["mdx_configs"][0], message, "list the extensions", code="unused-option")
    for name, instead in support.KEYS_NOT_YET.items():
        if name in tree.entries:
            message = f"`{name}` has no effect yet: {instead}"
            problems.warn(tree.entries[name][0], message, code="unsupported-option")
    return values


def _scripts(node: Node, decoder: Decoder) -> tuple[Script, ...]:
    scripts = []
    for index, item in enumerate(decoder.items(node, "extra_javascript")):
        at = f"extra_javascript[{index}]"
        if isinstance(item, yamlfile.Mapping):
            script = decoder.value(item, Script, at)
            if script is UNSET and "path" not in item.entries:
                decoder.problems.error(item, f"`{at}` has no `path`", code="missing-key")
        else:
            path = decoder.text(item, at)
            script = Script(path=path, type="module" if path.endswith(".mjs") else "") if path else UNSET
        if script is not UNSET:
            scripts.append(script)
    return tuple(scripts)
