"""How sure the cut of a primary is: the chance that nine tenths of its text are right.

A logistic of five numbers of the cut itself; the weights are fitted on labelled pages and checked on publishers and
layouts that were held out, see docs/cutting.md.
"""

from __future__ import annotations

import math
from operator import mul, not_
from typing import Final

from cuttings.pages.page import Page
from cuttings.pages.primary import Run

WEIGHTS: Final = (1.11, 0.19, 0.42, -2.07, -1.96)
BIAS: Final = -2.53
# Log-odds of a line count within these bounds.
ODDS_BOUND: Final = 4.0


def cut_features(page: Page, run: Run, body: list[int], masked: bytearray) -> tuple[float, ...]:
    """Mean log-odds of the text; the lift its run needed; its words (log); and, as shares of its words, the text left
    outside of run and rails and the lines left out within the run.
    """
    words = sum(page.words[i] for i in body)
    if not words:
        return (0.0, run.lift, 0.0, 1.0, 1.0)
    odds = sum(min(max(page.score[i], -ODDS_BOUND), ODDS_BOUND) * page.words[i] for i in body) / words
    free = list(map(not_, masked))
    outside = sum(map(mul, page.prose[: run.start], free)) + sum(map(mul, page.prose[run.end :], free[run.end :]))
    within = sum(map(mul, page.words[run.start : run.end], free[run.start : run.end])) - words
    return (
        odds,
        run.lift,
        math.log10(words),
        min(1.0, outside / words),
        min(1.0, max(0, within) / words),
    )


def primary_confidence(features: tuple[float, ...]) -> float:
    """Chance of a good cut, rounded to a hundredth."""
    total = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, features, strict=True))
    return round(1 / (1 + math.exp(-total)), 2)
