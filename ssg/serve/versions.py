"""A request for any version of the site -> a file of it, or the list of all versions."""

import html
from pathlib import Path
from urllib.parse import quote

from ssg.errors import SsgError
from ssg.serve.editions import WORK, Editions
from ssg.serve.files import Files
from ssg.serve.lookup import content_type, find, outputs, read
from ssg.serve.site import LiveSite
from ssg.urls import url_of_output


class VersionFiles(Files):
    """The files of all versions: below the address of the site, each in the folder of its name."""

    async def get(self, path: str, include_body: bool = True) -> None:
        """Send the file that the path stands for."""
        site: LiveSite = self.settings["site"]
        editions: Editions = self.settings["editions"]
        top = site.base.removesuffix(f"{WORK}/")
        whole = f"/{path}"
        if whole.startswith(site.base) or not whole.startswith(top) or whole == top:
            if whole == top:
                self.redirect(site.url("index.html"))
            else:
                await super().get(path, include_body)
            return
        name, slash, rest = whole.removeprefix(top).partition("/")
        if not slash and name == "versions.json":
            editions.look()
            self.set_header("Content-Type", content_type(name))
            self.finish(editions.all.text())
            return
        if name not in editions.all.names():
            editions.look()
        version = next((one.version for one in editions.all.all if name in (one.version, *one.aliases)), "")
        if version not in editions.tags:
            await super().get(path, include_body)
        elif not slash:
            self.redirect(quote(f"{top}{name}/"))
        else:
            await self._send(editions, version, f"{top}{name}/", rest)

    async def _send(self, editions: Editions, version: str, base: str, path: str) -> None:
        try:
            folder = await editions.site(version)
        except SsgError as error:
            self.set_status(500)
            words = "".join(f"<p>{html.escape(f'{one.path}: {one.message}')}</p>" for one in error.diagnostics)
            title = html.escape(f"Version {version} cannot be built")
            self._plain(f'<!doctype html><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{words}'.encode())
            return
        output, data = _found(folder, path)
        if data is None:
            self.set_status(404)
            self._plain(read(find(folder, "404.html")) or b"<!doctype html><title>Not found</title><h1>Not found</h1>")
        elif not path.endswith("/") and output == f"{path}/index.html":
            self.redirect(quote(base) + url_of_output(output))
        else:
            self.set_header("Content-Type", content_type(output))
            self.finish(data)

    def _plain(self, page: bytes) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page)


def _found(folder: Path, path: str) -> tuple[str, bytes | None]:
    """Return the first file of a site that the path may stand for, and what it holds."""
    for output in outputs(path):
        data = read(find(folder, output))
        if data is not None:
            return output, data
    return "", None
