"""Which line is the title of a text: near above it, about the same things, repeated, next to a date or an author.

A conditional logit over the lines above the text; the weights are fitted numbers, see docs/cutting.md. What a line
shares with the text is dear to find out, so it is looked at only where it can still make the line the title.
"""

from __future__ import annotations

import math
from typing import Final

from cuttings.pages.page import BODY, BODY_LIKE, BYLINE, DATE, TEXT, Page
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
_BYLINE_LIKE: Final = frozenset(b"DY")
# Lines that do not count as distance between title and text.
_NO_DISTANCE: Final = b"DYHVAEc"
_BULLET, _TITLE_LIKE = b"LT"
_BREADCRUMB: Final = (" > ", " » ", " › ", " / ")
_OUTER: Final = ".,:;!?\"'“”‘’«»()[]–—-|"

# The weights of the logit. Words shared with the text: their share of the title's, and their number, six at most.
OVERLAP: Final = 1.83
OVERLAP_COUNT: Final = 1.51
MOST_SHARED: Final = 6
NO_PIECES: Final = -0.04
DATELINE: Final = -0.15
REPEATED: Final = 0.54
LOG_DISTANCE: Final = -0.4
DATE_NEXT: Final = 0.52
DATE_NEAR: Final = 1.11
DATE_BEFORE: Final = 0.09
# Length in units: below three, below five, above twenty; and as a share of the longest candidate's.
TINY: Final = -2.15
BRIEF: Final = -0.99
LENGTHY: Final = -0.82
RELATIVE_LENGTH: Final = 0.28
LONGEST_UNITS: Final = 30
SENTENCE: Final = -1.48
MARKER: Final = -0.71
BULLET: Final = -0.09
GAP_BEFORE: Final = 1.02
GAP_AFTER: Final = 0.85
BREADCRUMB: Final = -0.14
BODY_NEXT: Final = -0.22
# A line that is likely the first piece of a sentence broken at its links is less likely a title.
BROKEN_SENTENCE: Final = -1.0
# Below this sum no line is called the title.
LEAST: Final = 0.0
# A title and its standfirst have at least so many units.
STANDFIRST_UNITS: Final = 4.0
# Of the title above a standfirst so many words, and this share of them, stand in the text.
LEAST_SHARED: Final = 2
LEAST_SHARE: Final = 1 / 3
# Repeats of the title so many lines above it are one heading printed twice.
REPEAT_LINES: Final = 6


def pieces(text: str) -> set[str]:
    """What a title is compared by: its longer words, or pairs of characters where there are no spaces."""
    words = {word.strip(_OUTER) for word in text.casefold().split()}
    if len(text) > 16 * max(1, len(words)):
        bare = "".join(text.split())
        return {bare[i : i + 2] for i in range(len(bare) - 1)}
    return {word for word in words if len(word) >= WORD_CHARS}


def candidates(page: Page, core: int, masked: bytearray) -> list[int]:
    """The lines above line `core`, the first sure line of the text, that could be its title; nearest first."""
    found = []
    least, most = TITLE_CHARS
    for i in range(core - 1, max(-1, core - 1 - TITLE_LINES), -1):
        if masked[i] or page.units[i] < TITLE_UNITS or page.cls[i] not in _CANDIDATES or page.is_continuing[i]:
            continue
        text = page.text[i]
        if not least <= len(text) <= most:
            continue
        if i + 1 < len(page.cls):
            if page.is_continuing[i + 1] and not page.is_terminal[i] and page.cls[i + 1] != BYLINE:
                continue
            below = page.text[i + 1]
            if below != text and below.startswith(text.rstrip("….")):
                continue
        found.append(i)
    return found


