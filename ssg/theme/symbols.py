"""`theme.icon` and others that name icons -> their SVG files, and the style rules that show them.

The default theme draws icons with style sheets, as masks in the colour of the text; an icon that is named takes the
place of one of these: https://squidfunk.github.io/mkdocs-material/setup/changing-the-logo-and-icons/.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from ssg import icons
from ssg.config.palette import scheme_of
from ssg.config.settings import SiteConfig
from ssg.engine.memo import Stage
from ssg.engine.reader import Reader
from ssg.model import Diagnostic, Severity
from ssg.theme.folders import Theme, source

_SHAPES = {"search": "search", "menu": "bars", "close": "cross", "share": "share", "alternate": "globe", "top": "arrow"}
"""The custom properties that the style sheet has for icons."""
_PLACES = {
    "edit": ".source .edit::before",
    "view": ".source .view::before",
    "previous": ".pager [rel=prev] small::before",
    "next": ".pager [rel=next] small::after",
    "annotation": ".annotation::before",
}
"""Where there is no icon unless one is named."""
_DRAWN = (
    'content:"";display:inline-block;inline-size:1em;block-size:1em;margin-inline:.25em;vertical-align:-.125em;'
    "background:currentColor;mask:%s center/contain no-repeat"
)
INLINE = frozenset({"logo", "repo"})
"""Icons that are a part of the page."""
_MARKS = ("repo", "social.")
"""Of these the theme has many itself."""
NAMES = frozenset({*_SHAPES, *_PLACES, *INLINE, "admonition", "tag"})
"""The keys of `theme.icon` that have an effect."""
_WORD = re.compile(r"[\w-]+")
_UNNEEDED = re.compile(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>]*>|\s*\n\s*", re.DOTALL | re.IGNORECASE)


class Wanted(Struct, frozen=True):
    """Names of icons by what they are for: `search`, `admonition.note`, `tag.html`, `scheme.dark`, and so on."""

    names: dict[str, str]


class Symbols(Struct, frozen=True, kw_only=True):
    """SVG by what it is for, and what each that was not found is for, with the reason."""

    svg: dict[str, str] = {}
    problems: tuple[tuple[str, Diagnostic], ...] = ()


def symbols(shared: Theme, wanted: Wanted, reader: Reader) -> Symbols:
    """Read the files of icons, in the folders of the theme (`.icons/`) and in an installed package."""
    own = source(shared, "partials/icons.html", reader.read_text) if wanted.names else None
    found: dict[str, str] = {}
    problems = []
    for use, name in wanted.names.items():
        if own and use.startswith(_MARKS) and f'"{name.rpartition("/")[2]}":' in own[0]:
            continue  # the theme has this one itself
        text = source(shared, f".icons/{name}.svg", reader.read_text)
        if text and "<svg" in text[0]:
            found[use] = _UNNEEDED.sub("", text[0]).strip()
            continue
        message = f"there is no icon '{name}': the theme's own is shown"
        hint = (
            "names are those of the files in the package, such as material/home" if icons.installed() else icons.INSTALL
        )
        problems.append((use, Diagnostic(severity=Severity.WARNING, code="theme-icon", message=message, hint=hint)))
    return Symbols(svg=found, problems=tuple(problems))


SYMBOLS = Stage("symbols", symbols, Theme, Wanted, Symbols)


def wanted(config: SiteConfig) -> Wanted:
    """Return the icons that a configuration names."""
    names: dict[str, str] = {}
    for key, value in config.theme.icon.items():
        if isinstance(value, Mapping) and key in ("admonition", "tag"):
            names |= {f"{key}.{name}": str(one) for name, one in value.items() if one and _WORD.fullmatch(str(name))}
        elif key in NAMES and isinstance(value, str) and value:
            names[key] = value
    for entry in config.theme.palette:
        toggle: Any = entry.get("toggle")
        if isinstance(toggle, dict) and isinstance(toggle.get("icon"), str):
            names[f"scheme.{scheme_of(entry) or 'system'}"] = toggle["icon"]
    social = config.extra.get("social")
    for one in social if isinstance(social, list) else ():
        if isinstance(one, dict) and isinstance(one.get("icon"), str) and "/" in one["icon"]:
            names[f"social.{one['icon']}"] = one["icon"]
    return Wanted(names)


def place_of(use: str) -> tuple[str, ...]:
    """Return where in the configuration an icon is named."""
    kind = use.partition(".")[0]
    return {"social": ("extra", "social"), "scheme": ("theme", "palette")}.get(kind, ("theme", "icon", *use.split(".")))


def style(svg: Mapping[str, str]) -> str:
    """Return style rules that put icons in their places. There is no `<` in them."""
    rules = []
    for use, text in svg.items():
        kind, _, name = use.partition(".")
        url = f'url("data:image/svg+xml,{quote(text, safe=" =:/,;()*+-._~!$&|@?")}")'
        if use in _SHAPES:
            rules.append(f":root{{--icon-{_SHAPES[use]}:{url}}}")
        elif use in _PLACES:
            rules.append(f"{_PLACES[use]}{{{_DRAWN % url}}}")
        elif kind == "admonition":
            rules.append(f".content :is(.admonition,details).{name}{{--icon:{url}}}")
        elif kind == "scheme":
            rules.append(f".scheme[data-now={name}]{{--icon:{url}}}")
        elif kind == "tag":
            rules.append(f"{'.tags a' if name == 'default' else f'.tags .tag-{name}'}::before{{{_DRAWN % url}}}")
    return "".join(sorted(rules, key=lambda rule: not rule.startswith(".tags a:")))
