"""`markdown.extensions.footnotes` -> the same numbers and ids, in time linear in the number of references."""

from markdown.extensions.footnotes import FootnoteExtension


class QuickFootnotes(FootnoteExtension):
    """Counts on from the last reference to a footnote; the base class looks again for each among all there are."""

    def reset(self) -> None:
        """Forget the footnotes of a page."""
        super().reset()
        self.footnote_order: list[str] = _Order()
        self._last: dict[str, str] = {}

    def unique_ref(self, reference: str, found: bool = False) -> str:
        """Return an id for a reference to a footnote that no other one has."""
        if not found or reference not in self._last:
            unique = super().unique_ref(reference, found)
        else:  # all up to the one that was given last are taken
            counts = self.found_refs
            last = self._last[reference]
            before = counts.get(last)
            unique = super().unique_ref(last, found)
            if last != reference:  # it was counted under this name
                if before is None:
                    del counts[last]
                else:
                    counts[last] = before
                counts[reference] += 1
        if found:
            self._last[reference] = unique
        return unique


class _Order(list[str]):
    """Labels in the order of their first references, with the place of each at hand."""

    def __init__(self) -> None:
        super().__init__()
        self._places: dict[object, int] = {}

    def append(self, label: str) -> None:
        self._places[label] = len(self)
        super().append(label)

    def __contains__(self, label: object) -> bool:
        return label in self._places

    def index(self, label: str, *_: object) -> int:
        return self._places[label]
