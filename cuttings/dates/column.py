"""`normalise_dates`: a column of date texts to a frame of intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

import numpy as np
import polars as pl

from cuttings.dates.binding import ABSOLUTE, AGE, CALENDAR, CLOCK, NOW, WEEKDAY, YEARLESS, Plan
from cuttings.dates.civil import NONE, Bools, Ints
from cuttings.dates.reading import (
    EITHER_DAY_FIRST,
    PRECISIONS,
    Readings,
    read,
)  # fmt: skip
from cuttings.dates.resolve import Resolved, resolve
from cuttings.dates.skeletons import NO_PLAN, clean, find_plans, skeletons

UTC_US: Final = pl.Datetime("us", "UTC")
READINGS: Final = pl.List(pl.Struct({"earliest_at": UTC_US, "latest_at": UTC_US}))
UNREAD: Final = "unread"

# Rule and confidence by kind of plan: how much of the instant was written and how much supplied.
_RULES: Final = {
    0: ("none", 0.0), ABSOLUTE: ("written", 0.98), AGE: ("age", 0.95), NOW: ("now", 0.9),
    CALENDAR: ("calendar_day", 0.85), YEARLESS: ("latest_year", 0.8), WEEKDAY: ("latest_weekday", 0.7),
    CLOCK: ("latest_clock", 0.6),
}  # fmt: skip
_AMBIGUOUS: Final = 0.6  # factor of confidence when another reading is possible
_FUTURE: Final = 0.3  # factor when the date lies after the capture, or was never anchored


@dataclass(frozen=True, slots=True)
class Parsed:
    """The readings of a column of texts: one a distinct text, and the distinct text of each row."""

    readings: Readings
    row: Ints
    plans: list[Plan]
    updated: Readings | None  # of the second instant, where a text holds two
    zone_written: pl.Series


def normalise_dates(
    texts: Sequence[str | None] | pl.Series,
    captured_at: Sequence[datetime | None] | pl.Series | datetime | None = None,
    language: Sequence[str | None] | pl.Series | str | None = None,
) -> pl.DataFrame:
    """Read a column of date texts; one row a text, in order.

    `captured_at` (aware, or naive UTC) fixes relative dates; `language` (ISO 639-1, a region may follow) helps to read
    words and the order of numeric dates. Each is a column or one value for all. A text that is not a date to its last
    token gives nulls. Columns: `earliest_at`, `latest_at` (the interval that holds under any assumption), `instant_at`
    (best point, UTC assumed where no zone is written), `local_at` (the wall clock as written), `precision`,
    `is_ambiguous`, `alternatives`, `form`, `use`, `updated_at` (of a text with two instants), `zone_written`,
    `zone_from`, `anchor`, `rule`, `confidence`, `offset_seconds`. More in docs/dates.md.

    >>> normalise_dates(["23 May, 2024 22:33"])["local_at"].to_list()
    [datetime.datetime(2024, 5, 23, 22, 33)]
    """
    column = pl.Series("text", texts, dtype=pl.String)
    n = len(column)
    captured = seconds_of(captured_at, n)
    parsed = parse_column(column, as_column(language, n))
    at = take(parsed.readings, parsed.row)
    resolved = resolve(at, captured)
    frame = evidence(parsed, at, resolved, captured)
    updated = pl.Series("updated_at", [None] * n, dtype=UTC_US)
    if parsed.updated is not None:
        later = resolve(take(parsed.updated, parsed.row), captured)
        updated = stamps("updated_at", np.where(at.plan == NO_PLAN, NONE, later.instant))
    names = pl.Series([p.use for p in parsed.plans] + [None], dtype=pl.String)
    use = names.gather(np.where(at.plan == NO_PLAN, len(parsed.plans), at.plan)).alias("use")
    read_rows = pl.Series(at.plan != NO_PLAN)
    return frame.with_columns(
        stamps("local_at", resolved.local, pl.Datetime("us")),
        use,
        updated,
        form=pl.when(read_rows).then("form"),
        precision=pl.when(read_rows).then("precision"),
    )


def as_column(language: Sequence[str | None] | pl.Series | str | None, n: int) -> pl.Series:
    """One language for all rows, or a column of them."""
    if language is None or isinstance(language, str):
        return pl.Series("language", [language], dtype=pl.String).new_from_index(0, n)
    return pl.Series("language", language, dtype=pl.String)


def seconds_of(captured_at: Sequence[datetime | None] | pl.Series | datetime | None, n: int) -> Ints:
    """Capture times as seconds since 1970, NONE where unknown."""
    if captured_at is None:
        return np.full(n, NONE, dtype=np.int64)
    values = pl.Series([captured_at]) if isinstance(captured_at, datetime) else pl.Series(captured_at, strict=False)
    if values.dtype == pl.Null:
        return np.full(n, NONE, dtype=np.int64)
    seconds = values.dt.timestamp("ms") // 1000  # of an aware column too: Polars counts from 1970 in UTC
    found = seconds.fill_null(NONE).to_numpy().astype(np.int64)
    return np.full(n, found[0], dtype=np.int64) if isinstance(captured_at, datetime) else found


def parse_column(texts: pl.Series, languages: pl.Series) -> Parsed:
    """Read each distinct text of a column once."""
    frame = pl.DataFrame({"text": texts, "language": languages})
    has_one_language = languages.is_empty() or languages.n_unique() == 1
    grouped = frame.with_row_index("row").group_by(
        ["text"] if has_one_language else ["text", "language"], maintain_order=True
    )
    unique = grouped.agg(pl.col("row"), *([pl.col("language").first()] if has_one_language else []))
    row = np.empty(len(frame), dtype=np.int64)
    row[unique["row"].explode().to_numpy()] = np.repeat(np.arange(len(unique)), unique["row"].list.len().to_numpy())
    cleaned = clean(unique["text"].to_list())
    skeleton, digits, starts = skeletons(cleaned)
    index, found = find_plans(skeleton, unique["language"].to_list())
    main, second = [main_plan(p) for p in found], [other_plan(p) for p in found]
    updated = None
    if any(second):
        has = np.array([p is not None for p in second] + [False])[index]
        chosen = [p or main[i] for i, p in enumerate(second)]
        updated = read(np.where(has, index, NO_PLAN), chosen, digits, starts)
    readings = read(index, main, digits, starts)
    zone = _zones_written(cleaned, readings.plan, main)
    return Parsed(readings, row, main, updated, zone)


def main_plan(found: tuple[Plan, ...]) -> Plan:
    """The published instant of a text, else its first."""
    return next((p for p in found if p.use == "published"), found[0])


def other_plan(found: tuple[Plan, ...]) -> Plan | None:
    """The updated instant of a text that holds two."""
    return next((p for p in found if p.use == "updated" and p is not main_plan(found)), None)


def _zones_written(cleaned: Sequence[str], plan: Ints, plans: list[Plan]) -> pl.Series:
    spans = [*(p.zone_span for p in plans), None]  # the last for texts without a plan, whose index is -1
    written = [text[span[0] : span[1]] if (span := spans[k]) else None for text, k in zip(cleaned, plan, strict=True)]
    return pl.Series("zone_written", written, dtype=pl.String)


def take(r: Readings, row: Ints) -> Readings:
    """The readings of rows."""
    return Readings(**{f.name: getattr(r, f.name)[row] for f in fields(Readings)})


def stamps(name: str, seconds: Ints, dtype: pl.Datetime = UTC_US) -> pl.Series:
    """Seconds since 1970 as a column of instants, null for NONE."""
    micro = pl.Series("v", np.where(seconds == NONE, 0, seconds) * 1_000_000, dtype=pl.Int64).cast(dtype)
    return pl.select(pl.when(pl.Series(seconds != NONE)).then(micro).alias(name)).to_series()


def evidence(parsed: Parsed, r: Readings, at: Resolved, captured: Ints, rules: Ints | None = None) -> pl.DataFrame:
    """The date columns of `contract.DATE_MENTIONS` for resolved readings."""
    has = r.plan != NO_PLAN
    safe = np.where(has, r.plan, len(parsed.plans))
    forms = pl.Series([p.form for p in parsed.plans] + [UNREAD], dtype=pl.String)
    precisions = pl.Series([p.precision for p in parsed.plans] + [PRECISIONS[-1]], dtype=pl.String)
    names = [_RULES[kind][0] for kind in sorted(_RULES)]
    confidence = np.array([_RULES[kind][1] for kind in sorted(_RULES)])[r.kind]
    confidence = confidence * np.where(at.is_ambiguous, _AMBIGUOUS, 1.0)
    confidence = confidence * np.where(at.is_future | (has & (at.instant == NONE)), _FUTURE, 1.0)
    rule = pl.Series(
        names + [f"{n}_after_capture" for n in names] + [f"{n}_order_default" for n in names] + EXTRA_RULES
    )
    number = np.where(at.is_future, r.kind + len(names), r.kind)
    number = np.where(at.is_ambiguous & (r.order >= EITHER_DAY_FIRST) & ~at.is_future, r.kind + 2 * len(names), number)
    if rules is not None:
        number = np.where(rules >= 0, rules + 3 * len(names), number)
    anchors = pl.Series(["none", "written", "capture"])
    anchor = np.where(r.kind == ABSOLUTE, 1, np.where(has & (captured != NONE), 2, 0))
    return pl.DataFrame(
        [
            forms.gather(safe).alias("form"),
            stamps("earliest_at", at.earliest),
            stamps("latest_at", at.latest),
            stamps("instant_at", at.instant),
            precisions.gather(safe).alias("precision"),
            parsed.zone_written.gather(parsed.row).alias("zone_written"),
            pl.Series(["none", "written"]).gather((has & (r.zone >= 0)).astype(np.int64)).alias("zone_from"),
            anchors.gather(anchor).alias("anchor"),
            pl.Series("is_ambiguous", at.is_ambiguous),
            _alternatives(at),
            rule.gather(number).alias("rule"),
            pl.Series("confidence", confidence.round(3)),
            _numbers("offset_seconds", at.offset),
        ]
    )


# Rules of `mentions`: an ambiguous order that other dates decided.
EXTRA_RULES: Final = ["written_order_publisher", "written_order_page", "written_order_corpus"]


def _numbers(name: str, values: Ints) -> pl.Series:
    column = pl.Series("v", values)
    return pl.select(pl.when(pl.Series(values != NONE)).then(column).alias(name)).to_series()


def _alternatives(at: Resolved) -> pl.Series:
    n = len(at.earliest)
    none = pl.Series("alternatives", [[]], dtype=READINGS).new_from_index(0, n)
    rows: Bools = at.is_ambiguous
    if not rows.any():
        return none
    frame = pl.DataFrame([stamps("earliest_at", at.other_earliest), stamps("latest_at", at.other_latest), none])
    listed = pl.concat_list(pl.struct("earliest_at", "latest_at"))
    return frame.select(
        pl.when(pl.Series(rows)).then(listed).otherwise("alternatives").alias("alternatives")
    ).to_series()
