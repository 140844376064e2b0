"""Code -> highlighted HTML: what `pymdownx.highlight` gives, sooner, with a role for the table of line numbers.

For each block that asks Pygments for a lexer by name, makes a formatter with a style sheet that nobody reads, and
hands every token through half a dozen generators. Here lexers are kept, and blocks without line numbers, which nearly
all are, are put together in one go.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.style import Style, StyleMeta
from pygments.token import _TokenType
from pymdownx.highlight import (
    RE_PYG_CODE,
    BlockHtmlFormatter,
    Highlight,
    HighlightExtension,
    HighlightTreeprocessor,
)

from ssg.markdown.cut import Code
from ssg.markdown.lexing import accelerate
from ssg.markdown.page import Page


class _Bare(StyleMeta):
    def __iter__(cls) -> Any:  # noqa: N805 - a metaclass
        return iter(())


class BareStyle(Style, metaclass=_Bare):
    """A style without rules: pages are coloured by the theme's style sheet through classes."""


_lexers: dict[tuple[Any, ...], tuple[Lexer, str]] = {}


class CachedHighlight(Highlight):  # type: ignore[misc] # pymdownx has no types
    """`pymdownx.highlight.Highlight` that keeps its lexers. Those of Pygments keep no state between texts."""

    page: Page
    """Is told of blocks of code. It is set in a subclass: extensions make the objects."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Take what the base class takes."""
        if not options.get("noclasses"):
            options["pygments_style"] = BareStyle
        super().__init__(*arguments, **options)

    def get_lexer(self, src: str, language: str, inline: bool, stripnl: bool) -> tuple[Lexer, str]:
        """Return the lexer for a language, and the language's name."""
        if self.guess_lang:
            return super().get_lexer(src, language, inline, stripnl)  # type: ignore[no-any-return]
        key = (language, stripnl, self.default_lang, repr(self.extend_pygments_lang.get((language or "").lower())))
        found = _lexers.get(key)
        if found is None:
            lexer, name = super().get_lexer(src, language, inline, stripnl)
            found = _lexers[key] = accelerate(lexer), name
        return found

    def highlight(
        self,
        src: str,
        language: str,
        css_class: str = "highlight",
        hl_lines: list[int] | None = None,
        linestart: int = -1,
        linestep: int = -1,
        linespecial: int = -1,
        inline: bool = False,
        classes: list[str] | None = None,
        id_value: str = "",
        attrs: dict[str, str] | None = None,
        title: str | None = None,
        code_block_count: int = 0,
    ) -> Any:
        """Return an element for code within a line, and HTML for a block of code."""
        numbered = not inline and linestart != 0 and (self.linenums or (self.linenums is not False and linestart > 0))
        other = self.noclasses or self.auto_title or self.guess_lang or not self.use_pygments
        if numbered or other or (inline and (id_value or attrs)):
            made = super().highlight(
                src, language, css_class, hl_lines, linestart, linestep, linespecial, inline, classes, id_value,
                attrs, title, code_block_count,
            )  # fmt: skip
            if numbered and self.linenums_style == "table":
                # it holds no data: https://www.w3.org/WAI/WCAG22/Techniques/failures/F46
                made = made.replace("<table ", '<table role="presentation" ', 1)
            return made
        lexer, name = self.get_lexer(src, language or self.default_lang, inline, inline or self.stripnl)
        names = [self.language_prefix + name] if self.pygments_lang_class else []
        names += classes or ()
        tokens = _tokens(lexer, src)
        text = "".join(_pieces(tokens))
        if inline:
            kind = " ".join([*names, css_class or ""]).strip() if names else css_class
            element = Element("code", {"class": kind} if kind else {})
            element.text = "".join([line.strip() for line in text.split("\n")])
            return element
        title = title.strip() if title else ""
        if title and self.title_mode == "html":
            title = self.md.htmlStash.store(title)
        number = id_value or str(code_block_count)
        spans = f"{self.line_spans}-{number}" if self.line_spans else ""
        anchors = f"{self.line_anchors}-{number}" if self.line_anchors else ""
        if hl_lines or spans or anchors:
            text = _wrap_lines(text, frozenset(hl_lines or ()), _escaped(anchors), _escaped(spans))
        before, after = _frame(css_class, title)
        found = RE_PYG_CODE.match(before)
        if found is not None:
            kind = found[2] or ""
            if names:
                kind = f' class="{" ".join([*names, found[3].strip()] if kind else names)}"'
            elif kind:
                kind = f" {kind.lstrip()}"
            id_text = f' id="{id_value}"' if id_value else ""
            data = "".join([f' {key}="{value}"' for key, value in (attrs or {}).items() if key.startswith("data-")])
            before = f"<{found[1]}{id_text}{kind}{data}>{before[found.end() :]}"
        self.page.code.append(Code(text, "".join([value for _, _, value in tokens])))
        return f"{before}{text}{after}".strip()


_OPTIONS = (
    "guess_lang", "pygments_style", "use_pygments", "noclasses", "linenums", "linenums_style", "linenums_special",
    "linenums_class", "extend_pygments_lang", "language_prefix", "code_attr_on_pre", "auto_title", "auto_title_map",
    "pygments_lang_class", "stripnl", "default_lang",
)  # fmt: skip
"""What counts for code that names no language."""


