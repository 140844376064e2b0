"""Our own documentation: it builds without a word, says what the code does, and leads nowhere outside."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
import pytest

import ssg
from ssg.build import Builder
from ssg.config import load, reference
from ssg.options import Options, Result

REPOSITORY = Path(__file__).parents[1]
CONTENT = REPOSITORY / "content"
EXAMPLE_HOSTS = {"example.com", "www.example.com"}
"""Hosts that an example may show a link to; they are reserved for that."""

pytestmark = pytest.mark.skipif(not (REPOSITORY / "ssg.yml").exists(), reason="not in a checkout")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The output folder and the result of a build in a copy."""
    project = tmp_path_factory.mktemp("own-site")
    shutil.copy(REPOSITORY / "ssg.yml", project)
    shutil.copytree(CONTENT, project / "content")
    loaded = load(None, cwd=project, overrides={"strict": True})
    builder = Builder(loaded, Options(strict=True))
    try:
        return project / "output", builder.build()
    finally:
        builder.close()


def test_builds_without_a_word(built: tuple[Path, Result]) -> None:
    output, result = built
    assert result.diagnostics == ()
    assert result.published
    assert result.pages == len(list(CONTENT.rglob("*.md")))
    assert (output / "index.html").is_file()


def test_builds_from_the_command_line(built: tuple[Path, Result], tmp_path: Path) -> None:
    """The same command that `make site` runs, into another folder."""
    command = [sys.executable, "-m", "ssg", "build", "--strict", "--format", "json", "--output", str(tmp_path / "site")]
    project = built[0].parent
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"diagnostics": []' in done.stdout


def test_the_reference_is_up_to_date() -> None:
    assert (CONTENT / "configuration.md").read_text(encoding="utf-8") == reference(), "see CONTRIBUTING.md"


def test_every_code_is_documented() -> None:
    text = (CONTENT / "messages.md").read_text(encoding="utf-8")
    documented = re.findall(r"^### `([^`]+)`", text, re.MULTILINE)
    assert len(documented) == len(set(documented))
    assert set(documented) == codes()


def test_every_message_has_an_anchor_of_its_code(built: tuple[Path, Result]) -> None:
    """`messages/#broken-link` is an address that people can be sent to."""
    ids = set(Page.read(built[0] / "messages" / "index.html").ids)
    assert codes() <= ids


def test_no_page_leads_outside(built: tuple[Path, Result]) -> None:
    """Every link, image, style sheet and script is there, and every part of a page that is linked to."""
    output, _ = built
    pages = {path: Page.read(path) for path in output.rglob("*.html")}
    wrong = [f"{path.relative_to(output)}: {problem}" for path in pages for problem in broken(path, pages, output)]
    assert wrong == []


def test_no_source_leads_outside() -> None:
    """No link of a page climbs out of the content folder, and no file in it is a link to elsewhere."""
    for path in CONTENT.rglob("*"):
        assert not path.is_symlink(), path
        if path.suffix != ".md":
            continue
        for target in re.findall(r"\]\(([^)\s]+)", path.read_text(encoding="utf-8")):
            if not urlsplit(target).scheme and not target.startswith("#"):
                assert (path.parent / target).resolve().is_relative_to(CONTENT.resolve()), f"{path}: {target}"


def test_the_workflow_is_that_of_new_sites() -> None:
    workflow = Path(ssg.__file__).parent / "starter" / "github" / "workflows" / "docs.yml"
    assert workflow.read_text(encoding="utf-8") in (CONTENT / "publishing.md").read_text(encoding="utf-8")


