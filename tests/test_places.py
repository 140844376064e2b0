"""Whatever is wrong in a page is told with the line and column where its author wrote it, in any block."""

from pathlib import Path

import pytest

from ssg.engine.reader import Reader
from ssg.markdown import Converter, MarkdownSettings
from ssg.markdown.settings import STANDARD

WITHIN = {
    "paragraph": "Text and {}.\n",
    "heading": "## {}\n",
    "nested list": "- a\n  - b\n    1. {}\n",
    "loose list": "1. a\n\n   {}\n\n2. b\n",
    "quote": "> a\n> {}\n",
    "quote in a list": "- > a\n  > {}\n",
    "alert": "> [!NOTE]\n> {}\n",
    "admonition": '!!! note "Title"\n\n    {}\n',
    "folded": "??? tip\n    a\n\n    - {}\n",
    "tab": '=== "One"\n\n    one\n\n=== "Two"\n\n    {}\n',
    "admonition in a tab in a list": '- a\n\n    === "One"\n\n        !!! note\n\n            {}\n',
    "table": "| a | b |\n|---|---|\n| 1 | {} |\n",
    "definition": "Term\n\n:   {}\n",
    "footnote": "Text[^1].\n\n[^1]:\n    {}\n",
    "Markdown in HTML": "<div markdown>\n\n{}\n\n</div>\n",
    "after HTML": "<div>\nb.md\n</div>\n\n{}\n",
    "block": "/// note\n\n{}\n\n///\n",
    "after a fence that is not closed": "- ```\n  a\n\n{}\n",
    "after code that is indented": "    [a](missing.md) :material-none-such: [a][nowhere]\n\n{}\n",
    "after a fence in a list": "1. a\n   ```md\n   [a](missing.md) :material-none-such:\n   ```\n\n   {}\n",
    "after code in a line": "`[a](missing.md)` `:material-none-such:` `[a][nowhere]` {}\n",
    "after its words": "(missing.md) nowhere {}\n",
}
WRONG = {
    "link": "[text](missing.md)",
    "image": "![text](missing.md)",
    "HTML": '<a href="missing.md">text</a>',
    "icon": ":material-none-such:",
    "label": "[text][nowhere]",
}
NEEDLES = {"icon": ":material", "label": "[nowhere]"}


@pytest.fixture(scope="module")
def converter() -> Converter:
    return Converter(MarkdownSettings(extensions=STANDARD, github_inline=True))


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("block", WITHIN)
def test_place(converter: Converter, block: str, kind: str) -> None:
    text = "---\ntitle: x\n---\n# Title\n\nBefore.\n\n" + WITHIN[block].replace("{}", WRONG[kind]) + "\nAfter.\n"
    body = text.split("---\n", 2)[2]
    done = converter.convert(body, 4, "page.md", Reader(Path(__file__).parent, {}), text)
    needle = NEEDLES.get(kind, "missing.md")
    offset = text.rindex(needle)
    expected = (text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
    if kind in NEEDLES:
        codes = {"unknown-icon", "icons-missing", "undefined-reference"}
        found = [(one.line, one.column) for one in done.diagnostics if one.code in codes]
    else:
        found = [(one.line, one.column) for one in done.links if one.target == "missing.md"]
    assert found == [expected]
