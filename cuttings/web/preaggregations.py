"""Mosaic's pre-aggregations: sums it makes once, in memory, so that a brush asks those and not the rows."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

import duckdb

from cuttings.web.statements import RefusedError, check_preaggregation

# Rows of all that one generation keeps. A row is some eight short columns: half a gigabyte at most, and room for what a
# brush over 2,000 publishers and two years needs under twelve other filters.
KEPT_ROWS: Final = 4_000_000
KNOWN: Final = 1_000  # those that were dropped and can be made anew from their query

_NAME: Final = re.compile(r"\bpreagg_[0-9a-f]{1,8}\b")
_Connections = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]


@dataclass(slots=True)
class _Preaggregation:
    query: str
    row_count: int | None = None  # None while its table is not there


class Preaggregations:
    """The pre-aggregations of one generation. The ones used last stay; one that was dropped is made anew when needed.

    Mosaic names one by 32 bits of a hash of its query: another query under a name that is taken is refused, and the
    page falls back to its plain query.
    """

    def __init__(self, connect: _Connections) -> None:
        self._connect = connect
        self._known: OrderedDict[str, _Preaggregation] = OrderedDict()
        self._lock = threading.Lock()
        self._making = threading.Lock()

    def prepare(self, statement: str) -> None:
        """Run Mosaic's `CREATE … IF NOT EXISTS mosaic.…`. Raises RefusedError, and what the connection raises."""
        name, query = check_preaggregation(statement)
        if name is None:
            return  # the schema is there from the start
        with self._lock:
            known = self._known.setdefault(name, _Preaggregation(query))
            if known.query != query:
                raise RefusedError(f"{name} is another pre-aggregation already")
        try:
            self._need(name)
        except Exception:
            with self._lock:
                self._known.pop(name, None)  # a query that does not run takes no name
            raise

    def need(self, sql: str) -> None:
        """Make sure that those a query reads are there. Raises what the connection raises."""
        for name in _NAME.findall(sql):
            self._need(name)

    def _need(self, name: str) -> None:
        if self._is_there(name):
            return
        with self._making:
            if self._is_there(name):
                return
            with self._lock:
                known = self._known.get(name)
            if known is None:
                return  # nobody asked for it: DuckDB says that there is no such table
            with self._connect() as connection:
                connection.execute("create schema if not exists mosaic")
                made = connection.execute(f"create table mosaic.{name} as {known.query}").fetchone()
                with self._lock:
                    known.row_count = made[0] if made else 0
                    self._known[name] = known
                    self._known.move_to_end(name)
                    dropped = self._over()
                for other in dropped:
                    connection.execute(f"drop table mosaic.{other}")

    def _is_there(self, name: str) -> bool:
        with self._lock:
            known = self._known.get(name)
            if known is None or known.row_count is None:
                return False
            self._known.move_to_end(name)
            return True

    def _over(self) -> list[str]:
        """Those that were used longest ago and are too many; the newest stays. Under the lock."""
        row_count = sum(known.row_count or 0 for known in self._known.values())
        dropped = []
        for name, known in list(self._known.items())[:-1]:
            if row_count <= KEPT_ROWS:
                break
            if known.row_count is not None:
                row_count -= known.row_count
                known.row_count = None
                dropped.append(name)
        while len(self._known) > KNOWN:
            name, known = next(iter(self._known.items()))
            if known.row_count is not None:
                dropped.append(name)
            del self._known[name]
        return dropped
