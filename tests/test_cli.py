"""The command, as people and programs call it: in a process of its own."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from sites import outputs, write

SITE = {"ssg.yml": "site_name: Demo\n", "content/index.md": "# Home", "content/a.md": "# A\n\n[home](index.md)"}
WARNS = {**SITE, "content/index.md": "---\ntilte: x\n---\n# Home"}
FAILS = {**SITE, "content/index.md": "# Home\n\n[broken](nowhere.md)"}
PACKAGE = Path(__file__).parents[1]


def ssg(
    *arguments: str, cwd: Path, code: int = 0, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command; it must end with this code, and must not show a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "ssg", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(PACKAGE), **(environment or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    if "--debug" not in arguments:
        assert "Traceback" not in done.stdout + done.stderr
    return done


def test_build_and_what_it_says(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    done = ssg("build", cwd=tmp_path)
    assert re.fullmatch(r"built: 2 pages, 2 rendered, 0 remembered, 0 warnings, \d+\.\d\d s\n", done.stdout)
    assert done.stderr == ""
    assert (tmp_path / "output/a/index.html").is_file()
    write(tmp_path, {"content/a.md": "# Another"})
    write(tmp_path, {"content/a.md": "# A\n\nOther text."})
    assert "2 pages, 1 rendered, 1 remembered" in ssg("build", cwd=tmp_path).stdout
    assert "2 pages, 2 rendered, 0 remembered" in ssg("build", "--clean", cwd=tmp_path).stdout


def test_one_page_is_no_pages(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": SITE["ssg.yml"], "content/index.md": WARNS["content/index.md"]})
    assert ssg("build", cwd=tmp_path).stdout.startswith("built: 1 page, 1 rendered, 0 remembered, 1 warning, ")


def test_check_writes_no_site(tmp_path: Path) -> None:
    write(tmp_path, WARNS)
    done = ssg("check", cwd=tmp_path)
    assert done.stdout.startswith("checked: ")
    assert "[front-matter-key]" in done.stderr
    assert not (tmp_path / "output").exists()
    assert ssg("check", "--strict", cwd=tmp_path, code=1).stdout.startswith("failed (warnings count: --strict): ")


def test_clean_deletes_what_was_made_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    ssg("build", cwd=tmp_path)
    write(tmp_path, {"output/CNAME": "example.com"})
    assert re.match(r"deleted \d+ files of the site in output, and the cache", ssg("clean", cwd=tmp_path).stdout)
    left = outputs(tmp_path / "output")
    assert [name for name in left if not name.startswith(".ssg/")] == ["CNAME"]
    assert not (tmp_path / ".ssg/cache.sqlite").exists()
    assert "deleted 0 files" in ssg("clean", cwd=tmp_path).stdout
    assert json.loads(ssg("clean", "--format", "json", cwd=tmp_path).stdout) == {
        "diagnostics": [],
        "ok": True,
        "deleted": 0,
    }
    ssg("build", cwd=tmp_path)
    assert (tmp_path / "output/CNAME").is_file()


@pytest.mark.parametrize(
    ("site", "arguments", "code"),
    [
        (SITE, ["build", "--strict"], 0),
        (WARNS, ["build"], 0),
        (WARNS, ["build", "--strict"], 1),
        (FAILS, ["build"], 1),
        (FAILS, ["check"], 1),
        ({}, ["build"], 1),
        ({"ssg.yml": "site_name: [\n"}, ["build"], 1),
        ({"ssg.yml": SITE["ssg.yml"]}, ["build"], 1),
        (SITE, ["build", "-f", "nothing.yml"], 1),
        (SITE, ["build", "-d", "."], 1),
        (SITE, ["build", "--no-such-option"], 2),
        (SITE, ["build", "--jobs", "0"], 2),
        (SITE, ["build", "--format", "xml"], 2),
        (SITE, ["bild"], 2),
        (SITE, [], 2),
    ],
)
def test_exit_codes(tmp_path: Path, site: dict[str, str], arguments: list[str], code: int) -> None:
    write(tmp_path, site)
    done = ssg(*arguments, cwd=tmp_path, code=code)
    assert (done.stderr == "") is (code == 0 and site is SITE)


def test_a_problem_has_its_place_its_line_and_a_remedy(tmp_path: Path) -> None:
    write(tmp_path, {**FAILS, "content/index.md": "# Home\n\nSee [a](b.md)."})
    done = ssg("build", cwd=tmp_path, code=1)
    assert done.stderr.splitlines() == [
        "content/index.md:3:9: error: the page 'b.md' does not exist [broken-link]",
        "  | See [a](b.md).",
        "  |         ^",
        "  = did you mean 'a.md'?",
    ]
    assert done.stdout.startswith("not published: 2 pages, ")
    assert "1 error, 0 warnings" in done.stdout


@pytest.mark.parametrize("site", [SITE, WARNS, FAILS, {}, {"ssg.yml": "a: [\n"}])
def test_json_stands_alone_on_standard_output(tmp_path: Path, site: dict[str, str]) -> None:
    write(tmp_path, site)
    code = 0 if site in (SITE, WARNS) else 1
    done = ssg("build", "--format", "json", cwd=tmp_path, code=code)
    told = json.loads(done.stdout)
    assert told["ok"] is (code == 0)
    assert bool(told["diagnostics"]) is (site is not SITE)
    assert done.stderr == ""


def test_workflow_commands(tmp_path: Path) -> None:
    write(tmp_path, FAILS)
    done = ssg("check", "--format", "github", cwd=tmp_path, code=1)
    assert done.stdout.splitlines()[0].startswith("::error file=content/index.md,line=3,col=10,title=broken-link::")


def test_quiet_and_verbose(tmp_path: Path) -> None:
    write(tmp_path, WARNS)
    assert ssg("build", "-q", cwd=tmp_path).stdout == ""
    assert "[front-matter-key]" in ssg("build", "-q", cwd=tmp_path).stderr
    write(tmp_path, {"ssg.yml": None, "mkdocs.yml": "site_name: Demo\ntheme: material\ndocs_dir: content\n"})
    assert "[theme-name]" not in ssg("build", cwd=tmp_path).stderr
    assert "note: " in ssg("build", "-v", cwd=tmp_path).stderr


def test_other_folders(tmp_path: Path) -> None:
    """The project is where the configuration is; what the command line names is from where it is called."""
    write(tmp_path, {f"project/{name}": text for name, text in SITE.items()})
    (tmp_path / "elsewhere").mkdir()
    ssg("build", "-f", "../project/ssg.yml", "-d", "site", cwd=tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere/site/index.html").is_file()
    assert not (tmp_path / "project/output").exists()
    ssg("build", "-f", str(tmp_path / "project/ssg.yml"), cwd=tmp_path / "elsewhere")
    assert (tmp_path / "project/output/index.html").is_file()


def test_debug_shows_a_traceback(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": SITE["ssg.yml"]})
    assert "Traceback" in ssg("build", "--debug", cwd=tmp_path, code=1).stderr


def test_a_mistake_of_our_own_is_told_in_a_line(tmp_path: Path) -> None:
    """Should ssg itself be wrong, the user gets no page of code, and hears what to do."""
    write(tmp_path, SITE)
    write(tmp_path, {"broken/sitecustomize.py": "import ssg.chain\nssg.chain.discover = lambda *_: 1 / 0\n"})
    path = os.pathsep.join([str(tmp_path / "broken"), str(PACKAGE)])
    done = ssg("build", cwd=tmp_path, code=1, environment={"PYTHONPATH": path})
    assert "ZeroDivisionError" in done.stderr
    assert "--debug" in done.stderr
    done = ssg("build", "--format", "json", cwd=tmp_path, code=1, environment={"PYTHONPATH": path})
    assert json.loads(done.stdout)["ok"] is False


def test_schema_version_and_help(tmp_path: Path) -> None:
    assert json.loads(ssg("schema", cwd=tmp_path).stdout)["properties"]["site_name"]
    assert re.fullmatch(r"ssg, version \d+\.\d+\.\d+\S*\n", ssg("--version", cwd=tmp_path).stdout)
    listed = ssg("--help", cwd=tmp_path).stdout
    for name in ("build", "check", "clean", "new", "schema", "serve"):
        assert re.search(rf"^  {name} ", listed, re.MULTILINE)
        assert "Usage:" in ssg(name, "--help", cwd=tmp_path).stdout


BACKWARDS = """
import os

