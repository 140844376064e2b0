"""The text of `versions.json` <-> the versions of a site, as mike writes it and themes read it.

Format: https://github.com/jimporter/mike#version-list: a list of `{"version", "title", "aliases"}`, the newest first.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from ssg.errors import DeployError

FILE = "versions.json"
PREVIEWS = "preview"
"""The folder of previews."""

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+~-]*")
"""What is one folder of an address on every system, and never an option of a command."""
_TAKEN = frozenset({FILE, PREVIEWS, "CNAME", "index.html", "404.html"})


class Version(Struct, frozen=True, kw_only=True):
    """A version: its folder, what people read, and other names that it goes by."""

    version: str
    title: str = ""
    aliases: tuple[str, ...] = ()
    properties: Any = None
    """Anything that mike was told to keep; kept."""


class Versions(Struct, frozen=True):
    """The versions of a site."""

    all: tuple[Version, ...] = field(default=())

    def names(self) -> list[str]:
        """Return the folders of all versions and aliases."""
        return [name for one in self.all for name in (one.version, *one.aliases)]

    def find(self, name: str) -> Version:
        """Return the version of a name or alias.

        Raises:
            DeployError: When there is none.
        """
        for one in self.all:
            if name == one.version or name in one.aliases:
                return one
        known = ", ".join(self.names()) or "none yet"
        raise DeployError(f"there is no version '{name}'", code="deploy-versions", hint=f"there are: {known}")

    def latest(self) -> str:
        """Return the name that stands for the newest release: the alias `latest` or `stable`, or else the first."""
        named = self.names()
        for alias in ("latest", "stable"):
            if alias in named:
                return alias
        released = [one.version for one in self.ordered() if re.match(r"v?\d", one.version)]
        return released[0] if released else ""

    def add(self, name: str, title: str, aliases: Sequence[str]) -> "Versions":
        """Return the versions with this one. It keeps its aliases, and takes those that are given from others.

        Raises:
            DeployError: When a name cannot be used, or is both a version's and an alias.
        """
        check_name(name, "a version")
        for alias in aliases:
            check_name(alias, "an alias")
            if alias == name or any(alias == one.version for one in self.all):
                raise DeployError(f"'{alias}' is a version, and cannot be an alias too", code="deploy-versions")
        owner = next((one for one in self.all if name in one.aliases), None)
        if owner is not None:
            message = f"'{name}' is an alias of '{owner.version}', and cannot be a version too"
            hint = f"delete the alias first: ssg versions delete {name}"
            raise DeployError(message, code="deploy-versions", hint=hint)
        before = next((one for one in self.all if one.version == name), Version(version=name))
        new = replace(
            before,
            title=title or before.title or name,
            aliases=tuple(sorted({*before.aliases, *aliases})),
        )
        others = [one for one in self.all if one.version != name]
        kept = (replace(one, aliases=tuple(alias for alias in one.aliases if alias not in aliases)) for one in others)
        return Versions((new, *kept))

    def without(self, name: str) -> "Versions":
        """Return the versions without this one, or without this alias.

        Raises:
            DeployError: When there is none.
        """
        one = self.find(name)
        others = tuple(other for other in self.all if other is not one)
        if name == one.version:
            return Versions(others)
        return Versions((*others, replace(one, aliases=tuple(alias for alias in one.aliases if alias != name))))

    def ordered(self) -> list[Version]:
        """Return the newest first; those without a number, such as `dev`, before all others, as in mike."""
        return sorted(self.all, key=lambda one: (not re.match(r"v?\d", one.version), _order(one.version)), reverse=True)

    def text(self) -> str:
        """Return what stands in the file."""
        found = []
        for one in self.ordered():
            entry: dict[str, Any] = {"version": one.version, "title": one.title or one.version}
            entry["aliases"] = list(one.aliases)
            if one.properties:
                entry["properties"] = one.properties
            found.append(entry)
        return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def read_versions(text: str, where: str) -> Versions:
    """Return the versions in a file; `where` is for messages. An empty text has none.

    Raises:
        DeployError: When it is no such file.
    """
    if not text.strip():
        return Versions()
    try:
        found = Versions(tuple(msgspec.json.decode(text, type=list[Version])))
    except (msgspec.DecodeError, ValueError) as error:
        message, hint = f"{where} cannot be read: {error}", "correct the file on that branch; nothing was changed"
        raise DeployError(message, code="deploy-versions", hint=hint) from error
    for name in found.names():
        if "/" in name or "\\" in name or name in ("", ".", ".."):
            message, hint = f"{where} names '{name}', which is no folder of its own", "correct the file on that branch"
            raise DeployError(message, code="deploy-versions", hint=hint)
    twice = sorted({name for name in found.names() if found.names().count(name) > 1})
    if twice:
        message, hint = f"{where} has '{twice[0]}' twice", "correct the file on that branch"
        raise DeployError(message, code="deploy-versions", hint=hint)
    return found


def check_name(name: str, what: str) -> None:
    """Refuse what cannot be a folder of the site.

    Raises:
        DeployError: When it cannot.
    """
    if not _NAME.fullmatch(name) or name in _TAKEN:
        message = f"'{name}' cannot be the name of {what}"
        hint = "letters, digits and `._+~-` may be in it, and it begins with a letter or a digit"
        raise DeployError(message, code="deploy-versions", hint=hint if name not in _TAKEN else "the name is taken")


def _order(name: str) -> list[tuple[int, int, str]]:
    """Return what to order versions by: 2.10 is after 2.9, and 2.0rc1 before 2.0."""
    parts = re.findall(r"\d+|[a-zA-Z]+", name.removeprefix("v"))
    found = [(2, int(part), "") if part.isdigit() else (0, 0, part.lower()) for part in parts]
    return [*found, (1, 0, "")]
