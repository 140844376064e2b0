"""Project: a generator's own copy of the pages, to be built, edited and looked at."""

import os
import re
import tempfile
from pathlib import Path

from measure import Cost, run
from tools import Tool

_TAIL = 12
_COLOUR = re.compile(r"\x1b\[[\d;]*m")


class BuildError(Exception):
    """A build that failed, took too long, or gave something else than the site."""


class Project:
    """A folder that one generator builds."""

    def __init__(self, tool: Tool, program: tuple[str, ...], corpus: Path, folder: Path) -> None:
        self.tool = tool
        self._folder = folder
        self._command = (*program, *tool.arguments)
        self._pages = sorted(path.relative_to(corpus).as_posix() for path in corpus.rglob("*.md"))
        plain = [page for page in self._pages if not page.endswith("index.md")] or self._pages
        self._edited = plain[len(plain) // 3]
        tool.lay_out(corpus, folder)
        self._unedited = self._source().read_text(encoding="utf-8")

    def clean(self) -> None:
        """Take away what earlier builds have left.

        It is moved, and not deleted: for a minute after thousands of files are deleted, ext4 looks past each of their
        inodes whenever a new file is made.
        """
        for name in (self.tool.output, *self.tool.caches):
            path = self._folder / name
            if path.exists():
                path.rename(Path(tempfile.mkdtemp(dir=self._folder.parent)) / path.name)

    def build(self, timeout: float, *, weigh: bool = False) -> Cost:
        """Build the site and say what that took; raise BuildError when it fails."""
        log = self._folder.with_suffix(".log")
        os.sync()  # what was written or deleted before is not this build's work
        cost = run(self._command, self._folder, self.tool.variables(), log, timeout, weigh=weigh)
        if cost.wall >= timeout:
            raise BuildError(f"not done after {timeout:.0f} seconds\n{self._tail(log)}")
        if cost.exit_code:
            raise BuildError(f"exit code {cost.exit_code}\n{self._tail(log)}")
        return cost

    def edit(self, sentence: str) -> None:
        """End one page with this sentence."""
        self._source().write_text(f"{self._unedited}\n{sentence}\n", encoding="utf-8")

    def check_edit(self, sentence: str) -> None:
        """Raise BuildError unless the sentence is in the output."""
        if sentence not in self._html(self._edited).read_text(encoding="utf-8"):
            raise BuildError(f"the edit of {self._edited} is not in the output")

    def check_pages(self) -> float:
        """Mean size of a page's HTML in bytes; raise BuildError unless all pages are in the output."""
        missing = [page for page in self._pages if not self._html(page).is_file()]
        if missing:
            raise BuildError(f"{len(missing)} of {len(self._pages)} pages are not in the output; one is {missing[0]}")
        return sum(self._html(page).stat().st_size for page in self._pages) / len(self._pages)

    def _source(self) -> Path:
        return self._folder / self.tool.source(self._edited)

    def _html(self, page: str) -> Path:
        return self._folder / self.tool.html(page)

    def _tail(self, log: Path) -> str:
        lines = _COLOUR.sub("", log.read_text(encoding="utf-8", errors="replace")).strip().splitlines()
        return "\n".join(lines[-_TAIL:])
