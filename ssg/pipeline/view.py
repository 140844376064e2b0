"""The Site and a page in it -> a PageView: everything that a template may see of the page but its own content.

Navigation in a view is the slice that the page shows: the top level, the branch that leads to the page, and what is
directly below it. So neither the weight of a page nor the cost of a title's edit grows with the site.
"""

import posixpath
import re
from collections.abc import Sequence
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from ssg.engine.digest import digest_of
from ssg.engine.memo import Stage
from ssg.engine.reader import Reader
from ssg.markdown.slugs import Slugs
from ssg.model import NavItem, PageRef, PageView, Route, Site, Tag

MOST_SIBLINGS = 60
"""So many items of one level are shown at most, those around the page; the others are on the page of all pages."""

MOST_LINES = 150
"""So many items are shown at most where the branches of others are asked for; with more, only the page's own is."""

TAGS_PAGE = "tags.html"
"""The page that lists tags where no page of the content does."""

_PLACEHOLDER = re.compile(r"\{(path|path_noext)(!q)?\}")
"""In `edit_uri_template`: https://www.mkdocs.org/user-guide/configuration/#edit_uri_template."""


class ViewSettings(Struct, frozen=True, kw_only=True):
    """What of the configuration a page's own facts are made from."""

    site_url: str
    repo_url: str
    edit_uri: str
    edit_uri_template: str
    offline: bool = False
    """Addresses have `index.html` that are known without it."""
    depth: int = 0
    """How many levels below the top are shown of branches that do not lead to the page, on a site small enough."""


class SiteDigests(Struct, frozen=True):
    """The digest of the Site."""

    site: bytes


class PageDigest(Struct, frozen=True):
    """What must be known of every page in every build: where it goes, its template, and the digest of its view."""

    path: str
    output: str
    template: str
    view: bytes


class Views(Struct, frozen=True, kw_only=True):
    """The pages of a site in order."""

    pages: tuple[PageDigest, ...]
    nav: bytes
    """Stands for the whole of navigation."""
    tags: bytes
    """Stands for all tags and their pages."""


def views(shared: ViewSettings, argument: SiteDigests, reader: Reader) -> Views:
    """Digest the view of every page."""
    site = reader.value(argument.site, Site)
    viewer = Viewer(site, shared)
    found = tuple(
        PageDigest(route.path, route.output, route.template, digest_of(viewer.view(route))) for route in site.pages
    )
    nav = digest_of((site.nav, viewer.homepage, shared.site_url, viewer.tags_url))
    return Views(pages=found, nav=nav, tags=digest_of(viewer.tags))


VIEWS = Stage("view", views, ViewSettings, SiteDigests, Views)


