"""From configuration files, good and bad, to settings and to diagnostics that help."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ssg.config import (
    Loaded,
    MarkdownExtension,
    NavEntry,
    PluginConfig,
    Script,
    SiteConfig,
    json_schema,
    load,
    load_nav_file,
    reference,
)
from ssg.config.settings import MKDOCS_VALIDATION, Validation
from ssg.errors import ConfigError
from ssg.model import Diagnostic, Severity

SHARED = Path(__file__).parents[2] / "shared"

Read = Callable[..., Loaded]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Loads a text as `ssg.yml`, or as another file, after `site_name: S`."""

    def read(text: str, name: str = "ssg.yml", *, site_name: bool = True, **overrides: Any) -> Loaded:
        (tmp_path / name).write_text(("site_name: S\n" if site_name else "") + text, "utf-8")
        return load(Path(name), cwd=tmp_path, overrides=overrides)

    return read


def errors(call: Callable[[], object]) -> tuple[Diagnostic, ...]:
    with pytest.raises(ConfigError) as caught:
        call()
    return caught.value.diagnostics


def test_defaults(read: Read) -> None:
    loaded = read("")
    assert loaded.config == SiteConfig(site_name="S")
    assert loaded.diagnostics == ()
    assert (loaded.config.docs_dir, loaded.config.site_dir) == ("content", "output")
    assert loaded.config.nav is None
    assert loaded.config.plugins is None
    assert loaded.config.markdown_extensions is None


def test_defaults_of_mkdocs(read: Read) -> None:
    config = read("", "mkdocs.yml").config
    assert (config.docs_dir, config.site_dir, config.format) == ("docs", "site", "mkdocs")
    assert config.validation == MKDOCS_VALIDATION
    assert read("", "ssg.yml").config.validation == Validation()


def test_ssg_yml_is_found_before_mkdocs_yml(tmp_path: Path) -> None:
    for name in ("mkdocs.yaml", "mkdocs.yml", "ssg.yaml", "ssg.yml"):
        (tmp_path / name).write_text(f"site_name: {name}\n")
        loaded = load(None, cwd=tmp_path)
        assert loaded.config.site_name == name
        assert (loaded.file, loaded.root) == (tmp_path / name, tmp_path)


def test_text_is_taken_as_written(read: Read) -> None:
    config = read("repo_name: 1.10\nsite_author: NO\ncopyright: 2024-01-01\nextra: {no: 2024-01-01, n: 1.10}").config
    assert (config.repo_name, config.site_author, config.copyright) == ("1.10", "NO", "2024-01-01")
    assert config.extra == {"no": "2024-01-01", "n": 1.1}


def test_settings_survive_encoding(read: Read) -> None:
    loaded = read("nav: [{A: [a.md]}]\nextra: {d: 2024-01-01}\nextra_javascript: [{path: a.js, async: true}]\n")
    data = msgspec.msgpack.encode(loaded.config)
    assert msgspec.msgpack.decode(data, type=SiteConfig) == loaded.config


