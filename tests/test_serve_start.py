"""How the dev server starts, what its options do, and how it ends."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from served import PATIENCE_S, SITE, Serve, Served, until
from sites import write

WAITING = """
import pathlib, time

def transform_document(document, reader):
    while document.card.path != "guide/index.md" and not pathlib.Path("go").exists():
        time.sleep(0.01)
    return document
"""


def test_a_page_is_answered_before_the_site_is_built(tmp_path: Path) -> None:
    waiting = {"hook.py": WAITING, "ssg.yml": "site_name: First\nhooks: [hook.py]\n"}
    write(tmp_path, {**SITE, **waiting, "content/picture.svg": "<svg/>", "content/new.md": "---\ntitle: 'News'\n---\n"})
    served = Served(tmp_path, built=False)
    try:
        status, _, page = served.get("/guide/")
        assert status == 200
        assert "livereload.js" in page
        # of the others it knows what the first lines of their files say
        for title in ("Home", "Steps", "News"):
            assert re.search(rf">\s*{title}\s*</a>", page)
        assert served.get("/picture.svg")[2] == "<svg/>"
        assert "style.css" in page
        assert served.get("/assets/style.css")[0] == 200
        assert "built:" not in served.said
        write(tmp_path, {"content/guide/index.md": "# Guide\n\nEdited meanwhile.\n"})
        served.shows("Edited meanwhile.", "guide/")
        assert "built:" not in served.said
        write(tmp_path, {"go": ""})
        served.hear("built:")
        served.shows("Once upon a time.")
        served.shows("Edited meanwhile.", "guide/")
        assert served.get("/nothing/")[0] == 404
    finally:
        served.close()


def test_a_page_that_was_edited_while_no_server_ran(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    served = Served(tmp_path)
    served.end()
    served.close()
    write(tmp_path, {"content/guide/steps.md": "# Steps\n\nWritten in between.\n"})
    served = Served(tmp_path, built=False)
    try:
        assert "Written in between." in served.get("/guide/steps/")[2]
        assert "Once upon a time." in served.get("/")[2]
    finally:
        served.close()


def test_drafts_are_shown_with_a_mark(serve: Serve) -> None:
    served = serve(content__draft="---\ndraft: true\n---\n# Not yet\n")
    status, _, page = served.get("/draft/")
    assert status == 200
    assert 'class="draft"' in page
    assert 'class="draft"' not in served.get("/")[2]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_and_leaves_nothing_behind(serve: Serve, number: int) -> None:
    served = serve()
    assert served.get("/")[0] == 200
    assert served.end(number) == 0
    until(served.is_alone, "all processes to end")
    assert "Traceback" not in served.said


def test_it_ends_in_the_midst_of_a_build(serve: Serve) -> None:
    served = serve()
    hook = "import pathlib, time\npathlib.Path('begun').touch()\ntime.sleep(1000)\n"
    write(served.root, {"hook.py": hook, "ssg.yml": "site_name: First\nhooks: [hook.py]\n"})
    until((served.root / "begun").exists, "the build to begin")
    assert served.end() == 0
    until(served.is_alone, "all processes to end")
    assert "Traceback" not in served.said


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        write(tmp_path, SITE)
        served = Served(tmp_path, "--port", str(port))
        try:
            assert served.port != port
            assert f"port {port} is in use" in served.said
            assert served.get("/")[0] == 200
        finally:
            served.close()


def test_others_are_let_in_by_address_and_by_our_name_alone(serve: Serve) -> None:
    served = serve("--host", "0.0.0.0")
    assert "warning: others in your network can see this site" in served.said
    for host in (f"localhost:{served.port}", f"192.0.2.1:{served.port}", "[2001:db8::1]:80", socket.gethostname()):
        assert served.get("/", Host=host)[0] == 200
    for host in ("evil.example", "127.0.0.1.evil.example", ""):
        assert served.get("/", Host=host)[0] in (400, 403)


def test_by_default_nobody_else_is_let_in(serve: Serve) -> None:
    served = serve()
    assert served.host == "127.0.0.1"
    assert "warning" not in served.said
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", served.port), 5).close()


def test_the_browser_is_opened_at_the_site(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"browser.sh": '#!/bin/sh\necho "$1" > opened.txt\n'})
    (tmp_path / "browser.sh").chmod(0o755)
    monkeypatch.setenv("BROWSER", str(tmp_path / "browser.sh"))
    served = serve("--open")
    until((tmp_path / "opened.txt").exists, "the browser to be opened")
    until(lambda: (tmp_path / "opened.txt").read_text() == f"http://127.0.0.1:{served.port}/\n", "its address")


@pytest.mark.parametrize(
    ("editor", "link"),
    [
        ("vscode", "vscode://file{file}:3:5"),
        ("pycharm", "pycharm://open?file={file}&line=3&column=5"),
        ("mine://{file}?at={line}", "mine://{file}?at=3"),
    ],
)
def test_problems_lead_to_the_editor(serve: Serve, editor: str, link: str) -> None:
    served = serve("--editor", editor, content__other="# Other\n\n[x](nowhere.md)\n")
    (problem,) = served.problems()
    assert problem["place"] == "content/other.md:3:5"
    assert problem["link"] == link.format(file=served.root.resolve() / "content/other.md")
    assert (problem["source"], problem["column"]) == ("[x](nowhere.md)", 5)


def test_without_an_editor_no_path_of_the_machine_is_told(serve: Serve) -> None:
    served = serve(content__other="# Other\n\n[x](nowhere.md)\n")
    assert served.problems()[0]["link"] == ""
    assert str(served.root) not in served.get("/livereload/state.json")[2]


def run(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ssg", "serve", "--port", "0", *options]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def test_without_a_project(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 1
    assert "there is no `ssg.yml`" in done.stderr


def test_an_editor_that_is_not_known(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    done = run(tmp_path, "--editor", "ed")
    assert done.returncode == 2
    assert "'ed'" in done.stderr


def test_programs_read_a_line_for_each_event(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "content/other.md": "[x](nowhere.md)\n"})
    command = [sys.executable, "-m", "ssg", "serve", "--port", "0", "--format", "json"]
    with subprocess.Popen(command, cwd=tmp_path, text=True, stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            assert process.stdout

            def line() -> dict[str, Any]:
                assert process.stdout
                found: dict[str, Any] = json.loads(process.stdout.readline())
                return found

            serving, built = line(), line()
            assert serving["event"] == "serving"
            assert serving["url"].startswith("http://127.0.0.1:")
            assert (built["event"], built["pages"], built["published"]) == ("built", 4, True)
            assert [one["code"] for one in built["diagnostics"]] == ["broken-link"]
            write(tmp_path, {"ssg.yml": "site_name: ["})
            failed = line()
            assert (failed["event"], failed["diagnostics"][0]["code"]) == ("failed", "yaml")
        finally:
            os.killpg(process.pid, signal.SIGKILL)
