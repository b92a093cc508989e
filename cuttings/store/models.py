"""The SQL models of `sql/`: read from their files, ordered by their own references, built into a DuckDB connection.

A file `sql/marts/articles_by_day.sql` builds `marts.articles_by_day`. It starts with its documentation:

    -- grain: one row per day, because days is grouped by it
    -- What the table tells, in as many lines as it needs.
    -- columns:
    --     published_on: the day, in UTC

and goes on with one select statement. A bare name in it is a common table expression, a real table is always written
`schema.table`: one of the contract in `main`, or another model. Staging models are views, because a rename costs
nothing to repeat; core and marts are tables, because a reader asks more often than a run builds. A model that reads
`runs` or `checks`, directly or through another, is a view in any schema: those two get their last rows after the build.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Final

import duckdb

from cuttings.contract import HISTORY_TABLES, TABLES
from cuttings.errors import UsageError

SCHEMAS: Final = ("staging", "core", "marts")
CONTRACT_SCHEMA: Final = "main"
_BUILT_AT_ONCE: Final = 2
_GRAIN: Final = "grain: one row per "
_HISTORY: Final = frozenset(f"{CONTRACT_SCHEMA}.{name}" for name in HISTORY_TABLES)


class ModelError(UsageError):
    """A model of `sql/` cannot be built as written; the message names its file."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model: `name` is `schema.table`; `grain` completes "one row per …"; `columns` are name and description."""

    name: str
    path: Path
    grain: str
    description: str
    columns: tuple[tuple[str, str], ...]
    query: str
    inputs: tuple[str, ...]
    is_view: bool

    @property
    def comment(self) -> str:
        """What the database says of the table."""
        return f"One row per {self.grain}. {self.description}"


def load_models(models_dir: Path, contract: Mapping[str, object] = TABLES) -> tuple[Model, ...]:
    """All models under `models_dir`, each after its inputs; models that do not depend on each other by name.

    Raises ModelError when a file is not documented in the form above or does not parse, when a reference is neither a
    table of the contract nor a model, and when models refer to each other in a circle.
    """
    with duckdb.connect() as parser:
        parsed = {model.name: model for model in (_read_model(path, parser) for path in _model_paths(models_dir))}
    known = {f"{CONTRACT_SCHEMA}.{name}" for name in contract} | parsed.keys()
    for model in parsed.values():
        for name in model.inputs:
            if name not in known:
                raise ModelError(
                    f"{model.path}: reads {name}, which is neither a table of the contract nor a model; "
                    f"known are {', '.join(sorted(known))}"
                )
    ordered = [parsed[name] for name in _build_order(parsed)]
    return tuple(_with_history_as_views(ordered))


def build_models(connection: duckdb.DuckDBPyConnection, models: tuple[Model, ...]) -> None:
    """Create the models, each after its inputs, with their comments. Their instants are in UTC.

    Raises ModelError when a query does not run, or gives other columns than its file describes.
    """
    for schema in SCHEMAS:
        connection.execute(f"create schema if not exists {schema}")
    _build_side_by_side(connection, {model.name: model for model in models})
    connection.begin()  # one for all comments: each transaction waits for the disk
    for model in models:
        _comment(connection, model)
    connection.commit()


def _build_side_by_side(connection: duckdb.DuckDBPyConnection, models: Mapping[str, Model]) -> None:
    """Create models that do not read each other at once: most are queries too small for DuckDB to part them."""

    def build(name: str) -> None:
        with connection.cursor() as cursor:  # a session of its own, with none of the settings of the first
            cursor.execute("set TimeZone = 'UTC'")
            cursor.execute("set enable_progress_bar = false")
            _build(cursor, models[name])

    waiting = TopologicalSorter({name: [i for i in model.inputs if i in models] for name, model in models.items()})
    waiting.prepare()
    building: dict[Future[None], str] = {}
    with ThreadPoolExecutor(_BUILT_AT_ONCE) as pool:
        while waiting.is_active():
            building.update({pool.submit(build, name): name for name in waiting.get_ready()})
            for done in wait(building, return_when=FIRST_COMPLETED).done:
                name = building.pop(done)
                if isinstance(done.exception(), duckdb.OutOfMemoryException):
                    wait(building)
                    build(name)  # alone it has the memory of both, and can spill
                else:
                    done.result()
                waiting.done(name)


def drop_models(connection: duckdb.DuckDBPyConnection) -> None:
    """Remove all models."""
    for schema in reversed(SCHEMAS):
        connection.execute(f"drop schema if exists {schema} cascade")


