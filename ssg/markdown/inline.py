"""Text -> inline elements, as Python-Markdown does it, less the patterns that cannot match.

Python-Markdown tries every pattern on every piece of text. Nearly all of them need a character that most text has not:
no `[`, no link. Which characters these are is read off the pattern's own regular expression, so it holds for patterns
of any extension, and the result is the same to the byte.
"""

import re
from collections import deque
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import Any, cast
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor as InlinePattern
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

_parser: Any = import_module("re._parser")
"""Python's own parser of regular expressions; its tree is that of the module `sre_parse` of old."""

MOST_CHARACTERS = 24
"""A pattern that can do with any of more characters than these is tried on any text."""


@cache
def needed_characters(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Return characters of which every match of the pattern has at least one, or None if there is no such set."""
    if not isinstance(pattern.pattern, str):
        return None
    flags = pattern.flags
    found = _sequence(_parser.parse(pattern.pattern, flags), bool(flags & re.IGNORECASE))
    return found if found and len(found) <= MOST_CHARACTERS else None


@cache
def first_characters(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Return the characters that a match of the pattern may begin with, or None if these are not known, or too many."""
    if not isinstance(pattern.pattern, str):
        return None
    flags = pattern.flags
    found, whole = _first(_parser.parse(pattern.pattern, flags), bool(flags & re.IGNORECASE))
    return found if whole and found and len(found) <= MOST_CHARACTERS else None


def _first(items: Any, ignore_case: bool) -> tuple[frozenset[str] | None, bool]:
    """Return the first characters of a sequence, and whether it has any in each match."""
    found: list[frozenset[str] | None] = []
    for operator, value in items:
        name = str(operator)
        if name in ("AT", "ASSERT", "ASSERT_NOT"):
            continue
        whole = True
        if name == "BRANCH":
            branches = [_first(branch, ignore_case) for branch in value[1]]
            characters, whole = _union([one for one, _ in branches]), all(one for _, one in branches)
        elif name == "SUBPATTERN":
            characters, whole = _first(value[3], ignore_case or bool(value[1] & re.IGNORECASE))
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            characters, whole = _first(value[2], ignore_case)
            whole = whole and value[0] > 0
        else:
            characters = _item(name, value, ignore_case)
        found.append(characters)
        if whole:
            return _union(found), True
    return _union(found), False


def _sequence(items: Any, ignore_case: bool) -> frozenset[str] | None:
    """All items of a sequence must match: the smallest set that any of them needs will do."""
    sets = [found for operator, value in items if (found := _item(str(operator), value, ignore_case))]
    return min(sets, key=len, default=None)


def _item(operator: str, value: Any, ignore_case: bool) -> frozenset[str] | None:
    if operator == "LITERAL":
        return _cases(value, ignore_case)
    if operator == "IN":
        return _union([_item(str(inner), argument, ignore_case) for inner, argument in value])
    if operator == "RANGE":
        first, last = value
        few = last - first < MOST_CHARACTERS
        return _union([_cases(code, ignore_case) for code in range(first, last + 1)]) if few else None
    if operator == "BRANCH":
        return _union([_sequence(branch, ignore_case) for branch in value[1]])
    if operator == "SUBPATTERN":
        _, add, _, inner = value
        return _sequence(inner, ignore_case or bool(add & re.IGNORECASE))
    if operator == "ATOMIC_GROUP":
        return _sequence(value, ignore_case)
    if operator in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, _, inner = value
        return _sequence(inner, ignore_case) if least else None
    if operator == "ASSERT":  # what is ahead or behind must be in the text as well
        return _sequence(value[1], ignore_case)
    return None  # of anything else nothing is known


def _cases(code: int, ignore_case: bool) -> frozenset[str] | None:
    if not ignore_case:
        return frozenset(chr(code))
    # beyond ASCII more than two characters may count as one; there is no table of them to be had
    return frozenset((chr(code).lower(), chr(code).upper())) if code < 128 and chr(code) not in "kKsSiI" else None


def _union(sets: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    """One of several must match: any character that one of them needs may be the one."""
    if not sets or None in sets:
        return None
    return frozenset().union(*cast(Sequence[frozenset[str]], sets))


class SelectiveInlineProcessor(InlineProcessor):
    """Python-Markdown's inline tree processor that tries only the patterns that can match.

    It calls the methods of the base class by the names that these know one another by.
    """

    def __init__(self, md: Markdown) -> None:
        """Take the place of `md.treeprocessors['inline']`."""
        super().__init__(md)
        self._patterns: list[tuple[Any, frozenset[str] | None]] = []
        self._searches: list[Callable[[str], object] | None] = []
        """What finds the first match of each pattern, as most have none; None: the pattern is of another kind."""
        self._signs: frozenset[str] = frozenset()
        """All characters that some pattern needs."""
        self._plans: dict[frozenset[str], tuple[int, ...]] = {}
        """The numbers of the patterns that may match, by those of these characters that are in a text."""
        self._apply: Any = getattr(self, "_InlineProcessor__applyPattern")  # noqa: B009 - private, but for us
        self._expand_text: Any = getattr(self, "_InlineProcessor__processPlaceholders")  # noqa: B009
        self._build_ancestors: Any = getattr(self, "_InlineProcessor__build_ancestors")  # noqa: B009

    def run(self, tree: Any, ancestors: list[str] | None = None) -> Any:
        """Process a tree as the base class does, but without a search among an element's siblings for itself."""
        patterns = [(pattern, _needed(pattern)) for pattern in self.inlinePatterns]
        if patterns != self._patterns:
            self._patterns, self._plans = patterns, {}
            self._searches = [_search(pattern) for pattern, _ in patterns]
            self._signs = frozenset().union(*(needed for _, needed in patterns if needed is not None))
        self.stashed_nodes: dict[str, Element | str] = {}
        above = [] if ancestors is None else ancestors[:]
        self.parent_map = {child: parent for parent in tree.iter() for child in parent}
        self._build_ancestors(tree, above)
        waiting: deque[tuple[Element, list[str]]] = deque([(tree, above)])
        while waiting:
            element, self.ancestors = waiting.popleft()
            if element is not tree:
                self.ancestors.append(element.tag.lower())
            made: list[tuple[Element, list[tuple[Element, list[str]]]]] = []
            behind = 0
            while behind < len(element):
                child = element[behind]
                behind += 1
                if child.text and not isinstance(child.text, AtomicString):
                    self.ancestors.append(child.tag.lower())
                    text, child.text = child.text, None
                    nodes = self._expand_text(self._InlineProcessor__handleInline(text), child)
                    self.parent_map.update((node, child) for node, _ in nodes)
                    waiting += nodes
                    made.append((child, nodes))
                    self.ancestors.pop()
                if child.tail:
                    tail = self._InlineProcessor__handleInline(child.tail)
                    holder = Element("d")
                    child.tail = None
                    nodes = self._expand_text(tail, holder, False)
                    if holder.tail:
                        child.tail = holder.tail
                    self.parent_map.update((node, element) for node, _ in nodes)
                    element[behind:behind] = [node for node, _ in nodes]  # these are looked at next
                if len(child):
                    self.parent_map[child] = element
                    waiting.append((child, self.ancestors[:]))
            for child, nodes in made:
                child[0:0] = [node for node, _ in nodes]
        return tree

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        if isinstance(data, AtomicString):
            return data
        patterns = self._patterns
        seen, todo = data, self._plan(data)
        position = 0
        while position < len(todo):
            index = todo[position]
            position += 1
            if index < patternIndex:
                continue
            search = self._searches[index]
            if search is not None and search(data) is None:
                continue
            start, matched = 0, True
            while matched:
                data, matched, start = self._apply(patterns[index][0], data, index, start)
            if seen is not data:  # there are placeholders in it now, which other patterns may take
                seen, todo = data, self._plan(data)
                patternIndex, position = index + 1, 0  # noqa: N806 - the base class calls with this name
        return data

    def _plan(self, data: str) -> tuple[int, ...]:
        """Return the numbers of the patterns that may match in a text, in their order."""
        present = self._signs.intersection(data)
        found = self._plans.get(present)
        if found is None:
            found = self._plans[present] = tuple(
                index
                for index, (_, needed) in enumerate(self._patterns)
                if needed is None or not needed.isdisjoint(present)
            )
        return found


def _needed(pattern: Any) -> frozenset[str] | None:
    compiled = pattern.getCompiledRegExp()
    return needed_characters(compiled) if isinstance(compiled, re.Pattern) else None


def _search(pattern: Any) -> Callable[[str], object] | None:
    compiled = pattern.getCompiledRegExp()
    # those of old match a text as a whole
    return compiled.search if isinstance(compiled, re.Pattern) and isinstance(pattern, InlinePattern) else None
