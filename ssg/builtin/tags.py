"""What the tags of pages are checked for. The list of them is a page of the theme: see `Viewer` of the step `view`."""

from collections.abc import Sequence

from msgspec import Struct

from ssg.config.settings import SiteConfig
from ssg.model import Diagnostic, Document, Severity, Site, Task


class Tags(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Has pages lead from their tags to a list of all. Options are those of Material's plugin of this name."""

    tags_file: str = ""
    """The page that has the list. Without one it is a page of its own, unless a page has a place for it."""
    tags_allowed: tuple[str, ...] = ()
    """If there are any, each other tag is a mistake."""

    def plan(self, site: Site, config: SiteConfig) -> Sequence[Task | Diagnostic]:
        """Make no files, and tell of tags that are not allowed."""
        problems = []
        if self.tags_file and all(page.path != self.tags_file for page in site.pages):
            message = f"there is no page '{self.tags_file}' for the list of tags"
            problems.append(Diagnostic(severity=Severity.WARNING, code="tags", message=message))
        allowed = ", ".join(f"'{tag}'" for tag in self.tags_allowed)
        for page in site.pages:
            for tag in page.tags if self.tags_allowed else ():
                if tag not in self.tags_allowed:
                    message = f"the tag '{tag}' of the page {page.path} is none of those that are allowed: {allowed}"
                    problems.append(Diagnostic(severity=Severity.WARNING, code="tags", message=message))
        return problems

    def emit(self, task: Task, documents: Sequence[Document]) -> bytes:
        """Return nothing: no files are planned, so none is asked for."""
        return b""
