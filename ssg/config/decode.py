"""From YAML nodes and the types of settings to values, with every mistake at its place."""

import re
from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import UNSET, Struct

from ssg import yamlfile
from ssg.config.problems import Problems, described, nearest
from ssg.config.tags import python_object
from ssg.yamlfile import CORE, Node, Scalar, YamlError, plain

REMOVED_KEYS = {
    "pages": "`pages` has become `nav`",
    "theme_dir": "`theme_dir` has become `custom_dir`, under `theme`",
    "google_analytics": "`google_analytics` is not a key any more: put the script in `extra_javascript`",
}
"""Keys that old configurations have, and what to write now."""

_Special = Mapping[str, Callable[[Node], Any]]


class Decoder:
    """Reads values by their types; what does not fit is added to `problems` and reads as `UNSET`.

    A `mkdocs` file may have keys that do not exist: MkDocs warns of them too, and leaves them out.
    """

    def __init__(self, problems: Problems, *, mkdocs: bool = False) -> None:
        self.problems = problems
        self.mkdocs = mkdocs

    def fields(self, node: Node, struct: type[Struct], at: str = "", special: _Special | None = None) -> dict[str, Any]:
        """The fields of a mapping that fit a struct. Empty values count as not given.

        Args:
            node: The mapping.
            struct: The type whose fields the keys must be.
            at: The key path of the mapping, for messages.
            special: Keys that are read by a function of their own.
        """
        if not isinstance(node, yamlfile.Mapping) or node.tag not in ("", CORE + "map"):
            return self._wrong(node, at, "a mapping", "write `key: value` lines") or {}
        known = {field.encode_name: field for field in msgspec.structs.fields(struct)}
        special = special or {}
        values: dict[str, Any] = {}
        for name, (key, child) in node.entries.items():
            path = f"{at}.{name}" if at else name
            if name in special:
                value = UNSET if is_null(child) else special[name](child)
                target = known[name].name if name in known else name
            elif name in known:
                value = UNSET if is_null(child) else self.value(child, known[name].type, path)
                target = known[name].name
            else:
                removed = "" if at else REMOVED_KEYS.get(name, "")
                hint = removed or nearest(name, [*known, *special])
                if self.mkdocs and not removed:
                    self.problems.warn(key, f"unknown key `{path}`, which is left out", hint, code="unknown-key")
                else:
                    self.problems.error(key, f"unknown key `{path}`", hint, code="unknown-key")
                continue
            if value is not UNSET:
                values[target] = value
        return values

    def value(self, node: Node, kind: Any, at: str) -> Any:
        """The value of a node as a type: text, bool, number, literal, tuple, dict, struct, or a union of these."""
        origin = get_origin(kind)
        if origin in (Union, UnionType):
            return self._union(node, [member for member in get_args(kind) if member is not NoneType], at)
        if kind is str:
            return self.text(node, at)
        if kind is bool:
            return self.flag(node, at)
        if kind in (int, float):
            return self.number(node, kind, at)
        if origin is Literal:
            return self.choice(node, [str(choice) for choice in get_args(kind)], at)
        if origin is tuple:
            return self._tuple(node, get_args(kind)[0], at)
        if origin is dict:
            return self._dict(node, get_args(kind)[1], at)
        if isinstance(kind, type) and issubclass(kind, Struct):
            values = self.fields(node, kind, at)
            required = [field.name for field in msgspec.structs.fields(kind) if field.required]
            return UNSET if any(name not in values for name in required) else kind(**values)
        raise TypeError(f"no reader for {kind}")

    def text(self, node: Node, at: str) -> Any:
        """A text exactly as it was written: `1.10` and `NO` too."""
        if isinstance(node, Scalar) and is_core(node):
            return "" if node.is_null else node.text
        return self._wrong(node, at, "text")

    def flag(self, node: Node, at: str) -> Any:
        """A yes or no."""
        if isinstance(node, Scalar) and is_core(node):
            value = self.free(node)
            if isinstance(value, bool):
                return value
        return self._wrong(node, at, "`true` or `false`")

    def number(self, node: Node, kind: type[int] | type[float], at: str) -> Any:
        """A number that is not below zero."""
        if isinstance(node, Scalar) and is_core(node) and re.fullmatch(r"\d{1,9}(\.\d{1,9})?", node.text):
            value = float(node.text)
            if kind is float or value.is_integer():
                return kind(value)
        return self._wrong(node, at, "a whole number such as `10`" if kind is int else "a number")

    def choice(self, node: Node, choices: list[str], at: str) -> Any:
        """One of some words."""
        if isinstance(node, Scalar) and is_core(node) and node.text in choices:
            return node.text
        words = [f"`{choice}`" for choice in choices if choice]
        hint = nearest(node.text, choices) if isinstance(node, Scalar) else ""
        return self._wrong(node, at, " or ".join([", ".join(words[:-1]), words[-1]]), hint)

    def free(self, node: Node) -> Any:
        """A value of any shape: keys and dates as written, names of Python functions as mappings."""
        try:
            return plain(node, as_written=True, tags=python_object)
        except YamlError as error:
            self.problems.add(error, node.origin.path)
            return UNSET

    def items(self, node: Node, at: str) -> list[Node]:
        """The items of a list."""
        if isinstance(node, yamlfile.Sequence) and node.tag in ("", CORE + "seq"):
            return node.items
        self._wrong(node, at, "a list", "write each item on a line of its own, after `- `")
        return []

    def options(self, node: Node, at: str) -> dict[str, Any]:
        """The options of something that has a name: a mapping, or nothing."""
        if is_null(node):
            return {}
        value = self._dict(node, Any, at)
        return {} if value is UNSET else value

    def _tuple(self, node: Node, kind: Any, at: str) -> Any:
        if not isinstance(node, yamlfile.Sequence):
            return self._wrong(node, at, "a list", "write each item on a line of its own, after `- `")
        values = []
        for index, item in enumerate(self.items(node, at)):
            if is_null(item):
                self.problems.error(item, f"`{at}[{index}]` is empty", "remove it", code="wrong-type")
            else:
                values.append(self.value(item, kind, f"{at}[{index}]"))
        return tuple(value for value in values if value is not UNSET)

    def _dict(self, node: Node, kind: Any, at: str) -> Any:
        if not isinstance(node, yamlfile.Mapping) or not is_core(node):
            return self._wrong(node, at, "a mapping", "write `key: value` lines")
        if kind is Any:
            return self.free(node)
        values = {key: self.value(child, kind, f"{at}.{key}") for key, (_, child) in node.entries.items()}
        return {key: value for key, value in values.items() if value is not UNSET}

    def _union(self, node: Node, kinds: list[Any], at: str) -> Any:
        """The first type with the shape of the node; a mistake inside of it is a mistake of that type."""
        for kind in kinds:
            shape = get_origin(kind) or kind
            if (
                (shape is tuple and isinstance(node, yamlfile.Sequence))
                or (shape is dict and isinstance(node, yamlfile.Mapping))
                or (shape in (str, bool) and isinstance(node, Scalar))
            ):
                return self.value(node, kind, at)
        return self.value(node, kinds[0], at)

    def _wrong(self, node: Node, at: str, expected: str, hint: str = "") -> Any:
        subject = f"`{at}`" if at else "this file"
        self.problems.error(node, f"{subject} should be {expected}, but is {described(node)}", hint, code="wrong-type")
        return UNSET


def is_null(node: Node) -> bool:
    """Whether nothing was written."""
    return isinstance(node, Scalar) and node.is_null


def is_core(node: Node) -> bool:
    """Whether a node has no tag, or one of YAML's own."""
    return not node.tag or (node.tag.startswith(CORE) and "/" not in node.tag)
