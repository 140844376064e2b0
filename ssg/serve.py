"""A project folder -> its site in the browser: built again as files are saved, and shown at once.

Browsers are told by the LiveReload protocol. Each page says how old it is, so that a change while a page was under way
is not missed.
"""

import asyncio
import errno
import html
import ipaddress
import json
import logging
import os
import posixpath
import re
import signal
import threading
import time
import webbrowser
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from socket import socket
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from livereload.handlers import LiveReloadHandler, LiveReloadJSHandler
from tornado.httpserver import HTTPServer
from tornado.httputil import split_host_and_port
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler
from watchdog import events
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch
from watchdog.observers.polling import PollingObserver

from ssg.config import load
from ssg.engine.publish import PRIVATE
from ssg.live import LiveSite

if TYPE_CHECKING:
    from ssg.cli import Output

QUIET_S = 0.05
"""A build starts when nothing has changed for so long: editors save in several steps."""
LONGEST_S = 1.0
"""But it waits no longer than this, whatever goes on changing."""
GRACE_S = 0.5
"""How long what watches may take to end."""
PORTS = 20
"""How many more ports are tried after the one that was asked for."""
CHANGES = [
    events.FileCreatedEvent,
    events.FileModifiedEvent,
    events.FileMovedEvent,
    events.FileDeletedEvent,
    events.DirCreatedEvent,
    events.DirMovedEvent,
    events.DirDeletedEvent,
]
"""All else is noise: a build itself opens and closes every file."""


def serve(
    config: Path | None, jobs: int, host: str | None, port: int | None, open_browser: bool, output: "Output"
) -> None:
    """Serve the site until the process is interrupted.

    Args:
        config: The configuration file; None to look for it in the current folder.
        jobs: How many processes may build.
        host: The address to listen at, instead of that in the configuration.
        port: The port likewise; 0 for any that is free.
        open_browser: Whether to open the site in the browser.
        output: How to speak.

    Raises:
        SsgError: When the configuration cannot be used. Later problems are told, and do not end the server.
        OSError: When nothing can be listened at.
    """
    reload = partial(load, config, cwd=Path.cwd())
    loaded = reload()
    default_host, default_port = split_host_and_port(loaded.config.dev_addr)
    host = (host or default_host).strip("[]")
    sockets = listen(host, default_port or 0 if port is None else port, output)
    server = Server(LiveSite(reload, loaded, jobs, output), host, sockets, output)
    asyncio.run(server.run(open_browser))


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

    def __init__(self, site: LiveSite, host: str, sockets: list[socket], output: "Output") -> None:
        """Serve `site` at sockets that listen already."""
        self.site = site
        self.sockets = sockets
        self.output = output
        self.loopback = is_loopback(host)
        shown = {"": "localhost", "0.0.0.0": "localhost", "::": "localhost"}.get(host, host)  # noqa: S104
        port = sockets[0].getsockname()[1]
        self.address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"

    async def run(self, open_browser: bool) -> None:
        """Serve until SIGINT or SIGTERM."""
        loop = asyncio.get_running_loop()
        stop, changed = asyncio.Event(), asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
        for name in ("tornado.access", "tornado.general"):
            logging.getLogger(name).setLevel(logging.ERROR)  # a page that is missing is no news for the terminal
        server = HTTPServer(application(self.site, loopback=self.loopback))
        server.add_sockets(self.sockets)
        watcher = Watcher(self.site.root, lambda: loop.call_soon_threadsafe(changed.set), self.output.say)
        work = asyncio.create_task(self._work(changed, watcher, open_browser))
        stopping = asyncio.create_task(stop.wait())
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

    async def _work(self, changed: asyncio.Event, watcher: "Watcher", open_browser: bool) -> None:
        watcher.watch(*self.site.watched)
        await self.site.build()
        url = self.address + quote(self.site.base)
        self.output.say(f"serving at {url} (Ctrl-C stops)")
        if open_browser:
            # a daemon: some browsers run in the terminal, and keep their caller waiting
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        while True:
            watcher.watch(*self.site.watched)
            await changed.wait()
            await quiet(changed)
            watcher.watch(*self.site.watched)  # before the build: what changes from now on is seen by one of the two
            if await self.site.build():
                Socket.reload_waiters("*")


