"""The navigation setting, or the folders where there is none -> a tree of NavItems."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Protocol

from ssg.config import load_nav_file
from ssg.config.settings import Level, NavEntry, NavFile, Validation, severity_of
from ssg.engine.reader import Reader
from ssg.errors import ConfigError
from ssg.model import Card, Diagnostic, NavItem, Severity
from ssg.patterns import matcher

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")
_SIGNS = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
Key = tuple[int, float, int, tuple[tuple[int, int, str], ...]]
"""What folders are sorted by: an index comes first, then what has an `order`, then pages and then folders by name."""

_NUMBERS = re.compile(r"(\d+)")


class NavSettings(Protocol):
    """What of the settings of the site's index shapes navigation."""

    @property
    def docs_dir(self) -> str: ...  # noqa: D102
    @property
    def config_file(self) -> str: ...  # noqa: D102
    @property
    def mkdocs(self) -> bool: ...  # noqa: D102
    @property
    def merge_indexes(self) -> bool: ...  # noqa: D102
    @property
    def nav(self) -> tuple[NavEntry, ...] | None: ...  # noqa: D102
    @property
    def not_in_nav(self) -> str: ...  # noqa: D102
    @property
    def validation(self) -> Validation: ...  # noqa: D102


class Nav:
    """Navigation in the making. `titles` are those that the setting gives to pages; `diagnostics` what is wrong."""

    def __init__(
        self,
        cards: Sequence[Card],
        routes: dict[str, str],
        settings: NavSettings,
        reader: Reader,
        drafts: Sequence[str],
    ) -> None:
        """Make navigation for these pages; `drafts` are left out, and no mistake in the setting."""
        self.cards = {card.path: card for card in cards}
        self.routes = routes
        self.settings = settings
        self.reader = reader
        self.drafts = frozenset(drafts)
        self.titles: dict[str, str] = {}
        self.diagnostics: list[Diagnostic] = []
        self._folders = _folders(self.cards)
        self._listed: set[str] = set()
        self._open: list[str] = []
        """The folders that are being gone through, the innermost last."""

    def items(self) -> tuple[NavItem, ...]:
        """Return the tree."""
        entries = self.settings.nav
        if entries is None:
            return self._folder("", top=True)
        self._listed = {target for entry in entries for target in self._targets(entry, "")}
        items = tuple(item for entry in entries for item in self._entry(entry, "", self.settings.config_file))
        self._report_omitted(items)
        return items

    # -- from the setting ---------------------------------------------------------------------------------------------

    def _targets(self, entry: NavEntry, folder: str) -> Iterator[str]:
        """Yield the pages that are listed by name, so that patterns leave them out."""
        if entry.target:
            yield posixpath.normpath(posixpath.join(folder, entry.target))
        for child in entry.children:
            yield from self._targets(child, folder)

    def _entry(self, entry: NavEntry, folder: str, file: str) -> Iterator[NavItem]:
        """Yield the items that one line of the setting stands for; its paths are relative to `folder`."""
        if entry.is_section:
            yield from self._section(entry, folder, file)
            return
        target = entry.target
        if _SCHEME.match(target):
            yield NavItem(title=entry.title or target, url=target, is_link=True)
            return
        if target.startswith("/"):
            self._problem(
                self.settings.validation.nav_absolute_links,
                "nav-absolute",
                f"'{target}' in navigation is an absolute address, and may lead out of the site",
                entry,
                file,
                "write the path of a page in the content folder",
            )
            yield NavItem(title=entry.title or target, url=target, is_link=True)
            return
        path, _, fragment = target.partition("#")
        path = posixpath.normpath(posixpath.join(folder, path)) if path else ""
        if path in self.cards:
            yield self._page(path, entry.title, fragment)
        elif path in self.routes:
            yield NavItem(title=entry.title or posixpath.basename(path), url=self.routes[path], is_link=True)
        elif any(sign in target for sign in "*?["):
            yield from self._glob(target, folder, entry, file)
        elif path in self._open:
            message = f"'{target}' in navigation is the folder that this line is about, or around it"
            self._problem(self.settings.validation.nav_not_found, "nav-missing", message, entry, file)
        elif path in self._folders:
            _, setting = self._nav_file(path)
            yield self._section_of(path, entry.title or (setting.title if setting else ""), self._folder(path))
        elif path not in self.drafts:
            self._missing(path, folder, entry, file)

    def _section(self, entry: NavEntry, folder: str, file: str) -> Iterator[NavItem]:
        children = tuple(item for child in entry.children for item in self._entry(child, folder, file))
        index = children[0] if children and (self.settings.merge_indexes or not entry.title) else None
        if index is not None and index.is_page and is_index(index.path):
            title = entry.title or index.title
            rest = children[1:]
            yield NavItem(
                title=title,
                url=index.url,
                path=index.path,
                children=rest,
                is_section=True,
                is_index=True,
                icon=index.icon,
                status=index.status,
            )
        elif children:
            title = entry.title or children[0].title
            yield NavItem(title=title, url=_first_url(children), children=children, is_section=True)

    def _page(self, path: str, title: str, fragment: str = "") -> NavItem:
        card = self.cards[path]
        if title and not fragment:
            self.titles.setdefault(path, title)
        url = self.routes[path] + (f"#{fragment}" if fragment else "")
        return NavItem(
            title=title or card.nav_title or card.title,
            url=url,
            path=path,
            is_page=True,
            icon=card.icon,
            status=card.status,
        )

    def _glob(self, pattern: str, folder: str, entry: NavEntry, file: str) -> Iterator[NavItem]:
        """Yield the pages that match a pattern and are not listed by name, in the order that folders have."""
        wanted = re.compile(_glob_pattern(posixpath.normpath(posixpath.join(folder, pattern))))
        pages = [path for path in self.cards if wanted.fullmatch(path)]
        if not pages:
            self._problem(
                self.settings.validation.nav_not_found,
                "nav-missing",
                f"no page matches the pattern '{pattern}' in navigation",
                entry,
                file,
            )
        for path in sorted(pages, key=self._page_key):
            if path not in self._listed and not self.cards[path].hidden:
                yield self._page(path, "")

    def _missing(self, path: str, folder: str, entry: NavEntry, file: str) -> None:
        close = get_close_matches(path, self.cards, 1, 0.7) or [
            other for other in self.cards if posixpath.basename(other) == posixpath.basename(path)
        ]
        start = posixpath.normpath(posixpath.join(self.settings.docs_dir, folder))
        self._problem(
            self.settings.validation.nav_not_found,
            "nav-missing",
            f"'{entry.target}' in navigation does not exist",
            entry,
            file,
            f"did you mean '{posixpath.relpath(close[0], folder or '.')}'?"
            if close
            else f"paths are relative to the folder '{start}'",
        )

    def _report_omitted(self, items: Sequence[NavItem]) -> None:
        severity = severity_of(self.settings.validation.nav_omitted_files)
        if severity is None:
            return
        shown = set(_paths(items))
        excused = matcher(self.settings.not_in_nav)
        for path, card in self.cards.items():
            if path not in shown and not card.hidden and not excused(path) and path != "404.md":
                self.diagnostics.append(
                    Diagnostic(
                        severity=severity,
                        code="orphan-page",
                        message="this page is not in navigation",
                        path=posixpath.join(self.settings.docs_dir, path),
                        hint="add it to `nav`, or to `not_in_nav` if that is on purpose",
                    )
                )

    def _problem(self, level: Level, code: str, message: str, entry: NavEntry, file: str, hint: str = "") -> None:
        severity = severity_of(level)
        if severity is not None:
            place = (entry.line, entry.column)
            self.diagnostics.append(
                Diagnostic(
                    severity=severity,
                    code=code,
                    message=message,
                    path=file,
                    line=place[0],
                    column=place[1],
                    hint=hint,
                )
            )

    # -- from the folders ---------------------------------------------------------------------------------------------

    def _folder(self, folder: str, *, top: bool = False) -> tuple[NavItem, ...]:
        """Return what a folder holds: its pages, then its folders, each by `order` and name."""
        self._open.append(folder)
        try:
            return self._folder_items(folder, top)
        finally:
            self._open.pop()

    def _folder_items(self, folder: str, top: bool) -> tuple[NavItem, ...]:
        file, setting = self._nav_file(folder)
        if setting is not None and setting.nav is not None:
            listed = self._listed
            self._listed = {target for entry in setting.nav for target in self._targets(entry, folder)}
            items = tuple(
                item for entry in setting.nav for item in self._folder_entry(entry, folder, file) if item is not None
            )
            self._listed = listed
            return items
        pages, folders = self._folders.get(folder, ([], []))
        shown = [path for path in pages if not self.cards[path].hidden and path != "404.md"]
        found = [(self._page_key(path), self._page(path, "")) for path in shown if top or not self._is_merged(path)]
        for inner in folders:
            item = self._inner(inner)
            if item is not None:
                found.append((self._folder_key(inner), item))
        return tuple(item for _, item in sorted(found, key=lambda pair: pair[0]))

    def _is_merged(self, path: str) -> bool:
        return self.settings.merge_indexes and is_index(path)

    def _folder_entry(self, entry: NavEntry, folder: str, file: str) -> Iterator[NavItem]:
        """Yield the items of a line in a `.nav.yml`, where a pattern also stands for folders."""
        pattern = entry.target
        if not pattern or not any(sign in pattern for sign in "*?["):
            yield from self._entry(entry, folder, file)
            return
        wanted = re.compile(_glob_pattern(posixpath.normpath(posixpath.join(folder, pattern))))
        pages, folders = self._folders.get(folder, ([], []))
        for path in sorted(pages, key=self._page_key):
            if path in self._listed or self.cards[path].hidden or not wanted.fullmatch(path):
                continue
            if not (is_index(path) and folder):
                yield self._page(path, "")
        for inner in sorted(folders, key=_natural):
            if inner not in self._listed and wanted.fullmatch(inner):
                item = self._inner(inner)
                if item is not None:
                    yield item

    def _inner(self, folder: str) -> NavItem | None:
        _, setting = self._nav_file(folder)
        if setting is not None and setting.hide:
            return None
        children = self._folder(folder)
        item = self._section_of(folder, setting.title if setting else "", children)
        return item if item.children or item.is_index else None

    def _section_of(self, folder: str, title: str, children: tuple[NavItem, ...]) -> NavItem:
        index = self._index_of(folder)
        named = title or _title(folder)
        if index is None or not self.settings.merge_indexes:
            return NavItem(title=named, url=_first_url(children), children=children, is_section=True)
        card = self.cards[index]
        return NavItem(
            title=title or card.nav_title or card.title,
            url=self.routes[index],
            path=index,
            children=tuple(child for child in children if child.path != index or child.children),
            is_section=True,
            is_index=True,
            icon=card.icon,
            status=card.status,
        )

    def _nav_file(self, folder: str) -> tuple[str, NavFile | None]:
        path = posixpath.normpath(posixpath.join(self.settings.docs_dir, folder, ".nav.yml"))
        try:
            text = self.reader.read_text(path)
            return path, load_nav_file(text, path)
        except FileNotFoundError:
            return path, None
        except ConfigError as error:
            found: Sequence[Diagnostic] = error.diagnostics
        except (OSError, UnicodeDecodeError) as error:
            message = f"cannot read this file: {error}"
            found = [Diagnostic(severity=Severity.ERROR, code="nav-file", message=message, path=path)]
        self.diagnostics += [one for one in found if one not in self.diagnostics]
        return path, None

    def _index_of(self, folder: str) -> str | None:
        pages, _ = self._folders.get(folder, ([], []))
        return next((path for path in pages if is_index(path) and not self.cards[path].hidden), None)

    def _page_key(self, path: str) -> Key:
        order = self.cards[path].order
        name = _natural(posixpath.splitext(path)[0])
        if is_index(path):
            return (-1, 0.0, 0, name)
        return (1, 0.0, 0, name) if order is None else (0, order, 0, name)

    def _folder_key(self, folder: str) -> Key:
        index = self._index_of(folder)
        order = self.cards[index].order if index else None
        return (1, 0.0, 1, _natural(folder)) if order is None else (0, order, 1, _natural(folder))


