"""SQL on the published generation: one SELECT, read-only, written as a table, CSV, JSON or Parquet."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import IO, Final

import duckdb
import polars as pl
import polars.selectors as cs
from rich.console import Console
from rich.text import Text

from cuttings.errors import StorageError, UsageError
from cuttings.store import open_warehouse
from cuttings.terminal import table

_SHOWN_DIGITS: Final = 6  # of a floating point number, in a table
_PIPE_COLUMNS: Final = 100_000
_SHOWN_ROWS: Final = 200  # rows of a table in the terminal; the other formats write all
# A spreadsheet runs a cell that begins so as a formula (OWASP, CSV injection), unless a quote precedes it.
_FORMULA_START: Final = r"^[=+\-@\t\r]"
_ENDINGS: Final = {".csv": "csv", ".json": "json", ".parquet": "parquet"}


def select(warehouse: Path, sql: str) -> pl.DataFrame:
    """The rows of one SELECT statement on the published generation.

    Raises UsageError when `sql` is not exactly one SELECT or DuckDB cannot run it, NothingPublishedError when there is
    no generation.
    """
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise UsageError(f"the SQL does not parse: {error}") from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        kinds = ", ".join(statement.type.name for statement in statements) or "nothing"
        raise UsageError(f"query takes exactly one SELECT statement and found {kinds}: the warehouse is read-only")
    with open_warehouse(warehouse) as opened, opened.duckdb() as connection:
        try:
            rows: pl.DataFrame = connection.sql(statements[0].query).pl()
            return rows
        except duckdb.Error as error:
            raise UsageError(f'{error}\nTables and columns: cuttings query "show all tables"') from error


def write(warehouse: Path, sql: str, output_format: str | None, output: Path | None, console: Console) -> None:
    """Run `sql` and write its rows as `output_format`: table, csv, json or parquet.

    Without a format the ending of `output` decides, and without an output it is a table in the terminal.
    """
    chosen = output_format or (_ENDINGS.get(output.suffix.lower()) if output else "table")
    if chosen is None or (chosen == "table" and output is not None):
        raise UsageError(f"{output}: name the file .csv, .json or .parquet, or say --format csv, json or parquet")
    if chosen == "parquet" and output is None and sys.stdout.isatty():
        raise UsageError("Parquet is binary: name a file with --output rows.parquet")
    rows = select(warehouse, sql)
    if chosen == "table":
        _print_rows(rows, console)
        return
    try:
        if output is None:
            _write_rows(rows, chosen, sys.stdout.buffer)
        else:
            with output.open("wb") as target:
                _write_rows(rows, chosen, target)
    except OSError as error:
        raise StorageError(f"{output or 'standard output'}: {error.strerror}; the rows were not written") from error


def _print_rows(rows: pl.DataFrame, console: Console) -> None:
    numbers = rows.select(cs.numeric()).columns
    shown = rows.head(_SHOWN_ROWS).with_columns(cs.float().round_sig_figs(_SHOWN_DIGITS))
    if not console.is_terminal:  # into a pipe or a file a row is one line, however long
        console = Console(width=_PIPE_COLUMNS, highlight=False, markup=False)
    console.print(table(rows.columns, shown.iter_rows(), right=numbers))
    if rows.height > _SHOWN_ROWS:
        console.print(Text(f"… and {rows.height - _SHOWN_ROWS:,} more rows: --format csv writes them all"))


def _write_rows(rows: pl.DataFrame, output_format: str, target: IO[bytes]) -> None:
    if output_format == "parquet":
        rows.write_parquet(target)
    elif output_format == "json":
        target.write(rows.write_json().encode())
    else:
        spreadsheet_safe(rows).write_csv(target)


def spreadsheet_safe(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows for CSV: nested values as JSON text, and no cell that a spreadsheet would run."""
    nested = [rows[name].map_elements(_json, pl.String) for name in rows.select(cs.nested()).columns]
    text = cs.string()
    return rows.with_columns(nested).with_columns(
        pl.when(text.str.contains(_FORMULA_START)).then("'" + text).otherwise(text).name.keep()
    )


def _json(value: object) -> str:
    plain = value.to_list() if isinstance(value, pl.Series) else value
    return json.dumps(plain, default=str, ensure_ascii=False)
