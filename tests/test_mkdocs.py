"""What an MkDocs project may have that an `ssg.yml` may not, and what comes of it."""

from pathlib import Path

import pytest
from sites import build, outputs, write

from ssg.config import NavEntry, load
from ssg.model import Diagnostic, Severity
from ssg.options import Result

HOME = {"mkdocs.yml": "site_name: S\n", "docs/index.md": "# Home\n"}


def config(root: Path, text: str) -> tuple[tuple[NavEntry, ...] | None, dict[str, Diagnostic]]:
    """Return the `nav` of a `mkdocs.yml` that begins with `site_name`, and its warnings by code."""
    write(root, {"mkdocs.yml": f"site_name: S\n{text}"})
    loaded = load(None, cwd=root)
    assert all(one.severity is not Severity.ERROR for one in loaded.diagnostics)
    return loaded.config.nav, {one.code: one for one in loaded.diagnostics}


def made(root: Path, files: dict[str, str], text: str = "") -> tuple[Result, dict[str, str]]:
    """Build the site of these files and of what is added to its configuration."""
    write(root, {**HOME, "mkdocs.yml": f"site_name: S\n{text}", **files})
    result = build(root)
    return result, {path: data.decode() for path, data in outputs(root / "site").items() if path.endswith(".html")}


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "message"),
    [
        ("python: {install: []}", "unknown-key", 2, 1, "unknown key `python`"),
        ("extra_javascript: [{path: a.js, asinc: true}]", "unknown-key", 2, 33, "`extra_javascript[0].asinc`"),
        ("nav:\n  - A: {One: 1.md, Two: 2.md}", "nav-mapping", 3, 5, "`A` in `nav` should be a list"),
        ("extra: {f: !!python/name:my.own ''}", "unsupported-option", 2, 12, "`my.own`"),
        ("plugins: [redirects: {f: !!python/name:my.own ''}]", "unsupported-option", 2, 26, "`f` is left out"),
        ("extra: {f: [!!python/object/apply:my.own [1]]}", "unsupported-option", 2, 13, "an item is left out"),
        ("theme: {name: mkdocs, nav_style: dark}", "unsupported-option", 2, 23, "`theme.nav_style` has no effect"),
    ],
)
def test_what_mkdocs_takes_is_no_error(
    tmp_path: Path, text: str, code: str, line: int, column: int, message: str
) -> None:
    _, found = config(tmp_path, text)
    assert (found[code].line, found[code].column) == (line, column)
    assert found[code].severity is Severity.WARNING
    assert message in found[code].message


def test_an_old_key_is_an_error_as_in_mkdocs(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="unknown key `pages`"):
        config(tmp_path, "pages: []")


def test_theme_options_are_for_templates_of_the_project(tmp_path: Path) -> None:
    assert "unsupported-option" not in config(tmp_path, "theme: {name: mkdocs, custom_dir: own, colour: red}")[1]


def test_a_section_may_be_a_mapping(tmp_path: Path) -> None:
    nav, _ = config(tmp_path, "nav:\n  - A:\n      One: 1.md\n      B: {Two: 2.md}\n")
    assert nav is not None
    ((one, inner),) = (entry.children for entry in nav)
    assert (one.title, one.target, one.line, one.column) == ("One", "1.md", 4, 7)
    assert [(entry.title, entry.target) for entry in inner.children] == [("Two", "2.md")]


def test_an_empty_nav_is_none(tmp_path: Path) -> None:
    assert config(tmp_path, "nav: []")[0] is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Help &amp; advice", "Help & advice"),
        ("<code>a.&#8203;b</code>", "a.\u200bb"),
        ("List<T> of <b class=x>all</b>", "List<T> of all"),
    ],
)
def test_titles_in_nav_are_html(tmp_path: Path, title: str, text: str) -> None:
    nav, _ = config(tmp_path, f"nav:\n  - A:\n    - '{title}': a.md\n")
    assert nav is not None
    assert nav[0].children[0].title == text


def test_strict_counts_what_is_not_supported(tmp_path: Path) -> None:
    """Who asks for a strict build wants to know that it is the site that was meant."""
    settings = "strict: true\ntheme: {name: material, font: false, features: [search.suggets]}\nplugins: [blog]\n"
    result, _ = made(tmp_path, {}, settings)
    assert {one.code for one in result.diagnostics} >= {"unknown-feature", "unsupported-plugin"}
    assert not result.published
    result, _ = made(tmp_path, {}, settings.replace("strict: true", "strict: false"))
    assert result.published


