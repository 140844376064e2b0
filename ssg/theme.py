"""Theme folders -> templates and assets: where a file is looked for, what a template is made of, how it is rendered.

A theme is a chain of folders. A template or an asset is taken from the first that has it: the project's `custom_dir`,
the named theme's folder, and last the default theme that comes with ssg.
"""

import posixpath
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ssg import icons
from ssg.config.settings import ThemeConfig
from ssg.engine.digest import digest_of
from ssg.engine.memo import Stage
from ssg.engine.reader import Reader
from ssg.engine.tree import Tree, locate
from ssg.errors import ThemeError
from ssg.model import Diagnostic, Severity

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

DEFAULT = "@default"
NAMED = "@theme"
ICONS = "@icons"  # of a package: templates may include `.icons/material/home.svg`, as those written for Material do
_NAMES = {DEFAULT: "the default theme", NAMED: "the installed theme"}
TEMPLATE_SUFFIXES = (".html", ".htm", ".xml", ".jinja", ".j2")
_NO_ASSETS = (*TEMPLATE_SUFFIXES, ".py", ".pyc", ".yml", ".yaml", ".po", ".mo", ".pot")
MAIN = "main.html"
"""The template of pages whose front matter names none."""
STATIC_TEMPLATES = ("404.html", "all-pages.html")
"""Templates that become a page of their own where a theme has them."""
SEARCH_TEMPLATES = ("search.html", "assets/search/ui.js.jinja")
"""Those that do where the site has a search. The suffix `.jinja` is not part of the file's name."""


class Theme(Struct, frozen=True):
    """A theme's folders in the order in which they are looked through, as paths of a `Tree`."""

    folders: tuple[str, ...]

    def described(self) -> str:
        """Return the folders as people know them."""
        return ", ".join(_NAMES.get(folder, folder) for folder in self.folders)


def default_folder() -> Path:
    """Return the folder of the default theme: in the package, or beside it in a checkout."""
    here = Path(__file__).parent
    inside = here / "themes" / "default"
    return inside if inside.is_dir() else here.parent / "themes" / "default"


def find_theme(config: ThemeConfig, root: Path) -> tuple[Theme, dict[str, Path], tuple[Diagnostic, ...]]:
    """Return the theme of the configuration, the mounts that its folders need in a `Tree`, and what is wrong with it.

    Raises:
        ThemeError: When there is no theme of that name.
    """
    folders: list[str] = []
    diagnostics: list[Diagnostic] = []
    mounts = {DEFAULT: default_folder(), ICONS: icons.installed()[0].parent if icons.installed() else root / ICONS}
    if config.custom_dir:
        if root.resolve().is_relative_to((root / config.custom_dir).resolve()):
            message = f"the folder '{config.custom_dir}' of `theme.custom_dir` holds the whole project"
            raise ThemeError(message, hint="give the theme a folder of its own, such as `overrides`")
        if (root / config.custom_dir).is_dir():
            folders.append(posixpath.normpath(config.custom_dir))
        else:
            message = f"the folder '{config.custom_dir}' of `theme.custom_dir` does not exist"
            hint, warning = "nothing of the theme is overridden", Severity.WARNING
            diagnostics.append(Diagnostic(severity=warning, code="custom-dir-missing", message=message, hint=hint))
    if config.name not in ("", "default"):
        local = posixpath.join("themes", config.name)
        if (root / local).is_dir():
            folders.append(local)
        else:
            mounts[NAMED] = _installed(config.name, root)
            folders.append(NAMED)
    return Theme((*folders, DEFAULT)), mounts, tuple(diagnostics)


