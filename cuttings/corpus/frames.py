"""What every step of the corpus shares: frames in the shape of the contract, and ids out of texts."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Protocol, cast

import polars as pl
import pyarrow as pa

from cuttings.contract import TABLES


class CutFrames(Protocol):
    """The frames of cut pages, as `cuttings.pages.CutTables` holds them; see there for their columns."""

    @property
    def pages(self) -> pl.DataFrame: ...
    @property
    def segments(self) -> pl.DataFrame: ...
    @property
    def appearances(self) -> pl.DataFrame: ...
    @property
    def date_mentions(self) -> pl.DataFrame: ...
    @property
    def repairs(self) -> pl.DataFrame: ...
    @property
    def lines(self) -> pl.DataFrame: ...


class BrokenRowsError(ValueError):
    """Rows break the contract: the step before is broken, and no reader may see what it made.

    `check` is the check of the audit that says the same, `page_ids` the pages of all those rows, None when the table is
    not one of pages.
    """

    def __init__(self, message: str, check: str, page_ids: list[str] | None) -> None:
        super().__init__(message)
        self.check = check
        self.page_ids = page_ids


@cache
def empty_table(name: str) -> pl.DataFrame:
    """A contract table without rows, with the Polars types of its columns."""
    # Not `Schema.empty_table`, which imports pandas: seconds that `cuttings explain` should not take.
    return cast(pl.DataFrame, pl.from_arrow(pa.Table.from_batches([], schema=TABLES[name].schema)))


def conform(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` as contract table `name`: its columns in order, its types, rows sorted by the key.

    Columns beyond the contract's are left out. Raises BrokenRowsError when a column that must be filled is not, or when
    two rows share a key.
    """
    table = TABLES[name]
    schema = empty_table(name).schema
    result = frame.select(pl.col(column).cast(dtype) for column, dtype in schema.items()).sort(table.key)
    for column in table.columns:
        if not column.is_nullable and (missing := result.get_column(column.name).null_count()):
            check = f"{column.name}_is_not_null" if column.name in table.key else "required_columns_are_filled"
            raise BrokenRowsError(
                f"{name}.{column.name} is null in {missing} of {result.height} rows; it must be filled",
                f"{name}.{check}",
                _pages_of(result, pl.col(column.name).is_null()),
            )
    is_repeated = pl.all_horizontal(pl.col(column).eq_missing(pl.col(column).shift()) for column in table.key)
    if repeated := result.select(is_repeated.sum()).item():
        raise BrokenRowsError(
            f"{name}: {repeated} of {result.height} rows repeat the key ({', '.join(table.key)})",
            f"{name}.key_is_unique",
            _pages_of(result, is_repeated),
        )
    return result


def _pages_of(table: pl.DataFrame, is_broken: pl.Expr) -> list[str] | None:
    if "page_id" not in table.columns:
        return None
    pages = table.filter(is_broken).get_column("page_id").unique().sort()
    return None if pages.null_count() else pages.to_list()


def digest(texts: pl.Series, digits: int) -> pl.Series:
    """SHA-256 of each text's UTF-8 bytes in lower-case hexadecimal, first `digits` digits; null stays null."""
    return pl.Series(
        texts.name,
        [None if text is None else sha256(text.encode()).hexdigest()[:digits] for text in texts],
        dtype=pl.String,
    )


def folded_case(text: pl.Expr) -> pl.Expr:
    """`text` in compatibility form and lower case, the two letters that lower case alone keeps apart folded too."""
    lowered = text.str.normalize("NFKC").str.to_lowercase()
    return lowered.str.replace_all("ß", "ss", literal=True).str.replace_all("ς", "σ", literal=True)
