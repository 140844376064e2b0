"""The index of search: what it has of pages, what an edit changes in it, and how large it may become."""

import gzip
from pathlib import Path
from typing import Any

import msgspec
import pytest
from searchindex import Index, load, postings, uncoded
from sites import build, outputs, write

from ssg.builtin.search import index
from ssg.builtin.search.page import LEVELS
from ssg.builtin.search.words import count, expand, fold, stems
from ssg.markdown.sections import sections
from ssg.model import Heading

CONFIG = "site_name: Demo\n"


def made(folder: Path, pages: dict[str, str], config: str = CONFIG, **options: Any) -> Index:
    write(folder, {"ssg.yml": config, **{f"content/{name}": text for name, text in pages.items()}})
    result = build(folder, **options)
    assert result.published, result.diagnostics
    return Index(folder / "output")


def files(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in outputs(folder / "output").items() if name.startswith("search/")}


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Response.set_cookie", {"response.set_cookie", "response", "set_cookie", "set", "cookie"}),
        ("run with --strict now", {"run", "with", "--strict", "strict", "now"}),
        ("snake_case camelCase", {"snake_case", "snake", "case", "camelcase", "camel"}),
        ("HTTPServer", {"httpserver", "http", "server"}),
        ("std::vector pre-commit", {"std::vector", "std", "vector", "pre-commit", "pre", "commit"}),
        ("Python 3.11", {"python", "3.11"}),
        ("Crème BRÛLÉE Straße Łódź", {"creme", "brulee", "strasse", "lodz"}),
        ("Ёлка и йод", {"елка", "и", "йод"}),
        ("全文搜索", {"全文", "文搜", "搜索", "索"}),
        ("ダーク設定", {"ダー", "ーク", "ク設", "設定", "定"}),
        ("ﾃｰﾏ ＡＢＣ", {"テー", "ーマ", "マ", "abc"}),
        ("FastAPIの使い方", {"fastapi", "fast", "api", "の使", "使い", "い方", "方"}),
        ("한국어", {"한국", "국어", "어"}),
        ("a" * 50, set()),
    ],
)  # fmt: skip
def test_words_of_a_text(text: str, words: set[str]) -> None:
    assert set(count(text)) == words


def test_a_name_comes_before_its_parts() -> None:
    assert expand("app.add_middleware")[0] == "app.add_middleware"
    assert fold("naïve") == "naive"


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "installing", "installation"),
        ("de", "häuser", "haus"),
        ("ru", "настройки", "настройка"),
        ("fr-CA", "pages", "page"),
    ],
)
def test_forms_of_a_word_have_a_stem(language: str, one: str, other: str) -> None:
    first, second = stems([fold(one), fold(other)], [language])
    assert first == second != ""


def test_a_language_without_rules_has_no_forms() -> None:
    assert stems(["installing"], ["zh", "xx"]) == ["installing"]
    assert stems(["set_cookie", "is"], ["en"]) == ["", ""]


def test_words_are_the_same_whatever_stands_between_them() -> None:
    assert count("(set_a) 'set_a', “set_a”: set_a. **set_a**/set_a") == {"set_a": 6, "set": 6, "a": 6}
    assert count("x--strict (--strict) [--strict]") == {"x": 1, "strict": 3, "--strict": 2}
    assert count("... :: -- \ud800 ,;") == {}


# -- what is in it ----------------------------------------------------------------------------------------------------


def test_words_are_found_where_they_are(tmp_path: Path) -> None:
    pages = {
        "index.md": "# Home\n\nSome *text* &amp; `code`.\n\n## The part\n\nMore.\n",
        "guide/index.md": "# Guide\n",
        "guide/b.md": "---\ntags: [Two words]\n---\n# Other\n\ntext\n",
    }
    found = made(tmp_path, pages)
    assert set(found.pages("text")) == {"", "guide/b/"}
    assert set(found.pages("part")) == {""}
    assert set(found.pages("code")) == {""}
    assert set(found.pages("@tag:Two_words")) == {"guide/b/"}
    assert found.facts["tags"] == ["Two words"]
    assert found.pages("nowhere") == {}
    assert found.text("") == ["", "Home", [], [["", "", "Some text & code."], ["the-part", "The part", "More."]], 0]
    assert found.text("guide/b/")[2] == ["Guide"]


