"""Every extension that projects name, once in a whole build, with the example of its own documentation.

Those of Python-Markdown and pymdown-extensions are always there; the others are tried where they are installed.
"""

import importlib
import importlib.util
import pkgutil
from pathlib import Path
from typing import Any, NamedTuple

import markdown.extensions
import pymdownx
import pymdownx.blocks
import pytest
from sites import build, write

from ssg.model import Severity


class Example(NamedTuple):
    """Markdown, and a part of the page that comes of it."""

    source: str
    expected: str
    options: str = ""
    needs: str = ""
    """The module that it is in, if it may be missing."""
    also: str = ""
    """Lines for other extensions that it works with."""


EXAMPLES: dict[str, Example] = {
    "abbr": Example("HTML\n\n*[HTML]: Hypertext", '<abbr title="Hypertext">HTML</abbr>'),
    "admonition": Example("!!! note\n    Text", '<div class="admonition note">'),
    "attr_list": Example("# Title {: #id .class }", '<h1 class="class" id="id">'),
    "codehilite": Example("    :::python\n    import os", '<div class="codehilite">'),
    "def_list": Example("Apple\n:   Fruit", "<dt>Apple</dt>"),
    "extra": Example("Apple\n:   Fruit\n\nHTML[^1]\n\n[^1]: Note", '<li id="fn:1">'),
    "fenced_code": Example("```\ncode\n```", "<pre><code>code"),
    "footnotes": Example("Text[^1]\n\n[^1]: Note", '<sup id="fnref:1">'),
    "legacy_attrs": Example("# Title {@id=own}", 'id="own"'),
    "legacy_em": Example("_a_b_c_", "<em>a</em>b<em>c</em>"),
    "md_in_html": Example('<div markdown="1">\n*text*\n</div>', "<em>text</em>"),
    "meta": Example("Key: value\n\nText", "<p>Text</p>"),
    "nl2br": Example("a\nb", "a<br />"),
    "sane_lists": Example("1. one\n\n* two", "<ul>"),
    "smarty": Example('"quoted" -- text', "&ldquo;quoted&rdquo; &ndash; text"),
    "tables": Example("| a |\n| - |\n| b |", "<td>b</td>"),
    "toc": Example("[TOC]\n\n# Title", '<div class="toc">'),
    "wikilinks": Example("[[Page]]", '<a class="wikilink" href="/Page/">', "html_class: wikilink"),
    "pymdownx.arithmatex": Example("$x$", "<math><mi>x</mi></math>"),
    "pymdownx.b64": Example("![Dot](dot.png)", 'src="data:image/png;base64,', "base_path: docs"),
    "pymdownx.betterem": Example("**a*b*c**", "<strong>a<em>b</em>c</strong>"),
    "pymdownx.blocks.admonition": Example("/// note | Title\nText\n///", '<p class="admonition-title">Title</p>'),
    "pymdownx.blocks.caption": Example("Text\n\n/// caption\nWords\n///", "<figcaption>"),
    "pymdownx.blocks.definition": Example("/// define\nApple\n\n- Fruit\n\n///", "<dt>Apple</dt>"),
    "pymdownx.blocks.details": Example("/// details | Title\nText\n///", "<summary>Title</summary>"),
    "pymdownx.blocks.html": Example("/// html | div.own\nText\n///", '<div class="own">'),
    "pymdownx.blocks.tab": Example("/// tab | One\nText\n///", "tabbed-set"),
    "pymdownx.bracketspan": Example(
        "[text]{.own}", '<span class="own">text</span>', needs="pymdownx.bracketspan", also="  - attr_list\n"
    ),
    "pymdownx.caret": Example("^^in^^ a^2^", "<ins>in</ins> a<sup>2</sup>"),
    "pymdownx.critic": Example("{++in++}", '<ins class="critic">in</ins>'),
    "pymdownx.details": Example("??? note\n    Text", '<details class="note">'),
    "pymdownx.emoji": Example(":smile:", "😄"),
    "pymdownx.escapeall": Example("\\W", "<p>W</p>"),
    "pymdownx.extra": Example("Apple\n:   Fruit\n\n```\ncode\n```", "<dt>Apple</dt>"),
    "pymdownx.fancylists": Example("a. one\nb. two", '<ol type="a">', needs="pymdownx.fancylists"),
    "pymdownx.highlight": Example("    code", '<div class="highlight">'),
    "pymdownx.inlinehilite": Example("`#!python import os`", '<code class="highlight">'),
    "pymdownx.keys": Example("++ctrl+k++", '<kbd class="key-control">Ctrl</kbd>'),
    "pymdownx.magiclink": Example("https://example.com", '<a href="https://example.com">'),
    "pymdownx.mark": Example("==text==", "<mark>text</mark>"),
    "pymdownx.pathconverter": Example("[a](b/c.html)", 'href="b/c.html"', "base_path: docs"),
    "pymdownx.progressbar": Example('[=50% "Half"]', '<div class="progress-bar" style="width:50.00%">'),
    "pymdownx.quotes": Example("> [!NOTE]\n> Text", '<div class="admonition note">', "callouts: true"),
    "pymdownx.saneheaders": Example("#Text", "<p>#Text</p>"),
    "pymdownx.smartsymbols": Example("(c) -->", "&copy; &rarr;"),
    "pymdownx.snippets": Example('--8<-- "part.md"', "<p>From a file.</p>"),
    "pymdownx.striphtml": Example("<!-- note -->\n\nText", "<p>Text</p>"),
    "pymdownx.superfences": Example("```python\nimport os\n```", '<div class="highlight">'),
    "pymdownx.tabbed": Example('=== "One"\n    Text', "tabbed-alternate", "alternate_style: true"),
    "pymdownx.tasklist": Example("- [x] done", '<li class="task-list-item">'),
    "pymdownx.tilde": Example("~~out~~ H~2~O", "<del>out</del> H<sub>2</sub>O"),
    "mdx_truly_sane_lists": Example("- a\n  - b", "<li>b</li>", needs="mdx_truly_sane_lists"),
    "github-callouts": Example("> [!NOTE]\n> Text", '<div class="admonition note">', needs="markdown_callouts"),
    "callouts": Example("NOTE: Text", '<div class="admonition note">', needs="markdown_callouts"),
    "markdown_include.include": Example("{!part.md!}", "<p>From a file.</p>", needs="markdown_include"),
    "markdown_grid_tables": Example("+---+\n| a |\n+---+", "<table>", needs="markdown_grid_tables"),
    "markdown_captions": Example("![Words](dot.png)", "<figcaption>Words</figcaption>", needs="markdown_captions"),
    "mdx_wikilink_plus": Example("[[page]]", "wikilink", needs="mdx_wikilink_plus"),
}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f0003860180"
    "5a34457b0000000049454e44ae426082"
)


@pytest.mark.parametrize("name", EXAMPLES)
def test_extension(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    example = EXAMPLES[name]
    if example.needs and not importlib.util.find_spec(example.needs):
        pytest.skip("it is not installed")
    options = f":\n      {example.options}" if example.options else ""
    files: dict[str, Any] = {
        "mkdocs.yml": f"site_name: Test\nmarkdown_extensions:\n  - {name}{options}\n{example.also}",
        "docs/index.md": example.source + "\n",
        "docs/dot.png": PNG,
        "docs/b/c.html": "",
        "part.md": "From a file.\n",
    }
    write(tmp_path, files)
    monkeypatch.chdir(tmp_path)  # where some extensions start to look for files
    result = build(tmp_path)
    assert [one for one in result.diagnostics if one.severity is not Severity.NOTE] == []
    assert example.expected in (tmp_path / "site/index.html").read_text(encoding="utf-8")


def test_all_that_come_with_ssg_are_tried() -> None:
    found = {one.name for one in pkgutil.iter_modules(markdown.extensions.__path__)}
    for package in (pymdownx, pymdownx.blocks):
        for one in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(one.name)
            if hasattr(module, "makeExtension") and "._" not in one.name:
                found.add(one.name)
    assert found <= EXAMPLES.keys()
