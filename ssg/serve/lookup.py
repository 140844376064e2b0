"""A path of an address -> the file that is shown for it, by the rules of GitHub Pages."""

from mimetypes import MimeTypes
from pathlib import Path

from ssg.engine.publish import PRIVATE

_KINDS = MimeTypes(filenames=())  # not what a machine happens to know
_MORE = {
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".js": "application/javascript",
    ".mjs": "application/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".markdown": "text/markdown",
    ".md": "text/markdown",
    ".otf": "font/otf",
    ".rss": "application/rss+xml",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".yaml": "text/yaml",
    ".yml": "text/yaml",
}
_PACKED = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}
for _suffix, _kind in _MORE.items():
    _KINDS.add_type(_kind, _suffix)


def outputs(path: str) -> tuple[str, ...]:
    """Return the files that are looked for, in order, when a path below the site's root is asked for.

    To the last of them a browser is redirected where a slash is missing.
    """
    if path.endswith("/") or not path:
        return (f"{path}index.html",)
    return path, f"{path}.html", f"{path}/index.html"


def content_type(path: str) -> str:
    """Return what kind of file this is. Text is UTF-8."""
    kind, encoding = _KINDS.guess_type(f"file:///{Path(path).name}")
    kind = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}.get(
        encoding or "", kind
    )
    kind = kind or "application/octet-stream"
    text = kind.startswith("text/") or kind in ("application/javascript", "application/json")
    return f"{kind}; charset=utf-8" if text else kind


def find(folder: Path, path: str) -> Path | None:
    """Return the file that a path below a folder stands for; None if there is none, or it is not public."""
    names = path.split("/")
    if any(name in ("", ".", "..") or "\\" in name for name in names):
        return None
    try:
        root = folder.resolve()
        found = root.joinpath(*names).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):  # it does not exist, it has a NUL, it leads to itself
        return None
    public = found.is_relative_to(root) and PRIVATE not in [name.lower() for name in found.relative_to(root).parts]
    return found if public and found.is_file() else None


def read(file: Path | None) -> bytes | None:
    """Return what a file holds, or None if there is none."""
    try:
        return file.read_bytes() if file is not None else None
    except OSError:
        return None