class Scan(list):
    close = lambda self: None
    __enter__ = lambda self: self
    __exit__ = lambda self, *_: None
    __next__ = lambda self: self.pop() if self else next(iter(()))
    __iter__ = lambda self: iter(list.__getitem__(self, slice(None, None, -1)))

scandir, listdir = os.scandir, os.listdir
os.scandir = lambda *given: Scan(sorted(scandir(*given), key=lambda one: str(one.name)))
os.listdir = lambda *given: sorted(listdir(*given), reverse=True)
with open(os.environ["BACKWARDS_LOG"], "a") as log:
    log.write("backwards ")
"""
"""A file system that names files in another order."""


def test_the_same_bytes_wherever_and_however_it_is_built(tmp_path: Path) -> None:
    """Not the hash seed, time zone, locale, folder, order of files, nor number of processes changes a byte."""
    write(tmp_path, {"backwards/sitecustomize.py": BACKWARDS})
    pages = {
        f"content/s{n % 4}/p{n}.md": f"---\ntags: [a, b]\n---\n# Page {n}\n\n" + "*text* `code`\n\n" * 40
        for n in range(80)
    }
    site = {
        **pages,
        "ssg.yml": "site_name: Demo\nsite_url: https://example.com/\nextra: {b: 1, a: 2}\nhooks: [hook.py]\n"
        "plugins: [search, feed, llms, {redirects: {redirect_maps: {b.md: index.md, a.md: index.md}}}]\n",
        "hook.py": "def transform_html(html, page):\n    return html + page.path\n",
        "content/index.md": "---\ndate: 2026-01-02\nzeta: 1\nalpha: 2\n---\n# Home\n\n```python\nx = {1: 2}\n```\n",
    }
    found = []
    for number, (jobs, environment) in enumerate(
        [
            ("1", {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"}),
            ("2", {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C"}),
            ("4", {"PYTHONHASHSEED": "3", "TZ": "America/New_York", "SOURCE_DATE_EPOCH": "0"}),
            ("2", {"PYTHONPATH": os.pathsep.join([str(tmp_path / "backwards"), str(PACKAGE)])}),
        ]
    ):
        secret = {"USER": "secret-user", "LOGNAME": "secret-user", "HOME": "/secret-user", "HOSTNAME": "secret-user"}
        environment = {**environment, **secret, "MINE": "secret-user", "BACKWARDS_LOG": str(tmp_path / "log")}
        project = tmp_path / f"place-{number}" / ("deeper/" * number) / "project"
        write(project, site)
        if number == 1:
            ssg("build", "--jobs", jobs, "-f", "project/ssg.yml", cwd=project.parent, environment=environment)
        else:
            ssg("build", "--jobs", jobs, cwd=project, environment=environment)
        found.append(outputs(project / "output"))
    assert found[0] == found[1] == found[2] == found[3]
    assert "backwards" in (tmp_path / "log").read_text()
    everything = b"".join(found[2].values())
    assert str(tmp_path).encode() not in everything
    assert b"secret-user" not in everything


def test_a_project_that_is_moved_has_nothing_to_do(tmp_path: Path) -> None:
    write(tmp_path / "one", SITE)
    ssg("build", cwd=tmp_path / "one")
    before = outputs(tmp_path / "one/output")
    (tmp_path / "one").rename(tmp_path / "two")
    ssg("build", cwd=tmp_path / "two")
    assert outputs(tmp_path / "two/output") == before


def test_places_are_named_from_where_the_command_runs(tmp_path: Path) -> None:
    write(tmp_path, {"docs/ssg.yml": "site_name: Demo\n", "docs/content/index.md": "[a](b.md)\n"})
    command = ("build", "-f", "docs/ssg.yml")
    assert "docs/content/index.md:1:5: error" in ssg(*command, cwd=tmp_path, code=1).stderr
    assert "file=docs/content/index.md," in ssg(*command, "--format", "github", cwd=tmp_path, code=1).stdout
    write(tmp_path, {"docs/ssg.yml": "site_nam: Demo\n"})
    assert "docs/ssg.yml:1:1: error" in ssg(*command, cwd=tmp_path, code=1).stderr
