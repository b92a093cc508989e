"""The page's own article: where its text runs, outside of the rails.

The body is the run of lines with the greatest sum of log-odds times words (Kadane's maximal subarray). A body that
resumes after an advert needs no special case: the run bridges a gap whose loss is smaller than what follows it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cuttings.pages.page import BODY, DATE, Page

# Log-odds count within these bounds: one sure menu line must not outweigh the paragraph after it.
LEAST_LOG_ODDS: Final = -4.0
GREATEST_LOG_ODDS: Final = 2.0
# A run with fewer words makes the page doubtful as a whole: all its scores are raised until a run has them, or half of
# the page's words; by one step at most where the run has a line as long as a paragraph, as a list of headlines soon has
# more words than a short report. (80 to 120 and 35 to 40 words did alike on publishers held out.)
ENOUGH_WORDS: Final = 80
PARAGRAPH_WORDS: Final = 40
LIFT_STEP_LOG_ODDS: Final = 0.5
LIFT_MOST_LOG_ODDS: Final = 8.0
# The first and the last lines of a text are the shortest and the least sure: so many lines at either end of a run are
# taken while they would gain at this much more, up to a line of a rail, a date, a related or a comments heading.
EDGE_LINES: Final = 4
EDGE_LOG_ODDS: Final = 0.5
EDGE_STOPS: Final = (ord("R"), ord("C"), DATE)
STOP_GAIN: Final = -(2**40)
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
_IS_STOP: Final = np.array([c in EDGE_STOPS for c in range(256)])
_COST: Final = np.array([BARRIER.get(c, 0.0) for c in range(256)])
# The most that the log-odds of a line of a class may be, and the least.
_MOST: Final = np.full(256, GREATEST_LOG_ODDS)
_LEAST: Final = np.full(256, LEAST_LOG_ODDS)
_MOST[[*b"HNVGXQ", DATE]] = MARKER_LOG_ODDS
_MOST[list(b"PK")] = _LEAST[list(b"PK")] = MILD_LOG_ODDS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(slots=True)
class Run:
    """Lines `start` to `end` of the greatest sum; `lift` is what had to be added to the log-odds of a doubtful page."""

    start: int
    end: int
    lift: float = 0.0


def best_runs(gains: Ints, bounds: Ints) -> tuple[Ints, Ints]:
    """The first and past-the-last line of the run with the greatest sum, for each page, lines `bounds[p]` to
    `bounds[p + 1]`: the first of equals, without leading lines of no gain. Both are the page's first line where no line
    gains anything. No page is empty.
    """
    first, last = bounds[:-1], bounds[1:]
    page = np.repeat(np.arange(len(first)), last - first)
    # Sums before each line and behind it, from the start of its page.
    behind = np.cumsum(gains)
    behind -= (behind[first] - gains[first])[page]
    before = behind - gains
    # A lower page is lifted above all sums of the one before, so that one running minimum serves all pages.
    lift = page * np.int64(2 * int(np.abs(behind).max()) + 1)
    lowest = np.minimum.accumulate(before - lift) + lift
    rise = behind - lowest
    greatest = np.maximum.reduceat(rise, first)
    end = _first_in_page(rise == greatest[page], first)
    start = _first_in_page(before == lowest[end][page], first)
    gaining = np.append(np.flatnonzero(gains), len(gains))
    start = gaining[np.searchsorted(gaining, start)]
    has_run = greatest > 0
    return np.where(has_run, start, first), np.where(has_run, end + 1, first)


def _first_in_page(marks: NDArray[np.bool_], first: Ints) -> Ints:
    """The first marked line of each page; each has one."""
    found = np.flatnonzero(marks)
    return np.asarray(found[np.searchsorted(found, first)])


def lifted_runs(gains_at: Callable[[float, Ints], Ints], words: Ints, bounds: Ints) -> list[Run]:
    """The best run of each page, counted from its first line, at the smallest lift at which it has enough words, at the
    first lift where it has a paragraph, or at the greatest. `gains_at` gives the gains of some lines at a lift. No page
    is empty.
    """
    sums = np.concatenate([[0], np.cumsum(words)])
    paragraphs = np.concatenate([[0], np.cumsum(words >= PARAGRAPH_WORDS)])
    enough = np.minimum(ENOUGH_WORDS, (sums[bounds[1:]] - sums[bounds[:-1]]) // 2)
    runs = [Run(0, 0)] * len(enough)
    sizes = np.diff(bounds)
    pending, lift = np.arange(len(enough)), 0.0
    while len(pending):
        inner = np.concatenate([[0], np.cumsum(sizes[pending])])
        shift = bounds[pending] - inner[:-1]
        lines = np.arange(inner[-1]) + np.repeat(shift, sizes[pending])
        start, end = best_runs(gains_at(lift, lines), inner)
        is_last = sums[end + shift] - sums[start + shift] >= enough[pending]
        is_last |= (paragraphs[end + shift] > paragraphs[start + shift]) & (lift > 0)
        is_last |= lift >= LIFT_MOST_LOG_ODDS
        for at in np.flatnonzero(is_last).tolist():
            runs[int(pending[at])] = Run(int(start[at] - inner[at]), int(end[at] - inner[at]), lift)
        pending, lift = pending[~is_last], lift + LIFT_STEP_LOG_ODDS
    return runs


def find_runs(pages: Sequence[Page], masked: Sequence[bytearray], entries: Sequence[frozenset[int]]) -> list[Run]:
    """The run of text of the primary of each page; masked lines, those of rails, count nothing, times of live entries
    do not part a run. No page is empty.
    """
    if not pages:
        return []
    bounds = np.cumsum([0, *(len(page.cls) for page in pages)])
    cls = np.frombuffer(b"".join([page.cls for page in pages]), np.uint8)
    free = np.frombuffer(b"".join(masked), np.uint8) | _IS_SOFT[cls]
    for first, times in zip(bounds.tolist(), entries, strict=False):
        free[[first + i for i in times]] = 1
    odds = np.concatenate([page.log_odds for page in pages])
    words = np.concatenate([page.word_counts for page in pages]) * (free == 0)
    cost = _COST[cls] * (free == 0)
    least, most = _LEAST[cls], _MOST[cls]

    def gains(lift: float | Floats, at: Ints | slice) -> Ints:
        lifted = np.minimum(np.maximum(odds[at] + lift, least[at]), most[at])
        return np.asarray(np.rint((lifted * words[at] - cost[at]) * STEPS), np.int64)

    runs = lifted_runs(gains, words, bounds)
    is_stop = _IS_STOP[cls] | (np.frombuffer(b"".join(masked), np.uint8) > 0)
    lifts = np.repeat([run.lift + EDGE_LOG_ODDS for run in runs], np.diff(bounds))
    edge_gains = np.where(is_stop, STOP_GAIN, gains(lifts, slice(None))).tolist()
    for run, (first, last) in zip(runs, pairwise(bounds.tolist()), strict=True):
        if run.end > run.start:
            run.start -= _edge(edge_gains[max(first, first + run.start - EDGE_LINES) : first + run.start][::-1])
            run.end += _edge(edge_gains[first + run.end : min(last, first + run.end + EDGE_LINES)])
    return runs


def _edge(gains: list[int]) -> int:
    """How many of the lines next to a run have the greatest sum; none where no line gains."""
    sums = list(accumulate(gains, initial=0))
    return sums.index(max(sums))


def core(page: Page, run: Run, masked: bytearray) -> int:
    """The first line of a run that is surely text; its first line when none is."""
    for i in range(run.start, run.end):
        if page.cls[i] == BODY and page.score[i] + run.lift > 0 and not masked[i]:
            return i
    return run.start
