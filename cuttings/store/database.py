"""The DuckDB file of a generation: the tables of the contract, the models of `sql/`, and what each column means.

The tables of the contract stand in the schema `main`, so that `select * from appearances` works; the models stand in
`staging`, `core` and `marts`. The file is built once from the generation's Parquet files, closed and checkpointed,
and from then on only read. The one exception is `load_history`, which adds the rows a run writes about itself.

Loading a million rows compresses each of them, and after a small change nearly all stand in the database before: so
`update_tables` takes a copy of that and exchanges the rows of the Parquet files that are not the very same files.

There are no constraints and no indexes in it: the audit proves the keys on these very rows before they are published,
and an index would cost more memory than the table.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from cuttings.contract import HISTORY_TABLES, TABLES, Table
from cuttings.errors import StorageError
from cuttings.store.layout import DATABASE_NAME
from cuttings.store.models import Model, build_models, drop_models, load_models, quoted

# DuckDB gets what the process may still take of this, and spills the rest; its own needs beside are in the reserve.
PROCESS_BYTES: Final = 1024 * 1024 * 1024
_RESERVE_BYTES: Final = 128 * 1024 * 1024
# With less it cannot compress a row group of the widest table on each thread.
_LEAST_LIMIT_BYTES: Final = 256 * 1024 * 1024
THREADS: Final = 2
# The oldest format that DuckDB 1.4 and all later ones read, tools that bring their own included. Of the same size, and
# built as fast, as that of 2.0; that of 1.2 is half as large again.
STORAGE_VERSION: Final = "v1.4.0"

# A table of which more than this share of the bytes stands in other files is loaded anew instead.
MOST_EXCHANGED_RATIO: Final = 0.5

# Settings of every connection to a generation: nothing is fetched, loaded or taken from the caller's Python variables.
SAFE_SETTINGS: Final[Mapping[str, str | bool | int]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
}


def build_database(
    generation_dir: Path,
    tables: Mapping[str, Table],
    models_dir: Path,
    memory_limit_bytes: int | None = None,
) -> Path:
    """Create `<generation_dir>/cuttings.duckdb` from the generation's Parquet files and the models; return its path.

    A table's files are `<table>.parquet` and every `*.parquet` below `<table>/`; a table without files is empty. A
    database that is already there is replaced. Raises StorageError when the disk or a Parquet file refuses, ModelError
    when a model cannot be built.
    """
    path = generation_dir / DATABASE_NAME
    models = load_models(models_dir, tables)
    _remove(path)
    with _building(path, memory_limit_bytes) as connection:
        connection.begin()  # one for all tables: each transaction waits for the disk
        for table in tables.values():
            _create_table(connection, table)
        connection.commit()
        for table in tables.values():
            _load_table(connection, table, parquet_files(generation_dir, table.name))
        connection.execute("set enable_external_access = false")
        build_models(connection, models)
    return path


def update_tables(
    generation_dir: Path, tables: Mapping[str, Table], before: Path, memory_limit_bytes: int | None = None
) -> int:
    """The tables of `build_database`, out of a copy of the database in `before` that stands in `generation_dir`.

    The same contract built it from the Parquet files there; its models are removed, as `add_models` follows. Returns
    how many rows were taken out or put in: those stand at the end of their table, not in order.

    What is deleted from a DuckDB file may stay in its free blocks: not for a generation that is to forget something.
    """
    with _building(generation_dir / DATABASE_NAME, memory_limit_bytes) as connection:
        connection.begin()
        exchanged = sum(_exchange_rows(connection, table, before, generation_dir) for table in tables.values())
        drop_models(connection)
        connection.commit()
    return exchanged


def add_models(generation_dir: Path, models: tuple[Model, ...], memory_limit_bytes: int | None = None) -> None:
    """Build the models into a database of tables; errors as of `build_database`."""
    with _building(generation_dir / DATABASE_NAME, memory_limit_bytes) as connection:
        connection.execute("set enable_external_access = false")
        build_models(connection, models)


def load_history(generation_dir: Path) -> None:
    """Load `main.runs` and `main.checks` of the built database anew from their Parquet files, and close it again.

    Raises StorageError when the file cannot be written.
    """
    path = generation_dir / DATABASE_NAME
    try:
        with _writing(path) as connection:
            connection.begin()
            for name in HISTORY_TABLES:
                connection.execute(f"delete from main.{name}")  # noqa: S608 (names of the contract)
                _load_table(connection, TABLES[name], parquet_files(generation_dir, name))
            connection.commit()
    except duckdb.Error as error:
        raise StorageError(f"{path}: the rows of this run could not be added: {error}") from error


def parquet_files(generation_dir: Path, table_name: str) -> list[Path]:
    """The Parquet files of a table in a generation, in the order of their paths."""
    whole = generation_dir / f"{table_name}.parquet"
    parts = sorted((generation_dir / table_name).rglob("*.parquet"))
    return [whole, *parts] if whole.is_file() else parts


@contextmanager
def _building(path: Path, memory_limit_bytes: int | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """`_writing`, and no file is left where DuckDB cannot write it."""
    try:
        with _writing(path, memory_limit_bytes) as connection:
            yield connection
    except duckdb.Error as error:
        _remove(path)
        raise StorageError(f"{path}: could not be built: {error}") from error


@contextmanager
def _writing(path: Path, memory_limit_bytes: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may write; checkpointed and closed at the end, so that no .wal is left beside the file."""
    with tempfile.TemporaryDirectory(prefix=".duckdb-", dir=path.parent) as spill_dir:
        settings: dict[str, str | bool | int | float | list[str]] = {
            **SAFE_SETTINGS,
            "memory_limit": f"{memory_limit_bytes or _room_bytes()}B",
            "threads": THREADS,
            "storage_compatibility_version": STORAGE_VERSION,
            "temp_directory": spill_dir,
            # Not once a transaction: the whole file is forced to the disk before it is published.
            "fsync_mode": "NONE",
        }
        connection = duckdb.connect(str(path), config=settings)
        try:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute("set enable_progress_bar = false")
            yield connection
            connection.execute("checkpoint")
        finally:
            connection.close()


