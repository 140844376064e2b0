"""`pymdownx.blocks.html`, loaded when a page has such a block: its regular expressions take 40 ms to compile."""

from typing import Any

from markdown import Markdown
from pymdownx.blocks import BlocksExtension, BlocksProcessor


class _Html:
    """Stands for the class of the block until the first is made."""

    NAME = "html"

    def __new__(cls, *arguments: Any) -> Any:
        from pymdownx.blocks.html import HTML

        return HTML(*arguments)


class LazyHtmlExtension(BlocksExtension):  # type: ignore[misc] # pymdownx has no types
    """Registers it."""

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: N802 - the base's name
        """Register what stands for it, with its default options."""
        block_mgr.register(_Html, {"custom": []})
