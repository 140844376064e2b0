"""The command `ssg`: one function for each of its commands. Only here is anything printed, and the process ended.

Exit codes: 0 all is well; 1 the site, its configuration or the machine has a problem; 2 the command line is wrong.
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ssg import __version__

if TYPE_CHECKING:
    from ssg.config import Loaded
    from ssg.errors import SsgError
    from ssg.model import Diagnostic
    from ssg.options import Result
    from ssg.pipeline.edition import Edition


class Output:
    """How to speak: which format, how much, whether with colours."""

    def __init__(self, form: str, verbosity: int, debug: bool) -> None:
        """`verbosity` is -1 for the least, 0, or 1 for the most."""
        self.form = form
        self.verbosity = verbosity
        self.debug = debug
        self.colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ

    def diagnostics(self, found: "Sequence[Diagnostic]", root: Path) -> None:
        """Print diagnostics to standard error; workflow commands to standard output, where GitHub reads them."""
        from ssg import report
        from ssg.model import Severity

        if self.form == "json":
            return
        here = Path.cwd()
        told = [one for one in report.ordered(found) if one.severity is not Severity.NOTE or self.verbosity > 0]
        shown = [report.seen_from(report.with_source(one, root), root, here) for one in told]
        if not shown:
            return
        if self.form == "github":
            click.echo("\n".join([report.github(one) for one in shown]))
        else:
            click.echo("\n".join([report.text(one, colour=self.colour) for one in shown]), err=True, color=True)

    def say(self, words: str) -> None:
        """Print a line of the result, unless told to be quiet."""
        if self.verbosity >= 0 and self.form != "json":
            click.echo(words)

    def warn(self, words: str) -> None:
        """Print a warning that is about no file."""
        if self.form != "json":
            click.echo(f"warning: {words}", err=True)

    def event(
        self, name: str, words: str, found: "Sequence[Diagnostic]" = (), root: Path | None = None, **facts: object
    ) -> None:
        """Say what a command that goes on has done: in words, or as one line of JSON."""
        self.say(words)
        if self.form == "json":
            import json

            import msgspec

            from ssg import report

            shown = [report.with_source(one, root) if root else one for one in found]
            line = {"event": name, **facts, "diagnostics": msgspec.to_builtins(shown)}
            click.echo(json.dumps(line, ensure_ascii=False))

    def finish(self, loaded: "Loaded", result: "Result", verb: str) -> None:
        """Print what was found and done, and end the process with the code that says so."""
        from ssg import report
        from ssg.model import Severity

        errors, warnings = result.count(Severity.ERROR), result.count(Severity.WARNING)
        failed = result.failed(loaded.config.strict)
        self.diagnostics(result.diagnostics, loaded.root)
        if self.form == "json":
            summary = {"ok": not failed, **result.summary()}
            click.echo(report.as_json([report.with_source(one, loaded.root) for one in result.diagnostics], summary))
        numbers = [
            _count(result.pages, "page"),
            f"{result.rendered} rendered",
            f"{result.remembered} remembered",
            *([_count(errors, "error")] if errors else []),
            _count(warnings, "warning"),
            f"{result.seconds:.2f} s",
        ]
        if failed:
            outcome = "not published" if verb == "built" else "failed"
            strictly = " (warnings count: --strict)" if not errors else ""
            self.say(f"{outcome}{strictly}: {', '.join(numbers)}")
            sys.exit(1)
        self.say(f"{verb}: {', '.join(numbers)}")


def command_options(*, output: bool, builds: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options that the commands on a site have in common; some only for those that build it."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        options = [
            click.option(
                "-f",
                "--config",
                type=click.Path(path_type=Path),
                help="The configuration file.  [default: ssg.yml or mkdocs.yml]",
            ),
            click.option("-q", "--quiet", count=True, help="Say nothing but problems."),
            click.option("-v", "--verbose", count=True, help="Say more: notes too."),
            click.option(
                "--format",
                "form",
                type=click.Choice(["text", "json", "github"]),
                default="text",
                help="How problems are printed.",
            ),
            click.option("--debug", is_flag=True, help="Show the Python traceback of an error."),
        ]
        if builds:
            jobs = click.IntRange(min=1)
            options[1:1] = [
                click.option("--strict/--no-strict", default=None, help="Fail on warnings too."),
                click.option("--jobs", type=jobs, help="Processes to use.  [default: one for each core]"),
            ]
        if output:
            folder = click.Path(path_type=Path)
            options.insert(1, click.option("-d", "--output", "folder", type=folder, help="The folder to write to."))
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def told(function: Callable[..., None]) -> Callable[..., None]:
    """Turn errors that are for people into messages and exit codes."""

    @wraps(function)
    def run(*arguments: Any, form: str, quiet: int, verbose: int, debug: bool, **options: Any) -> None:
        from ssg.errors import UsageError

        output = Output(form, verbose - quiet, debug)
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            function(*arguments, output=output, **options)
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
            sys.exit(130)
        except Exception as error:
            if debug:
                raise
            found = _for_people(error).diagnostics
            if form == "json":
                from ssg import report

                click.echo(report.as_json(found, {"ok": False}))
            config = options.get("config")
            output.diagnostics(found, Path.cwd() / config.parent if config else Path.cwd())
            sys.exit(2 if isinstance(error, UsageError) else 1)

    return run


def _for_people(error: Exception) -> "SsgError":
    """Return what people are told of an error; one that nobody thought of is a mistake of ours."""
    from ssg.errors import SsgError

    if isinstance(error, SsgError):
        return error
    if isinstance(error, OSError):
        return SsgError(error.strerror or str(error), path=str(error.filename or ""))
    message = f"something went wrong in ssg itself: {type(error).__name__}: {error}"
    return SsgError(message, hint="`--debug` shows where; please report it")


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


class Commands(click.Group):
    """All commands. Those of other modules are imported when one is called, or all of them are listed."""

    MODULES = {  # noqa: RUF012 - never changed
        "deploy": "cli_publish",
        "versions": "cli_publish",
        "workflow": "cli_publish",
        "new": "cli_project",
        "schema": "cli_project",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted([*super().list_commands(ctx), *self.MODULES])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name."""
        if cmd_name in self.MODULES:
            found: click.Command = getattr(import_module(f"ssg.{self.MODULES[cmd_name]}"), cmd_name)
            return found
        return super().get_command(ctx, cmd_name)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 all is well, 1 there are problems, 2 wrong usage.",
)
@click.version_option(__version__, prog_name="ssg")
def main() -> None:
    """Build a documentation site from Markdown."""


