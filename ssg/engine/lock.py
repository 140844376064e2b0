"""A file that one process holds at a time."""

import sys
from pathlib import Path
from typing import IO

from ssg.errors import PublishError


def lock(path: Path) -> IO[bytes]:
    """Return the file at `path`, held for this process alone until it is closed or the process ends.

    Raises:
        PublishError: When another process holds it.
    """
    file = path.open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise PublishError(
            "another build is writing to this output folder",
            code="output-busy",
            path=str(path.parent.parent),
            hint="wait for it to end, or build into another folder with `-d`",
        ) from error
    return file


def unlock(file: IO[bytes]) -> None:
    """Let go of what `lock` returned. Worker processes that were forked meanwhile hold the same file open."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_UN)
    file.close()
