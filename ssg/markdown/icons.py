"""`:material-account:` -> the icon as inline SVG, and `:smile:` -> the character.

It does what the functions `twemoji` and `to_svg` of Material do, without that package running and without images from
other hosts (https://squidfunk.github.io/mkdocs-material/reference/icons-emojis/).
"""

import re
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from pymdownx import util
from pymdownx.emoji import RE_EMOJI, EmojiAlertPostprocessor, EmojiExtension, EmojiPattern

from ssg import icons
from ssg.engine.digest import UNREADABLE
from ssg.engine.reader import Reader
from ssg.engine.tree import locate
from ssg.markdown.page import Page, Problem

_BEFORE = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)
"""What a file may have before its image, and HTML may not: a declaration, a document type, comments."""
DEPTH = 12
"""So deep folders of icons may be: a link may lead in a circle."""


class IconExtension(EmojiExtension):  # type: ignore[misc] # pymdownx has no types
    """`pymdownx.emoji` that knows icons: those of the project's folders, then those of installed packages."""

    def __init__(self, page: Page, folders: tuple[str, ...], options: dict[str, Any]) -> None:
        """Report to `page`; `folders` are the project's, besides those that the option `custom_icons` names."""
        super().__init__(**options)
        own = self.getConfig("options", {}).get("custom_icons", [])
        self.page = page
        self.folders = (*own, *folders)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register our pattern in place of the base class's."""
        md.registerExtension(self)
        util.escape_chars(md, [":"])
        config = self.getConfigs()
        self.strict_cache: set[str] = set()
        pattern = IconPattern(RE_EMOJI, config, self.strict_cache, md, self.page, self.folders)
        md.inlinePatterns.register(pattern, "emoji", 75)
        if config["strict"]:
            md.postprocessors.register(EmojiAlertPostprocessor(self.strict_cache, md), "emoji-alert", 50)


class IconPattern(EmojiPattern):  # type: ignore[misc] # pymdownx has no types
    """Finds short names, and what they stand for."""

    def __init__(self, pattern: str, config: Any, strict: Any, md: Markdown, page: Page, folders: tuple[str, ...]):
        """Take what the base class takes; `folders` of icons are the project's own."""
        super().__init__(pattern, config, strict, md)
        self.page = page
        self.folders = folders

    def _set_index(self, index: Any) -> None:
        self._index = index

    @cached_property
    def emoji_index(self) -> Any:
        """All names, loaded when there is the first to look up."""
        return self._index(self.options, self.md)

    @property
    def classes(self) -> str:
        """The classes of an icon's element."""
        return str(self.options.get("classes", self.emoji_index["name"]))

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int | None, int | None]:  # noqa: N802 - the base class's name
        """Return an emoji or an icon; of what is neither nothing, so that it is text."""
        written = m[1]
        if written in self.emoji_index["emoji"] or written in self.emoji_index["aliases"]:
            return super().handleMatch(m, data)  # type: ignore[no-any-return]
        name = written[1:-1]
        svg = self._own(name) or _installed(name)
        if svg is None:
            if name.split("-")[0] in icons.SETS:
                problem = _problem(written)
                if problem.code == "unknown-icon" or all(one.code != problem.code for one in self.page.problems):
                    self.page.problems.append(problem)  # that there are none at all is told once a page
            return None, None, None
        element = Element("span", {"class": self.classes})
        element.text = self.md.htmlStash.store(svg)
        return element, m.start(0), m.end(0)

    def _own(self, name: str) -> str | None:
        """Return an icon of the project. Folders are listed and files read by the reader, which records both."""
        reader = self.page.reader
        if reader is None:
            return None
        for folder in self.folders:
            todo = [PurePosixPath(folder)]
            while todo:
                inner = todo.pop()
                if not locate(reader.root, reader.mounts, str(inner)).resolve().is_relative_to(reader.root.resolve()):
                    continue  # out of the project, by a link or by `..`
                for entry in reader.names(str(inner)):
                    path = inner / entry
                    if path.suffix == ".svg" and icons.name_of(path.relative_to(folder)) == name:
                        return _own_image(reader, str(path))
                    if not path.suffix and len(path.parts) < DEPTH:  # a file has no names in it
                        todo.append(path)
        return None


def _own_image(reader: Reader, path: str) -> str | None:
    where = locate(reader.root, reader.mounts, path)
    if not where.resolve().is_relative_to(reader.root.resolve()):
        reader.reads[path] = UNREADABLE  # never read, and looked for again: another may take its place
        return None
    try:
        return _image(reader.read_text(path))
    except (OSError, UnicodeDecodeError):
        return None


@cache
def _installed(name: str) -> str | None:
    path = icons.find(name)
    return _image(path.read_text(encoding="utf-8")) if path else None


def _image(text: str) -> str | None:
    return _BEFORE.sub("", text).strip() if "<svg" in text else None


@cache
def _problem(written: str) -> Problem:
    if not icons.installed():
        return Problem(
            "icons-missing", f"the icon '{written}' cannot be shown: no icons are installed", written, icons.INSTALL
        )
    close = get_close_matches(written[1:-1], icons.names(), 1, 0.7)
    hint = f"did you mean ':{close[0]}:'?" if close else "no package that is installed has an icon of this name"
    return Problem("unknown-icon", f"there is no icon '{written}'", written, hint)


def both_indexes(options: Any, md: Markdown) -> dict[str, Any]:
    """The index of emoji that GitHub and Material know by name, for `pymdownx.emoji`; where they differ, GitHub's."""
    from pymdownx import gemoji_db, twemoji_db

    emoji = {**twemoji_db.emoji, **gemoji_db.emoji}
    aliases = {**twemoji_db.aliases, **gemoji_db.aliases}
    # a name that is an alias to one of them and a name of its own to the other
    aliases = {name: other for name, other in aliases.items() if name not in gemoji_db.emoji}
    return {"name": "twemoji", "emoji": emoji, "aliases": aliases}
