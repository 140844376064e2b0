"""A site that is opened from files: each link leads to a file, and nothing asks for a server."""

import posixpath
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner
from sites import build, outputs, targets, write

from ssg.cli import main

CONFIG = "site_name: Demo\nsite_url: https://example.org/docs/\n"
SITE: dict[str, str | bytes | None] = {
    "ssg.yml": CONFIG,
    "content/index.md": '# Home\n\nSee [the guide](guide/index.md), <a href="guide/install/?a=b#steps">how</a>\n'
    'and <a href="./guide">where</a>.\n',
    "content/guide/index.md": "# Guide\n\n[Up](../index.md) [here](#guide)\n",
    "content/guide/install.md": "---\naliases: [/old/]\n---\n# Install\n\n## Steps\n\nTake a hammer.\n",
    "content/404.md": "# Not here\n",
}


def offline(root: Path, config: str = CONFIG, name: str = "ssg.yml") -> dict[str, bytes]:
    write(root, {**SITE, name: f"{config}offline: true\n"})
    result = build(root)
    assert result.published and result.diagnostics == ()
    return outputs(root / "output")


@pytest.mark.parametrize("more", ["", "use_directory_urls: false\n"])
def test_each_link_leads_to_a_file(tmp_path: Path, more: str) -> None:
    files = offline(tmp_path, CONFIG + more) if not more else _flat(tmp_path, more)
    seen = 0
    for path, data in files.items():
        if not path.endswith(".html") or path == "404.html":
            continue
        for target in targets(data):
            parts = urlsplit(target)
            if parts.scheme or not parts.path:
                continue
            there = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
            assert there in files, f"{target} of {path}"
            seen += 1
    assert seen > 50
    assert b"url=../guide/install" in files["old/index.html"]


def _flat(root: Path, more: str) -> dict[str, bytes]:
    """Raw links are written as browsers read them, and so differ."""
    write(root, {**SITE, "content/index.md": "# Home\n\n[the guide](guide/index.md)\n"})
    write(root, {"ssg.yml": f"{CONFIG}{more}offline: true\n"})
    assert build(root).diagnostics == ()
    return outputs(root / "output")


def test_what_is_behind_an_address_stays(tmp_path: Path) -> None:
    page = offline(tmp_path)["index.html"]
    assert {"guide/index.html", "guide/install/index.html?a=b#steps"} <= set(targets(page))
    assert b'<link rel="canonical" href="https://example.org/docs/">' in page


def test_the_option_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = offline(tmp_path)
    write(tmp_path, {"ssg.yml": CONFIG})
    build(tmp_path)
    online = outputs(tmp_path / "output")
    assert "guide/" in targets(online["index.html"])
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["build", "--offline"])
    assert done.exit_code == 0, done.output
    assert outputs(tmp_path / "output") == expected
    assert CliRunner().invoke(main, ["build"]).exit_code == 0
    assert outputs(tmp_path / "output") == online


def test_what_files_cannot_load_is_told(tmp_path: Path) -> None:
    config = f"{CONFIG}offline: true\nextra_css: [https://example.com/x.css]\nextra_javascript: [a.js, m.mjs]\n"
    write(tmp_path, {**SITE, "ssg.yml": config, "content/a.js": "", "content/m.mjs": ""})
    told = [(one.code, one.line, one.message) for one in build(tmp_path).diagnostics]
    assert told == [
        ("offline", 4, "'https://example.com/x.css' is loaded from another host"),
        ("offline", 5, "'m.mjs' is a module, and browsers load none from files"),
    ]


def test_reading_and_searching_without_a_server(tmp_path: Path, chromium: Any) -> None:
    offline(tmp_path)
    asked: list[str] = []
    problems: list[str] = []
    page = chromium.new_page()
    page.set_default_timeout(10_000)
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: problems.append(request.url))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto((tmp_path / "output/index.html").as_uri())
    page.locator("main").get_by_role("link", name="the guide").click()
    page.wait_for_url("**/guide/index.html")
    page.locator(".nav").get_by_role("link", name="Install").click()
    page.wait_for_url("**/guide/install/index.html")
    page.locator("header").get_by_role("link", name="Demo").first.click()
    page.wait_for_url("**/output/index.html")
    page.keyboard.press("/")
    page.fill("dialog input", "hammer")
    page.wait_for_selector("[role=group]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/guide/install/index.html*")
    assert page.locator("main mark").first.inner_text() == "hammer"
    assert problems == []
    assert {urlsplit(one).scheme for one in asked} <= {"file", "data"}
