"""From the node of `theme` to a ThemeConfig, with a word about every part of Material that is not there yet."""

from typing import Any

import msgspec
from msgspec import UNSET

from ssg import yamlfile
from ssg.config import support
from ssg.config.decode import Decoder, is_null
from ssg.config.problems import nearest
from ssg.config.settings import ThemeConfig
from ssg.yamlfile import Node, Scalar, Sequence


def read_theme(node: Node, decoder: Decoder) -> ThemeConfig:
    """The theme, given by name or as a mapping; keys that are not fields become `options`."""
    if isinstance(node, Scalar):
        name = decoder.text(node, "theme")
        return ThemeConfig(name=_name(node, name, decoder)) if isinstance(name, str) else ThemeConfig()
    own: dict[str, tuple[Scalar, Node]] = {}
    options: dict[str, Any] = {}
    keys: dict[str, Scalar] = {}
    fields = {field.encode_name for field in msgspec.structs.fields(ThemeConfig)} - {"options"}
    if isinstance(node, yamlfile.Mapping):
        for key, entry in node.entries.items():
            if key in fields:
                own[key] = entry
            else:
                value = decoder.free(entry[1])
                if value is not UNSET:
                    options[key] = value
                    keys[key] = entry[0]
        node = yamlfile.Mapping(entries=own, line=node.line, column=node.column, tag=node.tag, origin=node.origin)
    values = decoder.fields(node, ThemeConfig, "theme", {"palette": lambda child: _palette(child, decoder)})
    if "name" in own:
        name_node = own["name"][1]
        # With `name: null`, MkDocs takes templates from `custom_dir` alone.
        values["name"] = "" if is_null(name_node) else _name(name_node, values.get("name", "default"), decoder)
    if "locale" in options and "language" not in values:  # the key of the themes that come with MkDocs
        values["language"] = str(options["locale"])
    if values.get("name", "default") == "default":
        for name, instead in support.THEME_NOT_YET.items():
            if name in own and values.get(name):
                message = f"`theme.{name}` has no effect yet: {instead}"
                decoder.problems.warn(own[name][0], message, code="unsupported-option")
        for option, place in keys.items():
            # templates of the project's own may use it
            if option not in support.THEME_OPTIONS and not values.get("custom_dir"):
                message = f"`theme.{option}` has no effect: the default theme does nothing with it"
                decoder.problems.warn(place, message, nearest(option, fields), code="unsupported-option")
    if "features" in own:
        _features(*own["features"], decoder)
    return ThemeConfig(**values, options=options)


def _name(node: Node, name: str, decoder: Decoder) -> str:
    if name not in support.STANDS_FOR_DEFAULT:
        return name
    decoder.problems.note(node, f"the theme `{name}` stands for the default theme", code="theme-name")
    return "default"


def _palette(node: Node, decoder: Decoder) -> Any:
    kind = dict[str, Any] if isinstance(node, yamlfile.Mapping) else tuple[dict[str, Any], ...]
    value = decoder.value(node, kind, "theme.palette")
    return (value,) if isinstance(value, dict) else value


def _features(key: Node, value: Node, decoder: Decoder) -> None:
    items = value.items if isinstance(value, Sequence) else []
    features = {item.text: item for item in items if isinstance(item, Scalar) and not item.is_null}
    known = [name for name in features if name in support.FEATURES_NOT_YET]
    if known:
        names = ", ".join(f"`{name}`" for name in known)
        decoder.problems.warn(
            key,
            f"features of the theme that are not supported yet: {names}",
            "the site is built without them",
            code="unsupported-feature",
        )
    for name, node in features.items():
        if name not in support.FEATURES and name not in support.FEATURES_NOT_YET:
            hint = nearest(name, support.FEATURES | support.FEATURES_NOT_YET)
            decoder.problems.warn(node, f"unknown feature `{name}` of the theme", hint, code="unknown-feature")
