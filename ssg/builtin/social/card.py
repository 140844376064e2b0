"""The words of a card, and how it looks -> a PNG.

The size is what Open Graph's consumers ask for: https://developers.facebook.com/docs/sharing/webmasters/images/. Text
that the font has no letters for is left out, rather than drawn as boxes.
"""

import contextlib
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image, ImageColor, ImageDraw, ImageFont, UnidentifiedImageError, features

WIDTH, HEIGHT = 1200, 630
_MARGIN = 80
_LOGO = 88
_STEPS = 32
_QUIET, _FAINT = 200, 64
"""How far some of the text, and the line at the foot, are from the background, of 255."""
_WHITE, _BLACK = (255, 255, 255), (17, 20, 24)
_TITLES = (88, 76, 64, 54, 46)
"""Sizes of the title, the largest that fits first."""
_PIECES = re.compile(
    r"\s+|[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]|[^\s\u2e80-\u9fff\uac00-\ud7af]+"
)
"""Where lines may be broken: at spaces, and between signs of scripts that have none."""
_SHAPED = ("ARABIC", "HEBREW", "DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "THAI", "KHMER", "MYANMAR", "SYRIAC")
"""Scripts whose letters must be put in order or joined by a library that not every Pillow has."""

_OF_EMOJI = frozenset("\ufe0e\ufe0f\u20e3")

Colour = tuple[int, int, int]


class Look(NamedTuple):
    """What is the same on all cards of a site; `logo` and `font` are contents of files."""

    site: str
    background: str
    colour: str
    rtl: bool
    logo: bytes
    font: bytes


def is_colour(text: str) -> bool:
    """Say whether a text is a colour that can be drawn with."""
    try:
        ImageColor.getrgb(text)
    except ValueError:
        return False
    return True


def can_write(text: str, font: bytes = b"") -> bool:
    """Say whether a font (Inter, unless another is given) has all letters of a text."""
    return bool(_written(text, font).strip()) or not text.strip()


def draw(look: Look, title: str, description: str) -> bytes:
    """Return a card as PNG."""
    background = _dark_enough(look.background) if not look.colour else _rgb(look.background)
    colour = _rgb(look.colour) if look.colour else _WHITE
    # all that is drawn lies between the two colours: it is drawn in grey, which takes half of the time
    image = Image.new("L", (WIDTH, HEIGHT), 0)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, HEIGHT - 16, WIDTH, HEIGHT), fill=_FAINT)
    top = _MARGIN
    logo = _logo(look.logo)
    left = _MARGIN
    if logo is not None:
        left += logo.width + 28
    site = _written(look.site, look.font)
    if site:
        font = _font(look.font, 38, 600)
        line = next(_lines(pen, site, font, WIDTH - _MARGIN - left, 1), "")
        middle = top + _LOGO // 2
        at = WIDTH - left if look.rtl else left
        pen.text((at, middle), line, _QUIET, font, anchor="rm" if look.rtl else "lm")
    about = _block(pen, _written(description, look.font), look, (34,), 400, 2)
    words = _block(pen, _written(title, look.font), look, _TITLES, 700, 3)
    # the title begins below the name of the site, and what there is room for comes behind
    space = HEIGHT - 16 - (top + _LOGO) - 56
    height = words.height + (about.height + 28 if about.lines else 0)
    y = top + _LOGO + max(40, (space - height) // 2)
    _write(pen, words, y, 255, look)
    if about.lines and y + height <= HEIGHT - 16 - 40:
        _write(pen, about, y + words.height + 28, _QUIET, look)
    finished = _coloured(image, background, colour)
    if logo is not None:
        finished = finished.convert("RGB")
        finished.paste(logo, (WIDTH - _MARGIN - logo.width if look.rtl else _MARGIN, top), logo)
        finished = finished.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    stream = BytesIO()
    finished.save(stream, "PNG", compress_level=6)
    return stream.getvalue()


class _Block(NamedTuple):
    """Lines of text in a font, so many pixels high together."""

    lines: tuple[str, ...]
    font: ImageFont.FreeTypeFont
    step: int

    @property
    def height(self) -> int:
        return self.step * len(self.lines)


def _block(pen: ImageDraw.ImageDraw, text: str, look: Look, sizes: tuple[int, ...], weight: int, most: int) -> _Block:
    """Return a text in the largest size in which it fits into so many lines; what is too long is cut."""
    width = WIDTH - 2 * _MARGIN
    for size in sizes:
        font = _font(look.font, size, weight)
        lines = tuple(_lines(pen, text, font, width, most))
        if len(lines) < most or not lines[-1].endswith("…"):
            break
    return _Block(lines, font, round(size * 1.2 if weight > 500 else size * 1.4))


def _lines(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: int, most: int) -> Iterator[str]:
    """Yield the lines that a text is broken into."""
    line, count = "", 0
    pieces = _PIECES.findall(" ".join(text.split()))
    for number, piece in enumerate(pieces):
        if not line.strip() or pen.textlength((line + piece).rstrip(), font) <= width:
            line += piece
            if pen.textlength(line.rstrip(), font) <= width:
                continue
        count += 1
        whole = line.strip()
        if count == most or pen.textlength(whole, font) > width:
            yield _cut(pen, whole if count < most else f"{whole} {''.join(pieces[number:])}", font, width)
            if count == most:
                return
            line = ""
        else:
            yield whole
            line = piece
    if line.strip():
        yield line.strip()


def _cut(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """Return the beginning of a text that fits into a line."""
    low, high = 0, min(len(text), 400)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if pen.textlength(f"{text[:middle]}…", font) <= width else (low, middle - 1)
    kept = text[:low]
    if low < len(text) and not text[low].isspace() and " " in kept[-24:]:
        kept = kept[: kept.rindex(" ")]  # rather than within a word
    return kept.rstrip(" .,;:-–—") + "…"


def _write(pen: ImageDraw.ImageDraw, block: _Block, y: int, level: int, look: Look) -> None:
    for number, line in enumerate(block.lines):
        at = WIDTH - _MARGIN if look.rtl else _MARGIN
        anchor = "ra" if look.rtl else "la"
        pen.text((at, y + number * block.step), line, level, block.font, anchor=anchor)


def _written(text: str, font: bytes) -> str:
    """Return what of a text can be written: without pictures such as emoji; nothing if letters are lacking."""
    found = []
    for sign in unicodedata.normalize("NFC", text):
        if sign.isspace():
            found.append(" ")
        elif _has(sign, font):
            found.append(sign)
        elif unicodedata.category(sign)[0] in "LMN" and sign not in _OF_EMOJI:
            return ""
    return " ".join("".join(found).split())


@lru_cache(maxsize=4096)
def _has(sign: str, font: bytes) -> bool:
    """Say whether a font has a letter, and this Pillow can put it in its place."""
    kind = unicodedata.category(sign)
    if kind[0] == "C" or sign in _OF_EMOJI:
        return False
    if unicodedata.name(sign, "").startswith(_SHAPED) and not _shapes():
        return False
    letters = _font(font, 40, 400)
    none = letters.getmask("\U0010ffff")
    mask = letters.getmask(sign)
    return mask.size != none.size or bytes(mask) != bytes(none)


@lru_cache(maxsize=1)
def _shapes() -> bool:
    return bool(features.check("raqm") and features.check("fribidi"))


@lru_cache(maxsize=64)
def _font(data: bytes, size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Return a font in a size and weight. The one that is not given is Inter, which is drawn alike by every Pillow."""
    engine = ImageFont.Layout.RAQM if data and features.check("raqm") else ImageFont.Layout.BASIC
    try:
        font = ImageFont.truetype(BytesIO(data or _inter()), size, layout_engine=engine)
    except OSError as error:
        raise ValueError("the file of `font` is not a font that can be read") from error
    wanted = {b"weight": weight, b"optical size": size}
    with contextlib.suppress(OSError):  # of a font with one weight
        axes = font.get_variation_axes()
        font.set_variation_by_axes([_within(axis, wanted.get((axis["name"] or b"").lower())) for axis in axes])
    return font


def _within(axis: Any, wanted: int | None) -> float:
    """Return a value that an axis of a variable font has."""
    least, most, default = (float(axis[name] or 0) for name in ("minimum", "maximum", "default"))
    return default if wanted is None else min(max(wanted, least), most)


@lru_cache(maxsize=1)
def _inter() -> bytes:
    import fontpkg_inter

    return (Path(fontpkg_inter.__file__).parent / "files" / "Inter[opsz,wght].ttf").read_bytes()


@lru_cache(maxsize=4)
def _logo(data: bytes) -> Image.Image | None:
    """Return the logo as high as its place; None if it is no picture."""
    if not data:
        return None
    try:
        with Image.open(BytesIO(data)) as source:
            picture = source.convert("RGBA")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None
    width = min(round(picture.width * _LOGO / picture.height), 4 * _LOGO)
    return picture.resize((max(width, 1), _LOGO), Image.Resampling.LANCZOS)


def _coloured(image: Image.Image, background: Colour, colour: Colour) -> Image.Image:
    """Return a picture in grey as one from a colour to another, in so many steps as eyes need for smooth letters."""
    steps = image.point([round(level * (_STEPS - 1) / 255) for level in range(256)])
    steps = Image.frombytes("P", image.size, steps.tobytes())
    palette = [_mixed(colour, background, step / (_STEPS - 1)) for step in range(_STEPS)]
    steps.putpalette([part for one in palette for part in one])
    return steps


def _rgb(text: str) -> Colour:
    found = ImageColor.getrgb(text)
    return found[0], found[1], found[2]


def _mixed(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(one * share + two * (1 - share)) for one, two in zip(colour, other, strict=True))
    return red, green, blue


def _dark_enough(text: str) -> Colour:
    """Return a colour, darker if need be, that white text can be read on: a contrast of 7 and more.

    https://www.w3.org/TR/WCAG22/#contrast-enhanced
    """
    colour = _rgb(text)
    while 1.05 / (_luminance(colour) + 0.05) < 7:
        colour = _mixed(colour, _BLACK, 0.9)
    return colour


def _luminance(colour: Colour) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    red, green, blue = (one / 255 / 12.92 if one <= 10 else ((one / 255 + 0.055) / 1.055) ** 2.4 for one in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
