"""What the overview says before any chart is drawn: how fresh the data is, what came in, what the checks found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import duckdb

from cuttings.web.generation import OpenGeneration

SHOWN_RUNS: Final = 30  # of the quality history, the last ones
QUALITY_SQL: Final = "select * from checks order by run_id, suite, expectation"
SHOWN_FAILURES: Final = 50  # keys of rows that broke a check; `checks.failing_keys` has the first ones only

_ID: Final = re.compile(r"[0-9a-f]{16,64}")  # keys of rows begin with an id of the contract


@dataclass(frozen=True, slots=True)
class Cell:
    """The checks on one table in one run."""

    run_id: str
    check_count: int
    warned_count: int
    failed_count: int

    @property
    def state(self) -> str:
        """`bad`, `warn`, `good`, or `none` where nothing was checked."""
        if self.failed_count:
            return "bad"
        if self.warned_count:
            return "warn"
        return "good" if self.check_count else "none"

    @property
    def words(self) -> str:
        """The same for a reader without colours."""
        if self.state == "none":
            return "not checked"
        broken = [f"{self.failed_count} failed"] * bool(self.failed_count)
        broken += [f"{self.warned_count} warned"] * bool(self.warned_count)
        return f"{', '.join(broken) or 'all held'}, of {self.check_count}"


def facts(generation: OpenGeneration) -> dict[str, Any]:
    """Everything the template of the overview shows, in plain values."""
    connection = generation.connection()
    try:
        runs = _rows(connection, "select * from runs order by finished_at, run_id")
        this_run = next((run for run in runs if run["run_id"] == generation.generation_id), None)
        totals = _rows(
            connection,
            "select (select count(*) from appearances) as appearance_count, (select count(*) from articles) as "
            "article_count, (select count(*) from pages) as page_count, (select count(*) from publishers) as "
            "publisher_count, (select max(captured_at) from pages) as last_captured_at",
        )[0]
        return {
            "totals": totals,
            "run": this_run,
            "age": _ago(this_run["finished_at"]) if this_run else "",
            "quality_sql": QUALITY_SQL,
            "quality": _quality(connection, [run["run_id"] for run in runs][-SHOWN_RUNS:]),
            "run_times": {run["run_id"]: run["finished_at"] for run in runs},
            "failures": _failures(connection, generation.generation_id),
        }
    finally:
        connection.close()


def _quality(connection: duckdb.DuckDBPyConnection, run_ids: list[str]) -> dict[str, Any]:
    """The grid: a row a table, a column a run, oldest first."""
    counted = connection.execute(
        "select suite, run_id, count(*), count(*) filter (not success and level = 'warn'), "
        "count(*) filter (not success and level = 'fail') from checks where list_contains(?, run_id) "
        "group by suite, run_id order by suite",
        [run_ids],
    ).fetchall()
    by_place = {(suite, run_id): Cell(run_id, *counts) for suite, run_id, *counts in counted}
    suites = sorted({suite for suite, *_ in counted})
    grid = {suite: [by_place.get((suite, run_id), Cell(run_id, 0, 0, 0)) for run_id in run_ids] for suite in suites}
    last = [cells[-1] for cells in grid.values() if cells]
    return {
        "run_ids": run_ids,
        "grid": grid,
        "check_count": sum(cell.check_count for cell in last),
        "warned_count": sum(cell.warned_count for cell in last),
        "failed_count": sum(cell.failed_count for cell in last),
    }


def _failures(connection: duckdb.DuckDBPyConnection, run_id: str) -> list[dict[str, Any]]:
    """The checks of this run that did not hold, worst first, with the first rows that broke them."""
    broken = _rows(
        connection,
        "select suite, expectation, level, observed, failing_count, failing_keys from checks "
        "where run_id = ? and not success order by level, failing_count desc, suite, expectation",
        [run_id],
    )
    for check in broken:
        keys = check["failing_keys"][:SHOWN_FAILURES]
        check["rows"] = [(key, _page_of(connection, check["suite"], key)) for key in keys]
    return broken


def _page_of(connection: duckdb.DuckDBPyConnection, suite: str, key: str) -> str | None:
    """The page a failing row can be looked at on, if its key leads to one."""
    found = _ID.search(key)
    if found is None:
        return None
    column = {"articles": "article_id", "stories": "story_id", "publishers": "publisher_id"}.get(suite, "page_id")
    if suite in {"files", "quarantine"}:
        query = "select page_id from files where file_id = ?"
    elif column == "page_id":
        query = "select page_id from pages where page_id = ?"
    else:
        query = f"select min(page_id) from marts.dashboard_articles where {column} = ?"  # noqa: S608 (closed list)
    row = connection.execute(query, [found[0]]).fetchone()
    return row[0] if row else None


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    found = connection.execute(sql, values or [])
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _ago(instant: datetime) -> str:
    """How long ago, in the largest unit that fits: `3 hours ago`."""
    seconds = max(0, (datetime.now(UTC) - instant).total_seconds())
    for name, unit_seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = int(seconds // unit_seconds)
        if count:
            return f"{count} {name}{'s' * (count > 1)} ago"
    return "just now"
