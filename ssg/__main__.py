"""`python -m ssg`, and the command `ssg`, which is the same."""

import os
import sys
import threading

from ssg.cli import main


def run() -> None:
    """Run the command, and end the process at once: to free what it holds bit by bit takes longer than it may seem."""
    code: object = 0
    try:
        main()
    except SystemExit as end:
        code = end.code
    if threading.active_count() > 1 or not (code is None or isinstance(code, int)):
        sys.exit(code)  # type: ignore[arg-type]
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody reads any more
        code = code or 1
    os._exit(code or 0)


if __name__ == "__main__":
    run()
