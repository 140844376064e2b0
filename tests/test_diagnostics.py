"""What is told of problems: the same cold and warm, in the right order, once, and in every format."""

import json
from pathlib import Path

import pytest
from sites import build, write

from ssg.model import Diagnostic, Severity
from ssg.report import as_json, github, ordered, text, with_source

ONE = Diagnostic(severity=Severity.ERROR, code="a-code", message="it is wrong", path="content/a.md", line=2, column=3)


def test_a_warm_build_tells_what_a_cold_one_does(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "ssg.yml": "site_name: Demo\nnav: [index.md, gone.md]\nextra_css: [no.css]\nplugins: [nothing]\n",
        "content/index.md": "---\ntilte: x\n---\n[a](b.md) [c](#d)\n\n--8<-- 'no.md'\n",
        "content/broken.md": "---\na: [\n---\n",
        "content/latin.md": b"caf\xe9",
        "content/README.md": "# Second",
    }
    write(tmp_path, files)
    cold = build(tmp_path)
    assert {one.code for one in cold.diagnostics} >= {
        "broken-link",
        "broken-anchor",
        "extra-missing",
        "front-matter",
        "front-matter-key",
        "nav-missing",
        "orphan-page",
        "page-unreadable",
        "plugin",
        "readme-and-index",
        "snippet-missing",
    }
    assert all(one.path for one in cold.diagnostics)
    warm = build(tmp_path)
    assert (warm.parsed, warm.diagnostics) == (0, cold.diagnostics)
    assert not warm.published


def test_each_problem_is_told_once(tmp_path: Path) -> None:
    """A template that fails does so for every page."""
    pages = {f"content/p{number}.md": f"# Page {number}" for number in range(5)}
    main = "\n{{ nothing }}"
    write(tmp_path, {"ssg.yml": "site_name: Demo\ntheme: plain\n", "themes/plain/main.html": main, **pages})
    told = [one for one in build(tmp_path).diagnostics if one.code == "template-failed"]
    assert [(one.path, one.line) for one in told] == [("themes/plain/main.html", 2)]


@pytest.mark.parametrize(("strict", "published"), [(False, True), (True, False)])
def test_strict_counts_warnings(tmp_path: Path, strict: bool, published: bool) -> None:
    write(tmp_path, {"ssg.yml": "site_name: Demo\n", "content/index.md": "---\ntilte: x\n---\n"})
    for _ in range(2):
        result = build(tmp_path, strict=strict)
        assert (result.published, result.count(Severity.WARNING)) == (published, 1)
    assert (tmp_path / "output/index.html").exists() is published


def test_errors_come_last_and_places_in_order() -> None:
    def one(severity: Severity, path: str, line: int) -> Diagnostic:
        return Diagnostic(severity=severity, code="x", message="x", path=path, line=line)

    error, note = one(Severity.ERROR, "a", 9), one(Severity.NOTE, "z", 1)
    first, second = one(Severity.WARNING, "b", 2), one(Severity.WARNING, "b", 10)
    assert ordered([error, second, note, first]) == [note, first, second, error]


@pytest.mark.parametrize(
    ("source", "column", "shown", "caret"),
    [
        ("  indented", 3, "indented", "i"),
        ("\ttab", 2, "tab", "t"),
        ("x" * 300 + "HERE" + "x" * 300, 301, None, "H"),
        ("HERE" + "x" * 300, 1, None, "H"),
        ("x" * 300 + "HERE", 301, None, "H"),
        ("\x1b[31mred\x07", 2, "[31mred", "["),
    ],
)
def test_the_caret_is_below_what_is_meant(source: str, column: int, shown: str | None, caret: str) -> None:
    told = text(Diagnostic(severity=Severity.ERROR, code="x", message="x", source=source, column=column), colour=False)
    _, line, below = told.split("\n")
    assert line[below.index("^")] == caret
    assert shown is None or line == f"  | {shown}"
    assert len(line) < 110


def test_nothing_that_is_told_moves_the_cursor() -> None:
    bad = "a\x1b[2Jb\rc\nd\u202ee"
    told = text(
        Diagnostic(severity=Severity.ERROR, code="x", message=bad, path=bad, source=bad, hint=bad), colour=False
    )
    assert len(told.split("\n")) == 3
    assert not any(sign in told for sign in "\x1b\r\u202e")


def test_colours() -> None:
    assert "\033[" in text(ONE, colour=True)
    assert "\033[" not in text(ONE, colour=False)


def test_the_line_is_found_where_it_was_meant(tmp_path: Path) -> None:
    """Lines end with line feeds alone: what else Python takes for an end is text."""
    write(tmp_path, {"content/a.md": "one\x0ctwo\u2028three\n  wrong\n"})
    assert with_source(ONE, tmp_path).source == "  wrong"
    assert (
        with_source(Diagnostic(severity=Severity.NOTE, code="x", message="", path="no.md", line=3), tmp_path).line == 3
    )


def test_workflow_commands_are_escaped() -> None:
    one = Diagnostic(
        severity=Severity.WARNING, code="c", message="50%\nis bad::", path="a,b:c.md", line=4, column=2, hint="do it"
    )
    assert github(one) == "::warning file=a%2Cb%3Ac.md,line=4,col=2,title=c::50%25%0Ais bad::%0Ado it"


def test_json_has_all_that_is_known() -> None:
    told = json.loads(as_json([ONE], {"ok": False}))
    assert told == {
        "diagnostics": [
            {
                "severity": "error",
                "code": "a-code",
                "message": "it is wrong",
                "path": "content/a.md",
                "line": 2,
                "column": 3,
            }
        ],
        "ok": False,
    }


@pytest.mark.parametrize(
    ("text_", "line", "column"),
    [
        ("\ufeff[a](b.md)", 1, 5),
        ("# T\r\n\r\n[a](b.md)\r\n", 3, 5),
        ("# T\r\r[a](b.md)", 3, 5),
        ("---\nt: b.md\n---\n\n[é日本](b.md)", 5, 7),
        ("> quoted [a](b.md)", 1, 14),
        ("1. one\n\n    - two\n\n        [a](b.md)", 5, 13),
        ("term\n:   [a](b.md)", 2, 9),
        ("[a]: b.md\n\n[a]", 1, 6),
        ("`[x](b.md)` [a](b.md)", 1, 17),
        ("```\n[x](b.md)\n```\n\n[a](b.md)", 5, 5),
        ("<div markdown>\n[a](b.md)\n</div>", 2, 5),
        ("[![a](x:y)](b.md)", 1, 13),
        ("b.md is [a](b.md)", 1, 13),
    ],
)
def test_places_of_links(tmp_path: Path, text_: str, line: int, column: int) -> None:
    write(tmp_path, {"ssg.yml": "site_name: Demo\n", "content/index.md": text_})
    (one,) = build(tmp_path).diagnostics
    assert (one.code, one.path, one.line, one.column) == ("broken-link", "content/index.md", line, column)
    assert one.source[column - 1 :].startswith("b.md")
