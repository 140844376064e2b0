"""What the dev server takes for a change: the ways of editors and of git, and files wherever they lie."""

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from served import PATIENCE_S, Serve, Served, browser, until
from sites import build, outputs, write

from ssg.config import load
from ssg.serve.sources import watched
from ssg.serve.watcher import Watched, Watcher

HOME = "content/index.md"


def save_in_place(page: Path, text: str) -> None:
    """VS Code, nano: empty the file, then write it."""
    with page.open("w", encoding="utf-8") as file:
        file.flush()
        file.write(text[: len(text) // 2])
        file.flush()
        file.write(text[len(text) // 2 :])
        file.flush()
        os.fsync(file.fileno())


def save_as_vim(page: Path, text: str) -> None:
    """Try whether a file can be made, move the old one away, write a new one, delete the old one."""
    trial = page.with_name("4913")
    trial.touch()
    trial.unlink()
    backup = page.with_name(page.name + "~")
    page.rename(backup)
    with page.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    page.chmod(0o644)
    backup.unlink()


def save_as_jetbrains(page: Path, text: str) -> None:
    """Write another file, move the old one away, move the new one there."""
    new, old = page.with_name(page.name + "___jb_tmp___"), page.with_name(page.name + "___jb_old___")
    new.write_text(text, "utf-8")
    page.rename(old)
    new.rename(page)
    old.unlink()


def save_as_emacs(page: Path, text: str) -> None:
    """Make a lock, save automatically beside the file, keep a backup, write the file, drop what was beside it."""
    lock = page.with_name(f".#{page.name}")
    lock.symlink_to("somebody@somewhere.1234:5678")
    automatic = page.with_name(f"#{page.name}#")
    automatic.write_text(text, "utf-8")
    backup = page.with_name(f"{page.name}~")
    page.rename(backup)
    page.write_text(text, "utf-8")
    automatic.unlink()
    backup.unlink()
    lock.unlink()


def save_by_renaming(page: Path, text: str) -> None:
    """Many others: write a file elsewhere, and move it over the old one."""
    new = page.parents[2] / "new"
    new.write_text(text, "utf-8")
    new.replace(page)


WAYS = [save_in_place, save_as_vim, save_as_jetbrains, save_as_emacs, save_by_renaming]


async def quiet(served: Served, receive: Callable[[], Any]) -> list[Any]:
    """All messages up to one that this function provokes: by then, a late one would have come."""
    before = served.said.count("built:")
    await asyncio.to_thread(until, lambda: served.said.count("built:") >= before, "builds to end")
    (served.root / "content/assets-of-test.css").write_text(str(time.time_ns()), "utf-8")
    messages: list[Any] = []
    while not (messages and "assets-of-test" in messages[-1]["path"]):
        messages.append(await receive())
    return messages[:-1]


@pytest.mark.parametrize("save", WAYS, ids=lambda way: way.__name__)
def test_the_way_that_an_editor_saves_gives_one_update(serve: Serve, save: Callable[[Path, str], None]) -> None:
    served = serve(content__other="# Other\n")
    page = served.root / HOME

    async def edit() -> None:
        async with browser(served, served.version()) as receive:
            for number in range(3):
                built = served.said.count("built:")
                save(page, f"# Home\n\nEdit {number}.\n")
                message = await receive()
                assert (message["command"], message["path"]) == ("reload", "/")
                assert f"Edit {number}." in served.get("/")[2]
                await asyncio.to_thread(served.hear, "built:", built + 1)
            assert await quiet(served, receive) == []

    asyncio.run(edit())


def test_of_five_hundred_edits_none_is_lost(serve: Serve) -> None:
    served = serve(**{f"content__page{number}": f"# Page {number}\n" for number in range(20)})

    async def edit() -> None:
        async with browser(served, served.version()) as receive:
            for number in range(500):
                name = f"page{number % 20}"
                write(served.root, {f"content/{name}.md": f"# Page {number % 20}\n\nEdit {number}.\n"})
                # a message says which page, or that there are several; one may stand for two edits
                await receive()
                until(lambda: f"Edit {number}." in served.get(f"/{name}/")[2], f"edit {number}")  # noqa: B023

    asyncio.run(edit())
    assert "Traceback" not in served.said


def test_edits_as_fast_as_they_can_be_written_end_with_the_last(serve: Serve) -> None:
    served = serve()
    for number in range(300):
        write(served.root, {HOME: f"# Home\n\nEdit {number}.\n"})
    served.shows("Edit 299.")
    until(lambda: "Edit 299." in (served.root / ".ssg/serve/index.html").read_text("utf-8"), "the file to be written")


def test_a_checkout_of_a_thousand_files_takes_two_builds_at_most(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        identity = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True)

    write(
        tmp_path,
        {"ssg.yml": "site_name: Many\nhashed_assets: false\n", ".gitignore": ".ssg\noutput\n", HOME: "# Home\n"},
    )
    git("init", "-q", "-b", "one")
    for branch in ("one", "two"):
        files = {f"content/folder{n % 25}/page{n}.md": f"# Page {n}\n\nOn branch {branch}.\n" for n in range(1000)}
        write(tmp_path, dict(files))
        if branch == "two":
            git("checkout", "-q", "-b", "two")
            write(tmp_path, {"content/folder3": None, "content/only/two.md": "# Only here\n"})
        git("add", "-A")
        git("commit", "-q", "-m", branch)
    git("checkout", "-q", "one")
    served = Served(tmp_path)
    try:
        before = served.said.count("built:")
        git("checkout", "-q", "two")
        served.shows("Only here", "only/two/")
        served.shows("On branch two.", "folder24/page999/")
        until(lambda: served.get("/folder3/page3/")[0] == 404, "the pages to be gone")
        assert served.said.count("built:") - before <= 2
    finally:
        served.close()
    build(tmp_path, output="clean", remember=False)
    shown = outputs(tmp_path / ".ssg/serve")
    assert {path: data for path, data in shown.items() if path != ".ssg/manifest"} == {
        path: data for path, data in outputs(tmp_path / "clean").items() if path != ".ssg/manifest"
    }


def test_what_is_reached_by_symbolic_links(serve: Serve, tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere/linked.md": "# Linked\n", "single.md": "# Single\n", HOME: "# Home\n"})
    (tmp_path / "content/folder").symlink_to("../elsewhere", target_is_directory=True)
    (tmp_path / "content/single.md").symlink_to("../single.md")
    served = serve()
    assert served.get("/folder/linked/")[0] == 200
    write(tmp_path, {"elsewhere/linked.md": "# Linked and edited\n"})
    served.shows("Linked and edited", "folder/linked/")
    write(tmp_path, {"single.md": "# Single and edited\n"})
    served.shows("Single and edited", "single/")


def test_snippets_wherever_they_lie(serve: Serve, tmp_path: Path) -> None:
    write(tmp_path, {"parts/deep/one.md": "Part one.\n"})
    served = serve(content__page='# Page\n\n--8<-- "parts/deep/one.md"\n\n--8<-- "parts/later.md"\n')
    served.shows("Part one.", "page/")
    write(tmp_path, {"parts/deep/one.md": "Part one, edited.\n"})
    served.shows("Part one, edited.", "page/")
    write(tmp_path, {"parts/later.md": "Made later.\n"})
    served.shows("Made later.", "page/")
    shutil.rmtree(tmp_path / "parts")
    until(served.problems, "the missing snippets to be told")
    write(tmp_path, {"parts/deep/one.md": "Part one again.\n", "parts/later.md": "And later.\n"})
    served.shows("Part one again.", "page/")
    served.shows("And later.", "page/")


EXTENSION = """
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from words import WORD

class Shout(Postprocessor):
    def run(self, text):
        return text.replace("WORD", WORD + " NUMBER")

class ShoutExtension(Extension):
    def extendMarkdown(self, md):
        md.postprocessors.register(Shout(md), "shout", 1)

def makeExtension(**options):
    return ShoutExtension(**options)
"""


def test_the_projects_own_python_is_live(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "lib"), os.environ.get("PYTHONPATH", "")]))
    write(
        tmp_path,
        {
            "lib/shout.py": EXTENSION.replace("NUMBER", "one"),
            "lib/words.py": "WORD = 'first'\n",
            "hook.py": "from helper import MARK\ndef transform_html(html, page):\n    return html + MARK\n",
            "helper.py": "MARK = '<!-- mark one -->'\n",
            "ssg.yml": "site_name: First\nmarkdown_extensions: [shout]\nhooks: [hook.py]\n",
        },
    )
    served = serve(content__index="# Home\n\nWORD.\n", config=False)
    served.shows("first one.")
    served.shows("mark one")
    write(tmp_path, {"lib/shout.py": EXTENSION.replace("NUMBER", "two")})
    served.shows("first two.")
    write(tmp_path, {"lib/words.py": "WORD = 'other'\n"})
    served.shows("other two.")
    write(tmp_path, {"helper.py": "MARK = '<!-- mark two -->'\n"})
    served.shows("mark two")
    write(tmp_path, {"hook.py": "def transform_html(html, page):\n    return html + '<!-- mark three -->'\n"})
    served.shows("mark three")
    assert "Traceback" not in served.said


def test_python_in_a_folder_outside_of_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "lib"), os.environ.get("PYTHONPATH", "")]))
    root = tmp_path / "project"
    write(tmp_path, {"lib/shout.py": EXTENSION.replace("NUMBER", "one"), "lib/words.py": "WORD = 'first'\n"})
    write(
        root,
        {"ssg.yml": "site_name: S\nmarkdown_extensions: [shout]\nwatch: [../lib]\n", HOME: "# Home\n\nWORD.\n"},
    )
    served = Served(root)
    try:
        served.shows("first one.")
        write(tmp_path, {"lib/words.py": "WORD = 'other'\n"})
        served.shows("other one.")
        write(root, {HOME: "# Home\n\nWORD and more.\n"})
        served.shows("other one and more.")
    finally:
        served.close()


