"""The images that pages show -> their widths and heights, so that browsers leave room for them."""

import posixpath

from msgspec import Struct

from ssg.engine.memo import Stage
from ssg.engine.reader import Reader
from ssg.markdown.images import size_of
from ssg.model import Diagnostic, Severity


class PageImages(Struct, frozen=True):
    """Pages with images, each with the digest of what it shows: `Resolved.images`."""

    pages: tuple[tuple[str, bytes], ...]


class Shown(Struct, frozen=True):
    """For each page the numbers of its links that are images, and their paths in the content folder."""

    pages: dict[str, tuple[tuple[int, str], ...]]


class Size(Struct, frozen=True):
    """Width and height in CSS pixels; 0 and 0 where the file has none of its own."""

    size: tuple[int, int]
    diagnostics: tuple[Diagnostic, ...] = ()


def shown(shared: None, argument: PageImages, reader: Reader) -> Shown:
    """Collect what pages show in one value: a later build has one part to load, and not one a page."""
    return Shown({page: reader.value(images, tuple[tuple[int, str], ...]) for page, images in argument.pages})


def size(docs_dir: str, path: str, reader: Reader) -> Size:
    """Return the size of the image at `path` in the content folder."""
    where = posixpath.normpath(posixpath.join(docs_dir, path))
    try:
        found = size_of(path, reader.read_bytes(where))
    except OSError:
        return Size((0, 0))  # a theme or a plugin makes it, or copying it will tell what is wrong
    if found != "bad":
        return Size(found or (0, 0))
    message = "this is not an image that browsers can show, or it is damaged"
    hint = "save it again, with the ending of its format"
    problem = Diagnostic(severity=Severity.WARNING, code="bad-image", message=message, path=where, hint=hint)
    return Size((0, 0), (problem,))


SHOWN = Stage("shown", shown, type(None), PageImages, Shown)
SIZE = Stage("size", size, str, str, Size)
