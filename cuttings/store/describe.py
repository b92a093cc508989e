"""The page docs/tables.md: every table and model with its grain, key and columns, from the contract and the models.

    python -m cuttings.store.describe > docs/tables.md

A test fails when the page is not what this module writes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import pyarrow as pa

from cuttings.contract import TABLES, Column, Table
from cuttings.resources import resource_dir
from cuttings.store.database import sql_type
from cuttings.store.models import SCHEMAS, Model, load_models

_HEAD = """# Tables

Written by `python -m cuttings.store.describe > docs/tables.md`; do not edit. The same words stand in the database:
`select * from duckdb_columns()`.

Ids are lower-case hexadecimal digits of SHA-256, `_at` is an instant in UTC with microseconds, `_on` a day in UTC.
The tables of the contract are Parquet files and tables in the schema `main` of the DuckDB file; the models of `sql/`
are in the DuckDB file only."""


def tables_page(tables: Iterable[Table], models: Iterable[Model]) -> str:
    """The page as Markdown, ending in a line break."""
    models = list(models)
    parts = [_HEAD, "## The contract", *(_table(table) for table in tables)]
    for schema in SCHEMAS:
        own = sorted((model for model in models if model.name.startswith(f"{schema}.")), key=lambda model: model.name)
        parts += [f"## Models: {schema}", *(_model(model) for model in own)]
    return "\n\n".join(parts) + "\n"


def _table(table: Table) -> str:
    rows = ["| column | type | null | meaning |", "|---|---|---|---|"]
    rows += [
        f"| {column.name} | {_type(column.type)} | {'yes' if column.is_nullable else ''} | {_meaning(column)} |"
        for column in table.columns
    ]
    key = ", ".join(table.key)
    return f"### {table.name}\n\nOne row per {table.grain}. Key: {key}.\n\n" + "\n".join(rows)


def _meaning(column: Column) -> str:
    parts = [column.description]
    if column.values is not None:
        parts.append(f"one of {', '.join(column.values)}")
    if column.references is not None:
        parts.append(f"→ {column.references}")
    return "; ".join(parts).replace("|", "\\|")


def _model(model: Model) -> str:
    kind = "View" if model.is_view else "Table"
    rows = ["| column | meaning |", "|---|---|", *(f"| {name} | {text} |" for name, text in model.columns)]
    reads = ", ".join(f"`{name}`" for name in model.inputs)
    return (
        f"### {model.name}\n\nOne row per {model.grain}. {model.description}\n\n{kind}; reads {reads}.\n\n"
        + "\n".join(rows)
    )


def _type(kind: pa.DataType) -> str:
    return sql_type(kind).replace("timestamp with time zone", "timestamptz")


if __name__ == "__main__":
    sys.stdout.write(tables_page(TABLES.values(), load_models(resource_dir("sql"))))
