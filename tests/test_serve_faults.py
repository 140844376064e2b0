"""What goes wrong while somebody writes: the server lives, shows the last good page, says what is wrong, recovers."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest
from served import Serve, Served, until
from sites import write

HOOK = "def transform_html(html, page):\n    return html\n"
CONFIG = """site_name: First
hooks: [hook.py]
theme:
  name: default
  custom_dir: overrides
"""
FILES = {
    "ssg.yml": CONFIG,
    "hook.py": HOOK,
    "overrides/partials/footer.html": "<b>Logo</b>",
    "overrides/special.html": "{% extends 'main.html' %}",
    "parts/one.md": "Part one.\n",
    "content/index.md": "# Home\n\nThe good home page.\n",
    "content/other.md": '# Other\n\nThe good other page.\n\n--8<-- "parts/one.md"\n',
    "content/guide/.nav.yml": "title: Guide\n",
    "content/guide/index.md": "---\ntemplate: special.html\n---\n# Guide\n\nThe good guide.\n",
}


class Fault(NamedTuple):
    """What is done, the code that it is told by, and where."""

    code: str
    place: str
    files: Mapping[str, str | bytes | None] = MappingProxyType({})
    do: Callable[[Path], contextlib.AbstractContextManager[None]] | None = None
    watch: str = ""
    """The page that must go on being shown as it was, and what it says."""
    says: str = "The good home page."


@contextlib.contextmanager
def moved(root: Path, name: str) -> Iterator[None]:
    (root / name).rename(root / "away")
    try:
        yield
    finally:
        (root / "away").rename(root / name)


@contextlib.contextmanager
def a_folder_in_place_of(root: Path, name: str) -> Iterator[None]:
    data = (root / name).read_bytes()
    (root / name).unlink()
    (root / name).mkdir()
    try:
        yield
    finally:
        (root / name).rmdir()
        (root / name).write_bytes(data)


@contextlib.contextmanager
def two_with_one_address(root: Path) -> Iterator[None]:
    write(root, {"content/other/index.md": "# Other too\n"})
    try:
        yield
    finally:
        write(root, {"content/other": None})


FAULTS = {
    "front matter that is no YAML": Fault(
        "front-matter", "content/index.md:2:", {"content/index.md": "---\ntitle: [open\n---\n# Bad\n"}
    ),
    "a flag that is none": Fault(
        "front-matter-value", "content/index.md:2:", {"content/index.md": "---\ndraft: perhaps\n---\nBad"}
    ),
    "configuration that is no YAML": Fault("yaml", "ssg.yml:2:", {"ssg.yml": "site_name: [\n"}),
    "a key of the wrong type": Fault("nav", "ssg.yml:2:", {"ssg.yml": "site_name: S\nnav: 7\n"}),
    "an empty configuration": Fault("config", "ssg.yml", {"ssg.yml": ""}),
    "no configuration": Fault("config", "", {"ssg.yml": None}),
    "a nav file that is wrong": Fault("nav", "content/guide/.nav.yml:1:", {"content/guide/.nav.yml": "nav: 7\n"}),
    "a template that is no template": Fault(
        "template-syntax", "overrides/partials/footer.html:2", {"overrides/partials/footer.html": "<b>\n{% if %}"}
    ),
    "a name that no template knows": Fault(
        "template-failed", "overrides/partials/footer.html:1", {"overrides/partials/footer.html": "{{ nothing }}"}
    ),
    "a template that is gone": Fault(
        "template-missing", "", {"overrides/special.html": None}, watch="guide/", says="The good guide."
    ),
    "a page that is not UTF-8": Fault(
        "page-unreadable", "content/index.md", {"content/index.md": "# Caf\xe9".encode("latin-1")}
    ),
    "a snippet that is gone": Fault(
        "snippet-missing", "content/other.md:5", {"parts/one.md": None}, watch="guide/", says="The good guide."
    ),
    "a hook that cannot be read": Fault("plugin", "ssg.yml:2:", {"hook.py": "def transform_html(:\n"}),
    "a hook that raises": Fault(
        "plugin-failed", "", {"hook.py": "def transform_html(html, page):\n    raise ValueError('no')\n"}
    ),
    "a hook that never ends": Fault(
        "markdown-timeout",
        "content/index.md",
        {
            "ssg.yml": CONFIG + "markdown:\n  timeout: 3\n",
            "hook.py": "def transform_document(document, reader):\n"
            "    while document.card.path == 'index.md':\n        pass\n    return document\n",
        },
    ),
    "a hook that gives nothing": Fault("plugin", "", {"hook.py": "def transform_html(html, page):\n    pass\n"}),
    "a hook that is gone": Fault("plugin", "ssg.yml:2:", {"hook.py": None}),
    "no such theme": Fault("theme-missing", "ssg.yml:3:", {"ssg.yml": "site_name: S\ntheme:\n  name: nowhere\n"}),
    "no content folder": Fault("content-missing", "content", do=lambda root: moved(root, "content")),
    "a folder with a page's name": Fault(
        "no-home-page",
        "content",
        do=lambda root: a_folder_in_place_of(root, "content/index.md"),
        watch="other/",
        says="The good other page.",
    ),
    "two pages with one address": Fault(
        "duplicate-url", "content/", do=two_with_one_address, watch="", says="The good home page."
    ),
    "a link to nowhere": Fault(
        "broken-link",
        "content/other.md:3:5",
        {"content/other.md": "# Other\n\n[x](nowhere.md)\n"},
        watch="guide/",
        says="The good guide.",
    ),
}


@contextlib.contextmanager
def written(root: Path, files: Mapping[str, str | bytes | None]) -> Iterator[None]:
    before: dict[str, str | bytes | None] = {
        name: (root / name).read_bytes() if (root / name).is_file() else None for name in files
    }
    write(root, files)
    try:
        yield
    finally:
        write(root, before)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server that all these things happen to, one after the other."""
    root = tmp_path_factory.mktemp("faulty")
    write(root, FILES)
    served = Served(root)
    yield served
    served.close()


