"""Blocks of code, some of which are not code: formulas and diagrams; and languages that nobody knows.

`pymdownx.superfences` does the work. What is added: a fence named `math` becomes a formula where formulas are MathML,
and a language that Pygments does not know is told.
"""

from collections.abc import Callable
from difflib import get_close_matches
from functools import cache, partial
from typing import Any

from markdown import Markdown
from pygments.lexers import find_lexer_class_by_name, get_all_lexers
from pygments.util import ClassNotFound
from pymdownx.superfences import SuperFencesCodeExtension, default_validator

from ssg.markdown.formulas import mathml
from ssg.markdown.page import Page, Problem

PLAIN = frozenset(
    {"", "text", "txt", "plain", "plaintext", "none", "no-highlight", "nohighlight", "raw", "ascii", "math"}
)
"""Names that people give to code without a language, and those that some other site knows."""


class FenceExtension(SuperFencesCodeExtension):  # type: ignore[misc] # pymdownx has no types
    """`pymdownx.superfences` with formulas, and a word about languages that are not known."""

    def __init__(
        self, page: Page, options: dict[str, Any], *, formulas: bool, languages: frozenset[str] | None
    ) -> None:
        """Report to `page`.

        `formulas`: fences named `math` are some; `languages`: those that are known besides
        the ones of Pygments; None says that no unknown ones are told.
        """
        super().__init__(**options)
        self.page = page
        self.formulas = formulas
        self.languages = languages

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Add our own fences behind those of the configuration: later ones go first."""
        super().extendMarkdown(md)
        if self.formulas:
            self.extend_super_fences("math", self._formula, default_validator, None)
        if self.languages is not None:
            plain = self.superfences[0]
            plain["formatter"] = partial(self._code, plain["formatter"])

    def _formula(self, src: str = "", **_: Any) -> str:
        return f'<div class="arithmatex">{mathml(src, self.page, display=True, fenced=True)}</div>'

    def _code(self, highlight: Callable[..., str], src: str = "", language: str = "", **rest: Any) -> str:
        name = (language or "").lower()
        if name not in PLAIN and name not in (self.languages or ()) and not _is_known(name):
            message = f"the language '{language}' is not known, so this code has no colours"
            self.page.problems.append(Problem("unknown-language", message, language, _hint(name), in_code=True))
        return highlight(src=src, language=language, **rest)


@cache
def _is_known(language: str) -> bool:
    try:
        find_lexer_class_by_name(language)
    except ClassNotFound:
        return False
    return True


@cache
def _hint(language: str) -> str:
    close = get_close_matches(language, _languages(), 1, 0.7)
    return f"did you mean '{close[0]}'?" if close else "write `text` for code that is not to be coloured"


@cache
def _languages() -> tuple[str, ...]:
    return tuple(alias for lexer in get_all_lexers(plugins=False) for alias in lexer[1])
