"""The results of the steps -> every file of the site: planned with its key, made where it is not there yet."""

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from msgspec import Raw

from ssg import __version__
from ssg.config import SiteConfig
from ssg.emitters import emit
from ssg.engine.digest import ABSENT, UNREADABLE, digest_of, encode
from ssg.engine.memo import Memo, Trace
from ssg.engine.publish import PRIVATE, Publisher, parents
from ssg.errors import PluginError
from ssg.findings import Findings
from ssg.language import LANGUAGE
from ssg.model import Diagnostic, Document, Route, Severity, Site, Task
from ssg.pipeline.edition import Edition
from ssg.pipeline.index import IndexInput, IndexSettings
from ssg.pipeline.parse import PARSE, ParseSettings
from ssg.pipeline.render import RenderJob, RenderSettings, prepare, run, template_config
from ssg.pipeline.resolve import Resolved, ResolveSettings
from ssg.pipeline.view import PageDigest, Viewer, ViewSettings
from ssg.plugins import PluginSpec, of_kind
from ssg.theme import CLOSURE, MAIN, Theme, assets


@dataclass(frozen=True)
class Steps:
    """What the steps before rendering gave; documents and resolved links by the page's path."""

    plugins: tuple[PluginSpec, ...]
    edition: Edition
    emitted: tuple[tuple[PluginSpec, Task], ...]
    """The files that emitters will make."""
    merged: Mapping[str, bytes]
    """Those that indexers made, by path as digests of their content."""
    static: tuple[str, ...]
    """The theme's own pages, by their templates."""
    on_default: bool
    """Whether the theme builds on the default one."""
    assets: tuple[str, ...]
    documents: Mapping[str, Trace[Document]]
    broken: frozenset[str]
    """The pages whose own files have errors."""
    parsing: ParseSettings
    indexing: IndexSettings
    there: IndexInput
    resolving: ResolveSettings
    site: bytes
    resolved: Mapping[str, Trace[Resolved]]
    sizes: Mapping[str, dict[int, tuple[int, int]]]
    """Of the images of pages that have some: width and height by the number of the link."""
    view_settings: ViewSettings
    views: tuple[PageDigest, ...]
    nav: bytes


@dataclass(frozen=True)
class Planned:
    """A file of the site: what it is made from, and one way to make it."""

    key: bytes
    copy: str = ""
    """A file that it is a copy of, as a path in the tree."""
    render: Callable[[], RenderJob] | None = None
    """Gives the job of rendering it."""
    emit: Callable[[], bytes | None] | None = None
    """Gives its content, or None if that failed, which was told."""


