"""Pages of MkDocs sites: GitHub's block rules change only what their authors cannot have meant.

`spec/repaired.toml` lists the pages that come out in another way than Python-Markdown makes them, with reasons.
"""

import re
import tomllib
from pathlib import Path

import pytest
from msgspec.structs import replace
from normalized import normalized

from ssg.config import load
from ssg.engine.reader import Reader
from ssg.markdown import Converter, markdown_settings
from ssg.markdown.marks import MARKS
from ssg.pipeline import frontmatter

REPAIRED = Path(__file__).parent / "spec" / "repaired.toml"
PROJECTS = {"uv": "uv", "fastapi": "fastapi/docs/en"}


def convert(converter: Converter, root: Path, text: str) -> str:
    done = converter.convert(text, 1, "page.md", Reader(root, {}), text)
    html = MARKS.sub(lambda mark: done.links[int(mark[1])].target, done.html)
    return re.sub(r">\s*<", "><", normalized(html))


@pytest.mark.parametrize("project", PROJECTS)
def test_pages_are_what_python_markdown_makes_of_them(project: str, shared: Path) -> None:
    root = shared / "corpora" / PROJECTS[project]
    if not root.exists():
        pytest.skip(f"the pages of {project} are not here")
    settings = markdown_settings(load(None, cwd=root).config)
    ours, stock = (Converter(replace(settings, github=github)) for github in (True, False))
    docs = root / "docs"
    different = {
        path.relative_to(docs).as_posix()
        for path in docs.rglob("*.md")
        if convert(ours, root, text := frontmatter.read(path.read_text(encoding="utf-8"), "", mkdocs=True).body)
        != convert(stock, root, text)
    }
    known = {page for group in tomllib.loads(REPAIRED.read_text(encoding="utf-8"))[project] for page in group["pages"]}
    assert sorted(different - known) == [], "these differ and are not listed"
    assert sorted(known - different) == [], "these are listed and do not differ any more"
