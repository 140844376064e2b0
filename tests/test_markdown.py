"""The converter: the same bytes as Python-Markdown with the same extensions, only sooner."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown
from markdown.treeprocessors import InlineProcessor

from ssg.engine.reader import Reader
from ssg.markdown import Converter, MarkdownSettings
from ssg.markdown.inline import first_characters, needed_characters
from ssg.markdown.settings import STANDARD

READER = Reader(Path(__file__).parent, {})


@pytest.fixture(scope="module")
def converter() -> Converter:
    made = Converter(MarkdownSettings(extensions=STANDARD))
    assert made.problems == {}
    return made


@pytest.fixture(scope="module")
def stock() -> Converter:
    made = Converter(MarkdownSettings(extensions=STANDARD))
    engine: Markdown = made._markdown
    engine.treeprocessors.register(InlineProcessor(engine), "inline", 20)
    return made


def html(converter: Converter, text: str) -> str:
    return converter.convert(text, 1, "page.md", READER, text).html


def test_corpora_come_out_as_from_the_stock_inline_processor(
    converter: Converter, stock: Converter, shared: Path
) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(shared.rglob("corpora/**/*.md"))]
    assert len(texts) > 200
    for text in texts:
        assert html(converter, text) == html(stock, text)


WORDS = """a word * ** _ __ ~ ~~ ^ == ` `` [ ] ( ) ! < > & : :smile: http://x.io www.x.io a@b.c \\ \\* ++ctrl+c++
{.x} | - 1. # > ``` --- !!! note " ' <b> </b> <!-- --> &amp; [^1] [a](b.md) ![i](p.png) {++x++} (c)"""
PIECES = st.sampled_from([*WORDS.split(), "\n", "\n\n", "    "])


@given(st.lists(PIECES, max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_text_comes_out_as_from_the_stock_inline_processor(
    converter: Converter, stock: Converter, pieces: list[str]
) -> None:
    text = " ".join(pieces)
    assert html(converter, text) == html(stock, text)


REGEXES = st.sampled_from(
    [
        "a",
        "ab|c",
        "[xy]z*",
        "(?i)q",
        "(?i)k",
        "a?b",
        "a{0}",
        "(?=x)[a-z]",
        "(?!x)[a-c]",
        "(a|b)+c",
        "[^a]",
        ".",
        "(?:a|)",
        "[a-c]{2,}",
        "(?<=y)z",
        "é|(?i:é)",
    ]
)


@given(REGEXES, st.text(alphabet="abcxyzqQkKKéÉ ", max_size=6))
def test_a_pattern_never_matches_without_a_needed_character(regex: str, text: str) -> None:
    pattern = re.compile(regex)
    needed = needed_characters(pattern)
    if needed is not None and pattern.search(text):
        assert needed & set(text)


@given(REGEXES, st.text(alphabet="abcxyzqQkKKéÉ ", max_size=6))
def test_a_match_begins_with_one_of_the_first_characters(regex: str, text: str) -> None:
    pattern = re.compile(regex)
    first = first_characters(pattern)
    found = pattern.search(text)
    if first is not None and found:
        assert found[0][:1] in first


def test_code_is_highlighted_in_fences_and_spans(converter: Converter) -> None:
    found = html(converter, '```python title="a.py" hl_lines="1"\nx = 1\n```\n\n`#!python y = 2`\n')
    assert '<span class="filename">a.py</span>' in found
    assert '<span class="hll">' in found
    assert '<code class="language-python highlight"><span class="n">y</span>' in found


def test_a_list_may_interrupt_a_paragraph(converter: Converter) -> None:
    assert html(converter, "Components:\n- one\n- two\n") == (
        "<p>Components:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
    )


def test_marks_of_ours_in_a_page_are_taken_out(converter: Converter) -> None:
    assert html(converter, "a \x1a0\x1a b \x00") == "<p>a \ufffd0\ufffd b \ufffd</p>"


@pytest.mark.parametrize("text", ["> " * 2000 + "x", "[" * 3000, "*a " * 3000, "- " * 500 + "x"])
def test_a_page_that_is_too_much_is_a_problem_of_that_page_alone(converter: Converter, text: str) -> None:
    done = converter.convert(text, 1, "page.md", READER, text)
    assert done.html or [one.code for one in done.diagnostics] == ["markdown-depth"]
    assert html(converter, "fine") == "<p>fine</p>"


def test_a_heading_with_a_link_is_no_link_within_a_link_in_the_table_of_contents(converter: Converter) -> None:
    text = "## *A* [link](b.md) ![i](i.png)[^1] {#x}\n\n[^1]: Note.\n"
    done = converter.convert(text, 1, "page.md", READER, text)
    assert [(one.html, one.text, one.id) for one in done.headings] == [("<em>A</em> link ", "A link", "x")]


@pytest.mark.parametrize("text", ["Text:\n```py\nx\n```\nMore.\n", "Text:\n\n```py\nx\n```\n\nMore.\n"])
def test_a_fence_needs_no_blank_lines(converter: Converter, text: str) -> None:
    code = '<div class="language-py highlight"><pre><span></span><code><span class="n">x</span>\n</code></pre></div>'
    assert html(converter, text) == f"<p>Text:</p>\n{code}\n<p>More.</p>"


def test_a_fence_in_an_admonition_needs_no_blank_lines(converter: Converter) -> None:
    found = html(converter, '!!! note "A"\n    Text:\n    ```\n    x\n    ```\n    More.\n')
    assert "<p>Text:</p>\n<div" in found
    assert "</div>\n<p>More.</p>\n</div>" in found


@pytest.mark.parametrize("kind", ["note", "tip", "important", "warning", "caution"])
def test_alerts_of_github_are_admonitions(converter: Converter, kind: str) -> None:
    look = "caution danger" if kind == "caution" else kind
    assert html(converter, f"> [!{kind.upper()}]\n> Mind *this*.\n") == (
        f'<div class="admonition {look}">\n<p class="admonition-title">{kind.title()}</p>\n'
        "<p>Mind <em>this</em>.</p>\n</div>"
    )


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('# A\n\n```py linenum="1"\nx\n```\n\n## B\n', "unread-fence", 3),
        ("Text.\n\n~~~ python\nnever closed\n", "unclosed-fence", 3),
        ("- Item\n  ~~~ python\n  never closed\n\nText.\n", "unclosed-fence", 2),
    ],
)
def test_a_fence_that_is_not_read_as_its_author_meant_is_told(
    converter: Converter, text: str, code: str, line: int
) -> None:
    found = converter.convert(text, 1, "page.md", READER, text).diagnostics
    assert [(one.code, one.line) for one in found] == [(code, line)]


@pytest.mark.parametrize("text", ["```\n<p>```py\n```\n", "````md\n```py\nx\n```\n````\n", "A ``` b ``` c.\n"])
def test_a_fence_that_is_shown_is_no_mistake(converter: Converter, text: str) -> None:
    assert converter.convert(text, 1, "page.md", READER, text).diagnostics == ()
