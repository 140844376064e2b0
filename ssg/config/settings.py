"""The settings of a site, as all other parts see them: each key of `ssg.yml`, its type, default and meaning.

The text under each field is where the JSON schema and the reference page get their descriptions.
"""

from typing import Any, Literal

from msgspec import Struct, field

from ssg.model import Severity

Level = Literal["error", "warn", "info", "ignore", "relative_to_docs"]
"""How a problem counts; `relative_to_docs` reads an absolute link as one that starts in the content folder."""


_SEVERITIES = {"error": Severity.ERROR, "warn": Severity.WARNING, "info": Severity.NOTE}


def severity_of(level: str) -> Severity | None:
    """Return how severe a problem of this level is; None: it is not to be told."""
    return _SEVERITIES.get(level)


class NavEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of `nav`, as written at `line` and `column`: a page, a link, a pattern, or a section of entries."""

    title: str = ""
    """What navigation shows. Empty: the page's own title, or for a section, that of its index page."""
    target: str = ""
    """A path in the content folder, an address, or a pattern such as `guide/*`. Empty for a section."""
    children: tuple["NavEntry", ...] = ()
    is_section: bool = False
    """So that a section without entries can be told from an entry without a target."""
    line: int = 0
    column: int = 0


class NavFile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A `.nav.yml`: what a folder says of its own place in navigation."""

    title: str = ""
    """The title of the folder's section. Default: that of its index page, or made from the folder's name."""
    nav: tuple[NavEntry, ...] | None = None
    """The order: file names, folders, links, `Title: file.md`, and patterns such as `*`. Default: by name."""
    hide: bool = False
    """Leave the folder out of navigation. Its pages are still built."""


class ThemeConfig(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the site looks. A name alone is short for a mapping with `name`."""

    name: str = "default"
    """The theme. `material`, `mkdocs` and `readthedocs` stand for the default theme. `null`: `custom_dir` alone."""
    custom_dir: str = ""
    """A folder whose templates and files go before those of the theme; relative to the configuration file."""
    language: str = "en"
    """Language of the site, as a BCP 47 tag such as `de` or `pt-BR`."""
    direction: Literal["", "ltr", "rtl"] = ""
    """Direction of text. Default: by the language."""
    features: tuple[str, ...] = ()
    """Parts of the theme to switch on."""
    palette: tuple[dict[str, Any], ...] = ()
    """Colours: a mapping with `scheme`, `primary` and `accent`, or a list of these, each with `media` and `toggle`."""
    logo: str = ""
    """An image for the header: a path in the content folder, or an address."""
    favicon: str = ""
    """The icon that browsers show: a path in the content folder, or an address."""
    icon: dict[str, Any] = field(default_factory=dict)
    """The mark beside the link to the repository, as `repo: fontawesome/brands/github`; other parts have their own."""
    font: dict[str, str] | bool | None = None
    """Families for `text` and `code`, where readers have them; nothing is loaded. `false`: those of their system."""
    static_templates: tuple[str, ...] = ()
    """Templates that are made into pages of their own, besides the theme's."""
    include_search_page: bool = False
    """For themes made for MkDocs: whether search has a page of its own."""
    search_index_only: bool = False
    """For themes made for MkDocs: whether the theme brings its own script for search."""
    options: dict[str, Any] = field(default_factory=dict)
    """All other keys, for the theme's templates."""


class MarkdownExtension(Struct, frozen=True):
    """A Python-Markdown extension and its options. A short name is without the prefix `markdown.extensions.`.

    An option that names a Python function is a mapping: `{"!python": "pymdownx.slugs.slugify"}` for the function
    itself, and with `"args"` and `"kwds"` for what it returns when called with those. No other name than those of
    `ssg.config.tags.PYTHON_NAMES` occurs.
    """

    name: str
    options: dict[str, Any] = field(default_factory=dict)


class PluginConfig(Struct, frozen=True):
    """A plugin and its options."""

    name: str
    options: dict[str, Any] = field(default_factory=dict)


