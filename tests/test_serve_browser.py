"""The dev server as an author sees it, in Chromium: pages that change under the eyes, and problems over them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from served import PATIENCE_S, Serve, Served, until
from sites import write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LONG = "\n\n".join(f"Paragraph {number}." for number in range(120))
PAGE = f"""# Page

First words.

<details markdown><summary>More</summary>

Inside.

</details>

=== "One"

    In the first tab.

=== "Two"

    In the second tab.

```python
x = 1
```

{LONG}

## Part

Last words.
"""


class Seen:
    """A page in the browser, which must not be loaded again unless a test says so."""

    def __init__(self, served: Served, page: "Page", path: str) -> None:
        self.served = served
        self.page = page
        self.errors: list[str] = []
        page.set_default_timeout(PATIENCE_S * 1000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"http://{served.host}:{served.port}{path}")
        page.wait_for_function("window.LiveReload?.connector.protocol === 7")
        page.evaluate("window.mark = 'still here'")

    def sees(self, words: str) -> None:
        self.page.wait_for_function("words => document.body.textContent.includes(words)", arg=words)

    def was_kept(self) -> bool:
        return bool(self.page.evaluate("window.mark === 'still here'"))

    def overlay(self) -> str:
        found = self.page.evaluate("document.querySelector('ssg-problems')?.shadowRoot.textContent ?? ''")
        return str(found)


@pytest.fixture
def see(serve: Serve, chromium: "Browser") -> Iterator[Any]:
    """Opens a page of a site that is served."""
    pages: list[Seen] = []

    def see(path: str = "/page/", *options: str, **files: str) -> Seen:
        served = serve(*options, **{"content__page": PAGE, **files})
        pages.append(Seen(served, chromium.new_context(viewport={"width": 1000, "height": 700}).new_page(), path))
        return pages[-1]

    yield see
    for one in pages:
        one.page.context.close()
        assert one.errors == []


def test_an_edit_is_put_into_the_page(see: Any) -> None:
    seen = see()
    page = seen.page
    page.evaluate("document.querySelector('main details').open = true")
    page.evaluate("document.querySelectorAll('.tabbed-set input')[1]?.click()")
    page.evaluate("scrollTo(0, 900)")
    kept = page.evaluate_handle("document.querySelector('main pre')")
    copy = page.locator("main .copy").count()
    write(seen.served.root, {"content/page.md": PAGE.replace("First words.", "Other **words**.")})
    seen.sees("Other words.")
    assert seen.was_kept()
    assert page.evaluate("scrollY") == 900
    assert page.evaluate("document.querySelector('main details').open")
    assert page.evaluate("document.querySelectorAll('.tabbed-set input')[1]?.checked ?? true")
    assert page.evaluate("pre => pre.isConnected", kept)
    assert page.locator("main .copy").count() == copy
    write(seen.served.root, {"content/page.md": PAGE})
    seen.sees("First words.")
    write(seen.served.root, {"content/page.md": PAGE.replace("Inside.", "Deep inside.")})
    seen.sees("Deep inside.")
    assert page.evaluate("document.querySelector('main details').open")
    assert seen.was_kept()


def test_scripts_are_told_what_was_replaced(see: Any) -> None:
    seen = see()
    page = seen.page
    page.evaluate("""
        window.told = [];
        document.addEventListener("ssg:updated", ({ detail: { root } }) => told.push({
            text: root.textContent,
            tables: root.querySelectorAll("table").length,
            details: root.querySelectorAll("details").length,
            inPage: document.body.contains(root),
        }));
    """)
    table = "| a | b |\n| - | - |\n| 1 | 2 |"
    write(seen.served.root, {"content/page.md": PAGE.replace("First words.", f"First words.\n\n{table}")})
    seen.sees("1")
    page.wait_for_function("told.length === 1")
    (told,) = page.evaluate("told.splice(0)")
    assert told["inPage"]
    assert told["tables"] == 1  # a new element is within it
    write(seen.served.root, {"content/page.md": PAGE.replace("Inside.", "Deep inside.")})
    page.wait_for_function("told.some(({ text }) => text.includes('Deep inside.'))")
    write(seen.served.root, {"content/page.md": PAGE.replace("Inside.", "Deeper inside.")})
    page.wait_for_function("told.some(({ text }) => text.trim() === 'Deeper inside.')")
    last = page.evaluate("told.at(-1)")
    assert last["details"] == 0  # and not more than has to be
    assert seen.was_kept()


def test_the_page_is_then_as_if_it_were_loaded(see: Any) -> None:
    edits = [
        PAGE.replace("## Part", "## Piece\n\nNew.\n\n### Smaller"),
        PAGE.replace("# Page", "# Another title").replace("Paragraph 7.", "- a\n- b\n\n> quoted"),
        "# Short\n\nNothing else.\n",
        PAGE.replace("x = 1", "x = 2\ny = 3").replace("Paragraph 100.\n\n", ""),
        PAGE.replace("First words.", "<table><tr><td>cell</td></tr></table>\n\nFirst words. &amp; *more*"),
        PAGE,
    ]
    seen = see()
    text = "document.querySelector('{}').innerText.replace(/\\s+/g, ' ').trim()"
    for number, edit in enumerate(edits):
        write(seen.served.root, {"content/page.md": f"{edit}\n\nState {number}.\n"})
        seen.sees(f"State {number}.")
        seen.served.hear("built:", number + 2)
        fresh = seen.page.context.new_page()
        fresh.goto(seen.page.url)
        for part in ("main", ".nav", "header"):
            want = fresh.evaluate(text.format(part))
            seen.page.wait_for_function(f"want => {text.format(part)} === want", arg=want)
        assert seen.page.title() == fresh.title()
        fresh.close()
    assert seen.was_kept()


def test_a_title_reaches_the_navigation_of_other_pages(see: Any) -> None:
    seen = see("/guide/")
    write(seen.served.root, {"content/guide/steps.md": "# Many more steps\n"})
    seen.sees("Many more steps")
    assert seen.was_kept()


def test_another_page_is_edited_and_nothing_moves(see: Any) -> None:
    seen = see()
    seen.page.evaluate("scrollTo(0, 500)")
    before = seen.page.content()
    write(seen.served.root, {"content/guide/index.md": "# Guide\n\nEdited.\n"})
    seen.served.shows("Edited.", "guide/")
    seen.served.hear("built:", 2)
    write(seen.served.root, {"content/page.md": PAGE.replace("Last words.", "The very last words.")})
    seen.sees("The very last words.")
    assert seen.was_kept()
    assert seen.page.evaluate("scrollY") == 500
    assert seen.page.content().replace("The very last words.", "Last words.") == before


def test_the_browser_follows_edits_if_it_is_told_to(see: Any) -> None:
    seen = see("/", "--follow")
    write(seen.served.root, {"content/page.md": PAGE.replace("Last words.", "The very last words.")})
    seen.page.wait_for_url("**/page/#part")
    seen.sees("The very last words.")
    seen.page.wait_for_function("window.LiveReload?.connector.protocol === 7")
    seen.page.evaluate("scrollTo(0, 0)")
    write(seen.served.root, {"content/page.md": PAGE.replace("Last words.", "No words at all.")})
    seen.sees("No words at all.")
    seen.page.wait_for_function("scrollY > 1000")


def test_a_style_sheet_is_swapped(see: Any, serve: Serve) -> None:
    seen = see(content__other="# Other\n")
    write(seen.served.root, {"ssg.yml": "site_name: First\nextra_css: [mine.css]\n", "content/mine.css": "h1 {}"})
    seen.page.wait_for_function("!!document.querySelector('link[href*=\"mine.css\"]')")
    seen.page.wait_for_function("window.LiveReload?.connector.protocol === 7")
    seen.page.evaluate("window.mark = 'still here'")
    write(seen.served.root, {"content/mine.css": "h1 { color: rgb(1, 2, 3) }"})
    seen.page.wait_for_function("getComputedStyle(document.querySelector('h1')).color === 'rgb(1, 2, 3)'")
    assert seen.was_kept()


def test_a_script_that_changes_loads_the_page_again(see: Any) -> None:
    seen = see()
    script = "<script>document.documentElement.dataset.ran = 'yes'</script>\n"
    write(seen.served.root, {"content/page.md": PAGE + "\n" + script})
    seen.page.wait_for_function("document.documentElement.dataset.ran === 'yes'")
    assert not seen.was_kept()


def test_errors_are_shown_over_the_last_good_page_until_they_are_repaired(see: Any) -> None:
    seen = see("/page/", "--editor", "vscode")
    write(seen.served.root, {"content/page.md": "---\ntitle: [open\n---\n# Broken\n"})
    seen.page.wait_for_function("!!document.querySelector('ssg-problems')")
    shown = seen.page.locator("ssg-problems .panel")
    shown.wait_for()
    words = shown.inner_text()
    assert "this list is not closed" in words
    assert "content/page.md:2:8" in words
    assert "title: [open\n       ^" in words
    assert "add the missing" in words
    link = seen.page.locator("ssg-problems .place").first.get_attribute("href")
    assert link == f"vscode://file{(seen.served.root / 'content/page.md').resolve()}:2:8"
    seen.sees("First words.")
    seen.page.keyboard.press("Escape")
    assert seen.page.locator("ssg-problems .badge").inner_text() == "1 error"
    write(seen.served.root, {"content/page.md": PAGE})
    seen.page.wait_for_function("!document.querySelector('ssg-problems')")
    assert seen.was_kept()


def test_warnings_are_a_badge_that_opens_their_list(see: Any) -> None:
    seen = see(content__other="# Other\n\n[x](/absolute/)\n")
    badge = seen.page.locator("ssg-problems .badge")
    badge.wait_for()
    assert badge.inner_text() == "1 warning"
    badge.click()
    assert "absolute-link" in seen.page.locator("ssg-problems .panel").inner_text()
    seen.page.locator("ssg-problems .close").click()
    badge.wait_for()


def test_text_of_problems_is_text(see: Any) -> None:
    seen = see(content__other="---\ntitle: [<img src=x onerror=alert(1)>\n---\n")
    seen.page.locator("ssg-problems .panel").wait_for()
    assert "<img src=x onerror=alert(1)>" in seen.overlay()
    assert seen.page.evaluate("document.querySelector('ssg-problems').shadowRoot.querySelectorAll('img').length") == 0


def test_a_server_that_was_away_is_found_again(see: Any) -> None:
    seen = see()
    served = seen.served
    port, root = served.port, served.root
    served.end()
    write(root, {"content/page.md": PAGE.replace("First words.", "Written meanwhile.")})
    again = Served(root, "--port", str(port))
    try:
        seen.sees("Written meanwhile.")
        assert seen.was_kept()
    finally:
        again.close()


def test_what_is_injected_is_not_in_what_is_built(see: Any) -> None:
    seen = see()
    until((seen.served.root / ".ssg/serve/page/index.html").exists, "the page to be written")
    for file in (seen.served.root / ".ssg/serve").rglob("*.html"):
        assert "livereload" not in file.read_text("utf-8")
