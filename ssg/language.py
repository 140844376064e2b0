"""A theme and a language tag -> the words that the theme says in it, and how it writes dates.

The words of a language are one file of a theme: `languages/de.yml`. `de-AT` takes those of `languages/de-AT.yml`, what
it lacks from `de`, and the rest from `en`. A folder of the theme's chain that has the file goes before the next one, so
a project changes a word with a file of one line.
"""

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from msgspec import Struct

from ssg import yamlfile
from ssg.engine.memo import Stage
from ssg.engine.reader import Reader
from ssg.model import Diagnostic, Severity
from ssg.theme import Theme
from ssg.yamlfile import YamlError

FALLBACK = "en"
"""The language that has all words."""

RTL = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})
"""Languages that are written from right to left: https://www.w3.org/International/questions/qa-scripts."""

MATERIAL = {
    "action.edit": "edit",
    "action.skip": "skip",
    "action.view": "view",
    "announce.dismiss": "dismiss",
    "blog.authors": "authors",
    "blog.draft": "draft",
    "clipboard.copied": "copied",
    "clipboard.copy": "copy_code",
    "consent.accept": "consent_accept",
    "consent.manage": "consent_manage",
    "consent.reject": "consent_reject",
    "footer.next": "next",
    "footer.previous": "previous",
    "nav": "navigation",
    "search": "search",
    "search.placeholder": "search",
    "select.language": "language",
    "select.version": "version",
    "source": "repository",
    "source.file.contributors": "authors",
    "source.file.date.updated": "updated",
    "tabs": "sections",
    "toc": "toc",
    "top": "top",
}
"""The names that words have in templates made for Material: https://squidfunk.github.io/mkdocs-material/."""

ALIASES = {"iw": "he", "no": "nb", "zh-HK": "zh-Hant", "zh-MO": "zh-Hant", "zh-TW": "zh-Hant"}
"""Other tags of languages."""

_TAG = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


class Language(Struct, frozen=True, kw_only=True):
    """The words of one language by their names, and what is wrong with the files that they are from."""

    words: dict[str, str]
    months: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


def language(shared: Theme, tag: str, reader: Reader) -> Language:
    """Read the words of a language, in every folder of the theme."""
    words: dict[str, str] = {}
    months: tuple[str, ...] = ()
    problems: list[Diagnostic] = []
    for name in _chain(tag):
        found = False
        for folder in reversed(shared.folders):
            path = f"{folder}/languages/{name}.yml"
            try:
                text = reader.read_text(path)
            except OSError:
                continue
            except UnicodeDecodeError:
                problems.append(_problem(path, 0, "this file is not UTF-8", "save it as UTF-8"))
                continue
            found = True
            values = _values(text, path, problems)
            names = values.pop("months", None)
            if isinstance(names, list) and len(names) == 12:
                months = tuple(str(one) for one in names)
            words |= {key: str(value) for key, value in values.items() if value is not None}
        if not found and name == _chain(tag)[-1] and name.split("-")[0] != FALLBACK and not _known(shared, tag, reader):
            hint = f"put a file languages/{name}.yml into the folder of `theme.custom_dir`"
            problems.append(_problem("", 0, f"the theme has no words in the language '{tag}': they are English", hint))
    return Language(words=words, months=months, problems=tuple(problems))


LANGUAGE = Stage("language", language, Theme, str, Language)


def _chain(tag: str) -> list[str]:
    """The files of a language, the most general first: `en`, `de`, `de-AT`."""
    parts = tag.replace("_", "-").split("-") if _TAG.fullmatch(tag) else [FALLBACK]
    names = ("-".join(parts[: count + 1]) for count in range(len(parts)))
    return list(dict.fromkeys([FALLBACK, *(one for name in names for one in (ALIASES.get(name), name) if one)]))


def _known(theme: Theme, tag: str, reader: Reader) -> bool:
    return any(reader.exists(f"{folder}/languages/{name}.yml") for folder in theme.folders for name in _chain(tag)[1:])


def _values(text: str, path: str, problems: list[Diagnostic]) -> dict[str, Any]:
    try:
        values = yamlfile.plain(yamlfile.parse(text, path=path), as_written=True)
    except YamlError as error:
        problems.append(_problem(path, error.line, error.message, error.hint))
        return {}
    if not isinstance(values, dict):
        problems.append(_problem(path, 1, "this file should be lines of `name: text`", ""))
        return {}
    return values


def _problem(path: str, line: int, message: str, hint: str) -> Diagnostic:
    return Diagnostic(
        severity=Severity.WARNING, code="theme-language", message=message, path=path, line=line, hint=hint
    )


class Lang(str):
    """The tag of the language, as templates see it; its words go by `t`, as in templates made for Material."""

    words: Mapping[str, str]
    named: SimpleNamespace
    """The words as attributes, which templates get at faster than at the items of a mapping."""

    @classmethod
    def of(cls, tag: str, words: Mapping[str, str]) -> "Lang":
        """Return a tag that knows its words."""
        found = cls(tag)
        found.words = words
        found.named = SimpleNamespace(**words)
        return found

    def t(self, key: str) -> str:
        """Return a word by its name here or in Material; a name that nobody knows is empty."""
        if key == "language":
            return str(self)
        if key == "direction":
            return "rtl" if self.split("-")[0] in RTL else "ltr"
        return self.words.get(MATERIAL.get(key, key), "")


def written_date(value: Any, words: Mapping[str, str], months: tuple[str, ...]) -> str:
    """Return a date of ISO 8601 as the language writes it; anything else as it is."""
    text = str(value)
    found = _DATE.match(text)
    if not found or not 1 <= int(found[2]) <= 12 or len(months) != 12 or "date" not in words:
        return text
    month, day = int(found[2]), int(found[3])
    parts = {"year": found[1], "month": months[month - 1], "day": str(day), "month_number": str(month)}
    return re.sub(r"\{(\w+)\}", lambda one: parts.get(one[1], one[0]), words["date"])
