"""Text that was wrapped: a line ends where the next word did not fit, as in mail and as text browsers print a page.

On such a page no line is longer than some width, and many are so long that the first word of the next line would have
gone beyond it. The cutter reads two such lines as one, because paragraphs and titles are what it knows.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
# Columns of text that is wrapped: 72 in mail, 78 and 80 by usual tools, 40 to 60 in columns.
LEAST_COLUMNS, MOST_COLUMNS = 40, 120
# Share of the characters that may stand in longer lines, which hold what could not be broken: addresses, wide letters.
LONGER_SHARE: Final = 0.05
# Share of the characters in lines that the next word did not fit on, and how many such lines there are. Of the 1,412
# labelled pages as they are one has more than 4 %, and that was wrapped; of 180 drawn lists of headlines none has more
# than four lines. Wrapped to 78 columns nine in ten have more than 24 %.
WRAPPED_SHARE: Final = 0.2
LEAST_WRAPS: Final = 6
# Share of the lines behind them that may begin with a capital: two fifths do in German, all where headlines happen to
# be of one length.
CAPITALS_SHARE: Final = 0.7
# No word that a line is broken before is longer; text of scripts without spaces would be one word.
WORD_CHARS: Final = 24
# The longest line is as long as the width, or shorter by what happens to be free in it.
FREE_COLUMNS: Final = 5
_BYTES_A_CHARACTER: Final = 4
_BEGINS_ITEM: Final = re.compile(r"[*•·▪‣#|>]|[-+] |\d{1,2}[.)] ")


def wraps(utf8: bytes, starts: Ints, text_bytes: Ints, page_rows: Ints) -> Ints:
    """The rows that the row behind them goes on with; row i has `text_bytes[i]` bytes from `starts[i]`, page p the rows
    `page_rows[p]:page_rows[p + 1]`.
    """
    page = np.repeat(np.arange(len(page_rows) - 1), np.diff(page_rows))
    page_bytes = np.bincount(page, text_bytes, len(page_rows) - 1)
    is_longer = text_bytes > _BYTES_A_CHARACTER * MOST_COLUMNS
    longer_bytes = np.bincount(page[is_longer], text_bytes[is_longer], len(page_rows) - 1)
    found = [np.zeros(0, np.int64)]
    for number in np.flatnonzero((longer_bytes <= LONGER_SHARE * page_bytes) & (np.diff(page_rows) > LEAST_WRAPS)):
        first, last = int(page_rows[number]), int(page_rows[number + 1])
        rows = zip(starts[first:last].tolist(), text_bytes[first:last].tolist(), strict=True)
        found.append(first + wraps_of([utf8[start : start + size].decode("utf-8") for start, size in rows]))
    return np.concatenate(found)


def wraps_of(lines: list[str], least: int = LEAST_WRAPS) -> Ints:
    """The lines of a page that the next one goes on with, if there are so many at least."""
    chars = np.array([len(line.rstrip()) for line in lines], np.int64)
    total = int(chars.sum())
    columns = _columns(chars, LONGER_SHARE * total)
    if not LEAST_COLUMNS <= columns <= MOST_COLUMNS:
        return chars[:0]
    word_chars = np.array([_first_word_chars(line) for line in lines[1:]], np.int64)
    best, most = chars[:0], 0
    for width in range(columns, columns + FREE_COLUMNS + 1):
        ends = chars[:-1] + 1 + word_chars
        is_full = (word_chars > 0) & (chars[:-1] <= width) & (ends > width)
        covered = int(chars[:-1][is_full].sum())
        if covered > most:
            best, most = np.flatnonzero(is_full), covered
    capitals = sum(lines[row + 1].lstrip()[0].isupper() for row in best.tolist())
    is_prose = len(best) >= least and capitals <= CAPITALS_SHARE * len(best)
    return best if is_prose and most >= WRAPPED_SHARE * total else best[:0]


def _columns(chars: Ints, longer_chars: float) -> int:
    """The least width beyond which no more than so many characters stand in lines."""
    ascending = np.sort(chars)
    beyond = np.cumsum(ascending[::-1])[::-1]
    at = int(np.searchsorted(-beyond, -longer_chars))
    return int(ascending[at - 1]) if at else 0


def _first_word_chars(line: str) -> int:
    """How long the word is that a line begins with; 0 where the line begins something of its own, or has none."""
    text = line.strip()
    word = len(text[: WORD_CHARS + 1].split(" ", 1)[0])
    return 0 if word > WORD_CHARS or _BEGINS_ITEM.match(text) else word
