"""`--8<-- "file"` -> the file's lines, confined to the project, each look for a file recorded."""

import posixpath
from typing import Any

from markdown import Markdown
from pymdownx.snippets import SnippetExtension, SnippetPreprocessor

from ssg.engine.digest import UNREADABLE
from ssg.engine.tree import locate
from ssg.markdown.marks import PRIVATE
from ssg.markdown.page import Page, Problem
from ssg.model import Severity


class RecordedSnippetExtension(SnippetExtension):  # type: ignore[misc] # pymdownx has no types
    """`pymdownx.snippets` that reads through the step's reader. Snippets from URLs are never fetched."""

    def __init__(self, page: Page, options: dict[str, Any]) -> None:
        """Read for `page`; `options` are those of `pymdownx.snippets`."""
        super().__init__(**options)
        self.page = page

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Take the place of the base class's preprocessor."""
        self.md = md
        md.registerExtension(self)
        md.preprocessors.register(RecordedSnippets(self.page, self.getConfigs(), md), "snippet", 32)


class RecordedSnippets(SnippetPreprocessor):  # type: ignore[misc] # pymdownx has no types
    """Finds and reads snippets. Paths are relative to the project's folder, as MkDocs users write them."""

    def __init__(self, page: Page, config: dict[str, Any], md: Markdown) -> None:
        """Read for `page`."""
        # what is missing is told with its place, and not by an exception that leaves no page
        super().__init__({**config, "url_download": False, "check_paths": False}, md)
        self.severity = Severity.ERROR if config["check_paths"] else Severity.WARNING
        base = config["base_path"]
        self.folders = [base] if isinstance(base, str) else list(base)
        self.page = page

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines of a page with snippets in place of their marks."""
        if not self.auto_append and not any("-8<-" in line for line in lines):
            return lines
        found: list[str] = super().run(lines)
        return found

    def get_snippet_path(self, path: str) -> str | None:
        """Return a snippet's path relative to the project, or None and a problem if there is none to use."""
        reader = self.page.reader
        if reader is None:
            return None
        if path.lower().startswith(("https://", "http://")):
            self._missing(f"the snippet '{path}' is not fetched: nothing is taken from the network", path, "")
            return None
        outside = False
        for folder in self.folders:
            candidate = posixpath.normpath(posixpath.join(folder, path))
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(folder), path))
            if beside == posixpath.normpath(folder) and reader.exists(beside):
                candidate = beside  # a base path may be a file, for just that file
            if not locate(reader.root, reader.mounts, candidate).resolve().is_relative_to(reader.root.resolve()):
                reader.reads[candidate] = UNREADABLE  # never read, and looked for again: another may take its place
                outside = True
                continue
            if reader.exists(candidate):
                return candidate
        if outside:
            hint = "snippets may only be taken from the project's own folder"
            self.page.problems.append(
                Problem("snippet-outside", f"the snippet '{path}' is outside of the project", path, hint)
            )
        else:
            looked = ", ".join(f"'{folder}'" for folder in self.folders)
            self._missing(f"there is no snippet '{path}'", path, f"looked in {looked}")
        return None

    def extract_section(self, section: str, lines: list[str]) -> list[str]:
        """Return the lines of a section of a snippet, without its marks."""
        found: list[str] = super().extract_section(section, lines)
        if not any(found):
            self._missing(f"there is no section '{section}' in the snippet", f":{section}", "or it is empty")
        return found

    def _missing(self, message: str, needle: str, hint: str) -> None:
        self.page.problems.append(Problem("snippet-missing", message, needle, hint, self.severity))

    def read_lines(self, path: str) -> list[str]:
        """Return the lines of a snippet."""
        reader = self.page.reader
        if reader is None:
            return []
        try:
            text = reader.read_text(path)
        except (OSError, UnicodeDecodeError) as error:
            reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error.strerror)
            self.page.problems.append(
                Problem("snippet-unreadable", f"cannot read the snippet '{path}': {reason}", path)
            )
            return []
        self.page.included.append(path)
        text = PRIVATE.sub("\ufffd", text)
        return text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if text else []
