"""What templates get to see: escaped titles, a slice of navigation, addresses; and how themes are found."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sites import build, outputs, write

from ssg.yamlfile import parse, plain

PAYLOAD = "</title></a><script>alert('x')</script>&amp;\"'>"
CONFIG = "site_name: Demo\n"


class Scripts(HTMLParser):
    """The scripts without an address in a page, and whether all that was opened in its text was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside and data.strip():
            self.scripts.append(data)


def scripts(html: bytes) -> list[str]:
    parser = Scripts()
    parser.feed(html.decode())
    return parser.scripts


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def test_titles_are_text_everywhere(tmp_path: Path) -> None:
    """In the title, navigation, breadcrumbs, neighbours, the list of all pages, and what search engines get."""
    front = f"---\ntitle: {quoted(PAYLOAD)}\ndescription: {quoted(PAYLOAD)}\nstatus: {quoted(PAYLOAD)}\n---\n"
    config = (
        f"site_name: {quoted(PAYLOAD)}\nsite_description: {quoted(PAYLOAD)}\nsite_author: {quoted(PAYLOAD)}\n"
        f"site_url: https://example.com/\nrepo_url: https://example.com/repo\nrepo_name: {quoted(PAYLOAD)}\n"
        "theme:\n  features: [navigation.path, navigation.footer]\n"
    )
    plain = {"ssg.yml": CONFIG, "content/index.md": "x", "content/a/index.md": "x", "content/a/b.md": "x"}
    write(tmp_path / "plain", plain)
    build(tmp_path / "plain")
    expected = outputs(tmp_path / "plain/output")
    pages = {"content/index.md": front, "content/a/index.md": front, "content/a/b.md": front, "content/a/c.md": front}
    write(tmp_path / "bad", {**pages, "ssg.yml": config})
    assert build(tmp_path / "bad").diagnostics == ()
    found = outputs(tmp_path / "bad/output")
    for path in expected:
        if path.endswith(".html"):
            data = [one for one in scripts(found[path]) if not one.startswith("{")]  # JSON-LD runs nothing
            assert data == [one for one in scripts(expected[path]) if not one.startswith("{")], path
    assert found["a/b/index.html"].count(b"&lt;script&gt;alert") >= 6


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("# Use `<script>`", "Use <script>"),
        ("# A & B", "A & B"),
        ("# *A* [link](https://example.com) ![image](x.png)", "A link"),
        ("A title\n=======", "A title"),
        ("<h1>Raw &lt;b&gt;</h1>", "Raw <b>"),
        ("text\n\n## Only a second", "Page name"),
    ],
)
def test_titles_from_headings(tmp_path: Path, heading: str, title: str) -> None:
    files = {"themes/t/main.html": "{{ page.title }}", "content/page-name.md": heading, "content/x.png": ""}
    write(tmp_path, {"ssg.yml": CONFIG + "theme: t\n", "content/index.md": "", **files})
    build(tmp_path)
    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert outputs(tmp_path / "output")["page-name/index.html"].decode() == escaped


NAV = "{% for item in nav recursive %}{{ item.title }}{{ '+' if item.more }}({{ loop(item.children) }}){% endfor %}"


def test_a_page_shows_its_own_branch_and_the_top_level(tmp_path: Path) -> None:
    pages = {f"content/{one}/{two}/{three}.md": "" for one in "ab" for two in "cd" for three in "ef"}
    write(tmp_path, {"ssg.yml": CONFIG + "theme: t\n", "themes/t/main.html": NAV, "content/index.md": "", **pages})
    build(tmp_path)
    found = outputs(tmp_path / "output")
    assert found["index.html"].decode() == "Home()A()B()"
    assert found["a/d/f/index.html"].decode() == "Home()A(C()D(E()F()))B()"


