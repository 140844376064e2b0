"""Patterns as in a `.gitignore` -> a function that says whether a path matches."""

from collections.abc import Callable, Iterable


def matcher(patterns: str, defaults: Iterable[str] = ()) -> Callable[[str], bool]:
    """Return a function that says whether a path matches patterns as in a `.gitignore`, the later ones winning."""
    lines = [*defaults, *patterns.splitlines()]
    if not patterns.strip():
        # Nearly every site: names that begin with a dot were left out by the walk already.
        folders = tuple(line.strip("/") + "/" for line in defaults if line.startswith("/"))
        return lambda path: path.startswith(folders) if folders else False
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines).match_file
