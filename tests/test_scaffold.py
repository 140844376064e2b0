"""A new site builds without a word of complaint, whatever it is called, and never takes the place of anything."""

import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from ssg.cli import main
from ssg.config import load
from ssg.errors import ContentError
from ssg.scaffold import FILES, scaffold

ODD_NAMES = [
    'my "site": #1',
    "it's {{ mine }}",
    "- no",
    "yes",
    "1.10",
    "<b>&amp;</b>",
    "\\n ${HOME}",
    "漢字 😀 é",
    "a" * 300,
]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def check(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Build as the workflow does; nothing is to be said, not even in a note."""
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(main, ["build", "--strict", "--format", "json", "--jobs", "1"])
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    assert result["published"]
    assert result["diagnostics"] == []


def test_a_new_site_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["new", "my-docs"])
    assert done.exit_code == 0
    assert all(f"  {path}\n" in done.output for path in FILES)
    assert "cd my-docs && ssg serve" in done.output
    folder = tmp_path / "my-docs"
    assert sorted(files(folder)) == sorted(FILES)
    check(folder, monkeypatch)
    pages = {path: text for path, text in files(folder / "output").items() if path.endswith("index.html")}
    assert {"index.html", "guide/index.html", "guide/writing/index.html"} <= pages.keys()
    writing = pages["guide/writing/index.html"].decode()
    for sign in ("admonition", "<table", "tabbed", "<kbd", "<mark>", "footnote", "<details", "hello.py"):
        assert sign in writing
    assert "task-list" in pages["guide/index.html"].decode()
    assert "My docs" in pages["index.html"].decode()


@pytest.mark.parametrize("name", ODD_NAMES)
def test_names_are_taken_as_they_are(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scaffold(tmp_path / "site", name)
    assert load(None, cwd=tmp_path / "site").config.site_name == name
    assert yaml.safe_load((tmp_path / "site/ssg.yml").read_text("utf-8")) == {"site_name": name}
    check(tmp_path / "site", monkeypatch)


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("my_first-site", "My first site"),
        ('my "site": #1', 'My "site": #1'),
        ("two\nlines", "Two lines"),
        ("\x7f", "My site"),
        ("été", "Été"),
    ],
)
def test_the_name_of_the_folder_becomes_that_of_the_site(folder: str, name: str, tmp_path: Path) -> None:
    scaffold(tmp_path / folder, "")
    assert load(None, cwd=tmp_path / folder).config.site_name == name


def test_a_name_is_one_line_of_text(tmp_path: Path) -> None:
    scaffold(tmp_path / "site", " two\nlines\0and \udcff a\u2028third ")
    assert load(None, cwd=tmp_path / "site").config.site_name == "two lines and a third"


@pytest.mark.parametrize("path", [*FILES, "mkdocs.yml"])
def test_no_file_is_overwritten(path: str, tmp_path: Path) -> None:
    existing = tmp_path / path
    existing.parent.mkdir(parents=True, exist_ok=True)
    existing.write_text("mine", "utf-8")
    with pytest.raises(ContentError, match=re.escape(path)):
        scaffold(tmp_path, "")
    assert files(tmp_path) == {path: b"mine"}


def test_nothing_is_written_through_links_or_into_files(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one/ssg.yml").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "two").mkdir()
    (tmp_path / "two/content").write_text("mine", "utf-8")
    (tmp_path / "three").write_text("mine", "utf-8")
    for name in ("one", "two", "three"):
        with pytest.raises(ContentError):
            scaffold(tmp_path / name, "")
    assert files(tmp_path) == {"two/content": b"mine", "three": b"mine"}


def test_other_files_may_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "README.md").write_text("mine", "utf-8")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["new", ".", "--name", "Here"])
    assert done.exit_code == 0
    assert "look at it with: ssg serve" in done.output
    check(tmp_path, monkeypatch)


def test_the_workflow_may_do_no_more_than_it_must(tmp_path: Path) -> None:
    scaffold(tmp_path, "")
    workflow = yaml.safe_load((tmp_path / ".github/workflows/docs.yml").read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    jobs = workflow["jobs"]
    assert {name: job.get("permissions") for name, job in jobs.items()} == {
        "build": None,
        "deploy": {"pages": "write", "id-token": "write"},
        "preview": {"contents": "write", "actions": "write"},
    }
    assert "head.repo.full_name == github.repository" in jobs["preview"]["if"]
    assert jobs["build"]["steps"][0]["with"]["persist-credentials"] is False
    commands = [step.get("run") for job in jobs.values() for step in job["steps"]]
    assert "ssg build --strict --format github" in commands
    # what somebody else may write is never part of a command
    assert not [command for command in commands if command and "${{" in command]


def test_actions_are_named_by_commit_and_version(tmp_path: Path) -> None:
    scaffold(tmp_path, "")
    text = (tmp_path / ".github/workflows/docs.yml").read_text("utf-8")
    used = re.findall(r"uses: (.*)", text)
    assert len(used) == 8
    pins = [re.fullmatch(r"(actions/[a-z-]+)(?:/restore)?@([0-9a-f]{40}) # v\d+\.\d+\.\d+", name) for name in used]
    assert all(pins)
    commits = {(pin[1], pin[2]) for pin in pins if pin}
    assert len(commits) == len({name for name, _ in commits})


def test_pull_requests_are_shown_and_taken_away(tmp_path: Path) -> None:
    scaffold(tmp_path, "")
    workflow = yaml.safe_load((tmp_path / ".github/workflows/docs.yml").read_text("utf-8"))
    assert {"opened", "synchronize", "reopened", "closed"} == {*workflow[True]["pull_request"]["types"]}
    job = workflow["jobs"]["preview"]
    assert job["env"]["PREVIEW"] == "pr-${{ github.event.number }}"
    steps = {step["run"]: step.get("if") for step in job["steps"] if "run" in step}
    assert steps['ssg deploy --preview "$PREVIEW" --format github'] == "github.event.action != 'closed'"
    assert steps['ssg deploy --preview "$PREVIEW" --remove'] == "github.event.action == 'closed'"
    assert [*steps][-1].startswith("gh workflow run docs.yml --ref")
    assert "workflow_dispatch" in workflow[True]
