"""A host for static files that behaves as GitHub Pages does, and a reader that follows every address it finds there.

What Pages does: a project is below `/name/`; `a` is `a`, or else `a.html`; a folder without a slash is redirected to
one with it; and whatever is missing below the project is answered by its `404.html`, with the status 404.
"""

import contextlib
import http.client
import json
import re
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree as ET

LINKS = {"href", "src", "srcset", "imagesrcset", "poster", "action", "data", "cite", "background"}
PICTURES = {"og:image", "og:url", "twitter:image"}


class Host(BaseHTTPRequestHandler):
    """Answers requests."""

    protocol_version = "HTTP/1.1"
    folder: Path
    base: str

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        name = path.removeprefix(self.base)
        if not path.startswith(self.base) or ".." in name.split("/"):
            self._answer(404, b"not of this project", "text/plain")
            return
        file = self.folder / (f"{name}index.html" if name.endswith("/") or not name else name)
        page = file.with_name(f"{file.name}.html")
        if file.is_file() or page.is_file():
            found = file if file.is_file() else page
            self._answer(200, found.read_bytes(), guess_type(found.name)[0] or "application/octet-stream")
        elif (file / "index.html").is_file():
            self._answer(301, b"", "text/html", Location=f"{quote(path)}/")
        else:
            missing = self.folder / "404.html"
            self._answer(404, missing.read_bytes() if missing.is_file() else b"", "text/html")

    def _answer(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def hosted(folder: Path, base: str) -> Iterator[str]:
    """Serve a folder below a path; give the address of that."""
    handler = type("Host", (Host,), {"folder": folder, "base": base})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{base}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Page(HTMLParser):
    """What a page names: addresses, and the ids that addresses may end in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.base = ""
        self.links: list[str] = []
        self.ids = {"", "top"}
        self._style = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids |= {found[name] for name in ("id", "name") if name in found}
        self._style = tag == "style"
        if tag == "base":
            self.base = found.get("href", "")
            return
        for name, value in found.items():
            if name in ("srcset", "imagesrcset"):
                self.links += [one.split()[0] for one in value.split(",") if one.split()]
            elif name in LINKS and not (name == "data" and tag != "object"):
                self.links.append(value)
            elif name == "style":
                self.links += in_style(value)
        if tag == "meta":
            if found.get("property", found.get("name")) in PICTURES:
                self.links.append(found.get("content", ""))
            if found.get("http-equiv", "").lower() == "refresh" and "url=" in found.get("content", ""):
                self.links.append(found["content"].partition("url=")[2])

    def handle_data(self, data: str) -> None:
        if self._style:
            self.links += in_style(data)
            self._style = False


def in_style(text: str) -> list[str]:
    """Return the addresses in a style sheet."""
    return re.findall(r"""url\(\s*["']?([^"')]+)""", text) + re.findall(r"""@import\s+["']([^"']+)""", text)


class Reader:
    """Follows every address from page to page, and notes those that lead nowhere."""

    def __init__(self, top: str, site_url: str) -> None:
        """Begin nowhere yet. Full addresses below `site_url`, as in feeds, are those of the host at `top`."""
        self.top = top
        self.site_url = site_url
        self.wrong: dict[str, str] = {}
        """The address that leads nowhere, and where it was found."""
        self.seen: dict[str, set[str] | None] = {}
        """All that was asked for, with the ids in it if it is a page."""
        self.outside: set[str] = set()
        self._fragments: list[tuple[str, str, str]] = []
        self._host = urlsplit(top).netloc

    def follow(self, *starts: str) -> None:
        """Go on from these addresses, relative to the site, until nothing new comes."""
        waiting = [(urljoin(self.top, start), "the start") for start in starts]
        while waiting:
            url, origin = waiting.pop()
            url, fragment = urldefrag(url)
            if fragment:
                self._fragments.append((url, unquote(fragment), origin))
            if url in self.seen:
                continue
            self.seen[url] = None
            status, kind, body, location = self.ask(url)
            if status == 301:
                waiting.append((location, f"{url}, from {origin}"))
            elif status != 200:
                self.wrong[url] = origin
            else:
                waiting += self._found(url, kind, body)
        for url, fragment, origin in self._fragments:
            ids = self.seen[url]
            if ids is not None and fragment not in ids and not fragment.startswith((":~:", "__codelineno")):
                self.wrong[f"{url}#{fragment}"] = origin

    def follow_from_missing(self, path: str) -> None:
        """Go on from what is shown in place of a page that is not there."""
        url = urljoin(self.top, path)
        status, kind, body, _ = self.ask(url)
        assert (status, kind) == (404, "text/html")
        self.seen[url] = None
        self.follow(*(link for link, _ in self._found(url, kind, body)))

    def ask(self, url: str) -> tuple[int, str, bytes, str]:
        """Ask for an address: the status, the kind, the content, and where it leads."""
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(self._host, timeout=60)
        connection.request("GET", quote(parts.path, safe="/%:@!$&'()*+,;=~") + (parts.query and f"?{parts.query}"))
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        location = urljoin(url, answer.getheader("Location", ""))
        return answer.status, answer.getheader("Content-Type", ""), body, location

    def _found(self, url: str, kind: str, body: bytes) -> list[tuple[str, str]]:
        """Return the addresses on the host that something of this kind names."""
        text = body.decode("utf-8", "replace")
        base, links = url, []
        if kind == "text/html":
            page = Page(text)
            self.seen[url] = page.ids
            base, links = urljoin(url, page.base), page.links
        elif kind == "text/css":
            links = in_style(text)
        elif url.endswith((".xml", ".rss", ".atom")):
            for one in ET.fromstring(body).iter():
                links += [one.text or ""] * (
                    one.tag.rpartition("}")[2] in ("loc", "link") and bool((one.text or "").strip())
                )
                links += [one.attrib[name] for name in ("href", "url") if name in one.attrib]
        elif url.endswith((".webmanifest", "/manifest.json")):
            links = re.findall(r'"(?:src|start_url|scope)":\s*"([^"]+)"', json.dumps(json.loads(text)))
        elif url.endswith("/robots.txt"):
            links = re.findall(r"^Sitemap:\s*(\S+)", text, re.MULTILINE)
        elif url.endswith("/llms.txt"):
            links = re.findall(r"\]\(([^)]+)\)", text)
        found = []
        for link in links:
            whole = urljoin(base, link.strip())
            if whole.startswith(self.site_url):
                whole = self.top + whole.removeprefix(self.site_url)
            parts = urlsplit(whole)
            if parts.scheme in ("http", "https") and parts.netloc == self._host:
                found.append((whole, url))
            elif parts.scheme in ("http", "https"):
                self.outside.add(whole)
        return found
