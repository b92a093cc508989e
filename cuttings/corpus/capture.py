"""When a page was fetched, from what is known of its files and from what the corpus shows.

Evidence in order of strength: sidecar, record, option, name, inferred, mtime. Of several files with the same bytes the
strongest evidence counts, then the earliest. The date of an article never stands in for the capture of its page: rails
are years newer than the article they stand beside. It bounds the capture from below, and that is all it does.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from cuttings.contract import CAPTURE_SOURCES

STRENGTH: Final = ("sidecar", "record", "option", "name", "inferred", "mtime", "none")
assert set(STRENGTH) == set(CAPTURE_SOURCES)

# An inferred interval this narrow is called a capture time: one "n hours ago" beside an instant whose zone is written
# leaves 1.5 h, and an anchor blurred by less than 2 h blurs no reading in hours by more than its own rounding.
INFERRED_WIDTH: Final = pl.duration(hours=2)
# A text may carry one date here and another there, so one that links two pages is no witness; two that agree are.
LEAST_WITNESSES: Final = 2
# Seconds of the unit an age was counted in; ages in seconds are vague to a minute. Months and years have no fixed
# length and bound nothing here.
_UNIT_SECONDS: Final = {"second": 60, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_DAY_SECONDS: Final = 86_400

# Of every file and page, so a byte each.
CAPTURED_FROM: Final = pl.Enum(CAPTURE_SOURCES)
_NO_TIME: Final = pl.lit(None, dtype=pl.Datetime("us", "UTC"))


def resolve_files(files: pl.DataFrame, *, trusts_mtime: bool) -> pl.DataFrame:
    """`files` with captured_at and captured_from by the object's own evidence, the weakest included if trusted."""
    is_known = pl.col("captured_at").is_not_null() & (pl.col("captured_from") != "none")
    is_stamped = pl.col("modified_at").is_not_null() & pl.lit(trusts_mtime)
    return files.with_columns(
        pl.when(is_known)
        .then("captured_at")
        .when(is_stamped)
        .then("modified_at")
        .otherwise(_NO_TIME)
        .alias("captured_at"),
        pl.when(is_known)
        .then("captured_from")
        .when(is_stamped)
        .then(pl.lit("mtime"))
        .otherwise(pl.lit("none"))
        .cast(CAPTURED_FROM)
        .alias("captured_from"),
    )


def page_captures(files: pl.DataFrame) -> pl.DataFrame:
    """Per page_id the best evidence of its files: captured_at, captured_from and the interval they stand for.

    A day in a name (read as its midnight) means some time on that day; any other evidence is a point. A sources step
    that knows better says so in the columns captured_earliest_at and captured_latest_at.
    """
    evidence = files.filter(pl.col("page_id").is_not_null() & (pl.col("captured_from") != "none"))
    is_day = (pl.col("captured_from") == "name") & (pl.col("captured_at") == pl.col("captured_at").dt.truncate("1d"))
    day_end = pl.col("captured_at").dt.offset_by("1d") - pl.duration(microseconds=1)
    earliest, latest = pl.col("captured_at"), pl.when(is_day).then(day_end).otherwise("captured_at")
    if "captured_earliest_at" in files.columns:
        earliest = pl.coalesce("captured_earliest_at", earliest)
        latest = pl.coalesce("captured_latest_at", latest)
    return (
        evidence.select(
            "page_id",
            "captured_at",
            "captured_from",
            earliest.alias("captured_earliest_at"),
            latest.alias("captured_latest_at"),
            pl.col("captured_from").cast(pl.Enum(STRENGTH)).to_physical().alias("_weakness"),
        )
        .sort("page_id", "_weakness", "captured_at", "captured_latest_at", "captured_earliest_at")
        .group_by("page_id", maintain_order=True)
        .first()
        .drop("_weakness")
    )


