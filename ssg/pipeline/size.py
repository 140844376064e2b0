"""An image's file -> its width and height, so that browsers leave room for it."""

import posixpath

from msgspec import Struct

from ssg.engine.memo import Stage
from ssg.engine.reader import Reader
from ssg.markdown.images import size_of
from ssg.model import Diagnostic, Severity


class Size(Struct, frozen=True):
    """Width and height in CSS pixels; 0 and 0 where the file has none of its own."""

    width: int
    height: int
    diagnostics: tuple[Diagnostic, ...] = ()


def size(docs_dir: str, path: str, reader: Reader) -> Size:
    """Return the size of the image at `path` in the content folder."""
    where = posixpath.normpath(posixpath.join(docs_dir, path))
    try:
        found = size_of(path, reader.read_bytes(where))
    except OSError:
        return Size(0, 0)  # a theme or a plugin makes it, or copying it will tell what is wrong
    if found != "bad":
        return Size(*(found or (0, 0)))
    message = "this is not an image that browsers can show, or it is damaged"
    hint = "save it again, with the ending of its format"
    problem = Diagnostic(severity=Severity.WARNING, code="bad-image", message=message, path=where, hint=hint)
    return Size(0, 0, (problem,))


SIZE = Stage("size", size, str, str, Size)
