"""What is asked of the server -> the server, begun in the order in which things take long.

Others of its modules are imported when the process that parses pages has begun, beside it.
"""

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ssg.config import load
from ssg.serve.parser import Parser

if TYPE_CHECKING:
    from ssg.cli import Output

SWITCH_S = 0.001
"""How long a thread goes on while others wait: a page that is asked for must not wait for a build."""


class Wishes(NamedTuple):
    """What the command line says of the server. What is None is as the configuration says."""

    host: str | None = None
    port: int | None = None
    open_browser: bool = False
    editor: str = ""
    """The name of one, or a pattern of addresses."""
    follow: bool = False
    """Whether browsers go to the page that is edited."""
    versions: bool = False
    """Whether all versions are shown, and not only the one that is being written."""


def serve(config: Path | None, jobs: int, wishes: Wishes, output: "Output") -> None:
    """Serve the site until the process is interrupted.

    Args:
        config: The configuration file; None to look for it in the current folder.
        jobs: How many processes may build.
        wishes: The options.
        output: How to speak.

    Raises:
        SsgError: When the configuration or an option cannot be used. Later problems are told, and do not end the
            server.
        OSError: When nothing can be listened at.
    """
    reload = partial(load, config, cwd=Path.cwd())
    loaded = reload()
    # Byte code is told from its source by second and size alone: an edit within a second would not be seen.
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    # Where the server ends in the middle of a build, Python would tell of semaphores, which it clears away itself.
    ignored = [os.environ.get("PYTHONWARNINGS", ""), "ignore::UserWarning:multiprocessing.resource_tracker"]
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, ignored))
    parser = Parser(loaded.config)
    from ssg.serve.server import run

    sys.setswitchinterval(SWITCH_S)
    run(reload, loaded, parser, jobs, wishes, output)
