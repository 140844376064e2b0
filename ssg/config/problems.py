"""From things found wrong while a configuration is read to the diagnostics that are shown, all at once."""

from collections.abc import Iterable
from difflib import get_close_matches

from ssg.errors import ConfigError
from ssg.model import Diagnostic, Severity
from ssg.yamlfile import Mapping, Node, Scalar, Sequence, YamlError, shown


class Problems:
    """The diagnostics of one configuration, in the order in which they are found."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def error(self, node: Node, message: str, hint: str = "", *, code: str = "config") -> None:
        """Add an error at a node."""
        self._add(Severity.ERROR, node, message, hint, code)

    def warn(self, node: Node, message: str, hint: str = "", *, code: str) -> None:
        """Add a warning at a node."""
        self._add(Severity.WARNING, node, message, hint, code)

    def note(self, node: Node, message: str, hint: str = "", *, code: str) -> None:
        """Add a note at a node."""
        self._add(Severity.NOTE, node, message, hint, code)

    def add(self, error: YamlError, path: str) -> None:
        """Add what the YAML reader complains about in the file `path`."""
        self.found += yaml_problem(error, path).diagnostics

    def _add(self, severity: Severity, node: Node, message: str, hint: str, code: str) -> None:
        self.found.append(
            Diagnostic(
                severity=severity,
                code=code,
                message=message,
                path=node.origin.path,
                line=node.line,
                column=node.column,
                source=node.origin.line(node.line),
                hint=hint,
            )
        )

    def check(self) -> None:
        """Stop if there are errors.

        Raises:
            ConfigError: With everything that was found, errors first.
        """
        errors = [item for item in self.found if item.severity is Severity.ERROR]
        if errors:
            rest = [item for item in self.found if item.severity is not Severity.ERROR]
            raise ConfigError(diagnostics=errors + rest)


def yaml_problem(error: YamlError, path: str) -> ConfigError:
    """The error for a configuration file that is not YAML."""
    return ConfigError(
        error.message,
        path=path,
        line=error.line,
        column=error.column,
        source=error.source,
        hint=error.hint,
        code="yaml",
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """A question that names the known name most like `name`; empty when none is."""
    matches = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"did you mean `{matches[0]}`?" if matches else ""


def described(node: Node) -> str:
    """What a node is, in the words of a message: "a list", "the text `blue`"."""
    if node.tag and not isinstance(node, Scalar):
        return f"`{shown(node.tag)}`"
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    assert isinstance(node, Scalar)  # noqa: S101 - for the type checker
    if node.tag:
        return f"`{shown(node.tag)}`"
    if node.is_null:
        return "empty"
    text = node.text if len(node.text) <= 40 else node.text[:39] + "…"
    return f"`{text}`"
