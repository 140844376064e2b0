"""Processors of Python-Markdown and pymdown-extensions -> such as give the same result sooner.

Each class here takes the place of exactly one, under the same name in the same registry, and leaves out work that
comes to nothing: looking through texts that have no such sign, or through the whole tree for what is not in it. A
processor of a class that is not known stays as it is.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.md_in_html import MarkdownInHTMLPostprocessor
from markdown.extensions.toc import TocTreeprocessor
from markdown.inlinepatterns import InlineProcessor as InlinePattern
from markdown.postprocessors import RawHtmlPostprocessor
from markdown.preprocessors import NormalizeWhitespace
from markdown.serializers import to_xhtml_string
from markdown.treeprocessors import InlineProcessor, PrettifyTreeprocessor, UnescapeTreeprocessor
from markdown.util import ETX, HTML_PLACEHOLDER, STX
from pymdownx.critic import CRITIC_KEY, CriticsPostprocessor
from pymdownx.superfences import SuperFencesBlockPreprocessor

from ssg.markdown.contents import QuickToc
from ssg.markdown.deferred import QuickSuperFences, RawBlock
from ssg.markdown.footnotes import QuickFootnotes
from ssg.markdown.inline import SelectiveInlineProcessor
from ssg.markdown.regex import without_context
from ssg.markdown.serializer import serialize


def accelerate(engine: Markdown) -> None:
    """Let the processors of an engine that are known work faster, when all extensions have been loaded."""
    for registry in (engine.preprocessors, engine.treeprocessors, engine.postprocessors):
        for item in registry:
            faster = _FASTER.get(type(item))
            if faster is not None:
                item.__class__ = faster  # it stays the object that other extensions may hold
    for extension in engine.registeredExtensions:
        if type(extension) is FootnoteExtension:
            extension.__class__ = QuickFootnotes
    if engine.serializer is to_xhtml_string:
        engine.serializer = serialize


class QuickNormalizeWhitespace(NormalizeWhitespace):
    """Makes line ends and tabs alike, and empties blank lines."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines. A regular expression that begins with a newline is quicker than one that looks back."""
        source = "\n".join(lines).replace(STX, "").replace(ETX, "")
        source = source.replace("\r\n", "\n").replace("\r", "\n") + "\n\n"
        if "\t" in source:
            source = source.expandtabs(self.md.tab_length)
        return re.sub(r"\n +(?=\n)", "\n", source).split("\n")


class _AtEnd:
    """Looks for what is written in braces at the end of a text; without a brace there, not from each other one on."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        # where a run of spaces cannot begin it, none of them can
        self._pattern = re.compile(pattern.pattern.replace("[ ]+", "(?<! )[ ]+", 1))

    def search(self, text: str) -> re.Match[str] | None:
        return self._pattern.search(text) if text.rstrip(" \n").endswith("}") else None


class QuickAttrList(AttrListTreeprocessor):
    """Sets attributes that are written in braces."""

    HEADER_RE: Any = _AtEnd(AttrListTreeprocessor.HEADER_RE)  # type: ignore[misc]
    BLOCK_RE: Any = _AtEnd(AttrListTreeprocessor.BLOCK_RE)  # type: ignore[misc]

    def run(self, doc: Element) -> None:
        """Look for them if there is any brace."""
        if "{" in _texts(doc):
            super().run(doc)


class QuickInline(InlineProcessor):
    """Applies the patterns of an extension that has its own: smart symbols, typographic quotes."""

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Go through the tree if a pattern matches anything in it."""
        if not self._matches(tree):
            return tree
        processor = SelectiveInlineProcessor(self.md)
        processor.inlinePatterns = self.inlinePatterns
        return processor.run(tree, ancestors)  # type: ignore[no-any-return]

    def _matches(self, tree: Element) -> bool:
        texts = _texts(tree)
        for pattern in self.inlinePatterns:
            if not isinstance(pattern, InlinePattern):
                return True
            wider = without_context(pattern.getCompiledRegExp())
            if wider is None or wider.search(texts):
                return True
        return False


class QuickPrettify(PrettifyTreeprocessor):
    """Puts newlines between blocks."""

    def _prettifyETree(self, elem: Element) -> None:  # noqa: N802 - the base class's name
        kinds: dict[Any, bool] = {}
        stack = [elem]
        is_block_level = self.md.is_block_level
        while stack:
            one = stack.pop()
            tail = one.tail
            if not tail or not tail.strip():
                one.tail = "\n"
            tag = one.tag
            if tag in ("code", "pre") or not is_block_level(tag):
                continue
            for child in one:
                if child.tag not in kinds:
                    kinds[child.tag] = is_block_level(child.tag)
            blocks = [child for child in one if kinds[child.tag]]
            stack += blocks
            if blocks and blocks[0] is one[0] and (not one.text or not one.text.strip()):
                one.text = "\n"


class QuickUnescape(UnescapeTreeprocessor):
    """Puts back characters that were escaped with backslashes."""

    def run(self, root: Element) -> None:
        """Do so in texts and attributes that have the mark."""
        for element in root.iter():
            text, tail = element.text, element.tail
            if text and STX in text and element.tag != "code":
                element.text = self.unescape(text)
            if tail and STX in tail:
                element.tail = self.unescape(tail)
            for key, value in element.items():
                if value is not None and STX in value:
                    element.set(key, self.unescape(value))


_PLACEHOLDER = HTML_PLACEHOLDER % "([0-9]+)"
_PLACEHOLDERS = re.compile(f"<p>{_PLACEHOLDER}</p>|{_PLACEHOLDER}")


class QuickRawHtml(RawHtmlPostprocessor):
    """Puts back HTML that was put aside."""

    def run(self, text: str) -> str:
        """Do so in texts that have a mark; highlighted code, which is long, has none."""
        stash = self.md.htmlStash
        if STX not in text or not stash.html_counter:
            return text

        def put_back(found: re.Match[str]) -> str:
            number = int(found[1] or found[2])
            if number >= stash.html_counter:
                return found[0]
            raw = stash.rawHtmlBlocks[number]
            html = self.stash_to_string(raw)  # type: ignore[arg-type]
            if found[1] and not isinstance(raw, RawBlock) and not self.isblocklevel(html):
                html = f"<p>{html}</p>"
            return _PLACEHOLDERS.sub(put_back, html) if STX in html else html

        return _PLACEHOLDERS.sub(put_back, text)


class QuickMarkdownInHtml(QuickRawHtml, MarkdownInHTMLPostprocessor):
    """Puts back HTML that was put aside, elements among it."""


class QuickCritic(CriticsPostprocessor):  # type: ignore[misc] # pymdownx has no types
    """Puts back marks of editors."""

    def run(self, text: str) -> str:
        """Do so where there are any."""
        return str(super().run(text)) if f"{STX}{CRITIC_KEY.partition('%')[0]}" in text else text


def _texts(tree: Element) -> str:
    """Return all texts of a tree, on lines of their own."""
    return "\n".join([text for element in tree.iter() for text in (element.text, element.tail) if text])


_FASTER: dict[type, type] = {
    AttrListTreeprocessor: QuickAttrList,
    CriticsPostprocessor: QuickCritic,
    InlineProcessor: QuickInline,
    MarkdownInHTMLPostprocessor: QuickMarkdownInHtml,
    NormalizeWhitespace: QuickNormalizeWhitespace,
    PrettifyTreeprocessor: QuickPrettify,
    RawHtmlPostprocessor: QuickRawHtml,
    SuperFencesBlockPreprocessor: QuickSuperFences,
    TocTreeprocessor: QuickToc,
    UnescapeTreeprocessor: QuickUnescape,
}
