"""A pure step and its argument -> its result, run only when nothing remembered still holds.

`Memo.call(stage, shared, argument)`: the key is a digest of the salt, the stage's name and both arguments. A trace
stored under it says what the step read and what came out; it holds if every recorded read still has its digest.
In the words of "Build Systems a la Carte" (Mokhov, Mitchell, Peyton Jones, 2018) these are constructive traces, and
the scheduler is the order of the calls in `build.py`.

A result is a Struct whose fields are stored one by one under their own digests. A later step takes the digest of
the field that it needs as its argument, so it is not run again when another field changes.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar, cast

import msgspec

from ssg.engine.digest import UNREADABLE, decode, digest, encode
from ssg.engine.limit import Limit
from ssg.engine.pool import Pool
from ssg.engine.reader import Reader
from ssg.engine.store import Store
from ssg.engine.tree import Tree, decode_places
from ssg.errors import CacheError

S = TypeVar("S")
A = TypeVar("A")
R = TypeVar("R")
V = TypeVar("V")

TRACES_KEPT = 4
"""So many runs of one key are worth a look: the newest ones, for those who go back and forth between branches."""


@dataclass(frozen=True)
class Stage(Generic[S, A, R]):
    """A step of the build: a function of a module, of its arguments and of what it reads, and of nothing else.

    `shared` is an argument that is the same for a whole round of calls. `result` is a Struct type.
    """

    name: str
    run: Callable[[S, A, Reader], R]
    shared: type[S]
    argument: type[A]
    result: type[R]
    parallel: bool = False
    """Whether runs are worth other processes."""
    inputs: Callable[[A], Sequence[bytes]] | None = None
    """Returns the digests of results of other steps that a run takes: to other processes these are sent along."""
    late: Callable[[S, A, float], R] | None = None
    """Returns what stands for the result of a run that took longer than so many seconds."""
    open: bool = False
    """The result is no Struct, but a sequence of any length, whose parts are stored one by one."""

    @cached_property
    def fields(self) -> tuple[msgspec.structs.FieldInfo, ...]:
        """The parts of the result, in the order in which they are stored."""
        if self.open:
            return ()
        return msgspec.structs.fields(self.result)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Trace(Generic[R]):
    """A result that is remembered: the digests of its parts. `ran` says that the step was run for it just now."""

    id: int
    parts: dict[str, bytes]
    ran: bool

    @property
    def digest(self) -> bytes:
        """Stands for the whole result."""
        return digest(*self.parts.values())


class Memo:
    """Remembers the results of steps between builds."""

    def __init__(
        self, store: Store, tree: Tree, salt: bytes, pool: Pool, pause: Callable[[], object] | None = None
    ) -> None:
        """Use `tree` to check recorded reads. `salt` stands for the code that the steps are made of.

        `pause` is called again and again while all is looked at, and may take its time.
        """
        self.store = store
        self.tree = tree
        self.salt = salt
        self.pool = pool
        self._pause = pause
        self._stored: set[bytes] = set()
        """Digests of the parts that were stored just now, and need not be looked at again."""
        self.used: set[int] = set()
        self.reads: set[str] = set()
        """Paths of all that the steps whose results were asked for read, or looked for."""

    def key(self, stage: str, *digests: bytes) -> bytes:
        """Return the key of a run of the stage of this name whose arguments have these digests."""
        self.pause()
        return digest(self.salt, stage.encode(), *digests)

    def pause(self) -> None:
        """Let somebody go first who is in a hurry."""
        if self._pause is not None:
            self._pause()

    def call(self, stage: Stage[S, A, R], shared: S, argument: A) -> Trace[R]:
        """Return the result of a step, remembered or run now."""
        return self.map(stage, shared, [argument])[0]

    def map(
        self, stage: Stage[S, A, R], shared: S, arguments: Sequence[A], seconds: float = math.inf
    ) -> list[Trace[R]]:
        """Return the results of a step for each of the arguments; those not remembered are run in parallel.

        A run that takes more than so many seconds is ended, if the stage knows what to say then. Nothing is remembered
        of it.
        """
        shared_bytes = encode(shared)
        shared_digest = digest(shared_bytes)
        encoded = [encode(argument) for argument in arguments]
        keys = [self.key(stage.name, shared_digest, digest(data)) for data in encoded]
        rows = self.store.traces(stage.name)
        names = [field.name for field in stage.fields]
        found: list[Trace[R] | None] = []
        for key in keys:
            for row in rows.get(key, ())[:TRACES_KEPT]:
                if self._holds(row.reads) and (stage.open or len(row.parts) == 16 * len(names)):
                    found.append(Trace(row.id, _split(names, row.parts), ran=False))
                    break
            else:
                found.append(None)
        missing = [n for n, trace in enumerate(found) if trace is None]
        if missing:
            results = self._run_all(stage, shared_bytes, [encoded[n] for n in missing], seconds)
            for n, result in zip(missing, results, strict=True):
                found[n] = self._save(stage, keys[n], names, *result)
        traces = [trace for trace in found if trace is not None]
        self.used.update(trace.id for trace in traces)
        return traces

    def load(self, part: bytes, kind: type[V]) -> V:
        """Return the value that a part's digest stands for.

        Raises:
            CacheError: When the cache has lost it.
        """
        try:
            return decode(self.encoded(part), kind)
        except msgspec.DecodeError as error:
            raise CacheError(f"the cache holds something else than was stored: {error}") from error

    def encoded(self, part: bytes) -> bytes:
        """Return the encoded value that a part's digest stands for.

        Raises:
            CacheError: When the cache has lost it.
        """
        data = self.store.part(part)
        if data is None or (part not in self._stored and digest(data) != part):
            raise CacheError("the cache has lost a result")
        return data

    def whole(self, stage: Stage[S, A, R], trace: Trace[R]) -> R:
        """Return a result with all its parts.

        Raises:
            CacheError: When the cache has lost one of them.
        """
        return stage.result(**{one.name: self.load(trace.parts[one.name], one.type) for one in stage.fields})

    def _run_all(
        self, stage: Stage[S, A, R], shared: bytes, arguments: Sequence[bytes], seconds: float
    ) -> Iterator[tuple[bytes, list[bytes]]]:
        root, mounts = self.tree.root, self.tree.mounts
        if stage.parallel:
            where = self.tree.places
            limit = Limit(seconds, _late) if stage.late is not None and seconds < math.inf else None
            runs = _Runs(self, stage, arguments)
            yield from self.pool.map(_run_remote, (stage, where, shared), runs, stage.name, limit)
            return
        for argument in arguments:
            yield _run(stage, shared, argument, Reader(root, mounts, self.load))

    def _holds(self, reads: bytes) -> bool:
        self.pause()
        look = self.tree.digest
        try:
            recorded = decode(reads, dict[str, bytes])
        except (msgspec.DecodeError, TypeError, UnicodeDecodeError):
            return False
        self.reads.update(recorded)
        return all(look(path) == seen != UNREADABLE for path, seen in recorded.items())

    def _save(self, stage: Stage[S, A, R], key: bytes, names: list[str], reads: bytes, parts: list[bytes]) -> Trace[R]:
        digests = [digest(part) for part in parts]
        self.store.save_parts(list(zip(digests, parts, strict=True)))
        self._stored.update(digests)
        self.reads.update(decode(reads, dict[str, bytes]))
        joined = b"".join(digests)
        number = self.store.save_trace(stage.name, key, reads, joined)
        return Trace(number, _split(names, joined), ran=True)


def _split(names: list[str], parts: bytes) -> dict[str, bytes]:
    names = names or [str(n) for n in range(len(parts) // 16)]  # of an open result
    return {name: parts[16 * n : 16 * n + 16] for n, name in enumerate(names)}


Run = tuple[bytes, dict[bytes, bytes]]
"""The argument of a run, and the results of other steps that it takes, by their digests; all encoded."""


class _Runs(Sequence[Run]):
    """Runs of a stage, each put together when it is asked for, so that not all of them are in memory at once."""

    def __init__(self, memo: Memo, stage: Stage[Any, Any, Any], arguments: Sequence[bytes]) -> None:
        self._memo = memo
        self._stage = stage
        self._arguments = arguments

    def __len__(self) -> int:
        return len(self._arguments)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._run(argument) for argument in self._arguments[index]]
        return self._run(self._arguments[index])

    def _run(self, argument: bytes) -> Run:
        if self._stage.inputs is None:
            return argument, {}
        taken = self._stage.inputs(decode(argument, self._stage.argument))
        return argument, {part: self._memo.encoded(part) for part in taken}


def _run_remote(job: tuple[Stage[Any, Any, Any], bytes, bytes], run: Run) -> tuple[bytes, list[bytes]]:
    """Run a step in whatever process this is."""
    stage, where, shared = job
    argument, taken = run

    def load(part: bytes, kind: Any) -> Any:
        return decode(taken[part], kind)

    return _run(stage, shared, argument, Reader(*decode_places(where), load))


def _run(stage: Stage[Any, Any, Any], shared: bytes, argument: bytes, reader: Reader) -> tuple[bytes, list[bytes]]:
    """Run a step; return its reads and the parts of its result, all encoded."""
    with reader.watching():
        result = stage.run(_decode_shared(shared, cast(Any, stage.shared)), decode(argument, stage.argument), reader)
    parts = result if stage.open else [getattr(result, field.name) for field in stage.fields]
    return encode(reader.reads), [encode(part) for part in parts]


def _late(job: tuple[Stage[Any, Any, Any], bytes, bytes], run: Run, seconds: float) -> tuple[bytes, list[bytes]]:
    """Return what `_run_remote` would of a step that takes too long, with a read that holds for no other build."""
    stage, _, shared = job
    argument, _ = run
    result = cast(Any, stage.late)(
        _decode_shared(shared, cast(Any, stage.shared)), decode(argument, stage.argument), seconds
    )
    return encode({"(time)": UNREADABLE}), [encode(getattr(result, field.name)) for field in stage.fields]


@lru_cache(maxsize=8)
def _decode_shared(data: bytes, kind: Any) -> Any:
    """The shared argument is decoded once a round, and not once a call."""
    return decode(data, kind)
