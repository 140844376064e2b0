"""What people install: the wheel in an environment of its own, and `python -m ssg`."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from sites import write

PROJECT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(not (PROJECT / "themes").is_dir(), reason="not in a checkout")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(PROJECT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_package_and_its_theme_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "ssg/themes/default/main.html" in names
    assert "ssg/py.typed" in names
    assert any(name.startswith("ssg/starter/") for name in names)
    assert {name.split("/")[0] for name in names} == {"ssg", wheel.name.split("-py3")[0] + ".dist-info"}
    assert not [name for name in names if name.endswith((".pyc", ".sqlite"))]


def test_the_installed_wheel_makes_and_builds_a_site(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    scripts = environment / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [str(scripts / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", str(wheel)], check=True)
    site = tmp_path / "site"
    subprocess.run([scripts / "ssg", "new", site], check=True, cwd=tmp_path)
    for command in ([scripts / "ssg"], [scripts / "python", "-m", "ssg"]):
        done = subprocess.run([*command, "build", "--strict"], cwd=site, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("built:")
    page = (site / "output" / "index.html").read_text(encoding="utf-8")
    assert "assets/style." in page
    assert (site / "output" / "assets" / "style.css").is_file()


def test_the_module_runs_from_a_checkout(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.yml": "site_name: Demo\n", "content/index.md": "# Demo\n"})
    command = [sys.executable, "-m", "ssg", "build"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("built: 1 page")
