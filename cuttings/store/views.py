"""A generation as a DuckDB catalog in memory: views on its tables and models, nothing else within reach.

What a long-lived reader such as the dashboard wants: the generation stays closed and read-only, and the reader may
still keep what it has computed beside it, in memory.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cuttings.contract import TABLES
from cuttings.resources import resource_dir
from cuttings.store.layout import DATABASE_NAME

if TYPE_CHECKING:
    import duckdb

_CATALOG: Final = "generation"
# The models a dashboard asks again and again: without a database file they are computed once, into memory.
_KEPT: Final = ("marts.dashboard_appearances", "marts.dashboard_articles")


def connect_views(directory: Path, memory_limit_bytes: int) -> duckdb.DuckDBPyConnection:
    """An in-memory database with the tables and models of a generation's directory as views.

    From its `cuttings.duckdb` when that has every model of `sql/`, else from its Parquet files alone. The connection
    reaches no other file, no network and no extension. Raises duckdb.Error when a file is damaged.
    """
    # Imported here: a reader of the Parquet files pays nothing for it.
    import duckdb  # noqa: PLC0415

    from cuttings.store.database import SAFE_SETTINGS  # noqa: PLC0415

    settings: dict[str, str | bool | int | float | list[str]] = {
        **SAFE_SETTINGS,
        "memory_limit": f"{memory_limit_bytes}B",
        "max_temp_directory_size": "0B",  # nothing may be written, not even what spills
    }
    connection = duckdb.connect(config=settings)
    try:
        connection.execute("set global TimeZone = 'UTC'")
        database = directory / DATABASE_NAME
        if not (database.is_file() and _attach(connection, database)):
            _read_parquet(connection, directory)
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
    except BaseException:
        connection.close()
        raise
    return connection


def _attach(connection: duckdb.DuckDBPyConnection, database: Path) -> bool:
    """Views on everything in the file; False when an older version wrote it, without the models read here."""
    from cuttings.store.models import quoted  # noqa: PLC0415

    connection.execute(f"attach {quoted(str(database))} as {_CATALOG} (read_only)")
    names = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = $name and not internal "
        "union all select schema_name, view_name from duckdb_views() where database_name = $name and not internal "
        "order by all",
        {"name": _CATALOG},
    ).fetchall()
    if not {f"{schema}.{name}" for schema, name in names}.issuperset(_KEPT):
        connection.execute(f"detach {_CATALOG}")
        return False
    for schema, name in names:
        connection.execute(f'create schema if not exists "{schema}"')
        connection.execute(f'create view "{schema}"."{name}" as from {_CATALOG}."{schema}"."{name}"')
    return True


def _read_parquet(connection: duckdb.DuckDBPyConnection, directory: Path) -> None:
    from cuttings.store.database import literal_glob, parquet_files, sql_type  # noqa: PLC0415
    from cuttings.store.models import build_models, load_models, quoted  # noqa: PLC0415

    connection.execute(f"set allowed_directories = [{quoted(f'{directory.resolve()}/')}]")
    for table in TABLES.values():
        files = [quoted(literal_glob(path.resolve())) for path in parquet_files(directory, table.name)]
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        types = ", ".join(f'null::{sql_type(column.type)} as "{column.name}"' for column in table.columns)
        rows = (
            f"select {columns} from read_parquet([{', '.join(files)}], hive_partitioning = false)"  # noqa: S608 (names of the contract, quoted paths)
            if files
            else f"select {types} where false"
        )
        connection.execute(f"create view main.{table.name} as {rows}")
    models = load_models(resource_dir("sql"))
    build_models(connection, tuple(replace(m, is_view=m.name not in _KEPT) for m in models))
