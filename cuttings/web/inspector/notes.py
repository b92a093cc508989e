"""What is noted on the text of a page: its dates and its repairs, those of one screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb

from cuttings import page
from cuttings.web.inspector.rows import fetch

SHOWN_NOTES: Final = 5000  # dates, and repairs, of one screen; a live page can have many more

_DATES: Final = """
with dates as (
    select date_mentions.* from date_mentions
    where date_mentions.page_id = $page_id and date_mentions.byte_start >= $start and date_mentions.byte_start < $end
    order by date_mentions.byte_start, date_mentions.byte_end limit $shown
)

select
    dates.byte_start, dates.byte_end, dates.position, dates.text, dates.use, dates.form, dates.earliest_at,
    dates.latest_at, dates.instant_at, dates.precision, dates.zone_written, dates.zone_from, dates.anchor,
    dates.is_ambiguous, dates.alternatives, dates.rule, dates.confidence, dates.offset_seconds, here.segment_no
from dates
asof join here on dates.byte_start >= here.byte_start
order by dates.byte_start, dates.byte_end
"""
_REPAIRS: Final = """
with found as (
    select repairs.* from repairs
    where repairs.page_id = $page_id and repairs.byte_at >= $start and repairs.byte_at < $end
    order by repairs.byte_at, repairs.kind limit $shown
)

select found.position, found.byte_at, found.kind, found.before, found.after, here.segment_no
from found
asof join here on found.byte_at >= here.byte_start
order by found.byte_at, found.kind
"""
_TOTALS: Final = """
select
    (select count(*) from date_mentions where page_id = $page_id),
    (select count(*) from repairs where page_id = $page_id),
    (select count(*) from repairs where page_id = $page_id and after is null)
"""


@dataclass(frozen=True, slots=True)
class DateMention(page.DateMention):
    """A date of the page; it begins in segment `segment_no`."""

    segment_no: int


@dataclass(frozen=True, slots=True)
class Repair(page.Repair):
    """A repair of the page; it stands in segment `segment_no`."""

    segment_no: int

    @property
    def is_loss(self) -> bool:
        """Something is known to be missing and nothing could be done."""
        return self.after is None


@dataclass(frozen=True, slots=True)
class Notes:
    """The dates and repairs of a screen, and how many the page has; a loss is a repair too."""

    dates: list[DateMention]
    repairs: list[Repair]
    date_count: int
    repair_count: int
    loss_count: int


def read_notes(connection: duckdb.DuckDBPyConnection, page_id: str, byte_range: tuple[int, int]) -> Notes:
    """What is noted on the bytes `byte_range` of a page whose segments are in `here`."""
    key = {"page_id": page_id}
    there = {**key, "start": byte_range[0], "end": byte_range[1], "shown": SHOWN_NOTES}
    return Notes(
        fetch(connection, DateMention, _DATES, there),
        fetch(connection, Repair, _REPAIRS, there),
        *connection.execute(_TOTALS, key).fetchall()[0],
    )
