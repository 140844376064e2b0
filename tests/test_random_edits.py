"""After any edits, a build that remembers gives the same bytes and says the same as one that starts afresh."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from sites import build, outputs, write

from ssg.engine.digest import ABSENT, decode, encode
from ssg.engine.memo import Memo
from ssg.engine.tree import Tree, stamp_of
from ssg.errors import SsgError
from ssg.model import Diagnostic

PAGES = ("index.md", "a.md", "b.md", "guide/index.md", "guide/c.md", "guide/deep/d.md", "guide/README.md")
BODIES = (
    "Text.",
    "Word.",
    "# Heading\n\nSee [a](a.md), [c](guide/c.md#part) and [up](../index.md).",
    "## Part\n\n[Broken](nowhere.md), [anchor](#part), ![picture](img/p.svg) and ![other](../img/p.svg).",
    '--8<-- "parts/one.md"',
    '# One\n\n--8<-- "parts/one.md"\n\n--8<-- "parts/two.md"',
    "> quoted\n\n```python\nx = 1\n```\n",
    "<!-- material/tags -->",
    "HTML :dot: :brand-dot: :material-none: and ![picture](img/p.svg){ .x } $x^2$ $\\nosuch$",
)
FRONT = (
    "",
    "title: Short",
    "title: Small",
    "title: Another title\ntags: [x]",
    "tags: [x, X, y z]",
    "order: 1",
    "draft: true",
    "aliases: [/old/]",
    "template: special.html",
    "hidden: true",
    "title: [wrong",
    "date: 2026-01-02\nsearch: false",
)
TEXTS = ("Part one.", "Part two.", "## Part\n\nIncluded [a](a.md).", '--8<-- "parts/two.md"', "")
NAVS = (
    "",
    "nav:\n  - Start: index.md\n  - a.md\n",
    "nav:\n  - index.md\n  - Guide:\n      - guide/index.md\n      - guide/*.md\n  - b.md\n",
    "nav:\n  - 'guide/**'\n  - Elsewhere: https://example.com\n  - missing.md\n",
)
CONFIGS = (
    "site_name: One\n",
    "site_name: Two\nsite_url: https://example.com/two/\n",
    "site_name: One\nuse_directory_urls: false\n",
    "site_name: One\nexclude_docs: b.md\n",
    "site_name: One\nextra:\n  footer: words\n",
    "site_name: One\nmarkdown:\n  glossary: parts/terms.md\n",
)
RULES = "theme: {name: mini, custom_dir: overrides}\nvalidation: {not_found: warn, anchors: warn}\n"
TEMPLATES = {
    "themes/mini/main.html": "{% extends 'base.html' %}",
    "themes/mini/base.html": """<title>{{ page.title if page }} {{ config.site_name }}</title>
{% for item in nav %}[{{ item.title }}]({{ item.url|url }})
{% for one in item.children %}*{{ one.title }}{% endfor %}{% endfor %}
{% block content %}{{ page.content if page }}{% endblock %}
{% include 'partials/foot.html' %}{{ page.next_page.title if page and page.next_page }}
{% for one in tags %}{{ one.name }} {{ one.url|url }}{% endfor %}
{% for one in all_tags %}{{ one.name }} {{ one.id }}{% for p in one.pages %}{{ p.title }}{% endfor %}{% endfor %}""",
    "themes/mini/partials/foot.html": "{{ config.extra.footer }}",
    "themes/mini/tags.html": "{% extends 'base.html' %}{{ tags_url }}",
    "themes/mini/404.html": "{% extends 'base.html' %}",
    "themes/mini/all-pages.html": "{% for i in all_pages recursive %}{{ i.title }}{{ loop(i.children) }}{% endfor %}",
}
OVERRIDES = ("overrides/main.html", "overrides/partials/foot.html", "overrides/special.html", "overrides/assets/x.css")
SOURCES = ("one {{ page.title if page }}", "{% extends 'base.html' %}", "{{ wrong", "{{ undefined_name }}", "")

File = tuple[str, str | None]
"""A file to write, or to delete if there is no text. Deleting what is not there does nothing."""


@dataclass(frozen=True)
class Rename:
    """A page that gets another name, taking the place of what has it."""

    old: str
    new: str


Edit = File | Rename

pages = st.sampled_from([f"content/{name}" for name in PAGES])
page_texts = st.builds(
    lambda front, body: f"---\n{front}\n---\n{body}\n" if front else f"{body}\n",
    st.sampled_from(FRONT),
    st.sampled_from(BODIES),
)
edits: st.SearchStrategy[Edit] = st.one_of(
    st.tuples(pages, page_texts),
    st.tuples(pages, page_texts),
    st.tuples(pages, st.none()),
    st.builds(Rename, pages, pages),
    st.tuples(st.sampled_from(("parts/one.md", "parts/two.md")), st.one_of(st.none(), st.sampled_from(TEXTS))),
    # what the base includes must not extend it: to find out that this never ends takes half a second
    st.tuples(st.sampled_from(OVERRIDES), st.one_of(st.none(), st.sampled_from(SOURCES))).filter(
        lambda edit: "partials" not in edit[0] or "extends" not in (edit[1] or "")
    ),
    st.tuples(
        st.just("content/img/p.svg"),
        st.one_of(st.none(), st.sampled_from(("<svg/>", "<svg width='1' height='2'/>", "no"))),
    ),
    st.tuples(
        st.sampled_from(("overrides/.icons/dot.svg", "overrides/.icons/brand/dot.svg")),
        st.one_of(st.none(), st.sampled_from(("<svg/>", "<svg></svg>", "no"))),
    ),
    st.tuples(st.just("parts/terms.md"), st.one_of(st.none(), st.sampled_from(("*[HTML]: A", "*[HTML]: B", "Text")))),
    st.tuples(
        st.just("content/guide/.nav.yml"),
        st.one_of(
            st.none(), st.sampled_from(("title: The guide\n", "nav: [c.md, '*']\n", "hide: true\n", "nope: 1\n"))
        ),
    ),
    st.tuples(
        st.just("ssg.yml"),
        st.builds(lambda config, nav: config + RULES + nav, st.sampled_from(CONFIGS), st.sampled_from(NAVS)),
    ),
)
sequences = st.lists(edits, min_size=8, max_size=8)

START: dict[str, str | None] = {
    **TEMPLATES,
    "ssg.yml": CONFIGS[0] + RULES,
    "overrides/assets/y.css": "y",
    "content/index.md": "# Home\n\n[a](a.md)\n",
    "content/a.md": '# A\n\n--8<-- "parts/one.md"\n',
    "content/guide/index.md": "# Guide\n",
    "content/guide/c.md": "# C\n\n## Part\n",
    "parts/one.md": "Part one.",
}

Outcome = tuple[dict[str, bytes], tuple[Diagnostic, ...]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    memory = Path("/dev/shm")  # thousands of small builds: half the time on a disk is making and removing folders
    if not os.access(memory, os.W_OK):
        yield tmp_path_factory.mktemp("site")
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


def begin(root: Path) -> None:
    for inner in root.iterdir():
        shutil.rmtree(inner) if inner.is_dir() else inner.unlink()
    write(root, START)


def apply(root: Path, edit: Edit) -> None:
    if isinstance(edit, Rename):
        if (root / edit.old).is_file():
            (root / edit.new).parent.mkdir(parents=True, exist_ok=True)
            (root / edit.old).replace(root / edit.new)
        return
    name, text = edit
    if text is not None or (root / name).exists():
        write(root, {name: text})


def outcome(root: Path, output: str, *, remember: bool) -> Outcome:
    try:
        result = build(root, output=output, remember=remember)
    except SsgError as error:
        return outputs(root / output), error.diagnostics
    return outputs(root / output), tuple(sorted(result.diagnostics, key=str))


def mismatches(root: Path, sequence: list[Edit]) -> Iterator[tuple[Outcome, Outcome]]:
    """Make edits one by one; yield where the build that remembers differs from one that starts afresh."""
    begin(root)
    outcome(root, "warm", remember=True)
    for edit in sequence:
        apply(root, edit)
        shutil.rmtree(root / "clean", ignore_errors=True)
        clean = outcome(root, "clean", remember=False)
        warm = outcome(root, "warm", remember=True)
        if not clean[0]:
            # nothing is published when something is wrong: what is there stays, and what is said is the same
            warm = ({}, warm[1])
        if warm != clean:
            yield warm, clean


@given(sequences)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True)
def test_a_build_that_remembers_equals_a_clean_one(root: Path, sequence: list[Edit]) -> None:
    for warm, clean in mismatches(root, sequence):
        assert warm[1] == clean[1]
        assert warm[0] == clean[0]


def test_a_template_that_moves_is_not_taken_for_what_it_was(root: Path) -> None:
    """Found by chance once: compiled templates were kept by what is in them, and not also by their names."""
    source = "{{ undefined_name }}"
    moved: list[Edit] = [
        ("overrides/special.html", source),
        ("overrides/special.html", None),
        ("overrides/partials/foot.html", source),
    ]
    assert not list(mismatches(root, moved))
    assert "template-failed" in {one.code for one in outcome(root, "warm", remember=True)[1]}


def forget_missing_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sabotage: what a step looked for and did not find is not remembered."""
    original = Memo._holds

    def holds(self: Memo, reads: bytes) -> bool:
        found = {path: seen for path, seen in decode(reads, dict[str, bytes]).items() if seen != ABSENT}
        return original(self, encode(found))

    monkeypatch.setattr(Memo, "_holds", holds)


