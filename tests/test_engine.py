"""The engine: what is remembered, what is trusted, and what is published."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct
from sites import build, outputs, write

from ssg.build import CACHE
from ssg.engine.digest import ABSENT, UNREADABLE, digest, digest_of
from ssg.engine.memo import Memo, Stage
from ssg.engine.pool import Pool
from ssg.engine.publish import Publisher, is_inside
from ssg.engine.reader import Reader
from ssg.engine.store import Store
from ssg.engine.tree import RACY_NS, Known, Tree, stamp_of
from ssg.errors import CacheError, PublishError, SsgError


class Counted(Struct, frozen=True):
    """A result with two parts."""

    size: int
    text: str


runs: list[str] = []


def count(shared: str, path: str, reader: Reader) -> Counted:
    """A step that takes a file, or a word where there is none, and notes that it ran."""
    runs.append(path)
    text = reader.read_text(path) if reader.exists(path) else shared
    return Counted(len(text), text)


COUNT = Stage("count", count, str, str, Counted)


@pytest.fixture
def store() -> Iterator[Store]:
    runs.clear()
    made = Store(None)
    yield made
    made.close()


def memo(store: Store, root: Path, salt: bytes = b"salt") -> Memo:
    """A memo as a new process has it: nothing of the disk is known but what is stored."""
    return Memo(store, Tree(root, {}, store.files()), salt, Pool(1))


# -- memo and reads ---------------------------------------------------------------------------------------------------


def test_a_step_runs_again_only_when_what_it_read_changed(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    first = memo(store, tmp_path).call(COUNT, "", "a")
    again = memo(store, tmp_path).call(COUNT, "", "a")
    assert (first.ran, again.ran) == (True, False)
    assert first.parts == again.parts
    (tmp_path / "a").write_text("three")
    assert memo(store, tmp_path).call(COUNT, "", "a").ran


def test_a_file_that_appears_where_a_step_looked_in_vain_is_seen(store: Store, tmp_path: Path) -> None:
    asked = memo(store, tmp_path).call(COUNT, "nothing", "a")
    assert memo(store, tmp_path).load(asked.parts["text"], str) == "nothing"
    (tmp_path / "a").write_text("here")
    found = memo(store, tmp_path).call(COUNT, "nothing", "a")
    assert memo(store, tmp_path).load(found.parts["text"], str) == "here"
    (tmp_path / "a").unlink()
    assert not memo(store, tmp_path).call(COUNT, "nothing", "a").ran, "an earlier answer holds again"


def test_a_part_that_did_not_change_keeps_its_digest(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    before = memo(store, tmp_path).call(COUNT, "", "a").parts
    (tmp_path / "a").write_text("two")
    after = memo(store, tmp_path).call(COUNT, "", "a").parts
    assert before["size"] == after["size"]
    assert before["text"] != after["text"]


def test_other_code_and_other_arguments_remember_nothing(store: Store, tmp_path: Path) -> None:
    memo(store, tmp_path).call(COUNT, "", "a")
    assert memo(store, tmp_path, b"other").call(COUNT, "", "a").ran
    assert memo(store, tmp_path).call(COUNT, "other", "a").ran
    assert memo(store, tmp_path).call(COUNT, "", "b").ran


def test_a_lost_part_is_noticed(store: Store, tmp_path: Path) -> None:
    trace = memo(store, tmp_path).call(COUNT, "word", "a")
    store.save_parts([(trace.parts["text"], b"something else")])
    with pytest.raises(CacheError):
        memo(store, tmp_path).load(trace.parts["text"], str)


def test_a_file_that_others_open_is_a_read_too(tmp_path: Path) -> None:
    (tmp_path / "seen.txt").write_text("x")
    reader = Reader(tmp_path, {})
    with reader.watching():
        (tmp_path / "seen.txt").read_text()
        with pytest.raises(FileNotFoundError):
            (tmp_path / "missing.txt").read_text()
        (tmp_path / "written.txt").write_text("y")
    (tmp_path / "seen.txt").read_text()
    assert reader.reads == {"seen.txt": digest(b"x"), "missing.txt": ABSENT}


def test_every_read_inside_a_step_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a step opens below the project stands in its trace: seen from outside, by Python's own audit events."""
    opened: set[str] = set()
    inside = False

    def listen(event: str, arguments: tuple[object, ...]) -> None:
        if inside and event == "open" and isinstance(arguments[0], str | os.PathLike):
            opened.add(os.path.abspath(os.fsdecode(arguments[0])))  # noqa: PTH100 - links are not followed

    sys.addaudithook(listen)
    recorded: set[str] = set()
    from ssg.engine import memo as memo_module

    original = memo_module._run

    def run(stage: object, shared: bytes, argument: bytes, reader: Reader) -> object:
        nonlocal inside
        inside = True
        try:
            return original(stage, shared, argument, reader)  # type: ignore[arg-type]
        finally:
            inside = False
            recorded.update(str((tmp_path / path).resolve()) for path in reader.reads)

    monkeypatch.setattr(memo_module, "_run", run)
    write(
        tmp_path,
        {
            "ssg.yml": "site_name: x\ntheme: {custom_dir: over}\nhooks: [hook.py]\nmarkdown_extensions: [toc, opener, "
            "pymdownx.snippets]\n",
            "hook.py": "def transform_document(document, reader):\n    reader.read_text('data.txt')\n"
            "    return document\n",
            "data.txt": "d",
            "part.md": "part",
            "over/partials/footer.html": "foot",
            "content/index.md": '--8<-- "part.md"\n',
            "content/guide/.nav.yml": "title: G\n",
            "content/guide/index.md": "# G\n",
            "opener.py": "import pathlib\nfrom markdown.extensions import Extension\nclass Opener(Extension):\n"
            "    def extendMarkdown(self, md):\n        md.preprocessors.register(Pre(md), 'opener', 1)\n"
            "from markdown.preprocessors import Preprocessor\nclass Pre(Preprocessor):\n    def run(self, lines):\n"
            "        return [*lines, pathlib.Path(__file__).with_name('words.txt').read_text()]\n"
            "def makeExtension(**options):\n    return Opener(**options)\n",
            "words.txt": "words",
        },
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    result = build(tmp_path)
    assert result.published, result.diagnostics
    below = {path for path in opened if path.startswith(str(tmp_path.resolve())) and "__pycache__" not in path}
    assert {Path(path).name for path in below} >= {"index.md", "part.md", "data.txt", "words.txt", "footer.html"}
    assert {path for path in below if ".ssg" not in path} <= recorded
    write(tmp_path, {"words.txt": "other words"})
    assert build(tmp_path).parsed == 2


# -- tree ----------------------------------------------------------------------------------------------------------


def aged(path: Path) -> None:
    """Make a file old enough for its stat to prove something."""
    then = time.time_ns() - 2 * RACY_NS
    os.utime(path, ns=(then, then))


def test_an_edit_of_the_same_size_with_its_time_set_back_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("one")
    aged(file)
    known = {"a": Known(stamp_of(file.stat()), digest(b"one"))}
    assert Tree(tmp_path, {}, known).digest("a") == digest(b"one")
    file.write_text("two")
    aged(file)
    assert Tree(tmp_path, {}, known).digest("a") == digest(b"two")


def test_a_file_that_was_just_written_is_not_taken_for_known(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    tree = Tree(tmp_path, {}, {})
    tree.digest("a")
    assert tree.learned == {}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions mean nothing here")
def test_a_file_that_may_not_be_read_is_equal_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    (tmp_path / "a").chmod(0)
    assert Tree(tmp_path, {}, {}).digest("a") == UNREADABLE


def test_links_out_of_the_project_or_in_circles_are_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "project"
    write(root, {"docs/a.md": "a"})
    (tmp_path / "outside").mkdir()
    (root / "docs" / "out").symlink_to(tmp_path / "outside")
    (root / "docs" / "loop").symlink_to(root / "docs")
    (root / "docs" / "dead").symlink_to(root / "nowhere")
    found = {entry.path: bool(entry.problem) for entry in Tree(root, {}, {}).walk("docs")}
    assert found == {"docs/a.md": False, "docs/dead": True, "docs/loop": True, "docs/out": True}


# -- the cache file ------------------------------------------------------------------------------------------------

SITE = {"ssg.yml": "site_name: Demo\n"} | {f"content/p{n}.md": f"# Page {n}\n\n[next](p{n}.md)\n" for n in range(12)}


def damage(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    if how == "truncated":
        path.write_bytes(data[: len(data) // 2])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "foreign":
        path.write_bytes(b"this is a shopping list\n" * 500)
    elif how == "another version":
        database = sqlite3.connect(path)
        database.execute("PRAGMA user_version = 999")
        database.commit()
        database.close()
    else:
        chance = random.Random(how)
        for _ in range(200):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)


@pytest.mark.parametrize("how", ["truncated", "empty", "foreign", "another version", *(f"bits {n}" for n in range(8))])
def test_a_damaged_cache_gives_the_same_bytes(tmp_path: Path, how: str) -> None:
    write(tmp_path, SITE)
    first = build(tmp_path)
    before = outputs(tmp_path / "output")
    damage(tmp_path / CACHE, how)
    write(tmp_path, {"content/p3.md": "# Another page\n"})
    again = build(tmp_path)
    shutil.rmtree(tmp_path / ".ssg")
    clean = build(tmp_path, output="clean")
    assert first.published and again.published and clean.published
    assert outputs(tmp_path / "output") == outputs(tmp_path / "clean") != before


def test_a_cache_that_cannot_be_written_is_told_and_no_error(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, ".ssg": "a file where the folder belongs"})
    result = build(tmp_path)
    assert result.published
    assert [one.code for one in result.diagnostics if one.code == "cache"] == ["cache"]


def test_what_no_build_uses_any_more_is_forgotten(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    store = Store(None)
    try:
        for number in range(1300):
            store.save_trace("x", str(number).encode(), b"", digest_of(number))
            store.save_parts([(digest_of(number), b"")])
        store.prune({1, 2})
        assert len(store.traces("x")) == 2
        assert store.part(digest_of(0)) is not None
        assert store.part(digest_of(1000)) is None
    finally:
        store.close()


# -- publishing ----------------------------------------------------------------------------------------------------


def publisher(root: Path, store: Store) -> Publisher:
    (root / "content").mkdir(parents=True, exist_ok=True)
    return Publisher(root / "output", root, root / "content", store)


def test_only_what_changed_is_written_and_only_what_is_ours_is_deleted(store: Store, tmp_path: Path) -> None:
    one = publisher(tmp_path, store)
    one.stage("a/index.html", b"a")
    one.stage("b.html", b"b")
    assert one.commit({"a/index.html": b"1", "b.html": b"2"}) == 2
    one.close()
    write(tmp_path / "output", {"CNAME": "example.com", ".git/HEAD": "ref", "a/mine.txt": "keep"})
    stamps = {path: (tmp_path / "output" / path).stat().st_mtime_ns for path in ("a/index.html",)}
    two = publisher(tmp_path, store)
    assert two.has("a/index.html", b"1")
    assert not two.has("a/index.html", b"other key")
    two.stage("a/index.html", b"a")  # made again, and the same
    assert two.commit({"a/index.html": b"3"}) == 1
    two.close()
    assert (tmp_path / "output" / "a/index.html").stat().st_mtime_ns == stamps["a/index.html"]
    left = {path for path in outputs(tmp_path / "output") if not path.startswith(".ssg/")}
    assert left == {"CNAME", ".git/HEAD", "a/index.html", "a/mine.txt"}


def test_a_file_of_the_site_that_somebody_changed_is_mended(store: Store, tmp_path: Path) -> None:
    one = publisher(tmp_path, store)
    one.stage("a.html", b"a")
    one.commit({"a.html": b"1"})
    one.close()
    write(tmp_path / "output", {"a.html": "b"})
    two = publisher(tmp_path, store)
    assert not two.has("a.html", b"1")
    two.close()


def test_what_was_staged_and_not_committed_is_gone(store: Store, tmp_path: Path) -> None:
    one = publisher(tmp_path, store)
    one.stage("a.html", b"a")
    one.close()
    assert not [path for path in outputs(tmp_path / "output") if not path.startswith(".ssg/lock")]


def test_a_page_may_take_the_place_of_a_folder_and_back(store: Store, tmp_path: Path) -> None:
    for planned in ({"x": b"file"}, {"x/index.html": b"page"}, {"x": b"file"}):
        one = publisher(tmp_path, store)
        for path, data in planned.items():
            one.stage(path, data)
        one.commit(planned)
        one.close()
        left = {path: data for path, data in outputs(tmp_path / "output").items() if not path.startswith(".ssg/")}
        assert left == planned


def test_two_builds_do_not_write_at_once(store: Store, tmp_path: Path) -> None:
    one = publisher(tmp_path, store)
    with pytest.raises(PublishError, match="another build"):
        publisher(tmp_path, store)
    one.close()
    publisher(tmp_path, store).close()


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../../x", "a/.."])
def test_a_manifest_cannot_name_files_outside(path: str) -> None:
    assert not is_inside(path)


def test_a_manifest_that_was_tampered_with_deletes_nothing_outside(store: Store, tmp_path: Path) -> None:
    one = publisher(tmp_path, store)
    one.stage("a.html", b"a")
    one.commit({"a.html": b"1"})
    one.close()
    write(tmp_path, {"precious.txt": "mine"})
    manifest = tmp_path / "output/.ssg/manifest"
    manifest.write_text(manifest.read_text() + f"{digest(b'x').hex()} 1 ../precious.txt\nnonsense\n")
    two = publisher(tmp_path, store)
    two.commit({})
    two.close()
    assert (tmp_path / "precious.txt").exists()
    assert not (tmp_path / "output/a.html").exists()


# -- killed --------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize("delay_ms", [120, 200, 280, 360, 440, 600])
def test_a_build_that_is_killed_harms_nothing(tmp_path: Path, delay_ms: int) -> None:
    """After kill -9 every file is whole, no process is left, and the next build gives what a clean one does."""
    pages = {f"content/s{n % 7}/p{n}.md": f"# Page {n}\n\n" + "Some *text* with `code`.\n\n" * 60 for n in range(150)}
    write(tmp_path, {"ssg.yml": "site_name: Demo\n", **pages})
    command = [sys.executable, "-m", "ssg", "build", "-q", "--jobs", "2"]
    running = subprocess.Popen(command, cwd=tmp_path, start_new_session=True)
    time.sleep(delay_ms / 1000)  # not a wait for something: the moment of the kill is what is tried
    running.send_signal(signal.SIGKILL)
    running.wait()
    deadline = time.monotonic() + 20
    while left := session(running.pid):
        assert time.monotonic() < deadline, f"processes outlive the one that was killed: {left}"
        time.sleep(0.05)
    subprocess.run(command, cwd=tmp_path, check=True)
    assert build(tmp_path, output="clean", remember=False).published
    assert outputs(tmp_path / "output") == outputs(tmp_path / "clean")


def session(leader: int) -> list[int]:
    """The processes of a session."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[3]) == leader and fields[0] != "Z":
                found.append(int(entry.name))
    return found


# -- pool ----------------------------------------------------------------------------------------------------------


def slow_square(job: int, item: int) -> int:
    if item == job:
        os._exit(1)
    time.sleep(0.02)
    return item * item


def test_results_come_in_order_from_other_processes() -> None:
    pool = Pool(2)
    try:
        assert list(pool.map(slow_square, -1, range(60), "squares")) == [n * n for n in range(60)]
    finally:
        pool.close()


def test_a_worker_that_dies_is_told() -> None:
    pool = Pool(2)
    try:
        with pytest.raises(SsgError, match="worker process"):
            list(pool.map(slow_square, 50, range(60), "squares"))
    finally:
        pool.close()


def stale(root: Path, edited: dict[str, str], *, page: str = "index.html") -> bool:
    """Whether a build after an edit misses it, where one that starts afresh does not."""
    before = (root / "output" / page).read_text()
    write(root, edited)
    build(root)
    build(root, output="clean", remember=False)
    after, clean = (root / "output" / page).read_text(), (root / "clean" / page).read_text()
    assert clean != before, "the edit has no effect at all"
    return after != clean


def test_includes_by_a_name_that_is_made_while_rendering_are_reads(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "ssg.yml": "site_name: Demo\ntheme: {custom_dir: over}\n",
            "content/index.md": "---\nicon: a\n---\n",
            "over/main.html": "{% if page %}{% include '.icons/v1.0/' ~ page.meta.icon ~ '.svg' %}{% endif %}",
            "over/.icons/v1.0/a.svg": "<svg/>",
        },
    )
    build(tmp_path)
    assert not stale(tmp_path, {"over/.icons/v1.0/a.svg": "<svg></svg>"})


def test_a_module_that_a_hook_can_do_without_may_appear(tmp_path: Path) -> None:
    hook = (
        "try:\n    from optional_words import words\nexcept ImportError:\n    words = 'none'\n"
        "def transform_html(html, page):\n    return html + words\n"
    )
    write(tmp_path, {"ssg.yml": "site_name: Demo\nhooks: [h/hook.py]\n", "h/hook.py": hook, "content/index.md": "x"})
    build(tmp_path)
    assert not stale(tmp_path, {"h/optional_words.py": "words = 'some'\n"})


def test_reads_count_below_the_folder_of_an_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ssg.engine import reader as reader_module

    monkeypatch.setattr(reader_module, "_INSTALLED", (f"{tmp_path}{os.sep}",))
    root = tmp_path / "src" / "app"
    write(root, {"a.txt": "a"})
    reader = Reader(root, {})
    with reader.watching():
        (root / "a.txt").read_text()
    assert list(reader.reads) == ["a.txt"]


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TABLE outputs",
        "DROP TABLE parts",
        "UPDATE files SET digest = NULL",
        "UPDATE traces SET reads = NULL",
        "UPDATE outputs SET digest = zeroblob(16)",
        "UPDATE outputs SET path = CAST(x'ff' AS TEXT) WHERE path = 'index.html'",
    ],
)
def test_a_cache_that_was_tampered_with_gives_the_same_bytes(tmp_path: Path, damage: str) -> None:
    write(tmp_path, {**SITE, "content/index.md": "# Home\n"})
    build(tmp_path)
    database = sqlite3.connect(tmp_path / CACHE)
    database.execute(damage)
    database.commit()
    database.close()
    write(tmp_path, {"content/p3.md": "# Another page\n"})
    assert build(tmp_path).published
    assert build(tmp_path, output="clean", remember=False).published
    assert outputs(tmp_path / "output") == outputs(tmp_path / "clean")
