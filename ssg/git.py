"""A folder -> the git repository that it is in. Git is called by argument list, never through a shell."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from ssg.errors import SsgError

_OF_OTHERS = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX",
                        "GIT_OBJECT_DIRECTORY"})  # fmt: skip
"""What git tells the hooks that it calls: it would lead us to another repository, or to its index."""


class GitError(SsgError):
    """Git is not there, or a command of it failed. `reason` is what git said."""

    code = "git"

    def __init__(self, message: str = "", *, reason: str = "", hint: str = "", **fields: object) -> None:
        """Keep what git said."""
        self.reason = reason
        super().__init__(message, hint=hint, **fields)  # type: ignore[arg-type]


class Repository:
    """A git repository with a work tree."""

    def __init__(self, folder: Path) -> None:
        """Find the repository that a folder is in.

        Raises:
            GitError: When git is not installed, or the folder is in no repository.
        """
        program = shutil.which("git")
        if program is None:
            raise GitError("git is not installed, or not found", hint="install it: https://git-scm.com/downloads")
        self._program = program
        self.folder = folder
        try:
            self.top = Path(self.run("rev-parse", "--show-toplevel"))
        except GitError as error:
            if "dubious ownership" in error.reason:
                hint = f"if you trust it: git config --global --add safe.directory {folder}"
                raise GitError("git does not trust this folder: it belongs to another user", hint=hint) from error
            message, hint = "this folder is in no git repository", "make one with `git init`, and commit your pages"
            raise GitError(message, path=str(folder), hint=hint, reason=error.reason) from error

    def run(self, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None) -> str:
        """Return what a git command prints, less the last line break. Names are decoded as the file system's.

        Raises:
            GitError: When the command fails.
        """
        done = self.attempt(*arguments, given=given, environment=environment)
        if done.returncode:
            reason = _last_words(done.stderr)
            raise GitError(f"`git {arguments[0]}` failed: {reason or f'exit code {done.returncode}'}", reason=reason)
        return os.fsdecode(done.stdout).removesuffix("\n")

    def attempt(
        self, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Return how a git command ended. Its messages are in English."""
        settings = {name: value for name, value in os.environ.items() if name not in _OF_OTHERS}
        settings |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1", **(environment or {})}
        command = [self._program, "--no-pager", "-C", str(self.folder), *arguments]
        return subprocess.run(command, input=given, capture_output=True, env=settings, check=False)  # noqa: S603

    def commit(self, name: str) -> str:
        """Return the full name of the commit that a name stands for, or nothing if there is none."""
        done = self.attempt("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return "" if done.returncode else done.stdout.decode().strip()

    def remotes(self) -> list[str]:
        """Return the names of all remotes."""
        return self.run("remote").split()

    def address(self, remote: str) -> str:
        """Return the address of a remote, or nothing if there is none of this name."""
        done = self.attempt("remote", "get-url", "--", remote)
        return "" if done.returncode else os.fsdecode(done.stdout).strip()

    def current_branch(self) -> str:
        """Return the branch that is checked out, or nothing if none is."""
        done = self.attempt("symbolic-ref", "--quiet", "--short", "HEAD")
        return "" if done.returncode else os.fsdecode(done.stdout).strip()

    def main_branch(self) -> str:
        """Return the branch that is most likely published: that of `origin`, or else the current one, or `main`."""
        done = self.attempt("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
        named = os.fsdecode(done.stdout).strip().removeprefix("origin/")
        return named or self.current_branch() or "main"


def _last_words(told: bytes) -> str:
    """Return the part of git's messages that says what went wrong."""
    lines = [line.strip() for line in told.decode("utf-8", "replace").splitlines() if line.strip()]
    wrong = [line for line in lines if line.startswith(("fatal:", "error:", "remote:"))]
    said = " ".join((wrong or lines)[:3])
    return said.replace("fatal: ", "").replace("error: ", "")
