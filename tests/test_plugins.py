"""What the plugins that come with ssg make, and how plugins are loaded."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sites import build, outputs, write

from ssg.builtin import PLUGINS
from ssg.config.support import PLUGINS as KNOWN

CONFIG = "site_name: Demo\n"


def shards(folder: Path) -> dict[str, bytes]:
    return {
        name: data
        for name, data in outputs(folder).items()
        if name.startswith("search/") and name != "search/index.json"
    }


def documents(folder: Path) -> dict[str, dict[str, object]]:
    """What search looks through, by address."""
    names = json.loads(outputs(folder)["search/index.json"])["shards"]
    found = outputs(folder)
    return {page["url"]: page for name in names for page in json.loads(found[f"search/{name}"])}


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


def test_search_data(tmp_path: Path) -> None:
    text = "---\ntags: [x]\n---\nBefore.\n\n# Title\n\nSome *text* &amp; `code`.\n\n## Part\n\nMore."
    files = {
        "content/index.md": text,
        "content/no.md": "---\nsearch: false\n---\nunseen",
        "content/neither.md": "---\nsearch: {exclude: true}\n---\nunseen",
        "content/404.md": "unseen",
        "content/draft.md": "---\ndraft: true\n---\nunseen",
    }
    write(tmp_path, {"ssg.yml": CONFIG, **files})
    build(tmp_path)
    assert documents(tmp_path / "output") == {
        "": {
            "url": "",
            "title": "Title",
            "tags": ["x"],
            "sections": [
                {"anchor": "", "title": "", "text": "Before."},
                {"anchor": "title", "title": "Title", "text": "Some text & code."},
                {"anchor": "part", "title": "Part", "text": "More."},
            ],
        }
    }


def test_an_edit_changes_one_shard(tmp_path: Path) -> None:
    pages = {f"content/p{number}.md": f"# Page {number}" for number in range(100)}
    write(tmp_path, {"ssg.yml": f"{CONFIG}plugins: [search]\n", "content/index.md": "", **pages})
    build(tmp_path)
    before = shards(tmp_path / "output")
    assert len(before) == 4
    assert len(documents(tmp_path / "output")) == 101
    write(tmp_path, {"content/p50.md": "# Page 50\n\nneedle"})
    assert build(tmp_path).changed == 2
    after = shards(tmp_path / "output")
    (changed,) = [name for name in before if after[name] != before[name]]
    assert b"needle" in after[changed]
    write(tmp_path, {"content/p50.md": None})
    build(tmp_path)
    assert len(documents(tmp_path / "output")) == 100
    assert shards(tmp_path / "output").keys() == before.keys()


@pytest.mark.parametrize(("plugins", "searched"), [("", True), ("plugins: []\n", False), ("plugins: [search]\n", True)])
def test_search_can_be_left_out(tmp_path: Path, plugins: str, searched: bool) -> None:
    template = "{{ 'search' in config.plugins }}"
    write(tmp_path, {"ssg.yml": f"{CONFIG}theme: t\n{plugins}", "themes/t/main.html": template, "content/index.md": ""})
    build(tmp_path)
    found = outputs(tmp_path / "output")
    assert ("search/index.json" in found) is searched
    assert found["index.html"].decode() == str(searched)


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
