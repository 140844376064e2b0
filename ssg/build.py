"""A configuration -> a site: the chain of all steps, readable from top to bottom.

    discover -> parse -> index -> resolve -> view -> render -> publish

There is one build path. Cold, warm and in the dev server it is the same call; what differs is how much is remembered.
"""

import posixpath
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from ssg import __version__
from ssg.config import Loaded, SiteConfig
from ssg.config.settings import PluginConfig
from ssg.engine.digest import ABSENT, UNREADABLE, digest, digest_of, encode
from ssg.engine.memo import Memo, Trace
from ssg.engine.pool import Pool, Progress
from ssg.engine.publish import Publisher
from ssg.engine.store import Store
from ssg.engine.tree import Tree
from ssg.errors import CacheError, PluginError
from ssg.markdown import MarkdownSettings, choose
from ssg.model import Body, Diagnostic, Document, NavItem, PageRef, Severity, Site, Task
from ssg.pipeline.discover import Discovered, discover
from ssg.pipeline.index import INDEX, Indexed, IndexInput, IndexSettings
from ssg.pipeline.parse import CHECK_EXTENSIONS, PARSE, ParseSettings
from ssg.pipeline.render import RenderJob, RenderSettings, prepare, run, template_config
from ssg.pipeline.resolve import CHECK_ANCHORS, RESOLVE, Anchors, PageLinks, Resolved, ResolveSettings
from ssg.pipeline.view import VIEWS, SiteDigests, Viewer, Views, ViewSettings
from ssg.plugins import DESCRIBE, PluginSpec, of_kind
from ssg.plugins import emit as plugin_emit
from ssg.plugins import plan as plugin_plan
from ssg.salt import salt
from ssg.theme import CLOSURE, STATIC_TEMPLATES, Theme, assets, find_theme

CACHE = ".ssg/cache.sqlite"
"""Where results are remembered, relative to the project."""


@dataclass(frozen=True)
class Options:
    """What the command line says of a build. `write` is off for `ssg check`."""

    jobs: int = 1
    strict: bool = False
    drafts: bool = False
    write: bool = True
    adopt: bool = False
    remember: bool = True
    progress: Progress | None = None


@dataclass(frozen=True)
class Result:
    """What a build did. `published` says that the output folder now holds the site; otherwise it is as it was."""

    pages: int
    parsed: int
    rendered: int
    changed: int
    seconds: float
    published: bool
    diagnostics: tuple[Diagnostic, ...]

    @property
    def remembered(self) -> int:
        """How many pages were not rendered again."""
        return max(0, self.pages - self.rendered)

    def count(self, severity: Severity) -> int:
        """Return how many diagnostics are this severe."""
        return sum(1 for one in self.diagnostics if one.severity is severity)

    def failed(self, strict: bool) -> bool:
        """Say whether the site has problems that keep it from being published."""
        return any(
            one.severity is Severity.ERROR or (strict and one.severity is Severity.WARNING) for one in self.diagnostics
        )


@dataclass
class Planned:
    """An output in the making: its key, and what to do when it is not there as made from that key."""

    key: bytes
    make: Callable[[], bytes | None] | None = None
    """Returns the content; None if that failed, which was reported."""
    copy: str = ""
    """The file to copy, as a path in the tree."""
    render: Callable[[], RenderJob] | None = None


@dataclass
class _Findings:
    """Diagnostics of a build, in the order in which they come up, each once."""

    found: dict[Diagnostic, None] = field(default_factory=dict)

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.found.update(dict.fromkeys(diagnostics))


