"""One page as the grammar sees it: its lines that are not blank, as columns, and what their classes stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cuttings.pages.markers import Lines
from cuttings.pages.words import Words

SHORT: Final = frozenset(b"TWSLYct")
TEXT: Final = frozenset(b"BS")
# Lines that the text of an article may be made of.
BODY_LIKE: Final = frozenset(b"BSTWL")
# Furniture that may stand inside the head of a cycle without being part of it.
TRANSPARENT: Final = frozenset(b"HKVEPA")
BODY, SENTENCE, TITLE, WORDS, DATE, RELATED, ADVERT, BYLINE, COMMENTS, VIDEO, LIVE, DURATION, LEGAL, SHARE = (
    b"BSTWDRAYCVEtXH"
)
# A sentence that may be a title, too, ends with one of these.
QUESTION: Final = "?!？！؟"
# Where log-odds are summed over lines, those of one line count within these bounds.
ODDS_BOUND: Final = 4.0


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
    sure_words: list[float]  # words times log-odds within bounds
    is_continuing: bytes  # 1 where it is so, a byte a line, as in the others of this kind
    is_terminal: bytes
    date_start: list[int]
    date_end: list[int]
    is_age: bytes
    is_update: bytes  # a date line whose first date says when something was updated
    is_glued: bytes
    is_markup: bytes
    is_listed: bytes  # the line is part of a line of a list, see `listings`
    is_broken: bytes  # the line is part of a sentence that was broken at its links
    log_odds: NDArray[np.float64]  # the scores, and the words, for sums over the whole page
    word_counts: NDArray[np.int64]
    headings: frozenset[int] = frozenset()  # lines that are written as headings of the first level
    is_one_line: bool = False  # its lines are parts of one, see `one_line`
    seen: Words = field(default_factory=Words)  # the words of its texts, as far as they were compared

    def continues(self, i: int) -> bool:
        """True where line i cannot begin a sentence: a broken link stands before it."""
        return i < len(self.cls) and bool(self.is_continuing[i])

    def in_sentence(self, i: int) -> bool:
        """True where line i is part of a sentence that was broken at its links."""
        return bool(self.is_broken[i])

    def text_start(self, end: int) -> int:
        """The first line of the text that stands right above line `end`; `end` where none does."""
        while end > 0 and self.cls[end - 1] in TEXT:
            end -= 1
        return end

    def text_end(self, start: int) -> int:
        """The line behind the text that begins with line `start`; `start` where none does."""
        while start < len(self.cls) and self.cls[start] in TEXT:
            start += 1
        return start


def text_lines(classes: bytes | bytearray) -> int:
    """How many of some lines are of the classes TEXT."""
    return classes.count(BODY) + classes.count(SENTENCE)


def views(lines: Lines, headings: Mapping[int, frozenset[int]] = MappingProxyType({})) -> Iterator[Page]:
    """The pages of a batch, one after the other. The columns become lists once, for all pages. `headings` are the lines
    of a page that are written as headings.
    """
    cls = lines.cls.tobytes()
    score = lines.score.astype(np.float64)
    columns: list[Any] = [
        lines.gap.tolist(), lines.units.tolist(), lines.fold.tolist(), lines.text, lines.score.tolist(),
        lines.words.tolist(), np.where(lines.score > 0, lines.words, 0).tolist(),
        (np.clip(score, -ODDS_BOUND, ODDS_BOUND) * lines.words).tolist(), lines.continues.tobytes(),
        lines.is_terminal.tobytes(), lines.date_start.tolist(), lines.date_end.tolist(), lines.is_age.tobytes(),
        bytes(use == "updated" for use in lines.date_use), lines.glued.tobytes(),
        lines.markup.tobytes(), lines.listed.tobytes(), _broken(lines).tobytes(), score, lines.words,
    ]  # fmt: skip
    bounds = lines.page_rows.tolist()
    for number, (first, last) in enumerate(pairwise(bounds)):
        page = Page(bytearray(cls[first:last]), *(column[first:last] for column in columns))
        page.headings = headings.get(number, frozenset())
        page.is_one_line = bool(lines.runs_on[first:last].any())
        yield page


def _broken(lines: Lines) -> NDArray[np.bool_]:
    """True for the lines of a batch that are part of a sentence which was broken at its links: the line goes on with
    one, or one of the next two lines does and no end stands before it.
    """
    follows = [np.zeros(len(lines.page), np.bool_) for _ in range(2)]
    for step, follow in enumerate(follows, start=1):
        follow[:-step] = lines.continues[step:] & (lines.page[step:] == lines.page[:-step])
    is_open = ~lines.is_terminal
    is_next_open = np.append(is_open[1:], False)[: len(is_open)]
    return np.asarray(lines.continues | (is_open & (follows[0] | (follows[1] & is_next_open))))