def test_the_commands_that_pages_name_exist() -> None:
    from click import Context

    from ssg.cli import main

    for path in CONTENT.glob("*.md"):
        if path.name == "configuration.md":  # made from the settings, whose texts have a test of their own
            continue
        for name in re.findall(r"(?:^\$ |`)ssg ([a-z]+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert main.get_command(Context(main), name), f"{path.name}: ssg {name}"


def test_the_examples_of_hooks_work(tmp_path: Path) -> None:
    write_examples("plugins.md", tmp_path, "hooks/reading_time.py", "hooks/page_list.py")
    hooks = "hooks: [hooks/reading_time.py, hooks/page_list.py]"
    site = build_small(tmp_path, f"site_name: Example\n{hooks}\n")
    assert "<p><small>1 min to read</small></p>" in (site / "index.html").read_text(encoding="utf-8")
    assert (site / "pages.txt").read_text(encoding="utf-8") == "Hello: 4 words\n"


def test_the_example_of_a_theme_works(tmp_path: Path) -> None:
    write_examples("themes.md", tmp_path, "themes/plain/main.html")
    (tmp_path / "themes" / "plain" / "plain.css").write_text("main { max-width: 40rem }", encoding="utf-8")
    site = build_small(tmp_path, "site_name: Notes\ntheme: plain\n")
    page = (site / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<link rel="stylesheet" href="plain\.[0-9a-f]{8}\.css">', page)
    assert not (site / "404.html").exists()
    assert not (site / "assets").exists()


def write_examples(page: str, folder: Path, *names: str) -> None:
    """Write the code blocks of a page that have these titles."""
    text = (CONTENT / page).read_text(encoding="utf-8")
    found = dict(re.findall(r"^```\S+ title=\"([^\"]+)\"\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(found[name], encoding="utf-8")


def build_small(project: Path, configuration: str) -> Path:
    """Build a site of one page; return the output folder."""
    (project / "content").mkdir()
    (project / "ssg.yml").write_text(configuration, encoding="utf-8")
    (project / "content" / "index.md").write_text("# Hello\n\nThis is my site.\n", encoding="utf-8")
    builder = Builder(load(None, cwd=project), Options(remember=False))
    try:
        result = builder.build()
    finally:
        builder.close()
    assert result.diagnostics == ()
    return project / "output"


class Page(HTMLParser):
    """What matters here of a page: its ids, and what it refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []

    @classmethod
    def read(cls, path: Path) -> "Page":
        page = cls()
        page.feed(path.read_text(encoding="utf-8"))
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value is None:
                continue
            if name in ("id", "name"):
                self.ids.append(value)
            elif name in ("href", "src"):
                self.targets.append(value)


def broken(path: Path, pages: dict[Path, Page], output: Path) -> Iterator[str]:
    for target in pages[path].targets:
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            if parts.hostname not in EXAMPLE_HOSTS and parts.scheme not in ("mailto", "data"):
                yield f"{target} leads to another host"
            continue
        base = output if parts.path.startswith("/") else path.parent
        there = (base / unquote(parts.path).lstrip("/")).resolve() if parts.path else path
        there = there / "index.html" if there.is_dir() else there
        if not there.is_relative_to(output) or not there.is_file():
            yield f"{target} is not there"
        elif parts.fragment and there.suffix == ".html" and unquote(parts.fragment) not in pages[there].ids:
            yield f"{target} is not a part of that page"


def codes() -> set[str]:
    """Every code of a diagnostic in the package: what is given by a name, or in the place, of an argument `code`."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(ssg.__file__).parent.rglob("*.py")]
    places: dict[str, set[int]] = {}
    for tree in trees:
        for name, parameters in _signatures(tree):
            if "code" in parameters:
                places.setdefault(name, set()).add(parameters.index("code"))
    found: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "code":
                found |= _texts(node.value)
            elif isinstance(node, ast.Call):
                function = node.func
                name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
                for place in places.get(name, ()):
                    if place < len(node.args):
                        found |= _texts(node.args[place])
            elif isinstance(node, ast.Assign) and any(getattr(one, "id", "") == "code" for one in node.targets):
                found |= _texts(node.value)
            elif isinstance(node, ast.FunctionDef):
                for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
                    if argument.arg == "code" and default is not None:
                        found |= _texts(default)
    return {code for code in found if re.fullmatch(r"[a-z]+(-[a-z]+)*", code)}


def _signatures(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """The names of the arguments of functions, methods and types with fields, as callers count them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args]
            yield node.name, names[1:] if names[:1] == ["self"] else names
        elif isinstance(node, ast.ClassDef):
            fields = [one.target for one in node.body if isinstance(one, ast.AnnAssign)]
            yield node.name, [field.id for field in fields if isinstance(field, ast.Name)]


def _texts(node: ast.expr) -> set[str]:
    """The texts that an expression may stand for."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.IfExp):
        return _texts(node.body) | _texts(node.orelse)
    if isinstance(node, ast.BoolOp):
        return {text for value in node.values for text in _texts(value)}
    if isinstance(node, ast.FormattedValue):
        return _texts(node.value)
    if isinstance(node, ast.JoinedStr):
        return {"".join(parts) for parts in product(*(_texts(value) for value in node.values))}
    return set()


def test_pages_are_valid_html(built: tuple[Path, Result]) -> None:
    output, _ = built
    wrong = {}
    for path in sorted(output.rglob("*.html")):
        parser = html5lib.HTMLParser()
        parser.parse(path.read_text(encoding="utf-8"))
        if parser.errors:
            wrong[path.relative_to(output).as_posix()] = parser.errors
    assert wrong == {}
