"""From `theme.palette`, in the names of Material, to the colours and the switch that the default theme shows.

The theme makes all its colours of one or two: of each it takes the hue, and chooses the lightness so that contrast
holds. So any colour may be named, by a name of Material or as CSS writes it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

COLOURS = {
    "red": "#ef5552",
    "pink": "#e92063",
    "purple": "#ab47bd",
    "deep-purple": "#7e56c2",
    "indigo": "#4051b5",
    "blue": "#2094f3",
    "light-blue": "#02a6f2",
    "cyan": "#00bdd6",
    "teal": "#009485",
    "green": "#4cae4f",
    "light-green": "#8bc34b",
    "lime": "#cbdc38",
    "yellow": "#ffec3d",
    "amber": "#ffc105",
    "orange": "#ffa724",
    "deep-orange": "#ff6e42",
    "brown": "#795649",
    "grey": "#757575",
    "blue-grey": "#546d78",
    "black": "#808080",
    "white": "#808080",
}
"""Material's colours: https://squidfunk.github.io/mkdocs-material/setup/changing-the-colors/."""

SCHEMES = {"default": "light", "slate": "dark"}
"""Material's names for light and dark."""

KEYS = ("scheme", "primary", "accent", "media", "toggle")

_CSS = re.compile(r"#[0-9a-fA-F]{3,8}|(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)\([^;{}<>()]*\)")


def colour_of(name: Any) -> str | None:
    """Return the colour of a name as CSS; empty for `custom`, which style sheets give; None if there is none."""
    text = str(name).strip()
    slug = text.lower().replace(" ", "-").replace("gray", "grey")
    if slug == "custom":
        return ""
    return COLOURS.get(slug) or (text if _CSS.fullmatch(text) else None)


def problems(entry: Mapping[str, Any]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what is wrong with an entry of a palette: the key, what is wrong, and what would be right."""
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for key, value in entry.items():
        if key not in KEYS:
            found.append((key, f"a palette has no `{key}`", KEYS))
        elif key == "scheme" and value not in SCHEMES:
            found.append((key, f"there is no scheme `{value}`", tuple(SCHEMES)))
        elif key in ("primary", "accent") and value is not None and colour_of(value) is None:
            found.append((key, f"`{value}` is no colour that is known", (*COLOURS, "custom")))
    return found


def colours(palette: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what templates need of a palette.

    Returns:
        `scheme`: `light` or `dark` if the page does not follow the reader's system at first. `switch`: whether readers
        can change that. `style`: custom properties, or nothing. `names`: what the switch is called, by scheme.
    """
    schemes = [scheme_of(entry) for entry in palette]
    switch = len(palette) != 1 or not (palette[0].get("scheme") or palette[0].get("media"))
    scheme = schemes[0] if schemes and not palette[0].get("media") else ""
    if len(palette) == 1 and palette[0].get("media") and not scheme:
        switch = True
    by_scheme: dict[str, Mapping[str, Any]] = {}
    for entry, one in zip(palette, schemes, strict=True):
        by_scheme.setdefault(one, entry)
    light = by_scheme.get("light") or by_scheme.get("") or next(iter(palette), {})
    dark = by_scheme.get("dark") or light
    style = "".join(
        f"--{name}:{value};"
        for name, key in (("brand", "primary"), ("brand-hover", "accent"))
        if (value := _pair(light.get(key), dark.get(key)))
    )
    names = {
        one or "system": str(entry["toggle"]["name"])
        for one, entry in by_scheme.items()
        if isinstance(entry.get("toggle"), dict) and entry["toggle"].get("name")
    }
    return {
        "scheme": scheme,
        "switch": switch,
        "style": style,
        "names": names,
        "primary": str(light.get("primary") or "").replace(" ", "-"),
        "accent": str(light.get("accent") or "").replace(" ", "-"),
    }


def scheme_of(entry: Mapping[str, Any]) -> str:
    """Return `light` or `dark` for an entry of a palette; nothing if it follows the reader's system."""
    media = str(entry.get("media") or "")
    if "dark" in media or "light" in media:
        return "dark" if "dark" in media else "light"
    return "" if media else SCHEMES.get(str(entry.get("scheme")), "")


def _pair(light: Any, dark: Any) -> str:
    one = colour_of(light) if light else ""
    two = colour_of(dark) if dark else one
    if not one or not two or one == two:
        return one or two or ""
    return f"light-dark({one},{two})"
