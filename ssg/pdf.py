"""The page of the whole site -> a PDF, made by a browser that is installed."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ssg.errors import PublishError

PDF = "print.pdf"
"""Where it is in the site."""
BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
)  # fmt: skip
"""Names of Chromium and its relatives, as commands."""
LONGEST_S = 600
_PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
}
_DATE = re.compile(rb"(?<=Date \(D:)\d{14}(?=[+-]\d\d'\d\d'\))")
_WAIT_MS = 20_000
"""The page has so much time for its scripts, by a clock that does not wait: https://developer.chrome.com/docs/chromium/headless."""


def find_browser() -> str:
    """Return the command of a browser.

    Raises:
        PublishError: When there is none.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    found = found or next((path for path in _PLACES.get(sys.platform, ()) if Path(path).is_file()), None)
    if found is None:
        hint = f"install Chromium or Chrome, so that one of these commands is there: {', '.join(BROWSERS[:3])}"
        raise PublishError("there is no Chromium to make the PDF with", code="pdf-browser", hint=hint)
    return found


def make_pdf(page: Path, browser: str) -> bytes:
    """Return a page of the disk as PDF, the same bytes each time.

    Raises:
        PublishError: When the browser fails.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        target = Path(folder) / "out.pdf"
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            f"--user-data-dir={Path(folder) / 'profile'}",
            f"--virtual-time-budget={_WAIT_MS}",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
            f"--print-to-pdf={target}",
            page.resolve().as_uri(),
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # as in containers, where Chromium's sandbox does not work
            command.insert(2, "--no-sandbox")
        try:
            done = subprocess.run(command, capture_output=True, timeout=LONGEST_S, check=False)  # noqa: S603 - a list
            told = done.stderr.decode("utf-8", "replace").strip().splitlines()
            why = told[-1] if told else f"exit code {done.returncode}"
        except subprocess.TimeoutExpired:
            why = f"it took more than {LONGEST_S} s"
        except OSError as error:
            why = error.strerror or str(error)
        if not target.is_file():
            message = f"the browser could not make the PDF: {why}"
            raise PublishError(message, code="pdf-failed", path=str(page), hint="the site itself is published")
        return _dated(target.read_bytes())


def _dated(data: bytes) -> bytes:
    """Return a PDF that does not tell when it was made, but what SOURCE_DATE_EPOCH says.

    https://reproducible-builds.org/specs/source-date-epoch/. As long as before, so that no offset in the file changes.
    """
    try:
        seconds = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    except ValueError:
        seconds = 0
    return _DATE.sub(time.strftime("%Y%m%d%H%M%S", time.gmtime(seconds)).encode(), data)
