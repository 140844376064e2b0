"""A whole site in one text file: its files, builds, edits between them, and what each build must give.

    What this is about, in a line or two.

    -- content/index.md --         a file of the site, to be written (`-- content/a.md deleted --`: to be deleted)
    # Home

    == build ==                    build the site with what is there now; `== build --strict ==` takes options
    -- summary --                  how many pages were parsed and rendered, how many files changed
    -- diagnostics --              everything that was told
    -- files --                    all files of the output, but for those of the default theme
    -- output/index.html --        a file of the output

Behind a build stand the expectations, up to the next file that is not below `output/`. `pytest --golden` rewrites the
expectations that are there; those of a build that was not run fail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sites import build, outputs, pages, write

from ssg.errors import SsgError
from ssg.model import Diagnostic
from ssg.report import ordered, text, with_source

_HEAD = re.compile(r"^(?:-- (?P<file>\S+)(?P<deleted> deleted)? --|== build(?P<options>[^=]*)==)$", re.MULTILINE)
_EXPECTED = ("summary", "diagnostics", "files")


@dataclass
class Step:
    """A build: the edits before it, its options, and what is expected of it by name."""

    edits: dict[str, str | None] = field(default_factory=dict)
    options: str = ""
    expected: dict[str, str] = field(default_factory=dict)


@dataclass
class Golden:
    """A golden file: what it says before all else, and its steps."""

    title: str
    steps: list[Step]

    @classmethod
    def read(cls, source: str) -> "Golden":
        heads = list(_HEAD.finditer(source))
        title = source[: heads[0].start()].strip()
        steps = [Step()]
        built = False
        for head, after in zip(heads, [*heads[1:], None], strict=True):
            content = source[head.end() + 1 : after.start() if after else len(source)]
            if head["file"] is None:
                if built:
                    steps.append(Step())
                steps[-1].options = head["options"].strip()
                built = True
            elif built and (head["file"] in _EXPECTED or head["file"].startswith("output/")):
                steps[-1].expected[head["file"]] = content.rstrip("\n")
            else:
                if built:
                    steps.append(Step())
                    built = False
                steps[-1].edits[head["file"]] = None if head["deleted"] else content.rstrip("\n") + "\n"
        assert built, "the last edits are not built"
        return cls(title, steps)

    def text(self) -> str:
        parts = [self.title, ""]
        for step in self.steps:
            for name, content in step.edits.items():
                parts.append(f"-- {name} deleted --" if content is None else f"-- {name} --\n{content.rstrip()}")
                parts.append("")
            parts.append(f"== build{' ' + step.options if step.options else ''} ==")
            for name, content in step.expected.items():
                parts.append(f"-- {name} --\n{content}".rstrip())
            parts.append("")
        return "\n".join(parts).rstrip() + "\n"

    def run(self, root: Path) -> Iterator[tuple[Step, dict[str, str]]]:
        """Build step by step; yield each with what it gave, for every expectation there may be."""
        for step in self.steps:
            write(root, step.edits)
            yield step, dict(_results(root, step))


def _results(root: Path, step: Step) -> Iterator[tuple[str, str]]:
    strict, check = "--strict" in step.options, "--check" in step.options
    try:
        result = build(root, strict=strict, write=not check) if strict or check else build(root)
    except SsgError as error:
        yield "summary", "failed"
        yield "diagnostics", _told(error.diagnostics, root)
    else:
        state = "published" if result.published else "not published"
        yield (
            "summary",
            f"{state}: {result.pages} pages, {result.parsed} parsed, {result.rendered} rendered, "
            f"{result.changed} files changed",
        )
        yield "diagnostics", _told(result.diagnostics, root)
    yield "files", "\n".join(pages(root / "output"))
    for path, content in outputs(root / "output").items():
        lines = content.decode("utf-8", "replace").splitlines()
        yield f"output/{path}", "\n".join(line.rstrip() for line in lines).rstrip("\n")


def _told(diagnostics: tuple[Diagnostic, ...], root: Path) -> str:
    told = "\n".join(text(with_source(one, root), colour=False) for one in ordered(diagnostics))
    return told.replace(str(root), "ROOT")
