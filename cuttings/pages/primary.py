"""The page's own article: where its text runs, outside of the rails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cuttings.pages.grammar import BODY, DATE, Page
from cuttings.pages.runs import (
    ENOUGH_WORDS,
    GREATEST_LOG_ODDS,
    LEAST_LOG_ODDS,
    LIFT_MOST_LOG_ODDS,
    LIFT_STEP_LOG_ODDS,
)

# What crossing a comments heading or a related heading costs a run, in log-odds times words.
BARRIER: Final = {ord("C"): 40.0, ord("R"): 8.0}
# A line of furniture words or a date inside a run: its log-odds are at most this.
MARKER_LOG_ODDS: Final = -0.5
_MARKERS: Final = frozenset(b"HNVGXQ")
# Behind adverts and also-read lines the text resumes; own promotion and read-more lines cost little.
SOFT: Final = frozenset(b"AI")
MILD: Final = frozenset(b"PK")
MILD_LOG_ODDS: Final = -1.0


Floats = NDArray[np.float64]


def _table(classes: frozenset[int]) -> NDArray[np.bool_]:
    """For each class character whether it is one of `classes`."""
    return np.isin(np.arange(256), sorted(classes))


SOFT_TABLE: Final = _table(SOFT)
MILD_TABLE: Final = _table(MILD)
MARKED_TABLE: Final = _table(_MARKERS | {DATE})
COST_TABLE: Final = np.array([BARRIER.get(c, 0.0) for c in range(256)])


@dataclass(slots=True)
class Run:
    """Lines `start` to `end` of the greatest sum; `lift` is what had to be added to the log-odds of a doubtful page."""

    start: int
    end: int
    lift: float = 0.0


def find_run(page: Page, masked: bytearray, entries: frozenset[int]) -> Run:
    """The run of text of the primary; lines of rails count nothing, times of live entries do not part it."""
    parts = _gains(page, masked, entries)
    words = parts[1]
    enough = min(ENOUGH_WORDS, int(words.sum()) // 2)
    run = _best(page, parts, 0.0)
    while run.lift < LIFT_MOST_LOG_ODDS and words[run.start : run.end].sum() < enough:
        run = _best(page, parts, run.lift + LIFT_STEP_LOG_ODDS)
    return run


def _gains(page: Page, masked: bytearray, entries: frozenset[int]) -> tuple[Floats, Floats, Floats]:
    """Log-odds of the lines, their words, and a cost of each line whatever its words."""
    cls = np.frombuffer(page.cls, np.uint8)
    odds = np.array(page.score)
    free = (np.frombuffer(masked, np.uint8) > 0) | SOFT_TABLE[cls]
    free[list(entries)] = True
    words = np.where(free, 0, np.array(page.words, np.float64))
    return odds, words, np.where(free, 0.0, COST_TABLE[cls])


def _best(page: Page, parts: tuple[Floats, Floats, Floats], lift: float) -> Run:
    """Kadane's maximal run; the first of equals."""
    odds, words, cost = parts
    cls = np.frombuffer(page.cls, np.uint8)
    lifted = np.clip(odds + lift, LEAST_LOG_ODDS, GREATEST_LOG_ODDS)
    lifted = np.where(MARKED_TABLE[cls], np.minimum(lifted, MARKER_LOG_ODDS), lifted)
    lifted = np.where(MILD_TABLE[cls], MILD_LOG_ODDS, lifted)
    # Whole numbers: a sum of floats would depend on the order it is taken in.
    gains = np.rint((lifted * words - cost) * 64).astype(np.int64)
    sums = np.concatenate([[0], np.cumsum(gains)])
    lowest = np.minimum.accumulate(sums)
    end = int(np.argmax(sums - lowest))
    start = int(np.argmax(sums[: end + 1] == lowest[end]))
    while start < end and gains[start] == 0:
        start += 1
    return Run(start, end, lift) if end > start else Run(0, 0, lift)


def core(page: Page, run: Run, masked: bytearray) -> int:
    """The first line of a run that is surely text; its first line when none is."""
    for i in range(run.start, run.end):
        if page.cls[i] == BODY and page.score[i] + run.lift > 0 and not masked[i]:
            return i
    return run.start
