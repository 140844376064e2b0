#!/usr/bin/env python3
"""Corpus: writes a site of documentation that does not exist, in Markdown that every generator understands.

    python benchmarks/corpus.py OUT --pages 1000 --seed 0

The same seed and number of pages give the same bytes everywhere. No page is like another, so that no generator can use
its work on one for the next.
"""

import argparse
import posixpath
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import prose
from dice import Dice
from snippets import command, snippet

FOLDER = 30
"""Pages in a folder."""
PARTS = 5
"""Folders in a section: its own, and those in it."""

# fmt: off
_SIZES = (
    800, 1350, 1700, 2000, 2250, 2550, 3100, 3600, 4150, 4750,
    5450, 6100, 6850, 8050, 9050, 10200, 11700, 14100, 17600, 25500, 57500,
)
# fmt: on
"""Quantiles of the sizes that were measured on 1,000 pages of the documentation of ten open-source projects, less the
half block by which a page of ours is over."""
_BLOCKS = {"paragraph": 44, "code": 38, "list": 5, "steps": 3, "table": 2, "quote": 2}


@dataclass(frozen=True)
class Page:
    """What other pages need to know of a page to link to it."""

    number: int
    path: str
    title: str
    opening: str
    """Its first heading below the title, which other pages may link to."""


