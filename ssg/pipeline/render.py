"""A PageView, the page's Body and its resolved links -> HTML, by a template of the theme."""

import html
import posixpath
import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from markupsafe import Markup
from msgspec import Struct

from ssg import minify
from ssg.config.palette import colours
from ssg.engine.digest import decode, encode
from ssg.engine.tree import decode_places
from ssg.errors import PluginError, ThemeError
from ssg.forges import view_url
from ssg.language import RTL, Lang, Language
from ssg.markdown.images import SIZE_MARKS
from ssg.markdown.marks import MARKS
from ssg.model import Body, Diagnostic, Heading, NavItem, PageRef, PageView, Tag
from ssg.pipeline.edition import Edition
from ssg.pipeline.filters import filters, link
from ssg.pipeline.moved import moved
from ssg.pipeline.whole import Part, sections
from ssg.plugins import PluginSpec, transform_html
from ssg.theme import Renderer, Settings, Theme
from ssg.theme.symbols import style
from ssg.urls import Start, card_of, markdown_of, relative

_ERROR_PAGE = re.compile(r"\d{3}\.html")
"""Files that hosts show in place of any page that is missing: they cannot tell the way from there."""


class RenderSettings(Struct, frozen=True, kw_only=True):
    """What all pages share: the theme, and what templates see of the configuration."""

    theme: Theme
    docs_dir: str
    """For messages."""
    config: dict[str, Any]
    generator: str
    language: Language
    symbols: dict[str, str] = {}
    """Icons that the configuration names, as SVG."""
    plugins: tuple[PluginSpec, ...] = ()
    edition: Edition = Edition()
    names: dict[str, str] = {}
    """The names of files of the theme, and of what every page loads, that stand for their content."""
    minify: bool = False
    cards: bool = False
    """Pages have pictures that stand for them elsewhere."""
    alternates: tuple[dict[str, str], ...] = ()
    """Files that are another form of the site, such as feeds: the `path` and `type` of each."""


class RenderJob(Struct, frozen=True, kw_only=True):
    """A page to render. One without a view is a page of the theme's own, such as `404.html`."""

    template: str
    output: str
    view: PageView | None = None
    body: msgspec.Raw = msgspec.Raw(encode(None))
    """The page's Body, encoded as it is remembered."""
    urls: tuple[str, ...] = ()
    sizes: dict[int, tuple[int, int]] = {}
    """Width and height of the images among these, by their numbers."""
    nav: tuple[NavItem, ...] = ()
    """Navigation for a page of the theme's own."""
    all_pages: tuple[NavItem, ...] = ()
    """The whole of navigation, likewise."""
    homepage: PageRef | None = None
    parts: tuple[Part, ...] = ()
    """All pages, for the one that is to be printed."""
    all_tags: tuple[Tag, ...] = ()
    """All tags, for the page of the theme that lists them."""
    tags_url: str = ""
    """The page that lists them, if there is one, for a page of the theme's own."""


class Rendered(Struct, frozen=True, kw_only=True):
    """A page's HTML, or why there is none."""

    html: bytes
    problems: tuple[Diagnostic, ...] = ()


def render(settings: RenderSettings, job: RenderJob, renderer: Renderer, root: Path) -> Rendered:
    """Render a page."""
    for_whom = posixpath.normpath(posixpath.join(settings.docs_dir, job.view.path)) if job.view else job.output
    try:
        text = renderer.render(job.template, context(settings, job), for_whom)
        if job.view is not None and settings.plugins:
            text = transform_html(settings.plugins, text, job.view, root)
    except ThemeError as error:
        return Rendered(html=b"", problems=error.diagnostics)
    except PluginError as error:
        hint = f"while rendering {for_whom}"
        return Rendered(html=b"", problems=tuple(msgspec.structs.replace(one, hint=hint) for one in error.diagnostics))
    if settings.minify and job.output.endswith(".html"):
        text = minify.html(text)
    return Rendered(html=text.encode("utf-8", "replace"))


def run(where: tuple[bytes, bytes, bytes], job: bytes) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """Render an encoded job in whatever process this is; `where` is what `prepare` returned."""
    root, renderer, settings = _prepared(*where)
    done = render(settings, decode(job, RenderJob), renderer, root)
    return done.html, done.problems


