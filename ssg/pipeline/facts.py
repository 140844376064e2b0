"""The Site and what git knows of its pages -> the Site with the facts of each page.

A step of its own after the index: a commit changes facts, and must not make addresses and navigation be found again.
"""

from msgspec import Struct
from msgspec.structs import replace

from ssg.engine.memo import Stage
from ssg.engine.reader import Reader
from ssg.model import PageFacts, PageHistory, Site
from ssg.pipeline.edition import Edition


class FactsInput(Struct, frozen=True):
    """The digests of the Site, and of the pages of a History."""

    site: bytes
    history: bytes


class Facts(Struct, frozen=True, kw_only=True):
    """The Site with facts."""

    site: Site


def facts(shared: Edition, argument: FactsInput, reader: Reader) -> Facts:
    """Add the facts of each page."""
    site = reader.value(argument.site, Site)
    known = reader.value(argument.history, dict[str, PageHistory])
    nothing = PageHistory()
    pages = tuple(
        replace(
            route, facts=PageFacts(history=known.get(route.path, nothing), canonical_url=shared.canonical(route.url))
        )
        for route in site.pages
    )
    return Facts(site=replace(site, pages=pages))


FACTS = Stage("facts", facts, Edition, FactsInput, Facts)
