"""What the dev server answers to requests, friendly and hostile ones."""

import asyncio
import contextlib
import re
import socket
from collections.abc import Iterator

import pytest
from served import PATIENCE_S, SITE, Served
from sites import write
from tornado.httpclient import HTTPClientError

from ssg.serve.lookup import content_type


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for tests that change nothing. The site's address has a path."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.txt").write_text("the secret", "utf-8")
    root = outside / "project"
    write(root, {**SITE, "ssg.yml": "site_name: First\nsite_url: https://example.org/project/\n"})
    one = Served(root)
    folder = root / ".ssg" / "serve"
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "linked").symlink_to(outside, target_is_directory=True)
    (folder / "loop").symlink_to("loop")
    yield one
    one.close()


def test_pages_are_served_below_the_path_of_the_sites_address(served: Served) -> None:
    status, headers, page = served.get("/project/guide/steps/")
    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert re.search(r'<script defer src="/livereload.js\?[^"]*"></script></body>', page)
    assert served.get("/")[1]["Location"] == "/project/"
    assert served.get("/project")[1]["Location"] == "/project/"
    assert served.get("/guide/")[0] == 404


def test_the_reload_script_is_served_and_never_built(served: Served) -> None:
    status, _, script = served.get("/livereload.js")
    assert status == 200
    assert "livereload" in script
    assert "livereload" not in (served.root / ".ssg/serve/index.html").read_text("utf-8")


def test_files_are_served_with_their_type_whole_or_in_part(served: Served) -> None:
    status, headers, data = served.get("/project/empty/data.txt?v=1")
    assert (status, data, headers["Content-Type"]) == (200, "0123456789 é", "text/plain; charset=utf-8")
    assert headers["Cache-Control"] == "no-store"
    assert "Etag" not in headers
    status, headers, data = served.get("/project/empty/data.txt", Range="bytes=2-4")
    assert (status, data, headers["Cache-Control"]) == (206, "234", "no-store")
    status, headers, data = served.get("/project/", method="HEAD")
    assert (status, data) == (200, "")
    assert int(headers["Content-Length"]) > 100


def test_what_is_missing_is_answered_by_the_sites_own_page(served: Served) -> None:
    status, _, page = served.get("/project/nothing/at/all/")
    assert status == 404
    assert "First" in page
    assert "livereload.js" in page


def test_folders_are_not_listed(served: Served) -> None:
    for path in ("/project/empty", "/project/empty/", "/project/index.html/"):
        status, _, page = served.get(path)
        assert status == 404
        assert "data.txt" not in page


def test_nothing_is_changed_by_a_request(served: Served) -> None:
    assert served.get("/project/", method="POST")[0] == 405
    assert served.get("/forcereload")[0] == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "10.0.0.1", ""]
)
def test_other_hosts_are_refused(served: Served, host: str) -> None:
    for path in ("/project/", "/livereload.js", "/livereload"):
        assert served.get(path, Host=host)[0] in (400, 403)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1234", "127.0.0.1", "[::1]:80", "docs.localhost"])
def test_names_of_this_machine_are_not(served: Served, host: str) -> None:
    assert served.get("/project/", Host=host)[0] == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", "x"])
def test_other_origins_are_not_connected(served: Served, origin: str) -> None:
    async def connect() -> int:
        try:
            await served.connect(Origin=origin)
        except HTTPClientError as error:
            return error.code
        return 101

    assert asyncio.run(connect()) == 403


def test_the_own_origin_is_connected_and_nonsense_ends_the_connection(served: Served) -> None:
    async def connect() -> None:
        for nonsense in ("{", "[]", "{}", "1", '{"command": []}'):
            connection = await served.connect(Origin=f"http://127.0.0.1:{served.port}")
            await connection.write_message(nonsense)
            connection.close()
            assert await asyncio.wait_for(connection.read_message(), PATIENCE_S) is None

    asyncio.run(connect())
    assert "Traceback" not in served.said


