"""Text -> inline elements by GitHub's rules: the passes of ours and the patterns of extensions, in order of priority.

Python-Markdown's own inline patterns look for one construct each, in text that the others have already changed. That
cannot give what CommonMark says, where code, links and HTML are told apart from left to right, and costs time that
grows with the square of some texts. So the core patterns are replaced by passes: each sees a text once, as a whole.
Patterns of other extensions run between them as ever.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import (
    HTML_PLACEHOLDER,
    HTML_PLACEHOLDER_RE,
    INLINE_PLACEHOLDER_PREFIX,
    INLINE_PLACEHOLDER_RE,
    AtomicString,
)

from ssg.markdown.inline import SelectiveInlineProcessor, needed_characters

HTML_PLACEHOLDER_PREFIX = HTML_PLACEHOLDER.partition("%")[0]
_TAG = re.compile(r"<[^>]*>")

Search = Callable[[str], re.Match[str] | None]


class Pass(InlineProcessor, ABC):
    """An inline pattern that works on the whole of a text instead of one match at a time."""

    def __init__(self, md: Markdown, characters: str) -> None:
        """Run on a text only if the regular expression `characters` is found in it."""
        super().__init__(characters, md)

    @abstractmethod
    def transform(self, data: str, processor: "GithubInlineProcessor", index: int) -> str:
        """Return the text with all that was found replaced by placeholders.

        Args:
            data: The text.
            processor: Has the stash for elements, and the ancestors.
            index: The place of this pass among all patterns: text within elements is for those behind it.
        """


class GithubInlineProcessor(SelectiveInlineProcessor):
    """The inline tree processor that runs passes; unlike stock's it takes each text once, in the page's order.

    No method calls itself by way of what is in the page, so that no nesting is too deep for it.
    """

    def __init__(self, md: Markdown, skipped: Collection[Any] = ()) -> None:
        """Take the place of `md.treeprocessors['inline']`; patterns that are `skipped` are run by a pass."""
        self._above: list[str] = []
        self._within: Element | None = None
        """The element whose text is being processed, until somebody asks for `ancestors`."""
        self._ancestors: list[str] = []
        super().__init__(md)
        self.stashed_nodes: dict[str, Element | str] = {}
        self.edges: dict[str, tuple[str, str]] = {}
        """The first and last character of the text that a placeholder stands for, if they are not punctuation."""
        self._steps: list[tuple[Any, Search | None, bool]] = []
        self._skipped = skipped

    def stash(self, node: Element | str) -> str:
        """Put a node aside, and return the placeholder that stands for it in text."""
        number = f"{len(self.stashed_nodes):04d}"
        self.stashed_nodes[number] = node
        return f"{INLINE_PLACEHOLDER_PREFIX}{number}\x03"

    def stash_whole(self, node: Element | str, index: int) -> str:
        """Put a node aside whose texts are to be handled by the patterns from an index on."""
        if not isinstance(node, str) and not isinstance(node.text, AtomicString):
            for child in (node, *node):
                if child.text:
                    self.ancestors.append(str(child.tag).lower())
                    child.text = self.handle(child.text, index)
                    self.ancestors.pop()
                if child.tail:
                    child.tail = self.handle(child.tail, index)
        return self.stash(node)

    def handle(self, data: str, index: int = 0) -> str:
        """Return a text as all patterns from an index on leave it."""
        if isinstance(data, AtomicString):
            return data
        steps = self._steps
        while index < len(steps):
            pattern, search, is_pass = steps[index]
            if search is None or search(data):
                if is_pass:
                    data = pattern.transform(data, self, index)
                else:
                    start, matched = 0, True
                    while matched:
                        data, matched, start = self._apply(pattern, data, index, start)
            index += 1
        return data

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        """Handle the text in an element that a pattern has made; the base class calls it by this name."""
        return self.handle(data, patternIndex)

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Process the texts of all elements below `tree`."""
        self.stashed_nodes = {}
        self.edges = {}
        self._steps = [_step(pattern) for pattern in self.inlinePatterns if pattern not in self._skipped]
        self.parent_map = {child: parent for parent in tree.iter() if len(parent) for child in parent}
        self._above = ancestors or []
        for element in list(tree.iter())[1:]:
            text, tail = element.text, element.tail
            if text and not text.isspace() and not isinstance(text, AtomicString):
                if element.tag == "p" and not len(element):
                    text = text.rstrip(" ")
                self._within = element
                element.text, nodes = self._expand(self.handle(text))
                element[:0] = nodes
            if tail and not tail.isspace() and not isinstance(tail, AtomicString):
                parent = self.parent_map[element]
                self._within = parent
                element.tail, nodes = self._expand(self.handle(tail))
                place = list(parent).index(element) + 1 if nodes else 0
                parent[place:place] = nodes
        return tree

    @property
    def ancestors(self) -> list[str]:
        """The tags of the elements around the text that is being processed, the outermost first."""
        if self._within is not None:
            found: list[str] = []
            while self._within is not None:
                if isinstance(self._within.tag, str):
                    found.append(self._within.tag.lower())
                self._within = self.parent_map.get(self._within)
            self._ancestors = [*self._above, *reversed(found)]
        return self._ancestors

    @ancestors.setter
    def ancestors(self, tags: list[str]) -> None:
        self._ancestors = tags

    def _expand(self, text: str) -> tuple[str, list[Element]]:
        """Return a text up to its first element, and the elements in it with all that is in them."""
        first, nodes = self._split(text)
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            children = list(node)
            if node.text and INLINE_PLACEHOLDER_PREFIX in node.text:
                node.text, inner = self._split(node.text, type(node.text))
                node[:0] = inner
                waiting += inner
            for child in children:
                if child.tail and INLINE_PLACEHOLDER_PREFIX in child.tail:
                    child.tail, inner = self._split(child.tail)
                    place = list(node).index(child) + 1
                    node[place:place] = inner
                    waiting += inner
            waiting += children
            if node.tag == "img" and "\x02" in (alternative := node.get("alt") or ""):
                node.set("alt", self.plain(alternative))
        return first, nodes

    def _split(self, text: str, kind: type[str] = str) -> tuple[str, list[Element]]:
        if INLINE_PLACEHOLDER_PREFIX not in text:
            return text, []
        first, *parts = INLINE_PLACEHOLDER_RE.split(text)
        nodes: list[Element] = []
        for number, tail in zip(parts[::2], parts[1::2], strict=True):
            node = self.stashed_nodes.get(number, "")
            if isinstance(node, str):
                tail = node + tail
            else:
                nodes.append(node)
            if nodes:
                nodes[-1].tail = (nodes[-1].tail or "") + tail
            else:
                first += tail
        return kind(first), nodes

    def plain(self, text: str) -> str:
        """Return what a text with placeholders says, without any elements."""
        found: list[str] = []
        waiting: list[Element | str] = [text]
        while waiting:
            one = waiting.pop()
            if isinstance(one, str):
                first, *parts = INLINE_PLACEHOLDER_RE.split(one)
                found.append(first)
                for number, tail in zip(parts[-2::-2], parts[:0:-2], strict=True):
                    waiting += (tail, self.stashed_nodes.get(number, ""))
            elif one.tag == "img":
                waiting.append(one.get("alt") or "")
            elif one.tag == "br":
                waiting.append("\n")
            else:
                for child in reversed(one):
                    waiting += (child.tail or "", child)
                waiting.append(one.text or "")
        return HTML_PLACEHOLDER_RE.sub(self._plain_html, "".join(found))

    def _plain_html(self, found: re.Match[str]) -> str:
        stash = self.md.htmlStash
        number = int(found[1])
        return _TAG.sub("", str(stash.rawHtmlBlocks[number])) if number < stash.html_counter else ""


def _step(pattern: Any) -> tuple[Any, Search | None, bool]:
    compiled = pattern.getCompiledRegExp()
    if isinstance(pattern, Pass):
        return pattern, compiled.search, True
    needed = needed_characters(compiled) if isinstance(compiled, re.Pattern) else None
    return pattern, _class(tuple(sorted(needed))) if needed else None, False


def _class(characters: Sequence[str]) -> Search:
    # the marks of elements have a colon, which is nobody's
    marks = f"(?<!{INLINE_PLACEHOLDER_PREFIX})(?<!{HTML_PLACEHOLDER_PREFIX})"
    return re.compile(f"[{re.escape(''.join(characters))}]{marks}").search