def test_a_comment_changes_no_setting(read: Read) -> None:
    text = "theme: {name: material, features: [toc.follow]}\nplugins: [search]\nextra: {a: 1}\n"
    assert read(text).config == read("# a comment\n\n" + text).config


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("site_url: https://example.org/docs", "site_url", "https://example.org/docs/"),
        ("site_url:", "site_url", ""),
        ("docs_dir: ./pages/", "docs_dir", "pages"),
        ("use_directory_urls: false", "use_directory_urls", False),
        ("strict: yes", "strict", True),
        ("markdown: {github: false}", "markdown.github", False),
        ("theme: plain", "theme.name", "plain"),
        ("theme: {name: null, custom_dir: t}", "theme.name", ""),
        ("theme: {palette: {scheme: slate}}", "theme.palette", ({"scheme": "slate"},)),
        ("theme: {palette: [{scheme: a}, {scheme: b}]}", "theme.palette", ({"scheme": "a"}, {"scheme": "b"})),
        ("theme: {font: false}", "theme.font", False),
        ("theme: {font: {text: Inter}}", "theme.font", {"text": "Inter"}),
        ("theme: {locale: de}", "theme.language", "de"),
        ("theme: {highlightjs: true}", "theme.options", {"highlightjs": True}),
        ("hooks: [a.py]", "hooks", ("a.py",)),
        (
            "extra_javascript: [a.js, b.mjs, {path: c.js, defer: true, async: true, type: module}]",
            "extra_javascript",
            (
                Script(path="a.js"),
                Script(path="b.mjs", type="module"),
                Script(path="c.js", type="module", defer=True, async_=True),
            ),
        ),
        ("repo_url: https://github.com/o/r", "repo_name", "GitHub"),
        ("repo_url: https://gitlab.com/o/r", "repo_name", "GitLab"),
        ("repo_url: https://bitbucket.org/o/r", "repo_name", "Bitbucket"),
        ("repo_url: https://code.example.org/o/r", "repo_name", "Code"),
        ("repo_url: https://github.com/o/r\nrepo_name: o/r", "repo_name", "o/r"),
        ("repo_url: https://github.com/o/r", "edit_uri", "edit/main/content/"),
        (
            "repo_url: https://bitbucket.org/o/r\ndocs_dir: a/b",
            "edit_uri_template",
            "src/main/a/b/{path}?mode=edit&at=main",
        ),
        ("repo_url: https://code.example.org/o/r", "edit_uri", ""),
        ("repo_url: https://github.com/o/r\nedit_uri: ''", "edit_uri", ""),
        ("repo_url: https://github.com/o/r\nedit_uri: edit/dev", "edit_uri", "edit/dev/"),
        ("markdown_extensions: []", "markdown_extensions", ()),
        (
            "markdown_extensions: [toc: {permalink: true}, admonition, attr_list: ]",
            "markdown_extensions",
            (
                MarkdownExtension("toc", {"permalink": True}),
                MarkdownExtension("admonition"),
                MarkdownExtension("attr_list"),
            ),
        ),
        (
            "markdown_extensions: {toc: {permalink: true}, admonition: }",
            "markdown_extensions",
            (MarkdownExtension("toc", {"permalink": True}), MarkdownExtension("admonition")),
        ),
        (
            "markdown_extensions: [smarty, toc: {permalink: true}]\nmdx_configs: {toc: {permalink: x, title: T}}",
            "markdown_extensions",
            (MarkdownExtension("smarty"), MarkdownExtension("toc", {"permalink": True, "title": "T"})),
        ),
        ("plugins: []", "plugins", ()),
        (
            "plugins: [search, mine: {a: 1}, redirects: {enabled: false, redirect_maps: {}}]",
            "plugins",
            (PluginConfig("search"), PluginConfig("mine", {"a": 1})),
        ),
        (
            "plugins: {material/search: , sitemap: {enabled: true}}",
            "plugins",
            (PluginConfig("search"), PluginConfig("sitemap")),
        ),
    ],
)
def test_values(read: Read, text: str, field: str, value: object) -> None:
    result: Any = read(text).config
    for name in field.split("."):
        result = getattr(result, name)
    assert result == value


def test_edit_links_of_mkdocs_lead_to_master(read: Read) -> None:
    assert read("repo_url: https://github.com/o/r", "mkdocs.yml").config.edit_uri == "edit/master/docs/"