@pytest.mark.parametrize(
    ("page", "first", "last"), [("p000", 0, 59), ("p020", 0, 59), ("p100", 70, 129), ("p199", 140, 199)]
)
def test_a_long_level_is_shown_around_the_page(tmp_path: Path, page: str, first: int, last: int) -> None:
    pages = {f"content/many/p{number:03}.md": "" for number in range(200)}
    write(tmp_path, {"ssg.yml": CONFIG + "theme: t\n", "themes/t/main.html": NAV, "content/index.md": "", **pages})
    build(tmp_path)
    found = outputs(tmp_path / "output")[f"many/{page}/index.html"].decode()
    children = "".join(f"P{number:03}()" for number in range(first, last + 1))
    assert found == f"Home()Many+({children})"
    everything = outputs(tmp_path / "output")["index.html"].decode()
    assert everything == "Home()Many()"


def test_sixty_siblings_are_all_shown(tmp_path: Path) -> None:
    pages = {f"content/many/p{number:03}.md": "" for number in range(60)}
    write(tmp_path, {"ssg.yml": CONFIG + "theme: t\n", "themes/t/main.html": NAV, "content/index.md": "", **pages})
    build(tmp_path)
    found = outputs(tmp_path / "output")["many/p000/index.html"].decode()
    assert found.count("P0") == 60
    assert "+" not in found


def test_a_long_top_level(tmp_path: Path) -> None:
    pages = {f"content/p{number:03}.md": "" for number in range(100)}
    template = "{{ nav|length }} {{ nav.more }}"
    write(tmp_path, {"ssg.yml": CONFIG + "theme: t\n", "themes/t/main.html": template, "content/index.md": "", **pages})
    build(tmp_path)
    assert outputs(tmp_path / "output")["p050/index.html"] == b"60 True"


def test_an_edit_of_a_title_renders_what_shows_it_and_no_more(tmp_path: Path) -> None:
    pages = {f"content/s{one}/p{two}.md": f"# P{two}" for one in range(5) for two in range(5)}
    write(tmp_path, {"ssg.yml": CONFIG, "content/index.md": "# Home", **pages})
    build(tmp_path)
    write(tmp_path, {"content/s2/p2.md": "# Other"})
    result = build(tmp_path)
    assert (result.parsed, result.rendered) == (1, 5)  # its section; its neighbours are in it
    write(tmp_path, {"content/s2/p2.md": "# Other\n\nText."})
    result = build(tmp_path)
    assert (result.parsed, result.rendered) == (1, 1)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("repo_url: https://github.com/o/n\n", "https://github.com/o/n/edit/main/content/a%20b/c.md"),
        ("repo_url: https://gitlab.com/o/n/\nedit_uri: x/y\n", "https://gitlab.com/o/n/x/y/a%20b/c.md"),
        ("repo_url: https://h.org/\nedit_uri: '?query=root/'\n", "https://h.org/?query=root/a%20b/c.md"),
        ("edit_uri: https://h.org/e/\n", "https://h.org/e/a%20b/c.md"),
        ("repo_url: https://h.org/\n", ""),
        ("repo_url: https://github.com/o/n\nedit_uri: ''\n", ""),
        ("edit_uri_template: 'https://h.org/{path}?x={path_noext!q}'\n", "https://h.org/a%20b/c.md?x=a%20b%2Fc"),
        ("repo_url: https://h.org/r\nedit_uri_template: 'w/{path_noext}'\n", "https://h.org/r/w/a%20b/c"),
    ],
)
def test_edit_links(tmp_path: Path, settings: str, expected: str) -> None:
    files = {"themes/t/main.html": "{{ page.edit_url }}", "content/index.md": "", "content/a b/c.md": ""}
    write(tmp_path, {"ssg.yml": f"{CONFIG}theme: t\n{settings}", **files})
    build(tmp_path)
    assert outputs(tmp_path / "output")["a b/c/index.html"].decode() == expected


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("page.meta.nothing", ""),
        ("page.meta.nothing.deeper.still", ""),
        ("page.meta['nothing']['deeper']", ""),
        ("page.meta.get('nothing', 'default')", "default"),
        ("config.extra.nothing.deeper", ""),
        ("config.theme.nothing", ""),
        ("page.next_page.title", ""),
        ("'yes' if config.extra.nothing else 'no'", "no"),
        ("config.extra.number + 1", "2"),
        ("config.extra.html", "&lt;b&gt;"),
        ("config.copyright", "<b>ours</b>"),
        ("page.meta.list|join(',')", "a,b"),
    ],
)
def test_what_may_be_missing(tmp_path: Path, expression: str, shown: str) -> None:
    config = CONFIG + "theme: t\nextra: {number: 1, html: <b>}\ncopyright: <b>ours</b>\n"
    page = "---\nlist: [a, b]\n---\n"
    write(tmp_path, {"ssg.yml": config, "themes/t/main.html": f"{{{{ {expression} }}}}", "content/index.md": page})
    assert build(tmp_path).diagnostics == ()
    assert outputs(tmp_path / "output")["index.html"].decode() == shown


