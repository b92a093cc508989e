"""Tables to Parquet files: partitioned by day of capture, sorted by key, the same bytes for the same rows.

`parts.py` tells which rows make a file. A row group holds a fixed number of rows, the schema is the contract's, pages
carry checksums, and nothing of the machine, the clock or the number of threads enters the file.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from cuttings.contract import TABLES, Table
from cuttings.store.large import LargeTable, rows_digest
from cuttings.store.layout import NULL_PARTITION, PART_GLOB
from cuttings.store.parts import DAY, Part, digit_counts, parts
from cuttings.store.reuse import Reuse

# Rows of a row group: about 8 MB of segments or 60 MB of article bodies in memory while it is written.
ROW_GROUP_ROWS: Final = 32_768


@dataclass(frozen=True, slots=True)
class TableFile:
    """One Parquet file of a table: its path, its day of capture (None when unknown or not partitioned), its rows."""

    table: str
    path: Path
    captured_on: date | None
    row_count: int


def write_tables(
    directory: Path, tables: Mapping[str, pl.DataFrame | pl.LazyFrame], reuse: Reuse | None = None
) -> list[TableFile]:
    """Write tables of the contract below `directory`; what stood there of the same tables is replaced.

    Tables that are partitioned by the capture of their page need `pages` among `tables`. Columns may come in any order
    and any equivalent type. `reuse` knows files that need not be written. Raises ValueError when a frame is not as the
    contract says: a bug of the step before.
    """
    days = _page_days(tables)
    reuse = reuse or Reuse.none()
    written: list[TableFile] = []
    for name in sorted(tables):
        shutil.rmtree(directory / name, ignore_errors=True)
        table = TABLES[name]
        given = tables[name]
        frame = given.collect(engine="streaming") if isinstance(given, pl.LazyFrame) else given
        written += _write_parts(directory, table, frame, days, reuse)
    return written


def _write_parts(
    directory: Path, table: Table, frame: pl.DataFrame, days: pl.DataFrame | None, reuse: Reuse
) -> list[TableFile]:
    """Write or link the files of a table."""
    written = []
    frame = _with_day(frame, table, days)
    for part, rows in _parts(table, frame, _digit_counts(table, frame, days)):
        path = directory / part.path(table.name, has_days=table.captured_on is not None)
        row_count = reuse.link(path, directory, rows_digest(rows, reuse.salt))
        if row_count is None:
            row_count = _write_file(path, table, [rows])
        written.append(TableFile(table.name, path, part.day, row_count))
    return written


def write_large(directory: Path, name: str, large: LargeTable, reuse: Reuse | None = None) -> list[TableFile]:
    """Like `write_tables`, for one table whose rows are fetched in slices."""
    table = TABLES[name]
    reuse = reuse or Reuse.none()
    shutil.rmtree(directory / name, ignore_errors=True)
    if not large.keys.height:
        # Aside, because pages that stand already must not be written over by none.
        days = _page_days({"pages": empty_table("pages")})
        return _write_parts(directory, table, empty_table(name), days, reuse)
    written: list[TableFile] = []
    missing: list[pl.Series] = []
    for part, places in large.by_part(table.key):
        path = directory / part.path(name, has_days=True)
        row_count = reuse.link(path, directory, large.digest(places, reuse.salt))
        if row_count is None:
            missing.append(places)
        else:
            written.append(TableFile(name, path, part.day, row_count))
    counts = large.digit_counts()
    # Slices go over the ends of files, so that a thousand small days are not a thousand readings.
    slices = large.slices(pl.concat(missing)) if missing else iter(())
    found = (pair for rows, days in slices for pair in _parts(table, _with_day(rows, table, days), counts))
    for part, same in groupby(found, key=itemgetter(0)):
        path = directory / part.path(name, has_days=True)
        written.append(TableFile(name, path, part.day, _write_file(path, table, (rows for _, rows in same))))
    return written


def empty_table(name: str) -> pl.DataFrame:
    """A table of the contract without rows."""
    # Not `Schema.empty_table`, which imports pandas: three seconds that no reader of a warehouse should pay.
    return pl.DataFrame(pa.Table.from_batches([], schema=TABLES[name].schema))


def table_files(directory: Path, name: str) -> list[TableFile]:
    """The files of a table in a generation's directory, in order of their days, unknown last."""
    files = []
    for path in sorted((directory / name).glob(f"**/{PART_GLOB}")):
        label = path.parent.name.removeprefix(f"{DAY}=")
        is_dated = label not in (path.parent.name, NULL_PARTITION)
        captured_on = date.fromisoformat(label) if is_dated else None
        files.append(TableFile(name, path, captured_on, pq.read_metadata(path).num_rows))
    return files


