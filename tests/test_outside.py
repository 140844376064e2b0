"""`ssg check --external` and `--against`, with a server of this machine that answers in all the ways of the world."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest
from repositories import ENVIRONMENT, commit, git, project
from sites import write
from test_cli import ssg

SLOW_S = 3


class World(BaseHTTPRequestHandler):
    """Answers by the path of the address, and counts."""

    asked: ClassVar[Counter[str]] = Counter()
    meeting = threading.Barrier(2)
    """Requests for `/meet` wait for another one."""
    times: ClassVar[list[tuple[float, float]]] = []
    """When requests for `/when/…` came and were answered."""

    def do_GET(self) -> None:
        """Answer."""
        self.asked[f"{self.command} {self.path}"] += 1
        self.asked[self.path] += 1
        name = self.path.strip("/").partition("?")[0]
        if name == "slow":
            time.sleep(SLOW_S)
        if name == "meet":
            self.meeting.wait(SLOW_S)
        if name.startswith("when"):
            came = time.monotonic()
            time.sleep(0.05)
            self.times.append((came, time.monotonic()))
        if name == "broken":
            self.wfile.write(b"what is this\r\n\r\n")
            return
        if name == "closed":
            self.connection.close()
            return
        status, headers = 200, {}
        if name.isdigit():
            status = int(name)
        elif name == "no-head" and self.command == "HEAD":
            status = 405
        elif name in ("moved", "found", "loop", "away"):
            status = 302 if name in ("found", "loop") else 301
            targets = {"moved": "/good", "found": "/good", "loop": "/loop", "away": "file:///etc/passwd"}
            headers["Location"] = targets[name]
        elif name == "busy":
            status = 429 if self.asked[self.path] <= 1 else 200
            headers["Retry-After"] = "0"
        elif name == "very-busy":
            status = 429
            headers["Retry-After"] = "3600"
        elif name == "faulty":
            status = 503 if self.asked[self.path] <= 2 else 200
        body = b""
        if name == "sitemap.xml":
            host = f"http://{self.headers['Host']}"
            pages = ["", "a/", "gone/", "old%20page/"]
            body = f"<urlset>{''.join(f'<url><loc>{host}/{page}</loc></url>' for page in pages)}</urlset>".encode()
        self.send_response(status)
        for header in headers.items():
            self.send_header(*header)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the base class's name

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def world() -> Iterator[str]:
    World.asked, World.times, World.meeting = Counter(), [], threading.Barrier(2)
    server = ThreadingHTTPServer(("127.0.0.1", 0), World)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def check(root: Path, *arguments: str, code: int = 0) -> list[tuple[str, str, int]]:
    done = ssg(
        "check", "--format", "json", *arguments, cwd=root, code=code, environment={**ENVIRONMENT, "no_proxy": "*"}
    )
    found = json.loads(done.stdout)["diagnostics"]
    return [(one["code"], one["message"], one.get("line", 0)) for one in found]


def site(root: Path, *links: str, config: str = "") -> None:
    settings = f"external_links:\n  timeout: 1\n  retries: 1\n  delay: 0\n{config}"
    page = "# Home\n\n" + "\n".join(f"[link]({link})\n" for link in links)
    write(root, {"ssg.yml": f"site_name: Demo\n{settings}", "content/index.md": page})


@pytest.mark.parametrize("name", ["good", "good#part", "no-head", "found", "busy", "faulty", "a%20b?c=d&e", "ü"])
def test_links_that_are_in_order(name: str, world: str, tmp_path: Path) -> None:
    site(tmp_path, f"{world}/{name}")
    assert check(tmp_path, "--external", "--strict") == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("404", "404 Not Found"),
        ("410", "410 Gone"),
        ("500", "500 Internal Server Error"),
        ("loop", "redirect"),
        ("away", "file"),
        ("slow", "no answer in 1 s"),
        ("closed", ""),
        ("broken", ""),
    ],
)
def test_links_that_lead_nowhere(name: str, said: str, world: str, tmp_path: Path) -> None:
    site(tmp_path, f"{world}/{name}")
    ((code, message, line),) = check(tmp_path, "--external")
    assert (code, line) == ("external-broken", 3)
    assert message.startswith(f"'{world}/{name}' cannot be reached: ") and said in message
    check(tmp_path, "--external", "--strict", code=1)


def test_hosts_that_do_not_exist(tmp_path: Path) -> None:
    site(tmp_path, "http://127.0.0.1:1/x", "http://[::bad", "https://a..b/")
    assert {code for code, _, _ in check(tmp_path, "--external")} <= {"external-broken"}


@pytest.mark.parametrize("name", ["401", "403", "very-busy"])
def test_answers_that_say_nothing_are_notes(name: str, world: str, tmp_path: Path) -> None:
    site(tmp_path, f"{world}/{name}")
    ((code, _, _),) = check(tmp_path, "--external", "--strict")
    assert code == "external-unsure"


def test_what_has_moved_for_good_is_told(world: str, tmp_path: Path) -> None:
    site(tmp_path, f"{world}/moved")
    done = ssg("check", "--external", "-v", cwd=tmp_path, environment={"no_proxy": "*"})
    assert f"content/index.md:3:8: note: '{world}/moved' has moved [external-moved]" in done.stderr
    assert f"link to {world}/good" in done.stderr


def test_good_answers_are_remembered_and_others_are_not(world: str, tmp_path: Path) -> None:
    site(tmp_path, f"{world}/good", f"{world}/404", f"{world}/good#again")
    for _ in range(3):
        assert len(check(tmp_path, "--external")) == 1
    assert (World.asked["HEAD /good"], World.asked["HEAD /404"]) == (1, 3)
    (tmp_path / ".ssg/external.json").write_text("{")
    check(tmp_path, "--external")
    assert World.asked["HEAD /good"] == 2
    site(tmp_path, f"{world}/good", config="  max_age: 0\n")
    check(tmp_path, "--external")
    assert World.asked["HEAD /good"] == 3


def test_an_old_answer_is_asked_for_again(world: str, tmp_path: Path) -> None:
    site(tmp_path, f"{world}/good", config="  max_age: 2\n")
    check(tmp_path, "--external")
    memory = tmp_path / ".ssg/external.json"
    for days, times in ((1.9, 1), (2.1, 2)):
        found = {
            url: [*answer[:2], time.time() - days * 24 * 3600] for url, answer in json.loads(memory.read_text()).items()
        }
        memory.write_text(json.dumps(found))
        check(tmp_path, "--external")
        assert World.asked["HEAD /good"] == times


def test_hosts_are_asked_side_by_side(world: str, tmp_path: Path) -> None:
    """Each of two hosts answers only while the other is asked too."""
    port = world.rpartition(":")[2]
    site(tmp_path, f"http://127.0.0.1:{port}/meet", f"http://localhost:{port}/meet")
    assert check(tmp_path, "--external", "--strict") == []
    assert World.asked["HEAD /meet"] == 2


def test_a_host_is_asked_one_thing_at_a_time_and_not_too_often(world: str, tmp_path: Path) -> None:
    write(tmp_path, {"content/index.md": "".join(f"[link]({world}/when/{number})\n" for number in range(5))})
    write(tmp_path, {"ssg.yml": "site_name: Demo\nexternal_links: {delay: 0.2}\n"})
    assert check(tmp_path, "--external", "--strict") == []
    times = sorted(World.times)
    assert len(times) == 5
    pauses = [later[0] - before[1] for before, later in pairwise(times)]
    assert min(pauses) > 0.15  # never less than was asked for, but for what clocks leave out


def test_what_is_to_be_ignored_is_not_asked(world: str, tmp_path: Path) -> None:
    site(tmp_path, f"{world}/404", f"{world}/410", config=f"  ignore: ['{world}/404', '*/410']\n")
    assert check(tmp_path, "--external") == []
    assert not World.asked
    check(tmp_path)
    assert not World.asked


SITE: dict[str, str | bytes | None] = {
    "ssg.yml": "site_name: Demo\n",
    "content/index.md": "# Home",
    "content/a.md": "---\naliases: [old page/]\n---\n# A",
}


def test_pages_that_are_gone_from_an_address(world: str, tmp_path: Path) -> None:
    write(tmp_path, SITE)
    assert [message for _, message, _ in check(tmp_path, "--against", world)] == [
        "the page 'gone/' is published, and leads nowhere now"
    ]
    check(tmp_path, "--against", world, "--strict", code=1)


def test_pages_that_are_gone_from_a_folder_or_a_branch(tmp_path: Path) -> None:
    work = project(tmp_path, {**SITE, "content/b.md": "# B"})
    ssg("deploy", cwd=work, environment=ENVIRONMENT)
    ssg("deploy", "--preview", "x", cwd=work, environment=ENVIRONMENT)
    assert check(work, "--against", "output") == []
    commit(work, "Without", {"content/b.md": None})
    git(work, "fetch", "-q", "origin", "gh-pages:refs/remotes/origin/gh-pages")
    for where in ("output", "origin/gh-pages", "origin/gh-pages:preview/x"):
        found = check(work, "--against", where)
        assert [one[:2] for one in found] == [("page-gone", "the page 'b/' is published, and leads nowhere now")]
    write(work, {"content/a.md": "---\naliases: [old page/, b/]\n---\n# A"})
    assert check(work, "--against", "output") == []


@pytest.mark.parametrize("where", ["nowhere", "--all", "", "ftp://example.org/", "http://127.0.0.1:1/", "../x"])
def test_places_that_cannot_be_compared_with(where: str, tmp_path: Path) -> None:
    work = project(tmp_path, SITE)
    done = ssg("check", f"--against={where}", cwd=work, code=2, environment={**ENVIRONMENT, "no_proxy": "*"})
    assert "[usage]" in done.stderr
