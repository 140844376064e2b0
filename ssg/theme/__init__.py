"""Theme folders -> templates and assets: where a file is looked for, what a template is made of, how it is rendered."""

from ssg.theme.closure import CLOSURE
from ssg.theme.folders import (
    DEFAULT,
    MAIN,
    SEARCH_TEMPLATES,
    STATIC_TEMPLATES,
    Theme,
    assets,
    default_folder,
    find_theme,
)
from ssg.theme.templates import Renderer, Settings

__all__ = [
    "CLOSURE",
    "DEFAULT",
    "MAIN",
    "SEARCH_TEMPLATES",
    "STATIC_TEMPLATES",
    "Renderer",
    "Settings",
    "Theme",
    "assets",
    "default_folder",
    "find_theme",
]