def plan(count: int, seed: int) -> list[Page]:
    """Sections of folders of pages; each folder has an index."""
    dice = Dice(seed)
    pages = [Page(0, "index.md", "Documentation", "Where to start")]
    taken: set[str] = set()
    section = ""
    for folder in range(-(-(count - 1) // FOLDER)):
        name, title = _unique(dice, taken, section if folder % PARTS else "", prose.folder)
        section = section if folder % PARTS else name
        pages.append(Page(len(pages), f"{name}/index.md", title, _other(dice, (title,))))
        for _ in range(min(FOLDER - 1, count - len(pages))):
            path, title = _unique(dice, taken, name, prose.title)
            pages.append(Page(len(pages), f"{path}.md", title, _other(dice, (title,))))
    return pages


def _unique(dice: Dice, taken: set[str], folder: str, make: prose.Slot) -> tuple[str, str]:
    """A path in the folder that nothing else has, and the title that it is named after."""
    while True:
        title = make(dice)
        path = posixpath.join(folder, prose.slug(title))
        if path not in taken:
            taken.add(path)
            return path, title


def _other(dice: Dice, taken: Collection[str]) -> str:
    """A heading that is not one of these: the second of a name would have another anchor in each generator."""
    while (heading := prose.heading(dice)) in taken:
        pass
    return heading


class PageWriter:
    """Writes one page, which may link to any of the others."""

    def __init__(self, page: Page, pages: list[Page], seed: int) -> None:
        self._page = page
        self._pages = pages
        # Each page has dice of its own: what one says does not depend on how much the ones before it said.
        self._dice = Dice(seed << 32 | page.number + 1)
        self._writer = prose.Writer(self._dice, self._link)
        self._headings: list[str] = []

    def text(self) -> str:
        size = self._dice.along(_SIZES)
        blocks = [f'---\ntitle: "{self._page.title}"\n---', f"# {self._page.title}", self._writer.paragraph()]
        blocks += self._contents() if self._page.path.endswith("index.md") else []
        length = sum(map(len, blocks))
        while length < size or not self._headings:
            for block in self._section():
                blocks.append(block)
                length += len(block) + 2
                if length >= size:
                    break
        return "\n\n".join(blocks) + "\n"

    def _section(self) -> Iterator[str]:
        yield f"{self._heading()}\n\n{self._writer.paragraph()}"
        for _ in range(self._dice.between(1, 6)):
            yield from self._block(self._dice.weigh(_BLOCKS))

    def _block(self, kind: str) -> Iterator[str]:
        if kind in ("list", "steps", "table") or (kind == "code" and self._dice.chance(0.6)):
            yield self._writer.sentence().rstrip(".:") + ":"  # two lists in a row would be one to some
        match kind:
            case "code":
                yield self._fence()
            case "list":
                yield "\n".join(self._items(0))
            case "steps":
                yield self._steps()
            case "table":
                yield self._table()
            case "quote":
                yield f"> {self._writer.paragraph(1, 2)}"
            case _:
                yield self._writer.paragraph()

    def _heading(self) -> str:
        level = 2 if not self._headings else self._dice.weigh({2: 10, 3: 9, 4: 1})
        taken = (self._page.title, *self._headings)
        text = _other(self._dice, taken) if self._headings else self._page.opening
        self._headings.append(text)
        return f"{'#' * level} {text}"

    def _link(self, dice: Dice) -> str:
        here = posixpath.dirname(self._page.path)
        if self._headings and dice.chance(0.15):
            heading = dice.pick(self._headings)
            return f"[{heading}](#{prose.slug(heading)})"
        near = self._pages[max(0, self._page.number - FOLDER // 2) : self._page.number + FOLDER // 2]
        page = dice.pick(near if dice.chance(0.7) else self._pages)
        target = posixpath.relpath(page.path, here)
        if dice.chance(0.15):
            return f"[{page.opening}]({target}#{prose.slug(page.opening)})"
        return f"[{page.title}]({target})" if dice.chance(0.8) else f"[{self._writer.code()}]({target})"

    def _fence(self) -> str:
        language, code = snippet(self._dice)
        return f"```{language}\n{code}\n```"

    def _items(self, depth: int) -> Iterator[str]:
        for _ in range(self._dice.between(2, 5 - depth)):
            yield f"{'    ' * depth}- {self._item()}"
            if depth < 2 and self._dice.chance(0.15):
                yield from self._items(depth + 1)

    def _item(self) -> str:
        if self._dice.chance(0.4):
            return f"{self._writer.code()}: {self._writer.phrase()}"
        if self._dice.chance(0.3):
            return f"**{self._writer.phrase()}**: {self._writer.sentence()}"
        return self._writer.sentence()

    def _steps(self) -> str:
        """A numbered list whose items may hold code or a list."""
        steps = []
        for number in range(1, self._dice.between(3, 6)):
            steps.append(f"{number}. {self._writer.sentence()}")
            if self._dice.chance(0.3):
                steps.append(f"    ```bash\n    {command(self._dice)}\n    ```")
            elif self._dice.chance(0.2):
                steps.append("\n".join(f"    - {self._item()}" for _ in range(3)))
        return "\n\n".join(steps)

    def _table(self) -> str:
        rows = ["| Name | Default | Description |", "| --- | :-: | --- |"]
        for _ in range(self._dice.between(2, 8)):
            cells = self._writer.code(), self._writer.code(), self._writer.sentence()
            rows.append(f"| {' | '.join(cells)} |")
        return "\n".join(rows)

    def _contents(self) -> list[str]:
        """Links to the first pages of the folder that this page is the index of."""
        here = posixpath.dirname(self._page.path)
        pages = self._pages[self._page.number + 1 : self._page.number + 9]
        return ["\n".join(f"- [{page.title}]({posixpath.relpath(page.path, here)})" for page in pages)] if pages else []


def write(out: Path, count: int, seed: int = 0) -> None:
    """Write the pages of a site of this size into a folder."""
    pages = plan(count, seed)
    for page in pages:
        path = out / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PageWriter(page, pages, seed).text(), encoding="utf-8", newline="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a synthetic documentation site.")
    parser.add_argument("out", type=Path, help="folder for the Markdown files; must not exist, or be empty")
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.pages < 1:
        parser.error("a site has at least one page")
    if arguments.out.exists() and any(arguments.out.iterdir()):
        parser.error(f"{arguments.out} is not empty")
    write(arguments.out, arguments.pages, arguments.seed)


if __name__ == "__main__":
    main()
