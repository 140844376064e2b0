"""What the steps of a build find wrong -> the diagnostics of the build, each once."""

from collections.abc import Iterable

from msgspec.structs import replace

from ssg.config import Loaded
from ssg.model import Diagnostic, Severity


class Findings:
    """Diagnostics in the order in which they came up."""

    def __init__(self, loaded: Loaded) -> None:
        """Collect what is found about the site of this configuration."""
        self._loaded = loaded
        self._found: dict[Diagnostic, None] = {}

    def all(self) -> tuple[Diagnostic, ...]:
        """Return what was found."""
        return tuple(self._found)

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add diagnostics that know their place."""
        self._found.update(dict.fromkeys(diagnostics))

    def at(self, key: tuple[str | int, ...], diagnostics: Iterable[Diagnostic]) -> None:
        """Add diagnostics about a key of the configuration; those without a place get that of the key."""
        path, line, column, source = self._loaded.position(*key)
        self.add(
            one if one.path else replace(one, path=path, line=line, column=column, source=source) for one in diagnostics
        )

    def report(
        self, severity: Severity, code: str, message: str, hint: str = "", key: tuple[str | int, ...] | None = None
    ) -> None:
        """Add a problem that has no place, or the place of a key of the configuration."""
        one = Diagnostic(severity=severity, code=code, message=message, hint=hint)
        self.add([one]) if key is None else self.at(key, [one])
