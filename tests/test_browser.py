"""The default theme in a real browser: what readers do with it, with a mouse, a keyboard, a finger and a screen reader.

Chromium is used where it is installed; otherwise these tests are skipped.
"""

import functools
import http.server
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from sites import build, write

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

Page = Any
"""Of playwright, which may not be installed."""


FEATURES = (
    "announce.dismiss, content.action.view, content.code.select, content.footnote.tooltips, content.lightbox,"
    " content.tabs.link, content.tooltips, navigation.instant, navigation.instant.prefetch,"
    " navigation.instant.preview, navigation.instant.progress, navigation.tabs, navigation.top, navigation.tracking"
)
CONFIG = f"""
site_name: Kitchen
site_url: https://example.com/
repo_url: https://github.com/example/kitchen
theme: {{custom_dir: own, features: [{FEATURES}]}}
markdown_extensions:
  - abbr
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - pymdownx.details
  - pymdownx.highlight: {{anchor_linenums: true, line_spans: __span}}
  - pymdownx.keys
  - pymdownx.superfences
  - pymdownx.tabbed: {{alternate_style: true}}
  - pymdownx.tasklist: {{custom_checkbox: true}}
  - tables
  - toc: {{permalink: true}}
extra:
  alternate: [{{name: English, link: ./, lang: en}}, {{name: Deutsch, link: 'https://example.com/de/', lang: de}}]
  analytics: {{feedback: {{title: Did this help?}}}}
  social: [{{icon: fontawesome/brands/github, link: 'https://github.com/example'}}]
"""

EVERYTHING = """# Everything

Text with `code`, [a link](install.md#on-linux), ++ctrl+c++, HTML and a note.[^1]

*[HTML]: HyperText Markup Language

[^1]: A footnote.

## Code

```python title="cook.py" linenums="1" hl_lines="2"
def cook(dish):
    return "this is a long line that does not fit into the column on any screen of a usual width" + dish
```

```console
$ pip install kitchen
Collecting kitchen
```

## Boxes

!!! warning "Hot"

    Take care, and `read`.

??? note "Closed"

    ### Hidden away

    Inside.

## Choices

=== "pip"

    With pip.

=== "uv"

    With uv.

Other text.

=== "pip"

    Again with pip.

=== "uv"

    Again with uv.

## Lists

- [x] Done
- [ ] To do

Term
:   What it means.

| A wide table | with many columns | that do not fit | into the measure | of the page | at all |
| ------------ | ----------------- | --------------- | ---------------- | ----------- | -----: |
| `the_first_of_many_values` | `the_second_of_them` | `the_third` | `the_fourth_of_them` | `the_fifth` | 6 |

![A picture](pic.svg)
"""

