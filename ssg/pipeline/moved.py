"""What a page knows of its sections that have moved elsewhere -> HTML that leads those on who come with an old anchor.

A server never sees the anchor of an address, so the page itself has to do it. Where there are no scripts, the place
with the anchor is a link; the theme shows it to nobody else.
"""

from collections.abc import Collection, Sequence
from html import escape

from ssg.urls import relative

_SCRIPT = """<script>
{
const lead = () => {
const moved = document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (moved && moved.className === "moved") location.replace(moved.firstElementChild.href);
};
addEventListener("hashchange", lead);
lead();
}
</script>"""


def moved(sections: Sequence[tuple[str, str]], url: str, kept: Collection[str]) -> str:
    """Return what is added to a page's HTML; nothing if no section has moved.

    Args:
        sections: Each anchor, and where it leads: a URL relative to the site's root, or one that is absolute.
        url: The page's own URL.
        kept: The anchors that the page still has.
    """
    lines = []
    for anchor, target in sections:
        if anchor not in kept:
            way = target if "://" in target or target.startswith("/") else relative(target, url)
            lines.append(f'<p class="moved" id="{escape(anchor)}"><a href="{escape(way)}">{escape(way)}</a></p>')
    return "\n".join(["", *lines, _SCRIPT]) if lines else ""
