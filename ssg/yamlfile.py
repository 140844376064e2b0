"""From YAML text to a tree of nodes that know where they were written, and from nodes to plain values.

The tree is built from the parser's events with a stack of our own: the loaders of PyYAML recurse, so that a page of
brackets overflows the stack of Python, or of C. Nothing here makes Python objects from tags.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ssg.yamlerror import Origin, YamlError, explained

if TYPE_CHECKING:
    import yaml

__all__ = ["CORE", "Mapping", "Node", "Origin", "Scalar", "Sequence", "YamlError", "parse", "plain", "shown"]

MAX_DEPTH = 100
"""How deep lists and mappings may be nested. Documents of people stay below ten."""

MAX_ALIASED_NODES = 100_000
"""How many values all aliases of a text may stand for: nine lines of aliases can stand for a billion."""

CORE = "tag:yaml.org,2002:"
"""What `!!` is short for."""


class Node(Struct, gc=False, kw_only=True):
    """Something written in YAML. `tag` is written out in full (`!!str` is `tag:yaml.org,2002:str`), and empty if none.

    `line` and `column` count from 1.
    """

    line: int
    column: int
    tag: str = ""
    origin: Origin

    def error(self, message: str, hint: str = "") -> YamlError:
        """An error at the place of this node."""
        return self.origin.error(message, self.line, self.column, hint)


class Scalar(Node, gc=False, kw_only=True):
    """A single value as it was written: `1.10` and `NO` are just that. `quoted` includes block text (`|` and `>`)."""

    text: str
    quoted: bool = False

    @property
    def is_null(self) -> bool:
        """Whether nothing was written, or `null`, or `~`."""
        if self.tag:
            return self.tag == CORE + "null"
        return not self.quoted and self.text in _NULLS


class Sequence(Node, gc=False, kw_only=True):
    """A list."""

    items: list[Node]


class Mapping(Node, gc=False, kw_only=True):
    """A mapping: each key's text, with the key and the value. Merge keys (`<<`) have been carried out."""

    entries: dict[str, tuple[Scalar, Node]]

    def get(self, key: str) -> Node | None:
        """The value of `key`; None when it is not given."""
        entry = self.entries.get(key)
        return entry[1] if entry else None


_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


class _Open(Struct, gc=False):
    """A list or mapping that is still being read."""

    node: Sequence | Mapping
    anchor: str | None
    start: int
    height: int = 1
    key: Scalar | None = None
    merged: list[Mapping] = []


def parse(text: str, *, path: str = "", first_line: int = 1) -> Node:
    """Read one YAML document.

    Args:
        text: The document. A byte order mark at its start is skipped.
        path: The name of the file, for those who report on nodes.
        first_line: The number of the text's first line, when the text is a part of a file.

    Returns:
        The root node; for an empty document a `Scalar` that is null. A value that aliases share is one shared node.

    Raises:
        YamlError: The text is not YAML, has a key twice, is nested too deeply, or has more than one document.

    Source of the format: https://yaml.org/spec/1.1/, as PyYAML reads it.
    """
    origin = Origin(text.removeprefix("\ufeff"), path, first_line)
    return _Builder(origin).build()


