"""Names that change with content, and smaller files: what pages name is there, and files name one another rightly."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
from sites import build, outputs, targets, write

from ssg import minify

THEME = Path(__file__).parents[1] / "themes" / "default"
HASHED = re.compile(r"^(.*)\.[0-9a-f]{8}(\.\w+)$")
CONFIG = (
    "site_name: Demo\ntheme: {custom_dir: own}\n"
    "extra_css: [css/x.css?v=1]\nextra_javascript: [js/y.js, js/m.mjs, js/leaf.mjs]\n"
)
SITE: dict[str, str | bytes | None] = {
    "ssg.yml": CONFIG,
    "content/index.md": "# Home\n\nWords to find.\n\n![a](img/a.svg)\n",
    "content/guide/index.md": "# Guide\n\nMore words, that are found here.\n",
    "content/css/x.css": '/* url(z.css) */ @import "z.css";\n@import url(../img/../css/w.css) print;\n'
    'p::before { content: "url(z.css)"; background: url( "../img/a.svg?x#y" ) }\n',
    "content/css/z.css": "b { color: red }\n",
    "content/css/w.css": "b { color: black }\n",
    "content/img/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>',
    "content/js/y.js": 'window.path = "assets/main.js";\n',
    "content/js/m.mjs": 'import "./leaf.mjs";\n',
    "content/js/leaf.mjs": "export default 1;\n",
    "own/css/o.css": "p { background: url(../img/p.svg#part); src: url('../fonts/f.woff2') }\n",
    "own/img/p.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>',
    "own/fonts/f.woff2": b"wOF2",
    "own/js/o.js": 'load("part.js"); load(`img/p.svg`); load("nothing.js");\n',
    "own/js/part.js": "1\n",
}


def names(files: dict[str, bytes]) -> dict[str, str]:
    """From the first names of files to the second ones."""
    return {found[1] + found[2]: path for path in files if (found := HASHED.match(path))}


def said(text: str) -> str:
    """What is between the tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def test_pages_name_files_by_their_content(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    assert build(tmp_path).diagnostics == ()
    files = outputs(tmp_path / "output")
    second = names(files)
    page = targets(files["guide/index.html"])
    for path in ("assets/style.css", "assets/main.js", "assets/favicon.svg", "css/x.css?v=1", "js/y.js", "js/leaf.mjs"):
        assert f"../{path}" not in page
        name, sign, query = path.partition("?")
        assert f"../{second[name]}{sign}{query}" in page
        assert files[name] == files[second[name]], "it is still there by its own name"
    assert "../js/m.mjs" in page, "a module that imports others would be loaded twice"
    assert not [path for path in second if path.startswith("img/a")], "what the author shows keeps its name"


def test_files_name_one_another(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    build(tmp_path)
    files = outputs(tmp_path / "output")
    second = {path: name.rpartition("/")[2] for path, name in names(files).items()}
    assert files["css/x.css"].decode() == (
        f'/* url(z.css) */ @import "{second["css/z.css"]}";\n@import url(../img/../css/{second["css/w.css"]}) print;\n'
        'p::before { content: "url(z.css)"; background: url( "../img/a.svg?x#y" ) }\n'
    )
    assert files["css/o.css"].decode() == (
        f"p {{ background: url(../img/{second['img/p.svg']}#part); src: url('../fonts/{second['fonts/f.woff2']}') }}\n"
    )
    assert files["js/o.js"].decode() == (
        f'load("{second["js/part.js"]}"); load(`img/{second["img/p.svg"]}`); load("nothing.js");\n'
    )
    assert files["js/y.js"] == b'window.path = "assets/main.js";\n', "a script of the project is not looked into"


def test_a_name_changes_with_what_the_file_names(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    build(tmp_path)
    before = names(outputs(tmp_path / "output"))
    write(tmp_path, {"content/css/z.css": "b { color: blue }\n"})
    build(tmp_path)
    files = outputs(tmp_path / "output")
    after = names(files)
    changed = {path for path in after if after[path] != before[path]}
    assert changed == {"css/z.css", "css/x.css"}
    assert not {before[path] for path in changed} & files.keys(), "the old ones are gone"
    assert f"../{after['css/x.css']}?v=1" in targets(files["guide/index.html"])


def test_files_that_name_each_other(tmp_path: Path) -> None:
    circle = {"own/css/o.css": '@import "q.css";', "own/css/q.css": '@import "o.css"; @import "q.css";'}
    write(tmp_path, {**SITE, **circle})
    assert build(tmp_path).published
    first = outputs(tmp_path / "output")
    build(tmp_path, output="again", remember=False)
    assert outputs(tmp_path / "again") == first


@pytest.mark.parametrize("edit", ["content/css/x.css", "own/js/part.js", "own/css/o.css", "ssg.yml"])
def test_a_warm_build_equals_a_clean_one(tmp_path: Path, edit: str) -> None:
    write(tmp_path, SITE)
    build(tmp_path)
    text = SITE[edit]
    assert isinstance(text, str)
    write(tmp_path, {edit: text + ("hashed_assets: false\n" if edit == "ssg.yml" else "/* new */\n")})
    build(tmp_path)
    build(tmp_path, output="clean", remember=False)
    assert outputs(tmp_path / "output") == outputs(tmp_path / "clean")


def test_what_is_no_text_is_copied(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "content/css/x.css": b"\xff\xfe url(z.css)", "own/css/o.css": b"\x00\xff"})
    assert build(tmp_path).published
    assert outputs(tmp_path / "output")["css/x.css"] == b"\xff\xfe url(z.css)"


def test_without_hashes(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "ssg.yml": f"{CONFIG}hashed_assets: false\n"})
    build(tmp_path)
    files = outputs(tmp_path / "output")
    assert not names(files)
    assert "../css/x.css?v=1" in targets(files["guide/index.html"])


SMALL: dict[str, str | bytes | None] = {
    **SITE,
    "ssg.yml": f"{CONFIG}minify: true\n",
    "content/index.md": '# Home\n\nWords   to find.\n\n```python\nif a:\n    b =  "<c>"\n```\n\n'
    "<!-- gone -->\n\n    code   here\n",
    "content/js/y.js": "// gone\nwindow.done = `a  //  b`;\n\n\nwindow.path = /'  \\/\\/ x/.source;\n",
    "content/js/z.min.js": "// a licence\n1;\n",
    "content/download.js": "// an example, to be read\n",
}


def test_smaller_files(tmp_path: Path) -> None:
    pytest.importorskip("minify_html")
    write(tmp_path, {**SITE, "content/index.md": SMALL["content/index.md"]})
    build(tmp_path, output="large")
    write(
        tmp_path,
        {
            "ssg.yml": f"{CONFIG}minify: true\n".replace("js/y.js", "js/y.js, js/z.min.js"),
            **{k: v for k, v in SMALL.items() if k != "ssg.yml"},
        },
    )
    assert build(tmp_path).diagnostics == ()
    large, small = outputs(tmp_path / "large"), outputs(tmp_path / "output")
    for path in ("index.html", "404.html", "css/o.css", "js/o.js"):
        assert len(small[path]) < len(large[path])
    page = small["index.html"].decode()
    assert "<!-- gone" not in page and "</p>" in page
    for pattern in (r"<pre.*?</pre>", r"<script>.*?</script>"):
        kept, found = (re.findall(pattern, one, re.DOTALL) for one in (large["index.html"].decode(), page))
        assert kept and [said(one) for one in found] == [said(one) for one in kept]
    assert small["js/y.js"] == b"window.done=`a  //  b`;window.path=/'  \\/\\/ x/.source;"
    assert small["js/z.min.js"] == SMALL["content/js/z.min.js"].encode()  # type: ignore[union-attr]
    assert small["download.js"] == b"// an example, to be read\n"
    assert names(small)["css/o.css"] in small
    build(tmp_path, output="clean", remember=False)
    assert outputs(tmp_path / "clean") == small


def test_what_minifies_must_be_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minify, "find_spec", lambda name: None)
    write(tmp_path, SMALL)
    result = build(tmp_path)
    (problem,) = result.diagnostics
    assert not result.published
    assert (problem.code, problem.path, problem.line) == ("minify-missing", "ssg.yml", 5)
    assert "minify-html is not installed" in problem.message
    assert 'pip install "ssg-docs[minify]"' in problem.hint


