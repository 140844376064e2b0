"""From the nodes of `markdown_extensions` and `plugins` to names with options."""

from collections.abc import Iterator
from typing import Any

from ssg import yamlfile
from ssg.config import support
from ssg.config.decode import Decoder, is_core, is_null
from ssg.config.problems import described, nearest
from ssg.config.settings import MarkdownExtension, PluginConfig
from ssg.config.tags import without_unknown_functions
from ssg.yamlfile import Node, Scalar


def _named(node: Node, decoder: Decoder, at: str) -> Iterator[tuple[str, Scalar, Node | None]]:
    """Each name of a list or mapping, its node, and the node of its options."""
    if isinstance(node, yamlfile.Mapping) and is_core(node):
        yield from ((name, key, value) for name, (key, value) in node.entries.items())
        return
    for item in decoder.items(node, at):
        if isinstance(item, Scalar) and is_core(item) and not item.is_null:
            yield item.text, item, None
        elif isinstance(item, yamlfile.Mapping) and is_core(item) and len(item.entries) == 1:
            ((name, (key, value)),) = item.entries.items()
            yield name, key, value
        elif isinstance(item, yamlfile.Mapping) and is_core(item):
            decoder.problems.error(
                item,
                f"an item of `{at}` is one name, but this has {len(item.entries)}",
                "indent the options below the name by four spaces, and put `- ` before each name",
                code="wrong-type",
            )
        else:
            decoder.problems.error(
                item, f"an item of `{at}` should be a name, but is {described(item)}", code="wrong-type"
            )


def read_extensions(node: Node, decoder: Decoder) -> tuple[MarkdownExtension, ...]:
    """Markdown extensions; one that is given twice, under its long name too, is one with the options of both."""
    found: dict[str, dict[str, Any]] = {}
    for written, key, value in _named(node, decoder, "markdown_extensions"):
        name = written.removeprefix("markdown.extensions.")
        if name.startswith(support.EXTENSIONS_NOT_YET):
            decoder.problems.warn(
                key,
                f"the Markdown extension `{name}` belongs to another generator, and is left out",
                code="unsupported-extension",
            )
            continue
        options = decoder.options(value, f"markdown_extensions.{written}") if value else {}
        if name in found:
            decoder.problems.note(
                key, f"the Markdown extension `{name}` is given twice", "remove one of them", code="duplicate-extension"
            )
        found.setdefault(name, {}).update(options)
    return tuple(MarkdownExtension(name, options) for name, options in found.items())


def with_options(
    extensions: tuple[MarkdownExtension, ...], tree: yamlfile.Mapping, configs: dict[str, Any], decoder: Decoder
) -> tuple[MarkdownExtension, ...]:
    """The extensions with their options from `mdx_configs`; those in `markdown_extensions` itself win."""
    found = {extension.name: extension.options for extension in extensions}
    node = tree.get("mdx_configs")
    for written, options in configs.items():
        name = written.removeprefix("markdown.extensions.")
        key = node.entries[written][0] if isinstance(node, yamlfile.Mapping) else tree
        if not isinstance(options, dict | None):
            decoder.problems.error(key, f"`mdx_configs.{written}` should be a mapping", code="wrong-type")
        elif name in found or name in support.ALWAYS_ON:
            found[name] = (options or {}) | found.get(name, {})
        else:
            decoder.problems.warn(
                key,
                f"`mdx_configs` has options for `{written}`, which `markdown_extensions` does not list",
                nearest(name, found),
                code="unused-option",
            )
    return tuple(MarkdownExtension(name, options) for name, options in found.items())


def read_plugins(node: Node, decoder: Decoder) -> tuple[PluginConfig, ...]:
    """Plugins that are built in or might be installed; those of MkDocs that do not exist here are warned about."""
    found: list[PluginConfig] = []
    for written, key, value in _named(node, decoder, "plugins"):
        name = written.removeprefix("material/")
        if name in support.PLUGINS_NOT_YET:
            decoder.problems.warn(
                key,
                f"the plugin `{name}` is not supported, and is left out",
                support.PLUGINS_NOT_YET[name],
                code="unsupported-plugin",
            )
            continue
        if name in support.PLUGINS and any(plugin.name == name for plugin in found):
            decoder.problems.warn(key, f"the plugin `{name}` is given twice; the first counts", code="duplicate-plugin")
            continue
        options, enabled = _options(name, value, decoder) if value and not is_null(value) else ({}, True)
        if enabled:
            found.append(PluginConfig(name, options))
    return tuple(found)


def _options(name: str, node: Node, decoder: Decoder) -> tuple[dict[str, Any], bool]:
    at = f"plugins.{name}"
    if decoder.mkdocs:
        without_unknown_functions(node, decoder.problems)
    options = decoder.options(node, at)
    enabled = True
    if "enabled" in options and isinstance(node, yamlfile.Mapping):
        del options["enabled"]
        enabled = decoder.flag(node.entries["enabled"][1], f"{at}.enabled") is not False
    missing = support.PLUGIN_OPTIONS_NOT_YET.get(name, frozenset())
    for option in [option for option in options if option in missing]:
        assert isinstance(node, yamlfile.Mapping)  # noqa: S101 - for the type checker
        del options[option]
        decoder.problems.warn(
            node.entries[option][0],
            f"the option `{option}` of the plugin `{name}` is not supported, and is left out",
            code="unsupported-option",
        )
    return options, enabled
