"""What builds found out -> one SQLite file, and back."""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ssg.engine.tree import Known, Stamp
from ssg.errors import CacheError

FORMAT = 1
"""Raised when the tables change. Another number, or a file that is not ours, means starting afresh."""

SCHEMA = """
CREATE TABLE files (path TEXT PRIMARY KEY, size INT, mtime INT, ctime INT, inode INT, digest BLOB) WITHOUT ROWID;
CREATE TABLE traces (id INTEGER PRIMARY KEY, stage TEXT, key BLOB, reads BLOB, parts BLOB);
CREATE INDEX traces_stage ON traces (stage);
CREATE TABLE parts (digest BLOB UNIQUE, data BLOB);
CREATE TABLE outputs (folder TEXT, path TEXT, key BLOB, digest BLOB, size INT, mtime INT, ctime INT, inode INT,
  PRIMARY KEY (folder, path)) WITHOUT ROWID;
"""


class Row(NamedTuple):
    """A remembered run of a stage: `reads` as the memo encodes them, `parts` as digests of 16 bytes in a row."""

    id: int
    reads: bytes
    parts: bytes


class Written(NamedTuple):
    """An output file as it was published: the key that it was made from, its content's digest, its stamp."""

    key: bytes
    digest: bytes
    stamp: Stamp


