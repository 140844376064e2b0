"""Preprocessors that look for blocks in the whole text, before anything else is known of it: of fenced code and HTML.

Here `pymdownx.superfences`, or Python-Markdown's own `fenced_code`, is given one fence at a time, which the block
parser found wherever CommonMark allows it: in lists and quotes too. So is the preprocessor of HTML.
"""

import re
from collections.abc import Callable

from markdown import Markdown
from markdown.util import HTML_PLACEHOLDER_RE, code_escape
from pymdownx.superfences import SuperFencesBlockPreprocessor

from ssg.markdown.nodes import Fence
from ssg.markdown.page import Page, Problem
from ssg.markdown.references import unescape

_PREPROCESSORS = ("fenced_code_block", "fenced_raw_block", "html_block")
_LANGUAGE = re.compile(r"\.?[\w#.+-]+")


class RawBlock(str):
    """HTML that an author wrote as a block of its own: it is put back as it is, with no paragraph around it."""

    __slots__ = ()


class QuickSuperFences(SuperFencesBlockPreprocessor):  # type: ignore[misc] # pymdownx has no types
    """The preprocessor of `pymdownx.superfences`, quicker where no fence can begin, or where one is known already."""

    body: list[str] | None = None
    """The lines of the fence whose first and last line are run; None: all lines are."""

    def parse_whitespace(self, line: str) -> str:
        """Return what is before the text of a line; all of it in a line where no fence can begin."""
        if "```" in line or "~~~" in line:
            return super().parse_whitespace(line)  # type: ignore[no-any-return]
        self.ws_len = self.ws_virtual_len = len(line)
        return line

    def process_nested_block(self, ws: str, content: str, start: int, end: int) -> None:
        """Render a fence that is complete."""
        if self.body is None:
            super().process_nested_block(ws, content, start, end)
            return
        self.line_count = len(self.body)
        code = self.formatter and self.formatter(
            src="\n".join(self.body),
            language=self.lang,
            md=self.md,
            options=self.options,
            classes=self.classes,
            id_value=self.id,
            attrs=self.attrs if self.attr_list else {},
        )
        if code is not None:  # no indented code will take it in, so that it need not be had back
            self.stack.append((self.md.htmlStash.store(code), start, end))
        self.clear()


class DeferredPreprocessors:
    """Renders the fences of a page, and the HTML that has Markdown in it."""

    def __init__(self, md: Markdown, page: Page) -> None:
        """Take these preprocessors of `md` out of their turn; they are called from here."""
        self._md = md
        self._page = page
        self._turns: dict[str, Callable[[list[str]], list[str]]] = {}
        for name in _PREPROCESSORS:
            if name in md.preprocessors:
                self._turns[name] = md.preprocessors[name].run
                # it stays where other extensions look for it
                setattr(md.preprocessors[name], "run", _unchanged)  # noqa: B010 - a method of this object alone

    def placeholder(self, fence: Fence) -> str:
        """Return the placeholder of a fence's HTML."""
        info = unescape(fence.info)
        if not fence.closed:
            hint = f"end it with a line '{fence.marks}'"
            message = "this block of code has no end: it goes on to the end of what it stands in"
            self._page.problems.append(Problem("unclosed-fence", message, fence.opening, hint, in_code=True))
        if found := self._run(fence, info):
            return found
        language = _LANGUAGE.match(info)
        if rest := info[language.end() :].strip(" ,;:") if language else info:
            self._page.problems.append(
                Problem(
                    "unread-fence",
                    f"the options '{rest}' of this block of code are not understood",
                    fence.opening,
                    'they are written like: ```python title="a.py" hl_lines="2 3" linenums="1"',
                    in_code=True,
                )
            )
        for shorter in ([language[0]] if language else []) + [""]:
            if found := self._run(fence, shorter):
                return found
        return self._plain(fence)

    def html(self, lines: list[str]) -> list[str]:
        """Return lines with the HTML in them put aside, as Python-Markdown does it, and fences before."""
        if "fenced_code_block" in self._turns:
            lines = self._turns["fenced_code_block"](lines)
        return self._turns["html_block"](lines)

    def stash(self, lines: list[str]) -> list[str]:
        """Return lines with the fences in them put aside."""
        return self._turns["fenced_code_block"](lines) if "fenced_code_block" in self._turns else lines

    def _run(self, fence: Fence, info: str) -> str:
        run = self._turns.get("fenced_code_block")
        if run is None:
            return ""
        preprocessor = self._md.preprocessors["fenced_code_block"]
        if isinstance(preprocessor, QuickSuperFences):
            preprocessor.body = fence.lines
            lines = run([fence.marks + info, fence.marks])
            preprocessor.body = None
        else:
            lines = run([fence.marks + info, *fence.lines, fence.marks])
        text = "\n".join(lines).strip()
        return text if HTML_PLACEHOLDER_RE.fullmatch(text) else ""

    def _plain(self, fence: Fence) -> str:
        code = code_escape("".join(line + "\n" for line in fence.lines))
        return self._md.htmlStash.store(f"<pre><code>{code}</code></pre>")


def _unchanged(lines: list[str]) -> list[str]:
    return lines
