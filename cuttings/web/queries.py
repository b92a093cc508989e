"""Answers to the SQL of a page: one SELECT in a read-only transaction, remembered for as long as the generation."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Final

import duckdb
import pyarrow as pa

from cuttings.web.preaggregations import Preaggregations
from cuttings.web.statements import check_select

QUERY_SECONDS: Final = 30.0  # a chart that takes longer is not worth waiting for
EXPORT_SECONDS: Final = 300.0
BATCH_ROWS: Final = 8192
CACHE_BYTES: Final = 64 * 1024**2  # answers kept for one generation; the charts of a page are a few hundred kB
CACHED_ANSWER_BYTES: Final = 4 * 1024**2


class QueryFailedError(Exception):
    """DuckDB could not answer: a mistake in the SQL, or too much memory or time."""


class Queries:
    """Answers queries on one generation, and remembers the answers: a generation never changes."""

    def __init__(self, connect: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._connect = connect
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._answers_bytes = 0
        self._under_way: dict[str, Future[bytes]] = {}
        self._lock = threading.Lock()
        self._preaggregations = Preaggregations(lambda: self._timed(QUERY_SECONDS))

    def arrow(self, sql: str) -> bytes:
        """The rows of one SELECT as an Arrow stream. Raises RefusedError, QueryFailedError.

        Two that ask the same at the same time wait for one answer.
        """
        with self._lock:
            if sql in self._answers:
                self._answers.move_to_end(sql)
                return self._answers[sql]
            asked = self._under_way.get(sql)
            if asked is None:
                mine = self._under_way[sql] = Future()
        if asked is not None:
            return asked.result()
        try:
            answer = self._answer(sql)
        except BaseException as error:
            mine.set_exception(error)
            with self._lock:
                del self._under_way[sql]
            raise
        with self._lock:
            self._remember(sql, answer)
            del self._under_way[sql]
        mine.set_result(answer)
        return answer

    def table(self, sql: str) -> pa.Table:
        """The rows of one SELECT, whole, for an export. Raises RefusedError, QueryFailedError."""
        check_select(sql)
        self._preaggregations.need(sql)
        with self._reading(EXPORT_SECONDS) as connection:
            return connection.sql(sql).to_arrow_table()

    def prepare(self, statement: str) -> None:
        """Run Mosaic's `CREATE … IF NOT EXISTS mosaic.…`. Raises RefusedError, QueryFailedError."""
        self._preaggregations.prepare(statement)

    def _answer(self, sql: str) -> bytes:
        check_select(sql)
        self._preaggregations.need(sql)
        with self._reading(QUERY_SECONDS) as connection:
            return _stream(connection.sql(sql))

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
        """Under the lock."""
        if len(answer) > CACHED_ANSWER_BYTES:
            return
        self._answers[sql] = answer
        self._answers_bytes += len(answer)
        while self._answers_bytes > CACHE_BYTES:
            self._answers_bytes -= len(self._answers.popitem(last=False)[1])


def _stream(result: duckdb.DuckDBPyRelation) -> bytes:
    reader = result.to_arrow_reader(BATCH_ROWS)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
    answer: bytes = sink.getvalue().to_pybytes()
    return answer
