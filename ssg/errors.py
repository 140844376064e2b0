"""The exceptions that a person may see.

SsgError                    what every one of them is; only `cli.py` and `serve.py` catch it to print it
├── ConfigError             `ssg.yml` or `mkdocs.yml` cannot be used
├── ContentError            the content folder or a page cannot be used
├── ThemeError              a theme or one of its templates cannot be used
├── PluginError             a plugin or hook cannot be loaded, or broke its contract
├── CacheError              the cache cannot be used, and could not be thrown away
├── PublishError            the output folder cannot be written, or is not ours
├── DeployError             the site cannot be put where it is served from; nothing there was changed
├── GitError                git is not there, or a command of it failed (in `git.py`)
└── UsageError              the command line asks for something impossible (exit code 2)

Each carries the diagnostics that say what is wrong, where, and what to do. Problems of single pages are not
exceptions but `Diagnostic` values in the results of the build's steps, so that one bad page hides no other problem.
"""

from collections.abc import Sequence

from ssg.model import Diagnostic, Severity


class SsgError(Exception):
    """A problem that ends the command, told to the user without a traceback.

    Args:
        message: One sentence: what is wrong.
        code: The stable name of the kind of problem, in kebab case.
        path: The file at fault, relative to the project where possible; empty when there is none.
        line: Line in that file from 1; 0 when unknown.
        column: Column in that line from 1; 0 when unknown.
        source: The text of that line.
        hint: What to do about it.
        diagnostics: Given instead of all others when there are several problems at once.
    """

    code = "error"

    def __init__(
        self,
        message: str = "",
        *,
        code: str = "",
        path: str = "",
        line: int = 0,
        column: int = 0,
        source: str = "",
        hint: str = "",
        diagnostics: Sequence[Diagnostic] = (),
    ) -> None:
        first = Diagnostic(
            severity=Severity.ERROR,
            code=code or self.code,
            message=message,
            path=path,
            line=line,
            column=column,
            source=source,
            hint=hint,
        )
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics) or (first,)
        super().__init__(message or self.diagnostics[0].message)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes whole."""
        return _restore, (type(self), str(self), self.diagnostics)


def _restore(kind: type[SsgError], message: str, diagnostics: tuple[Diagnostic, ...]) -> SsgError:
    return kind(message, diagnostics=diagnostics)


class ConfigError(SsgError):
    """The configuration cannot be used."""

    code = "config"


class ContentError(SsgError):
    """The content folder or a page cannot be used."""

    code = "content"


class ThemeError(SsgError):
    """A theme or one of its templates cannot be used."""

    code = "theme"


class PluginError(SsgError):
    """A plugin or hook cannot be loaded, or broke its contract."""

    code = "plugin"


class CacheError(SsgError):
    """The cache cannot be used, and could not be thrown away."""

    code = "cache"


class PublishError(SsgError):
    """The output folder cannot be written, or is not ours."""

    code = "output"


class DeployError(SsgError):
    """The site cannot be put where it is served from. Nothing there was changed."""

    code = "deploy"


class UsageError(SsgError):
    """The command line asks for something impossible."""

    code = "usage"
