"""What machines read: sitemaps, feeds, Markdown beside pages, data in the head of pages; well-formed, and right."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import html5lib
import pytest
from sites import build, outputs, write

from ssg.build import Builder
from ssg.config import load
from ssg.options import Options

EVIL = "</script><script>alert(1)</script>\"'&<b>"
CONFIG = (
    f"site_name: {json.dumps('Demo ' + EVIL)}\nsite_url: https://example.org/docs/\n"
    "site_description: All about it.\nrepo_url: https://github.com/o/r\n"
    "nav:\n  - index.md\n  - Guide:\n      - guide/index.md\n      - guide/install.md\n"
    "  - More:\n      - guide/install.md\nplugins: [search, feed, llms]\n"
)
SITE: dict[str, str | bytes | None] = {
    "ssg.yml": CONFIG,
    "content/index.md": "---\ndescription: Begin here.\n---\n# Home\n\n"
    "See [how](guide/install.md#steps) and [that].\n\n"
    '[that]: guide/ "Title"\n\n![pic](img/a b.png) [out](https://example.com/x.md)\n\n```\n[code](guide/install.md)\n```\n',
    "content/guide/index.md": "Words without a heading. [Up](../index.md) [same](install.md)\n",
    "content/guide/install.md": f"---\ntitle: {json.dumps('Install ' + EVIL)}\ndate: 2026-03-04\n---\n"
    '## Steps\n\n--8<-- "part.md"\n',
    "content/img/a b.png": b"\x89PNG",
    "content/new.md": "---\ndate: 2026-05-06T12:00:00+02:00\ndescription: It is <new> & good.\n---\n# New\n",
    "content/404.md": "# Not here",
    "content/secret.md": "---\ndraft: true\ndate: 2026-06-06\n---\n# Secret",
    "part.md": "A part that several pages have.\n",
    "themes/plain/main.html": '<!doctype html><html lang="en"><head><title>x</title>'
    '{% include "partials/meta.html" %}</head><body></body></html>',
}
PLAIN = {**SITE, "ssg.yml": f"{CONFIG}theme: plain\n"}


def made(root: Path, files: dict[str, str | bytes | None] = SITE) -> dict[str, str]:
    write(root, files)
    result = build(root)
    assert result.published, result.diagnostics
    return {path: data.decode() for path, data in outputs(root / "output").items() if not path.endswith(".png")}


def metas(page: str) -> dict[str, str]:
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return {one.get("property", one.get("name", "")): one.get("content", "") for one in tree.iter("meta")}


def test_pages_stand_as_markdown_beside_their_html(tmp_path: Path) -> None:
    files = made(tmp_path)
    text = files["index.md"]
    assert text.startswith("# Home\n\nSee [how](guide/install/index.md#steps) and [that].\n")
    assert "[out](https://example.com/x.md)" in text
    assert files["guide/index.md"] == (
        "# Guide\n\nWords without a heading. [Up](../index.md) [same](install/index.md)\n"
    )
    assert files["guide/install/index.md"].endswith("## Steps\n\nA part that several pages have.\n")
    assert "404.md" not in files and "secret/index.md" not in files
    write(tmp_path, {"part.md": "Another part.\n"})
    assert "Another part." in made(tmp_path, {})["guide/install/index.md"]


def test_without_folders_too(tmp_path: Path) -> None:
    files = made(tmp_path, {**SITE, "ssg.yml": f"{CONFIG}use_directory_urls: false\n"})
    assert "[how](guide/install.md#steps)" in files["index.md"]
    assert "[Up](../index.md) [same](install.md)" in files["guide/index.md"]


def test_every_link_to_markdown_leads_to_a_file(tmp_path: Path) -> None:
    files = made(tmp_path)
    base = "https://example.org/docs/"
    named = [line.split("](")[1].split(")")[0] for line in files["llms.txt"].splitlines() if line.startswith("- [")]
    assert len(named) == len(set(named)) == 4
    assert all(one.startswith(base) and one.removeprefix(base) in files for one in named)


def test_llms_txt_follows_navigation(tmp_path: Path) -> None:
    text = made(tmp_path)["llms.txt"]
    assert text.startswith(
        f"# Demo {EVIL}\n\n> All about it.\n\n## Pages\n\n- [Home](https://example.org/docs/index.md)"
    )
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## Pages", "## Guide", "## Other pages"]
    assert "(https://example.org/docs/index.md): Begin here." in text


def test_llms_full_has_the_text_of_all_pages_in_order(tmp_path: Path) -> None:
    text = made(tmp_path)["llms-full.txt"]
    places = [text.index(one) for one in ("# Home", "Words without", "A part that", "# New")]
    assert places == sorted(places)
    assert "Source: https://example.org/docs/guide/install/\n" in text
    assert "[same](guide/install/index.md)" in text
    assert "Secret" not in text


def test_the_server_makes_no_files_that_nobody_looks_at(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    builder = Builder(load(None, cwd=tmp_path), Options(drafts=True))
    try:
        builder.build()
    finally:
        builder.close()
    files = outputs(tmp_path / "output")
    assert "llms-full.txt" not in files
    assert "guide/index.md" in files


def test_the_sitemap_and_robots(tmp_path: Path) -> None:
    files = made(tmp_path)
    found = ET.fromstring(files["sitemap.xml"])
    urls = [one.text for one in found.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert "https://example.org/docs/guide/install/" in urls and len(urls) == 4
    assert "robots.txt" not in files  # it counts at the root of a host alone
    files = made(tmp_path, {"ssg.yml": "site_name: Demo\nsite_url: https://example.org/\n"})
    assert files["robots.txt"] == "User-agent: *\nAllow: /\n\nSitemap: https://example.org/sitemap.xml\n"
    assert made(tmp_path, {"content/robots.txt": "mine"})["robots.txt"] == "mine"
    files = made(tmp_path, {"ssg.yml": "site_name: Demo\nindexing: false\nsite_url: https://example.org/\n"})
    assert not {"sitemap.xml", "llms.txt", "index.md"} & files.keys()


def test_feeds_have_the_dated_pages_newest_first(tmp_path: Path) -> None:
    files = made(tmp_path)
    rss = ET.fromstring(files["feed.xml"])
    assert [one.findtext("link") for one in rss.iter("item")] == [
        "https://example.org/docs/new/",
        "https://example.org/docs/guide/install/",
    ]
    assert rss.findtext("channel/title") == f"Demo {EVIL}"
    assert [one.findtext("pubDate") for one in rss.iter("item")] == [
        "Wed, 06 May 2026 12:00:00 +0200",
        "Wed, 04 Mar 2026 00:00:00 +0000",
    ]
    assert rss.findtext("channel/item/description") == "It is <new> & good."
    atom = ET.fromstring(files["atom.xml"])
    name = "{http://www.w3.org/2005/Atom}"
    assert [one.findtext(f"{name}title") for one in atom.iter(f"{name}entry")] == ["New", f"Install {EVIL}"]
    assert atom.findtext(f"{name}updated") == "2026-05-06T12:00:00+02:00"


def test_no_feeds_without_dates_or_an_address(tmp_path: Path) -> None:
    files = made(tmp_path, {**SITE, "ssg.yml": "site_name: Demo\nplugins: [feed, llms]\n"})
    assert not {"feed.xml", "atom.xml", "sitemap.xml"} & files.keys()
    assert "](guide/install/index.md)" in files["llms.txt"]


def test_the_head_of_a_page(tmp_path: Path) -> None:
    files = made(tmp_path, PLAIN)
    found = metas(files["guide/install/index.html"])
    assert found["og:title"] == f"Install {EVIL}"
    assert found["og:site_name"] == f"Demo {EVIL}"
    assert found["og:url"] == "https://example.org/docs/guide/install/"
    assert found["og:description"] == "All about it."
    assert found["og:type"] == "article"
    assert metas(files["index.html"])["og:type"] == "website"
    assert metas(files["index.html"])["og:description"] == "Begin here."
    tree = html5lib.parse(files["guide/install/index.html"], namespaceHTMLElements=False)
    links = {one.get("type", ""): one.get("href") for one in tree.iter("link")}
    assert links["text/markdown"] == "index.md"
    assert links["application/rss+xml"] == "../../feed.xml"
    (script,) = list(tree.iter("script"))
    data: dict[str, Any] = json.loads(script.text or "")
    assert data["@type"] == "BreadcrumbList"
    assert [(one["position"], one["name"], one["item"]) for one in data["itemListElement"]] == [
        (1, "Guide", "https://example.org/docs/guide/"),
        (2, f"Install {EVIL}", "https://example.org/docs/guide/install/"),
    ]


@pytest.mark.parametrize(
    ("front", "config", "robots"),
    [("robots: noindex", "", "noindex"), ("", "indexing: false", "noindex"), ("", "", None)],
)
def test_pages_that_are_not_to_be_listed(front: str, config: str, robots: str | None, tmp_path: Path) -> None:
    page = f"---\n{front}\n---\n# Home" if front else "# Home"
    files = made(tmp_path, {**PLAIN, "ssg.yml": f"site_name: Demo\ntheme: plain\n{config}\n", "content/index.md": page})
    assert metas(files["index.html"]).get("robots") == robots


def test_an_edit_makes_its_own_markdown_again(tmp_path: Path) -> None:
    made(tmp_path)
    before = {path: (tmp_path / "output" / path).stat().st_mtime_ns for path in outputs(tmp_path / "output")}
    write(tmp_path, {"content/new.md": "# New\n\nOther words."})
    build(tmp_path)
    assert (tmp_path / "output/guide/index.md").stat().st_mtime_ns == before["guide/index.md"]
    assert "Other words." in (tmp_path / "output/new/index.md").read_text()


def test_the_list_for_machines_follows_a_description(tmp_path: Path) -> None:
    made(tmp_path)
    home = str(SITE["content/index.md"]).replace("Begin here.", "Start here.")
    assert ": Start here." in made(tmp_path, {"content/index.md": home})["llms.txt"]