@pytest.mark.parametrize("expression", ["nothing", "page.nothing", "nav.nothing", "config.site_nam", "page.title.x.y"])
def test_what_may_not_be_missing(tmp_path: Path, expression: str) -> None:
    template = f"\n\n{{{{ {expression} }}}}"
    write(tmp_path, {"ssg.yml": CONFIG + "theme: t\n", "themes/t/main.html": template, "content/index.md": ""})
    (one,) = build(tmp_path).diagnostics
    assert (one.code, one.path, one.line) == ("template-failed", "themes/t/main.html", 3)


def test_a_theme_with_only_main_html(tmp_path: Path) -> None:
    """It need not be written for pages that it does not have."""
    write(
        tmp_path, {"ssg.yml": CONFIG + "theme: t\n", "themes/t/main.html": "{{ page.title }}", "content/index.md": ""}
    )
    result = build(tmp_path)
    assert result.diagnostics == ()
    assert result.published
    assert outputs(tmp_path / "output")["index.html"] == b"Home"


@pytest.mark.parametrize("template", ["main.html", "special", "special.html", "sub/inner.html"])
def test_a_page_names_its_template(tmp_path: Path, template: str) -> None:
    files = {
        "themes/t/main.html": "main.html",
        "themes/t/special.html": "special",
        "themes/t/sub/inner.html": "sub/inner",
    }
    page = f"---\ntemplate: {template}\n---\n"
    write(tmp_path, {"ssg.yml": CONFIG + "theme: t\n", **files, "content/index.md": page})
    assert build(tmp_path).diagnostics == ()
    assert outputs(tmp_path / "output")["index.html"].decode().split(".")[0] == template.split(".")[0]


@pytest.mark.parametrize("template", ["../../secret.html", "/etc/passwd", "main.md", "nothing"])
def test_a_page_names_a_template_that_is_none(tmp_path: Path, template: str) -> None:
    files = {
        "themes/t/main.html": "x",
        "secret.html": "secret",
        "content/index.md": f"---\ntemplate: {template}\n---\n",
    }
    write(tmp_path, {"ssg.yml": CONFIG + "theme: t\n", **files})
    result = build(tmp_path)
    assert {one.code for one in result.diagnostics} == {"template-missing"}
    assert not result.published


def test_scripts_and_styles_of_a_page_deep_down(tmp_path: Path) -> None:
    config = (
        CONFIG + "theme: t\nextra_css: [a.css, https://h/b.css]\nextra_javascript: [a.js, {path: b.js, async: true}]\n"
    )
    template = (
        "{{ extra_css|join(' ') }} {{ extra_javascript|join(' ') }} {{ 'x.png'|url }} {{ ''|url }} {{ '#a'|url }}"
        "{% for script in scripts %}{{ script|script_tag }}{{ script|url }}{% endfor %}"
    )
    files = {"content/index.md": "", "content/a/b.md": "", "content/a.css": "", "content/a.js": "", "content/b.js": ""}
    write(tmp_path, {"ssg.yml": config, "themes/t/main.html": template, **files})
    assert build(tmp_path).diagnostics == ()
    page = outputs(tmp_path / "output")["a/b/index.html"].decode()
    assert re.sub(r"\.[0-9a-f]{8}", "", page) == (
        "../../a.css https://h/b.css ../../a.js ../../b.js ../../x.png ../../ #a"
        '<script src="../../a.js"></script>../../a.js<script src="../../b.js" async></script>../../b.js'
    )


