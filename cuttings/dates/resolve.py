"""Readings and capture times to intervals on the UTC line, all rows at once.

`instant` is the best point under the stated assumption (UTC where no zone is written); the interval holds under any.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from cuttings.dates import zones
from cuttings.dates.binding import ABSOLUTE, AGE, CALENDAR, CLOCK, NOW, WEEKDAY, YEARLESS
from cuttings.dates.civil import (
    DAY_S,
    NONE,
    THURSDAY,
    Bools,
    Ints,
    Ints2,
    civil_of,
    days_of,
    is_date,
    months_back,
    squeezed,
)  # fmt: skip
from cuttings.dates.reading import PRECISION_S, PRECISIONS, UNITS, Readings

# A wall clock of an unknown zone: local time is UTC+14 at most and UTC-12 at least.
AHEAD_S: Final = 14 * 3600
BEHIND_S: Final = 12 * 3600
_NOW_S: Final = 300  # "just now" is used for some minutes
_VAGUE_S: Final = 90  # "a few seconds ago" up to moment's threshold for minutes, with its rounding
FUTURE_S: Final = DAY_S  # a date later than this after the capture carries a flag
_UNIT_S: Final = np.array([1, 60, 3600, DAY_S, 7 * DAY_S, 0, 0, 0, 0], dtype=np.int64)
_UNIT_MONTHS: Final = np.array([0, 0, 0, 0, 0, 1, 12, 120, 0], dtype=np.int64)
_MONTH_S: Final = 2_629_746  # mean Gregorian month, for offsets in seconds only
_YEAR_S: Final = 366 * DAY_S
_LEAP_CYCLE: Final = 9  # years back at most until a 29 February is found


@dataclass(frozen=True, slots=True)
class Resolved:
    """Columns in seconds since 1970; NONE where the text gives none."""

    earliest: Ints
    latest: Ints
    instant: Ints
    local: Ints
    other_earliest: Ints
    other_latest: Ints
    offset: Ints
    is_ambiguous: Bools
    is_future: Bools


def resolve(r: Readings, captured: Ints) -> Resolved:
    """Put readings on the UTC line; `captured` is in seconds since 1970, NONE where it is unknown.

    The interval of an ambiguous date covers all its readings.
    """
    line = _Line(r, captured)
    known = captured != NONE
    for kind, put, needs_capture in (
        (ABSOLUTE, line.put_absolute, False), (YEARLESS, line.put_yearless, True), (AGE, line.put_age, True),
        (NOW, line.put_now, True), (CALENDAR, line.put_calendar, True), (WEEKDAY, line.put_weekday, True),
        (CLOCK, line.put_clock, True),
    ):  # fmt: skip
        rows = np.flatnonzero((r.kind == kind) & (known | (not needs_capture)))
        if len(rows):
            put(rows)
    offset = np.where(r.kind == AGE, r.seconds + r.months * _MONTH_S, NONE)
    ambiguous = line.other_earliest != NONE
    earliest = np.where(ambiguous, np.minimum(line.earliest, line.other_earliest), line.earliest)
    latest = np.where(ambiguous, np.maximum(line.latest, line.other_latest), line.latest)
    future = known & (line.instant != NONE) & (earliest > captured + FUTURE_S)
    return Resolved(
        earliest, latest, line.instant, line.local, line.other_earliest, line.other_latest, offset, ambiguous, future
    )


class _Line:
    """The columns of `Resolved` while they are filled, one kind of reading after the other."""

    def __init__(self, r: Readings, captured: Ints) -> None:
        n = len(captured)
        self.r, self.captured = r, captured
        self.zoned = r.zone >= 0
        self.width = np.array([PRECISION_S.get(p, 0) for p in PRECISIONS], dtype=np.int64)[r.precision * (r.plan >= 0)]
        self.earliest, self.latest, self.instant, self.local, self.other_earliest, self.other_latest = (
            np.full(n, NONE, dtype=np.int64) for _ in range(6)
        )

    def _around(self, rows: Ints, local_s: Ints) -> tuple[Ints, Ints, Ints]:
        """The instants of local clocks, and the interval that holds in any zone."""
        instant = zones.to_utc(local_s, self.r.zone[rows], self.r.offset_s[rows])
        zoned = self.zoned[rows]
        low = instant - np.where(zoned, 0, AHEAD_S)
        return instant, low, instant + self.width[rows] + np.where(zoned, 0, BEHIND_S)

    def _put(self, rows: Ints, local_s: Ints) -> None:
        self.local[rows] = local_s
        self.instant[rows], self.earliest[rows], self.latest[rows] = self._around(rows, local_s)

    def _put_others(self, rows: Ints, ways: Ints2) -> None:
        for way in ways[1:]:
            at = rows[way != NONE]
            _, low, high = self._around(at, way[way != NONE])
            free = self.other_earliest[at] == NONE
            self.other_earliest[at] = np.where(free, low, np.minimum(self.other_earliest[at], low))
            self.other_latest[at] = np.where(free, high, np.maximum(self.other_latest[at], high))

    def _put_bounded(self, rows: Ints, low: Ints, high: Ints) -> None:
        """Where the zone is unknown the capture bounds the interval on both sides."""
        free = ~self.zoned[rows]
        self.earliest[rows] = np.where(free, low, self.earliest[rows])
        self.latest[rows] = np.where(free, high, self.latest[rows])
        self.instant[rows] = np.where(free, np.clip(self.instant[rows], low, high), self.instant[rows])

    def _here(self, rows: Ints) -> Ints:
        """The local clock at the capture."""
        r = self.r
        return self.captured[rows] + np.where(r.zone[rows] == zones.FIXED, r.offset_s[rows], 0)

    def put_absolute(self, rows: Ints) -> None:
        r, captured = self.r, self.captured[rows]
        ways = np.stack([r.local_s[rows], r.second_s[rows], r.third_s[rows]])
        ways = _without_future(_century_back(ways, r.short_year[rows], captured), captured)
        long = r.precision[rows] >= PRECISIONS.index("month")
        if long.any():
            self.width[rows[long]] = _month_s(ways[0][long], r.precision[rows[long]])
        self._put(rows, ways[0])
        self._put_others(rows, ways)

    def put_yearless(self, rows: Ints) -> None:
        r, captured = self.r, self.captured[rows]
        latest, fitting = _latest_years(r.local_s[rows], captured, r.day[rows])
        second, _ = _latest_years(r.second_s[rows], captured, r.day[rows])
        ways = squeezed(np.stack([latest, second, fitting]))
        found = ways[0] != NONE
        self._put(rows[found], ways[0][found])
        self._put_others(rows, ways)

    def put_age(self, rows: Ints) -> None:
        """Half of the sites floor and half round: n units ago is n+1 to n-1/2 units before the capture."""
        r, now = self.r, self.captured[rows]
        months, seconds, unit = r.months[rows], r.seconds[rows], r.unit[rows]
        point = months_back(now, months) - seconds
        one_more = months_back(now, months + _UNIT_MONTHS[unit]) - seconds - _UNIT_S[unit]
        half = (np.where(_UNIT_MONTHS[unit] > 0, _UNIT_MONTHS[unit] * _MONTH_S, _UNIT_S[unit]) + 1) // 2
        vague = unit == UNITS.index("vague")
        self.local[rows] = self.instant[rows] = point
        self.earliest[rows] = np.where(vague, now - _VAGUE_S, one_more)
        self.latest[rows] = np.where(vague, now, np.minimum(point + half, now))
        timed = rows[r.has_clock[rows]]  # "1 day ago at 2 PM"
        if len(timed):
            self._put(timed, self.local[timed] // DAY_S * DAY_S + r.local_s[timed])
            self.earliest[timed] -= DAY_S
            self.latest[timed] = np.minimum(self.latest[timed] + DAY_S, self.captured[timed])
            self.instant[timed] = np.minimum(self.instant[timed], self.latest[timed])

    def put_now(self, rows: Ints) -> None:
        self.local[rows] = self.instant[rows] = self.latest[rows] = self.captured[rows]
        self.earliest[rows] = self.captured[rows] - _NOW_S

    def put_calendar(self, rows: Ints) -> None:
        r, now, day = self.r, self.captured[rows], self.r.day[rows]
        self._put(rows, (self._here(rows) // DAY_S + day) * DAY_S + r.local_s[rows])
        high = np.minimum(now, now + (day + 1) * DAY_S)
        # "Today at 21:00", read at noon, is a plan in most zones.
        high = np.where(r.has_clock[rows], np.maximum(high, self.instant[rows] + self.width[rows]), high)
        self._put_bounded(rows, now + (day - 1) * DAY_S, high)

    def put_weekday(self, rows: Ints) -> None:
        r, now, here = self.r, self.captured[rows], self._here(rows)
        back = (here // DAY_S + THURSDAY - r.day[rows]) % 7
        is_to_come = r.has_clock[rows] & (r.local_s[rows] > here % DAY_S)
        back = np.where((back == 0) & (r.is_last[rows] | is_to_come), 7, back)
        self._put(rows, (here // DAY_S - back) * DAY_S + r.local_s[rows])
        self.latest[rows] = np.minimum(self.latest[rows], np.maximum(now, self.instant[rows]))
        again = rows[(back == 0) & ~r.has_clock[rows]]  # on a Sunday, "Sunday" may be a week ago
        self.other_earliest[again] = self.earliest[again] - 7 * DAY_S
        self.other_latest[again] = self.other_earliest[again] + DAY_S + AHEAD_S + BEHIND_S

    def put_clock(self, rows: Ints) -> None:
        r, now, here = self.r, self.captured[rows], self._here(rows)
        self._put(rows, (here // DAY_S - (r.local_s[rows] > here % DAY_S)) * DAY_S + r.local_s[rows])
        self._put_bounded(rows, now - DAY_S, now)


def _month_s(local_s: Ints, precision: Ints) -> Ints:
    year, month, _ = civil_of(local_s // DAY_S)
    one = np.ones_like(year)
    ends_year = precision == PRECISIONS.index("year")
    last = (month == 12) | ends_year
    end = days_of(year + last, np.where(last, one, month + 1), one) * DAY_S
    result: Ints = end - local_s
    return result


def _latest_years(in_leap_year: Ints, now: Ints, weekday: Ints) -> tuple[Ints, Ints]:
    """The latest such day and clock that has come somewhere on Earth at `now`, and the latest that fits the weekday.

    NONE where there is none. A day ahead of `now` counts when its weekday fits.
    """
    some = in_leap_year != NONE
    _, month, day = civil_of(np.where(some, in_leap_year, 0) // DAY_S)
    clock_s = np.where(some, in_leap_year, 0) % DAY_S
    year, _, _ = civil_of((now + FUTURE_S) // DAY_S)
    latest = np.full(len(now), NONE, dtype=np.int64)
    fitting = latest.copy()
    for back in range(_LEAP_CYCLE):
        valid = is_date(year - back, month, day) & some
        at = days_of(year - back, month, np.where(valid, day, 1)) * DAY_S + clock_s
        fits = valid & ((at // DAY_S + THURSDAY) % 7 == weekday) & (at - FUTURE_S <= now)
        latest = np.where((latest == NONE) & valid & ((at - AHEAD_S <= now) | fits), at, latest)
        fitting = np.where((fitting == NONE) & fits, at, fitting)
        if not (some & ((latest == NONE) | ((weekday != NONE) & (fitting == NONE)))).any():
            break
    return latest, np.where(fitting == latest, NONE, fitting)


def _century_back(ways: Ints2, short_year: Bools, captured: Ints) -> Ints2:
    """A two-digit year after the capture is of the century before."""
    late = short_year & (captured != NONE) & (ways[0] != NONE) & (ways[0] > captured + _YEAR_S)
    late &= ((ways <= captured + _YEAR_S) & (ways != NONE)).sum(axis=0) == 0
    if not late.any():
        return ways
    year, month, day = civil_of(np.where(ways == NONE, 0, ways) // DAY_S)
    back = days_of(year - 100, month, np.minimum(day, np.where(month == 2, 28, day))) * DAY_S + ways % DAY_S
    result: Ints2 = np.where(late[None, :] & (ways != NONE), back, ways)
    return result


def _without_future(ways: Ints2, captured: Ints) -> Ints2:
    """Readings after the capture are dropped where another is before it."""
    known = captured != NONE
    future = known[None, :] & (ways != NONE) & (ways - AHEAD_S > np.where(known, captured, 0)[None, :] + FUTURE_S)
    past = (ways != NONE) & ~future
    drops = future & past.any(axis=0)[None, :]
    kept = np.where(drops, NONE, ways)
    return squeezed(kept)
