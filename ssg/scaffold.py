"""A folder and a name -> a small site to start from; a site that is there -> its workflow for GitHub Pages."""

import json
import os
import posixpath
import re
import shlex
from importlib.resources import files
from pathlib import Path

from ssg.config.file import FILE_NAMES
from ssg.errors import ContentError

WORKFLOW = ".github/workflows/docs.yml"
FILES = (
    "ssg.yml",
    "content/index.md",
    "content/guide/index.md",
    "content/guide/writing.md",
    ".gitignore",
    WORKFLOW,
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
    title = _printable(name) or _title(folder)
    for path in FILES:
        text = _text(path)
        if path == "ssg.yml":
            # a JSON string is a YAML string, whatever is in it
            text = text.replace("SITE_NAME", json.dumps(title, ensure_ascii=False))
        _write(folder / path, text)
    return list(FILES)


def write_workflow(top: Path, project: str, site_dir: str, branch: str, site_branch: str) -> str:
    """Write the workflow that builds a site and publishes it to GitHub Pages.

    Args:
        top: The folder of the repository.
        project: The folder of the configuration in it, with forward slashes; empty for the same.
        site_dir: The output folder, relative to the project.
        branch: The branch that is published.
        site_branch: The branch that previews are put on.

    Returns:
        The path of the file, relative to the repository.

    Raises:
        ContentError: When there is such a file already.
        OSError: When it cannot be written.
    """
    _refuse(top, (WORKFLOW,))
    quoted = "'" + branch.replace("'", "''") + "'"
    previews = f"origin/{site_branch}"
    text = _text(WORKFLOW)
    for old, new in {
        "branches: [main]": f"branches: [{_yaml(branch)}]",
        "github.ref == 'refs/heads/main'": f"github.ref_name == {quoted}",
        "BRANCH: main\n": f"BRANCH: {_yaml(branch)}\n",
        "on `main`": f"on `{branch}`",
        "on gh-pages.": f"on {site_branch}.",
        "branch gh-pages,": f"branch {site_branch},",
        "origin/gh-pages:preview": shlex.quote(f"{previews}:preview"),
        "archive origin/gh-pages preview": f"archive {shlex.quote(previews)} preview",
        "tar -x -C output\n": f"tar -x -C {shlex.quote(site_dir)}\n",
        "path: .ssg\n": f"path: {_yaml(posixpath.join(project, '.ssg'))}\n",
        "path: output\n": f"path: {_yaml(posixpath.normpath(posixpath.join(project, site_dir)))}\n",
        "output/.ssg": posixpath.normpath(posixpath.join(project, site_dir, ".ssg")),
        "\njobs:\n": f"\ndefaults:\n  run:\n    working-directory: {_yaml(project)}\n\njobs:\n"
        if project
        else "\njobs:\n",
    }.items():
        text = text.replace(old, new)
    _write(top / WORKFLOW, text)
    return WORKFLOW


def _text(path: str) -> str:
    return (files("ssg") / "starter").joinpath(*path.removeprefix(".").split("/")).read_text(encoding="utf-8")


def _yaml(text: str) -> str:
    """Return text as YAML has it; a JSON string is a YAML string, whatever is in it."""
    return text if re.fullmatch(r"[\w./][\w./-]*", text) else json.dumps(text, ensure_ascii=False)


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _refuse(folder: Path, made: tuple[str, ...] = (*FILES, *FILE_NAMES)) -> None:
    existing = [path for path in dict.fromkeys(made) if os.path.lexists(folder / path)]
    around = dict.fromkeys(parent for path in made for parent in (folder / path).parents)
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
