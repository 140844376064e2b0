"""Files -> a commit on a branch of a remote.

Neither the work tree nor a local branch nor the index is touched: files are stored as objects, a tree is made of them
with an index of its own, and the commit is pushed by its name. A push is never forced. So whatever goes wrong before
the push leaves nothing but objects that git will clean up, and what goes wrong in it leaves the remote as it was.
"""

import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ssg.engine.publish import scan
from ssg.errors import DeployError
from ssg.git import GitError, Repository

TRAILER = "Generated-by: ssg"
"""By this line in its message a commit of ours is known."""
HOST_FILES = ("CNAME", ".nojekyll")
"""Files of the host's own. GitHub makes a commit for the first when a domain is set in its settings:
https://docs.github.com/en/pages/configuring-a-custom-domain-for-your-github-pages-site."""

_DEPLOYMENT = re.compile(
    rf"^{TRAILER}|"
    r"^Deployed [0-9a-f]+ with MkDocs |"
    r" (?:with|and) mike \d|"
    r"^Update documentation$|"  # ghp-import
    r"^deploy: [0-9a-f]{40}$",  # peaceiris/actions-gh-pages
    re.MULTILINE,
)
"""What tools that make such branches write into their messages. What they made may be replaced."""
_QUICKLY = {
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "pack.window",
    "GIT_CONFIG_VALUE_0": "0",
    "GIT_CONFIG_KEY_1": "pack.compression",
    "GIT_CONFIG_VALUE_1": "1",
}
"""Git looks for files that are like one another, to send only what differs: with the pages of a site this takes four
times as long, and saves a fifth of the bytes."""
LONGEST_LOOK = 500
"""So many commits are looked at to find one that a tool made."""


class Entry(NamedTuple):
    """A file in a tree of git: its mode, and the name of the object that holds its content."""

    mode: str
    object: str


Files = Mapping[str, Entry]
"""The files of a branch by path."""


@dataclass(frozen=True)
class Change:
    """How many files differ between two trees."""

    added: int
    changed: int
    deleted: int

    @property
    def none(self) -> bool:
        """Whether they are the same."""
        return not (self.added or self.changed or self.deleted)


