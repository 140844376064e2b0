r"""The marks that stand in a page's HTML for references, until all addresses are known.

The mark for reference n is `\x1a` n `\x1a`. U+001A cannot stand in a page: it is taken out of the text before.
"""

import re

MARK = "\x1a"
MARKS = re.compile("\x1a([0-9]+)\x1a")
TAGS_PLACE = re.compile(r"<!--\s*material/tags\b.*?-->|<p>\[TAGS\]</p>", re.DOTALL)
"""Where in a page's HTML the list of all tags is to be: https://squidfunk.github.io/mkdocs-material/plugins/tags/."""
PRIVATE = re.compile("[\0\x02\x03\x1a]")
"""Characters that Python-Markdown or we use as marks, and U+0000, which CommonMark has replaced."""