def test_nav(read: Read) -> None:
    text = """\
nav:
  - index.md
  - Start: start.md
  - 2024: news.md
  - Elsewhere: https://example.org/
  - guide/*
  - "":
      - a/index.md
      - Deep: [a/b.md]
  - Empty: []
"""
    assert read(text).config.nav == (
        NavEntry(target="index.md", line=3, column=5),
        NavEntry(title="Start", target="start.md", line=4, column=5),
        NavEntry(title="2024", target="news.md", line=5, column=5),
        NavEntry(title="Elsewhere", target="https://example.org/", line=6, column=5),
        NavEntry(target="guide/*", line=7, column=5),
        NavEntry(
            children=(
                NavEntry(target="a/index.md", line=9, column=9),
                NavEntry(
                    title="Deep",
                    children=(NavEntry(target="a/b.md", line=10, column=16),),
                    is_section=True,
                    line=10,
                    column=9,
                ),
            ),
            is_section=True,
            line=8,
            column=5,
        ),
        NavEntry(title="Empty", is_section=True, line=11, column=5),
    )


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "hint"),
    [
        # keys
        ("site_ulr: x", 2, 1, "unknown key `site_ulr`", "did you mean `site_url`?"),
        ("pages: []", 2, 1, "unknown key `pages`", "`nav`"),
        ("format: mkdocs", 2, 1, "unknown key `format`", ""),
        ("markdown: {githib: true}", 2, 12, "unknown key `markdown.githib`", "`github`"),
        ("extra_javascript: [{path: a.js, asinc: true}]", 2, 33, "unknown key `extra_javascript[0].asinc`", "`async`"),
        ("extra_javascript: [{defer: true}]", 2, 20, "has no `path`", ""),
        ("strict: true\nstrict: false", 3, 1, "`strict` is given twice", "line 2"),
        # types
        ("strict: maybe", 2, 9, "`strict` should be `true` or `false`, but is `maybe`", ""),
        ("strict: 'true'", 2, 9, "`strict` should be `true` or `false`", ""),
        ("site_author: [a]", 2, 14, "`site_author` should be text, but is a list", ""),
        ("extra_css: a.css", 2, 12, "`extra_css` should be a list, but is `a.css`", "- "),
        ("extra_css:\n  - a.css\n  -\n", 4, 4, "`extra_css[1]` is empty", ""),
        ("extra: [a]", 2, 8, "`extra` should be a mapping, but is a list", ""),
        ("theme: [material]", 2, 8, "`theme` should be a mapping, but is a list", ""),
        ("theme:\n  features: toc.follow", 3, 13, "`theme.features` should be a list", ""),
        ("theme: {palette: dark}", 2, 18, "`theme.palette` should be a list", ""),
        ("theme: {direction: up}", 2, 20, "`theme.direction` should be `ltr` or `rtl`, but is `up`", ""),
        ("extra: {a: 2024-01-01, b: 99999999999999999999}", 2, 27, "too large", ""),
        ("copyright: !!python/name:pymdownx.slugs.gfm ''", 2, 12, "`copyright` should be text", ""),
        # values
        ("site_url: example.org", 2, 11, "`site_url` should be an address", "`https://example.org`"),
        ("site_url: ftp://example.org/", 2, 11, "`site_url` should be an address", "https://"),
        ("site_url: 'https://[::1'", 2, 11, "`site_url` should be an address", ""),
        ("repo_url: git@github.com:a/b", 2, 11, "`repo_url` should be an address", "https://"),
        ("repo_url: 'https://'", 2, 11, "`repo_url` should be an address", ""),
        ("edit_uri_template: x/{file}", 2, 20, "`edit_uri_template`", "{path}"),
        ("edit_uri_template: 'x/{'", 2, 20, "`edit_uri_template`", "{path}"),
        ("dev_addr: localhost", 2, 11, "`dev_addr` should be a host and a port", "127.0.0.1:8000"),
        ("dev_addr: localhost:70000", 2, 11, "`dev_addr` should be a host and a port", ""),
        ("site_dir: content/out", 2, 11, "inside of its own content", ""),
        ("docs_dir: output/x", 2, 11, "`output/x` is inside of the folder `output`", ""),
        ("site_dir: .", 2, 11, "is inside of the folder `.`", ""),
        # navigation
        ("nav:\n  Home: index.md", 3, 3, "`nav` should be a list, but is a mapping", "- "),
        ("nav:\n  - A: a.md\n    B: b.md", 3, 5, "has one title, but this has 2: `A`, `B`", "- "),
        ("nav:\n  - A:", 3, 5, "`A` leads nowhere", "- Title: page.md"),
        ("nav:\n  - A: {b: c.md}", 3, 5, "`A` should lead to a page or a list, but is a mapping", ""),
        ("nav:\n  - [a.md]", 3, 5, "cannot be a list in a list", ""),
        ("nav:\n  -\n", 3, 4, "cannot be empty", ""),
        ("nav:\n  - {}", 3, 5, "has one title, but this has 0", ""),
        ("nav:\n  - A: [{B: }]", 3, 10, "`B` leads nowhere", ""),
        # extensions and plugins
        ("markdown_extensions: toc", 2, 22, "`markdown_extensions` should be a list", ""),
        ("markdown_extensions: [toc: [a]]", 2, 28, "`markdown_extensions.toc` should be a mapping", ""),
        ("markdown_extensions:\n  - toc:\n    permalink: true", 3, 5, "is one name, but this has 2", "indent"),
        ("plugins: [[search]]", 2, 11, "should be a name, but is a list", ""),
        ("plugins: [search: {enabled: 3}]", 2, 29, "`plugins.search.enabled` should be `true` or `false`", ""),
        ("markdown_extensions: [toc]\nmdx_configs: {toc: 3}", 3, 15, "`mdx_configs.toc` should be a mapping", ""),
        # validation
        ("validation: warn", 2, 13, "`validation` should be a mapping", ""),
        ("validation: {links: warn}", 2, 21, "`validation.links` should be a mapping", ""),
        ("validation: {anchors: loud}", 2, 23, "`validation.anchors` should be `error`, `warn`, `info` or", ""),
        ("validation: {anchors: relative_to_docs}", 2, 23, "`validation.anchors` should be", ""),
        # tags
        ("extra: {a: !!python/name:os.system ''}", 2, 12, "`os.system` is not on the list", "documentation"),
        ("extra: {a: !!python/object/apply:os.system [ls]}", 2, 12, "`os.system` is not on the list", ""),
        ("extra: {a: !!python/name:pymdownx.slugs.slugfy ''}", 2, 12, "not on the list", "`pymdownx.slugs.slugify`"),
        ("extra: {a: !!python/object/new:os.system [ls]}", 2, 12, "`!!python/object/new:os.system`", "!!python/name:"),
        ("extra: {a: !!python/object/apply:pymdownx.slugs.slugify {state: 1}}", 2, 58, "`state` does not belong", ""),
        ("extra: {a: !secret x}", 2, 12, "`!secret`", "quotes"),
        ("extra: {a: !ENV {b: c}}", 2, 12, "`!ENV` takes the name of a variable", "[NAME, OTHER, default]"),
        ("extra: {a: !relative $home/x}", 2, 12, "`!relative` starts with", "$docs_dir"),
        # YAML
        ("a: b: c", 2, 5, "a `:` is not expected here", "quotes"),
        ("extra: " + "[" * 60_000, 2, 107, "nested more than 100 levels deep", ""),
        ("INHERIT: [a]", 2, 10, "`INHERIT` should be a path", ""),
        ("INHERIT: ssg.yml", 2, 10, "leads back", ""),
        ("INHERIT: base.yml", 2, 10, "there is no `base.yml` to inherit from", "relative to the folder"),
    ],
)
def test_an_error_says_what_and_where_and_what_to_do(
    read: Read, text: str, line: int, column: int, message: str, hint: str
) -> None:
    (error,) = errors(lambda: read(text))
    assert error.severity is Severity.ERROR
    assert (error.path, error.line, error.column) == ("ssg.yml", line, column)
    assert message in error.message
    assert hint in error.hint
    assert error.source == ("site_name: S\n" + text).split("\n")[line - 1]


