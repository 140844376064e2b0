"""Progress bars that stand for themselves: pymdown-extensions leaves them in paragraphs, where HTML has no room."""

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from pymdownx.progressbar import ProgressBarExtension


class BlockProgressExtension(ProgressBarExtension):  # type: ignore[misc] # pymdownx has no types
    """`pymdownx.progressbar` that takes a bar out of a paragraph that has nothing else."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Run after attribute lists."""
        super().extendMarkdown(md)
        md.treeprocessors.register(_Unwrap(md), "ssg-progress", 1)


class _Unwrap(Treeprocessor):
    def run(self, root: Element) -> None:
        if not any("[=" in line for line in getattr(self.md, "lines", ())):
            return
        for parent in root.iter():
            for number, child in enumerate(parent):
                if child.tag == "p" and len(child) == 1 and _is_bar(child[0]) and not (child.text or "").strip():
                    bar = child[0]
                    if not (bar.tail or "").strip():
                        bar.tail = child.tail
                        parent[number] = bar


def _is_bar(element: Element) -> bool:
    return element.tag == "div" and "progress" in (element.get("class") or "").split()
