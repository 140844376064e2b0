"""The tags of a repository -> the versions of a site, each built when somebody asks for it, and remembered by commit.

A version is checked out in a clone of its own, which borrows the objects of the repository: no branch, no index and no
file of the project is touched, and git knows in it when pages were changed. `git archive` would be less, and would
leave out what `.gitattributes` keeps from releases, as it often does with documentation. Versions are built one after
another in the same clone, so that pages which two of them share are converted once, and each in a process of its own,
since two of them may have different Python modules of the same name.
"""

import asyncio
import os
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from ssg.build import Builder
from ssg.config import Loaded, load
from ssg.config.file import FILE_NAMES
from ssg.deploy.versions import Version, Versions, check_name
from ssg.engine.digest import digest_of
from ssg.engine.publish import PRIVATE
from ssg.errors import DeployError, SsgError
from ssg.git import GitError, Repository
from ssg.model import Diagnostic, Severity
from ssg.options import Options
from ssg.pipeline.edition import Edition
from ssg.salt import salt

if TYPE_CHECKING:
    from ssg.cli import Output

WORK = "dev"
"""The folder of the version that is being written, as it is usual with mike."""
CLONE = ".ssg/versions"
"""Where versions are checked out and built, relative to the project."""
SITES = ".ssg/sites"
"""Where the sites are, relative to the project in the clone."""
NOWHERE = "http://localhost/"
"""The address of a site that does not say where it will be."""
_QUIETLY = {
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "core.hooksPath",
    "GIT_CONFIG_VALUE_0": os.devnull,
    "GIT_CONFIG_KEY_1": "advice.detachedHead",
    "GIT_CONFIG_VALUE_1": "false",
}
"""What others have git do at a checkout is not for these."""
_RELEASE = re.compile(r"v?\d")
_TAGS = "--format=%(refname:lstrip=2)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)"


class Tagged(NamedTuple):
    """The commit that a version is made from, and the configuration file in it, from the top of the repository."""

    commit: str
    config: str


class Job(NamedTuple):
    """What another process is told of a version to build."""

    config: Path
    site_url: str
    folder: str
    """Where to, relative to the project."""
    edition: Edition
    jobs: int


