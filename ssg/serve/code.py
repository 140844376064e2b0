"""The project's own Python -> loaded anew: plugins, hooks and Markdown extensions that are being written."""

import importlib
import sys
from pathlib import Path

from ssg import plugins
from ssg.pipeline.parse import forget_converters

_OURS = str(Path(__file__).parents[1])


def forget(root: Path, files: frozenset[Path] = frozenset()) -> None:
    """Forget modules, so that the next import runs their files again.

    Args:
        root: The project: all modules in it, but for installed packages, are forgotten.
        files: Others that are.
    """
    installed = (sys.prefix, sys.base_prefix, _OURS)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and (Path(file) in files or (Path(file).is_relative_to(root) and not file.startswith(installed))):
            del sys.modules[name]
    plugins.load.cache_clear()
    forget_converters()
    importlib.invalidate_caches()
