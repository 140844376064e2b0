"""A page that is made by itself is the page that a build makes."""

import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace
from repositories import commit, git
from sites import write
from test_packaging import PROJECT

from ssg.build import Builder
from ssg.config import load
from ssg.options import Options
from ssg.serve.glimpse import glimpse
from ssg.serve.page import Known, anchor, learn, make
from ssg.serve.site import as_served

SITE = {
    "ssg.yml": "site_name: Demo\nsite_url: https://example.org/demo/\nhooks: [hook.py]\n",
    "hook.py": "def transform_html(html, page):\n    return html + f'<!-- {page.title} -->'\n",
    "content/index.md": "# Home\n\n[A](a.md) ![picture](picture.svg) [gone](gone.md)\n",
    "content/a.md": '---\ntitle: "The *A*"\n---\n\n## Part\n\n--8<-- "parts/one.md"\n\n`code` and <b>raw</b>\n',
    "content/guide/index.md": "# A `guide`\n",
    "content/guide/deep/page.md": "No title, and [up](../index.md#nothing).\n",
    "content/draft.md": "---\ndraft: true\n---\n# Not yet\n",
    "content/picture.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"/>',
    "parts/one.md": "Part one.",
}


def built(root: Path) -> tuple[Known, Builder, Path]:
    loaded = load(None, cwd=root)
    loaded = replace(loaded, config=as_served(loaded.config))
    builder = Builder(loaded, Options(drafts=True, forgive=True))
    builder.build()
    return learn(None, root, builder), builder, root / loaded.config.site_dir


@pytest.mark.parametrize("which", ["small", "own"])
def test_a_page_by_itself_is_as_the_build_makes_it(tmp_path: Path, which: str) -> None:
    if which == "small":
        write(tmp_path, SITE)
    else:
        for name in ("content", "themes"):
            shutil.copytree(PROJECT / name, tmp_path / name)
        shutil.copyfile(PROJECT / "ssg.yml", tmp_path / "ssg.yml")
    known, builder, output = built(tmp_path)
    builder.close()
    assert len(known.routes) >= 5
    for path in known.routes:
        made, after = make(known, path)
        assert after is known
        assert made
        assert made.html == (output / made.output).read_bytes(), path


def test_before_any_build_it_is_the_same_but_for_what_is_guessed(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    found = glimpse(load(None, cwd=tmp_path))
    known, builder, output = built(tmp_path)
    builder.close()
    assert {route.path: route.title for route in found.known.site.pages} == {
        route.path: route.title.replace("*", "") if route.path == "a.md" else route.title for route in known.site.pages
    } | {"a.md": "The *A*"}
    assert found.known.site.nav == known.site.nav
    assert found.assets["picture.svg"] == tmp_path / "content/picture.svg"
    made, _ = make(found.known, "index.md")
    assert made
    assert made.html == (output / "index.html").read_bytes()


def test_another_title_is_known_to_other_pages_at_once(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    known, builder, output = built(tmp_path)
    write(tmp_path, {"content/guide/index.md": "# Another name\n"})
    made, after = make(known, "guide/index.md")
    assert made and made.html
    other, _ = make(after, "a.md")
    assert other and other.html
    assert b"Another name" in other.html
    builder.build()
    builder.close()
    assert made.html == (output / "guide/index.html").read_bytes()
    assert other.html == (output / "a/index.html").read_bytes()


def test_with_another_title_a_page_still_says_what_git_knows(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, "Begin", GIT_COMMITTER_DATE="2020-02-03T04:05:06Z")
    known, builder, output = built(tmp_path)
    assert b"2020" in (output / "a/index.html").read_bytes()
    write(tmp_path, {"content/a.md": "# Another title\n"})
    made, _ = make(known, "a.md")
    assert made and made.html
    assert b"2020" in made.html
    builder.build()
    builder.close()
    assert made.html == (output / "a/index.html").read_bytes()


def test_nothing_is_learnt_anew_when_nothing_has_changed(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    known, builder, _ = built(tmp_path)
    write(tmp_path, {"content/a.md": SITE["content/a.md"] + "\nMore.\n"})
    builder.build()
    assert learn(known, tmp_path, builder) is known
    write(tmp_path, {"content/new.md": "# New\n"})
    builder.build()
    assert "new.md" in learn(known, tmp_path, builder).routes
    builder.close()


def test_where_two_pages_differ() -> None:
    page = b'<h1 id="top">T</h1><p>a</p><h2 id="one">1</h2><p>b</p><h2 id="two">2</h2><p>c</p>'
    assert anchor(page, page.replace(b"<p>b", b"<p>x")) == "#one"
    assert anchor(page, page + b"more") == "#two"
    assert anchor(b"", page) == ""
