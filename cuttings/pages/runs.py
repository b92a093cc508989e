"""The run of lines that is the body, from the scores alone: for pages in which the grammar finds no structure.

A body is the stretch of lines with the greatest sum of log-odds times words (Kadane's maximal subarray). A body that
resumes after an advert needs no special case: the run bridges a gap whose loss is smaller than what follows it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

# Log-odds count within these bounds: one sure menu line must not outweigh the paragraph after it.
LEAST_LOG_ODDS: Final = -4.0
GREATEST_LOG_ODDS: Final = 2.0
# Lines of a run below this are no body: captions, adverts, inline links. Lower than 0, as a run speaks for its lines.
DROP_BELOW_LOG_ODDS: Final = -0.75
# A run with fewer words makes the page doubtful as a whole: all its scores are raised until a run has them, or half
# of the page's words.
ENOUGH_WORDS: Final = 50
LIFT_STEP_LOG_ODDS: Final = 0.5
LIFT_MOST_LOG_ODDS: Final = 8.0


def best_run(scores: NDArray[np.float32], words: NDArray[np.int64]) -> tuple[int, int]:
    """First and past-the-last line of the run of one page with the greatest sum of scores times words.

    The first of equals, without leading lines of no gain; (0, 0) where no line speaks for itself.
    """
    gains = np.rint(np.clip(scores, LEAST_LOG_ODDS, GREATEST_LOG_ODDS) * 64).astype(np.int64) * words
    sums = np.concatenate([[0], np.cumsum(gains)])
    lowest = np.minimum.accumulate(sums)
    end = int(np.argmax(sums - lowest))
    start = int(np.flatnonzero(sums[: end + 1] == lowest[end])[-1])
    return (start, end) if end > start else (0, 0)


def body_lines(scores: NDArray[np.float32], words: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True for the lines of one page that make up its body; on a page with words some line is always taken."""
    enough = min(ENOUGH_WORDS, int(words.sum()) // 2)
    start, end = best_run(scores, words)
    lift = 0.0
    while words[start:end].sum() < enough and lift < LIFT_MOST_LOG_ODDS:
        lift += LIFT_STEP_LOG_ODDS
        start, end = best_run(scores + np.float32(lift), words)
    chosen = np.zeros(len(scores), np.bool_)
    chosen[start:end] = (scores[start:end] + lift >= DROP_BELOW_LOG_ODDS) & (words[start:end] > 0)
    if not chosen.any() and words.any():
        chosen[np.argmax(np.where(words > 0, scores, -np.inf))] = True
    return chosen
