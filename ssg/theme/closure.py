"""A template -> all that it takes in: what a page that is made by it depends on, and what is wrong with it."""

import posixpath
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from ssg.engine.digest import digest_of
from ssg.engine.memo import Stage
from ssg.engine.reader import Reader
from ssg.errors import ThemeError
from ssg.model import Diagnostic, Severity
from ssg.theme.folders import TEMPLATE_SUFFIXES, Theme, files, source
from ssg.theme.templates import make_environment, syntax_problem

if TYPE_CHECKING:
    from jinja2 import Environment


class Closure(Struct, frozen=True, kw_only=True):
    """A template and all that it includes, extends or imports: the digest of their sources, or what is wrong."""

    found: bool
    folders: tuple[str, ...] = ()
    """The theme's folders that it and all that it takes in are from; its own is the first."""
    fingerprint: bytes
    problem: Diagnostic | None = None
    unused: tuple[Diagnostic, ...] = ()
    """Blocks that override nothing: what is in them is shown nowhere."""


class _Parsed(Struct, frozen=True, kw_only=True):
    """What one template says of others."""

    referenced: tuple[str | None, ...]
    """Those that it takes in; None is one whose name is known only when it is rendered."""
    parent: str | None
    """The one that it extends; empty if that is known only when it is rendered."""
    own: dict[str, int]
    """The lines of the blocks that are not within others."""
    blocks: frozenset[str]
    """The names of all."""


def closure(shared: Theme, name: str, reader: Reader) -> Closure:
    """Read a template and everything that it refers to; looks for files that are missing are recorded too."""
    from jinja2 import TemplateSyntaxError

    sources: dict[str, str | None] = {}
    folders: dict[str, None] = {}
    templates: dict[str, tuple[str, _Parsed]] = {}
    todo = [name]
    while todo:
        one = todo.pop()
        if one in sources:
            continue
        found = source(shared, one, reader.read_text)
        sources[one] = found[0] if found else None
        if found is None:
            continue
        folders[found[1].removesuffix(f"/{posixpath.normpath(one)}")] = None
        try:
            parsed = _parsed(found[0])
        except TemplateSyntaxError as error:
            return Closure(found=True, fingerprint=b"", problem=syntax_problem(error, found[1]))
        except RecursionError:
            raise ThemeError("this template is nested too deeply", code="template-syntax", path=found[1]) from None
        templates[one] = found[1], parsed
        todo += filter(None, parsed.referenced)
        if None in parsed.referenced:  # it may be any of them
            for other, path in files(shared, reader):
                if other.endswith(TEMPLATE_SUFFIXES):
                    todo.append(other)
                elif other not in sources and reader.exists(path):
                    sources[other] = reader.reads[path].hex()
    return Closure(
        found=sources[name] is not None,
        folders=tuple(folders),
        fingerprint=digest_of(sources),
        unused=tuple(_unused_blocks(templates)),
    )


@lru_cache(maxsize=256)
def _parsed(text: str) -> _Parsed:
    """Parse a template. Most belong to many closures, so what is found out is kept for as long as the process lives."""
    from jinja2 import meta, nodes

    tree = _environment().parse(text)
    parent = tree.find(nodes.Extends)
    named = parent.template if parent is not None else None
    return _Parsed(
        referenced=tuple(meta.find_referenced_templates(tree)),
        parent=None if parent is None else str(named.value) if isinstance(named, nodes.Const) else "",
        own={block.name: block.lineno for block in tree.body if isinstance(block, nodes.Block)},
        blocks=frozenset(block.name for block in tree.find_all(nodes.Block)),
    )


@cache
def _environment() -> "Environment":
    return make_environment()


def _unused_blocks(templates: Mapping[str, tuple[str, _Parsed]]) -> Iterator[Diagnostic]:
    """Yield a warning for each block of a template that none of those has that it extends."""
    for path, template in templates.values():
        above: set[str] = set()
        parent, seen = template.parent, {path}
        if not template.own or parent is None:
            continue
        while parent is not None:
            if parent not in templates or templates[parent][0] in seen:
                break  # it is missing, or known only when it is rendered
            seen.add(templates[parent][0])
            above |= templates[parent][1].blocks
            parent = templates[parent][1].parent
        else:
            for name in [one for one in template.own if one not in above]:
                close = get_close_matches(name, above, 1)
                yield Diagnostic(
                    severity=Severity.WARNING,
                    code="template-block",
                    message=f"the theme has no block '{name}' to override, so this is shown nowhere",
                    path=path,
                    line=template.own[name],
                    hint=f"did you mean '{close[0]}'?" if close else f"it has: {', '.join(sorted(above))}",
                )


CLOSURE = Stage("template", closure, Theme, str, Closure)
