"""What is known of a site, and a page's path -> that page alone, by the same steps that build the whole site.

A writer waits for one page. Nothing here is remembered or written: the build that follows makes the page once more,
with all others, and would show it if anything came out differently.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as changed
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Raw
from msgspec.structs import replace

from ssg.build import Builder
from ssg.engine.digest import decode, digest_of, encode
from ssg.engine.reader import Reader
from ssg.engine.tree import encode_places
from ssg.errors import CacheError
from ssg.model import Card, Diagnostic, Document, Link, Route, Severity, Site
from ssg.pipeline.edition import Edition
from ssg.pipeline.facts import FactsInput, facts
from ssg.pipeline.index import IndexInput, IndexSettings, index
from ssg.pipeline.parse import ParseSettings, parse
from ssg.pipeline.render import RenderJob, RenderSettings, prepare, run
from ssg.pipeline.resolve import PageLinks, Resolved, ResolveSettings, resolve
from ssg.pipeline.size import size
from ssg.pipeline.view import Viewer, ViewSettings
from ssg.theme import template_name

SITE, HISTORY = b"site", b"history"
"""Stand for values that no step has stored."""
_HEADING = re.compile(rb"<h[1-6]\b[^>]*\sid=[\"']?([^\"'\s>]+)")


class Made(NamedTuple):
    """A page that was made by itself. Without `html` it has an error, which the build tells."""

    output: str
    html: bytes | None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class Known:
    """A site as it was last looked at. `cards` holds the Card of each page, encoded, by its digest."""

    root: Path
    mounts: dict[str, Path]
    parsing: ParseSettings
    indexing: IndexSettings
    there: IndexInput
    resolving: ResolveSettings
    viewing: ViewSettings
    rendering: RenderSettings
    templates: bytes
    cards: dict[bytes, bytes]
    site: Site
    edition: Edition
    digest: bytes = b""
    """Of the site, if a build made it."""

    @cached_property
    def routes(self) -> dict[str, Route]:
        """The places of pages, by their paths."""
        return {route.path: route for route in self.site.pages}

    @cached_property
    def by_output(self) -> dict[str, Route]:
        """The places of pages, by the files that they are written to."""
        return {route.output: route for route in self.site.pages}

    @cached_property
    def viewer(self) -> Viewer:
        """Makes what templates see of pages."""
        return Viewer(self.site, self.viewing)


Parse = Callable[[ParseSettings, str, Reader], Document]


def make(known: Known, path: str, parse: Parse = parse) -> tuple[Made | None, Known]:
    """Make the page at `path` in the content folder, with another way to `parse` it where that may never end.

    Returns:
        The page, or None if the site has no such page, and what is now known: another site, if the page has another
        title for one.
    """
    document = parse(known.parsing, path, Reader(known.root, known.mounts))
    known = _with_card(known, document.card)
    route = known.routes.get(path)
    if route is None:
        return None, known
    if any(one.severity is Severity.ERROR for one in document.diagnostics):
        return Made(route.output, None, document.diagnostics), known

    def links(part: bytes, kind: Any) -> tuple[Link, ...]:
        return document.links

    resolved = resolve(known.resolving, PageLinks(path, b""), Reader(known.root, known.mounts, links))
    job = RenderJob(
        template=template_name(route.template),
        output=route.output,
        view=known.viewer.view(route),
        body=Raw(encode(document.body)),
        urls=resolved.urls,
        sizes=_sizes(known, resolved),
    )
    where = prepare(encode_places(known.root, known.mounts), known.templates, known.rendering)
    html, problems = run(where, encode(job))
    return Made(route.output, None if problems else html, (*document.diagnostics, *problems)), known


def _sizes(known: Known, resolved: Resolved) -> dict[int, tuple[int, int]]:
    """Return the sizes of the images that a page shows, by the numbers of their links."""
    reader = Reader(known.root, known.mounts)
    sizes = {number: size(known.parsing.docs_dir, path, reader).size for number, path in resolved.images}
    return {number: found for number, found in sizes.items() if found != (0, 0)}


def _with_card(known: Known, card: Card) -> Known:
    """Return what is known when a page has this Card: other pages show its title, and lead to it."""
    new = digest_of(card)
    before = dict(known.there.cards)
    if before.get(card.path) in (new, None):
        return known
    cards = {**known.cards, new: encode(card)}
    there = replace(known.there, cards=tuple({**before, card.path: new}.items()))
    return indexed(changed(known, cards=cards, there=there, digest=b""))


def indexed(known: Known) -> Known:
    """Return what is known with a site, and addresses, made from the Cards. What git said of pages still holds."""

    def card(part: bytes, kind: Any) -> Any:
        return decode(known.cards[part], kind)

    found = index(known.indexing, known.there, Reader(known.root, known.mounts, card))
    parts = {SITE: found.site, HISTORY: {route.path: route.facts.history for route in known.site.pages}}
    reader = Reader(known.root, known.mounts, lambda part, kind: parts[part])
    site = facts(known.edition, FactsInput(SITE, HISTORY), reader).site
    routes = {**known.resolving.routes, **found.routes}
    return changed(known, site=site, resolving=replace(known.resolving, routes=routes, drafts=found.drafts))


def learn(last: Known | None, root: Path, builder: Builder) -> Known:
    """Return what is known after a build: the `last` object itself, if nothing of it has changed.

    Raises:
        CacheError: When the cache has lost what the build found out.
    """
    insight = builder.insight
    assert insight is not None  # noqa: S101 - asked for after a build only
    steps, store = insight.steps, builder.store
    same = last is not None and last.digest == steps.site and last.there == steps.there
    parts = {} if same else {part: store.part(part) for _, part in steps.there.cards}
    site = b"" if same else store.part(steps.site)
    if site is None or None in parts.values():
        raise CacheError("the cache has lost a result")
    known = Known(
        root=root,
        mounts=insight.mounts,
        parsing=steps.parsing,
        indexing=steps.indexing,
        there=steps.there,
        resolving=steps.resolving,
        viewing=steps.view_settings,
        rendering=insight.settings,
        templates=insight.templates,
        cards=last.cards if last and same else {part: data for part, data in parts.items() if data is not None},
        site=last.site if last and same else decode(site, Site),
        edition=steps.edition,
        digest=steps.site,
    )
    return last if last is not None and same and known == last else known


def anchor(before: bytes, after: bytes) -> str:
    """Return `#` and the id of the heading above the first difference between two pages, or nothing."""
    same, end = 0, min(len(before), len(after))
    while same < end:
        middle = (same + end + 1) // 2
        same, end = (middle, end) if before[:middle] == after[:middle] else (same, middle - 1)
    headings = _HEADING.findall(after, 0, same)
    return f"#{headings[-1].decode('utf-8', 'replace')}" if headings else ""