class Editions:
    """The versions of a site beside the one that is being written."""

    def __init__(self, loaded: Loaded, jobs: int, output: "Output") -> None:
        """Look at the tags.

        Raises:
            GitError: When the project is in no repository, or git is not there.
        """
        self.repository = Repository(loaded.root)
        self.address = loaded.config.site_url or NOWHERE
        """Of the site, below which the versions are."""
        self._loaded = loaded
        self._jobs = jobs
        self._output = output
        prefix = self.repository.run("rev-parse", "--show-prefix")
        names = dict.fromkeys((loaded.file.name, *FILE_NAMES))
        self._configs = [os.path.normpath(prefix + name).replace(os.sep, "/") for name in names]
        self._clone = loaded.root / CLONE
        self._turn = asyncio.Lock()
        self._building: dict[Path, asyncio.Task[Path]] = {}
        self.tags: dict[str, Tagged] = {}
        self.all = Versions()
        self.look()

    def look(self) -> None:
        """Look at the tags as they are now."""
        self.tags = self._tagged()
        found = Versions((Version(version=WORK, title=WORK),))
        for name in self.tags:
            found = found.add(name, "", ())
        latest = found.latest()
        version = self._loaded.config.extra.get("version")
        default = version.get("default") if isinstance(version, dict) else None
        wanted = ["latest", *(default if isinstance(default, list) else [default])]
        taken = found.names()
        for alias in wanted:
            with suppress(DeployError):  # it is no name that a folder can have
                if latest and isinstance(alias, str) and alias not in taken:
                    found = found.add(latest, "", (alias,))
        self.all = found

    def _tagged(self) -> dict[str, Tagged]:
        """Return the tags that are named as versions are, and have a site of this project, by their names."""
        commits: dict[str, str] = {}
        for line in self.repository.run("for-each-ref", _TAGS, "refs/tags").splitlines():
            name, kind, commit, inner_kind, inner = line.split("\0")
            with suppress(DeployError):
                check_name(name, "a version")
                if _RELEASE.match(name) and "commit" in (kind, inner_kind):
                    commits[name] = inner or commit
        asked = [(name, config) for name in commits for config in self._configs]
        given = "".join(f"{commits[name]}:{config}\n" for name, config in asked).encode()
        kinds = (
            self.repository.run("cat-file", "--batch-check=%(objecttype)", given=given).splitlines() if given else []
        )
        found: dict[str, Tagged] = {}
        for (name, config), kind in zip(asked, kinds, strict=True):
            if kind == "blob":
                found.setdefault(name, Tagged(commits[name], config))
        return found

    def placed(self, reload: Callable[[], Loaded]) -> Callable[[], Loaded]:
        """Return what reads the configuration of the version that is being written, in its place beside others."""

        def read() -> Loaded:
            loaded = reload()
            url = f"{loaded.config.site_url or self.address}{WORK}/"
            return replace(loaded, config=replace(loaded.config, site_url=url))

        return read

    def edition(self, name: str) -> Edition:
        """Return what the pages of a version have to know of the others."""
        one, latest = self.all.find(name), self.all.latest()
        if not latest:
            return Edition(version=name)
        newest = self.all.find(latest).version
        order = [other.version for other in self.all.ordered()]
        return Edition(
            version=name,
            aliases=one.aliases,
            latest=latest,
            outdated=order.index(name) > order.index(newest),
            latest_url=f"{self.address}{latest}/",
        )

    async def site(self, name: str) -> Path:
        """Return the folder with the site of a version, which is built if it was not yet.

        Raises:
            SsgError: When it cannot be built.
        """
        folder = self._folder(name)
        if folder.is_dir():
            return folder
        if folder not in self._building:
            task = asyncio.create_task(self._make(name, folder))
            self._building[folder] = task
            task.add_done_callback(lambda _: self._building.pop(folder, None))
        return await asyncio.shield(self._building[folder])

    def _folder(self, name: str) -> Path:
        """Return where the site of a version is. All that goes into it is in the folder's name."""
        tagged = self.tags[name]
        key = digest_of([*tagged, self.address, self.edition(name), salt()]).hex()
        return (self._clone / tagged.config).parent / SITES / key

    async def _make(self, name: str, folder: Path) -> Path:
        tagged, edition = self.tags[name], self.edition(name)
        async with self._turn:
            self._output.event("version", f"building {name} …", version=name, commit=tagged.commit)
            await asyncio.to_thread(check_out, self.repository, self._clone, tagged.commit)
            new = folder.with_name(f"{folder.name}.new")
            job = Job(self._clone / tagged.config, f"{self.address}{name}/", f"{SITES}/{new.name}", edition, self._jobs)
            with ProcessPoolExecutor(1, get_context("spawn")) as process:
                errors = await asyncio.get_running_loop().run_in_executor(process, build, job)
            if errors:
                self._output.diagnostics(errors, self._clone)
                raise SsgError(f"version {name} cannot be built: {errors[0].message}", diagnostics=errors)
            # Another server may have taken the clone to another commit meanwhile.
            if Repository(self._clone).commit("HEAD") != tagged.commit:
                raise GitError(f"version {name} was not built: somebody else builds versions", hint="try again")
            await asyncio.to_thread(self._put, new, folder)
            self._output.event("version", f"built {name}", version=name, commit=tagged.commit)
            return folder

    def _put(self, new: Path, folder: Path) -> None:
        """Have a site in its place, and forget those that are of no version as it is now."""
        shutil.rmtree(new / PRIVATE, ignore_errors=True)
        new.rename(folder)
        kept = {self._folder(name) for name in self.tags}
        for one in folder.parent.iterdir():
            if one not in kept:
                shutil.rmtree(one, ignore_errors=True)


def check_out(repository: Repository, clone: Path, commit: str) -> None:
    """Have a commit of a repository in the work tree of a clone that borrows its objects.

    Raises:
        GitError: When git cannot make the clone, or the commit is not there.
    """
    if repository.attempt("-C", str(clone), "rev-parse", "--resolve-git-dir", ".git").returncode:
        shutil.rmtree(clone, ignore_errors=True)
        options = ("--quiet", "--shared", "--no-checkout", "--no-tags", "--template=")
        repository.run("clone", *options, "--", str(repository.top), str(clone), environment=_QUIETLY)
    Repository(clone).run("checkout", "--quiet", "--force", "--detach", commit, environment=_QUIETLY)


def build(job: Job) -> tuple[Diagnostic, ...]:
    """Build a version, in a process of its own; return what keeps it from being shown."""
    try:
        loaded = load(job.config, cwd=job.config.parent)
        # as it would be published: what is wrong with a page of long ago keeps nobody from reading the others
        config = replace(loaded.config, site_url=job.site_url, site_dir=job.folder)
        options = Options(jobs=job.jobs, adopt=True, forgive=True, edition=job.edition)
        builder = Builder(replace(loaded, config=config), options)
        try:
            result = builder.build()
        finally:
            builder.close()
    except SsgError as error:
        return error.diagnostics
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        return (Diagnostic(severity=Severity.ERROR, code="internal", message=message),)
    return () if result.published else result.diagnostics
