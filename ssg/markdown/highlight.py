"""Code -> highlighted HTML, with lexers and formatters made once and not for each block.

The same bytes as `pymdownx.highlight` gives: it asks Pygments for a lexer by name and builds a style sheet that
nobody reads for each block, which is most of its time on short ones.
"""

from collections.abc import Iterator
from typing import Any

from pygments.lexer import Lexer
from pygments.style import Style, StyleMeta
from pymdownx.highlight import Highlight, HighlightExtension


class _Bare(StyleMeta):
    def __iter__(cls) -> Iterator[Any]:  # noqa: N805 - a metaclass
        return iter(())


class BareStyle(Style, metaclass=_Bare):
    """A style without rules: pages are coloured by the theme's style sheet through classes."""


_lexers: dict[tuple[Any, ...], tuple[Lexer, str]] = {}


class CachedHighlight(Highlight):  # type: ignore[misc] # pymdownx has no types
    """`pymdownx.highlight.Highlight` that keeps its lexers. Those of Pygments keep no state between texts."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Take what the base class takes."""
        if not options.get("noclasses"):
            options["pygments_style"] = BareStyle
        super().__init__(*arguments, **options)

    def get_lexer(self, src: str, language: str, inline: bool, stripnl: bool) -> tuple[Lexer, str]:
        """Return the lexer for a language, and the language's name."""
        if self.guess_lang:
            return super().get_lexer(src, language, inline, stripnl)  # type: ignore[no-any-return]
        key = (language, stripnl, self.default_lang, repr(self.extend_pygments_lang.get((language or "").lower())))
        found = _lexers.get(key)
        if found is None:
            found = _lexers[key] = super().get_lexer(src, language, inline, stripnl)
        return found


class CachedHighlightExtension(HighlightExtension):  # type: ignore[misc] # pymdownx has no types
    """`pymdownx.highlight` with `CachedHighlight`: superfences and inlinehilite ask it for the class to use."""

    def get_pymdownx_highlighter(self) -> type[CachedHighlight]:
        """Return the class that highlights."""
        return CachedHighlight
