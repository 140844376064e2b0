"""The lines of a page, made fit for the block parser."""

from markdown.preprocessors import Preprocessor
from markdown.util import ETX, STX


class LineNormalizer(Preprocessor):
    """In place of Python-Markdown's preprocessor of this purpose, which turns all tabs into spaces, in code too."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines without the characters that Python-Markdown uses as marks, and without carriage returns."""
        text = "\n".join(lines)
        if STX in text or ETX in text:
            text = text.replace(STX, "").replace(ETX, "")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text.split("\n")