def test_the_default_theme_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": CONFIG, "content/index.md": "# Home\n\n## Part\n\n```python\nx\n```\n"})
    build(tmp_path)
    found = outputs(tmp_path / "output")
    for path, content in found.items():
        if path.endswith((".html", ".css", ".js")):
            loaded = re.findall(rb"""(?:src=|@import |url\()["']?((?:https?:)?//[^"')]+)""", content)
            assert loaded == [], path


def test_the_default_theme_loads_scripts_as_they_are_meant(tmp_path: Path) -> None:
    scripts = "[a.js, b.mjs, {path: c.js, defer: true}, {path: d.js, type: module, async: true}]"
    files = {f"content/{name}": "" for name in ("index.md", "a/b.md", "a.js", "b.mjs", "c.js", "d.js")}
    write(tmp_path, {"ssg.yml": f"{CONFIG}extra_javascript: {scripts}\n", **files})
    assert build(tmp_path).diagnostics == ()
    found = re.sub(r"\.[0-9a-f]{8}", "", outputs(tmp_path / "output")["a/b/index.html"].decode())
    for tag in (
        '<script src="../../a.js"></script>',
        '<script src="../../b.mjs" type="module"></script>',
        '<script src="../../c.js" defer></script>',
        '<script src="../../d.js" type="module" async></script>',
    ):
        assert tag in found


LANGUAGES = Path(__file__).parents[1] / "themes" / "default" / "languages"


def words(path: Path) -> dict[str, Any]:
    values = plain(parse(path.read_text(encoding="utf-8"), path=path.name), as_written=True)
    assert isinstance(values, dict)
    return values


@pytest.mark.parametrize("path", sorted(LANGUAGES.glob("*.yml")), ids=lambda path: path.stem)
def test_no_language_lacks_a_word(path: Path) -> None:
    english, found = words(LANGUAGES / "en.yml"), words(path)
    assert set(found) == set(english)
    assert len(found["months"]) == 12
    assert "{year}" in found["date"]
    assert "{day}" in found["date"]
    assert all(isinstance(value, str) and value.strip() for key, value in found.items() if key != "months")


def test_there_are_many_languages_and_all_words_are_used() -> None:
    assert len(list(LANGUAGES.glob("*.yml"))) >= 20
    templates = "".join(path.read_text(encoding="utf-8") for path in LANGUAGES.parent.rglob("*.html"))
    used = set(re.findall(r"words\.(\w+)", templates))
    known = set(words(LANGUAGES / "en.yml"))
    assert used <= known
    assert {one for one in known - used if not one.startswith("search")} <= {"date", "months"}


@pytest.mark.parametrize(
    ("tag", "direction", "word", "date"),
    [
        ("en", "ltr", "On this page", "November 2, 2026"),
        ("de-AT", "ltr", "Auf dieser Seite", "2. November 2026"),
        ("pt_BR", "ltr", "Nesta página", "2 de novembro de 2026"),
        ("zh-TW", "ltr", "本頁內容", "2026年11月2日"),
        ("no", "ltr", "På denne siden", "2. november 2026"),
        ("ar", "rtl", "في هذه الصفحة", "2 نوفمبر 2026"),
    ],
)
def test_words_and_dates_of_a_language(tmp_path: Path, tag: str, direction: str, word: str, date: str) -> None:
    page = "---\ndate: 2026-11-02\n---\n# T\n\n## Part\n"
    write(tmp_path, {"ssg.yml": f"{CONFIG}theme: {{language: {tag}}}\n", "content/index.md": page})
    assert build(tmp_path).diagnostics == ()
    found = outputs(tmp_path / "output")["index.html"].decode()
    assert f'<html lang="{tag}" dir="{direction}"' in found
    assert word in found
    assert f'<time datetime="2026-11-02">{date}</time>' in found