@pytest.mark.parametrize(
    "hook",
    [
        "from mkdocs.plugins import event_priority\n",
        "import not_installed_here\n\n\ndef on_config(config):\n    pass\n",
    ],
)
def test_a_hook_that_needs_mkdocs_is_left_out(tmp_path: Path, hook: str) -> None:
    result, _ = made(tmp_path, {"hooks.py": hook}, "hooks:\n  - hooks.py\n")
    (found,) = [one for one in result.diagnostics if one.code == "unsupported-plugin"]
    assert (found.severity, found.line) == (Severity.WARNING, 3)
    assert result.published


def test_front_matter_is_free(tmp_path: Path) -> None:
    """A page may have keys of ours with values of its own; what cannot be read is told."""
    pages = {"docs/a.md": "---\ndate: some day\n---\n# A\n", "docs/b.md": "---\ntitle: [a\n---\n# B\n"}
    result, _ = made(tmp_path, pages)
    assert {(one.code, one.severity) for one in result.diagnostics} == {
        ("front-matter-value", Severity.WARNING),
        ("front-matter", Severity.WARNING),
    }
    assert result.published


def test_what_search_does_not_know_of_a_page_is_told(tmp_path: Path) -> None:
    result, _ = made(tmp_path, {"docs/index.md": "---\nsearch:\n  boost: 2\n  bost: 2\n---\n# Home\n"})
    assert [(one.code, one.line, one.column) for one in result.diagnostics] == [("unsupported-option", 4, 3)]


def test_front_matter_without_lines_around_it(tmp_path: Path) -> None:
    """MkDocs calls it MultiMarkdown style. It must be more than any words with a colon."""
    pages = {
        "docs/a.md": "Title: The title\nAuthor: Ann\n    Bob\n\n# Head\n\n[x](x.md)\n",
        "docs/b.md": "Note: this is old.\n\n# B\n",
        "docs/c.md": "Title: a line\nand more of the paragraph.\n",
        "docs/d.md": "https://example.org/\n",
    }
    result, site = made(tmp_path, pages)
    assert "<title>The title" in site["a/index.html"]
    assert "Ann" not in site["a/index.html"]
    assert [(one.path, one.line, one.column) for one in result.diagnostics] == [("docs/a.md", 7, 5)]
    assert "Note: this is old." in site["b/index.html"]
    assert "Title: a line" in site["c/index.html"]
    assert "https://example.org/" in site["d/index.html"]


def test_a_heading_between_two_rules_is_no_front_matter(tmp_path: Path) -> None:
    _, site = made(tmp_path, {"docs/a.md": "---\n\n# Between\n\n---\n\ntext\n"})
    assert '<h1 id="between">Between</h1>' in site["a/index.html"]


def test_names_of_functions_that_are_gone_still_work(tmp_path: Path) -> None:
    text = "markdown_extensions: [toc: {slugify: !!python/name:pymdownx.slugs.uslugify ''}]\n"
    result, site = made(tmp_path, {"docs/a.md": "# Ä b\n"}, text)
    assert result.diagnostics == ()
    assert '<h1 id="ä-b">' in site["a/index.html"]


