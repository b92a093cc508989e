"""How sure the cut of a primary is: the chance that nine tenths of its text are right.

A logistic of five numbers of the cut itself; the weights are fitted on labelled pages and checked on publishers and
layouts that were held out, see docs/cutting.md.
"""

from __future__ import annotations

import math
from operator import mul, not_
from typing import Final

from cuttings.pages.logits import fitted
from cuttings.pages.page import Page
from cuttings.pages.primary import Run

PRIMARY: Final = fitted("primary_confidence")
# Log-odds of a line count within these bounds.
ODDS_BOUND: Final = 4.0


def cut_features(page: Page, run: Run, body: list[int], masked: bytearray) -> dict[str, float]:
    """Mean log-odds of the text; the lift its run needed; its words (log); and, as shares of its words, the text left
    outside of run and rails and the lines left out within the run.
    """
    words = sum(page.words[i] for i in body)
    if not words:
        return {"log-odds": 0.0, "lift": run.lift, "log words": 0.0, "outside": 1.0, "left out": 1.0}
    odds = sum(min(max(page.score[i], -ODDS_BOUND), ODDS_BOUND) * page.words[i] for i in body) / words
    free = list(map(not_, masked))
    outside = sum(map(mul, page.prose[: run.start], free)) + sum(map(mul, page.prose[run.end :], free[run.end :]))
    within = sum(map(mul, page.words[run.start : run.end], free[run.start : run.end])) - words
    return {
        "log-odds": odds,
        "lift": run.lift,
        "log words": math.log10(words),
        "outside": min(1.0, outside / words),
        "left out": min(1.0, max(0, within) / words),
    }
