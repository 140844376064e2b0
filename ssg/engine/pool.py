"""Work items -> results in the same order, in other processes where that pays."""

import multiprocessing
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from ssg.engine.limit import Limit, is_stoppable, prepare_worker, run, run_in_worker
from ssg.errors import SsgError

J = TypeVar("J")
A = TypeVar("A")
R = TypeVar("R")

WARM_UP_S = 0.08
"""Work goes on in this process for so long before others are thought of: small builds need none, and the libraries
that are loaded meanwhile need not be loaded again by each worker where processes are forked."""
WORTH_S = 0.2
"""Other processes are started only when at least this much work is left."""
CHUNK_S = 0.2
"""Items are sent in chunks of about this much work: few enough messages, and even loads."""
GUESS_S = 0.01
"""An item is taken to be this much work before any was done."""
MANY = 16
"""Processes that are there already are given work from the first item on if there are more than so many items."""

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

    def map(
        self, function: Callable[[J, A], R], job: J, items: Sequence[A], name: str, limit: Limit | None = None
    ) -> Iterator[R]:
        """Yield `function(job, item)` for each item, in order; at most a few chunks are held at a time.

        With a limit, work that could not be stopped in this process is left to others from the first item on.

        Raises:
            SsgError: When a process dies, for want of memory for one.
        """
        total = len(items)
        started = time.perf_counter()
        done = 0
        spent = 0.0
        here = (limit is None or is_stoppable()) and not (self._executor is not None and total > MANY)
        while here and done < total:
            remaining = spent / done * (total - done) if done else 0.0
            if self.jobs > 1 and spent > WARM_UP_S and remaining > WORTH_S:
                break
            result: R = run(function, job, items[done], limit)
            done += 1
            spent = time.perf_counter() - started
            self._progress(name, done, total)
            yield result
        if done == total:
            return
        # the first item pays for imports; with it the estimate is too high, which only makes chunks smaller
        each = spent / done if done else GUESS_S
        chunks = deque(_chunks(done, total, max(1, min(64, round(CHUNK_S / each))), 2 * self.jobs))
        running: deque[tuple[slice, Future[list[R]]]] = deque()
        try:
            while chunks or running:
                while chunks and len(running) < 2 * self.jobs:
                    chunk = chunks.popleft()
                    running.append((chunk, self._submit(function, job, items[chunk], limit)))
                chunk, future = running.popleft()
                try:
                    results = future.result()
                except BrokenProcessPool:  # by this chunk, or by another that was under way: all these are lost
                    results = [self._alone(function, job, item, limit) for item in items[chunk]]
                for result in results:
                    done += 1
                    yield result
                self._progress(name, done, total)
        except BaseException:
            self.abort()  # nobody wants the rest, and it may take for ever
            raise

    def _submit(
        self, function: Callable[[J, A], R], job: J, items: Sequence[A], limit: Limit | None
    ) -> Future[list[R]]:
        if self._executor is None:
            self._executor = self._make(self.jobs)
        try:
            return self._executor.submit(run_in_worker, function, job, items, limit)
        except BrokenProcessPool:
            self._executor = self._make(self.jobs)
            return self._executor.submit(run_in_worker, function, job, items, limit)

    def _alone(self, function: Callable[[J, A], R], job: J, item: A, limit: Limit | None) -> R:
        """Return the result for an item that a process may have died of."""
        started = time.monotonic()
        try:
            return self._submit(function, job, [item], limit).result()[0]
        except BrokenProcessPool as error:
            if limit is not None and time.monotonic() - started > limit.seconds:
                late: R = limit.late(job, item, limit.seconds)
                return late
            raise SsgError(
                "a worker process ended unexpectedly", code="worker", hint="try `--jobs 1`, which needs less memory"
            ) from error

    def start(self, function: Callable[[J, A], R], job: J, item: A) -> None:
        """Start a process that will be needed soon; it runs `function(job, item)`, so as to be ready."""
        self._submit(function, job, [item], None)

    def warm_up(self, function: Callable[[J, A], R], job: J, item: A) -> None:
        """Have all processes that are there run `function(job, item)` while they wait for work, so as to be ready."""
        if self._executor is not None:
            for _ in range(self.jobs):
                self._submit(function, job, [item], None)

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


def start_processes(jobs: int) -> Executor:
    """Return a process pool. Forking is quick and shares memory, but safe only where there are no other threads."""
    forks = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if forks else "spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=prepare_worker, initargs=(os.getpid(),))


def _chunks(start: int, end: int, size: int, share: int) -> Iterator[slice]:
    """Yield slices of a range, no larger than `size` or than that part of what is left: all processes end together."""
    while start < end:
        following = start + max(1, min(size, (end - start) // share))
        yield slice(start, following)
        start = following
