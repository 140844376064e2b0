#!/usr/bin/env python3
"""Serve: how long an author waits for `ssg serve`, at the start and after each save.

python benchmarks/serve.py --pages 1000
"""

import argparse
import asyncio
import contextlib
import datetime
import http.client
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median

import corpus
from report import command, machine, size
from tornado.websocket import WebSocketClientConnection, websocket_connect

HERE = Path(__file__).parent
LIBRARIES = ("tornado", "livereload", "watchdog")
PATIENCE_S = 300
REST_S = 0.6
"""Between two edits, so that each has a build of its own behind it."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the development server.")
    parser.add_argument("--corpus", type=Path, help="a folder of Markdown files, instead of made-up ones")
    parser.add_argument("--pages", type=int, default=1000, help="how many to make up")
    parser.add_argument("--edits", type=int, default=100)
    parser.add_argument("--starts", type=int, default=5, help="how often it is started with a cache")
    parser.add_argument("--long", type=int, default=500, help="edits over which memory is looked at")
    parser.add_argument("--results", type=Path, default=HERE, help="where to write serve.json and SERVE.md")
    return parser.parse_args()


class Project:
    """A folder with the pages, and the one that is edited."""

    def __init__(self, root: Path, pages: Path) -> None:
        self.root = root
        shutil.copytree(pages, root / "content", copy_function=shutil.copyfile)
        for folder in [root / "content", *(path for path in (root / "content").rglob("*") if path.is_dir())]:
            folder.chmod(0o755)
        (root / "ssg.yml").write_text("site_name: Benchmark\n", "utf-8")
        self.page = sorted((root / "content").rglob("*.md"))[len(list((root / "content").rglob("*.md"))) // 2]
        self.text = self.page.read_text("utf-8")
        stem = self.page.relative_to(root / "content").with_suffix("").as_posix()
        self.url = "/" + re.sub(r"(^|/)(index|README)$", "", stem).strip("/") + "/"

    def edit(self) -> tuple[str, float]:
        """Add a word to the page; return it, and when it was written."""
        word = f"word{time.time_ns()}"
        started = time.perf_counter()
        self.page.write_text(f"{self.text}\n\n{word}\n", "utf-8")
        return word, started


class Server:
    """`ssg serve`, from its start."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.started = time.perf_counter()
        line = [sys.executable, "-m", "ssg", "serve", "--port", "0"]
        self.process = subprocess.Popen(
            line, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.port = int(re.findall(r":(\d+)/", self.line())[0])

    def line(self) -> str:
        """Return the next line that it prints."""
        assert self.process.stdout
        return self.process.stdout.readline()

    def get(self) -> str:
        """Return the page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request("GET", self.project.url)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def memory(self) -> int:
        """Return the bytes that it and its processes have in memory, what they share counted once (Linux)."""
        total = 0
        for process in self.processes():
            with contextlib.suppress(OSError):
                found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
                total += int(found[1]) * 1024 if found else 0
        return total

    def processes(self) -> list[int]:
        """Return the ids of the processes that it has started, and they (Linux)."""
        found, todo = [], [self.process.pid]
        while todo:
            with contextlib.suppress(OSError):
                todo += map(int, Path(f"/proc/{(one := todo.pop())}/task/{one}/children").read_text().split())
                found.append(one)
        return found

    def close(self) -> float:
        """End it as Ctrl-C does; return the seconds that this takes."""
        started = time.perf_counter()
        self.process.send_signal(signal.SIGINT)
        assert self.process.stdout
        self.process.stdout.read()
        self.process.wait(PATIENCE_S)
        return time.perf_counter() - started


@contextlib.contextmanager
def serving(project: Project) -> Iterator[Server]:
    server = Server(project)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.close()


def start(project: Project, *, cached: bool, edited: bool) -> float:
    """The seconds from the command to the page, with the text that it has now."""
    if not cached:
        shutil.rmtree(project.root / ".ssg", ignore_errors=True)
    word = project.edit()[0] if edited else ""
    with serving(project) as server:
        assert word in server.get()
        return time.perf_counter() - server.started


async def connect(server: Server) -> WebSocketClientConnection:
    """Connect as LiveReload's script does."""
    connection = await websocket_connect(f"ws://127.0.0.1:{server.port}/livereload")
    protocols = ["http://livereload.com/protocols/official-7"]
    await connection.write_message(json.dumps({"command": "hello", "protocols": protocols}))
    await connection.read_message()
    await connection.write_message(json.dumps({"command": "info", "url": server.project.url}))
    return connection


async def edits(server: Server, number: int, rest: float) -> tuple[list[float], list[float]]:
    """The seconds from a write to the notice, and to a page that shows it, of each edit. None may be lost."""
    connection = await connect(server)
    notices, pages = [], []
    for _ in range(number):
        await asyncio.sleep(rest)
        word, started = server.project.edit()
        await asyncio.wait_for(connection.read_message(), PATIENCE_S)
        notices.append(time.perf_counter() - started)
        while word not in server.get():
            await asyncio.sleep(0.002)
        pages.append(time.perf_counter() - started)
    connection.close()
    return notices, pages


SEEN = """
() => {
  window.seen = {};
  const now = () => performance.timeOrigin + performance.now();
  const look = () => {
    const word = document.querySelector("main").textContent.match(/word\\d+/g)?.pop();
    if (word) seen[word] ??= now();
    requestAnimationFrame(look);
  };
  look();
}
"""
"""Notes for each word when a frame was drawn with it, in milliseconds since 1970."""


def in_chromium(server: Server, number: int) -> list[float]:
    """The seconds from a write to a frame with the text, of each edit; none without a browser."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if not chromium:
        return []
    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.port}{server.project.url}")
        page.wait_for_function("window.LiveReload?.connector.protocol === 7")
        page.evaluate(SEEN)
        for _ in range(number):
            time.sleep(REST_S)
            started = time.time()
            word, _ = server.project.edit()
            page.wait_for_function("word => word in seen", arg=word, timeout=1000 * PATIENCE_S)
            times.append(page.evaluate("word => seen[word]", word) / 1000 - started)
        browser.close()
    return times


def measure(project: Project, arguments: argparse.Namespace) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}

    def note(name: str, values: list[float]) -> None:
        found[name] = values
        print(f"{name:45} {row(values)}", flush=True)

    repeated: Callable[..., list[float]] = lambda **how: [start(project, **how) for _ in range(arguments.starts)]  # noqa: E731
    with serving(project):  # whatever is loaded from the disk for the first time is not measured
        pass
    note("first page, no cache", repeated(cached=False, edited=True))
    with serving(project) as server:
        while "built:" not in server.line():
            pass
        server.get()
        note("notice after an edit", (both := asyncio.run(edits(server, arguments.edits, REST_S)))[0])
        note("GET that shows the edit", both[1])
        note("frame in Chromium with the edit", in_chromium(server, arguments.edits))
        before = server.memory()
        asyncio.run(edits(server, arguments.long, 0.05))
        note(f"memory before and after {arguments.long} more edits, MiB", [before / 2**20, server.memory() / 2**20])
        processes = server.processes()
        note("end", [server.close()])
        assert not [one for one in processes if Path(f"/proc/{one}").is_dir()], "a process is left"
    note("first page, with a cache", repeated(cached=True, edited=False))
    note("first page, with a cache, edited in between", repeated(cached=True, edited=True))
    return found


def row(values: list[float]) -> str:
    """The median, the 95th of 100, and the largest."""
    if not values:
        return "-"
    last = sorted(values)[min(len(values) - 1, round(0.95 * len(values)))]
    return f"{median(values):8.3f} {last:8.3f} {max(values):8.3f}"


def text(results: dict[str, object], found: dict[str, list[float]]) -> str:
    lines = ["# Serving", f"Made by `{results['command']}`. Seconds, but for memory.", ""]
    table = ["| | median | p95 | most | of |", "| :-- | --: | --: | --: | --: |"]
    for name, values in found.items():
        cells = row(values).split()
        if name.startswith("memory"):
            table.append(f"| {name} | {values[0]:.0f} → {values[1]:.0f} | | | |")
        elif len(cells) == 3:
            table.append(f"| {name} | {' | '.join(cells)} | {len(values)} |")
        else:
            table.append(f"| {name} | - | - | - | 0 |")
    facts = {**results["corpus"], **results["machine"], "date": results["date"]}  # type: ignore[dict-item]
    return "\n".join([*lines, *table, "", *(f"- {name}: {value}" for name, value in facts.items())]) + "\n"


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="ssg-benchmark-") as temporary:
        pages = arguments.corpus or Path(temporary, f"synthetic-{arguments.pages}")
        if not arguments.corpus:
            corpus.write(pages, arguments.pages)
        results: dict[str, object] = {
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "command": command("serve"),
            "machine": {**machine(), **{name: version(name) for name in LIBRARIES}},
            "corpus": size(pages),
        }
        found = measure(Project(Path(temporary, "project"), pages), arguments)
    results["seconds"] = found
    arguments.results.mkdir(parents=True, exist_ok=True)
    (arguments.results / "serve.json").write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    (arguments.results / "SERVE.md").write_text(text(results, found), "utf-8")


if __name__ == "__main__":
    main()
