"""`> [!NOTE]` -> an admonition, as GitHub shows it.

https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts
"""

import re
from xml.etree.ElementTree import Element, SubElement

from ssg.markdown.nodes import Paragraph, Quote

_MARK = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$", re.IGNORECASE)


def begin(parent: Element, quote: Quote) -> Element | None:
    """Append the admonition that a quote stands for, with its title, and take the mark out of the quote.

    Returns:
        What the content of the quote belongs in, or None if it is a quote and nothing else.
    """
    first = quote.children[0] if quote.children else None
    found = _MARK.match(first.lines[0]) if isinstance(first, Paragraph) else None
    if not (found and isinstance(first, Paragraph)):
        return None
    del first.lines[0]
    if not first.lines:
        del quote.children[0]
    kind = found[1].lower()
    element = SubElement(parent, "div", {"class": f"admonition {kind}"})
    title = SubElement(element, "p", {"class": "admonition-title"})
    title.text = kind.capitalize()
    return element
