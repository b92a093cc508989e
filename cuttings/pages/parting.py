"""Lines that a flattener made of several texts, parted where the texts touch.

What stands on a line of its own is what the rest of the cutter can tell apart, so this comes before everything else:
`Economy 2 hours agoThe headline` becomes two lines, of which only the last has the line's end. No byte is lost, and
none is added: a part begins where the one before it ends.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cuttings import dates
from cuttings.pages.feeds import HEAD_LINES, is_feed, tag_bounds
from cuttings.pages.lines import LexedBatch

Ints = NDArray[np.int64]
# No page is parted into more lines than are cut of a long one; see `long`.
MOST_LINES: Final = 12_000
# A digit stands so near, in bytes, to a place where a date touches other words.
NEAR_BYTES: Final = 40
# Bytes by what may touch: small letters and all that is not ASCII, capitals, digits, marks that close.
_SMALL, _OTHER, _CAPITAL, _DIGIT, _CLOSING, _BAR = 1, 2, 4, 8, 16, 32


def part_lines(lexed: LexedBatch) -> LexedBatch:
    """The batch with its glued lines parted, and with the tags of feeds on lines of their own."""
    places: dict[int, set[int]] = {}
    rows = _may_be_glued(lexed)
    parts = dates.edge_spans(lexed.lines["text"].gather(rows)).select("row", "part_start", "part_end")
    for row, start, end in parts.iter_rows():
        places.setdefault(int(rows[row]), set()).update((start, end))
    for page in lexed.pages:
        own = range(page.first_row, page.first_row + page.line_count)
        if is_feed(lexed.lines["text"][own.start : min(own.stop, own.start + HEAD_LINES)]):
            texts = lexed.lines["text"][own.start : own.stop].to_list()
            places |= {row: set(tag_bounds(text)) for row, text in zip(own, texts, strict=True)}
    lines = dict(zip(places, lexed.lines["text"].gather(list(places)), strict=True))
    at = [(row, char) for row in sorted(places) for char in sorted(_inside(lines[row], places[row]))]
    row, char = np.array([row for row, _ in at], np.int64), np.array([char for _, char in at], np.int64)
    page_of = np.searchsorted(lexed.page_rows, row, side="right") - 1
    nth = np.arange(len(row)) - np.searchsorted(page_of, page_of)
    is_kept = nth < MOST_LINES - np.diff(lexed.page_rows)[page_of]
    return lexed.parted(row[is_kept], char[is_kept])


def _inside(line: str, places: set[int]) -> set[int]:
    """The places that have text on both sides."""
    return {char for char in places if line[:char].strip() and line[char:].strip()}


def _kinds() -> NDArray[np.uint8]:
    kinds = np.zeros(256, np.uint8)
    kinds[ord("a") : ord("z") + 1] = _SMALL
    kinds[0x80:] = _OTHER
    kinds[ord("A") : ord("Z") + 1] = _CAPITAL
    kinds[ord("0") : ord("9") + 1] = _DIGIT
    kinds[[ord(c) for c in '.!?")']] = _CLOSING
    kinds[ord("|")] = _BAR
    return kinds


_KIND: Final = _kinds()
_MAY_TOUCH: Final = np.array(
    [
        (b == _CAPITAL and a in (_SMALL, _OTHER, _DIGIT, _CLOSING, _CAPITAL))
        or (b == _OTHER and a in (_DIGIT, _CLOSING))
        or (b == _DIGIT and a in (_SMALL, _OTHER, _CAPITAL, _CLOSING))
        or b == _BAR
        for a in range(64)
        for b in range(64)
    ]
)
# Pairs that may be a small letter and a capital, one of them not ASCII.
_MAY_CHANGE: Final = np.array([b == _OTHER and a in (_SMALL, _OTHER) for a in range(64) for b in range(64)])
_CASELESS_LEAD: Final = 0xD6


def _may_be_glued(lexed: LexedBatch) -> Ints:
    """The lines that hold a digit near a place where two texts may touch, told from their bytes."""
    octets = lexed.buffer
    kind = _KIND[octets]
    digits = np.flatnonzero(kind == _DIGIT)
    if not len(digits) or len(octets) < 3:
        return digits[:0]
    pair = kind[:-1].astype(np.uint16) << 6
    pair |= kind[1:]
    changes = np.flatnonzero(_MAY_CHANGE[pair])
    touches = np.union1d(np.flatnonzero(_MAY_TOUCH[pair]), changes[_begins_capital(octets, changes)])
    behind = digits[np.searchsorted(digits, touches).clip(max=len(digits) - 1)]
    before = digits[(np.searchsorted(digits, touches, side="right") - 1).clip(min=0)]
    near = touches[np.minimum(np.abs(behind - touches), np.abs(touches - before)) <= NEAR_BYTES]
    # A number and a word of a script without capitals, which may go on into the next text.
    spaced = digits[digits < len(octets) - 2]
    word = octets[spaced + 2]
    spaced = spaced[(octets[spaced + 1] == ord(" ")) & (word >= _CASELESS_LEAD)]
    return np.unique(np.searchsorted(lexed.line_starts, np.concatenate([near, spaced]), side="right") - 1)


def _begins_capital(octets: NDArray[np.uint8], at: Ints) -> NDArray[np.bool_]:
    """Whether a capital of Greek, Cyrillic or accented Latin letters begins behind each of some bytes."""
    lead, trail = octets[at + 1], octets.take(at + 2, mode="clip")
    latin = (lead == 0xC3) & (trail <= 0x9E)
    further = ((lead == 0xC4) | (lead == 0xC5)) & (trail % 2 == 0)
    greek, cyrillic = (lead == 0xCE) & (trail >= 0x86) & (trail <= 0xAB), (lead == 0xD0) & (trail <= 0xAF)
    return np.asarray(latin | further | greek | cyrillic)
