"""HTML -> the same with parts of it replaced that go on to an end of their own, such as comments, in linear time.

A regular expression such as `<!--.*?-->` looks for the end again from each of a thousand comments that are never
closed. Here an end that did not come is not looked for again.
"""

import re
from collections.abc import Callable, Mapping


def substitute(
    opening: re.Pattern[str], ends: Mapping[str, re.Pattern[str]], replace: Callable[[str], str], text: str
) -> str:
    """Return a text with each part that has an end replaced; what is within such a part is none.

    Args:
        opening: Finds the beginning of a part. The last of its groups that matches, in lower case, is the part's kind.
        ends: Finds the end of each kind.
        replace: Returns what stands for a part.
        text: The HTML.
    """
    found: list[str] = []
    missing: set[str] = set()
    done = position = 0
    while begin := opening.search(text, position):
        position = begin.end()
        kind = begin[begin.lastindex or 0].lower()
        if kind in missing:
            continue
        end = ends[kind].search(text, position)
        if end is None:
            missing.add(kind)
            continue
        found += (text[done : begin.start()], replace(text[begin.start() : end.end()]))
        done = position = end.end()
    return "".join((*found, text[done:])) if done else text
