"""The site -> sitemap.xml, for search engines. Format: https://www.sitemaps.org/protocol.html."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from msgspec import Struct

from ssg.config.settings import SiteConfig
from ssg.model import Document, Site, Task


class Sitemap(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lists every page. Nothing is made when the configuration has no `site_url`: addresses must be whole."""

    def plan(self, site: Site, config: SiteConfig) -> Sequence[Task]:
        """Plan one file."""
        if not config.site_url:
            return ()
        base = config.site_url.rstrip("/")
        pages = [[f"{base}/{page.url}", page.date] for page in site.pages if not page.draft and page.path != "404.md"]
        return (Task(path="sitemap.xml", data=sorted(pages)),)

    def emit(self, task: Task, documents: Sequence[Document]) -> bytes:
        """Write it."""
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        ]
        for url, date in task.data:
            modified = f"<lastmod>{escape(date[:10])}</lastmod>" if date else ""  # a time would need a time zone
            lines.append(f"<url><loc>{escape(url)}</loc>{modified}</url>")
        return "\n".join([*lines, "</urlset>", ""]).encode()
