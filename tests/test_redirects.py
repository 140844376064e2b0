"""Old addresses, with and without anchors, in Chromium with and without scripts, below a path."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pages_host import hosted
from sites import build, outputs, write

SITE: dict[str, str | bytes | None] = {
    "ssg.yml": """site_name: Demo
site_url: https://example.org/project/
plugins:
  - redirects:
      redirect_maps:
        gone.md: new.md
        split.md: index.md
        split.md#one: new.md#part
        split.md#two <3: https://example.com/elsewhere
        parts.md#one: new.md#part
        here.md#left: new.md#part
        here.md#away: https://example.com/elsewhere
        exact.md: new.md#part
""",
    "content/index.md": "# Home\n",
    "content/here.md": "# Here\n\n## Stays\n",
    "content/new.md": """---
aliases: [older.md, here.md#moved, /was/]
redirect_from: /even/older.html
---
# New

## Part
""",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("redirects")
    write(folder, SITE)
    result = build(folder)
    assert result.diagnostics == ()
    with hosted(folder / "output", "/project/") as top:
        yield top


def visitor(chromium: Any, *, scripts: bool) -> Any:
    page = chromium.new_page(java_script_enabled=scripts)
    page.set_default_timeout(15_000)
    page.route("https://example.com/**", lambda route: route.fulfill(body="elsewhere"))
    return page


WHOLE = {
    "gone/": "new/",
    "older/": "new/",
    "was/": "new/",
    "even/older.html": "new/",
    "split/": "",
    "exact/": "new/#part",
}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_page_that_has_moved(chromium: Any, address: str, scripts: bool) -> None:
    page = visitor(chromium, scripts=scripts)
    for old, new in WHOLE.items():
        page.goto(address + old)
        page.wait_for_url(address + new)
    page.close()


def test_an_anchor_comes_along(chromium: Any, address: str) -> None:
    page = visitor(chromium, scripts=True)
    for old, new in {"gone/#part": "new/#part", "split/#other": "#other", "exact/#x": "new/#part"}.items():
        page.goto(address + old)
        page.wait_for_url(address + new)
    page.close()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("split/#one", "new/#part"),
        ("split/#two%20%3C3", "https://example.com/elsewhere"),
        ("parts/#one", "new/#part"),
        ("here/#left", "new/#part"),
        ("here/#moved", "new/"),
        ("here/#away", "https://example.com/elsewhere"),
    ],
)
def test_a_section_that_has_moved(chromium: Any, address: str, old: str, new: str) -> None:
    page = visitor(chromium, scripts=True)
    page.goto(address + old)
    page.wait_for_url(new if "://" in new else address + new)
    page.close()


def test_a_section_that_has_moved_is_a_link_without_scripts(chromium: Any, address: str) -> None:
    page = visitor(chromium, scripts=False)
    for old, new in {"parts/#one": "new/#part", "here/#left": "new/#part"}.items():
        page.goto(address + old)
        link = page.locator("p:target a")
        assert link.is_visible()
        link.click()
        page.wait_for_url(address + new)
    page.goto(f"{address}here/")
    assert page.locator(".moved").count() == 3
    assert not any(one.is_visible() for one in page.locator(".moved").all())  # nobody else sees it
    page.close()


def test_sections_that_are_still_there_are_not_led_away(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "content/here.md": "# Here\n\n## Left\n\n## Away\n\n## Moved\n"})
    assert build(tmp_path).published
    assert b'class="moved"' not in outputs(tmp_path / "output")["here/index.html"]
    write(tmp_path, {"content/here.md": "# Here\n"})
    build(tmp_path)
    warm = outputs(tmp_path / "output")
    assert warm["here/index.html"].count(b'class="moved"') == 3
    shutil.rmtree(tmp_path / ".ssg")
    shutil.rmtree(tmp_path / "output")
    build(tmp_path)
    assert outputs(tmp_path / "output") == warm


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("a.md#x: nowhere.md", "redirect-target"),
        ("here.md#x: nowhere.md", "redirect-target"),
        ("here.md: new.md", "redirect-taken"),
        ("here.md#moved: index.md", "redirect-taken"),
    ],
)
def test_what_cannot_be_led_on_is_told(tmp_path: Path, entry: str, code: str) -> None:
    config = f"site_name: Demo\nplugins:\n  - redirects:\n      redirect_maps:\n        {entry}\n"
    write(tmp_path, {**SITE, "ssg.yml": config})
    assert [one.code for one in build(tmp_path).diagnostics] == [code]


def test_what_is_in_a_map_cannot_run(tmp_path: Path) -> None:
    target = "https://example.com/?</script><script>alert(1)</script>\\\"'"
    maps = f'{{"a.md": "{target}", "a.md#</script>": "{target}"}}'
    config = f"site_name: Demo\nplugins: [redirects: {{redirect_maps: {maps}}}]\n"
    write(tmp_path, {**SITE, "ssg.yml": config})
    build(tmp_path)
    page = outputs(tmp_path / "output")["a/index.html"].decode()
    assert page.count("<script>") == page.count("</script>") == 1