@lru_cache(maxsize=2)
def _prepared(places: bytes, templates: bytes, shared: bytes) -> tuple[Path, Renderer, RenderSettings]:
    settings = decode(shared, RenderSettings)
    root, mounts = decode_places(places)
    config = Settings(settings.config)
    config["copyright"] = Markup(config["copyright"])  # noqa: S704 - the site's own configuration, which may be HTML
    config["theme"]["colours"]["icons"] = style(settings.symbols)
    config["theme"]["symbols"] = {use: Markup(svg) for use, svg in settings.symbols.items()}  # noqa: S704 - of a package
    config["theme"]["language"] = Lang.of(config["theme"]["language"], settings.language.words)
    renderer = Renderer(settings.theme, root, mounts, filters(settings.language, settings.names))
    return root, renderer, msgspec.structs.replace(settings, config=config)


def prepare(places: bytes, templates: bytes, settings: RenderSettings) -> tuple[bytes, bytes, bytes]:
    """Return the first argument of `run`. `templates` stands for the sources of all templates, which may change."""
    return places, templates, encode(settings)


def compile_templates(where: tuple[bytes, bytes], name: str) -> None:
    """Compile the template of this name, and all that it takes in, so that `run` finds them ready in this process."""
    places, theme = where
    Renderer(decode(theme, Theme), *decode_places(places), filters(Language(words={}), {})).compile(name)


def content(body: Body, urls: tuple[str, ...], sizes: Mapping[int, tuple[int, int]]) -> Markup:
    """Return a page's HTML with its links, and the sizes of images, in place of their marks."""

    def size(mark: re.Match[str]) -> str:
        width, height = sizes.get(int(mark[1]), (0, 0))
        return f' width="{width}" height="{height}"' if width else ""

    text = SIZE_MARKS.sub(size, body.html) if "<img" in body.html else body.html
    parts = MARKS.split(text)
    parts[1::2] = [html.escape(urls[int(number)]) for number in parts[1::2]]
    return Markup("".join(parts))  # noqa: S704 - the page's HTML


def context(settings: RenderSettings, job: RenderJob) -> dict[str, Any]:
    """Return what a template sees. The names are those that themes for MkDocs use."""
    config, names = settings.config, settings.names
    view = job.view
    if _ERROR_PAGE.fullmatch(job.output):
        start, base_url = None, "/" + "/".join((config["site_url"] or "//").split("/")[3:]).strip("/")
    else:
        start = view.url if view else quote(job.output)
        base_url = relative("", start).rstrip("/")
    page = None
    if view is not None:
        urls = job.urls if start is not None else tuple(link(url, start, base_url) for url in job.urls)
        body = decode(job.body, Body)
        page = Page(view, body, urls, job.sizes)
        if view.moved:
            page.content += Markup(moved(view.moved, view.url, {one.id for one in body.headings}))  # noqa: S704
        page.view_url = view_url(view.edit_url, config["repo_url"])
        if config["plugins"].get("llms") and config["indexing"] and view.path != "404.md" and not view.draft:
            page.markdown_url = markdown_of(job.output)
        if settings.cards and view.path != "404.md" and not view.draft:
            page.card_url = card_of(job.output)
        nav = Nav(view.nav, view.homepage, view.nav_more)
    else:
        nav = Nav(job.nav, job.homepage, more=False)
    return {
        "start": Start(start) if start is not None else None,
        "page": page,
        "nav": nav,
        "all_pages": job.all_pages,
        "sections": sections(job.parts, content, config["site_url"]),
        "tags": view.tags if view else (),
        "all_tags": view.all_tags if view else job.all_tags,
        "tags_url": job.tags_url,
        "config": config,
        "base_url": base_url,
        "start_url": start,
        "alternates": settings.alternates,
        "version": settings.edition if settings.edition.version else None,
        "extra_css": [link(names.get(path, path), start, base_url) for path in config["extra_css"]],
        "extra_javascript": [
            link(names.get(script["path"], script["path"]), start, base_url) for script in config["extra_javascript"]
        ],
        "scripts": config["extra_javascript"],
        "lang": config["theme"]["language"],
        "words": config["theme"]["language"].named,
        "generator": settings.generator,
        "pages": (),
        "mkdocs_version": "1.6.1",
        "build_date_utc": "",
    }


class TocItem:
    """A heading in a page's table of contents."""

    def __init__(self, heading: Heading) -> None:
        """Take its place in a tree that is made as headings follow one another."""
        self.level = heading.level
        self.id = heading.id
        self.url = f"#{heading.id}"
        self.text = heading.text
        self.title = Markup(heading.html)  # noqa: S704 - the page's own HTML
        self.children: list[TocItem] = []
        self.active = False