class _Builder:
    """From events to one tree."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.open: list[_Open] = []
        self.root: Node | None = None
        # An anchor's node, how many nodes it stands for, and how deep it goes; None while it is being read.
        self.anchors: dict[str, tuple[Node, int, int] | None] = {}
        self.count = 0
        self.aliased = 0

    def build(self) -> Node:
        import yaml

        documents = 0
        try:
            # Each event's class is looked up by identity: this loop is what reading a thousand pages spends.
            events: Iterable[Any] = yaml.parse(self.origin.text, Loader=_loader())
            for event in events:
                kind = type(event)
                if kind is yaml.ScalarEvent:
                    line, column = self._place(event)
                    scalar = Scalar(
                        text=event.value,
                        quoted=bool(event.style),
                        tag=_tag(event),
                        line=line,
                        column=column,
                        origin=self.origin,
                    )
                    self.count += 1
                    if event.anchor:
                        self.anchors[event.anchor] = scalar, 1, 0
                    self._add(scalar, 0)
                elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                    self._start(event, is_mapping=kind is yaml.MappingStartEvent)
                elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                    self._end()
                elif kind is yaml.AliasEvent:
                    self._alias(event)
                elif kind is yaml.DocumentStartEvent:
                    documents += 1
                    if documents > 1:
                        message = "a second document starts here, where one is expected"
                        raise self.origin.error(message, *self._place(event), "remove the line `---`")
        except yaml.YAMLError as error:
            raise explained(self.origin, error) from None
        except UnicodeEncodeError as error:
            line = self.origin.text.count("\n", 0, error.start) + self.origin.first_line
            column = error.start - self.origin.text.rfind("\n", 0, error.start)
            raise self.origin.error("half of a surrogate pair is not a character", line, column) from None
        return self.root or Scalar(text="", line=self.origin.first_line, column=1, origin=self.origin)

    def _place(self, event: Any) -> tuple[int, int]:
        mark = event.start_mark
        return mark.line + self.origin.first_line, mark.column + 1

    def _start(self, event: "yaml.MappingStartEvent | yaml.SequenceStartEvent", *, is_mapping: bool) -> None:
        line, column = self._place(event)
        if len(self.open) >= MAX_DEPTH:
            raise self.origin.error(f"nested more than {MAX_DEPTH} levels deep", line, column, "use fewer levels")
        tag = _tag(event)
        node: Sequence | Mapping
        if is_mapping:
            node = Mapping(entries={}, tag=tag, line=line, column=column, origin=self.origin)
        else:
            node = Sequence(items=[], tag=tag, line=line, column=column, origin=self.origin)
        if self.open and type(self.open[-1].node) is Mapping and self.open[-1].key is None:
            raise node.error("a list or mapping cannot be a key", "put a text that starts with `[` or `{` in quotes")
        if event.anchor:
            self.anchors[event.anchor] = None
        self.open.append(_Open(node, event.anchor, self.count))
        self.count += 1

    def _end(self) -> None:
        done = self.open.pop()
        if done.merged and isinstance(done.node, Mapping):
            own = done.node.entries
            done.node.entries = {}
            for mapping in done.merged:
                for key, entry in mapping.entries.items():
                    done.node.entries.setdefault(key, entry)
            done.node.entries.update(own)
        if done.anchor:
            self.anchors[done.anchor] = done.node, self.count - done.start, done.height
        self._add(done.node, done.height)

    def _alias(self, event: "yaml.AliasEvent") -> None:
        line, column = self._place(event)
        name = event.anchor
        if name not in self.anchors:
            raise self.origin.error(f"no anchor `&{name}` comes before `*{name}`", line, column)
        known = self.anchors[name]
        if known is None:
            raise self.origin.error(f"`*{name}` stands for something that contains it", line, column)
        node, count, height = known
        self.count += count
        self.aliased += count
        if self.aliased > MAX_ALIASED_NODES:
            message = f"the aliases stand for more than {MAX_ALIASED_NODES:,} values"
            raise self.origin.error(message, line, column, "write out less by `*`")
        if len(self.open) + height > MAX_DEPTH:
            raise self.origin.error(f"with this alias, nested more than {MAX_DEPTH} levels deep", line, column)
        self._add(node, height, (line, column))

    def _add(self, node: Node, height: int, place: tuple[int, int] | None = None) -> None:
        """Put a finished node where it belongs: it is the root, an item, a key, or the value of the last key."""
        if not self.open:
            self.root = node
            return
        around = self.open[-1]
        if height >= around.height:
            around.height = height + 1
        if type(around.node) is Sequence:
            around.node.items.append(node)
            return
        assert isinstance(around.node, Mapping)  # noqa: S101 - for the type checker
        if around.key is None:
            if not isinstance(node, Scalar):
                raise self.origin.error("a list or mapping cannot be a key", *(place or (node.line, node.column)))
            around.key = node
            return
        key, around.key = around.key, None
        if (key.text == "<<" and not key.quoted and not key.tag) or key.tag == CORE + "merge":
            around.merged += _mappings(node, key)
            return
        entries = around.node.entries
        if key.text in entries:
            first = entries[key.text][0]
            raise key.error(
                f"the key `{key.text}` is given twice", f"it is already on line {first.line}: keep one of the two"
            )
        entries[key.text] = key, node


def _tag(event: Any) -> str:
    """An event's tag; `!` alone says nothing, as PyYAML has it."""
    return "" if event.tag is None or event.tag == "!" else str(event.tag)


