"""Python-Markdown's core inline patterns -> passes that follow GitHub's rules."""

from markdown import Markdown

from ssg.markdown.autolinks import Autolinks
from ssg.markdown.emphasis import Emphasis, Markers
from ssg.markdown.page import Page
from ssg.markdown.passes import GithubInlineProcessor
from ssg.markdown.spans import Spans

_REPLACED = (
    "backtick",
    "escape",
    "reference",
    "link",
    "image_link",
    "image_reference",
    "short_reference",
    "short_image_ref",
    "autolink",
    "automail",
    "linebreak",
    "html",
    "entity",
    "not_strong",
    "em_strong",
    "em_strong2",
    "delimiter",
    "magic-link",
    "magic-mail",
)

_MARKERS = {
    "^": Markers({1: "sup", 2: "ins"}, loose=True, no_space=True),
    "=": Markers({2: "mark"}),
    "~": Markers({1: "sub", 2: "del"}, loose=True, no_space=True),
}
"""What `pymdownx.caret`, `mark` and `tilde` make of runs. They are followed where they are loaded, with their options;
to load them for this alone takes 30 ms, since each compiles long regular expressions that are not used here."""


def use_github_inline(md: Markdown, page: Page) -> None:
    """Replace the core patterns, and those of `pymdownx` for the same things, of an engine with all its extensions.

    Args:
        md: The engine.
        page: Is told of references that are not defined.
    """
    patterns = md.inlinePatterns
    spans = Spans(md, page)
    code = patterns["backtick"]
    if hasattr(code, "handle_code"):  # that of pymdownx.inlinehilite
        spans.highlight(code)
    before_escapes = [*patterns][: patterns.get_index_for_name("escape")]
    spans.claim(one for one in before_escapes if one is not code)
    delimiters = getattr(patterns["delimiter"], "delimiters", {}) if "delimiter" in patterns else {}
    named = {character: _markers(one) for character, one in delimiters.items() if character not in "*_"}
    for name in _REPLACED:
        if name in patterns and type(patterns[name]).__module__.startswith(("markdown.", "pymdownx.")):
            patterns.deregister(name)
    patterns.register(spans, "ssg-spans", 190)
    patterns.register(Autolinks(md), "ssg-autolinks", 85)
    patterns.register(Emphasis(md, {**_MARKERS, **named}), "ssg-emphasis", 60)
    md.treeprocessors.register(GithubInlineProcessor(md, spans.claimed), "inline", 20)


def _markers(delimiter: object) -> Markers:
    """Return what pymdownx's own delimiter processor would make of runs of a character."""
    tags: tuple[str, str] = getattr(delimiter, "tags", ("", ""))
    pair = getattr(delimiter, "tag_count", 0) == 2
    double = getattr(delimiter, "double", False)
    return Markers(
        tags={1: tags[1], 2: tags[0]} if pair else {2: tags[0]} if double else {1: tags[0]},
        smart=getattr(delimiter, "smart", False),
        loose=not getattr(delimiter, "punct", True),
        no_space=getattr(delimiter, "no_space", False),
    )
