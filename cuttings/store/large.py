"""Tables too large to be held: their rows are fetched in slices while they are written.

What a file would hold is known before a row of it is fetched, by the keys of its rows: a file of the same keys stands
in the previous generation already, and is linked instead of written.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from cuttings.corpus import HexIds
from cuttings.store.parts import DAY, MOST_DIGITS, Part, digit_counts, parts

# Rows in hand at once, in bytes as the weights estimate them; two tables are written side by side.
SLICE_BYTES: Final = 32 * 1024 * 1024
_PLACE: Final = "place"
_LEADING: Final = "leading_digits"


def _as_they_are(keys: pl.DataFrame) -> pl.DataFrame:
    return keys


@dataclass(frozen=True, slots=True)
class LargeTable:
    """A table of the contract by its keys.

    `keys` has a row a unit, in any order: a page, or a row of the table. Its first column is the first of the table's
    key, and its values are all that the rows of the unit are a function of, the engine and its settings aside.
    `captured_on` and `weight_bytes` tell of each unit its day and about how much memory its rows take. `fetch` gives
    the contract's rows of some of `keys`, in any order. `version` is what else they depend on beside the engine.

    Ids may stand in `keys` as places among all of them: `ids` has those of the first column, and `named`
    puts ids in their stead. `part_days` has the days by which the rows are parted, where those are not the units'.
    """

    keys: pl.DataFrame
    captured_on: pl.Series
    weight_bytes: pl.Series
    fetch: Callable[[pl.DataFrame], pl.DataFrame]
    version: str
    ids: HexIds | None = None
    named: Callable[[pl.DataFrame], pl.DataFrame] = _as_they_are
    part_days: pl.Series | None = None

    def by_part(self, key: Sequence[str]) -> list[tuple[Part, pl.Series]]:
        """The places in `keys` of the units of each file, by the key of the table, files in the order of their rows.

        Places, because to sort all of `keys` would take twice their room.
        """
        first = self.keys.columns[0]
        own = [name for name in key if name in self.keys.columns]
        order = self.keys.select(own).with_columns(self.captured_on.alias(DAY)).with_row_index(_PLACE)
        order = order.sort(DAY, *own, nulls_last=True).select(_PLACE, DAY, first)
        ids = order.get_column(first)
        leading = ids.str.head(MOST_DIGITS) if self.ids is None else self.ids.texts(ids, MOST_DIGITS)
        order = order.select(_PLACE, DAY, leading.alias(_LEADING))
        return [(part, units.get_column(_PLACE)) for part, units in parts(order, _LEADING, self.digit_counts())]

    def digit_counts(self) -> pl.DataFrame:
        """By how many digits the rows of each day are parted: as their units are."""
        return digit_counts(self.captured_on if self.part_days is None else self.part_days)

    def slices(self, places: pl.Series) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        """The rows of the units at `places` (of `by_part`) in slices that follow each other, and each unit's day.

        Rows come in any order within their slice.
        """
        weights = self.weight_bytes.gather(places).cast(pl.Int64)
        slice_no = (weights.cum_sum() - 1) // SLICE_BYTES
        start = 0
        for row_count in slice_no.rle().struct.field("len"):
            own = places.slice(start, row_count)
            named = self.named(self.keys[own])
            days = named.select(named.columns[0]).with_columns(self.captured_on.gather(own).alias(DAY))
            yield self.fetch(named), days.unique(named.columns[0])
            start += row_count

    def digest(self, places: pl.Series, salt: str) -> str:
        """What the rows of the units at `places` are a function of, as one digest; `salt` stands for the engine."""
        return rows_digest(self.named(self.keys[places]), f"{salt} {self.version}")


def rows_digest(rows: pl.DataFrame, salt: str) -> str:
    """sha256 of rows in their order, with a salt."""
    buffer = io.BytesIO(salt.encode() + b"\0")
    buffer.seek(0, io.SEEK_END)
    # In the oldest layout a column is one run of values and holds nothing else.
    rows.rechunk().write_ipc(buffer, compat_level=pl.CompatLevel.oldest())
    return hashlib.sha256(buffer.getbuffer()).hexdigest()
