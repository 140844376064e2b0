"""From the tags of MkDocs (`!ENV`, `!relative`, `!!python/name:`) to plain nodes and values; nothing is imported."""

import posixpath
from collections.abc import Callable, Mapping
from typing import Any

from ssg import yamlfile
from ssg.config.problems import Problems, nearest
from ssg.yamlfile import CORE, Node, Scalar, Sequence, YamlError, plain, shown

PYTHON_NAMES = frozenset(
    {
        *(f"material.extensions.emoji.{name}" for name in ("to_svg", "twemoji")),
        *(f"materialx.emoji.{name}" for name in ("to_svg", "twemoji")),
        *(f"zensical.extensions.emoji.{name}" for name in ("to_svg", "twemoji")),
        *(
            f"pymdownx.emoji.{name}"
            for name in (
                "emojione",
                "gemoji",
                "twemoji",
                "to_alt",
                "to_png",
                "to_png_sprite",
                "to_svg",
                "to_svg_sprite",
            )
        ),
        "pymdownx.superfences.fence_code_format",
        "pymdownx.superfences.fence_div_format",
        "mermaid2.fence_mermaid",
        "mermaid2.fence_mermaid_custom",
        *(
            f"pymdownx.slugs.{name}"
            for name in (
                "slugify",
                "gfm",
                "gfm_encoded",
                "uslugify",
                "uslugify_cased",
                "uslugify_cased_encoded",
                "uslugify_encoded",
            )
        ),
        "markdown.extensions.toc.slugify",
        "markdown.extensions.toc.slugify_unicode",
        *(
            f"pymdownx.arithmatex.{name}"
            for name in (
                "arithmatex_fenced_format",
                "arithmatex_inline_format",
                "fence_generic_format",
                "fence_mathjax_format",
                "fence_mathjax_preview_format",
                "inline_generic_format",
                "inline_mathjax_format",
                "inline_mathjax_preview_format",
            )
        ),
    }
)
"""The Python functions that a configuration may name."""

_NAME = CORE + "python/name:"
_APPLY = CORE + "python/object/apply:"


def python_object(node: Node) -> dict[str, Any]:
    """What a `!!python/` tag says, as a mapping that another module can act on.

    Returns:
        `{"!python": name}` for a function itself, and with `"args"` and `"kwds"` for the result of calling it.

    Raises:
        YamlError: The tag is another one, or names a function that is not on the list.
    """
    if node.tag.startswith(_NAME):
        name = node.tag.removeprefix(_NAME)
        _allow(node, name)
        if not isinstance(node, Scalar) or node.text:
            raise node.error(f"nothing but `''` may follow `{shown(node.tag)}`")
        return {"!python": name}
    if node.tag.startswith(_APPLY):
        name = node.tag.removeprefix(_APPLY)
        _allow(node, name)
        return {"!python": name, **_arguments(node)}
    hint = "put a text that starts with `!` in quotes"
    if node.tag.startswith(CORE + "python/"):
        hint = "of Python's tags, only `!!python/name:` and `!!python/object/apply:` can be used"
    raise node.error(f"the tag `{shown(node.tag)}` cannot be used here", hint)


def _allow(node: Node, name: str) -> None:
    if name not in PYTHON_NAMES:
        raise node.error(
            f"`{name}` is not on the list of Python functions that a configuration may name",
            nearest(name, PYTHON_NAMES)
            or "any other one could run code just by being read; the documentation has the list",
        )


def without_unknown_functions(node: Node, problems: Problems) -> None:
    """Take options that name other functions out of a tree, with a warning each: what is theirs runs in MkDocs only.

    A list may lose items by this, as an option loses its value.
    """
    if isinstance(node, Sequence):
        node.items[:] = [item for item in node.items if not _warned(item, "an item", problems)]
        for item in node.items:
            without_unknown_functions(item, problems)
    elif isinstance(node, yamlfile.Mapping):
        for name, (_, child) in list(node.entries.items()):
            if _warned(child, f"`{name}`", problems):
                del node.entries[name]
            else:
                without_unknown_functions(child, problems)


def _warned(node: Node, what: str, problems: Problems) -> bool:
    name = node.tag.removeprefix(_NAME).removeprefix(_APPLY)
    if name == node.tag or name in PYTHON_NAMES:
        return False
    problems.warn(
        node,
        f"`{name}` is not on the list of Python functions that a configuration may name: {what} is left out",
        nearest(name, PYTHON_NAMES),
        code="unsupported-option",
    )
    return True


