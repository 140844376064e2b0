r"""Planned outputs -> files in the output folder, each whole at any time, and only where something changed.

New files are first written to a staging folder. Only when all are there are they moved over the old ones, one by one
(a rename is atomic), and files are deleted that an earlier build published and this one does not. The manifest in
the output folder lists what is ours: nothing else is ever deleted. It holds a line for each file, sorted:
`digest size path`, the digest in hexadecimal, the path relative to the output folder.
"""

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ssg.engine.digest import digest
from ssg.engine.lock import lock, unlock
from ssg.engine.store import Store, Written
from ssg.engine.tree import Stamp, stamp_of
from ssg.errors import PublishError

PRIVATE = ".ssg"
MANIFEST = "manifest"
LONGEST_NAME = 255
"""Bytes of a name: more than that no common file system takes."""


class Publisher:
    """An output folder, from the moment that this build has it for itself."""

    def __init__(self, folder: Path, project: Path, sources: Path, store: Store, *, adopt: bool = False) -> None:
        """Take hold of the output folder, and make it if need be.

        Args:
            folder: The output folder.
            project: The project's folder, which the output may be in but not be.
            sources: The content folder, which the output may neither be nor be in nor hold.
            store: Where it is remembered what was published.
            adopt: Take over a folder that is not empty and has no manifest; what is in it is kept.

        Raises:
            PublishError: When the folder is not ours or cannot be written, or another build holds it.
        """
        self.folder = folder
        self.store = store
        refuse(folder, project, sources)
        self._private = folder / PRIVATE
        self._staging = self._private / "staging"
        self._manifest = self._private / MANIFEST
        self._name = str(folder.resolve())
        self._staged: dict[str, tuple[bytes, int]] = {}
        self._places: dict[str, str] = {}
        self.changed: list[str] = []
        """The files that `commit` wrote or deleted."""
        with self._telling(folder):
            self._refuse_foreign(adopt)
            self._private.mkdir(parents=True, exist_ok=True)
            self._lock = lock(self._private / "lock")
        try:
            self._look(store)
        except BaseException:
            unlock(self._lock)
            raise

    def _look(self, store: Store) -> None:
        with self._telling(self.folder):
            self._manifest_before = self._read_manifest()
            self._on_disk = dict(scan(self.folder))
            self._written = {
                path: one
                for path, one in store.outputs(self._name).items()
                if self._on_disk.get(path) == one.stamp
                and self._manifest_before.get(path) == (one.digest, one.stamp.size)
            }
            shutil.rmtree(self._staging, ignore_errors=True)
            self._staging.mkdir()

    def has(self, path: str, key: bytes) -> bool:
        """Say whether the file at `path` stands as it was made from `key`."""
        written = self._written.get(path)
        return written is not None and written.key == key

    def holds(self, path: str) -> bool:
        """Say whether there is a file at `path` as an earlier build published it, whatever it was made from."""
        return path in self._written

    def stage(self, path: str, data: bytes) -> None:
        """Put a new file's content aside until `commit`.

        Raises:
            PublishError: When it cannot be written, because the disk is full for one.
        """
        found = digest(data)
        self._staged[path] = (found, len(data))
        if not self._stands(path, found):
            target = self._place(path)
            with self._telling(self._staging), open(target, "wb") as file:
                file.write(data)

    def stage_copy(self, path: str, source: Path, found: bytes) -> None:
        """Put a copy of the file `source`, whose content has the digest `found`, aside until `commit`.

        Raises:
            PublishError: When it cannot be copied.
        """
        if self._stands(path, found):
            self._staged[path] = (found, self._on_disk[path].size)
            return
        target = self._place(path)
        with self._telling(self._staging):
            shutil.copyfile(source, target)
            self._staged[path] = (found, os.stat(target).st_size)

    def commit(self, planned: Mapping[str, bytes]) -> int:
        """Make the output folder hold exactly the planned files, each made from its key; return how many changed.

        Raises:
            PublishError: When a file cannot be moved or deleted.
        """
        written = {path: self._written[path] for path in planned if path not in self._staged}
        new: dict[str, Written] = {}
        gone = [path for path in self._manifest_before if path not in planned]
        self._refuse_to_overwrite()
        self._refuse_obstacles(frozenset(gone))
        lines = {path: (one.digest, one.stamp.size) for path, one in written.items()}
        lines.update({path: self._staged[path] for path in planned if path in self._staged})
        # Before a file is touched the manifest says that all of them are ours: should we be killed, the next build
        # may delete and replace any of them.
        self._write_manifest({**self._manifest_before, **lines})
        # Deleted first: a folder may have to make way for a file of its name, or a file for a folder.
        for path in gone:
            if self._delete(path):
                self.changed.append(path)
        made: set[str] = set()
        for path in planned:
            if path in self._staged:
                found, _ = self._staged[path]
                target = f"{self.folder}/{path}"
                with self._telling(self.folder):
                    if path in self._places:
                        parent = os.path.dirname(target)
                        if parent not in made:
                            os.makedirs(parent, exist_ok=True)
                            made.add(parent)
                        os.replace(self._places[path], target)
                        self.changed.append(path)
                    new[path] = Written(planned[path], found, stamp_of(os.stat(target)))
        self._write_manifest(lines)
        self.store.save_outputs(self._name, new, gone)
        return len(self.changed)

    def close(self) -> None:
        """Let go of the output folder, and drop what was staged and not committed."""
        shutil.rmtree(self._staging, ignore_errors=True)
        unlock(self._lock)

    def _place(self, path: str) -> str:
        """Return where a file is staged: all in one folder, since making thousands of them takes long."""
        return self._places.setdefault(path, f"{self._staging}/{len(self._places)}")

    def _stands(self, path: str, found: bytes) -> bool:
        """Say whether the file at `path` has this content already."""
        written = self._written.get(path)
        if written is not None:
            return written.digest == found
        if path not in self._on_disk or self._manifest_before.get(path, (b"", 0))[0] != found:
            return False
        return digest((self.folder / path).read_bytes()) == found  # the cache is lost, the site is not

    def _delete(self, path: str) -> bool:
        target = self.folder / path
        if path not in self._on_disk:  # gone already, or behind a symbolic link, where nothing is ours
            return False
        with self._telling(target):
            try:
                target.unlink()
            except (FileNotFoundError, NotADirectoryError):
                return False
            for parent in target.parents:
                if parent == self.folder:
                    break
                try:
                    parent.rmdir()
                except OSError:
                    break
        return True

    def _refuse_foreign(self, adopt: bool) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise PublishError("the output folder is a file", path=str(self.folder), hint="name another with `-d`")
        if adopt or self._manifest.is_file() or not self.folder.is_dir():
            return
        foreign = [
            name
            for name in sorted(path.name for path in self.folder.iterdir())
            if name not in (PRIVATE, ".gitkeep", ".gitignore")
        ]
        if foreign:
            raise PublishError(
                f"the output folder holds files that ssg did not make ({', '.join(foreign[:3])}"
                + (", …)" if len(foreign) > 3 else ")"),
                code="output-not-ours",
                path=str(self.folder),
                hint="name an empty folder with `-d` or `site_dir`, empty this one, or keep its files with `--adopt`",
            )

    def _refuse_to_overwrite(self) -> None:
        for path in self._staged:
            target = f"{self.folder}/{path}"
            if path not in self._manifest_before and os.path.lexists(target):
                if os.path.isdir(target) and not os.path.islink(target):
                    continue
                raise PublishError(
                    "a file that ssg did not make is where a file of the site belongs",
                    code="output-not-ours",
                    path=target,
                    hint="move it into the content folder, or away; nothing was changed",
                )

    def _refuse_obstacles(self, gone: frozenset[str]) -> None:
        """Look for what would stop the moving half-way: afterwards the old site could not be had back."""
        kept = {parent for path in self._on_disk if path not in gone for parent in parents(path)}
        emptied = {parent for path in gone for parent in parents(path)}
        clear: set[str] = set()
        for path in self._places:
            around = [parent for parent in parents(path) if parent not in clear]
            where = next((one for one in reversed(around) if one not in gone and self._is_no_folder(one)), "")
            clear.update(around)
            if path in kept or (os.path.isdir(f"{self.folder}/{path}") and path not in emptied):
                where = path
            if where:
                raise PublishError(
                    "a file or a folder that is not ours to delete is where the site needs another",
                    code="output-not-ours",
                    path=str(self.folder / where),
                    hint="move it away; nothing was changed",
                )
            if any(len(os.fsencode(part)) > LONGEST_NAME for part in path.split("/")):
                message = "the name of a file of the site is too long for most disks"
                raise PublishError(message, path=path, hint="shorten the name of the page; nothing was changed")

    def _is_no_folder(self, path: str) -> bool:
        there = f"{self.folder}/{path}"
        return os.path.islink(there) or (os.path.exists(there) and not os.path.isdir(there))

    def _read_manifest(self) -> dict[str, tuple[bytes, int]]:
        try:
            text = self._manifest.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        except UnicodeDecodeError:
            text = ""
        lines: dict[str, tuple[bytes, int]] = {}
        for line in text.split("\n"):  # and at nothing else that Python calls a line: it may be in a name
            with contextlib.suppress(ValueError):  # a damaged line: the file that it spoke of is left alone
                found, size, path = line.split(" ", 2)
                if is_inside(path):
                    lines[path] = (bytes.fromhex(found), int(size))
        return lines

    def _write_manifest(self, lines: Mapping[str, tuple[bytes, int]]) -> None:
        if lines == self._manifest_before and self._manifest.exists():
            return
        text = "".join(f"{found.hex()} {size} {path}\n" for path, (found, size) in sorted(lines.items()))
        with self._telling(self._manifest):
            new = self._private / "manifest.new"
            new.write_text(text, encoding="utf-8")
            new.replace(self._manifest)
        self._manifest_before = dict(lines)

    @contextlib.contextmanager
    def _telling(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            where = error.filename if isinstance(error.filename, str) else str(path)
            raise PublishError(
                f"cannot write the site: {error.strerror or error}",
                path=where,
                hint="the site that was there before is unchanged, unless a file was already replaced by a newer one",
            ) from error


def published_before(store: Store, folder: Path) -> dict[str, bytes]:
    """Return the keys from which the files of an output folder were made when it was published last, by path."""
    return {path: one.key for path, one in store.outputs(str(folder.resolve())).items()}


def refuse(folder: Path, project: Path, sources: Path) -> None:
    """Refuse an output folder in which deleting or overwriting files could hurt.

    Raises:
        PublishError: When it is the project, the sources, the home folder, a folder around one of them, or in the
            sources.
    """
    real, root, content = folder.resolve(), project.resolve(), sources.resolve()
    home = Path.home().resolve()
    here = Path.cwd().resolve()
    why = ""
    if real == root or real in root.parents:
        why = "it is the project's folder, or around it"
    elif real == here or real in here.parents:
        why = "it is the current folder, or around it"
    elif real == content or real in content.parents or content in real.parents:
        why = "it overlaps the content folder"
    elif real == home or real in home.parents:
        why = "it is the home folder, or around it"
    if why:
        raise PublishError(
            f"refusing to build into this folder: {why}",
            code="output-unsafe",
            path=str(real),
            hint="name a folder of its own with `-d` or `site_dir`, such as `output`",
        )


def remove(folder: Path, project: Path, sources: Path) -> int:
    """Delete all that was published to an output folder, and the folder if it is empty then; return how many files.

    Raises:
        PublishError: When the folder is one that may not be an output folder, or another build holds it.
    """
    if not (folder / PRIVATE / MANIFEST).is_file():
        return 0
    store = Store(None)
    try:
        publisher = Publisher(folder, project, sources, store)
        try:
            count = publisher.commit({})
        finally:
            publisher.close()
    finally:
        store.close()
    if [path.name for path in folder.iterdir()] == [PRIVATE]:
        shutil.rmtree(folder)
    # where files of others remain, the empty manifest says that the folder is ours to build into
    return count


def parents(path: str) -> Iterator[str]:
    """Yield the folders around a path of the output folder, the innermost first."""
    while path := path.rpartition("/")[0]:
        yield path


def is_inside(path: str) -> bool:
    """Say whether a path relative to the output folder stays in it."""
    if sys.platform == "win32" and (path.startswith("\\") or ":" in path[:2]):
        return False
    return bool(path) and not path.startswith("/") and ".." not in path.split("/")


def scan(folder: Path) -> Iterator[tuple[str, Stamp]]:
    """Yield the path below the folder and the stamp of each regular file in it, but for our own private ones."""

    def below(where: str, prefix: str) -> Iterator[tuple[str, Stamp]]:
        with os.scandir(where) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if prefix or entry.name not in (PRIVATE, ".git"):
                        yield from below(entry.path, f"{prefix}{entry.name}/")
                elif entry.is_file(follow_symlinks=False):
                    yield prefix + entry.name, stamp_of(entry.stat(follow_symlinks=False))

    yield from below(str(folder), "")
