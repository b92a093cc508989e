"""The list of pages: searched, narrowed, sorted and paged in the database; the least certain first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

import duckdb

from cuttings.contract import PAGE_TYPES
from cuttings.web.inspector.rows import fetch

PAGE_ROWS: Final = 50
# What a person may sort by, and the expression that does it; the page id breaks ties, so that paging is stable.
SORTS: Final[Mapping[str, str]] = {
    "confidence": "pages.confidence",
    "title": "lower(primaries.title)",
    "publisher": "lower(publishers.name)",
    "type": "pages.page_type",
    "language": "pages.language",
    "captured": "pages.captured_at",
    "related": "pages.related_count",
    "bytes": "pages.size_bytes",
}
# The titles of all pages are read only where they are searched or sorted by.
_NARROWED: Final = """
from pages
where ($type = '' or pages.page_type = $type)
    and ($language = '' or coalesce(pages.language, 'unsure') = $language)
    and (not $is_damaged or pages.is_damaged)
"""
_SEARCHED: Final = """
from pages
left join appearances as primaries on pages.page_id = primaries.page_id and primaries.position = 0
left join publishers on pages.publisher_id = publishers.publisher_id
where ($type = '' or pages.page_type = $type)
    and ($language = '' or coalesce(pages.language, 'unsure') = $language)
    and (not $is_damaged or pages.is_damaged)
    and (
        $text = ''
        or contains(lower(primaries.title), lower($text))
        or contains(lower(publishers.name), lower($text))
        or starts_with(pages.page_id, lower($text))
        or pages.page_id in (select files.page_id from files where contains(lower(files.source_name), lower($text)))
    )
"""
_ROWS: Final = """
select
    screen.page_id, primaries.title, publishers.name, screen.page_type, screen.language, screen.captured_at,
    screen.captured_from, screen.primary_count, screen.related_count, screen.confidence, screen.size_bytes,
    screen.is_damaged
from screen
left join appearances as primaries on screen.page_id = primaries.page_id and primaries.position = 0
left join publishers on screen.publisher_id = publishers.publisher_id
"""
_TITLED_SORTS: Final = ("title", "publisher")
_LANGUAGES: Final = """
select coalesce(pages.language, 'unsure') as language, count(*) as page_count
from pages group by language order by page_count desc, language
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for. `sort` is a key of SORTS, `page_no` counts from 1."""

    text: str = ""
    type: str = ""
    language: str = ""
    is_damaged: bool = False
    sort: str = "confidence"
    is_descending: bool = False
    page_no: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Wanted:
        """Out of the parameters of an address; what they cannot mean is left at its default."""
        sort = query.get("sort", "confidence")
        page_no = query.get("page", "1")
        return cls(
            text=query.get("q", "").strip(),
            type=query.get("type", "") if query.get("type") in PAGE_TYPES else "",
            language=query.get("language", ""),
            is_damaged=query.get("damaged") == "1",
            sort=sort.removeprefix("-") if sort.removeprefix("-") in SORTS else "confidence",
            is_descending=sort.startswith("-"),
            page_no=max(1, int(page_no[:9])) if page_no.isascii() and page_no.isdigit() else 1,
        )

    def query(self, **changes: str) -> str:
        """The parameters of the address with `changes`; defaults are left out."""
        values = {
            "q": self.text,
            "type": self.type,
            "language": self.language,
            "damaged": "1" if self.is_damaged else "",
            "sort": "" if self.sort_text == "confidence" else self.sort_text,
            "page": "" if self.page_no == 1 else str(self.page_no),
            **changes,
        }
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def sort_text(self) -> str:
        """The sort as the address has it."""
        return ("-" if self.is_descending else "") + self.sort

    def sorted_by(self, sort: str) -> str:
        """The parameters with another sort; the same one is turned around."""
        is_turned = sort == self.sort and not self.is_descending
        return self.query(sort=f"-{sort}" if is_turned else sort, page="")


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page of the list."""

    page_id: str
    title: str | None
    publisher: str | None
    page_type: str
    language: str | None
    captured_at: datetime | None
    captured_from: str
    primary_count: int
    related_count: int
    confidence: float
    size_bytes: int
    is_damaged: bool


@dataclass(frozen=True, slots=True)
class Language:
    """A language and how many pages have it."""

    code: str
    page_count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One screen of the list: `total` pages match, `all_count` are there."""

    wanted: Wanted
    rows: list[PageRow]
    total: int
    all_count: int
    languages: list[Language]

    @property
    def first_no(self) -> int:
        """Number of the first row on this screen, from 1."""
        return (self.wanted.page_no - 1) * PAGE_ROWS + 1

    @property
    def last_page_no(self) -> int:
        """Number of the last screen."""
        return max(1, -(-self.total // PAGE_ROWS))


def list_pages(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> Listing:
    """The screen of the list that `wanted` asks for; one beyond the last is the last."""
    needs_titles = bool(wanted.text) or wanted.sort in _TITLED_SORTS
    found = _SEARCHED if needs_titles else _NARROWED
    values: dict[str, str | bool] = {"type": wanted.type, "language": wanted.language, "is_damaged": wanted.is_damaged}
    if needs_titles:
        values["text"] = wanted.text
    total = int(connection.execute("select count(*)" + found, values).fetchall()[0][0])
    all_count = int(connection.execute("select count(*) from pages").fetchall()[0][0])
    shown = replace(wanted, page_no=min(wanted.page_no, max(1, -(-total // PAGE_ROWS))))
    direction = "desc nulls last" if wanted.is_descending else "asc nulls last"
    order = f"{SORTS[wanted.sort]} {direction}, pages.page_id"
    sql = (
        f"with screen as (select pages.*, {SORTS[wanted.sort]} as sorted_by {found} "
        f"order by {order} limit $rows offset $skip) {_ROWS} order by screen.sorted_by {direction}, screen.page_id"
    )
    rows = fetch(connection, PageRow, sql, {**values, "rows": PAGE_ROWS, "skip": (shown.page_no - 1) * PAGE_ROWS})
    return Listing(shown, rows, total, all_count, fetch(connection, Language, _LANGUAGES))
