"""Work that goes on too long -> an end of it.

A timer's signal ends it where there are such timers and this is the main thread: Python looks for signals between its
own steps, and its regular expressions do so within a match. Where that is of no use, a worker process ends itself by a
thread of `faulthandler`, which needs nothing of Python any more: https://docs.python.org/3/library/faulthandler.html.
"""

import contextlib
import faulthandler
import gc
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple, TextIO

TICK_S = 0.25
"""So often a timer's signal has a look at the time."""
GRACE_S = 2.0
"""A worker that no signal gets out of its work has this much longer."""


class Limit(NamedTuple):
    """How long the work on one item may take."""

    seconds: float
    late: Callable[[Any, Any, float], Any]
    """Returns what stands for the result, given the job, the item and the seconds."""


class Overtime(BaseException):
    """Raised wherever the work is at that takes too long; nobody takes it for an exception of their own."""


_deadline = math.inf
_parent = 0
"""In a worker: the process that it works for."""


def is_stoppable() -> bool:
    """Say whether what runs here can be stopped without ending the process."""
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def run(function: Callable[[Any, Any], Any], job: Any, item: Any, limit: Limit | None) -> Any:
    """Return `function(job, item)`, or what stands for it if it takes too long and can be stopped here."""
    if limit is None or not is_stoppable():
        return function(job, item)
    try:
        with _timed(limit.seconds):
            return function(job, item)
    except Overtime:
        return limit.late(job, item, limit.seconds)


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    global _deadline
    before = signal.signal(signal.SIGALRM, _tick)
    _deadline = time.monotonic() + seconds
    signal.setitimer(signal.ITIMER_REAL, min(TICK_S, seconds), TICK_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        _deadline = math.inf
        signal.signal(signal.SIGALRM, before)


def _tick(number: int, frame: FrameType | None) -> None:
    if _parent and os.getppid() != _parent:
        os._exit(1)
    if time.monotonic() >= _deadline:
        raise Overtime


def run_in_worker(
    function: Callable[[Any, Any], Any], job: Any, items: Sequence[Any], limit: Limit | None
) -> list[Any]:
    """Return `run` of each item. Should a signal not end it in time, the process ends."""
    results = []
    armed = -math.inf
    try:
        for item in items:
            now = time.monotonic()
            if limit is not None and _nowhere is not None and now - armed > GRACE_S / 2:  # it takes 50 µs
                faulthandler.dump_traceback_later(limit.seconds + GRACE_S, exit=True, file=_nowhere)
                armed = now
            results.append(run(function, job, item, limit))
    finally:
        faulthandler.cancel_dump_traceback_later()
    return results


_nowhere: TextIO | None = None


def prepare_worker(parent: int) -> None:
    """In a worker: leave Ctrl-C to the parent, and end when it is gone, however it went."""
    global _nowhere, _parent
    _parent = parent
    _nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process lives
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()  # what was loaded before stays: the collector need not look through it again and again

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        with contextlib.suppress(OSError):
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
