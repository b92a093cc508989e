"""Runs of text that are items of a list of equals: the item above the rail that its like make, and items of which each
has its author or its link to the rest.

What tells them from an article is the shape alone: its next paragraph is missing, and what stands below is built alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul, not_
from typing import Final

from cuttings.pages.page import BYLINE, DATE, RELATED, SENTENCE, TEXT, TITLE, Page, text_lines
from cuttings.pages.primary import Run
from cuttings.pages.rails import Item, Rail

# So many items with a text of so many lines at most are a list.
LEAST_ITEMS: Final = 2
ITEM_LINES: Final = 2
# The text of the first item has so many times the words of the longest other one at most, and no more than a whole
# article on one line.
LONGER: Final = 3.0
ITEM_WORDS: Final = 250
# So many lines of furniture stand between two items.
BETWEEN_LINES: Final = 1
# An item that ends with its author or with a link to the rest has so many lines before that.
CYCLE_LINES: Final = 6
# Of such items the first has so many times the words of the longest other one at most.
FIRST_LONGER: Final = 1.5
MORE: Final = ord("K")
_ITEM: Final = frozenset((TITLE, SENTENCE, *TEXT))


def first_of_equals(
    page: Page, run: Run, title: int, *, rails: Sequence[Rail], masked: bytearray
) -> tuple[Rail, Item] | None:
    """The rail that a run of text is the first item of, and that item: one line under its title right above items that
    are that, too, in no way marked. A rail without dates begins behind the first text of a page. A date, or an author
    where the items have none, is an article's own, and a related heading stands below one.
    """
    rail = next((rail for rail in rails if rail.start >= run.start), None)
    if rail is None or title < 0 or (rail.heading >= 0 and page.cls[rail.heading] == RELATED):
        return None
    texts = [i for i in range(run.start, rail.start) if page.cls[i] in TEXT and not masked[i]]
    if len(texts) != 1 or not title < texts[0] or rail.start - texts[0] - 1 > BETWEEN_LINES:
        return None
    body, first = texts[0], rail.items[0]
    if DATE in page.cls[title : rail.items[-1].end]:
        return None
    if BYLINE in page.cls[title:body] and BYLINE not in page.cls[first.start : first.end]:
        return None
    others = [item for item in rail.items if 0 < text_lines(page.cls[item.body : item.end]) <= ITEM_LINES]
    if len(others) < LEAST_ITEMS or len(others) * 2 <= len(rail.items):
        return None
    longest = max(sum(page.words[item.body : item.end]) for item in others)
    if page.words[body] > min(ITEM_WORDS, LONGER * longest):
        return None
    start = max(0, min(title, body - (first.body - first.start)))
    return rail, Item(start, body, rail.start, tail=min(first.tail, rail.start - body - 1))


def are_marked_items(page: Page, run: Run, masked: bytearray) -> bool:
    """Whether an author, or a link to the rest, stands above or below each few lines of a run: no article names its
    author at every paragraph. What the first of these holds may be the article above a list, if it is longer.
    """
    free = map(not_, masked[run.start : run.end])
    lines = bytes(map(mul, page.cls[run.start : run.end], free))
    return any(lines.count(mark) >= LEAST_ITEMS and _are_items(page, run.start, lines, mark) for mark in (BYLINE, MORE))


def _are_items(page: Page, start: int, lines: bytes, mark: int) -> bool:
    """Whether the lines of a run from line `start` on are items before each of a mark."""
    texts: list[int] = []
    *parts, rest = lines.split(bytes([mark]))
    if text_lines(rest) > ITEM_LINES:
        return False  # the article that the marked lines stand above
    for part in parts:
        if part or texts:  # the mark may open the run
            if len(part) > CYCLE_LINES or text_lines(part) > ITEM_LINES or _ITEM.isdisjoint(part):
                return False
            texts.append(sum(n for c, n in zip(part, page.words[start:], strict=False) if c in TEXT))
        start += len(part) + 1
    return len(texts) >= LEAST_ITEMS and texts[0] <= FIRST_LONGER * max(texts[1:])
