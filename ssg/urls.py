"""Addresses within a site: from a page's path to its output file and URL, and from one URL to another.

A URL here is relative to the site's root and has no leading slash; the home page's is empty.
"""

import posixpath
import re
from functools import lru_cache
from urllib.parse import quote, unquote

ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|/|#")
"""How an address begins that is not relative to the site's root."""


def output_of(path: str, directory_urls: bool) -> str:
    """Return the output file of a page: `a/b.md` -> `a/b/index.html`, or `a/b.html` without directory URLs.

    MkDocs's rules (https://www.mkdocs.org/user-guide/configuration/#use_directory_urls), but for a `404.md`, which
    hosts look for as `404.html`.
    """
    folder, name = posixpath.split(path)
    stem = posixpath.splitext(name)[0]
    if stem in ("index", "README"):
        return posixpath.join(folder, "index.html")
    if not directory_urls or path == "404.md":
        return posixpath.join(folder, stem + ".html")
    return posixpath.join(folder, stem, "index.html")


def url_of(path: str, directory_urls: bool) -> str:
    """Return the URL of a page; with directory URLs it ends in a slash or is empty."""
    output = output_of(path, directory_urls)
    if directory_urls:
        output = output.removesuffix("index.html")
    return quote(output)


def url_of_output(output: str) -> str:
    """Return the URL of an output file, without the name of an index page."""
    folder, name = posixpath.split(output)
    return quote(folder + "/" if folder and name == "index.html" else "" if name == "index.html" else output)


def markdown_of(output: str) -> str:
    """Return the file for the Markdown of a page, beside its HTML: `a/index.html` -> `a/index.md`."""
    return output.removesuffix(".html") + ".md"


def alias_output(alias: str, directory_urls: bool) -> str:
    """Return the output file for an old address (`/old/`, `old.html`, `old.md`), or nothing if it leads elsewhere."""
    path = unquote(alias.split("#")[0].split("?")[0]).lstrip("/")
    if "://" in alias or alias.startswith("//") or ".." in path.split("/") or not path:
        return ""
    path = posixpath.normpath(path)
    if path.endswith(".md"):
        return output_of(path, directory_urls)
    if path.endswith((".html", ".htm")):
        return path
    return posixpath.join(path, "index.html")


def relative(url: str, start: str) -> str:
    """Return the way from the URL `start` to another."""
    above = start.split("/")
    there = url.split("/")
    most = min(len(above), len(there)) - 1
    shared = 0
    while shared < most and above[shared] == there[shared]:
        shared += 1
    found = "../" * (len(above) - 1 - shared) + "/".join(there[shared:])
    # an empty way says "this folder", and a colon in the first part would be read as a scheme
    return found if found and ":" not in found.split("/", 1)[0] else f"./{found}"


class Start:
    """A URL from which many ways lead, as from a page to all that its navigation shows."""

    def __init__(self, url: str) -> None:
        """Share what is found out with other pages: those beside this one have the same ways to all outside of it."""
        self.url = url
        self.folder = url[: url.rfind("/") + 1]
        depth = self.folder.count("/")
        self._inside = _ways(self.folder, depth)
        self._outside = _ways(self.folder[: self.folder.rfind("/", 0, -1) + 1], depth)

    def to(self, url: str) -> str:
        """Return what `relative` does for a URL of the site; an address elsewhere as it is."""
        ways = self._inside if url.startswith(self.folder) else self._outside
        way = ways.get(url)
        if way is None:
            way = ways[url] = url if ELSEWHERE.match(url) else relative(url, self.url)
        return way


@lru_cache(maxsize=256)
def _ways(folder: str, depth: int) -> dict[str, str]:
    """Return the ways that are known to what is in a folder, or around it, from so many folders down."""
    return {}