def test_all_errors_are_told_at_once(read: Read) -> None:
    text = "site_ulr: x\nstrict: maybe\ntheme: material\nnav: {}\n"
    assert [(item.severity, item.line) for item in errors(lambda: read(text, site_name=False))] == [
        ("error", 1),
        ("error", 2),
        ("error", 4),
        ("error", 0),  # `site_name` is missing
        ("note", 3),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("strict: true", "`site_name` is missing"),
        ("site_name:", "`site_name` is empty"),
        ("site_name: ''", "`site_name` is empty"),
        ("site_name: [a]", "`site_name` should be text"),
        ("", "the configuration is empty"),
        ("# comment", "the configuration is empty"),
        ("- a", "should be a mapping, but is a list"),
        ("hello", "should be a mapping, but is `hello`"),
        ("\x00", "U+0000"),
    ],
)
def test_what_is_no_configuration(read: Read, text: str, message: str) -> None:
    (error,) = errors(lambda: read(text, site_name=False))
    assert message in error.message


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "message"),
    [
        ("theme: material", "theme-name", 2, 8, "`material` stands for the default theme"),
        ("theme: {name: readthedocs}", "theme-name", 2, 15, "`readthedocs`"),
        ("theme:\n  features:\n    - toc.folow", "unknown-feature", 4, 7, "`toc.folow`"),
        ("plugins:\n  - search\n  - blog", "unsupported-plugin", 4, 5, "`blog`"),
        ("plugins:\n  mkdocstrings:\n    a: !!python/name:any.thing ''", "unsupported-plugin", 3, 3, "`mkdocstrings`"),
        ("plugins: [material/blog]", "unsupported-plugin", 2, 11, "`blog`"),
        ("plugins: [search, search: {}]", "duplicate-plugin", 2, 19, "`search`"),
        ("plugins:\n  - search:\n      fields: {}", "unsupported-option", 4, 7, "`fields` of the plugin `search`"),
        ("markdown_extensions: [toc, markdown.extensions.toc]", "duplicate-extension", 2, 28, "`toc`"),
        ("markdown_extensions: [zensical.extensions.macros]", "unsupported-extension", 2, 23, "`zensical."),
        ("markdown_extensions: [abbr]\nmdx_configs: {aabr: {}}", "unused-option", 3, 15, "`aabr`"),
        ("mdx_configs: {toc: {title: T}}", "unused-option", 2, 1, "without `markdown_extensions`"),
        ("theme: {palette: {primary: indgo}}", "theme-palette", 2, 19, "`indgo`"),
        ("theme:\n  palette:\n    - sheme: slate", "theme-palette", 4, 7, "`sheme`"),
        ("theme: {palette: {scheme: dark}}", "theme-palette", 2, 19, "`dark`"),
        ("theme: {font: {text: Inter}}", "theme-font", 2, 9, "loads none"),
        ("theme: {icon: {edti: a/b}}", "unsupported-option", 2, 16, "`theme.icon.edti`"),
        ("validation:\n  unresolved_references: false", "unsupported-option", 3, 3, "unresolved_references"),
        ("validation:\n  nav: {anchors: warn}", "unsupported-option", 3, 9, "`validation.nav.anchors`"),
        ("extra: {a: !relative }", "unsupported-option", 2, 12, "`!relative` alone"),
    ],
)
def test_what_is_not_supported_is_named(read: Read, text: str, code: str, line: int, column: int, message: str) -> None:
    loaded = read(text)
    assert [(item.code, item.line, item.column) for item in loaded.diagnostics] == [(code, line, column)]
    (item,) = loaded.diagnostics
    assert message in item.message
    assert item.severity is (
        Severity.NOTE if code in ("theme-name", "theme-font", "duplicate-extension") else Severity.WARNING
    )


