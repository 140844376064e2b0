"""Each construct of the dialect: tests/markdown has a file for it, with pairs of Markdown and the HTML that it becomes.

    ---
    markdown_extensions: [admonition]      optional: settings, as in a ssg.yml
    ---
    What this pair is about
    .
    Markdown
    .
    HTML
    !! 3:14 code: a message, with its line and column
    .

`pytest --golden` rewrites what is expected. Files that pages read are in tests/markdown/files.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from ssg.config import load
from ssg.engine.reader import Reader
from ssg.markdown import Converter, markdown_settings
from ssg.model import Body
from ssg.pipeline.render import content

FOLDER = Path(__file__).parent / "markdown"
FILES = FOLDER / "files"
_HEAD = re.compile(r"---\n(.*?\n)---\n", re.DOTALL)
_CASE = re.compile(r"^(?P<title>[^\n]+)\n\.\n(?P<source>.*?)^\.\n(?P<expected>.*?)^\.\n", re.MULTILINE | re.DOTALL)


class Case(NamedTuple):
    file: Path
    title: str
    source: str
    expected: str


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        head = _HEAD.match(text)
        start = head.end() if head else 0
        for found in _CASE.finditer(text, start):
            yield Case(path, found["title"], found["source"], found["expected"])


@cache
def converter(settings: str, folder: Path) -> Converter:
    file = folder / "ssg.yml"
    file.write_text(f"site_name: Test\n{settings}", encoding="utf-8")
    made = Converter(markdown_settings(load(file, cwd=folder).config))
    assert made.problems == {}
    return made


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dialect")


def result(case: Case, folder: Path) -> str:
    head = _HEAD.match(case.file.read_text(encoding="utf-8"))
    made = converter(head[1] if head else "", folder)
    done = made.convert(case.source, 1, "page.md", Reader(FILES, {}), case.source)
    html = content(Body(html=done.html), tuple(link.target for link in done.links), {})
    told = [f"!! {one.line}:{one.column} {one.code}: {one.message}\n" for one in done.diagnostics]
    return f"{html}\n" + "".join(told)


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.file.stem}: {case.title}") for case in cases()])
def test_construct(case: Case, request: pytest.FixtureRequest, folder: Path) -> None:
    found = result(case, folder)
    if request.config.getoption("golden"):
        text = case.file.read_text(encoding="utf-8")
        before = f"{case.title}\n.\n{case.source}.\n"
        assert text.count(before + case.expected) == 1, "two pairs are the same"
        case.file.write_text(text.replace(before + case.expected, before + found), encoding="utf-8")
        return
    assert found == case.expected


def test_files_hold_nothing_but_pairs() -> None:
    """A dot that is missing would hide a pair."""
    for path in FOLDER.glob("*.md"):
        text = _HEAD.sub("", path.read_text(encoding="utf-8"), count=1)
        assert not _CASE.sub("", text).strip(), path.name
