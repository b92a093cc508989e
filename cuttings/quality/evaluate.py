"""Plain SQL over a built generation: the connection, the counts of what breaks the checks, and the rows behind them.

Great Expectations gives the verdict on the counts (expect.py). It would run each query twice and fetch what it gives,
and cuts its lists of failing rows at 20 or 200: so counts, keys and pages come from here, by the check's own query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import duckdb

from cuttings.contract import Table
from cuttings.errors import CheckFailedError
from cuttings.quality.suites import Check

# Failing keys kept with a result; the query of the check finds all of them.
KEPT_KEYS: Final = 20
# Where a key other than a page's leads to pages.
_LEADS: Final[Mapping[str, str]] = {"file_id": "main.files", "article_id": "main.appearances"}
THREADS: Final = 2
# Settings of the audit's connections. The audit must fit beside the rest of a run: 1 GiB is the bar of the benchmark.
SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "threads": THREADS,
    "memory_limit": "512MiB",
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
    """How many rows break a check, of how many where a share is judged, and the keys of the first if asked for."""

    failing_count: int
    total_count: int | None
    failing_keys: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The rows that break it over those that are judged; 0 when there is none to judge."""
        return self.failing_count / self.total_count if self.total_count else 0.0


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


def tally(connection: duckdb.DuckDBPyConnection, checks: Sequence[Check]) -> dict[tuple[str, str], Finding]:
    """What each check finds, by suite and name, without keys. Raises CheckFailedError when one cannot be run."""

    def counted(check: Check) -> Finding:
        try:
            with connection.cursor() as cursor:
                return _counted(cursor, check)
        except duckdb.Error as error:
            raise CheckFailedError(
                f"expectations/{check.suite}.toml: the check {check.name} could not be run: {error}"
            ) from error

    # Side by side: most of these queries are too small for DuckDB to part them.
    with ThreadPoolExecutor(THREADS) as pool:
        return {
            (check.suite, check.name): found for check, found in zip(checks, pool.map(counted, checks), strict=True)
        }


def find(connection: duckdb.DuckDBPyConnection, check: Check) -> Finding:
    """Run the check's query: all its rows are counted, the first keys by order are kept."""
    found = _counted(connection, check)
    return replace(found, failing_keys=first_keys(connection, check)) if found.failing_count else found


def first_keys(connection: duckdb.DuckDBPyConnection, check: Check) -> tuple[str, ...]:
    """The keys of the first rows that break a check, by order."""
    cursor = connection.execute(f"from ({check.rows}) as broken limit 0")
    columns = [f'"{column[0]}"' for column in cursor.description or []]
    key = f"concat_ws('/', {', '.join(f'cast({column} as varchar)' for column in columns)})"
    rows = connection.execute(
        f"select {key} as failing_key from ({check.rows}) as broken order by failing_key limit {KEPT_KEYS}"  # noqa: S608
    ).fetchall()
    return tuple(row[0] for row in rows)


def trace(connection: duckdb.DuckDBPyConnection, check: Check) -> tuple[str, ...] | None:
    """The pages behind all rows that break a check, by id; None when some row leads to no page of the generation.

    A row leads to the page it names, to the page of the object it names, or to all pages that show the text it names.
    """
    columns = {column[0] for column in connection.execute(f"from ({check.rows}) as broken limit 0").description or []}
    if "page_id" in columns:
        named = f"select broken.page_id from ({check.rows}) as broken"  # noqa: S608 (a query of expectations/)
    else:
        key = next((name for name in _LEADS if name in columns), None)
        if key is None:
            return None
        named = (
            f"select known.page_id from ({check.rows}) as broken "  # noqa: S608
            f"left join {_LEADS[key]} as known on broken.{key} = known.{key}"
        )
    rows = connection.execute(
        f"select distinct named.page_id, pages.page_id is not null from ({named}) as named "  # noqa: S608
        "left join main.pages as pages on named.page_id = pages.page_id order by named.page_id"
    ).fetchall()
    return tuple(page_id for page_id, _ in rows) if all(is_there for _, is_there in rows) else None


def holds(check: Check, finding: Finding) -> bool:
    """Whether a finding is within what the check allows."""
    return measured(check, finding) <= check.at_most_ratio


def measured(check: Check, finding: Finding) -> float:
    """The number that a check bounds: rows where none may break it, else their share, 0 when too few are judged."""
    if finding.total_count is None:
        return float(finding.failing_count)
    return finding.share if finding.total_count >= check.judged_from else 0.0


def _counted(connection: duckdb.DuckDBPyConnection, check: Check) -> Finding:
    failing_count = _number(connection, f"select count(*) from ({check.rows}) as broken")  # noqa: S608
    return Finding(failing_count, _number(connection, f"select ({check.of})") if check.is_share else None)


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row and row[0] is not None else 0
