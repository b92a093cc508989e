"""Dates of appearances and articles, out of the date texts of their pages.

The reading of a date text is `cuttings.dates`' work; here it gets its capture time and the key under which the order
and zone of a site are learned, and its result goes to the appearance and the article it dates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from cuttings.contract import TABLES

# text, language, captured_at, captured_from, page_id, publisher -> the date columns of the contract, rows in the same
# order.
MentionReader = Callable[[pl.DataFrame], pl.DataFrame]

_CAPTURE: Final = ("captured_at", "captured_from", "captured_earliest_at", "captured_latest_at")
_PUBLISHED: Final = {
    "published_at": "instant_at",
    "published_earliest_at": "earliest_at",
    "published_latest_at": "latest_at",
    "published_precision": "precision",
}
# The hour and the minute of a clock with a point, and no further point: that would be a day with its year.
_DOTTED_CLOCK: Final = r"^(\d{1,2})\.(\d{2}(?:[^\d.]|$))"
# What `bounds` takes of the reading of a date.
READING_COLUMNS: Final = ("earliest_at", "latest_at", "precision", "is_ambiguous", "offset_seconds")
_READ_COLUMNS: Final = tuple(
    column.name
    for column in TABLES["date_mentions"].columns
    if column.name not in {"page_id", "byte_start", "byte_end", "position", "text", "use"}
)


def read_dates(mentions: pl.DataFrame, pages: pl.DataFrame, sites: pl.DataFrame, reader: MentionReader) -> pl.DataFrame:
    """`mentions` with the date columns of the contract, sorted by page and place.

    `pages`: page_id, language, captured_at, captured_from, captured_earliest_at, captured_latest_at. The anchor of a
    relative date is the capture of its page; where that is an interval, the date's interval widens with it.
    """
    placed = (
        mentions.join(pages.select("page_id", "language", *_CAPTURE), on="page_id", how="left")
        .join(sites, on="page_id", how="left")
        .sort("page_id", "byte_start", "byte_end")
    )
    read = reader(
        placed.select(_told(), "language", "captured_at", "captured_from", "page_id", pl.col("site").alias("publisher"))
    )
    dated = pl.concat((placed.drop("text", "language", "site"), read.select(_READ_COLUMNS)), how="horizontal")
    before = pl.col("captured_earliest_at") - pl.col("captured_at")
    after = pl.col("captured_latest_at") - pl.col("captured_at")
    is_anchored = pl.col("anchor") == "capture"
    return dated.with_columns(
        pl.when(is_anchored).then(pl.col("earliest_at") + before).otherwise("earliest_at").alias("earliest_at"),
        pl.when(is_anchored).then(pl.col("latest_at") + after).otherwise("latest_at").alias("latest_at"),
    ).drop("captured_at", "captured_earliest_at", "captured_latest_at")


def _told() -> pl.Expr:
    """The text of a mention; 11.20 before an entry of a live page is a clock and no day of November."""
    text = pl.col("text").cast(pl.String)
    is_entry = pl.col("use").cast(pl.String) == "live_entry"
    return pl.when(is_entry).then(text.str.replace(_DOTTED_CLOCK, "${1}:$2")).otherwise(text).alias("text")


def date_appearances(
    appearances: pl.DataFrame, dated: pl.DataFrame, taken: Sequence[str] = READING_COLUMNS
) -> pl.DataFrame:
    """`appearances` with published_* out of the reading of the date text at their date_byte_start, and with the columns
    `taken` of it. `dated` is as `read_dates` gives it.

    Without an interval there is nothing published to say: all four are null.
    """
    is_first = (pl.col("page_id") != pl.col("page_id").shift()) | (pl.col("byte_start") != pl.col("byte_start").shift())
    is_placed = pl.col("earliest_at").is_not_null()
    readings = dated.filter(is_first.fill_null(value=True)).select(
        "page_id",
        pl.col("byte_start").alias("date_byte_start"),
        *(pl.when(is_placed).then(column).alias(name) for name, column in _PUBLISHED.items()),
        *taken,
    )
    return appearances.join(readings, on=("page_id", "date_byte_start"), how="left")


def date_articles(articles: pl.DataFrame, dated: pl.DataFrame) -> pl.DataFrame:
    """`articles` with the published_* of one of their appearances and its page as published_from.

    The narrowest interval wins among the best evidence: a date that hangs on a file's modification time counts only
    where no other does.
    """
    is_weak = (pl.col("anchor") == "capture") & (pl.col("captured_from") == "mtime")
    width = pl.col("published_latest_at") - pl.col("published_earliest_at")
    best = (
        dated.filter(pl.col("published_earliest_at").is_not_null())
        .select("article_id", "page_id", "position", *_PUBLISHED, is_weak.alias("_is_weak"), width.alias("_width"))
        .sort("article_id", "_is_weak", "_width", "page_id", "position")
        .group_by("article_id", maintain_order=True)
        .first()
        .select("article_id", *_PUBLISHED, pl.col("page_id").alias("published_from"))
    )
    return articles.join(best, on="article_id", how="left")