def scan_table(directory: Path, name: str) -> pl.LazyFrame:
    """A table of a generation as a lazy frame: the contract's columns, and `captured_on` where it is partitioned."""
    table = TABLES[name]
    return pl.concat(
        pl.scan_parquet([file.path], glob=False, hive_partitioning=False).with_columns(
            [pl.lit(file.captured_on, dtype=pl.Date).alias(DAY)] if table.captured_on else []
        )
        for file in table_files(directory, name)
    )


def _page_days(tables: Mapping[str, pl.DataFrame | pl.LazyFrame]) -> pl.DataFrame | None:
    pages = tables.get("pages")
    if pages is None:
        return None
    return pages.lazy().select("page_id", pl.col("captured_at").dt.date().alias(DAY)).collect()


def _with_day(frame: pl.DataFrame, table: Table, days: pl.DataFrame | None) -> pl.DataFrame:
    """The contract's columns and the partition's, sorted by day (unknown last) and key."""
    names = [column.name for column in table.columns]
    if set(frame.columns) != set(names):
        missing, unknown = sorted(set(names) - set(frame.columns)), sorted(set(frame.columns) - set(names))
        raise ValueError(f"table {table.name}: columns missing {missing}, columns unknown to the contract {unknown}")
    frame = frame.select(names)
    if table.captured_on is None:
        return frame.sort(table.key)
    if not table.captured_on.startswith("pages."):
        frame = frame.with_columns(pl.col(table.captured_on).dt.date().alias(DAY))
    elif days is None:
        raise ValueError(f"table {table.name} is partitioned by its pages: write it together with the table pages")
    else:
        strays = frame.join(days, on="page_id", how="anti")
        if strays.height:
            raise ValueError(f"table {table.name}: page_id {strays['page_id'][0]} is not in the table pages")
        frame = frame.join(days, on="page_id", how="left")
    return frame.sort(DAY, *table.key, nulls_last=True)


def _digit_counts(table: Table, frame: pl.DataFrame, days: pl.DataFrame | None) -> pl.DataFrame:
    """By how many digits the rows of each day are parted: as the day's pages are, where the rows are those of pages."""
    if table.captured_on is None:
        return pl.DataFrame()
    units = days if days is not None and "page_id" in table.key else frame
    return digit_counts(units.get_column(DAY))


def _parts(table: Table, frame: pl.DataFrame, counts: pl.DataFrame) -> Iterator[tuple[Part, pl.DataFrame]]:
    """The rows of each file, of a frame of `_with_day`; one file without rows where the frame has none."""
    if table.captured_on is None or not frame.height:
        yield Part(None, ""), frame
    else:
        yield from parts(frame, table.key[0], counts)


def _write_file(path: Path, table: Table, parts: Iterable[pl.DataFrame]) -> int:
    """Write the rows of `parts`, which follow each other; return how many. Where a part ended does not show."""
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = table.schema
    row_count = 0
    with (
        path.open("xb") as sink,
        pq.ParquetWriter(
            sink,
            schema,
            compression="zstd",
            version="2.6",
            data_page_version="1.0",
            write_page_checksum=True,
            sorting_columns=pq.SortingColumn.from_ordering(schema, [(name, "ascending") for name in table.key]),
        ) as writer,
    ):
        for group in _row_groups(parts, [column.name for column in table.columns]):
            writer.write_table(_conformed(group, table, schema), ROW_GROUP_ROWS)
            row_count += group.height
    return row_count


def _row_groups(parts: Iterable[pl.DataFrame], names: Sequence[str]) -> Iterator[pl.DataFrame]:
    """The same rows, ROW_GROUP_ROWS at a time, the last ones fewer; one empty group where there is no row."""
    held = pl.DataFrame()
    is_any = False
    for part in parts:
        held = pl.concat((held, part.select(names))) if held.height else part.select(names)
        while held.height > ROW_GROUP_ROWS:
            yield held.head(ROW_GROUP_ROWS)
            held, is_any = held.slice(ROW_GROUP_ROWS), True
    if held.height or not is_any:
        yield held


def _conformed(frame: pl.DataFrame, table: Table, schema: pa.Schema) -> pa.Table:
    """The rows under the contract's schema; ValueError names the column that does not fit."""
    # One chunk a column: how rows were put together must not show in the pages of the file.
    found = frame.rechunk().to_arrow()
    columns = []
    for field in schema:
        column = found[field.name]
        if column.null_count and not field.nullable:
            raise ValueError(f"table {table.name}, column {field.name}: found {column.null_count} nulls, expected none")
        try:
            columns.append(column.cast(field.type))
        except pa.ArrowException as error:
            raise ValueError(
                f"table {table.name}, column {field.name}: found {column.type}, expected {field.type}: {error}"
            ) from error
    return pa.Table.from_arrays(columns, schema=schema)
