"""References in a page -> numbered marks, so that they are resolved once all addresses are known; see `marks.py`."""

import html
import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from ssg.markdown import images
from ssg.markdown.delimited import substitute
from ssg.markdown.marks import MARK
from ssg.markdown.page import FoundLink, Page
from ssg.model import LinkKind

ATTRIBUTES = {
    "a": ("href",),
    "area": ("href",),
    "img": ("src",),
    "source": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "object": ("data",),
}
_SHOWN = frozenset(ATTRIBUTES) - {"a", "area", "iframe"}

_GENERATED = frozenset({"headerlink", "toclink", "footnote-ref", "footnote-backref"})
"""Classes of links that extensions make: they point at what is there."""

_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|\x02")
"""The start of a URL that has a scheme or a host, or of a mail address that Python-Markdown hides from robots."""


def _any_case(names: Iterable[str]) -> str:
    """Return a regular expression for names of tags; one that disregards case as a whole takes twice the time."""
    return "|".join("".join(f"[{letter}{letter.upper()}]" for letter in name) for name in names)


_TAGS = re.compile(
    rf"""<(?=[!aeiotvAEIOTV]|[sS][^pP])(?!a\ (?:id="__codeline|class="headerlink"))(?: # extensions make many of these
         (!--)  # nothing in a comment is a link
       | ({_any_case(("script", "style", "textarea"))})\b
       | (?:{_any_case(ATTRIBUTES)})(?=[\s/])[^<>"']*+(?:(?:"[^"]*"|'[^']*')[^<>"']*+)*+()>)
     """,
    re.VERBOSE,
)
_ENDS = {
    "!--": re.compile("-->"),
    **{tag: re.compile(rf"</{tag}\s*>", re.IGNORECASE) for tag in ("script", "style", "textarea")},
    "": re.compile(""),
}
_TAG = re.compile(r"<([a-z]+)(.*)>", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(
    r"""(?<![\w-])(?P<name>href|src|poster|data)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+))""",
    re.IGNORECASE,
)


class LinkExtension(Extension):
    """Marks the references that were written in Markdown."""

    def __init__(self, page: Page) -> None:
        """Collect references in `page`."""
        super().__init__()
        self.page = page

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Run after all others: attribute lists and footnotes make links too."""
        md.treeprocessors.register(LinkTreeprocessor(self.page, md), "ssg-links", -100)


class LinkTreeprocessor(Treeprocessor):
    """Marks references in the tree."""

    def __init__(self, page: Page, md: Markdown) -> None:
        """Collect references in `page`."""
        super().__init__(md)
        self.page = page

    def run(self, root: Element) -> None:
        """Replace each reference below `root` by its mark."""
        links = self.page.links
        first = True
        # pymdownx.b64 puts files into the page afterwards, and knows them by their paths
        embedded = "b64" in self.md.postprocessors
        for element in root.iter():
            names = ATTRIBUTES.get(element.tag) if isinstance(element.tag, str) else None
            if not names:
                continue
            if element.tag == "img":
                images.prepare(element, first=first)
                first = False
                if embedded:
                    continue
            for name in names:
                target = element.get(name)
                if not target or is_elsewhere(target) or _is_generated(element):
                    continue
                element.set(name, f"{MARK}{len(links)}{MARK}")
                kind = LinkKind.IMAGE if element.tag in _SHOWN else LinkKind.LINK
                wants_size = element.tag == "img" and images.wants_size(element)
                if wants_size:
                    element.set("data-size", f"{MARK}{len(links)}{MARK}")
                links.append(FoundLink(html.unescape(target), kind, wants_size))


def _is_generated(element: Element) -> bool:
    return not _GENERATED.isdisjoint((element.get("class") or "").split())


def is_elsewhere(target: str) -> bool:
    """Say whether a reference leads out of the site in any case."""
    return _ELSEWHERE.match(target) is not None


def mark_raw(text: str, page: Page) -> str:
    """Return the HTML with the references in its raw parts marked too, and collect them in `page`."""

    def tag(part: str) -> str:
        found = _TAG.fullmatch(part)
        if found is None or found[1].lower() not in ATTRIBUTES:
            return part
        name, rest = found.groups()
        if "=" not in rest or _has_generated_class(rest):
            return part
        wanted = ATTRIBUTES[name.lower()]

        def attribute(match: re.Match[str]) -> str:
            value = html.unescape(match["double"] or match["single"] or match["bare"] or "")
            if match["name"].lower() not in wanted or not value or MARK in value or is_elsewhere(value):
                return match[0]
            page.links.append(FoundLink(value, LinkKind.RAW))
            return f'{match["name"]}="{MARK}{len(page.links) - 1}{MARK}"'

        return f"<{name}{_ATTRIBUTE.sub(attribute, rest)}>"

    return substitute(_TAGS, _ENDS, tag, text)


def _has_generated_class(rest: str) -> bool:
    return "__codelineno" in rest or any(name in rest for name in _GENERATED)
