"""Lines that a flattener made of several texts, parted where the texts touch.

What stands on a line of its own is what the rest of the cutter can tell apart, so this comes before everything else:
`Economy 2 hours agoThe headline` becomes two lines, of which only the last has the line's end. No byte is lost, and
none is added: a part begins where the one before it ends.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cuttings import dates
from cuttings.dates.edges import EDGE_CHARS, MOST_CHARS
from cuttings.pages.feeds import FEED_TAGS, HEAD_LINES, is_feed, tag_bounds
from cuttings.pages.lines import LexedBatch
from cuttings.pages.listings import list_places, mark_items
from cuttings.pages.one_line import one_line_places

Ints = NDArray[np.int64]
# No page is parted into more lines than are cut of a long one; see `long`.
MOST_LINES: Final = 12_000
# A digit stands so near, in bytes, to a place where a date touches other words.
NEAR_BYTES: Final = 40
# A date at the edge of a long line begins or ends within so many characters of it; see `dates.edges`.
LONG_LINE_CHARS, HEAD_CHARS, TAIL_CHARS = 2 * EDGE_CHARS, EDGE_CHARS, MOST_CHARS
# Bytes by what may touch: small letters and all that is not ASCII, capitals, digits, marks that close.
_SMALL, _OTHER, _CAPITAL, _DIGIT, _CLOSING, _BAR = range(1, 7)
_KINDS: Final = 8


def part_lines(lexed: LexedBatch) -> LexedBatch:
    """The batch with its glued lines parted, and with the tags of feeds on lines of their own."""
    rows = _may_be_glued(lexed)
    numbers = np.unique(lexed.text_no[rows])
    glued: dict[int, set[int]] = {}  # the places in a text
    for at, start, end in dates.edge_spans(lexed.distinct[numbers])["row", "part_start", "part_end"].iter_rows():
        glued.setdefault(int(numbers[at]), set()).update((start, end))
    places = {
        row: glued[number]
        for row, number in zip(rows.tolist(), lexed.text_no[rows].tolist(), strict=True)
        if number in glued
    }
    listed = list_places(lexed)
    for number, chars in listed.items():
        places[number] = places.get(number, set()) | chars
    for page in lexed.pages if _may_hold_feeds(lexed) else ():
        own = range(page.first_row, page.first_row + page.line_count)
        if is_feed(lexed.lines["text"][own.start : min(own.stop, own.start + HEAD_LINES)]):
            texts = lexed.lines["text"][own.start : own.stop].to_list()
            places |= {row: set(tag_bounds(text)) for row, text in zip(own, texts, strict=True)}
    running = one_line_places(lexed)
    for number, chars in running.items():
        places[number] = places.get(number, set()) | chars
    lines = dict(zip(places, lexed.lines["text"][list(places)], strict=True))
    at = [(row, char) for row in sorted(places) for char in sorted(_inside(lines[row], places[row]))]
    row, char = np.array([row for row, _ in at], np.int64), np.array([char for _, char in at], np.int64)
    page_of = np.searchsorted(lexed.page_rows, row, side="right") - 1
    nth = np.arange(len(row)) - np.searchsorted(page_of, page_of)
    is_kept = nth < MOST_LINES - np.diff(lexed.page_rows)[page_of]
    row, char = row[is_kept], char[is_kept]
    part = row + np.arange(1, len(row) + 1)  # the row of what each place begins
    goes_on = np.isin(row, list(running))
    parted = replace(lexed.parted(row, char), run_on_rows=part[goes_on])
    return mark_items(parted, listed, row)


def _may_hold_feeds(lexed: LexedBatch) -> bool:
    return any(tag in lexed.joined_lines for tag in FEED_TAGS)


def _inside(line: str, places: set[int]) -> set[int]:
    """The places that have text on both sides."""
    first, last = len(line) - len(line.lstrip()), len(line.rstrip())
    return {char for char in places if first < char < last}


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
# Pairs of such bytes: those that may touch, and those that may be a small letter and a capital, one of them not ASCII.
_MAY_TOUCH, _MAY_CHANGE = 1, 2
_PAIRS: Final = np.zeros(256, np.uint8)
for _first, _second in (
    *((a, _CAPITAL) for a in (_SMALL, _OTHER, _DIGIT, _CLOSING, _CAPITAL)),
    *((a, _DIGIT) for a in (_SMALL, _OTHER, _CAPITAL, _CLOSING)),
    *((a, _OTHER) for a in (_DIGIT, _CLOSING)),
    *((a, _BAR) for a in range(_KINDS)),
):
    _PAIRS[_first * _KINDS + _second] = _MAY_TOUCH
_PAIRS[[_SMALL * _KINDS + _OTHER, _OTHER * _KINDS + _OTHER]] = _MAY_CHANGE
_IS_LETTER: Final = np.isin(_KIND, (_SMALL, _OTHER, _CAPITAL))
_CASELESS_LEAD: Final = 0xD6
# Of the signs of Latin-1 those that are letters, numbers or close a quotation, and of the quotation marks those.
_LATIN_SIGNS, _LATIN_KEPT = 0xC2, np.isin(np.arange(256), [0xAA, 0xB2, 0xB3, 0xB5, 0xB9, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE])
_MIDDLE_DOT, _BULLET = "·".encode(), "•".encode()
_MARKS, _MARKS_KEPT = (0xE2, 0x80), np.isin(np.arange(256), [0x9D, 0xA6])


def _may_be_glued(lexed: LexedBatch) -> Ints:
    """The lines that hold a digit near a place where two texts may touch, told from their bytes."""
    octets = lexed.buffer
    kind = np.frombuffer(octets.tobytes().translate(_KIND.tobytes()), np.uint8)
    digits = np.flatnonzero(kind == _DIGIT)
    if not len(digits) or len(octets) < 3:
        return digits[:0]
    pair = np.frombuffer((kind[:-1] * np.uint8(_KINDS) + kind[1:]).tobytes().translate(_PAIRS.tobytes()), np.uint8)
    changes = np.flatnonzero(pair == _MAY_CHANGE)
    touches = np.flatnonzero(pair == _MAY_TOUCH)
    row = np.searchsorted(lexed.line_starts, touches, side="right") - 1
    # A dot may part two texts as well, but stands in too many lines to be looked for: those are read in any case.
    dotted = np.searchsorted(lexed.line_starts, _dots(octets), side="right") - 1
    touches = touches[_is_joint(octets, kind, touches) | np.isin(row, dotted)]
    touches = np.concatenate([touches, changes[_begins_capital(octets, changes)]])
    row = np.searchsorted(lexed.line_starts, touches, side="right") - 1
    start = lexed.line_starts[row]
    end = start + lexed.text_bytes[row]
    behind = digits[np.searchsorted(digits, touches).clip(max=len(digits) - 1)]
    before = digits[(np.searchsorted(digits, touches, side="right") - 1).clip(min=0)]
    is_near = (np.abs(behind - touches) <= NEAR_BYTES) & (behind < end)
    is_near |= (np.abs(touches - before) <= NEAR_BYTES) & (before >= start)
    is_near[is_near] = _is_at_edge(octets, touches[is_near], start[is_near], end[is_near])
    # A number and a word of a script without capitals, which may go on into the next text.
    spaced = digits[digits < len(octets) - 2]
    word = octets[spaced + 2]
    spaced = spaced[(octets[spaced + 1] == ord(" ")) & (word >= _CASELESS_LEAD)]
    return np.unique(np.concatenate([row[is_near], np.searchsorted(lexed.line_starts, spaced, side="right") - 1]))


def _is_joint(octets: NDArray[np.uint8], kind: NDArray[np.uint8], at: Ints) -> NDArray[np.bool_]:
    """Whether two bytes that may touch do so with the bytes beside them: what holds for all joints of `dates.edges`."""
    first, second = kind[at], kind[at + 1]
    two_before, before, behind = (octets.take(at + step, mode="clip") for step in (-2, -1, 2))
    is_word = _IS_LETTER[behind]
    here = octets[at]
    is_mark = (before == _LATIN_SIGNS) & ~_LATIN_KEPT[here]
    is_mark |= (two_before == _MARKS[0]) & (before == _MARKS[1]) & ~_MARKS_KEPT[here]
    joint = (first != _OTHER) | ~is_mark
    joint &= (second != _CAPITAL) | (first != _CAPITAL) | (is_word & (_KIND[behind] != _CAPITAL))
    joint &= (second != _CAPITAL) | (first != _DIGIT) | is_word
    joint &= (second != _CAPITAL) | (first != _CLOSING) | _IS_LETTER[before] | (_KIND[before] == _DIGIT)
    joint &= (second != _DIGIT) | (first != _CLOSING) | (_KIND[before] != _DIGIT)
    joint &= (second != _DIGIT) | (first == _CLOSING) | _IS_LETTER[before]
    joint &= (second != _BAR) | ((here == ord(" ")) & (behind == ord(" ")))
    return np.asarray(joint)


def _dots(octets: NDArray[np.uint8]) -> Ints:
    """Where the dots of `dates.edges` stand, by one of their bytes."""
    dots = [_MIDDLE_DOT, _BULLET]
    found = [np.flatnonzero(octets == dot[-1]) for dot in dots]
    return np.concatenate([at[octets[at - 1] == dot[-2]] for at, dot in zip(found, dots, strict=True)])


def _is_at_edge(octets: NDArray[np.uint8], at: Ints, start: Ints, end: Ints) -> NDArray[np.bool_]:
    """Whether a place in a line is so near to its start or its end that a date may stand between."""
    inner = np.flatnonzero((octets & 0xC0) == 0x80)  # bytes within a character
    before, here, behind = (np.searchsorted(inner, places) for places in (start, at + 1, end))
    head = at + 1 - start - (here - before)
    tail = end - at - 1 - (behind - here)
    return np.asarray((head + tail <= LONG_LINE_CHARS) | (head <= HEAD_CHARS) | (tail <= TAIL_CHARS))


def _begins_capital(octets: NDArray[np.uint8], at: Ints) -> NDArray[np.bool_]:
    """Whether a capital of Greek, Cyrillic or accented Latin letters begins behind each of some bytes."""
    lead, trail = octets[at + 1], octets.take(at + 2, mode="clip")
    latin = (lead == 0xC3) & (trail <= 0x9E)
    further = ((lead == 0xC4) | (lead == 0xC5)) & (trail % 2 == 0)
    greek, cyrillic = (lead == 0xCE) & (trail >= 0x86) & (trail <= 0xAB), (lead == 0xD0) & (trail <= 0xAF)
    return np.asarray(latin | further | greek | cyrillic)
