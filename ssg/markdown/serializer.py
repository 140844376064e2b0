"""A tree of elements -> XHTML, as Python-Markdown's serializer writes it, sooner."""

from functools import cache
from xml.etree.ElementTree import Element

from markdown.serializers import HTML_EMPTY, RE_AMP, to_xhtml_string  # type: ignore[attr-defined]


def serialize(root: Element) -> str:
    """Return what `markdown.serializers.to_xhtml_string` returns."""
    pieces: list[str] = []
    add = pieces.append
    stack: list[Element | str] = [root]
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            add(element)
            continue
        tag = element.tag
        if type(tag) is not str:  # a comment, or a name with a namespace: nothing that pages are made of
            return to_xhtml_string(root)
        is_empty, is_raw = _kind(tag)
        attributes = _attributes(element) if element.keys() else ""
        tail = element.tail
        if is_empty:
            add(f"<{tag}{attributes} />")
            if tail:
                add(_escape(tail))
            continue
        text = element.text
        if text and not is_raw:
            text = _escape(text)
        add(f"<{tag}{attributes}>{text or ''}")
        if not len(element):
            add(f"</{tag}>{_escape(tail) if tail else ''}")
            continue
        stack.append(f"</{tag}>{_escape(tail) if tail else ''}")
        stack += element[::-1]
    return "".join(pieces)


@cache
def _kind(tag: str) -> tuple[bool, bool]:
    """Say of a tag whether it has no content, and whether its text is not escaped."""
    return tag.lower() in HTML_EMPTY, tag.lower() in ("script", "style")


def _attributes(element: Element) -> str:
    text = ""
    for key, value in sorted(element.items()):
        if value is None:
            text += f" {key}"
            continue
        value = _escape(value)
        if '"' in value:
            value = value.replace('"', "&quot;")
        text += f' {key}="{value}"'
    return text


def _escape(text: str) -> str:
    if "&" in text:
        text = RE_AMP.sub("&amp;", text)
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text