def test_python_names_are_kept_as_data(read: Read) -> None:
    text = """\
markdown_extensions:
  - pymdownx.superfences:
      custom_fences:
        - {name: mermaid, format: !!python/name:pymdownx.superfences.fence_code_format ''}
  - toc:
      slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}
"""
    fences, toc = read(text).config.markdown_extensions or ()
    (fence,) = fences.options["custom_fences"]
    assert fence["format"] == {"!python": "pymdownx.superfences.fence_code_format"}
    assert toc.options["slugify"] == {"!python": "pymdownx.slugs.slugify", "args": [], "kwds": {"case": "lower"}}


@pytest.mark.parametrize(
    ("text", "environ", "value"),
    [
        ("!ENV A", {"A": "x"}, "x"),
        ("!ENV A", {"A": "true"}, True),
        ("!ENV A", {}, None),
        ("!ENV [A, B]", {"A": "1"}, 1),
        ("!ENV [A, B, 5]", {"B": "b"}, "b"),
        ("!ENV [A, B, 5]", {}, 5),
        ("!ENV [A, [x, y]]", {}, ["x", "y"]),
    ],
)
def test_env(read: Read, monkeypatch: pytest.MonkeyPatch, text: str, environ: dict[str, str], value: object) -> None:
    for name in ("A", "B"):
        monkeypatch.delenv(name, raising=False)
    for name, setting in environ.items():
        monkeypatch.setenv(name, setting)
    assert read(f"extra: {{a: {text}}}").config.extra == {"a": value}


