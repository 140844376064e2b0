"""A page's links and the addresses of the site -> relative URLs, and a diagnostic for each link that leads nowhere."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import NamedTuple
from urllib.parse import quote, unquote

from msgspec import Struct

from ssg.config.settings import Level, Validation, severity_of
from ssg.engine.memo import Stage
from ssg.engine.reader import Reader
from ssg.markdown.references import normalize_url
from ssg.model import Diagnostic, Link, LinkKind
from ssg.urls import relative

_PARTS = re.compile(r"([^?#]*)(\?[^#]*)?(?:#(.*))?", re.DOTALL)


class ResolveSettings(Struct, frozen=True, kw_only=True):
    """What all pages share: the address of everything by its path, and how problems count."""

    docs_dir: str
    routes: dict[str, str]
    drafts: tuple[str, ...]
    validation: Validation
    mkdocs: bool
    offline: bool = False
    """Addresses of folders are completed, since no server does it."""


class PageLinks(Struct, frozen=True):
    """A page, and the digest of its links."""

    path: str
    links: bytes


class Fragment(Struct, frozen=True):
    """A link to the heading `anchor` of the page `target`, written at a place."""

    target: str
    anchor: str
    path: str
    line: int
    column: int
    source: str


class Resolved(Struct, frozen=True, kw_only=True):
    """What each link of a page has in its place, and which of them lead to headings."""

    urls: tuple[str, ...]
    fragments: tuple[Fragment, ...]
    images: tuple[tuple[int, str], ...] = ()
    """The numbers of links that are images whose size is to be written down, and their paths in the content folder."""
    diagnostics: tuple[Diagnostic, ...]


class Anchors(Struct, frozen=True):
    """For each page the digests of the links to headings in it, and of the headings that others may link to."""

    pages: tuple[tuple[str, bytes, bytes], ...]


class AnchorsChecked(Struct, frozen=True):
    """The links to headings that do not exist."""

    diagnostics: tuple[Diagnostic, ...]


def resolve(shared: ResolveSettings, argument: PageLinks, reader: Reader) -> Resolved:
    """Resolve the links of one page."""
    links = reader.value(argument.links, tuple[Link, ...])
    return _Resolver(shared, argument.path).resolve(links)


def check_anchors(level: str, argument: Anchors, reader: Reader) -> AnchorsChecked:
    """Look whether the headings exist that links lead to."""
    severity = severity_of(level)
    if severity is None:
        return AnchorsChecked(())
    digests = {path: anchors for path, _, anchors in argument.pages}
    known: dict[str, tuple[str, ...]] = {}
    diagnostics = []
    for page, fragments, _ in argument.pages:
        for one in reader.value(fragments, tuple[Fragment, ...]):
            if one.target not in known:
                known[one.target] = reader.value(digests[one.target], tuple[str, ...])
            if one.anchor not in known[one.target]:
                close = get_close_matches(one.anchor, known[one.target], 1, 0.6)
                there = "on this page" if one.target == page else f"in '{one.target}'"
                diagnostics.append(
                    Diagnostic(
                        severity=severity,
                        code="broken-anchor",
                        message=f"there is no heading '#{one.anchor}' {there}",
                        path=one.path,
                        line=one.line,
                        column=one.column,
                        source=one.source,
                        hint=f"did you mean '#{close[0]}'?" if close else "",
                    )
                )
    return AnchorsChecked(tuple(diagnostics))


RESOLVE = Stage("resolve", resolve, ResolveSettings, PageLinks, Resolved)
CHECK_ANCHORS = Stage("check anchors", check_anchors, str, Anchors, AnchorsChecked)


class _Resolver:
    """Resolves the links of one page."""

    def __init__(self, shared: ResolveSettings, path: str) -> None:
        self.shared = shared
        self.path = path
        self.folder = posixpath.dirname(path)
        self.url = shared.routes.get(path, "")
        self.fragments: list[Fragment] = []
        self.images: list[tuple[int, str]] = []
        self.diagnostics: list[Diagnostic] = []

    def resolve(self, links: Iterable[Link]) -> Resolved:
        urls = tuple([self._one(link, number) for number, link in enumerate(links)])
        return Resolved(
            urls=urls,
            fragments=tuple(self.fragments),
            images=tuple(self.images),
            diagnostics=tuple(self.diagnostics),
        )

    def _one(self, link: Link, number: int) -> str:
        found = _PARTS.match(link.target)
        target, query, fragment = found.groups() if found else (link.target, "", "")
        if not target:
            if fragment:
                self._fragment(link, self.path, fragment)
            return self._url(link, link.target)
        levels = self.shared.validation
        routes = self.shared.routes
        if target.startswith("/"):
            written = posixpath.normpath(unquote(target).lstrip("/"))
            path = self._find(written, target)
            if levels.links_absolute_links == "relative_to_docs":
                if path is None:
                    self._missing(link, target, written)
                    return self._url(link, link.target)
                return self._to(link, path, query, fragment, number)
            hint = f"write '{posixpath.relpath(path, self.folder or '.')}'" if path else "write the path from this page"
            if link.kind is not LinkKind.RAW or not self.shared.mkdocs:
                message = f"'{link.target}' is an absolute address, and may lead out of the site"
                self._problem(link, levels.links_absolute_links, "absolute-link", message, hint)
            return self._url(link, link.target)
        written = posixpath.normpath(posixpath.join(self.folder, unquote(target)))
        path = self._find(written, target)
        if link.kind is LinkKind.RAW and (self.shared.mkdocs or path is None):
            # in HTML, authors for MkDocs write addresses as a browser reads them: from the page's URL
            there = posixpath.normpath(posixpath.join(posixpath.dirname(unquote(self.url)), unquote(target)))
            url = "" if there == "." else quote(there)
            if self.shared.offline and posixpath.join(url, "index.html") in urls_of(routes):
                return target.rstrip("/") + "/index.html" + link.target[len(target) :]
            if url in urls_of(routes) or url + "/" in urls_of(routes):
                if link.wants_size and there in routes:
                    self.images.append((number, there))
                return link.target
        if path is not None:
            return self._to(link, path, query, fragment, number)
        self._missing(link, target, written)
        return self._url(link, link.target)

    def _url(self, link: Link, written: str) -> str:
        """Return what an author wrote as a URL. In HTML it is one; MkDocs leaves it as it is."""
        return written if link.kind is LinkKind.RAW or self.shared.mkdocs else normalize_url(written)

    def _find(self, path: str, written: str) -> str | None:
        """Return the page or asset at a path; for a folder, its index page."""
        routes = self.shared.routes
        if path in routes and not written.endswith("/"):
            return path
        if not written.endswith("/") and (self.shared.mkdocs or posixpath.splitext(path)[1]):
            return None
        if self.shared.mkdocs:
            return None  # MkDocs leaves a link to a folder as it is, and so a browser reads it from the page's URL
        for name in ("index.md", "README.md", "index.html"):
            inner = posixpath.normpath(posixpath.join(path, name))
            if inner in routes:
                return inner
        return None

    def _to(self, link: Link, path: str, query: str | None, fragment: str | None, number: int) -> str:
        if link.wants_size:
            self.images.append((number, path))
        if fragment:
            self._fragment(link, path, fragment)
        url = relative(self.shared.routes[path], self.url)
        return url + self._url(link, (query or "") + (f"#{fragment}" if fragment is not None else ""))

    def _fragment(self, link: Link, path: str, fragment: str) -> None:
        if fragment == "top" or fragment.startswith((":~:", "__")) or not path.lower().endswith((".md", ".markdown")):
            return
        self.fragments.append(
            Fragment(path, unquote(fragment), link.path, link.line, link.column, link.source),
        )

    def _missing(self, link: Link, target: str, path: str) -> None:
        levels = self.shared.validation
        what = "image" if link.kind is LinkKind.IMAGE else "page" if path.endswith(".md") else "file"
        if path in self.shared.drafts:
            self._problem(
                link,
                levels.links_not_found,
                "link-to-draft",
                f"'{link.target}' leads to a draft, which is not published",
                "publish it, or take the link out",
            )
            return
        hint = self._suggest(path)
        if not posixpath.splitext(path)[1] or target.endswith("/"):
            self._problem(
                link,
                levels.links_unrecognized_links,
                "unrecognized-link",
                f"'{link.target}' is not the path of a page or a file, and is left as it is",
                hint,
            )
        elif link.kind is LinkKind.RAW and self.shared.mkdocs:
            self._problem(
                link,
                levels.links_unrecognized_links,
                "unrecognized-link",
                f"'{link.target}' leads to no file of the site, and is left as it is",
                hint,
            )
        else:
            outside = path.startswith("../")
            message = f"the {what} '{link.target}' " + (
                "is outside of the content folder" if outside else "does not exist"
            )
            self._problem(
                link, levels.links_not_found, f"broken-{'image' if what == 'image' else 'link'}", message, hint
            )

    def _suggest(self, path: str) -> str:
        routes = self.shared.routes
        for other in (f"{path}.md", posixpath.join(path, "index.md"), path.removesuffix(".html") + ".md"):
            if other in routes:
                break
        else:
            other = self._nearest(path)
        if not other or other == path:
            return ""
        way = posixpath.relpath(other, self.folder or ".")
        return f"did you mean '{way}'?"

    def _nearest(self, path: str) -> str:
        """Return what the author may have meant: the same name elsewhere, or a name like it in the same folder."""
        names = by_name(self.shared.routes)
        folder, name = posixpath.split(path)
        same = names.get(name, [])
        if len(same) == 1:
            return same[0]
        beside = [other for other in names if posixpath.join(folder, other) in self.shared.routes]
        close = get_close_matches(name, beside, 1, 0.75)
        return posixpath.join(folder, close[0]) if close else ""

    def _problem(self, link: Link, level: Level, code: str, message: str, hint: str) -> None:
        severity = severity_of(level)
        if severity is not None:
            self.diagnostics.append(
                Diagnostic(
                    severity=severity,
                    code=code,
                    message=message,
                    path=link.path,
                    line=link.line,
                    column=link.column,
                    source=link.source,
                    hint=hint,
                )
            )


class _Tables(NamedTuple):
    """Other ways to look at the routes, made when first needed and kept while the routes are the same object."""

    routes: dict[str, str]
    urls: frozenset[str]
    names: Mapping[str, list[str]]


_last = _Tables({}, frozenset(), {})


def urls_of(routes: dict[str, str]) -> frozenset[str]:
    """Return all addresses."""
    return _tables(routes).urls


def by_name(routes: dict[str, str]) -> Mapping[str, list[str]]:
    """Return paths by their last part."""
    return _tables(routes).names


def _tables(routes: dict[str, str]) -> _Tables:
    global _last
    tables = _last  # one thread may make another one while this uses it
    if tables.routes is not routes:
        names: dict[str, list[str]] = {}
        for path in routes:
            names.setdefault(posixpath.basename(path), []).append(path)
        tables = _last = _Tables(routes, frozenset(routes.values()), names)
    return tables
