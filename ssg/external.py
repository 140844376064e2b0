"""Addresses on other hosts -> whether they can be reached. What was found in order is remembered for some days.

By urllib of the standard library: a look at an address takes one request, which needs nothing that a larger library
has, and no other command has to wait for one to be imported. Hosts are asked side by side, and each host one address
at a time.
"""

import contextlib
import fnmatch
import html
import json
import re
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from threading import Lock
from typing import Any, Literal
from urllib.parse import quote, urldefrag, urlsplit

from msgspec import Struct

from ssg.config.settings import ExternalLinks
from ssg.markdown.locator import Locator
from ssg.model import Diagnostic, Link, LinkKind, Severity

HOSTS_AT_ONCE = 16
LONGEST_WAIT_S = 30.0
"""A host that asks for more patience than this is not waited for."""
_DAY_S = 24 * 3600
_OUTWARD = re.compile(
    r"""<(?:a|img|iframe|video|audio|source|script|link)\b[^>]*?\s(?:href|src)=["']((?:https?:)?//[^"']*)"""
)
_UNSURE = frozenset({401, 402, 403, 407, 429, 451})
"""Answers that say nothing about whether people can see the page."""


class Answer(Struct, frozen=True):
    """What was found out about an address: why it is not in order, or where it has moved to for good."""

    state: Literal["good", "moved", "unsure", "broken"]
    said: str = ""


def links_of(html_of_page: str, path: str, root: Path) -> Iterator[Link]:
    """Yield the links of a page to other hosts, with their places in its file; `path` is relative to the project."""
    targets = dict.fromkeys(html.unescape(found[1]) for found in _OUTWARD.finditer(html_of_page))
    if not targets:
        return
    locator = Locator(path, (root / path).read_text("utf-8-sig", "replace"))
    for target in targets:
        place = locator.reference(target)
        path, line, column, source = place or (path, 0, 0, "")
        yield Link(target, LinkKind.LINK, path, line, column, source)


def check_links(
    links: Sequence[Link], settings: ExternalLinks, memory: Path, agent: str, tell: Callable[[int, int], None]
) -> tuple[Diagnostic, ...]:
    """Look at every address that links lead to.

    Args:
        links: The links of all pages; those within the site do not count.
        settings: Of the configuration.
        memory: The file in which good answers are remembered.
        agent: What to call ourselves.
        tell: Called with how many addresses are done, and how many there are.

    Returns:
        A warning for each link that leads nowhere, and notes on those that have moved or could not be looked at.
    """
    wanted: dict[str, list[Link]] = {}
    for link in links:
        url = urldefrag(link.target if "://" in link.target else f"https:{link.target}").url
        if link.target.startswith(("http://", "https://", "//")) and not _ignored(link.target, settings.ignore):
            wanted.setdefault(url, []).append(link)
    now = time.time()
    known = {url: found for url, found in _recall(memory).items() if now - found[1] < settings.max_age * _DAY_S}
    fresh = _ask([url for url in wanted if url not in known], settings, agent, tell)
    known |= {url: (answer, now) for url, answer in fresh.items() if answer.state in ("good", "moved")}
    _remember(memory, known)
    answers = {**{url: answer for url, (answer, _) in known.items()}, **fresh}
    return tuple(one for url, those in wanted.items() for link in those if (one := _told(link, answers[url])))


def _ignored(url: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(url, pattern) or url.startswith(pattern) for pattern in patterns)


def _told(link: Link, answer: Answer) -> Diagnostic | None:
    place: dict[str, Any] = {"path": link.path, "line": link.line, "column": link.column, "source": link.source}
    if answer.state == "broken":
        message = f"'{link.target}' cannot be reached: {answer.said}"
        return Diagnostic(severity=Severity.WARNING, code="external-broken", message=message, **place)
    if answer.state == "unsure":
        message = f"'{link.target}' could not be looked at: {answer.said}"
        return Diagnostic(severity=Severity.NOTE, code="external-unsure", message=message, **place)
    if answer.state == "moved":
        message, hint = f"'{link.target}' has moved", f"link to {answer.said}"
        return Diagnostic(severity=Severity.NOTE, code="external-moved", message=message, hint=hint, **place)
    return None