def trust_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sabotage: a file of the same size counts as unchanged."""
    original = Tree._look
    seen: dict[tuple[str, int], bytes] = {}

    def look(self: Tree, path: str) -> bytes:
        found = original(self, path)
        where = self.locate(path)
        size = stamp_of(where.stat()).size if where.is_file() else -1
        return seen.setdefault((path, size), found)

    monkeypatch.setattr(Tree, "_look", look)


def views_without_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sabotage: a page is not rendered again when what it shows of others changes."""
    original = Memo.key

    def key(self: Memo, stage: str, *digests: bytes) -> bytes:
        return original(self, stage, *(digests if stage != "render" else (*digests[:2], *digests[3:])))

    monkeypatch.setattr(Memo, "key", key)


@pytest.mark.parametrize("sabotage", [forget_missing_files, trust_sizes, views_without_neighbours])
def test_a_sabotaged_engine_is_caught(
    root: Path, monkeypatch: pytest.MonkeyPatch, sabotage: Callable[[pytest.MonkeyPatch], None]
) -> None:
    sabotage(monkeypatch)
    try:
        find(
            sequences,
            lambda sequence: any(mismatches(root, sequence)),
            settings=settings(max_examples=300, deadline=None, phases=[Phase.generate]),
        )
    except NoSuchExample:
        pytest.fail("the engine was broken, and no sequence of edits showed it")
