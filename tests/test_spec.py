"""The examples of CommonMark and of GitHub's Markdown come out as their specifications say.

Those that do not are listed in `spec/different.toml`, each with its reason. To count them:
`pytest tests/test_spec.py -s`.
"""

import html
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from normalized import normalized

from ssg.engine.reader import Reader
from ssg.markdown import Converter, MarkdownSettings
from ssg.markdown.marks import MARKS
from ssg.markdown.references import normalize_url
from ssg.markdown.settings import STANDARD
from ssg.model import LinkKind

HERE = Path(__file__).parent
DIFFERENT = HERE / "spec" / "different.toml"
READER = Reader(HERE, {})

# what is ours in any case: ids of headings and links to them, marks for sizes of images, and code that is coloured
_PERMALINK = re.compile(r'<a class="headerlink".*?</a>')
_SIZE = re.compile(r' data-size="[^"]*"')
_HEADING_ID = re.compile(r'(<h[1-6])(?: id="[^"]*")')
_CODE = re.compile(
    r'<div class="language-(?P<language>\S+) highlight"><pre><span></span><code>(?P<text>.*?)</code></pre></div>',
    re.DOTALL,
)
_SPAN = re.compile(r"</?span\b[^>]*>")


@pytest.fixture(scope="module")
def converter() -> Converter:
    return Converter(MarkdownSettings(extensions=STANDARD, github_inline=True))


def convert(converter: Converter, text: str) -> str:
    """The HTML of a page in a form that can be compared."""
    done = converter.convert(text, 1, "page.md", READER, text)
    urls = [one.target if one.kind is LinkKind.RAW else normalize_url(one.target) for one in done.links]
    found = MARKS.sub(lambda mark: html.escape(urls[int(mark[1])]), done.html)
    found = _HEADING_ID.sub(r"\1", _PERMALINK.sub("", _SIZE.sub("", found)))
    return normalized(_CODE.sub(without_colours, found))


def without_colours(code: re.Match[str]) -> str:
    named = code["language"] != "text"
    attribute = f' class="language-{code["language"]}"' if named else ""
    return f"<pre><code{attribute}>{_SPAN.sub('', code['text'])}</code></pre>"


def examples(shared: Path, suite: str) -> dict[int, dict[str, Any]]:
    path = shared / "spec" / f"{suite}.json"
    if not path.exists():
        pytest.skip("the examples of the specification are not here")
    return {one["example"]: one for one in json.loads(path.read_text(encoding="utf-8"))}


def listed(suite: str) -> dict[int, str]:
    """Reasons by the numbers of the examples that differ."""
    groups = tomllib.loads(DIFFERENT.read_text(encoding="utf-8"))[suite]
    return {number: group["reason"] for group in groups for number in group["examples"]}


@pytest.mark.parametrize("suite", ["commonmark", "gfm"])
def test_all_examples_but_those_listed(converter: Converter, shared: Path, suite: str) -> None:
    wanted = examples(shared, suite)
    different = {
        number for number, one in wanted.items() if convert(converter, one["markdown"]) != normalized(one["html"])
    }
    known = listed(suite)
    print(f"{suite}: {len(wanted) - len(different)} of {len(wanted)}")
    assert sorted(different - set(known)) == [], "these differ and are not listed"
    assert sorted(set(known) - different) == [], "these are listed and do not differ any more"