def test_titles_count_more_than_headings_and_these_more_than_text_and_code(tmp_path: Path) -> None:
    pages = {
        "index.md": "# Home\n",
        "title.md": "# Needle\n\nhay\n",
        "long.md": "# The needle in many other words\n\nhay\n",
        "heading.md": "# A\n\n## Needle\n\nhay\n",
        "text.md": "# B\n\nhay needle\n",
        "code.md": "# C\n\nhay\n\n    needle\n",
        "boosted.md": "---\nsearch:\n  boost: 4\n---\n# D\n\nhay needle\n",
    }
    weights = made(tmp_path, pages).pages("needle")
    order = sorted(weights, key=lambda url: weights[url], reverse=True)
    assert [url for url in order if url != "boosted/"] == ["title/", "long/", "heading/", "text/", "code/"]
    assert weights["boosted/"] == pytest.approx(4 * weights["text/"], rel=0.1)


def test_a_page_is_found_by_the_name_that_navigation_gives_it(tmp_path: Path) -> None:
    config = CONFIG + "nav:\n  - index.md\n  - Quickstart: begin.md\n"
    found = made(tmp_path, {"index.md": "# Home\n", "begin.md": "# First steps\n"}, config)
    assert set(found.pages("quickstart")) == {"begin/"}
    assert set(found.pages("steps")) == set()  # the heading of a page that is called otherwise says the same
    assert found.text("begin/")[1] == "Quickstart"


@pytest.mark.parametrize(
    "front", ["search: false", "search: {exclude: true}", "draft: true"], ids=["off", "excluded", "draft"]
)
def test_pages_that_are_left_out(tmp_path: Path, front: str) -> None:
    pages = {"index.md": "# Home\n", "no.md": f"---\n{front}\n---\nunseen\n", "404.md": "unseen\n"}
    found = made(tmp_path, pages)
    assert found.pages("unseen") == {}
    assert found.facts["pages"] == 1
    assert not any(b"unseen" in data for data in files(tmp_path).values())


def test_parts_of_pages_that_are_left_out(tmp_path: Path) -> None:
    text = (
        "# Home\n\nseen\n\n## Private { data-search-exclude }\n\nunseen\n\n## Public\n\nseen\n\n"
        "<div data-search-exclude markdown>\n\n<div>hidden</div>\n\n```\nhidden\n```\n\n</div>\n\nafter\n\n"
        "A paragraph that is hidden.\n{ data-search-exclude }\n\nlast\n"
    )
    found = made(tmp_path, {"index.md": text}, CONFIG)
    assert set(found.pages("seen")) == set(found.pages("after")) == set(found.pages("last")) == {""}
    for word in ("unseen", "private", "hidden"):
        assert found.pages(word) == {}, word


def test_sections_of_html_that_is_not_well_formed() -> None:
    headings = [Heading(level=2, id=name, text=name.upper(), html="") for name in ("a", "b")]
    text = 'x < y <h2 id="a">A</h2>p <i <h2 id="b">B</h2> q > r<pre>s < t</pre>\x02\x03<pre>u'
    assert [(one.anchor, one.text, one.code) for one in sections(text, headings)] == [
        ("", "x < y", ()),
        ("a", "p <i", ()),
        ("b", "q > r s < t u", ((6, 11),)),
    ]


