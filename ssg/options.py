"""The command line -> what it says of a build."""

from dataclasses import dataclass, field

from ssg.engine.pool import Progress
from ssg.pipeline.edition import Edition


@dataclass(frozen=True)
class Options:
    """What the command line says of a build.

    `write` is off for `ssg check`, `drafts` on for `ssg serve`. `adopt` takes over an output folder that holds files of
    others. Without `remember` there is no cache file. With `forgive` the site is published in spite of errors, as long
    as every page could be made: a writer wants to see the page that has a broken link. With `collect` the result has
    the HTML of all pages by their paths, and the paths of all files. `edition` says which of several copies of the site
    this is.
    """

    jobs: int = 1
    strict: bool = False
    drafts: bool = False
    write: bool = True
    adopt: bool = False
    forgive: bool = False
    remember: bool = True
    collect: bool = False
    edition: Edition = field(default_factory=Edition)
    progress: Progress | None = None
