"""Theme folders -> templates and assets: where a file is looked for, what a template is made of, how it is rendered."""

from ssg.theme.closure import CLOSURE
from ssg.theme.folders import (
    DEFAULT,
    MAIN,
    SEARCH_TEMPLATES,
    STATIC_TEMPLATES,
    TAGS_TEMPLATE,
    Theme,
    assets,
    default_folder,
    find_theme,
    static_output,
    template_name,
)
from ssg.theme.symbols import SYMBOLS, place_of, symbols, wanted
from ssg.theme.templates import Renderer, Settings

__all__ = [
    "CLOSURE",
    "DEFAULT",
    "MAIN",
    "SEARCH_TEMPLATES",
    "STATIC_TEMPLATES",
    "SYMBOLS",
    "TAGS_TEMPLATE",
    "Renderer",
    "Settings",
    "Theme",
    "assets",
    "default_folder",
    "find_theme",
    "place_of",
    "static_output",
    "symbols",
    "template_name",
    "wanted",
]
