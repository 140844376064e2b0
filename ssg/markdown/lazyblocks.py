"""Blocks of pymdown-extensions, loaded when a page has one: their regular expressions take 40 ms to compile."""

from importlib import import_module
from typing import Any

from markdown import Markdown
from pymdownx.blocks import BlocksExtension, BlocksProcessor

NAMES = {
    "pymdownx.blocks.caption": ("caption", "figure-caption", "table-caption"),
    "pymdownx.blocks.html": ("html",),
}
"""By extension the names of the blocks that it has without options."""


class LazyBlocksExtension(BlocksExtension):  # type: ignore[misc] # pymdownx has no types
    """Registers what stands for the blocks of an extension until there is the first."""

    def __init__(self, name: str) -> None:
        """Stand for the extension of this name, with its default options."""
        super().__init__()
        self.name = name

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: N802 - the base's name
        """Register it."""
        for name in NAMES[self.name]:
            block_mgr.register(_Block(name, self.name, md), {})


class _Block:
    """Stands for the class of a block."""

    def __init__(self, name: str, extension: str, md: Markdown) -> None:
        self.NAME = name  # as the base class's classes have it
        self._extension = extension
        self._md = md

    def __call__(self, length: int, tracker: Any, manager: Any, config: Any) -> Any:
        """Put the real classes in place, and make the block."""
        for name in NAMES[self._extension]:
            del manager.blocks[name]
        import_module(self._extension).makeExtension().extendMarkdownBlocks(self._md, manager)
        return manager.blocks[self.NAME](length, manager.trackers[self.NAME], manager, manager.config[self.NAME])
