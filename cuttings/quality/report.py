"""The page a person reads about a generation: one HTML file, without scripts, fonts or anything from elsewhere.

Everything that may hold page text (names of publishers, keys, languages) goes through autoescaping, and the page's own
content policy forbids scripts. It shows no clock but that of the runs before, so equal generations give equal pages.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb

from cuttings.config import DASHBOARD_URL
from cuttings.contract import TABLES
from cuttings.quality import trends
from cuttings.quality.audit import DATABASE_NAME, AuditResult
from cuttings.quality.evaluate import connect
from cuttings.quality.links import failing_rows

if TYPE_CHECKING:
    from jinja2 import Template

# Bars in a chart, and objects named of those that were set aside.
CHART_ROWS: Final = 10
SHOWN_ASIDE: Final = 50

# Title, note and query of each chart; a query gives a name and a count, the largest first.
_CHARTS: Final = (
    ("What became of the objects", "Every object of the sources, by disposition and reason.", """
        select
            concat_ws(': ', disposition, case when contains(reason, '.') then 'broke a check' else reason end) as name,
            count(*) as row_count
        from main.files
        group by all"""),
    ("Where capture times come from", "A relative date is as good as the capture it hangs on.", """
        select captured_from as name, count(*) as row_count from main.pages group by all"""),
    ("What the pages are", "Page types, as far as the layout shows.", """
        select page_type as name, count(*) as row_count from main.pages group by all"""),
    ("What the bytes are", "Bytes of all pages: articles, furniture, adverts, blanks and what no rule could name.", """
        select content_kind as name, sum(size_bytes)::bigint as row_count from core.page_roles group by all"""),
    ("How dates were placed", "Date texts by what fixes them on the time line, and how finely they were written.", """
        select
            case anchor when 'none' then 'not placed' when 'capture' then 'relative to capture' else 'as written' end
            || ', ' || precision as name,
            count(*) as row_count
        from main.date_mentions
        group by all"""),
    ("Who publishes", "Distinct texts by publisher.", """
        select coalesce(publisher_name, 'not named') as name, sum(article_count)::bigint as row_count
        from marts.articles_by_publisher
        group by all"""),
)  # fmt: skip


def render_report(generation_dir: Path, result: AuditResult, dashboard_url: str = DASHBOARD_URL) -> str:
    """The report of a built generation and its audit, as HTML; failing rows link to the inspector at `dashboard_url`.

    Reads `<generation_dir>/cuttings.duckdb`; works before and after the rows of this run are in its history.
    """
    connection = connect(generation_dir / DATABASE_NAME, ())
    try:
        counts = {name: _number(connection, f"select count(*) from main.{name}") for name in TABLES}  # noqa: S608
        charts = [_chart(connection, *chart) for chart in _CHARTS]
        runs = trends.runs(connection)
        changed = trends.changed_checks(connection, [run["run_id"] for run in runs])
        aside = _set_aside(connection)
        broken = [
            {
                "result": found,
                "failing": failing_rows(connection, found.check.suite, found.failing_keys, dashboard_url),
            }
            for found in (*result.failures, *result.warnings)
        ]
    finally:
        connection.close()
    return report_template().render(
        run_id=result.run_id,
        status=_status(result, len(aside)),
        tiles=_tiles(counts, result),
        aside=aside[:SHOWN_ASIDE],
        aside_count=len(aside),
        broken=broken,
        charts=charts,
        runs=runs,
        trends=trends.trends(runs),
        frame=trends,
        changed=changed,
        tables=[_table(name, counts[name], result) for name in TABLES],
    )


@cache
def report_template() -> Template:
    """The page without its figures. To compile it takes a tenth of a second, for which a run has time before."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 (only a report needs it)

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    return environment.get_template("report.html.j2")


def _status(result: AuditResult, aside_count: int) -> dict[str, str]:
    checked, failed, warned = len(result.results), len(result.failures), len(result.warnings)
    if failed:
        sentence = f"{failed} of {checked} checks refuse it. What was published before is untouched."
        return {"kind": "fail", "word": "Refused", "sentence": sentence}
    if aside_count:
        word = "Fit to publish, without what was set aside"
        sentence = (
            f"Objects set aside because their page broke a check: {aside_count:,}. All fail-level checks hold on "
        )
        sentence += f"the rest; {warned} of {checked} checks warn." if warned else "the rest."
        return {"kind": "warn", "word": word, "sentence": sentence}
    if warned:
        sentence = f"All fail-level checks hold; {warned} of {checked} checks warn. Read the warnings before you count."
        return {"kind": "warn", "word": "Fit to publish, with warnings", "sentence": sentence}
    return {"kind": "good", "word": "Fit to publish", "sentence": f"All {checked} checks hold."}


def _set_aside(connection: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    """The objects whose page broke a check: their name, the checks, and what those say."""
    rows = connection.execute(
        "select files.source_name, quarantine.reason, quarantine.detail from main.quarantine as quarantine "
        "inner join main.files as files on quarantine.file_id = files.file_id "
        "where quarantine.stage = 'check' order by quarantine.reason, files.source_name"
    ).fetchall()
    return [dict(zip(("name", "reason", "detail"), row, strict=True)) for row in rows]


def _tiles(counts: dict[str, int], result: AuditResult) -> list[dict[str, str]]:
    shown = {
        "objects seen": counts["files"],
        "pages": counts["pages"],
        "articles on pages": counts["appearances"],
        "distinct texts": counts["articles"],
        "dates": counts["date_mentions"],
        "set aside": counts["quarantine"],
        "checks": len(result.results),
    }
    return [{"name": name, "value": f"{count:,}"} for name, count in shown.items()]


def _chart(connection: duckdb.DuckDBPyConnection, title: str, note: str, query: str) -> dict[str, Any]:
    rows = connection.execute(f"from ({query}) order by row_count desc, name").fetchall()
    total = sum(count for _, count in rows)
    shown = [(name, count) for name, count in rows[:CHART_ROWS]]
    if len(rows) > CHART_ROWS:
        shown.append((f"{len(rows) - CHART_ROWS} others", total - sum(count for _, count in shown)))
    bars = [
        {"name": name, "count": f"{count:,}", "percent": round(100 * count / total, 1)}
        for name, count in shown
        if total
    ]
    return {"title": title, "note": note, "rows": bars}


def _table(name: str, row_count: int, result: AuditResult) -> dict[str, Any]:
    results = [found for found in result.results if found.check.suite == name]
    return {
        "name": name,
        "grain": TABLES[name].grain,
        "row_count": f"{row_count:,}",
        "checked": len(results),
        "held": sum(found.success for found in results),
        "results": results,
    }


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
