"""The commands that publish: `ssg deploy`, `ssg versions`, `ssg workflow`. Loaded only when one of them is called."""

import dataclasses
import json
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from ssg import __version__
from ssg.cli import Output, command_options, load_site, run_build, told
from ssg.config import Loaded
from ssg.deploy.address import address_problem, pages_url
from ssg.deploy.branch import Branch, Change
from ssg.deploy.site import Place, pages_below, versions_of
from ssg.errors import UsageError
from ssg.findings import Findings
from ssg.git import Repository
from ssg.model import Severity
from ssg.options import Result
from ssg.pipeline.edition import Edition

if TYPE_CHECKING:
    from collections.abc import Callable

    from ssg.deploy.site import Deployment, Source

FOLDER = ".ssg/deploy"
"""Where a version or a preview is built, relative to the project: its address is not that of the site itself."""


def branch_options(function: "Callable[..., Any]") -> "Callable[..., Any]":
    """Add the options that say which branch is meant."""
    for option in (
        click.option("--dry-run", is_flag=True, help="Do all but change the branch."),
        click.option("--branch", help="The branch.  [default: gh-pages]"),
        click.option("--remote", help="The remote.  [default: origin]"),
    ):
        function = option(function)
    return function


@click.command()
@command_options(output=False)
@branch_options
@click.option("--version", help="Put the site into a folder of this name, beside other versions.")
@click.option("--alias", "aliases", multiple=True, help="Another name of the version, such as latest.")
@click.option("--title", default="", help="What readers see of the version's name.")
@click.option("--preview", help="Put the site into preview/NAME, beside the site itself.", metavar="NAME")
@click.option("--remove", is_flag=True, help="Take the preview away.")
@told
def deploy(
    output: Output,
    config: Path | None,
    strict: bool | None,
    jobs: int | None,
    remote: str | None,
    branch: str | None,
    dry_run: bool,
    version: str | None,
    aliases: tuple[str, ...],
    title: str,
    preview: str | None,
    remove: bool,
) -> None:
    """Build the site strictly, and push it to the branch that GitHub Pages serves."""
    from ssg.deploy.site import check_place, insist, remove_preview, source_of
    from ssg.deploy.site import deploy as put

    if preview is not None and (version is not None or aliases):
        raise UsageError("a preview is no version: give --preview or --version")
    if (aliases or title) and version is None:
        raise UsageError("--alias and --title need a --version")
    if remove and preview is None:
        raise UsageError("--remove takes a preview away: name it with --preview NAME")
    loaded = load_site(config, strict is not False, None)
    repository = Repository(loaded.root)
    target = Branch(repository, *_names(loaded, remote, branch))
    if remove and preview is not None:
        done = insist(target, lambda branch: remove_preview(branch, preview, dry_run=dry_run))
        _tell(output, target, done, dry_run=dry_run, idle=f"there is no preview '{preview}'")
        return
    place = Place(version=version or "", title=title, aliases=aliases, preview=preview or "")
    if version == "" or preview == "":
        raise UsageError("the name is empty")
    check_place(target, place)
    source = source_of(repository)
    findings = Findings(loaded)
    _look_at_address(findings, loaded, target.address, target.text("CNAME"))
    _look_at_source(findings, source)
    output.diagnostics(findings.all(), loaded.root)
    site = _placed(loaded, place)
    edition = _edition(loaded, target, place)
    result = run_build(site, output, jobs, write=True, adopt=bool(place.folder), edition=edition)
    if result.failed(site.config.strict):
        output.finish(site, result, "built")
    output.diagnostics(result.diagnostics, loaded.root)
    folder = loaded.root / site.config.site_dir

    def publish(branch: Branch) -> "Deployment":
        return put(branch, folder, place, source, dry_run=dry_run)

    # of two previews at once, one comes second; two sites at once are for people to sort out
    done = insist(target, publish) if place.preview else publish(target)
    domain = target.text("CNAME").strip()
    _tell(output, target, done, dry_run=dry_run, address=_address(loaded, target, place, domain))


