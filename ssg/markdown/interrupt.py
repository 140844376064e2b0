"""A list or a fence may interrupt a paragraph, as on GitHub: no blank line is needed between them.

The rules are CommonMark's. A bullet that is followed by text, or an ordered item whose number is 1, ends a paragraph
(https://spec.commonmark.org/0.31.2/#list-items), and so does a fence
(https://spec.commonmark.org/0.31.2/#fenced-code-blocks).
"""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.util import ETX, STX

ITEM = re.compile(r"(?<=\n)[ ]{0,3}(?:[-*+]|1[.)])[ ]+(?=\S)")


STASHED = re.compile(rf"[ ]*{STX}[^{STX}{ETX}\n]+{ETX}[ ]*")
"""A line that holds nothing but the mark of what was put aside: of a fence, when it has been highlighted."""


class InterruptExtension(Extension):
    """Lets lists and fences interrupt paragraphs."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Run just after fences were put aside, and just before paragraphs are made, when all else has had its turn."""
        md.preprocessors.register(FenceInterrupts(md), "ssg-fence-interrupts", 24)
        md.parser.blockprocessors.register(ListInterrupts(md.parser), "ssg-list-interrupts", 11)


class FenceInterrupts(Preprocessor):
    """Puts blank lines between fences and text at the same depth: in admonitions and tabs too, but not in quotes."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines, and those that were missing."""
        found: list[str] = []
        before, was_fence = "", False
        for line in lines:
            is_fence = STX in line and STASHED.fullmatch(line) is not None
            if (is_fence or was_fence) and before.strip() and line.strip() and _depth(before) == _depth(line):
                found.append("")
            found.append(line)
            before, was_fence = line, is_fence
        return found


def _depth(line: str) -> int:
    return (len(line) - len(line.lstrip(" "))) // 4


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
