"""A configuration, read again for each build -> the site as it is now, or as it was last without errors.

The site is built into a folder of its own, never into the user's. A page that was edited is made by itself first, and
shown from memory until the build that follows has written it.
"""

import asyncio
import gc
import multiprocessing
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, unquote, urlsplit

from msgspec.structs import replace

from ssg.build import Builder, Insight
from ssg.config import Loaded, SiteConfig
from ssg.engine.pool import Progress
from ssg.engine.publish import MANIFEST, PRIVATE
from ssg.errors import SsgError
from ssg.model import Diagnostic, Severity
from ssg.options import Options, Result
from ssg.pipeline.edition import Edition
from ssg.progress import progress
from ssg.serve.code import forget
from ssg.serve.lookup import find, read
from ssg.serve.page import anchor, learn
from ssg.serve.pages import Pages
from ssg.serve.sources import code, watched
from ssg.urls import url_of_output

if TYPE_CHECKING:
    from ssg.cli import Output

R = TypeVar("R")

FOLDER = ".ssg/serve"
"""Where the site is built, relative to the project."""
GRACE_S = 0.4
"""How long a build, and a page, that are being made may take to end when the server ends."""
FIRST_S = 0.25
"""The first build waits so long for somebody to ask for a page, which is then made before."""


@dataclass(frozen=True)
class Fresh:
    """A page that was made by itself. `number` counts them, so that a build knows which it has seen."""

    html: bytes
    number: int


@dataclass(frozen=True)
class News:
    """What has changed: files that browsers may show, and whether other things are wrong than before."""

    outputs: frozenset[str] = frozenset()
    problems: bool = False


