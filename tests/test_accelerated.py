"""The accelerated converter: byte by byte what Python-Markdown gives with the same extensions and options."""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Comment, Element, SubElement

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown import Markdown
from markdown.serializers import to_xhtml_string
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pymdownx.highlight import Highlight

from ssg.config.settings import MarkdownExtension
from ssg.engine.reader import Reader
from ssg.markdown import Converter, MarkdownSettings
from ssg.markdown.highlight import CachedHighlight
from ssg.markdown.lexing import accelerate
from ssg.markdown.links import LinkExtension, mark_raw
from ssg.markdown.objects import resolve
from ssg.markdown.page import Page
from ssg.markdown.regex import begins, without_context
from ssg.markdown.sections import anchors, sections
from ssg.markdown.serializer import serialize
from ssg.markdown.settings import FORMULAS, INLINE, STANDARD

ROOT = Path(__file__).parents[1]
READER = Reader(Path(__file__).parent, {})

MATERIAL = (
    MarkdownExtension("abbr"),
    MarkdownExtension("admonition"),
    MarkdownExtension("attr_list"),
    MarkdownExtension("def_list"),
    MarkdownExtension("footnotes"),
    MarkdownExtension("md_in_html"),
    MarkdownExtension("tables"),
    MarkdownExtension("toc", {"permalink": True}),
    MarkdownExtension("pymdownx.arithmatex", {"generic": True}),
    MarkdownExtension("pymdownx.betterem", {"smart_enable": "all"}),
    MarkdownExtension("pymdownx.caret"),
    MarkdownExtension("pymdownx.critic"),
    MarkdownExtension("pymdownx.details"),
    MarkdownExtension("pymdownx.emoji", {"emoji_generator": {"!python": "pymdownx.emoji.to_alt"}}),
    MarkdownExtension(
        "pymdownx.highlight", {"anchor_linenums": True, "line_spans": "__span", "pygments_lang_class": True}
    ),
    MarkdownExtension("pymdownx.inlinehilite"),
    MarkdownExtension("pymdownx.keys"),
    MarkdownExtension("pymdownx.mark"),
    MarkdownExtension("pymdownx.smartsymbols"),
    MarkdownExtension("pymdownx.superfences"),
    MarkdownExtension("pymdownx.tabbed", {"alternate_style": True}),
    MarkdownExtension("pymdownx.tasklist", {"custom_checkbox": True}),
    MarkdownExtension("pymdownx.tilde"),
)
"""What the documentation of Material for MkDocs recommends."""

SETS = {
    "material": MATERIAL,
    # our snippets are confined to the project, and so differ on purpose; and formulas are an extension of our own
    "standard": tuple(one for one in (*STANDARD, *INLINE) if one.name not in ("pymdownx.snippets", FORMULAS)),
    "none": (),
}

ROLE = '<table role="presentation" '
"""Of line numbers in a table: what ours adds."""

Pair = tuple[Callable[[str], str], Callable[[str], str]]


def pair(extensions: tuple[MarkdownExtension, ...]) -> Pair:
    """Our converter, and Python-Markdown as it comes with no more than the marking of links."""
    ours = Converter(MarkdownSettings(extensions=extensions, github=False, formulas=False, languages=False))
    assert ours.problems == {}
    page = Page()
    stock = Markdown(extensions=[LinkExtension(page)])
    for one in extensions:
        name = one.name if "." in one.name else f"markdown.extensions.{one.name}"
        stock.registerExtensions([stock.build_extension(name, resolve(one.options))], {})

    def expected(text: str) -> str:
        page.begin(READER)
        return mark_raw(stock.reset().convert(text), page)

    def found(text: str) -> str:
        done = ours.convert(text, 1, "page.md", READER, text)
        # they are looked for in HTML without highlighted code, and are what is there with it
        assert done.anchors == anchors(done.html)
        assert done.sections == sections(done.html, done.headings)
        return done.html.replace(ROLE, "<table ")

    return found, expected


@pytest.fixture(scope="module", params=SETS)
def converters(request: pytest.FixtureRequest) -> Pair:
    return pair(SETS[request.param])


def test_corpora_come_out_as_from_python_markdown(converters: Pair, shared: Path) -> None:
    ours, expected = converters
    paths = [*sorted(shared.rglob("corpora/**/*.md")), *sorted(shared.rglob("bench/neutral-1000/**/*.md"))[::20]]
    assert len(paths) > 250
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert ours(text) == expected(text), path.name


