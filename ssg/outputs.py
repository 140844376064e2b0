"""The results of the steps -> every file of the site: planned with its key, made where it is not there yet."""

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from msgspec import Raw
from msgspec.structs import replace

from ssg import __version__
from ssg.assets import Assets, second_name
from ssg.assets import plan as plan_assets
from ssg.checks import can_minify, check_extras, check_offline, check_places
from ssg.config import SiteConfig
from ssg.emitters import emit
from ssg.engine.digest import ABSENT, UNREADABLE, digest, digest_of, encode
from ssg.engine.memo import Memo
from ssg.engine.publish import Publisher
from ssg.errors import PluginError
from ssg.findings import Findings
from ssg.language import LANGUAGE
from ssg.model import Body, Card, Diagnostic, Document, Route, Severity, Site, Task
from ssg.pipeline.parse import PARSE
from ssg.pipeline.render import RenderJob, RenderSettings, prepare, run, template_config
from ssg.pipeline.view import PageDigest, Viewer
from ssg.pipeline.whole import PRINT_TEMPLATE, parts
from ssg.plugins import PluginSpec, of_kind
from ssg.steps import Steps
from ssg.theme import CLOSURE, SYMBOLS, TAGS_TEMPLATE, Theme, assets, place_of, static_output, template_name, wanted
from ssg.urls import CARDS

