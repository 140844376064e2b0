"""Old addresses -> small pages that lead to the new ones, without JavaScript."""

import posixpath
from collections.abc import Sequence
from html import escape

from msgspec import Struct, field

from ssg.config.settings import SiteConfig, severity_of
from ssg.model import Diagnostic, Document, Redirect, Site, Task
from ssg.urls import output_of, relative

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Redirecting…</title>
<link rel="canonical" href="{canonical}">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={url}">
</head>
<body>
<p>This page has moved to <a href="{url}">{url}</a>.</p>
</body>
</html>
"""


class Redirects(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Makes a page for each alias in front matter, and for each old path in `redirect_maps`.

    `redirect_maps` is that of mkdocs-redirects: from the path of a page that was (`old.md`) to that of one that is
    (`new.md`, `new.md#part`), or to an address elsewhere.
    """

    redirect_maps: dict[str, str] = field(default_factory=dict)

    def plan(self, site: Site, config: SiteConfig) -> Sequence[Task | Diagnostic]:
        """Plan a file for each old address. What counts as a broken link counts here too."""
        urls = {page.path: page.url for page in site.pages}
        taken = {page.output for page in site.pages}
        redirects = list(site.redirects)
        problems = []
        for old, new in sorted(self.redirect_maps.items()):
            output = posixpath.normpath(output_of(old, config.use_directory_urls))
            path, _, fragment = new.partition("#")
            if "://" in new or new.startswith("/"):
                target = new
            elif path in urls:
                target = urls[path] + (f"#{fragment}" if fragment else "")
            else:
                message = f"in redirect_maps, '{old}' leads to '{new}', which does not exist"
                problems.append(_problem(config.validation.links_not_found, "redirect-target", message))
                continue
            if output in taken or any(one.output == output for one in site.redirects):
                message = f"in redirect_maps, there is a page at '{old}' already"
                problems.append(_problem(config.validation.links_not_found, "redirect-taken", message))
                continue
            redirects.append(Redirect(output, target))
        base = config.site_url.rstrip("/")
        tasks = [Task(path=one.output, data=[*_addresses(one, base)]) for one in redirects]
        return (*tasks, *(one for one in problems if one is not None))

    def emit(self, task: Task, documents: Sequence[Document]) -> bytes:
        """Write a page that leads on."""
        url, canonical = task.data
        return _PAGE.format(url=escape(url), canonical=escape(canonical)).encode()


def _problem(level: str, code: str, message: str) -> Diagnostic | None:
    severity = severity_of(level)
    return Diagnostic(severity=severity, code=code, message=message) if severity else None


def _addresses(redirect: Redirect, base: str) -> tuple[str, str]:
    """Return the way from the old address, which holds under any base path, and the canonical address."""
    if "://" in redirect.target or redirect.target.startswith("/"):
        return redirect.target, redirect.target
    path, sign, fragment = redirect.target.partition("#")
    way = relative(path, redirect.output) + sign + fragment
    return way, f"{base}/{redirect.target}" if base else way
