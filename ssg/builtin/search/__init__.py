"""The text of all pages -> `search/*.js`: an index that a browser reads a few files of, whatever it looks for.

`words.py` says what words a text has, `page.py` how much a page is about each, `index.py` how that is written down.
In the browser `partials/search/` of the default theme reads it: `text.js` finds the words of a query in texts,
`index.js` finds pages, `panel.js` shows them; `assets/search/search.js` is the three of them. Corrections, filters and
marks are scripts of their own, loaded when they are needed. All are sent as they are, so what is to be said of them is
said here:

- A *term* of a query is a word or a name. A name may be met as a whole, which is worth more, or by all its parts. The
  last one may be the beginning of a word, if the query does not end in a space or a quotation mark.
- What a page is worth is the sum over the terms of the weight of the best word that meets it, times the log of how
  rare the term is; times the third power of the share of the query that the page covers, where rare terms are a larger
  part, and the words that questions are made with (`quiet`) a small one. How rare a term is, the most frequent of the
  words that meet it says. For a name with dots or underscores, a page that has only its parts is worth less than any
  that has the name.
- Then the texts of the first pages are read, and their order is changed by what words alone do not say: the title is
  the query, the page's file is called so, the terms are in one section, in its heading, or next to one another. Here a
  name counts as as many terms as it has parts. Pages are read five at a time, and the first five are shown
  before others are read.
- A word that no page has, nor a longer or other form of it, is replaced by up to three of the list of words that differ
  in one or two letters. Two letters that changed places are one difference.
- The index is read with `fetch`, which takes less time than a script, or else, as from files, by running it.
- Results lead to `page?h=words`; `marks.js` marks these there, and takes them out of the address. Instant navigation
  may load scripts again, hence the guards at their beginnings, and `onPage` is what follows it.
- Each version of a site has an index of its own. To choose another one is to ask the same on its page of results.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from ssg.builtin.search import index
from ssg.builtin.search.page import Parts, extract
from ssg.builtin.search.words import quiet
from ssg.config.settings import SiteConfig
from ssg.model import Diagnostic, Document, NavItem, Piece, Remembered, Severity, Site, Task

MOST_SECTIONS = 24
"""A reader chooses among the parts of the site when there are no more of them."""
MOST_TEXT = 24_000
LEAST_TEXT = 100
"""A page of more characters than this is found by all its words, but only the beginnings of its sections are shown."""


class Search(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Writes the index that the theme's search looks through.

    The options are those of MkDocs's search plugin and Material's that have a meaning here. `lang` names the languages
    whose stems are used; it is the theme's language unless told. `pipeline` without `stemmer` means no stems.
    `min_search_length` is how many characters a query has before anything is looked for. `indexing` is `full`,
    `sections` (titles and headings) or `titles`. `highlight` is ours: whether the words are marked on the page that a
    result leads to.
    """

    lang: str | list[str] | None = None
    pipeline: list[str] | None = None
    min_search_length: int = 1
    indexing: str = "full"
    highlight: bool = True

    def extract(self, document: Document, language: str) -> bytes:
        """Return the words of a page, with weights."""
        if not document.card.in_search:
            return b""
        parts = Parts(headings=self.indexing != "titles", text=self.indexing == "full")
        return extract(document, parts)

    def plan(self, site: Site, config: SiteConfig) -> Sequence[Task | Diagnostic]:
        """Plan a file for the text of each page, and the folder of the index."""
        if self.indexing not in ("full", "sections", "titles"):
            message = f"`indexing` of the plugin `search` is `full`, `sections` or `titles`, not `{self.indexing}`"
            return (Diagnostic(severity=Severity.ERROR, code="plugin", message=message),)
        pages = {page.path: page for page in site.pages if page.in_search and page.path != "404.md"}
        slots = index.slots(pages)
        tasks = []
        blocks: dict[int, list[tuple[int, str, str, str]]] = {}
        for path, slot in sorted(slots.items(), key=lambda one: one[1]):
            page = pages[path]
            trail = _titles(site.nav, page.trail)
            section = trail[0] if trail else ""
            blocks.setdefault(slot // index.BLOCK, []).append((slot % index.BLOCK, path, page.title, section))
            shown = [slot, page.url, page.title, trail]
            tasks.append(Task(path=f"search/p/{slot}.js", pages=(path,), data=shown, reads=("body", "sections")))
        sections = list(dict.fromkeys(section for pages in blocks.values() for *_, section in pages if section))
        tops = [item.title for item in site.nav if item.title in sections]
        data = {
            "blocks": list(blocks.items()),
            "buckets": index.buckets(len(pages)),
            "language": config.theme.language,
            "facts": {
                "pages": len(pages),
                "minimum": self.min_search_length,
                "highlight": self.highlight,
                "quiet": sorted({word for one in self._languages(config.theme.language) for word in quiet(one)}),
                "sections": tops if 1 < len(tops) <= MOST_SECTIONS else [],
            },
        }
        return (*tasks, Task(path="search/", pages=tuple(slots), data=data))

    def emit(self, task: Task, documents: Sequence[Document]) -> bytes:
        """Write the text of a page."""
        slot, url, title, trail = task.data
        (document,) = documents
        titles = {one.id for one in document.body.headings if one.level == 1}
        shortened = sum(len(one.text) for one in document.sections) > MOST_TEXT
        most = max(LEAST_TEXT, MOST_TEXT // len(document.sections)) if shortened else MOST_TEXT
        sections = [
            ("", "", one.text[:most]) if one.anchor in titles else (one.anchor, one.title, one.text[:most])
            for one in document.sections
        ]
        return index.script(f"p/{slot}", [url, title, trail, sections, int(shortened)])

    def merge(self, task: Task, remembered: Remembered) -> Mapping[str, bytes]:
        """Make the index of what was remembered of the pages: by blocks of pages, then by buckets of words."""
        data = task.data
        total = data["buckets"]
        numbers = [number for number, _ in data["blocks"]]
        blocks = remembered.map(
            "block",
            [
                Piece(
                    data=[[[place, title, section] for place, _, title, section in pages], total],
                    pages=tuple(path for _, path, *_ in pages),
                )
                for _, pages in data["blocks"]
            ],
        )
        stemmed = self.pipeline is None or "stemmer" in self.pipeline
        languages = self._languages(data["language"]) if stemmed else []
        buckets = remembered.map(
            "bucket",
            [
                Piece(data=[number, numbers, languages], parts=tuple(one[number] for one in blocks))
                for number in range(total)
            ],
        )
        facts = {**data["facts"], "buckets": total}
        (directory,) = remembered.map("directory", [Piece(data=facts, parts=tuple(one[0] for one in buckets))])
        files = {"index.js": directory[0], "words.js": directory[1]}
        for number, parts in enumerate(buckets):
            files.update({f"b/{number}-{at}.js": part for at, part in enumerate(parts[1:])})
        return files

    def block(self, data: Any, inputs: Sequence[bytes]) -> Sequence[bytes]:
        """Return the words of some pages, by bucket."""
        pages, total = data
        return index.block(pages, total, inputs)

    def bucket(self, data: Any, inputs: Sequence[bytes]) -> Sequence[bytes]:
        """Return what the directory must know of some words, and the files that they are in."""
        number, blocks, languages = data
        return index.bucket(number, blocks, languages, inputs)

    def directory(self, data: Any, inputs: Sequence[bytes]) -> Sequence[bytes]:
        """Return what a browser reads first, and what it reads when a word is misspelled."""
        return index.directory(data, inputs)

    def _languages(self, language: str) -> list[str]:
        named = [self.lang] if isinstance(self.lang, str) else self.lang
        return named or [language]


def _titles(nav: Sequence[NavItem], trail: Sequence[int]) -> list[str]:
    """Return the titles of the parts of the site around a page, from the top down."""
    titles = []
    for at in trail:
        titles.append(nav[at].title)
        nav = nav[at].children
    return titles[:-1]
