"""What a branch holds, and what is asked for -> what it will hold, as a commit that is pushed.

The layout: the site at the top; or versions in folders of their own, listed in `versions.json`. Previews are in
`preview/NAME/` either way. An alias is a copy of its version, which takes no room in git and works on every host;
mike's aliases that are symbolic links or redirects are replaced when they are moved.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from ssg import __version__
from ssg.deploy.branch import HOST_FILES, TRAILER, Branch, Change, Entry, Files
from ssg.deploy.versions import FILE, PREVIEWS, Versions, check_name, read_versions
from ssg.errors import DeployError
from ssg.git import Repository

ATTEMPTS = 5
"""So often a change is tried that has nothing to do with those of others."""
_LEAD_ON = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Redirecting…</title>
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={name}/">
<script>location.replace("{name}/" + location.search + location.hash)</script>
</head>
<body>
<p>The documentation is at <a href="{name}/">{name}/</a>.</p>
</body>
</html>
"""


@dataclass(frozen=True)
class Place:
    """Where a site goes: to the top, to a version with aliases, or to a preview."""

    version: str = ""
    title: str = ""
    aliases: tuple[str, ...] = ()
    preview: str = ""

    @property
    def folder(self) -> str:
        """The folder of the branch; empty for the top."""
        return f"{PREVIEWS}/{self.preview}" if self.preview else self.version


@dataclass(frozen=True)
class Source:
    """The commit that a site was built from."""

    commit: str
    subject: str
    dirty: bool


@dataclass(frozen=True)
class Deployment:
    """What was done, or would be."""

    commit: str
    """Empty when there was nothing to do."""
    change: Change


def source_of(repository: Repository) -> Source:
    """Return what a site that is built now is built from."""
    commit = repository.commit("HEAD")
    subject = repository.run("log", "-1", "--format=%s", commit, "--") if commit else ""
    dirty = bool(repository.run("status", "--porcelain", "--", "."))
    return Source(commit, subject, dirty)


def versions_of(branch: Branch) -> Versions:
    """Return the versions on a branch.

    Raises:
        DeployError: When its `versions.json` cannot be read.
    """
    return read_versions(branch.text(FILE), f"'{FILE}' on the branch '{branch.name}'")


def check_place(branch: Branch, place: Place) -> None:
    """Refuse a place that cannot be used, before a site is built for it.

    Raises:
        DeployError: When a name cannot be used, or the branch has something else there.
    """
    versions = versions_of(branch)
    if place.preview:
        check_name(place.preview, "a preview")
    elif place.version:
        versions.add(place.version, place.title, place.aliases)
        for name in (place.version, *place.aliases):
            if name not in versions.names() and _below(branch.files, name):
                message = f"the site has something at '{name}' that is not a version of it"
                raise DeployError(message, code="deploy-versions", hint="name the version or the alias differently")
    elif versions.all:
        message = f"the branch '{branch.name}' has versions: {', '.join(versions.names())}"
        raise DeployError(message, code="deploy-versions", hint="say which this is, as in `ssg deploy --version 2.1`")


def deploy(branch: Branch, folder: Path, place: Place, source: Source, *, dry_run: bool) -> Deployment:
    """Put a built site onto a branch.

    Args:
        branch: Where.
        folder: The output folder.
        place: Where on the branch.
        source: What to name in the message of the commit.
        dry_run: Do all but change the branch.

    Raises:
        DeployError: When it cannot be done. The remote is then as it was.
    """
    check_place(branch, place)
    site = branch.store(folder)
    if place.folder:
        files = dict(branch.files)
        if place.version:
            versions = versions_of(branch).add(place.version, place.title, place.aliases)
            files[FILE] = branch.store_bytes(versions.text().encode())
            names = [place.version, *versions.find(place.version).aliases]
        else:
            names = [place.folder]
        for name in names:
            files = _replaced(files, name, site)
    else:
        files = {
            path: one for path, one in branch.files.items() if path in HOST_FILES or path.startswith(PREVIEWS + "/")
        }
        files |= site
    subject = f"Deploy {source.commit[:7] or 'a site'}" + (f" to {place.folder}" if place.folder else "")
    return _publish(branch, files, subject, source, dry_run=dry_run)


