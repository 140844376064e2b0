"""A page's file -> a Document: what it says, in HTML with unresolved links, and what others may know of it."""

import posixpath
import re
import sys
import threading
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from ssg.emitters import extract
from ssg.engine.digest import UNREADABLE, digest_of
from ssg.engine.memo import Stage
from ssg.engine.reader import Reader
from ssg.errors import PluginError
from ssg.markdown import MarkdownSettings
from ssg.markdown.marks import MARKS, TAGS_PLACE
from ssg.model import Body, Card, Diagnostic, Document, Severity
from ssg.pipeline import frontmatter
from ssg.plugins import PluginSpec, transform_document

if TYPE_CHECKING:
    from ssg.markdown import Converter

_converting = threading.Lock()
"""A converter is at one page at a time, and changes how deep calls may go in the whole process."""
_WORDS = re.compile(r"[-_\s]+")


class ParseSettings(Struct, frozen=True, kw_only=True):
    """What all pages of a site share when they are parsed."""

    docs_dir: str
    mkdocs: bool
    markdown: MarkdownSettings
    plugins: tuple[PluginSpec, ...] = ()
    code: bytes = b""
    """Of `Setup`."""
    indexers: tuple[PluginSpec, ...] = ()
    language: str = ""
    """The theme's, for Indexers."""


class Setup(Struct, frozen=True):
    """Which extensions cannot be used, by index, and why."""

    problems: tuple[tuple[int, str], ...]
    code: bytes
    """Stands for the code of those extensions that are not installed packages."""


def check_extensions(shared: ParseSettings, argument: None, reader: Reader) -> Setup:
    """Load the Markdown extensions of the settings."""
    made = converter(shared.markdown)
    packages = {module.partition(".")[0] for module in made.modules} - {"markdown", "pymdownx", "ssg"}
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and name.partition(".")[0] in packages:
            reader.note(file)
    if made.problems:
        reader.reads["(extensions)"] = UNREADABLE  # what is missing now may be there next time
    return Setup(tuple(sorted(made.problems.items())), digest_of(sorted(reader.reads.items())))


def parse(shared: ParseSettings, path: str, reader: Reader) -> Document:
    """Parse the page at `path` in the content folder. Whatever is wrong with it is in its diagnostics."""
    where = _where(shared, path)
    try:
        text = reader.read_text(where).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        return _empty(
            path, where, "page-unreadable", f"this page is not UTF-8 (byte {error.start})", "save it as UTF-8"
        )
    except OSError as error:
        return _empty(
            path, where, "page-unreadable", f"cannot read this page: {error.strerror}", "check who may read it"
        )
    front = frontmatter.read(text, where, mkdocs=shared.mkdocs)
    made = converter(shared.markdown)
    with _converting:
        converted = made.convert(front.body, front.first_line, where, reader, text)
    known = front.known
    search = known.get("search", True)
    card = Card(
        path=path,
        title=known.get("title") or converted.title or title_of(path),
        nav_title=known.get("nav_title", ""),
        order=known.get("order"),
        draft=known.get("draft", False),
        hidden=known.get("hidden", False),
        in_search=not search.get("exclude", False) if isinstance(search, dict) else bool(search),
        template=known.get("template", ""),
        tags=known.get("tags", ()),
        lists_tags=bool(TAGS_PLACE.search(converted.html)),
        aliases=(*known.get("aliases", ()), *known.get("redirect_from", ()), *known.get("redirects", ())),
        icon=known.get("icon", ""),
        status=known.get("status", ""),
        date=known.get("date", ""),
        description=str(front.meta.get("description") or ""),
    )
    problems = _tags_problem(converted.html, text, where) if card.lists_tags else ()
    document = Document(
        card=card,
        body=Body(html=converted.html, headings=converted.headings, meta=front.meta),
        links=converted.links,
        anchors=converted.anchors,
        sections=converted.sections,
        text=made.expanded(front.body) if converted.html else front.body,
        diagnostics=(*front.diagnostics, *converted.diagnostics, *problems),
    )
    if not shared.plugins and not shared.indexers:
        return document
    try:
        changed = transform_document(shared.plugins, document, reader)
        extracts = extract(shared.indexers, changed, shared.language, reader.root)
    except PluginError as error:
        problem = msgspec.structs.replace(error.diagnostics[0], path=where)
    else:
        if all(int(mark[1]) < len(changed.links) for mark in MARKS.finditer(changed.body.html)):
            return msgspec.structs.replace(changed, extracts=extracts)
        message = "a plugin broke its contract: the HTML has the mark of a link that is not in `links`"
        problem = Diagnostic(severity=Severity.ERROR, code="plugin", message=message, path=where)
    return msgspec.structs.replace(document, diagnostics=(*document.diagnostics, problem))


def _tags_problem(html: str, text: str, where: str) -> tuple[Diagnostic, ...]:
    """Return a warning where a list of tags has options, as that of Material may."""
    place = TAGS_PLACE.search(html)
    if place is None or "{" not in place[0]:
        return ()
    line = text[: text.find("material/tags")].count("\n") + 1
    message, hint = "options of a list of tags have no effect: it has all tags", "take out what is in braces"
    warning = Severity.WARNING
    return (Diagnostic(severity=warning, code="unsupported-option", message=message, path=where, line=line, hint=hint),)


def late(shared: ParseSettings, path: str, seconds: float) -> Document:
    """Return what stands for a page that takes longer than so many seconds."""
    message = f"this page takes longer than {seconds:g} second{'s'[: seconds != 1]}"
    hint = "look for what an extension may not be made for, or give pages more time with `markdown.timeout`"
    return _empty(path, _where(shared, path), "markdown-timeout", message, hint)


PARSE = Stage("parse", parse, ParseSettings, str, Document, parallel=True, late=late)
CHECK_EXTENSIONS = Stage("check extensions", check_extensions, ParseSettings, type(None), Setup)


@lru_cache(maxsize=2)
def _converter(encoded: bytes) -> "Converter":
    from ssg.engine.digest import decode
    from ssg.markdown import Converter  # imported where there is something to convert

    return Converter(decode(encoded, MarkdownSettings))


def converter(settings: MarkdownSettings) -> "Converter":
    """Return the converter of these settings; there is one a process, since making it takes long."""
    from ssg.engine.digest import encode

    return _converter(encode(settings))


def forget_converters() -> None:
    """Have converters made anew: the code of their extensions has changed."""
    _converter.cache_clear()


def title_of(path: str) -> str:
    """Return the title of a page that says none: made from its name, or for an index from its folder's."""
    folder, name = posixpath.split(path)
    stem = posixpath.splitext(name)[0]
    if stem in ("index", "README"):
        stem = posixpath.basename(folder) or "Home"
    words = _WORDS.sub(" ", stem).strip()
    return words[:1].upper() + words[1:] if words.islower() else words or stem


def _where(shared: ParseSettings, path: str) -> str:
    return posixpath.join(shared.docs_dir, path) if shared.docs_dir != "." else path


def _empty(path: str, where: str, code: str, message: str, hint: str) -> Document:
    problem = Diagnostic(severity=Severity.ERROR, code=code, message=message, path=where, hint=hint)
    return Document(card=Card(path=path, title=title_of(path)), body=Body(html=""), diagnostics=(problem,))
