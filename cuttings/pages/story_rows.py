"""Heads in a row that say together what none of them says alone: that each starts a story.

A rail of the most read articles counts its titles, as an article in parts counts its own; but the texts of the rail
share hardly a word with each other and with the text above. A rail whose articles are signed names another author at
each title, as the parts of one article never do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from cuttings.pages.page import BYLINE, WORDS, Page
from cuttings.pages.ranks import leading_rank, lone_rank
from cuttings.pages.story_heads import WEIGHTS, Head, is_told, slots_of

# So many heads in a row are a rail's, where they have more log-odds in the mean, each of which counts for so much at
# least. (The parts of 70 labelled articles that count have -3.8 at most, without what a bullet says; three titles or
# more with a name each within other articles have -3.1 at most, but for two lists of products.)
LEAST_HEADS: Final = 3
COUNTED_LOG_ODDS: Final = -1.8
TOLD_LOG_ODDS: Final = -4.0
SIGNED_LOG_ODDS: Final = -2.5
PLAIN_LOG_ODDS: Final = -1.0
LEAST_LOG_ODDS: Final = -8.0
# Headlines have so many units at least, where the heads of parts are shorter. Those with nothing beside them stand
# above short texts of so many lines at most, and none of them is less likely. (Of the labelled articles three lists of
# products have three of them or more.)
HEADLINE_UNITS: Final = 5.0
BULLET: Final = ord("L")
PLAIN_LINES: Final = 4
LEAST_PLAIN_LOG_ODDS: Final = -3.0
# A name has so many words, the post and the address of who has it among them.
NAME_WORDS: Final = (2, 4)


def counted_heads(page: Page, found: Sequence[Head], since: int) -> set[int]:
    """Which heads, behind line `since`, are those of stories that count from 1 on: headlines, or what stands under a
    related heading, where hardly ever parts of the article above it do.
    """
    rows: list[list[int]] = [[]]
    for k, head in enumerate(found):
        rank = head_rank(page, head) if head.start > since and head.title >= 0 else 0
        if rank != len(rows[-1]) + 1:
            rows.append([])
        if rank == len(rows[-1]) + 1:
            rows[-1].append(k)

    def least(row: Sequence[int]) -> float:
        first = found[row[0]]
        if is_told(page, first):
            return TOLD_LOG_ODDS
        if sum(page.units[found[k].title] for k in row) < HEADLINE_UNITS * len(row):
            return math.inf
        # Its number made a bullet of the line.
        return COUNTED_LOG_ODDS + (WEIGHTS["bullet"] if page.cls[first.title] == BULLET else 0.0)

    return _likely(found, rows, least)


def signed_heads(page: Page, found: Sequence[Head], since: int) -> set[int]:
    """Which heads, behind line `since`, are those of stories with a line of its own each right above or below the
    title: its author, or its section in capitals.
    """
    rows: list[list[int]] = []
    for side in (-1, 1):
        rows.append([])
        names: set[int] = set()
        for k, head in enumerate(found):
            at = head.title + side
            is_signed = head.start > since and head.title >= 0 and head.start <= at < head.body and _is_label(page, at)
            if not is_signed or page.fold[at] in names:
                rows.append([])
                names.clear()
            if is_signed:
                rows[-1].append(k)
                names.add(page.fold[at])
    return _likely(found, rows, lambda row: SIGNED_LOG_ODDS)


def plain_heads(page: Page, found: Sequence[Head], since: int) -> set[int]:
    """Which heads, behind line `since`, are headlines alone, each with a short text, right behind each other."""
    rows: list[list[int]] = [[]]
    for k, head in enumerate(found):
        is_plain = (
            head.start > since
            and head.log_odds > LEAST_PLAIN_LOG_ODDS
            and page.units[head.title] >= HEADLINE_UNITS
            and head.end - head.body <= PLAIN_LINES
            and len(slots_of(page, head)) == 1
        )
        if not is_plain or found[k - 1].end < head.left:
            rows.append([])
        if is_plain:
            rows[-1].append(k)
    return _likely(found, rows, lambda row: PLAIN_LOG_ODDS)


def _likely(found: Sequence[Head], rows: Sequence[list[int]], least: Callable[[Sequence[int]], float]) -> set[int]:
    """The heads of the rows that are long enough, and likelier in the mean than is `least` for them."""
    likely: set[int] = set()
    for row in rows:
        if len(row) >= LEAST_HEADS:
            odds = [max(found[k].log_odds, LEAST_LOG_ODDS) for k in row]
            likely.update(row if sum(odds) > least(row) * len(row) else ())
    return likely


def head_rank(page: Page, head: Head) -> int:
    """The number that the title of a head begins with, or that stands beside it on a line of its own; 0 for none."""
    rank = leading_rank(page.text[head.title])[0]
    lone = (lone_rank(text) for text in page.text[head.start : head.body] if text[-1].isdecimal() or text[-1] in ".)")
    return rank or next(filter(None, lone), 0)


def _is_label(page: Page, i: int) -> bool:
    return is_name(page, i) or (page.cls[i] == WORDS and page.text[i].isupper())


def is_name(page: Page, i: int) -> bool:
    """True for the line of an author: so it is marked, or nothing but a few words that all could be names."""
    least, most = NAME_WORDS
    if page.cls[i] == BYLINE:
        return True
    if page.cls[i] != WORDS or page.is_terminal[i]:
        return False
    words = page.text[i].split()
    return least <= len(words) <= most and all(
        "@" in word or (word[0].isalpha() and not word[0].islower()) for word in words
    )