_ROOT = dict.fromkeys(("", ".", "./"), "index.html")
"""What the root of the site is where no server completes addresses."""


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
        self._smaller = config.minify and can_minify(findings)
        self._copies = {
            **assets(self.tree, self._asset_folders()),
            **{path: self._content(path) for path in steps.assets},
        }
        self._assets = self._plan_assets()
        language = memo.whole(LANGUAGE, memo.call(LANGUAGE, theme, config.theme.language))
        if steps.on_default:
            findings.at(("theme", "language"), language.problems)
        marks = memo.whole(SYMBOLS, memo.call(SYMBOLS, theme, wanted(config)))
        if steps.on_default:
            for use, problem in marks.problems:
                findings.at(place_of(use), [problem])
        self.settings = RenderSettings(
            theme=theme,
            docs_dir=config.docs_dir,
            config=template_config(config),
            generator=f"ssg {__version__}",
            language=language,
            symbols=marks.svg,
            plugins=of_kind(steps.plugins, "html"),
            edition=steps.edition,
            names=self._assets.names | (_ROOT if config.offline else {}),
            minify=self._smaller,
            cards=any(path.startswith(CARDS) for path in steps.merged),
            alternates=tuple({"path": one.path, "type": one.alternate} for _, one in steps.emitted if one.alternate),
        )
        self._closures: dict[str, bytes] = {}
        self._scripts = self._script_names() if config.hashed_assets else {}
        self.settings = replace(self.settings, names=self.settings.names | self._scripts)
        self._shared = digest_of(self.settings)
        self.lacking: frozenset[str] = frozenset()
        """The files that could not be made, and are not there from an earlier build either."""
        self._failed: set[str] = set()
        self._told: set[tuple[str, str, str, int]] = set()

    # -- plan ---------------------------------------------------------------------------------------------------------

    def plan(self) -> dict[str, Planned]:
        """Return all files of the site by their paths in the output folder. Later kinds go before earlier ones."""
        planned = {
            **{path: self._copy(path) for path in self._copies},
            **{name: self._copy(path) for path, name in self._assets.names.items() if path in self._copies},
            **self._static(),
            **self._whole(),
            **self._emitted(),
            **{path: self._copy(path) for path in self.steps.assets},
            **self._pages(),
        }
        told = {*self.steps.assets, *(page.output for page in self.steps.views)}
        check_places(planned.keys(), told, self.findings)
        check_extras(planned.keys(), self.config, self.findings)
        if self.config.offline:
            check_offline(self.config, self.findings)
        return planned

    def _asset_folders(self) -> tuple[str, ...]:
        named = any(folder != self.config.theme.custom_dir for folder in self.theme.folders[:-1])
        return self.theme.folders[:-1] if named and not self.steps.on_default else self.theme.folders

    def _content(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.config.docs_dir, path))

    def _copy(self, path: str) -> Planned:
        """Plan the file of the theme or the content folder that belongs at a path; it may have been changed."""
        part = self._assets.made.get(path)
        if part is not None:
            return Planned(self.memo.key("asset", part), emit=partial(self.memo.load, part, bytes))
        source = self._copies[path]
        return Planned(self.memo.key("copy", self.tree.digest(source)), copy=source)

    def _plan_assets(self) -> Assets:
        """Find names and content for files of the theme, and for what of the project every page loads."""
        config, steps = self.config, self.steps
        made = (*(task.path for _, task in steps.emitted), *steps.merged, *map(static_output, steps.static))
        own = self._copies.keys() - {*steps.assets, *made}
        extra = (*config.extra_css, *(one.path for one in config.extra_javascript))
        return plan_assets(self.memo, self._copies, own, extra, hashed=config.hashed_assets, smaller=self._smaller)

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
            shown = [self.steps.nav, self.steps.tags] if name == TAGS_TEMPLATE else [self.steps.nav]
            key = self.memo.key("render static", self._shared, self._template(name), *shown)
            output = static_output(name)
            planned[output] = Planned(key, render=self._static_job(name))
            if output in self._scripts:
                planned[self._scripts[output]] = planned[output]
        return planned

    def _script_names(self) -> dict[str, str]:
        """Return second names for scripts that are made from templates: they change with what these are given."""
        own = {path: name for path, name in self.settings.names.items() if path.startswith("assets/")}
        shared = digest_of(replace(self.settings, names=own))
        scripts = [name for name in self.steps.static if static_output(name).endswith(".js")]
        keys = {static_output(name): self.memo.key("script", shared, self._template(name)) for name in scripts}
        return {path: second_name(path, key) for path, key in keys.items()}

    def _whole(self) -> dict[str, Planned]:
        """Plan the page that has all others in it."""
        if not self.steps.whole:
            return {}
        pages = [self._made_of(page) for page in self.steps.views]
        key = self.memo.key("render all", self._shared, self._template(PRINT_TEMPLATE), self.steps.site, *pages)
        return {PRINT_TEMPLATE: Planned(key, render=self._whole_job)}

    def pdf_key(self, planned: Mapping[str, Planned]) -> bytes | None:
        """Return the key of the PDF of that page, which depends on all files but other pages; None if there is none."""
        if PRINT_TEMPLATE not in planned:
            return None
        needed = [one.key for path, one in planned.items() if one.render is None or path == PRINT_TEMPLATE]
        return self.memo.key("pdf", *needed)

    def _made_of(self, page: PageDigest) -> bytes:
        """Return what stands for a page's content: its HTML, where links lead, and sizes of images."""
        body = self.steps.documents[page.path].parts["body"]
        urls = self.steps.resolved[page.path].parts["urls"]
        return digest(body, urls, digest_of(self.steps.sizes.get(page.path, {})))

    def _template(self, name: str) -> bytes:
        """Return what stands for a template and all that it takes in. That there is none is told by rendering it."""
        if name in self._closures:
            return self._closures[name]
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
            traces = [self.steps.documents[path] for path in task.pages]
            names = task.reads
            parts = [one.parts[name] for one in traces for name in names] if names else [one.digest for one in traces]
            key = self.memo.key("emit", spec.fingerprint, digest_of(task), *parts)
            planned[task.path] = Planned(key, emit=self._emit_job(spec, task))
        for path, part in self.steps.merged.items():
            planned[path] = Planned(self.memo.key("merged", part), emit=partial(self.memo.load, part, bytes))
        return planned

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
        where = prepare(self.tree.places, self.templates, self.settings)
        rendered = self.memo.pool.map(run, where, _Encoded(list(jobs.values())), "render")
        todo = set(jobs)
        for output, (data, problems) in zip(jobs, rendered, strict=True):
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

    def _whole_job(self) -> RenderJob:
        viewer = self._viewer
        return RenderJob(
            template=PRINT_TEMPLATE,
            output=PRINT_TEMPLATE,
            homepage=viewer.homepage,
            parts=parts(viewer.site, self._content_of),
        )

    def _content_of(self, path: str) -> tuple[Body, tuple[str, ...], dict[int, tuple[int, int]]]:
        """Return the content of a page, where its links lead, and the sizes of its images."""
        body = self.memo.load(self.steps.documents[path].parts["body"], Body)
        urls = self.memo.load(self.steps.resolved[path].parts["urls"], tuple[str, ...])
        return body, urls, self.steps.sizes.get(path, {})

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
                output=static_output(template),
                nav=viewer.closed(),
                all_pages=viewer.site.nav,
                homepage=viewer.homepage,
                all_tags=viewer.tags if template == TAGS_TEMPLATE else (),
                tags_url=viewer.tags_url,
            )

        return job

    def _emit_job(self, spec: PluginSpec, task: Task) -> Callable[[], bytes | None]:
        def job() -> bytes | None:
            documents = [self._document(path, task.reads) for path in task.pages]
            try:
                return emit(spec, task, documents, self.tree.root)
            except PluginError as error:
                self.findings.at(("hooks" if spec.hook else "plugins", spec.name), error.diagnostics)
                return None

        return job

    def _document(self, path: str, names: Sequence[str]) -> Document:
        """Load a page's document; with names, only these of its fields, which takes a fraction of the time."""
        trace = self.steps.documents[path]
        if not names:
            return self.memo.whole(PARSE, trace)
        found = {one.name: self.memo.load(trace.parts[one.name], one.type) for one in PARSE.fields if one.name in names}
        return Document(**{"card": Card(path=path, title=""), "body": Body(html=""), **found})

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