class QuickHighlightTreeprocessor(HighlightTreeprocessor):  # type: ignore[misc] # pymdownx has no types
    """Highlights blocks of code that name no language: indented ones, and fences where there are no superfences."""

    def run(self, root: Element) -> None:
        """Put them aside as HTML."""
        config = {name: self.config[name] for name in _OPTIONS}
        for block in root.iter("pre"):
            if len(block) == 1 and block[0].tag == "code":
                self.ext.pygments_code_block += 1
                source = self.code_unescape(block[0].text).rstrip("\n")
                number, css_class = self.ext.pygments_code_block, self.config["css_class"]
                highlighter = self.ext.get_pymdownx_highlighter()(self.md, **config)
                made = highlighter.highlight(source, "", css_class, code_block_count=number)
                block.clear()
                block.tag = "p"
                block.text = self.md.htmlStash.store(made)


class CachedHighlightExtension(HighlightExtension):  # type: ignore[misc] # pymdownx has no types
    """`pymdownx.highlight` with `CachedHighlight`: superfences and inlinehilite ask it for the class to use."""

    def __init__(self, page: Page, options: dict[str, Any]) -> None:
        """Highlight the code of `page`."""
        super().__init__(**options)
        self._highlighter = type("PageHighlight", (CachedHighlight,), {"page": page})

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Highlight indented code in the same way."""
        super().extendMarkdown(md)
        if self.enabled:
            md.treeprocessors["indent-highlight"].__class__ = QuickHighlightTreeprocessor

    def get_pymdownx_highlighter(self) -> type[CachedHighlight]:
        """Return the class that highlights."""
        return self._highlighter


class _Openers(dict[_TokenType, str]):
    """The start tag for each type of token; empty where Pygments makes none."""

    def __init__(self) -> None:
        super().__init__()
        self._formatter: Any = HtmlFormatter(style=BareStyle)

    def __missing__(self, kind: _TokenType) -> str:
        classes = self._formatter._get_css_classes(kind)
        opener = self[kind] = f'<span class="{classes}">' if classes else ""
        return opener


_openers = _Openers()


def _tokens(lexer: Any, source: str) -> list[tuple[int, _TokenType, str]]:
    """Do what `Lexer.get_tokens` does, without a generator around the generator where there are no filters.

    Places of tokens are given too, but only in that case.
    """
    if lexer.filters or type(lexer).get_tokens is not Lexer.get_tokens:
        return [(0, kind, value) for kind, value in lexer.get_tokens(source)]
    return list(lexer.get_tokens_unprocessed(lexer._preprocess_lexer_input(source)))


def _pieces(tokens: Iterable[tuple[int, _TokenType, str]]) -> list[str]:
    """Return the HTML of tokens in pieces: what `HtmlFormatter._format_lines` gives.

    Neighbours of one type share a tag, and no tag goes over the end of a line.
    """
    pieces: list[str] = []
    add = pieces.append
    openers = _openers
    current = ""
    """The tag that is open, or was last."""
    begun = False
    """Whether there is anything in this line."""
    for _, kind, value in tokens:
        opener = openers[kind]
        if not value.isalnum() and ("&" in value or "<" in value or ">" in value):  # most have letters alone
            value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if "\n" in value:
            *lines, value = value.split("\n")
            for line in lines:
                if begun:
                    if line and current != opener:
                        line = f"{'</span>' if current else ''}{opener}{line}{'</span>' if opener else ''}\n"
                    else:
                        line = f"{line}</span>\n" if current else f"{line}\n"
                    begun = False
                elif line:
                    line = f"{opener}{line}</span>\n" if opener else f"{line}\n"
                else:
                    line = "\n"
                add(line)
        if value:
            if begun and current == opener:
                add(value)
            else:
                add(f"</span>{opener}{value}" if begun and current else opener + value)
                current, begun = opener, True
    if begun:
        add("</span>\n" if current else "\n")
    return pieces


def _wrap_lines(text: str, marked: frozenset[int], anchors: str, spans: str) -> str:
    """Return highlighted code with marks around lines, and with an anchor and an id for each, as HtmlFormatter does."""
    lines = text.split("\n")
    last = lines.pop()  # every line ends with a newline, so this is empty
    for number, line in enumerate(lines, 1):
        line = f"{line}\n"
        if number in marked:
            line = f'<span class="hll">{line}</span>'
        if anchors:
            anchor = f"{anchors}-{number}"
            line = f'<a id="{anchor}" name="{anchor}" href="#{anchor}"></a>{line}'
        if spans:
            line = f'<span id="{spans}-{number}">{line}</span>'
        lines[number - 1] = line
    return "".join(lines) + last


@lru_cache(maxsize=256)
def _frame(css_class: str, title: str) -> tuple[str, str]:
    """Return what pymdownx's formatter puts before and after the lines of a block."""
    made: Any = BlockHtmlFormatter(cssclass=css_class, wrapcode=True, filename=title, style=BareStyle)
    pieces = [piece for _, piece in made._wrap_div(made.wrap(iter([(1, "\0")])))]
    before, _, after = "".join(pieces).partition("\0")
    return before, after


@lru_cache(maxsize=1024)
def _escaped(text: str) -> str:
    made: Any = HtmlFormatter(style=BareStyle, lineanchors=text)
    return str(made.lineanchors)