async def quiet(changed: asyncio.Event) -> None:
    """Return when there was no change for a moment."""
    started = time.monotonic()
    while changed.is_set() and time.monotonic() - started < LONGEST_S:
        changed.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(changed.wait(), QUIET_S)
    changed.clear()


class Watcher(events.FileSystemEventHandler):
    """Tells that something has changed. What it was does not matter: a build looks at everything."""

    def __init__(self, root: Path, changed: Callable[[], object], say: Callable[[str], None]) -> None:
        """Call `changed`, in a thread of its own, when something has."""
        self._root = root
        self._changed = changed
        self._say = say
        self._sources: frozenset[Path] = frozenset()
        self._ignored: frozenset[Path] = frozenset()
        self._watches: dict[tuple[Path, bool], ObservedWatch] = {}
        self._stale = True
        self._observer: Any = Observer()
        self._observer.start()

    def watch(self, sources: frozenset[Path], ignored: frozenset[Path]) -> None:
        """Watch these files and folders, and no others, whether they exist or not."""
        if (sources, ignored) == (self._sources, self._ignored) and not self._stale:
            return
        if self._stale:  # a folder that was deleted and made again is another one, with the watch on the old
            self._observer.unschedule_all()
            self._watches.clear()
        self._sources, self._ignored, self._stale = sources, ignored, False
        wanted = {(path, True) for path in sources if path.is_dir()} | {(_parent(path), False) for path in sources}
        try:
            self._schedule(wanted)
        except OSError as error:
            self._say(f"cannot watch all files ({error.strerror or error}): looking for changes every second instead")
            self.close()
            self._observer = PollingObserver(timeout=1)
            self._observer.start()
            self._watches.clear()
            self._schedule(wanted)

    def _schedule(self, wanted: Iterable[tuple[Path, bool]]) -> None:
        wanted = set(wanted)
        for key in self._watches.keys() - wanted:
            self._observer.unschedule(self._watches.pop(key))
        for folder, recursive in sorted(wanted - self._watches.keys()):
            with suppress(FileNotFoundError, NotADirectoryError):  # gone a moment ago; the folder around it is watched
                watch = self._observer.schedule(self, str(folder), recursive=recursive, event_filter=CHANGES)
                self._watches[folder, recursive] = watch

    def dispatch(self, event: events.FileSystemEvent) -> None:
        """Look whether an event concerns us."""
        for name in (event.src_path, event.dest_path):
            path = Path(os.fsdecode(name))
            if name and self._concerns(path):
                # Only what is around a source can make watches stale, or new ones necessary.
                self._stale |= event.is_directory and any(one.is_relative_to(path) for one in self._sources)
                self._changed()

    def _concerns(self, path: Path) -> bool:
        if any(path.is_relative_to(one) for one in self._ignored):
            return False
        # While the configuration is broken, it is not known which other it inherits from.
        if path.parent == self._root and path.suffix in (".yml", ".yaml"):
            return True
        return any(path.is_relative_to(one) or one.is_relative_to(path) for one in self._sources)

    def close(self) -> None:
        """Watch no more."""
        self._observer.stop()
        self._observer.join(GRACE_S)


def _parent(path: Path) -> Path:
    return next(folder for folder in path.parents if folder.is_dir())


def application(site: LiveSite, *, loopback: bool) -> Application:
    """Return what answers requests; `loopback` says that only this machine can send any."""
    # livereload logs what its own watcher saw
    Socket.watcher = SimpleNamespace(filepath=None)
    routes: list[Any] = [
        (r"/livereload", Socket),
        (r"/livereload\.js", Script),
        (r"/(.*)", Files, {"path": str(site.folder)}),
    ]
    return Application(routes, site=site, loopback=loopback)


def is_loopback(host: str) -> bool:
    """Say whether a name or address is one of this machine, which no other can be reached by."""
    host = host.strip("[]").rstrip(".").lower()
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


class Guarded(RequestHandler):
    """Answers nobody who reached this machine by a name that is not its own, as a foreign page may by its DNS."""

    def prepare(self) -> None:
        """Look at the name."""
        if self.settings["loopback"] and not is_loopback(self.request.host_name):
            raise HTTPError(403)

    def set_default_headers(self) -> None:
        """What was shown is never shown again without asking."""
        self.set_header("Cache-Control", "no-store")


class Script(Guarded, LiveReloadJSHandler):  # type: ignore[misc] # it has no types
    """The script that reloads a page."""