FILES = {
    "ssg.yml": CONFIG,
    "own/main.html": '{% extends "base.html" %}\n{% block announce %}Version 2 is out.{% endblock %}\n',
    "content/index.md": """---
template: home.html
hide: [toc]
hero: {title: Kitchen, text: All., actions: [{text: Start, link: guide/}, {text: More, link: reference/}]}
cards: [{icon: "⚡", title: Fast, text: Very., link: guide/}, {title: Calm, text: Quite.}]
---

Text.
""",
    "content/guide/index.md": "---\ntemplate: section.html\n---\n# Guide\n\nAll about it.\n",
    "content/guide/everything.md": EVERYTHING,
    "content/guide/install.md": "---\ntags: [setup, C++]\ndate: 2026-11-22\nauthors: [A]\n---\n# Install\n\n"
    + "Text.\n\n" * 40
    + "## On Linux\n\nUse apt.\n\n"
    + "More.\n\n" * 40,
    "content/guide/pic.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="90"><circle r="40"/></svg>',
    "content/guide/notes.md": "# Notes\n\n``` python\nx = 1  # (1)!\n```\n\n1.  Why it is one.\n"
    "\n> [!NOTE]\n> This is a box.\n",
    "content/reference/index.md": "# Reference\n",
    "content/reference/api/index.md": "# API\n",
    "content/reference/api/cook.md": "# Cook\n\n## Arguments\n\nNone.\n",
}
PAGES = (
    "index.html",
    "guide/index.html",
    "guide/everything/index.html",
    "guide/install/index.html",
    "guide/notes/index.html",
    "reference/api/cook/index.html",
    "404.html",
    "all-pages.html",
    "tags.html",
)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing."""

    def log_error(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("kitchen")
    write(root, FILES)
    result = build(root)
    assert result.published, result.diagnostics
    return root / "output"


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


class Reader:
    """Opens pages, and holds what went wrong in them."""

    def __init__(self, browser: Any, site: str) -> None:
        self.browser = browser
        self.site = site
        self.contexts: list[Any] = []
        self.wrong: list[str] = []

    def answered(self, response: Any) -> None:
        """Remember what is not there."""
        if response.status >= 400 and "nowhere" not in response.url:
            self.wrong.append(f"{response.url}: {response.status}")

    def open(self, path: str, width: int = 1440, **options: Any) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": 800}, **options)
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("response", self.answered)
        page.goto(path if ":" in path else self.site + path)
        return page


@pytest.fixture
def reader(chromium: Any, site: str) -> Iterator[Reader]:
    found = Reader(chromium, site)
    yield found
    for context in found.contexts:
        context.close()
    assert found.wrong == []


def expect(what: Any) -> Any:
    return playwright.expect(what)


EVERY = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"]
"""All that axe looks for."""


@pytest.mark.parametrize("width", [1440, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_stands_in_the_way_of_anybody(reader: Reader, path: str, scheme: str, width: int) -> None:
    """No violation of any level that axe knows of, AAA included; nor is anything wider than the window."""
    page = reader.open(path, width, color_scheme=scheme, reduced_motion="reduce")
    if width < 900 and path != "all-pages.html":
        page.locator(".nav > .fold > summary").click()
    found = axe.Axe().run(page, options={"runOnly": EVERY}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1440, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nor_does_what_is_open(reader: Reader, scheme: str, width: int) -> None:
    """Menus, notes, pictures that were enlarged, and a page that was searched for."""
    page = reader.open("guide/everything/", width, color_scheme=scheme, reduced_motion="reduce")

    def look(what: str) -> None:
        page.evaluate("scrollTo(0, 0)")  # what a bar covers in part looks too small to axe
        found = axe.Axe().run(page, options={"runOnly": EVERY})
        assert [(what, one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []

    page.locator(".languages > summary").click()
    look("languages")
    page.keyboard.press("Escape")
    if width < 900:
        page.locator(".toc > .fold > summary").click()
        look("contents")
        page.keyboard.press("Escape")
    page.locator(".footnote-ref").focus()
    expect(page.locator(".annotation-note").first).to_be_visible()
    look("footnote")
    page.get_by_text("Closed", exact=True).click()
    look("details")
    page.get_by_role("button", name="A picture").click()
    look("picture")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.get_by_role("combobox", name="Search").fill("code")
    expect(page.locator("[role=listbox] [role=option]").first).to_be_visible()
    look("search")


@pytest.mark.parametrize("colour", ["yellow", "deep purple", "black"])
def test_text_can_be_read_whatever_the_colour(reader: Reader, tmp_path: Path, colour: str) -> None:
    plain = {name: text for name, text in FILES.items() if not name.startswith("own")}
    config = CONFIG.replace("custom_dir: own", f"palette: {{primary: {colour}}}")
    write(tmp_path, plain | {"ssg.yml": config})
    assert build(tmp_path).published
    for scheme in ("light", "dark"):
        page = reader.open((tmp_path / "output/guide/everything/index.html").as_uri(), color_scheme=scheme)
        found = axe.Axe().run(page, options={"runOnly": ["color-contrast", "color-contrast-enhanced"]}).response
        assert [node["html"] for one in found["violations"] for node in one["nodes"]] == []


def test_a_link_of_navigation_leads_to_its_page(reader: Reader) -> None:
    page = reader.open("guide/", java_script_enabled=False)
    page.locator(".nav").get_by_role("link", name="Install").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Install")
    expect(page.locator(".nav [aria-current=page]")).to_have_text("Install")
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Guide").click()
    expect(page).to_have_title("Guide – Kitchen")


def test_a_section_that_the_page_does_not_carry_opens_in_place(reader: Reader) -> None:
    page = reader.open("reference/")
    assert page.locator(".nav").get_by_role("link", name="Cook").count() == 0
    page.get_by_role("button", name="Show what is below: API").click()
    page.locator(".nav").get_by_role("link", name="Cook").click()
    expect(page).to_have_url(f"{reader.site}reference/api/cook/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cook")


def test_the_colour_scheme_is_chosen_and_kept(reader: Reader) -> None:
    page = reader.open("guide/", color_scheme="light")
    colour = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(colour)
    button = page.locator(".scheme")
    expect(button).to_have_accessible_name("Theme of the system")
    button.click()
    expect(button).to_have_accessible_name("Light theme")
    button.click()
    expect(button).to_have_accessible_name("Dark theme")
    assert page.evaluate(colour) != light
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.emulate_media(color_scheme="dark")
    button.click()
    expect(button).to_have_accessible_name("Theme of the system")
    assert page.evaluate(colour) != light


def test_tabs_are_chosen_together_and_remembered(reader: Reader) -> None:
    page = reader.open("guide/everything/")
    page.get_by_text("uv", exact=True).first.click()
    expect(page.get_by_text("With uv.", exact=True)).to_be_visible()
    expect(page.get_by_text("Again with uv.")).to_be_visible()
    expect(page.get_by_text("Again with pip.")).to_be_hidden()
    page.reload()
    expect(page.get_by_text("Again with uv.")).to_be_visible()


def test_tabs_are_chosen_without_a_script_and_with_the_keyboard(reader: Reader) -> None:
    page = reader.open("guide/everything/", java_script_enabled=False)
    page.locator(".tabbed-set > input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("With uv.", exact=True)).to_be_visible()
    expect(page.get_by_text("With pip.", exact=True)).to_be_hidden()


def test_a_link_into_what_is_closed_opens_it(reader: Reader) -> None:
    page = reader.open("guide/everything/#hidden-away")
    expect(page.get_by_role("heading", name="Hidden away")).to_be_in_viewport()


def test_code_is_copied_as_it_was_typed(reader: Reader) -> None:
    page = reader.open("guide/everything/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".highlight", has_text="cook.py").get_by_role("button").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("def cook(dish):\n    return")
    page.locator(".highlight", has_text="Collecting").get_by_role("button", name="Copy").click()
    expect(page.locator(".highlight", has_text="Collecting").get_by_role("button")).to_have_accessible_name("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "pip install kitchen"


@pytest.mark.parametrize("width", [1440, 390])
def test_the_copy_button_covers_no_code(reader: Reader, width: int) -> None:
    page = reader.open("guide/everything/", width)
    for box in page.locator(".highlight").all():
        button, code = box.locator(".copy").bounding_box(), box.locator("pre:has(> code)").bounding_box()
        apart = button["x"] >= code["x"] + code["width"] or button["y"] + button["height"] <= code["y"] + 1
        assert apart, (button, code)


def test_instant_navigation_with_back_and_forward(reader: Reader) -> None:
    page = reader.open("guide/", reduced_motion="reduce")
    page.evaluate("window.same = true")
    page.mouse.move(700, 400)
    page.wait_for_function("window.ssg.instant")
    page.locator(".nav").get_by_role("link", name="Everything").click()
    expect(page).to_have_title("Everything – Kitchen")
    assert page.evaluate("window.same"), "the window was loaded anew"
    assert page.evaluate("document.activeElement.id") == "__content"
    expect(page.locator("[role=status]").last).to_have_text("Everything – Kitchen")
    expect(page.locator(".highlight .copy").first).to_be_attached()
    page.locator("article").get_by_role("link", name="a link").click()
    expect(page).to_have_url(f"{reader.site}guide/install/#on-linux")
    expect(page.get_by_role("heading", name="On Linux")).to_be_in_viewport()
    page.go_back()
    expect(page).to_have_title("Everything – Kitchen")
    page.go_back()
    expect(page).to_have_title("Guide – Kitchen")
    page.go_forward()
    page.go_forward()
    expect(page).to_have_title("Install – Kitchen")
    expect(page.get_by_role("heading", name="On Linux")).to_be_in_viewport()
    page.locator(".tabs").get_by_role("link", name="Reference").click()
    expect(page).to_have_url(f"{reader.site}reference/")
    expect(page.locator(".nav [aria-current=page]")).to_have_text("Reference")
    assert page.evaluate("window.same")


@pytest.mark.parametrize("start", ["guide/", "guide/notes/"])
def test_notes_at_lines_of_code(reader: Reader, start: str) -> None:
    """They are there too when instant navigation has led to them."""
    page = reader.open(start)
    if start == "guide/":
        page.mouse.move(700, 400)
        page.wait_for_function("window.ssg.instant")
        page.locator(".nav").get_by_role("link", name="Notes").click()
    page.get_by_role("button", name="(1)").click()
    expect(page.get_by_text("Why it is one.").last).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Why it is one.").last).to_be_hidden()


def test_where_instant_navigation_fails_the_link_is_a_link(reader: Reader) -> None:
    page = reader.open("guide/")
    page.mouse.move(700, 400)
    page.wait_for_function("window.ssg.instant")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<a href=\"nowhere/\">Nowhere</a>')")
    page.get_by_role("link", name="Nowhere").click()
    expect(page).to_have_url(f"{reader.site}guide/nowhere/")


def test_the_menu_of_a_narrow_screen(reader: Reader) -> None:
    page = reader.open("guide/everything/", 390)
    link = page.locator(".nav").get_by_role("link", name="Install")
    expect(link).to_be_hidden()
    page.get_by_text("Menu").click()
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    page.get_by_text("Menu").click()
    link.click()
    expect(page).to_have_title("Install – Kitchen")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_keyboard_reaches_everything(reader: Reader, width: int) -> None:
    page = reader.open("guide/everything/", width)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.reload()
    seen = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        one = page.evaluate(
            """() => { const e = document.activeElement, b = e.getBoundingClientRect();
            return [e === document.body, e.outerHTML.slice(0, 90), b.width > 0 && b.right > 0 && b.left < innerWidth,
            e.closest('.nav') ? 'nav' : e.closest('.toc') ? 'toc' : e.className || e.tagName] }"""
        )
        if one[0]:
            break
        assert one[2], f"{one[1]} has the focus and cannot be seen"
        seen.add(one[3])
    assert {"nav", "toc", "scheme", "copy", "scroller", "INPUT", "SUMMARY", "repository"} <= seen


def test_a_wide_table_scrolls_with_the_keyboard(reader: Reader) -> None:
    page = reader.open("guide/everything/")
    region = page.get_by_role("region", name="Table")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.scroller').scrollLeft > 0")


def test_a_heading_is_named_by_its_text_alone(reader: Reader) -> None:
    page = reader.open("guide/everything/")
    expect(page.get_by_role("heading", name="Code", exact=True)).to_have_count(1)


def test_the_table_of_contents_follows_the_reader(reader: Reader) -> None:
    page = reader.open("guide/install/", reduced_motion="reduce")
    page.get_by_role("heading", name="On Linux").evaluate("one => one.scrollIntoView()")
    expect(page.locator(".toc [aria-current]")).to_have_text("On Linux")
    expect(page).to_have_url(f"{reader.site}guide/install/#on-linux")
    page.mouse.wheel(0, 2000)
    page.mouse.wheel(0, -300)
    page.get_by_role("link", name="Back to top").click()
    page.wait_for_function("scrollY === 0")


def test_an_announcement_is_put_away_for_good(reader: Reader) -> None:
    page = reader.open("guide/")
    page.get_by_role("button", name="Don’t show this again").click()
    page.reload()
    expect(page.get_by_text("Version 2 is out.")).to_be_hidden()
    page.goto(f"{reader.site}reference/")
    expect(page.get_by_text("Version 2 is out.")).to_be_hidden()


def test_a_picture_is_enlarged_and_put_back(reader: Reader) -> None:
    page = reader.open("guide/everything/")
    picture = page.get_by_role("button", name="A picture")
    picture.press("Enter")
    expect(page.get_by_role("dialog", name="A picture")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(picture).to_be_focused()


def test_links_and_abbreviations_tell_more_when_pointed_at(reader: Reader) -> None:
    page = reader.open("guide/everything/")
    with page.expect_response("**/tooltips.*.js"):
        page.mouse.move(700, 400)
    page.wait_for_load_state("networkidle")
    page.locator("article").get_by_role("link", name="a link").hover()
    expect(page.locator(".preview")).to_contain_text("Use apt.")
    page.keyboard.press("Escape")
    expect(page.locator(".preview")).to_have_count(0)
    page.get_by_text("HTML", exact=True).hover()
    expect(page.get_by_role("tooltip")).to_have_text("HyperText Markup Language")


def test_lines_of_code_have_addresses(reader: Reader) -> None:
    page = reader.open("guide/everything/")
    page.locator(".linenodiv a").first.click()
    page.locator(".linenodiv a").last.click(modifiers=["Shift"])
    assert re.search(r"#__codelineno-0-1:2$", page.url)
    expect(page.locator(".picked")).to_have_count(2)


def test_feedback_is_told_to_scripts(reader: Reader) -> None:
    page = reader.open("guide/install/")
    page.evaluate("addEventListener('feedback', ({ detail }) => { window.told = detail.data }, true)")
    page.get_by_role("group", name="Did this help?").get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    assert page.evaluate("window.told") == 1


def test_pages_can_be_read_without_a_script(reader: Reader) -> None:
    page = reader.open("guide/everything/", 390, java_script_enabled=False, color_scheme="dark")
    dark = page.locator("html").evaluate("one => getComputedStyle(one).backgroundColor")
    assert dark != "rgb(255, 255, 255)"
    expect(page.locator(".scheme")).to_be_hidden()
    page.get_by_text("Menu").click()
    expect(page.locator(".nav").get_by_role("link", name="Reference")).to_be_visible()
    page.get_by_text("Menu").click()
    page.get_by_text("Closed").click()
    expect(page.get_by_text("Inside.")).to_be_visible()


def test_pages_work_from_a_folder(reader: Reader, folder: Path) -> None:
    page = reader.open((folder / "guide" / "everything" / "index.html").as_uri())
    expect(page.locator(".highlight .copy").first).to_be_attached()
    page.locator(".scheme").click()
    expect(page.locator(".scheme")).to_have_accessible_name("Light theme")
    page.get_by_role("button", name="A picture").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_paper_has_the_text_and_no_more(reader: Reader) -> None:
    page = reader.open("guide/everything/")
    page.emulate_media(media="print")
    for text in ("With pip.", "With uv.", "Inside."):
        expect(page.get_by_text(text, exact=True)).to_be_visible()
    for selector in (".header", ".nav", ".toc", ".pager", ".copy", ".feedback", ".announce"):
        expect(page.locator(selector).first).to_be_hidden()
    for code in page.locator("pre:has(> code)").all():
        assert code.evaluate("one => one.scrollWidth <= one.clientWidth + 1")


def test_languages_from_right_to_left(reader: Reader, tmp_path: Path) -> None:
    config = "site_name: K\ntheme: {language: ar}\n"
    plain = {name: text for name, text in FILES.items() if not name.startswith("own")}
    write(tmp_path, plain | {"ssg.yml": config})
    assert build(tmp_path).published
    page = reader.open((tmp_path / "output" / "guide" / "install" / "index.html").as_uri())
    nav, main, toc = (page.locator(one).bounding_box() for one in (".nav", "main", ".toc"))
    assert toc["x"] + toc["width"] <= main["x"]
    assert main["x"] + main["width"] <= nav["x"]
    assert page.locator(".pager [rel=prev]").evaluate("one => getComputedStyle(one).direction") == "rtl"
    expect(page.get_by_role("navigation", name="في هذه الصفحة")).to_be_visible()


def test_a_first_visit_asks_for_little_and_nobody_else(reader: Reader, tmp_path: Path) -> None:
    plain = {name: text for name, text in FILES.items() if not name.startswith("own")}
    write(tmp_path, plain | {"ssg.yml": "site_name: Kitchen\ntheme: {features: [navigation.instant]}\n"})
    assert build(tmp_path).published
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path / "output"))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for path in ("guide/install/", "index.html"):
            asked: list[str] = []
            page = reader.open("about:blank")
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(f"http://127.0.0.1:{server.server_port}/{path}", wait_until="networkidle")
            assert 3 <= len(asked) <= 5
            assert all(one.startswith(f"http://127.0.0.1:{server.server_port}/") for one in asked)
    finally:
        server.shutdown()
        server.server_close()


def test_what_the_development_server_changes_is_set_up_again(reader: Reader) -> None:
    """Parts that are new get what scripts give them, those that are not get it once; a writer's scripts are told."""
    page = reader.open("guide/everything/")
    page.locator(".highlight .copy").first.wait_for(state="attached")
    before = page.locator(".copy").count()
    page.evaluate("window.told = []; document$.subscribe((root) => told.push(root.nodeName))")
    page.evaluate("""() => {
      const code = document.createElement("div");
      code.className = "highlight";
      code.innerHTML = "<pre><code>x = 1</code></pre>";
      const article = document.querySelector("article");
      article.append(code);
      document.dispatchEvent(new CustomEvent("ssg:updated", { detail: { root: article } }));
      document.dispatchEvent(new CustomEvent("ssg:updated", { detail: { root: article } }));
    }""")
    expect(page.locator(".copy")).to_have_count(before + 1)
    assert page.evaluate("told") == ["#document", "MAIN", "MAIN"]
    assert page.evaluate("scrollY") == 0
    expect(page.locator(".nav .expand")).to_have_count(page.locator(".nav .closed").count())
    page.evaluate("addEventListener('feedback', () => { window.times = (window.times ?? 0) + 1 }, true)")
    page.get_by_role("group", name="Did this help?").get_by_role("button", name="Yes").click()
    assert page.evaluate("times") == 1