@click.command()
@command_options(output=False, builds=False)
@told
def workflow(output: Output, config: Path | None) -> None:
    """Write a workflow that builds the site and publishes it to GitHub Pages."""
    from ssg.scaffold import write_workflow

    loaded = load_site(config, None, None)
    repository = Repository(loaded.root)
    inside = loaded.root.resolve().relative_to(repository.top.resolve()).as_posix()
    path = write_workflow(
        repository.top,
        "" if inside == "." else inside,
        loaded.config.site_dir,
        repository.main_branch(),
        loaded.config.remote_branch,
    )
    findings = Findings(loaded)
    _look_at_address(findings, loaded, repository.address(loaded.config.remote_name))
    output.diagnostics(findings.all(), loaded.root)
    output.say(f"wrote {path}")
    output.say("to switch it on: in the settings of the repository, under Pages, choose GitHub Actions as the source")


@click.group()
def versions() -> None:
    """Look at the versions of the site that are published, and change them."""


@versions.command("list")
@command_options(output=False, builds=False)
@branch_options
@told
def list_versions(output: Output, config: Path | None, remote: str | None, branch: str | None, dry_run: bool) -> None:
    """List the versions, the newest first."""
    found = versions_of(_target(config, remote, branch))
    if output.form == "json":
        click.echo(json.dumps(json.loads(found.text())))
    for one in found.ordered():
        names = f" [{', '.join(one.aliases)}]" if one.aliases else ""
        title = f" ({one.title})" if one.title not in ("", one.version) else ""
        output.say(f"{one.version}{title}{names}")
    if not found.all:
        output.say("there are no versions yet")


@versions.command()
@click.argument("names", nargs=-1, required=True)
@command_options(output=False, builds=False)
@branch_options
@told
def delete(
    names: tuple[str, ...], output: Output, config: Path | None, remote: str | None, branch: str | None, dry_run: bool
) -> None:
    """Delete versions with their aliases, or aliases alone."""
    from ssg.deploy.site import delete_versions

    target = _target(config, remote, branch)
    _tell(output, target, delete_versions(target, names, dry_run=dry_run), dry_run=dry_run)


@versions.command()
@click.argument("name")
@click.argument("aliases", nargs=-1, required=True)
@command_options(output=False, builds=False)
@branch_options
@told
def alias(
    name: str,
    aliases: tuple[str, ...],
    output: Output,
    config: Path | None,
    remote: str | None,
    branch: str | None,
    dry_run: bool,
) -> None:
    """Give the version NAME more names; a version that had one of them loses it."""
    from ssg.deploy.site import alias_version

    target = _target(config, remote, branch)
    _tell(output, target, alias_version(target, name, aliases, dry_run=dry_run), dry_run=dry_run)


@versions.command()
@click.argument("name")
@command_options(output=False, builds=False)
@branch_options
@told
def default(
    name: str, output: Output, config: Path | None, remote: str | None, branch: str | None, dry_run: bool
) -> None:
    """Have the address of the site lead to the version or alias NAME."""
    from ssg.deploy.site import default_version

    target = _target(config, remote, branch)
    _tell(output, target, default_version(target, name, dry_run=dry_run), dry_run=dry_run)


def look_further(loaded: Loaded, output: Output, result: Result, *, external: bool, against: str | None) -> Result:
    """Return what a check found with what can only be seen outside of the site."""
    from ssg.progress import progress

    agent = f"ssg/{__version__} (link check)"
    found = [*result.diagnostics]
    if against is not None:
        from ssg.against import gone

        found += gone(against, result.outputs, loaded.root, agent)
    if external:
        from ssg.external import check_links, links_of

        with progress(shown=output.verbosity >= 0 and output.form == "text") as shown:

            def tell(done: int, total: int) -> None:
                if shown is not None:
                    shown("links", done, total)

            settings, memory = loaded.config.external_links, loaded.root / ".ssg" / "external.json"
            folder = loaded.config.docs_dir
            links = [
                link
                for path, html in result.bodies
                for link in links_of(html, posixpath.normpath(posixpath.join(folder, path)), loaded.root)
            ]
            found += check_links(links, settings, memory, agent, tell)
    return dataclasses.replace(result, diagnostics=tuple(found))