def _mappings(node: Node, key: Scalar) -> list[Mapping]:
    """What a merge key (`<<`) merges."""
    nodes = node.items if isinstance(node, Sequence) else [node]
    mappings = [item for item in nodes if isinstance(item, Mapping)]
    if len(mappings) < len(nodes):
        raise key.error("`<<` takes a mapping or a list of mappings", "it is usually an alias, such as `<<: *name`")
    return mappings


@cache
def _loader() -> Any:
    import yaml

    # Wheels of PyYAML have the C parser; where it was built without, the one in Python gives the same events.
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def plain(node: Node, *, as_written: bool = False, tags: Callable[[Node], Any] | None = None) -> Any:
    """The value of a node in plain Python types, with the meanings of YAML 1.1 that PyYAML's `safe_load` gives.

    Unlike there, `12:30:45` stays text instead of becoming a number of seconds.

    Args:
        node: What `parse` gave, or a part of it.
        as_written: Keep keys and dates as the text that was written, so that the value can be encoded as JSON.
        tags: Called for a node with a tag that is not YAML's own; its answer is the value.

    Returns:
        None, bool, int, float, str, bytes, date, datetime, list or dict.

    Raises:
        YamlError: A tag is not known, or a value is not what it looks like (`2024-02-31`).
    """
    if node.tag and node.tag not in _TAGS[type(node)]:
        if tags is not None:
            return tags(node)
        raise node.error(
            f"the tag `{shown(node.tag)}` cannot be used here", "put a text that starts with `!` in quotes"
        )
    if isinstance(node, Scalar):
        return _value(node, as_written=as_written)
    if isinstance(node, Sequence):
        return [plain(item, as_written=as_written, tags=tags) for item in node.items]
    assert isinstance(node, Mapping)  # noqa: S101 - for the type checker
    if as_written:
        return {key: plain(value, as_written=True, tags=tags) for key, (_, value) in node.entries.items()}
    values: dict[Any, Any] = {}
    for key, value in node.entries.values():
        name = _value(key)
        if name in values:
            raise key.error(f"the key `{key.text}` means the same as another one here", "keep one of the two")
        values[name] = plain(value, tags=tags)
    return values


_SCALAR_TAGS = frozenset(CORE + kind for kind in ("null", "bool", "int", "float", "timestamp", "binary", "str"))
_TAGS = {Scalar: _SCALAR_TAGS, Sequence: frozenset((CORE + "seq",)), Mapping: frozenset((CORE + "map",))}


def shown(tag: str) -> str:
    """A tag as people write it: `!!str`, `!ENV`."""
    return "!!" + tag.removeprefix(CORE) if tag.startswith(CORE) else tag


def _value(node: Scalar, *, as_written: bool = False) -> Any:
    text = node.text
    if node.tag:
        kind = node.tag.removeprefix(CORE)
    elif node.quoted:
        return text
    else:
        kind = _kind(text)
    if kind == "str" or (as_written and kind == "timestamp"):
        return text
    if kind == "null":
        return None
    import yaml

    constructor = yaml.constructor.SafeConstructor
    try:
        value = constructor.yaml_constructors[CORE + kind](constructor(), yaml.ScalarNode(CORE + kind, text))
    except (ValueError, LookupError, ArithmeticError, AttributeError, TypeError, yaml.YAMLError):
        name = _NAMES.get(kind, kind)
        raise node.error(f"`{text[:40]}` is not a valid {name}", "put it in quotes if it is text") from None
    if type(value) is int and not -(2**63) <= value < 2**64:
        raise node.error("this number is too large", "put it in quotes if it is text")
    return value


_NAMES = {"timestamp": "date", "int": "number", "float": "number", "bool": "`true` or `false`"}


@cache
def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    import yaml

    return yaml.SafeLoader.yaml_implicit_resolvers


def _kind(text: str) -> str:
    """The kind of value that a plain scalar is, by the patterns of YAML 1.1."""
    for tag, pattern in _resolvers().get(text[:1], ()):
        if pattern.match(text):
            kind = tag.removeprefix(CORE)
            # Base 60 is a surprise to everyone, and `=` and `<<` are values only where YAML 1.1 says nothing useful.
            if tag not in _SCALAR_TAGS or (":" in text and kind in ("int", "float")):
                return "str"
            return kind
    return "str"
