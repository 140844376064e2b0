"""Dice: random choices that are the same on every version of Python."""

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
_SLOT = re.compile(r"%([a-zA-Z_]+?)(\d*)%")


class Dice:
    """Choices made from `Random.random()` alone: its sequence is promised not to change, that of `choice` is not."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def between(self, low: int, high: int) -> int:
        """Both ends are possible."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        return choices[int(self._random.random() * len(choices))]

    def weigh(self, weights: Mapping[T, int]) -> T:
        """A key, as often as its weight says."""
        place = self.between(1, sum(weights.values()))
        for key, weight in weights.items():
            place -= weight
            if place <= 0:
                return key
        raise ValueError("no weights")

    def along(self, quantiles: Sequence[int]) -> int:
        """A number whose distribution has these, evenly spaced, quantiles."""
        place = self._random.random() * (len(quantiles) - 1)
        low = int(place)
        return quantiles[low] + int((place - low) * (quantiles[low + 1] - quantiles[low]))

    def fill(self, template: str, slots: Mapping[str, Callable[["Dice"], str]]) -> str:
        """The template with each `%slot%` replaced: `%noun%` by the same text throughout, `%noun2%` by another."""
        chosen: dict[str, str] = {}

        def value(match: re.Match[str]) -> str:
            if match[0] not in chosen:
                chosen[match[0]] = slots[match[1]](self)
            return chosen[match[0]]

        return _SLOT.sub(value, template)
