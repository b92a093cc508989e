"""Plain SQL over a built generation: the connection, the count of what breaks a check, and the keys of those rows.

Great Expectations gives the verdict (expect.py); it cuts its lists of failing rows at 20 or 200, so the keys and the
complete counts come from here, by the check's own query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from cuttings.contract import Table
from cuttings.quality.suites import Check

# Failing keys kept with a result; the query of the check finds all of them.
KEPT_KEYS: Final = 20
# Settings of the audit's connections. The audit must fit beside the rest of a run: 1 GiB is the bar of the benchmark.
SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "threads": 2,
    "memory_limit": "640MiB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
}


@dataclass(frozen=True, slots=True)
class Discovered:
    """What the listing of the sources counted, before anything was read."""

    object_count: int
    object_bytes: int


@dataclass(frozen=True, slots=True)
class Finding:
    """How many rows break a check, of how many where a share is judged, and the keys of the first."""

    failing_count: int
    total_count: int | None
    failing_keys: tuple[str, ...]


def setup_statements(
    tables: Mapping[str, Table], previous_database: Path | None, discovered: Discovered | None
) -> tuple[str, ...]:
    """The statements that make `previous` and `run` visible to the checks, for a fresh read-only connection."""
    statements = ["set global TimeZone = 'UTC'", "attach if not exists ':memory:' as run (read_write)"]
    statements.append("create table if not exists run.discovered (object_count bigint, object_bytes bigint)")
    if discovered is not None:
        statements.append(
            f"insert into run.discovered select {discovered.object_count:d}, {discovered.object_bytes:d} "
            "where not exists (from run.discovered)"
        )
    if previous_database is None:
        statements.append("attach if not exists ':memory:' as previous (read_write)")
        statements.extend(
            f"create table if not exists previous.main.{name} as from main.{name} limit 0" for name in tables
        )
    else:
        quoted = str(previous_database).replace("'", "''")
        statements.append(f"attach if not exists '{quoted}' as previous (read_only)")
    return tuple(statements)


def connect(database: Path, statements: tuple[str, ...]) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a built generation, prepared by `statements`."""
    connection = duckdb.connect(str(database), read_only=True, config=SETTINGS)
    for statement in ("set enable_progress_bar = false", *statements):
        connection.execute(statement)
    return connection


def find(connection: duckdb.DuckDBPyConnection, check: Check) -> Finding:
    """Run the check's query: all its rows are counted, the first keys by order are kept."""
    cursor = connection.execute(f"from ({check.rows}) as broken limit 0")
    columns = [f'"{column[0]}"' for column in cursor.description or []]
    key = f"concat_ws('/', {', '.join(f'cast({column} as varchar)' for column in columns)})"
    failing_count = _number(connection, f"select count(*) from ({check.rows}) as broken")  # noqa: S608
    total_count = _number(connection, f"select ({check.of})") if check.is_share else None
    keys: list[tuple[Any, ...]] = []
    if failing_count:
        keys = connection.execute(
            f"select {key} as failing_key from ({check.rows}) as broken order by failing_key limit {KEPT_KEYS}"  # noqa: S608
        ).fetchall()
    return Finding(failing_count, total_count, tuple(row[0] for row in keys))


def holds(check: Check, finding: Finding) -> bool:
    """Whether a finding is within what the check allows."""
    if finding.total_count is None:
        return finding.failing_count == 0
    is_judged = finding.total_count >= check.judged_from
    return not (is_judged and finding.failing_count > check.at_most_ratio * finding.total_count)


def breach_query(check: Check) -> str:
    """A query that gives rows exactly when the check does not hold."""
    if not check.is_share:
        return check.rows
    return (
        f"with counts as (select (select count(*) from ({check.rows}) as broken) as failing_count, "  # noqa: S608
        f"({check.of}) as total_count) select failing_count, total_count from counts "
        f"where total_count >= {check.judged_from:d} and failing_count > {check.at_most_ratio:f} * total_count"
    )


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row and row[0] is not None else 0
