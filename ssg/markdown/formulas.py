r"""Formulas in TeX -> MathML, which browsers draw without a script.

Where a formula begins and ends is GitHub's rule in the standard set: `$` stands before a character that is not a space
and `$` behind one, and no letter or digit touches them from outside, so that "$5 and $10" is none
(https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions).
With `pymdownx.arithmatex` in the configuration it is that extension's rule, for the same output.
"""

import html
import re
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from math_core import LatexError, LatexToMathML
from pymdownx.arithmatex import ArithmatexExtension, BlockArithmatexProcessor, InlineArithmatexPattern
from pymdownx.util import escape_chars

from ssg.markdown.page import Page, Problem

LONGEST = 20_000
"""A formula may have so many characters."""
DEPTH = 60
"""So many groups may be within one another: a level takes up to 5 KiB of the stack, of which some threads have 512."""
UNCLOSED = 12
"""So many brackets may be open without being closed: each doubles the time that math-core 0.9 takes."""
EXPANSIONS = 100
"""So often macros may be put in place within one formula."""

_INLINE = r"(?<![\\$\w])(?P<mark>\$\$?)(?![\s$`])(?P<math>(?:\\.|[^\\$\x02\x03])+?)(?<!\s)(?P=mark)(?![\w$])"
_QUOTED = r"(?<![\\$\w])\$(?P<ticks>`+)(?!`)(?P<math>[^\x02\x03]+?)(?<!`)(?P=ticks)\$(?![\w$])"
_CODE = r"(?<!\\)(?P<code>`+)(?!`)(?s:.+?)(?<!`)(?P=code)(?!`)"
"""Within code, none of this means anything."""
_TOKEN = re.compile(
    r"""(?P<delimited>\\(?:left|middle|right)\s*(?:\\[a-zA-Z]+|\\?.))
      | (?P<begin>\\begin) | (?P<end>\\end) | (?P<cell>\\\\ | &)
      | (?P<defines>\\(?:[gex]?def|let|(?:re)?newcommand|providecommand)\b)
      | (?P<open>[(\[⟨⌈⌊⟦⟮⦃⦅]
          | \\(?:\{ | (?:lbrace|lBrace|lbrack|llbracket|l?langle|lAngle|lang|lparen|llparenthesis|ulcorner|llcorner|
            lceil|lfloor|lvert|lVert|lgroup|lmoustache)(?![a-zA-Z])))
      | (?P<close>[)\]⟩⌉⌋⟧⟯⦄⦆]
          | \\(?:\} | (?:rbrace|rBrace|rbrack|rrbracket|r?rangle|rAngle|rang|rparen|rrparenthesis|urcorner|lrcorner|
            rceil|rfloor|rvert|rVert|rgroup|rmoustache)(?![a-zA-Z])))
      | (?P<chain>(?:\\[a-zA-Z]+[\s\[]*){60,}) | \\(?:[a-zA-Z]+|.) | (?P<group>\{) | (?P<ungroup>\})
    """,
    re.VERBOSE | re.DOTALL,
)
"""What may make a formula deep, or slow to read."""
_ARGUMENT = re.compile(r"^(\d+): ")
_DEFINED = re.compile(r"(\d+): This command is already defined")
_SAME = re.compile(r"\\(begin|end)\{(split|smallmatrix)\}")
"""Environments that math-core 0.9 lacks, and that look nearly like one that it has."""
_MACROS = {"substack": r"\begin{matrix}#1\end{matrix}"}
"""Commands that it lacks."""