BLOCKS = """# Same
## Same
### *Same* `x` {#own .c}
Words with **bold**, _em_, `code`, a [link](b.md) and ![image](i.png "t").
Words 1/2 (c) 1st --> +/- =/= c/o 3rd 2024 ~~no~~ ^up^ ==mark== ++ctrl+c++ :smile:
Text with \\* escapes \\[x\\] &amp; &copy; <b>tags</b> and a < b > c & d.
Text[^1] with a footnote and HTML.
[^1]: The note.
*[HTML]: Hyper Text
[TOC]
- item
- [x] done
    - deeper `x`{.y}
1. one
| a | b |\n|---|:-:|\n| 1 | `x|y` |
Term\n:   Definition {: .d }
!!! note "Title"\n    Body *text*.\n\n    ```py\n    x = 1\n    ```
??? tip\n    Hidden.
=== "Tab"\n\n    One\n\n=== "Two"\n\n    ```sh\n    ls | wc\n    ```
```python\ndef f(x):\n    return "<&>"  # no\n\n\n@d\nclass A: pass\n```
``` { .yaml .extra #id linenums="3" hl_lines="1" title="a <b>" }\na: 1\nb: [x]\n```
```py title="x.py" hl_lines="1-2 4"\na\n\nb = '''\nc\n'''\nd\n```
~~~console\n$ echo "$x"\nout\n~~~
```nonsense\n<&>\n```
`#!python print(1)` and `#!js let a = "<";`
    indented = code
<div markdown="1">\n*in* div\n\n## Same\n</div>
<a href="raw.md">raw</a> <img src=x.png> <!-- [no](c.md) -->
<script>if (a < b) { x() }</script>
> quoted\n> ```\n> code\n> ```
$x^2$ and $$\ny\n$$
A line  \nbroken \\\nand tab\there
{++added++} {--gone--}
   \n\t\n \u00a0
""".replace("\\n", "\n").splitlines()
PIECES = [
    *re.split(r"\n(?=\S)", "\n".join(BLOCKS)),
    "\n",
    "\n\n",
    " ",
    "    ",
    "`",
    "```",
    "*",
    "{",
    "}",
    "<",
    "\t",
    "é漢",
]


@st.composite
def documents(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(st.sampled_from(PIECES), max_size=12))
    return "".join(piece + draw(st.sampled_from(["\n\n", "\n\n", "\n", ""])) for piece in pieces)


@given(documents())
@example("a\n \nb\n  \nc\n")
@settings(max_examples=300, deadline=None)
def test_any_document_comes_out_as_from_python_markdown(converters: Pair, text: str) -> None:
    ours, expected = converters
    assert ours(text) == expected(text)


LANGUAGES = re.split(
    r"\s",
    """python pycon bash console yaml toml json html html+jinja css javascript typescript tsx rust go java c c++
diff ini docker sql ruby php xml make powershell markdown http kotlin swift perl lua r text""",
)


def sources() -> list[str]:
    """Text in many languages: made-up snippets, a style sheet, a script, templates and Python."""
    names = ["benchmarks/snippets.md", "themes/default/assets/main.js", "themes/default/assets/style.css"]
    names += ["themes/default/base.html", "ssg/yamlfile.py", "tests/test_accelerated.py", "pyproject.toml"]
    return [(ROOT / name).read_text(encoding="utf-8") for name in names]


@pytest.mark.parametrize("language", LANGUAGES)
def test_tokens_are_those_of_pygments(language: str) -> None:
    stock, ours = get_lexer_by_name(language), accelerate(get_lexer_by_name(language))
    for text in sources():
        text = text[:12_000]
        assert list(ours.get_tokens(text)) == list(stock.get_tokens(text))


def test_tokens_are_those_of_pygments_in_every_language() -> None:
    text = "".join(source[300:500] for source in sources()) + "é ſK 漢\x00\x0b\u2028 `x` @a #b $c %d \\e\n\n\t\"'\n"
    names = [aliases[0] for _, aliases, _, _ in get_all_lexers() if aliases]
    for name in random.Random(0).sample(names, 150):
        found = list(accelerate(get_lexer_by_name(name)).get_tokens(text))
        assert found == list(get_lexer_by_name(name).get_tokens(text)), name


@given(st.sampled_from(LANGUAGES[:18]), st.text("ab1_ \n\t\"'`#/*<>=-+:;,.()[]{}$%&@!|\\~^?éſK漢", max_size=60))
@settings(max_examples=300, deadline=None)
def test_tokens_of_any_text_are_those_of_pygments(language: str, text: str) -> None:
    stock, ours = get_lexer_by_name(language), accelerate(get_lexer_by_name(language))
    assert list(ours.get_tokens(text)) == list(stock.get_tokens(text))


def test_marks_in_an_included_file_are_text(tmp_path: Path) -> None:
    (tmp_path / "part.md").write_text("a \0000\0 b \0007\0 \x1a7\x1a c \0" + "9" * 5000 + "\0\n", encoding="utf-8")
    text = '```py\nx = 1\n```\n\n--8<-- "part.md"\n'
    done = Converter(MarkdownSettings(extensions=STANDARD, github_inline=True)).convert(
        text, 1, "page.md", Reader(tmp_path, {}), text
    )
    assert "\ufffd7\ufffd \ufffd7\ufffd" in done.html and done.html.count("<code>") == 1
    assert "x = 1" in done.sections[0].text


