"""Which line is the title of a text: near above it, about the same things, repeated, next to a date or an author.

A conditional logit over the lines above the text; the weights are fitted numbers, see docs/cutting.md.
"""

from __future__ import annotations

import math
from typing import Final

from cuttings.pages.grammar import BODY, DATE, TEXT, Page
from cuttings.pages.spans import dateline

# How far above the text a title is looked for, in lines.
TITLE_LINES: Final = 40
# Length of a title in characters.
TITLE_CHARS: Final = (4, 280)
# A title has at least so many units.
TITLE_UNITS: Final = 1.5
# Of the text only so many characters are compared with a title.
COMPARED_CHARS: Final = 5000
# A word that is compared has at least so many letters.
WORD_CHARS: Final = 4
_CANDIDATES: Final = frozenset(b"TSBWLRIVEPNDcYG")
BYLINE: Final = ord("Y")
_BYLINE_LIKE: Final = frozenset(b"DY")
_NO_DISTANCE: Final = frozenset(b"DYHVAEc")
_BREADCRUMB: Final = (" > ", " » ", " › ", " / ")

FEATURES: Final = (
    "overlap", "overlap_count", "is_repeated", "log_distance", "date_next", "date_near", "date_before", "is_tiny",
    "is_brief", "is_lengthy", "is_sentence", "is_marker", "is_bullet", "gap_before", "gap_after", "relative_length",
    "breadcrumb", "no_pieces", "body_next", "dateline",
)  # fmt: skip
WEIGHTS: Final = (
    1.83, 1.51, 0.54, -0.4, 0.52, 1.11, 0.09, -2.15, -0.99, -0.82, -1.48, -0.71, -0.09, 1.02, 0.85, 0.28, -0.14, -0.04,
    -0.22, -0.15,
)  # fmt: skip
# A line that is likely the first piece of a sentence broken at its links is less likely a title.
SENTENCE_COST: Final = 1.0
# Below this sum no line is called the title.
LEAST: Final = 0.0


def pieces(text: str) -> set[str]:
    """What a title is compared by: its longer words, or pairs of characters where there are no spaces."""
    words = {word.strip(".,:;!?\"'“”‘’«»()[]–—-|").casefold() for word in text.split()}
    long_words = {word for word in words if len(word) >= WORD_CHARS}
    if len(text) > 16 * max(1, len(words)):
        bare = "".join(text.split())
        return {bare[i : i + 2] for i in range(len(bare) - 1)}
    return long_words


def candidates(page: Page, core: int, masked: bytearray) -> list[int]:
    """The lines above line `core`, the first sure line of the text, that could be its title; nearest first."""
    found = []
    for i in range(core - 1, max(-1, core - 1 - TITLE_LINES), -1):
        text = page.text[i]
        if masked[i] or page.units[i] < TITLE_UNITS or page.cls[i] not in _CANDIDATES:
            continue
        if not TITLE_CHARS[0] <= len(text) <= TITLE_CHARS[1]:
            continue
        if page.continues(i) or (page.continues(i + 1) and not page.is_terminal[i] and page.cls[i + 1] != BYLINE):
            continue
        if i + 1 < len(page.text) and page.text[i + 1] != text and page.text[i + 1].startswith(text.rstrip("….")):
            continue
        found.append(i)
    return found


def features(page: Page, lines: list[int], core: int, body: str) -> list[list[float]]:
    """The features of each candidate, in the order of FEATURES."""
    folds = [page.fold[i] for i in range(max(0, core - TITLE_LINES), core)]
    longest = max((page.units[i] for i in lines if page.units[i] <= 30), default=1.0)
    rows = []
    distance, at = 0, core
    for i in lines:
        distance += sum(page.cls[k] not in _NO_DISTANCE for k in range(i + 1, at))
        at = i + 1
        text, units = page.text[i], page.units[i]
        own = pieces(text)
        hits = sum(piece in body for piece in own)
        after = page.cls[i + 1] if i + 1 < len(page.cls) else 0
        near = page.cls[i + 1 : i + 4]
        rows.append(
            [
                hits / len(own) if own else 0.0,
                min(hits, 6) / 6,
                float(folds.count(page.fold[i]) > 1),
                math.log1p(distance),
                float(after in _BYLINE_LIKE),
                float(DATE in near),
                float(i > 0 and page.cls[i - 1] == DATE),
                float(units < 3),
                float(3 <= units < 5),
                float(units > 20),
                float(page.is_terminal[i] and text[-1] not in "?!？！"),
                float(page.cls[i] not in b"TSBWL"),
                float(page.cls[i] == 76),
                float(page.gap[i] > 0),
                float(i + 1 < len(page.gap) and page.gap[i + 1] > 0),
                min(units, 30) / longest,
                float(any(mark in text for mark in _BREADCRUMB)),
                float(not own),
                float(after == BODY),
                float(dateline(text) is not None),
            ]
        )
    return rows


def find_title(page: Page, core: int, end: int, masked: bytearray) -> int:
    """The title of the text that begins at line `core` and ends before `end`, or -1."""
    lines = candidates(page, core, masked)
    if not lines:
        return -1
    body = "\n".join(page.text[i] for i in range(core, end) if not masked[i] and page.cls[i] in TEXT)
    rows = features(page, lines, core, body[:COMPARED_CHARS].casefold())
    scores = [
        sum(w * x for w, x in zip(WEIGHTS, row, strict=True)) - SENTENCE_COST * page.in_sentence(i)
        for i, row in zip(lines, rows, strict=True)
    ]
    best = max(range(len(lines)), key=lambda k: scores[k])
    if scores[best] < LEAST:
        return -1
    title = lines[best]
    # Of adjacent repeats the first is the title.
    return min((i for i in lines if page.fold[i] == page.fold[title] and title - i <= 6), default=title)
