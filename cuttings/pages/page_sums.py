"""Sums, windows, neighbours and distances of the lines of many pages at once, each within its page."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cuttings.pages.measures import Bools, Bytes, Ints

# Lengths are told apart up to here; log2 steps of an eighth give 96 levels.
LENGTH_CAP: Final = 4_095


class PageSums:
    """Sums, windows and neighbours of lines that stay within the page."""

    def __init__(self, bounds: Ints) -> None:
        self.counts = np.diff(bounds)
        self.bounds = bounds
        self.size = int(bounds[-1])
        self.first = np.repeat(bounds[:-1], self.counts)
        self.end = np.repeat(bounds[1:], self.counts)
        self.count = self.end - self.first
        self.at = np.arange(self.size)

    def window(self, reach_before: int, reach_after: int) -> tuple[Ints, Ints]:
        return np.maximum(self.at - reach_before, self.first), np.minimum(self.at + reach_after + 1, self.end)

    def shifted(self, values: Bytes, by: int) -> Bytes:
        """Value of the line `by` lines on (back if negative); 0 beyond the page."""
        result = np.zeros_like(values)
        if by > 0:
            result[:-by] = values[by:]
            result[self.at + by >= self.end] = 0
        else:
            result[-by:] = values[:by]
            result[self.at + by < self.first] = 0
        return result

    def total(self, values: Ints | Bools) -> Ints:
        """Sum over the page, for each of its lines."""
        running = running_sum(values)
        return np.repeat(running[self.bounds[1:]] - running[self.bounds[:-1]], self.counts)

    def longest_other(self, values: Ints, is_after: bool) -> Ints:
        """Greatest value (0..LENGTH_CAP) of the lines of the page before or after each line."""
        lift = np.repeat(np.arange(len(self.counts)) << 13, self.counts)
        result = np.zeros(self.size, np.int64)
        if is_after:
            best = np.maximum.accumulate((values - lift)[::-1])[::-1] + lift
            result[:-1] = best[1:]
            result[self.at + 1 == self.end] = 0
        else:
            best = np.maximum.accumulate(values + lift) - lift
            result[1:] = best[:-1]
            result[self.at == self.first] = 0
        return result

    def lines_to(self, marks: Bools, is_after: bool) -> Ints:
        """Lines from the last mark before, or to the next one after, each line; LENGTH_CAP where there is none."""
        if is_after:
            beyond = self.size + LENGTH_CAP
            nearest = np.minimum.accumulate(np.where(marks, self.at, beyond)[::-1])[::-1]
            nearest = np.append(nearest[1:], beyond)
            return np.where(nearest < self.end, nearest - self.at, LENGTH_CAP)
        nearest = np.maximum.accumulate(np.where(marks, self.at, -1))
        nearest = np.append(-1, nearest[:-1])
        return np.where(nearest >= self.first, self.at - nearest, LENGTH_CAP)


def running_sum(values: NDArray[np.generic]) -> NDArray[np.int64]:
    """Sums of the values before each place, one longer than the values."""
    result = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=result[1:])
    return result
