"""Emitters and Indexers -> the files that they make besides the pages."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from msgspec import Struct

from ssg.config.settings import SiteConfig
from ssg.engine.memo import Memo, Stage, Trace
from ssg.engine.reader import Reader
from ssg.errors import PluginError
from ssg.model import Diagnostic, Document, Piece, Site, Task
from ssg.plugins import PluginSpec, broken, call, check_output, checked, load


class PlanInput(Struct, frozen=True):
    """An Emitter, and the digest of the Site."""

    plugin: PluginSpec
    site: bytes


class Plan(Struct, frozen=True, kw_only=True):
    """The files that an Emitter will make, and what is wrong."""

    tasks: tuple[Task, ...]
    diagnostics: tuple[Diagnostic, ...]


def plan(shared: SiteConfig, argument: PlanInput, reader: Reader) -> Plan:
    """Ask an Emitter or an Indexer what it will make. That it fails is among the diagnostics."""
    spec, site = argument.plugin, reader.value(argument.site, Site)
    known = {page.path for page in site.pages}
    try:
        found = tuple(call(spec, "plan", Sequence, load(spec, reader.root).plan, site, shared))
        for one in found:
            if isinstance(checked(spec, "plan", one, Task | Diagnostic), Task):
                check_output(spec, "plan", one.path)
                kind, method = ("index", "merge") if one.path.endswith("/") else ("emit", "emit")
                if kind not in spec.kinds:
                    raise broken(spec, f"plan named '{one.path}', and there is no method `{method}` to make it")
                missing = [path for path in one.pages if path not in known]
                if missing:
                    raise broken(spec, f"plan named the page '{missing[0]}', which does not exist")
                strange = [name for name in one.reads if name not in Document.__struct_fields__]
                if strange:
                    raise broken(spec, f"plan named '{strange[0]}', which is no field of a document")
    except PluginError as error:
        found = error.diagnostics
    return Plan(
        tasks=tuple(one for one in found if isinstance(one, Task)),
        diagnostics=tuple(one for one in found if isinstance(one, Diagnostic)),
    )


PLAN = Stage("plan", plan, SiteConfig, PlanInput, Plan)


def emit(spec: PluginSpec, task: Task, documents: Sequence[Document], root: Path) -> bytes:
    """Return the content of a file that an Emitter makes.

    Raises:
        PluginError: When it fails, or returns something else.
    """
    return cast(bytes, call(spec, "emit", bytes, load(spec, root).emit, task, documents))


def extract(specs: Sequence[PluginSpec], document: Document, language: str, root: Path) -> dict[str, bytes]:
    """Return what Indexers take from a page.

    Raises:
        PluginError: When one fails, or returns something else.
    """
    return {spec.name: call(spec, "extract", bytes, load(spec, root).extract, document, language) for spec in specs}


class Step(Struct, frozen=True, kw_only=True):
    """A call of a method of an Indexer: what it took from pages is named by digests of `Document.extracts`."""

    method: str
    data: Any
    extracts: tuple[bytes, ...]
    parts: tuple[bytes, ...]
    files: tuple[str, ...] = ()


def step(spec: PluginSpec, argument: Step, reader: Reader) -> Sequence[bytes]:
    """Call a method of an Indexer."""
    inputs = [reader.value(one, dict[str, bytes]).get(spec.name, b"") for one in argument.extracts]
    inputs += [reader.value(one, bytes) for one in argument.parts]
    inputs += [_content(reader, path) for path in argument.files]
    method = getattr(load(spec, reader.root), argument.method)
    parts = call(spec, argument.method, Sequence, method, argument.data, inputs)
    return [checked(spec, argument.method, one, bytes) for one in parts]


def _inputs(argument: Step) -> tuple[bytes, ...]:
    return argument.extracts + argument.parts


def _content(reader: Reader, path: str) -> bytes:
    if not path:
        return b""
    try:
        return reader.read_bytes(path)
    except OSError:
        return b""


STEP: Stage[PluginSpec, Step, Sequence[bytes]] = Stage(
    "plugin step",
    step,
    PluginSpec,
    Step,
    cast(type[Sequence[bytes]], Sequence),
    parallel=True,
    inputs=_inputs,
    open=True,
)


class RememberedSteps:
    """Calls methods of an Indexer where no result is remembered; see `model.Remembered`."""

    def __init__(self, spec: PluginSpec, memo: Memo, documents: Mapping[str, Trace[Document]]) -> None:
        """Take the extracts of pages from `documents`, by path."""
        self._spec = spec
        self._memo = memo
        self._documents = documents

    def map(self, method: str, pieces: Sequence[Piece]) -> list[tuple[bytes, ...]]:
        """Return the digests of the parts that the method returns for each piece."""
        documents = self._documents
        steps = [
            Step(
                method=method,
                data=piece.data,
                extracts=tuple(documents[path].parts["extracts"] for path in piece.pages),
                parts=piece.parts,
                files=piece.files,
            )
            for piece in pieces
        ]
        return [tuple(trace.parts.values()) for trace in self._memo.map(STEP, self._spec, steps)]


def merge(spec: PluginSpec, task: Task, memo: Memo, documents: Mapping[str, Trace[Document]]) -> dict[str, bytes]:
    """Return the files of a folder that an Indexer makes: by path, the digest of the part that is its content.

    Raises:
        PluginError: When it fails, or returns something else.
    """
    remembered = RememberedSteps(spec, memo, documents)
    files = call(spec, "merge", Mapping, load(spec, memo.tree.root).merge, task, remembered)
    found = {}
    for name, part in files.items():
        path = task.path + checked(spec, "merge", name, str)
        check_output(spec, "merge", path)
        found[path] = checked(spec, "merge", part, bytes)
    return found
