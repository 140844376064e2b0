"""Links to files with odd names, and where links lead when a site is published below a path."""

import re
import unicodedata
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from sites import build, outputs, targets, write

MAIN = "{{ page.content }}{% for item in nav %}<a href='{{ item.url|url }}'></a>{% endfor %}"
THEME = {"themes/plain/main.html": MAIN}
CONFIG = "site_name: Demo\ntheme: plain\n"
NAMES = [
    "two words.md",
    "café.md",
    unicodedata.normalize("NFD", "café.md"),
    "-leading.md",
    "100%.md",
    "a#b.md",
    "what?.md",
    "a&b.md",
    "it's.md",
    'quo"te.md',
    "<i>.md",
    "{{ x }}.md",
    "back\\slash.md",
    "\\start.md",
    "a:b.md",
    "日本語.md",
    "🚀.md",
    "next\u0085line.md",
    "line\u2028separator.md",
    "con.md",
    "x" * 200 + ".md",
]


@pytest.mark.parametrize("directory_urls", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_odd_names(tmp_path: Path, name: str, directory_urls: bool) -> None:
    """A page with such a name is built, linked to and built again without a change."""
    text = f"[link](<{quote(name)}>)\n"
    files = {"ssg.yml": f"{CONFIG}use_directory_urls: {str(directory_urls).lower()}\n", "content/index.md": text}
    write(tmp_path, {**THEME, **files, f"content/{name}": "Text.", f"content/img/{name[:-3]}.svg": "<svg/>"})
    result = build(tmp_path)
    assert result.diagnostics == ()
    stem = name.removesuffix(".md")
    target = f"{stem}/index.html" if directory_urls else f"{stem}.html"
    found = outputs(tmp_path / "output")
    assert target in found
    assert f"img/{stem}.svg" in found
    hrefs = targets(found["index.html"])
    assert len(hrefs) == 3  # the link, and both pages in navigation
    for href in (hrefs[0], hrefs[2]):
        assert unquote(urlsplit(urljoin("http://h/", href)).path) in (f"/{target}", f"/{stem}/")
    assert build(tmp_path).changed == 0


@pytest.mark.parametrize(
    ("site_url", "root"), [("", "/"), ("https://example.com", "/"), ("https://example.com/a/b/", "/a/b/")]
)
@pytest.mark.parametrize("source", ["theme", "page"])
def test_the_page_for_missing_pages_names_everything_from_the_root(
    tmp_path: Path, site_url: str, root: str, source: str
) -> None:
    """A host shows it at any address, so that no relative way out of it can be right."""
    files = {
        "ssg.yml": f"{CONFIG}extra_css: [s.css]\n" + (f"site_url: {site_url}\n" if site_url else ""),
        "themes/plain/404.html": "{% extends 'main.html' %}",
        "themes/plain/main.html": "<link href='{{ extra_css[0] }}'>" + MAIN,
        "content/index.md": "# Home",
        "content/s.css": "",
        "content/guide/page.md": "# Page",
    }
    if source == "page":
        files["content/404.md"] = "[page](guide/page.md#page) ![image](s.css) [home](index.md)"
    write(tmp_path, files)
    assert build(tmp_path).diagnostics == ()
    hrefs = [re.sub(r"\.[0-9a-f]{8}", "", one) for one in targets((tmp_path / "output/404.html").read_bytes())]
    assert all(href.startswith(root) and "//" not in href and "./" not in href for href in hrefs)
    assert {f"{root}s.css", root, f"{root}guide/page/"} <= set(hrefs)
    if source == "page":
        assert f"{root}guide/page/#page" in hrefs


def test_no_other_page_needs_to_know_where_the_site_is(tmp_path: Path) -> None:
    """Without a `site_url`, a site works below any path: all its own links are relative."""
    write(
        tmp_path, {"ssg.yml": "site_name: Demo\n", "content/index.md": "# Home", "content/a/b.md": "[up](../index.md)"}
    )
    build(tmp_path)
    for path, content in outputs(tmp_path / "output").items():
        if path.endswith(".html") and path != "404.html":
            assert [href for href in targets(content) if href.startswith("/")] == [], path


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("<two words.md>", "two%20words/"),
        ("two%20words.md", "two%20words/"),
        ("café.md", "caf%C3%A9/"),
        ("caf&eacute;.md#caf\\é-1", "caf%C3%A9/#caf%5C%C3%A9-1"),
        ("<café.md?a=1&b=2#één>", "caf%C3%A9/?a=1&b=2#%C3%A9%C3%A9n"),
        ("ref", "two%20words/"),
    ],
)
def test_a_target_may_be_written_as_it_is_named(tmp_path: Path, written: str, url: str) -> None:
    """With spaces in angle brackets, with letters of any language, with entities, and in a definition."""
    link = "[link][ref]\n\n[ref]: two%20words.md" if written == "ref" else f"[link]({written})"
    pages = {"content/two words.md": "Text.", "content/café.md": "## één {#één}\n\n## x {#caf\\é-1}"}
    write(tmp_path, {**THEME, "ssg.yml": CONFIG, "content/index.md": link, **pages})
    assert build(tmp_path).diagnostics == ()
    assert targets((tmp_path / "output/index.html").read_bytes())[0] == url


def test_a_broken_link_is_told_as_it_was_written(tmp_path: Path) -> None:
    write(tmp_path, {**THEME, "ssg.yml": CONFIG, "content/index.md": "Text.\n\nA [link](<überall hin.md> 'T')."})
    found = build(tmp_path).diagnostics
    assert [(one.code, one.line, one.column) for one in found] == [("broken-link", 3, 11)]
    assert "'überall hin.md'" in found[0].message


def test_a_link_to_another_site_is_left_alone(tmp_path: Path) -> None:
    there = ["https://example.com/a.md", "//example.com/x", "mailto:a@example.com", "tel:+1", "ftp://example.com/b.md"]
    text = "\n".join(f"[x]({target})" for target in there)
    write(tmp_path, {**THEME, "ssg.yml": CONFIG, "content/index.md": text})
    assert build(tmp_path).diagnostics == ()
    assert targets((tmp_path / "output/index.html").read_bytes())[: len(there)] == there


def test_code_is_no_link(tmp_path: Path) -> None:
    text = "`[a](b.md)`\n\n```\n[a](c.md)\n```\n\n    [a](d.md)\n\n<!-- [a](e.md) <a href='f.md'> -->\n\n\\[a](g.md)\n"
    write(tmp_path, {**THEME, "ssg.yml": CONFIG, "content/index.md": text})
    assert build(tmp_path).diagnostics == ()


def test_a_link_to_a_page_that_appears_is_right_in_the_next_build(tmp_path: Path) -> None:
    write(tmp_path, {**THEME, "ssg.yml": CONFIG, "content/index.md": "[new](new.md#part)"})
    assert [one.code for one in build(tmp_path).diagnostics] == ["broken-link"]
    write(tmp_path, {"content/new.md": "# New"})
    assert [one.code for one in build(tmp_path).diagnostics] == ["broken-anchor"]
    write(tmp_path, {"content/new.md": "# New\n\n## Part"})
    assert build(tmp_path).diagnostics == ()
    assert 'href="new/#part"' in (tmp_path / "output/index.html").read_text()
    write(tmp_path, {"content/new.md": None})
    assert [one.code for one in build(tmp_path).diagnostics] == ["broken-link"]
