"""Objects as rows of the contract's tables `files` and `quarantine`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import polars as pl

from cuttings.sources.names import display_name, file_id
from cuttings.sources.objects import FoundObject

_TIME: Final = pl.Datetime("us", "UTC")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def files_frame(objects: Sequence[FoundObject]) -> pl.DataFrame:
    """One row an object, by file_id: the columns of `files`, and the interval of the capture beside them."""
    captures = [found.capture for found in objects]
    columns = {
        "file_id": [file_id(found.source.label, found.name) for found in objects],
        "source_label": [found.source.label for found in objects],
        "source_name": [display_name(found.name) for found in objects],
        "content_sha256": [found.content_sha256 for found in objects],
        "size_bytes": [found.size_bytes for found in objects],
        "modified_at": [found.modified_us for found in objects],
        "page_id": [found.content_sha256 if found.has_page else None for found in objects],
        "captured_at": [capture and _microseconds(capture.at) for capture in captures],
        "captured_from": [capture.source if capture else "none" for capture in captures],
        "url": [found.url for found in objects],
        "disposition": [found.disposition for found in objects],
        "reason": [found.reason for found in objects],
        "captured_earliest_at": [capture and _microseconds(capture.earliest_at) for capture in captures],
        "captured_latest_at": [capture and _microseconds(capture.latest_at) for capture in captures],
    }
    types = {name: pl.Int64 if name.endswith(("_at", "_bytes")) else pl.String for name in columns}
    frame = pl.DataFrame(columns, schema=types)
    return frame.with_columns(pl.col(name).cast(_TIME) for name in columns if name.endswith("_at")).sort("file_id")


def quarantine_frame(objects: Sequence[FoundObject]) -> pl.DataFrame:
    """One row for each object that is quarantined or refused, by file_id."""
    aside = [found for found in objects if not found.has_page]
    columns = {
        "file_id": [file_id(found.source.label, found.name) for found in aside],
        "stage": ["source"] * len(aside),
        "reason": [found.reason for found in aside],
        "detail": [found.detail for found in aside],
        "content_sha256": [found.content_sha256 for found in aside],
        "bytes_kept_at": [f"quarantine/{found.content_sha256}" if found.is_kept else None for found in aside],
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).sort("file_id")


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
