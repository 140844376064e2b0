"""All pages of a site -> one, to be printed: in the order of navigation, with ids that no other page has."""

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import unquote, urljoin, urlsplit

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from ssg.model import Body, NavItem, Site

PRINT_TEMPLATE = "print.html"
"""The template for it, and its path in the site."""

_TAG = re.compile(r"""<[a-zA-Z](?:[^"'>]++|"[^"]*+"|'[^']*+')*+>""")
_ATTRIBUTE = re.compile(r"""(\s)([a-zA-Z][\w:-]*)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)""")
_IDS = frozenset(
    ("id", "for", "form", "list", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns",
     "aria-details", "aria-flowto", "aria-activedescendant", "aria-errormessage")
)  # fmt: skip
"""Attributes that hold ids: https://html.spec.whatwg.org/multipage/indices.html#attributes-3."""
_NAMES = ("<input", "<map", "<a ")
"""Elements whose `name` is meant for others: buttons of a group, maps of images, places of old."""
_IN_URL = re.compile(r"""(url\(\s*(?:&quot;|["'])?#)""")
_LINK = re.compile(r"""(<a\b(?:[^"'>]|"[^"]*"|'[^']*')*?)\shref="([^"]*)\"""")
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|/")


class Part(Struct, frozen=True, kw_only=True):
    """A page, or the title of a section of pages, so many levels below the top."""

    title: str
    level: int
    url: str = ""
    path: str = ""
    """Of a page; empty for a section that has none."""
    body: Body | None = None
    urls: tuple[str, ...] = ()
    sizes: dict[int, tuple[int, int]] = {}


def parts(
    site: Site, load: Callable[[str], tuple[Body, tuple[str, ...], dict[int, tuple[int, int]]]]
) -> tuple[Part, ...]:
    """Return the pages of a site in the order of navigation, then those that are not in it.

    `load` gives the body of a page, what its links are, and the sizes of its images. Left out are drafts, the page for
    missing ones, and those whose front matter says `print: false`.
    """
    shown = {page.path: page for page in site.pages if not page.draft and page.path != "404.md"}
    found: list[Part] = []

    def add(title: str, path: str, level: int) -> None:
        page = shown.pop(path, None)
        if page is None:
            return
        body, urls, sizes = load(path)
        if body.meta.get("print") is not False:
            found.append(
                Part(title=title or page.title, level=level, url=page.url, path=path, body=body, urls=urls, sizes=sizes)
            )

    def below(items: Iterable[NavItem], level: int) -> None:
        for item in items:
            start = len(found)
            if item.path:
                add("", item.path, level)
            elif item.children:
                found.append(Part(title=item.title, level=level))
            below(item.children, level + 1)
            if len(found) == start + 1 and not found[start].path:
                found.pop()  # nothing is in this section

    below(site.nav, 0)
    for path in list(shown):
        add("", path, 0)
    return tuple(found)


def place(url: str, fragment: str = "") -> str:
    """Return the id that a page, or what has an id in it, has among all pages; as part of a URL if `url` is one."""
    return f"/{url}:{fragment}" if fragment else f"/{url}"


def unique(text: str, url: str) -> str:
    """Return the HTML of the page at a URL with ids that are its own, and what refers to them."""
    start = f"/{unquote(url)}:"

    def renamed(value: str) -> str:
        return " ".join(start + one for one in value.split())

    def attribute(found: re.Match[str], tag: str) -> str:
        space, name, sign, written = found.groups()
        quote = written[0] if written[0] in "\"'" else ""
        value = written.strip(quote) if quote else written
        lower = name.lower()
        if lower in _IDS or (lower == "name" and tag.lower().startswith(_NAMES)):
            value = renamed(value)
        elif lower in ("href", "xlink:href", "usemap") and value.startswith("#") and len(value) > 1:
            value = f"#{place(url, value[1:])}"
        elif "url(" in value:
            value = _IN_URL.sub(lambda one: one[0] + start, value)
        elif lower == "loading":
            value = "eager"  # nobody scrolls on paper
        else:
            return found[0]
        return f"{space}{name}{sign}{quote or chr(34)}{value}{quote or chr(34)}"

    return _TAG.sub(lambda tag: _ATTRIBUTE.sub(lambda one: attribute(one, tag[0]), tag[0]), text)


def led(url: str, start: str, pages: frozenset[str]) -> str:
    """Return where a link leads that the page at `start` has as `url`: to a place among `pages`, or out of them."""
    if url.startswith("#"):
        return f"#{place(start, url[1:])}"
    if _ELSEWHERE.match(url):
        return url
    found = urlsplit(urljoin(f"/{start}", url))
    path = found.path.removeprefix("/")
    if path in pages and not found.query:
        return f"#{place(path, found.fragment)}"
    rest = (f"?{found.query}" if found.query else "") + (f"#{found.fragment}" if found.fragment else "")
    return (path or "./") + rest


class Section:
    """A part as templates see it."""

    def __init__(self, part: Part, number: int, content: Markup) -> None:
        """Take a part, its number, and its HTML."""
        self.title = part.title
        self.level = part.level
        self.is_page = bool(part.path)
        self.id = place(unquote(part.url)) if part.path else f"/section-{number}"
        self.href = f"#{place(part.url)}" if part.path else f"#/section-{number}"
        self.page = f"p{number}"
        """The name of its pages on paper."""
        self.content = content
        self.headings = [
            {"href": f"#{place(part.url, one.id)}", "title": one.text}
            for one in (part.body.headings if part.body else ())
            if one.level == 2
        ]


def sections(
    found: Sequence[Part],
    content: Callable[[Body, tuple[str, ...], Mapping[int, tuple[int, int]]], Markup],
    site_url: str,
) -> list[Section]:
    """Return the parts with their HTML; `content` puts links and sizes in place of their marks."""

    def outward(tag: re.Match[str]) -> str:
        """Lead to other files of the site by whole addresses, or not at all: a PDF may be anywhere."""
        if _ELSEWHERE.match(tag[2]) or tag[2].startswith("#"):
            return tag[0]
        return f'{tag[1]} href="{html.escape(site_url)}{tag[2].removeprefix("./")}"' if site_url else tag[1]

    pages = frozenset(part.url for part in found if part.path)
    made = []
    for number, part in enumerate(found):
        text = Markup("")
        if part.body is not None:
            body = replace(part.body, html=unique(part.body.html, part.url))
            filled = content(body, tuple(led(url, part.url, pages) for url in part.urls), part.sizes)
            text = Markup(_LINK.sub(outward, filled))  # noqa: S704 - the page's HTML
        made.append(Section(part, number, text))
    return made
