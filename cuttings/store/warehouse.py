"""A published generation for Python users: pinned, read-only, as Polars frames or a DuckDB connection."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import polars as pl

from cuttings.contract import TABLES
from cuttings.errors import CorruptWarehouseError, UsageError
from cuttings.store.layout import DATABASE_NAME, MANIFEST_NAME
from cuttings.store.leases import take_lease
from cuttings.store.manifest import Manifest, read_manifest
from cuttings.store.parquet import scan_table
from cuttings.store.verify import generation_faults

if TYPE_CHECKING:
    import duckdb

# Memory of one reader's connection; a query that needs more fails with DuckDB's own message.
MEMORY_LIMIT_BYTES: Final = 4 * 1024**3


class Warehouse:
    """One generation, kept on the disk until `close`. Made by `open_warehouse`; a context manager.

    >>> with cuttings.open("warehouse") as warehouse:  # doctest: +SKIP
    ...     warehouse.table("appearances").filter(pl.col("position") == 0).collect()
    """

    def __init__(self, path: Path, *, verify: bool = False) -> None:
        self.path: Final = path
        self._lease, self.directory = take_lease(path)
        self._is_open = True
        try:
            self.manifest: Manifest = read_manifest(self.directory / MANIFEST_NAME)
            fault = next(generation_faults(self.directory), None) if verify else None
            if fault is not None:
                raise CorruptWarehouseError(f"{fault}: the generation is damaged: see `cuttings verify`")
        except BaseException:
            self.close()
            raise

    @property
    def generation(self) -> str:
        """Id of the generation."""
        return self.manifest.generation_id

    def table(self, name: str) -> pl.LazyFrame:
        """A table of the contract; `captured_on` (Date, null when unknown) is added where it is partitioned by it.

        Raises UsageError when there is no such table.
        """
        self._check_open()
        if name not in TABLES:
            raise UsageError(f"there is no table {name!r}: the tables are {', '.join(TABLES)}")
        return scan_table(self.directory, name)

    def duckdb(self) -> duckdb.DuckDBPyConnection:
        """A read-only connection to the generation's database that reaches no other file, no network, no extension."""
        self._check_open()
        return _connect(self.directory)

    def close(self) -> None:
        """Give the generation up; frames and connections made from it must not be used any more."""
        if self._is_open:
            self._is_open = False
            os.close(self._lease)

    def _check_open(self) -> None:
        if not self._is_open:
            raise UsageError(f"{self.path}: this warehouse was closed: open it again")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _connect(directory: Path) -> duckdb.DuckDBPyConnection:
    """The database of a generation with everything shut that could reach out of it."""
    # Imported here: a reader of the Parquet files pays nothing for it.
    import duckdb  # noqa: PLC0415

    from cuttings.store.database import SAFE_SETTINGS  # noqa: PLC0415

    path = directory / DATABASE_NAME
    if not path.is_file():
        raise CorruptWarehouseError(f"{path}: the generation has no database: run `cuttings verify`")
    settings: dict[str, str | bool | int | float | list[str]] = {
        **SAFE_SETTINGS,
        "memory_limit": f"{MEMORY_LIMIT_BYTES}B",
        "max_temp_directory_size": "0B",  # nothing may be written, not even what spills
        "enable_external_access": False,
        "lock_configuration": True,
    }
    return duckdb.connect(str(path), read_only=True, config=settings)


def open_warehouse(path: str | os.PathLike[str], *, verify: bool = False) -> Warehouse:
    """Pin the published generation of a warehouse. `verify` reads each of its files and compares it with its digest.

    Raises NothingPublishedError, CorruptWarehouseError.
    """
    return Warehouse(Path(path), verify=verify)
