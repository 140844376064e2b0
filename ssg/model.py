"""The value types that the steps of a build hand to one another: immutable, and encoded without pickle."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Protocol

from msgspec import Struct, field


class Severity(StrEnum):
    """How bad a `Diagnostic` is: an error fails the build, a warning does under `--strict`, a note never does."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Diagnostic(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that the user should know: what is wrong, where, and what to do.

    `path` is relative to the project folder, with forward slashes. `line` and `column` count from 1; 0 says unknown.
    `source` is the text of the line. `code` is stable and documented: tools may match on it, people may look it up.
    """

    severity: Severity
    code: str
    message: str
    path: str = ""
    line: int = 0
    column: int = 0
    source: str = ""
    hint: str = ""


class Source(Struct, frozen=True):
    """A file of the content folder. `path` is relative to that folder, with forward slashes."""

    path: str
    is_page: bool


class Heading(Struct, frozen=True):
    """A heading of a page that has an id. `html` is its content with inline markup, `text` without."""

    level: int
    id: str
    text: str
    html: str


class LinkKind(StrEnum):
    """Where a `Link` was written."""

    LINK = "link"
    """In Markdown, to be followed."""
    IMAGE = "image"
    """In Markdown, to be shown."""
    RAW = "raw"
    """In raw HTML, where authors also write addresses relative to the page's URL."""


class Link(Struct, frozen=True):
    """A reference out of a page, as its author wrote it, at `line` and `column` of `path` (project-relative)."""

    target: str
    kind: LinkKind
    path: str
    line: int
    column: int
    source: str
    wants_size: bool = False
    """It is an image, and its width and height are to be written down if it is a file of the site."""


class Section(Struct, frozen=True, omit_defaults=True):
    """A stretch of a page's text under one heading: what search looks through. `anchor` is empty for the start."""

    anchor: str
    title: str
    text: str
    code: tuple[tuple[int, int], ...] = ()
    """Where in the text blocks of code begin and end."""


