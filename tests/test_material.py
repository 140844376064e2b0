"""Pages and settings as Material documents them, in whole builds: https://squidfunk.github.io/mkdocs-material/reference/."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sites import build, outputs, write

from ssg import icons
from ssg.markdown import icons as short_names

CONFIG = """
site_name: Test
docs_dir: docs
theme:
  name: material
  custom_dir: overrides
  features: [content.code.annotate, content.tabs.link, content.footnote.tooltips]
markdown_extensions:
  - attr_list
  - md_in_html
  - admonition
  - pymdownx.details
  - pymdownx.highlight: {anchor_linenums: true, line_spans: __span, pygments_lang_class: true}
  - pymdownx.superfences:
      custom_fences:
        - name: mermaid
          class: mermaid
          format: !!python/name:pymdownx.superfences.fence_code_format
  - pymdownx.arithmatex: {generic: true}
  - pymdownx.emoji:
      emoji_index: !!python/name:MODULE.twemoji
      emoji_generator: !!python/name:MODULE.to_svg
      options:
        custom_icons: [overrides/.icons]
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M{0} {0}h1"/></svg>'


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package that is laid out as Material is, and that cannot be imported."""
    folder = tmp_path / "installed"
    write(
        folder,
        {
            "material/__init__.py": "raise RuntimeError('nothing of it may run')",
            "material/templates/.icons/material/account-circle.svg": SVG.format(1),
            "material/templates/.icons/fontawesome/brands/github.svg": SVG.format(2),
            "mkdocs_material-9.8.0.dist-info/METADATA": "",
        },
    )
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), str(Path(icons.__file__).parents[1])]))
    _forget()
    yield folder
    _forget()


def _forget() -> None:
    """What is installed does not change while a process runs, but for this one."""
    known: list[Any] = [icons.installed, icons.find, icons.names, short_names._installed, short_names._problem]
    for cached in known:
        cached.cache_clear()


@pytest.mark.parametrize("module", ["material.extensions.emoji", "materialx.emoji", "zensical.extensions.emoji"])
def test_icons_of_a_package_and_of_the_project(tmp_path: Path, package: Path, module: str) -> None:
    root = tmp_path / "site"
    text = ":material-account-circle:{ .lg } :fontawesome-brands-github: :dot: :smile:\n:material-acount:"
    write(
        root,
        {
            "mkdocs.yml": CONFIG.replace("MODULE", module),
            "docs/index.md": text,
            "overrides/.icons/dot.svg": SVG.format(3),
            "overrides/main.html": '{{ page.content }}{% include ".icons/material/account-circle.svg" %}',
        },
    )
    result = build(root)
    page = (root / "site/index.html").read_text()
    assert f'<span class="twemoji lg">{SVG.format(1)}</span>' in page
    assert f'<span class="twemoji">{SVG.format(2)}</span>' in page
    assert f'<span class="twemoji">{SVG.format(3)}</span>' in page
    assert page.endswith(SVG.format(1))
    assert "😄" in page
    (problem,) = [one for one in result.diagnostics if one.severity.value != "note"]
    assert (problem.code, problem.path, problem.line, problem.column) == ("unknown-icon", "docs/index.md", 2, 1)
    assert problem.hint == "did you mean ':material-account-circle:'?"


def test_a_new_version_of_the_package_is_seen(tmp_path: Path, package: Path) -> None:
    root = tmp_path / "site"
    write(root, {"ssg.yml": "site_name: Test\n", "content/index.md": ":material-account-circle:"})
    command = [sys.executable, "-m", "ssg", "build", "-q"]
    subprocess.run(command, cwd=root, check=True)
    write(
        package,
        {
            "material/templates/.icons/material/account-circle.svg": SVG.format(7),
            "mkdocs_material-9.8.0.dist-info/METADATA": None,
            "mkdocs_material-9.9.0.dist-info/METADATA": "",
        },
    )
    (package / "mkdocs_material-9.8.0.dist-info").rmdir()
    subprocess.run(command, cwd=root, check=True)
    assert SVG.format(7) in (root / "output/index.html").read_text()
    warm = outputs(root / "output")
    subprocess.run([*command, "-d", "clean"], cwd=root, check=True)
    assert outputs(root / "clean")["index.html"] == warm["index.html"]


@pytest.mark.skipif(bool(icons.installed()), reason="icons are installed")
def test_without_icons_one_warning_a_page_says_what_to_install(tmp_path: Path) -> None:
    text = "A\n\n:material-a: :octicons-b-16: :simple-c:"
    write(tmp_path, {"ssg.yml": "site_name: Test\n", "content/index.md": text})
    (problem,) = build(tmp_path).diagnostics
    assert (problem.code, problem.line, problem.column) == ("icons-missing", 3, 1)
    assert "pip install" in problem.hint
    assert ":octicons-b-16:" in (tmp_path / "output/index.html").read_text()


def test_diagrams_and_formulas_of_a_documented_configuration(tmp_path: Path) -> None:
    text = "```mermaid\ngraph LR\n  A --> B\n```\n\nText $x$ and \\(y\\)\n\n``` nosuchlanguage\nx\n```\n"
    config = CONFIG.replace("MODULE", "material.extensions.emoji")
    write(tmp_path, {"mkdocs.yml": config, "overrides/x.html": "", "docs/b.md": "", "docs/index.md": text})
    result = build(tmp_path)
    page = (tmp_path / "site/index.html").read_text()
    assert '<pre class="mermaid"><code>graph LR\n  A --&gt; B</code></pre>' in page
    assert page.count("<math>") == 2
    assert "assets/mermaid." in page
    assert "assets/mermaid." not in (tmp_path / "site/b/index.html").read_text()
    assert [one for one in result.diagnostics if one.severity.value != "note"] == []
    scripts = "extra_javascript:\n  - https://unpkg.com/mathjax@3/es5/tex-mml-chtml.js\n  - js/mermaid.js\n"
    write(tmp_path, {"mkdocs.yml": config + scripts, "docs/js/mermaid.js": ""})
    build(tmp_path)
    page = (tmp_path / "site/index.html").read_text()
    assert '<span class="arithmatex">\\(x\\)</span>' in page
    assert "assets/mermaid." not in page


def test_tooltips_are_loaded_where_they_are_asked_for(tmp_path: Path) -> None:
    text = '=== "A"\n\n    Text[^1]\n\n[^1]: Note\n'
    write(tmp_path, {"ssg.yml": "site_name: Test\n", "content/index.md": text})
    build(tmp_path)
    page = (tmp_path / "output/index.html").read_text()
    assert "assets/notes." not in page
    features = "theme:\n  features: [content.footnote.tooltips]\n"
    write(tmp_path, {"ssg.yml": f"site_name: Test\n{features}"})
    build(tmp_path)
    page = (tmp_path / "output/index.html").read_text()
    assert "assets/notes." in page


def test_a_site_says_where_mermaid_is(tmp_path: Path) -> None:
    config = "site_name: Test\nextra:\n  mermaid: js/mermaid.min.js\n"
    write(tmp_path, {"ssg.yml": config, "content/guide/index.md": "```mermaid\ngraph LR\n```", "content/index.md": ""})
    assert [one.code for one in build(tmp_path).diagnostics] == ["extra-missing"]
    write(tmp_path, {"content/js/mermaid.min.js": ""})
    assert build(tmp_path).diagnostics == ()
    page = (tmp_path / "output/guide/index.html").read_text()
    assert 'data-mermaid="../js/mermaid.min.js"' in page
    assert "jsdelivr" not in page


HOSTILE = {
    "dollars": "$" * 20_000,
    "open formula": "$" + "a" * 50_000,
    "escaped dollars": "$a" + "\\$" * 1_000,
    "lines of dollars": "$$\n" * 5_000,
    "quoted": "$`" * 1_000,
    "brackets": "$" + "(" * 10_000 + "x$",
    "brackets in groups": "$" + "{(}" * 3_000 + "x$",
    "groups": "$" + "{" * 9_000 + "}" * 9_000 + "$",
    "commands": "$" + "\\sqrt" * 3_000 + "$",
    "roots": "$" + "\\sqrt[a" * 2_000 + "$",
    "macros": r"$\def\a{\b\b}\def\b{\a\a}\a$",
    "deep macros": r"$\def\a#1{\sqrt{#1}}" + r"\a{" * 2_000 + "x" + "}" * 2_000 + "$",
    "macros of brackets": r"$\def\a{(}" + r"\a" * 100 + "$",
    "cells": r"$\begin{matrix}" + "&(" * 5_000 + r"\end{matrix}$",
    "environments": "$" + r"\begin{cases}" * 1_000 + "$",
    "long": "$" + "x+" * 50_000 + "y$",
    "colons": ":a" * 2_000,
    "icons": ":material-" * 5_000,
    "dashes": ":material-" + "a-" * 10_000 + ":",
    "attributes": "a\n{ " + 'b="' * 10_000 + " }",
    "blocks": "/// note\n" * 300,
    "progress": "[=" * 300,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_content_is_read_soon_or_told(tmp_path: Path, text: str) -> None:
    """In a process of its own, which can be ended: a stack that overflows is no exception."""
    write(tmp_path, {"ssg.yml": "site_name: Test\n", "content/index.md": text})
    done = subprocess.run([sys.executable, "-m", "ssg", "build"], cwd=tmp_path, capture_output=True, timeout=30)
    assert done.returncode in (0, 1), done.stderr
    assert b"Traceback" not in done.stderr


def test_files_that_every_page_takes_in_are_read_as_snippets(tmp_path: Path) -> None:
    config = "site_name: Test\nmarkdown_extensions:\n  - abbr\n  - pymdownx.snippets: {auto_append: [abbr.md]}\n"
    write(tmp_path, {"mkdocs.yml": config, "docs/index.md": "HTML", "docs/b.md": "Text", "abbr.md": "*[HTML]: Old\n"})
    assert [one for one in build(tmp_path).diagnostics if one.severity.value != "note"] == []
    assert '<abbr title="Old">' in (tmp_path / "site/index.html").read_text()
    write(tmp_path, {"abbr.md": "*[HTML]: New\n"})
    assert build(tmp_path).rendered == 1
    assert '<abbr title="New">' in (tmp_path / "site/index.html").read_text()


def test_code_in_which_numbers_are_no_comments(tmp_path: Path) -> None:
    config = "site_name: Test\nextra:\n  annotate:\n    json: [.s2]\n"
    write(tmp_path, {"ssg.yml": config, "content/index.md": '``` json\n{"a": "(1)"}\n```\n\n1.  Note\n'})
    assert build(tmp_path).diagnostics == ()
    page = (tmp_path / "output/index.html").read_text()
    assert 'data-annotate="{&#34;json&#34;: [&#34;.s2&#34;]}"' in page


def test_icons_of_the_theme(tmp_path: Path, package: Path) -> None:
    """Each in its place: in the style sheet of pages, or in the page itself; one that is not there is named."""
    config = """site_name: Test
