"""The DuckDB file of a generation: exactly the generation's Parquet, closed, documented, and safe to build anywhere."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cuttings.contract import CHECKS, HISTORY_TABLES, RUNS, TABLES
from cuttings.errors import StorageError
from cuttings.resources import resource_dir
from cuttings.store import models
from cuttings.store.database import STORAGE_VERSION, build_database, load_history
from cuttings.store.layout import DATABASE_NAME
from cuttings.store.models import load_models
from tests.quality.generator import generate, write

MODELS_DIR = resource_dir("sql")


def rows(path: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return generate(seed=3, page_count=12)


@pytest.fixture(scope="module")
def built(tables: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_database(write(tables, tmp_path_factory.mktemp("built")), TABLES, MODELS_DIR)


def test_tables_hold_what_the_parquet_files_hold(built: Path, tables: dict[str, pa.Table]) -> None:
    with duckdb.connect(str(built), read_only=True) as connection:
        for name, table in tables.items():
            found = connection.sql(f"from main.{name}").to_arrow_table().cast(table.schema)
            assert found.equals(table), name


def test_it_is_closed_and_alone(built: Path) -> None:
    beside = {path.name for path in built.parent.iterdir()}
    assert beside == {*TABLES, DATABASE_NAME}


def test_bare_names_are_the_contract_and_models_have_their_schema(built: Path) -> None:
    found = rows(built, "select table_schema || '.' || table_name from information_schema.tables")
    models = {model.name for model in load_models(MODELS_DIR)}
    assert {name for (name,) in found} == models | {f"main.{name}" for name in TABLES}
    assert rows(built, "select count(*) from appearances") == rows(built, "select count(*) from main.appearances")


def test_comments_tell_grain_and_meaning(built: Path) -> None:
    (table,) = rows(built, "select comment from duckdb_tables() where table_name = 'segments' and schema_name = 'main'")
    assert table == ("One row per byte range of a page; the ranges of a page tile it. Key: page_id, segment_no.",)
    (column,) = rows(
        built, "select comment from duckdb_columns() where table_name = 'publishing_lag' and column_name = 'page_count'"
    )
    assert column == ("pages with a dated primary and a strong capture time",)


def test_an_empty_warehouse_has_every_table_and_model(tmp_path: Path) -> None:
    path = build_database(tmp_path, TABLES, MODELS_DIR)
    for name in [*TABLES, *(model.name for model in load_models(MODELS_DIR))]:
        assert rows(path, f"select count(*) from {name}") == [(0,)], name


def test_a_path_full_of_pattern_characters_reads_its_own_files(tables: dict[str, pa.Table], tmp_path: Path) -> None:
    decoy = write(generate(seed=4, page_count=2), tmp_path / "a1'b")
    odd = write(tables, tmp_path / "a[1]'b")
    assert decoy != odd
    path = build_database(odd, TABLES, MODELS_DIR)
    assert rows(path, "select count(*) from pages") == [(12,)]


def test_hive_folders_do_not_overwrite_columns(tmp_path: Path) -> None:
    table = generate(seed=3, page_count=12)["pages"]
    folder = tmp_path / "pages" / "captured_on=1999-01-01" / "language=xx"
    folder.mkdir(parents=True)
    pq.write_table(table, folder / "part-0.parquet")
    path = build_database(tmp_path, TABLES, MODELS_DIR)
    assert rows(path, "select count(*) from pages where language = 'xx'") == [(0,)]


def test_building_again_replaces_the_file(tmp_path: Path, tables: dict[str, pa.Table]) -> None:
    write(tables, tmp_path)
    build_database(tmp_path, TABLES, MODELS_DIR)
    pq.write_table(tables["pages"].slice(0, 1), tmp_path / "pages" / "part-0.parquet")
    assert rows(build_database(tmp_path, TABLES, MODELS_DIR), "select count(*) from pages") == [(1,)]


def test_a_broken_parquet_file_is_named_and_leaves_no_database(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "part-0.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(StorageError, match=r"could not be built: .*part-0\.parquet"):
        build_database(tmp_path, TABLES, MODELS_DIR)
    assert [path.name for path in tmp_path.iterdir()] == ["pages"]


def test_history_is_added_and_seen_by_the_models(tmp_path: Path) -> None:
    path = build_database(tmp_path, TABLES, MODELS_DIR)
    now = datetime(2025, 3, 1, tzinfo=UTC)
    run = {field.name: 0 if pa.types.is_integer(field.type) else "x" for field in RUNS.schema}
    run |= {"run_id": "r1", "started_at": now, "finished_at": now, "object_count": 2, "refused_count": 1}
    check = {
        "run_id": "r1", "suite": "pages", "expectation": "e", "level": "warn", "success": False, "observed": "2 rows",
        "failing_count": 2, "failing_keys": ["a", "b"],
    }  # fmt: skip
    runs, checks = [], []
    for run_id in ("r1", "r2"):
        runs.append(run | {"run_id": run_id})
        checks.append(check | {"run_id": run_id})
        pq.write_table(pa.Table.from_pylist(runs, RUNS.schema), tmp_path / "runs.parquet")
        pq.write_table(pa.Table.from_pylist(checks, CHECKS.schema), tmp_path / "checks.parquet")
        load_history(tmp_path)
    found = rows(path, "select run_id, set_aside_share, warned_count, failing_rows from marts.quality_by_run")
    assert found == [("r1", 0.5, 1, 2), ("r2", 0.5, 1, 2)]
    assert rows(path, "select failing_keys from checks") == [(["a", "b"],)] * 2
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["checks.parquet", DATABASE_NAME, "runs.parquet"]


def test_older_tools_can_open_the_database(built: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built}' as built (read_only)")
        tags = connection.execute("select tags from duckdb_databases() where database_name = 'built'").fetchone()
    assert tags == ({"storage_version": f"{STORAGE_VERSION}+"},)
    # The number in the file's header is what an older DuckDB refuses a file by: 1.4 reads 64 to 67.
    assert int.from_bytes(built.read_bytes()[12:20], "little") == 67


def test_days_are_utc_days_in_any_session(built: Path) -> None:
    query = "select captured_on from staging.pages where captured_on is not null order by page_id"
    with duckdb.connect(str(built), read_only=True) as connection:
        in_utc = connection.execute(query).fetchall()
        connection.execute("set TimeZone = 'Pacific/Auckland'")
        assert connection.execute(query).fetchall() == in_utc


def test_history_tables_are_those_the_views_wait_for() -> None:
    waiting = {
        name for model in load_models(MODELS_DIR) for name in model.inputs if name in ("main.runs", "main.checks")
    }
    assert waiting == {f"main.{name}" for name in HISTORY_TABLES}


@pytest.mark.parametrize("failures", [1, 2])
def test_a_model_that_lacks_memory_beside_others_is_built_again_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    left = failures
    building: set[str] = set()
    beside: list[set[str]] = []

    def build(connection: duckdb.DuckDBPyConnection, model: models.Model, of=models._build) -> None:
        nonlocal left
        if model.name == "core.page_roles":
            deadline = time.monotonic() + 10
            while not (beside or building) and time.monotonic() < deadline:
                time.sleep(0.001)  # until another is built beside it
            beside.append(building - {model.name})
            if left:
                left -= 1
                raise duckdb.OutOfMemoryException("failed to pin block")
        building.add(model.name)
        time.sleep(0.02)  # for others to be built beside it
        of(connection, model)
        building.discard(model.name)

    monkeypatch.setattr(models, "_build", build)
    if failures == 2:
        with pytest.raises(StorageError, match=r"could not be built.*failed to pin block"):
            build_database(tmp_path, TABLES, MODELS_DIR)
        return
    path = build_database(tmp_path, TABLES, MODELS_DIR)
    first, again = beside
    assert first
    assert not again
    assert rows(path, "select count(*) from core.page_roles") == [(0,)]
