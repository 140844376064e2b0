"""`ssg deploy` and `ssg versions` with real repositories: what a remote holds afterwards, and what is never lost."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from repositories import ENVIRONMENT, commit, git, project, served, tip
from sites import outputs, write
from test_cli import ssg

from ssg.deploy.address import address_problem, pages_url
from ssg.deploy.versions import Versions, read_versions
from ssg.errors import DeployError

SITE: dict[str, str | bytes | None] = {
    "ssg.yml": "site_name: Demo\nsite_url: https://example.org/docs/\n",
    "content/index.md": "# Home\n\nRead [more](a.md).",
    "content/a.md": "# A",
    "content/_draft/ümläut file.txt": "text\r\nwith its line ends\r\n",
}


def run(work: Path, *arguments: str, code: int = 0, **environment: str) -> tuple[str, str]:
    done = ssg(*arguments, cwd=work, code=code, environment={**ENVIRONMENT, **environment})
    return done.stdout, done.stderr


def references(work: Path) -> str:
    """Return all that a remote has, by the names of branches and tags."""
    return git(work.parent / "remote.git", "for-each-ref")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return project(tmp_path, SITE)


def test_the_branch_holds_the_site_to_the_byte(work: Path) -> None:
    write(work, {".gitattributes": "* text=auto eol=lf\n", ".gitignore": ".ssg/\noutput/\n*.txt\n*.js\n"})
    git(work, "config", "core.autocrlf", "true")
    commit(work, "Rules that would change or leave out files of the site")
    before = {path: path.read_bytes() for path in work.rglob("*") if path.is_file() and ".git" not in path.parts}
    status = git(work, "status", "--porcelain", "--branch")
    out, _ = run(work, "deploy")
    assert "pushed" in out and "it will be at https://example.org/docs/" in out
    built = {path: data for path, data in outputs(work / "output").items() if not path.startswith(".ssg/")}
    export = work.parent / "export"
    git(work.parent, "clone", "-q", "-b", "gh-pages", str(work.parent / "remote.git"), str(export))
    found = {path: data for path, data in outputs(export).items() if not path.startswith(".git/")}
    assert found == {**built, ".nojekyll": b""}
    assert git(work, "status", "--porcelain", "--branch") == status
    assert git(work, "branch", "--format=%(refname:short)") == "main"
    assert {path: data for path, data in before.items() if path.read_bytes() != data} == {}


def test_the_message_names_the_source(work: Path) -> None:
    source = git(work, "rev-parse", "HEAD")
    run(work, "deploy")
    message = git(work.parent / "remote.git", "log", "-1", "--format=%B", "gh-pages")
    assert message.startswith(f"Deploy {source[:7]}\n\nSource: {source}\nGenerated-by: ssg ")


def test_a_second_deployment_follows_the_first(work: Path) -> None:
    run(work, "deploy")
    first = tip(work)
    out, _ = run(work, "deploy")
    assert "nothing to do" in out
    assert tip(work) == first
    commit(work, "Change", {"content/a.md": None, "content/b.md": "# B", "content/index.md": "# Home\n\n[more](b.md)"})
    out, _ = run(work, "deploy")
    assert git(work.parent / "remote.git", "rev-parse", "gh-pages^") == first
    assert "b/index.html" in served(work)
    assert "a/index.html" not in served(work)


def test_a_dry_run_changes_nothing(work: Path) -> None:
    out, _ = run(work, "deploy", "--dry-run")
    assert "would push to 'gh-pages' of 'origin': " in out
    assert tip(work) == ""
    assert json.loads(run(work, "deploy", "--dry-run", "--format", "json")[0])["pushed"] is False


def test_the_domain_of_the_host_is_kept(work: Path) -> None:
    run(work, "deploy")
    other = work.parent / "other"
    git(work.parent, "clone", "-q", "-b", "gh-pages", str(work.parent / "remote.git"), str(other))
    commit(other, "Create CNAME", {"CNAME": "example.org\n"})
    git(other, "push", "-q", "origin", "gh-pages")
    commit(work, "Change", {"content/a.md": "# Other"})
    run(work, "deploy")
    assert served(work)["CNAME"] == "example.org"
    assert "Other" in served(work)["a/index.html"]
    commit(work, "Own", {"content/CNAME": "own.example.org\n"})
    run(work, "deploy")
    assert served(work)["CNAME"] == "own.example.org"


def test_what_was_changed_by_hand_is_not_replaced(work: Path) -> None:
    run(work, "deploy")
    other = work.parent / "other"
    git(work.parent, "clone", "-q", "-b", "gh-pages", str(work.parent / "remote.git"), str(other))
    commit(other, "By hand", {"a/index.html": "by hand"})
    git(other, "push", "-q", "origin", "gh-pages")
    before = tip(work)
    _, err = run(work, "deploy", code=1)
    assert "changed by hand since the last deployment: a/index.html [deploy-diverged]" in err
    assert tip(work) == before
    git(other, "revert", "--no-edit", "HEAD")
    git(other, "push", "-q", "origin", "gh-pages")
    run(work, "deploy")


def test_a_branch_of_sources_is_not_replaced(work: Path) -> None:
    git(work, "push", "-q", "origin", "main:other")
    for branch, words in {"main": "the branch that your sources are on", "other": "was not made by ssg"}.items():
        _, err = run(work, "deploy", "--branch", branch, code=1)
        assert words in err and "[deploy-branch]" in err
    git(work, "checkout", "-q", "--detach")
    _, err = run(work, "deploy", "--branch", "main", code=1)
    assert "was not made by ssg" in err
    run(work, "deploy")  # without a branch checked out, as in most workflows


@pytest.mark.parametrize(
    "message", ["Deployed 1a2b3c4 with MkDocs version: 1.6.1", "Update documentation", "deploy: " + "a" * 40]
)
def test_a_branch_of_another_tool_is_taken_over(work: Path, message: str) -> None:
    other = work.parent / "other"
    git(work.parent, "init", "-q", "-b", "gh-pages", str(other))
    commit(other, message, {"old.html": "old"})
    git(other, "push", "-q", str(work.parent / "remote.git"), "gh-pages")
    run(work, "deploy")
    assert "old.html" not in served(work)


@pytest.mark.parametrize("branch", ["--delete", "-x", "a..b", "", "HEAD", "a\nb"])
def test_names_that_no_branch_can_have(work: Path, branch: str) -> None:
    before = references(work)
    _, err = run(work, "deploy", f"--branch={branch}", code=1)
    assert "cannot be the name of a branch [deploy-branch]" in err
    config = f"{SITE['ssg.yml']!s}remote_branch: {json.dumps(branch)}\n"
    write(work, {"ssg.yml": config})
    for command in (["deploy"], ["deploy", "--preview", "x"], ["versions", "list"], ["versions", "delete", "1"]):
        _, err = run(work, *command, code=1)
        assert "[deploy-branch]" in err
    assert references(work) == before


@pytest.mark.parametrize("command", [["deploy"], ["versions", "list"], ["workflow"], ["deploy", "--preview", "x"]])
def test_each_command_without_git_or_a_repository(work: Path, command: list[str]) -> None:
    _, err = run(work, *command, code=1, PATH="")
    assert "git is not installed" in err
    shutil.rmtree(work / ".git")
    _, err = run(work, *command, code=1, GIT_CEILING_DIRECTORIES=str(work.parent))
    assert "this folder is in no git repository [git]" in err
    assert not (work / "output").exists() and not (work / ".github").exists()


def test_a_repository_without_commits(tmp_path: Path) -> None:
    work = tmp_path / "work"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(tmp_path / "remote.git"))
    git(tmp_path, "init", "-q", "-b", "main", str(work))
    git(work, "remote", "add", "origin", str(tmp_path / "remote.git"))
    write(work, SITE)
    _, err = run(work, "deploy")
    assert "changes that are not committed" in err
    assert "a/index.html" in served(work)
    assert git(work, "branch", "--list") == ""


def test_a_head_that_is_detached(work: Path) -> None:
    git(work, "checkout", "-q", "--detach")
    run(work, "deploy", "--version", "1.0")
    assert "1.0/a/index.html" in served(work)
    assert git(work, "status", "--porcelain", "--branch") == "## HEAD (no branch)"


def test_remotes_that_cannot_be_used(work: Path) -> None:
    for remote in ("--upload-pack=touch x", "nowhere", "../remote.git", ""):
        _, err = run(work, "deploy", f"--remote={remote}", code=1)
        assert "there is no remote" in err and "origin" in err
    git(work, "remote", "set-url", "origin", str(work.parent / "gone.git"))
    _, err = run(work, "deploy", code=1)
    assert "cannot use the remote 'origin'" in err and "[deploy-remote]" in err
    git(work, "remote", "remove", "origin")
    _, err = run(work, "deploy", code=1)
    assert "this repository has no remote" in err


def test_no_git_and_no_repository(work: Path) -> None:
    _, err = run(work, "deploy", code=1, PATH="")
    assert "git is not installed" in err
    shutil.rmtree(work / ".git")
    _, err = run(work, "deploy", code=1, GIT_CEILING_DIRECTORIES=str(work.parent))
    assert "this folder is in no git repository [git]" in err


def test_no_right_to_push(work: Path) -> None:
    hook = work.parent / "remote.git/hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho this branch is protected\nexit 1\n")
    hook.chmod(0o755)
    _, err = run(work, "deploy", code=1)
    assert "'origin' refuses to change 'gh-pages': this branch is protected" in err
    assert "[deploy-refused]" in err
    assert tip(work) == ""


def test_somebody_else_is_quicker(work: Path) -> None:
    """The branch moves between the look at it and the push: here by a hook of git that runs just before the push."""
    run(work, "deploy")
    remote = work.parent / "remote.git"
    commit(work, "Change", {"content/a.md": "# Other"})
    hook = work / ".git/hooks/pre-push"
    tree = "$(git rev-parse gh-pages^{tree})"
    move = f"git update-ref refs/heads/gh-pages $(git commit-tree {tree} -p gh-pages -m quicker)"
    hook.write_text(f"#!/bin/sh\nunset GIT_DIR\ncd '{remote}' && {move}\n")
    hook.chmod(0o755)
    _, err = run(work, "deploy", code=1)
    assert "was changed by somebody else in this moment [deploy-diverged]" in err
    assert git(remote, "log", "-1", "--format=%s", "gh-pages") == "quicker"


def test_nobody_to_name_on_the_commit(work: Path) -> None:
    nobody = {name: "" for name in ENVIRONMENT if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER"))}
    git(work, "config", "user.useConfigOnly", "true")
    _, err = run(work, "deploy", code=1, **nobody)
    assert "whose name to put on the commit" in err
    assert tip(work) == ""


def test_a_site_with_problems_is_not_deployed(work: Path) -> None:
    write(work, {"content/a.md": "---\ntilte: A\n---\n# A"})
    out, err = run(work, "deploy", code=1)
    assert "[front-matter-key]" in err and "not published" in out
    assert tip(work) == ""
    out, err = run(work, "deploy", "--no-strict")
    assert "[deploy-dirty]" in err
    message = git(work.parent / "remote.git", "log", "-1", "--format=%B", "gh-pages")
    assert "with changes that were not committed" in message


def test_the_same_commit_for_the_same_source(work: Path) -> None:
    run(work, "deploy", SOURCE_DATE_EPOCH="1700000000", TZ="Asia/Tokyo")
    first = tip(work)
    git(work.parent / "remote.git", "update-ref", "-d", "refs/heads/gh-pages")
    run(work, "deploy", SOURCE_DATE_EPOCH="1700000000", TZ="America/Lima")
    assert tip(work) == first


# -- the workflow -----------------------------------------------------------------------------------------------------


def test_a_workflow_for_a_site_that_is_there(work: Path) -> None:
    out, _ = run(work, "workflow")
    assert "wrote .github/workflows/docs.yml" in out
    written = work / ".github/workflows/docs.yml"
    found = yaml.safe_load(written.read_text("utf-8"))
    assert found[True]["push"]["branches"] == ["main"]
    assert [one["with"]["path"] for one in found["jobs"]["build"]["steps"] if "path" in one.get("with", {})] == [
        ".ssg",
        "output",
    ]
    assert "defaults" not in found
    written.write_text("mine", "utf-8")
    _, err = run(work, "workflow", code=1)
    assert "[exists]" in err
    assert written.read_text("utf-8") == "mine"


def test_the_workflow_comes_with_the_right_address(work: Path) -> None:
    git(work, "remote", "set-url", "origin", "git@github.com:o/n.git")
    write(work, {"ssg.yml": "site_name: Demo\n"})
    _, err = run(work, "workflow")
    assert "ssg.yml:1:1: warning: there is no `site_url`, and this site will be at https://o.github.io/n/" in err
    (work / ".github/workflows/docs.yml").unlink()
    write(work, {"ssg.yml": "site_name: Demo\nsite_url: https://o.github.io/n/\n"})
    assert run(work, "workflow")[1] == ""


def test_a_workflow_for_a_site_in_a_folder_of_a_repository(work: Path) -> None:
    config = "site_name: Demo\nremote_branch: my-site\n"
    write(work, {"my docs/mkdocs.yml": config, "my docs/docs/index.md": "# Home"})
    git(work, "checkout", "-q", "-b", "re'lease")
    run(work / "my docs", "workflow")
    found = yaml.safe_load((work / ".github/workflows/docs.yml").read_text("utf-8"))
    assert found[True]["push"]["branches"] == ["re'lease"]
    condition = "github.ref_name == 're''lease'"
    assert found["jobs"]["deploy"]["if"].startswith(f"{condition} && ")
    assert found["defaults"]["run"]["working-directory"] == "my docs"
    assert found["jobs"]["preview"]["steps"][-1]["env"]["BRANCH"] == "re'lease"
    script = next(one["run"] for one in found["jobs"]["build"]["steps"] if one.get("if") == condition)
    assert "gh-pages" not in (work / ".github/workflows/docs.yml").read_text("utf-8")
    assert "origin/my-site:preview" in script
    steps = {one.get("uses", one.get("run", "")).split("@")[0]: one for one in found["jobs"]["build"]["steps"]}
    assert "ssg build --strict --format github" in steps
    assert steps["actions/upload-pages-artifact"]["with"]["path"] == "my docs/site"
    assert steps["actions/cache"]["with"]["path"] == "my docs/.ssg"


def test_previews_are_published_with_the_site(work: Path) -> None:
    """What the workflow runs before it uploads, in clones with and without previews."""
    run(work, "workflow")
    found = yaml.safe_load((work / ".github/workflows/docs.yml").read_text("utf-8"))
    script = next(one["run"] for one in found["jobs"]["build"]["steps"] if "git rev-parse" in one.get("run", ""))
    for number, previews in enumerate((set[str](), {"preview/pr-7/index.html", "preview/pr-7/a/index.html"})):
        clone = work.parent / str(number)
        git(work.parent, "clone", "-q", str(work.parent / "remote.git"), str(clone))
        write(clone, {"output/index.html": "site"})
        shell = {**os.environ, **ENVIRONMENT, "GITHUB_WORKSPACE": str(clone)}
        subprocess.run(["bash", "-e", "-c", script], cwd=clone, env=shell, check=True)
        files = outputs(clone / "output")
        assert files.pop("index.html") == b"site"
        assert previews <= files.keys()
        assert all(path.startswith("preview/pr-7/") for path in files)
        run(work, "deploy", "--preview", "pr-7")


# -- versions and previews --------------------------------------------------------------------------------------------


def test_versions_stand_side_by_side(work: Path) -> None:
    run(work, "deploy", "--version", "1.0", "--alias", "latest")
    assert json.loads(served(work)["versions.json"]) == [{"version": "1.0", "title": "1.0", "aliases": ["latest"]}]
    commit(work, "Two", {"content/a.md": "# Other"})
    run(work, "deploy", "--version", "2.0", "--alias", "latest", "--title", "Two")
    run(work, "deploy", "--version", "dev")
    files = served(work)
    assert [(one["version"], one["title"], one["aliases"]) for one in json.loads(files["versions.json"])] == [
        ("dev", "dev", []),
        ("2.0", "Two", ["latest"]),
        ("1.0", "1.0", []),
    ]
    assert "Other" in files["2.0/a/index.html"] == files["latest/a/index.html"]
    assert "Other" not in files["1.0/a/index.html"]
    assert "/docs/2.0/" in files["2.0/404.html"]
    out, _ = run(work, "versions", "list")
    assert out == "dev\n2.0 (Two) [latest]\n1.0\n"
    run(work, "versions", "default", "latest")
    assert 'url=latest/"' in served(work)["index.html"]
    run(work, "versions", "alias", "1.0", "stable", "latest")
    assert served(work)["latest/a/index.html"] == served(work)["1.0/a/index.html"]
    run(work, "versions", "delete", "2.0", "stable")
    left = {name.split("/")[0] for name in served(work)}
    assert left == {".nojekyll", "404.html", "index.html", "versions.json", "1.0", "latest", "dev"}
    _, err = run(work, "deploy", code=1)
    assert "the branch 'gh-pages' has versions: dev, 1.0, latest" in err


def test_pages_of_a_version_know_of_the_others(work: Path) -> None:
    main = "{{ page.canonical_url }}|{{ version and version.outdated }}|{{ '../versions.json'|url }}"
    plain = {"themes/plain/main.html": main, "ssg.yml": f"{SITE['ssg.yml']!s}theme: plain\n"}
    commit(work, "Plain", {**plain, "content/gone.md": "# Gone"})
    run(work, "deploy", "--version", "1.0", "--alias", "latest")
    assert served(work)["1.0/a/index.html"] == "https://example.org/docs/latest/a/|False|../../versions.json"
    commit(work, "Two", {"content/gone.md": None, "content/new.md": "# New"})
    run(work, "deploy", "--version", "2.0", "--alias", "latest")
    run(work, "deploy", "--version", "dev")
    commit(work, "One again", {"content/gone.md": "# Gone"})
    run(work, "deploy", "--version", "1.0")
    files = served(work)
    assert files["latest/new/index.html"] == "https://example.org/docs/latest/new/|False|../../versions.json"
    assert files["dev/a/index.html"] == "https://example.org/docs/latest/a/|False|../../versions.json"
    assert files["1.0/a/index.html"] == "https://example.org/docs/latest/a/|True|../../versions.json"
    assert files["1.0/index.html"] == "https://example.org/docs/latest/|True|../versions.json"
    assert files["1.0/gone/index.html"] == "https://example.org/docs/1.0/gone/|True|../../versions.json"
    run(work, "deploy", "--preview", "x")
    assert served(work)["preview/x/a/index.html"].startswith("https://example.org/docs/preview/x/a/|None|")


def test_a_site_made_by_mike_is_read(work: Path) -> None:
    other = work.parent / "other"
    git(work.parent, "init", "-q", "-b", "gh-pages", str(other))
    versions: list[dict[str, Any]] = [
        {"version": "1.1", "title": "1.1 (old)", "aliases": ["latest"], "properties": {"hidden": True}},
        {"version": "1.0", "title": "1.0", "aliases": []},
    ]
    write(other, {"versions.json": json.dumps(versions), "1.1/index.html": "1.1", "1.0/index.html": "1.0"})
    (other / "latest").symlink_to("1.1")
    commit(other, "Deployed 1a2b3c4 to 1.1 with MkDocs 1.6.1 and mike 2.1.3")
    git(other, "push", "-q", str(work.parent / "remote.git"), "gh-pages")
    run(work, "deploy", "--version", "1.10", "--alias", "latest")
    files = served(work)
    found = {one["version"]: one for one in json.loads(files["versions.json"])}
    assert list(found) == ["1.10", "1.1", "1.0"]
    assert found["1.1"] == {**versions[0], "aliases": []}
    assert files["latest/index.html"] == files["1.10/index.html"]
    assert files["1.1/index.html"] == "1.1"
    assert git(work.parent / "remote.git", "ls-tree", "gh-pages", "latest").split()[:2] == ["040000", "tree"]


@pytest.mark.parametrize(
    "name", ["../x", "..", ".", "a/b", "-x", "", ".git", "a\\b", "a b", "preview", "versions.json", "CNAME", "é", "a\n"]
)
def test_names_that_no_version_can_have(name: str) -> None:
    for version, aliases in ((name, []), ("1.0", [name])):
        with pytest.raises(DeployError, match="cannot be the name of"):
            Versions().add(version, "", aliases)


def test_names_are_looked_at_before_anything_is_done(work: Path) -> None:
    for options in (["--version=../x"], ["--version=1", "--alias=-x"], ["--preview=.."]):
        _, err = run(work, "deploy", *options, code=1)
        assert "cannot be the name of" in err
    for options in (["--version="], ["--preview="]):
        run(work, "deploy", *options, code=2)
    for command in (["delete", "../x"], ["alias", "../x", "a"], ["default", "-x"]):
        run(work, "versions", command[0], "--", *command[1:], code=1)
    assert tip(work) == ""
    assert not (work / "output").exists()


@pytest.mark.parametrize(
    "text", ["{", "[1]", "{}", '[{"version": "../x"}]', '[{"version": "1", "aliases": ["a", "a"]}]', "[[[[", "\udcff"]
)
def test_a_broken_list_of_versions_is_left_as_it_is(work: Path, text: str) -> None:
    other = work.parent / "other"
    git(work.parent, "init", "-q", "-b", "gh-pages", str(other))
    broken = text.encode("utf-8", "surrogateescape")
    commit(other, "Deployed 1a2b3c4 to 1.1 with MkDocs 1.6.1 and mike 2.1.3", {"versions.json": broken})
    git(other, "push", "-q", str(work.parent / "remote.git"), "gh-pages")
    before = tip(work)
    for command in (["deploy"], ["deploy", "--version", "2"], ["versions", "list"], ["versions", "delete", "1"]):
        _, err = run(work, *command, code=1)
        assert "[deploy-versions]" in err and "'versions.json' on the branch 'gh-pages'" in err
    assert tip(work) == before


def test_what_is_not_a_version_is_not_replaced_by_one(work: Path) -> None:
    run(work, "deploy")
    _, err = run(work, "deploy", "--version", "a", code=1)
    assert "the site has something at 'a' that is not a version of it" in err
    run(work, "deploy", "--version", "1.0")
    assert "a/index.html" in served(work)
    for command in (["delete", "nope"], ["alias", "nope", "x"], ["default", "nope"]):
        _, err = run(work, "versions", *command, code=1)
        assert "there is no version 'nope'" in err
    _, err = run(work, "deploy", "--version", "2.0", "--alias", "1.0", code=1)
    assert "'1.0' is a version, and cannot be an alias too" in err


def test_previews_stand_beside_the_site(work: Path) -> None:
    run(work, "deploy")
    site = served(work)
    commit(work, "Idea", {"content/a.md": "# An idea"})
    out, _ = run(work, "deploy", "--preview", "pr-7")
    assert "https://example.org/docs/preview/pr-7/" in out
    files = served(work)
    assert "An idea" in files["preview/pr-7/a/index.html"]
    assert '<meta name="robots" content="noindex' in files["preview/pr-7/a/index.html"]
    assert "noindex" not in files["a/index.html"]
    assert site.items() <= files.items()
    run(work, "deploy")
    assert "preview/pr-7/a/index.html" in served(work)
    run(work, "deploy", "--preview", "pr-7", "--remove")
    assert not [name for name in served(work) if name.startswith("preview/")]
    before = tip(work)
    out, _ = run(work, "deploy", "--preview", "pr-7", "--remove")
    assert "nothing to do: there is no preview 'pr-7'" in out
    assert tip(work) == before


def test_two_previews_at_once(work: Path) -> None:
    """The branch moves just before the first push, by another preview: that stays, and this one comes behind it."""
    run(work, "deploy", "--preview", "pr-1")
    remote, other = work.parent / "remote.git", work.parent / "other"
    git(work.parent, "clone", "-q", "-b", "gh-pages", str(remote), str(other))
    quicker = commit(other, "Deploy to preview/pr-2\n\nGenerated-by: ssg 1", {"preview/pr-2/index.html": "two"})
    git(other, "push", "-q", "origin", "gh-pages:quicker")
    commit(work, "Change", {"content/a.md": "# An idea"})
    hook = work / ".git/hooks/pre-push"
    move = f"git update-ref refs/heads/gh-pages {quicker} && rm '{hook}'"
    hook.write_text(f"#!/bin/sh\nunset GIT_DIR\ncd '{remote}' && {move}\n")
    hook.chmod(0o755)
    run(work, "deploy", "--preview", "pr-1")
    assert git(remote, "rev-parse", "gh-pages^") == quicker
    files = served(work)
    assert files["preview/pr-2/index.html"] == "two"
    assert "An idea" in files["preview/pr-1/a/index.html"]


@pytest.mark.parametrize(
    "options",
    [["--alias", "x"], ["--remove"], ["--preview", "x", "--version", "1"], ["--title", "x"]],
)
def test_options_that_do_not_go_together(work: Path, options: list[str]) -> None:
    _, err = run(work, "deploy", *options, code=2)
    assert "[usage]" in err


def test_versions_are_ordered_as_people_count() -> None:
    names = ["v1.9", "2.0", "2.0rc1", "2.0.1", "dev", "1.10", "10.0"]
    versions = Versions()
    for name in names:
        versions = versions.add(name, "", [])
    assert [one.version for one in versions.ordered()] == ["dev", "10.0", "2.0.1", "2.0", "2.0rc1", "1.10", "v1.9"]
    assert versions.latest() == "10.0"
    assert read_versions(versions.text(), "") == Versions(tuple(versions.ordered()))
    with pytest.raises(DeployError):
        versions.add("2.1", "", ["latest"]).add("latest", "", [])


# -- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("https://github.com/Owner/Name.git", "https://owner.github.io/Name/"),
        ("https://token@github.com/owner/name", "https://owner.github.io/name/"),
        ("git@github.com:owner/name.git", "https://owner.github.io/name/"),
        ("ssh://git@github.com/owner/name.git", "https://owner.github.io/name/"),
        ("ssh://git@ssh.github.com:443/owner/name.git", "https://owner.github.io/name/"),
        ("git@github.com:owner/owner.github.io.git", "https://owner.github.io/"),
        ("https://gitlab.com/owner/name", ""),
        ("https://example.org/github.com/owner/name", ""),
        (os.sep + "some/where.git", ""),
    ],
)
def test_the_address_that_pages_will_give(remote: str, expected: str) -> None:
    assert pages_url(remote) == expected
    assert pages_url(remote, "docs.example.org") == (expected and "https://docs.example.org/")


@pytest.mark.parametrize(
    ("site_url", "domain", "said"),
    [
        ("https://o.github.io/n/", "", ""),
        ("https://O.github.io/n", "", ""),
        ("", "", "no `site_url`"),
        ("https://o.github.io/", "", "will be at https://o.github.io/n/"),
        ("http://o.github.io/n/", "", "will be at https://o.github.io/n/"),
        ("https://docs.example.org/", "", "without a file `CNAME`"),
        ("https://docs.example.org/", "docs.example.org", ""),
        ("https://o.github.io/n/", "docs.example.org", "will be at https://docs.example.org/"),
        ("https://o.example.org/n/", "", ""),
    ],
)
def test_an_address_that_does_not_match_is_told(site_url: str, domain: str, said: str) -> None:
    found = address_problem(site_url, "git@github.com:o/n.git", domain)
    if said:
        assert found is not None and said in found[0] and "site_url: https://" in found[1]
    else:
        assert found is None


def test_the_address_is_told_with_its_place(work: Path) -> None:
    git(work, "remote", "set-url", "origin", "git@github.com:o/n.git")
    script = work.parent / "ssh"  # stands for GitHub's end: runs what it is asked to, on the repository that is here
    script.write_text(f"#!/bin/sh\nfor last; do :; done\nexec ${{last%% *}} '{work.parent / 'remote.git'}'\n")
    script.chmod(0o755)
    ssh = {"GIT_SSH_COMMAND": str(script), "GIT_SSH_VARIANT": "simple"}
    _, err = run(work, "deploy", code=0, **ssh)
    assert "ssg.yml:2:1: warning: `site_url` is https://example.org/docs/, and without a file `CNAME`" in err
    assert "[site-url]" in err and "`site_url: https://o.github.io/n/`" in err
    commit(work, "Right", {"ssg.yml": "site_name: Demo\nsite_url: https://o.github.io/n/\n"})
    out, err = run(work, "deploy", code=0, **ssh)
    assert "it will be at https://o.github.io/n/" in out
    assert "site-url" not in err
