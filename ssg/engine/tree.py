"""A project folder -> its files and their digests, each file read only when its stat changed."""

import os
import stat
import time
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ssg.engine.digest import ABSENT, UNREADABLE, decode, digest, encode

RACY_NS = 2_000_000_000
"""A file changed this short a time ago may change again within one tick of its clock: its stat proves nothing yet."""


class Stamp(NamedTuple):
    """What tells cheaply that a file is unchanged. The change time cannot be set back by a program."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Known(NamedTuple):
    """A file's digest, true as long as its stat gives the same stamp."""

    stamp: Stamp
    digest: bytes


class Entry(NamedTuple):
    """A file found by `Tree.walk`. `problem` says why it cannot be used, where that is so."""

    path: str
    problem: str = ""


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp of a file's stat."""
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


class Tree:
    """The files of a project as one build sees them.

    Paths are relative to the project's folder, with forward slashes; `../x` is outside of it. A path that begins
    with the name of a mount (`@theme/base.html`) lies in that mount's folder, so that where a package is installed is
    part of no digest.
    """

    def __init__(self, root: Path, mounts: Mapping[str, Path], known: Mapping[str, Known]) -> None:
        """Look at the project in `root`; `known` holds what an earlier build found out."""
        self.root = root
        self.mounts = dict(mounts)
        self._known = known
        self._digests: dict[str, bytes] = {}
        self._stats: dict[str, os.stat_result] = {}
        self.learned: dict[str, Known] = {}
        self.linked: set[Path] = set()
        """Where symbolic links lead to that were followed."""

    @property
    def places(self) -> bytes:
        """Where the files are, as other processes are told it."""
        return encode_places(self.root, self.mounts)

    def locate(self, path: str) -> Path:
        """Return where on the disk a path is."""
        return locate(self.root, self.mounts, path)

    def digest(self, path: str) -> bytes:
        """Return the digest of a file's content, of a folder's names if the path ends in a slash, or `ABSENT`."""
        found = self._digests.get(path)
        if found is None:
            found = self._digests[path] = self._listing(path) if path.endswith("/") else self._look(path)
        return found

    def walk(self, folder: str, *, hidden: bool = False) -> Iterator[Entry]:
        """Yield every file below a folder in a fixed order; names that begin with a dot only if `hidden`.

        A symbolic link that leads out of the project, nowhere or in a circle is yielded with its problem.
        """
        root = self.root.resolve()
        top = self.locate(folder)
        yield from self._walk(
            str(top), "" if folder == "." else folder, root, frozenset({os.path.realpath(top)}), hidden
        )

    def _walk(self, where: str, path: str, root: Path, above: frozenset[str], hidden: bool) -> Iterator[Entry]:
        with os.scandir(where) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
        for entry in entries:
            name = entry.name
            if name.startswith(".") and not hidden:
                continue
            inner = f"{path}/{name}" if path else name
            try:
                name.encode()
            except UnicodeEncodeError:
                yield Entry(inner.encode(errors="replace").decode(), "its name is not UTF-8")
                continue
            if "\n" in name or "\r" in name:
                yield Entry(inner, "its name has a line break")
                continue
            below = above
            if entry.is_symlink():
                real = os.path.realpath(entry.path)
                if not os.path.exists(real):  # noqa: PTH110 - millions of these add up: no Path objects here
                    yield Entry(inner, "it is a symbolic link to nothing")
                    continue
                if not Path(real).is_relative_to(root):
                    yield Entry(inner, "it is a symbolic link out of the project")
                    continue
                if real in above or Path(os.path.realpath(where)).is_relative_to(real):
                    yield Entry(inner, "it is a symbolic link to a folder around it")
                    continue
                if len(above) > 1 and os.path.isdir(real):  # noqa: PTH112
                    # links among folders can be followed in more ways than anybody has time for
                    yield Entry(inner, "it is a symbolic link to a folder, within a folder that is reached by one")
                    continue
                below = above | {real}
                self.linked.add(Path(real))
            if entry.is_dir():
                yield from self._walk(entry.path, inner, root, below, hidden)
                continue
            status = entry.stat()
            if not stat.S_ISREG(status.st_mode):
                yield Entry(inner, "it is not a regular file")
                continue
            self._stats[inner] = status
            yield Entry(inner)

    def _look(self, path: str) -> bytes:
        where = self.locate(path)
        try:
            status = self._stats.pop(path, None) or where.stat()
        except (OSError, ValueError):
            return ABSENT
        if stat.S_ISDIR(status.st_mode):
            return ABSENT
        stamp = stamp_of(status)
        known = self._known.get(path)
        if known is not None and known.stamp == stamp:
            return known.digest
        try:
            found = digest(where.read_bytes())
        except FileNotFoundError:
            return ABSENT
        except OSError:
            return UNREADABLE
        if time.time_ns() - max(stamp.mtime_ns, stamp.ctime_ns) > RACY_NS:
            self.learned[path] = Known(stamp, found)
        return found

    def _listing(self, path: str) -> bytes:
        try:
            return listing_digest(os.listdir(self.locate(path)))  # noqa: PTH208 - names only
        except OSError:
            return ABSENT


def locate(root: Path, mounts: Mapping[str, Path], path: str) -> Path:
    """Return where on the disk the path of a `Tree` is."""
    if path.startswith("@"):
        mount, _, rest = path.partition("/")
        if mount in mounts:
            return mounts[mount] / rest
    return root / path


def encode_places(root: Path, mounts: Mapping[str, Path]) -> bytes:
    """Return where the files of a `Tree` are, as other processes are told it."""
    return encode((str(root), {name: str(path) for name, path in mounts.items()}))


@lru_cache(maxsize=2)  # for each page that is parsed, it is the same
def decode_places(data: bytes) -> tuple[Path, dict[str, Path]]:
    """Return the root and the mounts that were encoded."""
    root, mounts = decode(data, tuple[str, dict[str, str]])
    return Path(root), {name: Path(path) for name, path in mounts.items()}


def listing_digest(names: list[str]) -> bytes:
    """Return the digest of a folder's content as far as names go."""
    return digest("\0".join(sorted(names)).encode(errors="surrogateescape"))