repo_url: https://example.com/repo
theme:
  custom_dir: overrides
  palette: {toggle: {icon: material/account-circle, name: Turn}}
  icon:
    logo: material/account-circle
    repo: material/account-circle
    search: dot
    edit: material/none
    admonition: {note: dot}
    tag: {html: dot}
extra:
  tags: {HTML5: html}
  social: [{icon: material/account-circle, link: 'https://example.com'}, {icon: fontawesome/brands/github, link: x}]
"""
    files = {"ssg.yml": config, "content/index.md": "---\ntags: [HTML5]\n---\n# Home\n"}
    write(tmp_path / "site", {**files, "overrides/.icons/dot.svg": SVG.format(3)})
    (problem,) = build(tmp_path / "site").diagnostics
    assert (problem.code, problem.path, problem.line) == ("theme-icon", "ssg.yml", 10)
    assert "'material/none'" in problem.message
    page = (tmp_path / "site/output/index.html").read_text()
    assert page.count(SVG.format(1)) == 3
    assert ":root{--icon-search:url(" in page
    assert ".content :is(.admonition,details).note{--icon:url(" in page
    assert ".tags .tag-html::before{" in page
    assert '<a class="tag-html" href="./tags.html#tag:html5">' in page
    assert ".scheme[data-now=system]{--icon:url(" in page


@pytest.mark.skipif(bool(icons.installed()), reason="icons are installed")
def test_icons_of_the_theme_without_a_package(tmp_path: Path) -> None:
    config = "site_name: Test\ntheme: {icon: {repo: fontawesome/brands/github, edit: material/pencil}}\n"
    write(tmp_path, {"ssg.yml": config, "content/index.md": "# Home\n"})
    (problem,) = build(tmp_path).diagnostics  # the mark of the host is the theme's own
    assert (problem.code, problem.line) == ("theme-icon", 2)
    assert "pip install" in problem.hint
