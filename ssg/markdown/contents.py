"""`markdown.extensions.toc` -> the same ids, table and tokens, less the work that comes to nothing."""

import html
import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown.extensions.footnotes import FootnotePostprocessor
from markdown.extensions.toc import (
    TocTreeprocessor,
    escape_cdata,
    nest_toc_tokens,
    remove_fnrefs,
    render_inner_html,
    run_postprocessors,
    strip_tags,
    unescape,
    unique,
)
from markdown.postprocessors import AndSubstitutePostprocessor, RawHtmlPostprocessor
from markdown.util import STX
from pymdownx.critic import CriticsPostprocessor

from ssg.markdown.blocks import Dialect

TABLES = 10
"""A page has no more tables of contents than so many."""
_SPECIAL = re.compile(f"[<>&{STX}]")
_HARMLESS = (AndSubstitutePostprocessor, CriticsPostprocessor, FootnotePostprocessor, RawHtmlPostprocessor)
"""Postprocessors that leave a text as it is that has no special character."""


class QuickToc(TocTreeprocessor):
    """Gives headings their ids, and makes the table of contents."""

    def run(self, doc: Element) -> None:
        """Go through the page. For most pages nobody asks for the table: then none is made."""
        used: set[str] = set()
        headings: list[Element] = []
        marked = False
        for element in doc.iter():
            tag, name = element.tag, element.get("id")
            if name is not None:
                used.add(name)
            if type(tag) is str and tag[0] in "hH" and self.header_rgx.match(tag):
                headings.append(element)
            elif not marked and self.marker and element.text and self.marker in element.text:
                marked = True
        counters: dict[str, int] = {}
        harmless = all(isinstance(one, _HARMLESS) for one in self.md.postprocessors)
        tokens = [token for heading in headings if (token := self._token(heading, used, counters, harmless))]
        engine: Any = self.md
        engine.toc_tokens = nested = nest_toc_tokens(tokens)
        if marked:
            self._put(doc, self.build_toc_div(nested))

        def table() -> str:
            text = engine.serializer(self.build_toc_div(nested))
            for processor in engine.postprocessors:
                text = processor.run(text)
            return str(text)

        engine.toc = table if isinstance(engine, Dialect) else table()

    def _token(self, heading: Element, used: set[str], counters: dict[str, int], harmless: bool) -> Any:
        """Give a heading its id; return what is known of it, or None if no table has headings of its level."""
        self.set_level(heading)
        text = heading.text or ""
        if harmless and not len(heading) and not _SPECIAL.search(text):
            inner = text.strip()
            name = " ".join(inner.split())
        else:
            inner = render_inner_html(remove_fnrefs(heading), self.md)
            name = strip_tags(inner)
        number = heading.get("id")
        if number is None:
            number = unique(self.slugify(html.unescape(name), self.sep), used, counters)  # type: ignore[call-arg] # new in 3.11
            heading.set("id", number)
        label = heading.get("data-toc-label") or ""
        if "data-toc-label" in heading.keys():  # noqa: SIM118 - an element is no mapping
            label = run_postprocessors(unescape(label), self.md)
            name = escape_cdata(strip_tags(label))
            del heading.attrib["data-toc-label"]
        level = int(heading.tag[-1])
        if self.use_anchors:
            self.add_anchor(heading, number)
        if self.use_permalinks not in (False, None):
            self.add_permalink(heading, number)
        if not self.toc_top <= level <= self.toc_bottom:
            return None
        number = unescape(number) if STX in number else number
        return {"level": level, "id": number, "name": name, "html": inner, "data-toc-label": label}

    def _put(self, root: Element, table: Element) -> None:
        """Put the table where its mark is, in a few places at most: each table is as long as the page."""
        left = TABLES
        for parent, child in self.iterparent(root):
            if child.text and child.text.strip() == self.marker and not len(child):
                parent[list(parent).index(child)] = table
                left -= 1
                if not left:
                    return