def _installed(name: str, root: Path) -> Path:
    from importlib.metadata import entry_points

    found = [*entry_points(group="ssg.themes"), *entry_points(group="mkdocs.themes")]
    for entry in found:
        if entry.name == name:
            try:
                module = entry.load()
            except Exception as error:
                raise ThemeError(f"cannot load the theme '{name}': {type(error).__name__}: {error}") from error
            return Path(module.__file__).parent
    here = [path.name for path in (root / "themes").iterdir() if path.is_dir()] if (root / "themes").is_dir() else []
    known = sorted({"default", *here, *(entry.name for entry in found)})
    close = get_close_matches(name, known, 1)
    raise ThemeError(
        f"there is no theme '{name}'",
        code="theme-missing",
        hint=f"did you mean '{close[0]}'?"
        if close
        else f"make the folder themes/{name}, or use one of: {', '.join(known)}",
    )


def assets(tree: Tree, folders: Sequence[str]) -> dict[str, str]:
    """Return the files of a theme's folders that are copied as they are: from their output path to that in the tree."""
    found: dict[str, str] = {}
    for folder in reversed(folders):
        try:
            entries = list(tree.walk(folder))
        except OSError:
            continue
        for entry in entries:
            name = entry.path[len(folder) + 1 :]
            if not entry.problem and not name.endswith(_NO_ASSETS):
                found[name] = entry.path
    return found


class Closure(Struct, frozen=True, kw_only=True):
    """A template and all that it includes, extends or imports: the digest of their sources, or what is wrong."""

    found: bool
    folders: tuple[str, ...] = ()
    """The theme's folders that it and all that it takes in are from; its own is the first."""
    fingerprint: bytes
    problem: Diagnostic | None = None
    unused: tuple[Diagnostic, ...] = ()
    """Blocks that override nothing: what is in them is shown nowhere."""


def closure(shared: Theme, name: str, reader: Reader) -> Closure:
    """Read a template and everything that it refers to; looks for files that are missing are recorded too."""
    from jinja2 import TemplateSyntaxError, meta

    environment = make_environment()
    sources: dict[str, str | None] = {}
    folders: dict[str, None] = {}
    trees: dict[str, tuple[str, nodes.Template]] = {}
    todo = [name]
    while todo:
        one = todo.pop()
        if one in sources:
            continue
        found = source(shared, one, reader.read_text)
        sources[one] = found[0] if found else None
        if found is None:
            continue
        folders[found[1].removesuffix(f"/{posixpath.normpath(one)}")] = None
        try:
            tree = environment.parse(found[0], one, found[1])
            referenced = list(meta.find_referenced_templates(tree))
        except TemplateSyntaxError as error:
            return Closure(found=True, fingerprint=b"", problem=_syntax_problem(error, found[1]))
        except RecursionError:
            raise ThemeError("this template is nested too deeply", code="template-syntax", path=found[1]) from None
        trees[one] = found[1], tree
        if None in referenced:  # its name is known only when it is rendered: it may be any of them
            for other, path in _files(shared, reader):
                if other.endswith(TEMPLATE_SUFFIXES):
                    referenced.append(other)
                elif other not in sources and reader.exists(path):
                    sources[other] = reader.reads[path].hex()
        todo += filter(None, referenced)
    return Closure(
        found=sources[name] is not None,
        folders=tuple(folders),
        fingerprint=digest_of(sources),
        unused=tuple(_unused_blocks(trees)),
    )


def _unused_blocks(trees: Mapping[str, tuple[str, "nodes.Template"]]) -> Iterator[Diagnostic]:
    """Yield a warning for each block of a template that none of those has that it extends."""
    from jinja2 import nodes

    for path, tree in trees.values():
        blocks = {block.name: block for block in tree.body if isinstance(block, nodes.Block)}
        above: set[str] = set()
        parent, seen = tree.find(nodes.Extends), {path}
        if not blocks or parent is None:
            continue
        while parent is not None:
            name = parent.template.value if isinstance(parent.template, nodes.Const) else ""
            if name not in trees or trees[name][0] in seen:
                break  # it is missing, or known only when it is rendered
            seen.add(trees[name][0])
            above |= {block.name for block in trees[name][1].find_all(nodes.Block)}
            parent = trees[name][1].find(nodes.Extends)
        else:
            for name in [one for one in blocks if one not in above]:
                close = get_close_matches(name, above, 1)
                yield Diagnostic(
                    severity=Severity.WARNING,
                    code="template-block",
                    message=f"the theme has no block '{name}' to override, so this is shown nowhere",
                    path=path,
                    line=blocks[name].lineno,
                    hint=f"did you mean '{close[0]}'?" if close else f"it has: {', '.join(sorted(above))}",
                )


