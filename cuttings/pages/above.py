"""Teasers of others above the page's own article: "You may also like" opens the page, and the article stands below.

Nothing parts the last teaser from the article where neither has a mark of its own, so a rail takes the article for its
last item, or the text of the page begins with the teasers. What tells them apart is the length: one text, at the end of
the row, is an article where all others are a line or two.
"""

from __future__ import annotations

import math
from typing import Final

from cuttings.pages.drafts import AHEAD_SHARE, Draft, words_outside
from cuttings.pages.indexes import TEASER_LINES, rails_of_teasers
from cuttings.pages.item_edges import last_end
from cuttings.pages.page import TEXT, Page
from cuttings.pages.rails import Item
from cuttings.pages.status import is_cut
from cuttings.pages.stories import HEAD_LOG_ODDS
from cuttings.pages.story_heads import Head, heads, weigh

# A teaser has so many words of text at most; the article below so many times as many as the longest of them.
TEASER_WORDS: Final = 60
LONGER: Final = 4.0
# So many lines of furniture stand between two teasers. So many are a row; two, where they are a rail.
BETWEEN_LINES: Final = 2
LEAST_TEASERS: Final = 3
LEAST_DATED: Final = 2
# The heads of teasers without dates, and of the article below, have more log-odds to start stories in the mean, each
# within bounds: the parts of an article may grow longer, too, but their heads have less than none.
STORY_LOG_ODDS: Final = 0.0
LEAST_LOG_ODDS, MOST_LOG_ODDS = -2.0, 4.0


def stands_below_teasers(draft: Draft) -> bool:
    """Whether the page's own article stood below teasers as one of them, and does no longer."""
    return not draft.live and (_gives_back_last(draft) or _lists_teasers(draft))


def _gives_back_last(draft: Draft) -> bool:
    """Whether the last item of a rail of teasers was the article below them, or its beginning."""
    page = draft.page
    for rail in draft.rails:
        if not rail.has_body or len(rail.items) <= LEAST_DATED:
            continue
        *others, last = rail.items
        texts = [[i for i in range(item.body, item.end) if page.cls[i] in TEXT] for item in others]
        longest = max(sum(page.words[i] for i in text) for text in texts)
        if longest > TEASER_WORDS or max(map(len, texts)) > TEASER_LINES:
            continue
        own = sum(page.prose[last.body : _end_of_text(draft, last)])
        is_led = draft.run.start < rail.start and words_outside(draft) > AHEAD_SHARE * own
        if own > LONGER * longest and not is_led:
            del rail.items[-1]
            others[-1].end = min(others[-1].end, last_end(page, others))
            return True
    return False


def _end_of_text(draft: Draft, item: Item) -> int:
    """Where the text of an item ends: behind the item, which is as long as the others, it may go on."""
    page, run = draft.page, draft.run
    is_closed = item.date_after or item.tail or is_cut(page.text[item.end - 1])
    goes_on = not is_closed and page.text_end(item.end) > item.end
    return max(item.text_end, run.end if goes_on and run.start <= item.end else page.text_end(item.body))


def _lists_teasers(draft: Draft) -> bool:
    """Whether the run of text of a page began with teasers, which are one of its rails from now on."""
    if draft.has_listed_teasers:
        return False
    page, run, masked = draft.page, draft.run, draft.masked
    found = heads(page, masked)
    first = next((k for k, head in enumerate(found) if head.end > run.start), len(found))
    own = next((k for k in range(first, len(found)) if not _is_teaser(page, found[k])), len(found))
    if own == len(found) or found[own].body >= run.end:
        return False
    while first and _is_teaser(page, found[first - 1]) and found[first].start - found[first - 1].end <= BETWEEN_LINES:
        first -= 1
    if own - first < LEAST_TEASERS:
        return False
    row = found[first : own + 1]
    weigh(page, row, row[0].body)
    # The last ones may be heads of parts of the article.
    row = row[: max((k + 1 for k, head in enumerate(row) if head.log_odds > HEAD_LOG_ODDS), default=0)]
    if len(row) <= LEAST_TEASERS or not _are_stories(row[1:]):
        return False
    *teasers, article = row
    longest = max(sum(page.words[head.body : head.end]) for head in teasers)
    if sum(page.prose[article.body : run.end]) <= LONGER * longest:
        return False
    listed = rails_of_teasers(page, teasers, masked)
    draft.rails = sorted([*draft.rails, *listed], key=lambda rail: rail.start)
    draft.has_listed_teasers = True
    return True


def _is_teaser(page: Page, head: Head) -> bool:
    """True for a line or two, of no great length, under a head."""
    lines = head.end - head.body
    return head.start < head.body and lines <= TEASER_LINES and sum(page.words[head.body : head.end]) <= TEASER_WORDS


def _are_stories(row: list[Head]) -> bool:
    """True where the heads say in the mean that stories start at them."""
    odds = [min(max(head.log_odds, LEAST_LOG_ODDS), MOST_LOG_ODDS) for head in row if head.log_odds > -math.inf]
    return len(odds) * 2 > len(row) and sum(odds) > STORY_LOG_ODDS * len(odds)