def test_data_that_a_plugin_reads(serve: Serve, tmp_path: Path) -> None:
    hook = """
import json
from msgspec.structs import replace

def transform_document(document, reader):
    told = json.loads(reader.read_text("data/numbers.json"))["told"] if reader.exists("data/numbers.json") else "none"
    return replace(document, body=replace(document.body, html=document.body.html + f"<p>data: {told}</p>"))
"""
    write(tmp_path, {"ssg.yml": "site_name: S\nhooks: [hook.py]\n", "hook.py": hook})
    served = serve(config=False)
    served.shows("data: none")
    write(tmp_path, {"data/numbers.json": '{"told": "seven"}'})
    served.shows("data: seven")
    write(tmp_path, {"data/numbers.json": '{"told": "eight"}'})
    served.shows("data: eight")


def test_a_theme_of_the_project(serve: Serve, tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "ssg.yml": "site_name: S\ntheme: {name: mine}\n",
            "themes/mine/main.html": "<title>one</title>{% include 'part.html' %}{{ page.content }}",
            "themes/mine/part.html": "<b>part one</b>",
        },
    )
    served = serve(config=False)
    served.shows("part one")
    write(tmp_path, {"themes/mine/part.html": "<b>part two</b>"})
    served.shows("part two")
    write(tmp_path, {HOME: "# Home\n\nEdited after.\n"})
    served.shows("Edited after.")
    served.shows("part two")