def table_of_contents(headings: tuple[Heading, ...]) -> list[TocItem]:
    """Return the headings as a tree, by their levels."""
    top: list[TocItem] = []
    branch: list[TocItem] = []
    for heading in headings:
        item = TocItem(heading)
        while branch and branch[-1].level >= item.level:
            branch.pop()
        (branch[-1].children if branch else top).append(item)
        branch.append(item)
    return top


def contents(headings: tuple[Heading, ...]) -> tuple[Heading, ...]:
    """Return the headings that are worth a list beside the page: not its title, and no more than the upper levels."""
    below = tuple(one for one in headings if one.level > 1)
    deepest = max(3, min((one.level for one in below), default=0))
    return tuple(one for one in below if one.level <= deepest)


class Page:
    """A page as templates see it."""

    is_page = True
    is_section = False
    is_link = False
    active = True
    children = None

    def __init__(self, view: PageView, body: Body, urls: tuple[str, ...], sizes: Mapping[int, tuple[int, int]]) -> None:
        """Put a view and a page's own content together."""
        self.view = view
        self.title = view.title
        self.url = view.url
        self.path = view.path
        self.content = content(body, urls, sizes)
        self.meta = body.meta
        self._headings = body.headings
        self.previous_page = view.previous
        self.next_page = view.next
        self.ancestors = view.ancestors[::-1]  # the nearest first, as in MkDocs
        self.parent = self.ancestors[0] if self.ancestors else None
        self.edit_url = view.edit_url
        self.view_url = ""
        self.markdown_url = ""
        self.card_url = ""
        self.canonical_url = view.facts.canonical_url or view.canonical_url
        self.abs_url = "/" + "/".join(view.canonical_url.split("/")[3:])
        self.draft = view.draft
        self.updated = view.facts.history.updated
        self.created = view.facts.history.created
        self.authors = view.facts.history.authors
        self.is_homepage = view.homepage is not None and view.homepage.url == view.url
        self.is_top_level = not view.ancestors
        self.file = {
            "src_path": view.path,
            "src_uri": view.path,
            "name": posixpath.basename(view.path),
            "url": view.url,
        }

    @cached_property
    def toc(self) -> list[TocItem]:
        """Its headings as a tree, made for templates that ask for it."""
        return table_of_contents(self._headings)

    @cached_property
    def contents(self) -> list[TocItem]:
        """Those of them that are worth a list beside the page."""
        return table_of_contents(contents(self._headings))


class Nav:
    """Navigation as templates see it: its items in order, the home page, and whether some of the top are left out."""

    def __init__(self, items: tuple[NavItem, ...], homepage: PageRef | None, more: bool) -> None:
        """Hold the slice of navigation that a page shows."""
        self.items = items
        self.homepage = homepage
        self.more = more

    def __iter__(self) -> Any:
        """Go through the top level."""
        return iter(self.items)

    def __len__(self) -> int:
        """Count the top level."""
        return len(self.items)


def template_config(config: Any) -> dict[str, Any]:
    """Return what templates see of a SiteConfig: nothing that only the build uses, so that no such change renders."""
    hidden = ("nav", "plugins", "hooks", "markdown", "markdown_extensions", "mdx_configs", "validation", "exclude_docs",
              "draft_docs", "not_in_nav", "strict", "watch", "docs_dir", "site_dir", "dev_addr", "remote_branch",
              "remote_name", "format", "extra_templates", "history", "external_links",
              "hashed_assets", "minify", "print_page")  # fmt: skip
    seen: dict[str, Any] = {key: value for key, value in msgspec.to_builtins(config).items() if key not in hidden}
    defaults = msgspec.structs.fields(type(config.theme))
    theme = {one.encode_name: getattr(config.theme, one.name) for one in defaults if one.name != "options"}
    theme = {**msgspec.to_builtins(config.theme.options), **msgspec.to_builtins(theme)}
    theme["direction"] = config.theme.direction or ("rtl" if config.theme.language.split("-")[0] in RTL else "ltr")
    theme["colours"] = colours(config.theme.palette)
    seen["theme"] = theme
    seen["plugins"] = (
        {"feed": {}, "search": {}, "tags": {}}
        if config.plugins is None
        else {plugin.name: {} for plugin in config.plugins}
    )
    if any(one.name == "llms" and one.options.get("pages", True) is True for one in config.plugins or ()):
        seen["plugins"]["llms"] = {"pages": True}
    return seen
