"""Lines that a flattener made of several texts, parted where the texts touch.

What stands on a line of its own is what the rest of the cutter can tell apart, so this comes before everything else:
`Economy 2 hours agoThe headline` becomes three lines, of which only the last has the line's end. No byte is lost, and
none is added: a part begins where the one before it ends.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cuttings import dates
from cuttings.pages.lines import LexedBatch

Ints = NDArray[np.int64]
# Bytes by what may touch: small letters and all that is not ASCII, capitals, digits, marks that close.
_SMALL, _CAPITAL, _DIGIT, _CLOSING, _BAR = 1, 2, 4, 8, 16


def part_lines(lexed: LexedBatch) -> LexedBatch:
    """The batch with its glued lines parted."""
    rows = _may_be_glued(lexed)
    texts = lexed.lines["text"].gather(rows)
    found = dates.edge_spans(texts)
    places: dict[int, set[int]] = {}
    lines = texts.to_list()
    for row, start, end in found.select("row", "part_start", "part_end").iter_rows():
        places.setdefault(row, set()).update((start, end))
    at = [(int(rows[row]), char) for row in sorted(places) for char in sorted(_inside(lines[row], places[row]))]
    return lexed.parted(np.array([row for row, _ in at], np.int64), np.array([char for _, char in at], np.int64))


def _inside(line: str, places: set[int]) -> set[int]:
    """The places that have text on both sides."""
    return {char for char in places if line[:char].strip() and line[char:].strip()}


def _kinds() -> NDArray[np.uint8]:
    kinds = np.zeros(256, np.uint8)
    kinds[ord("a") : ord("z") + 1] = _SMALL
    kinds[0x80:] = _SMALL
    kinds[ord("A") : ord("Z") + 1] = _CAPITAL
    kinds[ord("0") : ord("9") + 1] = _DIGIT
    kinds[[ord(c) for c in '.!?")']] = _CLOSING
    kinds[ord("|")] = _BAR
    return kinds


_KIND: Final = _kinds()
_MAY_TOUCH: Final = np.array(
    [
        (b == _CAPITAL and a in (_SMALL, _DIGIT, _CLOSING, _CAPITAL))
        or (b == _DIGIT and a in (_SMALL, _CAPITAL, _CLOSING))
        or (b == _SMALL and a == _DIGIT)
        or b == _BAR
        for a in range(32)
        for b in range(32)
    ]
)


def _may_be_glued(lexed: LexedBatch) -> Ints:
    """The lines that hold a digit and a place where two texts may touch, told from their bytes."""
    kind = _KIND[lexed.buffer]
    touches = np.flatnonzero(_MAY_TOUCH[kind[:-1].astype(np.int64) * 32 + kind[1:]])
    digits = np.flatnonzero(kind == _DIGIT)
    return np.intersect1d(*(np.unique(np.searchsorted(lexed.line_starts, at, side="right") - 1) for at in (touches, digits)))
