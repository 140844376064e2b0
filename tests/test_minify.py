"""Smaller style sheets and scripts say what they said before, as others read them: tinycss2, Pygments and Chromium."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tinycss2
from hypothesis import example, given
from hypothesis import strategies as st
from pygments.lexers.javascript import JavascriptLexer
from tinycss2.ast import Node

from ssg import minify

THEME = Path(__file__).parents[1] / "themes" / "default"

SPACE = "blank"
TEXTS = ['"', "'", '"a  /* b"', "'\\'  '", '"\\\n  "', "/*", "*/", "/* a */", "/*! a  */"]
FUNCTIONS = ["url(", "url( a;b )", "url(//a/*.png)", "URL(\\) )", "x(", "xurl(", ")", "[", "]"]
OTHERS = [
    "\\",
    "\\{ ",
    "\\26  ",
    "\\,",
    "a",
    "b",
    "1",
    "-",
    "+",
    "> ",
    "::b",
    "#c",
    "@media",
    "!important",
    "é",
    "\xa0",
]
CSS = [*TEXTS, *FUNCTIONS, *OTHERS, *"{};,:", "--x: ;", " ", "\n", "\t ", "\r\n", "\f"]


def tokens(nodes: list[Node]) -> Iterator[str]:
    for one in nodes:
        if one.type == "comment":
            continue
        if one.type == "whitespace":
            yield SPACE
        elif hasattr(one, "content"):
            yield one.type[0]
            yield from tokens(one.content)
            yield one.type[1]
        elif one.type == "function":
            yield f"{one.name}("
            yield from tokens(one.arguments)
            yield ")"
        else:
            yield f"{one.type} {one.serialize()}"


def says(sheet: str) -> list[str]:
    """The tokens of a style sheet without what says nothing: white space beside signs, and the last `;` of a block."""
    found = list(tokens(tinycss2.parse_component_value_list(sheet)))
    signs = ("{", "}", "error }", "literal ;", "literal ,", "literal >")
    needed: list[str] = []
    for one in found:
        if one == SPACE and (not needed or needed[-1] in (*signs, "literal :", SPACE)):
            continue
        if one in signs and needed and needed[-1] == SPACE:
            needed.pop()
        while one in ("}", "error }") and needed and needed[-1] == "literal ;":
            needed.pop()
        needed.append(one)
    while needed and needed[-1] in (SPACE, ")", "]", "}"):  # at its end, a sheet closes what is open
        needed.pop()
    return needed


# that `\url(` is `url(` need not be known
@given(st.lists(st.sampled_from(CSS), max_size=12).map("".join).filter(lambda sheet: "\\url(" not in sheet.lower()))
@example(":is(.a, .b) :where(.c, .d)")
@example("a/**/b { c: d; /* e */ } f { }")
@example("a { ; } /* b */ c /* } */ { }")
def test_a_style_sheet_has_the_same_tokens(sheet: str) -> None:
    small = minify.css(sheet)
    assert len(small) <= len(sheet)
    assert says(small) == says(sheet)


@pytest.mark.parametrize("path", sorted(THEME.rglob("*.css")), ids=lambda path: path.name)
def test_style_sheets_of_the_theme_have_the_same_rules(chromium: Any, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    page = chromium.new_page()
    rules = """text => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        return [...sheet.cssRules].map((one) => one.cssText).join("\\n");
    }"""
    found = (page.evaluate(rules, one) for one in (text, minify.css(text)))
    before, after = (re.sub(r" ?([{};,>]|(?<=[-\w]):) ?", r"\1", re.sub(r"\s+", " ", one)) for one in found)
    page.close()
    assert before == after and len(before) > 1000


def words(script: str) -> list[str]:
    """The tokens of a script without comments and white space."""
    found = JavascriptLexer().get_tokens(script)
    return [text.strip() for kind, text in found if text.strip() and not str(kind).startswith("Token.Comment")]


@pytest.mark.parametrize("path", sorted(THEME.rglob("*.js")), ids=lambda path: path.name)
def test_scripts_of_the_theme_have_the_same_tokens(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    small = minify.js(text)
    assert words(small) == words(text)
    assert len(small) < 0.85 * len(text)


@pytest.mark.parametrize(
    "script",
    [
        "const a = `x  ${ 1 ? `  y  //  z` : '' }  w`  // gone\nreturn a",
        "if (1) /a  \"b/.test('')\nreturn /  [/]  \\/* /.source  +  ' // '",
        "class A { /* x */ #b = 1\n #c = this.#b\n get  d() { return  this.#c } }\nreturn new A().d",
        "let a = 1, b = 2\n;[a, b] = [b, a]\nreturn [a + + b, a - - b, a + ++b, a-- - --b]",
        "let a = 1\nlet b = a\n++a\nreturn [a, b]",
        "const f = function () {}\nreturn\n1",
        "let a = 8, g = 2; return [a / 2 / g, a /g/ 2, 1 .toFixed(1), 1. + 1, a ?.5:1, a < !--g, a--  > g]",
        "do { } while (0) return 'x'",
        "label: for (const x of [1]) { continue label\n}\nreturn typeof  /a  b/",
        "const o = { a: 1 , get: 2 , async  b ( ) { } , ... [ 3 ] }\nreturn JSON.stringify(o)",
        "const a = 'x\\\n   y', b = '//  ', c = /[\"'`]  /g\nreturn a + b + c",
        "return [...'a b'].map((x) => ({ x }))\n  .filter(Boolean)\n  ?.length",
        "var a = 1\u2028return a",
        "a: {\n break a\n}\nreturn async  function  *  x() { yield  *  [] }.name",
        "return \x0c 7",
        "return `${'a'}  ${`${'b'}  `}` in {}",
    ],
)
def test_a_script_does_the_same(chromium: Any, script: str) -> None:
    small = minify.js(script)
    assert len(small.encode()) < len(script.encode())
    page = chromium.new_page()
    run = "text => JSON.stringify([new Function(text)()])"
    before, after = page.evaluate(run, script), page.evaluate(run, small)
    page.close()
    assert before == after, small


def test_what_stays_in_scripts_and_style_sheets() -> None:
    assert (
        minify.js("#!/usr/bin/env node\n/*! licence  */\n\n\nx  =  1;\n")
        == "#!/usr/bin/env node\n/*! licence  */\nx=1;"
    )
    assert minify.css("/*! licence  */\n\na { }\n") == "/*! licence  */ a{}"
    assert minify.css("a { b: c; d : e }") == "a{b:c;d : e}"
    assert minify.css("a: hover > b :c { d: e }") == "a: hover>b :c{d:e}"
    broken = "let  a =  ;  // what?\n"
    assert minify.js(broken) == broken
    assert minify.js("") == minify.css("") == minify.js("// alone") == minify.css(" /* alone */\n") == ""
    assert json.dumps(minify.js('x = "\ud800";  y')) == '"x=\\"?\\";y"'