@pytest.mark.parametrize(
    ("line", "message", "column"),
    [
        ('--8<-- "no.md"', "there is no snippet 'no.md'", 9),
        ('--8<-- "part.md:two"', "there is no section 'two'", 16),
        ('--8<-- "https://example.org/a.md"', "is not fetched", 9),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_a_snippet_that_is_missing(tmp_path: Path, line: str, message: str, column: int, check: bool) -> None:
    """With `check_paths`, MkDocs fails; here too, with the place."""
    text = f"markdown_extensions: [pymdownx.snippets: {{check_paths: {str(check).lower()}}}]\n"
    part = "--8<-- [start:one]\nOne\n--8<-- [end:one]\n"
    result, _ = made(tmp_path, {"part.md": part, "docs/a.md": f"# A\n\n{line}\n"}, text)
    (found,) = result.diagnostics
    assert message in found.message
    assert (found.code, found.path, found.line, found.column) == ("snippet-missing", "docs/a.md", 3, column)
    assert found.severity is (Severity.ERROR if check else Severity.WARNING)


def test_a_base_path_may_be_a_file(tmp_path: Path) -> None:
    text = "markdown_extensions: [pymdownx.snippets: {base_path: [docs, ./LICENSE.md], check_paths: true}]\n"
    pages = {"docs/a.md": '# A\n\n--8<-- "LICENSE.md"\n', "LICENSE.md": "Free", "other.md": "Other"}
    result, site = made(tmp_path, pages, text)
    assert result.diagnostics == ()
    assert "Free" in site["a/index.html"]
    result, _ = made(tmp_path, {"docs/a.md": '# A\n\n--8<-- "other.md"\n'}, text)
    assert [one.code for one in result.diagnostics] == ["snippet-missing"]


def test_an_address_without_brackets(tmp_path: Path) -> None:
    write(tmp_path, {"mkdocs.yml": "site_name: S\ndev_addr: ::1:8000\n"})
    assert load(None, cwd=tmp_path).config.dev_addr == "[::1]:8000"


def test_ancestors_begin_with_the_nearest(tmp_path: Path) -> None:
    template = "{% for one in page.ancestors|reverse %}{{ one.title }}/{% endfor %}{{ page.parent.title }}"
    files = {"own/main.html": template, "docs/one/two/a.md": "# A\n", "own/404.html": "", "own/all-pages.html": ""}
    _, site = made(tmp_path, files, "theme: {name: material, custom_dir: own}\n")
    assert site["one/two/a/index.html"] == "One/Two/Two"


def test_a_part_of_a_page_in_nav_does_not_name_the_page(tmp_path: Path) -> None:
    _, site = made(tmp_path, {"docs/a.md": "# A\n\n## B\n"}, "nav:\n  - index.md\n  - Other: a.md#b\n")
    assert "<title>A " in site["a/index.html"]


def test_a_picture_in_a_heading_is_shown_once(tmp_path: Path) -> None:
    page = "# A\n\n## ![Logo](x.png) *B*\n\n## <img src=x.png> C\n\n## ![D](x.png)\n\n## E\n"
    _, site = made(tmp_path, {"docs/a/b.md": page, "docs/a/x.png": ""})
    assert site["a/b/index.html"].count("<img") == 3
    assert "<em>B</em></a>" in site["a/b/index.html"]
    assert ">D</a>" in site["a/b/index.html"]


def test_a_block_that_the_theme_does_not_have(tmp_path: Path) -> None:
    """It is told once, for the template that has it; blocks within blocks are shown."""
    inner = "{% block announce %}{% block inner %}{% endblock %}{% endblock %}"
    blocks = "{% block inner %}In{% endblock %}\n{% block announcement %}Old{% endblock %}"
    files = {
        "own/base-2.html": f"{{% extends 'base.html' %}}\n{inner}",
        "own/main.html": f"{{% extends 'base-2.html' %}}\n{blocks}",
    }
    result, site = made(tmp_path, files, "theme: {name: material, custom_dir: own}\n")
    (found,) = [one for one in result.diagnostics if one.severity is Severity.WARNING]
    assert (found.code, found.path, found.line) == ("template-block", "own/main.html", 3)
    assert "announce" in found.hint
    assert "In" in site["index.html"]


def test_words_in_templates_made_for_material(tmp_path: Path) -> None:
    text = "{{ lang.t('footer.next') }}|{{ lang.t('toc') }}|{{ lang.t('language') }}|{{ lang.t('direction') }}"
    files = {"own/main.html": f"{{% extends 'base.html' %}}\n{{% block announce %}}{text}{{% endblock %}}\n"}
    result, site = made(tmp_path, files, "theme: {name: material, language: de, custom_dir: own}\n")
    assert result.published
    assert "Weiter|Auf dieser Seite|de|ltr" in site["index.html"]


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("{% include '.icons/a/b.svg' %}", "template-missing", "put the file into 'own'"),
        ("{% import 'partials/language.html' as lang %}", "template-missing", "not a part of the default theme"),
    ],
)
def test_templates_that_need_material(tmp_path: Path, text: str, code: str, hint: str) -> None:
    files = {"own/main.html": f"{{% extends 'base.html' %}}\n{{% block announce %}}\n{text}\n{{% endblock %}}\n"}
    result, _ = made(tmp_path, files, "theme: {name: material, custom_dir: own}\n")
    (found,) = [one for one in result.diagnostics if one.severity is Severity.ERROR]
    assert (found.path, found.line, found.code) == ("own/main.html", 3, code)
    assert hint in found.message + found.hint
