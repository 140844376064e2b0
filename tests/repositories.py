"""Git repositories for tests: real ones, in temporary folders, and never a network."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sites import write

ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}
"""Nothing of the machine's own settings."""


def git(folder: Path, *arguments: str, **environment: str) -> str:
    """Run git in a folder; return what it prints."""
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env={**os.environ, **ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.removesuffix("\n")


def commit(
    folder: Path, message: str, files: Mapping[str, str | bytes | None] | None = None, **environment: str
) -> str:
    """Commit all that is in a folder, after writing files; return the commit's name."""
    write(folder, files or {})
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message, **environment)
    return git(folder, "rev-parse", "HEAD")


def project(folder: Path, files: Mapping[str, str | bytes | None]) -> Path:
    """Make a repository with files and a bare remote `origin` beside it; return its folder."""
    work, remote = folder / "work", folder / "remote.git"
    work.mkdir(parents=True)
    git(folder, "init", "-q", "--bare", "-b", "main", str(remote))
    git(work, "init", "-q", "-b", "main")
    git(work, "remote", "add", "origin", str(remote))
    commit(work, "First words", {".gitignore": ".ssg/\noutput/\n", **files})
    git(work, "push", "-q", "origin", "main")
    return work


def served(folder: Path, branch: str = "gh-pages") -> dict[str, str]:
    """Return the files of a branch of the remote beside a project, with what is in them."""
    remote = folder.parent / "remote.git"
    names = git(remote, "ls-tree", "-r", "-z", "--name-only", branch).split("\0")
    return {name: git(remote, "show", f"{branch}:{name}") for name in names if name}


def tip(folder: Path, branch: str = "gh-pages") -> str:
    """Return the commit that a branch of the remote is at; empty if there is none."""
    done = subprocess.run(
        ["git", "-C", str(folder.parent / "remote.git"), "rev-parse", "--verify", "-q", branch],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()