def test_forms_are_of_the_language_of_the_site(tmp_path: Path) -> None:
    pages = {"index.md": "# Home\n\ninstalling installed installation set settings\n"}
    assert made(tmp_path / "en", pages).forms("installed") == {"installing", "installed", "installation"}
    config = CONFIG + "plugins:\n  - search:\n      pipeline: [trimmer]\n"
    assert made(tmp_path / "off", pages, config).forms("installed") == {"installed"}
    config = CONFIG + "plugins:\n  - search:\n      lang: [de, ru]\n"
    pages = {"index.md": "# Home\n\nHaus Hauses настройка настройки\n"}
    found = made(tmp_path / "two", pages, config)
    assert found.forms("haus") == {"haus", "hauses"}
    assert found.forms("настройка") == {"настройка", "настройки"}


@pytest.mark.parametrize(
    ("indexing", "there"), [("full", {"home", "part", "text"}), ("sections", {"home", "part"}), ("titles", {"home"})]
)
def test_less_may_be_indexed(tmp_path: Path, indexing: str, there: set[str]) -> None:
    options = f"indexing: {indexing}, highlight: false, min_search_length: 3"
    config = f"{CONFIG}plugins:\n  - search: {{{options}}}\n"
    found = made(tmp_path, {"index.md": "# Home\n\ntext\n\n## Part\n"}, config)
    assert {word for word in ("home", "part", "text") if found.pages(word)} == there
    assert (found.facts["highlight"], found.facts["minimum"]) == (False, 3)


def test_an_unknown_way_of_indexing_is_told(tmp_path: Path) -> None:
    config = CONFIG + "plugins:\n  - search:\n      indexing: all\n"
    write(tmp_path, {"ssg.yml": config, "content/index.md": "# Home\n"})
    (problem,) = build(tmp_path).diagnostics
    assert "`full`, `sections` or `titles`, not `all`" in problem.message
    assert (problem.path, problem.line) == ("ssg.yml", 3)


def test_the_index_is_text_whatever_is_in_the_pages(tmp_path: Path) -> None:
    hostile = '</script><script>alert(1)</script> "); alert(2); (" \u2028 \\'
    found = made(
        tmp_path, {"index.md": f"# {hostile}\n\n`{hostile}`\n", "b.md": "---\ntags: ['\"~ </script>']\n---\n# B\n"}
    )
    assert "alert(1)" in found.text("")[3][-1][2]
    assert set(found.pages('@tag:"~_</script>')) == {"b/"}


def test_of_a_very_long_page_the_sections_are_shortened(tmp_path: Path) -> None:
    text = "# Log\n" + "".join(f"\n## Version {number}\n\n{'word ' * 400}\n" for number in range(100))
    found = made(tmp_path, {"index.md": text + "\nneedle\n"})
    *_, sections, shortened = found.text("")
    assert shortened == 1
    assert len(sections) >= 100
    assert sum(len(text) for _, _, text in sections) <= 25_000
    assert set(found.pages("needle")) == {""}


# -- edits ------------------------------------------------------------------------------------------------------------

WORDS = [
    "alpha",
    "bravo",
    "charlie",
    "delta",
    "echo",
    "golf",
    "hotel",
    "india",
    "kilo",
    "lima",
    "mike",
    "oscar",
    "papa",
]


def many(number: int) -> dict[str, str]:
    pages = {}
    for n in range(number):
        words = [f"{WORDS[n * k % 12]}{(n + k) % 7}" for k in range(1, 12)]
        pages[f"s{n % 5}/p{n}.md"] = f"# Page {n}\n\n{' '.join(words)}\n"
    return {"index.md": "# Home\n", **pages}


def test_an_edit_changes_the_files_of_its_words_alone(tmp_path: Path) -> None:
    pages = many(200)
    made(tmp_path, pages)
    before = files(tmp_path)
    write(tmp_path, {"content/s0/p5.md": pages["s0/p5.md"] + "\nalpha0 needle\n"})
    build(tmp_path)
    after = files(tmp_path)
    assert before.keys() == after.keys()
    changed = {name.partition("/")[2][:2] for name in before if before[name] != after[name]}
    assert changed <= {"p/", "b/", "wo"}
    assert len([name for name in before if before[name] != after[name]]) <= 5  # its text, two words, their list


