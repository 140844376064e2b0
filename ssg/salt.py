"""The code that results are made by -> a digest, so that nothing is remembered across versions. No number to raise."""

import os
import sys
from functools import cache
from pathlib import Path

from ssg.engine.digest import digest


@cache
def salt() -> bytes:
    """Return a digest of this package's code, the versions of all installed packages, and Python's."""
    package = Path(__file__).parent
    code = [path.read_bytes() for path in sorted(package.rglob("*.py"))]
    return digest(sys.version.encode(), "\n".join(installed()).encode(), *code)


def installed() -> list[str]:
    """Return the names and versions of installed packages, as their metadata folders are named.

    Only names are read: asking each package for its version takes longer than an unchanged build.
    """
    names: set[str] = set()
    for folder in sys.path:
        try:
            entries = os.listdir(folder)  # noqa: PTH208 - names only
        except OSError:
            continue
        names.update(name for name in entries if name.endswith((".dist-info", ".egg-info")))
    return sorted(names)
