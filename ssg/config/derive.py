"""From the settings that are given to complete ones: forms are checked, and what follows is filled in."""

import posixpath
import re
import string
from typing import Any
from urllib.parse import urlsplit

from ssg import forges, yamlfile
from ssg.config.problems import Problems
from ssg.model import Diagnostic, Severity
from ssg.yamlfile import Node, Scalar

DOCS_DIR = {"ssg": "content", "mkdocs": "docs"}
"""Where pages are, by the kind of configuration."""

SITE_DIR = {"ssg": "output", "mkdocs": "site"}
"""Where the site is written to, by the kind of configuration."""

_BRANCH = {"ssg": "main", "mkdocs": "master"}
"""The branch that edit links lead to unless `edit_uri` says otherwise: MkDocs still has the old name."""


def complete(values: dict[str, Any], tree: yamlfile.Mapping, problems: Problems) -> None:
    """Check the values that have a form of their own, and add those that follow from others, as MkDocs does.

    Args:
        values: The fields of the settings that are given, and `format`; changed in place.
        tree: Where they come from.
        problems: Where mistakes are added.
    """
    if not values.get("site_name"):
        _missing_name(tree, problems)
    for name in ("site_url", "repo_url"):
        if values.get(name):
            _check_url(name, values[name], tree, problems)
    if values.get("site_url"):
        values["site_url"] = values["site_url"].rstrip("/") + "/"
    _repository(values, tree, problems)
    _folders(values, tree, problems)
    address = values.get("dev_addr")
    if address is not None:
        address = re.sub(r"^([0-9A-Fa-f:]+:[0-9A-Fa-f:]*):(\d+)$", r"[\1]:\2", address)  # MkDocs takes ::1:8000
        match = re.fullmatch(r"(\[[^\]\s]+\]|[^:\s]+):(\d{1,5})", address)
        values["dev_addr"] = address
        if not match or int(match[2]) > 65535:
            problems.error(
                _at(tree, "dev_addr"),
                f"`dev_addr` should be a host and a port, but is `{address}`",
                "write for example `127.0.0.1:8000`",
                code="wrong-value",
            )


def _at(tree: yamlfile.Mapping, name: str) -> Node:
    return tree.get(name) or tree


def _missing_name(tree: yamlfile.Mapping, problems: Problems) -> None:
    node = tree.get("site_name")
    if node is not None and not (isinstance(node, Scalar) and (node.is_null or not node.text)):
        return  # said already: it should be text
    hint = "add a line `site_name: My site`"
    if node is not None:
        problems.error(node, "`site_name` is empty", hint, code="missing-key")
        return
    path = tree.origin.path
    problems.found.append(
        Diagnostic(severity=Severity.ERROR, code="missing-key", message="`site_name` is missing", path=path, hint=hint)
    )


def _check_url(name: str, url: str, tree: yamlfile.Mapping, problems: Problems) -> None:
    try:
        parts = urlsplit(url)
        known = name == "repo_url" or parts.scheme in ("http", "https")  # a repository may be at ssh:// as well
        is_address = bool(known and parts.scheme and parts.hostname) and not re.search(r"\s", url)
    except ValueError:
        is_address = False
    if not is_address:
        start = "" if "://" in url else f": did you mean `https://{url.lstrip('/')}`?"
        problems.error(
            _at(tree, name),
            f"`{name}` should be an address, but is `{url}`",
            f"it starts with `https://`{start}",
            code="wrong-value",
        )


def _repository(values: dict[str, Any], tree: yamlfile.Mapping, problems: Problems) -> None:
    if not _is_template(values.get("edit_uri_template", "")):
        problems.error(
            _at(tree, "edit_uri_template"),
            "`edit_uri_template` has a part in braces that is not known",
            "use `{path}`, `{path_noext}`, or either with `!q`, such as `{path!q}`",
            code="wrong-value",
        )
    try:
        host = urlsplit(values.get("repo_url", "")).netloc.lower()
    except ValueError:
        host = ""
    if not host:
        return
    if not values.get("repo_name"):
        values["repo_name"] = forges.NAMES.get(host) or host.split(".")[0].title()
    if "edit_uri" not in values:
        folder = posixpath.normpath(values.get("docs_dir") or DOCS_DIR[values["format"]])
        branch = _BRANCH[values["format"]]
        if host == "bitbucket.org" and values["format"] == "mkdocs":
            values["edit_uri"] = f"src/default/{folder}/"
        elif not values.get("edit_uri_template"):
            found = forges.edit_uri(host, branch, folder)
            values |= {"edit_uri": found.uri, "edit_uri_template": found.template}
    elif values["edit_uri"] and not values["edit_uri"].endswith("/"):
        values["edit_uri"] += "/"


def _is_template(text: str) -> bool:
    """Whether all that is in braces can be filled in."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return False
    return all(
        field is None or (field in ("path", "path_noext") and conversion in (None, "q") and not form)
        for _, field, form, conversion in parts
    )


def _folders(values: dict[str, Any], tree: yamlfile.Mapping, problems: Problems) -> None:
    docs_dir = _normal(values.get("docs_dir") or DOCS_DIR[values["format"]])
    site_dir = _normal(values.get("site_dir") or SITE_DIR[values["format"]])
    values["docs_dir"] = docs_dir
    values["site_dir"] = site_dir
    if _contains(docs_dir, site_dir):
        message = f"the site would be written to `{site_dir}`, inside of its own content `{docs_dir}`"
    elif _contains(site_dir, docs_dir):
        message = f"the content `{docs_dir}` is inside of the folder `{site_dir}` that the site is written to"
    else:
        return
    node = tree.get("site_dir") or _at(tree, "docs_dir")
    problems.error(node, message, "give `site_dir` a folder of its own", code="wrong-value")


def _normal(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/"))


def _contains(outer: str, inner: str) -> bool:
    return outer in (".", inner) or inner.startswith(outer + "/")
