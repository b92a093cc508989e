"""Heads of one shape vouch for each other: a site prints the heads of its articles with one template, and the subheads
within them with another.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from cuttings.pages.logits import fitted, log_odds
from cuttings.pages.page import BYLINE, DATE, Page
from cuttings.pages.story_heads import Head

# The log-odds of one head count within these bounds: one sure head must not outweigh the doubts about two others.
LEAST_LOG_ODDS, MOST_LOG_ODDS = -8.0, 7.0
# More blank lines than this say no more.
MOST_GAP: Final = 3

WEIGHTS: Final = fitted("story_shapes")

Shape = tuple[int, int, bytes, bool]


def agree(page: Page, found: Sequence[Head]) -> None:
    """How likely each head starts a story, given what all heads of its shape say."""
    for group in alike(page, found):
        rows = shape_features([head.log_odds for head in group])
        for head, features in zip(group, rows, strict=True):
            head.agreed = log_odds(WEIGHTS, features)


def alike(page: Page, found: Sequence[Head]) -> list[list[Head]]:
    """The heads where a story may start, by their shapes."""
    groups: dict[Shape, list[Head]] = defaultdict(list)
    for head in found:
        if head.log_odds > -math.inf:
            groups[_shape(page, head)].append(head)
    return list(groups.values())


def shape_features(odds: Iterable[float]) -> list[dict[str, float]]:
    """What each head of a shape says and what the others say in the mean, by the names of WEIGHTS."""
    bounded = [min(max(own, LEAST_LOG_ODDS), MOST_LOG_ODDS) for own in odds]
    total, others = sum(bounded), len(bounded) - 1
    return [
        {"own": own, "some alike": others > 0, "alike": (total - own) / others if others else 0.0} for own in bounded
    ]


def _shape(page: Page, head: Head) -> Shape:
    """Blank lines above the title and above the text, and what stands between the two: dates, authors, other lines.
    Above the title it is a date or an author alone, no closer to the text before: other lines may be the end of that.
    """
    cls, gap = page.cls, page.gap
    kinds = bytes(c if c in (DATE, BYLINE) else 0 for c in cls[head.title + 1 : head.body])
    is_led = any(cls[i] in (DATE, BYLINE) and gap[i] >= gap[i + 1] for i in range(head.start, head.title))
    return min(gap[head.title], MOST_GAP), min(gap[head.body], MOST_GAP), kinds, is_led
