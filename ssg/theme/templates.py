"""Templates of a theme -> text: the environment of Jinja, and what is said where a template fails."""

import traceback
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from ssg import icons
from ssg.engine.tree import locate
from ssg.errors import ThemeError
from ssg.model import Diagnostic, Severity
from ssg.theme.folders import TEMPLATE_SUFFIXES, Theme, source

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment


_KEPT = 512
"""So many templates are kept compiled: those of some themes, while they are written."""


def make_environment(load: Callable[[str], Any] | None = None) -> "Environment":
    """Return the Jinja environment that all templates are read with."""
    from jinja2 import ChainableUndefined, Environment, FunctionLoader, StrictUndefined, Undefined, meta
    from jinja2.compiler import CodeGenerator

    class _Generator(CodeGenerator):
        """Has what is written out escaped by a function that is quicker, where Jinja would call its own."""

        def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
            if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
                self.write("environment.escaped(")
            else:
                super()._output_child_pre(node, frame, finalize)

    class _Environment(Environment):
        """Names that are not defined are errors, with one exception.

        What the user wrote down (`page.meta`, `config.extra`) may lack any key, though not `config` itself, and a
        template may be used without a page: what is missing there is merely false, as themes for MkDocs expect.
        """

        code_generator_class = _Generator
        escaped = staticmethod(_escaped)

        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.taken_in: dict[str, tuple[str, ...]] = {}
            """What each template that was compiled here takes in."""

        def _generate(self, source: Any, name: str | None, filename: str | None, defer_init: bool = False) -> str:
            if name is not None:
                self.taken_in[name] = tuple(filter(None, meta.find_referenced_templates(source)))
            return super()._generate(source, name, filename, defer_init)

        def getattr(self, obj: Any, attribute: str) -> Any:
            # what the base class does, and not around it: this runs hundreds of times a page
            if type(obj) in _MAPPINGS and attribute not in _METHODS:
                return obj[attribute] if attribute in obj else _missing(obj, attribute)
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
        lenient = obj is None or type(obj) is dict or isinstance(obj, Mapping | ChainableUndefined)
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
        bytecode_cache=_compiled(),
    )
    environment.install_null_translations()  # type: ignore[attr-defined] # of the extension
    return environment


@cache
def _compiled() -> "BytecodeCache":
    """Return what was compiled in this process: code has nothing in it that one environment has and others have not."""
    from jinja2 import BytecodeCache

    class Compiled(BytecodeCache):
        """Finds the code of a template by its name, its file and its source."""

        def __init__(self) -> None:
            self.code: OrderedDict[tuple[str, str], Any] = OrderedDict()

        def load_bytecode(self, bucket: Any) -> None:
            bucket.code = self.code.get((bucket.key, bucket.checksum))

        def dump_bytecode(self, bucket: Any) -> None:
            self.code[bucket.key, bucket.checksum] = bucket.code
            if len(self.code) > _KEPT:
                self.code.popitem(last=False)

    return Compiled()


def _escaped(value: Any) -> str:
    """Return a value as text that HTML may hold, as `markupsafe.escape` does: this runs hundreds of times a page."""
    kind = type(value)
    if kind is str:
        return _escaped_text(value) if len(value) < 200 else escape(value)
    return value if kind is Markup else escape(value)


@lru_cache(maxsize=16384)
def _escaped_text(text: str) -> str:
    return str(escape(text))


class Settings(dict[str, Any]):
    """A mapping whose keys are all known: a template that asks for another one is wrong."""


_MAPPINGS = (dict, Settings)
_METHODS = frozenset(dir(Settings))


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

    def compile(self, name: str) -> None:
        """Compile a template, and all that it is known to take in. Faults are told when it is rendered."""
        todo, seen = [name], set[str]()
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                with suppress(Exception):
                    self._environment.get_template(one)
                todo += self._environment.taken_in.get(one, ())  # type: ignore[attr-defined] # of ours

    def render(self, name: str, context: Mapping[str, Any], page: str) -> str:
        """Render the template of this name; `page` is what a message says it was rendered for.

        Raises:
            ThemeError: When the template, or one that it takes in, is missing or wrong, with its file and line.
        """
        from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

        try:
            return self._environment.get_template(name).render(context)
        except TemplateSyntaxError as error:
            problem = syntax_problem(error, error.filename or name)
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


def syntax_problem(error: Any, path: str) -> Diagnostic:
    """Return what is wrong with a template that Jinja could not read."""
    return Diagnostic(
        severity=Severity.ERROR,
        code="template-syntax",
        message=f"the template is not valid: {error.message}",
        path=path,
        line=error.lineno,
    )
