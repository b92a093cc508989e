"""Trends over the last runs, as points of small charts that the report draws without a script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import duckdb

# Runs shown in a trend, and checks in the list of what changed.
TREND_RUNS: Final = 12
CHANGED_CHECKS: Final = 10
# The drawing area of a chart in its own units; the page scales it.
WIDTH: Final = 280
HEIGHT: Final = 72
MARGIN: Final = 8

# Title, column of marts.quality_by_run, and how a value is written.
_TRENDS: Final = (
    ("Objects loaded", "loaded_count", "{:,.0f}"),
    ("Share of objects set aside", "set_aside_share", "{:.1%}"),
    ("Checks that warn", "warned_count", "{:,.0f}"),
    ("Rows that break a warning check", "failing_rows", "{:,.0f}"),
)


@dataclass(frozen=True, slots=True)
class Point:
    """One run in a chart: where it stands, and what a reader who points at it is told."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Trend:
    """One chart: the newest run is the last point. `summary` says in words what the line shows."""

    title: str
    latest: str
    summary: str
    points: tuple[Point, ...]

    @property
    def line(self) -> str:
        """The points as an SVG polyline takes them."""
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)


def runs(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The last runs, the newest first, as rows of marts.quality_by_run with `started_at` as text in UTC."""
    cursor = connection.execute(
        "select * replace (strftime(started_at at time zone 'UTC', '%Y-%m-%d %H:%M:%S') as started_at) "
        "from marts.quality_by_run order by quality_by_run.started_at desc, run_id limit ?",
        [TREND_RUNS],
    )
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def trends(newest_first: list[dict[str, Any]]) -> list[Trend]:
    """The charts over these runs; none over fewer than two."""
    if len(newest_first) < 2:
        return []
    return [_trend(newest_first[::-1], *trend) for trend in _TRENDS]


def changed_checks(connection: duckdb.DuckDBPyConnection, run_ids: list[str]) -> list[dict[str, Any]]:
    """Checks whose count of rows differs between the two newest runs, the largest difference first."""
    if len(run_ids) < 2:
        return []
    rows = connection.execute(
        "select now.suite, now.expectation, coalesce(before.failing_count, 0), now.failing_count "
        "from main.checks as now left join main.checks as before "
        "on before.run_id = ? and now.suite = before.suite and now.expectation = before.expectation "
        "where now.run_id = ? and now.failing_count <> coalesce(before.failing_count, 0) "
        "order by abs(now.failing_count - coalesce(before.failing_count, 0)) desc, now.suite, now.expectation limit ?",
        [run_ids[1], run_ids[0], CHANGED_CHECKS],
    ).fetchall()
    return [dict(zip(("suite", "name", "before", "now"), row, strict=True)) for row in rows]


def _trend(oldest_first: list[dict[str, Any]], title: str, column: str, style: str) -> Trend:
    values = [float(run[column] or 0) for run in oldest_first]
    most = max(values) or 1.0
    step = (WIDTH - 2 * MARGIN) / (len(values) - 1)
    points = tuple(
        Point(
            round(MARGIN + number * step, 1),
            round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * value / most, 1),
            f"{run['started_at']}: {style.format(value)}",
        )
        for number, (run, value) in enumerate(zip(oldest_first, values, strict=True))
    )
    latest = style.format(values[-1])
    summary = (
        f"{len(values)} runs, the oldest first: from {style.format(values[0])} to {latest}, "
        f"at least {style.format(min(values))}, at most {style.format(max(values))}"
    )
    return Trend(title, latest, summary, points)
