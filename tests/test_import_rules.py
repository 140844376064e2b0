"""The house: who may import whom, and which library has which owner. See ARCHITECTURE.md."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "ssg"
MODULES = sorted(PACKAGE.rglob("*.py"))

# Each room may import those named behind it, and itself.
FOUNDATION = {"model", "errors", "yamlfile", "yamlerror"}
ROOMS: dict[str, set[str]] = {
    "model": set(),
    "errors": {"model"},
    "yamlerror": set(),
    "yamlfile": {"yamlerror"},
    "urls": set(),
    "patterns": set(),
    "salt": {"engine"},
    "checks": {"model", "config", "engine", "findings", "minify"},
    "pdf": {"errors"},
    "minify": set(),
    "assets": {"engine", "minify", "theme"},
    "icons": set(),
    "engine": {"model", "errors"},
    "git": {"errors"},
    "external": {"model", "config", "markdown"},
    "against": {"model", "errors", "git"},
    "forges": set(),
    "config": FOUNDATION | {"forges"},
    "markdown": FOUNDATION | {"engine", "config", "icons"},
    "theme": FOUNDATION | {"engine", "config", "icons"},
    "language": FOUNDATION | {"engine", "config", "theme"},
    "plugins": FOUNDATION | {"engine", "config", "builtin"},
    "builtin": FOUNDATION | {"config", "urls", "language"},
    "emitters": FOUNDATION | {"engine", "config", "plugins"},
    "pipeline": FOUNDATION
    | {
        "engine",
        "config",
        "markdown",
        "theme",
        "language",
        "plugins",
        "emitters",
        "urls",
        "patterns",
        "git",
        "forges",
        "minify",
    },
    "options": {"engine", "model", "pipeline"},
    "findings": FOUNDATION | {"config"},
    "report": {"model"},
    "progress": {"engine"},
    "scaffold": {"errors", "config"},
    "deploy": {"errors", "engine", "git", "__version__"},
}
ANYTHING = {"outputs", "steps", "chain", "build", "serve", "cli", "cli_publish", "cli_project", "__main__", "__init__"}
"""Rooms on top, which compose the others."""

OWNERS = {
    "yaml": {"yamlfile", "yamlerror"},
    "markdown": {"markdown"},
    "pymdownx": {"markdown"},
    "pygments": {"markdown"},
    "math_core": {"markdown"},
    "imagesize": {"markdown"},
    "jinja2": {"theme", "pipeline"},
    "sqlite3": {"engine"},
    "click": {"cli", "cli_publish", "cli_project"},
    "rich": {"progress"},
    "tornado": {"serve"},
    "livereload": {"serve"},
    "watchdog": {"serve"},
    "pathspec": {"patterns"},
    "PIL": {"builtin"},
    "fontpkg_inter": {"builtin"},
    "minify_html": {"minify"},
    "tree_sitter": {"minify"},
    "tree_sitter_javascript": {"minify"},
    "Stemmer": {"builtin"},
}

STEPS = {"discover", "parse", "index", "resolve", "size", "view", "render"}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, anywhere in it, but for those that only types need."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def names(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_rooms_import_only_what_is_below_them(path: Path) -> None:
    room = room_of(path)
    if room in ANYTHING:
        return
    own = {module.split(".")[1] for module in imports(path) if module.startswith("ssg.")}
    assert own - {room} <= ROOMS[room]


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_each_library_has_one_owner(path: Path) -> None:
    for module in imports(path):
        owners = OWNERS.get(module.split(".")[0])
        assert owners is None or room_of(path) in owners, f"{module} belongs to {owners}"


@pytest.mark.parametrize("name", sorted(STEPS))
def test_steps_do_not_import_one_another(name: str) -> None:
    steps = {
        module.split(".")[2] for module in imports(PACKAGE / "pipeline" / f"{name}.py") if "ssg.pipeline" in module
    }
    assert not steps & STEPS


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_modules_are_short_and_say_what_they_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert ast.get_docstring(ast.parse(text))


def test_only_the_command_line_prints_and_exits() -> None:
    for path in MODULES:
        if room_of(path) in ("cli", "cli_publish", "cli_project", "serve", "__main__"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("print", "sys.exit", "exit", "click.echo"), f"{names(path)}:{node.lineno}"


def test_nothing_is_pickled_to_disk() -> None:
    for path in MODULES:
        assert not {module.split(".")[0] for module in imports(path)} & {"pickle", "shelve", "marshal", "dbm"}
