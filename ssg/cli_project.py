"""The commands that start a project, and help to write its configuration."""

import shlex
from pathlib import Path

import click

from ssg.cli import Output, told


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", help="The site's name.  [default: from the folder's name]")
@click.option("-q", "--quiet", count=True, help="Say nothing but problems.")
@click.option("--debug", is_flag=True, help="Show the Python traceback of an error.")
@click.pass_context
def new(context: click.Context, folder: Path, name: str | None, quiet: int, debug: bool) -> None:
    """Make a new site in FOLDER: a configuration, a few pages, and a workflow for GitHub Pages."""

    @told
    def run(output: Output) -> None:
        from ssg.scaffold import scaffold

        for path in scaffold(folder, name or ""):
            output.say(f"  {path}")
        here = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
        output.say(f"made a site in {folder}; look at it with: {here}ssg serve")

    run(form="text", quiet=quiet, verbose=0, debug=debug)


@click.command()
def schema() -> None:
    """Print the JSON schema of ssg.yml, for editors."""
    import json

    from ssg.config import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
