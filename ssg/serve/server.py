"""Sockets and a site -> answers to browsers, who are told of changes, until the process is interrupted."""

import asyncio
import errno
import logging
import signal
import threading
import time
import webbrowser
from collections.abc import Callable
from functools import partial
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tornado.httpserver import HTTPServer
from tornado.httputil import split_host_and_port
from tornado.netutil import bind_sockets
from tornado.web import Application

from ssg.config import Loaded
from ssg.pipeline.edition import Edition
from ssg.serve.changes import BURST_S, LONGEST_S, Changes
from ssg.serve.editions import WORK, Editions
from ssg.serve.files import Files
from ssg.serve.guard import is_loopback, own_names
from ssg.serve.pages import Pages
from ssg.serve.parser import Parser
from ssg.serve.problems import Problems, editor
from ssg.serve.reload import PREFIX, PROBLEMS, Client, Script, Socket, State
from ssg.serve.site import LiveSite, News
from ssg.serve.versions import VersionFiles
from ssg.serve.watcher import Watcher

if TYPE_CHECKING:
    from ssg.cli import Output
    from ssg.serve.start import Wishes

PORTS = 20
"""How many more ports are tried after the one that was asked for."""
AT_ONCE = 3
"""So many pages of a batch are made by themselves; more are left to the build."""


def run(
    reload: Callable[[], Loaded], loaded: Loaded, parser: Parser, jobs: int, wishes: "Wishes", output: "Output"
) -> None:
    """Serve the site until the process is interrupted.

    Args:
        reload: Reads the configuration again.
        loaded: The configuration as it is.
        parser: Parses pages.
        jobs: How many processes may build.
        wishes: The options.
        output: How to speak.

    Raises:
        UsageError: When there is no such editor.
        OSError: When nothing can be listened at.
    """
    pattern = editor(wishes.editor) if wishes.editor else ""
    editions = Editions(loaded, jobs, output) if wishes.versions else None
    if editions is not None:
        reload = editions.placed(reload)
        loaded = reload()
    edition = Edition() if editions is None else editions.edition(WORK)
    default_host, default_port = split_host_and_port(loaded.config.dev_addr)
    host = (wishes.host or default_host).strip("[]")
    sockets = listen(host, default_port or 0 if wishes.port is None else wishes.port, output)
    make_site = partial(LiveSite, reload, loaded, Pages(loaded, parser), jobs, output, edition)
    settings = {
        "hosts": own_names(host),
        "problems": Problems(loaded.root, pattern),
        "follow": wishes.follow,
        "editions": editions,
    }
    asyncio.run(_serve(make_site, host, sockets, settings, wishes, output))


async def _serve(
    make_site: partial[LiveSite],
    host: str,
    sockets: list[socket],
    settings: dict[str, Any],
    wishes: "Wishes",
    output: "Output",
) -> None:
    site = make_site()  # within the loop, which it waits on
    await Server(site, host, sockets, settings, output).run(wishes.open_browser)


def listen(host: str, port: int, output: "Output") -> list[socket]:
    """Return sockets that listen at the port, or at the next that is free.

    Raises:
        OSError: When none of them can be had.
    """
    candidate, last = port, min(port + PORTS, 65535)
    while True:
        try:
            sockets = bind_sockets(candidate, address=host)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or candidate in (0, last):
                raise
            candidate += 1
            continue
        if candidate != port:
            output.say(f"port {port} is in use, so this is port {candidate}")
        return sockets