def remove_preview(branch: Branch, name: str, *, dry_run: bool) -> Deployment:
    """Take a preview away; if there is none of this name, nothing is to be done.

    Raises:
        DeployError: When the remote refuses.
    """
    check_name(name, "a preview")
    folder = f"{PREVIEWS}/{name}"
    if not _below(branch.files, folder):
        return Deployment("", branch.change(branch.files))
    return _publish(branch, _replaced(branch.files, folder, {}), f"Remove {folder}", dry_run=dry_run)


def insist(branch: Branch, change: Callable[[Branch], Deployment]) -> Deployment:
    """Make a change again, of what the branch is then, where somebody else was quicker.

    Raises:
        DeployError: When that does not help, or something else is in the way.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return change(branch)
        except DeployError as error:
            if error.diagnostics[0].code != "deploy-diverged":
                raise
        branch = Branch(branch.repository, branch.remote, branch.name)
    return change(branch)


def delete_versions(branch: Branch, names: tuple[str, ...], *, dry_run: bool) -> Deployment:
    """Take versions away with their aliases, or aliases alone.

    Raises:
        DeployError: When there is none of this name, or the remote refuses.
    """
    before = after = versions_of(branch)
    for name in names:
        after = after.without(name)
    files = dict(branch.files)
    for name in set(before.names()) - set(after.names()):
        files = _replaced(files, name, {})
    files[FILE] = branch.store_bytes(after.text().encode())
    return _publish(branch, files, f"Delete {', '.join(names)}", dry_run=dry_run)


def alias_version(branch: Branch, name: str, aliases: tuple[str, ...], *, dry_run: bool) -> Deployment:
    """Give a version more names, which others lose.

    Raises:
        DeployError: When there is no such version, a name cannot be used, or the remote refuses.
    """
    versions = versions_of(branch)
    version = versions.find(name).version
    check_place(branch, Place(version=version, aliases=aliases))
    site = {path.removeprefix(f"{version}/"): one for path, one in _below(branch.files, version).items()}
    files = dict(branch.files)
    for alias in aliases:
        files = _replaced(files, alias, site)
    files[FILE] = branch.store_bytes(versions.add(version, "", aliases).text().encode())
    return _publish(branch, files, f"Alias {version} as {', '.join(aliases)}", dry_run=dry_run)


def default_version(branch: Branch, name: str, *, dry_run: bool) -> Deployment:
    """Have the address of the site lead to a version or alias.

    Raises:
        DeployError: When there is none of this name, or the remote refuses.
    """
    versions_of(branch).find(name)
    files = dict(branch.files)
    files["index.html"] = branch.store_bytes(_LEAD_ON.format(name=escape(name)).encode())
    missing = files.get(f"{name}/404.html")
    if missing:  # hosts look for it at the top alone
        files["404.html"] = missing
    return _publish(branch, files, f"Make {name} the default", dry_run=dry_run)


def pages_below(files: Files, folder: str) -> tuple[str, ...]:
    """Return the addresses of the pages in a folder of the branch, from there."""
    paths = (path.removeprefix(f"{folder}/") for path in sorted(files) if path.startswith(f"{folder}/"))
    found = [quote(path) for path in paths if path.endswith(".html")]
    index = "index.html"
    return tuple(one for url in found for one in ([url, url.removesuffix(index)] if url.endswith(index) else [url]))


def _below(files: Files, folder: str) -> dict[str, Entry]:
    return {path: one for path, one in files.items() if path == folder or path.startswith(f"{folder}/")}


def _replaced(files: Files, folder: str, site: Files) -> dict[str, Entry]:
    """Return files with those of a site in a folder, instead of whatever is there."""
    gone = _below(files, folder)
    kept = {path: one for path, one in files.items() if path not in gone}
    return kept | {f"{folder}/{path}": one for path, one in site.items()}


def _publish(
    branch: Branch, files: dict[str, Entry], subject: str, source: Source | None = None, *, dry_run: bool
) -> Deployment:
    # without this file, GitHub would leave out all that begins with an underscore
    files.setdefault(".nojekyll", branch.store_bytes(b""))
    change = branch.change(files)
    if change.none and branch.tip:
        return Deployment("", change)
    lines = [subject, ""]
    if source is not None and source.commit:
        lines.append(f"Source: {source.commit}" + (" with changes that were not committed" if source.dirty else ""))
    message = "\n".join([*lines, f"{TRAILER} {__version__}", ""])
    commit = branch.commit(files, message)
    branch.push(commit, dry_run=dry_run)
    return Deployment(commit, change)
