"""Names, addresses and sizes that a page of the theme may meet, and that no other test has."""

from collections.abc import Iterator
from typing import Any

import pytest
from sites import build, write
from test_browser import EVERY, axe
from test_search_browser import look_for, served

PARTS = "\n\n".join(f"## Part {number}\n\n" + "Words that fill the page. " * 120 for number in range(1, 20))
TABS = "\n".join(f'=== "Tab {number}"\n\n    Panel {number}.\n' for number in range(1, 15))
TABLE = f"| {' | '.join(['A column'] * 14)} |\n|{'---|' * 14}"
FILES: dict[str, str | bytes | None] = {
    "ssg.yml": """site_name: The handbook of everything
repo_url: https://github.com/example/handbook
theme: {features: [navigation.instant, content.lightbox]}
extra:
  mermaid: mermaid.js
  analytics: {feedback: {title: Helpful?}}
  consent: {title: Cookies, description: We count visits.}
  alternate: [{name: English, link: /en/, lang: en}, {name: Deutsch, link: /de/, lang: de}]
""",
    "content/index.md": f"# Home\n\n[Long](long.md)\n\n{PARTS}\n",
    "content/long.md": f"# Long\n\n{PARTS}\n",
    "content/names.md": "# Names\n\n## Mermaid\n\n```mermaid\ngraph TD\n```\n\n## gtag\n\n## plausible\n",
    "content/titles.md": f"""# Titles

!!! note "One that is `code` and then goes on for quite a while so that it needs more than a line of text"
    Text.

```yaml title="a/long/path/that/goes/on/and/on/and/on/to/the/end/long.yml" linenums="1"
a: 1
```

!!! info inline "Beside"
    Words beside.

Text beside it.

{TABLE}

{TABLE}

{TABS}
""",
    "content/mermaid.js": """
window.mermaid = { initialize() {}, render: async () => ({ svg: "<svg><title>Drawn</title></svg>" }) };
""",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("traps")
    write(root, FILES)
    assert build(root).diagnostics == ()
    with served(root / "output") as address:
        yield address


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1400, "height": 700}, reduced_motion="reduce")
    context.add_init_script("localStorage.consent ??= 'reject'")
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def ready(page: Any) -> None:
    """Instant navigation is loaded once the reader does something."""
    page.mouse.move(200, 300)
    page.mouse.move(210, 310)
    page.wait_for_function("window.ssg.instant")


def test_the_button_of_search_opens_it_whatever_is_loaded(page: Any, address: str) -> None:
    page.goto(address)
    ready(page)
    page.click(".search-button")
    page.wait_for_selector("dialog.search-dialog[open]")
    assert page.url == address


def test_escape_closes_search_that_has_words(page: Any, address: str) -> None:
    page.goto(address)
    look_for(page, "words")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.search-dialog:not([open])", state="attached")


def test_back_on_a_page_goes_to_where_one_was(page: Any, address: str) -> None:
    page.goto(address + "long/")
    ready(page)
    page.click(".toc a[href='#part-3']")
    page.wait_for_timeout(300)
    before = page.evaluate("scrollY")
    page.click(".toc a[href='#part-15']")
    page.wait_for_function(f"scrollY > {before} + 1000")
    page.wait_for_timeout(300)
    page.go_back()
    page.wait_for_function(f"Math.abs(scrollY - {before}) < 5")


def test_headings_may_be_named_as_libraries_are(page: Any, address: str) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(address + "names/")
    page.wait_for_selector(".mermaid-drawing svg", state="attached")
    page.wait_for_load_state("networkidle")
    page.locator(".feedback button").first.click()
    page.wait_for_function("document.querySelector('.feedback fieldset').disabled")
    assert problems == []


@pytest.mark.parametrize("stored", ["home", "{}", "null", "[1]"])
def test_an_address_or_a_store_that_others_wrote_breaks_nothing(page: Any, address: str, stored: str) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.add_init_script(f"localStorage.tabs = {stored!r}")
    page.goto(address + "titles/#%E0%A4%A")
    ready(page)
    page.click(".languages > summary")
    page.keyboard.press("Escape")
    assert page.locator(".languages[open]").count() == 0
    assert problems == []


def test_what_is_long_stays_in_its_place(page: Any, address: str) -> None:
    page.goto(address + "titles/")
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    title = page.locator(".admonition-title").first
    inner = title.locator("code").bounding_box()
    assert inner["x"] - title.bounding_box()["x"] < 200 and title.bounding_box()["height"] > 2.5 * inner["height"]
    assert page.locator(".admonition.inline").bounding_box()["width"] > 250
    assert page.locator(".repository svg").bounding_box()["width"] > 15
    page.click(".languages > summary")
    box = page.locator(".languages > ul").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 320
    assert box["y"] < 100 and page.get_by_role("link", name="Deutsch").is_visible()
    page.get_by_role("link", name="Deutsch").click(trial=True)
    page.keyboard.press("Escape")
    found = axe.Axe().run(page, options={"runOnly": EVERY}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_the_last_of_many_tabs_shows_its_panel(page: Any, address: str) -> None:
    page.goto(address + "titles/")
    page.get_by_text("Tab 14", exact=True).click()
    assert page.locator(".tabbed-block:visible").all_inner_texts() == ["Panel 14."]


def test_a_list_that_opens_shows_the_current_entry(page: Any, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 480})
    page.goto(address + "long/#part-17")
    page.wait_for_selector(".toc a[aria-current]", state="attached")
    page.click(".toc > .fold > summary")
    entry, box = (page.locator(one) for one in (".toc a[aria-current]", ".toc > ul"))
    page.wait_for_function("document.querySelector('.toc > ul').scrollTop > 0")
    assert entry.bounding_box()["y"] < box.bounding_box()["y"] + box.bounding_box()["height"]


def test_the_question_about_cookies_takes_no_focus(chromium: Any, address: str) -> None:
    page = chromium.new_page()
    page.goto(address)
    page.wait_for_selector(".consent[open]")
    assert page.evaluate("document.activeElement === document.body")
    page.click(".consent button[value=reject]")
    page.wait_for_selector(".consent:not([open])", state="attached")
    page.click(".consent-again")
    page.wait_for_selector(".consent[open]")
    assert page.evaluate("localStorage.consent") == "reject"
    assert page.locator(".consent button").first.evaluate("(one) => one === document.activeElement")
    page.close()
