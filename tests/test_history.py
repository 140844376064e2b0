"""Facts from git: when pages were last changed, and by whom. A commit has just those pages made again that it is of."""

import shutil
from pathlib import Path

import pytest
from repositories import ENVIRONMENT, commit, git
from sites import build, outputs, write

from ssg.config import load
from ssg.forges import view_url
from ssg.pipeline.view import ViewSettings, edit_url

MAIN = "{{ page.updated }}|{{ page.created }}|{{ page.authors|join(', ') }}"
SITE: dict[str, str | bytes | None] = {
    "ssg.yml": "site_name: Demo\ntheme: plain\n",
    "themes/plain/main.html": MAIN,
    ".gitignore": ".ssg/\noutput/\n",
    "content/index.md": "# Home",
    "content/a b ü.md": "# A",
}
ONE = "2026-01-01T10:00:00+00:00"
TWO = "2026-02-02T23:30:00-05:00"  # in UTC it is the third
THREE = "2026-03-03T10:00:00+00:00"


@pytest.fixture(autouse=True)
def settings_of_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def at(day: str, author: str = "Ada") -> dict[str, str]:
    return {"GIT_COMMITTER_DATE": day, "GIT_AUTHOR_DATE": ONE, "GIT_AUTHOR_NAME": author}


def start(root: Path, files: dict[str, str | bytes | None] = SITE) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "-q", "-b", "main")
    commit(root, "First", files, **at(ONE))
    return root


def shown(root: Path) -> dict[str, str]:
    pages = {path: text.decode() for path, text in outputs(root / "output").items() if path.endswith(".html")}
    return {path.removesuffix("index.html"): text for path, text in pages.items()}


def test_days_and_authors(tmp_path: Path) -> None:
    root = start(tmp_path)
    commit(
        root, "Second\n\nCo-authored-by: Cy <cy@example.org>", {"content/index.md": "# Home\n\nMore."}, **at(TWO, "Bo")
    )
    commit(root, "Third", {"content/index.md": "# Home\n\nMost."}, **at(THREE, "Bo"))
    commit(root, "Robot", {"content/index.md": "# Home\n\nBeep."}, **at(THREE, "robot[bot]"))
    write(root, {"content/new.md": "# Not committed"})
    build(root)
    assert shown(root) == {
        "": "2026-03-03|2026-01-01|Bo, Ada, Cy",
        "a b ü/": "2026-01-01|2026-01-01|Ada",
        "new/": "||",
    }


def test_a_commit_renders_the_pages_that_it_changed(tmp_path: Path) -> None:
    root = start(tmp_path)
    assert build(root).rendered == 2
    commit(root, "Nothing of pages", {"other.txt": "x"}, **at(TWO))
    assert build(root).rendered == 0
    write(root, {"content/index.md": "# Home\n\nMore."})
    assert build(root).rendered == 1
    commit(root, "Second", {}, **at(TWO))
    result = build(root)
    assert (result.rendered, result.parsed) == (1, 0)
    warm = outputs(root / "output")
    git(root, "gc", "-q", "--aggressive")  # packs references away
    assert build(root).rendered == 0
    shutil.rmtree(root / ".ssg")
    shutil.rmtree(root / "output")
    build(root)
    assert outputs(root / "output") == warm


def test_going_back_shows_what_was_known_then(tmp_path: Path) -> None:
    root = start(tmp_path)
    build(root)
    before = shown(root)
    commit(root, "Second", {"content/index.md": "# Home\n\nMore."}, **at(TWO))
    build(root)
    assert shown(root) != before
    git(root, "checkout", "-q", "HEAD~1")
    build(root)
    assert shown(root) == before


def test_a_page_that_moved_keeps_its_history(tmp_path: Path) -> None:
    root = start(tmp_path, {**SITE, "content/old.md": "# Old\n" + "Text.\n" * 20})
    (root / "content/guide").mkdir()
    git(root, "mv", "content/old.md", "content/guide/new.md")
    commit(root, "Move", {}, **at(TWO, "Bo"))
    build(root)
    assert shown(root)["guide/new/"] == "2026-01-01|2026-01-01|Ada"
    commit(root, "Change", {"content/guide/new.md": "# New\n" + "Text.\n" * 20}, **at(THREE, "Cy"))
    build(root)
    assert shown(root)["guide/new/"] == "2026-03-03|2026-01-01|Ada, Cy"


def test_names_follow_the_mailmap(tmp_path: Path) -> None:
    root = start(tmp_path)
    build(root)
    write(root, {".mailmap": "Ada Lovelace <ada@example.org>\n"})
    build(root)
    assert shown(root)[""].endswith("Ada Lovelace")


def test_a_project_within_a_repository(tmp_path: Path) -> None:
    inside: dict[str, str | bytes | None] = {f"deep/[docs]/{name}": text for name, text in SITE.items()}
    root = start(tmp_path, {**inside, "content/index.md": "of somebody else"}) / "deep/[docs]"
    build(root)
    assert shown(root)[""] == "2026-01-01|2026-01-01|Ada"
    commit(root, "Second", {"content/index.md": "# Home\n\nMore."}, **at(TWO))
    build(root)
    assert shown(root)[""] == "2026-02-03|2026-01-01|Ada"


