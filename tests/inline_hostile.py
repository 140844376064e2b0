"""Inline text on which naive parsers take time that grows with the square of its length, or nest without end."""

from collections.abc import Callable


def _repeat(unit: str, before: str = "a ", after: str = "") -> Callable[[int], str]:
    return lambda length: before + unit * (length // len(unit)) + after


def _runs(character: str, between: str) -> Callable[[int], str]:
    """Runs of one character that get longer and longer."""

    def make(length: int) -> str:
        text = "a"
        size = 1
        while len(text) < length:
            text += between + character * size
            size += 1
        return text

    return make


def _nested(opening: str, closing: str, within: str = "a") -> Callable[[int], str]:
    def make(length: int) -> str:
        count = length // (len(opening) + len(closing))
        return "a " + opening * count + within + closing * count

    return make


CASES: dict[str, Callable[[int], str]] = {
    "opening brackets": _repeat("["),
    "closing brackets": _repeat("]"),
    "pairs of brackets": _repeat("[]"),
    "nested brackets": _nested("[", "]"),
    "images that do not close": _repeat("!["),
    "nested images": _nested("![", "](x)"),
    "nested images with text": _nested("![a", "](x)"),
    "nested links": _nested("[", "](x)"),
    "links in brackets": lambda length: "[" * (length // 2) + "[a](b)" * (length // 12),
    "links in images that do not close": lambda length: "![" * (length // 4) + "[a](b)" * (length // 12),
    "empty links": _repeat("[]()"),
    "links without an end": _repeat("[a]("),
    "links without an end and text": _repeat("[a](b"),
    "destinations without an end": _repeat("[a](<b"),
    "titles without an end": _repeat('[a](b "c'),
    "titles in parentheses without an end": _repeat("[a](b (c"),
    "parentheses in a destination": lambda length: "[a](" + "(" * length,
    "balanced parentheses in a destination": lambda length: "[a](" + "(" * (length // 2) + ")" * (length // 2) + ")",
    "escapes in a destination": lambda length: "[a](" + "\\(" * (length // 2),
    "references that are not defined": _repeat("[a][b]"),
    "references without an end": _repeat("[a]["),
    "references that are defined": lambda length: "[a]" * (length // 3) + "\n\n[a]: b\n",
    "a long label": lambda length: "[" + "a " * (length // 2) + "][" + "b" * length + "]",
    "labels in brackets": lambda length: "[" * (length // 4) + "a][b]" * (length // 8) + "\n\n[b]: c\n",
    "spaces in a link": lambda length: "[a](" + " " * length + "b",
    "stars that open": _repeat("*a "),
    "stars that close": _repeat("a* "),
    "stars within words": _repeat("*a"),
    "double stars": _repeat("**a "),
    "stars and underscores": _repeat("*a_ "),
    "stars and underscores that open": _repeat("*a _a "),
    "emphasis across links": _repeat("**x [a*b**c*](d)"),
    "one and two and three": _repeat("a***b**c*d "),
    "nested emphasis": _nested("*a **b ", " b** a*"),
    "nested emphasis without text": _nested("*_", "_*"),
    "a run of stars": _repeat("*"),
    "runs of stars around a word": _nested("*", "*"),
    "longer and longer runs of stars": _runs("*", " a"),
    "stars that the rule of three forbids": lambda length: "a**b" + "c* " * (length // 3),
    "many emphases": _repeat("*a* "),
    "tildes": _repeat("~a "),
    "tildes in parentheses": _repeat("(~"),
    "nested tildes": _nested("~~a ", " a~~"),
    "carets and tildes": _repeat("a^b~c"),
    "equals signs": _repeat("==a "),
    "longer and longer runs of backticks": _runs("`", " a"),
    "backticks of two lengths": _repeat("a`b``"),
    "escaped backticks": _repeat("\\`"),
    "angle brackets": _repeat("<"),
    "angle brackets and letters": _repeat("<a "),
    "comments": _repeat("<!--"),
    "comments that end at once": _repeat("<!-->"),
    "processing instructions": _repeat("<?"),
    "declarations": _repeat("<!A "),
    "CDATA": _repeat("<![CDATA["),
    "tags with attributes": _repeat("<a b=c"),
    "tags with quotes": _repeat('<a b="'),
    "tags with other quotes": _repeat("<a b='\" c=\"'"),
    "spaces in a tag": lambda length: "x <a" + " " * length + "<",
    "closing tags": _repeat("</a"),
    "schemes": _repeat("<a:"),
    "mail addresses in angle brackets": _repeat("<a@"),
    "dots in a mail address": lambda length: "<a@" + "b." * (length // 2),
    "ampersands": _repeat("&"),
    "entities that are none": _repeat("&a"),
    "numbers that are no entities": lambda length: "&#" + "1" * length + ";",
    "entities": _repeat("&amp;"),
    "backslashes": _repeat("\\"),
    "escaped stars": _repeat("\\*"),
    "spaces": lambda length: "a" + " " * length + "b",
    "spaces before lines": _repeat("a  \n"),
    "hard breaks": _repeat("a\\\n"),
    "bare URLs": _repeat("http://a.b "),
    "URLs in URLs": _repeat("http://a"),
    "domains with underscores": _repeat("(www.a_b"),
    "domains with underscores and more": _repeat("_www.a_b."),
    "a URL and parentheses": lambda length: "http://a.b/" + ")" * length,
    "a URL and semicolons": lambda length: "http://a.b/" + "&a;" * (length // 3),
    "at signs": _repeat("a@"),
    "mail addresses": _repeat("a@b.c "),
    "a long local part": lambda length: "a" * length + " " + "b." * length + "@",
    "colons": _repeat(":a"),
    "plus signs": _repeat("++a"),
    "footnotes": _repeat("[^a]"),
    "exclamation marks": _repeat("!"),
    "attribute lists": _repeat("*a*{.b}"),
    "braces": _repeat("{"),
    "quotes": _repeat("\"'"),
}
