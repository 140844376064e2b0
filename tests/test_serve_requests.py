"""What the dev server answers to requests, friendly and hostile ones."""

import asyncio
import re
from collections.abc import Iterator

import pytest
from served import PATIENCE_S, SITE, Served
from sites import write
from tornado.httpclient import HTTPClientError


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


_UP = ["..", "%2e%2e", ".%2e", "%2E%2E", "..%2f..", "..%5c..", "..\\..", "%252e%252e", "....", "..;", "%c0%ae%c0%ae"]
PATHS = [
    *[f"/project/{up}/{up}/{up}/secret.txt" for up in _UP],
    *[f"/project/guide/{up}/{up}/{up}/{up}/secret.txt" for up in _UP],
    *[f"/{up}/secret.txt" for up in _UP],
    "/project/link.txt",
    "/project/linked/secret.txt",
    "/project/linked",
    "/project/loop",
    "/project/.ssg/manifest",
    "/project/.SSG/manifest",
    "/project/guide/../.ssg/manifest",
    "/project//etc/passwd",
    "/project/%2fetc%2fpasswd",
    "//etc/passwd",
    "/project/%00",
    "/project/index.html%00.txt",
    "/project/%ff",
    "/project/%0d%0aSet-Cookie:%20a=b",
    "/project/" + "a" * 300,
    "/project/" + "a/" * 3000,
    "/project/C:%5cWindows%5cwin.ini",
    "/project/file:///etc/passwd",
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:60])
def test_nothing_outside_of_the_site_is_shown(served: Served, path: str) -> None:
    status, headers, page = served.get(path)
    assert 400 <= status < 500
    assert "the secret" not in page
    assert "root:" not in page
    assert "Set-Cookie" not in headers


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


def test_a_folder_without_its_slash_is_redirected(served: Served) -> None:
    status, headers, _ = served.get("/project/guide")
    assert (status, headers["Location"]) == (302, "/project/guide/")
