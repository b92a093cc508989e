"""Tables too large to be held: their rows are fetched in slices while they are written.

What a file would hold is known before a row of it is fetched, by the keys of its rows: a file of the same keys stands
in the previous generation already, and is linked instead of written.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from cuttings.store.parts import DAY, Part, digit_counts, parts

# Rows in hand at once, in bytes as the weights estimate them.
SLICE_BYTES: Final = 96 * 1024 * 1024
_WEIGHT: Final = "weight_bytes"


@dataclass(frozen=True, slots=True)
class LargeTable:
    """A table of the contract by its keys.

    `keys` has a row a unit, in any order: a page, or an article. Its first column is the first of the table's key, and
    its values are all that the rows of the unit are a function of, the engine and its settings aside. `captured_on` and
    `weight_bytes` tell of each unit its day and about how much memory its rows take. `fetch` gives the contract's rows
    of some of `keys`, in any order. `version` is what else they depend on beside the engine.
    """

    keys: pl.DataFrame
    captured_on: pl.Series
    weight_bytes: pl.Series
    fetch: Callable[[pl.DataFrame], pl.DataFrame]
    version: str

    def by_part(self) -> list[tuple[Part, pl.DataFrame]]:
        """The units of each file, by key, files in the order of their rows."""
        first = self.keys.columns[0]
        marked = self.keys.with_columns(
            self.captured_on.alias(DAY), self.weight_bytes.cast(pl.Int64).alias(_WEIGHT)
        ).sort(DAY, first, nulls_last=True)
        return list(parts(marked, first, self.digit_counts()))

    def digit_counts(self) -> pl.DataFrame:
        """By how many digits the rows of each day are parted: as their units are."""
        return digit_counts(self.captured_on)

    def slices(self, units: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """The rows of `units` (of `by_part`) in slices that follow each other, each sorted by the caller's key."""
        numbered = units.with_columns(slice_no=(pl.col(_WEIGHT).cum_sum() - 1) // SLICE_BYTES)
        for part in numbered.partition_by("slice_no", maintain_order=True):
            yield self.fetch(part.drop(_WEIGHT, "slice_no"))

    def digest(self, units: pl.DataFrame, salt: str) -> str:
        """What the rows of `units` are a function of, as one digest; `salt` stands for the engine."""
        return rows_digest(units.drop(_WEIGHT), f"{salt} {self.version}")


def rows_digest(rows: pl.DataFrame, salt: str) -> str:
    """sha256 of rows in their order, with a salt."""
    buffer = io.BytesIO(salt.encode() + b"\0")
    buffer.seek(0, io.SEEK_END)
    # In the oldest layout a column is one run of values and holds nothing else.
    rows.rechunk().write_ipc(buffer, compat_level=pl.CompatLevel.oldest())
    return hashlib.sha256(buffer.getbuffer()).hexdigest()
