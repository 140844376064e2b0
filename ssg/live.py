"""A configuration, read again for each build -> the site as it was last built without errors.

The site is built into a folder of its own, never into the user's.
"""

import asyncio
import multiprocessing
import os
import posixpath
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from msgspec.structs import replace

from ssg.build import Builder
from ssg.config import Loaded
from ssg.engine.pool import Progress
from ssg.engine.publish import MANIFEST, PRIVATE
from ssg.engine.tree import locate
from ssg.errors import SsgError
from ssg.model import Diagnostic, Severity
from ssg.options import Options, Result
from ssg.progress import progress
from ssg.theme import find_theme

if TYPE_CHECKING:
    from ssg.cli import Output

FOLDER = ".ssg/serve"
"""Where the site is built, relative to the project."""
GRACE_S = 0.5
"""How long a build that runs may take to end when the server ends."""


class LiveSite:
    """The site as it was last built without errors."""

    def __init__(self, reload: Callable[[], Loaded], loaded: Loaded, jobs: int, output: "Output") -> None:
        """Build with the configuration that `reload` gives at the time; `loaded` is what it gave first."""
        self.root = loaded.root
        self.folder = loaded.root / FOLDER
        self.base = base(loaded)
        self.version = now()
        self.diagnostics: tuple[Diagnostic, ...] = ()
        self.watched = watched(loaded)
        self._reload = reload
        self._jobs = jobs
        self._output = output
        self._tell: Progress | None = None
        self._builder: Builder | None = None
        # One thread for all builds, because SQLite's objects belong to the thread that made them.
        self._thread = ThreadPoolExecutor(1, "build")

    @property
    def ready(self) -> bool:
        """Say whether there is a site to show."""
        return (self.folder / PRIVATE / MANIFEST).is_file()

    async def build(self) -> bool:
        """Build, and tell what was wrong if that is news; return whether there is something new to show."""
        before = self.diagnostics
        result: Result | None = None
        try:
            result = await self._run(self._build)
            self.diagnostics = result.diagnostics
        except SsgError as error:
            self.diagnostics = error.diagnostics
        except OSError as error:
            self.diagnostics = (problem("machine", error.strerror or str(error), str(error.filename or "")),)
        except Exception as error:  # a mistake of ours must not end the server either
            if self._output.debug:
                traceback.print_exc()
            self.diagnostics = (problem("internal", f"{type(error).__name__}: {error}", ""),)
        if self.diagnostics != before:
            self._output.diagnostics(self.diagnostics, self.root)
        if result is None or not result.published:
            self._output.say("not built: " + ("what is shown is the last good site" if self.ready else "see above"))
            return False
        if result.changed or before != self.diagnostics:
            errors = result.count(Severity.ERROR)
            wrong = f", {errors} error{'s'[: errors != 1]}" if errors else ""
            self._output.say(f"built: {result.pages} pages, {result.rendered} rendered{wrong}, {result.seconds:.2f} s")
        if result.changed:
            self.version = now()
        return result.changed > 0

    async def close(self) -> None:
        """End the thread and its processes, within a moment."""
        closing = self._run(self._forget)
        end_processes()
        try:
            await asyncio.wait_for(closing, GRACE_S)
        except TimeoutError:
            # A build cannot be interrupted, but it can be killed at any time: the next one puts all right.
            end_processes()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)
        self._thread.shutdown(wait=False)

    # -- in the thread ------------------------------------------------------------------------------------------------

    def _run(self, function: Callable[[], Any]) -> "asyncio.Future[Any]":
        return asyncio.get_running_loop().run_in_executor(self._thread, function)

    def _build(self) -> Result:
        loaded = self._reload()
        self.watched = watched(loaded)
        loaded = replace(loaded, config=replace(loaded.config, site_dir=FOLDER))
        if self._builder is not None and self._builder.config != loaded.config:
            self._forget()
        try:
            if self._builder is None:
                options = Options(jobs=self._jobs, drafts=True, adopt=True, forgive=True, progress=self._progress)
                self._builder = Builder(loaded, options)
            self._builder.loaded = loaded  # the same settings, but they may stand on other lines
            with progress(shown=self._output.verbosity >= 0 and self._output.form == "text") as self._tell:
                result = self._builder.build()
        except BaseException:
            self._forget()  # what it had begun to remember is dropped with it
            raise
        self.base = base(loaded)
        return result

    def _progress(self, name: str, done: int, total: int) -> None:
        if self._tell is not None:
            self._tell(name, done, total)

    def _forget(self) -> None:
        builder, self._builder = self._builder, None
        if builder is not None:
            builder.close()


def end_processes() -> None:
    """End the processes that build."""
    for process in multiprocessing.active_children():
        process.terminate()


def now() -> int:
    """Return a number that grows: a later site has a higher one, even if the server was started anew."""
    return time.time_ns() // 1_000_000


def problem(code: str, message: str, path: str) -> Diagnostic:
    """Return an error that is not about a place in a file."""
    return Diagnostic(severity=Severity.ERROR, code=code, message=message, path=path)


def base(loaded: Loaded) -> str:
    """Return the path that the site has on its host, such as `/` or `/project/`."""
    return f"/{unquote(urlsplit(loaded.config.site_url).path).strip('/')}/".replace("//", "/")


def watched(loaded: Loaded) -> tuple[frozenset[Path], frozenset[Path]]:
    """Return the files and folders that the site is made from, and those below them that do not count."""
    config, root = loaded.config, loaded.root
    theme = config.theme
    named = [config.docs_dir, theme.custom_dir, posixpath.join("themes", theme.name), *config.hooks, *config.watch]
    paths = [loaded.file, *loaded.inherited, *(root / name for name in named if name)]
    with suppress(SsgError):  # the build says that there is no such theme
        found, mounts, _ = find_theme(theme, root)
        paths += [locate(root, mounts, folder) for folder in found.folders]
    sources = [Path(os.path.normpath(path)) for path in paths]
    ignored = [root / PRIVATE, root / ".git", Path(os.path.normpath(root / config.site_dir))]
    # Where a link leads to is where things happen.
    return frozenset(sources) | {path.resolve() for path in sources}, frozenset(ignored)
