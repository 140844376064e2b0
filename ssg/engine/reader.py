"""What a step reads -> a record of it, so that the step is run again when any of it changes."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar, cast

from ssg.engine.digest import ABSENT, UNREADABLE, digest
from ssg.engine.tree import listing_digest, locate

V = TypeVar("V")

_current: ContextVar["Reader | None"] = ContextVar("current reader", default=None)


class Reader:
    """The only way to the disk for a step of the build. Looks for files that are missing are recorded too."""

    def __init__(self, root: Path, mounts: Mapping[str, Path], load: Callable[[bytes, Any], Any] | None = None) -> None:
        """Read below `root`; see `Tree` for how paths are written. `load` finds the results of other steps."""
        self.root = root
        self.mounts = mounts
        self._load = load
        self.reads: dict[str, bytes] = {}
        self._prefix = str(root) + os.sep
        # an environment within the project, or our own package in a checkout
        self._foreign = tuple(one for one in _INSTALLED if one.startswith(self._prefix))

    def read_bytes(self, path: str) -> bytes:
        """Return a file's content.

        Raises:
            OSError: When it is missing or cannot be read.
        """
        try:
            data = locate(self.root, self.mounts, path).read_bytes()
        except OSError as error:
            missing = isinstance(error, FileNotFoundError | IsADirectoryError | NotADirectoryError)
            self.reads[path] = ABSENT if missing else UNREADABLE
            raise
        except ValueError as error:  # a NUL in the name
            raise FileNotFoundError(path) from error
        self.reads[path] = digest(data)
        return data

    def read_text(self, path: str) -> str:
        """Return a file's content as text.

        Raises:
            OSError: When it is missing or cannot be read.
            UnicodeDecodeError: When it is not UTF-8.
        """
        return self.read_bytes(path).decode("utf-8-sig")

    def exists(self, path: str) -> bool:
        """Say whether a file (not a folder) is there."""
        try:
            self.read_bytes(path)
        except OSError:
            return False
        return True

    def names(self, folder: str) -> list[str]:
        """Return the sorted names in a folder; none if there is no such folder."""
        folder = folder.rstrip("/")
        try:
            names = sorted(os.listdir(locate(self.root, self.mounts, folder)))  # noqa: PTH208 - names only
        except OSError:
            self.reads[folder + "/"] = ABSENT
            return []
        self.reads[folder + "/"] = listing_digest(names)
        return names

    def value(self, part: bytes, kind: type[V]) -> V:
        """Return the part of another step's result whose digest stands in this step's argument.

        That needs no record: the digest is part of the key. A step that may run in another process asks only for what
        its stage names as `inputs`.
        """
        if self._load is None:
            raise LookupError("this step was not given the results of others")
        return cast(V, self._load(part, kind))

    def note(self, where: str) -> None:
        """Record a file that somebody else opens, unless it belongs to an installed package.

        What a library of Python itself reads is covered by the versions in the memo's salt.
        """
        where = os.path.abspath(where)  # noqa: PTH100 - no symbolic link may be followed here
        mine = where.startswith(self._prefix)
        if where.endswith(".pyc") or (where.startswith(_INSTALLED) and not mine) or where.startswith(self._foreign):
            return
        if mine:
            path = where[len(self._prefix) :].replace(os.sep, "/")
        else:
            try:
                path = os.path.relpath(where, self.root).replace(os.sep, "/")
            except ValueError:  # another drive
                path = where
        if path in self.reads or path.startswith(".ssg/"):
            return
        self.reads[path] = ABSENT  # opening it below to hash it must not come back here
        try:
            self.reads[path] = digest(Path(where).read_bytes())
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            pass
        except OSError:
            self.reads[path] = UNREADABLE

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Record also the files that are opened without this reader in the block, by Markdown extensions for one."""
        _listen()
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)


_PACKAGE = Path(__file__).parents[1]
_INSTALLED = tuple(
    {str(Path(p).absolute()) + os.sep for p in (sys.prefix, sys.base_prefix, _PACKAGE, "/usr", "/dev", "/proc")}
)
_listening = False


def _listen() -> None:
    """Have Python tell of every file that it opens: https://docs.python.org/3/library/audit_events.html."""
    global _listening
    if not _listening:
        _listening = True
        sys.addaudithook(_opened)


def _opened(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open":
        return
    reader = _current.get()
    if reader is None:
        return
    path, _mode, flags = arguments
    if isinstance(path, int) or (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)):
        return
    token = _current.set(None)
    try:
        reader.note(os.fsdecode(path))
    finally:
        _current.reset(token)
