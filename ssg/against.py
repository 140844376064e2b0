"""The site as it was published -> the pages that are gone from it, without a redirect in their place."""

import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ssg.errors import UsageError
from ssg.git import GitError, Repository
from ssg.model import Diagnostic, Severity

TIMEOUT_S = 20
LARGEST = 50 * 2**20
"""The size of the largest sitemap that the format allows: https://www.sitemaps.org/protocol.html."""
_NOT_PAGES = ("404.html", "preview/", ".ssg/", ".git/")


def gone(where: str, outputs: Iterable[str], root: Path, agent: str) -> tuple[Diagnostic, ...]:
    """Return a warning for each page that was published and is not among the files of the site.

    Args:
        where: The address of the site, a folder, or what git knows: a branch, `origin/gh-pages`, or a folder of one,
            such as `origin/gh-pages:2.1`.
        outputs: The files of the site as it is now.
        root: The folder of the project.
        agent: What to call ourselves.

    Raises:
        UsageError: When there is no such place.
    """
    there = set(outputs)
    old = _of_address(where, agent) if "://" in where else _of_folder(where, root) or _of_git(where, root)
    lost = [page for page in old if page and not there & _files(page) and not page.startswith(_NOT_PAGES)]
    hint = "name its address under `aliases` in the front matter of the page that has its content now"
    return tuple(
        Diagnostic(
            severity=Severity.WARNING,
            code="page-gone",
            message=f"the page '{page.removesuffix('index.html')}' is published, and leads nowhere now",
            hint=hint,
        )
        for page in sorted(set(lost))
    )


def _files(page: str) -> set[str]:
    """Return the files that a host may show at the address of a page."""
    if page.endswith("/"):
        return {f"{page}index.html"}
    return {page, f"{page}.html", f"{page}/index.html"}


def _of_address(where: str, agent: str) -> list[str]:
    base = where.removesuffix("sitemap.xml").rstrip("/") + "/"
    if urlsplit(base).scheme not in ("http", "https"):
        raise UsageError(f"'{where}' is not an address of the web")
    request = urllib.request.Request(f"{base}sitemap.xml", headers={"User-Agent": agent})  # noqa: S310 - looked at above
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310
            text = response.read(LARGEST)
        if b"<!DOCTYPE" in text:  # a sitemap has none, and entities could grow without end
            raise UsageError(f"{base}sitemap.xml is no sitemap")
        tree = ET.fromstring(text)  # noqa: S314 - see above
    except (OSError, ET.ParseError, ValueError) as error:
        hint = "name a folder, or a branch such as origin/gh-pages, instead"
        raise UsageError(f"cannot read {base}sitemap.xml: {error}", hint=hint) from error
    path = urlsplit(base).path
    pages = [urlsplit(one.text or "").path for one in tree.iter() if one.tag.rpartition("}")[2] == "loc"]
    return [unquote(page.removeprefix(path)) for page in pages if page.startswith(path)]


def _of_folder(where: str, root: Path) -> list[str]:
    folder = root / where
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*.html")] if folder.is_dir() else []


def _of_git(where: str, root: Path) -> list[str]:
    try:
        repository = Repository(root)
        done = repository.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{where}")
        listed = repository.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", done)
    except GitError as error:
        message = f"'{where}' is no address, no folder with pages, and nothing that git knows"
        raise UsageError(message, hint="a branch of a remote is named as in origin/gh-pages") from error
    return [path for path in listed.split("\0") if path.endswith(".html")]
