"""Text -> links for URLs and mail addresses that stand in it bare.

GitHub's rules: https://github.github.com/gfm/#autolinks-extension-. As GitHub does, and other than its specification
says, a URL may also follow a character that is not ASCII: Chinese has no spaces.
"""

import re

from markdown import Markdown

from ssg.markdown.passes import GithubInlineProcessor, Pass
from ssg.markdown.spans import link_to

_ASCII = "".join(map(chr, range(128)))
_NOT_BEFORE_URL = re.escape(re.sub(r"""[\s*_~^\[('"\x03]""", "", _ASCII))
_BEFORE_MAIL = re.escape(re.sub(r"[-/+@.a-zA-Z0-9]", "", _ASCII))
_START = re.compile(
    rf"""(?<![{_NOT_BEFORE_URL}])(?:(?:https?|ftp)://|www\.)
      | (?:^|(?<=[{_BEFORE_MAIL}]))(?:mailto:|xmpp:)?
        (?P<mail>[a-z0-9.+-][a-z0-9.+_-]{{0,63}}+@[a-z0-9_-]++(?:\.[a-z0-9][a-z0-9_-]*+)++)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DOMAIN = re.compile(r"[^_\W][-\w.]{0,254}")
_ESCAPED = re.compile("\x02([0-9]+)\x03")
_PATH = re.compile(r"[^\s<\x02]*+(?:\x02[0-9]++\x03[^\s<\x02]*+)*+")
_ENTITY_END = re.compile(r"&(?:amp;)?#?[a-zA-Z0-9]+;$")
_TRAILING = frozenset("?!.,:*_~^'\"")
_CLOSERS = {")": "(", "]": "["}


class Autolinks(Pass):
    """The pass that makes links of what looks like one, outside of links."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown) -> None:
        """Look only at texts that have a URL or an at sign."""
        super().__init__(md, r"://|@|www\.|WWW\.|Www\.")

    def transform(self, data: str, processor: GithubInlineProcessor, index: int) -> str:
        """Return the text with placeholders for links."""
        if "a" in processor.ancestors:
            return data
        pieces: list[str] = []
        done = position = 0
        while found := _START.search(data, position):
            position = found.end()
            start = found.start()
            end = _mail_end(data, start, position) if found["mail"] else _end(data, position)
            if not end:
                continue
            written = _ESCAPED.sub(lambda escape: chr(int(escape[1])), data[start:end])
            url = written.replace("&amp;", "&")
            scheme = "mailto:" if found["mail"] == found[0] else "http://" if found[0].lower() == "www." else ""
            link = link_to(scheme + url, url)
            placeholder = processor.stash(link)
            processor.edges[placeholder] = (written[0], written[-1])
            pieces += (data[done:start], placeholder)
            done = position = end
        return "".join((*pieces, data[done:]))


def _mail_end(data: str, start: int, end: int) -> int:
    """Return the end of a mail address that was found, or 0 if it ends as none does."""
    if start and data[start - 1] == "_":
        end = start + len(data[start:end].rstrip("_"))  # these are emphasis
    return 0 if data[end - 1] in "-_" else end


def _end(data: str, start: int) -> int:
    """Return the end of a URL whose domain begins at `start`, or 0 if that is no domain."""
    domain = _DOMAIN.match(data, start)
    # the domain can't have underscores in its last two segments
    if domain is None or any("_" in segment for segment in domain[0].rstrip("._").split(".")[-2:]):
        return 0
    path = _PATH.match(data, start)
    end = path.end() if path else start
    counts: dict[str, int] = {}
    while end > start:
        last = data[end - 1]
        if last in _TRAILING:
            end -= 1
        elif last == ";":
            entity = _ENTITY_END.search(data, max(start, end - 40), end)
            end = entity.start() if entity else end - 1
        elif last in _CLOSERS:
            if last not in counts:
                text = data[start:end]
                counts[last] = text.count(last) - text.count(_CLOSERS[last])
            if counts[last] <= 0:
                break
            counts[last] -= 1
            end -= 1
        else:
            break
    return end if end > start else 0
