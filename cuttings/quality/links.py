"""From the key of a failing row to its name and to the place where a person can look at it: the page inspector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

# The segment that a key of a page points to, by the suite: what its second part is.
_SEGMENT_OF: Final = {
    "segments": "segment_no = ?",
    "appearances": "position = ?",
    "date_mentions": "byte_end > ?",
    "repairs": "byte_end > ?",
}


@dataclass(frozen=True, slots=True)
class FailingRow:
    """A row that broke a check: its key, the name of its object if known, and its place in the inspector if any."""

    key: str
    name: str
    url: str | None


def failing_rows(
    connection: duckdb.DuckDBPyConnection, suite: str, keys: Sequence[str], dashboard_url: str
) -> list[FailingRow]:
    """The rows behind keys of one suite. A key that starts with a page, an object or a text leads to a page."""
    found: dict[str, tuple[str | None, str | None]] = {}
    ids = [key.split("/")[0] for key in keys]
    rows = connection.execute(
        "with leads as ("
        "select page_id as id, page_id from main.pages where page_id in (select unnest($ids)) "
        "union all select file_id, page_id from main.files where file_id in (select unnest($ids)) "
        "union all select article_id, min(page_id) from main.appearances where article_id in (select unnest($ids)) "
        "group by article_id) "
        "select leads.id, leads.page_id, min(files.source_name) from leads left join main.files as files "
        "on leads.page_id = files.page_id or leads.id = files.file_id group by leads.id, leads.page_id order by all",
        {"ids": ids},
    ).fetchall()
    for lead, page_id, name in rows:
        found.setdefault(lead, (page_id, name))
    result = []
    for key, lead in zip(keys, ids, strict=True):
        page_id, name = found.get(lead, (None, None))
        url = None
        if page_id is not None:
            segment_no = _segment_no(connection, suite, key, page_id)
            url = f"{dashboard_url.rstrip('/')}/page/{page_id}" + (
                "" if segment_no is None else f"#segment-{segment_no}"
            )
        result.append(FailingRow(key, name or "", url))
    return result


def _segment_no(connection: duckdb.DuckDBPyConnection, suite: str, key: str, page_id: str) -> int | None:
    """The first segment that a key of a page points to; None where it is about the page as a whole."""
    parts = key.split("/")
    if suite not in _SEGMENT_OF or parts[0] != page_id or len(parts) == 1 or not parts[1].isdigit():
        return None
    row = connection.execute(
        f"select min(segment_no) from main.segments where page_id = ? and {_SEGMENT_OF[suite]}",  # noqa: S608 (own words)
        [page_id, int(parts[1])],
    ).fetchone()
    return None if row is None else row[0]