def bounds(dated: pl.DataFrame) -> pl.DataFrame:
    """What the corpus shows of captures: page_id, bound_earliest_at, bound_latest_at; either may be null.

    `dated`: appearances with article_id, publisher_id and the columns of the date each of them carries. A page was not
    captured before a date it shows. When it gives the ages of at least LEAST_WITNESSES articles that have, as texts of
    the same publishers, known intervals on other pages, the capture lies in each of those intervals plus the age.
    Bounds that contradict each other are left out: one of the readings is wrong, and nobody knows which.
    """
    sure = dated.filter(~pl.col("is_ambiguous"))
    shown = (
        sure.filter(pl.col("earliest_at").is_not_null())
        .group_by("page_id")
        .agg(pl.col("earliest_at").max().alias("shown_at"))
    )
    text = ("article_id", "publisher_id")
    known = (
        sure.filter(pl.col("earliest_at").is_not_null() & pl.col("latest_at").is_not_null())
        .group_by(text)
        .agg(pl.col("earliest_at").max().alias("from_at"), pl.col("latest_at").min().alias("to_at"))
        .filter(pl.col("from_at") <= pl.col("to_at"))
    )
    unit = pl.col("precision").replace_strict(_UNIT_SECONDS, default=None, return_dtype=pl.Int64)
    # Sites round an age down or to the nearest: n units are n - ½ to n + 1 units.
    least_age = pl.duration(milliseconds=pl.col("offset_seconds") * 1_000 - pl.col("unit") * 500)
    greatest_age = pl.duration(seconds=pl.col("offset_seconds") + pl.col("unit"))
    aged = (
        sure.filter(pl.col("earliest_at").is_null())
        .with_columns(unit.alias("unit"))
        .drop_nulls(("offset_seconds", "unit"))
        # "1 day ago at 2 pm" is written to the minute and was counted in calendar days.
        .filter((pl.col("offset_seconds") < _DAY_SECONDS) | (pl.col("unit") >= _DAY_SECONDS))
        .join(known, on=text, how="inner")
        .group_by("page_id")
        .agg(
            (pl.col("from_at") + least_age).max().alias("after_at"),
            (pl.col("to_at") + greatest_age).min().alias("before_at"),
            pl.col("article_id").n_unique().alias("witness_count"),
        )
        .filter(pl.col("witness_count") >= LEAST_WITNESSES)
    )
    joined = shown.join(aged, on="page_id", how="full", coalesce=True)
    earliest = pl.max_horizontal("shown_at", "after_at")
    is_sound = pl.col("before_at").is_null() | (earliest <= pl.col("before_at"))
    return joined.select(
        "page_id",
        pl.when(is_sound).then(earliest).otherwise("shown_at").alias("bound_earliest_at"),
        pl.when(is_sound).then("before_at").otherwise(_NO_TIME).alias("bound_latest_at"),
    ).sort("page_id")


def with_bounds(pages: pl.DataFrame, captures: pl.DataFrame, bounded: pl.DataFrame) -> pl.DataFrame:
    """`pages` with captured_at, captured_from, captured_earliest_at and captured_latest_at, bounds taken in.

    Strong evidence stands. Narrow bounds are an inferred capture: at the modification time where that lies within them,
    else in their middle. A modification time outside the bounds is not when the page was fetched, and is not used.
    """
    joined = pages.join(captures, on="page_id", how="left").join(bounded, on="page_id", how="left")
    stamp, low, high = pl.col("captured_at"), pl.col("bound_earliest_at"), pl.col("bound_latest_at")
    is_mtime = (pl.col("captured_from") == "mtime").fill_null(value=False)
    is_strong = pl.col("captured_from").is_not_null() & ~is_mtime
    is_narrow = ~is_strong & ((high - low) <= INFERRED_WIDTH).fill_null(value=False)
    is_within = is_mtime & (stamp >= low).fill_null(value=True) & (stamp <= high).fill_null(value=True)
    is_given = is_strong | (is_within & ~is_narrow)
    middle = low + (high - low) / 2
    source = pl.when(is_given).then("captured_from").when(is_narrow).then(pl.lit("inferred")).otherwise(pl.lit("none"))
    return joined.with_columns(
        pl.when(is_given | is_within).then(stamp).when(is_narrow).then(middle).otherwise(_NO_TIME).alias("captured_at"),
        source.cast(CAPTURED_FROM).alias("captured_from"),
        pl.when(is_given).then("captured_earliest_at").otherwise(low).alias("captured_earliest_at"),
        pl.when(is_given).then("captured_latest_at").otherwise(high).alias("captured_latest_at"),
    ).drop("bound_earliest_at", "bound_latest_at")
