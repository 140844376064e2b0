"""The dev server as files change: what reaches the browser, and what the terminal says."""

import asyncio
import shutil
import threading
from pathlib import Path

import pytest
from served import PATIENCE_S, SITE, Serve, browser, until
from sites import write

from ssg.serve.watcher import Watched, Watcher


def test_an_edit_reaches_the_browser(serve: Serve) -> None:
    served = serve()

    async def edit(times: int) -> None:
        async with browser(served, served.version()) as receive:
            for number in range(times):
                write(served.root, {"content/index.md": f"# Home\n\nEdit {number}.\n"})
                assert (await receive())["command"] == "reload"
                assert f"Edit {number}." in served.get("/")[2]

    asyncio.run(edit(3))


def test_a_page_that_changed_before_it_was_connected_is_reloaded(serve: Serve) -> None:
    served = serve()
    version = served.version()
    write(served.root, {"content/index.md": "# Home\n\nSince then.\n"})
    served.shows("Since then.")

    async def look() -> None:
        async with browser(served, version) as receive:
            assert (await receive())["command"] == "reload"

    asyncio.run(look())


def test_the_way_that_editors_save(serve: Serve) -> None:
    served = serve()
    page = served.root / "content/index.md"
    new = page.with_name("index.md.new")
    new.write_text("# Home\n\nMoved over the old file.\n", "utf-8")
    new.replace(page)
    served.shows("Moved over the old file.")
    page.rename(page.with_name("index.md~"))
    page.write_text("# Home\n\nBeside a copy of the old file.\n", "utf-8")
    served.shows("Beside a copy of the old file.")


def test_files_and_folders_that_come_and_go(serve: Serve) -> None:
    served = serve()
    write(served.root, {"content/new/deep/page.md": "# A new page\n"})
    served.shows("A new page", "new/deep/page/")
    write(served.root, {"content/new/deep/page.md": "# A page of some age\n"})
    served.shows("A page of some age", "new/deep/page/")
    write(served.root, {"content/new": None})
    until(lambda: served.get("/new/deep/page/")[0] == 404, "the page to be gone")
    shutil.rmtree(served.root / "content")
    served.hear("[content-missing]")
    assert served.get("/guide/")[0] == 200
    write(served.root, {"content/index.md": "# Made again\n"})
    served.shows("Made again")
    write(served.root, {"content/index.md": "# Made again, and edited\n"})
    served.shows("Made again, and edited")


def test_a_broken_configuration_that_is_repaired(serve: Serve) -> None:
    served = serve()
    write(served.root, {"ssg.yml": "site_name: [\n"})
    served.hear("ssg.yml:2:1: error")
    assert "Once upon a time." in served.get("/")[2]
    write(served.root, {"content/index.md": "# Home\n\nWritten meanwhile.\n", "ssg.yml": "site_name: Second\n"})
    served.shows("Second")
    served.shows("Written meanwhile.")


def test_the_configuration_is_live(serve: Serve) -> None:
    served = serve()
    write(served.root, {"ssg.yml": "INHERIT: base.yml\n", "base.yml": "site_name: S\nsite_url: https://a.org/b\n"})
    until(lambda: served.get("/b/")[0] == 200, "the site at its new address")
    assert served.get("/guide/")[0] == 404
    write(served.root, {"base.yml": "site_name: S\ntheme: {custom_dir: mine}\n"})
    until(lambda: served.get("/")[0] == 200, "the site at its old address")
    served.hear("[custom-dir-missing]")
    write(served.root, {"mine/404.html": "Mine is not here."})
    until(lambda: "Mine is not here." in served.get("/nothing")[2], "the new template")


def test_a_site_that_is_broken_from_the_start(serve: Serve) -> None:
    served = serve(content__broken="---\ntemplate: nowhere\n---\n")
    assert served.get("/")[0] == 200
    status, _, page = served.get("/broken/")
    assert status == 404
    assert "/livereload.js" in page
    assert "nowhere.html" in served.problems()[0]["message"]
    write(served.root, {"content/broken.md": "Whole.\n"})
    served.shows("Whole.", "broken/")
    until(lambda: not served.problems(), "no problems to be left")


def test_the_users_own_output_is_left_alone(serve: Serve) -> None:
    served = serve()
    assert served.get("/")[0] == 200
    assert not (served.root / "output").exists()


def test_where_watching_is_not_possible_files_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def schedule(*_: object, **__: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("ssg.serve.watcher.Observer.schedule", schedule)
    write(tmp_path, SITE)
    said: list[str] = []
    changed = threading.Event()
    watcher = Watcher(tmp_path, lambda path, whole: changed.set(), said.append)
    try:
        watcher.watch(Watched(frozenset({tmp_path / "content"}), frozenset(), frozenset()))
        assert len(said) == 1
        assert "inotify watch limit reached" in said[0]
        write(tmp_path, {"content/index.md": "# Home\n\nEdited.\n"})
        assert changed.wait(PATIENCE_S)
    finally:
        watcher.close()
