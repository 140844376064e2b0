"""A PageView, the page's Body and its resolved links -> HTML, by a template of the theme."""

import html
import posixpath
import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from markupsafe import Markup
from msgspec import Struct

from ssg.config.palette import colours
from ssg.engine.digest import decode, encode
from ssg.errors import PluginError, ThemeError
from ssg.forges import view_url
from ssg.language import RTL, Lang, Language, written_date
from ssg.markdown.images import SIZE_MARKS
from ssg.markdown.marks import MARKS
from ssg.model import Body, Diagnostic, Heading, NavItem, PageRef, PageView
from ssg.pipeline.edition import Edition
from ssg.plugins import PluginSpec, transform_html
from ssg.theme import Renderer, Settings, Theme
from ssg.urls import ELSEWHERE, Start, markdown_of, relative

_ERROR_PAGE = re.compile(r"\d{3}\.html")
"""Files that hosts show in place of any page that is missing: they cannot tell the way from there."""
_PERMALINK = '<a class="headerlink" '
_QUIET = '<a class="headerlink" aria-hidden="true" tabindex="-1" '


class RenderSettings(Struct, frozen=True, kw_only=True):
    """What all pages share: the theme, and what templates see of the configuration."""

    theme: Theme
    docs_dir: str
    """For messages."""
    config: dict[str, Any]
    generator: str
    language: Language
    plugins: tuple[PluginSpec, ...] = ()
    edition: Edition = Edition()
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
    return Rendered(html=text.encode("utf-8", "replace"))


def run(where: tuple[bytes, bytes], job: bytes) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """Render an encoded job in whatever process this is; `where` holds places on the disk and shared settings."""
    root, renderer, settings = _prepared(*where)
    done = render(settings, decode(job, RenderJob), renderer, root)
    return done.html, done.problems


@lru_cache(maxsize=2)
def _prepared(places: bytes, shared: bytes) -> tuple[Path, Renderer, RenderSettings]:
    settings = decode(shared, RenderSettings)
    root, mounts, _ = decode(places, tuple[str, dict[str, str], bytes])
    paths = {name: Path(path) for name, path in mounts.items()}
    config = Settings(settings.config)
    config["copyright"] = Markup(config["copyright"])  # noqa: S704 - the site's own configuration, which may be HTML
    config["theme"]["language"] = Lang.of(config["theme"]["language"], settings.language.words)
    renderer = Renderer(settings.theme, Path(root), paths, filters(settings.language))
    return Path(root), renderer, msgspec.structs.replace(settings, config=config)


def prepare(root: Path, mounts: dict[str, Path], templates: bytes, settings: RenderSettings) -> tuple[bytes, bytes]:
    """Return the first argument of `run`. `templates` stands for the sources of all templates, which may change."""
    places = encode((str(root), {name: str(path) for name, path in mounts.items()}, templates))
    return places, encode(settings)


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
    config = settings.config
    view = job.view
    if _ERROR_PAGE.fullmatch(job.output):
        start, base_url = None, "/" + "/".join((config["site_url"] or "//").split("/")[3:]).strip("/")
    else:
        start = view.url if view else quote(job.output)
        base_url = relative("", start).rstrip("/")
    page = None
    if view is not None:
        urls = job.urls if start is not None else tuple(link(url, start, base_url) for url in job.urls)
        page = Page(view, decode(job.body, Body), urls, job.sizes)
        page.view_url = view_url(view.edit_url, config["repo_url"])
        if "llms" in config["plugins"] and config["indexing"] and view.path != "404.md" and not view.draft:
            page.markdown_url = markdown_of(job.output)
        nav = Nav(view.nav, view.homepage, view.nav_more)
    else:
        nav = Nav(job.nav, job.homepage, more=False)
    return {
        "start": Start(start) if start is not None else None,
        "page": page,
        "nav": nav,
        "all_pages": job.all_pages,
        "config": config,
        "base_url": base_url,
        "start_url": start,
        "alternates": settings.alternates,
        "version": settings.edition if settings.edition.version else None,
        "extra_css": [link(path, start, base_url) for path in config["extra_css"]],
        "extra_javascript": [link(script["path"], start, base_url) for script in config["extra_javascript"]],
        "scripts": config["extra_javascript"],
        "lang": config["theme"]["language"],
        "words": config["theme"]["language"].named,
        "generator": settings.generator,
        "pages": (),
        "mkdocs_version": "1.6.1",
        "build_date_utc": "",
    }


def link(url: str, start: str | None, base_url: str) -> str:
    """Return an address as it is written in a page; `url` is relative to the site's root, or leads elsewhere.

    `start` is the page's own address. Without one, `base_url` is where the site's root is on its host.
    """
    if ELSEWHERE.match(url):
        return url
    return relative(url, start) if start is not None else f"{base_url.rstrip('/')}/{url.removeprefix('./')}"


def filters(language: Language) -> dict[str, Any]:
    """Return the filters that templates may use besides Jinja's own; `url` and `script_tag` are MkDocs's."""
    from jinja2 import pass_context

    @pass_context
    def url(context: Any, value: Any) -> str:
        start: Start | None = context.parent["start"]  # as `context[...]`, which takes twice as long
        if start is not None and type(value) is str:
            return start.to(value)
        value = value["path"] if isinstance(value, dict) else value  # an item of config.extra_javascript
        return link(str(value), context["start_url"], context["base_url"])

    @pass_context
    def links(context: Any, items: Iterable[NavItem]) -> list[tuple[NavItem, str]]:
        """Return each item with its address on this page, which is empty for those that are more than a line.

        Nearly all lines of navigation are pages of which there is nothing else to say: a page has up to 60 of these.
        """
        start: Start | None = context.parent["start"]
        way = partial(link, start=None, base_url=context["base_url"]) if start is None else start.to
        return [(item, "" if item.is_section or item.active or item.status else way(item.url)) for item in items]

    @pass_context
    def script_tag(context: Any, script: Any) -> Markup:
        kind = Markup(' type="{}"').format(script["type"]) if script.get("type") else ""
        flags = Markup("").join(Markup(f" {name}") for name in ("defer", "async") if script.get(name))  # noqa: S704
        return Markup('<script src="{}"{}{}></script>').format(url(context, script["path"]), kind, flags)

    def date(value: Any) -> str:
        return written_date(value, language.words, language.months)

    def quiet(content: Markup) -> Markup:
        """Keep permalinks out of the names of headings; the theme's script gives them names of their own."""
        return Markup(str.replace(content, _PERMALINK, _QUIET))  # noqa: S704 - the page's own HTML

    return {"url": url, "links": links, "script_tag": script_tag, "date": date, "quiet": quiet}


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
              "remote_name", "format", "extra_templates", "history", "external_links")  # fmt: skip
    seen: dict[str, Any] = {key: value for key, value in msgspec.to_builtins(config).items() if key not in hidden}
    defaults = msgspec.structs.fields(type(config.theme))
    theme = {one.encode_name: getattr(config.theme, one.name) for one in defaults if one.name != "options"}
    theme = {**msgspec.to_builtins(config.theme.options), **msgspec.to_builtins(theme)}
    theme["direction"] = config.theme.direction or ("rtl" if config.theme.language.split("-")[0] in RTL else "ltr")
    theme["colours"] = colours(config.theme.palette)
    seen["theme"] = theme
    seen["plugins"] = (
        {"feed": {}, "search": {}} if config.plugins is None else {plugin.name: {} for plugin in config.plugins}
    )
    return seen