def test_env_as_a_typed_value(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    config = read("strict: !ENV [CI, false]\nplugins: [sitemap: {enabled: !ENV [NOT_SET_HERE, false]}]").config
    assert config.strict
    assert config.plugins == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [("$config_dir", "."), ("$config_dir/x", "x"), ("$docs_dir", "pages"), ("$docs_dir/../y", "y")],
)
def test_relative(read: Read, text: str, value: str) -> None:
    loaded = read(f"docs_dir: pages\nextra: {{a: !relative {text}}}")
    assert loaded.config.extra == {"a": value}


def test_inherit(tmp_path: Path, read: Read) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base/one.yml").write_text(
        "INHERIT: two.yml\nsite_name: Base\ntheme: {name: plain, language: de}\nplugins: {search: , a: {x: 1, y: 1}}\n"
        "extra_css: [a.css]\n"
    )
    (tmp_path / "base/two.yml").write_text("site_author: Two\nsite_name: Two\n")
    text = "INHERIT: base/one.yml\ntheme: {language: fr}\nplugins: {a: {y: 2}}\nextra_css: [b.css]\n"
    loaded = read(text, site_name=False)
    config = loaded.config
    assert (config.site_name, config.site_author, config.extra_css) == ("Base", "Two", ("b.css",))
    assert (config.theme.name, config.theme.language) == ("plain", "fr")
    assert config.plugins == (PluginConfig("search"), PluginConfig("a", {"x": 1, "y": 2}))
    assert loaded.inherited == (tmp_path / "base/one.yml", tmp_path / "base/two.yml")
    assert loaded.position("site_author") == ("base/two.yml", 1, 1, "site_author: Two")


def test_an_error_in_an_inherited_file_names_that_file(tmp_path: Path, read: Read) -> None:
    (tmp_path / "base.yml").write_text("\nstrict: maybe\n")
    (error,) = errors(lambda: read("INHERIT: base.yml"))
    assert (error.path, error.line, error.column, error.source) == ("base.yml", 2, 9, "strict: maybe")


def test_inherit_in_a_circle(tmp_path: Path, read: Read) -> None:
    (tmp_path / "base.yml").write_text("INHERIT: ssg.yml\n")
    (error,) = errors(lambda: read("INHERIT: base.yml"))
    assert (error.path, error.line) == ("base.yml", 1)


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("{not_found: warn}", {"nav_not_found": "warn", "links_not_found": "warn"}),
        ("{omitted_files: ignore, anchors: info}", {"nav_omitted_files": "ignore", "links_anchors": "info"}),
        ("{nav: {not_found: info}, not_found: warn}", {"nav_not_found": "info", "links_not_found": "warn"}),
        ("{links: {absolute_links: relative_to_docs}}", {"links_absolute_links": "relative_to_docs"}),
        ("{nav: }", {}),
    ],
)
def test_validation(read: Read, text: str, changed: dict[str, Any]) -> None:
    for name, defaults in (("ssg.yml", Validation()), ("mkdocs.yml", MKDOCS_VALIDATION)):
        assert read(f"validation: {text}", name).config.validation == msgspec.structs.replace(defaults, **changed)


def test_the_command_line_wins(tmp_path: Path, read: Read) -> None:
    config = read("strict: false\nsite_dir: a", site_dir="b", strict=True, use_directory_urls=None).config
    assert (config.site_dir, config.strict, config.use_directory_urls) == ("b", True, True)
    (tmp_path / "sub").mkdir()
    loaded = load(Path("../ssg.yml"), cwd=tmp_path / "sub", overrides={"site_dir": Path("out")})
    assert (loaded.config.site_dir, loaded.root) == ("sub/out", tmp_path)


def test_position(read: Read) -> None:
    text = "theme:\n  features:\n    - toc.follow\nplugins:\n  - search\n  - redirects:\n      redirect_maps: {a: b}\n"
    position = read(text).position
    assert position("theme", "features", 0) == ("ssg.yml", 4, 7, "    - toc.follow")
    assert position("plugins", "search")[1:3] == (6, 5)
    assert position("plugins", "redirects", "redirect_maps", "a")[1:3] == (8, 23)
    assert position("plugins", "redirects", "nothing")[1:3] == (7, 5)
    assert position("nothing")[1:3] == (1, 1)


