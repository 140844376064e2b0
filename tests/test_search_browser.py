"""Search as readers have it, in a real browser: the dialog, the page of results, and what is found."""

import functools
import http.server
import json
import re
import shutil
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sites import build, write
from test_browser import EVERY

from ssg.builtin.search.words import count
from ssg.urls import url_of

api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

SITES = Path(__file__).parent / "search-sites"
QUERIES = tomllib.loads((SITES / "queries.toml").read_text(encoding="utf-8"))
POLICY = "default-src 'self'; img-src 'self' data:; script-src 'self' 'unsafe-inline'; style-src 'self'"


HOSTILE = "<img src=x onerror='window.pwned=1'><script>window.pwned=1</script>"
PAGES = {
    "index.md": "# Start\n\nWelcome. See how to begin.\n",
    "guide/index.md": "# Guide\n",
    "guide/install.md": (
        "---\ntags: [setup]\n---\n# Installation\n\nInstalling takes a minute.\n\n## On Windows\n\nUse `winget`.\n"
    ),
    "guide/cookies.md": (
        "# Cookies\n\nCall `Response.set_cookie` with a name, once.\n\n## Delete a cookie\n\nSet it to nothing.\n"
    ),
    "reference/index.md": "# Reference\n",
    "reference/options.md": (
        "---\ntags: [setup, cli]\n---\n# Options\n\nInstallation can be `--strict`; that is the name.\n"
    ),
    "reference/hostile.md": f"# Evil `{HOSTILE}`\n\nevil text `{HOSTILE}` end\n",
    **{f"more/p{n}.md": f"# Filler {n}\n\nplenty of words, number {n}\n" for n in range(25)},
}


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        pass

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose subfolder `base` is the site: it works under any path."""
    root = tmp_path_factory.mktemp("searched")
    write(root, {"ssg.yml": "site_name: Demo\n", **{f"content/{name}": text for name, text in PAGES.items()}})
    assert build(root, output=str(root / "out" / "base")).published
    return root / "out"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site) as url:
        yield url + "base/"


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page that fails the test when a script on it does, or when the policy forbids something."""
    context = chromium.new_context()
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.on("dialog", lambda dialog: problems.append("a dialog was opened"))
    opened.set_default_timeout(10_000)
    yield opened
    context.close()
    assert not problems


def results(page: Any) -> list[str]:
    """The titles of the pages that are shown, once there are any."""
    page.wait_for_selector("[role=group]")
    titles: list[str] = page.locator(".search-page .search-title").all_inner_texts()
    return titles


def look_for(page: Any, query: str) -> None:
    """Open the dialog with a key and type."""
    if not page.locator("dialog[open]").count():
        page.keyboard.press("/")
        page.wait_for_selector("dialog[open]")
    page.fill("dialog input", query)


