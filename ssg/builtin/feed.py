"""The pages that have a date -> `feed.xml` and `atom.xml`, the newest pages first.

Formats: https://www.rssboard.org/rss-specification and https://www.rfc-editor.org/rfc/rfc4287.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from msgspec import Struct

from ssg.config.settings import SiteConfig
from ssg.model import Document, Site, Task


class Feed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Writes both feeds, of so many pages at most. Nothing is made without a `site_url`, or without dated pages."""

    length: int = 20

    def plan(self, site: Site, config: SiteConfig) -> Sequence[Task]:
        """Plan two files. Pages are dated by `date` in their front matter."""
        dated = sorted(
            (page for page in site.pages if page.date and not page.draft and page.path != "404.md"),
            key=lambda page: (_moment(page.date), page.path),
            reverse=True,
        )[: self.length]
        if not config.site_url or not dated:
            return ()
        pages = [[page.title, config.site_url + page.url, page.date, page.facts.history.updated[:10]] for page in dated]
        head = [config.site_name, config.site_description, config.site_url, config.site_author, config.theme.language]
        paths = tuple(page.path for page in dated)
        return (
            Task(path="feed.xml", pages=paths, data=[*head, pages], alternate="application/rss+xml"),
            Task(path="atom.xml", pages=paths, data=[*head, pages], alternate="application/atom+xml"),
        )

    def emit(self, task: Task, documents: Sequence[Document]) -> bytes:
        """Write one of them."""
        about = [_text(str(document.body.meta.get("description") or "")) for document in documents]
        text = _rss(task, about) if task.path == "feed.xml" else _atom(task, about)
        return text.encode("utf-8", "replace")


def _rss(task: Task, about: Sequence[str]) -> str:
    name, description, base, _, language, pages = task.data
    own = _text(f"{base}{task.path}")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">',
        "<channel>",
        f"<title>{_text(name)}</title>",
        f"<link>{_text(base)}</link>",
        f"<description>{_text(description or name)}</description>",
        f"<language>{_text(language)}</language>",
        f'<atom:link href="{own}" rel="self" type="application/rss+xml"/>',
    ]
    for (title, url, date, _updated), words in zip(pages, about, strict=True):
        lines += [
            "<item>",
            f"<title>{_text(title)}</title>",
            f"<link>{_text(url)}</link>",
            f"<guid>{_text(url)}</guid>",
            f"<pubDate>{format_datetime(_moment(date))}</pubDate>",
            *([f"<description>{words}</description>"] if words else []),
            "</item>",
        ]
    return "\n".join([*lines, "</channel>", "</rss>", ""])


def _atom(task: Task, about: Sequence[str]) -> str:
    name, description, base, author, language, pages = task.data
    changed = [max(_moment(updated or date), _moment(date)).isoformat() for _, _, date, updated in pages]
    own = _text(f"{base}{task.path}")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{_text(language)}">',
        f"<title>{_text(name)}</title>",
        *([f"<subtitle>{_text(description)}</subtitle>"] if description else []),
        f'<link href="{_text(base)}"/>',
        f'<link rel="self" href="{own}"/>',
        f"<id>{_text(base)}</id>",
        f"<updated>{max(changed)}</updated>",
        f"<author><name>{_text(author or name)}</name></author>",
    ]
    for (title, url, date, _), words, updated in zip(pages, about, changed, strict=True):
        lines += [
            "<entry>",
            f"<title>{_text(title)}</title>",
            f'<link href="{_text(url)}"/>',
            f"<id>{_text(url)}</id>",
            f"<published>{_moment(date).isoformat()}</published>",
            f"<updated>{updated}</updated>",
            *([f"<summary>{words}</summary>"] if words else []),
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""])


def _moment(date: str) -> datetime:
    """Return when a date of front matter is; a day is its beginning, and without a time zone it is in UTC."""
    try:
        found = datetime.fromisoformat(date)
    except ValueError:
        found = datetime.fromisoformat(date[:10])
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _text(text: str) -> str:
    """Return text for XML, less the characters that cannot be in it."""
    kept = "".join(sign for sign in " ".join(text.split()) if sign >= " " and sign not in "\ufffe\uffff")
    return escape(kept, {'"': "&quot;"})