class LiveSite:
    """The site as it is shown."""

    def __init__(
        self,
        reload: Callable[[], Loaded],
        loaded: Loaded,
        pages: Pages,
        jobs: int,
        output: "Output",
        edition: Edition = Edition(),  # noqa: B008 - it is frozen
    ) -> None:
        """Build with the configuration that `reload` gives at the time; `loaded` is what it gave first."""
        self.root = loaded.root
        self.folder = loaded.root / FOLDER
        self.base = base(loaded)
        self.version = now()
        self.diagnostics: tuple[Diagnostic, ...] = ()
        self.watched = watched(loaded, None)
        self.seconds = 0.0
        """How long the last build took."""
        self.fresh: dict[str, Fresh] = {}
        self.edited = ""
        """The address of the page that was edited last, with the heading."""
        self.built = asyncio.Event()
        """Set when the first build is done, whatever came of it."""
        self._reload = reload
        self._loaded = loaded
        self._jobs = jobs
        self._output = output
        self._edition = edition
        self._tell: Progress | None = None
        self._builder: Builder | None = None
        self._insight: Insight | None = None
        """Of the last build that came to its end."""
        self._count = 0
        self._served: set[str] = set()
        self._asked = asyncio.Event()
        self._code_changed = False
        # One thread for all builds, because SQLite's objects belong to the thread that made them.
        self._builds = ThreadPoolExecutor(1, "build")
        self.pages = pages

    @property
    def ready(self) -> bool:
        """Say whether there is a site to show."""
        return (self.folder / PRIVATE / MANIFEST).is_file()

    def url(self, output: str) -> str:
        """Return the address of a file of the site, from the root of the host."""
        return quote(self.base) + url_of_output(output)

    def read(self, output: str) -> bytes | None:
        """Return what a file of the site holds, or None if there is none."""
        fresh = self.fresh.get(output)
        return fresh.html if fresh is not None else read(find(self.folder, output))

    @property
    def code(self) -> frozenset[Path]:
        """The project's own Python files, as far as a build has found out."""
        return frozenset() if self._insight is None else code(self._insight, self.root)

    def code_changed(self) -> None:
        """Have the next build load the project's own Python files anew."""
        self._code_changed = True

    # -- single pages -------------------------------------------------------------------------------------------------

    async def show(self, paths: Iterable[str]) -> News:
        """Make pages by themselves, and show those that come out otherwise."""
        shown, wrong = [], False
        for path in paths:
            made = await self.pages.make(path)
            if made is None or made.html is None:
                wrong = True
                continue
            before = self.read(made.output)
            if before != made.html:
                self._show(made.output, made.html)
                shown.append(made.output)
                self.edited = self.url(made.output) + anchor(before or b"", made.html)
        if shown:
            self.version = now()
        return News(frozenset(shown), wrong)

    async def find(self, outputs: Sequence[str]) -> tuple[str, bytes] | None:
        """Return the first of these files that there is, and what it holds."""
        for output in outputs if not self.built.is_set() else ():
            data = await self._early(output)
            if data is not None:
                return output, data
        await self.built.wait()
        return next(((one, data) for one in outputs if (data := self.read(one)) is not None), None)

    async def _early(self, output: str) -> bytes | None:
        """Return a file of the site before the first build is done; None: that is not known yet."""
        self._served.add(output)
        if output not in self.fresh:
            if self.ready and not self._is_older(output):
                return self.read(output)
            html = await self.pages.early(output)
            self._asked.set()
            if html is None or self.built.is_set():
                return self.read(output) if self.built.is_set() else html
            if output.endswith(".html"):
                self._show(output, html)
            return html
        return self.fresh[output].html

    def _show(self, output: str, html: bytes) -> None:
        self._count += 1
        self.fresh[output] = Fresh(html, self._count)

    def _is_older(self, output: str) -> bool:
        """Say whether a page was edited since it was built."""
        content = self.root / self._loaded.config.docs_dir
        stem = output.removesuffix("/index.html") if output.endswith("/index.html") else output.removesuffix(".html")
        built = (self.folder / PRIVATE / MANIFEST).stat().st_mtime_ns
        for name in (f"{stem}.md", f"{stem}/index.md", f"{stem}/README.md"):
            with suppress(OSError):
                if (content / name).stat().st_mtime_ns > built:
                    return True
        return find(self.folder, output) is None

    # -- all of it ----------------------------------------------------------------------------------------------------

    async def begin(self) -> News:
        """Build for the first time, as soon as a page that somebody waits for was made."""
        if not self.ready:
            await self.pages.look()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._asked.wait(), FIRST_S)
        await self.pages.settle()
        news = await self.build()
        self.built.set()
        # What is there now mostly stays: looking through it for garbage would hold everything up, again and again.
        gc.collect()
        gc.freeze()
        return news

    async def build(self) -> News:
        """Build all, and tell what was wrong if that is news; return what there is to be shown."""
        before, counted = self.diagnostics, self._count
        result: Result | None = None
        try:
            result = await self._in_thread(self._build)
            self.diagnostics, self.seconds = result.diagnostics, result.seconds
        except SsgError as error:
            self.diagnostics = error.diagnostics
        except OSError as error:
            self.diagnostics = (problem("machine", error.strerror or str(error), str(error.filename or "")),)
        except Exception as error:  # a mistake of ours must not end the server either
            if self._output.debug:
                traceback.print_exc()
            self.diagnostics = (problem("internal", f"{type(error).__name__}: {error}", ""),)
        self._report(result, before)
        news = set(self.diagnostics) != set(before)
        if result is None or not result.published:
            return News(problems=news)
        outputs = set(result.shown)
        for name, fresh in list(self.fresh.items()):
            if fresh.number > counted:
                outputs.discard(name)  # newer than what was built: shown already
            else:
                del self.fresh[name]
                if self.read(name) == fresh.html:
                    outputs.discard(name)
                else:
                    outputs.add(name)
        if not self.built.is_set():
            outputs &= self._served
            self._served.clear()
        if outputs:
            self.version = now()
        return News(frozenset(outputs), news)

    def _report(self, result: Result | None, before: tuple[Diagnostic, ...]) -> None:
        """Tell in the terminal what a build did, if that is news."""
        output, news = self._output, set(self.diagnostics) != set(before)
        if news:
            output.diagnostics(self.diagnostics, self.root)
        published = result is not None and result.published
        if result is None or not published:
            words = "not built: " + ("what is shown is the last good site" if self.ready else "see above")
            output.event("failed", words, self.diagnostics, self.root)
        elif result.changed or news or not self.built.is_set():
            errors = result.count(Severity.ERROR)
            wrong = f", {errors} error{'s'[: errors != 1]}" if errors else ""
            words = f"built: {result.pages} pages, {result.rendered} rendered{wrong}, {result.seconds:.2f} s"
            output.event("built", words, self.diagnostics, self.root, **result.summary())

    async def close(self) -> None:
        """End the threads and their processes, within a moment."""
        closing = self._in_thread(self._forget)
        end_processes()
        try:
            async with asyncio.timeout(GRACE_S):
                await closing
                await self.pages.close()
        except TimeoutError:
            # A build cannot be interrupted, but it can be killed at any time: the next one puts all right.
            end_processes()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)
        self._builds.shutdown(wait=False)

    # -- in the thread of builds --------------------------------------------------------------------------------------

    def _in_thread(self, function: Callable[[], R]) -> "asyncio.Future[R]":
        return asyncio.get_running_loop().run_in_executor(self._builds, function)

    def _build(self) -> Result:
        loaded = self._reload()
        self.watched = watched(loaded, self._insight)
        loaded = replace(loaded, config=as_served(loaded.config))
        if self._code_changed:
            self._code_changed = False
            self._forget()
            forget(self.root, self.code)
            self.pages.forget_code()
        if self._builder is not None and self._builder.config != loaded.config:
            self._forget()
        try:
            if self._builder is None:
                options = Options(
                    jobs=self._jobs,
                    drafts=True,
                    adopt=True,
                    forgive=True,
                    edition=self._edition,
                    progress=self._progress,
                    pause=self.pages.pause,
                )
                self._builder = Builder(loaded, options)
            self._builder.loaded = loaded  # the same settings, but they may stand on other lines
            with progress(shown=self._output.verbosity >= 0 and self._output.form == "text") as self._tell:
                result = self._builder.build()
            if self._builder.insight is not None:
                if self._insight is None and code(self._builder.insight, self.root):
                    self.pages.forget_code()  # it was loaded before it was watched
                self._insight = self._builder.insight
                self.watched = watched(loaded, self._insight)
                self.pages.learn(loaded, learn(self.pages.known, loaded.root, self._builder))
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


def as_served(config: SiteConfig) -> SiteConfig:
    """Return what a site is built with for its server: names of files stay, so that a changed style can be swapped."""
    return replace(config, site_dir=FOLDER, hashed_assets=False, minify=False, offline=False)