class Server:
    """Waits for changes and requests, until it is told to stop."""

    def __init__(
        self, site: LiveSite, host: str, sockets: list[socket], settings: dict[str, Any], output: "Output"
    ) -> None:
        """Serve `site` at sockets that listen already; `settings` are for those who answer requests."""
        self.site = site
        self.output = output
        self._sockets = sockets
        self._settings = settings
        self._changes = Changes(lambda path: bool(site.pages.page_of(path)))
        shown = {"": "localhost", "0.0.0.0": "localhost", "::": "localhost"}.get(host, host)  # noqa: S104
        port = sockets[0].getsockname()[1]
        self.address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
        if not is_loopback(host):
            output.warn(f"others in your network can see this site: it listens at {host or 'all addresses'}")

    async def run(self, open_browser: bool) -> None:
        """Serve until SIGINT or SIGTERM."""
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
        for name in ("tornado.access", "tornado.general"):
            logging.getLogger(name).setLevel(logging.ERROR)  # a page that is missing is no news for the terminal
        server = HTTPServer(self._application())
        server.add_sockets(self._sockets)
        watcher = Watcher(self.site.root, partial(self._changed, loop), self.output.say)
        work = asyncio.create_task(self._work(watcher))
        stopping = asyncio.create_task(stop.wait())
        url = self.address + quote(self.site.base)
        self.output.event("serving", f"serving at {url} (Ctrl-C stops)", url=url)
        if open_browser:
            # a daemon: some browsers run in the terminal, and keep their caller waiting
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        try:
            # Should the work end by itself, that is a mistake of ours, and awaiting it shows it.
            await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                await work
        finally:
            work.cancel()
            stopping.cancel()
            server.stop()
            watcher.close()
            await self.site.close()

    def _changed(self, loop: asyncio.AbstractEventLoop, path: Path, whole: bool) -> None:
        """Take note of a change, in the thread that watches: the other threads may be held up by a build."""
        if self.site.pages.page_of(path):
            self.site.pages.expect()
        loop.call_soon_threadsafe(self._changes.add, path, whole)

    def _application(self) -> Application:
        routes: list[Any] = [
            (PREFIX, Socket),
            (rf"{PREFIX}\.js", Script),
            (rf"{PREFIX}/client\.js", Client),
            (rf"{PREFIX}/state\.json", State),
            (r"/(.*)", VersionFiles if self._settings["editions"] else Files, {"path": str(self.site.folder)}),
        ]
        return Application(routes, site=self.site, **self._settings)

    async def _work(self, watcher: Watcher) -> None:
        """Show what is edited at once, and build all when nothing has changed for a moment."""
        building: asyncio.Task[bool] | None = asyncio.create_task(self._build(watcher, first=True))
        due = 0.0
        since = 0.0
        loop = asyncio.get_running_loop()
        while True:
            idle = building is None or building.done()
            if idle and building is not None:
                if building.result():  # a mistake of ours is not kept secret either
                    due = due or loop.time()
                building = None
            wait = max(0.0, due - loop.time()) if due and idle else None
            coming = asyncio.ensure_future(self._changes.come(wait))
            running = {coming, *([building] if building is not None else [])}
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                coming.cancel()
                continue
            if coming.result():
                paths = await self._changes.batch()
                pages = sorted({page for path in paths if (page := self.site.pages.page_of(path))})
                if any(path.suffix == ".py" or path == self.site.root for path in paths):
                    self.site.code_changed()
                others = any(path.exists() and not self.site.pages.page_of(path) for path in paths)
                since = since or loop.time()
                urgent = others and not pages
                if pages and len(pages) <= AT_ONCE:
                    news = await self.site.show(pages)
                    self._tell(News(news.outputs))
                    urgent = news.problems  # a build tells which
                now = loop.time()
                # What is shown already can wait, the longer the longer a build takes.
                rest = 0 if urgent else max(BURST_S, min(2 * self.site.seconds, LONGEST_S / 2))
                due = min(now + rest, since + LONGEST_S)
            if due and due <= loop.time() and (building is None or building.done()):
                due = since = 0.0
                building = asyncio.create_task(self._build(watcher, first=False))

    async def _build(self, watcher: Watcher, *, first: bool) -> bool:
        """Build all; return whether another build has to follow, for what changed before it was watched."""
        # before the build: what changes from now on is seen by one of the two
        await asyncio.to_thread(watcher.watch, self.site.watched)
        started = time.time()
        self._tell(await (self.site.begin() if first else self.site.build()))
        again = await asyncio.to_thread(watcher.watch, self.site.watched, started)
        if again and self.site.code:
            self.site.code_changed()  # for all that is known
        await self.site.pages.warm_up()
        return again

    def _tell(self, news: News) -> None:
        """Tell browsers, once for all that has changed."""
        if news.outputs:
            Socket.tell(self.site.url(min(news.outputs)) if len(news.outputs) == 1 else "*")
        elif news.problems:
            Socket.tell(PROBLEMS)
