"""A folder and a name -> a small site to start from."""

import json
import os
from importlib.resources import files
from pathlib import Path

from ssg.config.file import FILE_NAMES
from ssg.errors import ContentError

FILES = (
    "ssg.yml",
    "content/index.md",
    "content/guide/index.md",
    "content/guide/writing.md",
    ".gitignore",
    ".github/workflows/docs.yml",
)
"""What is made. The texts are in `ssg/starter`, where no name begins with a dot: tools would act on it, or skip it."""


def scaffold(folder: Path, name: str) -> list[str]:
    """Make a site in a folder, which may exist and hold other files.

    Args:
        folder: Where.
        name: The site's name; empty to make it from the folder's.

    Returns:
        The files that were made, relative to the folder.

    Raises:
        ContentError: When a file would be overwritten, or there is a site already. Nothing is written then.
        OSError: When the folder cannot be written.
    """
    _refuse(folder)
    starter = files("ssg") / "starter"
    title = _printable(name) or _title(folder)
    for path in FILES:
        text = starter.joinpath(*path.removeprefix(".").split("/")).read_text(encoding="utf-8")
        if path == "ssg.yml":
            # a JSON string is a YAML string, whatever is in it
            text = text.replace("SITE_NAME", json.dumps(title, ensure_ascii=False))
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return list(FILES)


def _refuse(folder: Path) -> None:
    existing = [path for path in dict.fromkeys((*FILES, *FILE_NAMES)) if os.path.lexists(folder / path)]
    around = dict.fromkeys(parent for path in FILES for parent in (folder / path).parents)
    existing += [str(path) for path in around if os.path.lexists(path) and not path.is_dir()]
    if existing:
        raise ContentError(
            f"there is something in the way: {', '.join(existing)}",
            code="exists",
            path=str(folder),
            hint="name a new folder; nothing was written",
        )


def _title(folder: Path) -> str:
    words = _printable(folder.resolve().name.replace("-", " ").replace("_", " "))
    return words[:1].upper() + words[1:] if words else "My site"


def _printable(name: str) -> str:
    """Return the name on one line, without what YAML could not hold."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
