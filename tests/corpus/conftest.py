"""Cut frames written by hand: a page is a few keyword arguments, not a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import polars as pl
import pytest

from cuttings.corpus import assemble, empty_table

PAGES = {
    "page_id": pl.String, "size_bytes": pl.Int64, "encoding": pl.String, "is_damaged": pl.Boolean,
    "language": pl.String, "page_type": pl.String, "dialect": pl.String, "primary_count": pl.Int32,
    "related_count": pl.Int32, "confidence": pl.Float64,
}  # fmt: skip
APPEARANCES = {
    "page_id": pl.String, "position": pl.Int32, "zone": pl.String, "title": pl.String, "standfirst": pl.String,
    "byline": pl.String, "dateline": pl.String, "agency": pl.String, "source_name": pl.String, "date_text": pl.String,
    "date_byte_start": pl.Int64, "body": pl.String, "body_status": pl.String, "is_contiguous": pl.Boolean,
    "byte_start": pl.Int64, "byte_end": pl.Int64, "confidence": pl.Float64,
}  # fmt: skip
MENTIONS = {
    "page_id": pl.String, "byte_start": pl.Int64, "byte_end": pl.Int64, "position": pl.Int32, "text": pl.String,
    "use": pl.String,
}  # fmt: skip
LINES = {"page_id": pl.String, "line_hash": pl.UInt64, "text": pl.String}
FILES = empty_table("files").schema


def page_id(name: str) -> str:
    return sha256(name.encode()).hexdigest()


@dataclass
class Dump:
    """Cut pages and their files, in the order they were added; it has the attributes of CutTables."""

    page_rows: list[dict[str, Any]] = field(default_factory=list)
    appearance_rows: list[dict[str, Any]] = field(default_factory=list)
    mention_rows: list[dict[str, Any]] = field(default_factory=list)
    line_rows: list[dict[str, Any]] = field(default_factory=list)
    file_rows: list[dict[str, Any]] = field(default_factory=list)

    def page(
        self, name: str, *articles: dict[str, Any], lines: tuple[str, ...] = (), language: str = "en",
        captured: str | None = None, captured_from: str = "sidecar", modified: str | None = None, has_file: bool = True,
    ) -> str:  # fmt: skip
        """A page with its articles (title, body, source, date …) and one file; the first article is the primary."""
        key = page_id(name)
        for position, article in enumerate(articles):
            self._article(key, position, **article)
        self.page_rows.append(
            {
                "page_id": key, "size_bytes": 1_000 * len(articles), "encoding": "utf-8", "is_damaged": False,
                "language": language, "page_type": "article", "dialect": "lines",
                "primary_count": min(len(articles), 1), "related_count": max(len(articles) - 1, 0), "confidence": 0.9,
            }
        )  # fmt: skip
        self.line_rows += [{"page_id": key, "line_hash": 0, "text": line} for line in lines]
        if has_file:
            self.file(name, name, captured, captured_from, modified)
        return key

    def file(
        self, name: str, page: str | None, captured: str | None = None, captured_from: str = "sidecar",
        modified: str | None = None, disposition: str = "loaded",
    ) -> str:  # fmt: skip
        file_id = sha256(f"file {name}".encode()).hexdigest()[:32]
        self.file_rows.append(
            {
                "file_id": file_id, "source_label": "", "source_name": name, "size_bytes": 1_000,
                "content_sha256": page and page_id(page), "page_id": page and page_id(page),
                "modified_at": modified and at(modified), "captured_at": captured and at(captured),
                "captured_from": captured_from if captured else "none", "url": None, "disposition": disposition,
                "reason": None,
            }
        )  # fmt: skip
        return file_id

    def _article(
        self, key: str, position: int, *, title: str | None = None, body: str = "", source: str | None = None,
        date: str | None = None, use: str = "published", zone: str | None = None, status: str | None = None,
        **more: Any,
    ) -> None:  # fmt: skip
        start = 1_000 * position
        if date is not None:
            self.mention_rows.append(
                {
                    "page_id": key, "byte_start": start, "byte_end": start + len(date), "position": position,
                    "text": date, "use": use,
                }
            )  # fmt: skip
        self.appearance_rows.append(
            {
                "page_id": key, "position": position, "zone": zone or ("related" if position else "primary"),
                "title": title, "source_name": source, "date_text": date,
                "date_byte_start": None if date is None else start, "body": body,
                "body_status": status or ("full" if body else "absent"), "is_contiguous": True,
                "byte_start": start, "byte_end": start + 900, "confidence": 0.8, **more,
            }
        )  # fmt: skip

    @property
    def pages(self) -> pl.DataFrame:
        return pl.DataFrame(self.page_rows, schema=PAGES)

    @property
    def appearances(self) -> pl.DataFrame:
        return pl.DataFrame(self.appearance_rows, schema=APPEARANCES)

    @property
    def date_mentions(self) -> pl.DataFrame:
        return pl.DataFrame(self.mention_rows, schema=MENTIONS)

    @property
    def lines(self) -> pl.DataFrame:
        return pl.DataFrame(self.line_rows, schema=LINES)

    @property
    def segments(self) -> pl.DataFrame:
        return empty_table("segments")

    @property
    def repairs(self) -> pl.DataFrame:
        return empty_table("repairs")

    @property
    def files(self) -> pl.DataFrame:
        return pl.DataFrame(self.file_rows, schema=FILES)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


_UNITS = {"minute": 60, "hour": 3_600, "day": 86_400}


def read_plainly(mentions: pl.DataFrame) -> pl.DataFrame:
    """A reader of two forms, ages and ISO times, so that a test says exactly what each date of a dump means."""
    schema = {name: dtype for name, dtype in empty_table("date_mentions").schema.items() if name not in MENTIONS}
    rows = [_read(row["text"], row["captured_at"]) for row in mentions.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=schema)


def _read(text: str, captured_at: datetime | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "form": "unread", "precision": "day", "anchor": "none", "zone_from": "none", "is_ambiguous": text.endswith("?"),
        "alternatives": [], "rule": "plain", "confidence": 1.0,
    }  # fmt: skip
    if age := re.fullmatch(r"(\d+) (minute|hour|day)s? ago\??", text):
        unit = _UNITS[age[2]]
        offset = timedelta(seconds=int(age[1]) * unit)
        row |= {
            "form": "relative",
            "precision": age[2],
            "offset_seconds": int(offset.total_seconds()),
            "anchor": "none",
        }
        if captured_at is not None:
            row |= {
                "anchor": "capture", "instant_at": captured_at - offset,
                "earliest_at": captured_at - offset - timedelta(seconds=unit),
                "latest_at": captured_at - offset + timedelta(seconds=unit / 2),
            }  # fmt: skip
    elif re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\dZ)?\??", text):
        start = datetime.fromisoformat(text.rstrip("?Z")).replace(tzinfo=UTC)
        is_day = "T" not in text
        row |= {
            "form": "iso", "precision": "day" if is_day else "minute", "anchor": "written", "instant_at": start,
            "earliest_at": start - timedelta(hours=14 if is_day else 0),
            "latest_at": start + (timedelta(hours=36) if is_day else timedelta(minutes=1)),
        }  # fmt: skip
    return row


@pytest.fixture
def dump() -> Dump:
    return Dump()


Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="session")
def new_dump() -> type[Dump]:
    """For tests that build more than one dump."""
    return Dump


@pytest.fixture(scope="session")
def reader() -> Callable[[pl.DataFrame], pl.DataFrame]:
    return read_plainly


@pytest.fixture(scope="session")
def tables() -> Callable[..., Tables]:
    """The tables of a dump, with its dates read by `read_plainly`."""

    def assembled(dump: Dump, **options: Any) -> Tables:
        return assemble(dump, dump.files, **{"reader": read_plainly, **options})

    return assembled
