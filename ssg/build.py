"""A configuration -> a site: the chain of all steps, readable from top to bottom.

    discover -> parse -> index -> facts -> resolve -> view -> render -> publish

There is one build path. Cold, warm and in the dev server it is the same call; what differs is how much is remembered.
"""

import dataclasses
import time
from dataclasses import dataclass
from pathlib import Path

from ssg.chain import Chain
from ssg.config import Loaded, SiteConfig
from ssg.engine.memo import Memo
from ssg.engine.pool import Pool
from ssg.engine.publish import Publisher, published_before
from ssg.engine.store import Store
from ssg.engine.tree import Tree
from ssg.errors import CacheError, PublishError, ThemeError
from ssg.findings import Findings
from ssg.model import Body, Diagnostic, Severity
from ssg.options import Options, Result
from ssg.outputs import Outputs
from ssg.pdf import PDF, find_browser, make_pdf
from ssg.pipeline.render import RenderSettings
from ssg.pipeline.whole import PRINT_TEMPLATE
from ssg.salt import salt
from ssg.steps import Steps
from ssg.theme import find_theme

CACHE = ".ssg/cache.sqlite"
"""Where results are remembered, relative to the project."""


@dataclass(frozen=True)
class Insight:
    """What a build found out that helps to make a single page of the site, and to know what to watch."""

    steps: Steps
    settings: RenderSettings
    templates: bytes
    """Stands for the sources of all templates."""
    mounts: dict[str, Path]
    reads: frozenset[str]
    """Paths of all that the steps read, or looked for."""
    linked: frozenset[Path]
    """Where symbolic links among these lead to."""


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
        self.insight: Insight | None = None
        """Of the last build."""
        self.pool = Pool(options.jobs, options.progress)
        self.store = Store(loaded.root / CACHE if options.remember else None)

    def build(self) -> Result:
        """Build the site, and publish it if nothing is wrong.

        Raises:
            SsgError: When the build cannot go on. The output folder is then as it was.
        """
        started = time.perf_counter()
        try:
            result = self._build()
        except CacheError as error:
            # It could be opened, and is damaged further in, or somebody else writes to it. Nothing in it is needed.
            if self.store.busy:
                self.store.close()
                self.store = Store(None)
                self.store.notice = "nothing is remembered of this build: another one holds the cache"
            else:
                self.store.discard()
                self.store = Store(self.store.path)
                self.store.notice = self.store.notice or f"the cache was thrown away: {error}"
            result = self._build()
        return dataclasses.replace(result, seconds=time.perf_counter() - started)

    def close(self) -> None:
        """End processes and close the cache."""
        self.pool.close()
        self.store.close()

    def _build(self) -> Result:
        config, options, root = self.config, self.options, self.loaded.root
        findings = Findings(self.loaded)
        browser = find_browser() if options.pdf else ""
        findings.add(self.loaded.diagnostics)
        if self.store.notice:
            findings.add([Diagnostic(severity=Severity.NOTE, code="cache", message=self.store.notice)])
        try:
            theme, mounts, problems = find_theme(config.theme, root)
        except ThemeError as error:
            findings.at(("theme", "name"), error.diagnostics)
            raise ThemeError(str(error), diagnostics=findings.all()) from error
        findings.at(("theme", "custom_dir"), problems)
        tree = Tree(root, mounts, self.store.files())
        memo = Memo(self.store, tree, salt(), self.pool, options.pause)
        publisher, pdf, made = None, None, {}
        output, content = root / config.site_dir, tree.locate(config.docs_dir)
        before = {} if options.write else published_before(self.store, output)
        if options.write:
            for folder in theme.folders:
                if output.resolve().is_relative_to(tree.locate(folder).resolve()):
                    message, hint = "the output folder is within a folder of the theme", "name another with `-d`"
                    raise PublishError(message, code="output-unsafe", path=str(output), hint=hint)
            publisher = Publisher(output, root, content, self.store, adopt=options.adopt)
        try:
            steps = Chain(self.loaded, memo, theme, findings, drafts=options.drafts, edition=options.edition).run()
            outputs = Outputs(config, memo, theme, steps, findings, publisher, before)
            planned = outputs.plan()
            rendered = outputs.make(planned, keep=options.forgive)
            result = Result(
                pages=len(steps.views),
                parsed=sum(trace.ran for trace in steps.documents.values()),
                rendered=rendered,
                diagnostics=findings.all(),
            )
            if options.collect:
                paths = [one.path for one in steps.views]
                bodies = [(path, memo.load(steps.documents[path].parts["body"], Body).html) for path in paths]
                result = dataclasses.replace(result, bodies=tuple(bodies), outputs=tuple(planned))
            if publisher is not None and (options.forgive or not result.failed(options.strict)):
                made = {path: one.key for path, one in planned.items() if path not in outputs.lacking}
                pdf = outputs.pdf_key(planned) if browser else None
                if pdf is not None and publisher.has(PDF, pdf):
                    made[PDF], pdf = pdf, None
                changed = publisher.commit(made)
                emitted = {task.path for _, task in steps.emitted} | steps.merged.keys()
                shown = tuple(path for path in publisher.changed if path not in emitted)
                result = dataclasses.replace(result, changed=changed, published=True, shown=shown)
            reads, linked = frozenset(memo.reads), frozenset(tree.linked)
            self.insight = Insight(steps, outputs.settings, outputs.templates, mounts, reads, linked)
        finally:
            if publisher is not None:
                publisher.close()
        if pdf is not None and result.published:
            self._publish_pdf(browser, {**made, PDF: pdf})
        self.store.notice = ""
        self.store.save_files(tree.learned)
        self.store.prune(memo.used)
        self.store.commit()
        return result

    def _publish_pdf(self, browser: str, made: dict[str, bytes]) -> None:
        """Have a browser make the PDF of the published site, and add it to the files that were `made`."""
        root = self.loaded.root
        output, content = root / self.config.site_dir, root / self.config.docs_dir
        data = make_pdf(output / PRINT_TEMPLATE, browser)
        publisher = Publisher(output, root, content, self.store)
        try:
            publisher.stage(PDF, data)
            publisher.commit(made)
        finally:
            publisher.close()