CLOSURE = Stage("template", closure, Theme, str, Closure)


def source(theme: Theme, name: str, read: Callable[[str], str]) -> tuple[str, str] | None:
    """Return a template's text and its path in the tree, or None if no folder of the theme has it.

    Raises:
        ThemeError: When it cannot be read.
    """
    path = posixpath.normpath(name)
    if path.startswith(("../", "/")):
        return None
    for folder in (*theme.folders, ICONS) if path.startswith(".icons/") else theme.folders:
        where = f"{folder}/{path}"
        try:
            return read(where), where
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            continue
        except UnicodeDecodeError as error:
            raise ThemeError("this template is not UTF-8", path=where, hint="save it as UTF-8") from error
        except OSError as error:
            raise ThemeError(f"cannot read this template: {error.strerror}", path=where) from error
    return None


def _files(theme: Theme, reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield the name and the path of every file in a theme's folders."""

    def below(folder: str, prefix: str) -> Iterator[tuple[str, str]]:
        for name in reader.names(f"{folder}/{prefix}" if prefix else folder):
            path = f"{folder}/{prefix}{name}"
            if locate(reader.root, reader.mounts, path).is_dir():
                yield from below(folder, f"{prefix}{name}/")
            else:
                yield prefix + name, path

    for folder in theme.folders:
        yield from below(folder, "")


def make_environment(load: Callable[[str], Any] | None = None) -> "Environment":
    """Return the Jinja environment that all templates are read with."""
    from jinja2 import ChainableUndefined, Environment, FunctionLoader, StrictUndefined, Undefined

    class _Environment(Environment):
        """Names that are not defined are errors, with one exception.

        What the user wrote down (`page.meta`, `config.extra`) may lack any key, though not `config` itself, and a
        template may be used without a page: what is missing there is merely false, as themes for MkDocs expect.
        """

        def getattr(self, obj: Any, attribute: str) -> Any:
            # as in the base class, and not around it: this runs hundreds of times a page
            try:
                return getattr(obj, attribute)
            except AttributeError:
                pass
            try:
                return obj[attribute]
            except (TypeError, LookupError, AttributeError):
                return _missing(obj, attribute)

        def getitem(self, obj: Any, argument: Any) -> Any:
            found = super().getitem(obj, argument)
            return _missing(obj, str(argument)) if isinstance(found, Undefined) else found

    def _missing(obj: Any, name: str) -> Undefined:
        lenient = obj is None or isinstance(obj, Mapping | ChainableUndefined)
        if lenient and not isinstance(obj, Settings):
            return ChainableUndefined(obj=obj, name=name)
        what = "config" if isinstance(obj, Settings) else type(obj).__name__.lower()
        return StrictUndefined(f"'{what}' has no '{name}'", obj=obj, name=name)

    environment = _Environment(
        loader=FunctionLoader(load) if load else None,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    environment.install_null_translations()  # type: ignore[attr-defined] # of the extension
    return environment


class Settings(dict[str, Any]):
    """A mapping whose keys are all known: a template that asks for another one is wrong."""


class Renderer:
    """A theme's templates, compiled once in a process."""

    def __init__(
        self, theme: Theme, root: Path, mounts: Mapping[str, Path], filters: Mapping[str, Callable[..., Any]]
    ) -> None:
        """Render the templates of `theme`, whose folders are those of a `Tree` with this root and these mounts."""
        self.theme = theme

        def read(path: str) -> str:
            return locate(root, mounts, path).read_text(encoding="utf-8-sig")

        def load(name: str) -> tuple[str, str, None] | None:
            found = source(theme, name, read)
            return (*found, None) if found else None

        self._environment = make_environment(load)
        self._environment.filters.update(filters)

    def render(self, name: str, context: Mapping[str, Any], page: str) -> str:
        """Render the template of this name; `page` is what a message says it was rendered for.

        Raises:
            ThemeError: When the template, or one that it takes in, is missing or wrong, with its file and line.
        """
        from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

        try:
            return self._environment.get_template(name).render(context)
        except TemplateSyntaxError as error:
            problem = _syntax_problem(error, error.filename or name)
            raise ThemeError(problem.message, diagnostics=(problem,)) from error
        except TemplateNotFound as error:
            missing = str(error.name or name)
            place = _places(error)
            close = get_close_matches(missing, ("main.html", "base.html", "404.html", "home.html"), 1)
            raise ThemeError(
                f"there is no template '{missing}'",
                code="template-missing",
                path=place[-1][0] if place else page,
                line=place[-1][1] if place else 0,
                hint=f"did you mean '{close[0]}'?" if close else self._hint(missing),
            ) from error
        except ThemeError:
            raise
        except RecursionError as error:
            raise self._endless(error, page) from error
        except Exception as error:  # whatever a template does, it is told where
            told = str(error) if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"
            raise self._failed(error, page, told) from error

    def _hint(self, missing: str) -> str:
        if missing.startswith(".icons/"):
            return f"{icons.INSTALL}; or put the file into {self._own()}"
        if missing.startswith("partials/"):  # a template that was written for Material
            return f"it is not a part of the default theme: take this line out, or put the file into {self._own()}"
        return f"looked in: {self.theme.described()}"

    def _own(self) -> str:
        own = (f"'{folder}'" for folder in self.theme.folders if not folder.startswith("@"))
        return next(own, "the folder of `custom_dir`")

    def _endless(self, error: RecursionError, page: str) -> ThemeError:
        """Name the first place that came up again: how deep the stack was when Python gave up is chance."""
        places = _places(error)
        again = next((place for place in dict.fromkeys(places) if places.count(place) > 1), ("", 0))
        circle = [f"{path}:{line}" for path, line in dict.fromkeys(places) if (path, line) != again]
        return ThemeError(
            "the template failed: it includes itself without end",
            code="template-endless",
            path=again[0],
            line=again[1],
            hint=f"while rendering {page}" + (f", by way of {', '.join(circle)}" if circle else ""),
        )

    def _failed(self, error: Exception, page: str, message: str) -> ThemeError:
        place = _places(error)
        path, line = place[-1] if place else (str(getattr(error, "filename", None) or ""), 0)
        chain = " ← ".join(dict.fromkeys(f"{where}:{number}" for where, number in reversed(place[:-1])))
        hint = f"while rendering {page}" + (f", from {chain}" if chain else "")
        return ThemeError(f"the template failed: {message}", code="template-failed", path=path, line=line, hint=hint)


def _places(error: BaseException) -> list[tuple[str, int]]:
    """Return the places in templates that an error passed through, the innermost last. Jinja has them in tracebacks."""
    frames: Sequence[traceback.FrameSummary] = traceback.extract_tb(error.__traceback__)
    return [
        (frame.filename, frame.lineno or 0)
        for frame in frames
        if frame.filename.endswith(TEMPLATE_SUFFIXES) and frame.name != "source"
    ]


def _syntax_problem(error: Any, path: str) -> Diagnostic:
    return Diagnostic(
        severity=Severity.ERROR,
        code="template-syntax",
        message=f"the template is not valid: {error.message}",
        path=path,
        line=error.lineno,
    )