# -- in a browser -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("small", [False, True], ids=["hashed", "minified"])
def test_nothing_is_asked_for_by_its_old_name(chromium: Any, tmp_path: Path, small: bool) -> None:
    """From files, where search, tooltips and the like load one another's files."""
    config = "site_name: Demo\ntheme: {features: [content.tooltips, content.lightbox, content.code.select]}\n"
    if small:
        pytest.importorskip("minify_html")
        config += "minify: true\n"
    page_text = '# Home\n\nWords to find, and [a link](guide/index.md "Tells more").\n\n```python\na = 1\n```\n'
    write(
        tmp_path,
        {"ssg.yml": config, "content/index.md": page_text, "content/guide/index.md": SITE["content/guide/index.md"]},
    )
    assert build(tmp_path).published
    page = chromium.new_page()
    asked: list[str] = []
    problems: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: problems.append(request.url))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_default_timeout(10_000)
    page.goto((tmp_path / "output/index.html").as_uri())
    with page.expect_request_finished(lambda request: "tooltips" in request.url):
        page.hover("h1")
    page.wait_for_selector("[data-tip]")
    page.hover("main a[data-tip]")
    page.wait_for_selector("[role=tooltip]")
    page.keyboard.press("/")
    page.fill("dialog input", "found here")
    page.wait_for_selector("[role=group]")
    assert page.locator(".search-page .search-title").all_inner_texts()[0] == "Guide"
    page.keyboard.press("Enter")
    page.wait_for_url("**/guide/index.html*")
    assert page.locator("main mark").count() > 0
    page.close()
    assert problems == []
    own = {one.split("/output/")[1] for one in asked if "/assets/" in one}
    assert [one for one in own if not HASHED.match(one)] == []
    assert len(own) > 8


def test_an_open_page_goes_on_after_a_new_deployment(chromium: Any, tmp_path: Path) -> None:
    """Instant navigation loads a page anew if its files have other hashes: two themes would get in the way."""
    from test_search_browser import served

    write(tmp_path, {"ssg.yml": "site_name: Demo\ntheme: {custom_dir: own, features: [navigation.instant]}\n"})
    write(tmp_path, {"content/index.md": "# Home\n\n[Guide](guide/index.md)\n", "content/guide/index.md": "# Guide\n"})
    style = THEME / "assets/style.css"
    write(tmp_path, {"own/assets/style.css": style.read_bytes()})
    build(tmp_path)
    with served(tmp_path / "output") as address:
        page = chromium.new_page(bypass_csp=True)
        page.goto(address)
        page.hover("h1")
        page.wait_for_function("window.ssg.instant")
        page.evaluate("window.before = true")
        write(tmp_path, {"own/assets/style.css": style.read_bytes() + b"h1 { color: rgb(1, 2, 3) }"})
        build(tmp_path)
        page.click("main p a")
        page.wait_for_function("!window.before && document.querySelector('h1')?.textContent.startsWith('Guide')")
        assert page.locator("link[rel=stylesheet]").count() == 1
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(1, 2, 3)"
        page.close()
