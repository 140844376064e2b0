"""The address of a repository -> where pages can be edited and looked at, for the hosts whose addresses are known.

Sources: https://www.mkdocs.org/user-guide/configuration/#edit_uri; for Bitbucket, Gitea (with Forgejo and Codeberg)
and Azure DevOps, the addresses that their own pages link to.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

NAMES = {"github.com": "GitHub", "gitlab.com": "GitLab", "bitbucket.org": "Bitbucket", "codeberg.org": "Codeberg",
         "dev.azure.com": "Azure DevOps"}  # fmt: skip


class EditUri(NamedTuple):
    """The defaults of `edit_uri` and `edit_uri_template`, one of them empty."""

    uri: str = ""
    template: str = ""


def kind_of(host: str) -> str:
    """Return which software a host has, by its name; empty if that does not tell."""
    if host == "bitbucket.org":
        return "bitbucket"
    if host == "codeberg.org":
        return "gitea"
    if host == "dev.azure.com" or host.endswith(".visualstudio.com"):
        return "azure"
    first = host.partition(".")[0]
    return {"github": "github", "gitlab": "gitlab", "gitea": "gitea", "forgejo": "gitea"}.get(first, "")


def edit_uri(host: str, branch: str, folder: str) -> EditUri:
    """Return how addresses for editing are made below that of a repository; all empty if that is not known.

    Args:
        host: The host's name, in small letters.
        branch: The branch with the sources.
        folder: The content folder in the repository.
    """
    kind = kind_of(host)
    if kind == "github":
        return EditUri(f"edit/{branch}/{folder}/")
    if kind == "gitlab":
        return EditUri(f"-/edit/{branch}/{folder}/")
    if kind == "gitea":
        return EditUri(f"_edit/{branch}/{folder}/")
    if kind == "bitbucket":
        return EditUri(template=f"src/{branch}/{folder}/{{path}}?mode=edit&at={branch}")
    if kind == "azure":  # it has no addresses for editing: the page that shows a file has a button for it
        return EditUri(template=f"?path=/{folder}/{{path}}&version=GB{branch}")
    return EditUri()


def view_url(edit_url: str, repo_url: str) -> str:
    """Return where the source of a page is shown, from where it can be edited; nothing if that is not known."""
    base = repo_url.rstrip("/")
    if not base or not edit_url.startswith(base):
        return ""
    kind, rest = kind_of(urlsplit(repo_url).netloc.lower()), edit_url[len(base) :]
    swaps = {"github": ("/edit/", "/blob/"), "gitlab": ("/edit/", "/blob/"), "gitea": ("/_edit/", "/src/branch/")}
    if kind in swaps:
        edit, view = swaps[kind]
        return base + rest.replace(edit, view, 1) if edit in rest else ""
    if kind == "bitbucket":
        return base + rest.partition("?")[0]
    return edit_url if kind == "azure" else ""