class Store:
    """The cache file. Nothing in it is trusted: a part that does not match its digest counts as missing."""

    def __init__(self, path: Path | None) -> None:
        """Open the cache at `path`, or one in memory if that is None.

        A damaged or foreign file is thrown away; `notice` then says so.

        Raises:
            CacheError: When the file cannot be made, or cannot be thrown away.
        """
        self.path = path
        self.notice = ""
        self.busy = False
        """Another process held the file for too long: nothing is wrong with it."""
        self._telling = _Telling(self)
        self._connection: sqlite3.Connection | None = None
        try:
            self._database = self._open()
        except UnicodeDecodeError:  # it is damaged where SQLite quotes it in what it says
            self.close()
            self._database = self._replace(sqlite3.DatabaseError("its schema is damaged"))
        except sqlite3.DatabaseError as error:
            self.close()
            self._database = self._replace(error)

    def _open(self) -> sqlite3.Connection:
        if self.path is not None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                ignore = self.path.parent / ".gitignore"
                if not ignore.exists():
                    ignore.write_text("*\n", encoding="utf-8")
            except OSError as error:
                raise sqlite3.OperationalError(str(error)) from error
        database = self._connection = sqlite3.connect(self.path or ":memory:", timeout=30, isolation_level=None)
        database.execute("PRAGMA page_size = 16384")  # of a new file: most parts are of some KiB
        # A cold build writes all pages once: with a write-ahead log it would write them twice, and sum them up besides.
        database.execute("PRAGMA journal_mode = DELETE")
        # What a power failure damages is found like any other damage; to wait for the disk would help nobody.
        database.execute("PRAGMA synchronous = OFF")
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version not in (0, FORMAT):
            raise sqlite3.DatabaseError("it was made by another version")
        if version == 0:
            database.execute("BEGIN IMMEDIATE")
            for statement in SCHEMA.split(";"):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {FORMAT}")
            database.execute("COMMIT")
        return database

    def _replace(self, error: sqlite3.DatabaseError) -> sqlite3.Connection:
        """Start afresh: in a new file, or in memory where the disk does not let us."""
        damaged = not isinstance(error, sqlite3.OperationalError) and self.path is not None
        if damaged and self.path is not None:
            try:
                self.discard()
                self.notice = f"the cache was thrown away: {error}"
                return self._open()
            except (OSError, sqlite3.DatabaseError) as second:
                error = second if isinstance(second, sqlite3.DatabaseError) else sqlite3.DatabaseError(str(second))
                self.close()
        self.notice = f"nothing is remembered, the cache cannot be used: {error}"
        self.path = None
        try:
            return self._open()
        except sqlite3.DatabaseError as second:
            raise CacheError(f"the cache cannot be used: {second}") from second

    def files(self) -> dict[str, Known]:
        """Return all remembered digests of files."""
        rows = self._rows("SELECT path, size, mtime, ctime, inode, digest FROM files")
        return {path: Known(Stamp(*stamp), digest) for path, *stamp, digest in rows if isinstance(digest, bytes)}

    def save_files(self, learned: dict[str, Known]) -> None:
        """Remember digests of files."""
        rows = [(path, *known.stamp, known.digest) for path, known in learned.items()]
        self._many("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", rows)

    def traces(self, stage: str) -> dict[bytes, list[Row]]:
        """Return all remembered runs of a stage by key, the newest first."""
        found: dict[bytes, list[Row]] = {}
        query = "SELECT id, key, reads, parts FROM traces WHERE stage = ? ORDER BY id DESC"
        for number, key, reads, parts in self._rows(query, (stage,)):
            found.setdefault(key, []).append(Row(number, reads, parts))
        return found

    def save_trace(self, stage: str, key: bytes, reads: bytes, parts: bytes) -> int:
        """Remember a run of a stage; return its number."""
        query = "INSERT INTO traces (stage, key, reads, parts) VALUES (?, ?, ?, ?)"
        with self._telling:
            self._begin()
            return self._database.execute(query, (stage, key, reads, parts)).lastrowid or 0

    def part(self, digest: bytes) -> bytes | None:
        """Return the bytes that a digest stands for, or None."""
        with self._telling:
            row = self._database.execute("SELECT data FROM parts WHERE digest = ?", (digest,)).fetchone()
            return None if row is None else bytes(row[0])

    def save_parts(self, parts: list[tuple[bytes, bytes]]) -> None:
        """Store bytes under their digests."""
        self._many("INSERT OR REPLACE INTO parts VALUES (?, ?)", parts)

    def outputs(self, folder: str) -> dict[str, Written]:
        """Return what was published to an output folder, by path."""
        query = "SELECT path, key, digest, size, mtime, ctime, inode FROM outputs WHERE folder = ?"
        rows = self._rows(query, (folder,))
        return {path: Written(key, digest, Stamp(*stamp)) for path, key, digest, *stamp in rows}

    def save_outputs(self, folder: str, written: dict[str, Written], gone: Iterable[str]) -> None:
        """Remember what was published to an output folder, and forget what is gone from it."""
        rows = [(folder, path, one.key, one.digest, *one.stamp) for path, one in written.items()]
        self._many("DELETE FROM outputs WHERE folder = ? AND path = ?", [(folder, path) for path in gone])
        self._many("INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def prune(self, used: set[int]) -> None:
        """Forget runs that this build did not use, once they outnumber those that it did."""
        (total,) = next(self._rows("SELECT count(*) FROM traces"))
        if total <= 2 * len(used) + 1000:
            return
        ids = [row for row in self._rows("SELECT id FROM traces") if row[0] not in used]
        self._many("DELETE FROM traces WHERE id = ?", ids)
        kept: set[bytes] = set()
        for (parts,) in self._rows("SELECT parts FROM traces"):
            kept.update(parts[i : i + 16] for i in range(0, len(parts), 16))
        gone = [row for row in self._rows("SELECT digest FROM parts") if row[0] not in kept]
        self._many("DELETE FROM parts WHERE digest = ?", gone)

    def commit(self) -> None:
        """Make all that was saved so far last."""
        with self._telling:
            if self._database.in_transaction:
                self._database.execute("COMMIT")

    def discard(self) -> None:
        """Throw the cache away: its file is damaged."""
        self.close()
        if self.path is not None:
            for suffix in ("", "-journal", "-wal", "-shm"):
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file. What was saved since the last commit is lost."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.DatabaseError):
                self._connection.close()
            self._connection = None

    def _rows(self, query: str, values: tuple[object, ...] = ()) -> Iterator[tuple[Any, ...]]:
        with self._telling:
            yield from self._database.execute(query, values)

    def _begin(self) -> None:
        """Begin to write. Until then nobody else is kept from it, so that a dev server does not block a build."""
        if not self._database.in_transaction:
            self._database.execute("BEGIN IMMEDIATE")

    def _many(self, query: str, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            with self._telling:
                self._begin()
                self._database.executemany(query, rows)


class _Telling:
    """Tells what SQLite raises as an error of the cache. It is entered for every part, so it is no generator."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.Error | UnicodeDecodeError | TypeError):
            self._store.busy = "locked" in str(error)
            path = str(self._store.path or "")
            raise CacheError(f"the cache failed: {error}", path=path, hint="run `ssg clean`") from error
