"""From `ssg.yml` or `mkdocs.yml` to the settings of a site."""

from ssg.config.load import Loaded, load
from ssg.config.nav import load_nav_file
from ssg.config.reference import reference
from ssg.config.schema import json_schema
from ssg.config.settings import (
    MarkdownConfig,
    MarkdownExtension,
    NavEntry,
    NavFile,
    PluginConfig,
    Script,
    SiteConfig,
    ThemeConfig,
    Validation,
)

__all__ = [
    "Loaded",
    "MarkdownConfig",
    "MarkdownExtension",
    "NavEntry",
    "NavFile",
    "PluginConfig",
    "Script",
    "SiteConfig",
    "ThemeConfig",
    "Validation",
    "json_schema",
    "load",
    "load_nav_file",
    "reference",
]
