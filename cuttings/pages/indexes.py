"""Indexes: pages whose text is nothing but teasers of others."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

from cuttings.pages.page import DATE, RELATED, Page, text_lines
from cuttings.pages.rails import Rail, apart
from cuttings.pages.ranks import leading_rank
from cuttings.pages.stories import rail_of
from cuttings.pages.story_heads import Head, title_of, titles_of, weigh, words_behind

# An index has so many teasers of at most so many lines and units, which are this share of its texts; and its heads have
# so much log-odds in the mean.
INDEX_TEASERS: Final = 3
TEASER_LINES: Final = 2
TEASER_SHARE: Final = 0.8
TEASER_UNITS: Final = 60.0
# A text of more words is an article's.
PROSE_WORDS: Final = 70
INDEX_LOG_ODDS: Final = 1.0
LEAST_LOG_ODDS: Final = -2.0
# So many heads of fewer units are subheads of a text, as "The screen" and "The camera" of a review; titles are longer.
SUBHEADS: Final = 3
SUBHEAD_UNITS: Final = 4.0
QUESTIONS: Final = "?？؟"
# So many lines between the items of a list are none of theirs.
BETWEEN_LINES: Final = 2


def index_rails(page: Page, found: list[Head], start: int, end: int, masked: bytearray) -> list[Rail]:
    """The list of teasers that a page's run of text is, where it is one: nearly every text is a line or two under a
    head of its own, and the lines share few words. `found` are the heads of the page, `masked` the lines of
    its other rails.
    """
    inside = [head for head in found if head.end > start and head.body < end]
    teasers = [head for head in inside if _is_teaser(page, head)]
    if len(teasers) < max(INDEX_TEASERS, TEASER_SHARE * len(inside)):
        return []
    if _longest_prose(page, inside) > PROSE_WORDS:
        return []
    weigh(page, inside, start)
    odds = [max(head.log_odds, LEAST_LOG_ODDS) for head in teasers if head is not inside[0]]
    if sum(odds) <= INDEX_LOG_ODDS * len(odds):
        return []
    listed = rails_of_teasers(page, teasers, masked)
    return [] if are_parts(page, listed) else listed


def _longest_prose(page: Page, inside: list[Head]) -> float:
    """The words of the longest text; what an advert parts, without a title below it, is one text."""
    longest = words = 0.0
    for head in inside:
        own = sum(page.prose[head.body : head.end])
        words = own if titles_of(page, head) else words + own
        longest = max(longest, words)
    return longest


def left_over_rails(page: Page, found: list[Head], start: int, end: int, masked: bytearray) -> list[Rail]:
    """The teasers that the rails of an index left in its run of text: each a line or two under a title. Of an index
    without rails the run is a part: its teasers go on before and behind.
    """
    first = next((k for k, head in enumerate(found) if head.end > start), len(found))
    last = next((k for k, head in enumerate(found) if head.body >= end), len(found))
    if not any(masked):
        while 0 < first < len(found) and _is_teaser(page, found[first - 1]) and _is_next(found[first]):
            first -= 1
        while last < len(found) and _is_teaser(page, found[last]) and _is_next(found[last]):
            last += 1
    teasers = [head for head in found[first:last] if _is_teaser(page, head)]
    for head in teasers:
        head.title = title_of(page, head, words_behind(page, head))
    return rails_of_teasers(page, [head for head in teasers if head.title >= 0], masked)


def has_subheads(page: Page, listed: list[Rail]) -> bool:
    """True where most of what stands above the teasers of a run is shorter than titles are, or asks or counts as the
    parts of one article do: the run is an article.
    """
    heads = [range(item.start, item.body) for rail in listed for item in rail.items]
    units = [max([page.units[i] for i in head if page.cls[i] != DATE], default=0.0) for head in heads]
    return 2 * sum(own < SUBHEAD_UNITS for own in units) > len(units) >= SUBHEADS or are_parts(page, listed)


def are_parts(page: Page, listed: list[Rail]) -> bool:
    """True where most of the lines right above the texts of a run are questions, as in questions and answers, or count
    from 1 on, as the parts of "Seven things" do: titles of other articles seldom do either.
    """
    items = [item for rail in listed if not rail.is_counted for item in rail.items]
    subheads = [page.text[item.body - 1] for item in items if item.start < item.body]
    if len(subheads) < SUBHEADS:
        return False
    asked = sum(text[-1] in QUESTIONS for text in subheads)
    ranks = [leading_rank(text)[0] for text in subheads]
    counted = sum(b == a + 1 for a, b in pairwise(ranks))
    return 2 * asked > len(subheads) or (1 in ranks and 2 * counted >= len(subheads))


def rails_of_teasers(page: Page, teasers: list[Head], masked: bytearray) -> list[Rail]:
    """The rails of an index's teasers."""
    if not teasers:
        return []
    for head in teasers:
        if head.title < 0:
            head.title = max(title_of(page, head, words_behind(page, head)), head.start)
    rail = rail_of(page, teasers)
    if rail.heading >= 0 and page.cls[rail.heading] != RELATED:
        rail.heading = -1  # the name of the index
    return apart(rail, masked)


def is_index_of(page: Page, rails: list[Rail], found: list[Head], start: int, end: int) -> bool:
    """True where a page opens with rails of teasers, and its run of text is no more than what they left over: a line
    or two under a head. `found` are the heads of the page outside of its rails.
    """
    listed = [rail for rail in rails if rail.has_body and rail.rule == "rail_period"]
    if not listed or start < listed[0].start or sum(len(rail.items) for rail in listed) < INDEX_TEASERS:
        return False
    items = [item for rail in listed for item in rail.items]
    if sum(page.prose[start:end]) > sum(sum(page.words[item.body : item.end]) for item in items):
        return False  # more than what is left over: what its words say is asked instead
    bodies = [page.cls[item.body : item.end] for item in items]
    return max(text_lines(body) for body in bodies) <= TEASER_LINES and are_teasers(found, start, end)


def are_teasers(found: list[Head], start: int, end: int) -> bool:
    """True where no text of a run, between two heads, is longer than a teaser."""
    return all(head.end - head.body <= TEASER_LINES for head in found if head.end > start and head.body < end)


def may_be_list(page: Page, found: list[Head], start: int, end: int) -> bool:
    """True where a run may be a part of a list though the page has no rail: no text of it is longer than a teaser, some
    line looks like text, and the heads of the page, weighed before, tell of stories in the mean.
    """
    odds = [max(head.log_odds, LEAST_LOG_ODDS) for head in found if head.log_odds > -math.inf]
    return are_teasers(found, start, end) and any(page.prose[start:end]) and sum(odds) > 0


def _is_next(head: Head) -> bool:
    """True for a head that stands right behind the text before it, an advert or an icon between."""
    return head.start - head.left <= BETWEEN_LINES


def _is_teaser(page: Page, head: Head) -> bool:
    """True for a line or two, of no great length, under a head."""
    lines = head.end - head.body
    return head.start < head.body and lines <= TEASER_LINES and max(page.units[head.body : head.end]) <= TEASER_UNITS
