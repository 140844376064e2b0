"""Old addresses -> small pages that lead to the new ones, without JavaScript.

A server never sees the anchor of an address. So where sections have gone different ways, the page has a place with each
anchor, which is a link; a script saves readers the click, and takes the anchor along where the whole page has moved.
"""

import json
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from msgspec import Struct, field
from msgspec.structs import replace

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
<script>
{{
const sections = {sections};
const whole = {whole};
const anchor = decodeURIComponent(location.hash.slice(1));
if (Object.hasOwn(sections, anchor)) location.replace(sections[anchor]);
else if (whole) location.replace(whole.includes("#") ? whole : whole + location.hash);
}}
</script>
{refresh}</head>
<body>
{body}
</body>
</html>
"""
_REFRESH = '<noscript><meta http-equiv="refresh" content="0; url={url}"></noscript>\n'
_MOVED = '<p>This page has moved to <a href="{url}">{url}</a>.</p>'
_SECTION = '<p id="{anchor}">This section has moved to <a href="{url}">{url}</a>.</p>'


class Redirects(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Makes a page for each alias in front matter, and for each old path in `redirect_maps`.

    `redirect_maps` is that of mkdocs-redirects: from the path of a page that was (`old.md`), or a section of one that
    was or still is (`old.md#part`), to that of one that is (`new.md`, `new.md#part`), or to an address elsewhere.
    """

    redirect_maps: dict[str, str] = field(default_factory=dict)

    def transform_site(self, site: Site) -> Site:
        """Add the sections that have left a page which is still there: it leads on itself."""
        outputs = {page.path: page.output for page in site.pages}
        urls = {page.path: page.url for page in site.pages}
        known = {(one.output, one.anchor) for one in site.redirects}
        moved = []
        for old, new in sorted(self.redirect_maps.items()):
            path, _, anchor = old.partition("#")
            target = _target(new, urls)
            if anchor and path in outputs and target is not None and (outputs[path], anchor) not in known:
                moved.append(Redirect(outputs[path], target, anchor))
        return replace(site, redirects=(*site.redirects, *moved)) if moved else site

    def plan(self, site: Site, config: SiteConfig) -> Sequence[Task | Diagnostic]:
        """Plan a file for each old address. What counts as a broken link counts here too."""
        taken = {page.output for page in site.pages}
        problems = list(self._problems(site, config))
        files: dict[str, dict[str, str]] = {}
        for one in (*site.redirects, *self._mapped(site, config.use_directory_urls)):
            if one.output not in taken:
                files.setdefault(one.output, {}).setdefault(one.anchor, one.target)
        base = config.site_url.rstrip("/")
        return (*(_task(output, targets, base) for output, targets in sorted(files.items())), *problems)

    def emit(self, task: Task, documents: Sequence[Document]) -> bytes:
        """Write a page that leads on."""
        url, canonical, sections = task.data
        places = [_MOVED.format(url=escape(url))] if url else []
        places += [_SECTION.format(anchor=escape(anchor), url=escape(way)) for anchor, way in sections.items()]
        return _PAGE.format(
            canonical=escape(canonical),
            sections=_script(sections),
            whole=_script(url),
            refresh=_REFRESH.format(url=escape(url)) if url else "",
            body="\n".join(places),
        ).encode("utf-8", "replace")

    def _mapped(self, site: Site, directory_urls: bool) -> Iterator[Redirect]:
        urls = {page.path: page.url for page in site.pages}
        for old, new in sorted(self.redirect_maps.items()):
            path, _, anchor = old.partition("#")
            target = _target(new, urls)
            if target is not None:
                yield Redirect(posixpath.normpath(output_of(path, directory_urls)), target, anchor)

    def _problems(self, site: Site, config: SiteConfig) -> Iterator[Diagnostic]:
        severity = severity_of(config.validation.links_not_found)
        if severity is None:
            return
        urls = {page.path: page.url for page in site.pages}
        named = {(one.output, one.anchor): one.target for one in site.redirects}
        taken = {page.output for page in site.pages}
        for old, new in sorted(self.redirect_maps.items()):
            path, _, anchor = old.partition("#")
            output, target = posixpath.normpath(output_of(path, config.use_directory_urls)), _target(new, urls)
            if target is None:
                message = f"in redirect_maps, '{old}' leads to '{new}', which does not exist"
                yield Diagnostic(severity=severity, code="redirect-target", message=message)
            elif (output in taken and not anchor) or named.get((output, anchor), target) != target:
                message = f"in redirect_maps, there is a page at '{old}' already"
                yield Diagnostic(severity=severity, code="redirect-taken", message=message)


def _target(new: str, urls: Mapping[str, str]) -> str | None:
    """Return the address that is meant; None: there is no such page."""
    if "://" in new or new.startswith("/"):
        return new
    path, sign, fragment = new.partition("#")
    return urls[path] + sign + fragment if path in urls else None


def _task(output: str, targets: Mapping[str, str], base: str) -> Task:
    """Plan the file at an old address; `targets` has where its sections lead, and under no name the page itself."""
    ways = {anchor: _way(output, target) for anchor, target in targets.items()}
    url = ways.pop("", "")
    first = targets.get("") or next(iter(targets.values()))
    canonical = first if _elsewhere(first) or not base else f"{base}/{first}"
    return Task(path=output, data=[url, canonical, ways])


def _way(output: str, target: str) -> str:
    """Return the way from the old address, which holds under any base path."""
    if _elsewhere(target):
        return target
    path, sign, fragment = target.partition("#")
    return relative(path, output) + sign + fragment


def _elsewhere(target: str) -> bool:
    return "://" in target or target.startswith("/")


def _script(value: object) -> str:
    """Return a value as JavaScript that can stand in HTML."""
    return json.dumps(value).replace("<", "\\u003c")
