"""A request -> a file of the site, as a host for static files answers it."""

import html

from tornado.httputil import split_host_and_port
from tornado.web import StaticFileHandler

from ssg.serve.guard import Guarded
from ssg.serve.lookup import content_type, find, outputs
from ssg.serve.reload import PREFIX
from ssg.serve.site import LiveSite


class Files(Guarded, StaticFileHandler):
    """The files of the site."""

    async def get(self, path: str, include_body: bool = True) -> None:
        """Send the file, or the index page of the folder, that the path stands for."""
        site: LiveSite = self.settings["site"]
        version = site.version  # as it was before the file is read: should it change now, the page is out of date
        if not f"/{path}".startswith(site.base):
            if path in ("", site.base.strip("/")):
                self.redirect(site.url("index.html"))
            else:
                await self._missing(site, version)
            return
        name = path[len(site.base) - 1 :]
        found = await site.find(outputs(name))
        if found is None:
            await self._missing(site, version)
            return
        output, data = found
        if not name.endswith("/") and output == f"{name}/index.html":
            # Made from a path that leads to a file, this cannot lead to another host.
            self.redirect(site.url(output))
        elif output.endswith((".html", ".htm")):
            self._page(data, version)
        elif "Range" in self.request.headers and find(site.folder, output) is not None:
            await super().get(output, include_body)
        else:
            # Sent as a whole, since the file may be replaced or deleted at any time.
            self.set_header("Content-Type", content_type(output))
            self.finish(data)

    async def _missing(self, site: LiveSite, version: int) -> None:
        page = site.read("404.html")
        self.set_status(404 if site.ready else 503)
        if page is None:
            title = "Not found" if site.ready else "The site is not built yet"
            words = "".join(f"<p>{html.escape(f'{one.path}: {one.message}')}</p>" for one in site.diagnostics)
            page = f'<!doctype html><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{words}'.encode()
        self._page(page, version)

    def _page(self, page: bytes, version: int) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        name, port = split_host_and_port(self.request.host)
        query = f"snipver={version}&host={name}&port={port or 80}&mindelay=200&maxdelay=2000"
        scripts = (
            f'<script defer src="{PREFIX}/client.js"></script>'
            f'<script defer src="{PREFIX}.js?{html.escape(query)}"></script>'
        ).encode()
        end = page.lower().rfind(b"</body")
        end = len(page) if end < 0 else end
        self.finish(page[:end] + scripts + page[end:])

    def get_content_type(self) -> str:
        """Return what hosts say of the file."""
        return content_type(str(self.absolute_path))

    def compute_etag(self) -> None:
        """Nothing is kept, so nothing needs a name."""

    def should_return_304(self) -> bool:
        """Nothing is kept, so nothing is unchanged."""
        return False

    def get_cache_time(self, *_: object) -> int:
        """Keep nothing, not even what has a version in its address."""
        return 0
