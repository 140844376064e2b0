"""The name of an icon -> its SVG file, in the packages that bring icons.

The folders are laid out as in Material: `material/account.svg` is `:material-account:`, and
`fontawesome/brands/github.svg` is `:fontawesome-brands-github:`
(https://squidfunk.github.io/mkdocs-material/reference/icons-emojis/). A package is found and not imported: nothing of
it runs.
"""

import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePath

PACKAGES = ("material", "materialx", "zensical")
"""Modules that have icons. The first ones come with `mkdocs-material` and `mkdocs-materialx`."""
FOLDER = "templates/.icons"
"""Where they are, in each of these."""
INSTALL = "icons come with a package: `pip install mkdocs-material`, of which nothing else is used"
"""What to do when none is installed."""
SETS = ("fontawesome", "lucide", "material", "octicons", "simple")
"""The first words of names that mean an icon for sure."""


@cache
def installed() -> tuple[Path, ...]:
    """Return the folders of icons of all packages that are installed."""
    found = []
    for name in PACKAGES:
        try:
            spec = importlib.util.find_spec(name)
        except (ImportError, ValueError):  # somebody's own module of that name, half loaded
            continue
        places = (spec.submodule_search_locations or []) if spec else []
        found += [folder for place in places if (folder := Path(place) / FOLDER).is_dir()]
    return tuple(found)


@cache
def find(name: str) -> Path | None:
    """Return the file of the icon of this name, such as `material-account`, or None."""
    return next((path for folder in installed() for path in _spellings(folder, name) if path.is_file()), None)


def _spellings(folder: Path, name: str) -> Iterator[Path]:
    """A dash in a name may be one in the file's name, or stand between folders."""
    yield folder / f"{name}.svg"
    dash = name.find("-")
    while dash >= 0:
        if dash and (inner := folder / name[:dash]).is_dir():
            yield from _spellings(inner, name[dash + 1 :])
        dash = name.find("-", dash + 1)


@cache
def names() -> tuple[str, ...]:
    """Return the names of all icons that are installed. That takes long: it is for messages alone."""
    found = {name_of(path.relative_to(folder)) for folder in installed() for path in folder.rglob("*.svg")}
    return tuple(sorted(found))


def name_of(path: PurePath) -> str:
    """Return the name of an icon by its path in a folder of icons."""
    return "-".join(path.with_suffix("").parts)
