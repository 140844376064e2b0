"""From the node of `theme` to a ThemeConfig, with a word about every part of Material that is not there yet."""

from typing import Any

import msgspec
from msgspec import UNSET

from ssg import yamlfile
from ssg.config import palette, support
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
        if "icon" in own:
            _icons(own["icon"][1], decoder)
        if isinstance(values.get("font"), dict) and values["font"]:
            message = "`theme.font` names fonts, and loads none: readers see them where they are installed"
            hint = "nothing comes from other servers unless you ask for it; a style sheet in `extra_css` can bring them"
            decoder.problems.note(own["font"][0], message, hint, code="theme-font")
        for option, place in keys.items():
            # templates of the project's own may use it
            if option not in support.THEME_OPTIONS and not values.get("custom_dir"):
                message = f"`theme.{option}` has no effect: the default theme does nothing with it"
                decoder.problems.warn(place, message, nearest(option, fields), code="unsupported-option")
    if "features" in own:
        _features(own["features"][1], decoder)
    return ThemeConfig(**values, options=options)


def _name(node: Node, name: str, decoder: Decoder) -> str:
    if name not in support.STANDS_FOR_DEFAULT:
        return name
    decoder.problems.note(node, f"the theme `{name}` stands for the default theme", code="theme-name")
    return "default"


def _palette(node: Node, decoder: Decoder) -> Any:
    kind = dict[str, Any] if isinstance(node, yamlfile.Mapping) else tuple[dict[str, Any], ...]
    value = decoder.value(node, kind, "theme.palette")
    entries = (value,) if isinstance(value, dict) else value
    nodes = node.items if isinstance(node, Sequence) else [node]
    for entry, place in zip(entries if isinstance(entries, tuple) else (), nodes, strict=False):
        for key, message, known in palette.problems(entry):
            where = place.entries[key][0] if isinstance(place, yamlfile.Mapping) else place
            hint = nearest(str(entry[key]) if key in palette.KEYS else key, known) or f"known are: {', '.join(known)}"
            decoder.problems.warn(where, f"`theme.palette`: {message}", hint, code="theme-palette")
    return entries


def _icons(node: Node, decoder: Decoder) -> None:
    for name, (key, _) in node.entries.items() if isinstance(node, yamlfile.Mapping) else ():
        if name not in support.ICONS:
            message = f"`theme.icon.{name}` has no effect: the icon is the theme's own"
            decoder.problems.warn(key, message, nearest(name, support.ICONS), code="unsupported-option")


def _features(value: Node, decoder: Decoder) -> None:
    items = value.items if isinstance(value, Sequence) else []
    features = {item.text: item for item in items if isinstance(item, Scalar) and not item.is_null}
    for name, node in features.items():
        if name not in support.FEATURES:
            hint = nearest(name, support.FEATURES)
            decoder.problems.warn(node, f"unknown feature `{name}` of the theme", hint, code="unknown-feature")
