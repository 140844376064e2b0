"""What stands in angle brackets: raw HTML (https://spec.commonmark.org/0.31.2/#raw-html), URLs and mail addresses."""

import re

_URI = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\x00-\x20\x7f<>]*+)>")
_MAIL = re.compile(
    r"<([a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]++@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*+)>"
)
_TAG = re.compile(
    r"""<(?:
        [A-Za-z][A-Za-z0-9-]*+
        (?:[ \t\n]++[A-Za-z_:][A-Za-z0-9_.:-]*+(?:[ \t\n]*+=[ \t\n]*+(?:[^ \t\n"'=<>`]++|'[^']*+'|"[^"]*+"))?+)*+
        [ \t\n]*+/?
      | /[A-Za-z][A-Za-z0-9-]*+[ \t\n]*+
    )>""",
    re.VERBOSE,
)
_DECLARATION = re.compile(r"<![A-Za-z]")


def link(data: str, start: int) -> tuple[str, str] | None:
    """Return URL and text of the link in angle brackets that begins at a place, or None."""
    if found := _URI.match(data, start):
        return found[1], found[1]
    if found := _MAIL.match(data, start):
        return f"mailto:{found[1]}", found[1]
    return None


class RawHtml:
    """The raw HTML in one text. It remembers which ends do not come any more, so as not to look for them again."""

    def __init__(self, data: str) -> None:
        """Look in a text."""
        self._data = data
        self._missing: set[str] = set()

    def end(self, start: int) -> int:
        """Return the end of what begins at a place with `<`, or 0 if that is no HTML."""
        data = self._data
        if data[start + 1 : start + 2] not in ("!", "?"):
            tag = _TAG.match(data, start)
            return tag.end() if tag else 0
        if data.startswith("<!--", start):
            # these two are comments already
            short = 5 if data.startswith("<!-->", start) else 6 if data.startswith("<!--->", start) else 0
            return start + short if short else self._until("-->", start + 4)
        if data.startswith("<?", start):
            return self._until("?>", start + 2)
        if data.startswith("<![CDATA[", start):
            return self._until("]]>", start + 9)
        return self._until(">", start + 3) if _DECLARATION.match(data, start) else 0

    def _until(self, end: str, start: int) -> int:
        found = -1 if end in self._missing else self._data.find(end, start)
        if found < 0:
            self._missing.add(end)
            return 0
        return found + len(end)