class FormulaExtension(Extension):
    """Formulas between dollars, as GitHub has them."""

    def __init__(self, page: Page, *, knows_code: bool) -> None:
        """Report to `page`. `knows_code` says that the inline pass tells what is code from what is in it."""
        super().__init__()
        self.page = page
        self._quoted = _QUOTED if knows_code else f"{_QUOTED}|{_CODE}"

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Look for formulas before backslashes mean anything else, and for quoted ones before code."""
        escape_chars(md, ["$"])
        md.inlinePatterns.register(InlineFormula(self._quoted, md, self.page), "ssg-formula-quoted", 191)
        md.inlinePatterns.register(InlineFormula(_INLINE, md, self.page), "ssg-formula", 189.9)
        md.parser.blockprocessors.register(FormulaBlock(md, self.page), "ssg-formula-block", 79.9)


class InlineFormula(InlineProcessor):
    """A formula within text."""

    def __init__(self, pattern: str, md: Markdown, page: Page) -> None:
        """Report to `page`."""
        super().__init__(pattern, md)
        self.page = page

    def handleMatch(self, m: re.Match[str], data: str) -> Any:  # type: ignore[override] # noqa: N802
        """Return the formula and where it ends, or nothing for code."""
        if m["math"] is None:
            return None, None, None
        display = m.groupdict().get("mark") == "$$"
        element = Element("span", {"class": "arithmatex"})
        element.text = self.md.htmlStash.store(mathml(m["math"], self.page, display=display))
        return element, m.start(0), m.end(0)


class FormulaBlock(BlockProcessor):
    """A formula between lines that begin and end with `$$`; it may interrupt a paragraph."""

    def __init__(self, md: Markdown, page: Page) -> None:
        """Report to `page`."""
        super().__init__(md.parser)
        self.md = md
        self.page = page

    def test(self, parent: Element, block: str) -> bool:
        """Say whether such a formula is in the block."""
        return _span(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Take the formula out; what is before and after it is parsed as it would be without it."""
        block = blocks.pop(0)
        span = _span(block)
        if span is None:
            return
        start, end = span
        if before := block[:start].strip("\n"):
            self.parser.parseBlocks(parent, [before])
        element = SubElement(parent, "div", {"class": "arithmatex"})
        math = block[start:end].strip()[2:-2]
        element.text = self.md.htmlStash.store(mathml(math, self.page, display=True))
        if after := block[end:].lstrip("\n"):
            blocks.insert(0, after)


def _span(block: str) -> tuple[int, int] | None:
    """Return where in a block a formula is that has whole lines for itself."""
    start = -1
    while (start := block.find("$$", start + 1)) >= 0:
        line = block.rfind("\n", 0, start) + 1
        if block[line:start].strip(" ") or start - line > 3:
            continue
        end = block.find("$$", start + 2)
        if end < 0:
            return None
        stop = block.find("\n", end)
        stop = len(block) if stop < 0 else stop
        if not block[end + 2 : stop].strip() and block[start + 2 : end].strip():
            return line, stop
        start = end + 1
    return None


class MathArithmatexExtension(ArithmatexExtension):  # type: ignore[misc] # pymdownx has no types
    """`pymdownx.arithmatex` that gives MathML: its syntax and options, without a script that the site would need."""

    def __init__(self, page: Page, options: dict[str, Any]) -> None:
        """Report to `page`; `options` are those of `pymdownx.arithmatex`."""
        super().__init__(**options)
        self.page = page

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Take the places of the base class's processors, with their patterns."""
        super().extendMarkdown(md)
        config = self.getConfigs()
        if "arithmatex-inline" in md.inlinePatterns:
            written = md.inlinePatterns["arithmatex-inline"].pattern
            md.inlinePatterns.register(_Inline(written, config, md, self.page), "arithmatex-inline", 189.9)
        if "arithmatex-block" in md.parser.blockprocessors:
            block: Any = md.parser.blockprocessors["arithmatex-block"]
            md.parser.blockprocessors.register(
                _Block(block.pattern.pattern, config, md, self.page), "arithmatex-block", 79.9
            )


