"""A file of abbreviations -> those that a page may need, as lines to put behind its text."""

import re

from ssg.markdown.page import Page

_DEFINITION = re.compile(r"^ {0,3}\*\[(?P<term>[^\]\n]+)\] ?:[^\n]*$", re.MULTILINE)
"""What the extension `abbr` reads as the definition of an abbreviation."""


def definitions(path: str, text: str, page: Page) -> str:
    """Return the definitions in the file at `path` of terms that are in `text`, but for those that it defines itself.

    The file is read by the page's reader. That there is none is told for the whole site, and not by each page.
    """
    if page.reader is None:
        return ""
    try:
        glossary = page.reader.read_text(path).replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        return ""
    own = {found["term"] for found in _DEFINITION.finditer(text)} if "*[" in text else set()
    wanted = [
        found[0] for found in _DEFINITION.finditer(glossary) if found["term"] in text and found["term"] not in own
    ]
    return "\n\n" + "\n".join(wanted) + "\n" if wanted else ""
