"""Sites below a path, as a project on GitHub Pages is: every address that is in them is followed over HTTP."""

import base64
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from msgspec.structs import replace
from pages_host import Reader, hosted
from sites import outputs, write

from ssg.build import Builder
from ssg.config import load
from ssg.options import Options, Result

SITE_URL = "https://example.org/project/"
REPOSITORY = Path(__file__).parents[1]
PIXEL = base64.b64decode("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==")

EVERYTHING: dict[str, str | bytes | None] = {
    "ssg.yml": f"""site_name: Demo
site_url: {SITE_URL}
extra_css: [own/style.css]
extra_javascript: [own/script.js]
plugins:
  - search
  - feed
  - llms
  - redirects:
      redirect_maps:
        gone.md: guide/page.md#part
        deep/er/gone.md: index.md
""",
    "content/index.md": "# Home\n\n[Guide](guide/index.md), [part](guide/page.md#part), ![picture](img/a.gif)\n",
    "content/guide/index.md": "---\ndate: 2026-01-02\nimage: img/a.gif\n---\n# Guide\n\n[page](page.md)\n",
    "content/guide/page.md": """---
aliases: [old/page.md, very/old/]
date: 2026-01-01
tags: [one]
---
# Page

## Part

<img src="../../img/a.gif" srcset="../../img/a.gif 1x, ../../img/%C3%A4%20b.gif 2x" alt="Two">
<video poster="../../img/a.gif" src="../../img/film.mp4"></video>

[another](../ümläut.md#teil) and ![other](<../img/ä b.gif>)
""",
    "content/ümläut.md": "# Ümläut\n\n## Teil\n\n[home](index.md)\n",
    "content/img/a.gif": PIXEL,
    "content/img/ä b.gif": PIXEL,
    "content/img/film.mp4": b"",
    "content/own/style.css": "@import 'more.css';\nbody { background: url(../img/a.gif) }\n",
    "content/own/more.css": "p { background: url('../img/a.gif?x=1') }\n",
    "content/own/script.js": "",
}


def published(root: Path, **settings: Any) -> tuple[Path, Result]:
    """Build the site in a folder as one that is below a path; return its output folder."""
    loaded = load(None, cwd=root)
    config = replace(loaded.config, site_url=SITE_URL, site_dir="output", **settings)
    builder = Builder(replace(loaded, config=config), Options(jobs=2, adopt=True))
    try:
        return root / "output", builder.build()
    finally:
        builder.close()


def crawl(output: Path) -> Reader:
    """Follow all addresses from where readers, search engines, and those who took a wrong turn begin."""
    with hosted(output, "/project/") as top:
        reader = Reader(top, SITE_URL)
        machines = ("sitemap.xml", "feed.xml", "atom.xml", "robots.txt", "llms.txt")
        reader.follow("", *(name for name in machines if (output / name).is_file()))
        for missing in ("nothing", "nothing/at/all/", "nothing/at/all.html"):
            reader.follow_from_missing(missing)
        return reader


def reached(reader: Reader) -> set[str]:
    """Return the files of the site that were found."""
    paths = {unquote(urlsplit(url).path).removeprefix("/project/") for url in reader.seen}
    return {f"{path}index.html" if path.endswith("/") or not path else path for path in paths}


def first_names(paths: set[str]) -> set[str]:
    return {re.sub(r"\.[0-9a-f]{8}(\.\w+)$", r"\1", path) for path in paths}


@pytest.mark.parametrize("directories", [True, False])
def test_everything_that_names_an_address(tmp_path: Path, directories: bool) -> None:
    write(tmp_path, EVERYTHING)
    if not directories:  # HTML of one's own is left as it is
        page = str(EVERYTHING["content/guide/page.md"]).replace("../../img", "../img")
        write(tmp_path, {"content/guide/page.md": page})
    output, result = published(tmp_path, use_directory_urls=directories)
    assert result.diagnostics == ()
    reader = crawl(output)
    assert reader.wrong == {}
    assert {url for url in reader.outside if not url.startswith("https://ssg")} == set()
    pages = {path for path in outputs(output) if path.endswith((".html", ".gif", ".mp4", ".css", ".md"))}
    loaded_by_scripts = {"404.html", "assets/extras.css", "assets/search/search.css"}
    loaded_by_scripts |= {"assets/print.css"}
    redirects = {path for path in pages if 'http-equiv="refresh"' in outputs(output)[path].decode("utf-8", "replace")}
    assert len(redirects) == 4
    # files that are there by a second name too are asked for by that
    assert first_names(pages) - first_names(reached(reader)) <= loaded_by_scripts | redirects


