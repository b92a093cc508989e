"""Which rows of a table stand in one file: those of a day of capture; of a large day, those whose key begins alike.

A file with the rows of the one before is linked and not written again, so a page that changes on a day of a million
others should concern few of them. Keys are digests, so their first digits part the rows of a day evenly, and a row
stays in its file whatever else comes and goes, until the day has sixteen times as many.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from cuttings.store.layout import NULL_PARTITION, part_name

DAY: Final = "captured_on"
_DIGITS: Final = "first_digits"
_DIGIT_COUNT: Final = "digit_count"
# Rows of a day in one file; where the rows are those of pages, pages: some 200,000 segments, which take a third of a
# second to write.
PART_ROWS: Final = 4_096
MOST_DIGITS: Final = 2


class Part(NamedTuple):
    """The rows of one file: their day, None when unknown or when the table has no days; and how their keys begin."""

    day: date | None
    digits: str

    def path(self, table: str, *, has_days: bool) -> Path:
        """Where the file stands in a generation."""
        folder = f"{DAY}={NULL_PARTITION if self.day is None else self.day.isoformat()}" if has_days else ""
        return Path(table, folder, part_name(self.digits))


def digit_counts(days: pl.Series) -> pl.DataFrame:
    """By how many digits of the key the rows of each day are parted; `days` has the day of every row."""
    counts = days.alias(DAY).to_frame().group_by(DAY).len()
    steps = [(pl.col("len") > PART_ROWS * 16**digit).cast(pl.UInt32) for digit in range(MOST_DIGITS)]
    return counts.select(DAY, pl.sum_horizontal(steps).alias(_DIGIT_COUNT))


def parts(rows: pl.DataFrame, key: str, counts: pl.DataFrame) -> Iterator[tuple[Part, pl.DataFrame]]:
    """The rows of each file, of `rows` in the order of their day (the column DAY) and `key`.

    `counts` is that of `digit_counts` and knows each day.
    """
    digits = pl.col(key).str.head(pl.col(_DIGIT_COUNT))
    marked = rows.join(counts, on=DAY, how="left", nulls_equal=True, maintain_order="left").select(
        DAY, digits.alias(_DIGITS)
    )
    start = 0
    for row_count, day, first in marked.to_struct("part").rle().struct.unnest().unnest("value").iter_rows():
        yield Part(day, first), rows.slice(start, row_count)
        start += row_count
