"""The text of a heading -> the id that GitHub gives it, unique in its page.

GitHub does not document how; this is what its pages show, as others have found:
https://github.com/Flet/github-slugger, https://github.com/gjtorikian/html-pipeline/blob/v2.14.3/lib/html/pipeline/toc_filter.rb.
"""

import re

_DROPPED = re.compile(r"[^\w\- ]")


class Slugs:
    """The ids of one page."""

    def __init__(self) -> None:
        """Begin a page."""
        self._counts: dict[str, int] = {}

    def add(self, text: str, separator: str = "-") -> str:
        """Return the id of the next heading: lower case, without punctuation, spaces as hyphens, numbered if taken.

        Args:
            text: The heading without markup.
            separator: What stands between words; Python-Markdown's toc extension gives it.
        """
        slug = _DROPPED.sub("", text.strip().lower()).replace(" ", separator)
        count = self._counts.get(slug)
        if count is None:
            self._counts[slug] = 0
            return slug
        found = slug
        while found in self._counts:
            count += 1
            found = f"{slug}{separator}{count}"
        self._counts[slug] = count
        self._counts[found] = 0
        return found
