"""Dates of a page on one axis: where intervals, points and the capture stand, as fractions of a width.

Pages mix "2 minutes ago" with dates of years past. Where the dates lie close together the axis is linear; else it is
compressed away from the capture (a logarithm of the distance, linear within the first hour), and says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cuttings.web.inspector.notes import DateMention

# A linear axis that spans more than this shows minutes as less than a pixel.
LINEAR_SPAN_SECONDS: Final = 4 * 86_400
# Within this distance of the capture the compressed axis is linear.
_NEAR_SECONDS: Final = 3_600.0
_MARGIN: Final = 0.04  # of the width, free on both sides
_LEAST_GAP: Final = 0.19  # of the width, between two labels of the axis
_MINUTE, _HOUR, _DAY, _MONTH, _YEAR = 60.0, 3_600.0, 86_400.0, 30.4375 * 86_400.0, 365.25 * 86_400.0
_STEPS: Final = (
    _MINUTE, 5 * _MINUTE, 10 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY,
    2 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY, 90 * _DAY, 365 * _DAY,
)  # fmt: skip
_AGES: Final = (
    (_HOUR, "1 h"), (3 * _HOUR, "3 h"), (12 * _HOUR, "12 h"), (_DAY, "1 d"), (3 * _DAY, "3 d"), (7 * _DAY, "1 wk"),
    (_MONTH, "1 mo"), (3 * _MONTH, "3 mo"), (_YEAR, "1 y"), (3 * _YEAR, "3 y"), (10 * _YEAR, "10 y"),
    (30 * _YEAR, "30 y"), (100 * _YEAR, "100 y"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the axis with its label; `x` is a fraction of the width."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end`, fractions of the width."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Lane:
    """One date: its interval, its best point, the intervals of its other readings. None where it is not placed."""

    date: DateMention
    interval: Span | None
    point: float | None
    others: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class TimeLine:
    """All dates of a page on one axis; `captured` is where the capture stands, or the interval it lies in."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    captured: Span | None
    is_compressed: bool


@dataclass(frozen=True, slots=True)
class _Axis:
    """Seconds since 1970 to a fraction of the width; `origin` is the capture of a compressed axis."""

    low: float
    high: float
    origin: float | None

    def x(self, seconds: float) -> float:
        low, high, value = self._bent(self.low), self._bent(self.high), self._bent(seconds)
        share = 0.5 if high == low else (value - low) / (high - low)
        return round(_MARGIN + share * (1 - 2 * _MARGIN), 5)

    def _bent(self, seconds: float) -> float:
        return seconds if self.origin is None else math.asinh((seconds - self.origin) / _NEAR_SECONDS)

    def span(self, earliest: float, latest: float) -> Span:
        return Span(self.x(earliest), self.x(latest))


def time_line(
    dates: Sequence[DateMention],
    captured_at: datetime | None,
    captured_earliest_at: datetime | None = None,
    captured_latest_at: datetime | None = None,
) -> TimeLine:
    """Every date of `dates` on one axis with the capture of the page; a date without an interval has an empty lane."""
    capture = [_seconds(at) for at in (captured_at, captured_earliest_at, captured_latest_at) if at is not None]
    ends = [*capture, *(second for date in dates for second in _ends(date))]
    if not ends:
        return TimeLine(tuple(Lane(date, None, None, ()) for date in dates), (), None, False)
    is_compressed = bool(capture) and max(ends) - min(ends) > LINEAR_SPAN_SECONDS
    axis = _Axis(min(ends), max(ends), capture[0] if is_compressed else None)
    return TimeLine(
        lanes=tuple(_lane(axis, date) for date in dates),
        ticks=tuple(_spaced(_ages(axis) if axis.origin is not None else _calendar(axis))),
        captured=axis.span(min(capture), max(capture)) if capture else None,
        is_compressed=is_compressed,
    )


def _lane(axis: _Axis, date: DateMention) -> Lane:
    def span(earliest_at: datetime | None, latest_at: datetime | None) -> Span | None:
        if earliest_at is None or latest_at is None:
            return None
        return axis.span(_seconds(earliest_at), _seconds(latest_at))

    others = (span(reading["earliest_at"], reading["latest_at"]) for reading in date.alternatives)
    return Lane(
        date=date,
        interval=span(date.earliest_at, date.latest_at),
        point=None if date.instant_at is None else axis.x(_seconds(date.instant_at)),
        others=tuple(other for other in others if other is not None),
    )


def _ends(date: DateMention) -> Iterable[float]:
    readings = [(date.earliest_at, date.latest_at), *((r["earliest_at"], r["latest_at"]) for r in date.alternatives)]
    return [_seconds(at) for at in (date.instant_at, *(end for ends in readings for end in ends)) if at is not None]


def _seconds(at: datetime) -> float:
    return (at - _EPOCH) / timedelta(seconds=1)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _calendar(axis: _Axis) -> Iterable[Tick]:
    """Round instants, about six of them."""
    span = max(axis.high - axis.low, _MINUTE)
    step = next((step for step in _STEPS if span / step <= 6), _YEAR * math.ceil(span / _YEAR / 6))
    form = "%H:%M" if step < _DAY else "%d %b" if step < 300 * _DAY else "%Y"
    first = math.ceil(axis.low / step) * step
    is_new_day = True
    for no in range(int((axis.high - first) // step) + 1):
        at = _EPOCH + timedelta(seconds=first + no * step)
        is_new_day = no == 0 or (at.hour, at.minute) == (0, 0)
        yield Tick(axis.x(first + no * step), f"{at:%d %b %H:%M}" if step < _DAY and is_new_day else f"{at:{form}}")


def _ages(axis: _Axis) -> Iterable[Tick]:
    """Round distances from the capture, the nearest first so that they are kept where labels crowd."""
    assert axis.origin is not None
    for seconds, label in _AGES:
        if axis.origin - seconds >= axis.low:
            yield Tick(axis.x(axis.origin - seconds), f"−{label}")
        if axis.origin + seconds <= axis.high:
            yield Tick(axis.x(axis.origin + seconds), f"+{label}")


def _spaced(ticks: Iterable[Tick]) -> list[Tick]:
    """Those that do not stand on the label of one before them."""
    kept: list[Tick] = []
    for tick in ticks:
        if all(abs(tick.x - other.x) >= _LEAST_GAP for other in kept):
            kept.append(tick)
    return kept
