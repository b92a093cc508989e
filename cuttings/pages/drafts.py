"""A page on its way from lines to labels, and which of its rails is none but the page's own article."""

from __future__ import annotations

from dataclasses import dataclass
from operator import mul, not_
from typing import Final

from cuttings.pages.labels import Labels
from cuttings.pages.page import Page, text_lines
from cuttings.pages.primary import Run
from cuttings.pages.rails import Rail

# An item this many times as long as the next one is no item of a rail, unless text of the page's own stands before it
# (share of its words) or elsewhere.
OWN_RATIO: Final = 2.0
AHEAD_SHARE: Final = 0.35
OUTSIDE_SHARE: Final = 0.8
# Items that all have so many paragraphs are articles, unless one is this many times as long as the next.
PARAGRAPHS: Final = 2
VAST_RATIO: Final = 20.0
# A feed's articles have at least so many paragraphs, in the median.
FEED_PARAGRAPHS: Final = 3


@dataclass(slots=True)
class Draft:
    """A page on its way: its labels so far, the times of its live entries, its rails, and the lines that they take."""

    page: Page
    labels: Labels
    live: frozenset[int]
    rails: list[Rail]
    masked: bytearray
    run: Run
    has_listed_teasers: bool = False  # which is done once: another rule may find that a rail is none


def gives_back_own(draft: Draft) -> bool:
    """Whether a rail was the page's own article, and is no longer a rail."""
    own = _own_article(draft)
    if own is not None:
        draft.rails.remove(own)
        return True
    return _gives_back_first(draft)


def _own_article(draft: Draft) -> Rail | None:
    """The rail that is no rail but the page's own article between two dates: one item of it outweighs all the rest."""
    page, rails = draft.page, draft.rails
    before = rails[0].start if rails else 0
    outside = words_outside(draft)
    ahead = outside if draft.run.start < before else 0
    for rail in rails:
        if not rail.has_body or rail.is_feed:
            continue
        words = [sum(page.prose[item.body : item.end]) for item in rail.items]
        sizes = sorted(words, reverse=True)
        lines = [text_lines(page.cls[item.body : item.end]) for item in rail.items]
        paragraphs = lines[words.index(sizes[0])]
        ratio = OWN_RATIO if min(lines) < PARAGRAPHS else VAST_RATIO
        alone = len(sizes) == 1 or sizes[0] > ratio * sizes[1]
        if (
            paragraphs >= FEED_PARAGRAPHS
            and alone
            and ahead < sizes[0] * AHEAD_SHARE
            and outside < sizes[0] * OUTSIDE_SHARE
        ):
            return rail
    return None


def _gives_back_first(draft: Draft) -> bool:
    """Whether the first item of a rail without a heading was the page's own article, dated like the others: it alone
    has paragraphs, and the page has little other text, above all not before it.
    """
    page = draft.page
    rail = next((rail for rail in draft.rails if rail.has_body), None)
    if rail is None or rail.heading >= 0 or len(rail.items) < 2 or rail.items[0].date_after:
        return False
    first, *others = [text_lines(page.cls[item.body : item.end]) for item in rail.items]
    own = sum(page.prose[rail.items[0].body : rail.items[0].end])
    share = AHEAD_SHARE if draft.run.start < rail.start else 1.0
    is_own = first >= FEED_PARAGRAPHS > PARAGRAPHS >= max(others) and words_outside(draft) < own * share
    if is_own:
        del rail.items[0]
    return is_own


def words_outside(draft: Draft) -> int:
    """The words of the run of text outside of the rails."""
    run = draft.run
    return sum(map(mul, draft.page.prose[run.start : run.end], map(not_, draft.masked[run.start : run.end])))
