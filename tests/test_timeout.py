"""Pages that take too long: each is told, all others are built, and nothing goes on for ever."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from served import PATIENCE_S, Served, until
from sites import build, outputs, write
from test_engine import session

from ssg.engine.limit import Limit
from ssg.engine.pool import Pool
from ssg.errors import SsgError

EXTENSION = """\
import re, time
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

class Slow(Preprocessor):
    def run(self, lines):
        for line in lines:
            if line.startswith("expression "):
                re.match(r"(a+)+$", line.removeprefix("expression "))
            if line == "breathe":
                time.sleep(0.01)
            if line == "wait":
                while True:
                    try:
                        time.sleep(60)
                    except Exception:
                        pass
        return lines

class SlowExtension(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Slow(md), "slow", 100)

def makeExtension(**options):
    return SlowExtension(**options)
"""
ENDLESS = "expression " + "a" * 60 + "!\n"
SITE = {
    "ssg.yml": "site_name: x\nmarkdown: {timeout: 1}\nmarkdown_extensions: [slow_extension]\n",
    "slow_extension.py": EXTENSION,
    "content/index.md": "# Home\n",
    "content/endless.md": ENDLESS,
    "content/waits.md": "wait\n",
    "content/last.md": "# Last\n",
}


@pytest.fixture(autouse=True)
def extension(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extension is found where the project lies."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(Path(__file__).parents[1])]))
    monkeypatch.delitem(sys.modules, "slow_extension", raising=False)


def told(root: Path, jobs: int) -> tuple[int, list[tuple[str, str]]]:
    command = [sys.executable, "-m", "ssg", "build", "--format", "json", "--jobs", str(jobs)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, [(one["code"], one["path"]) for one in json.loads(done.stdout)["diagnostics"]]


@pytest.mark.parametrize(("jobs", "more"), [(1, 0), (2, 200)], ids=["in one process", "in several"])
def test_a_page_that_takes_too_long_is_told(tmp_path: Path, jobs: int, more: int) -> None:
    """The same for a build with a cache of the first as for a clean one, until the page is mended."""
    pages = {f"content/p{number:03}.md": f"# Page {number}\n\n" + "Some *text*.\n" * 60 for number in range(more)}
    write(tmp_path, {**SITE, **pages})
    expected = (1, [("markdown-timeout", "content/endless.md"), ("markdown-timeout", "content/waits.md")])
    assert told(tmp_path, jobs) == expected
    assert told(tmp_path, jobs) == expected
    write(tmp_path, {"content/endless.md": "# Mended\n", "content/waits.md": None})
    assert told(tmp_path, jobs) == (0, [])
    assert (tmp_path / "output/last/index.html").is_file()
    build(tmp_path, output="clean", remember=False)
    assert outputs(tmp_path / "output") == outputs(tmp_path / "clean")


def test_what_is_told(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "content/waits.md": "# Waits no more\n"})
    (found,) = build(tmp_path).diagnostics
    assert (found.path, found.message) == ("content/endless.md", "this page takes longer than 1 second")
    assert "markdown.timeout" in found.hint


def test_other_pages_are_made_without_it(tmp_path: Path) -> None:
    """What an extension left in the middle of a page does no harm to the next one."""
    write(tmp_path, {**SITE, "content/waits.md": "# Waits no more\n"})
    result = build(tmp_path, forgive=True)
    assert result.published
    assert "Last" in (tmp_path / "output/last/index.html").read_text()


@pytest.mark.parametrize("value", ["-1", "soon", "1.5", "yes", "[1]"])
def test_the_limit_is_a_whole_number(tmp_path: Path, value: str) -> None:
    write(tmp_path, {**SITE, "ssg.yml": f"site_name: x\nmarkdown: {{timeout: {value}}}\n"})
    with pytest.raises(SsgError, match=r"`markdown\.timeout` should be a whole number"):
        build(tmp_path)


def test_there_may_be_no_limit(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": "site_name: x\nmarkdown: {timeout: 0}\n", "content/index.md": "# Home\n"})
    assert build(tmp_path).published


def test_the_server_lives_on(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "content/waits.md": "# Waits no more\n", "content/endless.md": "# Not yet\n"})
    served = Served(tmp_path)
    try:
        served.shows("Home")
        write(tmp_path, {"content/endless.md": ENDLESS})
        started = time.monotonic()
        served.get("/")
        assert time.monotonic() - started < PATIENCE_S / 2
        served.hear("markdown-timeout")
        write(tmp_path, {"content/endless.md": "# Mended\n"})
        served.shows("Mended", "endless/")
        assert served.end() == 0
    finally:
        served.close()


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_no_process_outlives_a_build_that_is_killed(tmp_path: Path) -> None:
    """Not even one that is in the middle of an expression, with hours to go."""
    # so much work that it is worth workers, however fast the machine is: alone, the build would be in an expression
    pages = {f"content/p{number:03}.md": "breathe\n" for number in range(200)}
    endless = {f"content/q{number}.md": ENDLESS for number in range(9)}
    settings = "site_name: x\nmarkdown: {timeout: 3600}\nmarkdown_extensions: [slow_extension]\n"
    write(tmp_path, {"ssg.yml": settings, "slow_extension.py": EXTENSION, **pages, **endless})
    command = [sys.executable, "-m", "ssg", "build", "-q", "--jobs", "2"]
    running = subprocess.Popen(command, cwd=tmp_path, start_new_session=True)
    try:
        until(lambda: len(session(running.pid)) == 3, "for the workers")
        time.sleep(1)  # they come to the endless pages, or die beside them: both are fine
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()
    until(lambda: not session(running.pid), "for the workers to end")


# -- what no signal ends -------------------------------------------------------------------------------------------


def deaf(job: int, item: int) -> int:
    """As where there are no timers, or in a library that never looks for signals."""
    if item == job:
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        time.sleep(3600)
    return item * item


def late(job: int, item: int, seconds: float) -> int:
    return -1


def test_a_worker_that_no_signal_reaches_is_ended() -> None:
    """Where no signal can be waited for, as in the thread that builds for the server, all work is that of workers."""
    pool = Pool(2)
    limit = Limit(0.5, late)
    try:
        with ThreadPoolExecutor(1) as thread:
            found = thread.submit(lambda: list(pool.map(deaf, 5, range(40), "squares", limit))).result()
        assert found == [-1 if number == 5 else number * number for number in range(40)]
    finally:
        pool.close()
