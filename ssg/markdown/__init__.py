"""The dialect: Python-Markdown with the extensions that documentation needs, and what our own build must know.

What converts is imported when it is first asked for: a build that has nothing to convert does not wait for it.
"""

from typing import TYPE_CHECKING, Any

from ssg.markdown.settings import MarkdownSettings, markdown_settings

if TYPE_CHECKING:
    from ssg.markdown.converter import Converted, Converter

__all__ = ["Converted", "Converter", "MarkdownSettings", "markdown_settings"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from ssg.markdown import converter

    return getattr(converter, name)
