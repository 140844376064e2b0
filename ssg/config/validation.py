"""From the node of `validation` to a level for each kind of problem, as MkDocs 1.6 reads it."""

from typing import get_args

import msgspec

from ssg import yamlfile
from ssg.config.decode import Decoder, is_null
from ssg.config.problems import nearest
from ssg.config.settings import Level, Validation
from ssg.yamlfile import Node

_FIELDS = tuple(Validation.__struct_fields__)
_GROUPS = ("nav", "links")
_LEVELS = get_args(Level)


def read_validation(node: Node, defaults: Validation, decoder: Decoder) -> Validation:
    """The levels. A key at the top counts wherever a group has it, unless the group says otherwise.

    Source of the format: https://www.mkdocs.org/user-guide/configuration/#validation
    """
    if not isinstance(node, yamlfile.Mapping):
        decoder.fields(node, Validation, "validation")
        return defaults
    levels: dict[str, Level] = {}
    for group in (None, *_GROUPS):  # what is more particular comes later, and wins
        inner = node.get(group) if group else node
        if inner is None or is_null(inner):
            continue
        if not isinstance(inner, yamlfile.Mapping):
            decoder.fields(inner, Validation, f"validation.{group}")
            continue
        for name, (key, value) in inner.entries.items():
            if group is None and name in _GROUPS:
                continue
            targets = [f"{prefix}_{name}" for prefix in ((group,) if group else _GROUPS)]
            targets = [target for target in targets if target in _FIELDS]
            at = f"validation.{group}.{name}" if group else f"validation.{name}"
            if not targets:
                known = [field.split("_", 1)[1] for field in _FIELDS if field.startswith(group or "")]
                decoder.problems.warn(
                    key, f"`{at}` is not a check that exists", nearest(name, known), code="unsupported-option"
                )
                continue
            choices = _LEVELS if name == "absolute_links" else _LEVELS[:-1]
            level = decoder.choice(value, list(choices), at)
            if level is not msgspec.UNSET:
                levels |= dict.fromkeys(targets, level)
    return msgspec.structs.replace(defaults, **levels)
