"""Snippets: code in the languages that documentation is full of."""

import re
from pathlib import Path

from dice import Dice
from prose import SLOTS

_FENCE = re.compile(r"^```(\w+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
_PIECES: dict[str, list[str]] = {}
for _language, _piece in _FENCE.findall(Path(__file__).with_name("snippets.md").read_text(encoding="utf-8")):
    _PIECES.setdefault(_language, []).append(_piece)

# fmt: off
_WEIGHTS = {
    "python": 30, "yaml": 21, "console": 9, "toml": 9, "text": 8, "bash": 6, "json": 5, "javascript": 3,
    "typescript": 3, "html": 3, "css": 2, "dockerfile": 2, "rust": 2, "go": 2, "sql": 2, "diff": 1, "ini": 1,
}
# fmt: on
_LENGTHS = {1: 52, 2: 20, 3: 12, 4: 8, 6: 5, 9: 3}
"""How many pieces a snippet is made of."""


def snippet(dice: Dice) -> tuple[str, str]:
    """A language, and code in it."""
    language = dice.weigh(_WEIGHTS)
    pieces = [dice.fill(dice.pick(_PIECES[language]), SLOTS) for _ in range(dice.weigh(_LENGTHS))]
    return language, "\n\n".join(pieces)


def command(dice: Dice) -> str:
    """A line for a shell."""
    return dice.fill("%noun% %verb% --%kebab%=%int%", SLOTS)
