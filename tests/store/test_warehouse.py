"""A pinned generation for Python users: lazy frames and a connection that reaches nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from cuttings import contract
from cuttings.errors import CorruptWarehouseError, NothingPublishedError, UsageError
from cuttings.resources import resource_dir
from cuttings.store import Account, Digests, open_warehouse, writer
from cuttings.store.database import build_database
from cuttings.store.parquet import empty_table


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("warehouse")
    with writer(place) as one, one.build(Digests("i", "c", "e")) as build:
        build.write_tables({name: empty_table(name) for name in contract.TABLES})
        build_database(build.directory, contract.TABLES, resource_dir("sql"))
        build.publish(Account(0, 0), {})
    return place


def test_tables(warehouse: Path) -> None:
    with open_warehouse(warehouse) as opened:
        assert opened.directory.name == opened.generation == opened.manifest.generation_id
        for name, table in contract.TABLES.items():
            names = [column.name for column in table.columns] + (["captured_on"] if table.captured_on else [])
            assert opened.table(name).collect_schema().names() == names
        with pytest.raises(UsageError, match="there is no table 'artikel': the tables are files, pages"):
            opened.table("artikel")


def test_connections_can_be_had_twice(warehouse: Path) -> None:
    with open_warehouse(str(warehouse)) as opened, opened.duckdb() as one, opened.duckdb() as two:
        assert one.execute("select count(*) from main.files").fetchone() == (0,)
        assert two.execute("select count(*) from main.files").fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_text('/etc/passwd')",
        "select * from read_csv('{place}/CURRENT')",
        "select * from read_parquet('{place}/generations/*/files/*/*.parquet')",
        "select * from glob('/etc/*')",
        "select * from '/etc/passwd'",
        "select * from read_text('https://example.org')",
        "copy (select 1) to '{place}/out.csv'",
        "export database '{place}/out'",
        "attach '{place}/other.duckdb'",
        "install httpfs",
        "load httpfs",
        "set lock_configuration = false",
        "set enable_external_access = true",
        "create table main.mine (number integer)",
        "delete from main.files",
        "select * from python_variable",
    ],
)
def test_a_connection_reaches_nothing_else(warehouse: Path, statement: str) -> None:
    python_variable = empty_table("runs")
    assert python_variable.height == 0
    before = sorted(path.name for path in warehouse.rglob("*"))
    with open_warehouse(warehouse) as opened, opened.duckdb() as connection, pytest.raises(duckdb.Error):
        connection.execute(statement.format(place=warehouse))
    assert sorted(path.name for path in warehouse.rglob("*")) == before


def test_a_closed_warehouse_says_so(warehouse: Path) -> None:
    opened = open_warehouse(warehouse)
    opened.close()
    opened.close()
    with pytest.raises(UsageError, match="was closed: open it again"):
        opened.table("files")
    with pytest.raises(UsageError, match="was closed"):
        opened.duckdb()


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NothingPublishedError):
        open_warehouse(tmp_path / "nowhere")
    with writer(tmp_path) as one, one.build(Digests("i", "c", "e")) as build:
        build.write_tables({name: empty_table(name) for name in ("files", "pages", "quarantine")})
        build.publish(Account(0, 0), {})
    with (
        open_warehouse(tmp_path) as opened,
        pytest.raises(CorruptWarehouseError, match="the generation has no database"),
    ):
        opened.duckdb()


@pytest.mark.slow
def test_reading_tables_imports_neither_duckdb_nor_pandas(warehouse: Path) -> None:
    program = (
        "import sys; from cuttings.store import open_warehouse\n"
        "with open_warehouse(sys.argv[1]) as opened: opened.table('files').collect()\n"
        "print(sorted({'duckdb', 'pandas', 'prefect', 'great_expectations'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(warehouse)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