class Outputs:
    """The files of one build."""

    def __init__(
        self,
        config: SiteConfig,
        memo: Memo,
        theme: Theme,
        steps: Steps,
        findings: Findings,
        publisher: Publisher | None,
        made_before: Mapping[str, bytes],
    ) -> None:
        """Plan and make files.

        Without a publisher nothing is written: what was not `made_before`, from the same key, is made to see whether
        it can be.
        """
        self.config = config
        self.memo = memo
        self.tree = memo.tree
        self.theme = theme
        self.steps = steps
        self.findings = findings
        self.publisher = publisher
        self.made_before = made_before
        language = memo.whole(LANGUAGE, memo.call(LANGUAGE, theme, config.theme.language))
        if steps.on_default:
            findings.at(("theme", "language"), language.problems)
        self.settings = RenderSettings(
            theme=theme,
            docs_dir=config.docs_dir,
            config=template_config(config),
            generator=f"ssg {__version__}",
            language=language,
            plugins=of_kind(steps.plugins, "html"),
            edition=steps.edition,
            alternates=tuple({"path": one.path, "type": one.alternate} for _, one in steps.emitted if one.alternate),
        )
        self._shared = digest_of(self.settings)
        self._closures: dict[str, bytes] = {}
        self.lacking: frozenset[str] = frozenset()
        """The files that could not be made, and are not there from an earlier build either."""
        self._failed: set[str] = set()
        self._told: set[tuple[str, str, str, int]] = set()

    # -- plan ---------------------------------------------------------------------------------------------------------

    def plan(self) -> dict[str, Planned]:
        """Return all files of the site by their paths in the output folder. Later kinds go before earlier ones."""
        planned = {
            **{name: self._copy(path) for name, path in assets(self.tree, self._asset_folders()).items()},
            **self._static(),
            **self._emitted(),
            **{path: self._copy(self._content(path)) for path in self.steps.assets},
            **self._pages(),
        }
        self._check_extras(planned)
        self._check_places(planned)
        return planned

    def _asset_folders(self) -> tuple[str, ...]:
        named = any(folder != self.config.theme.custom_dir for folder in self.theme.folders[:-1])
        return self.theme.folders[:-1] if named and not self.steps.on_default else self.theme.folders

    def _content(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.config.docs_dir, path))

    def _copy(self, path: str) -> Planned:
        return Planned(self.memo.key("copy", self.tree.digest(path)), copy=path)

    def _pages(self) -> dict[str, Planned]:
        templates: dict[str, bytes] = {}
        planned = {}
        for page in self.steps.views:
            name = template_name(page.template)
            if name not in templates:
                templates[name] = self._template(name)
            body = self.steps.documents[page.path].parts["body"]
            urls = self.steps.resolved[page.path].parts["urls"]
            key = self.memo.key("render", self._shared, templates[name], page.view, body, urls)
            if page.path in self.steps.sizes:
                key = self.memo.key("render", key, digest_of(self.steps.sizes[page.path]))
            planned[page.output] = Planned(key, render=self._page_job(page, name))
        return planned

    def _static(self) -> dict[str, Planned]:
        planned = {}
        for name in self.steps.static:
            key = self.memo.key("render static", self._shared, self._template(name), self.steps.nav)
            planned[name.removesuffix(".jinja")] = Planned(key, render=self._static_job(name))
        return planned

    def _template(self, name: str) -> bytes:
        """Return what stands for a template and all that it takes in. That there is none is told by rendering it."""
        trace = self.memo.call(CLOSURE, self.theme, name)
        found = self.memo.whole(CLOSURE, trace)
        if found.problem is not None:
            self.findings.add([found.problem])
        self.findings.add(found.unused)
        self._closures[name] = trace.digest
        return trace.digest

    def _emitted(self) -> dict[str, Planned]:
        planned = {}
        for spec, task in self.steps.emitted:
            documents = [self.steps.documents[path].digest for path in task.pages]
            key = self.memo.key("emit", spec.fingerprint, digest_of(task), *documents)
            planned[task.path] = Planned(key, emit=self._emit_job(spec, task))
        for path, part in self.steps.merged.items():
            planned[path] = Planned(self.memo.key("merged", part), emit=partial(self.memo.load, part, bytes))
        return planned

    def _check_places(self, planned: Mapping[str, Planned]) -> None:
        """No file may be where another one needs a folder, and none where the output folder has its manifest."""
        folders = {parent: path for path in planned for parent in parents(path)}
        told = {*self.steps.assets, *(page.output for page in self.steps.views)}  # of these the index told already
        for path in planned:
            if path in folders and not (path in told and folders[path] in told):
                message = f"'{path}' would be a file, and a folder for '{folders[path]}'"
            elif path.startswith(f"{PRIVATE}/"):
                message = f"'{path}' is where ssg keeps its own files"
            else:
                continue
            self.findings.report(Severity.ERROR, "duplicate-url", message, "rename the file in the content folder")

    def _check_extras(self, planned: Mapping[str, Planned]) -> None:
        """What every page loads must be there: style sheets, scripts, the logo and the icon."""
        named = [("extra_css", path) for path in self.config.extra_css]
        named += [("extra_javascript", script.path) for script in self.config.extra_javascript]
        keys = [((key, path), path) for key, path in named]
        diagrams = self.config.extra.get("mermaid")
        keys += [(("extra", "mermaid"), diagrams)] if isinstance(diagrams, str) else []
        keys += [(("theme", "logo"), self.config.theme.logo), (("theme", "favicon"), self.config.theme.favicon)]
        for place, path in keys:
            if not path or "://" in path or path.startswith(("/", "data:")) or path.split("?")[0] in planned:
                continue
            message, hint = f"'{path}' is not among the site's files", f"put it into '{self.config.docs_dir}'"
            self.findings.report(Severity.WARNING, "extra-missing", message, hint, place)

    # -- make ---------------------------------------------------------------------------------------------------------

    def make(self, planned: Mapping[str, Planned], *, keep: bool = False) -> int:
        """Make the files that are not there as planned; return how many pages were rendered.

        Where `keep` says so, a page whose file has errors stays as it was last without.
        """
        publisher = self.publisher
        missing = {path: one for path, one in planned.items() if not self._is_made(path, one.key)}
        if keep and publisher is not None:
            for page in self.steps.views:
                if page.path in self.steps.broken and publisher.holds(page.output):
                    missing.pop(page.output, None)
        jobs = {path: one.render for path, one in missing.items() if one.render is not None}
        others = self._make_others({path: one for path, one in missing.items() if path not in jobs})
        if jobs:
            self._render(jobs, others)
        for _ in others:
            pass
        self.lacking = frozenset(path for path in self._failed if publisher is None or not publisher.holds(path))
        return sum(page.output in jobs for page in self.steps.views)

    def _make_others(self, missing: Mapping[str, Planned]) -> Iterator[None]:
        """Make files that are no pages, one at each step."""
        for path, one in missing.items():
            if one.emit is None:
                self._make_copy(path, one.copy)
            elif (data := one.emit()) is None:
                self._failed.add(path)
            elif self.publisher is not None:
                self.publisher.stage(path, data)
            yield

    def _is_made(self, path: str, key: bytes) -> bool:
        if self.publisher is not None:
            return self.publisher.has(path, key)
        return self.made_before.get(path) == key

    def _make_copy(self, path: str, source: str) -> None:
        found = self.tree.digest(source)
        if found in (ABSENT, UNREADABLE):
            message = "cannot read this file" if found == UNREADABLE else "this file has gone while the site was built"
            one = Diagnostic(severity=Severity.ERROR, code="file-unreadable", message=message, path=source)
            self.findings.add([one])
            self._failed.add(path)
        elif self.publisher is not None:
            self.publisher.stage_copy(path, self.tree.locate(source), found)

    def _render(self, jobs: Mapping[str, Callable[[], RenderJob]], others: Iterator[None]) -> None:
        """Render pages, and make `others` while other processes are at it."""
        where = prepare(self.tree.root, self.tree.mounts, self.templates, self.settings)
        pages = zip(jobs, self.memo.pool.map(run, where, _Encoded(list(jobs.values())), "render"), strict=True)
        todo = set(jobs)
        for output, (data, problems) in pages:
            if problems:
                self._tell_once(problems)
                if any(one.code == "template-endless" for one in problems):
                    break  # it takes long to find out, and is so for every page
            else:
                todo.discard(output)
                if self.publisher is not None:
                    self.publisher.stage(output, data)
            next(others, None)
        self._failed |= todo

    @property
    def templates(self) -> bytes:
        """Stands for the sources of all templates: a process keeps them compiled while none of them changes."""
        return digest_of(self._closures)

    def _tell_once(self, problems: Sequence[Diagnostic]) -> None:
        """A template that fails mostly does so for every page: it is told for the first."""
        for one in problems:
            place = (one.code, one.message, one.path, one.line)
            if place not in self._told:
                self._told.add(place)
                self.findings.add([one])

    def _page_job(self, page: PageDigest, template: str) -> Callable[[], RenderJob]:
        def job() -> RenderJob:
            return RenderJob(
                template=template,
                output=page.output,
                view=self._viewer.view(self._routes[page.path]),
                body=Raw(self.memo.encoded(self.steps.documents[page.path].parts["body"])),
                urls=self.memo.load(self.steps.resolved[page.path].parts["urls"], tuple[str, ...]),
                sizes=self.steps.sizes.get(page.path, {}),
            )

        return job

    def _static_job(self, template: str) -> Callable[[], RenderJob]:
        def job() -> RenderJob:
            viewer = self._viewer
            return RenderJob(
                template=template,
                output=template.removesuffix(".jinja"),
                nav=viewer.closed(),
                all_pages=viewer.site.nav,
                homepage=viewer.homepage,
            )

        return job

    def _emit_job(self, spec: PluginSpec, task: Task) -> Callable[[], bytes | None]:
        def job() -> bytes | None:
            documents = [self.memo.whole(PARSE, self.steps.documents[path]) for path in task.pages]
            try:
                return emit(spec, task, documents, self.tree.root)
            except PluginError as error:
                self.findings.at(("hooks" if spec.hook else "plugins", spec.name), error.diagnostics)
                return None

        return job

    @cached_property
    def _viewer(self) -> Viewer:
        """Loaded only when a page is rendered."""
        return Viewer(self.memo.load(self.steps.site, Site), self.steps.view_settings)

    @cached_property
    def _routes(self) -> dict[str, Route]:
        return {route.path: route for route in self._viewer.site.pages}


class _Encoded(Sequence[bytes]):
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
        return MAIN
    return name if "." in name else f"{name}.html"
