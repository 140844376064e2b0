"""Attribute lists, with a word about those that cannot be meant as they are written."""

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.attr_list import AttrListExtension, get_attrs_and_remainder

from ssg.markdown.accelerated import QuickAttrList
from ssg.markdown.page import Page, Problem


class CheckedAttributesExtension(AttrListExtension):
    """`attr_list` that tells of values whose quotes are not closed."""

    def __init__(self, page: Page) -> None:
        """Report to `page`."""
        super().__init__()
        self.page = page

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Take the place of the base class's processor."""
        super().extendMarkdown(md)
        md.treeprocessors.register(_Attributes(md, self.page), "attr_list", 8)


class _Attributes(QuickAttrList):
    def __init__(self, md: Markdown, page: Page) -> None:
        super().__init__(md)
        self.page = page

    def assign_attrs(self, elem: Element, attrs_string: str, *, strict: bool = False) -> str:
        if '"' in attrs_string or "'" in attrs_string:
            for name, value in get_attrs_and_remainder(attrs_string)[0]:
                if value and value[0] in "\"'" and name != ".":
                    message = f"the value of the attribute '{name}' has a quote that is not closed"
                    needle = attrs_string.split("}")[0].strip()
                    self.page.problems.append(Problem("bad-attribute", message, needle, "close it before the brace"))
        return super().assign_attrs(elem, attrs_string, strict=strict)
