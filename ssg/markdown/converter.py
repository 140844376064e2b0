"""Markdown text -> HTML with marked references, headings, and what went wrong on the way."""

import html
import importlib.util
import re
import sys
from contextlib import suppress
from difflib import get_close_matches
from types import FrameType
from typing import Any

import markdown
from markdown.extensions import Extension
from msgspec import Struct
from msgspec.structs import replace

from ssg.config.settings import MarkdownExtension
from ssg.engine.reader import Reader
from ssg.markdown import variants
from ssg.markdown.accelerated import accelerate
from ssg.markdown.blocks import Dialect, DialectParser
from ssg.markdown.cut import Code, cut, with_html
from ssg.markdown.github import use_github_inline
from ssg.markdown.glossary import definitions
from ssg.markdown.inline import SelectiveInlineProcessor
from ssg.markdown.links import LinkExtension, mark_raw
from ssg.markdown.locator import Locator, Place
from ssg.markdown.marks import PRIVATE
from ssg.markdown.objects import resolve
from ssg.markdown.page import Page, Problem
from ssg.markdown.sections import anchors, plain, sections
from ssg.markdown.sections import title as title_of
from ssg.markdown.settings import INLINE, MKDOCS, STANDARD, MarkdownSettings
from ssg.model import Diagnostic, Heading, Link, Section, Severity

_PICTURE = re.compile(r"""<img\b(?:[^>]*?\salt=["']([^"'>]*)["'])?[^>]*>""", re.IGNORECASE)
_NOT_IN_LINKS = re.compile(r"<sup id=\"fnref.*?</sup>|</?a\b[^>]*>", re.DOTALL)
"""What a heading may hold and a table of contents may not, where the heading is itself a link."""
DEPTH = 900
"""So many calls within one another a page may take."""
_INCLUDED_TEXT = 200
"""A file that was included is searched for references when it is no larger than this many KiB."""


