"""From unique texts to readings, as columns: structure from the skeleton's plan, numbers from the digits.

A reading does not know the capture time; `resolve` puts it on the UTC line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from cuttings.dates import zones
from cuttings.dates.binding import (
    ABSOLUTE,
    AGE,
    CALENDAR,
    FIELDS,
    MONTHS,
    MOST_AGES,
    SECONDS,
    YEARLESS,
    Plan,
)  # fmt: skip
from cuttings.dates.civil import (
    DAY_S,
    NONE,
    THURSDAY,
    Bools,
    Ints,
    Ints2,
    civil_of,
    days_of,
    days_of_persian,
    is_date,
    squeezed,
)
from cuttings.dates.skeletons import NO_PLAN

_CENTURY_PIVOT: Final = 69  # of two-digit years, as in POSIX: 69-99 are of the 1900s
_YEARS: Final = (1900, 2099)
PRECISIONS: Final = ("second", "minute", "hour", "day", "week", "month", "year")
PRECISION_S: Final = {"second": 1, "minute": 60, "hour": 3600, "day": DAY_S, "week": 7 * DAY_S}


@dataclass(frozen=True, slots=True)
class Readings:
    """Columns of the readings of N texts. Seconds are of the local clock since 1970; NONE where there is no value."""

    plan: Ints  # index into `plans`, -1 without a reading
    kind: Ints
    precision: Ints  # index into precisions
    local_s: Ints  # ABSOLUTE: the local clock; YEARLESS: the same in year 2000; others: seconds of the day
    second_s: Ints  # the next order that a numeric date can be read in
    third_s: Ints
    order: Ints  # of a numeric date: DAY_FIRST, MONTH_FIRST, or either, the default one first; 0 for others
    has_clock: Bools
    short_year: Bools  # two digits were written
    zone: Ints  # index into zones.names(), -1 without a written zone
    offset_s: Ints  # written offset, when zone is a number
    months: Ints  # AGE: months back
    seconds: Ints  # AGE: seconds back
    unit: Ints  # AGE: index of the finest unit in _UNITS
    day: Ints  # CALENDAR: 0, -1, -2; others: the weekday, Monday 0, NONE without one
    is_last: Bools


UNITS: Final = ("second", "minute", "hour", "day", "week", "month", "year", "decade", "vague")


def read(index: Ints, chosen: list[Plan], digits: Ints, starts: Ints) -> Readings:
    """Readings of texts whose plan is `chosen[index]`; rows whose numbers make no date lose their plan."""
    chosen = chosen or [_NO_DATE]
    has = index >= 0
    safe = np.where(has, index, 0)

    def of_plan(values: Iterable[int]) -> Ints:
        return np.fromiter(values, dtype=np.int64, count=len(chosen))[safe]

    value = _numbers(chosen, safe, digits, starts)
    kind = of_plan(p.kind for p in chosen)
    clock_s, clock_ok, has_clock = _clock(value, of_plan(_PERIODS.index(p.period) for p in chosen))
    year = _full_year(value, *(of_plan(p.constants.get(name, 0) for p in chosen) for name in ("era", "short_era")))
    year = _from_persian(value, year)
    weekday = of_plan(p.constants.get("W", NONE) for p in chosen)
    month_first = of_plan(p.is_month_first for p in chosen) > 0
    year_first = of_plan(p.is_year_first for p in chosen) > 0
    day_first = of_plan(p.is_day_first for p in chosen) > 0
    candidates, order = _candidates(
        value, year, weekday, month_first=month_first, day_first=day_first, year_first=year_first
    )
    candidates = np.where(candidates == NONE, NONE, candidates + clock_s)
    months, seconds, unit, age_ok = _age(chosen, value, safe)
    offset, zone, zone_ok = _zone(chosen, value, safe)
    dated = (kind == ABSOLUTE) | (kind == YEARLESS)
    ok = has & clock_ok & zone_ok & (~dated | (candidates[0] != NONE)) & ((kind != AGE) | age_ok)
    return Readings(
        plan=np.where(ok, index, NO_PLAN),
        kind=np.where(ok, kind, 0),
        precision=of_plan(PRECISIONS.index(p.precision) for p in chosen),
        local_s=np.where(dated, candidates[0], clock_s),
        second_s=np.where(dated, candidates[1], NONE),
        third_s=np.where(dated, candidates[2], NONE),
        order=order,
        has_clock=has_clock,
        short_year=value["y_len"] == 2,
        zone=zone,
        offset_s=offset,
        months=months,
        seconds=seconds,
        unit=unit,
        day=of_plan(p.constants.get("C" if p.kind == CALENDAR else "W", NONE) for p in chosen),
        is_last=of_plan(p.is_last for p in chosen) > 0,
    )


_NO_DATE: Final = Plan(0, "", 0, 0, "", PRECISIONS[-1])


def _numbers(chosen: list[Plan], safe: Ints, digits: Ints, starts: Ints) -> dict[str, Ints]:
    """The numbers of each field, from digits or from words, NONE without one; and how many digits were written."""
    value: dict[str, Ints] = {}
    nothing, no_digits = np.full(len(safe), NONE, dtype=np.int64), np.zeros(len(safe), dtype=np.int64)
    for name in FIELDS:
        if not any(name in p.places or name in p.constants for p in chosen):
            value[name], value[name + "_len"] = nothing, no_digits
            continue
        places = [p.places.get(name, (0, 0)) for p in chosen]
        number = np.array([p.constants.get(name, NONE) for p in chosen], dtype=np.int64)[safe]
        length = np.array([p[1] for p in places], dtype=np.int64)[safe]
        if length.any():
            first = starts + np.array([p[0] for p in places], dtype=np.int64)[safe]
            written = np.zeros(len(safe), dtype=np.int64)
            for k in range(int(length.max())):
                digit = digits[np.minimum(first + k, len(digits) - 1)]
                written = np.where(k < length, written * 10 + digit, written)
            number = np.where(length > 0, written, number)
        value[name], value[name + "_len"] = number, length
    _split_compact(value)
    return value


def _candidates(
    value: dict[str, Ints], year: Ints, weekday: Ints, *, month_first: Bools, day_first: Bools, year_first: Bools
) -> tuple[Ints2, Ints]:
    """The days a date can be, in seconds, the likeliest first (a named date has one), and what decides its order."""
    numeric, has_year = value["a"] != NONE, year != NONE
    any_year = np.where(has_year, year, _LEAP_YEAR)
    a, b = value["a"], value["b"]
    month, day = (np.where(value[k] == NONE, 1, value[k]) for k in ("m", "d"))
    named = _day_s(any_year, month, day, ~numeric)
    day_month, month_day = _day_s(any_year, b, a, numeric), _day_s(any_year, a, b, numeric)
    month_day = np.where(day_first & (day_month != NONE), NONE, month_day)
    # 24.12.02 is a year first where that is the custom; elsewhere only when nothing else fits.
    may_lead = numeric & has_year & (value["a_len"] == 2) & (value["y_len"] == 2)
    leading = _day_s(np.where(may_lead, _century(a), _LEAP_YEAR), b, value["y"], may_lead)
    fits = (day_month != NONE) | (month_day != NONE)
    leading = np.where(fits & ~year_first & (value["y"] <= 12), NONE, leading)
    first, second = np.where(month_first, month_day, day_month), np.where(month_first, day_month, month_day)
    swaps = has_year & (second != NONE) & (_weekday(first) != weekday) & (_weekday(second) == weekday)
    first, second = np.where(swaps, second, first), np.where(swaps, first, second)
    leads = year_first & (leading != NONE)
    ordered = np.where(leads, [leading, first, second], [first, second, leading])
    candidates = squeezed(np.where(numeric, ordered, [named, np.full_like(named, NONE), np.full_like(named, NONE)]))
    either = np.where(candidates[0] == month_day, EITHER_MONTH_FIRST, EITHER_DAY_FIRST)
    only = np.where(day_month != NONE, DAY_FIRST, MONTH_FIRST)
    return candidates, np.where(numeric & fits, np.where(candidates[1] != NONE, either, only), 0)


def _day_s(year: Ints, month: Ints, day: Ints, where: Bools) -> Ints:
    """Seconds at the start of a day, NONE where the numbers are no day of a plausible year."""
    fits = where & is_date(year, month, day) & (year >= _YEARS[0]) & (year <= _YEARS[1])
    days = days_of(np.where(fits, year, _LEAP_YEAR), np.where(fits, month, 1), np.where(fits, day, 1))
    return np.where(fits, days * DAY_S, NONE)


def _weekday(day_s: Ints) -> Ints:
    return np.where(day_s == NONE, NONE, (day_s // DAY_S + THURSDAY) % 7)


_LEAP_YEAR: Final = 2000  # holds any month and day
_BUDDHIST: Final = (2443, 2643)  # years of the Buddhist era, 543 ahead, that fall in 1900-2100


def _century(year: Ints) -> Ints:
    result: Ints = np.where(year < _CENTURY_PIVOT, 2000 + year, 1900 + year)
    return result


def _full_year(value: dict[str, Ints], era: Ints, short_era: Ints) -> Ints:
    """Years of our era; `era` is the year 0 of the one that was written, `short_era` that of its two-digit years."""
    year = value["y"]
    short = (value["y_len"] == 2) & (year != NONE)
    of_century = np.where((short_era > 0) & (year >= _SHORT_ERA_FROM), short_era + year, _century(year))
    full = np.where((era > 0) & (year != NONE), era + year, np.where(short, of_century, year))
    buddhist = (full >= _BUDDHIST[0]) & (full <= _BUDDHIST[1])
    result: Ints = np.where(buddhist, full - 543, full)
    return result


def _from_persian(value: dict[str, Ints], year: Ints) -> Ints:
    """Puts the days of the Persian calendar on ours, in `value`; the years. Its months have names of their own, and no
    page prints a day of its years in ours.
    """
    month = value["m"]
    rows = np.flatnonzero((month != NONE) & (value["d"] != NONE) & (year >= _PERSIAN[0]) & (year <= _PERSIAN[1]))
    if not len(rows):
        return year
    days = days_of_persian(year[rows], month[rows] % PERSIAN_MONTHS, value["d"][rows])
    found = days != NONE
    of_year, of_month, of_day = civil_of(np.where(found, days, 0))
    year, value["m"], value["d"] = year.copy(), month.copy(), value["d"].copy()
    year[rows] = of_year
    value["m"][rows], value["d"][rows] = np.where(found, of_month, 0), of_day
    return year


PERSIAN_MONTHS: Final = 100  # the lexicon counts the months of the Persian calendar from 101
_PERSIAN: Final = (1280, 1479)  # years of the Persian calendar that fall in 1900-2100
_SHORT_ERA_FROM: Final = 50  # smaller two-digit years are of our era: no page is as old

# What is known of the order of a numeric date.
DAY_FIRST, MONTH_FIRST, EITHER_DAY_FIRST, EITHER_MONTH_FIRST = range(1, 5)
_PERIODS: Final = ("", "am", "pm", "morning", "noon", "afternoon", "evening", "night", "midnight")


def _split_compact(value: dict[str, Ints]) -> None:
    """20250611 and 20250611093000 into their parts; 0930 of ISO basic format too."""
    ymd, ymdhi, hi = value["ymd"], value["ymdhi"], value["hi"]
    long = ymdhi != NONE
    if long.any():
        with_seconds = value["ymdhi_len"] == 14
        value["q"] = np.where(long & with_seconds, ymdhi % 100, value["q"])
        rest = np.where(with_seconds, ymdhi // 100, ymdhi)
        value["i"] = np.where(long, rest % 100, value["i"])
        value["h"] = np.where(long, rest // 100 % 100, value["h"])
        ymd = np.where(long, rest // 10_000, ymd)
    some = ymd != NONE
    value["y"] = np.where(some, ymd // 10_000, value["y"])
    value["m"] = np.where(some, ymd // 100 % 100, value["m"])
    value["d"] = np.where(some, ymd % 100, value["d"])
    if (hi != NONE).any():
        six = (hi != NONE) & (value["hi_len"] == 6)
        value["q"] = np.where(six, hi % 100, value["q"])
        rest = np.where(six, hi // 100, hi)
        value["h"] = np.where(hi != NONE, rest // 100, value["h"])
        value["i"] = np.where(hi != NONE, rest % 100, value["i"])


def _clock(value: dict[str, Ints], period: Ints) -> tuple[Ints, Bools, Bools]:
    hour, minute, second = value["h"], value["i"], value["q"]
    has = hour != NONE
    hour, minute, second = (np.where(x == NONE, 0, x) for x in (hour, minute, second))
    name = {p: i for i, p in enumerate(_PERIODS)}
    low = (hour >= 1) & (hour < 12)
    to_pm = np.isin(period, [name["pm"], name["evening"]]) & low
    to_pm |= (period == name["afternoon"]) & low & (hour < 10)
    to_pm |= (period == name["noon"]) & (hour >= 1) & (hour <= 4)
    to_pm |= (period == name["night"]) & (hour >= 6) & (hour < 12)
    to_zero = np.isin(period, [name["am"], name["night"], name["midnight"], name["morning"]]) & (hour == 12)
    # "at noon", "at midnight" without a number
    alone = ~has & np.isin(period, [name["noon"]])
    shifted = np.where(alone, 12, np.where(to_zero, 0, np.where(to_pm, hour + 12, hour)))
    ok = (shifted <= 24) & (minute < 60) & (second < 61) & ((shifted < 24) | ((minute == 0) & (second == 0)))
    return shifted * 3600 + minute * 60 + np.minimum(second, 59), ok, has | alone


def _age(chosen: list[Plan], value: dict[str, Ints], safe: Ints) -> tuple[Ints, Ints, Ints, Bools]:
    n = len(safe)
    months, seconds = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    ok = np.ones(n, dtype=bool)
    for k in range(MOST_AGES):
        unit = [p.units[k] if k < len(p.units) else "" for p in chosen]
        if not any(unit):
            break
        count = value[f"n{k}"]
        some = count != NONE
        count = np.where(some, count, 0)
        ok &= count < 1000
        months += count * np.array([MONTHS.get(u, 0) for u in unit], dtype=np.int64)[safe]
        seconds += count * np.array([SECONDS.get(u, 0) for u in unit], dtype=np.int64)[safe]
    finest = np.array([min((UNITS.index(u) for u in p.units), default=0) for p in chosen], dtype=np.int64)[safe]
    vague = finest == UNITS.index("vague")
    return months, np.where(vague, 30, seconds), finest, ok & (months < 1500)


def _zone(chosen: list[Plan], value: dict[str, Ints], safe: Ints) -> tuple[Ints, Ints, Bools]:
    fixed = np.array([zones.fixed_seconds(p.zone) for p in chosen], dtype=np.int64)[safe]
    zone = np.array([zones.index(p.zone) for p in chosen], dtype=np.int64)[safe]
    sign = np.array([p.zone_sign for p in chosen], dtype=np.int64)[safe]
    hours, minutes, both = value["zh"], value["zm"], value["zhm"]
    packed = both != NONE
    hours = np.where(packed, both // 100, hours)
    minutes = np.where(packed, both % 100, np.where(minutes == NONE, 0, minutes))
    numeric = (sign != 0) & (hours != NONE)
    offset = np.where(numeric, sign * (hours * 3600 + minutes * 60), fixed)
    zone = np.where(numeric, zones.FIXED, zone)
    ok = ~numeric | ((hours <= 14) & (minutes < 60))
    return offset, zone, ok
