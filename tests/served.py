"""`ssg serve` for tests, as a browser and a terminal see it: a process, its sockets, and files that change."""

import asyncio
import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

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

    def __init__(self, root: Path, *options: str, built: bool = True, within: Sequence[str] = ()) -> None:
        """Start it; wait for the first build, unless that is what a test is about. `within` is a command to run it."""
        command = [*within, sys.executable, "-m", "ssg", "serve", "--port", "0", "--jobs", "2", *options]
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
            if built:
                self.hear("built:")
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

    def problems(self) -> list[dict[str, Any]]:
        """What a page in the browser is told to show."""
        found: list[dict[str, Any]] = json.loads(self.get("/livereload/state.json")[2])["problems"]
        return found

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
