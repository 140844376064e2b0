"""Plugins that come with ssg. They have no rights that others lack."""

from collections.abc import Callable
from typing import Any


def _feed() -> Callable[..., Any]:
    from ssg.builtin.feed import Feed

    return Feed


def _llms() -> Callable[..., Any]:
    from ssg.builtin.llms import Llms

    return Llms


def _redirects() -> Callable[..., Any]:
    from ssg.builtin.redirects import Redirects

    return Redirects


def _search() -> Callable[..., Any]:
    from ssg.builtin.search import Search

    return Search


def _sitemap() -> Callable[..., Any]:
    from ssg.builtin.sitemap import Sitemap

    return Sitemap


def _social() -> Callable[..., Any]:
    from ssg.builtin.social import Social

    return Social


def _tags() -> Callable[..., Any]:
    from ssg.builtin.tags import Tags

    return Tags


PLUGINS: dict[str, Callable[[], Callable[..., Any]]] = {
    "feed": _feed,
    "llms": _llms,
    "redirects": _redirects,
    "search": _search,
    "sitemap": _sitemap,
    "social": _social,
    "tags": _tags,
}
"""By name a function that imports the plugin's class, so that what is not used is not loaded."""

ALWAYS = ("redirects", "sitemap")
"""These run whether the configuration names them or not: the one has nothing to do without old addresses, and the
other nothing without a `site_url`."""

STANDARD = ("search", "feed", "tags")
"""These run when the configuration names no plugins."""