def told(served: Served) -> list[str]:
    return [one["code"] for one in served.problems()]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_survived_and_forgotten(faulty: Served, name: str) -> None:
    served, fault = faulty, FAULTS[name]
    until(lambda: told(served) == [], "what the last test did to be forgotten")
    with fault.do(served.root) if fault.do else written(served.root, fault.files):
        until(lambda: fault.code in told(served), f"{fault.code} in {served.said[-2000:]}")
        problems = [one for one in served.problems() if one["code"] == fault.code]
        assert any(one["place"].startswith(fault.place) and one["message"] for one in problems)
        status, _, page = served.get(f"/{fault.watch}")
        assert status == 200
        assert fault.says in page
        assert served.process.poll() is None
    until(lambda: told(served) == [], f"no problems to be left; {served.said[-2000:]}")
    write(served.root, {"content/index.md": f"# Home\n\nThe good home page.\n\nAfter {name}.\n"})
    served.shows(f"After {name}.")
    served.shows("The good other page.", "other/")
    served.shows("The good guide.", "guide/")
    assert "Traceback" not in served.said


def test_a_page_that_is_nested_deeply(serve: Serve) -> None:
    served = serve()
    levels = "".join(f"{'    ' * depth}- level {depth}\n" for depth in range(260))
    write(served.root, {"content/index.md": levels})
    until(lambda: "level 3" in served.get("/")[2] or served.problems(), "the page, or what is wrong with it")
    write(served.root, {"content/index.md": "# Home\n\nFlat again.\n"})
    served.shows("Flat again.")


def test_a_problem_is_told_in_the_terminal_once(serve: Serve) -> None:
    served = serve(content__other="# Other\n\n[x](nowhere.md)\n")
    for number in range(3):
        write(served.root, {"content/index.md": f"# Home\n\nEdit {number}.\n"})
        served.shows(f"Edit {number}.")
        served.hear("built:", number + 2)
    assert served.said.count("[broken-link]") == 1


def test_a_full_disk(serve: Serve) -> None:
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("only Linux lets the limit of another process be changed")
    served = serve()
    limits = resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (100, limits[1]))
    write(served.root, {"content/new.md": "# New\n", "content/index.md": "# Home\n\nWritten to a full disk.\n"})
    served.hear("error")
    assert served.get("/guide/")[0] == 200
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, limits)
    write(served.root, {"content/index.md": "# Home\n\nThere is room again.\n"})
    served.shows("There is room again.")
    served.shows("New", "new/")
    until(lambda: told(served) == [], "no problems to be left")


def test_the_folder_that_is_shown_is_deleted(serve: Serve) -> None:
    served = serve()
    shutil.rmtree(served.root / ".ssg")
    write(served.root, {"content/index.md": "# Home\n\nAfter all was deleted.\n"})
    served.shows("After all was deleted.")
    until(lambda: served.get("/guide/")[0] == 200, "the other pages to be made again")


def test_a_page_that_may_not_be_read(serve: Serve) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read all files")
    served = serve()
    page = served.root / "content/index.md"
    page.chmod(0)
    until(lambda: "page-unreadable" in told(served), "the problem to be told")
    assert "Once upon a time." in served.get("/")[2]
    page.chmod(0o644)
    until(lambda: told(served) == [], "no problems to be left")
