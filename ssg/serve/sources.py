"""A configuration, and what its build read -> the files and folders to watch."""

import os
import posixpath
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ssg.build import Insight
from ssg.config import Loaded
from ssg.engine.publish import PRIVATE
from ssg.engine.tree import locate
from ssg.errors import SsgError
from ssg.serve.watcher import Watched
from ssg.theme import find_theme


def watched(loaded: Loaded, insight: Insight | None) -> Watched:
    """Return what the site is made from: what the configuration names, and what steps of a build read besides."""
    config, root = loaded.config, loaded.root
    theme = config.theme
    named = [config.docs_dir, theme.custom_dir, posixpath.join("themes", theme.name), *config.watch]
    folders = [_normal(root / name) for name in named if name]
    with suppress(SsgError):  # the build says that there is no such theme
        found, mounts, _ = find_theme(theme, root)
        folders += [_normal(locate(root, mounts, folder)) for folder in found.folders]
    files = [loaded.file, *loaded.inherited, *(_normal(root / name) for name in config.hooks)]
    if insight is not None:
        for path, is_folder in _read(insight, root, config.docs_dir):
            # Of the project's own folder, and those around it, never all that is in them: there may be anything.
            if not is_folder:
                files.append(path)
            elif not root.is_relative_to(path):
                folders.append(path)
        for path in insight.linked:
            (folders if path.is_dir() else files).append(path)
    # Where a link leads to is where things happen.
    everything = {*folders, *(path.resolve() for path in folders)}
    tops = {one for one in everything if not any(parent in everything for parent in one.parents)}
    single = {path for path in files if not any(one in tops for one in path.parents)}
    ignored = {root / PRIVATE, root / ".git", _normal(root / config.site_dir)}
    return Watched(frozenset(tops), frozenset(single), frozenset(ignored))


def code(insight: Insight, root: Path) -> frozenset[Path]:
    """Return the Python files that the steps of a build read: the project's own, wherever they lie."""
    return frozenset(_normal(locate(root, insight.mounts, path)) for path in insight.reads if path.endswith(".py"))


def _read(insight: Insight, root: Path, content: str) -> Iterator[tuple[Path, bool]]:
    """Yield what the steps read outside of the content folder and of themes, and whether it is a folder."""
    for path in insight.reads:
        if not path.startswith((f"{content}/", "@", "(")):
            yield _normal(locate(root, insight.mounts, path)), path.endswith("/")


def _normal(path: Path) -> Path:
    return Path(os.path.normpath(path))
