"""Hostile pages: each ends within seconds, without a traceback, and with time linear in its length where it is ours.

Each page is converted in a process of its own that is ended when it takes too long, so that a page that breaks the
rule fails its test and nothing else.
"""

import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from block_hostile import CASES

from ssg.config.settings import MarkdownExtension
from ssg.engine.reader import Reader
from ssg.markdown import MarkdownSettings
from ssg.markdown.settings import STANDARD, choose
from ssg.pipeline.parse import ParseSettings, converter, parse

LENGTH = 4_000
PATIENCE_S = 30
"""How long a page may take on a machine that has much else to do."""

EXTENSIONS = """\
abbr admonition attr_list def_list footnotes md_in_html tables toc pymdownx.arithmatex pymdownx.betterem
pymdownx.blocks.admonition pymdownx.blocks.caption pymdownx.blocks.details pymdownx.blocks.tab pymdownx.caret
pymdownx.critic pymdownx.details pymdownx.highlight pymdownx.inlinehilite pymdownx.keys pymdownx.magiclink
pymdownx.mark pymdownx.smartsymbols pymdownx.snippets pymdownx.superfences pymdownx.tabbed pymdownx.tasklist
pymdownx.tilde"""
"""What Material for MkDocs tells its users to switch on."""

MODES = {
    "standard": MarkdownSettings(extensions=STANDARD, github_inline=True),
    "mkdocs": MarkdownSettings(
        extensions=choose(tuple(MarkdownExtension(name) for name in EXTENSIONS.split()), mkdocs=True)
    ),
}

SUPERLINEAR_IN_LIBRARIES = {
    "tabs in a set",  # pymdownx.tabbed counts the tabs before each
    "short names that are none",  # a text is put together anew for each short name in it
}

Outcome = tuple[list[str], str, int]


def run(mode: str, text: str, root: Path, *, count: bool = False) -> Outcome:
    """Return the codes of what is wrong with a page, its HTML, and how many calls it took."""
    (root / "content").mkdir(exist_ok=True)
    (root / "content" / "page.md").write_bytes(text.encode())
    settings = ParseSettings(docs_dir="content", mkdocs=mode == "mkdocs", markdown=MODES[mode])
    calls = 0

    def called(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    if count:
        sys.setprofile(called)
    try:
        document = parse(settings, "page.md", Reader(root, {}))
    finally:
        sys.setprofile(None)
    return [one.code for one in document.diagnostics], document.body.html, calls


def _child(connection: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    connection.send(work(*arguments))


def stoppable(work: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function returns that is called in another process, which is ended when it takes too long."""
    context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, work, arguments))
    process.start()
    theirs.close()
    try:
        assert ours.poll(PATIENCE_S), "it takes too long"
        try:
            return ours.recv()
        except EOFError:
            pytest.fail("the process died")
    finally:
        process.kill()
        process.join()
        ours.close()


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Children are forked from a process that has all it needs."""
    for settings in MODES.values():
        assert converter(settings).problems == {}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", CASES)
def test_a_hostile_page_comes_to_an_end(name: str, mode: str, tmp_path: Path) -> None:
    codes, html, _ = stoppable(run, mode, CASES[name](LENGTH), tmp_path)
    assert "markdown-failed" not in codes
    assert "Traceback" not in html


def counted(name: str, root: Path) -> tuple[int, int, int]:
    """How many characters more there are when a page is four times as long, and how many calls it takes."""
    short, long = CASES[name](LENGTH // 2), CASES[name](LENGTH * 2)
    run("standard", "# A\n\n`a` [b](c.md)\n", root)  # what is loaded or compiled for the first page
    calls = [run("standard", text, root, count=True)[2] for text in (short, long)]
    return 100 * len(long) // len(short), calls[0], calls[1]


@pytest.mark.parametrize("name", sorted(set(CASES) - SUPERLINEAR_IN_LIBRARIES)[::2])
def test_work_grows_as_the_page_does(name: str, tmp_path: Path) -> None:
    percent, short, long = stoppable(counted, name, tmp_path)
    assert long < short * percent / 100 * 1.4 + 2000


DEPTH = 10_000


def deep(unit: str) -> str:
    return unit * DEPTH + "a\n"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "unit",
    ["> ", ">", "- ", "* ", "+ ", "1. ", "> - ", "- > ", "[", "![", "(", "*", "**a ", "_", "~~", "`", "<b>", "<div>"],
)
def test_ten_thousand_levels_become_text(unit: str, mode: str, tmp_path: Path) -> None:
    if mode == "mkdocs" and unit in ("[", "!["):
        pytest.skip("Python-Markdown's own patterns take a time that grows with the square; `timeout` ends them")
    codes, html, _ = stoppable(run, mode, deep(unit), tmp_path)
    assert "markdown-failed" not in codes
    assert html or codes == ["markdown-depth"]
    assert "Traceback" not in html
