"""Report: what was measured, as JSON and as tables."""

import json
import os
import platform
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from measure import Cost

REFERENCE = "ssg"
KINDS = {
    "cold": "Cold build: no output and no cache",
    "unchanged": "The same command again: nothing has changed",
    "edited": "One page's text edited",
}
_COLUMNS: dict[str, Callable[["Build"], float]] = {
    "wall s": lambda build: build.cost.wall,
    "CPU s": lambda build: build.cost.cpu,
    "memory MiB": lambda build: build.cost.memory / 2**20,
}


@dataclass(frozen=True)
class Build:
    """One build of one generator."""

    tool: str
    kind: str
    round: int
    cost: Cost


@dataclass
class Subject:
    """A generator that takes part."""

    label: str
    versions: str
    html_bytes: float | None = None
    """Mean size of a page."""
    failure: str = ""


@dataclass
class Results:
    """All that a run has found, and what one has to know to judge it."""

    date: str
    command: str
    machine: dict[str, str | int | float]
    corpus: dict[str, str | int]
    left_out: list[str]
    subjects: dict[str, Subject] = field(default_factory=dict)
    builds: list[Build] = field(default_factory=list)

    def save(self, folder: Path) -> None:
        """Write `results.json` and `RESULTS.md`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "results.json").write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        (folder / "RESULTS.md").write_text(self.text(), encoding="utf-8")

    def text(self) -> str:
        """The results for people."""
        parts = [
            "# Results",
            f"Made by `{self.command}`. Medians; × is the median of each round's ratio to {REFERENCE}.",
            *(f"## {title}\n\n{self._costs(kind)}" for kind, title in KINDS.items()),
            f"## Size of a page's HTML\n\n{self._sizes()}",
            *(
                f"## {each.label} failed\n\n```text\n{each.failure}\n```"
                for each in self.subjects.values()
                if each.failure
            ),
            f"## Where and what\n\n{self._circumstances()}",
        ]
        return "\n\n".join(parts) + "\n"

    def _costs(self, kind: str) -> str:
        rows = []
        for tool, subject in self.subjects.items():
            row = [subject.label]
            for value in _COLUMNS.values():
                mine, reference = self._by_round(tool, kind, value), self._by_round(REFERENCE, kind, value)
                ratios = [mine[turn] / reference[turn] for turn in mine if turn in reference]
                row += [number(mine.values()), number(ratios)]
            rows.append(row)
        return table(["", *(heading for column in _COLUMNS for heading in (column, "×"))], rows)

    def _by_round(self, tool: str, kind: str, value: Callable[[Build], float]) -> dict[int, float]:
        return {build.round: value(build) for build in self.builds if (build.tool, build.kind) == (tool, kind)}

    def _sizes(self) -> str:
        reference = self.subjects[REFERENCE].html_bytes if REFERENCE in self.subjects else None
        rows = []
        for subject in self.subjects.values():
            sizes = [subject.html_bytes] if subject.html_bytes else []
            rows.append(
                [
                    subject.label,
                    number(size / 1024 for size in sizes),
                    number(size / reference for size in sizes if reference),
                ]
            )
        return table(["", "KiB", "×"], rows)

    def _circumstances(self) -> str:
        facts = {**self.corpus, **self.machine, "date": self.date}
        facts |= {subject.label: subject.versions for subject in self.subjects.values()}
        if self.left_out:
            facts["left out"] = ", ".join(self.left_out)
        return "\n".join(f"- {name}: {value}" for name, value in facts.items())


def without_paths(text: str) -> str:
    """The text with only the last part of each absolute path: the rest is of no use on another machine."""
    return re.sub(r"(?<![\w.:/])/(?:[^\s/'\"]+/)*(?=[^\s/])", "", text)


def machine() -> dict[str, str | int | float]:
    """What the figures depend on besides the generators."""
    return {
        "processors": os.cpu_count() or 0,
        "processor": _processor(),
        "memory, GiB": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30),
        "platform": platform.platform(),
        "Python": platform.python_version(),
        "load at the start": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor()
    )


def number(values: Iterable[float]) -> str:
    """The median to three digits."""
    values = list(values)
    if not values:
        return "-"
    value = median(values)
    return f"{value:,.{2 if value < 10 else 1 if value < 100 else 0}f}"


def table(heading: list[str], rows: list[list[str]]) -> str:
    widths = [max(3, *map(len, column)) for column in zip(heading, *rows, strict=True)]

    def line(cells: Iterable[str]) -> str:
        first, *rest = (
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join((first, *rest))} |"

    rule = [":" + "-" * (width - 1) if not place else "-" * (width - 1) + ":" for place, width in enumerate(widths)]
    return "\n".join(map(line, [heading, rule, *rows]))
