"""Links to other stories within a text: the headlines right below an also-read or a related heading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cuttings.pages.page import RELATED, TITLE, Page

ALSO, MORE = b"IK"
# A headline has so many units at least: a subhead below the links is shorter. (Of the lines of the labelled real pages
# right below a related heading within the text 212 of 238 that have so many were left out by hand.)
HEADLINE_UNITS: Final = 6.0
# So many headlines stand below one heading, at most; "Read more" is the end of a teaser as often, and has two at least.
MOST_LINKS: Final = 6
LEAST_BELOW_MORE: Final = 2


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