def standing(page: Page, lines: list[int], core: int) -> list[float]:
    """The score of each candidate by where and how it stands, without what it shares with the text."""
    cls, units, gap = page.cls, page.units, page.gap
    folds = page.fold[max(0, core - TITLE_LINES) : core]
    longest = max((units[i] for i in lines if units[i] <= LONGEST_UNITS), default=1.0)
    scores = []
    distance, at = 0, core
    for i in lines:
        distance += len(cls[i + 1 : at].translate(None, _NO_DISTANCE))
        at = i + 1
        size, near = units[i], cls[at : at + 3]
        after = near[0] if near else 0
        score = LOG_DISTANCE * math.log1p(distance) + RELATIVE_LENGTH * min(size, LONGEST_UNITS) / longest
        if size < 3:
            score += TINY
        elif size < 5:
            score += BRIEF
        elif size > 20:
            score += LENGTHY
        if after in _BYLINE_LIKE:
            score += DATE_NEXT
        elif after == BODY:
            score += BODY_NEXT
        if DATE in near:
            score += DATE_NEAR
        if i and cls[i - 1] == DATE:
            score += DATE_BEFORE
        if cls[i] == _BULLET:
            score += BULLET
        elif cls[i] not in BODY_LIKE:
            score += MARKER
        if gap[i]:
            score += GAP_BEFORE
        if at < len(gap) and gap[at]:
            score += GAP_AFTER
        if folds.count(page.fold[i]) > 1:
            score += REPEATED
        if page.is_terminal[i] and page.text[i][-1] not in "?!？！":
            score += SENTENCE
        if any(mark in page.text[i] for mark in _BREADCRUMB):
            score += BREADCRUMB
        if page.in_sentence(i):
            score += BROKEN_SENTENCE
        scores.append(score)
    return scores


def likeness(text: str, body: str) -> float:
    """The score of a candidate for what it shares with the text, which is folded."""
    own = pieces(text)
    hits = sum([piece in body for piece in own])
    score = OVERLAP * hits / len(own) + OVERLAP_COUNT * min(hits, MOST_SHARED) / MOST_SHARED if own else NO_PIECES
    return score + DATELINE if dateline(text) else score


def find_title(page: Page, core: int, end: int, masked: bytearray) -> int:
    """The title of the text that begins at line `core` and ends before `end`, or -1."""
    lines = candidates(page, core, masked)
    if not lines:
        return -1
    body = _opening(page, core, end, masked)
    best, title = LEAST, -1
    for score, i in sorted(zip(standing(page, lines, core), lines, strict=True), reverse=True):
        if score + OVERLAP + OVERLAP_COUNT < best:
            break
        whole = score + likeness(page.text[i], body)
        # Of equals the nearest to the text.
        if whole > best or (whole == best and i > title):
            best, title = whole, i
    if title < 0:
        return -1
    if has_standfirst(page, title, lines, body):
        title -= 1
    # Of adjacent repeats the first is the title.
    fold = page.fold[title]
    return min((i for i in lines if page.fold[i] == fold and title - i <= REPEAT_LINES), default=title)


def has_standfirst(page: Page, title: int, lines: list[int], body: str) -> bool:
    """True where the likeliest line is a standfirst: right above it stands another title-like line about the same
    things, and above that no third one, as in a list of headlines.
    """
    above = title - 1
    if above not in lines or page.cls[above] != _TITLE_LIKE or page.units[above] < STANDFIRST_UNITS:
        return False
    if page.gap[title] > page.gap[above] or page.fold[above] == page.fold[title]:
        return False
    if above and page.cls[above - 1] in BODY_LIKE and page.units[above - 1] >= STANDFIRST_UNITS:
        return False
    is_repeated = page.fold.count(page.fold[title]) > 1 and page.fold.count(page.fold[above]) < 2
    own = pieces(page.text[above])
    shared = sum([piece in body for piece in own])
    return not is_repeated and shared >= LEAST_SHARED and shared >= LEAST_SHARE * len(own)


def _opening(page: Page, core: int, end: int, masked: bytearray) -> str:
    """The start of the text, as far as titles are compared with it, folded."""
    parts: list[str] = []
    chars = 0
    for i in range(core, end):
        if page.cls[i] in TEXT and not masked[i]:
            parts.append(page.text[i])
            chars += len(parts[-1]) + 1
            if chars > COMPARED_CHARS:
                break
    return "\n".join(parts)[:COMPARED_CHARS].casefold()
