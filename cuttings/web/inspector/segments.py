"""The segments of a page with its dates and repairs, as many as one screen can show.

A page can have tens of thousands of segments, and one of them can hold the whole page. A screen therefore has at most
SHOWN_SEGMENTS of them and about SHOWN_CHARS characters, unless all are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import duckdb

from cuttings.web.inspector.labels import LOW_CONFIDENCE
from cuttings.web.inspector.rows import fetch

SHOWN_SEGMENTS: Final = 1000
SHOWN_CHARS: Final = 400_000
# Steps of the map of the page; more than one pixel row each would not be seen.
MAP_STEPS: Final = 240
ANY_CONFIDENCE: Final = 2.0  # a bound above every confidence

_SEGMENTS: Final = """
with wanted as (
    select segments.*
    from segments
    where segments.page_id = $page_id
        and segments.confidence < $below
        and (len($roles) = 0 or list_contains($roles, segments.role))
        and (len($zones) = 0 or list_contains($zones, segments.zone))
    order by segments.segment_no
    limit $rows offset $skip
)

select
    segment_no, byte_start, byte_end, zone, role, position, joint, rule, confidence,
    left(text, cast(greatest(200, $chars * length(text) // greatest(1, sum(length(text)) over ())) as bigint)),
    length(text)
from wanted
order by segment_no
"""
_COUNTS: Final = """
select zone, role, count(*) as segment_count, sum(byte_end - byte_start) as bytes,
    count(*) filter (where confidence < $low) as low_count
from segments where page_id = $page_id group by zone, role order by zone, role
"""
_WANTED_COUNT: Final = """
select count(*), count(*) filter (where segment_no < $at)
from segments
where page_id = $page_id and confidence < $below and (len($roles) = 0 or list_contains($roles, role))
    and (len($zones) = 0 or list_contains($zones, zone))
"""
# For the map: the label that has most bytes in each of equal stretches of the page.
_MAP: Final = """
with pieces as (
    select
        segments.zone, segments.role, segments.segment_no, step.step,
        least(segments.byte_end, (step.step + 1) * $width) - greatest(segments.byte_start, step.step * $width) as bytes
    from segments, unnest(
        range(segments.byte_start // $width, (segments.byte_end - 1) // $width + 1)
    ) as step(step)
    where segments.page_id = $page_id
)

select step, arg_max(zone, bytes), arg_max(role, bytes), arg_max(segment_no, bytes)
from pieces where role <> 'ws' group by step order by step
"""
_DATES: Final = """
with dates as (
    select date_mentions.* from date_mentions where date_mentions.page_id = $page_id
),

places as (
    select segments.segment_no, segments.byte_start from segments where segments.page_id = $page_id
)

select
    dates.byte_start, dates.byte_end, dates.position, dates.text, dates.use, dates.form, dates.earliest_at,
    dates.latest_at, dates.instant_at, dates.precision, dates.zone_written, dates.zone_from, dates.anchor,
    dates.is_ambiguous, dates.alternatives, dates.rule, dates.confidence, dates.offset_seconds, places.segment_no
from dates
asof join places on dates.byte_start >= places.byte_start
order by dates.byte_start, dates.byte_end
"""
_REPAIRS: Final = """
with repairs_here as (
    select repairs.* from repairs where repairs.page_id = $page_id
),

places as (
    select segments.segment_no, segments.byte_start from segments where segments.page_id = $page_id
)

select
    repairs_here.position, repairs_here.byte_at, repairs_here.kind, repairs_here.before, repairs_here.after,
    places.segment_no
from repairs_here
asof join places on repairs_here.byte_at >= places.byte_start
order by repairs_here.byte_at, repairs_here.kind
"""


@dataclass(frozen=True, slots=True)
class Window:
    """Which segments are wanted: the screen that holds number `at`, less sure than `below`, of `roles` and `zones`.

    No role and no zone stand for all of them; `is_all` puts everything that is wanted on one screen.
    """

    at: int = 0
    below: float = ANY_CONFIDENCE
    roles: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    is_all: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Some segments are left out whatever the screen."""
        return self.below < ANY_CONFIDENCE or bool(self.roles or self.zones)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A row of `date_mentions`."""

    byte_start: int
    byte_end: int
    position: int | None
    text: str
    use: str
    form: str
    earliest_at: datetime | None
    latest_at: datetime | None
    instant_at: datetime | None
    precision: str
    zone_written: str | None
    zone_from: str
    anchor: str
    is_ambiguous: bool
    alternatives: list[dict[str, datetime]]
    rule: str
    confidence: float
    offset_seconds: int | None
    segment_no: int  # where it begins


@dataclass(frozen=True, slots=True)
class Repair:
    """A row of `repairs`."""

    position: int
    byte_at: int
    kind: str
    before: str
    after: str | None
    segment_no: int

    @property
    def is_loss(self) -> bool:
        """Something is known to be missing and nothing could be done."""
        return self.after is None


@dataclass(frozen=True, slots=True)
class Count:
    """How many segments of a zone and role the page has, their bytes, and how many are below LOW_CONFIDENCE."""

    zone: str
    role: str
    segment_count: int
    bytes: int
    low_count: int


@dataclass(frozen=True, slots=True)
class MapStep:
    """One stretch of the map of the page: the label that has most of its bytes."""

    step: int
    zone: str
    role: str
    segment_no: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A row of `segments`; `text` may be cut short of its `char_count`."""

    segment_no: int
    byte_start: int
    byte_end: int
    zone: str
    role: str
    position: int | None
    joint: str
    rule: str
    confidence: float
    text: str
    char_count: int


@dataclass(frozen=True, slots=True)
class Text:
    """A screen of the text of a page. `first` and `total` count segments among those wanted."""

    segments: list[Segment]
    counts: list[Count]
    map_steps: list[MapStep]
    dates: list[DateMention]
    repairs: list[Repair]
    first: int
    shown: int
    total: int
    segment_count: int

    @property
    def is_cut(self) -> bool:
        """Some text is shown in part."""
        return any(len(segment.text) < segment.char_count for segment in self.segments)


def read_text(connection: duckdb.DuckDBPyConnection, page_id: str, size_bytes: int, window: Window) -> Text:
    """The segments that `window` wants; `window.at` moves to the start of the screen that holds it."""
    key: dict[str, Any] = {"page_id": page_id}
    narrowed = {**key, "below": window.below, "roles": list(window.roles), "zones": list(window.zones)}
    found = connection.execute(_WANTED_COUNT, {**narrowed, "at": window.at}).fetchall()[0]
    total, before = int(found[0]), int(found[1])
    skip = 0 if window.is_all else min(before, max(total - 1, 0)) // SHOWN_SEGMENTS * SHOWN_SEGMENTS
    limits = {
        "rows": total if window.is_all else SHOWN_SEGMENTS,
        "skip": skip,
        "chars": size_bytes + 1 if window.is_all else SHOWN_CHARS,
    }
    segments = fetch(connection, Segment, _SEGMENTS, {**narrowed, **limits})
    dates = fetch(connection, DateMention, _DATES, key)
    repairs = fetch(connection, Repair, _REPAIRS, key)
    counts = fetch(connection, Count, _COUNTS, {**key, "low": LOW_CONFIDENCE})
    return Text(
        segments=segments,
        counts=counts,
        map_steps=fetch(connection, MapStep, _MAP, {**key, "width": -(-max(size_bytes, 1) // MAP_STEPS)}),
        dates=dates,
        repairs=repairs,
        first=skip,
        shown=len(segments),
        total=total,
        segment_count=sum(count.segment_count for count in counts),
    )
