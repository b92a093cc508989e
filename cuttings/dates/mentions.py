"""`read_mentions`: the date texts of a corpus, with what their publishers' other dates tell about them.

A numeric date such as 11-06-2025 can be read in two orders. No site mixes them, so the decidable dates of a publisher
decide the others; where it has none, those of the same page do, and at last the dates of the whole corpus with the same
separator. A clock without a zone takes the publisher's zone when all its written zones agree; the interval stays as
wide as without.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from cuttings.contract import DATE_ANCHORS, DATE_PRECISIONS, ZONE_SOURCES
from cuttings.dates import zones
from cuttings.dates.binding import ABSOLUTE
from cuttings.dates.civil import NONE, Ints
from cuttings.dates.column import Parsed, evidence, parse_column, seconds_of, take
from cuttings.dates.reading import (
    DAY_FIRST,
    EITHER_DAY_FIRST,
    EITHER_MONTH_FIRST,
    MONTH_FIRST,
    Readings,
)  # fmt: skip
from cuttings.dates.resolve import Resolved, resolve
from cuttings.dates.skeletons import NO_PLAN

# Decidable dates of one order and none of the other that settle a publisher's order, that of a separator on one page,
# where one program wrote all of them, and that of a separator anywhere.
_PUBLISHER_VOTES: Final = 2
_PAGE_VOTES: Final = 1
_CORPUS_VOTES: Final = 20
_CORPUS_SHARE: Final = 0.98
_ROWS_AT_ONCE: Final = 65_536  # a row takes some 500 bytes while it is read
_ZONE_VOTES: Final = 2  # written zones of a publisher, all the same, that give its other clocks their zone
# A capture time that was not recorded but guessed makes what hangs on it less sure.
_WEAK_CAPTURES: Final = ("mtime", "inferred")
_WEAK_FACTOR: Final = 0.8
COLUMNS: Final = (
    "form", "earliest_at", "latest_at", "instant_at", "precision", "zone_written", "zone_from", "anchor",
    "is_ambiguous", "alternatives", "rule", "confidence", "offset_seconds",
)  # fmt: skip
# What few values are in takes a number a row, as a text sixteen bytes.
_NARROW: Final[Mapping[str, pl.DataType]] = {
    "precision": pl.Enum(DATE_PRECISIONS), "anchor": pl.Enum(DATE_ANCHORS), "zone_from": pl.Enum(ZONE_SOURCES),
    "form": pl.Categorical(), "rule": pl.Categorical(), "zone_written": pl.Categorical(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Learned:
    """What the dates of a corpus tell of each other: of each row its publisher and separator (-1 for none), of each of
    those the order that its decidable dates settle (0 for none), of each row the order that its page settles, of each
    publisher the zone that it writes."""

    publisher: Ints
    separator: Ints
    publisher_order: Ints
    separator_order: Ints
    page_order: Ints
    zone: Ints  # place in `zones.names()` or unwritten
    offset: Ints

    def of_rows(self, rows: slice) -> _Learned:
        """The same with some of the rows."""
        return replace(
            self,
            publisher=self.publisher[rows],
            separator=self.separator[rows],
            page_order=self.page_order[rows],
        )


def read_mentions(frame: pl.DataFrame) -> pl.DataFrame:
    """Read the date mentions of a corpus; one row a mention, in order, with the date columns of the contract,
    of which those of few values are categories.

    `frame` has `text`, `language` (nullable), `captured_at` (UTC, nullable), `captured_from`, `page_id` (any key) and
    `publisher` (any key of the site, nullable). The result has `COLUMNS`; a text that is no date has the form `unread`
    and no interval.
    """
    parsed = parse_column(frame["text"].cast(pl.String), frame["language"].cast(pl.String))
    learned = _learned(parsed, frame["publisher"], frame["page_id"])
    parts = []
    for start in range(0, max(len(frame), 1), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        own = frame.slice(start, _ROWS_AT_ONCE).select("captured_at", "captured_from")
        parts.append(_read_rows(replace(parsed, row=parsed.row[rows]), learned.of_rows(rows), own))
    return pl.concat(parts)


def _read_rows(parsed: Parsed, learned: _Learned, captures: pl.DataFrame) -> pl.DataFrame:
    """COLUMNS of some rows."""
    captured = seconds_of(captures["captured_at"], captures.height)
    at, rules = _decide_order(take(parsed.readings, parsed.row), learned)
    resolved = resolve(at, captured)
    zone, offset = learned.zone[learned.publisher], learned.offset[learned.publisher]
    takes_zone = (at.zone == zones.UNWRITTEN) & (zone != zones.UNWRITTEN) & at.has_clock & (at.kind == ABSOLUTE)
    resolved = _with_zone(resolved, takes_zone, zone, offset)
    found = evidence(parsed, at, resolved, captured, rules)
    weak = captures["captured_from"].cast(pl.String).is_in(list(_WEAK_CAPTURES)).fill_null(value=False)
    return found.with_columns(
        zone_from=pl.when(pl.Series(takes_zone)).then(pl.lit("publisher")).otherwise("zone_from"),
        confidence=pl.when(weak & (pl.col("anchor") == "capture"))
        .then((pl.col("confidence") * _WEAK_FACTOR).round(3))
        .otherwise("confidence"),
    ).select(pl.col(name).cast(_NARROW[name]) if name in _NARROW else name for name in COLUMNS)


def _learned(parsed: Parsed, names: pl.Series, pages: pl.Series) -> _Learned:
    publishers, publisher = _codes(names)
    separators, separator = _codes(_separators(parsed))
    order = parsed.readings.order[parsed.row]
    zone, offset = _publisher_zones(parsed, publisher, len(publishers))
    return _Learned(
        publisher,
        separator,
        _winners(*_votes(order, publisher, len(publishers)), _PUBLISHER_VOTES, 1.0),
        _winners(*_votes(order, separator, len(separators)), _CORPUS_VOTES, _CORPUS_SHARE),
        _page_orders(order, separator, pages),
        zone,
        offset,
    )


def _page_orders(order: Ints, separator: Ints, pages: pl.Series) -> Ints:
    """Of each row the order that the decidable dates of its page settle for its separator, 0 where there is none."""
    orders = np.zeros(len(order), dtype=np.int64)
    rows = np.flatnonzero((order > 0) & (separator >= 0))
    keys = pl.DataFrame({"page": pages.gather(rows), "separator": separator[rows]}).to_struct("key")
    groups, group = _codes(keys)
    orders[rows] = _winners(*_votes(order[rows], group, len(groups)), _PAGE_VOTES, 1.0)[group]
    return orders


def _codes(keys: pl.Series) -> tuple[pl.Series, Ints]:
    """The distinct keys in order of appearance, and the place of each row's key; -1 for null."""
    distinct = keys.drop_nulls().unique(maintain_order=True)
    places = pl.DataFrame({"key": distinct}).with_row_index("place")
    joined = pl.DataFrame({"key": keys}).join(places, on="key", how="left", maintain_order="left")["place"]
    return distinct, joined.cast(pl.Int64).fill_null(-1).to_numpy().astype(np.int64)


