"""Indexes: pages whose text is nothing but teasers of others."""

from __future__ import annotations

from typing import Final

from cuttings.pages.cycles import Rail, apart
from cuttings.pages.page import RELATED, Page
from cuttings.pages.stories import LEAST_LOG_ODDS, rail_of
from cuttings.pages.story_heads import Head, title_of, weigh, words_behind

# An index has so many teasers of at most so many units, and its heads so much log-odds in the mean.
INDEX_TEASERS: Final = 3
TEASER_UNITS: Final = 60.0
INDEX_LOG_ODDS: Final = -1.0


def index_rails(page: Page, found: list[Head], start: int, end: int, masked: bytearray) -> list[Rail]:
    """The list of teasers that a page's run of text is, where it is one: every text is one line under a head of its
    own, and the lines share few words. `found` are the heads of the page, `masked` the lines of its other rails.
    """
    found = [head for head in found if head.end > start and head.body < end]
    if len(found) < INDEX_TEASERS or any(
        head.end - head.body > 1 or head.start == head.body or page.units[head.body] > TEASER_UNITS for head in found
    ):
        return []
    weigh(page, found, start)
    odds = [max(head.log_odds, LEAST_LOG_ODDS) for head in found[1:]]
    for head in found:
        if head.title < 0:
            head.title = max(title_of(page, head, words_behind(page, head)), head.start)
    if sum(odds) <= INDEX_LOG_ODDS * len(odds):
        return []
    rail = rail_of(page, found)
    if rail.heading >= 0 and page.cls[rail.heading] != RELATED:
        rail.heading = -1  # the name of the index
    return apart(rail, masked)