@pytest.mark.parametrize("media", ["screen", "print"])
def test_a_box_of_the_kind_note_stays_where_it_is(reader: Reader, media: str) -> None:
    """Its class is one that others use too, for notes at lines of code for one."""
    page = reader.open("guide/notes/")
    page.emulate_media(media=media)
    box = page.locator(".admonition.note")
    expect(box).to_be_visible()
    assert box.evaluate("one => getComputedStyle(one).position") == "static"


def test_the_chosen_tab_is_seen_in_forced_colours(reader: Reader) -> None:
    page = reader.open("guide/everything/", forced_colors="active")
    colours = [
        one.evaluate("one => getComputedStyle(one).borderBottomColor")
        for one in page.locator(".tabbed-labels").first.locator("label").all()
    ]
    assert colours[0] != colours[1]


def test_footnotes_are_shown_where_they_are_referred_to(reader: Reader) -> None:
    page = reader.open("guide/everything/")
    note = page.locator(".annotation-note", has_text="A footnote.")
    reference = page.locator(".footnote-ref")
    reference.focus()
    expect(note).to_be_visible()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    reference.hover()
    expect(note).to_be_visible()
    page.evaluate("document.dispatchEvent(new CustomEvent('ssg:updated', { detail: { root: document.body } }))")
    expect(note).to_have_count(1)


