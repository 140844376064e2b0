#!/usr/bin/env python3
"""Dialect: how long the conversion of a page takes, with ssg and with other converters, which take turns.

python benchmarks/dialect.py --install DIR FOLDER...
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import ClassVar

from report import machine, number, table
from tools import HERE, Tool

REFERENCE = "python_markdown"
_ENVIRONMENTS = os.environ.get("SSG_BENCHMARK_TOOLS", "benchmark-tools")


class Converter(Tool):
    """A converter that runs in converters.py, under its name, with the interpreter of this checkout."""

    label = "ssg"
    environment = ""
    requirements: ClassVar[tuple[str, ...]] = ()
    packages: ClassVar[tuple[str, ...]] = ("markdown", "pymdown-extensions", "pygments")
    """Of these the versions are told."""

    def __init__(self, name: str, label: str, environments: Path) -> None:
        super().__init__(environments)
        self.title = label
        self.function = name

    def install(self) -> None:
        """It is here already."""

    def variables(self) -> dict[str, str]:
        return {**super().variables(), "PYTHONPATH": str(HERE.parent)}

    def versions(self) -> str:
        return ", ".join(f"{name} {version}" for name, version in self._versions())

    def is_installed(self) -> bool:
        return Path(self._python()).exists()

    @contextmanager
    def started(self, pages: Path) -> Iterator["subprocess.Popen[str]"]:
        """Run it over a folder of pages; it waits for its turns."""
        command = [self._python(), str(HERE / "converters.py"), self.function, str(pages)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.variables()
        ) as process:
            yield process

    def _versions(self) -> Iterator[tuple[str, str]]:
        code = "import sys, importlib.metadata as m; print(*(m.version(name) for name in sys.argv[1:]))"
        return zip(self.packages, self._told(self._python(), "-c", code, *self.packages).split(), strict=True)

    def _python(self) -> str:
        return super()._python() if self.environment else sys.executable


class Other(Converter):
    """A converter with an environment of its own."""

    environment = "converters"
    requirements = ("markdown-it-py==4.3.0", "mdit-py-plugins==0.7.0", "mistune==3.4.0", "pygments==2.21.0")
    packages = ("markdown-it-py", "mdit-py-plugins", "mistune", "pygments")

    def install(self) -> None:
        Tool.install(self)


CONVERTERS: dict[str, tuple[type[Converter], str]] = {
    "ssg": (Converter, "ssg, with GitHub's rules"),
    "ssg_plain": (Converter, "ssg, without"),
    "python_markdown": (Converter, "Python-Markdown"),
    "markdown_it": (Other, "markdown-it-py"),
    "mistune": (Other, "mistune"),
}


@dataclass
class Results:
    """What was measured, in milliseconds a page, by folder and converter."""

    date: str
    machine: dict[str, str | int | float]
    versions: list[str]
    pages: dict[str, int] = field(default_factory=dict)
    rounds: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Write `dialect.json` and `DIALECT.md`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "dialect.json").write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        (folder / "DIALECT.md").write_text(self.text(), encoding="utf-8")

    def text(self) -> str:
        """The results for people."""
        facts = {**self.machine, "date": self.date}
        parts = [
            "# Milliseconds a page",
            "Made by [dialect.py](dialect.py), as [README.md](README.md) says. "
            "Processor time: the least and the median of the rounds; "
            "× is the median of each round's ratio to Python-Markdown.",
        ]
        for folder, times in self.rounds.items():
            parts += [f"## {folder}: {self.pages[folder]:,} pages", self._table(times)]
        parts += ["## Where and what", "\n".join(f"- {name}: {value}" for name, value in facts.items())]
        return "\n\n".join(parts) + "\n" + "".join(f"- {line}\n" for line in self.versions)

    def _table(self, times: dict[str, list[float]]) -> str:
        rows = []
        for name, mine in times.items():
            ratios = [one / other for one, other in zip(mine, times[REFERENCE], strict=True)]
            rows.append([CONVERTERS[name][1], number([min(mine)]), number(mine), number(ratios)])
        return table(["", "least", "median", "×"], rows)


def _measure(converters: list[Converter], pages: Path, rounds: int) -> tuple[int, dict[str, list[float]]]:
    """Let the converters take turns over the pages of a folder. A first round, in which all is loaded, is left out."""
    times: dict[str, list[float]] = {one.function: [] for one in converters}
    count = 0
    with ExitStack() as stack:
        processes = [(one.function, stack.enter_context(one.started(pages))) for one in converters]
        for turn in range(rounds + 1):
            start = turn % len(processes)
            for name, process in processes[start:] + processes[:start]:
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write("\n")
                process.stdin.flush()
                answer = process.stdout.readline().split()
                if not answer:
                    sys.exit(f"{name} has failed")
                seconds, count = float(answer[0]), int(answer[1])
                if turn:
                    times[name].append(seconds / count * 1000)
    return count, times


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare converters of Markdown.")
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="of Markdown files")
    parser.add_argument(
        "--rounds", type=int, default=5, metavar="N", help="of which the least and the median count [5]"
    )
    parser.add_argument("--install", type=Path, metavar="DIR", help="first install the other converters there")
    parser.add_argument("--installed", type=Path, default=Path(_ENVIRONMENTS), metavar="DIR", help="where they are")
    parser.add_argument("--results", type=Path, default=HERE, metavar="DIR", help="folder for the results [benchmarks]")
    arguments = parser.parse_args()
    environments = (arguments.install or arguments.installed).resolve()
    converters = [kind(name, label, environments) for name, (kind, label) in CONVERTERS.items()]
    if arguments.install:
        for one in converters:
            one.install()
    converters = [one for one in converters if one.is_installed()]
    versions = list(dict.fromkeys(one.versions() for one in converters))
    results = Results(datetime.datetime.now(datetime.UTC).date().isoformat(), machine(), versions)
    for folder in arguments.folders:
        name = folder.resolve().name
        results.pages[name], results.rounds[name] = _measure(converters, folder, arguments.rounds)
        print(f"{name}:\n{results._table(results.rounds[name])}\n", flush=True)
    results.save(arguments.results)


if __name__ == "__main__":
    main()
