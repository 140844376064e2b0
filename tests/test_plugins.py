"""What the plugins that come with ssg make, and how plugins are loaded."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from sites import build, outputs, write

from ssg.builtin import PLUGINS
from ssg.config.support import PLUGINS as KNOWN

CONFIG = "site_name: Demo\n"


def test_every_plugin_that_comes_along_can_be_named() -> None:
    assert set(PLUGINS) == KNOWN


def test_the_sitemap_lists_what_is_published(tmp_path: Path) -> None:
    files = {
        "content/index.md": "---\ndate: 2026-01-02 03:04:05\n---\n# Home",
        "content/a&b/two words.md": "# Two",
        "content/draft.md": "---\ndraft: true\n---\n",
        "content/404.md": "# Lost",
        "content/hidden.md": "---\nhidden: true\nsearch: false\n---\n",
        "content/old.md": "---\naliases: [older.md]\n---\n",
    }
    write(tmp_path, {"ssg.yml": CONFIG + "site_url: https://example.com/docs\n", **files})
    build(tmp_path)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ElementTree.fromstring(outputs(tmp_path / "output")["sitemap.xml"])
    listed = {url.findtext(f"{space}loc"): url.findtext(f"{space}lastmod") for url in root}
    base = "https://example.com/docs/"
    assert listed == {
        base: "2026-01-02",
        f"{base}a%26b/two%20words/": None,
        f"{base}hidden/": None,
        f"{base}old/": None,
    }


def test_there_is_no_sitemap_without_an_address(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": CONFIG, "content/index.md": ""})
    build(tmp_path)
    assert "sitemap.xml" not in outputs(tmp_path / "output")


@pytest.mark.parametrize(("plugins", "searched"), [("", True), ("plugins: []\n", False), ("plugins: [search]\n", True)])
def test_search_can_be_left_out(tmp_path: Path, plugins: str, searched: bool) -> None:
    template = "{{ 'search' in config.plugins }}"
    write(tmp_path, {"ssg.yml": f"{CONFIG}theme: t\n{plugins}", "themes/t/main.html": template, "content/index.md": ""})
    build(tmp_path)
    found = outputs(tmp_path / "output")
    assert ("search/index.js" in found) is searched
    assert found["index.html"].decode() == str(searched)


INDEXER = """
from ssg.model import Piece, Task


def plan(site, config):
    return [Task(path="words/", pages=tuple(page.path for page in site.pages), data="v1")]


def extract(document, language):
    return f"{language}:{len(document.sections[0].text.split())}".encode()


def merge(task, remembered):
    (counts,) = remembered.map("count", [Piece(data=task.data, pages=task.pages)])
    (total,) = remembered.map("total", [Piece(parts=counts)])
    return {"total.txt": total[0], "deep/counts.txt": counts[0]}


def count(data, inputs):
    return [b" ".join([data.encode(), *inputs])]


def total(data, inputs):
    return [str(sum(int(one.split(b":")[1]) for one in inputs[0].split()[1:])).encode()]
