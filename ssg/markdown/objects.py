"""Names of Python objects in the options of extensions -> those objects, and no others than the listed ones.

MkDocs configurations name functions (`!!python/name:pymdownx.superfences.fence_code_format`). Importing whatever a
configuration says would run any code; so only these are known, and the configuration is checked against them.
"""

import importlib
from typing import Any

from ssg.markdown.settings import PYTHON

_ICONS = ("material.extensions.emoji", "materialx.emoji", "zensical.extensions.emoji")
ALIASES = {
    # Material's icons are another package: until it is installed, their names stay as they are written
    **{f"{module}.twemoji": "pymdownx.emoji.gemoji" for module in _ICONS},
    **{f"{module}.to_svg": "pymdownx.emoji.to_alt" for module in _ICONS},
    "pymdownx.emoji.to_svg": "pymdownx.emoji.to_alt",
    "pymdownx.emoji.to_png": "pymdownx.emoji.to_alt",
}
"""Names that stand for other objects, so that no page needs a server of images."""

MODULES = ("pymdownx.", "markdown.extensions.")
"""Objects of the modules that begin so are allowed."""


def resolve(value: Any) -> Any:
    """Return an option's value with every mapping that names an object replaced by that object.

    Raises:
        LookupError: When a name is not allowed or does not exist.
    """
    if isinstance(value, list):
        return [resolve(item) for item in value]
    if isinstance(value, dict):
        if PYTHON in value:
            target = _find(value[PYTHON])
            if "args" not in value and "kwds" not in value:
                return target
            # `!!python/object/apply:pymdownx.slugs.slugify` makes a slug function of its options
            return target(*resolve(value.get("args", [])), **resolve(value.get("kwds", {})))
        return {key: resolve(item) for key, item in value.items()}
    return value


def _find(name: str) -> Any:
    name = ALIASES.get(name, name)
    module, _, attribute = name.rpartition(".")
    if not name.startswith(MODULES):
        raise LookupError(f"the Python object {name} is not one that may be used in a configuration")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise LookupError(f"there is no Python object {name}") from error
