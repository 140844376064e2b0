"""Each file in tests/golden is a site, some edits, and what must come of them."""

from pathlib import Path

import pytest
from golden import Golden

FOLDER = Path(__file__).parent / "golden"


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.txt")), ids=lambda path: path.stem)
def test_golden(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    rewrite = request.config.getoption("--golden")
    golden = Golden.read(path.read_text(encoding="utf-8"))
    for number, (step, results) in enumerate(golden.run(tmp_path), 1):
        if rewrite:
            step.expected = {name: results.get(name, "(there is no such file)") for name in step.expected}
            continue
        assert step.expected, f"build {number} expects nothing"
        for name, expected in step.expected.items():
            assert results.get(name, "(there is no such file)") == expected, f"{name} after build {number}"
    if rewrite:
        path.write_text(golden.text(), encoding="utf-8")
    else:
        assert golden.text() == path.read_text(encoding="utf-8"), "not in the form that `pytest --golden` writes"
