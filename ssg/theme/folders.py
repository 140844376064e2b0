"""The folders of a theme: where they are, which files are in them, and which one a name means.

A theme is a chain of folders. A template or an asset is taken from the first that has it: the project's `custom_dir`,
the named theme's folder, and last the default theme that comes with ssg.
"""

import posixpath
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct

from ssg import icons
from ssg.config.settings import ThemeConfig
from ssg.engine.reader import Reader
from ssg.engine.tree import Tree, locate
from ssg.errors import ThemeError
from ssg.model import Diagnostic, Severity

DEFAULT = "@default"
NAMED = "@theme"
ICONS = "@icons"  # of a package: templates may include `.icons/material/home.svg`, as those written for Material do
_NAMES = {DEFAULT: "the default theme", NAMED: "the installed theme"}
TEMPLATE_SUFFIXES = (".html", ".htm", ".xml", ".jinja", ".j2")
_NO_ASSETS = (*TEMPLATE_SUFFIXES, ".py", ".pyc", ".yml", ".yaml", ".po", ".mo", ".pot")
MAIN = "main.html"
"""The template of pages whose front matter names none."""
STATIC_TEMPLATES = ("404.html", "all-pages.html")
"""Templates that become a page of their own where a theme has them."""
SEARCH_TEMPLATES = ("search.html", "assets/search/words.js.jinja")
"""Those that do where the site has a search. The suffix `.jinja` is not part of the file's name."""


class Theme(Struct, frozen=True):
    """A theme's folders in the order in which they are looked through, as paths of a `Tree`."""

    folders: tuple[str, ...]

    def described(self) -> str:
        """Return the folders as people know them."""
        return ", ".join(_NAMES.get(folder, folder) for folder in self.folders)


def default_folder() -> Path:
    """Return the folder of the default theme: in the package, or beside it in a checkout."""
    here = Path(__file__).parents[1]
    inside = here / "themes" / "default"
    return inside if inside.is_dir() else here.parent / "themes" / "default"


def find_theme(config: ThemeConfig, root: Path) -> tuple[Theme, dict[str, Path], tuple[Diagnostic, ...]]:
    """Return the theme of the configuration, the mounts that its folders need in a `Tree`, and what is wrong with it.

    Raises:
        ThemeError: When there is no theme of that name.
    """
    folders: list[str] = []
    diagnostics: list[Diagnostic] = []
    mounts = {DEFAULT: default_folder(), ICONS: icons.installed()[0].parent if icons.installed() else root / ICONS}
    if config.custom_dir:
        if root.resolve().is_relative_to((root / config.custom_dir).resolve()):
            message = f"the folder '{config.custom_dir}' of `theme.custom_dir` holds the whole project"
            raise ThemeError(message, hint="give the theme a folder of its own, such as `overrides`")
        if (root / config.custom_dir).is_dir():
            folders.append(posixpath.normpath(config.custom_dir))
        else:
            message = f"the folder '{config.custom_dir}' of `theme.custom_dir` does not exist"
            hint, warning = "nothing of the theme is overridden", Severity.WARNING
            diagnostics.append(Diagnostic(severity=warning, code="custom-dir-missing", message=message, hint=hint))
    if config.name not in ("", "default"):
        local = posixpath.join("themes", config.name)
        if (root / local).is_dir():
            folders.append(local)
        else:
            mounts[NAMED] = _installed(config.name, root)
            folders.append(NAMED)
    return Theme((*folders, DEFAULT)), mounts, tuple(diagnostics)


def _installed(name: str, root: Path) -> Path:
    from importlib.metadata import entry_points

    found = [*entry_points(group="ssg.themes"), *entry_points(group="mkdocs.themes")]
    for entry in found:
        if entry.name == name:
            try:
                module = entry.load()
            except Exception as error:
                raise ThemeError(f"cannot load the theme '{name}': {type(error).__name__}: {error}") from error
            return Path(module.__file__).parent
    here = [path.name for path in (root / "themes").iterdir() if path.is_dir()] if (root / "themes").is_dir() else []
    known = sorted({"default", *here, *(entry.name for entry in found)})
    close = get_close_matches(name, known, 1)
    raise ThemeError(
        f"there is no theme '{name}'",
        code="theme-missing",
        hint=f"did you mean '{close[0]}'?"
        if close
        else f"make the folder themes/{name}, or use one of: {', '.join(known)}",
    )


def assets(tree: Tree, folders: Sequence[str]) -> dict[str, str]:
    """Return the files of a theme's folders that are copied as they are: from their output path to that in the tree."""
    found: dict[str, str] = {}
    for folder in reversed(folders):
        try:
            entries = list(tree.walk(folder))
        except OSError:
            continue
        for entry in entries:
            name = entry.path[len(folder) + 1 :]
            if not entry.problem and not name.endswith(_NO_ASSETS):
                found[name] = entry.path
    return found


def source(theme: Theme, name: str, read: Callable[[str], str]) -> tuple[str, str] | None:
    """Return a template's text and its path in the tree, or None if no folder of the theme has it.

    Raises:
        ThemeError: When it cannot be read.
    """
    path = posixpath.normpath(name)
    if path.startswith(("../", "/")):
        return None
    for folder in (*theme.folders, ICONS) if path.startswith(".icons/") else theme.folders:
        where = f"{folder}/{path}"
        try:
            return read(where), where
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            continue
        except UnicodeDecodeError as error:
            raise ThemeError("this template is not UTF-8", path=where, hint="save it as UTF-8") from error
        except OSError as error:
            raise ThemeError(f"cannot read this template: {error.strerror}", path=where) from error
    return None


def files(theme: Theme, reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield the name and the path of every file in a theme's folders."""

    def below(folder: str, prefix: str) -> Iterator[tuple[str, str]]:
        for name in reader.names(f"{folder}/{prefix}" if prefix else folder):
            path = f"{folder}/{prefix}{name}"
            if locate(reader.root, reader.mounts, path).is_dir():
                yield from below(folder, f"{prefix}{name}/")
            else:
                yield prefix + name, path

    for folder in theme.folders:
        yield from below(folder, "")
