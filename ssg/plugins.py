"""Names in the configuration -> plugins: frozen values with methods of six kinds, each of which is optional.

A plugin never touches the disk but through the reader that it is handed, keeps nothing between calls, and answers with
a value of the type that its method says: `None` is never valid.

Where plugins come from:
- by name: those of `ssg.builtin`, then the entry points of the group `ssg.plugins`; the object found is called with
  the options of the configuration, and what it returns is the plugin;
- `hooks`: the module of each file is a plugin by itself, its functions are the methods.
"""

import importlib
import importlib.util
import posixpath
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, cast, runtime_checkable

import msgspec
from msgspec import Struct

from ssg.config.settings import MarkdownExtension, SiteConfig
from ssg.engine.digest import digest_of
from ssg.engine.memo import Stage
from ssg.engine.publish import PRIVATE, is_inside
from ssg.engine.reader import Reader
from ssg.errors import PluginError
from ssg.model import Diagnostic, Document, PageView, Remembered, Site, Task


@runtime_checkable
class MarkdownExtender(Protocol):
    """Adds Markdown extensions."""

    def extend_markdown(self) -> Sequence[MarkdownExtension]:
        """Return the names and options of extensions for Python-Markdown, to run after those of the configuration."""
        ...


@runtime_checkable
class DocumentTransform(Protocol):
    """Changes a page after it was parsed."""

    def transform_document(self, document: Document, reader: Reader) -> Document:
        """Return the document, or another one in its place. Files are read through `reader` alone."""
        ...


@runtime_checkable
class SiteTransform(Protocol):
    """Changes addresses, navigation or redirects."""

    def transform_site(self, site: Site) -> Site:
        """Return the site, or another one in its place."""
        ...


@runtime_checkable
class HtmlTransform(Protocol):
    """Changes the HTML of a finished page."""

    def transform_html(self, html: str, page: PageView) -> str:
        """Return the page's HTML."""
        ...


@runtime_checkable
class Emitter(Protocol):
    """Makes files besides the pages: a search index, a sitemap, a feed."""

    def plan(self, site: Site, config: SiteConfig) -> Sequence[Task | Diagnostic]:
        """Say which files there will be and what each is made from. `config` has no `nav`: the site has one.

        A Diagnostic among them says what is wrong. One without a path is about the plugin's options.
        """
        ...

    def emit(self, task: Task, documents: Sequence[Document]) -> bytes:
        """Return the content of one of them. `documents` are those of `task.pages`, in this order."""
        ...


@runtime_checkable
class Indexer(Protocol):
    """Makes folders of files out of all pages together, at the cost of what changed."""

    def plan(self, site: Site, config: SiteConfig) -> Sequence[Task | Diagnostic]:
        """Say which folders there will be, as an Emitter says of files: the path of a folder ends in a slash."""
        ...

    def extract(self, document: Document, language: str) -> bytes:
        """Return what of a page its files are made of. It is called when the page was parsed, and remembered.

        `language` is the theme's.
        """
        ...

    def merge(self, task: Task, remembered: Remembered) -> Mapping[str, bytes]:
        """Return the files of a folder: by path within it, the digest of the part that is its content.

        `remembered.map` calls other methods of the plugin, and gives the digests of the parts that these return.
        """
        ...


KINDS: dict[str, type] = {
    "markdown": MarkdownExtender,
    "document": DocumentTransform,
    "site": SiteTransform,
    "html": HtmlTransform,
    "emit": Emitter,
    "index": Indexer,
}


_OF_MKDOCS = re.compile(rb"^(?:import|from) mkdocs\b|^def on_\w+\(", re.MULTILINE)
"""What a hook for MkDocs has in it, whether or not it can be loaded without MkDocs."""
_REWRITE = "write it as one of the six kinds of plugin: see the page on plugins"


class NoPluginError(PluginError):
    """There is no plugin of a name."""


class PluginSpec(Struct, frozen=True, kw_only=True):
    """A plugin as a step's argument: where it is from, its options, and a digest of its code and these."""

    name: str
    options: dict[str, Any]
    hook: str = ""
    """The file of a hook, relative to the project."""
    kinds: tuple[str, ...] = ()
    fingerprint: bytes = b""
    extensions: tuple[MarkdownExtension, ...] = ()


class Description(Struct, frozen=True, kw_only=True):
    """What loading a plugin tells: its kinds, and the message if it cannot be used."""

    kinds: tuple[str, ...] = ()
    extensions: tuple[MarkdownExtension, ...] = ()
    fingerprint: bytes = b""
    problem: str = ""
    hint: str = ""
    foreign: bool = False
    """The problem is that the plugin is one for MkDocs, or one that is not known here."""


