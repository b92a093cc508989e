"""One page, cut: the library's answer to `cuttings.cut(raw)`, without any store.

It is the very code of the flow, run on a batch of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import polars as pl

from cuttings.corpus import assemble_pages
from cuttings.errors import UsageError
from cuttings.pages import cut_pages

_Row = TypeVar("_Row")
_PAGE_FACTS: Final = (
    "page_id", "size_bytes", "encoding", "is_damaged", "language", "page_type", "dialect", "confidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Segment:
    """A byte range of the page; see the table `segments`."""

    segment_no: int
    byte_start: int
    byte_end: int
    zone: str
    role: str
    position: int | None
    joint: str
    rule: str
    confidence: float
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article on the page; see the tables `appearances` and `articles`. Position 0 is the primary."""

    position: int
    zone: str
    title: str | None
    standfirst: str | None
    byline: str | None
    dateline: str | None
    agency: str | None
    source_name: str | None
    date_text: str | None
    published_at: datetime | None
    published_earliest_at: datetime | None
    published_latest_at: datetime | None
    published_precision: str | None
    body: str
    body_status: str
    is_contiguous: bool
    byte_start: int
    byte_end: int
    confidence: float

    @property
    def paragraph_count(self) -> int:
        """Paragraphs of the body; they are its lines."""
        return self.body.count("\n") + 1 if self.body else 0


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date text of the page as an interval; see the table `date_mentions`."""

    byte_start: int
    byte_end: int
    position: int | None
    text: str
    use: str
    form: str
    earliest_at: datetime | None
    latest_at: datetime | None
    instant_at: datetime | None
    precision: str
    zone_written: str | None
    zone_from: str
    anchor: str
    is_ambiguous: bool
    alternatives: list[dict[str, datetime]]
    rule: str
    confidence: float
    offset_seconds: int | None

    @property
    def is_placed(self) -> bool:
        """Whether the date stands on the time line; a relative date without a capture time does not."""
        return self.earliest_at is not None and self.latest_at is not None


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair, or a known loss, in a derived text; see the table `repairs`."""

    position: int
    byte_at: int
    kind: str
    before: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page, cut. The segments tile its bytes: each starts where the one before it ends."""

    page_id: str
    size_bytes: int
    encoding: str
    is_damaged: bool
    language: str | None
    page_type: str
    dialect: str
    confidence: float
    segments: tuple[Segment, ...]
    articles: tuple[Article, ...]
    dates: tuple[DateMention, ...]
    repairs: tuple[Repair, ...]

    @property
    def primary(self) -> Article | None:
        """The article the page is about, or None (an index has none)."""
        return next((article for article in self.articles if article.zone == "primary"), None)

    @property
    def related(self) -> tuple[Article, ...]:
        """The appended articles, in page order."""
        return tuple(article for article in self.articles if article.zone != "primary")


def cut(raw: bytes, captured_at: datetime | None = None) -> Page:
    """Cut one page.

    `raw` are the bytes as read; `captured_at`, aware, is when the page was fetched: without it a relative date
    ("32 minutes ago") keeps its offset and gets no interval. Raises UsageError for a naive `captured_at`.

    >>> page = cut(b"Bridge reopens after repairs\\n\\nThe old bridge over the Lune reopened on Monday, the town said.")
    >>> page.primary.title
    'Bridge reopens after repairs'
    """
    if captured_at is not None and captured_at.tzinfo is None:
        raise UsageError(
            f"captured_at is {captured_at.isoformat()}, without a zone: give an aware datetime, e.g. with tzinfo=UTC"
        )
    tables = cut_pages([raw])
    dated = assemble_pages(tables, captured_at.astimezone(UTC) if captured_at else None)
    texts = tables.appearances.select("page_id", "position", "standfirst", "byline", "dateline", "agency", "body")
    articles = dated["appearances"].join(texts, on=("page_id", "position"), how="left").sort("position")
    facts = tables.pages.row(0, named=True)
    return Page(
        **{name: facts[name] for name in _PAGE_FACTS},
        segments=_rows(tables.segments, Segment),
        articles=_rows(articles, Article),
        dates=_rows(dated["date_mentions"], DateMention),
        repairs=_rows(tables.repairs, Repair),
    )


def _rows(frame: pl.DataFrame, kind: type[_Row]) -> tuple[_Row, ...]:
    names: list[str] = list(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    rows: list[dict[str, Any]] = frame.select(names).to_dicts()
    return tuple(kind(**row) for row in rows)