def test_cookies_are_asked_for_once(reader: Reader, tmp_path: Path) -> None:
    """Nothing is counted before; the answer holds, and can be changed from the foot of the page."""
    config = """site_name: K
extra:
  consent: {title: Cookies, description: We count visits.}
  analytics: {provider: own, property: x, src: 'counter.js'}
"""
    plain = {name: text for name, text in FILES.items() if not name.startswith("own")}
    counter = "window.counted = (window.counted ?? 0) + 1;"
    write(tmp_path, plain | {"ssg.yml": config, "content/counter.js": counter})
    assert build(tmp_path).published
    page = reader.open((tmp_path / "output" / "index.html").as_uri())
    asked = page.get_by_role("dialog", name="Cookies")
    expect(asked).to_be_visible()
    assert page.evaluate("window.counted") is None
    asked.get_by_role("button", name="Accept").click()
    page.wait_for_function("window.counted === 1")
    page.reload()
    page.wait_for_function("window.counted === 1")
    expect(asked).to_be_hidden()
    page.get_by_role("link", name="Cookie settings").click()
    expect(asked).to_be_visible()


def test_every_kind_of_page_is_valid(folder: Path) -> None:
    """What the parser of HTML 5 finds wrong, ids that are there twice, and what a label or a link leads to."""
    for path in sorted(folder.rglob("*.html")):
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        tree = parser.parse(path.read_text(encoding="utf-8"))
        assert parser.errors == [], path
        ids = [one.get("id") for one in tree.iter() if one.get("id")]
        assert len(ids) == len(set(ids)), path
        for one in tree.iter():
            for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
                assert set((one.get(name) or "").split()) <= set(ids), (path, one.attrib)


