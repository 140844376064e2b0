"""A remote of GitHub -> the address that GitHub Pages will give the site.

Rules: https://docs.github.com/en/pages/getting-started-with-github-pages/about-github-pages.
"""

import re
from urllib.parse import urlsplit

_GITHUB = re.compile(
    r"(?:https?://(?:[^@/]+@)?|ssh://git@(?:ssh\.)?|git://|(?:[^@/]+@)?(?:ssh\.)?)github\.com(?::443|:22)?[:/]"
    r"/?(?P<owner>[^/]+)/(?P<name>[^/]+?)(?:\.git)?/?",
    re.IGNORECASE,
)


def pages_url(remote: str, domain: str = "") -> str:
    """Return the address of the site of a repository, such as `https://owner.github.io/name/`.

    Args:
        remote: The address of the remote, in any form that git takes.
        domain: What the file `CNAME` says: a domain of the site's own.

    Returns:
        The address with a slash at the end; nothing if the remote is not on GitHub.
    """
    match = _GITHUB.fullmatch(remote)
    if match is None:
        return ""
    if domain:
        return f"https://{domain}/"
    owner, name = match["owner"].lower(), match["name"]
    host = f"{owner}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def address_problem(site_url: str, remote: str, domain: str = "") -> tuple[str, str] | None:
    """Return what is wrong with `site_url` for a site that is deployed to this remote, and what to do about it."""
    expected = pages_url(remote, domain)
    if not expected:
        return None
    hint = f"write `site_url: {expected}`"
    if not site_url:
        return f"there is no `site_url`, and this site will be at {expected}", hint
    given, right = urlsplit(site_url), urlsplit(expected)
    host, path = (given.hostname or "").lower(), f"{given.path.rstrip('/')}/"
    if (host, path) == (right.hostname, right.path) and given.scheme == "https":
        return None
    if not domain and host != right.hostname and not host.endswith(".github.io"):
        if path == right.path != "/":
            return None  # a project of an owner whose own site has a domain is below that domain
        message = f"`site_url` is {site_url}, and without a file `CNAME` the site will be at {expected}"
        return message, f"put a file `CNAME` with `{host}` into the content folder, or {hint}"
    return f"`site_url` is {site_url}, but this site will be at {expected}", hint
