"""Converters: Markdown to HTML in one process, a round whenever a line comes in; dialect.py starts one for each.

python converters.py NAME FOLDER    for each line on its input, prints the processor seconds that the pages took
"""

import gc
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Convert = Callable[[str], object]
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)

EXTENSIONS: dict[str, dict[str, Any]] = {
    "abbr": {},
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "footnotes": {},
    "md_in_html": {},
    "tables": {},
    "toc": {"permalink": True},
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.betterem": {"smart_enable": "all"},
    "pymdownx.caret": {},
    "pymdownx.details": {},
    "pymdownx.emoji": {"emoji_generator": {"!python": "pymdownx.emoji.to_alt"}},
    "pymdownx.highlight": {"anchor_linenums": True, "line_spans": "__span", "pygments_lang_class": True},
    "pymdownx.inlinehilite": {},
    "pymdownx.keys": {},
    "pymdownx.mark": {},
    "pymdownx.smartsymbols": {},
    "pymdownx.superfences": {},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tasklist": {"custom_checkbox": True},
    "pymdownx.tilde": {},
}
"""What the documentation of Material for MkDocs recommends."""


def ssg(github: bool = True) -> Convert:
    """The dialect of this checkout, with the record of links, headings and problems that it makes."""
    from ssg.config.settings import MarkdownExtension
    from ssg.engine.reader import Reader
    from ssg.markdown import Converter, MarkdownSettings

    extensions = tuple(MarkdownExtension(name, options) for name, options in EXTENSIONS.items())
    converter = Converter(MarkdownSettings(extensions=extensions, github=github))
    reader = Reader(Path(), {})
    return lambda text: converter.convert(text, 1, "page.md", reader, text)


def ssg_plain() -> Convert:
    """The same without GitHub's rules: what Python-Markdown gives, byte by byte."""
    return ssg(github=False)


def python_markdown() -> Convert:
    """Python-Markdown as it comes."""
    import markdown

    from ssg.markdown.objects import resolve

    names = {name if "." in name else f"markdown.extensions.{name}": options for name, options in EXTENSIONS.items()}
    engine = markdown.Markdown(extensions=list(names), extension_configs=resolve(names))
    return lambda text: engine.reset().convert(text)


def markdown_it() -> Convert:
    """markdown-it-py with plugins for much of the same, and code highlighted by Pygments."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.admon import admon_plugin
    from mdit_py_plugins.anchors import anchors_plugin
    from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.tasklists import tasklists_plugin

    highlight = _highlighter()
    parser = MarkdownIt("commonmark", {"highlight": lambda code, language, _: highlight(code, language)})
    parser.enable(["table", "strikethrough"])
    parser.use(anchors_plugin, max_level=6, permalink=True)
    for plugin in (footnote_plugin, deflist_plugin, tasklists_plugin, admon_plugin, attrs_plugin, attrs_block_plugin):
        parser.use(plugin)
    parser.use(dollarmath_plugin)
    return lambda text: parser.render(text)


def mistune() -> Convert:
    """mistune with plugins for much of the same, and code highlighted by Pygments."""
    import mistune as library
    from mistune.directives import Admonition, FencedDirective
    from mistune.toc import add_toc_hook

    highlight = _highlighter()

    def block_code(renderer: object, code: str, info: str | None = None) -> str:
        return highlight(code, (info or "").split(" ")[0])

    renderer: Any = type("Renderer", (library.HTMLRenderer,), {"block_code": block_code})
    plugins = ["strikethrough", "footnotes", "table", "task_lists", "def_list", "abbr", "mark", "insert"]
    plugins += ["superscript", "subscript", "math"]
    directives: Any = FencedDirective([Admonition()])
    parser: Convert = library.create_markdown(renderer=renderer(escape=False), plugins=[*plugins, directives])
    add_toc_hook(parser)
    return parser


def _highlighter() -> Callable[[str, str], str]:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    formatter: Any = HtmlFormatter(wrapcode=True)
    lexers: dict[str, Any] = {}

    def run(code: str, language: str) -> str:
        if language not in lexers:
            try:
                lexers[language] = get_lexer_by_name(language or "text")
            except ClassNotFound:
                lexers[language] = get_lexer_by_name("text")
        return str(highlight(code, lexers[language], formatter))

    return run


def main() -> None:
    name, folder = sys.argv[1:]
    convert: Convert = {one.__name__: one for one in (ssg, ssg_plain, python_markdown, markdown_it, mistune)}[name]()
    pages = [path.read_text(encoding="utf-8") for path in sorted(Path(folder).rglob("*.md"))]
    texts = [_FRONT_MATTER.sub("", page) for page in pages]
    gc.collect()
    for _ in sys.stdin:
        start = time.process_time()  # what others do on the machine meanwhile is not of interest
        for text in texts:
            convert(text)
        print(time.process_time() - start, len(texts), flush=True)


if __name__ == "__main__":
    main()