def test_a_work_tree_beside_the_repository(tmp_path: Path) -> None:
    root = start(tmp_path / "one")
    git(root, "worktree", "add", "-q", "-b", "side", str(tmp_path / "two"))
    build(tmp_path / "two")
    assert shown(tmp_path / "two")[""] == "2026-01-01|2026-01-01|Ada"
    commit(tmp_path / "two", "Second", {"content/index.md": "# Home\n\nMore."}, **at(TWO))
    build(tmp_path / "two")
    assert shown(tmp_path / "two")[""] == "2026-02-03|2026-01-01|Ada"


def test_of_a_shallow_clone_only_what_is_sure_is_told(tmp_path: Path) -> None:
    root = start(tmp_path / "one")
    commit(root, "Second", {"content/index.md": "# Home\n\nMore."}, **at(TWO))
    commit(root, "Third", {"content/new.md": "# New"}, **at(THREE))
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{root}", str(tmp_path / "two"))
    result = build(tmp_path / "two")
    assert [one.code for one in result.diagnostics] == ["git-shallow"]
    assert shown(tmp_path / "two") == {"": "||", "a b ü/": "||", "new/": "2026-03-03|2026-03-03|Ada"}
    git(tmp_path / "two", "fetch", "-q", "--unshallow")
    assert build(tmp_path / "two").diagnostics == ()
    build(root)
    assert shown(tmp_path / "two") == shown(root)


def test_no_facts_where_there_is_nothing_to_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "none", SITE)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    empty = tmp_path / "empty"
    write(empty, SITE)
    git(empty, "init", "-q")
    off = start(tmp_path / "off", {**SITE, "ssg.yml": "site_name: Demo\ntheme: plain\nhistory: false\n"})
    for root in (tmp_path / "none", empty, off):
        assert build(root).diagnostics == ()
        assert shown(root)[""] == "||"
    commit(empty, "First", {}, **at(ONE))
    build(empty)
    assert shown(empty)[""] == "2026-01-01|2026-01-01|Ada"
    broken = start(tmp_path / "broken")
    (broken / ".git/objects").rename(broken / ".git/lost")
    assert [one.code for one in build(broken).diagnostics] == ["git-history"]
    assert shown(broken)[""] == "||"


def test_the_same_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = start(tmp_path)
    commit(root, "Second", {"content/index.md": "# Home\n\nMore."}, **at(TWO, "Zoë"))
    build(root)
    before = outputs(root / "output")
    for name, value in {"TZ": "Asia/Tokyo", "LC_ALL": "de_DE.ISO-8859-1", "SOURCE_DATE_EPOCH": "1"}.items():
        monkeypatch.setenv(name, value)
    git(root, "config", "log.showSignature", "true")
    git(root, "config", "i18n.logOutputEncoding", "ISO-8859-1")
    git(root, "config", "diff.renames", "copies")
    git(root, "config", "log.diffMerges", "first-parent")
    write(tmp_path, {"map": "Somebody <ada@example.org>\n"})
    git(root, "config", "mailmap.file", str(tmp_path / "map"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "nowhere"))
    shutil.rmtree(root / ".ssg")
    shutil.rmtree(root / "output")
    build(root)
    assert outputs(root / "output") == before


@pytest.mark.parametrize(
    ("repository", "edit", "view"),
    [
        ("https://github.com/o/r", "/edit/main/content/a%20b.md", "/blob/main/content/a%20b.md"),
        ("https://gitlab.com/o/r/", "-/edit/main/content/a%20b.md", "-/blob/main/content/a%20b.md"),
        ("https://gitlab.example.org/o/r", "/-/edit/main/content/a%20b.md", "/-/blob/main/content/a%20b.md"),
        ("https://codeberg.org/o/r", "/_edit/main/content/a%20b.md", "/src/branch/main/content/a%20b.md"),
        ("https://gitea.example.org/o/r", "/_edit/main/content/a%20b.md", "/src/branch/main/content/a%20b.md"),
        ("https://bitbucket.org/o/r", "/src/main/content/a%20b.md?mode=edit&at=main", "/src/main/content/a%20b.md"),
        (
            "https://dev.azure.com/o/p/_git/r",
            "?path=/content/a%20b.md&version=GBmain",
            "?path=/content/a%20b.md&version=GBmain",
        ),
        ("https://example.org/o/r", "", ""),
    ],
)
def test_addresses_of_sources(repository: str, edit: str, view: str, tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": f"site_name: Demo\nrepo_url: {repository}\n"})
    config = load(None, cwd=tmp_path).config
    settings = ViewSettings(
        site_url="",
        repo_url=config.repo_url,
        edit_uri=config.edit_uri,
        edit_uri_template=config.edit_uri_template,
    )
    found = edit_url(settings, "a b.md")
    assert found == (repository + edit if edit else "")
    assert view_url(found, config.repo_url) == (repository + view if view else "")


def test_the_default_theme_shows_what_is_known(tmp_path: Path) -> None:
    """What front matter says goes before; a page leaves out what it does not want to be shown."""
    front = "---\nupdated: 2020-05-06\nauthors: [Eve]\n---\n# A"
    hidden = "---\nhide: [dates, authors]\n---\n# B"
    pages: dict[str, str | bytes | None] = {"content/a.md": front, "content/b.md": hidden}
    root = start(tmp_path, {"ssg.yml": "site_name: Demo\n", "content/index.md": "# Home", **pages})
    build(root)
    found = shown(root)
    assert 'Last updated: <time datetime="2026-01-01">January 1, 2026</time>' in found[""]
    assert "Authors: Ada" in found[""]
    assert '<time datetime="2020-05-06">' in found["a/"]
    assert "Authors: Eve" in found["a/"]
    assert "Ada" not in found["b/"]
    assert "Last updated" not in found["b/"]
