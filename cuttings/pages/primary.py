"""The page's own article: where its text runs, outside of the rails.

The body is the run of lines with the greatest sum of log-odds times words (Kadane's maximal subarray). A body that
resumes after an advert needs no special case: the run bridges a gap whose loss is smaller than what follows it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cuttings.pages.page import BODY, DATE, Page

# Log-odds count within these bounds: one sure menu line must not outweigh the paragraph after it.
LEAST_LOG_ODDS: Final = -4.0
GREATEST_LOG_ODDS: Final = 2.0
# A run with fewer words makes the page doubtful as a whole: all its scores are raised until a run has them, or half
# of the page's words.
ENOUGH_WORDS: Final = 50
LIFT_STEP_LOG_ODDS: Final = 0.5
LIFT_MOST_LOG_ODDS: Final = 8.0
# Steps of log-odds: gains are whole numbers, as a sum of floats would depend on the order it is taken in.
STEPS: Final = 64
# What crossing a comments heading or a related heading costs a run, in log-odds times words.
BARRIER: Final = {ord("C"): 40.0, ord("R"): 8.0}
# A line of furniture words or a date inside a run: its log-odds are at most this.
MARKER_LOG_ODDS: Final = -0.5
# Behind adverts and also-read lines the text resumes; own promotion and read-more lines cost little.
SOFT: Final = frozenset(b"AI")
MILD_LOG_ODDS: Final = -1.0

_IS_SOFT: Final = np.array([c in SOFT for c in range(256)], np.uint8)
_COST: Final = np.array([BARRIER.get(c, 0.0) for c in range(256)])
# The most that the log-odds of a line of a class may be, and the least.
_MOST: Final = np.full(256, GREATEST_LOG_ODDS)
_LEAST: Final = np.full(256, LEAST_LOG_ODDS)
_MOST[[*b"HNVGXQ", DATE]] = MARKER_LOG_ODDS
_MOST[list(b"PK")] = _LEAST[list(b"PK")] = MILD_LOG_ODDS

Ints = NDArray[np.int64]


@dataclass(slots=True)
class Run:
    """Lines `start` to `end` of the greatest sum; `lift` is what had to be added to the log-odds of a doubtful page."""

    start: int
    end: int
    lift: float = 0.0


def best_run(gains: Ints) -> tuple[int, int]:
    """First and past-the-last line of the run with the greatest sum; the first of equals, without leading lines of no
    gain. (0, 0) where no line gains anything.
    """
    sums = np.zeros(len(gains) + 1, np.int64)
    np.cumsum(gains, out=sums[1:])
    lowest = np.minimum.accumulate(sums)
    end = int((sums - lowest).argmax())
    if not end:
        return 0, 0
    start = int((sums == lowest[end]).argmax())
    return start + int((gains[start:end] != 0).argmax()), end


def lifted_run(gains_at: Callable[[float], Ints], words: Ints) -> Run:
    """The best run of the gains at the smallest lift at which it has enough words, or at the greatest lift."""
    enough = min(ENOUGH_WORDS, int(words.sum()) // 2)
    lift = 0.0
    start, end = best_run(gains_at(lift))
    while lift < LIFT_MOST_LOG_ODDS and words[start:end].sum() < enough:
        lift += LIFT_STEP_LOG_ODDS
        start, end = best_run(gains_at(lift))
    return Run(start, end, lift)


def find_run(page: Page, masked: bytearray, entries: frozenset[int]) -> Run:
    """The run of text of the primary; lines of rails count nothing, times of live entries do not part it."""
    cls = np.frombuffer(page.cls, np.uint8)
    free = np.frombuffer(masked, np.uint8) | _IS_SOFT[cls]
    free[list(entries)] = 1
    words = page.word_counts * (free == 0)
    cost = _COST[cls] * (free == 0)
    least, most = _LEAST[cls], _MOST[cls]

    def gains(lift: float) -> Ints:
        odds = np.minimum(np.maximum(page.log_odds + lift, least), most)
        return np.asarray(np.rint((odds * words - cost) * STEPS), np.int64)

    return lifted_run(gains, words)


def core(page: Page, run: Run, masked: bytearray) -> int:
    """The first line of a run that is surely text; its first line when none is."""
    for i in range(run.start, run.end):
        if page.cls[i] == BODY and page.score[i] + run.lift > 0 and not masked[i]:
            return i
    return run.start
