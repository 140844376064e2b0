#!/usr/bin/env python3
"""Search: what readers find, what they load for it and how long they wait, beside Material (lunr) and Pagefind.

    python benchmarks/search.py --documents ../shared/corpora --corpus CORPUS --installed DIR --pagefind PROGRAM

It drives Chromium. Each engine is asked the queries of `tests/search-sites/queries.toml` over the same pages; a query
counts as found if one of its pages is among the first three results. Pagefind indexes the pages that ssg has built.
"""

import argparse
import functools
import gzip
import http.server
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from playwright.sync_api import Page, sync_playwright
from report import machine
from tools import Material, Ssg

HERE = Path(__file__).resolve().parent
SITES = HERE.parent / "tests" / "search-sites"
DOCUMENTS = {"fastapi": "fastapi/docs/en/docs", "uv": "uv/docs"}
"""Where the documents of a site are in the folder of documents; the other sites come with the tests."""
LANGUAGES = {"zh", "ja", "de", "ru"}
COMPRESSED = (".html", ".js", ".css", ".json", ".svg", ".xml")
LIMIT_MS = 15_000


class Engine(ABC):
    """A search, as the site of one generator has it."""

    name: ClassVar[str]
    marks: ClassVar[tuple[str, ...]]
    """What is in the addresses of the files that it loads."""
    shown: ClassVar[int]
    """So many pages its own interface shows at first; those are asked for, and waited for."""

    @abstractmethod
    def version(self, options: argparse.Namespace) -> str:
        """Return its version, and what it is made of."""

    @abstractmethod
    def open(self, page: Page, root: str) -> None:
        """Open a page and make the search ready."""

    @abstractmethod
    def ask(self, page: Page, query: str) -> list[str]:
        """Return the addresses of the first pages that are found, relative to the root."""


class Ours(Engine):
    name = "ssg"
    marks = ("/search/",)
    shown = 5

    def version(self, options: argparse.Namespace) -> str:
        return Ssg(Path(options.installed)).versions()

    def open(self, page: Page, root: str) -> None:
        page.goto(root, wait_until="load")
        page.keyboard.press("/")
        page.wait_for_function("() => !!window.ssgSearch?.open", polling=5)

    def ask(self, page: Page, query: str) -> list[str]:
        script = """async ([query, count]) => {
          const found = await ssgSearch.pages(query);
          return found ? (await found.more(count)).map((page) => page.url) : [];
        }"""
        found: list[str] = page.evaluate(script, [query, self.shown])
        return found


class Pagefind(Engine):
    name = "Pagefind"
    marks = ("/pagefind/",)
    shown = 5

    def version(self, options: argparse.Namespace) -> str:
        told = subprocess.run([options.pagefind, "--version"], check=True, capture_output=True, text=True)
        return told.stdout.strip().rpartition(" ")[2]

    def open(self, page: Page, root: str) -> None:
        page.goto(root, wait_until="load")
        page.evaluate("async () => { window.engine = await import('/pagefind/pagefind.js'); await engine.init(); }")

    def ask(self, page: Page, query: str) -> list[str]:
        script = """async ([query, count]) => {
          const found = await engine.search(query);
          const pages = await Promise.all(found.results.slice(0, count).map((one) => one.data()));
          return pages.map((page) => page.url.replace(/^\\//, ""));
        }"""
        found: list[str] = page.evaluate(script, [query, self.shown])
        return found


class Lunr(Engine):
    name = "Material"
    marks = ("/search/", "workers/search")
    shown = 10

    def version(self, options: argparse.Namespace) -> str:
        return Material(Path(options.installed)).versions()

    def open(self, page: Page, root: str) -> None:
        page.goto(root, wait_until="load")
        page.keyboard.press("/")
        page.wait_for_selector("[data-md-component=search-query]")

    def ask(self, page: Page, query: str) -> list[str]:
        script = """async (query) => {
          const meta = document.querySelector(".md-search-result__meta");
          const list = document.querySelector(".md-search-result__list");
          const input = document.querySelector("[data-md-component=search-query]");
          const set = (text) => { input.value = text; input.dispatchEvent(new Event("keyup")); };
          const until = (is) => new Promise((done) => {
            const look = () => is() ? done() : setTimeout(look, 2);
            look();
          });
          if (input.value) {
            set("");
            await until(() => !list.children.length && /start searching|Suchbegriff|.*/.test(meta.textContent));
          }
          const before = meta.textContent;
          set(query);
          const told = () => meta.textContent !== before;
          await until(() => told() && (list.children.length || /^\\D*$|^0/.test(meta.textContent)));
          return [...list.querySelectorAll(".md-search-result__item > a, .md-search-result__item > details > a")]
            .map((one) => one.href);
        }"""
        root = page.evaluate(
            "() => new URL(JSON.parse(document.querySelector('#__config').textContent).base, location).href"
        )
        addresses = page.evaluate(
            f"Promise.race([({script})({json.dumps(query)}), new Promise((d) => setTimeout(d, 1500, []))])"
        )
        found = [one.partition("?")[0].partition("#")[0].removeprefix(root.rstrip("/") + "/") for one in addresses]
        return list(dict.fromkeys(found))


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves as hosts do: what can be compressed is, and connections stay open. Counts what it sent, by address."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    sent: ClassVar[dict[str, int]] = {}

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        compressed = path.suffix in COMPRESSED
        data = _content(path, compressed)
        self.send_response(200)
        if compressed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.sent[self.path] = len(data)


