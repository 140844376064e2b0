"""The server as a browser and a terminal see it: a process, its sockets, and files that change."""

import asyncio
import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sites import write
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from ssg.serve import Watcher

PATIENCE_S = 60
"""How long anything may take on a machine that has much else to do."""

SITE = {
    "ssg.yml": "site_name: First\n",
    "content/index.md": "# Home\n\nOnce upon a time.\n",
    "content/guide/index.md": "# Guide\n",
    "content/guide/steps.md": "# Steps\n",
    "content/empty/data.txt": "0123456789 é",
}


def until(holds: Callable[[], object], what: str) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)


class Served:
    """`ssg serve` in a folder, and what it has said so far."""

    def __init__(self, root: Path, *options: str) -> None:
        command = [sys.executable, "-m", "ssg", "serve", "--port", "0", "--jobs", "2", *options]
        self.root = root
        self.said = ""
        # A session of its own: all that it starts can be found.
        self.process = subprocess.Popen(
            command, cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()
        with self._ending_on_failure():
            self.hear("serving at http")
        address = urlsplit(re.findall(r"serving at (\S+)", self.said)[0])
        self.host, self.port, self.path = str(address.hostname), int(address.port or 0), address.path
        assert self.port

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line

    @contextlib.contextmanager
    def _ending_on_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    def hear(self, words: str, times: int = 1) -> None:
        until(lambda: self.said.count(words) >= times or self.process.poll() is not None, f"{words!r} in {self.said}")
        assert self.said.count(words) >= times, self.said

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
        """Send a request with exactly this path."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_S)
        try:
            connection.putrequest(method, path, skip_host="Host" in headers)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode()
        finally:
            connection.close()

    def shows(self, words: str, path: str = "") -> None:
        until(lambda: words in self.get(self.path + path)[2], f"{words!r} on {path or 'the home page'}; {self.said}")

    def version(self) -> str:
        return str(re.findall(r"snipver=(\d+)", self.get(self.path)[2])[0])

    def connect(self, **headers: str) -> Awaitable[WebSocketClientConnection]:
        url = f"ws://{self.host}:{self.port}/livereload"
        return websocket_connect(HTTPRequest(url, headers=headers, request_timeout=PATIENCE_S))

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def is_alone(self) -> bool:
        """Whether no process is left in its session."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        assert self.process.stdout
        self.process.stdout.close()


Serve = Callable[..., Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a server in a folder with the example site, and other files."""
    started: list[Served] = []

    def serve(*options: str, **files: str) -> Served:
        write(tmp_path, {**SITE, **{name.replace("__", "/") + ".md": text for name, text in files.items()}})
        started.append(Served(tmp_path, *options))
        return started[-1]

    yield serve
    for one in started:
        one.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for tests that change nothing. The site's address has a path."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.txt").write_text("the secret", "utf-8")
    root = outside / "project"
    write(root, {**SITE, "ssg.yml": "site_name: First\nsite_url: https://example.org/project/\n"})
    one = Served(root)
    folder = root / ".ssg" / "serve"
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "linked").symlink_to(outside, target_is_directory=True)
    (folder / "loop").symlink_to("loop")
    yield one
    one.close()


@contextlib.asynccontextmanager
async def browser(served: Served, version: str) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    """A page that was loaded as of this version; gives the function that waits for the next message."""
    connection = await served.connect()

    async def receive() -> Any:
        message = await asyncio.wait_for(connection.read_message(), PATIENCE_S)
        return message and json.loads(message)

    hello = {"command": "hello", "protocols": ["http://livereload.com/protocols/official-7"], "snipver": version}
    await connection.write_message(json.dumps(hello))
    assert (await receive())["command"] == "hello"
    await connection.write_message(json.dumps({"command": "info", "url": served.path}))
    try:
        yield receive
    finally:
        connection.close()
        while await asyncio.wait_for(connection.read_message(), PATIENCE_S) is not None:
            pass


# -- changes -----------------------------------------------------------------------------------------------------------


def test_an_edit_reaches_the_browser(serve: Serve) -> None:
    served = serve()

    async def edit(times: int) -> None:
        async with browser(served, served.version()) as receive:
            for number in range(times):
                write(served.root, {"content/index.md": f"# Home\n\nEdit {number}.\n"})
                assert (await receive())["command"] == "reload"
                assert f"Edit {number}." in served.get("/")[2]

    asyncio.run(edit(3))


def test_a_page_that_changed_before_it_was_connected_is_reloaded(serve: Serve) -> None:
    served = serve()
    version = served.version()
    write(served.root, {"content/index.md": "# Home\n\nSince then.\n"})
    served.shows("Since then.")

    async def look() -> None:
        async with browser(served, version) as receive:
            assert (await receive())["command"] == "reload"

    asyncio.run(look())


def test_the_way_that_editors_save(serve: Serve) -> None:
    served = serve()
    page = served.root / "content/index.md"
    new = page.with_name("index.md.new")
    new.write_text("# Home\n\nMoved over the old file.\n", "utf-8")
    new.replace(page)
    served.shows("Moved over the old file.")
    page.rename(page.with_name("index.md~"))
    page.write_text("# Home\n\nBeside a copy of the old file.\n", "utf-8")
    served.shows("Beside a copy of the old file.")


def test_files_and_folders_that_come_and_go(serve: Serve) -> None:
    served = serve()
    write(served.root, {"content/new/deep/page.md": "# A new page\n"})
    served.shows("A new page", "new/deep/page/")
    write(served.root, {"content/new/deep/page.md": "# A page of some age\n"})
    served.shows("A page of some age", "new/deep/page/")
    write(served.root, {"content/new": None})
    until(lambda: served.get("/new/deep/page/")[0] == 404, "the page to be gone")
    shutil.rmtree(served.root / "content")
    served.hear("[content-missing]")
    assert served.get("/guide/")[0] == 200
    write(served.root, {"content/index.md": "# Made again\n"})
    served.shows("Made again")
    write(served.root, {"content/index.md": "# Made again, and edited\n"})
    served.shows("Made again, and edited")


def test_a_broken_configuration_that_is_repaired(serve: Serve) -> None:
    served = serve()
    write(served.root, {"ssg.yml": "site_name: [\n"})
    served.hear("ssg.yml:2:1: error")
    assert "Once upon a time." in served.get("/")[2]
    write(served.root, {"content/index.md": "# Home\n\nWritten meanwhile.\n", "ssg.yml": "site_name: Second\n"})
    served.shows("Second")
    served.shows("Written meanwhile.")


def test_the_configuration_is_live(serve: Serve) -> None:
    served = serve()
    write(served.root, {"ssg.yml": "INHERIT: base.yml\n", "base.yml": "site_name: S\nsite_url: https://a.org/b\n"})
    until(lambda: served.get("/b/")[0] == 200, "the site at its new address")
    assert served.get("/guide/")[0] == 404
    write(served.root, {"base.yml": "site_name: S\ntheme: {custom_dir: mine}\n"})
    until(lambda: served.get("/")[0] == 200, "the site at its old address")
    served.hear("[custom-dir-missing]")
    write(served.root, {"mine/404.html": "Mine is not here."})
    until(lambda: "Mine is not here." in served.get("/nothing")[2], "the new template")


def test_a_site_that_is_broken_from_the_start(serve: Serve) -> None:
    served = serve(content__broken="---\ntemplate: nowhere\n---\n")
    status, _, page = served.get("/")
    assert status == 503
    assert "nowhere.html" in page
    assert "/livereload.js" in page
    write(served.root, {"content/broken.md": "Whole.\n"})
    served.shows("Once upon a time.")


def test_the_users_own_output_is_left_alone(serve: Serve) -> None:
    served = serve()
    assert served.get("/")[0] == 200
    assert not (served.root / "output").exists()


def test_where_watching_is_not_possible_files_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def schedule(*_: object, **__: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("ssg.serve.Observer.schedule", schedule)
    write(tmp_path, SITE)
    said: list[str] = []
    changed = threading.Event()
    watcher = Watcher(tmp_path, changed.set, said.append)
    try:
        watcher.watch(frozenset({tmp_path / "content"}), frozenset())
        assert len(said) == 1
        assert "inotify watch limit reached" in said[0]
        write(tmp_path, {"content/index.md": "# Home\n\nEdited.\n"})
        assert changed.wait(PATIENCE_S)
    finally:
        watcher.close()


# -- requests ----------------------------------------------------------------------------------------------------------


def test_pages_are_served_below_the_path_of_the_sites_address(served: Served) -> None:
    status, headers, page = served.get("/project/guide/steps/")
    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert re.search(r'<script defer src="/livereload.js\?[^"]*"></script></body>', page)
    assert served.get("/")[1]["Location"] == "/project/"
    assert served.get("/project")[1]["Location"] == "/project/"
    assert served.get("/guide/")[0] == 404


def test_the_reload_script_is_served_and_never_built(served: Served) -> None:
    status, _, script = served.get("/livereload.js")
    assert status == 200
    assert "livereload" in script
    assert "livereload" not in (served.root / ".ssg/serve/index.html").read_text("utf-8")


def test_files_are_served_with_their_type_whole_or_in_part(served: Served) -> None:
    status, headers, data = served.get("/project/empty/data.txt?v=1")
    assert (status, data, headers["Content-Type"]) == (200, "0123456789 é", "text/plain; charset=utf-8")
    assert headers["Cache-Control"] == "no-store"
    assert "Etag" not in headers
    status, headers, data = served.get("/project/empty/data.txt", Range="bytes=2-4")
    assert (status, data, headers["Cache-Control"]) == (206, "234", "no-store")
    status, headers, data = served.get("/project/", method="HEAD")
    assert (status, data) == (200, "")
    assert int(headers["Content-Length"]) > 100


def test_what_is_missing_is_answered_by_the_sites_own_page(served: Served) -> None:
    status, _, page = served.get("/project/nothing/at/all/")
    assert status == 404
    assert "First" in page
    assert "livereload.js" in page


def test_folders_are_not_listed(served: Served) -> None:
    for path in ("/project/empty", "/project/empty/", "/project/index.html/"):
        status, _, page = served.get(path)
        assert status == 404
        assert "data.txt" not in page


def test_nothing_is_changed_by_a_request(served: Served) -> None:
    assert served.get("/project/", method="POST")[0] == 405
    assert served.get("/forcereload")[0] == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "10.0.0.1", ""]
)
def test_other_hosts_are_refused(served: Served, host: str) -> None:
    for path in ("/project/", "/livereload.js", "/livereload"):
        assert served.get(path, Host=host)[0] in (400, 403)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1234", "127.0.0.1", "[::1]:80", "docs.localhost"])
def test_names_of_this_machine_are_not(served: Served, host: str) -> None:
    assert served.get("/project/", Host=host)[0] == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", "x"])
def test_other_origins_are_not_connected(served: Served, origin: str) -> None:
    async def connect() -> int:
        try:
            await served.connect(Origin=origin)
        except HTTPClientError as error:
            return error.code
        return 101

    assert asyncio.run(connect()) == 403


def test_the_own_origin_is_connected_and_nonsense_ends_the_connection(served: Served) -> None:
    async def connect() -> None:
        for nonsense in ("{", "[]", "{}", "1", '{"command": []}'):
            connection = await served.connect(Origin=f"http://127.0.0.1:{served.port}")
            await connection.write_message(nonsense)
            connection.close()
            assert await asyncio.wait_for(connection.read_message(), PATIENCE_S) is None

    asyncio.run(connect())
    assert "Traceback" not in served.said


_UP = ["..", "%2e%2e", ".%2e", "%2E%2E", "..%2f..", "..%5c..", "..\\..", "%252e%252e", "....", "..;", "%c0%ae%c0%ae"]
PATHS = [
    *[f"/project/{up}/{up}/{up}/secret.txt" for up in _UP],
    *[f"/project/guide/{up}/{up}/{up}/{up}/secret.txt" for up in _UP],
    *[f"/{up}/secret.txt" for up in _UP],
    "/project/link.txt",
    "/project/linked/secret.txt",
    "/project/linked",
    "/project/loop",
    "/project/.ssg/manifest",
    "/project/.SSG/manifest",
    "/project/guide/../.ssg/manifest",
    "/project//etc/passwd",
    "/project/%2fetc%2fpasswd",
    "//etc/passwd",
    "/project/%00",
    "/project/index.html%00.txt",
    "/project/%ff",
    "/project/%0d%0aSet-Cookie:%20a=b",
    "/project/" + "a" * 300,
    "/project/" + "a/" * 3000,
    "/project/C:%5cWindows%5cwin.ini",
    "/project/file:///etc/passwd",
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:60])
def test_nothing_outside_of_the_site_is_shown(served: Served, path: str) -> None:
    status, headers, page = served.get(path)
    assert 400 <= status < 500
    assert "the secret" not in page
    assert "root:" not in page
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/..",
        "//evil.example/../project/guide",
        "/\\evil.example/..",
        "/%5cevil.example/../project/guide",
        "/project//evil.example/%2e%2e",
        "/project/guide/..//guide",
        "/project/./guide",
        "http://evil.example/project/guide",
    ],
)
def test_no_redirect_leads_off_the_site(served: Served, path: str) -> None:
    _, headers, _ = served.get(path)
    assert re.fullmatch(r"(/project/[\w/]*)?", headers.get("Location", ""))


def test_a_folder_without_its_slash_is_redirected(served: Served) -> None:
    status, headers, _ = served.get("/project/guide")
    assert (status, headers["Location"]) == (302, "/project/guide/")


# -- start and end -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_and_leaves_nothing_behind(serve: Serve, number: int) -> None:
    served = serve()
    assert served.get("/")[0] == 200
    assert served.end(number) == 0
    until(served.is_alone, "all processes to end")
    assert "Traceback" not in served.said


def test_it_ends_in_the_midst_of_a_build(serve: Serve) -> None:
    served = serve()
    hook = "import pathlib, time\npathlib.Path('begun').touch()\ntime.sleep(1000)\n"
    write(served.root, {"hook.py": hook, "ssg.yml": "site_name: First\nhooks: [hook.py]\n"})
    until((served.root / "begun").exists, "the build to begin")
    assert served.end() == 0
    until(served.is_alone, "all processes to end")
    assert "Traceback" not in served.said


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        write(tmp_path, SITE)
        served = Served(tmp_path, "--port", str(port))
        try:
            assert served.port != port
            assert f"port {port} is in use" in served.said
            assert served.get("/")[0] == 200
        finally:
            served.close()


def test_without_a_project(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ssg", "serve", "--port", "0"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 1
    assert "there is no `ssg.yml`" in done.stderr
