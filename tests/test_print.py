"""The page of the whole site: in order, with ids of its own and links that lead somewhere; and its PDF."""

import shutil
from pathlib import Path
from urllib.parse import unquote

import html5lib
import pytest
from click.testing import CliRunner
from sites import build, outputs, write

from ssg.build import Builder
from ssg.cli import main
from ssg.config import load
from ssg.options import Options
from ssg.pdf import BROWSERS

CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), "")
CONFIG = (
    "site_name: Demo\nsite_url: https://example.org/docs/\nprint_page: true\n"
    "nav:\n  - index.md\n  - 'A \"part\" </style>':\n      - guide/install.md\n      - ünder.md\n  - guide/index.md\n"
)
SITE: dict[str, str | bytes | None] = {
    "ssg.yml": CONFIG,
    "content/index.md": "# Home\n\n[how](guide/install.md#steps), [that](ünder.md#über), [this](#home),\n"
    "[left](left.md#a) and [mail](mailto:a@example.org), [query](guide/index.md?a=b), [file](a.txt).[^1]\n\n"
    "[^1]: A note.\n",
    "content/guide/index.md": "# Guide\n\n![a](../a.svg) Text.[^1]\n\n[^1]: Another note.\n\n"
    '<label for="x">x</label> <input id="x" name="y" aria-describedby="x z"> <b id=z data-a="<i id=q>">b</b>\n'
    '<svg><linearGradient id="g"/><path fill="url(#g)"/></svg>\n\n```html\n<p id="x">\n```\n',
    "content/guide/install.md": '# Install\n\n## Steps\n\n=== "One"\n\n    1\n\n=== "Two"\n\n    2\n',
    "content/ünder.md": '## Über\n\n=== "One"\n\n    1\n\n=== "Two"\n\n    2\n\n'
    "[up](guide/index.md#guide) [in](index.md)\n",
    "content/left.md": "---\nprint: false\n---\n# Left out\n\n## A\n",
    "content/loose.md": "# Loose\n",
    "content/404.md": "# Not here\n",
    "content/secret.md": "---\ndraft: true\n---\n# Secret\n",
    "content/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"/>',
    "content/a.txt": "a",
}


def printed(root: Path, files: dict[str, str | bytes | None] = SITE) -> str:
    write(root, files)
    result = build(root)
    assert result.published
    assert {one.code for one in result.diagnostics} <= {"orphan-page"}
    return outputs(root / "output")["print.html"].decode()


def test_all_pages_are_on_it_in_the_order_of_navigation(tmp_path: Path) -> None:
    tree = html5lib.parse(printed(tmp_path), namespaceHTMLElements=False)
    titles = ["".join(one.itertext()).removesuffix("¶") for one in tree.iter("h1")]
    assert titles == ["Demo", "Home", 'A "part" </style>', "Install", "Ünder", "Guide", "Loose"]
    listed = [one.get("href") for nav in tree.iter("nav") for one in nav.iter("a")]
    assert listed == [
        *("#/", "#/section-1", "#/guide/install/", "#/guide/install/:steps", "#/%C3%BCnder/", "#/%C3%BCnder/:über"),
        *("#/guide/", "#/loose/"),
    ]


@pytest.mark.parametrize("more", ["", "use_directory_urls: false\n", "offline: true\n", "minify: true\n"])
def test_ids_are_there_once_and_links_lead_to_them(tmp_path: Path, more: str) -> None:
    if "minify" in more:
        pytest.importorskip("minify_html")
    files = {**SITE, "ssg.yml": f"{CONFIG}{more}"}
    tree = html5lib.parse(printed(tmp_path, files), namespaceHTMLElements=False)
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids)) > 25
    links = [one.get("href") for one in tree.iter("a") if str(one.get("href")).startswith("#")]
    assert len(links) > 20
    assert {unquote(str(one)[1:]) for one in links} <= set(ids)
    assert {one.get("for") for one in tree.iter("label")} <= set(ids)
    groups = {one.get("name") for one in tree.iter("input") if one.get("type") == "radio"}
    assert len(groups) == 2, "the tabs of one page are not those of another"