@functools.cache
def _content(path: Path, compressed: bool) -> bytes:
    data = path.read_bytes()
    return gzip.compress(data, 6) if compressed else data


@contextmanager
def served(folder: Path) -> Iterator[str]:
    Handler.sent.clear()
    _content.cache_clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def build(engine: Engine, content: Path, language: str, work: Path, options: argparse.Namespace) -> Path:
    """Build a site of these pages and its index; return its folder."""
    project = work / engine.name
    if isinstance(engine, Lunr):
        tool = Material(Path(options.installed))
        tool.lay_out(content, project)
        settings = (
            (project / "mkdocs.yml")
            .read_text(encoding="utf-8")
            .replace("name: material", f"name: material\n  language: {language}")
        )
        (project / "mkdocs.yml").write_text(settings, encoding="utf-8")
        program, environment = tool.program(), tool.variables()
        if program is None:
            raise SystemExit("Material is not installed there: see compare.py --install")
        subprocess.run(
            [*program, *tool.arguments],
            cwd=project,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return project / "site"
    shutil.copytree(content, project / "content", copy_function=shutil.copyfile)
    text = (
        f"site_name: Benchmark\ndocs_dir: content\nsite_dir: output\ntheme:\n  name: material\n  language: {language}\n"
    )
    (project / "mkdocs.yml").write_text(text + "plugins: [search]\n", encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "ssg", "build", "-q"],
        cwd=project,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if isinstance(engine, Pagefind):
        subprocess.run(
            [options.pagefind, "--site", "output", "--root-selector", "main"],
            cwd=project,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return project / "output"


def address(path: str) -> str:
    """The address of a page of the corpus."""
    stem = path.removesuffix(".md")
    return stem.removesuffix("index") if stem.rpartition("/")[2] == "index" else f"{stem}/"


def quality(engine: Engine, page: Page, options: argparse.Namespace) -> dict[str, Any]:
    """Ask all queries; return how many were found on each site, and which were not."""
    score: dict[str, Any] = {}
    for name, queries in tomllib.loads((SITES / "queries.toml").read_text(encoding="utf-8")).items():
        content = Path(options.documents) / DOCUMENTS[name] if name in DOCUMENTS else SITES / name / "content"
        with tempfile.TemporaryDirectory() as work:
            folder = build(engine, content, name if name in LANGUAGES else "en", Path(work), options)
            with served(folder) as root:
                engine.open(page, root)
                # one that finds nothing may not have been ready: it is asked again
                found = {query: (engine.ask(page, query) or engine.ask(page, query))[:3] for query in queries}
        missed = [
            query for query, pages in queries.items() if not {address(path) for path in pages} & set(found[query])
        ]
        score[name] = {"queries": len(queries), "found": len(queries) - len(missed), "missed": missed}
    return score


def cost(engine: Engine, page: Page, options: argparse.Namespace) -> dict[str, Any]:
    """Return bytes and times of a first query and of later ones, over the corpus."""
    titles = []
    for path in sorted(Path(options.corpus).rglob("*.md")):
        lines = path.read_text(encoding="utf-8").splitlines()
        titles.append(next((line for line in lines if line.startswith("# ")), "# page")[2:])
    step = max(1, len(titles) // 8)
    queries = [" ".join(title.split()[:2]) for title in titles[step // 2 :: step]][:8]
    firsts, nexts, sizes = [], [], []
    with tempfile.TemporaryDirectory() as work:
        folder = build(engine, Path(options.corpus), "en", Path(work), options)
        files = [
            path
            for path in folder.rglob("*")
            if path.is_file() and any(mark in f"/{path.relative_to(folder).as_posix()}" for mark in engine.marks)
        ]
        whole = sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)
        for first in queries:
            with served(folder) as root:
                page.context.clear_cookies()
                page.goto("about:blank")
                started = time.perf_counter()
                engine.open(page, root)
                asked = time.perf_counter()
                engine.ask(page, first)
                now = time.perf_counter()
                firsts.append((1000 * (now - asked), 1000 * (now - started)))
                sizes.append(
                    sum(size for path, size in Handler.sent.items() if any(mark in path for mark in engine.marks))
                )
                for query in queries:
                    if query != first:
                        began = time.perf_counter()
                        engine.ask(page, query)
                        nexts.append(1000 * (time.perf_counter() - began))
    return {
        "first_query_kb": round(statistics.median(sizes) / 1000, 1),
        "first_query_kb_most": round(max(sizes) / 1000, 1),
        "first_query_ms": round(statistics.median(one for one, _ in firsts)),
        "from_opening_the_page_ms": round(statistics.median(one for _, one in firsts)),
        "next_query_ms": round(statistics.median(nexts)),
        "index_files": len(files),
        "index_kb": round(whole / 1000),
    }


def table(results: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    engines = results["engines"]
    lines = [f"# Results of search\n\nMade by `python benchmarks/search.py`, {results['when']}.\n"]
    sites = list(next(iter(engines.values()))["quality"])
    lines += [
        "## Found among the first three\n",
        "| | " + " | ".join(sites) + " | all |",
        "| :-- |" + " --: |" * (len(sites) + 1),
    ]
    for name, one in engines.items():
        cells = [f"{one['quality'][site]['found']} of {one['quality'][site]['queries']}" for site in sites]
        share = sum(site["found"] for site in one["quality"].values()) / sum(
            site["queries"] for site in one["quality"].values()
        )
        lines.append(f"| {name} | {' | '.join(cells)} | {share:.0%} |")
    if any("cost" in one for one in engines.values()):
        head = [
            "first query KB",
            "most",
            "first query ms",
            "from opening the page ms",
            "next query ms",
            "files",
            "all of the index KB",
        ]
        lines += [
            f"\n## What it takes, {results['pages']} pages\n",
            "| | " + " | ".join(head) + " |",
            "| :-- |" + " --: |" * len(head),
        ]
        lines += [
            f"| {name} | " + " | ".join(str(value) for value in one["cost"].values()) + " |"
            for name, one in engines.items()
            if "cost" in one
        ]
    lines.append(
        "\nA query is answered when the pages are there that the interface shows at first: five, ten and five. KB are\n"
        "compressed as hosts do; times are of this machine, from memory: compare them with one another.\n"
    )
    lines += [f"- {name}: {value}" for name, value in results["machine"].items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", required=True, help="the folder that has the documents of fastapi and uv")
    parser.add_argument("--corpus", help="a folder of Markdown files that bytes and times are measured on")
    parser.add_argument("--installed", default="", help="the folder of environments of compare.py")
    parser.add_argument("--pagefind", default="", help="the program of Pagefind")
    parser.add_argument("--keep", nargs="*", default=[], help="engines whose results of the last run are kept")
    parser.add_argument("--results", default=str(HERE), help="where to write the results")
    options = parser.parse_args()
    engines: list[Engine] = [
        Ours(),
        *([Lunr()] if options.installed else []),
        *([Pagefind()] if options.pagefind else []),
    ]
    for name in ("documents", "corpus", "installed", "pagefind"):
        if getattr(options, name):
            setattr(options, name, str(Path(getattr(options, name)).resolve()))
    results: dict[str, Any] = {"when": time.strftime("%Y-%m-%d"), "machine": machine(), "engines": {}}
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        results["machine"]["Chromium"] = browser.version
        for engine in engines:
            print(engine.name, flush=True)
            results["machine"][engine.name] = engine.version(options)
            results["engines"][engine.name] = one = {"quality": quality(engine, _page(browser), options)}
            if options.corpus:
                results["pages"] = sum(1 for _ in Path(options.corpus).rglob("*.md"))
                one["cost"] = cost(engine, _page(browser), options)
        browser.close()
    folder = Path(options.results)
    for name in options.keep:
        before = json.loads((folder / "search.json").read_text(encoding="utf-8"))
        results["engines"][name] = kept = before["engines"][name]
        kept.setdefault("kept_from", before["when"])
        results["machine"][name] = f"not run again: of {kept['kept_from']}, by an earlier version of this benchmark"
    (folder / "search.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "SEARCH.md").write_text(table(results), encoding="utf-8")
    print(table(results))


def _page(browser: Any) -> Page:
    page: Page = browser.new_context().new_page()
    page.set_default_timeout(LIMIT_MS)
    return page


if __name__ == "__main__":
    main()