def _build(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    kind = "view" if model.is_view else "table"
    try:
        connection.execute(f"create {kind} {model.name} as {model.query}")
    except duckdb.OutOfMemoryException:
        raise  # no fault of the model
    except duckdb.Error as error:
        raise ModelError(f"{model.path}: {model.name} does not build: {error}") from error
    found = [row[0] for row in connection.execute(f"describe {model.name}").fetchall()]
    described = [name for name, _ in model.columns]
    if found != described:
        raise ModelError(
            f"{model.path}: the query gives the columns {', '.join(found)}, its header describes "
            f"{', '.join(described)}; write one line a column, in the same order"
        )


def _comment(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    kind = "view" if model.is_view else "table"
    connection.execute(f"comment on {kind} {model.name} is {quoted(model.comment)}")
    for name, description in model.columns:
        connection.execute(f'comment on column {model.name}."{name}" is {quoted(description)}')


def quoted(text: str) -> str:
    """`text` as an SQL string; for the statements that take no bound parameter."""
    return "'" + text.replace("'", "''") + "'"


def _model_paths(models_dir: Path) -> Iterator[Path]:
    for schema in SCHEMAS:
        yield from sorted((models_dir / schema).glob("*.sql"))


def _read_model(path: Path, parser: duckdb.DuckDBPyConnection) -> Model:
    name = f"{path.parent.name}.{path.stem}"
    if not path.stem.isidentifier() or path.stem != path.stem.lower():
        raise ModelError(f"{path}: the file name becomes the table name; use lower-case letters, digits and _")
    text = path.read_text(encoding="utf-8")
    header = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        header.append(line[2:].strip())
    grain, description, columns = _read_header(path, header)
    query = "\n".join(text.splitlines()[len(header) :]).strip().rstrip(";")
    inputs = _inputs(path, query, parser)
    return Model(name, path, grain, description, columns, query, inputs, is_view=path.parent.name == "staging")


def _read_header(path: Path, header: list[str]) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    if not header or not header[0].startswith(_GRAIN):
        raise ModelError(f"{path}: the first line must be '-- {_GRAIN}…'")
    if "columns:" not in header:
        raise ModelError(f"{path}: the header must end in '-- columns:' and one '-- name: description' a column")
    at = header.index("columns:")
    columns: list[tuple[str, str]] = []
    for line in header[at + 1 :]:
        name, separator, description = line.partition(": ")
        if not separator or not name.isidentifier() or not description.strip():
            raise ModelError(f"{path}: expected '-- name: description', found '-- {line}'")
        columns.append((name, description.strip()))
    return header[0][len(_GRAIN) :], " ".join(line for line in header[1:at] if line), tuple(columns)


def _inputs(path: Path, query: str, parser: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The real tables a query reads, found in its parse tree: nothing is bound, so order does not matter yet."""
    row = parser.execute("select json_serialize_sql(?)", [query]).fetchone()
    tree = json.loads(row[0]) if row else {}
    if tree.get("error") or len(tree.get("statements", [])) != 1:
        raise ModelError(
            f"{path}: does not parse as one select statement: {tree.get('error_message', 'it has several')}"
        )
    nodes = list(_nodes(tree))
    expressions = {entry["key"] for node in nodes if "cte_map" in node for entry in node["cte_map"]["map"]}
    inputs = set()
    for node in nodes:
        if node.get("type") != "BASE_TABLE":
            continue
        schema, table = node["schema_name"], node["table_name"]
        if schema:
            inputs.add(f"{schema}.{table}")
        elif table not in expressions:
            raise ModelError(f"{path}: {table} is no common table expression; write a real table as schema.table")
    return tuple(sorted(inputs))


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            yield node
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)


def _build_order(models: Mapping[str, Model]) -> list[str]:
    sorter = TopologicalSorter({name: [i for i in model.inputs if i in models] for name, model in models.items()})
    order: list[str] = []
    try:
        sorter.prepare()
    except CycleError as error:
        raise ModelError(f"models read each other in a circle: {' <- '.join(error.args[1])}") from error
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order.extend(ready)
        sorter.done(*ready)
    return order


def _with_history_as_views(ordered: list[Model]) -> Iterator[Model]:
    reads_history = set(_HISTORY)
    for model in ordered:
        if reads_history.isdisjoint(model.inputs):
            yield model
            continue
        reads_history.add(model.name)
        yield Model(
            model.name, model.path, model.grain, model.description, model.columns, model.query, model.inputs, True
        )