class _Inline(InlineArithmatexPattern):  # type: ignore[misc] # pymdownx has no types
    def __init__(self, pattern: str, config: Any, md: Markdown, page: Page) -> None:
        super().__init__(pattern.removeprefix("^(.*?)").removesuffix("(.*)$"), {**config, "generic": True})
        self.md = md
        self.page = page
        self.wrap = "{}"

    def handleMatch(self, m: re.Match[str], data: str) -> Any:  # noqa: N802 - Python-Markdown's name
        found, start, end = super().handleMatch(m, data)
        if not isinstance(found, str):
            found.text = self.md.htmlStash.store(mathml(str(found.text), self.page, display=False))
        return found, start, end


class _Block(BlockArithmatexProcessor):  # type: ignore[misc] # pymdownx has no types
    def __init__(self, pattern: str, config: Any, md: Markdown, page: Page) -> None:
        super().__init__(pattern, {**config, "generic": True}, md)
        self.md = md
        self.page = page

    def generic_output(self, parent: Element, math: str) -> None:
        element = SubElement(parent, self.block_tag, {"class": "arithmatex"})
        element.text = self.md.htmlStash.store(mathml(math, self.page, display=True))


def mathml(tex: str, page: Page, *, display: bool, fenced: bool = False) -> str:
    """Return a formula as MathML; one that cannot be read is returned as code, and `page` has the problem.

    `fenced` says that it stands in a block of code.
    """
    try:
        return _convert(tex.strip(), display)
    except ValueError as error:
        first = next((line.strip() for line in tex.splitlines() if line.strip()), "$$")
        page.problems.append(Problem("bad-math", f"cannot read this formula: {error}", first, in_code=fenced))
        code = f"<code>{html.escape(tex.strip(), quote=False)}</code>"
        return f"<pre>{code}</pre>" if display else code


@lru_cache(maxsize=4096)
def _convert(tex: str, display: bool) -> str:
    if len(tex) > LONGEST:
        raise ValueError(f"it has more than {LONGEST} characters")
    _check(tex)
    tex = _SAME.sub(lambda found: f"\\{found[1]}{{{'aligned' if found[2] == 'split' else 'matrix'}}}", tex)
    for _ in range(EXPANSIONS):
        try:
            return _converter().convert_with_local_state(tex, displaystyle=display)
        except LatexError as error:
            told = str(error)
        # math-core knows more commands than TeX does, such as `\R`: who defines one of them means another
        defined = _DEFINED.match(told)
        before = tex[: int(defined[1])].rpartition("\\newcommand") if defined else ("", "", "")
        if defined is None or not before[1]:
            break
        tex = f"{before[0]}\\renewcommand{before[2]}{tex[int(defined[1]) :]}"
    told = _ARGUMENT.sub("", told).strip().rstrip(".")
    raise ValueError(told[:1].lower() + told[1:])


def _check(tex: str) -> None:
    """Refuse what math-core could only read with a very large stack, or in a very long time."""
    groups = [0]
    unclosed = 0
    defines = False
    for found in _TOKEN.finditer(tex):
        kind = found.lastgroup
        if kind == "open":
            groups[-1] += 1
        elif kind == "close":
            groups[-1] -= groups[-1] > 0
        elif kind == "cell":
            unclosed += groups[-1]
            groups[-1] = 0
        elif kind in ("group", "begin") or (kind == "delimited" and found[0].startswith("\\left")):
            groups.append(0)
        elif kind in ("ungroup", "end") or (kind == "delimited" and found[0].startswith("\\right")):
            unclosed += groups.pop() if len(groups) > 1 else 0
        elif kind == "defines":
            defines = True
        if kind == "chain" or len(groups) > (DEPTH // 5 if defines else DEPTH):
            raise ValueError("it is nested too deeply")
    if unclosed + sum(groups) > (0 if defines else UNCLOSED):
        raise ValueError("too many of its brackets are not closed")


@lru_cache(maxsize=1)
def _converter() -> LatexToMathML:
    return LatexToMathML(macros=_MACROS, fancy_error=False, max_expansions=EXPANSIONS, allow_unreliable_rendering=True)