class Socket(Guarded, LiveReloadHandler):  # type: ignore[misc] # it has no types
    """The connection that tells a page to reload."""

    def check_origin(self, origin: str) -> bool:
        """Refuse all that Tornado has not found to be of the same origin."""
        return False

    def on_message(self, message: str | bytes) -> None:
        """Answer the script; one on a page that is out of date is told to reload at once."""
        try:
            said = json.loads(message)
        except ValueError:
            said = None
        if not isinstance(said, dict) or not isinstance(said.get("command"), str):
            self.close()
            return
        super().on_message(message)
        if said["command"] == "hello" and str(said.get("snipver", "")) not in ("", str(self.settings["site"].version)):
            self.send_message({"command": "reload", "path": "*"})


class Files(Guarded, StaticFileHandler):
    """The files of the site."""

    async def get(self, path: str, include_body: bool = True) -> None:
        """Send the file, or the index page of the folder, that the path stands for."""
        site: LiveSite = self.settings["site"]
        version = site.version  # as it was before the file is read: should it change now, the page is out of date
        if not f"/{path}".startswith(site.base):
            if path in ("", site.base.strip("/")):
                self.redirect(quote(site.base))
            else:
                self._missing(site, version)
            return
        name = path[len(site.base) - 1 :]
        file = find(site.folder, name)
        if file is not None and file.is_dir():
            index = find(site.folder, posixpath.join(name, "index.html"))
            if index is not None and not f"/{path}".endswith("/"):
                # Made from what was found, not from what was asked for, it cannot lead to another host.
                self.redirect(quote(site.base + "/".join(file.relative_to(site.folder.resolve()).parts)) + "/")
                return
            file = index
        elif name.endswith("/"):
            file = None
        # Read as a whole, since it may be replaced or deleted at any time.
        data = read(file)
        if file is None or data is None:
            self._missing(site, version)
        elif file.suffix == ".html":
            self._page(data, version)
        elif "Range" in self.request.headers:
            await super().get(file.relative_to(site.folder.resolve()).as_posix(), include_body)
        else:
            self.absolute_path = str(file)
            self.set_header("Content-Type", self.get_content_type())
            self.finish(data)

    def _missing(self, site: LiveSite, version: int) -> None:
        page = read(find(site.folder, "404.html"))
        self.set_status(404 if site.ready else 503)
        if page is not None:
            self._page(page, version)
        else:
            words = "".join(f"<p>{html.escape(f'{one.path}: {one.message}')}</p>" for one in site.diagnostics)
            title = "Not found" if site.ready else "The site is not built yet"
            self._page(f"<!doctype html><title>{title}</title><h1>{title}</h1>{words}".encode(), version)

    def _page(self, page: bytes, version: int) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        name, port = split_host_and_port(self.request.host)
        query = f"snipver={version}&host={name}&port={port or 80}&mindelay=200&maxdelay=2000"
        script = f'<script defer src="/livereload.js?{html.escape(query)}"></script>'.encode()
        end = page.lower().rfind(b"</body")
        end = len(page) if end < 0 else end
        self.finish(page[:end] + script + page[end:])

    def get_content_type(self) -> str:
        """Say that text is UTF-8, as hosts do."""
        kind = super().get_content_type()
        return f"{kind}; charset=utf-8" if re.match(r"text/|application/(javascript|json|xml)$", kind) else kind

    def compute_etag(self) -> None:
        """Nothing is kept, so nothing needs a name."""

    def should_return_304(self) -> bool:
        """Nothing is kept, so nothing is unchanged."""
        return False

    def get_cache_time(self, *_: object) -> int:
        """Keep nothing, not even what has a version in its address."""
        return 0


def find(folder: Path, path: str) -> Path | None:
    """Return the file or folder that a path of an address stands for; None if there is none, or it is not public."""
    names = path.removesuffix("/").split("/") if path else []
    if any(name in ("", ".", "..") or "\\" in name for name in names):
        return None
    try:
        root = folder.resolve()
        found = root.joinpath(*names).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):  # it does not exist, it has a NUL, it leads to itself
        return None
    public = found.is_relative_to(root) and PRIVATE not in [name.lower() for name in found.relative_to(root).parts]
    return found if public and (found.is_file() or found.is_dir()) else None


def read(file: Path | None) -> bytes | None:
    """Return what a file holds, or None if there is none."""
    try:
        return file.read_bytes() if file is not None else None
    except OSError:
        return None
