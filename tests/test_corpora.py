"""Real documentation: the sites of FastAPI and uv as they stand, and a page that was written for GitHub."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from sites import build, outputs, write

from ssg.model import Severity
from ssg.options import Result

Site = tuple[Path, Result]
FOLDERS = {"fastapi": "site", "uv": "site/uv"}
"""Where the configuration says that the site goes."""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Site]:
    """Copies of the projects, each built once."""
    built: dict[str, Site] = {}

    def get(shared: Path, name: str) -> Site:
        if name not in built:
            project = tmp_path_factory.mktemp(name)
            shutil.copytree(shared / "corpora" / name, project, dirs_exist_ok=True)
            root = next(project.rglob("mkdocs.yml")).parent
            built[name] = root, build(root, jobs=2)
        return built[name]

    return get


Sites = Callable[[Path, str], Site]
NAMES = pytest.mark.parametrize(("name", "pages"), [("fastapi", 155), ("uv", 81)])


def mkdocs_rule(path: str) -> tuple[str, str]:
    """The output file and the URL of a page: https://www.mkdocs.org/user-guide/writing-your-docs/#file-layout."""
    page = PurePosixPath(path)
    folder = page.parent if page.stem in ("index", "README") else page.with_suffix("")
    return str(folder / "index.html"), "" if folder == PurePosixPath() else f"{folder}/"


@NAMES
def test_a_real_site_is_built(sites: Sites, shared: Path, name: str, pages: int) -> None:
    """What is not supported, and what the copy leaves out, is told and does no harm."""
    root, result = sites(shared, name)
    assert result.pages == pages
    assert result.published
    assert result.count(Severity.ERROR) == 0
    assert {one.code for one in result.diagnostics} & {"unsupported-plugin"}
    assert [one for one in result.diagnostics if not one.path] == []
    again = build(root, jobs=1)
    assert (again.parsed, again.rendered, again.changed) == (0, 0, 0)
    assert again.diagnostics == result.diagnostics


@NAMES
def test_pages_have_the_addresses_that_mkdocs_gives_them(sites: Sites, shared: Path, name: str, pages: int) -> None:
    root, _ = sites(shared, name)
    found = outputs(root / FOLDERS[name])
    sources = [path.relative_to(root / "docs").as_posix() for path in (root / "docs").rglob("*.md")]
    assert len(sources) == pages
    base = {"fastapi": "https://fastapi.tiangolo.com/", "uv": "https://docs.astral.sh/uv/"}[name]
    for source in sources:
        output, url = mkdocs_rule(source)
        assert f'<link rel="canonical" href="{base}{url}">'.encode() in found[output], source


@NAMES
def test_addresses_are_those_of_mkdocs_itself(sites: Sites, shared: Path, name: str, pages: int) -> None:
    files = pytest.importorskip("mkdocs.structure.files", reason="MkDocs is not installed")
    root, _ = sites(shared, name)
    for path in (root / "docs").rglob("*.md"):
        source = path.relative_to(root / "docs").as_posix()
        file = files.File(source, str(root / "docs"), str(root / FOLDERS[name]), use_directory_urls=True)
        assert (file.dest_uri, file.url) == (mkdocs_rule(source)[0], mkdocs_rule(source)[1] or "./")


@NAMES
def test_no_mark_of_a_link_is_left(sites: Sites, shared: Path, name: str, pages: int) -> None:
    root, _ = sites(shared, name)
    found = {path: content for path, content in outputs(root / FOLDERS[name]).items() if path.endswith(".html")}
    assert len(found) >= pages
    assert [path for path, content in found.items() if b"\x1a" in content] == []


def test_a_page_for_github_reads_the_same(shared: Path, tmp_path: Path) -> None:
    """Expected is what GitHub's renderer makes of it; heading ids and links to them are ours."""
    write(
        tmp_path,
        {
            "ssg.yml": "site_name: Demo\ntheme: bare\n",
            "themes/bare/main.html": "{{ page.content }}",
            "content/index.md": (shared / "corpora/framework-notes.md").read_text(encoding="utf-8"),
        },
    )
    assert build(tmp_path).diagnostics == ()
    expected = (shared / "corpora/framework-notes.expected.html").read_text(encoding="utf-8")
    assert elements(outputs(tmp_path / "output")["index.html"].decode()) == elements(expected)


def elements(html: str) -> list[str]:
    """The tags and texts of some HTML in order, white space folded."""
    html = re.sub(r'<a class="headerlink".*?</a>', "", html)
    html = re.sub(r"(<h[1-6]) id=\"[^\"]*\"", r"\1", html)
    parts = re.split(r"(<[^>]+>)", html)
    return [" ".join(part.replace(" />", ">").split()) for part in parts if part.strip()]
