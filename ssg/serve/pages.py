"""Pages that are made by themselves, one at a time, in a thread of their own."""

import asyncio
import ctypes
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from ssg.config import Loaded
from ssg.engine.limit import Overtime
from ssg.serve.glimpse import Glimpse, glimpse
from ssg.serve.lookup import read
from ssg.serve.page import Known, Made, make
from ssg.serve.parser import LONGEST_S, Parser

R = TypeVar("R")

LONGEST_PAUSE_S = 0.5
"""A page that takes longer does not keep a build from going on."""
SOON_S = 0.03
"""So long after a page's file was changed it is being made, mostly."""


class Pages:
    """Makes pages from what is known of the site; before the first build, from a glimpse at it."""

    def __init__(self, loaded: Loaded, parser: Parser) -> None:
        """Make pages of the site of this configuration."""
        self.known: Known | None = None
        self._loaded = loaded
        self._glimpse: Glimpse | None = None
        self._settled = False
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, "page")
        self._parser = parser
        self._ready_for: tuple[Any, ...] = ()
        """The settings by which a page was made at least once."""
        self._stuck: asyncio.Future[Made | None] | None = None
        self._expected = 0.0
        self._idle = threading.Event()
        self._idle.set()

    def learn(self, loaded: Loaded, known: Known) -> None:
        """Go on from what a build found out."""
        self._loaded, self.known, self._glimpse = loaded, known, None

    def page_of(self, path: Path) -> str:
        """Return the path in the content folder of a page that the site has; for other files nothing."""
        if self.known is None:
            return ""
        content = os.path.normpath(self.known.root / self._loaded.config.docs_dir)
        for folder in (content, os.path.realpath(content)):
            if str(path).startswith(folder + os.sep):
                name = path.relative_to(folder).as_posix()
                return name if name in self.known.routes else ""
        return ""

    async def make(self, path: str) -> Made | None:
        """Make a page; None if there is no such page, or what is wrong with it is for the build to tell."""
        if self._stuck is not None and not self._stuck.done():
            return None
        made = asyncio.ensure_future(self._in_thread(self._make, path))
        done, _ = await asyncio.wait({made}, timeout=2 * LONGEST_S)
        if not done:
            self._give_up(made)
            return None
        return made.result()

    def _give_up(self, made: "asyncio.Future[Made | None]") -> None:
        """End what takes too long; until it has ended, no other page is made by itself."""
        self._stuck = made
        made.add_done_callback(lambda one: one.cancelled() or one.exception())
        for thread in self._thread._threads:
            interrupt(thread)
        self._thread.shutdown(wait=False)
        self._thread = ThreadPoolExecutor(1, "page")
        self._idle.set()

    async def early(self, output: str) -> bytes | None:
        """Return a file of the site before it is built; None if that is not known yet."""
        async with self._turn:
            return await self._in_thread(self._early, output)

    async def look(self) -> None:
        """Get a glimpse of the site."""
        async with self._turn:
            await self._in_thread(self._look)

    async def settle(self) -> None:
        """Wait for the pages that are under way; from now on plugins are loaded by builds alone."""
        async with self._turn:
            self._settled = True

    async def warm_up(self) -> None:
        """Load all that pages are made with, so that the first edit need not wait for that."""
        known = self.known
        if known is not None and self._ready_for != (known.parsing, known.rendering, known.templates):
            # not a page that somebody waits for: builds need not pause
            await asyncio.get_running_loop().run_in_executor(self._thread, self._try_out, known)

    def forget_code(self) -> None:
        """Make pages with the project's own Python as it is from now on."""
        self._parser.forget_code()
        self._ready_for = ()

    def expect(self) -> None:
        """Have builds pause until a page is made in a moment. May be called by any thread."""
        self._expected = time.monotonic() + SOON_S

    def pause(self) -> None:
        """Hold up a thread that makes no page while one is made."""
        if (left := self._expected - time.monotonic()) > 0:
            time.sleep(left)
        if not self._idle.is_set():
            self._idle.wait(LONGEST_PAUSE_S)

    async def close(self) -> None:
        """End the thread."""
        if self._stuck is not None:
            await asyncio.wait({self._stuck})
        self._thread.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._thread.shutdown)

    async def _in_thread(self, function: Callable[..., R], *arguments: Any) -> R:
        self._idle.clear()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)
        finally:
            self._idle.set()

    def _make(self, path: str) -> Made | None:
        known = self.known
        if known is None:
            return None
        try:
            made, found = make(known, path, self._parser.parse)
        except (Exception, Overtime):  # the build that follows tells what is wrong
            return None
        if found is not known and self.known is known:
            self.known = found
        return made

    def _try_out(self, known: Known) -> None:
        self._ready_for = (known.parsing, known.rendering, known.templates)
        with suppress(Exception, Overtime):  # the build tells what is wrong
            make(known, next(iter(known.routes)), self._parser.parse)

    def _look(self) -> None:
        if self.known is None and not self._settled:
            with suppress(Exception):  # likewise
                self._glimpse = glimpse(self._loaded)
                self.known = self._glimpse.known

    def _early(self, output: str) -> bytes | None:
        self._look()
        if self.known is None:
            return None
        route = self.known.by_output.get(output)
        if route is not None:
            made = self._make(route.path)
            return made.html if made is not None else None
        return read(self._glimpse.assets.get(output)) if self._glimpse is not None else None


def interrupt(thread: threading.Thread) -> None:
    """Have a thread raise Overtime at its next step.

    See https://docs.python.org/3/c-api/init.html#c.PyThreadState_SetAsyncExc; a long match of a regular expression ends
    first.
    """
    if thread.ident is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(Overtime))
