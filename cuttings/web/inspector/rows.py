"""Rows of a query as values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import duckdb

Row = TypeVar("Row")


def fetch(
    connection: duckdb.DuckDBPyConnection, kind: type[Row], sql: str, values: Mapping[str, Any] | None = None
) -> list[Row]:
    """The rows of `sql` as `kind`, whose fields are its columns in their order; values are bound, never written in."""
    return [kind(*row) for row in connection.execute(sql, dict(values or {})).fetchall()]


def single(
    connection: duckdb.DuckDBPyConnection, kind: type[Row], sql: str, values: Mapping[str, Any] | None = None
) -> Row | None:
    """The first row, None when there is none."""
    row = connection.execute(sql, dict(values or {})).fetchone()
    return None if row is None else kind(*row)
