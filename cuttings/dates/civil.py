"""Calendar arithmetic on columns: days, months and years as whole numbers, without time zones."""

from __future__ import annotations

from typing import Final

import numpy as np

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Ints2 = np.ndarray[tuple[int, int], np.dtype[np.int64]]
Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]

NONE: Final = int(np.iinfo(np.int64).min)  # no value
DAY_S: Final = 86_400
THURSDAY: Final = 3  # 1970 began on one


def is_date(year: Ints, month: Ints, day: Ints) -> Bools:
    inside = (month >= 1) & (month <= 12) & (day >= 1)
    result: Bools = inside & (day <= _MONTH_DAYS[np.where(inside, month, 0)])
    late = np.flatnonzero(inside & (month == 2) & (day == 29))  # the one day that hangs on the year
    if len(late):
        y = year[late]
        result[late] = (y % 4 == 0) & ((y % 100 != 0) | (y % 400 == 0))
    return result


_MONTH_DAYS: Final = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int64)


def days_of(year: Ints, month: Ints, day: Ints) -> Ints:
    """Days since 1970 of a civil date (Howard Hinnant's days_from_civil)."""
    y = year - (month <= 2)
    era = y // 400
    yoe = y - era * 400
    doy = (153 * (month + np.where(month > 2, -3, 9)) + 2) // 5 + day - 1
    result: Ints = era * 146_097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719_468
    return result


def civil_of(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Year, month and day of days since 1970 (Howard Hinnant's civil_from_days)."""
    z = days + 719_468
    era = z // 146_097
    doe = z - era * 146_097
    yoe = (doe - doe // 1460 + doe // 36_524 - doe // 146_096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + np.where(mp < 10, 3, -9)
    return yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) // 5 + 1


def days_of_persian(year: Ints, month: Ints, day: Ints) -> Ints:
    """Days since 1970 of a date of the Persian solar calendar, NONE where there is no such day.

    Leap years go by the rule of 33 years, which is that of the sky from 1178 to 1633 (1799 to 2254).
    """
    is_leap = (year * 8 + 29) % 33 < 8
    length = np.where(month <= 6, 31, np.where((month < 12) | is_leap, 30, 29))
    ok = (month >= 1) & (month <= 12) & (day >= 1) & (day <= length)
    of_year = np.where(month <= 7, 31 * (month - 1), 30 * (month - 1) + 6) + day
    return np.where(ok, 365 * (year - 1) + (8 * year + 21) // 33 + of_year - _PERSIAN_EPOCH, NONE)


_PERSIAN_EPOCH: Final = 492_269  # days from 1 Farvardin 1 to 1970, and one


def months_back(seconds: Ints, months: Ints) -> Ints:
    """The same clock `months` calendar months earlier, on the last day of a shorter month."""
    moved = seconds.copy()
    rows = np.flatnonzero(months > 0)
    if len(rows):
        year, month, day = civil_of(seconds[rows] // DAY_S)
        index = year * 12 + month - 1 - months[rows]
        year, month = index // 12, index % 12 + 1
        for _ in range(3):
            day = np.where(is_date(year, month, day), day, day - 1)
        moved[rows] = days_of(year, month, day) * DAY_S + seconds[rows] % DAY_S
    return moved


def squeezed(candidates: Ints2) -> Ints2:
    """The candidates of each row without gaps and without repetitions."""
    first, second, third = candidates
    second = np.where(second == first, NONE, second)
    third = np.where((third == first) | (third == second), NONE, third)
    for _ in range(2):
        gap = first == NONE
        first, second, third = np.where(gap, second, first), np.where(gap, third, second), np.where(gap, NONE, third)
    gap = second == NONE
    return np.stack([first, np.where(gap, third, second), np.where(gap, NONE, third)])
