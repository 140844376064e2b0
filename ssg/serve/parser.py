"""A page's path -> its Document, made in a process of its own, which can be ended.

In the server's process a regular expression without end would hold all threads. What is imported here is little, since
the other process begins with it; what parses is imported there.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from ssg.config import SiteConfig
from ssg.engine.digest import decode, encode
from ssg.engine.limit import Limit
from ssg.engine.pool import Pool
from ssg.engine.tree import decode_places, encode_places
from ssg.model import Document

if TYPE_CHECKING:
    from ssg.engine.reader import Reader
    from ssg.pipeline.parse import ParseSettings

LONGEST_S = 5.0
"""A page that takes longer is left to the build, which can be stopped."""


class Parser:
    """Parses pages, one at a time."""

    def __init__(self, config: SiteConfig) -> None:
        """Start the process, and have it load what a site of this configuration needs.

        It is forked where that is safe: on Linux, as long as there are no threads.
        """
        self._pool = Pool(1)
        self._pool.start(prepare_apart, encode(config), None)
        self._is_stale = False

    def parse(self, settings: "ParseSettings", path: str, reader: "Reader") -> Document:
        """Do what `ssg.pipeline.parse.parse` does, but for what the reader records."""
        if self._is_stale:
            self._is_stale = False
            self._pool.abort()
        job = encode_places(reader.root, reader.mounts), encode(settings)
        (data,) = self._pool.map(parse_apart, job, [path], "page", Limit(LONGEST_S, late_apart))
        return decode(data, Document)

    def forget_code(self) -> None:
        """Have the process load the project's own Python anew: that is, another process."""
        self._is_stale = True


def prepare_apart(config: bytes, item: None) -> None:
    """Run in the other process: load what converts Markdown."""
    from ssg.markdown import markdown_settings
    from ssg.pipeline.parse import converter

    with suppress(Exception):  # the build tells what is wrong
        converter(markdown_settings(decode(config, SiteConfig)))


def parse_apart(job: tuple[bytes, bytes], path: str) -> bytes:
    """Run in the other process: a page's Document, encoded."""
    from ssg.engine.reader import Reader
    from ssg.pipeline.parse import ParseSettings, parse

    places, settings = job
    return encode(parse(decode(settings, ParseSettings), path, Reader(*decode_places(places))))


def late_apart(job: tuple[bytes, bytes], path: str, seconds: float) -> bytes:
    """Return what stands for that where it takes too long."""
    from ssg.pipeline.parse import ParseSettings, late

    return encode(late(decode(job[1], ParseSettings), path, seconds))
