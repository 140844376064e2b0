"""The Cards of all pages and the navigation setting -> the Site: addresses, navigation, neighbours, redirects."""

import posixpath
import unicodedata
from collections.abc import Sequence
from urllib.parse import quote, unquote

from msgspec import Struct
from msgspec.structs import replace

from ssg.config.settings import NavEntry, Validation
from ssg.engine.memo import Stage
from ssg.engine.reader import Reader
from ssg.errors import PluginError
from ssg.model import Card, Diagnostic, NavItem, PageRef, Redirect, Route, Severity, Site
from ssg.pipeline.nav import Nav
from ssg.plugins import PluginSpec, transform_site
from ssg.urls import alias_output, output_of, url_of


class IndexSettings(Struct, frozen=True, kw_only=True):
    """What of the configuration shapes the site as a whole."""

    docs_dir: str
    config_file: str
    mkdocs: bool
    use_directory_urls: bool
    offline: bool = False
    merge_indexes: bool
    """An index page stands for its section in navigation, and not among the section's pages."""
    nav: tuple[NavEntry, ...] | None
    not_in_nav: str
    validation: Validation
    tags: bool = False
    """There is a list of tags."""
    tags_file: str = ""
    """The page that has it, though it does not say so itself."""
    plugins: tuple[PluginSpec, ...] = ()


class IndexInput(Struct, frozen=True, kw_only=True):
    """What is there: the digest of each page's Card by path, the paths of assets, and which pages are drafts."""

    cards: tuple[tuple[str, bytes], ...]
    assets: tuple[str, ...]
    drafts: tuple[str, ...] = ()
    show_drafts: bool = False


class Indexed(Struct, frozen=True, kw_only=True):
    """The site, and the address of everything that a page may link to by its path (pages, assets)."""

    site: Site
    routes: dict[str, str]
    drafts: tuple[str, ...]
    """Pages that are left out because they are drafts."""
    tagged: bool
    """There are tags, and no page to list them."""
    diagnostics: tuple[Diagnostic, ...]


def index(shared: IndexSettings, argument: IndexInput, reader: Reader) -> Indexed:
    """Give every page its address and its place."""
    named = frozenset(argument.drafts)
    all_cards = [reader.value(digest, Card) for _, digest in argument.cards]
    cards = [
        replace(card, draft=True) if card.path in named else card
        for card in all_cards
        if argument.show_drafts or not (card.draft or card.path in named)
    ]
    left_out = tuple(sorted({card.path for card in all_cards} - {card.path for card in cards}))
    diagnostics: list[Diagnostic] = []
    routes = {card.path: url_of(card.path, shared.use_directory_urls, offline=shared.offline) for card in cards}
    outputs = {card.path: output_of(card.path, shared.use_directory_urls) for card in cards}
    for asset in argument.assets:
        routes[asset] = quote(asset)
        outputs[asset] = asset
    prefix = f"{shared.docs_dir}/" if shared.docs_dir != "." else ""
    diagnostics += _collisions(outputs, prefix)
    nav = Nav(cards, routes, shared, reader, left_out)
    items = nav.items()
    diagnostics += nav.diagnostics
    pages = tuple(
        Route(
            path=card.path,
            url=routes[card.path],
            output=outputs[card.path],
            title=nav.titles.get(card.path) or card.title,
            template=card.template,
            draft=card.draft,
            in_search=card.in_search,
            date=card.date,
            tags=_tags(card) if shared.tags else (),
            lists_tags=shared.tags and (card.lists_tags or card.path == shared.tags_file),
            description=card.description,
        )
        for card in cards
    )
    if not any(page.output == "index.html" for page in pages) and "index.html" not in outputs:
        message = "the site has no home page"
        diagnostics.append(
            Diagnostic(
                severity=Severity.WARNING,
                code="no-home-page",
                message=message,
                path=shared.docs_dir,
                hint="add an index.md to the content folder",
            )
        )
    redirects, problems = _redirects(cards, routes, set(outputs.values()), prefix, shared.use_directory_urls)
    diagnostics += problems
    pages = _arranged(pages, items)
    site = Site(pages=pages, nav=items, redirects=redirects)
    try:
        site = transform_site(shared.plugins, site, reader)
    except PluginError as error:
        diagnostics += [replace(one, path=one.path or shared.config_file) for one in error.diagnostics]
    if site.nav != items or site.pages != pages:
        items = _readdressed(site.nav, {page.path: page.url for page in site.pages})
        site = replace(site, nav=items, pages=_arranged(site.pages, items))
    return Indexed(
        site=site,
        routes={**routes, **{page.path: page.url for page in site.pages}},
        drafts=left_out,
        tagged=any(page.tags for page in site.pages) and not any(page.lists_tags for page in site.pages),
        diagnostics=tuple(diagnostics),
    )


