"""The site -> what language models read: `llms.txt`, `llms-full.txt`, and each page as Markdown beside its HTML.

Format of the first: https://llmstxt.org/. The second is the text of all pages, in the order of navigation. `guide/`
is `guide/index.md` as Markdown: the author's text without front matter, with snippets in place, and with links that
lead to the Markdown of other pages.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote, unquote

from msgspec import Struct

from ssg.config.settings import SiteConfig
from ssg.model import Document, LinkKind, NavItem, Site, Task
from ssg.urls import markdown_of, output_of, relative

_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|/|#|\?")
_LINK = re.compile(r"(\]\(\s*<?)([^\s<>()]+)")
_DEFINITION = re.compile(r"^( {0,3}\[[^\]\n]+\]:\s*<?)([^\s<>()]+)", re.MULTILINE)
"""What stands in a link or in a definition, and before it. Two, since one that begins with `](` is found quickly."""
_HEADING = re.compile(r"\s*(?:<!--.*?-->\s*)*(?:# |[^\n]+\n=+\s*$)", re.DOTALL | re.MULTILINE)
_READ = ("text", "links")
"""What is read of pages."""
_PAGES = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")


class Llms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Writes the site for language models. `full` is the file with all text, `pages` are those beside each page."""

    full: bool = True
    pages: bool = True

    def plan(self, site: Site, config: SiteConfig) -> Sequence[Task]:
        """Plan the two files, and one for each page. Nothing is made for a site that nobody is to list."""
        if not config.indexing:
            return ()
        shown = {page.path: page for page in site.pages if not page.draft and page.path != "404.md"}
        tasks = []
        if self.pages:
            by_output = {page.output: page for page in shown.values()}  # that two are one is told by the index
            tasks = [
                Task(
                    path=markdown_of(output),
                    pages=(page.path,),
                    data=[page.title, config.use_directory_urls],
                    reads=_READ,
                )
                for output, page in by_output.items()
            ]
        groups = _groups(site, shown.keys())
        order = tuple(dict.fromkeys(path for _, paths in groups for path in paths))
        base = config.site_url
        if not self.pages:
            addresses = {path: base + page.url for path, page in shown.items()}
        else:
            addresses = {path: base + quote(markdown_of(page.output)) for path, page in shown.items()}
        titles = {path: page.title for path, page in shown.items()}
        listed = [
            [title, [[titles[path], addresses[path], shown[path].description] for path in paths]]
            for title, paths in groups
        ]
        names = [config.site_name, config.site_description]
        tasks.append(Task(path="llms.txt", data=[*names, listed], published_only=True))
        if self.full:
            data = [*names, [[titles[path], base + shown[path].url] for path in order], config.use_directory_urls]
            tasks.append(Task(path="llms-full.txt", pages=order, data=data, reads=_READ, published_only=True))
        return tasks

    def emit(self, task: Task, documents: Sequence[Document]) -> bytes:
        """Write one of them."""
        if task.path == "llms.txt":
            return _list(task).encode("utf-8", "replace")
        if task.path == "llms-full.txt":
            name, description, pages, directory_urls = task.data
            parts = [_head(name, description)]
            for (title, url), document in zip(pages, documents, strict=True):
                text = _text(document, title, task.path, directory_urls)
                parts.append(f"---\n\nSource: {url or './'}\n\n{text}")
            return "\n".join(parts).encode("utf-8", "replace")
        title, directory_urls = task.data
        return _text(documents[0], title, task.path, directory_urls).encode("utf-8", "replace")


def _groups(site: Site, shown: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Return the pages by the top level of navigation; those that are not in it come last."""
    paths = set(shown)
    groups = [("Pages", [item.path for item in site.nav if not item.children])]
    groups += [(item.title, list(_paths(item))) for item in site.nav if item.children]
    groups.append(("Other pages", [page.path for page in site.pages]))
    left = []
    for title, found in groups:  # navigation may name a page more than once
        mine = [path for path in dict.fromkeys(found) if path in paths]
        paths.difference_update(mine)
        if mine:
            left.append((title, mine))
    return left


def _paths(item: NavItem) -> Iterator[str]:
    if item.path:
        yield item.path
    for child in item.children:
        yield from _paths(child)


def _head(name: str, description: str) -> str:
    return f"# {_line(name)}\n" + (f"\n> {_line(description)}\n" if description else "")


def _list(task: Task) -> str:
    name, description, groups = task.data
    parts = [_head(name, description)]
    for title, pages in groups:
        parts.append(f"## {_line(title)}\n")
        for page, address, about in pages:
            words = _line(about)
            label = re.sub(r"([\[\]\\])", r"\\\1", _line(page))
            parts.append(f"- [{label}]({address or './'})" + (f": {words}" if words else ""))
        parts.append("")
    return "\n".join(parts)


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(document: Document, title: str, here: str, directory_urls: bool) -> str:
    """Return a page's Markdown as it stands at the path `here`, beginning with a title."""
    folder, start = posixpath.dirname(document.card.path), quote(here)
    written = {link.target for link in document.links if link.kind is not LinkKind.RAW}
    ways = {target: _way(target, folder, start, directory_urls) for target in written if not _ELSEWHERE.match(target)}
    text = document.text
    if ways:

        def led(found: re.Match[str]) -> str:
            return found[1] + ways.get(found[2], found[2])

        text = _LINK.sub(led, text)
        if "]:" in text:
            text = _DEFINITION.sub(led, text)
    text = text.strip("\n")
    if not _HEADING.match(text):
        text = f"# {_line(title)}\n\n{text}".rstrip("\n")
    return text + "\n"


def _way(target: str, folder: str, start: str, directory_urls: bool) -> str:
    """Return where a link leads from the address `start`, if it is written so in a page of this folder."""
    path, rest = re.fullmatch(r"([^#?]*)(.*)", target, re.DOTALL).groups()  # type: ignore[union-attr]
    there = posixpath.normpath(posixpath.join(folder, unquote(path)))
    if there.startswith("../"):
        return target
    if there.endswith(_PAGES):
        there = markdown_of(output_of(there, directory_urls))
    return relative(quote(there), start) + rest
