"""Style sheets, scripts and other files of the theme -> names that change with their content, and smaller files.

`assets/style.css` is also there as `assets/style.3f2a9c1b.css`, and that is what pages name: so nobody is shown a new
page with an old style sheet from a cache. Each file keeps its own name too, as with Django's ManifestStaticFilesStorage
(https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/#manifeststaticfilesstorage), since it may be asked
for by that: by a script that puts a name together, by a page that was opened before the site was published anew.

A file that names others gets their new names: a style sheet in `url()` and `@import`, a script of the theme in a text
that is the path of another file of the theme, from the script's folder or from the root of the site. So its own name
changes too when one of them changes.
"""

import posixpath
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote

from msgspec import Struct

from ssg import minify
from ssg.engine.digest import ABSENT, UNREADABLE
from ssg.engine.memo import Memo, Stage
from ssg.engine.reader import Reader
from ssg.theme import DEFAULT

RENAMED = (
    *(".css", ".js", ".mjs", ".woff2", ".woff", ".ttf", ".otf"),
    *(".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico"),
)
"""Files of a theme that get a second name; others are addressed by people and machines, such as `manifest.json`."""

_SCRIPTS = (".js", ".mjs")
_CSS = re.compile(
    r"""/\*.*?\*/
    |(?P<import>@import\s+)(?P<quote>["'])(?P<name>[^"'\\\n]*)(?P=quote)
    |(?P<url>url\(\s*)(?P<sign>["']?)(?P<path>[^"'()\\\s]+)(?P=sign)(?=\s*\))
    |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
"""Comments and other texts are matched to be passed over: https://www.w3.org/TR/css-syntax-3/#tokenization."""
_TEXT = re.compile(r"""(?P<quote>["'`])(?P<name>[\w.@/-]+\.\w+)(?P=quote)""")
_RELATIVE_IMPORT = re.compile(r"""\b(?:import|from)\s*\(?\s*["']\.{1,2}/""")
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|/|#")
_DEEPEST = 50


class Use(Struct, frozen=True, kw_only=True):
    """A file of the site, where it is in the tree, and whether it is one of the theme's own."""

    path: str
    source: str
    own: bool


class Named(Struct, frozen=True):
    """Paths in a file as they are written there, which may be those of other files. `fixed`: it keeps its name."""

    paths: tuple[str, ...]
    fixed: bool = False


class Finish(Struct, frozen=True, kw_only=True):
    """A file, and what is to be written in place of the paths in it."""

    use: Use
    names: dict[str, str]
    minify: bool


class Finished(Struct, frozen=True):
    """A file's content."""

    data: bytes


class Assets(Struct, frozen=True, kw_only=True):
    """The second names of files by their first; by that also the digests of content that is no copy of a source."""

    names: dict[str, str] = {}
    made: dict[str, bytes] = {}


def named(shared: None, use: Use, reader: Reader) -> Named:
    """Find the paths that a file names."""
    text = _text(use, reader)
    if text is None:
        return Named(())
    if use.path.endswith(".css"):
        found = [one["name"] or one["path"] for one in _CSS.finditer(text)]
        return Named(tuple(dict.fromkeys(one for one in found if one and not _ELSEWHERE.match(one))))
    # renamed, a module that others import would be loaded twice
    fixed = _RELATIVE_IMPORT.search(text) is not None
    return Named(tuple(dict.fromkeys(one["name"] for one in _TEXT.finditer(text))) if use.own else (), fixed)


def finish(shared: None, argument: Finish, reader: Reader) -> Finished:
    """Put the new names into a file, and make it smaller."""
    use, names = argument.use, argument.names
    text = _text(use, reader)
    if text is None:
        return Finished(reader.read_bytes(use.source))

    def css(found: re.Match[str]) -> str:
        if found["import"]:
            name = names.get(found["name"], found["name"])
            return f"{found['import']}{found['quote']}{name}{found['quote']}"
        if found["url"]:
            return f"{found['url']}{found['sign']}{names.get(found['path'], found['path'])}{found['sign']}"
        return found[0]

    def script(found: re.Match[str]) -> str:
        return f"{found['quote']}{names.get(found['name'], found['name'])}{found['quote']}"

    sheet = use.path.endswith(".css")
    if names:
        text = _CSS.sub(css, text) if sheet else _TEXT.sub(script, text)
    if argument.minify and ".min." not in posixpath.basename(use.path):
        text = minify.css(text) if sheet else minify.js(text)
    return Finished(text.encode())


NAMED = Stage("asset names", named, type(None), Use, Named)
FINISH = Stage("asset", finish, type(None), Finish, Finished)


def _text(use: Use, reader: Reader) -> str | None:
    """Return a style sheet or a script as text; None for other files, and for those that are not UTF-8."""
    if not use.path.endswith((".css", *_SCRIPTS)):
        return None
    try:
        return reader.read_text(use.source)
    except (OSError, UnicodeDecodeError):
        return None  # if it cannot be read, copying it will tell


def plan(
    memo: Memo,
    copies: Mapping[str, str],
    own: Iterable[str],
    extra: Iterable[str],
    *,
    hashed: bool,
    smaller: bool,
) -> Assets:
    """Find second names for files if they are to be `hashed`, and make what differs from its source.

    Args:
        memo: Where it is remembered.
        copies: The files that the site takes over: from paths in the site to those in the tree.
        own: Paths of those that are the theme's.
        extra: Addresses of what else every page loads, as the configuration has them.
        hashed: Whether names change with content.
        smaller: Whether style sheets and scripts are made smaller; those that the default theme brings always are.
    """
    uses = {path: Use(path=path, source=copies[path], own=True) for path in own if path.endswith(RENAMED)}
    for path in (one.split("?")[0] for one in extra):
        if path in copies and path.endswith(RENAMED):
            uses.setdefault(path, Use(path=path, source=copies[path], own=False))
    found = _Planner(memo, copies, uses, hashed, smaller).plan()
    for one in extra:
        path, sign, query = one.partition("?")
        if sign and path in found.names:
            found.names[one] = found.names[path] + sign + query
    return found


def second_name(path: str, digest: bytes) -> str:
    """Return the name of a file that changes with a digest."""
    stem, suffix = posixpath.splitext(path)
    return f"{stem}.{digest.hex()[:8]}{suffix}"


class _Planner:
    """Goes through files, first through those that others name."""

    def __init__(
        self, memo: Memo, copies: Mapping[str, str], uses: dict[str, Use], hashed: bool, smaller: bool
    ) -> None:
        self.memo = memo
        self.copies = copies
        self.uses = uses
        self.hashed = hashed
        self.smaller = smaller
        self.names: dict[str, str] = {}
        self.made: dict[str, bytes] = {}
        self._found: dict[str, Named] = {}
        self._open: list[str] = []

    def plan(self) -> Assets:
        texts = [use for use in self.uses.values() if use.path.endswith((".css", *_SCRIPTS))]
        for use, trace in zip(texts, self.memo.map(NAMED, None, texts), strict=True):
            self._found[use.path] = self.memo.whole(NAMED, trace)
        for path in sorted(self.uses):  # of these, style sheets may add others of the project that they import
            self._name(path)
        return Assets(names={path: name for path, name in self.names.items() if name != path}, made=self.made)

    def _name(self, path: str) -> str:
        """Return what others write for a file; its own name while it is not known yet, as in a circle."""
        if path in self.names or path in self._open or len(self._open) > _DEEPEST:
            return self.names.get(path, path)
        self._open.append(path)
        use, found = self.uses[path], self._found.get(path)
        names = self._replaced(path, found.paths) if self.hashed and found else {}
        content = self.memo.tree.digest(use.source)
        smaller = self.smaller or use.source.startswith(f"{DEFAULT}/")
        if found and (names or smaller) and content not in (ABSENT, UNREADABLE):
            trace = self.memo.call(FINISH, None, Finish(use=use, names=names, minify=smaller))
            content = self.made[path] = trace.parts["data"]
        fixed = not self.hashed or (found is not None and found.fixed)
        self.names[path] = path if fixed else second_name(path, content)
        self._open.pop()
        return self.names[path]

    def _replaced(self, path: str, written: tuple[str, ...]) -> dict[str, str]:
        """Return what is to be written in a file for those paths in it that lead to files with a second name."""
        replaced = {}
        folder = posixpath.dirname(path)
        for one in written:
            name, sign, rest = one.partition("?") if "?" in one else one.partition("#")
            there = posixpath.normpath(posixpath.join(folder, unquote(name)))
            if there not in self.uses and not path.endswith(".css"):
                there = name
            if there not in self.uses and there.endswith(".css") and there in self.copies:
                use = self.uses[there] = Use(path=there, source=self.copies[there], own=False)
                self._found[there] = self.memo.whole(NAMED, self.memo.call(NAMED, None, use))
            if there in self.uses and there != path:
                new = posixpath.basename(self._name(there))
                if new != posixpath.basename(there):
                    replaced[one] = name[: name.rfind("/") + 1] + quote(new) + sign + rest
        return replaced
