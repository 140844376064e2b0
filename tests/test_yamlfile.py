"""From YAML that people write, well or badly, to values, and to errors that help."""

import string
import subprocess
import sys
import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ssg.yamlfile import Mapping, Scalar, Sequence, YamlError, parse, plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment\n",
        "a: 1\nb: [x, 'y', \"z\\n\"]\n",
        "\ufeffa: b",
        "a: 1\r\nb: 2\r\n",
        "block: |\n  one\n  two\nfolded: >-\n  one\n  two\n",
        "[1, 0x1F, 0b11, 017, 1_000, -2, 1.5, 1e3, 1.0e+3, .inf, 08]",
        "[yes, No, on, OFF, true, FALSE, ~, null, Null, '', 'yes']",
        "[2024-01-31, 2001-12-14t21:59:43.10-05:00, 2001-12-14 21:59:43]",
        "base: &b {x: 1, y: 2}\nown:\n  <<: *b\n  y: 3\n",
        "a: &a {x: 1}\nb: &b {x: 2, z: 3}\nown: {<<: [*a, *b], w: 4}\n",
        "one: &x [1, 2]\ntwo: *x\nthree: [*x, *x]\n",
        '!!str 12: !!int "3"\nb: !!binary aGk=\nc: !!float 1\nd: ! 12\n',
        "? key\n: value\n",
        "{1: one, no: two, 1.5: three, 2024-01-01: four}",
        "%YAML 1.1\n---\na: 1\n...\n",
    ],
)
def test_values_are_those_of_pyyaml(text: str) -> None:
    assert plain(parse(text)) == yaml.safe_load(text)


_words = st.text(string.ascii_letters + string.digits + " .-_:#'\"[]{}!&*é漢😀~<=%@`,?|>\n", max_size=12)
_scalars = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.dates() | _words
_values = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_words, inner, max_size=4), max_leaves=20
)


@given(_values, st.booleans())
def test_any_document_means_what_it_means_to_pyyaml(value: Any, flow: bool) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True)
    assert plain(parse(text)) == yaml.safe_load(text)


@given(st.text(string.printable + "é\u2028\x00\ud800", max_size=60))
def test_no_text_gives_anything_but_a_value_or_an_error_with_a_place(text: str) -> None:
    try:
        plain(parse(text, first_line=2))
    except YamlError as error:
        assert error.message
        assert error.line >= 2
        assert error.column >= 1


@pytest.mark.parametrize(("text", "value"), [("12:30:45", "12:30:45"), ("1:30.5", "1:30.5"), ("=", "=")])
def test_base_60_stays_text(text: str, value: str) -> None:
    assert plain(parse(text)) == value


def test_a_typed_reader_sees_what_was_written() -> None:
    node = parse("version: 1.10\ncountry: NO\nquoted: 'NO'\nnothing: ~\n")
    assert isinstance(node, Mapping)
    read = {name: value for name, (_, value) in node.entries.items() if isinstance(value, Scalar)}
    assert {name: value.text for name, value in read.items()} == {
        "version": "1.10",
        "country": "NO",
        "quoted": "NO",
        "nothing": "~",
    }
    assert [read[name].quoted for name in read] == [False, False, True, False]
    assert [read[name].is_null for name in read] == [False, False, False, True]


def test_keys_and_dates_can_stay_as_written() -> None:
    assert plain(parse("no: 2024-01-31\n1: 2"), as_written=True) == {"no": "2024-01-31", "1": 2}


def test_places_count_from_the_first_line_of_the_file() -> None:
    node = parse("title: x\ntags:\n  - ä: y\n", path="a.md", first_line=2)
    assert isinstance(node, Mapping)
    tags = node.get("tags")
    assert isinstance(tags, Sequence)
    (item,) = tags.items
    assert isinstance(item, Mapping)
    value = item.get("ä")
    assert value is not None
    assert (value.line, value.column, value.origin.line(value.line)) == (4, 8, "  - ä: y")


