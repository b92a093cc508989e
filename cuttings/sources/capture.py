"""When an object was fetched, as far as a sidecar, an option or its name tells; the interval it may lie in beside it.

A time without a zone may be anywhere on the globe: 14 hours before to 12 hours after the same reading in UTC. A day
without a time is that whole day, and its point is its noon. Names are read only where one reading is possible: a name
with two dates, or a date amid many words (the address of an article carries its publication date) says nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

# Local time is at most 14 hours ahead of UTC and at most 12 behind.
_AHEAD: Final = timedelta(hours=14)
_BEHIND: Final = timedelta(hours=12)
# Words beside a day in a name, beyond which the name is taken for a headline or an address rather than a dump's label.
_MAX_WORDS: Final = 2
# Seconds since 1970 that stand for a capture: 2008 to 2033. Smaller numbers of ten digits may well be article numbers.
_EPOCH_SECONDS: Final = range(1_200_000_000, 2_000_000_000)

_DAY: Final = r"(?P<year>199\d|20\d\d)(?P<dash>[-_.]?)(?P<month>0[1-9]|1[0-2])(?P=dash)(?P<day>0[1-9]|[12]\d|3[01])"
_SECOND: Final = r"(?:(?P=colon)(?P<second>[0-5]\d)(?:\.\d{1,9})?)?"
_CLOCK: Final = rf"(?P<hour>[01]\d|2[0-3])(?P<colon>[-_:.h]?)(?P<minute>[0-5]\d){_SECOND}"
_ZONE: Final = r"(?P<zone>Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?"
_MOMENT: Final = re.compile(rf"(?<!\d){_DAY}(?P<between>[Tt_ -]?){_CLOCK}{_ZONE}(?!\d)")
_WHOLE_DAY: Final = re.compile(rf"(?<!\d){_DAY}(?!\d)")
_EPOCH: Final = re.compile(r"(?<![0-9A-Za-z])(\d{10})(?:\d{3})?(?![0-9A-Za-z])")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_YEAR_OR_EPOCH: Final = re.compile(r"199\d|20\d\d|\d{10}")
_NUMBER: Final = re.compile(r"(\d{10})(\d{3})?")


@dataclass(frozen=True, slots=True)
class Capture:
    """A capture time: the best point, the interval that holds under any zone, and where it comes from."""

    at: datetime
    earliest_at: datetime
    latest_at: datetime
    source: str


def exactly(moment: datetime, source: str) -> Capture:
    """A capture at a known instant; `moment` is aware."""
    moment = moment.astimezone(UTC)
    return Capture(moment, moment, moment, source)


def read_written(text: str, source: str = "sidecar") -> Capture | None:
    """A capture time as a sidecar or a record writes it: ISO 8601 (UTC where no zone stands), a day, or an epoch.

    >>> read_written("2025-06-11T09:12:00+02:00").at.isoformat()
    '2025-06-11T07:12:00+00:00'
    >>> read_written("yesterday") is None
    True
    """
    text = text.strip()
    if number := _NUMBER.fullmatch(text):
        return exactly(_from_epoch(number), source)
    try:
        moment = datetime.fromisoformat(text)
        if len(text) <= len("2025-06-11"):
            return _on_day(moment.replace(tzinfo=UTC), source, timedelta(0), timedelta(0))
        return exactly(moment if moment.tzinfo else moment.replace(tzinfo=UTC), source)
    except (ValueError, OverflowError):
        return None


def read_name(name: str) -> Capture | None:
    """The one capture time that a file or folder name tells, or None.

    >>> read_name("page_2024-05-23T22-33Z.txt").at.isoformat()
    '2024-05-23T22:33:00+00:00'
    >>> read_name("2024-05-23-fire-in-the-old-town.txt") is None
    True
    """
    if not _YEAR_OR_EPOCH.search(name):
        return None
    moments = [match for match in _MOMENT.finditer(name) if _is_clock(match)]
    days = list(_WHOLE_DAY.finditer(name))
    epochs = [match for match in _EPOCH.finditer(name) if int(match[1]) in _EPOCH_SECONDS]
    if len(moments) + len(epochs) > 1 or (len(days) > 1 and not moments):
        return None
    if moments:
        return _on_clock(moments[0])
    if epochs and not days:
        number = _NUMBER.fullmatch(epochs[0][0])
        return exactly(_from_epoch(number), "name") if number else None
    if days and not epochs and _is_label(name, days[0]) and (midnight := _midnight(days[0])):
        return _on_day(midnight, "name", _AHEAD, _BEHIND)
    return None


def _is_clock(match: re.Match[str]) -> bool:
    """The digits after the day are a time: four bare digits after a separator may as well be a number of the page."""
    is_compact = not match["dash"] and not match["between"]
    return is_compact or bool(match["colon"]) or match["between"] in "Tt" or match["second"] is not None


def _is_label(name: str, day: re.Match[str]) -> bool:
    """Few words stand beside the day."""
    rest = name[: day.start()] + " " + name[day.end() :].rpartition(".")[0]
    return len(_WORD.findall(rest)) <= _MAX_WORDS


def _on_clock(match: re.Match[str]) -> Capture | None:
    midnight, zone = _midnight(match), match["zone"]
    if midnight is None:
        return None
    moment = midnight.replace(
        hour=int(match["hour"]),
        minute=int(match["minute"]),
        second=int(match["second"] or 0),
        tzinfo=_offset(zone) if zone else UTC,
    )
    if zone:
        return exactly(moment, "name")
    return Capture(moment, moment - _AHEAD, moment + _BEHIND, "name")


def _offset(zone: str) -> timezone:
    if zone == "Z":
        return UTC
    digits = zone[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if zone[0] == "-" else offset)


def _midnight(match: re.Match[str]) -> datetime | None:
    """Midnight of the day in UTC; None where the month has no such day."""
    try:
        return datetime(int(match["year"]), int(match["month"]), int(match["day"]), tzinfo=UTC)
    except ValueError:
        return None


def _on_day(midnight: datetime, source: str, ahead: timedelta, behind: timedelta) -> Capture:
    return Capture(midnight + timedelta(hours=12), midnight - ahead, midnight + timedelta(days=1) + behind, source)


def _from_epoch(number: re.Match[str]) -> datetime:
    seconds, milliseconds = int(number[1]), int(number[2] or 0)
    return datetime.fromtimestamp(seconds, UTC) + timedelta(milliseconds=milliseconds)