def test_versions_are_chosen_and_old_ones_say_so(reader: Reader, tmp_path: Path) -> None:
    """The menu of versions leads to the same page there, and to the start where that version lacks it."""
    plain = {name: text for name, text in FILES.items() if not name.startswith("own")}
    write(tmp_path, plain | {"ssg.yml": "site_name: K\nextra: {version: {provider: mike, default: latest}}\n"})
    names = [
        {"version": "2.0", "title": "2.0", "aliases": ["latest"]},
        {"version": "1.0", "title": "1.0", "aliases": []},
    ]
    write(tmp_path, {"site/versions.json": json.dumps(names)})
    assert build(tmp_path, output="site/1.0").published
    write(tmp_path, {"content/guide/notes.md": None})
    assert build(tmp_path, output="site/2.0").published
    folder = functools.partial(Quiet, directory=str(tmp_path / "site"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), folder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        root = f"http://127.0.0.1:{server.server_port}/"
        page = reader.open(f"{root}1.0/guide/everything/")
        expect(page.locator(".outdated")).to_be_visible()
        page.locator(".versions summary").click()
        page.locator(".versions").get_by_role("link", name="2.0").click()
        page.wait_for_url(f"{root}2.0/guide/everything/")
        expect(page.locator(".versions summary")).to_have_text("2.0")
        expect(page.locator(".outdated")).to_be_hidden()
        page.goto(f"{root}1.0/guide/notes/")
        page.locator(".versions summary").click()
        page.locator(".versions").get_by_role("link", name="2.0").click()
        page.wait_for_url(f"{root}2.0/")
        reader.wrong = [one for one in reader.wrong if "2.0/guide/notes/" not in one]  # that it looked for
        page.goto(f"{root}1.0/guide/notes/")
        page.locator(".outdated a").click()
        page.wait_for_url(f"{root}2.0/")
    finally:
        server.shutdown()
        server.server_close()


def test_other_languages_are_a_menu_of_links(reader: Reader) -> None:
    page = reader.open("guide/", java_script_enabled=False)
    page.locator(".languages > summary").click()
    links = page.locator(".languages a")
    assert [one.get_attribute("hreflang") for one in links.all()] == ["en", "de"]
    expect(links.first).to_have_attribute("aria-current", "true")
    expect(links.last).to_have_attribute("href", "https://example.com/de/")


def test_nothing_moves_where_readers_ask_for_that(reader: Reader) -> None:
    page = reader.open("guide/everything/", reduced_motion="reduce")
    page.mouse.move(700, 400)
    page.wait_for_function("window.ssg.instant")
    page.evaluate("""() => {
      window.moved = [];
      const tell = ({ target }) => moved.push(target.outerHTML);
      for (const name of ["animationstart", "transitionrun"]) addEventListener(name, tell);
    }""")
    page.get_by_text("Closed", exact=True).click()
    page.locator(".highlight").first.hover()
    page.locator(".languages > summary").click()
    page.keyboard.press("Escape")
    page.locator(".nav").get_by_role("link", name="Install").click()
    expect(page).to_have_title("Install – Kitchen")
    assert page.evaluate("moved") == []
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate("document.getAnimations().length") == 0


def test_more_contrast_is_more(reader: Reader) -> None:
    look = "getComputedStyle(document.querySelector('.pager a')).borderTopColor"
    usual = reader.open("guide/install/").evaluate(look)
    assert reader.open("guide/install/", contrast="more").evaluate(look) != usual
