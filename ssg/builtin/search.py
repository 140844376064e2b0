"""The text of all pages -> `search/*.json`: what the search index is made of, in shards of a few pages each.

A shard is made again when one of its pages changes, so that an edit costs the same on a site of any size. Which pages
share a shard depends on their paths alone.

`search/index.json`: `{"shards": ["000.json", …]}`. A shard is a list of pages, each `{"url", "title", "tags",
"sections": [{"anchor", "title", "text"}]}`; `url` is relative to the site's root.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct

from ssg.config.settings import SiteConfig
from ssg.model import Document, Site, Task

PAGES_A_SHARD = 32


class Search(Struct, frozen=True, kw_only=True):
    """Writes the documents that search looks through.

    The options are those of MkDocs's search plugin (`lang`, `separator`, …); what they set is the work of the index.
    """

    lang: Any = None
    separator: str = ""
    pipeline: Any = None
    min_search_length: int = 3
    prebuild_index: Any = False
    indexing: str = "full"
    fields: Any = None
    jieba_dict: Any = None
    jieba_dict_user: Any = None

    def plan(self, site: Site, config: SiteConfig) -> Sequence[Task]:
        """Plan the shards and their list."""
        pages = {page.path: page for page in site.pages if page.in_search and page.path != "404.md"}
        count = 1
        while count * PAGES_A_SHARD < len(pages):
            count *= 2  # doubled, so that a new page rarely moves all the others
        shards: dict[int, list[str]] = {}
        for path in pages:
            number = int.from_bytes(blake2b(path.encode(), digest_size=4).digest()) % count
            shards.setdefault(number, []).append(path)
        tasks = []
        for number, paths in sorted(shards.items()):
            name = f"search/{number:03}.json"
            tasks.append(
                Task(
                    path=name,
                    pages=tuple(sorted(paths)),
                    data=[[pages[path].url, pages[path].title] for path in sorted(paths)],
                )
            )
        names = [f"{number:03}.json" for number in sorted(shards)]
        return (Task(path="search/index.json", data={"shards": names}), *tasks)

    def emit(self, task: Task, documents: Sequence[Document]) -> bytes:
        """Write the list, or a shard."""
        if not task.pages:
            return msgspec.json.encode(task.data, order="deterministic")
        return msgspec.json.encode(
            [
                {
                    "url": url,
                    "title": title,
                    "tags": document.card.tags,
                    "sections": [
                        {"anchor": one.anchor, "title": one.title, "text": one.text} for one in document.sections
                    ],
                }
                for (url, title), document in zip(task.data, documents, strict=True)
            ]
        )
