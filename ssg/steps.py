"""What the steps before rendering give, put together."""

from collections.abc import Mapping
from dataclasses import dataclass

from ssg.engine.memo import Trace
from ssg.model import Document, Task
from ssg.pipeline.edition import Edition
from ssg.pipeline.index import IndexInput, IndexSettings
from ssg.pipeline.parse import ParseSettings
from ssg.pipeline.resolve import Resolved, ResolveSettings
from ssg.pipeline.view import PageDigest, ViewSettings
from ssg.plugins import PluginSpec


@dataclass(frozen=True)
class Steps:
    """What the steps before rendering gave; documents and resolved links by the page's path."""

    plugins: tuple[PluginSpec, ...]
    edition: Edition
    emitted: tuple[tuple[PluginSpec, Task], ...]
    """The files that emitters will make."""
    merged: Mapping[str, bytes]
    """Those that indexers made, by path as digests of their content."""
    static: tuple[str, ...]
    """The theme's own pages, by their templates."""
    whole: bool
    """Whether there is a page that has all others in it."""
    on_default: bool
    """Whether the theme builds on the default one."""
    assets: tuple[str, ...]
    documents: Mapping[str, Trace[Document]]
    broken: frozenset[str]
    """The pages whose own files have errors."""
    parsing: ParseSettings
    indexing: IndexSettings
    there: IndexInput
    resolving: ResolveSettings
    site: bytes
    resolved: Mapping[str, Trace[Resolved]]
    sizes: Mapping[str, dict[int, tuple[int, int]]]
    """Of the images of pages that have some: width and height by the number of the link."""
    view_settings: ViewSettings
    views: tuple[PageDigest, ...]
    nav: bytes
    tags: bytes