class Converted(Struct, frozen=True, kw_only=True):
    """What a page's Markdown became. `title` is the text of its first heading of level 1, or empty."""

    html: str
    title: str
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    diagnostics: tuple[Diagnostic, ...]
    skeleton: str = ""
    """The HTML with marks in place of highlighted code; see `cut.py`."""
    code: tuple[Code, ...] = ()

    @property
    def anchors(self) -> tuple[str, ...]:
        """The ids in the page, found anew each time."""
        return anchors(self.skeleton)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The text of the page by heading, likewise."""
        return sections(self.skeleton, self.headings, self.code)


class Converter:
    """Python-Markdown with a set of extensions, made once and used for many pages."""

    def __init__(self, settings: MarkdownSettings) -> None:
        """Load the extensions; `problems` has one message for each that cannot be used, by its index."""
        self.page = Page()
        self.problems: dict[int, str] = {}
        self.modules: set[str] = set()
        """The modules that the extensions are from."""
        self._settings = settings
        self._markdown = self._make()
        self._is_fit = True
        """Whether it is not in the middle of a page that could not be finished: what is left of it fits no other."""

    def _make(self) -> markdown.Markdown:
        settings = self._settings
        engine = Dialect() if settings.github else markdown.Markdown()
        engine.registerExtensions([LinkExtension(self.page)], {})
        engine.treeprocessors.register(SelectiveInlineProcessor(engine), "inline", 20)
        for index, extension in enumerate(settings.extensions):
            try:
                engine.registerExtensions([self._load(engine, extension)], {})
            except Exception as error:  # whatever somebody else's code raises, it is told by name
                self.problems[index] = _reason(extension, error)
                known = {key: value for key, value in extension.options.items() if key not in str(error)}
                if isinstance(error, KeyError) and known != extension.options:
                    with suppress(Exception):  # without the option that it does not have
                        engine.registerExtensions([self._load(engine, replace(extension, options=known))], {})
        if isinstance(engine.parser, DialectParser):
            engine.parser.prepare(self.page, stock=not settings.github_inline)
        if settings.github_inline:
            use_github_inline(engine, self.page)
        accelerate(engine)
        return engine

    def convert(self, text: str, first_line: int, path: str, reader: Reader, whole: str) -> Converted:
        """Convert a page.

        Args:
            text: The Markdown, without front matter.
            first_line: The line of the file that `text` begins at, from 1.
            path: The file's path in the project, for diagnostics.
            reader: Records what extensions read.
            whole: The whole text of the file, for diagnostics.

        Returns:
            The page's HTML and all that was found out about it. A page that an extension fails on has a diagnostic
            and no HTML.
        """
        self.page.begin(reader)
        if not self._is_fit:
            self._markdown = self._make()
        self._is_fit = False
        if self._settings.glossary:
            text += definitions(self._settings.glossary, text, self.page)
        engine = self._markdown.reset()
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(_stack_depth() + DEPTH)
        try:
            made = engine.convert(PRIVATE.sub("\ufffd", text))
        except RecursionError:
            return _failed(path, "markdown-depth", "this page is nested too deeply", "take some levels out")
        except Exception as error:  # whatever somebody else's code raises, the other pages are built
            return _failed(path, "markdown-failed", f"a Markdown extension failed: {_told(error)}", "")
        finally:
            sys.setrecursionlimit(limit)
        self._is_fit = True
        skeleton, code = cut(made, self.page.code)
        skeleton = mark_raw(skeleton, self.page)
        headings = tuple(_headings(getattr(engine, "toc_tokens", [])))
        title = next((heading.text for heading in headings if heading.level == 1), "")
        title = title or title_of(skeleton)
        links, diagnostics = self._place(path, whole, first_line)
        return Converted(
            html=with_html(skeleton, code),
            title=title,
            headings=headings,
            links=links,
            diagnostics=diagnostics,
            skeleton=skeleton,
            code=tuple(code),
        )

    def expanded(self, text: str) -> str:
        """Return the Markdown of the page that was converted last with its snippets in place."""
        if "--8<--" not in text or "snippet" not in self._markdown.preprocessors:
            return text
        return "\n".join(self._markdown.preprocessors["snippet"].run(text.split("\n")))

    def _load(self, engine: markdown.Markdown, extension: MarkdownExtension) -> Extension:
        made = self._build(engine, extension)
        self.modules.add(type(made).__module__)
        return made

    def _build(self, engine: markdown.Markdown, extension: MarkdownExtension) -> Extension:
        name, options = extension.name, resolve(extension.options)
        if name == "toc" and self._settings.github_inline:
            options = {"slugify": self.page.slug, **options}
        own = variants.make(name, options, self.page, self._settings)
        return own or engine.build_extension(_module(name), options)

    def _place(self, path: str, whole: str, first_line: int) -> tuple[tuple[Link, ...], tuple[Diagnostic, ...]]:
        """Return the references and problems that were collected, with their places."""
        page = self.page
        if not page.links and not page.problems:
            return (), ()
        parser: Any = self._markdown.parser
        knows_code = isinstance(parser, DialectParser)
        lines = whole.split("\n")[first_line - 1 :]
        code = {number + first_line - 1 for number in parser.code_lines(lines)} if knows_code else None
        locators = [Locator(path, whole, first_line, code)]
        if page.included and page.reader is not None:
            reader = page.reader
            for name in dict.fromkeys(page.included):
                text = reader.read_text(name)
                if len(text) < _INCLUDED_TEXT * 1024:
                    code = parser.code_lines(text.split("\n")) if knows_code else None
                    locators.append(Locator(name, text, code=code))
        nowhere = Place(path, first_line, 1, "")

        def reference(target: str) -> Place:
            return next((place for one in locators if (place := one.reference(target))), nowhere)

        def anywhere(problem: Problem) -> Place:
            finds = [one.code if problem.in_code else one.text for one in locators]
            return next((place for find in finds if (place := find(problem.needle))), nowhere)

        links = tuple(
            Link(found.target, found.kind, *reference(found.target), wants_size=found.wants_size)
            for found in page.links
        )
        diagnostics = [
            _diagnostic(anywhere(one), one.code, one.message, one.hint, one.severity)
            for one in dict.fromkeys(page.problems)
        ]
        return links, tuple(diagnostics)


def _stack_depth() -> int:
    """Count the calls that are under way: what is too deep must not depend on where a page is converted."""
    frame: FrameType | None = sys._getframe()
    depth = 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth


def _diagnostic(place: Place, code: str, message: str, hint: str, severity: Severity = Severity.WARNING) -> Diagnostic:
    return Diagnostic(
        severity=severity,
        code=code,
        message=message,
        path=place.path,
        line=place.line,
        column=place.column,
        source=place.source,
        hint=hint,
    )


def _failed(path: str, code: str, message: str, hint: str) -> Converted:
    problem = Diagnostic(severity=Severity.ERROR, code=code, message=message, path=path, hint=hint)
    return Converted(html="", title="", headings=(), links=(), diagnostics=(problem,))


def _module(name: str) -> str:
    """Return the module of an extension that comes with Python-Markdown, so that no entry points are searched."""
    if "." not in name and ":" not in name and importlib.util.find_spec(f"markdown.extensions.{name}"):
        return f"markdown.extensions.{name}"
    return name


def _reason(extension: MarkdownExtension, error: Exception) -> str:
    name = extension.name
    if isinstance(error, ModuleNotFoundError) and error.name and name.split(":")[0].startswith(error.name):
        close = get_close_matches(name, [one.name for one in (*STANDARD, *INLINE, *MKDOCS)], 1, 0.8)
        return "it is not installed" + (f" (did you mean '{close[0]}'?)" if close else "")
    if isinstance(error, KeyError) and str(error).strip("'") in extension.options:
        return f"it has no option {error}, which is left out"
    return _told(error)


def _told(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return text if isinstance(error, LookupError | ImportError | ValueError) else f"{type(error).__name__}: {text}"


def _for_contents(content: str) -> str:
    """Return a heading as it is named elsewhere, where it is itself a link.

    What a picture stands for is said only if there is nothing else.
    """
    content = _NOT_IN_LINKS.sub("", content)
    named = _PICTURE.sub("", content)
    return named if named.strip() else _PICTURE.sub(r"\1", content)


def _headings(tokens: list[dict[str, Any]]) -> list[Heading]:
    """Flatten the tree of the toc extension."""
    found = []
    for token in tokens:
        label = token.get("data-toc-label") or ""
        content = html.escape(label, quote=False) if label else _for_contents(token["html"])
        found.append(Heading(token["level"], token["id"], plain(content), content))
        found += _headings(token["children"])
    return found
