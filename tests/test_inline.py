"""GitHub's rules within paragraphs: examples to read, a comparison with markdown-it-py, and hostile texts.

An example in `inline/*.md` has a title, a line with a dot, the Markdown, a dot, the HTML, and a dot.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from inline_hostile import CASES
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString
from markdown_it import MarkdownIt
from normalized import normalized

from ssg.engine.reader import Reader
from ssg.markdown import Converted, Converter, MarkdownSettings
from ssg.markdown.github import use_github_inline
from ssg.markdown.marks import MARKS
from ssg.markdown.page import Page
from ssg.markdown.references import normalize_url
from ssg.markdown.settings import STANDARD

HERE = Path(__file__).parent
READER = Reader(HERE, {})
STANDARD_SET = MarkdownSettings(extensions=STANDARD, github_inline=True)


_LOADING = re.compile(r' (?:data-size|decoding|loading)="[^"]*"')
"""What images have for the sake of browsers."""


def examples() -> Iterator[object]:
    for path in sorted((HERE / "inline").glob("*.md")):
        parts = path.read_text(encoding="utf-8").removesuffix("\n").split("\n.\n")
        for title, text, expected in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
            yield pytest.param(text, expected.removesuffix("\n."), id=f"{path.stem}: {title.strip()}")


@pytest.fixture(scope="module")
def converter() -> Converter:
    made = Converter(STANDARD_SET)
    assert made.problems == {}
    return made


def convert(converter: Converter, text: str) -> Converted:
    return converter.convert(text, 1, "page.md", READER, text)


@pytest.mark.parametrize(("text", "expected"), list(examples()))
def test_example(converter: Converter, text: str, expected: str) -> None:
    assert _LOADING.sub("", convert(converter, text).html) == expected


# Complete pieces of constructs that both have, in any order. Left out is what is ours on purpose (bare URLs, attribute
# lists, tags in the text of images) and where markdown-it-py differs from cmark (a backslash before spaces).
WORDS = r"""* ** *** _ __ a é 。 ! " ' - ( ) [ ] ` `` \* \[ \` \\ <b> </b> <http://e.f> <!--c--> <?p?> &amp; &copy;
&#42; &nbsp; &nope; & < > ](u) ](<v>) ![i](j) ![*i*](j) [r] [r][]"""
PIECES = (*WORDS.split(), '](<u v> "t")', '](w "t&copy;\\"")', " ", " ", "\n", "  \n", "\\\n")
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@given(TEXTS)
@settings(max_examples=500, deadline=None, derandomize=True)  # some rare texts are read otherwise, by other reasons
def test_any_text_comes_out_as_from_markdown_it(converter: Converter, text: str) -> None:
    text = f"x{text}y"
    assume("\n\n" not in text)
    assume(not re.search(r"\n[-<>=*!\[_`~&\"' ]", text))  # it would begin another block, or change the white space
    assume(not re.search(r"\\ |\\<|!\[[^\]]*<|\]\([^)]*\\\n|\]\n\[", text))
    assume(not re.search(r"\]\([^()\n]*\[", text))  # a destination that is none: markdown-it-py does not look further
    text += "\n\n[r]: /url 'title'\n"
    expected = MarkdownIt("commonmark").render(text)
    done = convert(converter, text)
    urls = [normalize_url(one.target).replace("&", "&amp;") for one in done.links]
    found = MARKS.sub(lambda mark: urls[int(mark[1])], _LOADING.sub("", done.html))
    assert normalized(found) == normalized(expected)


_made: list[Converter] = []


def run_apart(name: str, length: int) -> tuple[str, set[str]]:
    """Convert a hostile page in a process that can be ended: its HTML, and the codes of what is wrong with it."""
    if not _made:
        _made.append(Converter(STANDARD_SET))
    done = convert(_made[0], CASES[name](length))
    return done.html, {one.code for one in done.diagnostics}


@pytest.fixture(scope="module")
def apart() -> Iterator[Callable[[str, int], tuple[str, set[str]]]]:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:

        def run(name: str, length: int) -> tuple[str, set[str]]:
            try:
                return pool.submit(run_apart, name, length).result(timeout=30)
            except TimeoutError:
                for process in pool._processes.values():
                    process.kill()
                raise

        yield run


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_page_is_made_in_time(apart: Callable[[str, int], tuple[str, set[str]]], name: str) -> None:
    """In time linear in its length, however it nests: one that takes its square would need minutes and is killed."""
    done, codes = apart(name, 100_000)
    assert done.startswith("<p>")
    assert "klzzwxh" not in done  # no placeholder is left
    assert codes <= {"undefined-reference"}


def test_a_reference_that_is_not_defined_is_told(converter: Converter) -> None:
    text = "# A\n\nSee [the guide][guied], `[a][code]` and a[i][j].\n\n    [a][block]\n\n[guide]: https://a.b\n"
    found = convert(converter, text).diagnostics
    assert [(one.code, one.line, one.column, one.hint) for one in found] == [
        ("undefined-reference", 3, 16, "did you mean '[guide]'?")
    ]
    assert "'[guied]'" in found[0].message


@pytest.mark.parametrize("text", ["[a]", "[a][]", "[ ][x]", "- [x] a", "[a][^1]", "[a] [b]", "x[1][2]", "\\[a][b]"])
def test_what_may_be_meant_as_text_is_not_told(converter: Converter, text: str) -> None:
    assert convert(converter, text).diagnostics == ()


class Dollars(Extension):
    """Formulas as extensions have them: before escapes, and in every text."""

    class Pattern(InlineProcessor):
        def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override] # noqa: N802
            element = Element("i")
            element.text = AtomicString(m[1])
            return element, m.start(), m.end()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.inlinePatterns.register(self.Pattern(r"(?<![\\$])\$([^$]+)\$", md), "dollars", 189.9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"$\{a\_b*c*[d](e)\}$ *f*", r"<i>\{a\_b*c*[d](e)\}</i> <em>f</em>"),
        (r"`$a$` $b`c$ `", "<code>$a$</code> <i>b`c</i> `"),
        (r"\$a [$b]$](c)", '$a <a href="c"><i>b]</i></a>'),
    ],
)
def test_patterns_before_escapes_are_told_apart_with_all_else(text: str, expected: str) -> None:
    """What begins first counts, with formulas too: within them nothing means anything, nor they within code."""
    engine = Markdown(extensions=[Dollars()])
    use_github_inline(engine, Page())
    assert engine.convert(text) == f"<p>{expected}</p>"


def test_headings_and_links_are_as_their_author_wrote_them(converter: Converter) -> None:
    done = convert(converter, "# A &amp; *B* &copy; [c](<d e.md#f>)\n\n![g](h&amp;i.png)\n")
    assert [(one.text, one.id, one.html) for one in done.headings] == [
        ("A & B © c", "a--b--c", "A &amp; <em>B</em> © c")
    ]
    assert [one.target for one in done.links] == ["d e.md#f", "h&i.png"]