ERRORS = [
    # text, line, column, a part of the message, a part of the hint
    ("a: b: c", 1, 5, "a `:` is not expected", "quotes"),
    ("a: 1\n b: 2", 2, 3, "a `:` is not expected", "indentation"),
    ("a: 1\n\tb: 2", 2, 1, "a tab cannot be used", "spaces"),
    ("a: 'x\nb: 1\n", 1, 4, "not closed", "quote"),
    ("a: [1, 2\nb: 3", 1, 4, "this list is not closed", "`]`"),
    ("a: {b: 1", 1, 4, "this mapping is not closed", "`}`"),
    ("- a\nb: 1", 2, 1, "does not fit the list", "- "),
    ("key\nother: 1", 2, 6, "a `:` is not expected", ""),
    ('a: "\\q"', 1, 5, "escape", "single quotes"),
    ("a: @x", 1, 4, "cannot start a value", "quotes"),
    ("a: *.md", 1, 4, "cannot start with `*`", "quotes"),
    ("a: &a [1]\nb: *c", 2, 4, "no anchor `&c`", ""),
    ("a: &a [*a]", 1, 8, "contains it", ""),
    ("a: !x y", 1, 4, "`!x`", "quotes"),
    ("a: !!python/name:os.system ''", 1, 4, "`!!python/name:os.system`", ""),
    ("a: {{ name }}", 1, 5, "cannot be a key", "quotes"),
    ("? [a, b]\n: c", 1, 3, "cannot be a key", ""),
    ("a: 1\nb: 2\na: 3", 3, 1, "`a` is given twice", "line 1"),
    ("{yes: 1, true: 2}", 1, 10, "means the same", ""),
    ("a: 1\n---\nb: 2", 2, 1, "second document", "---"),
    ("a: é\x07", 1, 5, "U+0007", "remove"),
    ("a: x\x00y", 1, 5, "U+0000", "remove"),
    ("a: \ud800", 1, 4, "surrogate", ""),
    ("a: 2024-02-31", 1, 4, "not a valid date", "quotes"),
    (f"a: {'9' * 30}", 1, 4, "too large", "quotes"),
    (f"a: {'9' * 5000}", 1, 4, "not a valid number", "quotes"),
    ("a: [1,\n", 2, 1, "a value is missing", "`[`"),
    ("a: 1\n]", 2, 1, "does not fit what is above", "indentation"),
    ("a: !!bool maybe", 1, 4, "not a valid", ""),
    ("a: !!int ''", 1, 4, "not a valid number", ""),
    ("a: !!timestamp x", 1, 4, "not a valid date", ""),
    ("a: !!set {x}", 1, 4, "`!!set`", ""),
    ("<<: 3", 1, 1, "`<<` takes a mapping", "alias"),
    ("a: -\n- b", 1, 4, "a list cannot start here", "next line"),
]


@pytest.mark.parametrize(("text", "line", "column", "message", "hint"), ERRORS, ids=[repr(e[0][:20]) for e in ERRORS])
def test_an_error_says_what_and_where_and_what_to_do(
    text: str, line: int, column: int, message: str, hint: str
) -> None:
    with pytest.raises(YamlError) as caught:
        plain(parse(text))
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert message in error.message
    assert hint in error.hint
    assert error.source == text.split("\n")[line - 1]


@pytest.mark.parametrize("count", [101, 10_000, 60_000])
@pytest.mark.parametrize("start", ["[", "{a: ", "- ", "- ? ", "[{a: "])
def test_deep_nesting_is_an_error(start: str, count: int) -> None:
    with pytest.raises(YamlError, match=r"100 levels deep|cannot be a key"):
        parse(start * count)


def test_depth_that_people_need_is_fine() -> None:
    value = plain(parse("[" * 100 + "]" * 100))
    for _ in range(99):
        (value,) = value
    assert value == []


def test_depth_by_aliases_is_an_error() -> None:
    text = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 200))
    with pytest.raises(YamlError, match="with this alias, nested more than 100") as caught:
        parse(text)
    assert caught.value.line == 100


@pytest.mark.parametrize("form", ["[{}]", "{{<<: [{}]}}"])
def test_an_alias_bomb_is_an_error(form: str) -> None:
    if form == "[{}]":
        lines = ["a0: &a0 [" + ", ".join("x" * 9) + "]"]
    else:
        lines = ["a0: &a0 {" + ", ".join(f"{c}: 1" for c in "abcdefghi") + "}"]
    lines += [f"a{n}: &a{n} {form.format(', '.join([f'*a{n - 1}'] * 9))}" for n in range(1, 9)]
    started = time.perf_counter()
    with pytest.raises(YamlError, match="aliases stand for more than 100,000"):
        parse("\n".join(lines))
    assert time.perf_counter() - started < 5


def test_importing_it_does_not_load_the_parser() -> None:
    code = "import sys, ssg.yamlfile; sys.exit('yaml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_parser_in_python_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssg.yamlfile._loader", lambda: yaml.SafeLoader)
    assert plain(parse("a: [1, 'no', no]\nb: |\n  x\n")) == {"a": [1, "no", False], "b": "x\n"}
    for text in ("[" * 60_000, "a: b: c", "a: 'x", "a: [1", "a: \x00", "a: é\x07"):
        with pytest.raises(YamlError) as caught:
            parse(text)
        assert caught.value.line == 1