def test_what_is_named_by_the_configuration_is_watched(tmp_path: Path) -> None:
    named = "site_name: S\nwatch: [../schema, notes.txt]\nhooks: [tools/hook.py]\nINHERIT: base/all.yml\n"
    write(tmp_path, {"ssg.yml": named, "base/all.yml": "theme: {custom_dir: mine}\n", HOME: "# Home\n"})
    found = watched(load(None, cwd=tmp_path), None)
    assert {
        tmp_path.parent / "schema",
        tmp_path / "notes.txt",
        tmp_path / "content",
        tmp_path / "mine",
    } <= found.folders
    assert {tmp_path / "ssg.yml", tmp_path / "base/all.yml", tmp_path / "tools/hook.py"} <= found.files


def test_only_what_changed_before_it_was_watched_is_looked_at_again(tmp_path: Path) -> None:
    write(tmp_path, {HOME: "# Home\n", "parts/one.md": "One.\n"})
    long_ago = time.time() + 60  # as seen from then, nothing has changed since
    watcher = Watcher(tmp_path, lambda path, whole: None, lambda words: None)
    try:
        content, parts = frozenset({tmp_path / "content"}), frozenset({tmp_path / "parts/one.md"})
        assert watcher.watch(Watched(content, frozenset(), frozenset()), long_ago)
        assert not watcher.watch(Watched(content, parts, frozenset()), long_ago)
        assert not watcher.watch(Watched(content, frozenset(), frozenset()))
        assert watcher.watch(Watched(content, parts, frozenset()), time.time() - 60)
    finally:
        watcher.close()