def _separators(parsed: Parsed) -> pl.Series:
    names = pl.Series([p.separator or None for p in parsed.plans] + [None], dtype=pl.String)
    plan = parsed.readings.plan[parsed.row]
    return names.gather(np.where(plan == NO_PLAN, len(parsed.plans), plan)).alias("separator")


def _votes(order: Ints, group: Ints, count: int) -> tuple[Ints, Ints]:
    """Day-first and month-first dates of each group that can be read in one order only."""
    known = group >= 0
    day = np.bincount(group[known & (order == DAY_FIRST)], minlength=count)
    month = np.bincount(group[known & (order == MONTH_FIRST)], minlength=count)
    return day.astype(np.int64), month.astype(np.int64)


def _winners(day: Ints, month: Ints, least: int, share: float) -> Ints:
    """The order that the votes of each group settle, 0 where they do not; one more for the rows of no group."""
    total = day + month
    winner = np.where((total >= least) & (day >= share * total), DAY_FIRST, 0)
    winner = np.where((total >= least) & (month >= share * total), MONTH_FIRST, winner)
    return np.append(winner, 0)  # place -1


def _decide_order(r: Readings, learned: _Learned) -> tuple[Readings, Ints]:
    """Settle the order of ambiguous dates; the rule of each row settled, -1 elsewhere."""
    rules = np.full(len(r.order), -1, dtype=np.int64)
    either = (r.order == EITHER_DAY_FIRST) | (r.order == EITHER_MONTH_FIRST)
    if not either.any():
        return r, rules
    decided = np.zeros(len(r.order), dtype=np.int64)
    for rule, mine in (
        (2, learned.separator_order[learned.separator]),
        (1, learned.page_order),
        (0, learned.publisher_order[learned.publisher]),
    ):
        rules = np.where(either & (mine > 0), rule, rules)
        decided = np.where(either & (mine > 0), mine, decided)
    swaps = either & (decided > 0) & ((decided == MONTH_FIRST) != (r.order == EITHER_MONTH_FIRST))
    settled = decided > 0
    columns = {name: getattr(r, name) for name in Readings.__slots__}
    columns["local_s"] = np.where(swaps, r.second_s, r.local_s)
    columns["second_s"] = np.where(settled, NONE, r.second_s)
    columns["third_s"] = np.where(settled, NONE, r.third_s)
    columns["order"] = np.where(settled, decided, r.order)
    return Readings(**columns), rules


def _publisher_zones(parsed: Parsed, publisher: Ints, publishers: int) -> tuple[Ints, Ints]:
    """The one zone that each publisher writes: place in `zones.names()` or unwritten, and offset; and one for none."""
    by_publisher = np.full(publishers + 1, zones.UNWRITTEN, dtype=np.int64)
    offsets = np.zeros(publishers + 1, dtype=np.int64)
    rows = np.flatnonzero((publisher >= 0) & (parsed.readings.zone[parsed.row] >= 0))
    if not len(rows):
        return by_publisher, offsets
    zone, offset = (values[parsed.row[rows]] for values in (parsed.readings.zone, parsed.readings.offset_s))
    written = pl.DataFrame({"publisher": publisher[rows], "zone": zone, "offset": offset})
    agreed = (
        written.group_by("publisher", maintain_order=True)
        .agg(
            pl.len().alias("votes"),
            pl.col("zone", "offset").n_unique().name.suffix("_kinds"),
            pl.first("zone", "offset"),
        )
        .filter((pl.col("votes") >= _ZONE_VOTES) & (pl.col("zone_kinds") == 1) & (pl.col("offset_kinds") == 1))
    )
    by_publisher[agreed["publisher"].to_numpy()] = agreed["zone"].to_numpy()
    offsets[agreed["publisher"].to_numpy()] = agreed["offset"].to_numpy()
    return by_publisher, offsets


def _with_zone(at: Resolved, rows: np.ndarray, zone: Ints, offset: Ints) -> Resolved:
    """The instants of `rows` under their publisher's zone; the intervals hold under any and stay."""
    if not rows.any():
        return at
    instant = at.instant.copy()
    instant[rows] = zones.to_utc(at.local[rows], zone[rows], offset[rows])
    return Resolved(
        at.earliest,
        at.latest,
        instant,
        at.local,
        at.other_earliest,
        at.other_latest,
        at.offset,
        at.is_ambiguous,
        at.is_future,
    )
