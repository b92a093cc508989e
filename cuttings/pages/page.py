"""One page as the grammar sees it: its lines that are not blank, as columns, and what their classes stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cuttings.pages.markers import Lines

SHORT: Final = frozenset(b"TWSLYc")
TEXT: Final = frozenset(b"BS")
# Lines that the text of an article may be made of.
BODY_LIKE: Final = frozenset(b"BSTWL")
# Furniture that may stand inside the head of a cycle without being part of it.
TRANSPARENT: Final = frozenset(b"HKVEPA")
BODY, DATE, RELATED, ADVERT, BYLINE, WORDS, SENTENCE, COMMENTS = b"BDRAYWSC"


@dataclass(slots=True)
class Page:
    """The lines of one page. `prose` are the words of the lines that look like text, 0 for the others."""

    cls: bytearray
    gap: list[int]
    units: list[float]
    fold: list[int]
    text: list[str]
    score: list[float]
    words: list[int]
    prose: list[int]
    is_continuing: list[bool]
    is_terminal: list[bool]
    date_start: list[int]
    date_end: list[int]
    is_glued: list[bool]
    is_markup: list[bool]
    log_odds: NDArray[np.float64]  # the scores, and the words, for sums over the whole page
    word_counts: NDArray[np.int64]

    def continues(self, i: int) -> bool:
        """True where line i cannot begin a sentence: a broken link stands before it."""
        return i < len(self.cls) and self.is_continuing[i]

    def in_sentence(self, i: int) -> bool:
        """True where line i is part of a sentence that was broken at its links."""
        if self.is_continuing[i]:
            return True
        return not self.is_terminal[i] and (
            self.continues(i + 1) or (self.continues(i + 2) and not self.is_terminal[i + 1])
        )


def views(lines: Lines) -> Iterator[Page]:
    """The pages of a batch, one after the other. The columns become lists once, for all pages."""
    cls = lines.cls.tobytes()
    columns: list[Any] = [
        lines.gap.tolist(), lines.units.tolist(), lines.fold.tolist(), lines.text, lines.score.tolist(),
        lines.words.tolist(), np.where(lines.score > 0, lines.words, 0).tolist(), lines.continues.tolist(),
        lines.is_terminal.tolist(), lines.date_start.tolist(), lines.date_end.tolist(), lines.glued.tolist(),
        lines.markup.tolist(), lines.score.astype(np.float64), lines.words,
    ]  # fmt: skip
    bounds = lines.page_rows.tolist()
    for first, last in pairwise(bounds):
        yield Page(bytearray(cls[first:last]), *(column[first:last] for column in columns))