class Script(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A script that every page loads. A path alone is short for a mapping with `path`."""

    path: str
    """A path in the content folder, or an address."""
    type: str = ""
    """The attribute `type`, such as `module`; this is the default for `.mjs` files."""
    defer: bool = False
    """Run it after the page has been read."""
    async_: bool = field(default=False, name="async")
    """Run it as soon as it has arrived."""


class Validation(Struct, frozen=True, kw_only=True):
    """How problems with links count: `error`, `warn`, `info` or `ignore`.

    A key at the top counts for `nav` and `links` alike; one under `nav:` or `links:` only there.
    """

    nav_omitted_files: Level = "warn"
    """Pages that `nav` does not list."""
    nav_not_found: Level = "error"
    """Entries of `nav` that lead to no page."""
    nav_absolute_links: Level = "warn"
    """Entries of `nav` that start with `/`."""
    links_not_found: Level = "error"
    """Links to pages and files that do not exist."""
    links_absolute_links: Level = "warn"
    """Links that start with `/`."""
    links_unrecognized_links: Level = "warn"
    """Links that may be meant for a page, but are not the path of one."""
    links_anchors: Level = "error"
    """Links to headings that do not exist."""


MKDOCS_VALIDATION = Validation(
    nav_omitted_files="info",
    nav_not_found="warn",
    nav_absolute_links="info",
    links_not_found="warn",
    links_absolute_links="info",
    links_unrecognized_links="info",
    links_anchors="info",
)
"""What MkDocs does unless told otherwise, and so what a `mkdocs.yml` means."""


class MarkdownConfig(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The Markdown that pages are written in, apart from extensions."""

    github: bool = True
    """Read pages as GitHub does where Python-Markdown differs. With `markdown_extensions`, only blocks are."""
    glossary: str = ""
    """A file of abbreviations, one `*[HTML]: Hypertext Markup Language` a line, that are explained on every page.

    A path from the folder of the configuration file.
    """
    timeout: int = 10
    """So many seconds a page may take. One that takes longer is an error, and others are built. `0`: no limit."""


class ExternalLinks(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How `ssg check --external` looks at links to other hosts."""

    ignore: tuple[str, ...] = ()
    """Addresses that are not looked at: how they begin, or patterns with `*`."""
    max_age: float = 7
    """Days for which a link that was in order is not looked at again."""
    timeout: float = 15
    """Seconds to wait for an answer."""
    retries: int = 2
    """How often to ask again when a host does not answer, has a fault, or asks for patience."""
    delay: float = 0.1
    """Seconds between two questions to the same host."""


class SiteConfig(Struct, frozen=True, kw_only=True):
    """All settings of a site. Paths are relative to the folder of the configuration file, with forward slashes."""

    site_name: str
    """Name of the site: the title of the home page and the end of every other title."""
    site_url: str = ""
    """Address that the site is published under, with `https://`. Sitemap, feeds and canonical links need it."""
    site_description: str = ""
    """One sentence about the site, for search engines."""
    site_author: str = ""
    """Who wrote it."""
    copyright: str = ""
    """A line for the foot of each page; may be HTML."""
    repo_url: str = ""
    """Address of the source repository; a link to it is shown."""
    repo_name: str = ""
    """Text of that link. Default: GitHub, GitLab or Bitbucket, otherwise the name of the host."""
    edit_uri: str = ""
    """Path from `repo_url` to the source of pages, for edit links; empty: no such links. Default: by the host."""
    edit_uri_template: str = ""
    """Address for edit links in which `{path}` or `{path_noext}` is the page, instead of `edit_uri`."""
    history: bool = True
    """Take from git when pages were last changed, and by whom."""
    indexing: bool = True
    """Let search engines list the site."""
    docs_dir: str = "content"
    """Folder of the pages. In a `mkdocs.yml`: `docs`."""
    site_dir: str = "output"
    """Folder that the site is written to. In a `mkdocs.yml`: `site`."""
    nav: tuple[NavEntry, ...] | None = None
    """Navigation: pages, sections, links and patterns in order. Default: made from the folders."""
    theme: ThemeConfig = field(default_factory=ThemeConfig)
    """How the site looks: the name of a theme, or a mapping."""
    markdown: MarkdownConfig = field(default_factory=MarkdownConfig)
    """The Markdown that pages are written in."""
    markdown_extensions: tuple[MarkdownExtension, ...] | None = None
    """Python-Markdown extensions: a list of names, or of names with options. Default: a standard set."""
    mdx_configs: dict[str, Any] = field(default_factory=dict)
    """Options of extensions by name; the older way to write them."""
    plugins: tuple[PluginConfig, ...] | None = None
    """Plugins: a list of names, or of names with options, in the order in which they run. Default: a standard set."""
    hooks: tuple[str, ...] = ()
    """Python files that work as plugins."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Anything that templates may want."""
    extra_css: tuple[str, ...] = ()
    """Style sheets that every page loads: paths in the content folder, or addresses."""
    extra_javascript: tuple[Script, ...] = ()
    """Scripts that every page loads: paths in the content folder, addresses, or mappings."""
    hashed_assets: bool = True
    """Give style sheets, scripts and other files of the theme names that change with their content."""
    minify: bool = False
    """Make pages, style sheets and scripts smaller. That needs `pip install "ssg-docs[minify]"`."""
    offline: bool = False
    """Make a site that is opened from files: links lead to `index.html`. `ssg build --offline` does so too."""
    print_page: bool = False
    """Make `print.html`, a page of the whole content to be printed, or saved as PDF."""
    extra_templates: tuple[str, ...] = ()
    """Files of the content folder that are Jinja templates of their own."""
    validation: Validation = field(default_factory=Validation)
    """How problems with links and navigation count."""
    external_links: ExternalLinks = field(default_factory=ExternalLinks)
    """How `ssg check --external` looks at links to other hosts."""
    exclude_docs: str = ""
    """Patterns, as in a `.gitignore`, of files that are not built."""
    draft_docs: str = ""
    """Patterns of pages that are built only by `ssg serve`."""
    not_in_nav: str = ""
    """Patterns of pages that may be missing from `nav`."""
    strict: bool = False
    """Fail the build on warnings."""
    use_directory_urls: bool = True
    """`guide/` rather than `guide.html` as the address of `guide.md`."""
    watch: tuple[str, ...] = ()
    """More files and folders that `ssg serve` watches."""
    dev_addr: str = "127.0.0.1:8000"
    """Where `ssg serve` listens: host and port."""
    remote_branch: str = "gh-pages"
    """Branch that `ssg deploy` pushes to."""
    remote_name: str = "origin"
    """Remote that `ssg deploy` pushes to."""
    format: Literal["ssg", "mkdocs"] = "ssg"
    """Which kind of file the settings come from. Not a key."""
