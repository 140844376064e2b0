"""A configuration -> what can be known of its site at once: enough to show one page before all others were parsed.

Titles of other pages are taken from the first lines of their files. Where Markdown or a plugin makes something else of
them, navigation is put right when the build is done.
"""

import re
from codecs import BOM_UTF8
from pathlib import Path
from typing import NamedTuple

from ssg import __version__
from ssg.chain import Chain
from ssg.config import Loaded
from ssg.engine.digest import digest_of, encode
from ssg.engine.memo import Memo
from ssg.engine.pool import Pool
from ssg.engine.reader import Reader
from ssg.engine.store import Store
from ssg.engine.tree import Tree
from ssg.findings import Findings
from ssg.language import language
from ssg.model import Card, Site
from ssg.pipeline.discover import Discovered, discover
from ssg.pipeline.edition import Edition
from ssg.pipeline.index import IndexInput
from ssg.pipeline.parse import title_of
from ssg.pipeline.render import RenderSettings, template_config
from ssg.plugins import of_kind
from ssg.serve.page import Known, indexed
from ssg.theme import assets, find_theme, symbols, wanted

START = 4096
"""So many bytes of a page are looked at."""
_FRONT = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_KEY = re.compile(r"^(title|nav_title|order|draft|hidden|template)[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*(?:[ \t]*\{[^}]*\})?[ \t]*$", re.MULTILINE)
_INLINE = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")


class Glimpse(NamedTuple):
    """What is known of the site, and the files that are copied into it, by their paths there."""

    known: Known
    assets: dict[str, Path]


def glimpse(loaded: Loaded) -> Glimpse:
    """Look at a site.

    Raises:
        SsgError: When nothing can be shown of it.
    """
    config, root = loaded.config, loaded.root
    theme, mounts, _ = find_theme(config.theme, root)
    tree = Tree(root, mounts, {})
    store = Store(None)
    edition = Edition()
    try:
        chain = Chain(loaded, Memo(store, tree, b"", Pool(1)), theme, Findings(loaded), drafts=True, edition=edition)
        plugins = chain.plugins()
        found = discover(tree, config)
        parsing = chain.parse_settings(plugins)
        indexing = chain.index_settings(plugins)
    finally:
        store.close()
    content = tree.locate(config.docs_dir)
    cards = [_card(str(content), page.path) for page in found.pages]
    known = Known(
        root=root,
        mounts=mounts,
        parsing=parsing,
        indexing=indexing,
        there=_there(found, cards),
        resolving=chain.resolve_settings({}, (), ()),
        viewing=chain.view_settings(),
        rendering=RenderSettings(
            theme=theme,
            docs_dir=config.docs_dir,
            config=template_config(config),
            generator=f"ssg {__version__}",
            language=language(theme, config.theme.language, Reader(root, mounts)),
            symbols=symbols(theme, wanted(config), Reader(root, mounts)).svg,
            plugins=of_kind(plugins, "html"),
        ),
        templates=b"",
        cards={digest_of(card): encode(card) for card in cards},
        site=Site(pages=(), nav=()),
        edition=edition,
    )
    copied = {name: tree.locate(path) for name, path in assets(tree, theme.folders).items()}
    copied |= {asset.path: content / asset.path for asset in found.assets}
    return Glimpse(indexed(known), copied)


def _there(found: Discovered, cards: list[Card]) -> IndexInput:
    return IndexInput(
        cards=tuple((card.path, digest_of(card)) for card in cards),
        assets=tuple(asset.path for asset in found.assets),
        drafts=tuple(sorted(found.drafts)),
        show_drafts=True,
    )


def _card(content: str, path: str) -> Card:
    """Return what the first lines of a page say of it. There may be very many, so this is as plain as can be."""
    try:
        with open(f"{content}/{path}", "rb", 0) as file:  # noqa: PTH123 - a Path takes longer than the file
            text = file.read(START).removeprefix(BOM_UTF8).decode("utf-8", "replace").replace("\r\n", "\n")
    except OSError:
        text = ""
    front = _FRONT.match(text)
    keys = dict(_KEY.findall(front[1])) if front else {}
    keys = {key: value.strip("\"'") for key, value in keys.items()}
    heading = _HEADING.search(text, front.end() if front else 0)
    title = keys.get("title") or (_INLINE.sub(r"\1", heading[1]) if heading else "") or title_of(path)
    try:
        order = float(keys["order"]) if "order" in keys else None
    except ValueError:
        order = None
    return Card(
        path=path,
        title=title,
        nav_title=keys.get("nav_title", ""),
        order=order,
        draft=keys.get("draft") == "true",
        hidden=keys.get("hidden") == "true",
        template=keys.get("template", ""),
    )
