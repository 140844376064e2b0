"""From the types of the settings to a JSON schema, by which editors complete and check configuration files."""

from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct

from ssg.config import support
from ssg.config.descriptions import describe
from ssg.config.settings import (
    Level,
    MarkdownExtension,
    NavEntry,
    PluginConfig,
    Script,
    SiteConfig,
    ThemeConfig,
    Validation,
)

_Schema = dict[str, Any]

_TEXT: _Schema = {"type": ["string", "number", "boolean"]}
"""What reads as text: `1.10` and `no` are taken as written."""
_NUMBER: _Schema = {"type": "number", "minimum": 0}
_COUNT: _Schema = {"type": "integer", "minimum": 0}

INHERIT = "Another configuration file, which this one completes: mappings are merged, all else replaces."
"""The description of the only key that is not a field."""


def json_schema() -> _Schema:
    """The JSON schema of `ssg.yml`, draft 2020-12."""
    schema = _struct(SiteConfig)
    properties = schema["properties"]
    del properties["format"]
    properties["INHERIT"] = {"type": "string", "description": INHERIT}
    properties["markdown_extensions"] |= _names(MarkdownExtension)
    properties["plugins"] |= _names(PluginConfig)
    properties["validation"] |= _validation()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ssg configuration",
        **schema,
        "anyOf": [{"required": schema.pop("required")}, {"required": ["INHERIT"]}],
        "$defs": {"nav": _NAV},
    }


_NAV: _Schema = {
    "type": "array",
    "items": {
        "anyOf": [
            _TEXT,
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": {"anyOf": [_TEXT, {"$ref": "#/$defs/nav"}]},
            },
        ]
    },
}


def _names(struct: type[Struct]) -> _Schema:
    """A list of names, or of names with options, or a mapping."""
    options = {"type": ["object", "null"]}
    name: _Schema = {"type": "string"}
    if struct is PluginConfig:
        name["examples"] = sorted(support.PLUGINS)
    item = {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": options}
    return {
        "anyOf": [
            {"type": "array", "items": {"anyOf": [name, item]}},
            {"type": "object", "additionalProperties": options},
        ]
    }


def _validation() -> _Schema:
    groups: dict[str, _Schema] = {"nav": {}, "links": {}}
    both: _Schema = {}
    for field, description in describe(Validation).items():
        group, name = field.split("_", 1)
        levels = get_args(Level) if name == "absolute_links" else get_args(Level)[:-1]
        groups[group][name] = {"enum": list(levels), "description": description}
        both[name] = {"enum": list(levels)}
    inner = {
        group: {"type": "object", "properties": properties, "additionalProperties": False}
        for group, properties in groups.items()
    }
    return {"type": "object", "properties": both | inner, "additionalProperties": False}


def _struct(struct: type[Struct]) -> _Schema:
    descriptions = describe(struct)
    properties: dict[str, _Schema] = {}
    for field in msgspec.structs.fields(struct):
        schema = _type(field.type)
        schema["description"] = descriptions.get(field.name, "")
        if field.default is not NODEFAULT and field.default not in (None, "", ()):
            schema["default"] = field.default
        properties[field.encode_name] = schema
    required = [field.encode_name for field in msgspec.structs.fields(struct) if field.required]
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return schema | {"required": required} if required else schema


def _type(kind: Any) -> _Schema:
    """The schema of a type, in the forms in which its values may be written."""
    origin, members = get_origin(kind), get_args(kind)
    if kind is ThemeConfig:
        theme = _struct(ThemeConfig)
        del theme["properties"]["options"]
        palette = theme["properties"]["palette"]
        theme["properties"]["palette"] = {
            "anyOf": [palette["items"], {"type": "array", "items": palette["items"]}],
            "description": palette["description"],
        }
        theme["properties"]["features"]["items"] = {"anyOf": [{"enum": sorted(support.FEATURES)}, {"type": "string"}]}
        return {"anyOf": [{"type": "string"}, theme | {"additionalProperties": True}]}
    if kind is Script:
        return {"anyOf": [{"type": "string"}, _struct(Script)]}
    if kind in (MarkdownExtension, PluginConfig, Validation):
        return {}  # these are written in forms of their own
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _struct(kind)
    if origin in (Union, UnionType):
        options = [member for member in members if member is not NoneType]
        return _type(options[0]) if len(options) == 1 else {"anyOf": [_type(member) for member in options]}
    if origin is tuple:
        return {"$ref": "#/$defs/nav"} if members[0] is NavEntry else {"type": "array", "items": _type(members[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _type(members[1])}
    if origin is Literal:
        return {"enum": [choice for choice in members if choice]}
    return {str: dict(_TEXT), bool: {"type": "boolean"}, int: dict(_COUNT), float: dict(_NUMBER)}.get(kind, {})