CODE = ["", "\n", "x", "\n\nx = 1\n\n\ny = '''\n<&>\n'''\n", "# é\n\tif a:\n        b()", "a\n b\n\n\n", '"\n\n" "']
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "linenums": st.sampled_from([None, True, False]),
        "linenums_style": st.sampled_from(["table", "inline", "pymdownx-inline"]),
        "line_spans": st.sampled_from(["", "__span", "a<b"]),
        "line_anchors": st.sampled_from(["", "__code"]),
        "anchor_linenums": st.booleans(),
        "pygments_lang_class": st.booleans(),
        "auto_title": st.booleans(),
        "noclasses": st.booleans(),
        "use_pygments": st.booleans(),
        "guess_lang": st.booleans(),
        "stripnl": st.booleans(),
        "default_lang": st.sampled_from(["", "bash"]),
        "extend_pygments_lang": st.just([{"name": "Own", "lang": "python", "options": {"tabsize": 4}}]),
    },
)
CALLS = st.fixed_dictionaries(
    {
        "src": st.sampled_from(CODE),
        "language": st.sampled_from(["", "python", "own", "nonsense", "console"]),
        "css_class": st.sampled_from(["", "highlight", 'a "b" <c>']),
    },
    optional={
        "hl_lines": st.lists(st.integers(0, 6), max_size=3),
        "linestart": st.integers(-1, 3),
        "inline": st.booleans(),
        "classes": st.lists(st.sampled_from(["a", "b c"]), max_size=2),
        "id_value": st.sampled_from(["", "here", "a'b"]),
        "attrs": st.sampled_from([{}, {"data-x": "1", "y": "2"}]),
        "title": st.sampled_from([None, "", " a.py ", "<i>"]),
        "code_block_count": st.integers(0, 2),
    },
)


def highlighted(kind: type[Highlight], options: dict[str, object], call: dict[str, object]) -> object:
    found = kind(None, **options).highlight(**call)
    return (found.tag, found.attrib, found.text) if isinstance(found, Element) else found


@given(OPTIONS, CALLS)
@settings(max_examples=400, deadline=None)
def test_code_is_highlighted_as_by_pymdownx(options: dict[str, object], call: dict[str, object]) -> None:
    if call.get("inline") and call.get("attrs"):
        return  # of this pymdownx itself makes an error
    kind = type("OfAPage", (CachedHighlight,), {"page": Page()})
    found, expected = highlighted(kind, options, call), highlighted(Highlight, options, call)
    if isinstance(found, str):
        assert found.count(ROLE) == str(expected).count("<table ")
        found = found.replace(ROLE, "<table ")
    assert found == expected


REGEXES = re.split(
    r"\s",
    """a|ab (?i)k [a-c]?b (?=x)y (?!a)[ab] (?<=a)b \\bab $ ^$ \\Z a* (?:a|)c [^a]b (?i:[^a])b \\d\\w \\s? (?s).b .
(a)\\1 (?P<x>1)?th (?>a+)b a++b (?(1)a|b) [\\W_] (?i)[k-m] (?a:\\w)é x{0}y (?<!\\d)1/2 (?x:a#b) é|ſ""",
)


@given(st.sampled_from(REGEXES), st.text("abckKxyY12/ _\n\tthéſK", max_size=6))
@settings(max_examples=600)
def test_no_match_is_ruled_out(regex: str, text: str) -> None:
    try:
        pattern = re.compile(regex, re.MULTILINE)
    except re.error:
        return  # newer versions know more of them
    for place in range(len(text) + 1):
        if pattern.match(text, place):
            assert begins(pattern, text[place : place + 1])
    wider = without_context(pattern)
    if wider is not None and pattern.search(text):
        assert wider.search(f"a\n{text}\nb")


def trees() -> Iterator[Element]:
    root = Element("div", {"b": 'x "<&amp;&>\n', "a": "1"})
    SubElement(root, "br").tail = "a & b &lt; <"
    SubElement(root, "script").text = "a < b && c"
    SubElement(SubElement(root, "p"), "img", {"src": "x"}).tail = "end"
    yield root
    bare = SubElement(root, "input")
    bare.set("checked", None)  # type: ignore[arg-type] # as attr_list does
    yield root
    root.append(Comment("a > b"))
    yield root
    deep = Element("a")
    for _ in range(5000):
        outer = Element("b")
        outer.append(deep)
        deep = outer
    yield deep


def test_trees_are_written_as_by_python_markdown() -> None:
    for tree in trees():
        assert serialize(tree) == to_xhtml_string(tree)
