"""What is asked of a build, and what it did."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ssg.engine.pool import Progress
from ssg.model import Diagnostic, Severity
from ssg.pipeline.edition import Edition


@dataclass(frozen=True)
class Options:
    """What the command line says of a build.

    `write` is off for `ssg check`, `drafts` on for `ssg serve`. `adopt` takes over an output folder that holds files of
    others. Without `remember` there is no cache file. With `forgive` the site is published in spite of errors, and a
    file that could not be made stays as it was: a writer wants to see all else, and the page that has a broken link.
    With `pdf` a browser makes a PDF of the page of the whole site. With `collect` the result has the HTML of all pages
    by their paths, and the paths of all files. `edition` says which of several copies of the site this is.
    """

    jobs: int = 1
    strict: bool = False
    drafts: bool = False
    write: bool = True
    adopt: bool = False
    forgive: bool = False
    remember: bool = True
    collect: bool = False
    pdf: bool = False
    edition: Edition = field(default_factory=Edition)
    progress: Progress | None = None
    pause: Callable[[], object] | None = None
    """Called again and again; the dev server holds a build up for a page that somebody waits for."""


@dataclass(frozen=True)
class Result:
    """What a build did. `published` says that the output folder now holds the site; otherwise it is as it was."""

    pages: int
    parsed: int
    rendered: int
    diagnostics: tuple[Diagnostic, ...]
    changed: int = 0
    """How many files of the output folder were written or deleted."""
    published: bool = False
    shown: tuple[str, ...] = ()
    """Which of these, but for the data that plugins emit."""
    seconds: float = 0.0
    bodies: tuple[tuple[str, str], ...] = ()
    outputs: tuple[str, ...] = ()

    @property
    def remembered(self) -> int:
        """How many pages were not rendered again."""
        return self.pages - self.rendered

    def summary(self) -> dict[str, object]:
        """Return what programs are told besides the diagnostics."""
        return {
            "published": self.published,
            "pages": self.pages,
            "parsed": self.parsed,
            "rendered": self.rendered,
            "changed": self.changed,
            "seconds": round(self.seconds, 3),
        }

    def count(self, severity: Severity) -> int:
        """Return how many diagnostics are this severe."""
        return sum(one.severity is severity for one in self.diagnostics)

    def failed(self, strict: bool) -> bool:
        """Say whether the site has problems that keep it from being published."""
        return self.count(Severity.ERROR) > 0 or (strict and self.count(Severity.WARNING) > 0)
