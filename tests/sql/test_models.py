"""The SQL models: rows in, rows out, in files under tests/sql/<schema>.<model>/.

A case is a TOML file: `[input]` holds rows for the tables the model reads, `expect` the rows it must give, each with a
comment that says why. A column that is left out is null. Rows are compared in the order of all their columns.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cuttings.contract import TABLES
from cuttings.resources import resource_dir
from cuttings.store.database import build_database
from cuttings.store.models import Model, ModelError, build_models, load_models

HERE = Path(__file__).resolve().parent
MODELS = {model.name: model for model in load_models(resource_dir("sql"))}
CASES = sorted(HERE.glob("*.*/*.toml"))


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = build_database(tmp_path_factory.mktemp("empty"), TABLES, resource_dir("sql"))
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(f"describe {table}").fetchall()}


def run_model(
    model: Model, inputs: dict[str, list[dict[str, Any]]], types: duckdb.DuckDBPyConnection
) -> list[dict[str, Any]]:
    assert inputs.keys() <= set(model.inputs), f"{model.name} reads {model.inputs}"
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for schema in ("staging", "core", "marts"):
            connection.execute(f"create schema {schema}")
        for table in model.inputs:
            columns = columns_of(types, table)
            connection.execute(
                f"create table {table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})"
            )
            for row in inputs.get(table, []):
                assert row.keys() <= columns.keys(), f"{table} has no {row.keys() - columns.keys()}"
                names, marks = ", ".join(row), ", ".join("?" for _ in row)
                connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))
        cursor = connection.execute(model.query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def comparable(rows: list[dict[str, Any]], columns: list[str]) -> list[tuple[Any, ...]]:
    def plain(value: Any) -> Any:
        if isinstance(value, float):
            return round(value, 6)
        return value.timestamp() if isinstance(value, datetime) else value

    for row in rows:
        assert row.keys() <= set(columns), f"no column {row.keys() - set(columns)}"
    return sorted((tuple(plain(row.get(name)) for name in columns) for row in rows), key=repr)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_rows_in_rows_out(path: Path, empty_database: duckdb.DuckDBPyConnection) -> None:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    model = MODELS[path.parent.name]
    found = run_model(model, case["input"], empty_database)
    columns = [name for name, _ in model.columns]
    assert comparable(found, columns) == comparable(case["expect"], columns)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_an_empty_input_gives_no_row(name: str, empty_database: duckdb.DuckDBPyConnection) -> None:
    assert run_model(MODELS[name], {}, empty_database) == []


@pytest.mark.parametrize("name", sorted(name for name in MODELS if not name.startswith("staging.")))
def test_every_core_and_mart_model_has_a_case(name: str) -> None:
    assert list((HERE / name).glob("*.toml")), f"write tests/sql/{name}/<case>.toml"


def test_every_relation_and_column_has_a_comment(empty_database: duckdb.DuckDBPyConnection) -> None:
    silent = empty_database.execute(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where not internal and coalesce(comment, '') = '' "
        "union all select schema_name, table_name, '' from duckdb_tables() where coalesce(comment, '') = '' "
        "union all select schema_name, view_name, '' from duckdb_views() "
        "where not internal and coalesce(comment, '') = ''"
    ).fetchall()
    assert silent == []


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_house_style(model: Model) -> None:
    text = model.path.read_text(encoding="utf-8")
    assert ", because " in model.grain, "say why the grain holds"
    assert text.endswith("\n\nselect * from final\n")
    code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    assert "\t" not in code
    assert code == code.lower().replace("'utc'", "'UTC'")
    assert all(len(line) <= 120 for line in text.splitlines())
    for name in model.inputs:
        schema = name.split(".")[0]
        allowed = {"staging": {"main"}, "core": {"staging", "core"}, "marts": {"main", "staging", "core", "marts"}}
        assert schema in allowed[model.name.split(".")[0]], f"{model.name} reads {name}"


def test_views_are_staging_and_what_reads_the_history() -> None:
    views = {name for name, model in MODELS.items() if model.is_view}
    assert {name for name in views if not name.startswith("staging.")} == {"marts.quality_by_run"}
    assert {name for name in MODELS if name.startswith("staging.")} <= views


HEADER = "-- grain: one row per thing, because I say so\n-- Words.\n-- columns:\n--     a: letter\n"


def write_models(folder: Path, **queries: str) -> Path:
    for name, query in queries.items():
        schema, table = name.split("__")
        (folder / schema).mkdir(parents=True, exist_ok=True)
        (folder / schema / f"{table}.sql").write_text(query if query.startswith("--") else HEADER + query)
    return folder


def test_order_follows_references_not_names(tmp_path: Path) -> None:
    models = load_models(
        write_models(
            tmp_path,
            marts__a="select (select max(a) from core.z) as a from staging.m",
            core__z="with m as (select * from staging.m) select a from m",
            staging__m="select page_id as a from main.pages",
        )
    )
    assert [model.name for model in models] == ["staging.m", "core.z", "marts.a"]
    assert models[2].inputs == ("core.z", "staging.m")


def test_what_reads_the_history_through_another_model_is_a_view(tmp_path: Path) -> None:
    models = load_models(
        write_models(tmp_path, core__x="select run_id as a from main.runs", marts__y="select a from core.x")
    )
    assert [model.is_view for model in models] == [True, True]


@pytest.mark.parametrize(
    ("queries", "reason"),
    [
        (
            {"core__x": "select a from core.y", "core__y": "select a from core.x"},
            "in a circle: core.[xy] <- core.[xy]",
        ),
        ({"core__x": "select a from main.pagez"}, r"core/x\.sql: reads main\.pagez, which is neither"),
        ({"core__x": "select a from pages"}, r"pages is no common table expression; write a real"),
        ({"core__x": "select a frm main.pages x y"}, r"core/x\.sql: does not parse as one select statement"),
        ({"core__x": "select 1 as a; select 2 as a"}, r"core/x\.sql: does not parse as one select statement"),
        ({"core__x": "drop table main.pages"}, r"core/x\.sql: does not parse as one select statement"),
        ({"core__x": "-- a model\nselect 1 as a"}, r"the first line must be '-- grain: one row per"),
        ({"core__x": "-- grain: one row per x\nselect 1 as a"}, r"the header must end in"),
        ({"core__x": "-- grain: one row per x\n-- columns:\n-- letter\nselect 1 as a"}, r"expected .-- name: desc"),
        ({"core__X": "select 1 as a"}, "the file name becomes the table name"),
    ],
)  # fmt: skip
def test_a_wrong_model_says_what_is_wrong(queries: dict[str, str], reason: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=reason):
        load_models(write_models(tmp_path, **queries))


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("select 1 as b", "the query gives the columns b, its header describes a"),
        ("select nothing as a from main.pages", r"core/x\.sql: core\.x does not build: .*nothing"),
    ],
)
def test_a_model_that_does_not_build_names_its_file(query: str, reason: str, tmp_path: Path) -> None:
    models = load_models(write_models(tmp_path, core__x=query))
    with duckdb.connect() as connection:
        connection.execute("create table main.pages (page_id varchar)")
        with pytest.raises(ModelError, match=reason):
            build_models(connection, models)
