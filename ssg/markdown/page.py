"""The page that is being converted, as our own extensions see it."""

from dataclasses import dataclass, field

from ssg.engine.reader import Reader
from ssg.markdown.cut import Code
from ssg.markdown.slugs import Slugs
from ssg.model import LinkKind, Severity


@dataclass(frozen=True)
class FoundLink:
    """A reference as it stands in the Markdown or HTML, not yet with its place in the author's file."""

    target: str
    kind: LinkKind
    wants_size: bool = False
    """It is an image whose size is to be written down."""


@dataclass(frozen=True)
class Problem:
    """Something wrong in a page. `needle` is the text to point at, as the author wrote it."""

    code: str
    message: str
    needle: str
    hint: str = ""
    severity: Severity = Severity.WARNING
    in_code: bool = False
    """The needle stands in a block of code."""


@dataclass
class Page:
    """What extensions collect while a page is converted; one object that is made empty for each page."""

    reader: Reader | None = None
    links: list[FoundLink] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    included: list[str] = field(default_factory=list)
    """Files whose text became part of the page."""
    code: list[Code] = field(default_factory=list)
    """Blocks of highlighted code."""
    slugs: Slugs = field(default_factory=Slugs)

    def slug(self, text: str, separator: str) -> str:
        """Return the id of the next heading."""
        return self.slugs.add(text, separator)

    def begin(self, reader: Reader) -> None:
        """Make it empty for the next page."""
        self.reader = reader
        self.links = []
        self.problems = []
        self.included = []
        self.code = []
        self.slugs = Slugs()
