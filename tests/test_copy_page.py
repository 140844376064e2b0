"""The button that copies a page as Markdown, in Chromium below a path, and what is there without scripts."""

from pathlib import Path
from typing import Any

import pytest
from pages_host import hosted
from sites import build, outputs, write

SITE: dict[str, str | bytes | None] = {
    "ssg.yml": "site_name: Demo\nsite_url: https://example.org/project/\nplugins: [llms]\n",
    "content/index.md": "# Home\n",
    "content/guide/page.md": "---\ntitle: A page\n---\n\nWords with [a link](../index.md), *emphasis* and Ümläute.\n",
}


def test_a_page_is_copied_as_markdown(chromium: Any, tmp_path: Path) -> None:
    write(tmp_path, SITE)
    build(tmp_path)
    text = outputs(tmp_path / "output")["guide/page/index.md"].decode()
    assert text.startswith("# A page\n\nWords with [a link](../../index.md)")
    with hosted(tmp_path / "output", "/project/") as top:
        context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(f"{top}guide/page/")
        page.get_by_role("button", name="Markdown").click()
        page.get_by_role("button", name="Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == text
        page.get_by_role("button", name="Markdown").wait_for()  # again
        context.close()


def test_without_scripts_it_is_a_link(chromium: Any, tmp_path: Path) -> None:
    write(tmp_path, SITE)
    build(tmp_path)
    with hosted(tmp_path / "output", "/project/") as top:
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{top}guide/page/")
        link = page.get_by_role("link", name="Markdown")
        assert link.get_attribute("href") in ("index.md", "./index.md")
        context.close()


@pytest.mark.parametrize("plugins", ["[search]", "[llms: {pages: false}]", "[llms: {enabled: false}]"])
def test_nothing_is_offered_that_is_not_there(tmp_path: Path, plugins: str) -> None:
    write(tmp_path, {**SITE, "ssg.yml": f"site_name: Demo\nplugins: {plugins}\n"})
    build(tmp_path)
    files = outputs(tmp_path / "output")
    assert "index.md" not in files
    assert b"copy-page" not in files["index.html"] and b"text/markdown" not in files["index.html"]
