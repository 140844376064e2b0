"""HTML in a form in which only what matters differs, as the runner of CommonMark's own tests compares it.

Ported from https://github.com/commonmark/commonmark-spec/blob/0.31.2/test/normalize.py.
"""

import html
import re
from html.parser import HTMLParser

_NAMES = """
    article header aside hgroup blockquote hr iframe body li map button object canvas ol caption output col p colgroup
    pre dd progress div section dl table td dt tbody embed textarea fieldset tfoot figcaption th figure
    footer tr form ul h1 h2 h3 h4 h5 h6 video script style
"""
_BLOCKS = frozenset(_NAMES.split())
_SPACE = " \t\n\r\f"
"""What HTML folds: not a space that is meant."""


class _Normalizer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.last = "starttag"
        self.last_tag = ""
        self.output = ""
        self.in_pre = False

    def handle_data(self, data: str) -> None:
        after_tag = self.last in ("endtag", "starttag")
        if after_tag and self.last_tag == "br":
            data = data.lstrip("\n")
        if not self.in_pre:
            data = re.sub(f"[{_SPACE}]+", " ", data)
        if after_tag and self.last_tag in _BLOCKS and not self.in_pre:
            data = data.lstrip(_SPACE) if self.last == "starttag" else data.strip(_SPACE)
        self.output += data
        self.last = "data"

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self.in_pre = False
        elif tag in _BLOCKS:
            self.output = self.output.rstrip()
        self.output += f"</{tag}>"
        self.last_tag, self.last = tag, "endtag"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "pre":
            self.in_pre = True
        if tag in _BLOCKS:
            self.output = self.output.rstrip()
        values = "".join(
            f" {name}" + (f'="{html.escape(value)}"' if value is not None else "")
            for name, value in sorted(attrs, key=lambda one: one[0])
        )
        self.output += f"<{tag}{values}>"
        self.last_tag, self.last = tag, "starttag"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.last_tag, self.last = tag, "endtag"

    def handle_comment(self, data: str) -> None:
        self._other("comment", f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._other("decl", f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self._other("decl", f"<![{data}]]>")

    def handle_pi(self, data: str) -> None:
        self._other("pi", f"<?{data}>")

    def handle_entityref(self, name: str) -> None:
        self._other("ref", html.escape(html.unescape(f"&{name};"), quote=False))

    def handle_charref(self, name: str) -> None:
        self._other("ref", html.escape(html.unescape(f"&#{name};"), quote=False))

    def _other(self, kind: str, text: str) -> None:
        self.output += text
        self.last = kind


def normalized(text: str) -> str:
    """Return HTML with attributes sorted, white space folded outside of `pre` and characters for their references."""
    normalizer = _Normalizer()
    normalizer.feed(text)
    normalizer.close()
    return normalizer.output.strip()