def describe(shared: None, spec: PluginSpec, reader: Reader) -> Description:
    """Load a plugin to see what it is. The Python files of the project that this takes are recorded reads."""
    if spec.hook:
        try:
            text = reader.read_bytes(spec.hook)
        except OSError as error:
            return Description(problem=f"cannot read the hook '{spec.hook}': {error.strerror}")
    load.cache_clear()  # a hook may have changed while a server runs
    try:
        plugin = load(spec, reader.root)
    except PluginError as error:
        if spec.hook:  # what it could not import may appear beside it
            reader.names(posixpath.dirname(spec.hook) or ".")
            if _OF_MKDOCS.search(text):
                message = f"the hook '{spec.hook}' is one for MkDocs, whose events ssg does not call"
                return Description(problem=message, hint=_REWRITE, foreign=True)
        first = error.diagnostics[0]
        return Description(problem=first.message, hint=first.hint, foreign=isinstance(error, NoPluginError))
    for module in _modules_of(spec, plugin):
        file = getattr(sys.modules.get(module), "__file__", None)
        if file:
            reader.note(file)
    kinds = tuple(name for name, kind in KINDS.items() if isinstance(plugin, kind))
    if not kinds:
        events = [name for name in dir(plugin) if name.startswith("on_")]
        if events:
            return Description(
                problem=f"'{spec.name}' has MkDocs events ({', '.join(events[:4])}), which ssg does not call",
                hint=_REWRITE,
                foreign=True,
            )
        return Description(
            problem=f"'{spec.name}' has none of the methods of a plugin",
            hint="it needs extend_markdown, transform_document, transform_site, transform_html, plan and emit, "
            "or plan, extract and merge",
        )
    extensions: tuple[MarkdownExtension, ...] = ()
    if isinstance(plugin, MarkdownExtender):
        try:
            extensions = tuple(call(spec, "extend_markdown", Sequence, plugin.extend_markdown))
            for one in extensions:
                checked(spec, "extend_markdown", one, MarkdownExtension)
        except PluginError as error:
            return Description(problem=error.diagnostics[0].message)
    fingerprint = digest_of((spec.name, spec.options, sorted(reader.reads.items())))
    if spec.hook:  # a module that it can do without may appear beside it
        reader.names(posixpath.dirname(spec.hook) or ".")
    return Description(kinds=kinds, extensions=extensions, fingerprint=fingerprint)


DESCRIBE = Stage("describe plugin", describe, type(None), PluginSpec, Description)


@lru_cache(maxsize=64)
def _load(name: str, options: bytes, hook: str, fingerprint: bytes, root: Path) -> Any:
    from ssg.engine.digest import decode

    if hook:
        return _load_hook(hook, root)
    factory = _factory(name)
    given = decode(options, dict[str, Any])
    try:
        if isinstance(factory, type) and issubclass(factory, Struct):
            msgspec.convert(given, factory)  # it knows the types of its fields, and does not look at them when called
        return factory(**given)
    except (TypeError, ValueError) as error:
        raise PluginError(f"the options of the plugin '{name}' are wrong: {error}") from error
    except Exception as error:
        raise PluginError(f"the plugin '{name}' failed to start: {type(error).__name__}: {error}") from error


class _Load:
    """Loads plugins, once in a process for the same options and code."""

    def __call__(self, spec: PluginSpec, root: Path) -> Any:
        from ssg.engine.digest import encode

        return _load(spec.name, encode(spec.options), spec.hook, spec.fingerprint, root)

    def cache_clear(self) -> None:
        _load.cache_clear()


load = _Load()
"""`load(spec, root)` returns a plugin. Raises PluginError when it does not exist or does not start."""


def _factory(name: str) -> Callable[..., Any]:
    from ssg.builtin import PLUGINS

    if name in PLUGINS:
        return PLUGINS[name]()
    from importlib.metadata import entry_points

    found = entry_points(group="ssg.plugins")
    for entry in found:
        if entry.name == name:
            try:
                return cast(Callable[..., Any], entry.load())
            except Exception as error:
                raise PluginError(f"cannot load the plugin '{name}': {type(error).__name__}: {error}") from error
    close = get_close_matches(name, [*PLUGINS, *(entry.name for entry in found)], 1)
    hint = f"did you mean '{close[0]}'?" if close else "install the package that has it, or take it out"
    raise NoPluginError(f"there is no plugin '{name}'", hint=hint)


_helpers: set[str] = set()
"""Modules of the project that the last hook imported. They may have changed, and each hook imports them anew."""