@pytest.mark.parametrize(
    ("data", "message", "line", "column"),
    [
        (b"site_name: S\nsite_author: Ren\xe9\n", "byte 0xe9", 2, 17),
        ("site_name: S".encode("utf-16"), "UTF-16", 0, 0),
    ],
)
def test_encodings(tmp_path: Path, data: bytes, message: str, line: int, column: int) -> None:
    (tmp_path / "ssg.yml").write_bytes(data)
    (error,) = errors(lambda: load(None, cwd=tmp_path))
    assert message in error.message
    assert (error.line, error.column) == (line, column)
    assert error.hint == "save it as UTF-8"


def test_byte_order_mark_and_windows_lines(tmp_path: Path) -> None:
    (tmp_path / "ssg.yml").write_bytes("\ufeffsite_name: S\r\nsite_author: A\r\n".encode())
    assert load(None, cwd=tmp_path).config.site_author == "A"


def test_no_file(tmp_path: Path) -> None:
    (error,) = errors(lambda: load(None, cwd=tmp_path))
    assert "`ssg new`" in error.hint
    (error,) = errors(lambda: load(Path("other.yml"), cwd=tmp_path))
    assert "`other.yml` does not exist" in error.message


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "ssg.yml").mkdir()
    (error,) = errors(lambda: load(None, cwd=tmp_path))
    assert "`ssg.yml` is a folder" in error.message


@pytest.mark.parametrize("name", ["a\0b.yml", "x" * 300, "ssg.yml/x.yml"])
def test_names_that_no_file_has(tmp_path: Path, read: Read, name: str) -> None:
    read("")
    assert errors(lambda: load(Path(name), cwd=tmp_path))
    assert errors(lambda: read(f"INHERIT: {json.dumps(name)}"))


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ssg.yml").write_text("site_name: S")

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (error,) = errors(lambda: load(None, cwd=tmp_path))
    assert error.message == "`ssg.yml` may not be read (Permission denied)"
    assert str(tmp_path) not in error.message


def test_nav_file() -> None:
    file = load_nav_file(
        "title: The guide\nhide: true\nnav:\n  - start.md\n  - First: a.md\n  - '*'\n", "content/.nav.yml"
    )
    assert (file.title, file.hide) == ("The guide", True)
    assert [(entry.title, entry.target, entry.line) for entry in file.nav or ()] == [
        ("", "start.md", 4),
        ("First", "a.md", 5),
        ("", "*", 6),
    ]
    assert [entry.target for entry in load_nav_file("[b.md, a.md]", "x").nav or ()] == ["b.md", "a.md"]
    assert load_nav_file("", "x").nav is None


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("titel: x", 1, "unknown key `titel`"),
        ("nav: x", 1, "`nav` should be a list"),
        ("a: b: c", 1, "`:` is not expected"),
        ("hello", 1, "this file should be a mapping"),
        ("nav:\n  - *.md", 2, "cannot start with `*`"),
    ],
)
def test_errors_in_a_nav_file(text: str, line: int, message: str) -> None:
    (error,) = errors(lambda: load_nav_file(text, "content/.nav.yml"))
    assert (error.path, error.line) == ("content/.nav.yml", line)
    assert message in error.message


def test_schema_and_reference_name_every_key() -> None:
    schema = json_schema()
    keys = {field.encode_name for field in msgspec.structs.fields(SiteConfig)} - {"format"} | {"INHERIT"}
    assert set(schema["properties"]) == keys
    assert all(part["description"] for part in schema["properties"].values())
    json.dumps(schema)
    text = reference()
    assert all(f"| `{key}` |" in text for key in keys)


@pytest.mark.parametrize("path", ["uv/mkdocs.yml", "fastapi/docs/en/mkdocs.yml"])
def test_configurations_of_real_projects(path: str) -> None:
    file = SHARED / "corpora" / path
    if not file.exists():
        pytest.skip("the documentation of other projects is not here")
    loaded = load(file, cwd=Path.cwd())
    lines = file.read_text("utf-8").splitlines()
    assert all(item.source == lines[item.line - 1] for item in loaded.diagnostics)
    codes = {item.code for item in loaded.diagnostics}
    assert {"theme-name", "unsupported-plugin"} <= codes
    assert loaded.config.nav
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(loaded.config), type=SiteConfig) == loaded.config
