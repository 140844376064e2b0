"""Options and fixtures of all tests."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from served import SITE, Serve, Served
from sites import write

SHARED = Path(__file__).parents[2] / "shared"
"""Real documents to test with; they lie beside a checkout of the project where there are any."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="rewrite the expectations in tests/golden")


@pytest.fixture
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the folder of real documents is not beside this checkout")
    return SHARED


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine may change a result: not how wide or colourful its terminal is."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)
    assert "PYTEST_CURRENT_TEST" in os.environ


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser without a window."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        pytest.skip("there is no Chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as one:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        browser = one.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a server in a folder with the example site, and other files."""
    started: list[Served] = []

    def serve(*options: str, config: bool = True, **files: str) -> Served:
        site = SITE if config else {name: text for name, text in SITE.items() if name != "ssg.yml"}
        write(tmp_path, {**site, **{name.replace("__", "/") + ".md": text for name, text in files.items()}})
        started.append(Served(tmp_path, *options))
        return started[-1]

    yield serve
    for one in started:
        one.close()
