"""What the neighbours of a line make of its class: links within sentences, lengths of videos, blocks of adverts,
consent texts, and the counts of comments that the items of a list have.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from cuttings.pages.page import ADVERT, BODY, COMMENTS, DATE, DURATION, LEGAL, TEXT, TITLE, VIDEO, WORDS, Page

MARKED: Final = frozenset(b"RAHCPXVNGKEact")
SHORT_MARK: Final = 4
_MARK: Final = re.compile(rb"[RAHCPXVNGKEactD]")
# So many bare clock times in a row are durations; a bare clock time has at most so many characters.
_DATE_RUN: Final = re.compile(rb"D{2,}")
MANY_CLOCKS: Final = 3
CLOCK_CHARS: Final = 8
_BARE_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}")
# A date so many lines away belongs to the same item.
NEAR_LINES: Final = 3
_PLAYER_START: Final = frozenset(("0:00", "00:00"))
# Lines between two marks of one advert block, at most, and the classes they have.
AD_LINES: Final = 3
AD_INNER: Final = frozenset(b"TWSLPKNV")
LONG_HEADLINE: Final = 18
# The button below an advert is its last line: what stands behind it is no headline of another one. (Of the 38 blocks of
# the composed pages that end in a button none goes on.)
_BUTTONS: Final = frozenset(
    ("undo", "search now", "learn more", "shop now", "get offer", "play now", "install now", "book now", "get quote",
     "see prices", "view deals")
)  # fmt: skip
# Legal lines of so many units each are the text of a notice; so many of them, with so few lines between two, are a
# consent text, and what stands between them is part of it.
NOTICE_UNITS: Final = 8.0
CONSENT_NOTICES: Final = 3
CONSENT_LINES: Final = 3
# So many counts of comments with the same word ("14 comments", "Comments (1)"), that is with the same first letters of
# it, are those of items.
ITEM_COUNTS: Final = 3
COUNTED_CHARS: Final = 5
COUNT_CHARS: Final = 40
_COUNT: Final = re.compile(r"\d+\W*(?P<behind>[^\W\d_]+)|(?P<before>[^\W\d_]+)\W*\d")


def unmark_links(page: Page) -> None:
    """A link inside a sentence that happens to be a furniture word is a few words of the sentence, and so is such a
    word between two links: "the Bank / of / Canada / will …".
    """
    cls, last = page.cls, len(page.cls) - 2
    for found in _MARK.finditer(cls, 1, len(cls) - 1):
        i = found.start()
        is_marker = cls[i] in MARKED and page.units[i] < SHORT_MARK
        # "… will meet / this evening." is no date line either.
        is_marker = is_marker or (cls[i] == DATE and bool(page.is_terminal[i]) and page.text[i][0].islower())
        if (
            is_marker
            and cls[i - 1] in b"BTW"
            and not page.is_terminal[i - 1]
            and (
                page.is_continuing[i + 1]
                or cls[i] == DATE
                or (i < last and page.is_continuing[i + 2] and page.text[i][0].islower())
            )
        ):
            cls[i] = WORDS


def close_adverts(page: Page) -> None:
    """Headlines and brands of adverts stand between and behind advert marks: they become advert lines too."""
    cls, count = page.cls, len(page.cls)
    i = cls.find(ADVERT)
    while i >= 0:
        end, j = i + 1, i + 1
        while (
            j < count and j - end <= AD_LINES and (cls[j] == ADVERT or cls[j] in AD_INNER) and not page.in_sentence(j)
        ):
            if cls[j] == ADVERT:
                end = j + 1
            j += 1
        # Behind the last mark of a block within text: a headline and a brand.
        is_inner = end - i >= 2 and i and cls[i - 1] in TEXT and j < count and cls[j] == BODY
        if is_inner and j - end <= 2 * AD_LINES and page.text[end - 1].casefold() not in _BUTTONS:
            while end < j and page.units[end] < LONG_HEADLINE and not page.in_sentence(end):
                end += 1
        cls[i:end] = bytes([ADVERT]) * (end - i)
        i = cls.find(ADVERT, end)


def close_consents(page: Page) -> None:
    """What stands between the notices of a consent text is part of it, though not every paragraph names cookies."""
    notices = [i for i, c in enumerate(page.cls) if c == LEGAL and page.units[i] >= NOTICE_UNITS]
    first = 0
    for k in range(1, len(notices) + 1):
        if k == len(notices) or notices[k] - notices[k - 1] > CONSENT_LINES + 1:
            if k - first >= CONSENT_NOTICES:
                start, end = notices[first], notices[k - 1] + 1
                page.cls[start:end] = bytes([LEGAL]) * (end - start)
            first = k


def open_counts(page: Page) -> None:
    """How many comments each item of a list has is furniture of the item, as the marks of a player are. A box of
    comments has its heading once, and ends what stands above it.
    """
    found = {i: _COUNT.search(page.text[i][:COUNT_CHARS]) for i, c in enumerate(page.cls) if c == COMMENTS}
    words = {i: match[match.lastgroup or 0][:COUNTED_CHARS].casefold() for i, match in found.items() if match}
    counts = Counter(words.values())
    for i in found:
        if i not in words:
            break  # the box
        if counts[words[i]] >= ITEM_COUNTS:
            page.cls[i] = VIDEO


def durations(page: Page) -> None:
    """Bare clock times on neighbouring lines are the lengths of videos; so is one beside the start of a player, and so
    are those of a list whose items have dates as well.
    """
    for run in _DATE_RUN.finditer(page.cls):
        lines = range(run.start(), run.end())
        clocks = [i for i in lines if len(page.text[i]) <= CLOCK_CHARS]
        if len(clocks) == len(lines) >= MANY_CLOCKS:
            page.cls[run.start() : run.end()] = b"V" * len(lines)
        elif any(page.text[i] in _PLAYER_START for i in clocks):
            for i in clocks:
                page.cls[i] = VIDEO
    clocks = [i for i, c in enumerate(page.cls) if c == DATE and _BARE_CLOCK.fullmatch(page.text[i])]
    beside = _dated_clocks(page, clocks) if clocks else []
    if len(beside) * 2 > len(clocks):
        for i in beside:
            page.cls[i] = DURATION


def _dated_clocks(page: Page, clocks: list[int]) -> list[int]:
    """The bare clocks that have nothing but names between them and a date which tells the time already: an age, or a
    day that is not on the next line, for a clock right beside a day is that of the day.
    """
    near = {i: [line for step in (-1, 1) for line in _date_beside(page, i, step)] for i in clocks}
    days = {line for i, lines in near.items() for line in lines if abs(line - i) == 1 and not page.is_age[line]}
    return [i for i in clocks if near[i] and days.isdisjoint((i - 1, i + 1))]


def _date_beside(page: Page, clock: int, step: int) -> list[int]:
    """The date on one side of a bare clock, behind few names at most, or above a title that has its text right below
    the clock.
    """
    at = clock + step
    if step < 0 < at and page.cls[at] == TITLE and BODY in page.cls[clock + 1 : clock + 2]:
        at += step
    while 0 <= at < len(page.cls) and page.cls[at] == WORDS and abs(at - clock) < NEAR_LINES:
        at += step
    is_date = 0 <= at < len(page.cls) and page.cls[at] == DATE and not _BARE_CLOCK.fullmatch(page.text[at])
    return [at] if is_date else []