def _load_hook(name: str, root: Path) -> Any:
    path = root / name
    folder = str(path.parent)
    module_name = "ssg_hook_" + "".join(sign if sign.isalnum() else "_" for sign in name)
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None:
        raise PluginError(f"the hook '{name}' is not a Python file", hint="its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    for helper in _helpers:
        sys.modules.pop(helper, None)
    _helpers.clear()
    importlib.invalidate_caches()
    sys.modules[module_name] = module
    sys.path.insert(0, folder)
    before = set(sys.modules)
    # a .pyc knows changes by whole seconds only
    writes_none, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)  # noqa: S102 - hooks are the user's code
    except Exception as error:
        raise PluginError(f"the hook '{name}' failed to load: {type(error).__name__}: {error}") from error
    finally:
        sys.path.remove(folder)
        sys.dont_write_bytecode = writes_none
        for new in set(sys.modules) - before:
            file = Path(getattr(sys.modules[new], "__file__", None) or "/")
            if file.is_relative_to(root) and not file.is_relative_to(sys.prefix):
                _helpers.add(new)
    return module


def _modules_of(spec: PluginSpec, plugin: Any) -> list[str]:
    """Return the modules that a plugin's code is in, apart from the file of a hook itself."""
    if spec.hook:
        return sorted(_helpers)
    package = type(plugin).__module__.partition(".")[0]
    return sorted(name for name in sys.modules if name.partition(".")[0] == package)


def checked(spec: PluginSpec, method: str, value: Any, kind: Any) -> Any:
    """Return what a method of a plugin returned, if it is of the right type.

    Raises:
        PluginError: When it is not.
    """
    if not isinstance(value, kind):
        wanted = getattr(kind, "__name__", kind)
        raise broken(spec, f"{method} returned {type(value).__name__}, and must return {wanted}")
    return value


def check_output(spec: PluginSpec, method: str, path: str) -> None:
    """Files of the site are within the output folder, and not among those that the build keeps there.

    Raises:
        PluginError: When it would write elsewhere.
    """
    if not is_inside(path) or path.removesuffix("/") != posixpath.normpath(path) or path.startswith(f"{PRIVATE}/"):
        raise broken(spec, f"{method} named '{path}', which is not a file within the output folder")


def broken(spec: PluginSpec, how: str) -> PluginError:
    """Return the error that a plugin broke its contract."""
    return PluginError(f"the plugin '{spec.name}' broke its contract: {how}")


def call(spec: PluginSpec, method: str, kind: Any, function: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a method of a plugin returns.

    Raises:
        PluginError: When it fails, or returns something of another type.
    """
    try:
        value = function(*arguments)
    except PluginError:
        raise
    except Exception as error:
        raise PluginError(
            f"the plugin '{spec.name}' failed in {method}: {type(error).__name__}: {error}", code="plugin-failed"
        ) from error
    return checked(spec, method, value, kind)


def of_kind(specs: Sequence[PluginSpec], *kinds: str) -> tuple[PluginSpec, ...]:
    """Return the plugins of one kind, in the order of the configuration."""
    return tuple(spec for spec in specs if not {*kinds}.isdisjoint(spec.kinds))


def transform_document(specs: Sequence[PluginSpec], document: Document, reader: Reader) -> Document:
    """Hand a document through all DocumentTransforms.

    Raises:
        PluginError: When one fails, or returns something else.
    """
    path = document.card.path
    for spec in specs:
        function = load(spec, reader.root).transform_document
        document = call(spec, "transform_document", Document, function, document, reader)
        if document.card.path != path:
            raise broken(spec, f"transform_document returned '{document.card.path}' for '{path}'")
    return document


def transform_site(specs: Sequence[PluginSpec], site: Site, reader: Reader) -> Site:
    """Hand the site through all SiteTransforms.

    Raises:
        PluginError: When one fails, or returns something else.
    """
    known = {page.path for page in site.pages}
    for spec in specs:
        before, site = site, call(spec, "transform_site", Site, load(spec, reader.root).transform_site, site)
        if site is before:
            continue
        for page in site.pages:
            if page.path not in known:
                raise broken(spec, f"transform_site returned the page '{page.path}', which does not exist")
        for output in (*(page.output for page in site.pages), *(one.output for one in site.redirects)):
            check_output(spec, "transform_site", output)
    return site


def transform_html(specs: Sequence[PluginSpec], html: str, page: PageView, root: Path) -> str:
    """Hand a finished page through all HtmlTransforms.

    Raises:
        PluginError: When one fails, or returns something else.
    """
    for spec in specs:
        html = call(spec, "transform_html", str, load(spec, root).transform_html, html, page)
    return html