def is_index(path: str) -> bool:
    """Say whether a page is its folder's own."""
    return posixpath.splitext(posixpath.basename(path))[0] in ("index", "README")


def _folders(paths: dict[str, Card]) -> dict[str, tuple[list[str], list[str]]]:
    """Return the pages and the folders in each folder that holds pages, directly or further down."""
    found: dict[str, tuple[list[str], list[str]]] = {"": ([], [])}

    def within(folder: str) -> tuple[list[str], list[str]]:
        if folder not in found:
            found[folder] = ([], [])
            within(posixpath.dirname(folder))[1].append(folder)
        return found[folder]

    for path in paths:
        within(posixpath.dirname(path))[0].append(path)
    return found


def _paths(items: Sequence[NavItem]) -> Iterator[str]:
    for item in items:
        if item.path:
            yield item.path
        yield from _paths(item.children)


def _first_url(items: Sequence[NavItem]) -> str:
    return next((item.url for item in items if item.url and not item.is_link), "")


def _natural(path: str) -> tuple[tuple[int, int, str], ...]:
    """Sort numbers in names by value: `2-x` before `10-x`."""
    parts = _NUMBERS.split(posixpath.basename(path))
    return tuple((0, int(part), "") if n % 2 else (1, 0, part.casefold()) for n, part in enumerate(parts) if part)


def _title(folder: str) -> str:
    words = re.sub(r"[-_\s]+", " ", posixpath.basename(folder)).strip()
    return words[:1].upper() + words[1:] if words.islower() else words


def _glob_pattern(pattern: str) -> str:
    """Return a regular expression for a pattern in which `*` and `?` stay within a folder and `**/` does not."""
    parts = []
    for part in re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]/]+\])", pattern):
        if part in _SIGNS:
            parts.append(_SIGNS[part])
        elif part.startswith("[") and part.endswith("]"):
            parts.append(_set_pattern(part[1:-1]))
        else:
            parts.append(re.escape(part))
    return "".join(parts)


def _set_pattern(signs: str) -> str:
    """Return a regular expression for what stands between `[` and `]`; a range that is none stands for itself."""
    inner = re.escape(signs.removeprefix("!")).replace("\\-", "-")
    found = f"[{'^' if signs.startswith('!') else ''}{inner}]"
    try:
        re.compile(found)
    except re.error:
        return re.escape(f"[{signs}]")
    return found
