"""Single changes as they come -> batches that belong together: one for each time that an editor saves."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MOMENT_S = 0.004
"""When files were closed after writing, others that are saved with them follow within this time."""
QUIET_S = 0.05
"""A file that is being written, for all we know, is left alone until nothing has changed for so long."""
GONE_S = 0.25
"""Some editors move a page away, or empty it, before they write it again: it may be away for so long."""
BURST_S = 0.25
"""Where many files change, as in a checkout, a batch ends when nothing has changed for so long."""
FEW = 8
"""As many paths change when an editor saves: the page, and files for a moment beside it."""
LONGEST_S = 5.0
"""A batch waits no longer than this, whatever goes on changing."""


class Changes:
    """What has changed, and was not taken yet."""

    def __init__(self, is_page: Callable[[Path], bool]) -> None:
        """Be told by `is_page` which files are pages that the site has."""
        self._is_page = is_page
        self._paths: dict[Path, bool] = {}
        self._latest = 0.0
        self._event = asyncio.Event()

    def add(self, path: Path, whole: bool) -> None:
        """Note a change; `whole` says that nothing more of it is to be expected."""
        self._paths[path] = whole
        self._latest = time.monotonic()
        self._event.set()

    async def come(self, timeout: float | None) -> bool:
        """Wait for a change, so many seconds at most; return whether there is one."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), timeout)
        return bool(self._paths)

    async def batch(self) -> frozenset[Path]:
        """Wait until nothing seems to be under way, and take all changes."""
        started = time.monotonic()
        while (left := self._latest + self._patience() - time.monotonic()) > 0:
            if time.monotonic() - started > LONGEST_S:
                break
            self._event.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._event.wait(), left)
        paths = frozenset(self._paths)
        self._paths.clear()
        self._event.clear()
        return paths

    def _patience(self) -> float:
        """Return how long after the last change a batch ends."""
        if len(self._paths) > FEW:
            return BURST_S
        patience = MOMENT_S
        for path, whole in self._paths.items():
            if self._is_page(path) and not _holds_something(path):
                return GONE_S
            if not whole and path.exists():
                patience = QUIET_S
        return patience


def _holds_something(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False
