"""Great Expectations 1.24.1 over a built generation: the verdict on every check.

Two things are known about this version and mended here. On DuckDB it fetches after its connection has closed, so a
listener reads every result when it is made. And it imports for seconds: `worker.py` does that early, while pages are
still cut.

It sees ids, flags and lengths only, never page text: results come back as booleans, and each query of ours selects
keys. The context lives in memory and dies with the call; nothing is sent or stored.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from cuttings.errors import CheckFailedError
from cuttings.quality.evaluate import breach_query
from cuttings.quality.suites import Check


def import_library() -> Any:
    """Great Expectations itself. The first call takes seconds, so `worker.py` makes it while pages are still cut."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations  # noqa: PLC0415 (takes seconds: only an audit pays for it)

    return great_expectations


def verdicts(connection: duckdb.DuckDBPyConnection, checks: Sequence[Check]) -> Mapping[tuple[str, str], bool]:
    """Whether each check holds, by suite and name. Raises CheckFailedError when one cannot be run at all."""
    gx = import_library()
    import duckdb_engine  # noqa: PLC0415 (these two are only needed beside it)
    import sqlalchemy  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(
        "generation",
        connection_string="duckdb:///:memory:",  # never opened: `creator` hands over the audit's own connection
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
            asset = source.add_table_asset(suite, table_name=suite, schema_name="main")
            batch = asset.add_batch_definition_whole_table("all").get_batch()
            own = [check for check in checks if check.suite == suite]
            expectations = [_expectation(gx, check) for check in own]
            result = batch.validate(
                gx.ExpectationSuite(name=suite, expectations=expectations), result_format="BOOLEAN_ONLY"
            )
            for outcome in result.results:
                name = outcome.expectation_config.meta["name"]
                if outcome.exception_info.get("raised_exception", True):
                    raise CheckFailedError(
                        f"expectations/{suite}.toml: the check {name} could not be run: {_cause(outcome)}"
                    )
                results[suite, name] = bool(outcome.success)
        return results
    finally:
        engine.dispose()


def _expectation(gx: Any, check: Check) -> Any:
    meta = {"name": check.name}
    known = gx.expectations
    if check.kind == "not_null":
        return known.ExpectColumnValuesToNotBeNull(column=check.columns[0], meta=meta)
    if check.kind == "in_set":
        return known.ExpectColumnValuesToBeInSet(column=check.columns[0], value_set=list(check.values), meta=meta)
    if check.kind == "unique" and len(check.columns) == 1:
        return known.ExpectColumnValuesToBeUnique(column=check.columns[0], meta=meta)
    # A key of several columns goes by our query too: the library's own counts in a window over the whole table.
    # Our queries name their tables; the comment only satisfies the library's wish to see its batch mentioned.
    query = breach_query(check).replace("{", "{{").replace("}", "}}")
    return known.UnexpectedRowsExpectation(unexpected_rows_query=f"/* {{batch}} */ {query}", meta=meta)


def _fetch_at_once(_connection: Any, cursor: Any, _statement: Any, _parameters: Any, context: Any, _many: Any) -> None:
    from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy  # noqa: PLC0415

    if cursor.description is not None:
        context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, initial_buffer=cursor.fetchall())


def _cause(outcome: Any) -> str:
    messages = [info.get("exception_message") for info in outcome.exception_info.values() if isinstance(info, dict)]
    return "; ".join(str(message) for message in messages) or str(outcome.exception_info.get("exception_message"))
