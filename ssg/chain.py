"""The steps of a build up to the views of pages, put together for one configuration."""

import math
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from msgspec.structs import replace

from ssg.config import Loaded, SiteConfig
from ssg.config.settings import PluginConfig
from ssg.emitters import PLAN, PlanInput, merge
from ssg.engine.digest import digest_of, encode
from ssg.engine.memo import Memo, Trace
from ssg.engine.pool import MANY
from ssg.errors import PluginError
from ssg.findings import Findings
from ssg.markdown import markdown_settings
from ssg.model import Diagnostic, Document, Severity, Task
from ssg.pdf import PDF
from ssg.pipeline.discover import Discovered, discover
from ssg.pipeline.edition import Edition
from ssg.pipeline.facts import FACTS, FactsInput
from ssg.pipeline.history import HISTORY
from ssg.pipeline.index import INDEX, Indexed, IndexInput, IndexSettings
from ssg.pipeline.parse import CHECK_EXTENSIONS, PARSE, ParseSettings
from ssg.pipeline.render import compile_templates
from ssg.pipeline.resolve import CHECK_ANCHORS, RESOLVE, Anchors, PageLinks, Resolved, ResolveSettings
from ssg.pipeline.size import SHOWN, SIZE, PageImages
from ssg.pipeline.view import VIEWS, SiteDigests, ViewSettings
from ssg.pipeline.whole import PRINT_TEMPLATE
from ssg.plugins import DESCRIBE, PluginSpec, of_kind
from ssg.steps import Steps
from ssg.theme import CLOSURE, DEFAULT, MAIN, SEARCH_TEMPLATES, STATIC_TEMPLATES, TAGS_TEMPLATE, Theme, static_output


