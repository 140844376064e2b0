"""Prose: names, titles and sentences such as the documentation of software is made of."""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from dice import Dice

Slot = Callable[[Dice], str]

_VOCABULARY = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))
_NOUNS, _VERBS, _ADJECTIVES, _ADVERBS = (
    _VOCABULARY[kind].split() for kind in ("nouns", "verbs", "adjectives", "adverbs")
)


def _suffix(word: str, suffix: str) -> str:
    """The word with `s`, `ed` or `ing`."""
    if suffix != "ing" and word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + {"s": "ies", "ed": "ied"}[suffix]
    if suffix == "s":
        return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")
    return word.removesuffix("e") + suffix


def _words(dice: Dice) -> list[str]:
    """The words of a name in code: two, or three."""
    words = [dice.pick(_NOUNS), dice.pick(_NOUNS)]
    return [dice.pick(_VERBS), *words] if dice.chance(0.3) else words


def _pascal(dice: Dice) -> str:
    return "".join(word.capitalize() for word in _words(dice))


def _camel(dice: Dice) -> str:
    first, *rest = _words(dice)
    return first + "".join(word.capitalize() for word in rest)


def _template(kind: str) -> Slot:
    """A slot that is filled with one of the vocabulary's templates."""
    return lambda dice: dice.fill(dice.pick(_VOCABULARY[kind]), SLOTS)


def _capital(slot: Slot) -> Slot:
    def capital(dice: Dice) -> str:
        text = slot(dice)
        return text[:1].upper() + text[1:]

    return capital


_LOWER: Mapping[str, Slot] = {
    "noun": lambda dice: dice.pick(_NOUNS),
    "nouns": lambda dice: _suffix(dice.pick(_NOUNS), "s"),
    "verb": lambda dice: dice.pick(_VERBS),
    "verbs": lambda dice: _suffix(dice.pick(_VERBS), "s"),
    "verbed": lambda dice: _suffix(dice.pick(_VERBS), "ed"),
    "verbing": lambda dice: _suffix(dice.pick(_VERBS), "ing"),
    "adj": lambda dice: dice.pick(_ADJECTIVES),
    "adv": lambda dice: dice.pick(_ADVERBS),
    "snake": lambda dice: "_".join(_words(dice)),
    "kebab": lambda dice: "-".join(_words(dice)),
    "pascal": _pascal,
    "camel": _camel,
    "upper": lambda dice: "_".join(_words(dice)).upper(),
    "int": lambda dice: str(dice.between(1, 9) * dice.pick((1, 2, 5, 10, 16, 50, 100, 250))),
    "port": lambda dice: str(dice.between(1024, 9999)),
    "version": lambda dice: f"{dice.between(0, 9)}.{dice.between(0, 30)}.{dice.between(0, 12)}",
    "hex": lambda dice: f"{dice.between(0, 0xFFFFFF):06x}",
    "bool": lambda dice: dice.pick(("true", "false")),
    **{kind: _template(kind) for kind in ("phrase", "phrases", "code", "external")},
}
SLOTS: Mapping[str, Slot] = {**_LOWER, **{name.capitalize(): _capital(slot) for name, slot in _LOWER.items()}}
"""What the slots of templates are filled with; a name with a capital gives a text with one."""


def _article(text: str) -> str:
    return re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", text)


def folder(dice: Dice) -> str:
    """The title of a folder."""
    return SLOTS["Phrases"](dice)


def title(dice: Dice) -> str:
    """The title of a page."""
    return _article(dice.fill(dice.pick(_VOCABULARY["title"]), SLOTS))


def heading(dice: Dice) -> str:
    """The heading of a section."""
    return _article(dice.fill(dice.pick(_VOCABULARY["title"] + _VOCABULARY["heading"]), SLOTS))


def slug(text: str) -> str:
    """An anchor or a file name; every generator makes the same one of a heading of plain words."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


class Writer:
    """Writes the prose of a page. `link` gives a Markdown link to another page, or to a place in this one."""

    def __init__(self, dice: Dice, link: Slot) -> None:
        self._dice = dice
        self._slots = {**SLOTS, "link": link}

    def code(self) -> str:
        return SLOTS["code"](self._dice)

    def phrase(self) -> str:
        return SLOTS["phrase"](self._dice)

    def sentence(self) -> str:
        return _article(self._dice.fill(self._dice.pick(_VOCABULARY["sentence"]), self._slots))

    def paragraph(self, low: int = 1, high: int = 4) -> str:
        return " ".join(self.sentence() for _ in range(self._dice.between(low, high)))
