"""The dialect: Python-Markdown with the extensions that documentation needs, and what our own build must know."""

from ssg.markdown.converter import Converted, Converter
from ssg.markdown.settings import MarkdownSettings, markdown_settings

__all__ = ["Converted", "Converter", "MarkdownSettings", "markdown_settings"]
