"""The contract is a promise: a column that changes type or disappears must not pass unnoticed."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from cuttings.contract import TABLES, Column, Table
from cuttings.resources import resource_dir
from cuttings.store.database import build_database
from cuttings.store.describe import tables_page
from cuttings.store.models import load_models

PROJECT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("schemas.json")
ADVICE = """The tables are no longer those of tests/contract/schemas.json: {found}

A reader's query may break. If that is meant:
  1. raise CONTRACT_VERSION in cuttings/contract_version.py (every warehouse is rebuilt),
  2. say in CHANGELOG.md what changed and what a reader must do,
  3. write the new schemas:  python tests/contract/test_contract.py
"""


def describe(column: Column) -> dict[str, object]:
    values = list(column.values) if column.values is not None else None
    found = {
        "type": str(column.type),
        "nullable": column.is_nullable,
        "values": values,
        "references": column.references,
    }
    return {name: value for name, value in found.items() if value is not None}


def schemas() -> dict[str, object]:
    return {
        name: {
            "grain": table.grain,
            "key": list(table.key),
            "captured_on": table.captured_on,
            "columns": {column.name: describe(column) for column in table.columns},
        }
        for name, table in TABLES.items()
    }


def differences(golden: dict, found: dict, path: str = "") -> list[str]:
    lines = []
    for name in dict.fromkeys([*golden, *found]):
        here = f"{path}.{name}" if path else name
        if name not in found:
            lines.append(f"{here} is gone")
        elif name not in golden:
            lines.append(f"{here} is new")
        elif isinstance(golden[name], dict) and isinstance(found[name], dict):
            lines += differences(golden[name], found[name], here)
        elif golden[name] != found[name]:
            lines.append(f"{here} was {golden[name]}, is {found[name]}")
    return lines


def test_schemas_are_the_golden_ones() -> None:
    found = differences(json.loads(GOLDEN.read_text(encoding="utf-8")), schemas())
    assert not found, ADVICE.format(found="; ".join(found))


def test_a_drift_says_what_and_where() -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    drifted = json.loads(json.dumps(golden))
    columns = drifted["pages"]["columns"]
    columns["size_bytes"]["type"] = "int32"
    del columns["language"]
    columns["extra"] = {"type": "string", "nullable": True}
    assert differences(golden, drifted) == [
        "pages.columns.size_bytes.type was int64, is int32",
        "pages.columns.language is gone",
        "pages.columns.extra is new",
    ]


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_a_table_is_well_formed(table: Table) -> None:
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert set(table.key) <= set(names)
    for column in table.columns:
        assert column.description
        assert not column.description.endswith(".")
        assert column.name not in table.key or not column.is_nullable
        if column.references is not None:
            target, name = column.references.split(".")
            assert TABLES[target].key == (name,), f"{table.name}.{column.name} must point to a key"
    if table.captured_on is not None:
        owner, _, name = table.captured_on.rpartition(".")
        assert name in [column.name for column in (TABLES[owner] if owner else table).columns]


def test_the_database_has_the_types_of_the_contract(tmp_path: Path) -> None:
    path = build_database(tmp_path, TABLES, resource_dir("sql"))
    with duckdb.connect(str(path), read_only=True) as connection:
        for name, table in TABLES.items():
            found = connection.sql(f"from main.{name}").to_arrow_table().schema
            assert found.names == table.schema.names
            for field, promised in zip(found, table.schema, strict=True):
                assert str(field.type).replace("Etc/UTC", "UTC").replace("list<l:", "list<item:") == str(
                    promised.type
                ), f"{name}.{field.name}"


def test_the_page_of_tables_is_fresh() -> None:
    page = tables_page(TABLES.values(), load_models(resource_dir("sql")))
    assert (PROJECT / "docs/tables.md").read_text(encoding="utf-8") == page, (
        "docs/tables.md is stale: python -m cuttings.store.describe > docs/tables.md"
    )


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(schemas(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