def test_what_refers_to_what(tmp_path: Path) -> None:
    page = printed(tmp_path)
    assert '<a href="#/guide/install/:steps">how</a>' in page
    assert '<a href="#/%C3%BCnder/:%C3%BCber">that</a>' in page and 'id="/ünder/:über"' in page
    assert '<a href="#/:home">this</a>' in page and '<a href="#/">in</a>' in page
    assert '<a href="https://example.org/docs/left/#a">left</a>' in page
    assert '<a href="https://example.org/docs/guide/?a=b">query</a>' in page
    assert '<a href="https://example.org/docs/a.txt">file</a>' in page
    assert '<a href="mailto:a@example.org">mail</a>' in page
    assert '<label for="/guide/:x">' in page
    assert '<input id="/guide/:x" name="/guide/:y" aria-describedby="/guide/:x /guide/:z">' in page
    assert '<b id="/guide/:z" data-a="<i id=q>">' in page
    assert 'id="/guide/:g"' in page and 'fill="url(#/guide/:g)"' in page
    assert 'src="a.svg"' in page and 'loading="lazy"' not in page
    assert "Secret" not in page and "Not here" not in page
    assert '@page p1 { @top-right { content: "A \\22 part\\22  \\3c \\2f style\\3e " } }' in page
    without = printed(tmp_path / "b", {**SITE, "ssg.yml": CONFIG.replace("site_url", "# site_url")})
    assert "<a>left</a>" in without, "a PDF would have a path of this machine in it"


def test_an_edit_shows_and_equals_a_clean_build(tmp_path: Path) -> None:
    before = printed(tmp_path)
    edits: list[dict[str, str | bytes | None]] = [
        {"content/loose.md": "# Lost\n"},
        {"content/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="10"/>'},
        {"content/ünder.md": None},
        {"content/guide/index.md": "---\nprint: false\n---\n"},
    ]
    for edit in edits:
        write(tmp_path, edit)
        build(tmp_path, forgive=True)
        after = outputs(tmp_path / "output")["print.html"].decode()
        assert after != before
        before = after
    build(tmp_path, output="clean", remember=False, forgive=True)
    assert outputs(tmp_path / "clean") == outputs(tmp_path / "output")


def test_it_is_not_there_unless_asked_for(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "ssg.yml": "site_name: Demo\n"})
    build(tmp_path)
    assert "print.html" not in outputs(tmp_path / "output")
    linked = {**SITE, "content/loose.md": "# Loose\n\n[print](print.html) [PDF](print.pdf)\n"}
    assert 'href="print.html"' not in printed(tmp_path, linked)
    builder = Builder(load(None, cwd=tmp_path), Options(drafts=True))
    try:
        assert not {one.code for one in builder.build().diagnostics} - {"orphan-page"}
    finally:
        builder.close()
    assert "print.html" not in outputs(tmp_path / "output"), "the server would make it anew at each save"


def test_a_theme_that_has_no_template_for_it(tmp_path: Path) -> None:
    own = {"themes/plain/main.html": "<html>{{ page.content }}</html>"}
    write(tmp_path, {**SITE, **own, "ssg.yml": f"{CONFIG}theme: plain\n"})
    told = [one for one in build(tmp_path).diagnostics if one.code == "template-missing"]
    assert [(one.line, one.message) for one in told] == [(3, "there is no template 'print.html' in the theme")]
    write(tmp_path, {"themes/plain/print.html": "{% for one in sections %}{{ one.content }}{% endfor %}"})
    assert "Another note" in printed(tmp_path, {})


# -- as PDF -----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium")
def test_the_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {**SITE, "ssg.yml": "site_name: Demo\n"})
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["build", "--pdf"])
    assert done.exit_code == 0, done.output
    file = tmp_path / "output/print.pdf"
    first, made = file.read_bytes(), file.stat().st_mtime_ns
    assert first.startswith(b"%PDF-") and first.count(b"/Type /Page\n") > 5
    assert str(tmp_path).encode() not in first
    assert b"/CreationDate (D:19700101000000+00'00')" in first
    assert CliRunner().invoke(main, ["build", "--pdf"]).exit_code == 0
    assert file.stat().st_mtime_ns == made, "what is there is not made again"
    assert CliRunner().invoke(main, ["build"]).exit_code == 0
    assert not file.exists() and not (tmp_path / "output/print.html").exists()
    assert CliRunner().invoke(main, ["build", "--pdf"]).exit_code == 0
    assert file.read_bytes() == first
    write(tmp_path, {"content/loose.md": "# Another\n\ntitle\n"})
    assert CliRunner().invoke(main, ["build", "--pdf"]).exit_code == 0
    assert file.read_bytes() != first


def test_without_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, SITE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = CliRunner().invoke(main, ["build", "--pdf"])
    assert done.exit_code == 1
    assert "there is no Chromium to make the PDF with [pdf-browser]" in done.output
    assert not (tmp_path / "output").exists()


@pytest.mark.skipif(not hasattr(shutil, "chown"), reason="a script as a command")
def test_a_browser_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {**SITE, "bin/chromium": "#!/bin/sh\necho no display >&2\nexit 3\n"})
    (tmp_path / "bin/chromium").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    done = CliRunner().invoke(main, ["build", "--pdf"])
    assert done.exit_code == 1
    assert "the browser could not make the PDF: no display [pdf-failed]" in done.output
    assert "Traceback" not in done.output
    assert (tmp_path / "output/print.html").is_file()