_UP = [
    b"..",
    b"%2e%2e",
    b".%2e",
    b"%2E%2E",
    b"..%2f..",
    b"..%5c..",
    b"..\\..",
    b"%252e%252e",
    b"....",
    b"..;",
    b"%c0%ae%c0%ae",
]
_BELOW = [b"/project/%b/%b/%b/secret.txt", b"/project/guide/%b/%b/%b/secret.txt", b"/project/a/%b/%b/%b/secret.txt"]
TARGETS = [
    *[target % (up, up, up) for target in _BELOW for up in _UP],
    *[b"/%b/secret.txt" % up for up in _UP],
    *[b"/livereload/%b/secret.txt" % up for up in _UP],
    b"/project/link.txt",
    b"/project/linked/secret.txt",
    b"/project/linked",
    b"/project/linked/",
    b"/project/loop",
    b"/project/.ssg/manifest",
    b"/project/.SSG/manifest",
    b"/project/.ssg/../.ssg/manifest",
    b"/project/guide/../.ssg/manifest",
    b"/project//etc/passwd",
    b"/project/%2fetc%2fpasswd",
    b"//etc/passwd",
    b"/etc/passwd",
    b"etc/passwd",
    b"../secret.txt",
    b"*",
    b"?",
    b"http://127.0.0.1/../secret.txt",
    b"file:///etc/passwd",
    b"/project/%00",
    b"/project/index.html%00.txt",
    b"/project/index.html\0",
    b"/project/%ff",
    b"/project/\xff\xfe",
    b"/project/%",
    b"/project/%zz",
    b"/project/%u002e%u002e/secret.txt",
    b"/project/%0d%0aSet-Cookie:%20a=b",
    b"/project/%0aLocation:%20http://evil.example/",
    b"/project/" + b"a" * 300,
    b"/project/" + b"a/" * 3000,
    b"/project/" + b"a" * 70_000,
    b"/project/C:%5cWindows%5cwin.ini",
    b"/project/file:///etc/passwd",
    b"/project/con",
    b"/project/index.html::$DATA",
    b"/project/index.html/",
    b"/project/index.html/..",
    b"/project/guide;/../secret.txt",
    b"/livereload/state.json/../../secret.txt",
]


def ask(served: Served, target: bytes) -> tuple[int, bytes]:
    """Send these bytes as the target of a request, as no client for HTTP would; return the status and all else."""
    with socket.create_connection((served.host, served.port), PATIENCE_S) as connection:
        connection.sendall(b"GET %b HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n" % target)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65536):
                answer += part
    return int(answer.split(b" ")[1]) if answer else 0, answer


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: repr(target)[2:60])
def test_nothing_outside_of_the_site_is_shown(served: Served, target: bytes) -> None:
    status, answer = ask(served, target)
    assert status == 0 or 300 <= status < 500, answer[:200]
    assert b"the secret" not in answer
    assert b"root:" not in answer
    head = answer.partition(b"\r\n\r\n")[0]
    assert b"Set-Cookie" not in head
    assert b"evil" not in head
    assert b"Access-Control" not in head
    if 300 <= status < 400:
        assert re.search(rb"\r\nLocation: /project/", head)


def test_there_are_enough_of_them() -> None:
    assert len(set(TARGETS)) >= 60


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/..",
        "//evil.example/../project/guide",
        "/\\evil.example/..",
        "/%5cevil.example/../project/guide",
        "/project//evil.example/%2e%2e",
        "/project/guide/..//guide",
        "/project/./guide",
        "http://evil.example/project/guide",
    ],
)
def test_no_redirect_leads_off_the_site(served: Served, path: str) -> None:
    _, headers, _ = served.get(path)
    assert re.fullmatch(r"(/project/[\w/]*)?", headers.get("Location", ""))


def test_a_page_is_found_without_its_suffix(served: Served) -> None:
    assert served.get("/project/404")[0] == 200
    assert served.get("/project/empty")[0] == 404
    assert served.get("/project/guide/steps/index")[0] == 200


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("style.css", "text/css; charset=utf-8"),
        ("script.js", "application/javascript; charset=utf-8"),
        ("script.mjs", "application/javascript; charset=utf-8"),
        ("data.json", "application/json; charset=utf-8"),
        ("feed.xml", "application/xml"),
        ("picture.svg", "image/svg+xml"),
        ("picture.webp", "image/webp"),
        ("font.woff2", "font/woff2"),
        ("site.webmanifest", "application/manifest+json"),
        ("module.wasm", "application/wasm"),
        ("page.html", "text/html; charset=utf-8"),
        ("words.txt", "text/plain; charset=utf-8"),
        ("nothing-known", "application/octet-stream"),
        ("two.tar.gz", "application/gzip"),
    ],
)
def test_content_types_are_those_of_github_pages(name: str, kind: str) -> None:
    assert content_type(name) == kind


def test_a_folder_without_its_slash_is_redirected(served: Served) -> None:
    status, headers, _ = served.get("/project/guide")
    assert (status, headers["Location"]) == (302, "/project/guide/")