def test_a_page_that_comes_or_goes_leaves_others_where_they_are(tmp_path: Path) -> None:
    pages = many(200)
    found = made(tmp_path, pages)
    before = files(tmp_path)
    write(tmp_path, {"content/s1/new.md": "# New\n\nalpha0 needle\n"})
    build(tmp_path)
    after = files(tmp_path)
    assert set(found.pages("needle")) == {"s1/new/"}
    moved = [name for name in before if name.startswith("search/p/") and before[name] != after.get(name)]
    assert len(moved) <= 3
    assert len([name for name in before if before[name] != after.get(name)]) <= 12
    write(tmp_path, {"content/s1/new.md": None})
    build(tmp_path)
    assert files(tmp_path) == before


def test_what_was_remembered_gives_the_bytes_of_a_clean_build(tmp_path: Path) -> None:
    pages = many(80)
    made(tmp_path / "warm", pages)
    edits = {"content/s0/p5.md": "# Moved\n\nother words\n", "content/s1/p1.md": None, "content/s2/x/new.md": "# New\n"}
    write(tmp_path / "warm", edits)
    build(tmp_path / "warm")
    write(tmp_path / "clean", {"ssg.yml": CONFIG, **{f"content/{name}": text for name, text in pages.items()}})
    write(tmp_path / "clean", edits)
    build(tmp_path / "clean", remember=False, jobs=2)
    assert files(tmp_path / "warm") == files(tmp_path / "clean")


def test_slots_stay_when_pages_are_added() -> None:
    paths = [f"s{n}/page-{n}.md" for n in range(1000)]
    before = index.slots(paths)
    after = index.slots([*paths, "new.md"])
    assert len(set(before.values())) == 1000
    assert max(before.values()) < 2048
    assert sum(before[path] != after[path] for path in paths) <= 3


# -- large sites ------------------------------------------------------------------------------------------------------


def bucket_files(pages: int, words: list[str]) -> tuple[list[str], list[bytes]]:
    """A bucket of these words, all of them on every page, with weights that differ."""
    blocks = range((pages + index.BLOCK - 1) // index.BLOCK)
    parts = []
    for block in blocks:
        entries = "".join(
            index.DIGITS[place] + index.DIGITS[(block * 7 + place * 13) % LEVELS]
            for place in range(min(index.BLOCK, pages - block * index.BLOCK))
        )
        parts.append(msgspec.msgpack.encode(index.Postings(" ".join(words), " ".join([entries] * len(words)))))
    facts, *made = index.bucket(0, list(blocks), ["en"], parts)
    return msgspec.msgpack.decode(facts)[0], made


def test_a_common_word_keeps_the_pages_that_it_matters_to() -> None:
    _, (data,) = bucket_files(10_000, ["common"])
    words, _, texts, common = msgspec.json.decode(data.partition(b",")[2].rstrip()[:-1])
    assert uncoded(words) == ["common"]
    assert common == {"0": 10_000}
    kept = postings(texts.rstrip("~"))
    assert 800 <= len(kept) <= index.MOST
    assert min(kept.values()) > 2 ** ((LEVELS - 10 - 20) / 5)
    assert len(gzip.compress(data)) < 3000


def test_files_of_a_bucket_stay_small_and_cut_where_they_did() -> None:
    words = [f"word{n:04}" for n in range(2000)]
    cuts, made = bucket_files(64, words)
    assert len(made) == len(cuts) + 1 > 4
    assert max(len(gzip.compress(data)) for data in made) < 22_000
    others, _ = bucket_files(64, sorted([*words, "word0001a"]))
    assert len(set(cuts) & set(others)) >= len(cuts) - 2


def test_words_that_may_be_meant_are_the_most_frequent(tmp_path: Path) -> None:
    made(tmp_path, {"index.md": "# Installation\n\nthe configuration 2024 x_y\n"})
    words, counts = load(tmp_path / "output", "words")
    assert uncoded(words) == ["configuration", "installation"]
    assert len(counts) == 2
