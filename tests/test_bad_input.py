"""Whatever is wrong with the input or the disk: a message that names it, no traceback, and the old site unharmed."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from sites import build, outputs, write

from ssg.engine.publish import Publisher
from ssg.engine.store import Store
from ssg.errors import ConfigError, ContentError, PublishError, SsgError, ThemeError
from ssg.model import Severity

SITE = {"ssg.yml": "site_name: Demo\n", "content/index.md": "# Home", "content/a.md": "# A"}
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
unprivileged = pytest.mark.skipif(IS_ROOT, reason="everything can be read by root")


def raised(root: Path, kind: type[SsgError]) -> SsgError:
    with pytest.raises(kind) as caught:
        build(root)
    return caught.value


@pytest.mark.parametrize(
    ("config", "line", "column", "words"),
    [
        ("site_name: [a\n", 1, 12, "not closed"),
        ("site_name: Demo\nnav: index.md\n", 2, 6, "should be a list"),
        ("site_name: Demo\nstrict: maybe\n", 2, 9, "`true` or `false`"),
        ("site_name: Demo\nsite_name: Two\n", 2, 1, "given twice"),
        ("site_name: Demo\nsit_url: x\n", 2, 1, "unknown key"),
        ("- a\n", 1, 1, "should be a mapping"),
        ("site_name: Demo\n\tb: 1\n", 2, 1, "tab"),
        ("site_name: {a: 1}\n", 1, 12, "should be text"),
        ("", 0, 0, "empty"),
    ],
)
def test_configuration(tmp_path: Path, config: str, line: int, column: int, words: str) -> None:
    write(tmp_path, {**SITE, "ssg.yml": config})
    first = raised(tmp_path, ConfigError).diagnostics[0]
    assert (first.path, first.line, first.column) == ("ssg.yml", line, column)
    assert words in first.message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"content": None}, "does not exist"),
        ({"content": None, "contents/index.md": "x"}, "does not exist"),
    ],
)
def test_content_folder_is_missing(tmp_path: Path, change: dict[str, str | None], words: str) -> None:
    write(tmp_path, {**SITE, **change})
    one = raised(tmp_path, ContentError).diagnostics[0]
    assert (one.code, one.path) == ("content-missing", "content")
    assert words in one.message


def test_content_folder_is_a_file(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": SITE["ssg.yml"], "content": "a file"})
    assert "is a file" in raised(tmp_path, ContentError).diagnostics[0].message


def test_content_folder_is_empty(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": SITE["ssg.yml"]})
    (tmp_path / "content").mkdir()
    assert [one.code for one in build(tmp_path).diagnostics] == ["no-home-page"]


def test_content_folder_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {**SITE, "content/inner/page.md": "x"})
    scan = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("inner"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    one = raised(tmp_path, ContentError).diagnostics[0]
    assert (one.code, one.path) == ("content-unreadable", "content/inner")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (b"caf\xe9", "not UTF-8 (byte 3)"),
        ("Grüße".encode("utf-16"), "not UTF-8"),
        (b"\xed\xa0\x80", "not UTF-8"),
    ],
)
def test_pages_that_are_not_utf8(tmp_path: Path, page: bytes, words: str) -> None:
    write(tmp_path, {**SITE, "content/a.md": page})
    result = build(tmp_path)
    (one,) = result.diagnostics
    assert (one.severity, one.code, one.path) == (Severity.ERROR, "page-unreadable", "content/a.md")
    assert words in one.message
    assert not result.published


@pytest.mark.parametrize(
    "page",
    [
        b"\xef\xbb\xbf---\ntitle: T\n---\n# Heading\n\nText.\n",
        b"---\r\ntitle: T\r\n---\r\n# Heading\r\n\r\nText.\r\n",
        b"---\rtitle: T\r---\r# Heading\r\rText.\r",
        b"--- \ntitle: T\n---\t\n# Heading\n\nText.",
    ],
    ids=["BOM", "CRLF", "CR", "spaces"],
)
def test_byte_order_mark_and_line_ends_change_nothing(tmp_path: Path, page: bytes) -> None:
    write(tmp_path, {**SITE, "content/a.md": "---\ntitle: T\n---\n# Heading\n\nText.\n"})
    build(tmp_path)
    expected = outputs(tmp_path / "output")["a/index.html"]
    write(tmp_path, {"content/a.md": page})
    assert build(tmp_path).diagnostics == ()
    assert outputs(tmp_path / "output")["a/index.html"] == expected


@pytest.mark.parametrize("page", ["a\0b", "\x1a0\x1a [x](a.md)", "\x02\x03", "&#26;0&#26;", "\x1a99\x1a"])
def test_control_characters(tmp_path: Path, page: str) -> None:
    write(tmp_path, {**SITE, "content/index.md": page})
    assert build(tmp_path).diagnostics == ()
    content = outputs(tmp_path / "output")["index.html"]
    assert not {0, 2, 3, 0x1A} & set(content)


@unprivileged
@pytest.mark.parametrize("name", ["content/a.md", "content/picture.png"])
def test_files_that_may_not_be_read(tmp_path: Path, name: str) -> None:
    write(tmp_path, {**SITE, name: "x"})
    (tmp_path / name).chmod(0)
    result = build(tmp_path)
    assert [(one.path, one.severity) for one in result.diagnostics] == [(name, Severity.ERROR)]
    (tmp_path / name).chmod(0o644)
    assert build(tmp_path).published


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("nowhere", "to nothing"),
        ("link", "to nothing"),
        ("../../outside", "out of the project"),
        ("../content", "a folder around it"),
        (".", "a folder around it"),
    ],
)
def test_symbolic_links_that_lead_nowhere(tmp_path: Path, target: str, words: str) -> None:
    write(tmp_path, {f"project/{name}": text for name, text in SITE.items()})
    write(tmp_path, {"outside/secret.md": "secret"})
    (tmp_path / "project/content/link").symlink_to(target)
    result = build(tmp_path / "project")
    (one,) = result.diagnostics
    assert (one.severity, one.code, one.path) == (Severity.WARNING, "file-left-out", "content/link")
    assert words in one.message
    assert "secret" not in str(outputs(tmp_path / "project/output"))


def test_a_symbolic_link_to_a_folder_around_it_publishes_nothing_twice(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "content/x/y/page.md": "# Page"})
    (tmp_path / "content/x/y/up").symlink_to("..")
    result = build(tmp_path)
    assert [one.path for one in result.diagnostics] == ["content/x/y/up"]
    assert result.pages == 3


def test_symbolic_links_within_the_project_are_followed(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "shared/page.md": "# Shared", "notes.md": "# Notes"})
    (tmp_path / "content/folder").symlink_to("../shared")
    (tmp_path / "content/notes.md").symlink_to("../notes.md")
    assert build(tmp_path).diagnostics == ()
    assert {"folder/page/index.html", "notes/index.html"} <= set(outputs(tmp_path / "output"))
    write(tmp_path, {"notes.md": "# Other notes"})
    assert build(tmp_path).parsed == 1


@pytest.mark.parametrize("name", ["line\nbreak.md", "return\r.png"])
def test_names_with_line_breaks_are_left_out(tmp_path: Path, name: str) -> None:
    write(tmp_path, {**SITE, f"content/{name}": "x"})
    for _ in range(2):
        result = build(tmp_path)
        assert [one.code for one in result.diagnostics] == ["file-left-out"]
        assert result.published


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode")
def test_names_that_are_not_utf8_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    Path(os.fsdecode(bytes(tmp_path / "content") + b"/caf\xe9.md")).write_text("x")
    (one,) = build(tmp_path).diagnostics
    assert one.code == "file-left-out"


@pytest.mark.parametrize(
    ("theme", "code", "words"),
    [
        ("nosuch", "theme-missing", "there is no theme 'nosuch'"),
        ("{name: default, custom_dir: gone}", "custom-dir-missing", "'gone'"),
    ],
)
def test_themes_that_do_not_exist(tmp_path: Path, theme: str, code: str, words: str) -> None:
    write(tmp_path, {**SITE, "ssg.yml": f"site_name: Demo\ntheme: {theme}\n"})
    try:
        (one,) = build(tmp_path).diagnostics
    except ThemeError as error:
        (one,) = error.diagnostics
    assert one.code == code
    assert words in one.message


@pytest.mark.parametrize(
    "template",
    ["{% for x in [1] %}" * 30 + "{% endfor %}" * 30, "{{ " + "(" * 3000 + ")" * 3000 + " }}", "{{ [].append.x() }}"],
    ids=["loops", "parentheses", "undefined"],
)
def test_templates_that_python_cannot_read(tmp_path: Path, template: str) -> None:
    write(tmp_path, {**SITE, "ssg.yml": "site_name: Demo\ntheme: t\n", "themes/t/main.html": template})
    try:
        found = build(tmp_path).diagnostics
    except ThemeError as error:
        found = error.diagnostics
    assert {(one.severity, one.path) for one in found} == {(Severity.ERROR, "themes/t/main.html")}


def test_a_full_disk_leaves_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, SITE)
    build(tmp_path)
    before = outputs(tmp_path / "output")
    write(
        tmp_path, {"content/a.md": "# Another", "content/b.md": "# B", "content/c.png": "x", "content/index.md": None}
    )
    real_open = open

    def full(path: Any, *arguments: Any, **options: Any) -> Any:
        if "staging" in Path(str(path)).parts:
            raise OSError(28, "No space left on device", str(path))
        return real_open(path, *arguments, **options)

    monkeypatch.setattr("builtins.open", full)
    one = raised(tmp_path, PublishError).diagnostics[0]
    assert "No space left on device" in one.message
    assert str(tmp_path / "output") in one.path
    assert outputs(tmp_path / "output") == before
    monkeypatch.undo()
    assert build(tmp_path).published
    assert "b/index.html" in outputs(tmp_path / "output")


@pytest.mark.parametrize("moves", [0, 1, 3])
def test_a_build_that_dies_while_it_publishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: int) -> None:
    """The next build gives what a clean one gives, though the cache knows nothing of the half that was published."""
    old = {f"content/old{number}.md": "# Old" for number in range(3)}
    write(tmp_path, {**SITE, **old, "content/x.md": "# X"})
    build(tmp_path)
    write(
        tmp_path, {**dict.fromkeys(old), "content/a.md": "# New A", "content/index.md": "# New", "content/n.md": "# N"}
    )
    write(tmp_path, {"content/x.md": None, "content/x/index.md": "# X again"})
    left = [moves]
    replace = os.replace

    def dying(source: str, target: str) -> None:
        if "staging" in Path(source).parts:
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
        replace(source, target)

    monkeypatch.setattr(os, "replace", dying)
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path)
    monkeypatch.undo()
    assert build(tmp_path).published
    clean = tmp_path / "clean"
    shutil.copytree(tmp_path / "content", clean / "content")
    write(clean, {"ssg.yml": SITE["ssg.yml"]})
    build(clean)
    assert outputs(tmp_path / "output") == outputs(clean / "output")


@pytest.mark.parametrize("folder", [".", "..", "content", "content/site", "~", "/"])
def test_output_folders_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    home = tmp_path / "home"
    write(tmp_path, {f"project/{name}": text for name, text in SITE.items()})
    write(tmp_path, {"home/letter.txt": "dear"})
    monkeypatch.setattr(Path, "home", lambda: home)
    output = str(home) if folder == "~" else folder
    with pytest.raises((PublishError, ConfigError)) as caught:
        build(tmp_path / "project", output=output)
    assert caught.value.diagnostics[0].code in ("output-unsafe", "wrong-value")
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert {path for path in left if "/.ssg/" not in path} == {*(f"project/{name}" for name in SITE), "home/letter.txt"}


@pytest.mark.parametrize("foreign", [{"output/notes.txt": "mine"}, {"output": "a file"}])
def test_output_folders_of_others_are_refused(tmp_path: Path, foreign: dict[str, str]) -> None:
    write(tmp_path, {**SITE, **foreign})
    assert raised(tmp_path, PublishError).diagnostics[0].path == str(tmp_path / "output")
    for name, text in foreign.items():
        assert (tmp_path / name).read_text() == text
    assert not (tmp_path / "output/index.html").exists()


def test_files_of_others_in_the_output_folder_survive(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    build(tmp_path)
    foreign = {
        "output/CNAME": "example.com",
        "output/.git/config": "x",
        "output/a/mine.txt": "x",
        "output/b/c.txt": "x",
    }
    write(tmp_path, foreign)
    write(tmp_path, {"content/a.md": None})
    assert build(tmp_path).published
    assert not (tmp_path / "output/a/index.html").exists()
    assert {name: (tmp_path / name).read_text() for name in foreign} == foreign
    shutil.rmtree(tmp_path / ".ssg")
    build(tmp_path)
    assert {name: (tmp_path / name).read_text() for name in foreign} == foreign


def test_a_file_of_others_where_a_page_belongs(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    build(tmp_path)
    before = outputs(tmp_path / "output")
    write(tmp_path, {"output/new/index.html": "mine", "content/new.md": "# New", "content/a.md": "# Changed"})
    one = raised(tmp_path, PublishError).diagnostics[0]
    assert (one.code, one.path) == ("output-not-ours", str(tmp_path / "output/new/index.html"))
    assert outputs(tmp_path / "output") == {**before, "new/index.html": b"mine"}


def test_stale_files_are_deleted_and_folders_with_them(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "content/deep/er/page.md": "x", "content/deep/p.png": "x"})
    build(tmp_path)
    write(tmp_path, {"content/deep": None})
    build(tmp_path)
    assert not (tmp_path / "output/deep").exists()


def test_a_page_becomes_a_folder_and_back(tmp_path: Path) -> None:
    config = "site_name: Demo\nuse_directory_urls: false\n"
    first = {"content/x.html/data.txt": "x"}
    second = {"content/x.md": "# X"}
    write(tmp_path, {**SITE, "ssg.yml": config, **first})
    build(tmp_path)
    for gone, new in ((first, second), (second, first)):
        write(tmp_path, dict.fromkeys(gone))
        shutil.rmtree(tmp_path / "content/x.html", ignore_errors=True)
        write(tmp_path, new)
        assert build(tmp_path).published
    assert (tmp_path / "output/x.html/data.txt").read_text() == "x"


def test_two_builds_at_once(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    build(tmp_path)
    store = Store(None)
    holder = Publisher(tmp_path / "output", tmp_path, tmp_path / "content", store)
    try:
        assert raised(tmp_path, PublishError).diagnostics[0].code == "output-busy"
    finally:
        holder.close()
        store.close()
    assert build(tmp_path).published


def test_what_is_in_the_way_is_found_before_anything_is_touched(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "content/a.md": "# A\n"})
    build(tmp_path)
    write(tmp_path, {"output/new": "a file of mine", "content/new.md": "# New\n", "content/a.md": None})
    before = outputs(tmp_path / "output")
    assert raised(tmp_path, PublishError).diagnostics[0].code == "output-not-ours"
    assert outputs(tmp_path / "output") == before


@pytest.mark.parametrize("name", ["search", "assets"])
def test_a_file_may_not_be_where_the_site_needs_a_folder(tmp_path: Path, name: str) -> None:
    write(tmp_path, {**SITE, f"content/{name}": "a file without an ending"})
    result = build(tmp_path)
    assert not result.published
    assert "duplicate-url" in {one.code for one in result.diagnostics}


def test_nothing_is_deleted_behind_a_symbolic_link(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "content/old.md": "# Old\n"})
    build(tmp_path)
    (tmp_path / "output/old").rename(tmp_path / "archive")
    (tmp_path / "output/old").symlink_to(tmp_path / "archive")
    write(tmp_path, {"content/old.md": None})
    assert build(tmp_path).published
    assert (tmp_path / "archive/index.html").is_file()


def test_a_symbolic_link_of_the_users_is_not_replaced(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "mine.txt": "mine", "content/robots.txt": "ours"})
    (tmp_path / "output").mkdir()
    (tmp_path / "output/robots.txt").symlink_to(tmp_path / "mine.txt")
    with pytest.raises(PublishError):
        build(tmp_path, adopt=True)
    assert (tmp_path / "output/robots.txt").is_symlink()


def test_a_snippet_that_is_not_utf8_is_a_problem_of_its_page(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "parts/one.md": b"caf\xe9", "content/a.md": '--8<-- "parts/one.md"\n'})
    codes = {one.code for one in build(tmp_path).diagnostics}
    assert "snippet-unreadable" in codes


@pytest.mark.parametrize("folder", [".", ".."])
def test_a_theme_folder_around_the_project_is_refused(tmp_path: Path, folder: str) -> None:
    write(tmp_path / "project", {**SITE, "ssg.yml": f"site_name: x\ntheme: {{custom_dir: '{folder}'}}\n"})
    assert raised(tmp_path / "project", ThemeError)


def test_a_snippet_outside_is_never_read_and_its_replacement_is_seen(tmp_path: Path) -> None:
    write(tmp_path, {"outside.md": "secret", **{f"project/{name}": text for name, text in SITE.items()}})
    project = tmp_path / "project"
    write(project, {"content/a.md": '--8<-- "one.md"\n\n--8<-- "/dev/zero"\n'})
    (project / "one.md").symlink_to(tmp_path / "outside.md")
    assert "snippet-outside" in {one.code for one in build(project).diagnostics}
    assert b"secret" not in outputs(project / "output")["a/index.html"]
    (project / "one.md").unlink()
    write(project, {"one.md": "public"})
    build(project)
    assert b"public" in outputs(project / "output")["a/index.html"]
