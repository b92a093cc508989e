"""The folder of one generation, made of rows: Parquet files alone, as they lie in an object store."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cuttings.contract import TABLES

AT = datetime(2026, 7, 8, 9, 30, tzinfo=UTC)
# What a column holds in a row that does not say.
_USUAL = {pa.string(): "x", pa.int64(): 1, pa.int32(): 1, pa.float64(): 0.5, pa.bool_(): True}


def write(folder: Path, rows: dict[str, list[dict[str, Any]]]) -> Path:
    """Write `rows` by table; columns that a row leaves out get a usual value, null where that is allowed."""
    for name in ("pages", "appearances", *rows):
        schema = TABLES[name].schema
        whole = [{field.name: row.get(field.name, _usual(field)) for field in schema} for row in rows.get(name, [])]
        (folder / name).mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(whole, schema=schema), folder / name / "part-0.parquet")
    return folder


def _usual(field: pa.Field) -> Any:
    if field.nullable:
        return None
    if pa.types.is_timestamp(field.type):
        return AT
    return [] if pa.types.is_list(field.type) else _USUAL[field.type]
