"""Each page -> a picture with its title, which other services show beside a link to it.

What is on a card is taken from the page when it is parsed; the card is remembered by that, so that none is drawn twice,
whatever else changes on the page. `card.py` draws.
"""

import json
import posixpath
from collections.abc import Mapping, Sequence
from importlib.util import find_spec

from msgspec import Struct, field

from ssg.config.palette import colour_of
from ssg.config.settings import SiteConfig
from ssg.language import RTL
from ssg.model import Diagnostic, Document, Piece, Remembered, Route, Severity, Site, Task
from ssg.urls import CARDS, card_of

INSTALL = 'pip install "ssg-docs[social]"'
_MODULES = {"PIL": "pillow", "fontpkg_inter": "fontpkg-inter"}
BLOCK = 64
"""What is on so many cards is taken together: nothing is drawn for it."""
_DEFAULT = "#0f4c5c"
_LOGOS = (".png", ".jpg", ".jpeg", ".webp", ".gif")


class Social(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Draws the cards. The options are some of those of Material's plugin of this name, and `font`.

    `cards: false` makes none. `cards_layout_options` has `background_color` and `color`, as CSS writes them: by name,
    hex digits, `rgb()` or `hsl()`. `font` is a TrueType or OpenType file of the project, for scripts that Inter lacks.
    """

    cards: bool = True
    cards_layout_options: dict[str, str] = field(default_factory=dict)
    font: str = ""

    def extract(self, document: Document, language: str) -> bytes:
        """Return what a page says of itself."""
        return str(document.body.meta.get("description") or "").encode("utf-8", "replace")

    def plan(self, site: Site, config: SiteConfig) -> Sequence[Task | Diagnostic]:
        """Plan the folder of cards, one for each page."""
        if not self.cards or not config.indexing:
            return ()
        problem = self._problem(config)
        if problem is not None:
            return (problem,)
        pages = [page for page in site.pages if not page.draft and page.path != "404.md"]
        options = self.cards_layout_options
        logo = "" if "://" in config.theme.logo else config.theme.logo
        data = {
            "site": config.site_name,
            "description": config.site_description,
            "background": options.get("background_color") or _brand(config),
            "colour": options.get("color") or "",
            "rtl": (config.theme.direction or _direction(config.theme.language)) == "rtl",
            "logo": posixpath.normpath(posixpath.join(config.docs_dir, logo)) if logo.endswith(_LOGOS) else "",
            "pages": [[page.path, card_of(page.output).removeprefix(CARDS), page.title] for page in pages],
        }
        task = Task(path=CARDS, pages=tuple(page.path for page in pages), data=data, published_only=True)
        return (task, *self._unwritten(pages))

    def merge(self, task: Task, remembered: Remembered) -> Mapping[str, bytes]:
        """Return the cards: what is on each first, so that one is drawn only if that is new."""
        data = task.data
        blocks = [data["pages"][start : start + BLOCK] for start in range(0, len(data["pages"]), BLOCK)]
        words = remembered.map(
            "words",
            [
                Piece(
                    data=[data["description"], *(title for _, _, title in block)],
                    pages=tuple(path for path, _, _ in block),
                )
                for block in blocks
            ],
        )
        look = {name: data[name] for name in ("site", "background", "colour", "rtl")}
        files = (data["logo"], self.font)
        each = [part for parts in words for part in parts]
        cards = remembered.map("card", [Piece(data=look, parts=(part,), files=files) for part in each])
        return {name: card[0] for (_, name, _), card in zip(data["pages"], cards, strict=True)}

    def words(self, data: list[str], inputs: Sequence[bytes]) -> Sequence[bytes]:
        """Return what is written on the cards of some pages."""
        description, *titles = data
        return [
            json.dumps([title, about.decode() or description], ensure_ascii=False).encode("utf-8", "replace")
            for title, about in zip(titles, inputs, strict=True)
        ]

    def card(self, data: Mapping[str, str | bool], inputs: Sequence[bytes]) -> Sequence[bytes]:
        """Draw a card."""
        from ssg.builtin.social.card import Look, draw

        written, logo, font = inputs
        if self.font and not font:
            raise ValueError(f"there is no file '{self.font}', which `font` names")
        title, description = json.loads(written)
        look = Look(
            site=str(data["site"]),
            background=str(data["background"]),
            colour=str(data["colour"]),
            rtl=bool(data["rtl"]),
            logo=logo,
            font=font,
        )
        return [draw(look, title, description)]

    def _problem(self, config: SiteConfig) -> Diagnostic | None:
        missing = [package for module, package in _MODULES.items() if find_spec(module) is None]
        if missing:
            verb = "is" if len(missing) == 1 else "are"
            # MkDocs projects name the plugin for Material's: they are built without it
            severity = Severity.WARNING if config.format == "mkdocs" else Severity.ERROR
            message = f"cards need {' and '.join(missing)}, which {verb} not installed"
            return Diagnostic(severity=severity, code="social-missing", message=message, hint=f"run: {INSTALL}")
        from ssg.builtin.social.card import is_colour

        for name in ("background_color", "color"):
            colour = self.cards_layout_options.get(name)
            if colour and not is_colour(colour):
                message = f"`{name}` of the plugin `social` is no colour that is known: {colour}"
                hint = "write a name, or hex digits such as `#0f4c5c`"
                return Diagnostic(severity=Severity.ERROR, code="plugin", message=message, hint=hint)
        if not config.site_url:
            message = "no cards are made, since services need whole addresses of pictures"
            hint = "add `site_url` to the configuration"
            return Diagnostic(severity=Severity.WARNING, code="social-address", message=message, hint=hint)
        return None

    def _unwritten(self, pages: Sequence[Route]) -> Sequence[Diagnostic]:
        """Tell if titles cannot be written. Whether a font of the project lacks letters is for its owner to see."""
        if self.font:
            return ()
        from ssg.builtin.social.card import can_write

        lacking = [page.path for page in pages if not can_write(page.title)]
        if not lacking:
            return ()
        count = "1 page" if len(lacking) == 1 else f"{len(lacking)} pages"
        message = f"the title of {count} is not on the card, since the font lacks its letters: {', '.join(lacking[:3])}"
        hint = "give a font that has them: `font: fonts/…ttf` among the options of `social`"
        if len(lacking) > 3:
            message += ", …"
        return (Diagnostic(severity=Severity.WARNING, code="social-font", message=message, hint=hint),)


def _direction(language: str) -> str:
    return "rtl" if language.split("-")[0] in RTL else "ltr"


def _brand(config: SiteConfig) -> str:
    """Return the colour of the theme, if it is one that can be drawn with."""
    from ssg.builtin.social.card import is_colour

    palette = config.theme.palette
    colour = colour_of(palette[0].get("primary", "")) if palette else ""
    return colour if colour and is_colour(colour) else _DEFAULT