def test_redirects_lead_into_the_site(tmp_path: Path) -> None:
    write(tmp_path, EVERYTHING)
    output, _ = published(tmp_path)
    expected = {
        "gone/": "guide/page/#part",
        "deep/er/gone/": "",
        "old/page/": "guide/page/",
        "very/old/": "guide/page/",
    }
    with hosted(output, "/project/") as top:
        for old, new in expected.items():
            reader = Reader(top, SITE_URL)
            reader.follow(old)
            assert reader.wrong == {}
            _, _, body, _ = reader.ask(top + old)
            assert f'<link rel="canonical" href="{SITE_URL}{new}">' in body.decode()
            assert top + new.partition("#")[0] in reader.seen


@pytest.mark.skipif(not (REPOSITORY / "ssg.yml").exists(), reason="not in a checkout")
def test_our_own_site(tmp_path: Path) -> None:
    shutil.copy(REPOSITORY / "ssg.yml", tmp_path)
    shutil.copytree(REPOSITORY / "content", tmp_path / "content")
    output, result = published(tmp_path)
    reader = crawl(output)
    assert reader.wrong == {}
    pages = {path for path in outputs(output) if path.endswith("/index.html")}
    assert len(pages) >= result.pages - 1
    assert pages <= reached(reader)


@pytest.mark.parametrize("name", ["fastapi", "uv"])
def test_real_sites(tmp_path: Path, shared: Path, name: str) -> None:
    """What leads nowhere is missing in the copy, and was told; nothing that is there is missed."""
    shutil.copytree(shared / "corpora" / name, tmp_path, dirs_exist_ok=True)
    root = next(tmp_path.rglob("mkdocs.yml")).parent
    config = load(None, cwd=root).config
    # FastAPI names its pictures from the root of its host; this is what projects say that are below a path.
    validation = replace(config.validation, links_absolute_links="relative_to_docs")
    # Its translations are other sites, at addresses of the host.
    extra = {key: value for key, value in config.extra.items() if key != "alternate"}
    output, result = published(root, validation=validation, extra=extra)
    reader = crawl(output)
    told = " ".join(one.message for one in result.diagnostics)
    there = outputs(output)
    for url, origin in reader.wrong.items():
        path, fragment = unquote(urlsplit(url).path), unquote(urlsplit(url).fragment)
        assert (fragment or path.rstrip("/").rpartition("/")[2]) in told, f"{url}, from {origin}"
        inside = path.removeprefix("/project").lstrip("/")
        assert fragment or not {inside, f"{inside}index.html", f"{inside}/index.html"} & there.keys(), url
    assert {path for path in there if path.endswith("/index.html") and b"refresh" not in there[path]} <= reached(reader)


def test_what_scripts_load(tmp_path: Path, chromium: Any) -> None:
    """Search, also from the page in place of one that is missing, and navigation without loading pages anew."""
    write(tmp_path, EVERYTHING)
    output, _ = published(tmp_path)
    with hosted(output, "/project/") as top:
        page = chromium.new_page()
        page.set_default_timeout(15000)
        asked: list[tuple[int, str]] = []
        page.on("response", lambda answer: asked.append((answer.status, answer.url)))
        for start in ("guide/page/", "nothing/at/all/"):
            page.goto(top + start)
            page.keyboard.press("/")
            page.wait_for_selector("dialog[open]")
            page.fill("dialog input", "Ümläut")
            page.locator("[role=option]", has_text="Ümläut").first.click()
            page.wait_for_url(re.compile(re.escape(top) + "%C3%BCml%C3%A4ut/.*"))
        page.close()
    missing = {url for status, url in asked if status != 200}
    assert missing == {f"{top}nothing/at/all/"}
    assert any("/project/search/" in url for _, url in asked)
    assert all(url.startswith(top) for _, url in asked)
