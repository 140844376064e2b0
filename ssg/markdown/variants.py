"""The name of an extension -> our own variant of it, which does the same and knows the build."""

from typing import Any

from markdown.extensions import Extension

from ssg.markdown.page import Page
from ssg.markdown.settings import FORMULAS, MarkdownSettings

_ARITHMATEX = "pymdownx.arithmatex"


def make(name: str, options: dict[str, Any], page: Page, settings: MarkdownSettings) -> Extension | None:
    """Return our variant of the extension of this name for `page`, or None if there is none.

    Raises:
        Exception: Whatever the extension itself raises for options that it does not have.
    """
    # each is loaded only where it is used: a site with few extensions should not wait for the others
    if name == "pymdownx.snippets":
        from ssg.markdown.snippets import RecordedSnippetExtension

        return RecordedSnippetExtension(page, options)
    if name == "pymdownx.highlight":
        from ssg.markdown.highlight import CachedHighlightExtension

        return CachedHighlightExtension(page, options)
    if name == "attr_list":
        from ssg.markdown.attributes import CheckedAttributesExtension

        return CheckedAttributesExtension(page)
    if name == "pymdownx.emoji":
        from ssg.markdown.icons import IconExtension

        return IconExtension(page, settings.icons, options)
    if name == "pymdownx.superfences":
        from ssg.markdown.fences import FenceExtension

        names = {one.name for one in settings.extensions}
        fences = {one.get("name") for one in options.get("custom_fences") or ()}
        formulas = settings.formulas and bool(names & {FORMULAS, _ARITHMATEX} or "math" in fences)
        return FenceExtension(page, options, formulas=formulas, languages=_languages(settings))
    if name in ("pymdownx.blocks.caption", "pymdownx.blocks.html") and not options:
        from ssg.markdown.lazyblocks import LazyBlocksExtension

        return LazyBlocksExtension(name)
    if name == "pymdownx.progressbar":
        from ssg.markdown.progress import BlockProgressExtension

        return BlockProgressExtension(**options)
    if name == FORMULAS:
        from ssg.markdown.formulas import FormulaExtension

        return FormulaExtension(page, knows_code=settings.github_inline)
    if name == _ARITHMATEX and settings.formulas:
        from ssg.markdown.formulas import MathArithmatexExtension

        return MathArithmatexExtension(page, options)
    return None


def _languages(settings: MarkdownSettings) -> frozenset[str] | None:
    """Return the names of languages that the configuration adds to those of Pygments; None: tell of none."""
    if not settings.languages:
        return None
    found = (one.options for one in settings.extensions if one.name == "pymdownx.highlight")
    added = (lang for options in found for lang in options.get("extend_pygments_lang") or ())
    return frozenset(str(lang.get("name", "")).lower() for lang in added)
