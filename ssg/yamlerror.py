"""From the complaints of a YAML parser to errors in words for people, with the place and its line."""

import re

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


class YamlError(ValueError):
    """A text that is not YAML, or YAML that is refused.

    Attributes:
        message: One sentence: what is wrong.
        line: Line from 1.
        column: Column from 1.
        source: The text of the line.
        hint: What to do about it; may be empty.
    """

    def __init__(self, message: str, *, line: int, column: int, source: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.source = source
        self.hint = hint


class Origin:
    """A text that nodes come from: `path` as its reader named it, and the number of its first line."""

    __slots__ = ("_lines", "first_line", "path", "text")

    def __init__(self, text: str, path: str = "", first_line: int = 1) -> None:
        self.text = text
        self.path = path
        self.first_line = first_line
        self._lines: list[str] = []

    def line(self, number: int) -> str:
        """The text of line `number`, counted as `first_line` says; empty when there is none."""
        self._lines = self._lines or _LINE_BREAK.split(self.text)
        index = number - self.first_line
        return self._lines[index] if 0 <= index < len(self._lines) else ""

    def error(self, message: str, line: int, column: int, hint: str = "") -> YamlError:
        """An error at a place in this text."""
        return YamlError(message, line=line, column=column, source=self.line(line), hint=hint)


_QUOTE = "put the text in quotes"
_INDENT = "check the indentation, and quotes inside of quotes"
_BRACKET = "add the missing `]` or `,`"
_BRACE = "add the missing `}` or `,`"
_EXPLANATIONS = (
    # A part of the parser's message; what is said instead; what to do; whether it is about where the construct began.
    (
        "mapping values are not",
        "a `:` is not expected here",
        f"check the indentation; {_QUOTE} if it has a `: `",
        False,
    ),
    ("tab character", "a tab cannot be used here", "indent with spaces", False),
    ("found character '\\t'", "a tab cannot be used here", "indent with spaces", False),
    ("cannot start any token", "this character cannot start a value", _QUOTE, False),
    ("could not find expected ':'", "a `:` is missing after this key", "write `key: value`", True),
    ("scanning a quoted scalar", "this quoted text is not closed", "add the missing quote", True),
    ("expected ',' or ']'", "this list is not closed", _BRACKET, True),
    ("expected ',' or '}'", "this mapping is not closed", _BRACE, True),
    ("expected '-' indicator", "this does not fit the list above it", "put `- ` before it, or indent it", False),
    ("did not find expected key", "this does not fit what is above it", _INDENT, False),
    ("expected <block end>", "this does not fit what is above it", _INDENT, False),
    ("expected <document start>", "this does not fit what is above it", _INDENT, False),
    (
        "expected node content",
        "a value is missing here",
        "check for an unclosed `[` or `{`, or a comma too many",
        False,
    ),
    ("sequence entries are not", "a list cannot start here", "start it on the next line", False),
    ("unknown escape character", "YAML does not know this escape", "use single quotes, or `\\\\`", False),
    ("undefined tag handle", "this `!` tag is not known", _QUOTE, False),
    ("expected alphabetic or numeric", "a text cannot start with `*` or `&`", _QUOTE, True),
)


def explained(origin: Origin, error: Exception) -> YamlError:
    """The parser's complaint (a `yaml.YAMLError`) about a text, in words for people."""
    position = getattr(error, "position", None)
    if position is not None:  # from the reader: a character that must not be in YAML at all
        character = getattr(error, "character", 0)
        code = character if isinstance(character, int) else ord(character[0])
        # The reader's position counts bytes with C and characters without: the character itself is looked for.
        index = max(origin.text.find(chr(max(code, 0))), 0)
        before = _LINE_BREAK.split(origin.text[:index])
        return origin.error(
            f"the character U+{code:04X} is not allowed in YAML",
            len(before) - 1 + origin.first_line,
            len(before[-1]) + 1,
            "remove it, or write it as an escape in double quotes",
        )
    problem = str(getattr(error, "problem", None) or error)
    context = str(getattr(error, "context", None) or "")
    here = getattr(error, "problem_mark", None)
    began = getattr(error, "context_mark", None)
    message, hint = problem, ""
    for part, said, remedy, at_start in _EXPLANATIONS:
        if part in problem or part in context:
            message, hint = said, remedy
            if at_start:
                here = began or here
            break
    line, column = (here.line, here.column) if here else (0, 0)
    return origin.error(message, line + origin.first_line, column + 1, hint)
