#!/usr/bin/env python3
"""What Lighthouse says of pages of the default theme: a start page, two pages of text, a page of a section.

    npm install lighthouse
    python benchmarks/lighthouse.py --lighthouse node_modules/.bin/lighthouse --runs 3

Each page is looked at as on a phone (slow network and processor, simulated) and as on a desktop. The best of several
runs counts, since whatever else a machine does can only make pages slower. Files are served compressed, from loopback.
"""

import argparse
import functools
import gzip
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CONTENT = HERE.parent / "content"
PAGES = {"home": "", "content": "guide/serving/", "long content": "guide/writing/", "section": "guide/"}
SITE = {
    "ssg.yml": """site_name: Kitchen
site_description: Pages that Lighthouse looks at.
site_url: https://example.com/
repo_url: https://github.com/example/kitchen
theme: {features: [navigation.instant, navigation.tabs, navigation.top]}
validation: {links: {not_found: ignore, anchors: ignore}}
""",
    "content/index.md": """---
template: home.html
hide: [navigation, toc]
hero:
  title: Kitchen
  text: All that cooks need.
  actions: [{text: Get started, link: guide/}, {text: See the guide, link: guide/}]
cards: [{icon: "⚡", title: Fast, text: Very., link: guide/}, {icon: "🌿", title: Calm, text: Quite., link: guide/}]
---

Text below.
""",
    "content/guide/index.md": "---\ntemplate: section.html\n---\n# Guide\n\nAll about cooking.\n",
    "content/guide/serving.md": "",
    "content/guide/writing.md": "",
}
AUDITS = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")


class Compressing(http.server.SimpleHTTPRequestHandler):
    """Sends files as hosts do."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer with a file."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        kind, data = self.guess_type(str(path)), path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Cache-Control", "max-age=600")
        if kind.startswith("text/") or "svg" in kind or "javascript" in kind:
            self.send_header("Content-Encoding", "gzip")
            data = gzip.compress(data)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder; give its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Compressing, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def look(program: str, address: str, device: str, profile: Path) -> dict[str, Any]:
    """Run Lighthouse once; return scores by category, and times in ms."""
    flags = f"--headless=new --no-sandbox --disable-gpu --disable-background-networking --user-data-dir={profile}"
    command = [program, address, "--quiet", "--output=json", f"--chrome-flags={flags}"]
    command += ["--preset=desktop"] if device == "desktop" else []
    chrome = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
    told = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=180, env={**os.environ, "CHROME_PATH": chrome}
    )
    report = json.loads(told.stdout)
    failed = [
        name
        for name, one in report["audits"].items()
        if one["score"] is not None and one["score"] < 1 and one["scoreDisplayMode"] == "binary"
    ]
    return {
        "scores": {name: round(100 * one["score"]) for name, one in report["categories"].items()},
        "times": {name: round(report["audits"][name]["numericValue"], 3) for name in AUDITS},
        "failed": failed,
        "version": report["lighthouseVersion"],
    }


def best(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the best value of each kind of several runs; what failed in all of them."""
    return {
        "scores": {name: max(one["scores"][name] for one in runs) for name in runs[0]["scores"]},
        "times": {name: min(one["times"][name] for one in runs) for name in AUDITS},
        "failed": sorted(set.intersection(*(set(one["failed"]) for one in runs))),
        "version": runs[0]["version"],
    }


def report(found: dict[str, dict[str, Any]], runs: int) -> str:
    """Return the results as a page."""
    version = next(iter(found.values()))["version"]
    lines = [
        "# Results of Lighthouse",
        "",
        f"Made by `python benchmarks/lighthouse.py`, Lighthouse {version}. The best of {runs} runs, since the machine",
        "does other things too. Phones are simulated: a slow network, and a processor four times as slow.",
        "",
        "| | performance / accessibility / best practices / SEO | FCP ms | LCP ms | TBT ms | CLS |",
        "| :-- | :-- | --: | --: | --: | --: |",
    ]
    for name, one in found.items():
        first, largest, blocked, moved = (one["times"][audit] for audit in AUDITS)
        scores = " / ".join(map(str, one["scores"].values()))
        lines.append(f"| {name} | {scores} | {first:.0f} | {largest:.0f} | {blocked:.0f} | {moved:.3f} |")
        lines += [f"| | not passed: {', '.join(one['failed'])} | | | | |"] if one["failed"] else []
    return "\n".join([*lines, ""])


def main() -> None:
    """Look at all pages, and write `lighthouse.json` and `LIGHTHOUSE.md`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lighthouse", default="lighthouse", help="the program")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        root = Path(name)
        for path, text in SITE.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            own = CONTENT / Path(path).name
            (root / path).write_text(text or own.read_text(encoding="utf-8"), encoding="utf-8")
        shutil.copytree(CONTENT / "samples", root / "content/guide/samples")
        subprocess.run([sys.executable, "-m", "ssg", "build", "-q"], cwd=root, check=True, capture_output=True)
        found = {}
        with served(root / "output") as address:
            for page, path in PAGES.items():
                for device in ("mobile", "desktop"):
                    runs = [look(options.lighthouse, address + path, device, root / "p") for _ in range(options.runs)]
                    found[f"{page}, {device}"] = best(runs)
                    print(f"{page}, {device}", found[f"{page}, {device}"], flush=True)
    (HERE / "lighthouse.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    (HERE / "LIGHTHOUSE.md").write_text(report(found, options.runs), encoding="utf-8")


if __name__ == "__main__":
    main()
