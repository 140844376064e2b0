"""A content folder -> its pages and assets, less what is excluded."""

import posixpath
from pathlib import Path
from typing import NamedTuple

from ssg.config.settings import SiteConfig
from ssg.engine.tree import Tree
from ssg.errors import ContentError
from ssg.model import Diagnostic, Severity, Source
from ssg.patterns import matcher

PAGE_SUFFIXES = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
"""Names of pages end so: https://www.mkdocs.org/user-guide/writing-your-docs/#file-layout."""


class Discovered(NamedTuple):
    """What a content folder holds. `drafts` are pages that the configuration calls drafts."""

    pages: tuple[Source, ...]
    assets: tuple[Source, ...]
    drafts: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]


def discover(tree: Tree, config: SiteConfig) -> Discovered:
    """Look through the content folder.

    Raises:
        ContentError: When there is no such folder, or it cannot be read.
    """
    folder = config.docs_dir
    where = tree.locate(folder)
    if not where.is_dir():
        reason = "is a file" if where.exists() else "does not exist"
        raise ContentError(
            f"the content folder '{folder}' {reason}",
            code="content-missing",
            path=folder,
            hint="make it and put an index.md in it, or say where your pages are with `docs_dir`",
        )
    excluded = matcher(config.exclude_docs, (".*", "/templates/") if config.format == "mkdocs" else (".*",))
    drafts = matcher(config.draft_docs)
    wants_hidden = "!" in config.exclude_docs
    pages: list[Source] = []
    assets: list[Source] = []
    diagnostics: list[Diagnostic] = []
    prefix = f"{folder}/" if folder != "." else ""
    try:
        for entry in tree.walk(folder, hidden=wants_hidden):
            path = entry.path[len(prefix) :]
            if excluded(path):
                continue
            if entry.problem:
                message = f"this file is left out: {entry.problem}"
                diagnostics.append(
                    Diagnostic(severity=Severity.WARNING, code="file-left-out", message=message, path=entry.path)
                )
            elif path.lower().endswith(PAGE_SUFFIXES):
                pages.append(Source(path, is_page=True))
            else:
                assets.append(Source(path, is_page=False))
    except OSError as error:
        raise ContentError(
            f"cannot read the content folder: {error.strerror or error}",
            code="content-unreadable",
            path=prefix + Path(error.filename or where).relative_to(where).as_posix(),
            hint="check who may read it",
        ) from error
    kept, conflicts = _without_second_indexes(pages, prefix)
    return Discovered(
        tuple(kept),
        tuple(assets),
        frozenset(page.path for page in kept if config.draft_docs and drafts(page.path)),
        (*diagnostics, *conflicts),
    )


def _without_second_indexes(pages: list[Source], prefix: str) -> tuple[list[Source], list[Diagnostic]]:
    """A folder's own page is its index.md; a README.md is that only where there is no index.md."""
    indexes = {posixpath.dirname(page.path) for page in pages if posixpath.basename(page.path) == "index.md"}
    kept: list[Source] = []
    diagnostics: list[Diagnostic] = []
    for page in pages:
        if posixpath.basename(page.path) == "README.md" and posixpath.dirname(page.path) in indexes:
            message = "this page is left out: the folder has an index.md, and both would have the same address"
            hint = "keep one of the two, or exclude this one with `exclude_docs`"
            diagnostics.append(
                Diagnostic(
                    severity=Severity.WARNING,
                    code="readme-and-index",
                    message=message,
                    path=prefix + page.path,
                    hint=hint,
                )
            )
        else:
            kept.append(page)
    return kept, diagnostics
