"""`> [!NOTE]` -> an admonition, as GitHub shows it.

https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts
"""

import re
from xml.etree.ElementTree import Element, SubElement

from ssg.markdown.nodes import Paragraph, Quote

_MARK = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$", re.IGNORECASE)
_CALLOUT = re.compile(r"\[!([^\[\]]+)\]([-+])?(?:[ \t]+(.*))?$")
_COLLAPSED = {"+": "open", "-": "closed"}


def begin(parent: Element, quote: Quote, *, callouts: bool) -> Element | None:
    """Append the admonition that a quote stands for, with its title, and take the mark out of the quote.

    Args:
        parent: What it becomes the last child of.
        quote: The quote.
        callouts: `pymdownx.quotes` does it, which knows other types, titles and folding, as Obsidian has them.

    Returns:
        What the content of the quote belongs in, or None if it is a quote and nothing else.
    """
    first = quote.children[0] if quote.children else None
    if not isinstance(first, Paragraph):
        return None
    found = (_CALLOUT if callouts else _MARK).match(first.lines[0])
    if not found:
        return None
    del first.lines[0]
    if not first.lines:
        del quote.children[0]
    if not callouts:
        kind = found[1].lower()
        # red, as at GitHub: to Material, whose names the classes are, caution is no more than a warning
        look = f"{kind} danger" if kind == "caution" else kind
        element = SubElement(parent, "div", {"class": f"admonition {look}"})
        SubElement(element, "p", {"class": "admonition-title"}).text = kind.capitalize()
        return element
    types = [one.strip() for one in found[1].split("|")]
    classes = " ".join([types[0].lower(), *types[1:]])
    # its tree processor makes the rest of it
    attributes = {"data-alert": classes, "data-alert-collapse": _COLLAPSED.get(found[2] or "", "")}
    element = SubElement(parent, "blockquote", attributes)
    SubElement(element, "p").text = (found[3] or "").strip() or types[0].title()
    return element