class Viewer:
    """Makes the views of one site's pages; what they have in common is made once."""

    def __init__(self, site: Site, settings: ViewSettings) -> None:
        """Make views of this site's pages."""
        self.site = site
        self.settings = settings
        self._closed: dict[int, NavItem] = {}
        self._moved: dict[str, list[tuple[str, str]]] = {}
        for one in site.redirects:
            if one.anchor:
                self._moved.setdefault(one.output, []).append((one.anchor, one.target))
        self._depth = settings.depth if _count(site.nav, settings.depth) <= MOST_LINES else 0
        home = next((route for route in site.pages if route.output == "index.html"), None)
        self.homepage = PageRef(home.title, home.url) if home else None
        listing = next((route.url for route in site.pages if route.lists_tags), TAGS_PAGE)
        self.tags = _all_tags(site.pages, listing)
        self.tags_url = listing if self.tags else ""
        self._named = {tag.name: replace(tag, pages=()) for tag in self.tags}

    def view(self, route: Route) -> PageView:
        """Return the view of a page."""
        return PageView(
            path=route.path,
            url=route.url,
            title=route.title,
            template=route.template,
            nav=self._slice(self.site.nav, route.trail),
            nav_more=len(self.site.nav) > MOST_SIBLINGS,
            ancestors=self._ancestors(route.trail),
            previous=route.previous,
            next=route.next,
            homepage=self.homepage,
            canonical_url=self._canonical(route.url),
            edit_url=edit_url(self.settings, route.path),
            draft=route.draft,
            tags=tuple(self._named[tag] for tag in route.tags),
            all_tags=self.tags if route.lists_tags else (),
            facts=route.facts,
            moved=tuple(self._moved.get(route.output, ())),
        )

    def _canonical(self, url: str) -> str:
        return canonical_url(self.settings.site_url, url.removesuffix("index.html") if self.settings.offline else url)

    def closed(self) -> tuple[NavItem, ...]:
        """Return the top level of navigation, with no branch open."""
        return self._slice(self.site.nav, ())

    def _slice(self, items: Sequence[NavItem], trail: tuple[int, ...], level: int = 0) -> tuple[NavItem, ...]:
        here = trail[0] if trail else 0
        start, end = window(len(items), here)
        shown = [self._close(item, level) for item in items[start:end]]
        if trail:
            item = items[here]
            children: tuple[NavItem, ...] = ()
            if item.children:
                children = self._slice(item.children, trail[1:], level + 1)
            more = len(item.children) > len(children)
            shown[here - start] = replace(item, children=children, active=True, more=more)
        return tuple(shown)

    def _close(self, item: NavItem, level: int) -> NavItem:
        """Return an item without what is below it, but for the levels that are shown of every branch."""
        if not item.children:
            return item
        found = self._closed.get(id(item))
        if found is None:
            children = tuple(self._close(child, level + 1) for child in item.children) if level < self._depth else ()
            found = self._closed[id(item)] = replace(item, children=children)
        return found

    def _ancestors(self, trail: tuple[int, ...]) -> tuple[PageRef, ...]:
        refs = []
        items = self.site.nav
        for number in trail[:-1]:
            item = items[number]
            refs.append(PageRef(item.title, item.url))
            items = item.children
        return tuple(refs)


def _all_tags(pages: Sequence[Route], listing: str) -> tuple[Tag, ...]:
    """Return all tags with their pages, in alphabetical order; `listing` is the URL of the page that lists them."""
    found: dict[str, list[PageRef]] = {}
    for page in pages:
        for tag in page.tags:
            found.setdefault(tag, []).append(PageRef(page.title, page.url))
    slugs, tags = Slugs(), []
    for name in sorted(found, key=lambda name: (name.casefold(), name)):
        slug = f"tag:{slugs.add(name)}"
        there = sorted(found[name], key=lambda page: (page.title.casefold(), page.url))
        tags.append(Tag(name=name, url=f"{listing}#{slug}", id=slug, pages=tuple(there)))
    return tuple(tags)


def _count(items: Sequence[NavItem], depth: int) -> int:
    """Count items and those below them, down to a depth; no further than what is too many."""
    if depth < 0:
        return 0
    found = len(items)
    for item in items:
        if found > MOST_LINES:
            break
        found += _count(item.children, depth - 1)
    return found


def window(count: int, here: int) -> tuple[int, int]:
    """Return the start and end of the items that are shown of `count`, when the one at `here` must be among them."""
    if count <= MOST_SIBLINGS:
        return 0, count
    start = max(0, min(here - MOST_SIBLINGS // 2, count - MOST_SIBLINGS))
    return start, start + MOST_SIBLINGS


def canonical_url(site_url: str, url: str) -> str:
    """Return the full address of a page, or nothing if the site's is not known."""
    return f"{site_url.rstrip('/')}/{url}" if site_url else ""


def edit_url(settings: ViewSettings, path: str) -> str:
    """Return where a page can be edited, by MkDocs's rules for `edit_uri`; nothing if that is not known."""
    if settings.edit_uri_template:
        names = {"path": path, "path_noext": posixpath.splitext(path)[0]}
        uri = _PLACEHOLDER.sub(lambda one: quote(names[one[1]], safe="" if one[2] else "/"), settings.edit_uri_template)
    elif settings.edit_uri:
        uri = settings.edit_uri
        uri = uri + quote(path) if uri.endswith(("/", "=")) else f"{uri}/{quote(path)}"
    else:
        return ""
    if "://" in uri:
        return uri
    if not settings.repo_url:
        return ""
    base = settings.repo_url
    return base + uri if uri.startswith(("?", "#")) else f"{base.rstrip('/')}/{uri.lstrip('/')}"