def _ask(
    urls: Sequence[str], settings: ExternalLinks, agent: str, tell: Callable[[int, int], None]
) -> dict[str, Answer]:
    """Ask all hosts."""
    by_host: dict[str, list[str]] = {}
    for url in urls:
        by_host.setdefault(url.split("/")[2].lower(), []).append(url)
    answers: dict[str, Answer] = {}
    trusted = ssl.create_default_context()  # reading the certificates takes a while
    lock = Lock()

    def host(mine: list[str]) -> None:
        opener = _opener(agent, trusted)
        for number, url in enumerate(mine):
            if number:
                time.sleep(settings.delay)
            answer = _patiently(opener, url, settings)
            with lock:
                answers[url] = answer
                tell(len(answers), len(urls))

    with ThreadPoolExecutor(min(HOSTS_AT_ONCE, len(by_host)) or 1, "external") as pool:
        for _ in pool.map(host, by_host.values()):
            pass
    return answers


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects as urllib does, and keeps whether all of them were for good."""

    for_good = True

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        """Keep the method: a look stays a look."""
        self.for_good = self.for_good and code in (301, 308)
        made = super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]
        if made is not None:
            made.method = req.get_method()
        return made


def _opener(agent: str, trusted: ssl.SSLContext) -> tuple[urllib.request.OpenerDirector, _Redirects]:
    """Return what opens addresses of the web, and nothing else: no files, no FTP."""
    redirects = _Redirects()
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=trusted),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        redirects,
    ):
        opener.add_handler(handler)
    opener.addheaders = [("User-Agent", agent), ("Accept", "*/*")]
    return opener, redirects


def _patiently(opener: tuple[urllib.request.OpenerDirector, _Redirects], url: str, settings: ExternalLinks) -> Answer:
    """Look at an address, and again if that may help."""
    method, left, pause = "HEAD", settings.retries, 0.5
    while True:
        answer, status, wait = _once(opener, url, method, settings.timeout)
        if answer.state in ("good", "moved"):
            return answer
        if method == "HEAD" and status != 429:
            method = "GET"  # many servers know no other
            continue
        if left == 0 or (status and status != 429 and status < 500) or wait > LONGEST_WAIT_S:
            return answer
        left -= 1
        time.sleep(wait or pause)
        pause *= 2


def _once(
    opener: tuple[urllib.request.OpenerDirector, _Redirects], url: str, method: str, timeout: float
) -> tuple[Answer, int, float]:
    """Return the answer, its status or 0, and how many seconds to wait before asking again."""
    director, redirects = opener
    redirects.for_good = True
    try:
        parts = urlsplit(url)
        host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
        asked = parts._replace(netloc=host, path=quote(parts.path, safe="/%:@!$&'()*+,;=~"),
                               query=quote(parts.query, safe="/%:@!$&'()*+,;=~?")).geturl()  # fmt: skip
        request = urllib.request.Request(asked, method=method)  # noqa: S310 - only http and https are opened
        with contextlib.closing(director.open(request, timeout=timeout)) as response:
            there = urldefrag(response.url).url
            moved = there != asked and redirects.for_good
            return Answer("moved", there) if moved else Answer("good"), response.status, 0
    except urllib.error.HTTPError as error:
        error.close()
        state: Literal["unsure", "broken"] = "unsure" if error.code in _UNSURE else "broken"
        reason = str(error.reason).partition("\n")[0]
        return Answer(state, f"{error.code} {reason}".strip()), error.code, _seconds(error.headers.get("Retry-After"))
    except TimeoutError:
        return Answer("broken", f"no answer in {timeout:g} s"), 0, 0
    except (OSError, HTTPException, ValueError) as error:
        why: Any = getattr(error, "reason", None) or error
        if isinstance(why, TimeoutError):
            return Answer("broken", f"no answer in {timeout:g} s"), 0, 0
        said = getattr(why, "strerror", None) or str(why) or type(why).__name__
        return Answer("broken", said), 0 if isinstance(error, OSError | HTTPException) else 400, 0


def _seconds(after: str | None) -> float:
    """Return how long `Retry-After` says to wait: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after."""
    if not after:
        return 0
    if after.isdigit():
        return float(after)
    try:
        return max(0.0, parsedate_to_datetime(after).timestamp() - time.time())
    except ValueError:
        return 0


def _recall(memory: Path) -> dict[str, tuple[Answer, float]]:
    """Return what was remembered; a file that is damaged is none."""
    try:
        found = json.loads(memory.read_text(encoding="utf-8"))
        return {url: (Answer(state, said), float(when)) for url, (state, said, when) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _remember(memory: Path, known: Mapping[str, tuple[Answer, float]]) -> None:
    lines = {url: [answer.state, answer.said, when] for url, (answer, when) in sorted(known.items())}
    with contextlib.suppress(OSError):  # next time all is looked at again
        new = memory.with_name(f"{memory.name}.new")
        new.write_text(json.dumps(lines, indent=0), encoding="utf-8")
        new.replace(memory)