INDEX = Stage("index", index, IndexSettings, IndexInput, Indexed)


def _tags(card: Card) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (tag.strip() for tag in card.tags))))


def _arranged(pages: Sequence[Route], nav: Sequence[NavItem]) -> tuple[Route, ...]:
    """Put pages in the order of navigation, those that are not in it last, and tell each its place and neighbours."""
    refs = {page.path: PageRef(page.title, page.url) for page in pages}
    places = _places(nav)
    order = [path for path in places if path in refs]
    positions = {path: position for position, path in enumerate(order)}
    arranged = []
    for page in sorted(pages, key=lambda page: positions.get(page.path, len(order))):
        at = positions.get(page.path)
        following = len(order) if at is None else at + 1
        arranged.append(
            replace(
                page,
                trail=places.get(page.path, ()),
                previous=refs[order[at - 1]] if at else None,
                next=refs[order[following]] if following < len(order) else None,
            )
        )
    return tuple(arranged)


def _readdressed(items: Sequence[NavItem], urls: dict[str, str]) -> tuple[NavItem, ...]:
    """A plugin may have moved pages: navigation leads to where they are now."""

    def moved(item: NavItem) -> NavItem:
        fragment = item.url.partition("#")[2]
        url = urls[item.path] + (f"#{fragment}" if fragment else "") if item.path in urls else item.url
        return replace(item, url=url, children=_readdressed(item.children, urls))

    return tuple(moved(item) for item in items)


def _places(items: Sequence[NavItem], trail: tuple[int, ...] = ()) -> dict[str, tuple[int, ...]]:
    """Return where in navigation each page is, in reading order; a page that is there twice is where it is first."""
    places: dict[str, tuple[int, ...]] = {}
    for number, item in enumerate(items):
        here = (*trail, number)
        if item.path:
            places.setdefault(item.path, here)
        for path, place in _places(item.children, here).items():
            places.setdefault(path, place)
    return places


def _collisions(outputs: dict[str, str], prefix: str) -> list[Diagnostic]:
    """Two files at one address: also where only case or the form of accents differs, as on other people's disks."""

    def problem(path: str, message: str) -> Diagnostic:
        hint = "rename one of the two"
        return Diagnostic(severity=Severity.ERROR, code="duplicate-url", message=message, path=prefix + path, hint=hint)

    first: dict[str, str] = {}
    folders: dict[str, str] = {}
    diagnostics = []
    for path in sorted(outputs):
        other = first.setdefault(unicodedata.normalize("NFC", outputs[path]).casefold(), path)
        if other != path:
            message = f"this and {prefix}{other} would both be written to '{outputs[path]}'"
            diagnostics.append(problem(path, message))
        folder = posixpath.dirname(outputs[path])
        while folder and folder not in folders:
            folders[folder] = path
            folder = posixpath.dirname(folder)
    for path, output in outputs.items():
        if output in folders:
            message = f"this would be written to '{output}', which is a folder for {prefix}{folders[output]}"
            diagnostics.append(problem(path, message))
    return diagnostics


def _redirects(
    cards: Sequence[Card], routes: dict[str, str], taken: set[str], prefix: str, directory_urls: bool
) -> tuple[tuple[Redirect, ...], list[Diagnostic]]:
    """Old addresses from front matter. They may be written as a path, an address, or the name of a page that was."""
    redirects: dict[tuple[str, str], Redirect] = {}
    diagnostics = []
    for card in cards:
        for alias in card.aliases:
            output, anchor = alias_output(alias, directory_urls), unquote(alias.partition("#")[2])
            problem = ""
            if not output:
                problem = f"'{alias}' is not an address within the site"
            elif output in taken and not anchor:
                problem = f"there is a page at the address '{alias}' already"
            elif (output, anchor) in redirects:
                problem = f"another page has the alias '{alias}' too"
            if problem:
                diagnostics.append(
                    Diagnostic(severity=Severity.ERROR, code="alias", message=problem, path=prefix + card.path)
                )
            else:
                redirects[output, anchor] = Redirect(output, routes[card.path], anchor)
    return tuple(redirects[old] for old in sorted(redirects)), diagnostics