def test_a_project_changes_a_word_and_adds_a_language(tmp_path: Path) -> None:
    config = f"{CONFIG}theme: {{language: LANG, custom_dir: own}}\n"
    files = {"content/index.md": "# T\n\n## Part\n", "own/languages/en.yml": "toc: Contents\n"}
    write(tmp_path, {"ssg.yml": config.replace("LANG", "en"), **files})
    build(tmp_path)
    assert b">Contents</p>" in outputs(tmp_path / "output")["index.html"]
    write(tmp_path, {"own/languages/en.yml": "toc: Within\n"})
    assert build(tmp_path).rendered == 1
    assert b">Within</p>" in outputs(tmp_path / "output")["index.html"]
    write(tmp_path, {"ssg.yml": config.replace("LANG", "tlh")})
    (problem,) = build(tmp_path).diagnostics
    assert (problem.code, problem.path, problem.line) == ("theme-language", "ssg.yml", 2)
    write(tmp_path, {"own/languages/tlh.yml": "toc: ghItlh\n"})
    assert build(tmp_path).diagnostics == ()
    assert b">ghItlh</p>" in outputs(tmp_path / "output")["index.html"]
    write(tmp_path, {"own/languages/tlh.yml": "toc: [\n"})
    (problem,) = build(tmp_path).diagnostics
    assert (problem.code, problem.path) == ("theme-language", "own/languages/tlh.yml")


@pytest.mark.parametrize(
    ("palette", "expected", "missing"),
    [
        ("{primary: indigo}", ["--brand:#4051b5;", 'class="scheme"', 'data-md-color-primary="indigo"'], "data-theme="),
        ('{primary: "#c2410c", accent: Deep Purple}', ["--brand:#c2410c;", "--brand-hover:#7e56c2;"], "data-theme="),
        ("{primary: custom}", ['data-md-color-primary="custom"'], "--brand:"),
        ("{scheme: slate}", ['data-theme="dark"'], 'class="scheme"'),
        ("{scheme: default}", ['data-theme="light"'], 'class="scheme"'),
        (
            "[{scheme: default, primary: red, toggle: {name: To dark}}, {scheme: slate, primary: teal}]",
            ["--brand:light-dark(#ef5552,#009485);", 'data-theme="light"', 'data-light="To dark"', 'class="scheme"'],
            "<style>body",
        ),
        (
            "[{media: '(prefers-color-scheme)'}, {media: '(prefers-color-scheme: light)', scheme: default},"
            " {media: '(prefers-color-scheme: dark)', scheme: slate}]",
            ['class="scheme"'],
            "data-theme=",
        ),
    ],
)
def test_palettes(tmp_path: Path, palette: str, expected: list[str], missing: str) -> None:
    write(tmp_path, {"ssg.yml": f"{CONFIG}theme: {{palette: {palette}}}\n", "content/index.md": "# T\n"})
    assert build(tmp_path).diagnostics == ()
    found = outputs(tmp_path / "output")["index.html"].decode()
    assert all(one in found for one in expected), found[:900]
    assert missing not in found


def test_a_colour_or_a_font_cannot_leave_its_place(tmp_path: Path) -> None:
    text = "</style><script>alert(1)</script>"
    config = f"theme:\n  palette: {{primary: {quoted(text)}}}\n  font: {{text: {quoted(text)}}}\n"
    write(tmp_path, {"ssg.yml": CONFIG + config, "content/index.md": "# T\n"})
    assert {one.code for one in build(tmp_path).diagnostics} == {"theme-palette", "theme-font"}
    assert not [one for one in scripts(outputs(tmp_path / "output")["index.html"]) if "alert" in one]


