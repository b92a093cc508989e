"""SQL of a page, guarded: one SELECT in a read-only transaction, or one of Mosaic's pre-aggregations in memory."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import duckdb
import pyarrow as pa

QUERY_SECONDS: Final = 30.0  # a chart that takes longer is not worth waiting for
EXPORT_SECONDS: Final = 300.0
BATCH_ROWS: Final = 8192
CACHE_BYTES: Final = 64 * 1024**2  # answers kept for one generation; the charts of a page are a few hundred kB
CACHED_ANSWER_BYTES: Final = 4 * 1024**2
SQL_CHARS: Final = 100_000  # the longest statement that is read at all

_CREATE_SCHEMA: Final = re.compile(r'create schema if not exists "?mosaic"?', re.IGNORECASE)
# What precedes the query of a pre-aggregation; no text of a page can stand in it.
_CREATE_TABLE: Final = re.compile(
    r'create table if not exists "?mosaic"?\."?(preagg_[0-9a-f]{1,8})"? as ', re.IGNORECASE
)


class RefusedError(Exception):
    """The statement is not one that a page may run; the message says which are."""


class QueryFailedError(Exception):
    """DuckDB could not answer: a mistake in the SQL, or too much memory or time."""


class Queries:
    """Answers queries on one generation, and remembers the answers: a generation never changes."""

    def __init__(self, connect: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._connect = connect
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._answers_bytes = 0
        self._views: dict[str, str] = {}
        self._lock = threading.Lock()
        self._create_lock = threading.Lock()

    def arrow(self, sql: str) -> bytes:
        """The rows of one SELECT as an Arrow stream. Raises RefusedError, QueryFailedError."""
        with self._lock:
            if sql in self._answers:
                self._answers.move_to_end(sql)
                return self._answers[sql]
        check_select(sql)
        with self._reading(QUERY_SECONDS) as connection:
            answer = _stream(connection.sql(sql))
        self._remember(sql, answer)
        return answer

    def table(self, sql: str) -> pa.Table:
        """The rows of one SELECT, whole, for an export. Raises RefusedError, QueryFailedError."""
        check_select(sql)
        with self._reading(EXPORT_SECONDS) as connection:
            return connection.sql(sql).to_arrow_table()

    def prepare(self, statements: list[str]) -> None:
        """Run Mosaic's `CREATE … IF NOT EXISTS mosaic.…`. Raises RefusedError, QueryFailedError.

        Mosaic names a pre-aggregation by 32 bits of a hash: another query under a name that is taken is refused, and
        the page falls back to its plain query.
        """
        for statement in statements:
            name, query = check_preaggregation(statement)
            if name is None:
                continue  # the schema is there from the start
            with self._create_lock:
                if name in self._views:
                    if self._views[name] != query:
                        raise RefusedError(f"{name} is another pre-aggregation already")
                    continue
                with self._timed(QUERY_SECONDS) as connection:
                    connection.execute("create schema if not exists mosaic")
                    connection.execute(f"create table mosaic.{name} as {query}")
                self._views[name] = query

    @contextmanager
    def _reading(self, seconds: float) -> Iterator[duckdb.DuckDBPyConnection]:
        """In a transaction that cannot write: DuckDB takes `with x as (insert …) select …` for a SELECT."""
        with self._timed(seconds) as connection:
            connection.execute("begin transaction read only")
            yield connection

    @contextmanager
    def _timed(self, seconds: float) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = self._connect()
        timer = threading.Timer(seconds, connection.interrupt)
        timer.start()
        try:
            yield connection
        except duckdb.InterruptException as error:
            raise QueryFailedError(f"stopped after {seconds:g} seconds: narrow the filters") from error
        except duckdb.Error as error:
            raise QueryFailedError(str(error)) from error
        finally:
            timer.cancel()
            connection.close()

    def _remember(self, sql: str, answer: bytes) -> None:
        if len(answer) > CACHED_ANSWER_BYTES:
            return
        with self._lock:
            if sql in self._answers:
                return
            self._answers[sql] = answer
            self._answers_bytes += len(answer)
            while self._answers_bytes > CACHE_BYTES:
                self._answers_bytes -= len(self._answers.popitem(last=False)[1])


def check_select(sql: str) -> None:
    """Pass exactly one SELECT statement; raise RefusedError for anything else."""
    kinds = _kinds(sql)
    if kinds != ["SELECT"]:
        raise RefusedError(f"a page runs exactly one SELECT statement, and this is {', '.join(kinds) or 'nothing'}")


def check_preaggregation(statement: str) -> tuple[str | None, str]:
    """Name and query of a pre-aggregation, (None, "") for its schema; raise RefusedError for anything else."""
    if _CREATE_SCHEMA.fullmatch(statement):
        return None, ""
    head = _CREATE_TABLE.match(statement)
    if head is None or _kinds(statement) != ["CREATE"]:
        raise RefusedError("a page creates nothing but its pre-aggregations, mosaic.preagg_…")
    query = statement[head.end() :]
    check_select(query)
    return head[1], query


def _kinds(sql: str) -> list[str]:
    if len(sql) > SQL_CHARS:
        raise RefusedError(f"the statement has more than {SQL_CHARS:,} characters")
    try:
        return [statement.type.name for statement in duckdb.extract_statements(sql)]
    except duckdb.Error as error:
        raise RefusedError(f"the SQL does not parse: {error}") from error


def _stream(result: duckdb.DuckDBPyRelation) -> bytes:
    reader = result.to_arrow_reader(BATCH_ROWS)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
    answer: bytes = sink.getvalue().to_pybytes()
    return answer