@main.command()
@command_options(output=True)
@click.option("--clean", is_flag=True, help="Forget what is remembered, and build everything again.")
@click.option("--offline", is_flag=True, default=None, help="Make a site that is opened from files, without a server.")
@click.option("--pdf", is_flag=True, help="Make a PDF of the whole site too, with an installed Chromium.")
@click.option("--adopt", is_flag=True, help="Write into a folder that ssg did not make; what is in it is kept.")
@told
def build(
    output: Output,
    config: Path | None,
    strict: bool | None,
    jobs: int | None,
    clean: bool,
    offline: bool | None,
    pdf: bool,
    adopt: bool,
    folder: Path | None,
) -> None:
    """Build the site into the output folder."""
    loaded = load_site(config, strict, folder, offline=offline, print_page=pdf or None)
    if clean:
        _forget(loaded)
    result = run_build(loaded, output, jobs, write=True, adopt=adopt, pdf=pdf)
    output.finish(loaded, result, "built")


@main.command()
@command_options(output=False)
@click.option("--external", is_flag=True, help="Look at links to other hosts too.")
@click.option(
    "--against", metavar="SITE", help="Find pages that are gone from SITE: an address, a folder, or a branch."
)
@told
def check(
    output: Output, config: Path | None, strict: bool | None, jobs: int | None, external: bool, against: str | None
) -> None:
    """Do all that build does, but write no site: list every problem."""
    loaded = load_site(config, strict, None)
    result = run_build(loaded, output, jobs, write=False, adopt=False, collect=external or against is not None)
    if external or against is not None:
        from ssg.cli_publish import look_further

        result = look_further(loaded, output, result, external=external, against=against)
    output.finish(loaded, result, "checked")


@main.command()
@command_options(output=True, builds=False)
@told
def clean(output: Output, config: Path | None, folder: Path | None) -> None:
    """Delete what ssg made: the site and the cache. Other files in the output folder stay."""
    from ssg.engine.publish import remove

    loaded = load_site(config, None, folder)
    _forget(loaded)
    site = loaded.root / loaded.config.site_dir
    count = remove(site, loaded.root, loaded.root / loaded.config.docs_dir)
    if output.form == "json":
        from ssg import report

        click.echo(report.as_json([], {"ok": True, "deleted": count}))
    output.say(f"deleted {_count(count, 'file')} of the site in {_shown(site)}, and the cache")


@main.command()
@command_options(output=False)
@click.option("--host", help="The address to listen at.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to listen at.  [default: 8000]")
@click.option("--open", "open_browser", is_flag=True, help="Open the site in the browser.")
@click.option("--editor", default="", help="Problems in the browser lead there, as with `vscode`; or a pattern.")
@click.option("--follow", is_flag=True, help="The browser goes to the page and heading that you edit.")
@click.option("--versions", is_flag=True, help="Show all versions that git has tags of, with the one you write.")
@told
def serve(
    output: Output,
    config: Path | None,
    strict: bool | None,
    jobs: int | None,
    host: str | None,
    port: int | None,
    open_browser: bool,
    editor: str,
    follow: bool,
    versions: bool,
) -> None:
    """Show the site while you write, and update it as you save."""
    from ssg.serve import Wishes
    from ssg.serve import serve as run

    run(config, jobs or _jobs(), Wishes(host, port, open_browser, editor, follow, versions), output)


def load_site(config: Path | None, strict: bool | None, folder: Path | None, **others: bool | None) -> "Loaded":
    """Read the configuration, with what the command line says instead of it."""
    from ssg.config import load

    overrides: dict[str, Any] = {**others}
    if strict is not None:
        overrides["strict"] = strict
    if folder is not None:
        overrides["site_dir"] = str(folder)
    return load(config, cwd=Path.cwd(), overrides=overrides)


def _forget(loaded: "Loaded") -> None:
    from ssg.build import CACHE

    for suffix in ("", "-journal", "-wal", "-shm"):
        (loaded.root / (CACHE + suffix)).unlink(missing_ok=True)


def _jobs() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_build(
    loaded: "Loaded",
    output: Output,
    jobs: int | None,
    *,
    write: bool,
    adopt: bool,
    edition: "Edition | None" = None,
    collect: bool = False,
    pdf: bool = False,
) -> "Result":
    """Build, or look whether it can be."""
    import gc
    from dataclasses import replace

    from ssg.build import Builder
    from ssg.options import Options
    from ssg.progress import progress

    gc.freeze()  # nearly all that a build makes stays until its end: it is no use to look for what could be freed
    with progress(shown=output.verbosity >= 0 and output.form == "text") as tell:
        options = Options(jobs=jobs or _jobs(), strict=loaded.config.strict, write=write, adopt=adopt, progress=tell)
        options = replace(options, collect=collect, pdf=pdf)
        if edition is not None:
            options = replace(options, edition=edition)
        builder = Builder(loaded, options)
        try:
            return builder.build()
        finally:
            builder.close()


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
