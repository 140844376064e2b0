"""Work in progress -> a bar on the terminal, for work that takes longer than a second."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ssg.engine.pool import Progress

PATIENCE_S = 1.0


@contextmanager
def progress(*, shown: bool) -> Iterator[Progress | None]:
    """Give a function to be told of progress, or None where there is nobody to see it."""
    if not shown or not sys.stderr.isatty():
        yield None
        return
    started = time.monotonic()
    bar: Any = None
    tasks: dict[str, Any] = {}

    def tell(name: str, done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            if time.monotonic() - started < PATIENCE_S or done == total:
                return
            # loaded only now: most builds are over before
            from rich.console import Console
            from rich.progress import Progress as Bar

            bar = Bar(console=Console(stderr=True), transient=True)
            bar.start()
        if name not in tasks:
            tasks[name] = bar.add_task(name, total=total)
        bar.update(tasks[name], completed=done, total=total)

    try:
        yield tell
    finally:
        if bar is not None:
            bar.stop()
