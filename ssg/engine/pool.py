"""Work items -> results in the same order, in other processes where that pays."""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from ssg.errors import SsgError

J = TypeVar("J")
A = TypeVar("A")
R = TypeVar("R")

WARM_UP_S = 0.08
"""Work goes on in this process for so long before others are thought of: small builds need none, and the libraries
that are loaded meanwhile need not be loaded again by each worker where processes are forked."""
WORTH_S = 0.2
"""Other processes are started only when at least this much work is left."""
CHUNK_S = 0.1
"""Items are sent in chunks of about this much work: few enough messages, and even loads."""

Progress = Callable[[str, int, int], None]
"""Told the name of the work, how many items are done, and how many there are."""


class Pool:
    """Runs functions of modules over many items. Processes are started when first needed, and kept."""

    def __init__(
        self, jobs: int, progress: Progress | None = None, make_executor: Callable[[int], Executor] | None = None
    ) -> None:
        """Use up to `jobs` processes; `make_executor` gives another engine with the interface of an Executor."""
        self.jobs = jobs
        self._progress = progress or (lambda name, done, total: None)
        self._make = make_executor or start_processes
        self._executor: Executor | None = None

    def map(self, function: Callable[[J, A], R], job: J, items: Sequence[A], name: str) -> Iterator[R]:
        """Yield `function(job, item)` for each item, in order; at most a few chunks are held at a time.

        Raises:
            SsgError: When a process dies, for want of memory for one.
        """
        total = len(items)
        started = time.perf_counter()
        done = 0
        spent = 0.0
        while done < total:
            remaining = spent / done * (total - done) if done else 0.0
            if self.jobs > 1 and spent > WARM_UP_S and remaining > WORTH_S:
                break
            result = function(job, items[done])
            done += 1
            spent = time.perf_counter() - started
            self._progress(name, done, total)
            yield result
        if done == total:
            return
        # the first item pays for imports; with it the estimate is too high, which only makes chunks smaller
        size = max(1, min(64, round(CHUNK_S * done / spent), (total - done) // (2 * self.jobs)))
        chunks = deque(slice(start, start + size) for start in range(done, total, size))
        executor = self._executor = self._executor or self._make(self.jobs)
        running: deque[Future[list[R]]] = deque()
        try:
            while chunks or running:
                while chunks and len(running) < 2 * self.jobs:
                    running.append(executor.submit(run_chunk, function, job, items[chunks.popleft()]))
                for result in running.popleft().result():
                    done += 1
                    yield result
                self._progress(name, done, total)
        except BrokenProcessPool as error:
            self._executor = None
            raise SsgError(
                "a worker process ended unexpectedly", code="worker", hint="try `--jobs 1`, which needs less memory"
            ) from error
        except BaseException:
            self.abort()  # nobody wants the rest, and it may take for ever
            raise

    def abort(self) -> None:
        """End all processes at once, whatever they are doing."""
        executor, self._executor = self._executor, None
        if executor is not None:
            for process in list((getattr(executor, "_processes", None) or {}).values()):
                process.terminate()
            executor.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End all processes, each after the work that it is at."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None


def run_chunk(function: Callable[[J, A], R], job: J, items: Sequence[A]) -> list[R]:
    """Run in a worker: the results for a few items."""
    return [function(job, item) for item in items]


def start_processes(jobs: int) -> Executor:
    """Return a process pool. Forking is quick and shares memory, but safe only where there are no other threads."""
    forks = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if forks else "spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_prepare, initargs=(os.getpid(),))


def _prepare(parent: int) -> None:
    """In a worker: leave Ctrl-C to the parent, and end when it is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        with contextlib.suppress(OSError):
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
