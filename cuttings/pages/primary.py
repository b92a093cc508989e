"""The page's own article: where its text runs, outside of the rails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

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


@dataclass(slots=True)
class Run:
    """Lines `start` to `end` of the greatest sum; `lift` is what had to be added to the log-odds of a doubtful page."""

    start: int
    end: int
    lift: float = 0.0


def find_run(page: Page, masked: bytearray, entries: frozenset[int]) -> Run:
    """The run of text of the primary; lines of rails count nothing, times of live entries do not part it."""
    every = sum(words for words, m in zip(page.words, masked, strict=True) if not m)
    enough = min(ENOUGH_WORDS, every // 2)
    run = _best(page, masked, entries, 0.0)
    while run.lift < LIFT_MOST_LOG_ODDS and _words(page, run, masked) < enough:
        run = _best(page, masked, entries, run.lift + LIFT_STEP_LOG_ODDS)
    return run


def _words(page: Page, run: Run, masked: bytearray) -> int:
    return sum(page.words[i] for i in range(run.start, run.end) if not masked[i])


def _best(page: Page, masked: bytearray, entries: frozenset[int], lift: float) -> Run:
    """Kadane's maximal run; the first of equals."""
    best, start, end = 0.0, 0, 0
    total, first = 0.0, 0
    for i, c in enumerate(page.cls):
        if masked[i] or i in entries or c in SOFT:
            continue
        odds = min(max(page.score[i] + lift, LEAST_LOG_ODDS), GREATEST_LOG_ODDS)
        if c in MILD:
            odds = MILD_LOG_ODDS
        elif c in _MARKERS or c == DATE:
            odds = min(odds, MARKER_LOG_ODDS)
        if total <= 0:
            total, first = 0.0, i
        total += odds * page.words[i] - BARRIER.get(c, 0.0)
        if total > best:
            best, start, end = total, first, i + 1
    return Run(start, end, lift)


def core(page: Page, run: Run, masked: bytearray) -> int:
    """The first line of a run that is surely text; its first line when none is."""
    for i in range(run.start, run.end):
        if page.cls[i] == BODY and page.score[i] + run.lift > 0 and not masked[i]:
            return i
    return run.start
