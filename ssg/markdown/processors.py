"""The block processors that extensions have registered -> what the parser must know of them."""

import re
from functools import partial
from typing import Any, NamedTuple

from markdown.blockprocessors import HashHeaderProcessor

from ssg.markdown.nodes import Enclosed, Node, Special, Titled
from ssg.markdown.outline import Opener, Syntax

_TITLED = {
    "admonition": ("!", re.compile(r"!!! ?[\w\-]")),
    "details": ("?", re.compile(r"\?\?\?\+? ?(?:[\w\-]|\")")),
    "tabbed": ("=", re.compile(r"===(?:\+|\+!|!\+|!)? +\"")),
}
"""Block processors whose content is indented, and how they begin."""
ENCLOSED = re.compile(r"(/{3,})[ ]*([\w-]+)[ ]*(?:\|.*)?$", re.MULTILINE)
"""The first line of a block of `pymdownx.blocks`."""
_ABBREVIATION = re.compile(r"\*\[[^\\\]]*\][ ]?:")
_KNOWN_MODULES = re.compile(
    r"markdown\.(?:blockprocessors|extensions\..*)|pymdownx\.(?:superfences|quotes|saneheaders|details|tabbed|blocks)"
    r"|mdx_truly_sane_lists.*"
)
_NEEDED = {"ssg.markdown.formulas": ("$$", "\\[", "\\begin")}
"""One of these is in every block that a module's processors take."""


class Known(NamedTuple):
    """What is known of the processors in a registry."""

    syntax: Syntax
    others: list[tuple[Any, tuple[str, ...]]]
    """Those that are not known here, in their order, with signs of which one must be in a text to be taken, if any."""
    footnotes: Any
    """The extension of footnotes, or None."""
    in_html: Any
    """The processor of elements with Markdown in them, or None."""
    callouts: bool
    """`pymdownx.quotes` makes admonitions of quotes."""
    align_by_attribute: bool
    """Cells of tables are aligned by an attribute, and not by a style."""


def known(registry: Any, *, stock: bool) -> Known:
    """Return what is known of the processors in a registry; for `stock` see `Syntax`."""
    processors = list(registry)
    names = {item.name: registry[item.name] for item in registry._priority}
    openers: dict[str, list[Opener]] = {}
    for name, (first, pattern) in _TITLED.items():
        if name in names:
            openers.setdefault(first, []).append(Opener(pattern, partial(_titled, names[name])))
    if "blocks" in names:
        openers["/"] = [Opener(ENCLOSED, partial(_enclosed, names["blocks"]))]
    if "abbr" in names:
        openers["*"] = [Opener(_ABBREVIATION, partial(_special, names["abbr"]))]
    footnotes = getattr(names.get("footnote"), "footnotes", None)
    table = names.get("table")
    code = getattr(names.get("code"), "config", {})
    syntax = Syntax(
        openers=openers,
        tables=table is not None,
        footnotes=footnotes is not None,
        definitions="deflist" in names,
        indented_code="code" in names and not code.get("disable_indented_code_blocks"),
        markdown_in_html="markdown_block" in names,
        stock=stock,
        spaceless_headings=stock and type(names.get("hashheader")) is HashHeaderProcessor,
    )
    return Known(
        syntax=syntax,
        others=[
            (one, _NEEDED.get(type(one).__module__, ()))
            for one in processors
            if not _KNOWN_MODULES.fullmatch(type(one).__module__)
        ],
        footnotes=footnotes,
        in_html=names.get("markdown_block"),
        callouts=bool(getattr(names.get("quote"), "callouts", False)),
        align_by_attribute=bool(table and table.config["use_align_attribute"]),
    )


def _titled(processor: Any, start: int, found: re.Match[str]) -> Node:
    return Titled(start, processor)


def _enclosed(processor: Any, start: int, found: re.Match[str]) -> Node | None:
    if found[2].lower() not in processor.blocks:
        return None
    return Enclosed(start, processor, found[1])


def _special(processor: Any, start: int, found: re.Match[str]) -> Node:
    return Special(start, processor, found.string)