class Branch:
    """A branch of a remote that a site is published on."""

    def __init__(self, repository: Repository, remote: str, name: str) -> None:
        """Look the branch up at the remote.

        Raises:
            DeployError: When the names cannot be used, the remote cannot be reached, or the branch was not made by
                a tool such as this.
        """
        self.repository = repository
        self.remote = remote
        self.name = name
        self._check_names()
        self.address = repository.run("remote", "get-url", "--", remote)
        self.tip = self._fetch()
        """The commit that the branch is at; empty if there is no such branch yet."""
        self.files: Files = self._files(self.tip) if self.tip else {}
        self._refuse_foreign()

    def text(self, path: str) -> str:
        """Return the content of a file of the branch; empty if there is none."""
        entry = self.files.get(path)
        if entry is None:
            return ""
        done = self.repository.attempt("cat-file", "blob", entry.object)
        return done.stdout.decode("utf-8", "replace")

    def store(self, folder: Path) -> dict[str, Entry]:
        """Store the files of an output folder as objects, as they are to the byte; return them by path."""
        paths = sorted(path for path, _ in scan(folder))
        plain = [path for path in paths if "\n" not in path]  # one path a line
        names = b"".join(os.fsencode(folder / path) + b"\n" for path in plain)
        found = self.repository.run("hash-object", "-w", "--no-filters", "--stdin-paths", given=names).split()
        stored = {path: Entry("100644", name) for path, name in zip(plain, found, strict=True)}
        for path in paths:
            if path not in stored:
                stored[path] = self.store_bytes((folder / path).read_bytes())
        return stored

    def store_bytes(self, data: bytes) -> Entry:
        """Store a file's content."""
        return Entry("100644", self.repository.run("hash-object", "-w", "--stdin", given=data))

    def change(self, files: Files) -> Change:
        """Compare files with those that are on the branch."""
        both = files.keys() & self.files.keys()
        return Change(
            added=len(files) - len(both),
            changed=sum(files[path] != self.files[path] for path in both),
            deleted=len(self.files) - len(both),
        )

    def commit(self, files: Files, message: str) -> str:
        """Make a commit of just these files that follows the branch; return its name. Nothing points at it yet."""
        lines = [f"{one.mode} {one.object}\t".encode() + os.fsencode(path) + b"\0" for path, one in files.items()]
        with tempfile.TemporaryDirectory(prefix="ssg-") as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
            self.repository.run("update-index", "-z", "--index-info", given=b"".join(lines), environment=index)
            tree = self.repository.run("write-tree", environment=index)
        parents = ["-p", self.tip] if self.tip else []
        date = os.environ.get("SOURCE_DATE_EPOCH", "")
        dated = {"GIT_AUTHOR_DATE": f"@{date} +0000", "GIT_COMMITTER_DATE": f"@{date} +0000"} if date.isdigit() else {}
        try:
            return self.repository.run("commit-tree", tree, *parents, given=message.encode(), environment=dated)
        except GitError as error:
            if "tell me who you are" not in error.reason and "ident" not in error.reason:
                raise
            hint = 'tell it with `git config user.name "…"` and `git config user.email …`'
            raise DeployError("git does not know whose name to put on the commit", hint=hint) from error

    def push(self, commit: str, *, dry_run: bool) -> None:
        """Move the branch at the remote to a commit, unless somebody else has moved it meanwhile.

        Raises:
            DeployError: When the remote refuses. It is then as it was.
        """
        options = ["--porcelain", "--no-follow-tags", "--recurse-submodules=no", *(["--dry-run"] if dry_run else [])]
        ref = f"{commit}:refs/heads/{self.name}"
        done = self.repository.attempt("push", *options, "--", self.remote, ref, environment=_QUICKLY)
        if done.returncode == 0:
            return
        told = (done.stdout + done.stderr).decode("utf-8", "replace")
        if re.search(r"\[rejected\]|cannot lock ref|failed to update ref", told):
            message = f"the branch '{self.name}' was changed by somebody else in this moment"
            raise DeployError(message, code="deploy-diverged", hint="deploy again; nothing was changed")
        refused = re.search(r"^!\t.*\[remote rejected\] \((.*)\)$", told, re.MULTILINE)
        if refused:
            said = " ".join(line.removeprefix("remote:").strip() for line in told.splitlines() if "remote:" in line)
            message = f"'{self.remote}' refuses to change '{self.name}': {said or refused[1]}"
            hint = "is the branch protected, or may you not write to it?"
            raise DeployError(message, code="deploy-refused", hint=hint)
        raise self._unreachable(told)

    def _check_names(self) -> None:
        known = self.repository.remotes()
        if self.remote not in known:
            if not known:
                message, hint = "this repository has no remote", "add one: git remote add origin ADDRESS"
            else:
                message = f"there is no remote '{self.remote}'"
                hint = f"name one with --remote: {', '.join(known)}"
            raise DeployError(message, code="deploy-remote", hint=hint)
        well_formed = self.repository.attempt("check-ref-format", f"refs/heads/{self.name}").returncode == 0
        if not well_formed or self.name.startswith("-") or self.name == "HEAD":
            message = f"'{self.name}' cannot be the name of a branch"
            raise DeployError(message, code="deploy-branch", hint="the usual name is gh-pages")
        if self.name == self.repository.current_branch():
            message = f"'{self.name}' is the branch that your sources are on: the site would replace them"
            raise DeployError(message, code="deploy-branch", hint="name another with --branch, such as gh-pages")

    def _fetch(self) -> str:
        ref = f"refs/heads/{self.name}"
        listed = self.repository.attempt("ls-remote", "--", self.remote, ref)
        if listed.returncode:
            raise self._unreachable(listed.stderr.decode("utf-8", "replace"))
        found = [line.split("\t") for line in os.fsdecode(listed.stdout).splitlines()]
        tip = next((name for name, where in found if where == ref), "")
        if tip and not self.repository.commit(tip):
            fetched = self.repository.attempt("fetch", "--quiet", "--no-tags", "--", self.remote, ref)
            if fetched.returncode:
                raise self._unreachable(fetched.stderr.decode("utf-8", "replace"))
        return tip

    def _unreachable(self, told: str) -> DeployError:
        lines = [line for line in told.splitlines() if line.startswith(("fatal:", "ERROR:", "remote:", "error:"))]
        said = " ".join(line.partition(":")[2].strip() for line in lines[:3]) or " ".join(told.split())
        denied = re.search(r"denied|not granted|403|401|uthentication|could not read (Username|Password)", told)
        hint = (
            "may you push there? Look at your key, or at the token" if denied else "look at its address: git remote -v"
        )
        message = f"cannot use the remote '{self.remote}': {said}"
        return DeployError(message, code="deploy-remote", hint=f"{hint}; nothing was changed")

    def _files(self, commit: str) -> dict[str, Entry]:
        listed = self.repository.run("ls-tree", "-r", "-z", "--full-tree", commit)
        files = {}
        for line in listed.split("\0"):
            if line:
                facts, _, path = line.partition("\t")
                mode, _, name = facts.split(" ")
                files[path] = Entry(mode, name)
        return files

    def _refuse_foreign(self) -> None:
        """Refuse to replace what somebody made by hand: sources, or a change of the site where it is served."""
        if not self.files.keys() - set(HOST_FILES):
            return
        form = "--format=%H%n%B"
        listed = self.repository.run("log", "-z", "--first-parent", f"--max-count={LONGEST_LOOK}", form, self.tip, "--")
        commits = [one.partition("\n") for one in listed.split("\0") if one]
        made = next((name for name, _, message in commits if _DEPLOYMENT.search(message)), "")
        if not made:
            raise DeployError(
                f"the branch '{self.name}' of '{self.remote}' was not made by ssg: its files would be deleted",
                code="deploy-branch",
                hint=f"name another with --branch, or delete it: git push {self.remote} --delete {self.name}",
            )
        if made == self.tip:
            return
        changed = self.repository.run("diff", "--name-only", "-z", "--no-renames", made, self.tip, "--").split("\0")
        by_hand = [path for path in changed if path and path not in HOST_FILES]
        if by_hand:
            shown = ", ".join(by_hand[:3]) + (", …" if len(by_hand) > 3 else "")
            raise DeployError(
                f"the branch '{self.name}' of '{self.remote}' was changed by hand since the last deployment: {shown}",
                code="deploy-diverged",
                hint=f"make the change in your sources, and take back the commits after {made[:10]} on the branch",
            )
