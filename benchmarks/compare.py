#!/usr/bin/env python3
"""Compare: builds the same pages with several generators, taking turns, and reports what each takes.

python benchmarks/compare.py --pages 1000 --install DIR
"""

import argparse
import datetime
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import corpus
from measure import Cost
from project import BuildError, Project
from report import Build, Results, Subject, command, machine, size, without_paths
from tools import HERE, TOOLS

_ENVIRONMENTS = os.environ.get("SSG_BENCHMARK_TOOLS", "benchmark-tools")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare documentation generators.")
    pages = parser.add_mutually_exclusive_group()
    pages.add_argument("--corpus", type=Path, metavar="DIR", help="build these Markdown files")
    pages.add_argument("--pages", type=int, default=1000, metavar="N", help="or that many made-up ones [1000]")
    parser.add_argument("--tools", default=",".join(TOOLS), metavar="NAMES", help=f"of {','.join(TOOLS)} [all]")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="rounds [3]")
    parser.add_argument("--timeout", type=float, default=900, metavar="SECONDS", help="for each build [900]")
    parser.add_argument("--install", type=Path, metavar="DIR", help="first install the other generators there")
    parser.add_argument(
        "--installed",
        type=Path,
        default=Path(_ENVIRONMENTS),
        metavar="DIR",
        help="where that was done before [$SSG_BENCHMARK_TOOLS, or benchmark-tools]",
    )
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep the projects and logs there; must not exist")
    parser.add_argument("--results", type=Path, default=HERE, metavar="DIR", help="folder for the results [benchmarks]")
    arguments = parser.parse_args()
    if unknown := set(arguments.tools.split(",")) - set(TOOLS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known are {', '.join(TOOLS)}")
    if arguments.corpus and not arguments.corpus.is_dir():
        parser.error(f"there is no folder {arguments.corpus}")
    if arguments.work and arguments.work.exists():
        parser.error(f"{arguments.work} exists")
    return arguments


def _prepare(arguments: argparse.Namespace, work: Path) -> tuple[list[Project], Results]:
    """Lay out a project for each generator that is installed."""
    pages: Path = arguments.corpus or work / f"synthetic-{arguments.pages}"
    if not arguments.corpus:
        corpus.write(pages, arguments.pages)
    environments = (arguments.install or arguments.installed).resolve()
    results = Results(
        datetime.datetime.now(datetime.UTC).date().isoformat(), command("compare"), machine(), size(pages), left_out=[]
    )
    projects = []
    for name in arguments.tools.split(","):
        tool = TOOLS[name](environments)
        try:
            if arguments.install:
                tool.install()
            program = tool.program()
            versions = tool.versions() if program else ""
        except (RuntimeError, subprocess.SubprocessError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            program = None
        if program:
            results.subjects[name] = Subject(tool.label, versions)
            projects.append(Project(tool, program, pages, work / name))
        else:
            results.left_out.append(name)
    return projects, results


def _round(
    project: Project, number: int, subject: Subject, timeout: float, *, weigh: bool
) -> Iterator[tuple[str, Cost]]:
    """The builds of one generator in one round."""
    project.clean()
    yield "cold", project.build(timeout, weigh=weigh)
    subject.html_bytes = project.check_pages()
    yield "unchanged", project.build(timeout, weigh=weigh)
    project.check_pages()
    sentence = f"This sentence came in round {number} of the benchmark."
    project.edit(sentence)
    yield "edited", project.build(timeout, weigh=weigh)
    project.check_edit(sentence)


def _compare(projects: list[Project], results: Results, arguments: argparse.Namespace) -> None:
    """Let the generators take turns; each round another one begins. In round 0 memory is measured, and then time."""
    memory: dict[tuple[str, str], int] = {}
    for number in range(arguments.runs + 1):
        start = number % len(projects)
        for project in projects[start:] + projects[:start]:
            name = project.tool.name
            subject = results.subjects[name]
            if subject.failure:
                continue
            try:
                for kind, cost in _round(project, number, subject, arguments.timeout, weigh=number == 0):
                    if number:
                        cost = replace(cost, memory=memory[name, kind])
                        results.builds.append(Build(name, kind, number, cost))
                    else:
                        memory[name, kind] = cost.memory
                    figures = f"{cost.wall:8.2f} s {cost.cpu:8.2f} CPU s {cost.memory / 2**20:7.0f} MiB"
                    print(f"{number}/{arguments.runs} {name:15} {kind:10}{figures}", flush=True)
            except BuildError as error:
                subject.failure = without_paths(str(error))
                print(f"{number}/{arguments.runs} {name:15} failed: {error}", flush=True)
        results.save(arguments.results)


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="ssg-benchmark-") as temporary:
        work = (arguments.work or Path(temporary, "work")).resolve()
        work.mkdir(parents=True)
        projects, results = _prepare(arguments, work)
        if not projects:
            sys.exit("none of these generators is installed: see --install")
        _compare(projects, results, arguments)
    print(f"\n{results.text()}")


if __name__ == "__main__":
    main()
