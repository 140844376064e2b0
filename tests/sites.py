"""Sites for tests: files from a text, a build of them, and what lies in the output folder."""

import html
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ssg.build import Builder
from ssg.config import load
from ssg.options import Options, Result

THEME_FILES = ("assets/", "all-pages.html", "404.html")


def write(root: Path, files: Mapping[str, str | bytes | None]) -> None:
    """Write files below a folder; None deletes one."""
    for name, text in files.items():
        path = root / name
        if text is None:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def build(root: Path, *, output: str = "", jobs: int = 1, **options: Any) -> Result:
    """Build the site in a folder as the command does."""
    overrides = {"site_dir": output} if output else {}
    loaded = load(None, cwd=root, overrides=overrides)
    builder = Builder(loaded, replace(Options(jobs=jobs, strict=loaded.config.strict), **options))
    try:
        return builder.build()
    finally:
        builder.close()


def outputs(folder: Path) -> dict[str, bytes]:
    """Return all files in an output folder by path, but for the lock, which is empty in any case."""
    if not folder.is_dir():
        return {}
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


def pages(folder: Path) -> list[str]:
    """Return the paths in an output folder that come from the project and not from the default theme."""
    found = [path for path in outputs(folder) if not path.startswith((*THEME_FILES, ".ssg/", "search/", "llms"))]
    return [path for path in found if not path.endswith(".md")]


def targets(page: bytes) -> list[str]:
    """Return what a page's HTML refers to, in order."""
    found = re.findall(r"""<[^>]*?\s(?:href|src)=("[^"]*"|'[^']*')""", page.decode())
    return [html.unescape(one[1:-1]) for one in found]
