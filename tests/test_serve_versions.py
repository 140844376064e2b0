"""`ssg serve --versions`: all that git has tags of beside what is being written, and nothing is touched."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from repositories import commit, git, project
from served import PATIENCE_S, Served, until
from sites import outputs, write
from test_cli import ssg

SITE: dict[str, str | bytes | None] = {
    "ssg.yml": "site_name: Demo\nsite_url: https://example.org/docs/\nhooks: [words.py]\n",
    "words.py": "def transform_html(html, page):\n    return html.replace('WORD', 'the first word')\n",
    "content/index.md": "# Home\n\nOne, WORD.",
    "content/a.md": "# A",
    ".gitattributes": "content export-ignore\n",
}


@pytest.fixture
def work(tmp_path: Path) -> Path:
    work = project(tmp_path, SITE)
    git(work, "tag", "1.0")
    words = "def transform_html(html, page):\n    return html.replace('WORD', 'another word')\n"
    commit(work, "Two", {"words.py": words, "content/index.md": "# Home\n\nTwo, WORD.", "content/b.md": "# B"})
    git(work, "tag", "-a", "v2.0", "-m", "Two")
    git(work, "tag", "words-of-the-day")
    git(work, "branch", "other")
    write(work, {"content/index.md": "# Home\n\nNot committed yet.", "content/b.md": None})
    return work


@pytest.fixture
def served(work: Path) -> Iterator[Served]:
    one = Served(work, "--versions")
    yield one
    one.close()


def state(work: Path) -> list[object]:
    names = ("status --porcelain --branch", "branch --all", "worktree list", "stash list", "config --list --local")
    files = {path: data for path, data in outputs(work).items() if not path.startswith((".git/", ".ssg/"))}
    return [git(work, *name.split()) for name in names] + [files]


def test_versions_come_from_tags_and_leave_the_project_alone(work: Path) -> None:
    before = state(work)
    served = Served(work, "--versions")
    try:
        assert served.path == "/docs/dev/"
        status, headers, _ = served.get("/docs/")
        assert (status, headers["Location"]) == (302, "/docs/dev/")
        found = json.loads(served.get("/docs/versions.json")[2])
        assert [(one["version"], one["aliases"]) for one in found] == [("dev", []), ("v2.0", ["latest"]), ("1.0", [])]
        assert "building" not in served.said
        assert "One, the first word." in served.get("/docs/1.0/")[2]
        assert "building v2.0" not in served.said
        assert "Two, another word." in served.get("/docs/v2.0/")[2]
        assert "Not committed yet." in served.get("/docs/dev/")[2]
        assert served.get("/docs/latest/b/")[2] == served.get("/docs/v2.0/b/")[2]
        assert 'class="versions"' in served.get("/docs/1.0/")[2]
        assert '<link rel="canonical" href="https://example.org/docs/latest/a/">' in served.get("/docs/1.0/a/")[2]
        assert served.get("/docs/1.0/a")[1]["Location"] == "/docs/1.0/a/"
        assert served.get("/docs/v2.0")[1]["Location"] == "/docs/v2.0/"
        assert served.get("/docs/1.0/b/", "HEAD")[0] == 404
        assert "/docs/1.0/assets/" in served.get("/docs/1.0/b/")[2]
        for missing in ("/docs/3.0/", "/docs/words-of-the-day/", "/other/", "/docs/1.0/%2e%2e/%2e%2e/ssg.yml"):
            assert served.get(missing)[0] == 404
        assert state(work) == before
        write(work, {"content/index.md": "# Home\n\nEdited."})
        served.shows("Edited.")
        git(work, "tag", "v2.1", "v2.0^{commit}")
        assert [one["version"] for one in json.loads(served.get("/docs/versions.json")[2])][1] == "v2.1"
        assert "Two, another word." in served.get("/docs/latest/")[2]
    finally:
        served.close()


def test_a_version_is_built_once_for_a_commit(work: Path) -> None:
    for times in (1, 0):
        served = Served(work, "--versions")
        try:
            assert "One" in served.get("/docs/1.0/")[2]
            assert "One" in served.get("/docs/1.0/")[2]
            assert served.said.count("building 1.0") == times
        finally:
            served.close()
    git(work, "tag", "--force", "1.0", "v2.0^{commit}")
    served = Served(work, "--versions")
    try:
        assert "Two" in served.get("/docs/1.0/")[2]
    finally:
        served.close()


def test_pages_of_a_version_know_when_they_were_changed(work: Path) -> None:
    main = "{{ page.updated }}|{{ version.version }}"
    commit(work, "Plain", {"themes/plain/main.html": main, "ssg.yml": "site_name: Demo\ntheme: plain\n"})
    git(work, "tag", "3.0")
    served = Served(work, "--versions")
    try:
        assert served.path == "/dev/"
        day = git(work, "log", "-1", "--format=%cs", "--", "content/a.md")
        assert served.get("/3.0/a/")[2] == f"{day}|3.0"
    finally:
        served.close()


def test_a_version_that_cannot_be_built_is_told(work: Path) -> None:
    commit(work, "Broken", {"ssg.yml": "site_name: [\n"})
    git(work, "tag", "2.5")
    write(work, {"ssg.yml": SITE["ssg.yml"]})
    served = Served(work, "--versions")
    try:
        status, _, page = served.get("/docs/2.5/")
        assert status == 500 and "Version 2.5 cannot be built" in page and "ssg.yml" in page
        served.hear("[yaml]")
        assert served.get("/docs/1.0/")[0] == 200
    finally:
        served.close()


def test_a_folder_without_git(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": "site_name: Demo\n", "content/index.md": "# Home"})
    done = ssg(
        "serve", "--versions", cwd=tmp_path, code=1, environment={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    )
    assert "this folder is in no git repository" in done.stderr


def test_readers_go_from_version_to_version(served: Served, chromium: Any) -> None:
    page = chromium.new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    top = f"http://{served.host}:{served.port}/docs"

    def choose(name: str) -> None:
        page.locator(".versions summary").click()
        page.locator(".versions a", has_text=name).click()

    page.goto(f"{top}/dev/a/")
    choose("1.0")
    page.wait_for_url(f"{top}/1.0/a/")  # the same page
    page.locator(".outdated:not([hidden])").wait_for()
    page.locator(".outdated a").click()
    page.wait_for_url(f"{top}/v2.0/")
    page.goto(f"{top}/v2.0/b/")
    page.locator(".versions summary").wait_for()
    assert page.locator(".outdated").is_hidden()
    choose("1.0")
    page.wait_for_url(f"{top}/1.0/")  # where that version does not have it
    page.goto(f"{top}/dev/")
    page.locator(".versions summary").wait_for()
    assert page.locator(".outdated").is_hidden()  # newer than the newest is not old
    until(lambda: "built v2.0" in served.said, "the version")
