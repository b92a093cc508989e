"""Which SQL a page may run: exactly one SELECT, or what makes one of Mosaic's pre-aggregations."""

from __future__ import annotations

import re
from typing import Final

import duckdb

SQL_CHARS: Final = 100_000  # the longest statement that is read at all

_CREATE_SCHEMA: Final = re.compile(r'create schema if not exists "?mosaic"?', re.IGNORECASE)
# What precedes the query of a pre-aggregation; no text of a page can stand in it.
_CREATE_TABLE: Final = re.compile(
    r'create table if not exists "?mosaic"?\."?(preagg_[0-9a-f]{1,8})"? as ', re.IGNORECASE
)


class RefusedError(Exception):
    """The statement is not one that a page may run; the message says which are."""


def check_select(sql: str) -> None:
    """Pass exactly one SELECT statement; raise RefusedError for anything else."""
    kinds = [kind for kind, _ in split(sql)]
    if kinds != ["SELECT"]:
        raise RefusedError(f"a page runs exactly one SELECT statement, and this is {', '.join(kinds) or 'nothing'}")


def check_preaggregation(statement: str) -> tuple[str | None, str]:
    """Name and query of a pre-aggregation, (None, "") for its schema; raise RefusedError for anything else."""
    if _CREATE_SCHEMA.fullmatch(statement):
        return None, ""
    head = _CREATE_TABLE.match(statement)
    if head is None or [kind for kind, _ in split(statement)] != ["CREATE"]:
        raise RefusedError("a page creates nothing but its pre-aggregations, mosaic.preagg_…")
    query = statement[head.end() :]
    check_select(query)
    return head[1], query


def split(sql: str) -> list[tuple[str, str]]:
    """Kind (`SELECT`, `CREATE`, …) and text of each statement; raise RefusedError when they do not parse."""
    if len(sql) > SQL_CHARS:
        raise RefusedError(f"the statement has more than {SQL_CHARS:,} characters")
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise RefusedError(f"the SQL does not parse: {error}") from error
    return [(statement.type.name, statement.query.strip().rstrip(";")) for statement in statements]