class Card(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The small public face of a document: all that other pages and the site as a whole may depend on."""

    path: str
    title: str
    nav_title: str = ""
    """Title for navigation alone, when front matter gives one."""
    order: float | None = None
    """Place among its siblings in navigation that is made from folders."""
    draft: bool = False
    hidden: bool = False
    """Left out of navigation that is made from folders."""
    in_search: bool = True
    template: str = ""
    tags: tuple[str, ...] = ()
    lists_tags: bool = False
    """It has the place where the list of all tags is to be."""
    aliases: tuple[str, ...] = ()
    """Addresses that lead here too, relative to the site's root."""
    icon: str = ""
    status: str = ""
    date: str = ""
    """ISO 8601; empty when front matter has none."""
    description: str = ""


class Body(Struct, frozen=True, kw_only=True):
    r"""A document's own content: its HTML with a numbered mark for each link, its headings and its front matter.

    The mark for `Document.links[n]` is `\x1a` n `\x1a`; the characters around it cannot occur in a page otherwise.
    """

    html: str
    headings: tuple[Heading, ...] = ()
    meta: dict[str, Any] = field(default_factory=dict)


class Document(Struct, frozen=True, kw_only=True):
    """What parsing a page gives. Each field is remembered on its own, so that a step depends on what it takes."""

    card: Card
    body: Body
    links: tuple[Link, ...] = ()
    anchors: tuple[str, ...] = ()
    """Every id that a link may point at."""
    sections: tuple[Section, ...] = ()
    text: str = ""
    """Its Markdown, without front matter and with snippets in place."""
    extracts: dict[str, bytes] = field(default_factory=dict)
    """What Indexers took from it, by the name of the plugin."""
    diagnostics: tuple[Diagnostic, ...] = ()


class NavItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A node of navigation: a page, a section of items, or a link to elsewhere.

    `url` is relative to the site's root (`guide/install/`), or absolute for a link to elsewhere. A section's `url` is
    that of its index page, or of its first page, so that it can be followed when its children are not shown.
    """

    title: str
    url: str = ""
    path: str = ""
    """The source of a page, or of a section's index page."""
    children: tuple["NavItem", ...] = ()
    is_page: bool = False
    is_section: bool = False
    is_link: bool = False
    is_index: bool = False
    """A section that has a page of its own, at `url`."""
    active: bool = False
    """The page that is shown, or a section around it."""
    more: bool = False
    """Not all of the children are here; the rest is on the page that lists the whole site."""
    icon: str = ""
    status: str = ""


class PageRef(Struct, frozen=True):
    """Enough of a page to link to it."""

    title: str
    url: str


class Tag(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A tag of pages. `url` is its place in the list of all, which `id` names there."""

    name: str
    url: str
    id: str
    pages: tuple[PageRef, ...] = ()
    """In the list: all pages that have it."""


class PageHistory(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What git knows of a page. Days are ISO 8601, in UTC. All is empty where nothing is known."""

    updated: str = ""
    created: str = ""
    authors: tuple[str, ...] = ()
    """Who changed it most first."""


class PageFacts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a page beyond its own content and the site's."""

    history: PageHistory = PageHistory()
    canonical_url: str = ""
    """The address that counts, when it is that of another copy of the site."""


class Route(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page's place in the site."""

    path: str
    url: str
    """Relative to the site's root, without a leading slash; the home page's is empty."""
    output: str
    """The file that it is written to, relative to the output folder."""
    title: str
    trail: tuple[int, ...] = ()
    """Indexes into `Site.nav` and the children below it that lead to this page; empty when it is not in navigation."""
    previous: PageRef | None = None
    next: PageRef | None = None
    template: str = ""
    draft: bool = False
    in_search: bool = True
    date: str = ""
    tags: tuple[str, ...] = ()
    """Where the site has a list of tags."""
    lists_tags: bool = False
    description: str = ""
    facts: PageFacts = PageFacts()


class Redirect(Struct, frozen=True):
    """An old address (`output` file) that leads to `target`, a URL relative to the site's root or absolute.

    With an `anchor`, only what came with that is led there; the file may then be that of a page.
    """

    output: str
    target: str
    anchor: str = ""


class Site(Struct, frozen=True, kw_only=True):
    """What all pages together make: addresses, navigation, redirects."""

    pages: tuple[Route, ...]
    nav: tuple[NavItem, ...]
    redirects: tuple[Redirect, ...] = ()


class PageView(Struct, frozen=True, kw_only=True):
    """All that a template may see of a page but its own content: its place, its neighbours, its slice of navigation."""

    path: str
    url: str
    title: str
    template: str
    nav: tuple[NavItem, ...]
    nav_more: bool = False
    """The top level is not all in `nav`."""
    ancestors: tuple[PageRef, ...] = ()
    """From the top section down to the one around the page."""
    previous: PageRef | None = None
    next: PageRef | None = None
    homepage: PageRef | None = None
    canonical_url: str = ""
    edit_url: str = ""
    draft: bool = False
    tags: tuple[Tag, ...] = ()
    all_tags: tuple[Tag, ...] = ()
    """On the page that lists them."""
    facts: PageFacts = PageFacts()
    moved: tuple[tuple[str, str], ...] = ()
    """Anchors of sections that are elsewhere now, and where: URLs relative to the site's root, or absolute."""


class Task(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that an emitter will make: its path in the output folder, and all that it is made from.

    `pages` are sources whose documents are needed; `data` is anything else, as JSON types. The file is made again when
    one of these documents or `data` changes, and never otherwise.

    A path that ends in a slash stands for a folder of files, which an Indexer makes of what it took from these pages.
    """

    path: str
    pages: tuple[str, ...] = ()
    data: Any = None
    reads: tuple[str, ...] = ()
    """Of these documents, the fields that are needed, such as `text`; none for all. The others are empty then."""
    published_only: bool = False
    """Not made by `ssg serve`: it is of no use to a writer, and takes long on a large site."""
    alternate: str = ""
    """The MIME type of a file that every page names as another form of the site, such as a feed."""


class Piece(Struct, frozen=True, kw_only=True):
    """An argument of a step of an Indexer: `data`, as JSON types, what it took from some pages, and parts of results.

    The step is run again when one of these changes, and never otherwise.
    """

    data: Any = None
    pages: tuple[str, ...] = ()
    parts: tuple[bytes, ...] = ()
    """Digests, as `Remembered.map` returns them."""
    files: tuple[str, ...] = ()
    """Paths in the project of files whose content is needed. One that is empty or not there has none."""


class Remembered(Protocol):
    """How an Indexer has its own methods called, so that what is known is not done again."""

    def map(self, method: str, pieces: Sequence[Piece]) -> list[tuple[bytes, ...]]:
        """Return the digests of the parts that a method returns for each of the pieces.

        The method is given `data` and a list of bytes: what was taken from the pages, then the parts, then the files.
        It returns any number of bytes, and each is stored by itself.
        """
        ...
