"""What an image in Markdown gets besides its address: when it is loaded, and room for it before it is there."""

import re
from io import BytesIO
from typing import Literal
from xml.etree.ElementTree import Element

SIZE_MARKS = re.compile(' data-size="\x1a([0-9]+)\x1a"')
"""In a page's HTML, the place for the width and height of the image that the reference of this number leads to."""
_SIZED = ("width", "height", "style", "class")
"""Attributes by which an author says how large an image is, or may do so in a style sheet."""
_SIZED_HTML = re.compile(rf"(?<![\w-])(?:{'|'.join((*_SIZED, 'srcset', 'sizes'))})\s*=", re.IGNORECASE)
SHOWN = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".svg")
"""Images that browsers show, and that have a size of their own."""
_ROOT = re.compile(rb"<svg\b[^>]*>", re.DOTALL)
_LENGTH: dict[str, re.Pattern[bytes]] = {
    name: re.compile(rb"""\s%s\s*=\s*["']\s*([0-9]{1,5}(?:\.[0-9]+)?)(?:px)?\s*["']""" % name.encode())
    for name in ("width", "height")
}


def prepare(image: Element, *, first: bool) -> None:
    """Have browsers load an image when it comes near, unless it is the `first` of its page, or the author says when.

    An image at the top of a page must not wait: https://web.dev/articles/browser-level-image-lazy-loading.
    """
    if not first and image.get("loading") is None:
        image.set("loading", "lazy")
        if image.get("decoding") is None:
            image.set("decoding", "async")


def wants_size(image: Element) -> bool:
    """Say whether the size of the file is to be written down: not if the author may have set another one."""
    return not any(image.get(name) is not None for name in _SIZED)


def raw_wants_size(attributes: str) -> bool:
    """Say the same of an image in HTML, by its attributes as written. One with several files has no one size."""
    return not _SIZED_HTML.search(attributes)


def size_of(path: str, data: bytes) -> tuple[int, int] | Literal["bad"] | None:
    """Return width and height of an image in CSS pixels, None if it has none of its own, or that it is no image.

    Turned photographs count as they are shown. An SVG file has a size only if it says so in pixels.
    """
    suffix = path[path.rfind(".") :].lower()
    if suffix not in SHOWN:
        return None
    if suffix == ".svg":
        root = _ROOT.search(data)
        if root is None:
            return "bad"
        found = [one.search(root[0]) for one in _LENGTH.values()]
        width, height = (round(float(one[1])) if one else 0 for one in found)
        return (width, height) if width > 0 and height > 0 else None
    import imagesize

    width, height = imagesize.get(BytesIO(data))
    return (int(width), int(height)) if width > 0 and height > 0 else "bad"