def _target(config: Path | None, remote: str | None, branch: str | None) -> Branch:
    loaded = load_site(config, None, None)
    return Branch(Repository(loaded.root), *_names(loaded, remote, branch))


def _names(loaded: Loaded, remote: str | None, branch: str | None) -> tuple[str, str]:
    given = (loaded.config.remote_name if remote is None else remote, branch)
    return given[0], loaded.config.remote_branch if branch is None else branch


def _look_at_address(findings: Findings, loaded: Loaded, remote: str, domain: str = "") -> None:
    """Say what address the site will have; `domain` is the one that the host knows of, if the project names none."""
    cname = loaded.root / loaded.config.docs_dir / "CNAME"
    domain = cname.read_text("utf-8", "replace").strip() if cname.is_file() else domain.strip()
    found = address_problem(loaded.config.site_url, remote, domain)
    if found is not None:
        findings.report(Severity.WARNING, "site-url", *found, ("site_url",))


def _look_at_source(findings: Findings, source: "Source") -> None:
    if source.dirty:
        message = "the site is built from changes that are not committed"
        findings.report(Severity.WARNING, "deploy-dirty", message, "commit them, so that the site can be made again")


def _placed(loaded: Loaded, place: Place) -> Loaded:
    """Return the configuration for a site that is not at the top."""
    if not place.folder:
        return loaded
    config = loaded.config
    url = f"{config.site_url}{place.folder}/" if config.site_url else ""
    config = replace(config, site_url=url, site_dir=FOLDER, indexing=config.indexing and not place.preview)
    return replace(loaded, config=config)


def _edition(loaded: Loaded, target: Branch, place: Place) -> Edition:
    """Return what the pages of a version have to know of the others."""
    if not place.version:
        return Edition()
    versions = versions_of(target).add(place.version, place.title, place.aliases)
    aliases, latest = versions.find(place.version).aliases, versions.latest()
    base = loaded.config.site_url
    edition = Edition(version=place.version, aliases=aliases, latest=latest)
    if not latest or not base:
        return edition
    edition = replace(edition, latest_url=f"{base}{latest}/")
    newest = versions.find(latest).version
    if newest == place.version:
        return edition
    order = [one.version for one in versions.ordered()]
    outdated = order.index(place.version) > order.index(newest)
    return replace(edition, outdated=outdated, latest_pages=pages_below(target.files, newest))


def _address(loaded: Loaded, target: Branch, place: Place, domain: str) -> str:
    base = loaded.config.site_url or pages_url(target.address, domain)
    return f"{base}{place.folder}/" if base and place.folder else base


def _tell(
    output: Output, target: Branch, done: "Deployment", *, dry_run: bool, address: str = "", idle: str = ""
) -> None:
    change = done.change
    if output.form == "json":
        summary = {"ok": True, "commit": done.commit, "pushed": bool(done.commit) and not dry_run}
        counts = {"added": change.added, "changed": change.changed, "deleted": change.deleted}
        click.echo(json.dumps({**summary, **counts, "url": address}))
    elif not done.commit:
        idle = idle or f"'{target.name}' of '{target.remote}' holds just this"
        output.say(f"nothing to do: {idle}")
    elif dry_run:
        output.say(f"would push to '{target.name}' of '{target.remote}': {_numbers(change)}")
    else:
        output.say(f"pushed {done.commit[:7]} to '{target.name}' of '{target.remote}': {_numbers(change)}")
        if address:
            output.say(f"it will be at {address} in a moment")


def _numbers(change: Change) -> str:
    counts = {"new": change.added, "changed": change.changed, "deleted": change.deleted}
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "no file differs"
