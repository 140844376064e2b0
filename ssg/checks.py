"""The paths of all files of a site, and its configuration -> what of these cannot be right."""

from collections.abc import Collection, Iterator

from ssg import minify
from ssg.config import SiteConfig
from ssg.engine.publish import PRIVATE, parents
from ssg.findings import Findings
from ssg.model import Severity


def check_places(planned: Collection[str], told: Collection[str], findings: Findings) -> None:
    """No file may be where another one needs a folder, and none where the output folder has its manifest.

    Of what is `told`, the index has told already.
    """
    folders = {parent: path for path in planned for parent in parents(path)}
    for path in planned:
        if path in folders and not (path in told and folders[path] in told):
            message = f"'{path}' would be a file, and a folder for '{folders[path]}'"
        elif path.startswith(f"{PRIVATE}/"):
            message = f"'{path}' is where ssg keeps its own files"
        else:
            continue
        findings.report(Severity.ERROR, "duplicate-url", message, "rename the file in the content folder")


def check_extras(planned: Collection[str], config: SiteConfig, findings: Findings) -> None:
    """What every page loads must be there: style sheets, scripts, the logo and the icon."""
    keys = list(_extras(config))
    keys += [(("theme", "logo"), config.theme.logo), (("theme", "favicon"), config.theme.favicon)]
    for place, path in keys:
        if not path or _is_elsewhere(path) or path.split("?")[0] in planned:
            continue
        message, hint = f"'{path}' is not among the site's files", f"put it into '{config.docs_dir}'"
        findings.report(Severity.WARNING, "extra-missing", message, hint, place)


def check_offline(config: SiteConfig, findings: Findings) -> None:
    """A site that is opened from files can load nothing from other hosts, and no modules."""
    modules = {one.path for one in config.extra_javascript if one.type == "module"}
    for place, path in _extras(config):
        if "://" in path or path.startswith("//"):
            message, hint = f"'{path}' is loaded from another host", f"put a copy into '{config.docs_dir}'"
        elif path in modules:
            message = f"'{path}' is a module, and browsers load none from files"
            hint = "make it a script that is no module"
        else:
            continue
        findings.report(Severity.WARNING, "offline", message, hint, place)


def can_minify(findings: Findings) -> bool:
    """Say whether what makes files smaller is installed, and tell if it is not."""
    installed = minify.installed()
    if not installed:
        message = "`minify` is on, and minify-html is not installed"
        findings.report(Severity.ERROR, "minify-missing", message, f"run: {minify.INSTALL}", ("minify",))
    return installed


def _extras(config: SiteConfig) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the key of the configuration, and the address, of style sheets and scripts."""
    yield from ((("extra_css", path), path) for path in config.extra_css)
    yield from ((("extra_javascript", one.path), one.path) for one in config.extra_javascript)
    diagrams = config.extra.get("mermaid")
    if isinstance(diagrams, str):
        yield ("extra", "mermaid"), diagrams


def _is_elsewhere(path: str) -> bool:
    return "://" in path or path.startswith(("/", "data:"))
