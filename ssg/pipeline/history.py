"""The git repository around a project -> when each page was last changed, and by whom: one `git log` for all pages.

The step reads what says which commit is checked out, so it is run again when that changes, and not otherwise. What a
commit holds never changes. Changes that are not committed do not count, so a clone of the same commit gives the same.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from ssg.engine.memo import Stage
from ssg.engine.reader import Reader
from ssg.errors import SsgError
from ssg.git import Repository
from ssg.model import Diagnostic, PageHistory, Severity

_FORMAT = "%x01%H%x02%ct%x02%aN%x02%(trailers:key=Co-authored-by,valueonly,separator=%x03)%x02"
# no setting of a person or a machine may change what comes out
_COMMAND = (
    *("-c", "log.showSignature=false", "-c", "log.showRoot=true", "-c", "log.follow=false"),
    *("-c", "diff.renameLimit=2000", "-c", "core.quotePath=false"),
    *("-c", "log.diffMerges=off", "-c", "mailmap.file=", "-c", "mailmap.blob="),
    *("log", "-z", "-M", "--name-status", "--no-ext-diff", "--no-color", "--encoding=UTF-8", f"--format={_FORMAT}"),
)
_BOT = re.compile(r"\[bot\]$")


class History(Struct, frozen=True, kw_only=True):
    """What is known of pages, by their paths in the content folder, and what should be told."""

    pages: dict[str, PageHistory]
    diagnostics: tuple[Diagnostic, ...] = ()


class _Commit(NamedTuple):
    name: str
    day: str
    authors: tuple[str, ...]
    changes: tuple[tuple[str, str, str], ...]
    """The status of each file, its path, and the path that it had before."""


class _Page:
    """What is found of a page, from its last change to its first."""

    def __init__(self) -> None:
        self.days: list[str] = []
        self.authors: Counter[str] = Counter()
        self.complete = True


def history(shared: str, argument: bool, reader: Reader) -> History:
    """Ask git, if `argument` says so. `shared` is the content folder."""
    if not argument:
        return History(pages={})
    head = _head(reader)
    if head is None:
        return History(pages={})
    boundary, mailmap = head
    reader.exists(mailmap)
    try:
        repository = Repository(reader.root)
        if not repository.commit("HEAD"):
            return History(pages={})
        prefix = repository.run("rev-parse", "--show-prefix")
        folder = posixpath.normpath(posixpath.join(prefix, shared))
        log = repository.run(*_COMMAND, "HEAD", "--", f":(top,literal){folder}" if folder != "." else ":(top)")
    except SsgError as error:
        message = f"git cannot say when pages were changed: {error}"
        told = Diagnostic(severity=Severity.NOTE, code="git-history", message=message, hint=error.diagnostics[0].hint)
        return History(pages={}, diagnostics=(told,))
    start = f"{folder}/" if folder != "." else ""
    found = _pages(_commits(log), boundary)
    pages = {
        path.removeprefix(start): PageHistory(
            updated=page.days[0],
            created=page.days[-1] if page.complete else "",
            authors=_by_number(page.authors) if page.complete else (),
        )
        for path, page in sorted(found.items())
        if page.days and path.startswith(start)
    }
    told = Diagnostic(
        severity=Severity.NOTE,
        code="git-shallow",
        message="only the last commits are here: pages that were changed before have no date, and no authors",
        hint="fetch the others with `git fetch --unshallow`; in a workflow, give actions/checkout `fetch-depth: 0`",
    )
    return History(pages=pages, diagnostics=(told,) if boundary else ())


HISTORY = Stage("history", history, str, bool, History)


def _head(reader: Reader) -> tuple[frozenset[str], str] | None:
    """Read what says which commit is checked out; return the commits before which nothing is there, and `.mailmap`.

    Layout: https://git-scm.com/docs/gitrepository-layout. None: there is no repository.
    """
    for level in range(len(reader.root.parts)):
        above = "../" * level
        folder = f"{above}.git"
        try:  # in a work tree beside the repository, a file says where that is
            text = reader.read_text(folder)
            named = text.removeprefix("gitdir:").strip()
            folder = posixpath.normpath(posixpath.join(above, named)) if not Path(named).is_absolute() else named
        except (OSError, UnicodeDecodeError):
            pass
        head = _text(reader, f"{folder}/HEAD")
        if not head:
            continue
        common = _text(reader, f"{folder}/commondir")
        shared = posixpath.normpath(posixpath.join(folder, common)) if common else folder
        ref = head.removeprefix("ref:").strip()
        if head.startswith("ref:") and not _text(reader, f"{shared}/{ref}"):
            reader.exists(f"{shared}/packed-refs")
            reader.exists(f"{folder}/reftable/tables.list")
        return frozenset(_text(reader, f"{shared}/shallow").split()), f"{above}.mailmap"
    return None


def _text(reader: Reader, path: str) -> str:
    try:
        return reader.read_text(path).strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _commits(log: str) -> Iterator[_Commit]:
    """Read what `git log -z --name-status` prints, the newest commit first."""
    name, day = "", ""
    authors: tuple[str, ...] = ()
    changes: list[tuple[str, str, str]] = []
    words = iter(log.split("\0"))
    for word in words:
        word = word.lstrip("\n")
        if word.startswith("\x01"):
            if name:
                yield _Commit(name, day, authors, tuple(changes))
            name, time, author, others, _ = word[1:].split("\x02", 4)
            day = datetime.fromtimestamp(int(time), UTC).date().isoformat()
            named = [author, *(other.partition("<")[0] for other in others.split("\x03"))]
            authors = tuple(dict.fromkeys(one.strip() for one in named if one.strip()))
            changes = []
        elif word[:1] in ("R", "C"):
            before = next(words, "")
            changes.append((word, next(words, ""), before))
        elif word:
            changes.append((word, next(words, ""), ""))
    if name:
        yield _Commit(name, day, authors, tuple(changes))


def _pages(commits: Iterator[_Commit], boundary: frozenset[str]) -> dict[str, _Page]:
    """Go back in time. A page that was moved is followed to where it was; moving alone is no change of it."""
    found: dict[str, _Page] = {}
    now: dict[str, str] = {}
    for commit in commits:
        for status, path, before in commit.changes:
            page = now.get(path, path)
            if status.startswith("R"):
                now[before] = page
            if status in ("D", "R100"):
                continue
            facts = found.setdefault(page, _Page())
            if commit.name in boundary:
                facts.complete = False  # this commit seems to add all files, and may have changed none
                continue
            facts.days.append(commit.day)
            facts.authors.update(one for one in commit.authors if not _BOT.search(one))
    return found


def _by_number(authors: Counter[str]) -> tuple[str, ...]:
    """Return who changed a page most first."""
    return tuple(sorted(authors, key=lambda name: (-authors[name], name)))
