"""Which Markdown extensions run, with which options: the standard set, or the one of the configuration."""

import re

from msgspec import Struct

from ssg.config.settings import MarkdownExtension, SiteConfig

PYTHON = "!python"
"""The key of a mapping in an option that stands for a Python object; see `MarkdownExtension`."""


FORMULAS = "ssg.markdown.formulas"
"""The name under which our own formulas stand in the list of extensions."""


class MarkdownSettings(Struct, frozen=True, kw_only=True):
    """All that the conversion of a page depends on but the page.

    `github` switches on GitHub's block rules, and `github_inline` its rules for what stands within a paragraph.
    """

    extensions: tuple[MarkdownExtension, ...]
    github: bool = True
    github_inline: bool = False
    formulas: bool = True
    """Formulas become MathML. Otherwise they are left to a script of the site."""
    glossary: str = ""
    """A file of abbreviations for all pages."""
    icons: tuple[str, ...] = ()
    """Folders of the project that have icons."""
    languages: bool = True
    """Tell of code in a language that is not known."""


_MERMAID = {
    "name": "mermaid",
    "class": "mermaid",
    "format": {PYTHON: "pymdownx.superfences.fence_code_format"},
}

STANDARD: tuple[MarkdownExtension, ...] = (
    MarkdownExtension("abbr"),
    MarkdownExtension("admonition"),
    MarkdownExtension("attr_list"),
    MarkdownExtension("def_list"),
    MarkdownExtension("footnotes"),
    MarkdownExtension("md_in_html"),
    MarkdownExtension("tables", {"use_align_attribute": True}),
    MarkdownExtension("toc", {"permalink": True, "permalink_title": "Link to this section", "toc_depth": 6}),
    MarkdownExtension("pymdownx.blocks.admonition"),
    MarkdownExtension("pymdownx.blocks.caption"),
    MarkdownExtension("pymdownx.blocks.definition"),
    MarkdownExtension("pymdownx.blocks.details"),
    MarkdownExtension("pymdownx.blocks.html"),
    MarkdownExtension("pymdownx.blocks.tab", {"alternate_style": True}),
    MarkdownExtension("pymdownx.details"),
    MarkdownExtension(
        "pymdownx.emoji",
        {
            "emoji_index": {PYTHON: "ssg.markdown.icons.both_indexes"},
            "emoji_generator": {PYTHON: "pymdownx.emoji.to_alt"},
        },
    ),
    MarkdownExtension("pymdownx.highlight", {"pygments_lang_class": True, "stripnl": False}),
    MarkdownExtension("pymdownx.inlinehilite"),
    MarkdownExtension("pymdownx.keys"),
    MarkdownExtension("pymdownx.progressbar"),
    MarkdownExtension("pymdownx.snippets"),
    MarkdownExtension("pymdownx.superfences", {"custom_fences": [_MERMAID]}),
    MarkdownExtension("pymdownx.tabbed", {"alternate_style": True}),
    MarkdownExtension("pymdownx.tasklist", {"custom_checkbox": True}),
    MarkdownExtension(FORMULAS),
)
"""What runs when the configuration names no extensions: what writers for Material switch on, ready to use.

GitHub's inline rules do what `INLINE` does, so that is added only without them.
"""

INLINE = tuple(MarkdownExtension(f"pymdownx.{name}") for name in ("betterem", "caret", "magiclink", "mark", "tilde"))
"""Emphasis and the like, and bare addresses as links."""

MKDOCS: tuple[MarkdownExtension, ...] = (
    MarkdownExtension("toc"),
    MarkdownExtension("tables"),
    MarkdownExtension("fenced_code"),
)
"""What MkDocs runs in any case: https://www.mkdocs.org/user-guide/configuration/#markdown_extensions."""


_FORMULA_SCRIPTS = re.compile("mathjax|katex", re.IGNORECASE)
"""A site that loads one of these draws formulas by itself."""


def markdown_settings(config: SiteConfig, added: tuple[MarkdownExtension, ...] = ()) -> MarkdownSettings:
    """Return how the pages of a site are converted; `added` are extensions of its plugins."""
    mkdocs = config.format == "mkdocs"
    chosen = choose(config.markdown_extensions, mkdocs=mkdocs)
    # whoever names extensions expects just what these do within paragraphs
    github_inline = config.markdown.github and config.markdown_extensions is None and not mkdocs
    if chosen is STANDARD and not github_inline:
        chosen += INLINE
    return MarkdownSettings(
        extensions=(*chosen, *added),
        github=config.markdown.github,
        github_inline=github_inline,
        formulas=not any(_FORMULA_SCRIPTS.search(script.path) for script in config.extra_javascript),
        glossary=config.markdown.glossary,
        icons=(f"{config.theme.custom_dir}/.icons",) if config.theme.custom_dir else (),
        languages=not mkdocs,
    )


def choose(configured: tuple[MarkdownExtension, ...] | None, *, mkdocs: bool) -> tuple[MarkdownExtension, ...]:
    """Return the extensions to run, given those in the configuration (None: it names none) and where it came from."""
    base = MKDOCS if mkdocs else STANDARD
    if configured is None:
        return base
    short = {extension.name.removeprefix("markdown.extensions.") for extension in configured}
    # superfences takes the place of fenced_code; both together would fight over the same lines
    needed = [one for one in MKDOCS if one.name not in short and not (one.name == "fenced_code" and _fences(short))]
    if "extra" in short:
        needed = [one for one in needed if one.name == "toc"]
    return (*needed, *configured)


def _fences(names: set[str]) -> bool:
    return bool(names & {"pymdownx.superfences", "pymdownx.extra"})
