"""Pages on whose blocks naive parsers take time that grows with the square of their length, or nest without end.

Many are those of cmark-gfm: https://github.com/github/cmark-gfm/blob/master/test/pathological_tests.py.
"""

from collections.abc import Callable

Make = Callable[[int], str]
"""Makes a page of about so many characters."""


def _repeat(unit: str, before: str = "", after: str = "") -> Make:
    return lambda length: before + unit * (length // len(unit)) + after


def _numbered(unit: str, before: str = "", after: str = "") -> Make:
    """A unit again and again, with a number in the place of each `@`."""

    def make(length: int) -> str:
        one = unit.replace("@", "12345")
        return before + "".join(unit.replace("@", str(number)) for number in range(length // len(one))) + after

    return make


def _growing(line: Callable[[int], str]) -> Make:
    """Lines that get longer and longer, as those of lists within lists do."""

    def make(length: int) -> str:
        lines: list[str] = []
        while length > 0:
            lines.append(line(len(lines)))
            length -= len(lines[-1]) + 1
        return "\n".join(lines) + "\n"

    return make


def _around(opening: str, closing: str, within: str) -> Make:
    def make(length: int) -> str:
        times = length // (len(opening) + len(closing))
        return opening * times + within + closing * times

    return make


CASES: dict[str, Make] = {
    # quotes and lists
    "nested quotes": _repeat("> ", after="a\n"),
    "nested quotes without spaces": _repeat(">", after="a\n"),
    "nested quotes on many lines": _growing(lambda depth: "> " * depth + "a"),
    "quotes as deep as may be on many lines": _repeat("> " * 99 + "a\n"),
    "many quotes": _repeat("> a\n\n"),
    "lists in a line": _repeat("- ", after="a\n"),
    "lists in a line of stars": _repeat("* ", after="a\n"),
    "lists in a line of signs": _repeat("+ ", after="a\n"),
    "numbers in a line": _repeat("1. ", after="a\n"),
    "lists in a line and empty lines": lambda length: "- " * (length // 3) + "x" + "\n" * (length // 3),
    "lists in a quote and empty lines": lambda length: "> " + "- " * (length // 4) + "x\n" + ">\n" * (length // 4),
    "nested lists": _growing(lambda depth: "  " * depth + "* a"),
    "nested lists by four": _growing(lambda depth: "    " * depth + "* a"),
    "nested lists by tabs": _growing(lambda depth: "\t" * depth + "- a"),
    "nested lists that are loose": _growing(lambda depth: "  " * depth + "- a\n"),
    "nested numbered lists": _growing(lambda depth: "   " * depth + "1. a"),
    "nested lists that come back": _growing(lambda depth: "  " * (depth % 90) + "- a"),
    "quotes and lists": _repeat("> - ", after="a\n"),
    "quotes and numbers": _repeat("> 1. ", after="a\n"),
    "lists and quotes and blank lines": _repeat("> - a\n>\n"),
    "lazy lines": _repeat("a\n", before="> " * 99),
    "lazy lines of lists": _repeat("a\n", before="> - " * 49),
    "lazy lines of deep lists": lambda length: "- " * (length // 4) + "\n" + "a\n" * (length // 4),
    "one long list": _repeat("- a\n"),
    "one long loose list": _repeat("- a\n\n"),
    "one long numbered list": _numbered("@. a\n"),
    "lists of changing bullets": _repeat("- a\n+ a\n"),
    "empty items": _repeat("-\n"),
    "stars in a deep quote": lambda length: ">" * (length // 3) + "a*" * (length // 3),
    "rules": _repeat("***\n"),
    "rules that are none": _repeat("* * * a\n"),
    "a rule that is none": _repeat("- ", after="-a\n"),
    # paragraphs, headings, code
    "one long line": _repeat("word "),
    "one long word": _repeat("a"),
    "one paragraph of many lines": _repeat("word\n"),
    "blank lines": _repeat("\n", before="a", after="b"),
    "blank lines with spaces": _repeat("  \n", before="a", after="b"),
    "tabs": _repeat("\t", before="a", after="b\n"),
    "lines of tabs": _repeat("\ta\n"),
    "tabs and spaces in turn": _repeat(" \t", after="a\n"),
    "indented code": _repeat("    a\n"),
    "indented code and blank lines": _repeat("    a\n\n\n"),
    "headings": _repeat("# a\n"),
    "headings of different texts": _numbered("## a@\n"),
    "headings of a text with a number": _repeat("# a_1\n"),
    "headings of all levels": _repeat("# a\n## a\n### a\n#### a\n##### a\n###### a\n"),
    "headings deeper and deeper": _repeat("###### a\n##### a\n"),
    "headings without text": _repeat("#\n"),
    "headings and a table of contents": _repeat("## a\n", before="[TOC]\n\n"),
    "tables of contents": _repeat("[TOC]\n\n# a\n\n"),
    "a heading of signs": _repeat("#", before="# a "),
    "a heading of signs and spaces": _repeat("# ", before="# a ", after="b"),
    "underlined headings": _repeat("a\n===\n"),
    "an underline": _repeat("=", before="a\n", after="\n"),
    "an underline that is none": _repeat("=", before="a\n", after="b\n"),
    "underlines of definitions": _repeat("[a]: b\n===\n"),
    "a paragraph over an underline": _repeat("a\n", after="---\n"),
    "definitions over underlines that are none": lambda length: "[a]: b\n" * (length // 14) + "===\n" * (length // 8),
    # fences
    "a fence without an end": _repeat("a\n", before="```\n"),
    "fences": _repeat("```\na\n```\n"),
    "fences of a language": _repeat("```python\na = 1\n```\n"),
    "fences of an unknown language": _numbered("``` a@\na\n```\n"),
    "fences with options that are not read": _numbered("``` py x@\na\n```\n"),
    "fences of tildes and backticks": _repeat("```\n~~~\n"),
    "fences of growing length": _growing(lambda depth: "`" * (depth + 3)),
    "a fence of many backticks": _repeat("`", after="\na\n"),
    "a fence and much info": _repeat("a ", before="``` "),
    "a fence and a brace": _repeat("{ .a ", before="``` {"),
    "a fence and options without an end": _repeat('a="', before="``` py "),
    "fences without an end in quotes": _repeat("> ```\n\n"),
    "fences without an end in lists": _repeat("- ```\n"),
    "fences in nested lists": _growing(lambda depth: "  " * depth + "- ```\n" + "  " * depth + "  ```"),
    "code of many signs": _repeat("<>&\"'\n", before="```\n"),
    # tables
    "a table of many rows": _repeat("a | b\n", before="a | b\n--|--\n"),
    "a table of many columns": lambda length: "|a" * (length // 4) + "\n" + "|-" * (length // 4) + "\n",
    "a table of many columns and rows": lambda length: (
        "|a" * (length // 8) + "\n" + "|-" * (length // 8) + "\n" + "|\n" * (length // 4)
    ),
    "tables": _repeat("a | b\n--|--\nc | d\n\n"),
    "lines that might head a table": _repeat("a | b\n"),
    "a delimiter row alone": _repeat("|-", after="\n"),
    "a delimiter row that is none": _repeat("|-", before="a|b\n", after="a\n"),
    "a delimiter row of dashes that is none": _repeat("-", before="a|b\n-|", after="a\n"),
    "a delimiter row of spaces": _repeat(" ", before="a|b\n-|", after="a\n"),
    "delimiter rows that do not fit": _repeat("a|b\n-|-|-\n"),
    "long delimiter rows that do not fit": lambda length: ("a|" * 500 + "\n" + "-|" * 501 + "\n") * (length // 2000),
    "pipes": _repeat("|", before="a|b\n-|-\n"),
    "escaped pipes": _repeat("\\|", before="a|b\n-|-\n"),
    "backticks in a row": _repeat("`|", before="a|b\n-|-\n"),
    "growing backticks in a row": lambda length: (
        "a|b\n-|-\n" + "|".join("`" * size for size in range(int((2 * length) ** 0.5)))
    ),
    "rows of lines without cells": _repeat("aaa\r", before="a | b\n-|-\n"),
    # HTML
    "scripts": _repeat("<script>\n"),
    "a script without an end": _repeat("a\n", before="<script>\n"),
    "comments on lines": _repeat("<!-- a\n\n"),
    "a comment without an end": _repeat("a\n\n", before="<!--\n"),
    "comments in a line": _repeat("<!--"),
    "comments in a line behind a tag": _repeat("<!--", before="</"),
    "closed comments": _repeat("<!-- a -->\n"),
    "instructions on lines": _repeat("<? a\n\n"),
    "instructions in a line": _repeat("<?"),
    "declarations on lines": _repeat("<!A a\n\n"),
    "declarations in a line": _repeat("<!A "),
    "CDATA on lines": _repeat("<![CDATA[ a\n\n"),
    "CDATA in a line": _repeat("<![CDATA["),
    "elements without an end": _repeat("<div>\n"),
    "elements without an end and blank lines": _repeat("<div>\n\n"),
    "nested elements": _around("<div>\n", "</div>\n", "a\n"),
    "nested elements and blank lines": _around("<div>\n\n", "</div>\n\n", "a\n\n"),
    "elements that were never opened": _repeat("</div>\n"),
    "nested elements with Markdown": _around('<div markdown="1">\n', "</div>\n", "\na\n\n"),
    "nested elements with Markdown and blank lines": _around("<div markdown>\n\n", "</div>\n\n", "a\n\n"),
    "nested elements with Markdown in a line": _around("<div markdown>", "</div>", "a"),
    "elements with Markdown and no end": _repeat("<div markdown>\n\n"),
    "elements with Markdown that follow one another": _repeat("<div markdown>\n\na\n\n</div>\n\n"),
    "an element with Markdown and much text": _repeat("a\n\n", before="<div markdown>\n\n", after="</div>\n"),
    "paragraphs of Markdown in HTML": _repeat("<p markdown>a</p>\n"),
    "details and tabs in HTML": _repeat('<details markdown>\n\n=== "a"\n\n    a\n\n</details>\n\n'),
    "inline elements on lines": _repeat("<b>\n\n"),
    "tags without an end": _repeat("<a "),
    "tags without an end on lines": _repeat("<a\n"),
    "tags of blocks without an end": _repeat("<div "),
    "tags of blocks without an end on lines": _repeat("<div\n"),
    "a tag of many attributes": _repeat("a=b ", before="<div ", after=">\n"),
    "a tag of many attributes without an end": _repeat("a=b ", before="<div "),
    "an attribute without an end": _repeat("a ", before='<div a="'),
    "attributes without an end": _repeat('<div a="\n'),
    "a tag of spaces": _repeat(" ", before="<a", after="<"),
    "links in HTML": _numbered('<a href="@.md">a</a>\n\n'),
    "images in HTML without an end": _repeat("<img src=a "),
    "quotes in tags": _repeat("<a href='\n"),
    "ids without an end": _repeat("<a id=x"),
    "headings in HTML without an end": _repeat('<h1 id="a">'),
    "table cells of line numbers": _repeat('<td class="linenos">'),
    "vectors without an end": _repeat("<svg>\n"),
    "closing tags of verbatim elements": _repeat("</script>"),
    # definitions
    "link definitions": _numbered("[@]: u\n", after="\n[0]\n"),
    "link definitions that are used": _numbered("[@][@]\n\n[@]: u\n\n"),
    "link definitions of one name": _repeat("[a]: u\n"),
    "a definition of a long name": _repeat("a ", before="[", after="]: b\n"),
    "definitions without an end": _repeat("[a\n"),
    "definitions without a destination": _repeat("[a]:\n"),
    "a title over many lines": _repeat("a\n", before='[a]: b "', after='"\n'),
    "a title without an end": _repeat("a\n", before='[a]: b "'),
    "titles without an end": _repeat('[a]: b "\n'),
    "titles without an end in parentheses": _repeat("[a]: b (\n"),
    "definitions with titles": _repeat('[a]: b\n"c"\n'),
    "definitions in quotes": _repeat("> [a]: b\n\n"),
    "destinations in angle brackets without an end": _repeat("[a]: <b\n"),
    "references that are not defined": _numbered("[a@][b@]\n"),
    "links that are broken": _numbered("[a](b@.md)\n"),
    "links to one page that is not there": _repeat("[a](b.md)\n"),
    "footnotes": _numbered("[^@]: a\n", after="\n"),
    "footnotes that are used": _numbered("a[^@]\n\n[^@]: a\n\n"),
    "footnotes that are not defined": _numbered("[^@] "),
    "a footnote that is used often": _repeat("[^1] ", before="[^1]: a\n\n"),
    "a footnote of itself": _repeat("[^1] ", before="[^1]\n\n[^1]: "),
    "footnotes of the next": lambda length: (
        "[^0]\n\n" + "".join(f"[^{number}]: a [^{number + 1}]\n\n" for number in range(length // 20))
    ),
    "footnotes of each other": _repeat("[^1]: [^2]\n[^2]: [^1]\n"),
    "footnotes in footnotes": _growing(lambda depth: "    " * depth + f"[^{depth}]: a"),
    "abbreviations": _numbered("*[A@]: b\n", after="\n"),
    "abbreviations that are used": _numbered("*[A@]: b\n\nA@\n\n"),
    "abbreviations that are not used": _numbered("*[A@]: b\n", after="\n" + "word\n\n" * 1000),
    "abbreviations of signs": _repeat("*[.*+?(a|b)]: c\n", after="\na.*+?\n"),
    "abbreviations of one another": _numbered("*[" + "A " + "@]: A\n", after="\nA 1 A\n"),
    "an abbreviation that is used often": _repeat("HTML ", before="*[HTML]: a\n\n"),
    "an abbreviation without an end": _repeat("*[a"),
    "definition lists": _repeat("a\n: b\n\n"),
    "definitions of one term": _repeat(": b\n", before="a\n"),
    "definitions of many terms": _repeat("a\n", after=": b\n"),
    "nested definition lists": _growing(lambda depth: "    " * depth + "a\n" + "    " * depth + ":   b\n"),
    # extensions
    "attribute lists": _repeat("# a {: #b }\n"),
    "attribute lists without an end": _repeat("# a {: \n"),
    "an attribute list without an end": _repeat("{: ", before="# a "),
    "a long attribute list": _repeat(".a ", before="# a {: ", after="}\n"),
    "a long attribute list without an end": _repeat(".a ", before="# a {: "),
    "attribute lists behind paragraphs": _repeat("a\n{: .b }\n\n"),
    "attribute lists of quotes": _repeat("a='", before="# a {: ", after="}\n"),
    "admonitions": _repeat("!!! note\n    a\n\n"),
    "nested admonitions": _growing(lambda depth: "    " * depth + "!!! note\n"),
    "nested details": _growing(lambda depth: "    " * depth + '??? note "a"\n'),
    "admonitions as deep as may be": _repeat(
        "".join("    " * depth + "!!! note\n" for depth in range(60)) + "    " * 60 + "a\n\n"
    ),
    "an admonition with a long title": _repeat("a ", before='!!! note "', after='"\n'),
    "an admonition with many classes": _repeat("a ", before="!!! ", after="\n"),
    "an admonition of many lines": _repeat("    a\n\n", before="!!! note\n\n"),
    "alerts": _repeat("> [!NOTE]\n> a\n\n"),
    "alerts in a line": _repeat("> [!NOTE]\n"),
    "tabs in a set": _repeat('=== "a"\n\n    a\n\n'),
    "nested tabs": _growing(lambda depth: "    " * depth + '=== "a"\n'),
    "tabs and fences": _repeat('=== "a"\n\n    ```python\n    a = 1\n    ```\n\n'),
    "blocks": _repeat("/// note\na\n///\n\n"),
    "blocks without an end": _repeat("/// note\n"),
    "nested blocks": lambda length: "".join("/" * size + " note\n" for size in range(int(length**0.5), 2, -1)),
    "blocks and options": _repeat("/// note\n    a: b\n", after="///\n"),
    "blocks of unknown names": _repeat("/// a\nb\n///\n\n"),
    "snippets that are not there": _numbered('--8<-- "a@.md"\n'),
    "a snippet of itself": lambda length: '--8<-- "content/page.md"\n\n' + "a\n" * (length // 2),
    "snippets without an end": _repeat("--8<--\n"),
    "short names": _repeat(":smile: "),
    "short names that are none": _repeat(":a"),
    "icons": _numbered(":material-a@: "),
    "keys": _repeat("++ctrl+a++ "),
    "keys without an end": _repeat("++a+"),
    "critic marks": _repeat("{++a++} "),
    "critic marks without an end": _repeat("{++a "),
    "critic substitutions without an end": _repeat("{~~a~>"),
    "math": _repeat("$a$ "),
    "math without an end": _repeat("$$\na\n"),
    "tasks": _repeat("- [ ] a\n"),
    "tasks in a line": _repeat("- [ ] "),
    "captions": _repeat("/// caption\na\n///\n\n"),
    "smart signs": _repeat("(c) --> 1/2 "),
    "entities": _repeat("&copy;&#35;&a;\n"),
    "hard breaks": _repeat("a  \n"),
    "images": _numbered("![a](b@.png)\n\n"),
    "front matter without an end": _repeat("a: b\n", before="---\n"),
    "marks of ours": _repeat("\x021\x03\x1a0\x1a\x00"),
    "placeholders": _repeat("klzzwxh:0001 wzxhzdk:0 "),
    "carriage returns": _repeat("a\r"),
}
