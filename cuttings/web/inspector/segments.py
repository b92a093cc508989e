"""The segments of a page, as many as one screen can show.

A page can have millions of segments, and one of them can hold the whole page. A screen therefore has at most
SHOWN_SEGMENTS of them and about SHOWN_CHARS characters, and a long one, for those who ask for all, the LONG_ numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import duckdb

from cuttings import page
from cuttings.web.inspector.labels import LOW_CONFIDENCE
from cuttings.web.inspector.rows import fetch

SHOWN_SEGMENTS: Final = 1000
SHOWN_CHARS: Final = 400_000
LONG_SEGMENTS: Final = 10_000  # about 12 MB of HTML, which browsers lay out in some seconds
LONG_CHARS: Final = 4_000_000
# Steps of the map of the page; more than one pixel row each would not be seen.
MAP_STEPS: Final = 240
ANY_CONFIDENCE: Final = 2.0  # a bound above every confidence

# The segments of the page, out of those of all pages: read once, then everything is asked of these.
_HERE: Final = """
create temp table here as
select
    segments.segment_no, segments.byte_start, segments.byte_end, segments.zone, segments.role, segments.position,
    segments.joint, segments.rule, segments.confidence, segments.text
from segments where segments.page_id = $page_id
"""
_WANTED: Final = """
from here
where here.confidence < $below
    and (len($roles) = 0 or list_contains($roles, here.role))
    and (len($zones) = 0 or list_contains($zones, here.zone))
"""
_SEGMENTS: Final = f"""
with wanted as (select here.* {_WANTED} order by here.segment_no limit $rows offset $skip)

select
    segment_no, byte_start, byte_end, zone, role, position, joint, rule, confidence,
    left(text, cast(greatest(200, $chars * length(text) // greatest(1, sum(length(text)) over ())) as bigint)),
    length(text)
from wanted
order by segment_no
"""  # noqa: S608 (a constant)
_WANTED_COUNT: Final = f"select count(*), count(*) filter (where here.segment_no < $at) {_WANTED}"
_STARTS: Final = f"select here.segment_no {_WANTED} order by here.segment_no limit 1 offset $skip"
_COUNTS: Final = """
select zone, role, count(*) as segment_count, sum(byte_end - byte_start) as bytes,
    count(*) filter (where confidence < $low) as low_count
from here group by zone, role order by zone, role
"""
# For the map: the label that has most bytes in each of equal stretches of the page.
_MAP: Final = """
with pieces as (
    select
        here.zone, here.role, here.segment_no, step.step,
        least(here.byte_end, (step.step + 1) * $width) - greatest(here.byte_start, step.step * $width) as bytes
    from here, unnest(range(here.byte_start // $width, (here.byte_end - 1) // $width + 1)) as step(step)
)

select step, arg_max(zone, bytes), arg_max(role, bytes), arg_max(segment_no, bytes)
from pieces where role <> 'ws' group by step order by step
"""


@dataclass(frozen=True, slots=True)
class Window:
    """Which segments are wanted: the screen that holds number `at`, less sure than `below`, of `roles` and `zones`.

    No role and no zone stand for all of them; `is_long` asks for as many as a screen can take at all.
    """

    at: int = 0
    below: float = ANY_CONFIDENCE
    roles: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    is_long: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Some segments are left out whatever the screen."""
        return self.below < ANY_CONFIDENCE or bool(self.roles or self.zones)

    @property
    def segment_limit(self) -> int:
        """Segments of a screen."""
        return LONG_SEGMENTS if self.is_long else SHOWN_SEGMENTS

    @property
    def char_limit(self) -> int:
        """Characters of a screen, about."""
        return LONG_CHARS if self.is_long else SHOWN_CHARS


@dataclass(frozen=True, slots=True)
class Segment(page.Segment):
    """A segment whose `text` may be cut short of its `char_count`."""

    char_count: int


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
class Text:
    """A screen of the text of a page. `first` and `total` count segments among those wanted.

    `previous_at` is where the screen before this one begins; None on the first.
    """

    segments: list[Segment]
    counts: list[Count]
    map_steps: list[MapStep]
    first: int
    total: int
    previous_at: int | None

    @property
    def shown(self) -> int:
        """Segments on this screen."""
        return len(self.segments)

    @property
    def segment_count(self) -> int:
        """Segments of the page."""
        return sum(count.segment_count for count in self.counts)

    @property
    def is_cut(self) -> bool:
        """Some text is shown in part."""
        return any(len(segment.text) < segment.char_count for segment in self.segments)

    @property
    def byte_range(self) -> tuple[int, int]:
        """The bytes this screen is about; those of the whole page when nothing wanted stands on another screen."""
        is_whole = self.shown == self.total or not self.segments
        return (0, 2**62) if is_whole else (self.segments[0].byte_start, self.segments[-1].byte_end)


def gather(connection: duckdb.DuckDBPyConnection, page_id: str) -> None:
    """Make `here`, a table of this connection alone, in memory: the segments of the page."""
    connection.execute(_HERE, {"page_id": page_id})


def read_text(connection: duckdb.DuckDBPyConnection, size_bytes: int, window: Window) -> Text:
    """The segments of `here` that `window` wants; `window.at` moves to the start of the screen that holds it."""
    wanted: dict[str, Any] = {"below": window.below, "roles": list(window.roles), "zones": list(window.zones)}
    total, before = connection.execute(_WANTED_COUNT, {**wanted, "at": window.at}).fetchall()[0]
    rows = window.segment_limit
    skip = min(before, max(total - 1, 0)) // rows * rows
    previous = connection.execute(_STARTS, {**wanted, "skip": skip - rows}).fetchall() if skip else []
    return Text(
        segments=fetch(
            connection, Segment, _SEGMENTS, {**wanted, "rows": rows, "skip": skip, "chars": window.char_limit}
        ),
        counts=fetch(connection, Count, _COUNTS, {"low": LOW_CONFIDENCE}),
        map_steps=fetch(connection, MapStep, _MAP, {"width": -(-max(size_bytes, 1) // MAP_STEPS)}),
        first=skip,
        total=total,
        previous_at=previous[0][0] if previous else None,
    )
