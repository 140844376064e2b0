"""The site -> sitemap.xml and robots.txt, for search engines.

Formats: https://www.sitemaps.org/protocol.html and https://www.rfc-editor.org/rfc/rfc9309.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from msgspec import Struct

from ssg.config.settings import SiteConfig
from ssg.model import Document, Site, Task


class Sitemap(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lists every page. Nothing is made when the configuration has no `site_url`: addresses must be whole."""

    def plan(self, site: Site, config: SiteConfig) -> Sequence[Task]:
        """Plan the sitemap; and `robots.txt`, which counts only at the root of a host."""
        if not config.site_url or not config.indexing:
            return ()
        base = config.site_url.rstrip("/")
        pages = [
            [f"{base}/{page.url}", page.facts.history.updated or page.date]
            for page in site.pages
            if not page.draft and page.path != "404.md"
        ]
        tasks = [Task(path="sitemap.xml", data=sorted(pages))]
        if base.count("/") == 2:
            tasks.append(Task(path="robots.txt", data=f"{base}/sitemap.xml"))
        return tasks

    def emit(self, task: Task, documents: Sequence[Document]) -> bytes:
        """Write one of them."""
        if task.path == "robots.txt":
            return f"User-agent: *\nAllow: /\n\nSitemap: {task.data}\n".encode()
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        ]
        for url, date in task.data:
            modified = f"<lastmod>{escape(date[:10])}</lastmod>" if date else ""  # a time would need a time zone
            lines.append(f"<url><loc>{escape(url)}</loc>{modified}</url>")
        return "\n".join([*lines, "</urlset>", ""]).encode()