def _room_bytes() -> int:
    """What this process may still take."""
    resident_bytes = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return max(_LEAST_LIMIT_BYTES, PROCESS_BYTES - _RESERVE_BYTES - resident_bytes)


def _create_table(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    columns = ", ".join(f'"{column.name}" {sql_type(column.type)}' for column in table.columns)
    connection.execute(f"create table main.{table.name} ({columns})")
    comment = f"One row per {table.grain}. Key: {', '.join(table.key)}."
    connection.execute(f"comment on table main.{table.name} is {quoted(comment)}")
    for column in table.columns:
        connection.execute(f'comment on column main.{table.name}."{column.name}" is {quoted(column.description)}')


def _load_table(connection: duckdb.DuckDBPyConnection, table: Table, files: list[Path]) -> None:
    if files:
        columns = _columns(table)
        connection.execute(
            f"insert into main.{table.name} ({columns}) {_ROWS.format(columns, 'files')}",
            {"files": [literal_glob(path) for path in files]},
        )


def _exchange_rows(connection: duckdb.DuckDBPyConnection, table: Table, before: Path, after: Path) -> int:
    """Make a table with the rows of one generation that of another; return how many rows were taken out or put in."""
    old, new = parquet_files(before, table.name), parquet_files(after, table.name)
    gone = [path for path in old if not _is_shared(path, after / path.relative_to(before))]
    come = [path for path in new if not _is_shared(path, before / path.relative_to(after))]
    if not gone and not come:
        return 0
    if not gone or not come or _size(come) > MOST_EXCHANGED_RATIO * _size(new):
        connection.execute(f"delete from main.{table.name}")  # noqa: S608 (names of the contract)
        _load_table(connection, table, new)
        return 0
    columns, key = _columns(table), ", ".join(table.key)
    files = {"gone": [literal_glob(path) for path in gone], "come": [literal_glob(path) for path in come]}
    gone_rows, come_rows = (_ROWS.format(columns, name) for name in files)
    connection.execute(
        f"create or replace temp table exchanged as select {columns}, sum(change)::bigint as change from "  # noqa: S608
        f"(select *, 1 as change from ({come_rows}) union all select *, -1 as change from ({gone_rows})) "
        "group by all having sum(change) <> 0",
        files,
    )
    taken = connection.execute(
        f"delete from main.{table.name} where ({key}) in (select ({key}) from exchanged where change < 0)"  # noqa: S608
    ).fetchone()
    # A row that came twice is put in twice, for the audit to see.
    put = connection.execute(
        f"insert into main.{table.name} ({columns}) select {columns} from exchanged, range(change) order by {key}"  # noqa: S608
    ).fetchone()
    connection.execute("drop table exchanged")
    return sum(counts[0] for counts in (taken, put) if counts)


# The rows of the Parquet files of a parameter.
_ROWS: Final = "select {} from read_parquet(${}, hive_partitioning = false)"


def _columns(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


def _is_shared(path: Path, other: Path) -> bool:
    """Whether both are names of one file, so that they have the same bytes."""
    return other.is_file() and path.samefile(other)


def _size(paths: Sequence[Path]) -> int:
    return sum(path.stat().st_size for path in paths)


def sql_type(kind: pa.DataType) -> str:
    """The DuckDB type of a contract column."""
    if pa.types.is_list(kind):
        return f"{sql_type(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        return f"struct({', '.join(f'{field.name} {sql_type(field.type)}' for field in kind)})"
    if pa.types.is_timestamp(kind):
        return "timestamp with time zone"
    names = {pa.string(): "varchar", pa.int64(): "bigint", pa.int32(): "integer", pa.float64(): "double"}
    return "boolean" if pa.types.is_boolean(kind) else names[kind]


def literal_glob(path: Path) -> str:
    """`path` as a pattern that matches only itself: DuckDB reads every file name as a glob."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in str(path))


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