@pytest.mark.parametrize(
    ("feature", "expected"),
    [
        ("navigation.sections", "Home()A(C()D(E()F()))B(C()D())"),
        ("navigation.expand", "Home()A(C(E()F())D(E()F()))B(C(E()F())D(E()F()))"),
        ("navigation.prune", "Home()A(C()D(E()F()))B()"),
    ],
)
def test_features_that_show_more_of_navigation(tmp_path: Path, feature: str, expected: str) -> None:
    pages = {f"content/{one}/{two}/{three}.md": "" for one in "ab" for two in "cd" for three in "ef"}
    config = f"{CONFIG}theme: {{name: t, features: [{feature}]}}\n"
    write(tmp_path, {"ssg.yml": config, "themes/t/main.html": NAV, "content/index.md": "", **pages})
    build(tmp_path)
    assert outputs(tmp_path / "output")["a/d/f/index.html"].decode() == expected


def test_features_do_not_make_pages_of_a_large_site_grow(tmp_path: Path) -> None:
    pages = {f"content/{one}/p{two:03}.md": "" for one in "ab" for two in range(80)}
    config = f"{CONFIG}theme: {{name: t, features: [navigation.expand]}}\n"
    write(tmp_path, {"ssg.yml": config, "themes/t/main.html": NAV, "content/index.md": "", **pages})
    build(tmp_path)
    assert outputs(tmp_path / "output")["index.html"].decode() == "Home()A()B()"


SPECIAL = """# T

$x^2$ and H~2~O, ==marked==[^1]

[=50% "half"]

```python
a = 1  # (1)!
```

1. A note.

=== "One"

    !!! note
        First.

[^1]: Note.
"""


@pytest.mark.parametrize("text", ["# T\n", SPECIAL], ids=["plain", "special"])
def test_what_a_first_visit_costs(tmp_path: Path, text: str) -> None:
    """The sizes that are promised in content/themes.md, as a server sends them, and one style sheet."""
    features = "theme: {features: [content.code.annotate, content.footnote.tooltips]}\n"
    feedback = "extra: {analytics: {feedback: {title: Helpful?}}}\n"
    write(tmp_path, {"ssg.yml": CONFIG + features + feedback, "content/index.md": text})
    build(tmp_path)
    found = outputs(tmp_path / "output")
    page = found["index.html"].decode()
    loaded = re.findall(r'<(?:script src|link rel="(?:stylesheet|icon)" href)="([^"]+)"', page)
    assert len(loaded) <= 4 and page.count('rel="stylesheet"') == 1, loaded
    assert sum(len(gzip.compress(found[name])) for name in loaded if name.endswith(".css")) <= 10_240
    assert sum(len(gzip.compress(found[name])) for name in loaded if name.endswith(".js")) <= 6_144


@pytest.mark.parametrize("count", [1000])  # at 5000 it takes long, and is the same
def test_what_a_page_of_a_large_site_weighs(tmp_path: Path, count: int) -> None:
    """A page carries its own branch of navigation: what is around its content does not grow with the site."""
    folders = [f"section-{number // 100:03}/{'deeper/' if number % 2 else ''}page-{number}" for number in range(count)]
    pages = {f"content/{folder}.md": f"# Configuring {folder[-4:]}\n" for folder in folders}
    write(tmp_path, {"ssg.yml": f"{CONFIG}site_url: https://example.com/\n", "content/index.md": "# Home\n", **pages})
    build(tmp_path)
    found = outputs(tmp_path / "output")
    assert len(found) > count
    for number in (1, 50, count // 2, count - 1):
        page = found[f"{folders[number]}/index.html"]
        article = page[page.index(b"<article") : page.index(b"</article>")]
        assert len(gzip.compress(page)) - len(gzip.compress(article)) <= 5 * 1024
