"""HTML that an author wrote as a block of its own: it is put back as it is, with no paragraph around it."""

from markdown.postprocessors import RawHtmlPostprocessor


class RawBlock(str):
    """HTML in Python-Markdown's stash that the block parser found."""

    __slots__ = ()


class RawBlockPostprocessor(RawHtmlPostprocessor):
    """Python-Markdown's postprocessor, which knows blocks by the name of their first tag alone."""

    def stash_to_string(self, text: str) -> str:
        """Return what was put aside."""
        return text if isinstance(text, RawBlock) else super().stash_to_string(text)

    def isblocklevel(self, html: str) -> bool:
        """Say whether it is no part of a paragraph."""
        return isinstance(html, RawBlock) or super().isblocklevel(html)