def test_a_style_sheet_is_named_in_the_message(serve: Serve) -> None:
    served = serve()

    async def edit() -> None:
        async with browser(served, served.version()) as receive:
            write(served.root, {"content/style.css": "body {}"})
            assert (await receive())["path"] == "/style.css"
            write(served.root, {"content/style.css": "body { color: red }"})
            message = await receive()
            assert (message["path"], message["liveCSS"]) == ("/style.css", True)

    asyncio.run(edit())


def test_a_title_changes_the_navigation_of_all(serve: Serve) -> None:
    served = serve()
    write(served.root, {"content/guide/steps.md": "# Many steps\n"})
    served.shows("Many steps", "guide/steps/")
    served.shows("Many steps", "guide/")


def test_more_changes_at_once_than_the_system_tells_of(serve: Serve) -> None:
    served = serve()
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text()) if Path("/proc/sys").is_dir() else 0
    if not 0 < limit <= 100_000:
        pytest.skip("only Linux has such a limit, and here it is a large one")
    served.process.send_signal(signal.SIGSTOP)
    noise = [served.root / f"content/noise{number}.txt" for number in range(2)]
    for number in range(limit):
        noise[number % 2].write_bytes(b"x")
    shutil.rmtree(served.root / "content/guide")
    write(served.root, {HOME: "# Home\n\nAfter the flood.\n"})
    served.process.send_signal(signal.SIGCONT)
    served.shows("After the flood.")
    until(lambda: served.get("/guide/")[0] == 404, "the folder to be gone")
    served.hear("changes were lost")
    write(served.root, {HOME: "# Home\n\nLong after.\n"})
    served.shows("Long after.")
    assert served.said.count("changes were lost") == 1


def test_a_limit_on_watches_leads_to_polling(tmp_path: Path) -> None:
    namespace = ["unshare", "--user", "--map-root-user", "sh", "-c", "echo 6 > /proc/sys/user/max_inotify_watches"]
    if not shutil.which("unshare") or subprocess.run(namespace, capture_output=True, check=False).returncode:
        pytest.skip("no limit can be set here")
    write(tmp_path, {"ssg.yml": "site_name: S\n", HOME: "# Home\n"})
    write(tmp_path, {f"content/folder{number}/page.md": "# Page\n" for number in range(12)})
    served = Served(tmp_path, within=[*namespace[:-1], namespace[-1] + '; exec "$0" "$@"'])
    try:
        served.hear("looking for changes every second instead")
        for number in (0, 11):
            write(tmp_path, {f"content/folder{number}/page.md": "# Page\n\nEdited.\n"})
            served.shows("Edited.", f"folder{number}/page/")
        assert served.said.count("cannot watch all files") == 1
    finally:
        served.close()


def test_pages_are_whole_while_they_are_built(serve: Serve) -> None:
    served = serve(**{f"content__page{number}": f"# Page {number}\n" for number in range(100)})
    deadline = time.monotonic() + PATIENCE_S
    for number in range(5):
        write(served.root, {"ssg.yml": f"site_name: Name {number}\n"})
        while f"Name {number}" not in (page := served.get("/page7/")[2]):
            assert page.rstrip().endswith("</html>")
            assert time.monotonic() < deadline
        assert page.rstrip().endswith("</html>")