def _arguments(node: Node) -> dict[str, Any]:
    """What follows `!!python/object/apply:`: a list of arguments, or a mapping with `args` and `kwds`."""
    args: Any = []
    kwds: Any = {}
    if isinstance(node, Sequence):
        args = [plain(item, as_written=True, tags=python_object) for item in node.items]
    elif isinstance(node, yamlfile.Mapping):
        for name, (key, child) in node.entries.items():
            if name == "args" and isinstance(child, Sequence):
                args = plain(child, as_written=True, tags=python_object)
            elif name == "kwds" and isinstance(child, yamlfile.Mapping):
                kwds = plain(child, as_written=True, tags=python_object)
            else:
                raise key.error(
                    f"`{name}` does not belong here", "write `args:` with a list, or `kwds:` with a mapping"
                )
    elif isinstance(node, Scalar) and node.text:
        raise node.error("arguments are a list, or a mapping with `args` and `kwds`")
    return {"args": args, "kwds": kwds}


def replace(node: Node, tag: str, by: Callable[[Node], Node]) -> Node:
    """The tree with each node that has `tag` replaced by what `by` makes of it. Changes the tree in place."""
    if node.tag == tag:
        return by(node)
    if isinstance(node, Sequence):
        node.items[:] = [replace(item, tag, by) for item in node.items]
    elif isinstance(node, yamlfile.Mapping):
        for name, (key, child) in node.entries.items():
            node.entries[name] = key, replace(child, tag, by)
    return node


def with_environment(node: Node, environ: Mapping[str, str]) -> Node:
    """The tree with the value of an environment variable for each `!ENV`.

    `!ENV NAME`, or `!ENV [NAME, OTHER, default]`: the first variable that is set, read as YAML reads a plain value;
    without any the default; without a default, nothing.

    Raises:
        YamlError: Something else follows `!ENV`.

    Source of the format: https://github.com/waylan/pyyaml-env-tag
    """

    def value(tagged: Node) -> Node:
        items = tagged.items if isinstance(tagged, Sequence) else [tagged]
        default: Node = Scalar(text="", line=tagged.line, column=tagged.column, origin=tagged.origin)
        if isinstance(tagged, Sequence) and len(items) > 1:
            *items, default = items
        for item in items:
            if not isinstance(item, Scalar) or not item.text:
                raise _env_error(tagged)
            if item.text in environ:
                text = environ[item.text]
                return Scalar(text=text, line=tagged.line, column=tagged.column, origin=tagged.origin)
        if not items:
            raise _env_error(tagged)
        return default

    return replace(node, "!ENV", value)


def _env_error(node: Node) -> YamlError:
    return node.error(
        "`!ENV` takes the name of a variable, or a list of names",
        "write `!ENV NAME` or `!ENV [NAME, OTHER, default]`",
    )


def with_relative(node: Node, docs_dir: str, problems: Problems) -> Node:
    """The tree with a path from the project folder for each `!relative`.

    `!relative $config_dir` is the project folder, `!relative $docs_dir` the content folder, either with a path behind.
    `!relative` alone is in MkDocs the folder of the page that is read; here it is the content folder, with a warning.

    Source of the format: https://www.mkdocs.org/user-guide/configuration/#paths-relative-to-the-current-file-or-site
    """

    def path(tagged: Node) -> Node:
        text = tagged.text if isinstance(tagged, Scalar) else "?"
        start, _, rest = text.partition("/")
        folders = {"$config_dir": ".", "$docs_dir": docs_dir, "": docs_dir}
        if start not in folders or (not start and rest):
            message = "`!relative` starts with `$config_dir` or `$docs_dir`"
            problems.error(tagged, message, "write for example `!relative $docs_dir/snippets`", code="wrong-value")
        elif not start:
            problems.warn(
                tagged,
                "`!relative` alone, for the folder of each page, is not supported yet: the content folder is used",
                "write `!relative $docs_dir` or `!relative $config_dir`",
                code="unsupported-option",
            )
        resolved = posixpath.normpath(posixpath.join(folders.get(start, docs_dir), rest))
        return Scalar(text=resolved, quoted=True, line=tagged.line, column=tagged.column, origin=tagged.origin)

    return replace(node, "!relative", path)