"""


def test_an_indexer_makes_files_of_all_pages(tmp_path: Path) -> None:
    config = f"{CONFIG}theme: {{language: de}}\nhooks: [hook.py]\n"
    write(tmp_path, {"ssg.yml": config, "hook.py": INDEXER, "content/index.md": "one two", "content/b.md": "three"})
    assert build(tmp_path).published
    found = outputs(tmp_path / "output")
    assert found["words/deep/counts.txt"].split() == [b"v1", b"de:2", b"de:1"]
    assert found["words/total.txt"] == b"3"
    write(tmp_path, {"content/b.md": "three four five"})
    build(tmp_path)
    assert outputs(tmp_path / "output")["words/total.txt"] == b"5"
    assert build(tmp_path).changed == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("return {", 'return {"../out.txt": total[0], '), "merge named 'words/../out.txt'"),
        (("return {", "return 3 or {"), "merge returned int"),
        (("def count(data, inputs):", "def count(data, inputs):\n    return ['text']"), "count returned str"),
        (("def total(data, inputs):", "def total(data, inputs):\n    1 / 0"), "failed in total: ZeroDivisionError"),
        (("    return f", "    return 5 or f"), "extract returned int"),
        (('"words/"', '"words.txt"'), "plan named 'words.txt', and there is no method `emit` to make it"),
        (("def merge(", "def emit("), "plan named 'words/', and there is no method `merge` to make it"),
    ],
)
def test_an_indexer_that_breaks_its_contract_is_told(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    hook = INDEXER.replace(*change)
    write(tmp_path, {"ssg.yml": f"{CONFIG}hooks: [hook.py]\n", "hook.py": hook, "content/index.md": "one two"})
    result = build(tmp_path)
    assert not result.published
    assert any(message in one.message for one in result.diagnostics)


def test_a_file_of_the_content_folder_goes_before_one_that_is_made(tmp_path: Path) -> None:
    files = {"content/index.md": "", "content/sitemap.xml": "mine", "content/404.html": "mine too"}
    write(tmp_path, {"ssg.yml": CONFIG + "site_url: https://example.com/\n", **files})
    build(tmp_path)
    found = outputs(tmp_path / "output")
    assert (found["sitemap.xml"], found["404.html"]) == (b"mine", b"mine too")


def test_a_site_transform_changes_where_links_lead(tmp_path: Path) -> None:
    hook = (
        "from msgspec.structs import replace\n\n\ndef transform_site(site):\n"
        "    home, page = site.pages\n"
        "    return replace(site, pages=(home, replace(page, url='v1/a/', output='v1/a/index.html')))\n"
    )
    files = {
        "content/index.md": "[a](a.md)",
        "content/a.md": "[home](index.md)",
        "themes/t/main.html": "{{ page.content }}",
    }
    write(tmp_path, {"ssg.yml": CONFIG + "theme: t\nhooks: [hook.py]\n", "hook.py": hook, **files})
    assert build(tmp_path).diagnostics == ()
    found = outputs(tmp_path / "output")
    assert b'href="v1/a/"' in found["index.html"]
    assert b'href="../../"' in found["v1/a/index.html"]


def test_a_site_transform_changes_who_the_neighbours_are(tmp_path: Path) -> None:
    hook = (
        "from msgspec.structs import replace\n\n\n"
        "def transform_site(site):\n    return replace(site, nav=site.nav[::2])\n"
    )
    template = "{{ page.previous_page.title }}<{{ page.title }}>{{ page.next_page.title }}"
    files = {f"content/{name}.md": "" for name in ("index", "b", "c")}
    write(
        tmp_path, {"ssg.yml": CONFIG + "theme: t\nhooks: [hook.py]\n", "hook.py": hook, "themes/t/main.html": template}
    )
    write(tmp_path, files)
    assert build(tmp_path).diagnostics == ()
    found = outputs(tmp_path / "output")
    assert [found[name] for name in ("index.html", "b/index.html", "c/index.html")] == [b"<Home>C", b"<B>", b"Home<C>"]


def test_hooks_leave_nothing_behind(tmp_path: Path) -> None:
    """No compiled files in the project, and an edit of a module that two hooks share reaches both."""
    hook = "import words_of_hooks\n\n\ndef transform_html(html, page):\n    return html + words_of_hooks.WORD\n"
    files = {"hooks/a.py": hook, "hooks/b.py": hook, "hooks/words_of_hooks.py": "WORD = 'one'\n"}
    config = CONFIG + "theme: t\nhooks: [hooks/a.py, hooks/b.py]\n"
    write(tmp_path, {"ssg.yml": config, "themes/t/main.html": "x", "content/index.md": "", **files})
    build(tmp_path)
    assert outputs(tmp_path / "output")["index.html"] == b"xoneone"
    assert list(tmp_path.rglob("*.pyc")) == []
    write(tmp_path, {"hooks/words_of_hooks.py": "WORD = 'two'\n"})
    build(tmp_path)
    assert outputs(tmp_path / "output")["index.html"] == b"xtwotwo"


def test_two_hooks_of_one_name(tmp_path: Path) -> None:
    hook = "def transform_html(html, page):\n    return html + '{}'\n"
    files = {"a/hook.py": hook.format("a"), "b/hook.py": hook.format("b"), "themes/t/main.html": "x"}
    write(tmp_path, {"ssg.yml": CONFIG + "theme: t\nhooks: [a/hook.py, b/hook.py]\n", "content/index.md": "", **files})
    build(tmp_path)
    assert outputs(tmp_path / "output")["index.html"] == b"xab"


READS = """
from ssg.model import Task

def plan(site, config):
    return [Task(path="all.txt", pages=tuple(page.path for page in site.pages), reads=("text",))]

def emit(task, documents):
    with open("made.log", "a") as log:
        log.write("made ")
    return "|".join(f"{one.card.path}:{one.text.strip()}:{one.body.html}" for one in documents).encode()
"""


def test_an_emitter_gets_only_what_it_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"ssg.yml": "site_name: Demo\nhooks: [reads.py]\n", "reads.py": READS})
    write(tmp_path, {"content/index.md": "---\nicon: a\n---\n# One\n", "content/b.md": "# Two\n"})
    assert build(tmp_path).published
    assert outputs(tmp_path / "output")["all.txt"] == b"index.md:# One:|b.md:# Two:"
    log = tmp_path / "made.log"
    assert log.read_text() == "made "
    write(tmp_path, {"content/index.md": "---\nkeywords: another\n---\n# One\n"})  # not its text
    build(tmp_path)
    assert log.read_text() == "made "
    write(tmp_path, {"content/index.md": "# Other\n"})
    build(tmp_path)
    assert log.read_text() == "made made "
    assert b"# Other" in outputs(tmp_path / "output")["all.txt"]
    write(tmp_path, {"reads.py": READS.replace('("text",)', '("words",)')})
    (problem,) = [one for one in build(tmp_path).diagnostics if one.code == "plugin"]
    assert "plan named 'words', which is no field of a document" in problem.message