class Builder:
    """Builds a site, any number of times; between builds it keeps the cache open and its processes alive."""

    def __init__(self, loaded: Loaded, options: Options) -> None:
        """Make ready to build the site of a configuration.

        Raises:
            CacheError: When no cache can be had, not even in memory.
        """
        self.loaded = loaded
        self.config: SiteConfig = loaded.config
        self.options = options
        self.root = loaded.root
        self.output = self.root / self.config.site_dir
        self.pool = Pool(options.jobs, options.progress)
        self.store = Store(self.root / CACHE if options.remember else None)

    def build(self) -> Result:
        """Build the site, and publish it if nothing is wrong.

        Raises:
            SsgError: When the build cannot go on. The output folder is then as it was.
        """
        started = time.perf_counter()
        try:
            return self._build(started)
        except CacheError as error:
            # The file was readable when it was opened, and is damaged further in. Nothing in it is needed.
            self.store.discard()
            path = self.store.path
            self.store = Store(path)
            self.store.notice = self.store.notice or f"the cache was thrown away: {error}"
            return self._build(started)

    def close(self) -> None:
        """End processes and close the cache."""
        self.pool.close()
        self.store.close()

    # -- the chain ----------------------------------------------------------------------------------------------------

    def _build(self, started: float) -> Result:
        config, options = self.config, self.options
        findings = _Findings()
        findings.add(self.loaded.diagnostics)
        if self.store.notice:
            findings.add([Diagnostic(severity=Severity.NOTE, code="cache", message=self.store.notice)])
            self.store.notice = ""
        theme, mounts, problems = find_theme(config.theme, self.root)
        findings.add(self._at("theme", "custom_dir", diagnostics=problems))
        tree = Tree(self.root, mounts, self.store.files())
        memo = Memo(self.store, tree, salt(), self.pool)
        publisher = (
            Publisher(self.output, self.root, tree.locate(config.docs_dir), self.store, adopt=options.adopt)
            if options.write
            else None
        )
        try:
            site = _SiteBuild(self, memo, theme, findings, publisher)
            planned = site.plan()
            rendered = site.make(planned)
            diagnostics = tuple(findings.found)
            result = Result(
                pages=len(site.views.pages),
                parsed=sum(trace.ran for trace in site.documents.values()),
                rendered=rendered,
                changed=0,
                seconds=0.0,
                published=False,
                diagnostics=diagnostics,
            )
            if publisher is not None and not result.failed(options.strict):
                changed = publisher.commit({path: one.key for path, one in planned.items()})
                result = _with(result, changed=changed, published=True)
        finally:
            if publisher is not None:
                publisher.close()
        self.store.save_files(tree.learned)
        self.store.prune(memo.used)
        self.store.commit()
        return _with(result, seconds=time.perf_counter() - started)

    def _at(self, *key: str | int, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return diagnostics about a key of the configuration with its place."""
        path, line, column, source = self.loaded.position(*key)
        return [replace(one, path=path, line=line, column=column, source=source) for one in diagnostics]

    def report(
        self, findings: _Findings, severity: Severity, code: str, message: str, hint: str, *key: str | int
    ) -> None:
        """Add a diagnostic about a key of the configuration."""
        one = Diagnostic(severity=severity, code=code, message=message, hint=hint)
        findings.add(self._at(*key, diagnostics=[one]))


def _with(result: Result, **changes: Any) -> Result:
    from dataclasses import replace as changed

    return changed(result, **changes)


class _SiteBuild:
    """One build: what its steps gave, for those after them."""

    def __init__(
        self, builder: Builder, memo: Memo, theme: Theme, findings: _Findings, publisher: Publisher | None
    ) -> None:
        self.builder = builder
        self.config = builder.config
        self.memo = memo
        self.tree = memo.tree
        self.theme = theme
        self.findings = findings
        self.publisher = publisher
        self.plugins = self._plugins()
        found = discover(self.tree, self.config)
        findings.add(found.diagnostics)
        self.found: Discovered = found
        self.documents = self._parse(found)
        self.indexed = self._index(found)
        self.resolved = self._resolve()
        self.views = self._views()

    # -- steps --------------------------------------------------------------------------------------------------------

    def _plugins(self) -> tuple[PluginSpec, ...]:
        """Load plugins and hooks: by name, in the order of the configuration, then hooks."""
        from ssg.builtin import ALWAYS, STANDARD

        config = self.config
        named = list(config.plugins) if config.plugins is not None else [PluginConfig(name) for name in STANDARD]
        places: list[tuple[str | int, ...]] = [("plugins", position) for position in range(len(named))]
        for name in ALWAYS:
            if not any(plugin.name == name for plugin in named):
                named.append(PluginConfig(name))
                places.append(("plugins",))
        wanted = [PluginSpec(name=plugin.name, options=plugin.options) for plugin in named]
        for position, hook in enumerate(config.hooks):
            wanted.append(PluginSpec(name=hook, options={}, hook=posixpath.normpath(hook)))
            places.append(("hooks", position))
        specs = []
        for spec, trace, place in zip(wanted, self.memo.map(DESCRIBE, None, wanted), places, strict=True):
            kinds = self.memo.load(trace.parts["kinds"], tuple[str, ...])
            problem = self.memo.load(trace.parts["problem"], str)
            if problem:
                hint = self.memo.load(trace.parts["hint"], str)
                self.builder.report(self.findings, Severity.ERROR, "plugin", problem, hint, *place)
                continue
            fingerprint = self.memo.load(trace.parts["fingerprint"], bytes)
            extensions = self.memo.load(trace.parts["extensions"], DESCRIBE.fields[1].type)
            specs.append(replace(spec, kinds=kinds, fingerprint=fingerprint, extensions=extensions))
        return tuple(specs)

    def _parse(self, found: Discovered) -> dict[str, Trace[Document]]:
        """Parse every page."""
        config = self.config
        extensions = choose(config.markdown_extensions, mkdocs=config.format == "mkdocs")
        configured = len(config.markdown_extensions or ())
        added = tuple(one for spec in of_kind(self.plugins, "markdown") for one in spec.extensions)
        markdown = MarkdownSettings(extensions=(*extensions, *added), github=config.markdown.github)
        settings = ParseSettings(docs_dir=config.docs_dir, markdown=markdown, plugins=of_kind(self.plugins, "document"))
        setup = self.memo.call(CHECK_EXTENSIONS, settings, None)
        for number, reason in self.memo.load(setup.parts["problems"], tuple[tuple[int, str], ...]):
            name = markdown.extensions[number].name
            position = number - (len(extensions) - configured)
            place = ("markdown_extensions", position) if 0 <= position < configured else ("markdown_extensions",)
            message = f"the Markdown extension '{name}' cannot be used: {reason}"
            hint = "install the package that has it" if reason == "it is not installed" else ""
            self.builder.report(self.findings, Severity.WARNING, "markdown-extension", message, hint, *place)
        paths = [source.path for source in found.pages]
        documents = dict(zip(paths, self.memo.map(PARSE, settings, paths), strict=True))
        for trace in documents.values():
            self._add(trace.parts["diagnostics"])
        return documents

    def _index(self, found: Discovered) -> Trace[Indexed]:
        """Give pages their addresses and places."""
        config = self.config
        settings = IndexSettings(
            docs_dir=config.docs_dir,
            config_file=self.builder.loaded.file.name,
            mkdocs=config.format == "mkdocs",
            use_directory_urls=config.use_directory_urls,
            merge_indexes=config.format == "ssg" or "navigation.indexes" in config.theme.features,
            nav=config.nav,
            not_in_nav=config.not_in_nav,
            validation=config.validation,
            plugins=of_kind(self.plugins, "site"),
        )
        there = IndexInput(
            cards=tuple((path, trace.parts["card"]) for path, trace in self.documents.items()),
            assets=tuple(asset.path for asset in found.assets),
            drafts=tuple(sorted(found.drafts)),
            show_drafts=self.builder.options.drafts,
        )
        indexed = self.memo.call(INDEX, settings, there)
        self._add(indexed.parts["diagnostics"])
        return indexed

    def _resolve(self) -> dict[str, Trace[Resolved]]:
        """Resolve the links of every page, and look whether the headings exist that they lead to."""
        config = self.config
        drafts = self.memo.load(self.indexed.parts["drafts"], tuple[str, ...])
        settings = ResolveSettings(
            docs_dir=config.docs_dir,
            routes=self.memo.load(self.indexed.parts["routes"], dict[str, str]),
            drafts=drafts,
            validation=config.validation,
            mkdocs=config.format == "mkdocs",
        )
        hidden = frozenset(drafts)
        shown = {path: trace for path, trace in self.documents.items() if path not in hidden}
        arguments = [PageLinks(path, trace.parts["links"]) for path, trace in shown.items()]
        resolved = dict(zip(shown, self.memo.map(RESOLVE, settings, arguments), strict=True))
        for trace in resolved.values():
            self._add(trace.parts["diagnostics"])
        anchors = Anchors(
            tuple((path, trace.parts["fragments"], shown[path].parts["anchors"]) for path, trace in resolved.items())
        )
        self._add(self.memo.call(CHECK_ANCHORS, config.validation.links_anchors, anchors).parts["diagnostics"])
        return resolved

    def _views(self) -> Views:
        """Digest what each page shows of the site."""
        config = self.config
        self.view_settings = ViewSettings(
            site_url=config.site_url,
            repo_url=config.repo_url,
            edit_uri=config.edit_uri,
            edit_uri_template=config.edit_uri_template,
        )
        trace = self.memo.call(VIEWS, self.view_settings, SiteDigests(self.indexed.parts["site"]))
        return Views(
            pages=self.memo.load(trace.parts["pages"], VIEWS.fields[0].type),
            nav=self.memo.load(trace.parts["nav"], bytes),
        )

    # -- outputs ------------------------------------------------------------------------------------------------------

    def plan(self) -> dict[str, Planned]:
        """Say what there will be in the output folder, and what each of it is made from."""
        planned: dict[str, Planned] = {}
        planned.update(self._plan_theme_assets())
        planned.update(self._plan_static())
        planned.update(self._plan_emitted())
        planned.update(self._plan_assets())
        planned.update(self._plan_pages())
        for href in self._missing_extras(planned):
            message = f"'{href}' is not among the site's files"
            hint = f"put it into the folder '{self.config.docs_dir}'"
            key = "extra_css" if href in self.config.extra_css else "extra_javascript"
            self.builder.report(self.findings, Severity.WARNING, "extra-missing", message, hint, key)
        return planned

    def _missing_extras(self, planned: Mapping[str, Planned]) -> list[str]:
        extras = [*self.config.extra_css, *(script.path for script in self.config.extra_javascript)]
        local = [href for href in extras if "://" not in href and not href.startswith(("/", "data:"))]
        return [href for href in local if href.split("?")[0] not in planned]

    def _plan_theme_assets(self) -> dict[str, Planned]:
        return {name: self._copy(path) for name, path in assets(self.tree, self.theme).items()}

    def _plan_assets(self) -> dict[str, Planned]:
        folder = self.config.docs_dir
        return {one.path: self._copy(posixpath.normpath(posixpath.join(folder, one.path))) for one in self.found.assets}

    def _copy(self, path: str) -> Planned:
        found = self.tree.digest(path)
        return Planned(self.memo.key("copy", found), copy=path)

    def _plan_pages(self) -> dict[str, Planned]:
        settings = self._render_settings()
        shared = digest_of(settings)
        templates: dict[str, bytes] = {}
        planned = {}
        for path, output, template, view in self.views.pages:
            name = template_name(template)
            if name not in templates:
                templates[name] = self._template(name, path if template else "")
            body, urls = self.documents[path].parts["body"], self.resolved[path].parts["urls"]
            key = self.memo.key("render", shared, templates[name], view, body, urls)
            planned[output] = Planned(key, render=self._page_job(path, output, name))
        return planned

    def _plan_static(self) -> dict[str, Planned]:
        """Pages of the theme's own. Those that every theme may have are left out where it does not have them."""
        planned = {}
        shared = digest_of(self._render_settings())
        for name in dict.fromkeys((*STATIC_TEMPLATES, *self.config.theme.static_templates)):
            trace = self.memo.call(CLOSURE, self.theme, name)
            if self.memo.load(trace.parts["found"], bool):
                fingerprint = self._template(name, "")
                key = self.memo.key("render static", shared, fingerprint, self.views.nav)
                planned[name] = Planned(key, render=self._static_job(name))
            elif name not in STATIC_TEMPLATES:
                message = f"there is no template '{name}' in the theme"
                self.builder.report(
                    self.findings, Severity.ERROR, "template-missing", message, "", "theme", "static_templates"
                )
        return planned

    def _template(self, name: str, page: str) -> bytes:
        """Return what stands for a template and all that it takes in."""
        trace = self.memo.call(CLOSURE, self.theme, name)
        problem = self.memo.load(trace.parts["problem"], CLOSURE.fields[2].type)
        if problem is not None:
            self.findings.add([problem])
        if page and not self.memo.load(trace.parts["found"], bool):
            where = posixpath.normpath(posixpath.join(self.config.docs_dir, page))
            self.findings.add(
                [
                    Diagnostic(
                        severity=Severity.ERROR,
                        code="template-missing",
                        message=f"there is no template '{name}'",
                        path=where,
                        hint=f"looked in: {self.theme.described()}",
                    )
                ]
            )
        return trace.digest

    def _plan_emitted(self) -> dict[str, Planned]:
        planned: dict[str, Planned] = {}
        config = replace(self.config, nav=None)
        root = self.builder.root
        for spec in of_kind(self.plugins, "emit"):
            try:
                for task in self._tasks(spec, config):
                    parts = [digest_of(task), *(self.documents[path].digest for path in task.pages)]
                    key = self.memo.key("emit", spec.fingerprint, *parts)
                    planned[task.path] = Planned(key, make=self._emit_job(spec, task, root))
            except PluginError as error:
                names = [plugin.name for plugin in self.config.plugins or ()]
                place = ("plugins", names.index(spec.name)) if spec.name in names else ("plugins",)
                self.findings.add(self.builder._at(*place, diagnostics=error.diagnostics))
        return planned

    def _tasks(self, spec: PluginSpec, config: SiteConfig) -> Sequence[Task]:
        site = self.memo.load(self.indexed.parts["site"], Site)
        return plugin_plan(spec, site, config, self.builder.root)

    # -- work ---------------------------------------------------------------------------------------------------------

    def make(self, planned: Mapping[str, Planned]) -> int:
        """Make what is not there as planned; return how many pages were rendered."""
        publisher = self.publisher
        missing = {path: one for path, one in planned.items() if publisher is None or not publisher.has(path, one.key)}
        for path, one in missing.items():
            if one.copy:
                self._make_copy(path, one)
            elif one.make is not None:
                data = one.make()
                if data is not None and publisher is not None:
                    publisher.stage(path, data)
        jobs = {path: one.render for path, one in missing.items() if one.render is not None}
        pages = {output for _, output, _, _ in self.views.pages}
        if jobs:
            self._render(jobs)
        return len(pages & jobs.keys())

    def _make_copy(self, path: str, one: Planned) -> None:
        found = self.tree.digest(one.copy)
        if found in (ABSENT, UNREADABLE):
            message = "cannot read this file" if found == UNREADABLE else "this file has gone while the site was built"
            self.findings.add(
                [Diagnostic(severity=Severity.ERROR, code="file-unreadable", message=message, path=one.copy)]
            )
        elif self.publisher is not None:
            self.publisher.stage_copy(path, self.tree.locate(one.copy), found)

    def _render(self, jobs: Mapping[str, Callable[[], RenderJob]]) -> None:
        settings = self._render_settings()
        templates = digest(*(self.tree.digest(path) for path in self._template_files()))
        where = prepare(self.builder.root, self.tree.mounts, templates, settings)
        outputs = list(jobs)
        lazily = _Lazily([jobs[output] for output in outputs])
        for output, (data, problems) in zip(outputs, self.builder.pool.map(run, where, lazily, "render"), strict=True):
            if problems:
                self.findings.add(problems)
            elif self.publisher is not None:
                self.publisher.stage(output, data)

    def _template_files(self) -> list[str]:
        """All templates of the theme: workers keep them compiled while none of them changes."""
        found = []
        for folder in self.theme.folders:
            try:
                found += [entry.path for entry in self.tree.walk(folder) if entry.path.endswith(".html")]
            except OSError:
                continue
        return found

    def _page_job(self, path: str, output: str, template: str) -> Callable[[], RenderJob]:
        def job() -> RenderJob:
            return RenderJob(
                template=template,
                output=output,
                view=self.viewer.view(self.routes[path]),
                body=self.memo.load(self.documents[path].parts["body"], Body),
                urls=self.memo.load(self.resolved[path].parts["urls"], tuple[str, ...]),
            )

        return job

    def _static_job(self, template: str) -> Callable[[], RenderJob]:
        def job() -> RenderJob:
            viewer = self.viewer
            homepage: PageRef | None = viewer.homepage
            nav: tuple[NavItem, ...] = viewer.closed()
            return RenderJob(template=template, output=template, nav=nav, all_pages=viewer.site.nav, homepage=homepage)

        return job

    def _emit_job(self, spec: PluginSpec, task: Task, root: Path) -> Callable[[], bytes | None]:
        def job() -> bytes | None:
            documents = [self._document(path) for path in task.pages]
            try:
                return plugin_emit(spec, task, documents, root)
            except PluginError as error:
                self.findings.add(error.diagnostics)
                return None

        return job

    def _document(self, path: str) -> Document:
        trace = self.documents[path]
        parts = {one.name: self.memo.load(trace.parts[one.name], one.type) for one in PARSE.fields}
        return Document(**parts)

    @property
    def viewer(self) -> Viewer:
        """Makes views; the site is loaded only when a page is rendered."""
        if not hasattr(self, "_viewer"):
            self._viewer = Viewer(self.memo.load(self.indexed.parts["site"], Site), self.view_settings)
            self._routes = {route.path: route for route in self._viewer.site.pages}
        return self._viewer

    @property
    def routes(self) -> Mapping[str, Any]:
        """The place of each page."""
        _ = self.viewer
        return self._routes

    def _render_settings(self) -> RenderSettings:
        return RenderSettings(
            theme=self.theme,
            config=template_config(self.config),
            generator=f"ssg {__version__}",
            plugins=of_kind(self.plugins, "html"),
        )

    def _add(self, part: bytes) -> None:
        if part != _NOTHING:
            self.findings.add(self.memo.load(part, tuple[Diagnostic, ...]))


_NOTHING = digest_of(())


class _Lazily(Sequence[bytes]):
    """Encoded jobs, each made when it is asked for, so that not all pages are in memory at once."""

    def __init__(self, jobs: Sequence[Callable[[], RenderJob]]) -> None:
        self.jobs = jobs

    def __len__(self) -> int:
        return len(self.jobs)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [encode(job()) for job in self.jobs[index]]
        return encode(self.jobs[index]())


def template_name(name: str) -> str:
    """Return the template for a page that names this one in its front matter; `main.html` if it names none."""
    if not name:
        return "main.html"
    return name if "." in name else f"{name}.html"
