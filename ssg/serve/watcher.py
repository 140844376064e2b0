"""Files and folders -> calls as they change. What is told is a hint: a build looks at everything by itself."""

import logging
import os
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from watchdog import events
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch
from watchdog.observers.polling import PollingObserver

GRACE_S = 0.3
"""How long what watches may take to end."""
POLL_S = 1.0
"""How often files are looked at where the system does not tell of changes."""
TICK_S = 0.1
"""The clock by which files are stamped may be behind by so much."""
CHANGES = [
    events.FileCreatedEvent,
    events.FileModifiedEvent,
    events.FileClosedEvent,
    events.FileMovedEvent,
    events.FileDeletedEvent,
    events.DirCreatedEvent,
    events.DirMovedEvent,
    events.DirDeletedEvent,
]
"""All else is noise: a build itself opens and closes every file."""
WHOLE = (events.FileClosedEvent, events.FileMovedEvent, events.FileDeletedEvent, events.DirMovedEvent)
"""After these nothing more is to be expected of a file that is being saved."""
PROBE = Path(__file__).parent
"""A folder in which nothing happens. That it cannot be watched says that no more folders can be."""


class Watched(NamedTuple):
    """What to watch, whether it exists or not: folders with all that is in them, and single files."""

    folders: frozenset[Path]
    files: frozenset[Path]
    ignored: frozenset[Path]
    """Folders below these that do not count."""


class Watcher(events.FileSystemEventHandler):
    """Tells that something has changed."""

    def __init__(self, root: Path, changed: Callable[[Path, bool], object], say: Callable[[str], None]) -> None:
        """Call `changed` in a thread of its own with what has, and whether it is complete; `say` is told of trouble."""
        self._root = root
        self._changed = changed
        self._say = say
        self._watched = Watched(frozenset(), frozenset(), frozenset())
        self._above: frozenset[Path] = frozenset()
        self._watches: dict[tuple[Path, bool], ObservedWatch] = {}
        self._stale = True
        self._polls = False
        self._ended = False
        self._turn = threading.Lock()
        """Whoever ends it waits until what is being watched is settled: watchdog is not made for both at once."""
        self._log = _Log(self._lost)
        logger = logging.getLogger("watchdog")
        logger.addHandler(self._log)
        logger.propagate = False
        self._observer: Any = Observer()
        try:
            self._observer.start()
        except OSError as error:
            self._poll(error)

    def watch(self, watched: Watched, since: float = 0.0) -> bool:
        """Watch this, and nothing else.

        Returns:
            Whether something is watched that was not before, and may have changed after `since` (seconds since 1970).
        """
        with self._turn:
            return not self._ended and self._watch(watched, since)

    def _watch(self, watched: Watched, since: float) -> bool:
        if watched == self._watched and not self._stale:
            return False
        if self._stale:  # a folder that was deleted and made again is another one, with the watch on the old
            self._observer.unschedule_all()
            self._watches.clear()
        self._watched, self._stale = watched, False
        self._above = frozenset(parent for path in (*watched.folders, *watched.files) for parent in path.parents)
        wanted = {(path, True) for path in watched.folders if path.is_dir()}
        wanted |= {(_parent(path), False) for path in (*watched.folders, *watched.files)}
        before = self._watches.keys() | set()
        try:
            self._schedule(wanted)
        except OSError as error:
            self._poll(error)
            self._schedule(wanted)
        new = self._watches.keys() - before
        places = {folder for folder, _ in new}
        # That a file has gone, or is another one, shows in the folder around it.
        looked_at = {*places, *(file for file in watched.files if file.parent in places)}
        return any(recursive for _, recursive in new) or any(_is_newer(path, since) for path in looked_at)

    def close(self) -> None:
        """Watch no more."""
        with self._turn:
            self._ended = True
            logging.getLogger("watchdog").removeHandler(self._log)
            self._observer.stop()
            with suppress(RuntimeError):  # it never started
                self._observer.join(GRACE_S)

    def dispatch(self, event: events.FileSystemEvent) -> None:
        """Look whether an event concerns us."""
        for name in (event.src_path, event.dest_path):
            path = Path(os.fsdecode(name))
            if name and self._concerns(path):
                # Only what is around a source can make watches stale, or new ones necessary.
                self._stale |= event.is_directory and (path in self._above or path in self._watched.folders)
                self._changed(path, isinstance(event, WHOLE))

    def _concerns(self, path: Path) -> bool:
        around = (path, *path.parents)
        if any(one in self._watched.ignored for one in around):
            return False
        # While the configuration is broken, it is not known which other it inherits from, nor what a hook imports.
        if path.parent == self._root and path.suffix in (".yml", ".yaml", ".py"):
            return True
        if path in self._watched.files or path in self._above:
            return True
        return any(one in self._watched.folders for one in around)

    def _schedule(self, wanted: Iterable[tuple[Path, bool]]) -> None:
        wanted = {*wanted} if self._polls else {*wanted, (PROBE, False)}
        for key in self._watches.keys() - wanted:
            self._observer.unschedule(self._watches.pop(key))
        # The probe last: that a folder within another one could not be watched is told nowhere.
        for folder, recursive in sorted(wanted - self._watches.keys(), key=lambda one: (one[0] == PROBE, one)):
            with suppress(FileNotFoundError, NotADirectoryError):  # gone a moment ago; the folder around it is watched
                watch = self._observer.schedule(self, str(folder), recursive=recursive, event_filter=CHANGES)
                self._watches[folder, recursive] = watch

    def _poll(self, error: OSError) -> None:
        """Do without the system, which does not let us watch (all of) the files."""
        self._say(f"cannot watch all files ({error.strerror or error}): looking for changes every second instead")
        self._observer.stop()
        with suppress(RuntimeError):
            self._observer.join(GRACE_S)
        self._polls = True
        self._observer = PollingObserver(timeout=POLL_S)
        self._observer.start()
        self._watches.clear()

    def _lost(self) -> None:
        """Look at everything: there were more changes at once than the system can tell of, or it failed to."""
        if not self._log.told:
            self._log.told = True
            self._say("changes were lost, as there were too many at once: looking at all files")
        self._stale = True
        self._changed(self._root, False)


class _Log(logging.Handler):
    """Hears from watchdog's log what it tells in no other way."""

    def __init__(self, lost: Callable[[], None]) -> None:
        super().__init__(logging.WARNING)
        self._lost = lost
        self.told = False

    def emit(self, record: logging.LogRecord) -> None:
        self._lost()


def _is_newer(path: Path, since: float) -> bool:
    try:
        status = path.stat()
    except OSError:
        return False
    return max(status.st_mtime, status.st_ctime) >= since - TICK_S


def _parent(path: Path) -> Path:
    return next(folder for folder in path.parents if folder.is_dir())
