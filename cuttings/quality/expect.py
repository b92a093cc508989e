"""Great Expectations 1.24.1: the verdict on every check, as an expectation on what was counted.

What the checks found (evaluate.py) is laid out as one small table a suite, one column a check: the number of rows that
break it, or their share. Great Expectations expects each column to stay within what its check allows, and reads all
columns of a table in one query. So it never sees the warehouse: no page text, not even an id.

Two things are known about this version and mended here. On DuckDB it fetches after its connection has closed, so a
listener reads every result when it is made. And it imports for seconds: `worker.py` does that early, while pages are
still cut. The context lives in memory and dies with the call; nothing is sent or stored.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from cuttings.errors import CheckFailedError
from cuttings.quality.evaluate import Finding, measured
from cuttings.quality.suites import Check


def import_library() -> Any:
    """Great Expectations itself. The first call takes seconds, so `worker.py` makes it while pages are still cut."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations  # noqa: PLC0415 (takes seconds: only an audit pays for it)

    return great_expectations


def verdicts(checks: Sequence[Check], findings: Mapping[tuple[str, str], Finding]) -> Mapping[tuple[str, str], bool]:
    """Whether each check holds, given what it found; both by suite and name.

    Raises CheckFailedError when an expectation cannot be judged.
    """
    gx = import_library()
    import duckdb_engine  # noqa: PLC0415 (these two are only needed beside it)
    import sqlalchemy  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    with duckdb.connect() as connection:
        source = context.data_sources.add_sql(
            "counted",
            connection_string="duckdb:///:memory:",  # never opened: `creator` hands over a connection that is
            kwargs={
                "creator": lambda: duckdb_engine.ConnectionWrapper(connection.cursor()),
                "poolclass": sqlalchemy.pool.StaticPool,
            },
        )
        engine = source.get_execution_engine().engine
        sqlalchemy.event.listen(engine, "after_cursor_execute", _fetch_at_once)
        try:
            results: dict[tuple[str, str], bool] = {}
            for suite in dict.fromkeys(check.suite for check in checks):
                own = [check for check in checks if check.suite == suite]
                _lay_out(connection, suite, {check.name: measured(check, findings[suite, check.name]) for check in own})
                asset = source.add_table_asset(suite, table_name=suite)
                batch = asset.add_batch_definition_whole_table("all").get_batch()
                expectations = [
                    gx.expectations.ExpectColumnMaxToBeBetween(
                        column=check.name, max_value=check.at_most_ratio, meta={"name": check.name}
                    )
                    for check in own
                ]
                result = batch.validate(
                    gx.ExpectationSuite(name=suite, expectations=expectations), result_format="BOOLEAN_ONLY"
                )
                for outcome in result.results:
                    name = outcome.expectation_config.meta["name"]
                    if outcome.exception_info.get("raised_exception", True):
                        raise CheckFailedError(
                            f"expectations/{suite}.toml: the check {name} could not be judged: {_cause(outcome)}"
                        )
                    results[suite, name] = bool(outcome.success)
            return results
        finally:
            engine.dispose()


def _lay_out(connection: duckdb.DuckDBPyConnection, suite: str, values: Mapping[str, float]) -> None:
    """One row with a column a check."""
    columns = ", ".join(f'? as "{name}"' for name in values)
    connection.execute(f'create table "{suite}" as select {columns}', list(values.values()))


def _fetch_at_once(_connection: Any, cursor: Any, _statement: Any, _parameters: Any, context: Any, _many: Any) -> None:
    from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy  # noqa: PLC0415

    if cursor.description is not None:
        context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, initial_buffer=cursor.fetchall())


def _cause(outcome: Any) -> str:
    messages = [info.get("exception_message") for info in outcome.exception_info.values() if isinstance(info, dict)]
    return "; ".join(str(message) for message in messages) or str(outcome.exception_info.get("exception_message"))
