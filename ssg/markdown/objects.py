"""Names of Python objects in the options of extensions -> those objects, and no others than the listed ones.

MkDocs configurations name functions (`!!python/name:pymdownx.superfences.fence_code_format`). Importing whatever a
configuration says would run any code; so only these are known, and the configuration is checked against them.
"""

import importlib
from typing import Any

from ssg.markdown.settings import PYTHON

_ICONS = ("material.extensions.emoji", "materialx.emoji", "zensical.extensions.emoji")
ALIASES = {
    # what an emoji looks like is up to the reader's system; icons are found in any case, see `icons.py`
    **{f"{module}.twemoji": "ssg.markdown.icons.both_indexes" for module in _ICONS},
    **{f"{module}.to_svg": "pymdownx.emoji.to_alt" for module in _ICONS},
    "pymdownx.emoji.to_svg": "pymdownx.emoji.to_alt",
    "pymdownx.emoji.to_png": "pymdownx.emoji.to_alt",
    "mermaid2.fence_mermaid": "pymdownx.superfences.fence_div_format",
    "mermaid2.fence_mermaid_custom": "pymdownx.superfences.fence_div_format",
}
"""Names that stand for other objects, so that no page needs a server of images."""

_SLUGIFY = "pymdownx.slugs.slugify"
_MATH: dict[str, dict[str, Any]] = {
    "generic": {"mode": "generic"},
    "mathjax": {"mode": "mathjax"},
    "mathjax_preview": {"mode": "mathjax", "preview": True},
}
MADE: dict[str, tuple[str, dict[str, Any]]] = {
    _SLUGIFY: (_SLUGIFY, {}),
    "pymdownx.slugs.uslugify": (_SLUGIFY, {"case": "lower"}),
    "pymdownx.slugs.uslugify_encoded": (_SLUGIFY, {"case": "lower", "percent_encode": True}),
    "pymdownx.slugs.uslugify_cased": (_SLUGIFY, {}),
    "pymdownx.slugs.uslugify_cased_encoded": (_SLUGIFY, {"percent_encode": True}),
    "pymdownx.slugs.gfm": (_SLUGIFY, {"case": "lower-ascii"}),
    "pymdownx.slugs.gfm_encoded": (_SLUGIFY, {"case": "lower-ascii", "percent_encode": True}),
    **{
        f"pymdownx.arithmatex.{short}_{kind}_format": (f"pymdownx.arithmatex.arithmatex_{long}_format", options)
        for short, long in (("fence", "fenced"), ("inline", "inline"))
        for kind, options in _MATH.items()
    },
}
"""Functions that pymdown-extensions used to have, and the functions that make them now, with options."""

MODULES = ("pymdownx.", "markdown.extensions.", "ssg.markdown.")
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
            name = value[PYTHON]
            if "args" not in value and "kwds" not in value:
                maker, options = MADE.get(name, (name, None))
                return _find(maker) if options is None else _find(maker)(**options)
            target = _find(name)
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
