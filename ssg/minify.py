"""Text of a page, a style sheet or a script -> the same with fewer characters.

Pages are made smaller by minify-html, an extra of the package (https://github.com/wilsonzlin/minify-html). Style sheets
and scripts lose comments and white space alone: nothing is renamed or put in another order. A script is parsed by
tree-sitter (https://tree-sitter.github.io), since only so it is known what is a text or a regular expression; a style
sheet has but a few kinds of tokens (https://www.w3.org/TR/css-syntax-3/#tokenization). Libraries that do not parse are
no help: within `@layer`, rcssmin makes another selector of `.a :hover`, and rjsmin breaks private fields of classes.

They are imported only where something is minified.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Parser, Tree

INSTALL = 'pip install "ssg-docs[minify]"'

_ESCAPE = r"\\(?:[0-9a-f]{1,6}(?:\r\n|[ \t\r\n\f])?|\r\n|.)"
_CSS = re.compile(
    rf"""(?P<kept>
        "(?:[^"\\\n\r\f]|{_ESCAPE})*+(?:"|\r\n|[\n\r\f])?
      | '(?:[^'\\\n\r\f]|{_ESCAPE})*+(?:'|\r\n|[\n\r\f])?
      | (?<![-\w\u0080-\U0010ffff]) url\( (?![ \t\r\n\f]*+["']) (?:[^)\\]|{_ESCAPE})*+ \)?
      | (?!\\[\n\r\f]){_ESCAPE}[-\w\u0080-\U0010ffff]*+ | {_ESCAPE}
      | /\*!.*?(?:\*/|\Z)
      )
    | (?P<last>;)? (?P<blank>(?:[ \t\r\n\f] | (?>/\*(?!!).*?(?:\*/|\Z)))++)
    | ;(?=\}})""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CSS_SIGNS = frozenset("{};,>")
"""Beside these, white space says nothing in a style sheet, neither in a selector nor in a value."""

_CSS_END = re.compile("[{};]")
_NAME = re.compile(r"[ \t\r\n\f]*[-\w]+")
_FAR = 200
"""How far before its colon a property's name is looked for, in characters."""

_COMMENTS = ("comment", "html_comment")
_WHOLE = frozenset(("string", "template_string", "regex", *_COMMENTS))
_SIGNS = frozenset(b"{}()[],;:=?&|")
"""Beside these, a space says nothing in a script; beside other signs it may keep two from becoming a third."""
_OPENING, _CLOSING = frozenset(b"{([,;"), frozenset(b"}]),;")
"""After and before these, a line break ends no statement: https://tc39.es/ecma262/#sec-automatic-semicolon-insertion."""


def installed() -> bool:
    """Say whether pages can be made smaller, too."""
    return find_spec("minify_html") is not None


def html(text: str) -> str:
    """Return a page without comments and needless white space, quotes and attributes.

    Scripts and style sheets in it stay as they are, so that a content security policy can name their hashes. Closing
    tags stay, for tools that read pages less well than browsers do.
    """
    import minify_html

    return minify_html.minify(
        text,
        keep_closing_tags=True,
        keep_html_and_head_opening_tags=True,
        minify_css=False,
        minify_js=False,
        minify_doctype=False,
    )


def css(text: str) -> str:
    """Return a style sheet without needless white space, and without comments but those with a licence, `/*! … */`."""
    return _CSS.sub(_shorter_css, text)


def _shorter_css(found: re.Match[str]) -> str:
    blank = found["blank"]
    if blank is None:
        return found["kept"] or ""
    text, start, end = found.string, found.start("blank"), found.end()
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    last = "" if after == "}" else found["last"] or ""
    loose = before in _CSS_SIGNS and text[start - 2 : start] != "->" and text[start - 2 : start - 1] != "\\"
    loose = loose or (after in _CSS_SIGNS and (before, after) != ("-", ">"))  # `-->` is a sign of its own
    if not before or not after or loose or (before == ":" and _declares(text, start - 1)):
        return last
    apart = "/**/" if blank[0] == "/" else ""  # a space in its place would be another thing, or the end of an escape
    return last + apart + (" " if _CSS_COMMENT.sub("", blank) else "")


def _declares(text: str, colon: int) -> bool:
    """Say whether a colon comes after the name of a property, and is not part of a selector, such as `a: hover {`."""
    far = max(colon - _FAR, 0)
    start = max(text.rfind(sign, far, colon) for sign in "{};") + 1
    end = _CSS_END.search(text, colon)
    return start > far and _NAME.fullmatch(text, start, colon) is not None and (end is None or end[0] != "{")


def js(text: str) -> str:
    """Return a script without needless white space, and without comments but those with a licence, `/*! … */`.

    A script with a mistake stays as it is.
    """
    source = text.encode("utf-8", "replace")
    tree = _parser().parse(source)
    return text if tree.root_node.has_error else b"".join(_shorter_js(source, tree)).decode()


def _shorter_js(source: bytes, tree: "Tree") -> Iterator[bytes]:
    end = 0
    before = b""
    for first, last in _tokens(source, tree):
        token = source[first:last]
        gap = source[end:first].decode()
        if before and gap:
            if any(one in gap for one in "\n\r\u2028\u2029"):
                loose = before[-1] in _OPENING or token[0] in _CLOSING
                yield b"" if loose else b"\n"
            elif before[-1] not in _SIGNS and token[0] not in _SIGNS:
                yield b" "
        yield token
        before, end = token, last


def _tokens(source: bytes, tree: "Tree") -> Iterator[tuple[int, int]]:
    """Yield where the tokens of a script begin and end, without comments."""
    cursor = tree.walk()
    while True:
        node = cursor.node
        assert node is not None  # noqa: S101
        if node.type in _WHOLE or not cursor.goto_first_child():
            kept = node.type not in _COMMENTS or source.startswith(b"/*!", node.start_byte)
            if kept and node.end_byte > node.start_byte:
                yield node.start_byte, node.end_byte
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent():
                    return


@cache
def _parser() -> "Parser":
    import tree_sitter_javascript
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_javascript.language()))
