"""Links to other stories within a text: the headlines right below an also-read or a related heading, and those between
two paragraphs that have no mark and no word of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cuttings.pages.page import RELATED, TEXT, TITLE, Page

ALSO, MORE = b"IK"
# A headline has so many units at least: a subhead below the links is shorter. (Of the lines of the labelled real pages
# right below a related heading within the text 212 of 238 that have so many were left out by hand.)
HEADLINE_UNITS: Final = 6.0
# So many headlines stand below one heading, at most; "Read more" is the end of a teaser as often, and has two at least.
MOST_LINKS: Final = 6
LEAST_BELOW_MORE: Final = 2
# Without a mark a headline is longer, not surely text, and has so many words to compare, of which at most this share is
# in the text; no more than so many stand in a row. (Of such lines of the labelled real pages, on scores held out, 28 of
# 30 were left out by hand, of those that are surer few; subheads are shorter, or about the text.)
STRANGE_UNITS: Final = 8.0
STRANGE_LOG_ODDS: Final = 2.0
LEAST_WORDS: Final = 3
SHARED_SHARE: Final = 0.25
MOST_STRANGE: Final = 3
# With more digits a line tells a day and an hour, as those of programmes do.
MOST_DIGITS: Final = 4
# A text of fewer words says too little of what it is about.
TEXT_WORDS: Final = 120
# So much of each of so many lines of a text is compared: a page takes time linear in its text.
COMPARED_CHARS: Final = 1000
COMPARED_LINES: Final = 128
# A longer word, of which so many letters are compared.
_LONGER: Final = re.compile(r"[^\W\d_]{5,}")
STEM_CHARS: Final = 6
# What a headline does not end with.
_GOES_ON: Final = ":：,،;?？؟"


def inner_links(page: Page, body: Sequence[int]) -> set[int]:
    """The headlines below a heading within a text, whose lines are `body`: what stands behind them is text again."""
    found: set[int] = set()
    for mark in range(body[0], body[-1]) if body else ():
        if page.cls[mark] not in (ALSO, MORE, RELATED):
            continue
        end = mark + 1
        while end < body[-1] and end <= mark + MOST_LINKS and _is_headline(page, end):
            end += 1
        if end - mark > (LEAST_BELOW_MORE if page.cls[mark] == MORE else 1):
            found.update(range(mark + 1, end))
    return found.intersection(body)


def _is_headline(page: Page, i: int) -> bool:
    is_long = page.cls[i] == TITLE and page.units[i] >= HEADLINE_UNITS
    return is_long and not page.is_terminal[i] and not page.in_sentence(i)


def strange_headlines(page: Page, body: Sequence[int]) -> set[int]:
    """The headlines between two whole paragraphs of a text, whose lines are `body`, that say nothing of what the text
    says, and nothing of what the paragraph below them says.
    """
    rows = _headlines_between(page, body)
    own = {i: stems for row, _ in rows for i in row if len(stems := _stems(page.text[i])) >= LEAST_WORDS}
    own = {i: own[i] for row, below in rows for i in row if i in own and not _said(own[i], _folded(page.text[below]))}
    texts = [i for i in body if page.cls[i] in TEXT][:COMPARED_LINES] if own else []
    if sum(page.words[i] for i in texts) < TEXT_WORDS:
        return set()
    text = "\n".join([_folded(page.text[i]) for i in texts])
    return {i for i, stems in own.items() if _said(stems, text) <= SHARED_SHARE * len(stems)}


def _stems(text: str) -> set[str]:
    """The beginnings of the longer words of a headline: they have other ends in the text."""
    return {word[:STEM_CHARS] for word in _LONGER.findall(_folded(text))}


def _folded(text: str) -> str:
    return text[:COMPARED_CHARS].casefold()


def _said(stems: set[str], text: str) -> int:
    """How many of some beginnings of words a text has."""
    return sum(stem in text for stem in stems)


def _headlines_between(page: Page, body: Sequence[int]) -> list[tuple[list[int], int]]:
    """Headlines in a row between two paragraphs, the first of which has ended, and the paragraph below them."""
    rows = []
    row: list[int] = []
    above = -1
    for i in body:
        if _may_be_strange(page, i):
            row.append(i)
            continue
        is_text = page.cls[i] in TEXT
        is_between = above >= 0 and is_text and page.is_terminal[above] and not page.continues(i)
        if row and is_between and len(row) <= MOST_STRANGE:
            rows.append((row, i))
        row, above = [], i if is_text else -1
    return rows


def _may_be_strange(page: Page, i: int) -> bool:
    if page.cls[i] != TITLE or page.score[i] >= STRANGE_LOG_ODDS or page.is_terminal[i] or page.in_sentence(i):
        return False
    text = page.text[i]
    is_long = min(page.units[i], text.count(" ") + 1) >= STRANGE_UNITS
    return is_long and text[-1] not in _GOES_ON and sum(map(str.isdigit, text)) <= MOST_DIGITS
