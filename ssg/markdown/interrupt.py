"""A list may interrupt a paragraph, as on GitHub: no blank line is needed between them.

The rule is CommonMark's (https://spec.commonmark.org/0.31.2/#list-items): a bullet that is followed by text, or an
ordered item whose number is 1, ends a paragraph.
"""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension

ITEM = re.compile(r"(?<=\n)[ ]{0,3}(?:[-*+]|1[.)])[ ]+(?=\S)")


class InterruptExtension(Extension):
    """Lets lists interrupt paragraphs."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Run just before paragraphs are made: whatever else begins at this block has had its turn."""
        md.parser.blockprocessors.register(ListInterrupts(md.parser), "ssg-list-interrupts", 11)


class ListInterrupts(BlockProcessor):
    """Splits a paragraph before the first list item in it."""

    def test(self, parent: Element, block: str) -> bool:
        """Say whether a list begins within the block, outside of a list item's own first paragraph."""
        return ITEM.search(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> bool:
        """Parse the lines before the item, and leave the others as a block of their own."""
        block = blocks.pop(0)
        found = ITEM.search(block)
        if found is None or not block[: found.start()].strip():
            blocks.insert(0, block)
            return False
        blocks.insert(0, block[found.start() :].lstrip("\n"))
        self.parser.parseBlocks(parent, [block[: found.start()].rstrip("\n")])
        return True
