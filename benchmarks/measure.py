"""Measure: runs a command and says what it, and every process that comes of it, takes."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_SELF, getrusage, struct_rusage

_LINUX = sys.platform == "linux"
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
_PR_SET_CHILD_SUBREAPER = 36
_PAUSE = 0.02
_GRACE = 5.0


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds, and bytes of memory at the peak."""

    wall: float
    cpu: float
    memory: int
    exit_code: int


def run(
    command: Sequence[str], folder: Path, variables: Mapping[str, str], log: Path, timeout: float, *, weigh: bool
) -> Cost:
    """Run a command, its output going to a log, until it ends or its time is up.

    To `weigh` it takes time from it: of several processes up to a tenth of one processor.
    """
    if _LINUX:
        # Processes that outlive the one that started them become our children, so that their time is counted too.
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with log.open("wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
        sampler = _Sampler()
        timer = threading.Timer(timeout, _kill, [process.pid])
        try:
            if weigh:
                sampler.start()
            timer.start()
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
        except BaseException:
            _kill(process.pid)
            raise
        finally:
            timer.cancel()
            sampler.stop()
    process.returncode = os.waitstatus_to_exitcode(status)
    usages = [usage, *_orphans(process.pid)]
    cpu = sum(each.ru_utime + each.ru_stime for each in usages)
    largest = max(each.ru_maxrss for each in usages) * _RSS_UNIT
    # The system's record starts with the memory of this process, which it was forked from: below that it says nothing.
    if sampler.peak and largest <= getrusage(RUSAGE_SELF).ru_maxrss * _RSS_UNIT:
        largest = 0
    return Cost(wall, cpu, max(largest, sampler.peak), process.returncode)


def _orphans(group: int) -> Iterator[struct_rusage]:
    """Wait for what the command has left running, and end it when it does not end by itself."""
    deadline = time.perf_counter() + _GRACE
    killed = False
    while True:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid:
            yield usage
        elif time.perf_counter() < deadline:
            time.sleep(0.01)
        elif not killed:
            _kill(group)
            killed = True


def _kill(group: int) -> None:
    for pid in _descendants():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _descendants() -> list[int]:
    """The processes that this one has started, and that those have; nothing where there is no `/proc`."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*") if _LINUX else ():
        with suppress(OSError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, todo = [], [os.getpid()]
    while todo:
        new = children.get(todo.pop(), [])
        found += new
        todo += new
    return found


class _Sampler:
    """Looks now and then at the memory of the descendants of this process, pages that they share counted once."""

    def __init__(self) -> None:
        self.peak = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        if _LINUX:
            self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        pause = _PAUSE
        while not self._stopped.wait(pause):
            start = time.perf_counter()
            pids = _descendants()
            if len(pids) > 1:
                self.peak = max(self.peak, sum(_kilobytes(pid, "smaps_rollup", "Pss") for pid in pids) * 1024)
            else:  # the system knows the peak of one process, and tells it at once
                self.peak = max(self.peak, sum(_kilobytes(pid, "status", "VmHWM") for pid in pids) * 1024)
            # Looking takes time from the build when all processors are at work: a tenth of one is enough.
            pause = max(_PAUSE, 10 * (time.perf_counter() - start))


def _kilobytes(pid: int, file: str, key: str) -> int:
    with suppress(OSError):
        if found := re.search(rf"^{key}:\s+(\d+) kB$", Path(f"/proc/{pid}/{file}").read_text(), re.MULTILINE):
            return int(found[1])
    return 0
