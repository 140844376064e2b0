"""The connection to pages in the browser, by the LiveReload protocol, and the scripts that are at its other end.

Protocol: https://github.com/livereload/livereload-protocol.
"""

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace

from livereload.handlers import LiveReloadHandler, LiveReloadJSHandler

from ssg.serve.guard import Guarded

PREFIX = "/livereload"
PROBLEMS = f"{PREFIX}/problems"
"""Stands in a message for a page that is as it was, while what is wrong has changed."""
_CLIENT = Path(__file__).with_name("client.js")


class Script(Guarded, LiveReloadJSHandler):  # type: ignore[misc] # it has no types
    """The script of LiveReload, which keeps the connection."""


class Client(Guarded):
    """Our own script, which it calls: that puts new content into the page, and shows what is wrong."""

    def get(self) -> None:
        """Send the script."""
        self.set_header("Content-Type", "application/javascript; charset=utf-8")
        self.finish(_CLIENT.read_bytes())


class State(Guarded):
    """What our script has to know besides."""

    async def get(self) -> None:
        """Send it as JSON; problems only if they are others than those that are `shown`."""
        site, problems = self.settings["site"], self.settings["problems"]
        # there may be thousands, each with a line of a file: nobody who asks for a page may wait for them
        await asyncio.to_thread(problems.describe, site.diagnostics)
        state = {
            "version": site.version,
            "digest": problems.digest,
            "edited": site.edited,
            "follow": self.settings["follow"],
        }
        news = self.get_query_argument("shown", "") != problems.digest
        self.finish({**state, "problems": problems.described} if news else state)


class Socket(Guarded, LiveReloadHandler):  # type: ignore[misc] # it has no types
    """The connection that tells a page to reload."""

    watcher = SimpleNamespace(filepath=None)
    """livereload logs what its own watcher saw."""

    @classmethod
    def tell(cls, path: str) -> None:
        """Tell all pages that the file at this address has changed; `*` for many."""
        LiveReloadHandler.live_css = True
        LiveReloadHandler.watcher = cls.watcher
        cls.reload_waiters(path)

    def check_origin(self, origin: str) -> bool:
        """Refuse all that Tornado has not found to be of the same origin."""
        return False

    def on_message(self, message: str | bytes) -> None:
        """Answer the script; one on a page that is out of date is told to reload at once."""
        try:
            said = json.loads(message)
        except ValueError:
            said = None
        if not isinstance(said, dict) or not isinstance(said.get("command"), str):
            self.close()
            return
        super().on_message(message)
        if said["command"] == "hello" and str(said.get("snipver", "")) not in ("", str(self.settings["site"].version)):
            self.send_message({"command": "reload", "path": "*"})
