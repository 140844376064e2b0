"""Tags of pages, and the list of all of them: a page of the theme's, or a place in a page of the content."""

import re
from pathlib import Path

import pytest
from sites import build, outputs, write

CONFIG = "site_name: Demo\n"
PAGES = {
    "content/index.md": "# Home\n",
    "content/a/one.md": "---\ntags: [Setup, C++]\n---\n# One\n",
    "content/two.md": "---\ntags: setup\n---\n# Two\n",
    "content/three.md": "---\ntags: [C, '<b>', Setup]\n---\n# Three\n",
}


def listed(page: bytes) -> dict[str, list[tuple[str, str]]]:
    """The list of tags in a page: by id the titles and addresses below it."""
    parts = re.split(r'<h2 id="(tag:[^"]*)">', page.decode())
    found = {}
    for name, part in zip(parts[1::2], parts[2::2], strict=True):
        inner = part.split("</ul>")[0]
        found[name] = re.findall(r'<li><a href="([^"]*)">([^<]*)</a></li>', inner)
    return found


def test_all_tags_are_listed_and_led_to(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": CONFIG, **PAGES})
    assert build(tmp_path).diagnostics == ()
    found = outputs(tmp_path / "output")
    assert listed(found["tags.html"]) == {
        "tag:b": [("three/", "Three")],
        "tag:c": [("three/", "Three")],
        "tag:c-1": [("a/one/", "One")],
        "tag:setup": [("a/one/", "One"), ("three/", "Three")],
        "tag:setup-1": [("two/", "Two")],
    }
    assert b'<h2 id="tag:b">&lt;b&gt;</h2>' in found["tags.html"]
    assert b'<a href="../../tags.html#tag:c-1">C++</a>' in found["a/one/index.html"]
    assert b'<a href="tags.html">' in found["all-pages.html"]
    assert b"tags.html" not in found["index.html"]


def test_a_site_without_tags_has_no_list(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": CONFIG, "content/index.md": "# Home\n"})
    build(tmp_path)
    found = outputs(tmp_path / "output")
    assert "tags.html" not in found
    assert b"tags.html" not in found["all-pages.html"]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("", "# Tags\n\nBefore.\n\n<!-- material/tags -->\n\nAfter.\n"),
        (": {tags_file: tags.md}", "# Tags\n\nBefore.\n\n[TAGS]\n\nAfter.\n"),
        (": {tags_file: tags.md}", "# Tags\n\nBefore.\n"),
    ],
)
def test_a_page_of_the_content_has_the_list(tmp_path: Path, options: str, text: str) -> None:
    """As Material's plugin has it; chips then lead there, and the theme makes no page for it."""
    config = f"site_name: Demo\ntheme: material\nplugins:\n  - tags{options}\n"
    pages = {name.replace("content", "docs"): one for name, one in PAGES.items()}
    write(tmp_path, {"mkdocs.yml": config, **pages, "docs/tags.md": text})
    assert {one.code for one in build(tmp_path).diagnostics} <= {"theme-name"}
    found = outputs(tmp_path / "site")
    assert "tags.html" not in found
    page = found["tags/index.html"]
    assert listed(page)["tag:setup"] == [("../a/one/", "One"), ("../three/", "Three")]
    assert page.index(b"Before.") < page.index(b"tag:setup")
    assert b"After." not in page or page.index(b"tag:setup") < page.index(b"After.")
    assert b"[TAGS]" not in page
    assert b'<a href="../tags/#tag:setup-1">setup</a>' in found["two/index.html"]


def test_without_the_plugin_tags_lead_nowhere(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": f"{CONFIG}plugins: [search]\n", **PAGES})
    assert build(tmp_path).diagnostics == ()
    found = outputs(tmp_path / "output")
    assert "tags.html" not in found
    assert b"<li>setup</li>" in found["two/index.html"]


def test_a_page_hides_its_tags(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": CONFIG, **PAGES, "content/two.md": "---\ntags: [setup]\nhide: [tags]\n---\n# Two\n"})
    build(tmp_path)
    assert b'class="tags"' not in outputs(tmp_path / "output")["two/index.html"]


def test_what_is_made_anew_when_tags_change(tmp_path: Path) -> None:
    """The page itself, those whose tags have another address, and the list; and it is as if it was made afresh."""
    write(tmp_path, {"ssg.yml": CONFIG, **PAGES})
    build(tmp_path)
    before = outputs(tmp_path / "output")
    write(tmp_path, {"content/two.md": "---\ntags: [setup, new]\n---\n# Two\n"})
    result = build(tmp_path)
    assert (result.parsed, result.rendered) == (1, 1)
    after = outputs(tmp_path / "output")
    changed = {path for path in after if before.get(path) != after[path] and path.endswith(".html")}
    assert changed == {"tags.html", "two/index.html"}
    write(tmp_path, {"content/two.md": "---\ntags: [setup, new]\n---\n# Two\n\nText.\n"})
    build(tmp_path)
    assert outputs(tmp_path / "output")["tags.html"] == after["tags.html"]
    for path in ("two.md", "three.md", "a/one.md"):
        write(tmp_path, {f"content/{path}": "# Without\n"})
    build(tmp_path)
    assert "tags.html" not in outputs(tmp_path / "output")
    build(tmp_path, output="afresh", remember=False)
    fresh = outputs(tmp_path / "afresh")
    assert {p: d for p, d in outputs(tmp_path / "output").items() if not p.startswith(".ssg")} == {
        p: d for p, d in fresh.items() if not p.startswith(".ssg")
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("tags_allowed: [Setup, setup, C, C++]", "the tag '<b>' of the page three.md is none of those"),
        ("tags_file: nowhere.md", "there is no page 'nowhere.md' for the list of tags"),
    ],
)
def test_options_that_find_mistakes(tmp_path: Path, options: str, message: str) -> None:
    write(tmp_path, {"ssg.yml": f"{CONFIG}plugins:\n  - tags: {{{options}}}\n", **PAGES})
    (one,) = build(tmp_path).diagnostics
    assert (one.code, one.path, one.line) == ("tags", "ssg.yml", 3)
    assert one.message.startswith(message)


def test_options_that_are_not_there_are_named(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": f"{CONFIG}plugins:\n  - tags: {{tags_hierarchy: true}}\n", **PAGES})
    (one,) = build(tmp_path).diagnostics
    assert one.code == "unsupported-option"
    assert "`tags_hierarchy` of the plugin `tags`" in one.message


def test_options_of_a_list_are_named(tmp_path: Path) -> None:
    page = "# Tags\n\n<!-- material/tags { scope: true } -->\n"
    write(tmp_path, {"ssg.yml": CONFIG, **PAGES, "content/tags.md": page})
    (one,) = build(tmp_path).diagnostics
    assert (one.code, one.path, one.line) == ("unsupported-option", "content/tags.md", 3)
    assert b"tag:setup" in outputs(tmp_path / "output")["tags/index.html"]
