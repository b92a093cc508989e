"""One page of a generation: its facts, and the pages before and after it by confidence.

Its text is in `segments.py` and `notes.py`, its articles in `articles.py`, where it comes from in `origin.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import duckdb

from cuttings.web.inspector.rows import single

_FACTS: Final = """
select
    pages.page_id, primaries.title, publishers.name, pages.publisher_id, pages.page_type, pages.dialect,
    pages.language, pages.encoding, pages.is_damaged, pages.size_bytes, pages.captured_at, pages.captured_from,
    pages.captured_earliest_at, pages.captured_latest_at, pages.primary_count, pages.related_count, pages.confidence
from pages
left join appearances as primaries on pages.page_id = primaries.page_id and primaries.position = 0
left join publishers on pages.publisher_id = publishers.publisher_id
where pages.page_id = $page_id
"""
# One pass without a sort: the greatest of those before, the least of those after.
_NEIGHBOURS: Final = """
with placed as (
    select
        pages.page_id, {key: pages.confidence, id: pages.page_id} as place,
        pages.confidence < $confidence or (pages.confidence = $confidence and pages.page_id < $page_id) as is_before
    from pages
)

select
    arg_max(page_id, place) filter (where is_before),
    arg_min(page_id, place) filter (where not is_before and page_id <> $page_id),
    count(*) filter (where is_before) + 1,
    count(*)
from placed
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """A row of `pages` with the title of its primary and the name of its publisher."""

    page_id: str
    title: str | None
    publisher: str | None
    publisher_id: str | None
    page_type: str
    dialect: str
    language: str | None
    encoding: str
    is_damaged: bool
    size_bytes: int
    captured_at: datetime | None
    captured_from: str
    captured_earliest_at: datetime | None
    captured_latest_at: datetime | None
    primary_count: int
    related_count: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The pages before and after in the order of confidence; `place` counts from 1, the least certain page."""

    previous_id: str | None
    next_id: str | None
    place: int
    page_count: int


def find_page(connection: duckdb.DuckDBPyConnection, start: str) -> Sequence[str]:
    """Up to two ids of pages that begin with `start`."""
    sql = "select page_id from pages where starts_with(page_id, $start) order by page_id limit 2"
    return [row[0] for row in connection.execute(sql, {"start": start}).fetchall()]


def read_facts(connection: duckdb.DuckDBPyConnection, page_id: str) -> Facts | None:
    """The page itself; None when the generation has no such page."""
    return single(connection, Facts, _FACTS, {"page_id": page_id})


def read_neighbours(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Neighbours:
    """Where the page stands among all pages."""
    key = {"page_id": facts.page_id, "confidence": facts.confidence}
    found = single(connection, Neighbours, _NEIGHBOURS, key)
    assert found is not None  # an aggregate has a row
    return found