class Chain:
    """The steps up to the views of pages."""

    def __init__(
        self,
        loaded: Loaded,
        memo: Memo,
        theme: Theme,
        findings: Findings,
        *,
        drafts: bool,
        edition: Edition,
    ) -> None:
        """Make ready to go through the steps for a configuration.

        `drafts`: those are part of the site. `edition`: which of several copies of the site this is.
        """
        self.config: SiteConfig = loaded.config
        self.config_file = loaded.file.name
        self.show_drafts = drafts
        self.edition = edition
        self.memo = memo
        self.theme = theme
        self.findings = findings

    def run(self) -> Steps:
        """Go through all steps."""
        plugins = self.plugins()
        found = discover(self.memo.tree, self.config)
        self.findings.add(found.diagnostics)
        parsing = self._checked(self.parse_settings(plugins))
        documents = self._parse(found, parsing)
        self._warm_up(documents)
        indexing, there = self.index_settings(plugins), self.index_input(found, documents)
        indexed = self.memo.call(INDEX, indexing, there)
        self._tell([indexed])
        site = self._facts(indexed)
        emitted = self._plan_emitted(plugins, site)
        on_default, static = self._plan_static(plugins, self.memo.load(indexed.parts["tagged"], bool))
        # what is written as `guide/` or `guide/index.md` means a page, and not its Markdown that stands beside it
        made = (task.path for _, task in emitted if not task.path.endswith(".md"))
        generated = (*(static_output(name) for name in static), *made)
        whole = self._plan_whole(on_default)
        if whole:
            generated += (PRINT_TEMPLATE, PDF)
        routes = self.memo.load(indexed.parts["routes"], dict[str, str])
        resolving = self.resolve_settings(routes, self.memo.load(indexed.parts["drafts"], tuple[str, ...]), generated)
        resolved = self._resolve(documents, resolving)
        settings = self.view_settings()
        views = self.memo.call(VIEWS, settings, SiteDigests(site))
        return Steps(
            plugins=plugins,
            edition=self.edition,
            emitted=tuple((spec, task) for spec, task in emitted if not task.path.endswith("/")),
            merged=self._merge(emitted, documents),
            static=static,
            whole=whole and not self.show_drafts,
            on_default=on_default,
            assets=tuple(asset.path for asset in found.assets),
            documents=documents,
            broken=self._broken(documents),
            parsing=parsing,
            indexing=indexing,
            there=there,
            resolving=resolving,
            site=site,
            resolved=resolved,
            sizes=self._sizes(resolved),
            view_settings=settings,
            views=self.memo.load(views.parts["pages"], VIEWS.fields[0].type),
            nav=self.memo.load(views.parts["nav"], bytes),
            tags=self.memo.load(views.parts["tags"], bytes),
        )

    def plugins(self) -> tuple[PluginSpec, ...]:
        """Load plugins in the order of the configuration, then hooks."""
        from ssg.builtin import ALWAYS, STANDARD

        config = self.config
        named = list(config.plugins) if config.plugins is not None else [PluginConfig(name) for name in STANDARD]
        named += [PluginConfig(name) for name in ALWAYS if all(plugin.name != name for plugin in named)]
        wanted = [PluginSpec(name=plugin.name, options=plugin.options) for plugin in named]
        wanted += [PluginSpec(name=hook, options={}, hook=hook) for hook in config.hooks]
        specs = []
        for spec, trace in zip(wanted, self.memo.map(DESCRIBE, None, wanted), strict=True):
            told = self.memo.whole(DESCRIBE, trace)
            if told.problem:
                key = ("hooks", config.hooks.index(spec.hook)) if spec.hook else ("plugins", spec.name)
                # a site that was made for MkDocs is built without what only MkDocs has; one of ours is not
                excused = told.foreign and config.format == "mkdocs"
                severity, code = (Severity.WARNING, "unsupported-plugin") if excused else (Severity.ERROR, "plugin")
                self.findings.report(severity, code, told.problem, told.hint, key)
                continue
            specs.append(replace(spec, kinds=told.kinds, fingerprint=told.fingerprint, extensions=told.extensions))
        return tuple(specs)

    def parse_settings(self, plugins: tuple[PluginSpec, ...]) -> ParseSettings:
        """Return what parsing depends on besides the pages."""
        config = self.config
        added = tuple(one for spec in of_kind(plugins, "markdown") for one in spec.extensions)
        markdown = markdown_settings(config, added)
        if markdown.glossary and not self._is_text(markdown.glossary):
            message, key = f"cannot read the glossary '{markdown.glossary}'", ("markdown", "glossary")
            hint = "it should be a UTF-8 file in the project, named from the folder of the configuration file"
            self.findings.report(Severity.ERROR, "glossary-missing", message, hint, key)
        return ParseSettings(
            docs_dir=config.docs_dir,
            mkdocs=config.format == "mkdocs",
            markdown=markdown,
            plugins=of_kind(plugins, "document"),
            indexers=of_kind(plugins, "index"),
            language=config.theme.language,
        )

    def _checked(self, settings: ParseSettings) -> ParseSettings:
        """Tell which Markdown extensions cannot be used, and add what stands for the code of the project's own."""
        setup = self.memo.whole(CHECK_EXTENSIONS, self.memo.call(CHECK_EXTENSIONS, settings, None))
        for number, reason in setup.problems:
            name = settings.markdown.extensions[number].name
            message = f"a problem with the Markdown extension '{name}': {reason}"
            hint = "install the package that has it" if reason == "it is not installed" else ""
            key = ("markdown_extensions", name)
            self.findings.report(Severity.WARNING, "markdown-extension", message, hint, key)
        return replace(settings, code=setup.code)

    def _parse(self, found: Discovered, settings: ParseSettings) -> dict[str, Trace[Document]]:
        """Parse every page."""
        paths = [source.path for source in found.pages]
        seconds = self.config.markdown.timeout or math.inf
        documents = dict(zip(paths, self.memo.map(PARSE, settings, paths, seconds), strict=True))
        self._tell(documents.values())
        return documents

    def _warm_up(self, documents: dict[str, Trace[Document]]) -> None:
        """Have templates compiled where pages will be rendered: during the next steps other processes are idle."""
        if sum(trace.ran for trace in documents.values()) > MANY:
            where = self.memo.tree.places, encode(self.theme)
            self.memo.pool.warm_up(compile_templates, where, MAIN)

    def _broken(self, documents: dict[str, Trace[Document]]) -> frozenset[str]:
        """Return the pages whose own files have errors."""
        told = {path: trace.parts["diagnostics"] for path, trace in documents.items()}
        return frozenset(
            path
            for path, part in told.items()
            if part != NOTHING
            and any(one.severity is Severity.ERROR for one in self.memo.load(part, tuple[Diagnostic, ...]))
        )

    def index_settings(self, plugins: tuple[PluginSpec, ...]) -> IndexSettings:
        """Return what addresses and places of pages depend on besides their Cards."""
        config = self.config
        tags = next((spec for spec in plugins if spec.name == "tags"), None)
        return IndexSettings(
            docs_dir=config.docs_dir,
            config_file=self.config_file,
            mkdocs=config.format == "mkdocs",
            use_directory_urls=config.use_directory_urls,
            offline=config.offline,
            merge_indexes=config.format == "ssg" or "navigation.indexes" in config.theme.features,
            nav=config.nav,
            not_in_nav=config.not_in_nav,
            validation=config.validation,
            tags=tags is not None,
            tags_file=str(tags.options.get("tags_file") or "") if tags else "",
            plugins=of_kind(plugins, "site"),
        )

    def index_input(self, found: Discovered, documents: dict[str, Trace[Document]]) -> IndexInput:
        """Return what is there to be given addresses."""
        return IndexInput(
            cards=tuple((path, trace.parts["card"]) for path, trace in documents.items()),
            assets=tuple(asset.path for asset in found.assets),
            drafts=tuple(sorted(found.drafts)),
            show_drafts=self.show_drafts,
        )

    def _facts(self, indexed: Trace[Indexed]) -> bytes:
        """Return the digest of the Site with what git knows of pages."""
        history = self.memo.call(HISTORY, self.config.docs_dir, self.config.history)
        self._tell([history])
        there = FactsInput(indexed.parts["site"], history.parts["pages"])
        return self.memo.call(FACTS, self.edition, there).parts["site"]

    def _plan_emitted(self, plugins: tuple[PluginSpec, ...], site: bytes) -> tuple[tuple[PluginSpec, Task], ...]:
        """Ask emitters and indexers which files and folders they will make."""
        config = replace(self.config, nav=None)
        emitted: dict[str, tuple[PluginSpec, Task]] = {}
        for spec in of_kind(plugins, "emit", "index"):
            key = ("hooks" if spec.hook else "plugins", spec.name)
            plan = self.memo.whole(PLAN, self.memo.call(PLAN, config, PlanInput(spec, site)))
            self.findings.at(key, plan.diagnostics)
            for task in plan.tasks:
                if task.published_only and self.show_drafts:
                    continue
                other = emitted.setdefault(task.path, (spec, task))
                if other[1] is not task:
                    message = f"'{other[0].name}' and '{spec.name}' would both make '{task.path}'"
                    self.findings.report(Severity.ERROR, "duplicate-url", message, key=key)
        return tuple(emitted.values())

    def _merge(
        self, emitted: tuple[tuple[PluginSpec, Task], ...], documents: dict[str, Trace[Document]]
    ) -> dict[str, bytes]:
        """Have Indexers make what they make of all pages; return the digests of files by path."""
        merged: dict[str, bytes] = {}
        for spec, task in emitted:
            if task.path.endswith("/"):
                try:
                    merged.update(merge(spec, task, self.memo, documents))
                except PluginError as error:
                    self.findings.at(("hooks" if spec.hook else "plugins", spec.name), error.diagnostics)
        return merged

    def _plan_static(self, plugins: tuple[PluginSpec, ...], tagged: bool) -> tuple[bool, tuple[str, ...]]:
        """Return whether the theme builds on the default one, and the pages that are the theme's own.

        Those of the default theme are part of the site only where the theme builds on it.
        """
        main = self.memo.whole(CLOSURE, self.memo.call(CLOSURE, self.theme, MAIN))
        on_default = DEFAULT in main.folders
        static = []
        own = STATIC_TEMPLATES + (SEARCH_TEMPLATES if any(spec.name == "search" for spec in plugins) else ())
        own += (TAGS_TEMPLATE,) if tagged else ()
        for name in dict.fromkeys((*own, *self.config.theme.static_templates)):
            template = self.memo.whole(CLOSURE, self.memo.call(CLOSURE, self.theme, name))
            if template.found and (on_default or template.folders[:1] != (DEFAULT,)):
                static.append(name)
            elif name not in own:
                message, key = f"there is no template '{name}' in the theme", ("theme", "static_templates", name)
                self.findings.report(Severity.ERROR, "template-missing", message, key=key)
        return on_default, tuple(static)

    def _plan_whole(self, on_default: bool) -> bool:
        """Say whether there is a page that has all others in it. The dev server makes none."""
        if not self.config.print_page:
            return False
        template = self.memo.whole(CLOSURE, self.memo.call(CLOSURE, self.theme, PRINT_TEMPLATE))
        if template.found and (on_default or template.folders[:1] != (DEFAULT,)):
            return True
        message = f"there is no template '{PRINT_TEMPLATE}' in the theme"
        hint = "write one, or take the key out"
        self.findings.report(Severity.WARNING, "template-missing", message, hint, ("print_page",))
        return False

    def resolve_settings(
        self, routes: dict[str, str], drafts: tuple[str, ...], generated: tuple[str, ...]
    ) -> ResolveSettings:
        """Return what links may lead to: pages and assets by `routes`, and files that are `generated`."""
        return ResolveSettings(
            docs_dir=self.config.docs_dir,
            routes={**{path: quote(path) for path in generated}, **routes},
            drafts=drafts,
            validation=self.config.validation,
            mkdocs=self.config.format == "mkdocs",
            offline=self.config.offline,
        )

    def _resolve(self, documents: dict[str, Trace[Document]], settings: ResolveSettings) -> dict[str, Trace[Resolved]]:
        """Resolve the links of every page, and look whether the headings exist that they lead to."""
        hidden = frozenset(settings.drafts)
        shown = {path: trace for path, trace in documents.items() if path not in hidden}
        links = {path: trace.parts["links"] for path, trace in shown.items()}
        arguments = {path: PageLinks(path if part != NOTHING else "", part) for path, part in links.items()}
        once = list(dict.fromkeys(arguments.values()))  # pages without links are all alike
        traces = dict(zip(once, self.memo.map(RESOLVE, settings, once), strict=True))
        resolved = {path: traces[argument] for path, argument in arguments.items()}
        self._tell(resolved.values())
        anchors = Anchors(
            tuple((path, trace.parts["fragments"], shown[path].parts["anchors"]) for path, trace in resolved.items())
        )
        self._tell([self.memo.call(CHECK_ANCHORS, settings.validation.links_anchors, anchors)])
        return resolved

    def _sizes(self, resolved: Mapping[str, Trace[Resolved]]) -> dict[str, dict[int, tuple[int, int]]]:
        """Measure the images of all pages, each once; only pages that show some take part."""
        some = tuple((page, one.parts["images"]) for page, one in resolved.items() if one.parts["images"] != NOTHING)
        if not some:
            return {}
        pages = self.memo.whole(SHOWN, self.memo.call(SHOWN, None, PageImages(some))).pages
        paths = sorted({path for images in pages.values() for _, path in images})
        traces = dict(zip(paths, self.memo.map(SIZE, self.config.docs_dir, paths), strict=True))
        self._tell(traces.values())
        values = {
            part: self.memo.load(part, tuple[int, int]) for part in {one.parts["size"] for one in traces.values()}
        }
        sizes = {path: values[trace.parts["size"]] for path, trace in traces.items()}
        return {
            page: {number: sizes[path] for number, path in images if sizes[path] != (0, 0)}
            for page, images in pages.items()
        }

    def _is_text(self, path: str) -> bool:
        try:
            self.memo.tree.locate(path).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError, ValueError):
            return False
        return True

    def view_settings(self) -> ViewSettings:
        """Return what a page's own facts are made from."""
        config = self.config
        features = config.theme.features
        return ViewSettings(
            site_url=config.site_url,
            repo_url=config.repo_url,
            edit_uri=config.edit_uri,
            offline=config.offline and config.use_directory_urls,
            edit_uri_template=config.edit_uri_template,
            depth=99 if "navigation.expand" in features else 1 if "navigation.sections" in features else 0,
        )

    def _tell(self, traces: Iterable[Trace[Any]]) -> None:
        for trace in traces:
            part = trace.parts["diagnostics"]
            if part != NOTHING:
                self.findings.add(self.memo.load(part, tuple[Diagnostic, ...]))


NOTHING = digest_of(())
"""The digest of no diagnostics, as nearly all steps have it."""
