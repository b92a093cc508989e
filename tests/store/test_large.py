"""Tables written in slices have the bytes of tables written at once, and files that did not change are not written."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from cuttings.store import LargeTable, large, parquet, parts
from cuttings.store.parquet import empty_table, write_large, write_tables

DAYS = (datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 6, 2, tzinfo=UTC), None)
PAGES = pl.DataFrame(
    {
        "page_id": [f"{number:x}".ljust(64, "0") for number in range(9)],
        "captured_at": [DAYS[number % 3] for number in range(9)],
    },
    schema={"page_id": pl.String, "captured_at": pl.Datetime("us", "UTC")},
)


def segments(page_ids: list[str]) -> pl.DataFrame:
    rows = [(page_id, number) for page_id in page_ids for number in range(7)]
    fixed = {"byte_start": 0, "byte_end": 1, "zone": "page", "role": "unknown", "position": None, "joint": "none"}
    frame = pl.DataFrame(rows, schema=["page_id", "segment_no"], orient="row").with_columns(
        *(pl.lit(value).alias(name) for name, value in {**fixed, "rule": "r", "confidence": 1.0, "text": "t"}.items())
    )
    return frame.select(pl.col(name).cast(kind) for name, kind in empty_table("segments").schema.items())


def by_pages(fetched: list[int]) -> LargeTable:
    def fetch(keys: pl.DataFrame) -> pl.DataFrame:
        fetched.append(keys.height)
        return segments(keys.get_column("page_id").to_list()[::-1])

    weights = pl.Series([100] * PAGES.height)
    return LargeTable(PAGES.select("page_id"), PAGES.get_column("captured_at").dt.date(), weights, fetch, "version")


def digests(directory: Path) -> dict[str, str]:
    return {
        path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((directory / "segments").rglob("*.parquet"))
    }


@pytest.mark.parametrize("slice_bytes", [1, 250, 10_000])
@pytest.mark.parametrize("group_rows", [5, 7, 100])
@pytest.mark.parametrize("part_rows", [1, 4_096])
def test_where_slices_end_does_not_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slice_bytes: int, group_rows: int, part_rows: int
) -> None:
    monkeypatch.setattr(parts, "PART_ROWS", part_rows)
    monkeypatch.setattr(large, "SLICE_BYTES", slice_bytes)
    monkeypatch.setattr(parquet, "ROW_GROUP_ROWS", group_rows)
    pages = PAGES.join(pl.DataFrame(schema=empty_table("pages").schema), on=("page_id", "captured_at"), how="left")
    known = pages.with_columns(
        size_bytes=pl.lit(1, pl.Int64), encoding=pl.lit("utf-8"), is_damaged=False, page_type=pl.lit("article"),
        dialect=pl.lit("lines"), captured_from=pl.lit("name"), primary_count=0, related_count=0, confidence=1.0,
    ).select(empty_table("pages").columns)  # fmt: skip
    write_tables(tmp_path / "whole", {"pages": known, "segments": segments(PAGES.get_column("page_id").to_list())})
    fetched: list[int] = []
    written = write_large(tmp_path / "slices", "segments", by_pages(fetched))
    assert digests(tmp_path / "slices") == digests(tmp_path / "whole")
    assert sum(file.row_count for file in written) == 63
    assert sum(fetched) == PAGES.height
    assert max(fetched) == {1: 1, 250: 3, 10_000: 9}[slice_bytes]


def test_no_rows_give_an_empty_table(tmp_path: Path) -> None:
    none = by_pages([])
    empty = LargeTable(none.keys.head(0), none.captured_on.head(0), none.weight_bytes.head(0), none.fetch, "version")
    (written,) = write_large(tmp_path, "segments", empty)
    assert written.row_count == 0
    assert written.path.exists()