def test_nothing_is_loaded_before_search_is_wanted(page: Any, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    assert not [url for url in asked if "search" in url]
    look_for(page, "cookies")
    assert results(page)[0] == "Cookies"
    assert [url for url in asked if "search/p/" in url]


@pytest.mark.parametrize("key", ["/", "Control+k"])
def test_keys_open_and_escape_closes(page: Any, address: str, key: str) -> None:
    page.goto(address + "guide/install/")
    page.locator("main a, .nav a").first.focus()
    page.keyboard.press(key)
    page.wait_for_selector("dialog[open]")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    page.keyboard.type("a/b")  # where one types, a slash is a slash
    assert page.input_value("dialog input") == "a/b"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")  # the first one may empty the field
    page.wait_for_selector("dialog", state="hidden")
    assert page.evaluate("document.activeElement.tagName") == "A"


def test_the_button_opens_and_a_click_beside_it_closes(page: Any, address: str) -> None:
    page.goto(address)
    page.click(".search-button")
    page.wait_for_selector("dialog[open]")
    page.mouse.click(5, 5)
    page.wait_for_selector("dialog", state="hidden")
    assert page.url == address


def test_arrows_choose_and_enter_follows(page: Any, address: str) -> None:
    page.goto(address + "reference/options/")
    look_for(page, "cookie")
    assert results(page) == ["Cookies"]
    assert page.locator(".search-page small").inner_text() == "Guide"
    assert page.get_attribute("dialog input", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[aria-selected=true]")
    assert chosen.locator(".search-title").inner_text() == "Delete a cookie"
    assert page.get_attribute("dialog input", "aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**/guide/cookies/#delete-a-cookie")  # without the words, which are marked by now
    assert "cookie" in [text.lower() for text in page.locator("main mark").all_inner_texts()]


def test_names_are_found_whole_and_in_parts(page: Any, address: str) -> None:
    page.goto(address)
    for query in ("Response.set_cookie", "set_cookie", "response", "set cookie", "SET_COOKIE", "Response.set_c"):
        look_for(page, query)
        page.wait_for_function("query => document.querySelector('.search-status').textContent", arg=query)
        assert results(page)[0] == "Cookies", query
    for query in ("--strict", "strict"):
        look_for(page, query)
        page.wait_for_selector("text=Options")
        assert results(page)[0] == "Options"


@pytest.mark.parametrize("typed", ["instalation", "isntallation", "Installatoin", "installl"])
def test_a_misspelled_word_is_corrected_and_that_is_said(page: Any, address: str, typed: str) -> None:
    page.goto(address)
    look_for(page, typed)
    assert results(page)[0] == "Installation"
    told = page.locator("[role=status]").inner_text()
    assert "“installation”" in told or "“install" in told
    assert f"“{typed.lower()}”" in told


def test_forms_of_a_word_are_found_and_the_page_of_that_name_is_first(page: Any, address: str) -> None:
    page.goto(address)
    look_for(page, "installing")
    assert results(page)[:2] == ["Installation", "Options"]
    marks = page.locator(".search-excerpt mark").all_inner_texts()
    assert {"Installing", "Installation"} <= set(marks)


def test_a_phrase_must_be_there_as_it_is(page: Any, address: str) -> None:
    page.goto(address)
    look_for(page, '"takes a minute"')
    assert results(page) == ["Installation"]
    look_for(page, '"minute takes a"')
    page.wait_for_selector("text=Nothing was found.")


def test_pages_that_have_all_words_come_before_those_with_some(page: Any, address: str) -> None:
    page.goto(address)
    look_for(page, "installation strict")
    assert results(page)[0] == "Options"
    look_for(page, "winget cookies")
    page.wait_for_selector("text=No page has all of these words.")


def test_results_are_narrowed_by_section_and_tag(page: Any, address: str) -> None:
    page.goto(address)
    look_for(page, "installation")
    assert results(page) == ["Installation", "Options"]
    page.select_option("select[aria-label=Section]", label="Reference")
    page.wait_for_function("() => document.querySelectorAll('[role=group]').length === 1")
    assert results(page) == ["Options"]
    page.select_option("select[aria-label=Tag]", label="cli")
    assert results(page) == ["Options"]
    page.select_option("select[aria-label=Section]", label="Guide")
    page.wait_for_selector("text=Nothing was found.")


def test_what_was_looked_for_is_offered_again(page: Any, address: str) -> None:
    page.goto(address)
    look_for(page, "cookies")
    results(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/guide/cookies/")
    look_for(page, "")
    page.wait_for_selector("text=Recent searches")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert results(page) == ["Cookies"]
    assert page.input_value("dialog input") == "cookies"


def test_more_results_are_one_click_away(page: Any, address: str) -> None:
    page.goto(address)
    look_for(page, "plenty")
    page.wait_for_function("() => document.querySelectorAll('[role=group]').length === 10")
    page.click("text=More results")
    page.wait_for_function("() => document.querySelectorAll('[role=group]').length === 20")
    page.click("text=More results")
    page.wait_for_function("() => document.querySelectorAll('[role=group]').length === 25")
    assert page.locator("text=More results").is_hidden()
    assert len(set(results(page))) == 25


def test_results_have_an_address(page: Any, address: str) -> None:
    page.goto(address)
    look_for(page, "set cookie")
    results(page)
    page.click("text=Link to these results")
    page.wait_for_url("**/base/search.html?q=set+cookie")
    assert results(page)[0] == "Cookies"
    page.fill("[data-search-page] input", "strict")
    page.wait_for_url("**/base/search.html?q=strict")
    page.reload()
    assert results(page) == ["Options"]


def test_without_scripts_there_is_the_list_of_all_pages(chromium: Any, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "guide/install/")
    page.click(".search-button")
    assert "Search needs JavaScript" in page.inner_text("main")
    page.click("main >> text=All pages")
    assert page.url == address + "all-pages.html"
    context.close()


@pytest.mark.parametrize("way", ["dialog", "address", "marks", "stored"])
def test_nothing_that_is_searched_runs(page: Any, address: str, way: str) -> None:
    script = "<img src=x onerror=window.pwned=1>"
    if way == "dialog":
        page.goto(address)
        look_for(page, "evil")
        assert results(page) == [f"Evil {HOSTILE}"]
        look_for(page, f"{HOSTILE} evil")
        results(page)
    elif way == "address":
        page.goto(f"{address}search.html?q=evil {script}")
        results(page)
        assert page.locator("[data-search-page] img").count() == 0
    elif way == "marks":
        page.goto(f"{address}reference/hostile/?h=evil {script} .* (")
        page.wait_for_selector("main mark")
    else:
        page.goto(address)
        page.evaluate("text => { localStorage['search /base/'] = JSON.stringify([text, {}, 3]) }", script)
        look_for(page, "")
        page.wait_for_selector("text=Recent searches")
        assert page.locator("[role=option]").first.inner_text() == script
    page.wait_for_timeout(100)
    assert page.evaluate("window.pwned") is None


def test_a_link_to_results_holds_what_they_are_narrowed_to(page: Any, address: str) -> None:
    page.goto(address)
    look_for(page, "cookies")
    every = results(page)
    choice = page.locator(".search-filters select").first
    choice.select_option(index=1)
    page.wait_for_function(f"document.querySelectorAll('[role=option]').length !== {len(every)}")
    few, value = results(page), choice.input_value()
    page.goto(page.locator(".search-share").evaluate("(link) => link.href"))
    page.wait_for_function(f"document.querySelector('.search-filters select')?.value === {value!r}")
    assert results(page) == few
    assert page.locator("[role=search] input").input_value() == "cookies"


def test_it_works_from_files(page: Any, site: Path) -> None:
    # a module is not loaded from files, and is not needed
    for script in site.rglob("main*.js"):
        page.route(script.as_uri(), lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto((site / "base" / "guide" / "install" / "index.html").as_uri())
    look_for(page, "cookies")
    assert results(page)[0] == "Cookies"
    page.keyboard.press("Enter")
    page.wait_for_url("**/guide/cookies/index.html")
    assert page.locator("main mark").count() > 0


def test_marks_can_be_left_out(page: Any, tmp_path: Path) -> None:
    config = "site_name: Demo\nplugins:\n  - search:\n      highlight: false\n      min_search_length: 4\n"
    write(tmp_path, {"ssg.yml": config, **{f"content/{name}": text for name, text in PAGES.items()}})
    build(tmp_path)
    with served(tmp_path / "output") as url:
        page.goto(url)
        look_for(page, "coo")
        page.wait_for_selector("text=Type to search.")
        look_for(page, "cookies")
        results(page)
        assert "h=" not in page.locator("[role=option]").first.get_attribute("href")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("where", ["dialog", "page", "narrow"])
def test_axe_finds_nothing(chromium: Any, address: str, scheme: str, where: str) -> None:
    width = 320 if where == "narrow" else 1200
    context = chromium.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    if where == "page":
        page.goto(address + "search.html?q=installation")
    else:
        page.goto(address)
        look_for(page, "installation strict cookies")
    results(page)
    page.keyboard.press("ArrowDown")
    found = axe.Axe().run(page, options={"runOnly": EVERY})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if where != "page":
        assert page.evaluate("(d => d.scrollWidth <= d.clientWidth)(document.querySelector('dialog'))")
    context.close()


def test_the_script_and_the_index_cut_words_alike(page: Any, address: str) -> None:
    texts = [
        "Response.set_cookie",
        "--strict",
        "HTTPServer2 a.b-c_d",
        "Crème Straße ÆØŁ",
        "全文搜索 ﾃｰﾏ",
        "Ёлка й",
        "ОΔΟΣ",
        "हिन्दी ไทย",
    ]
    page.goto(address + "search.html")
    page.wait_for_function("() => !!window.ssgSearch?.open", polling=50)
    for text in texts:
        terms = page.evaluate("text => ssgSearch.parse(text).terms", text)
        words = {word for term in terms for way in term["ways"] for word in way}
        assert words, text
        assert words <= set(count(text)), text


def test_what_few_need_is_loaded_when_it_is_needed(page: Any, address: str) -> None:
    asked: list[str] = []
    # without the part of the name that changes with the content
    page.on("request", lambda request: asked.append(re.sub(r"\.[0-9a-f]{8}\.", ".", request.url.rpartition("/")[2])))
    page.goto(address + "guide/cookies/?h=cookie")
    page.wait_for_selector("main mark")
    assert "search.js" not in asked
    look_for(page, "cookies")
    assert results(page)
    assert "filters.js" in asked  # there are sections
    assert "spelling.js" not in asked
    look_for(page, "instalation")
    page.wait_for_selector("text=instead of")
    assert "spelling.js" in asked


BY_THE_NAME_OF_ITS_FILE = {
    "index.md": "# Home\n\ncompile pip compile\n",
    "pip/compile.md": "# Locking environments\n\nRun pip, which can compile requirements.\n",
    "other.md": "# Packages\n\n## Compile\n\nRun pip compile, and pip compile again.\n",
}
NOT_BY_ONE_PART = {
    "index.md": "# Home\n",
    "tools.md": "# Tool\n\n## Tool\n\nThe tool has sources, and uv is a tool.\n",
    "sources.md": "# Dependencies\n\nSet `tool.uv.sources` and more.\n",
}


@pytest.mark.parametrize(
    ("query", "pages", "first"),
    [
        ("pip compile", BY_THE_NAME_OF_ITS_FILE, "Locking environments"),
        ("tool.uv.sources", NOT_BY_ONE_PART, "Dependencies"),
    ],
)
def test_names_find_what_they_name(page: Any, tmp_path: Path, query: str, pages: dict[str, str], first: str) -> None:
    write(tmp_path, {"ssg.yml": "site_name: Demo\n", **{f"content/{name}": text for name, text in pages.items()}})
    build(tmp_path)
    with served(tmp_path / "output") as url:
        page.goto(url)
        look_for(page, query)
        assert results(page)[0] == first


@pytest.fixture(scope="module")
def instant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site with instant navigation, as one of two versions."""
    root = tmp_path_factory.mktemp("instant")
    config = "site_name: Demo\ntheme:\n  features: [navigation.instant]\nextra:\n  version: {provider: mike}\n"
    write(root, {"ssg.yml": config, **{f"content/{name}": text for name, text in PAGES.items()}})
    for version in ("1.0", "2.0"):
        assert build(root, output=str(root / "out" / version)).published
    listed: list[dict[str, Any]] = [
        {"version": version, "title": f"Version {version}", "aliases": []} for version in ("2.0", "1.0")
    ]
    write(root / "out", {"versions.json": json.dumps(listed)})
    with served(root / "out") as url:
        yield url + "2.0/"


def test_words_are_marked_after_instant_navigation(page: Any, instant: str) -> None:
    page.goto(instant)
    page.mouse.move(50, 50)
    page.wait_for_function("() => window.ssg?.instant")
    page.evaluate("window.same = true")
    for query, title in (("minute", "Installation"), ("cookie", "Cookies")):
        look_for(page, query)
        page.wait_for_selector(f".search-title:has-text('{title}')")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"h1:has-text('{title}')")
        page.wait_for_selector("main mark")
        assert {text.lower() for text in page.locator("main mark").all_inner_texts()} >= {query}
        assert "h=" not in page.url
        assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("window.same")  # it was instant
    page.go_back()
    page.wait_for_selector("h1:has-text('Installation')")
    assert page.locator("main mark").count() == 0
    look_for(page, "cookies")
    assert results(page)[0] == "Cookies"


def test_the_page_of_results_works_after_instant_navigation(page: Any, instant: str) -> None:
    page.goto(instant)
    page.mouse.move(50, 50)
    page.wait_for_function("() => window.ssg?.instant")
    look_for(page, "cookie")
    results(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.evaluate("window.same = true")
    for _ in range(2):
        script = "url => { const a = document.createElement('a'); a.href = url; document.body.append(a); a.click(); }"
        page.evaluate(script, instant + "search.html?q=strict")
        page.wait_for_selector("[data-search-page] [role=group]")
        assert page.locator("[data-search-page] .search-page .search-title").all_inner_texts() == ["Options"]
        page.evaluate(script, instant + "guide/install/")
        page.wait_for_selector("h1:has-text('Installation')")
        look_for(page, "cookie")
        page.wait_for_selector("dialog[open] .search-title:has-text('Cookies')")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    assert page.evaluate("window.same")


def test_another_version_is_asked_the_same(page: Any, instant: str) -> None:
    page.goto(instant + "guide/install/")
    look_for(page, "strict")
    results(page)
    chosen = page.locator("select[aria-label=Version]")
    assert chosen.input_value() == "2.0"
    chosen.select_option(label="Version 1.0")
    page.wait_for_url("**/1.0/search.html?q=strict")
    assert results(page) == ["Options"]


def test_what_is_found_is_announced(page: Any, address: str) -> None:
    page.goto(address)
    look_for(page, "plenty")
    results(page)
    assert page.locator("dialog [role=status]").inner_text() == "Pages found: 25."
    assert page.get_attribute("dialog [role=listbox]", "aria-label") == "Results"
    page.fill("dialog input", "qqqqqqq")
    page.wait_for_selector("[role=status]:has-text('Nothing was found.')")
    assert page.get_attribute("dialog input", "aria-expanded") == "false"


# -- what is found ----------------------------------------------------------------------------------------------------


def corpus(name: str, folder: Path, shared: Callable[[], Path]) -> Path:
    """Build the site that the queries of this name are about; return its output."""
    if (SITES / name).is_dir():
        shutil.copytree(SITES / name, folder / name)
    else:
        docs = shared() / "corpora" / name / ("docs/en/docs" if name == "fastapi" else "docs")
        shutil.copytree(docs, folder / name / "content", copy_function=shutil.copyfile)
        write(
            folder / name, {"mkdocs.yml": "site_name: Demo\ndocs_dir: content\nsite_dir: output\nplugins: [search]\n"}
        )
    build(folder / name, forgive=True)
    return folder / name / "output"


@pytest.mark.parametrize("name", QUERIES)
def test_what_is_looked_for_is_among_the_first_three(
    page: Any, tmp_path: Path, name: str, request: pytest.FixtureRequest
) -> None:
    output = corpus(name, tmp_path, lambda: request.getfixturevalue("shared"))
    page.on("console", lambda message: None)
    missed = []
    with served(output) as url:
        page.goto(url + "search.html", wait_until="domcontentloaded")
        page.wait_for_function("() => !!window.ssgSearch?.open", polling=50)
        for query, wanted in QUERIES[name].items():
            script = "async query => (await (await ssgSearch.pages(query)).more(3)).map(page => page.url)"
            found = page.evaluate(script, query)
            if not {url_of(path, directory_urls=True) for path in wanted} & set(found):
                missed.append(query)
    assert not missed
