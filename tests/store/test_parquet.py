"""Parquet files: the contract's schema, one directory a day, and the same bytes for the same rows."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.contract import PAGES, SEGMENTS, TABLES
from cuttings.store import scan_table, table_files
from cuttings.store.parquet import empty_table, write_tables

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


def pages(captured: list[datetime | None]) -> pl.DataFrame:
    rows = len(captured)
    values: dict[str, object] = {
        "page_id": [f"{number:064x}" for number in range(rows)],
        "captured_at": captured,
        "captured_earliest_at": captured,
        "captured_latest_at": captured,
        "language": ["en"] * rows,
    }
    fixed = {"size_bytes": 1, "is_damaged": False, "primary_count": 0, "related_count": 0, "confidence": 1.0}
    fixed_text = {"encoding": "utf-8", "page_type": "article", "dialect": "lines", "captured_from": "sidecar"}
    frame = pl.DataFrame(values).with_columns(
        *(pl.lit(value).alias(name) for name, value in (fixed | fixed_text).items()),
        pl.lit(None, pl.String).alias("publisher_id"),
    )
    return frame.select(pl.col(name).cast(dtype) for name, dtype in empty_table("pages").schema.items())


def segments(page_ids: list[str], text: str = "text") -> pl.DataFrame:
    values = {
        "page_id": page_ids,
        "segment_no": [0] * len(page_ids),
        "byte_start": 0,
        "byte_end": 4,
        "zone": "page",
        "role": "unknown",
        "position": None,
        "joint": "none",
        "rule": "test",
        "confidence": 0.5,
        "text": text,
    }
    return pl.DataFrame(values, schema=empty_table("segments").schema)


def digests(directory: Path) -> dict[str, str]:
    return {
        path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*.parquet"))
    }


def test_partitions_are_days_in_utc(tmp_path: Path) -> None:
    frame = pages([NOON, None, NOON + timedelta(hours=12), NOON + timedelta(hours=11, minutes=59), None])
    ids = frame["page_id"].to_list()
    write_tables(tmp_path, {"pages": frame, "segments": segments(ids[::-1])})
    assert [(file.captured_on, file.row_count) for file in table_files(tmp_path, "pages")] == [
        (date(2025, 6, 1), 2),
        (date(2025, 6, 2), 1),
        (None, 2),
    ]
    assert set(digests(tmp_path)) == {
        f"{table}/captured_on={day}/part-0.parquet"
        for table in ("pages", "segments")
        for day in ("2025-06-01", "2025-06-02", "__HIVE_DEFAULT_PARTITION__")
    }
    found = scan_table(tmp_path, "segments").collect()
    assert found["page_id"].to_list() == [ids[0], ids[3], ids[2], ids[1], ids[4]]
    assert found["captured_on"].null_count() == 2


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_rows_is_one_file_with_the_schema(tmp_path: Path, name: str) -> None:
    write_tables(tmp_path, {"pages": empty_table("pages"), name: empty_table(name)})
    (file,) = table_files(tmp_path, name)
    assert file.row_count == 0
    assert pq.read_schema(file.path) == TABLES[name].schema
    assert scan_table(tmp_path, name).drop("captured_on", strict=False).collect().equals(empty_table(name))


def test_descriptions_checksums_and_order_are_in_the_file(tmp_path: Path) -> None:
    write_tables(tmp_path, {"pages": pages([NOON])})
    (file,) = table_files(tmp_path, "pages")
    schema = pq.read_schema(file.path)
    assert schema.metadata[b"grain"] == b"distinct page content"
    assert schema.field("page_id").metadata[b"description"] == b"sha256 of the raw bytes"
    assert "captured_on" not in schema.names
    assert b"pandas" not in schema.metadata
    group = pq.ParquetFile(file.path).metadata.row_group(0)
    assert [order.column_index for order in group.sorting_columns] == [0]
    pq.ParquetFile(file.path, page_checksum_verification=True).read()
    place = file.path.read_bytes().index(b"\x28\xb5\x2f\xfd") + 12  # inside the first compressed page
    content = bytearray(file.path.read_bytes())
    content[place] ^= 1
    file.path.write_bytes(content)
    with pytest.raises(OSError, match="CRC checksum verification failed"):
        pq.ParquetFile(file.path, page_checksum_verification=True).read()


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(6)), cuts=st.lists(st.integers(0, 6), max_size=3), is_lazy=st.booleans())
def test_neither_order_nor_chunks_show(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], cuts: list[int], is_lazy: bool
) -> None:
    captured = [NOON, None, NOON + timedelta(days=1), NOON, None, NOON]
    frame = pages(captured)
    shuffled = frame[order]
    bounds = [0, *sorted(cuts), 6]
    chunks = [shuffled[start:end] for start, end in pairwise(bounds)]
    mixed = pl.concat(chunks, rechunk=False).select(reversed(shuffled.columns))
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    write_tables(one, {"pages": frame})
    write_tables(two, {"pages": mixed.lazy() if is_lazy else mixed})
    assert digests(one) == digests(two)


WRITE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import test_parquet as t
frame = t.pages([t.NOON, None] * 20_000)
t.write_tables(Path(sys.argv[1]), {"pages": frame, "segments": t.segments(frame["page_id"].to_list(), "\\u00e9" * 40)})
"""


@pytest.mark.slow
def test_neither_threads_nor_locale_nor_zone_nor_hash_seed_show(tmp_path: Path) -> None:
    settings_of_runs = [
        {"POLARS_MAX_THREADS": "1", "PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
        {
            "POLARS_MAX_THREADS": "8",
            "PYTHONHASHSEED": "2",
            "TZ": "Asia/Kolkata",
            "LC_ALL": "C.UTF-8",
            "OMP_NUM_THREADS": "4",
        },
    ]
    found = []
    for number, settings_of_run in enumerate(settings_of_runs):
        command = [sys.executable, "-c", WRITE, str(tmp_path / str(number)), str(Path(__file__).parent)]
        subprocess.run(command, check=True, env={**os.environ, **settings_of_run})
        found.append(digests(tmp_path / str(number)))
    assert found[0] == found[1]
    assert len(found[0]) == 4


def test_rows_in_more_than_one_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cuttings.store.parquet.ROW_GROUP_ROWS", 2)
    frame = pages([NOON] * 5)
    write_tables(tmp_path, {"pages": frame})
    (file,) = table_files(tmp_path, "pages")
    assert pq.ParquetFile(file.path).metadata.num_row_groups == 3
    assert scan_table(tmp_path, "pages").drop("captured_on").collect().equals(frame)


def test_writing_again_replaces_the_table(tmp_path: Path) -> None:
    write_tables(tmp_path, {"pages": pages([NOON, None])})
    write_tables(tmp_path, {"pages": pages([NOON])})
    assert len(digests(tmp_path)) == 1


def test_frames_that_break_the_contract_are_named(tmp_path: Path) -> None:
    frame = pages([NOON])
    for broken, message in (
        ({"pages": frame.drop("dialect")}, "table pages: columns missing .'dialect'"),
        ({"pages": frame.with_columns(more=1)}, "columns unknown to the contract .'more'"),
        ({"pages": frame.with_columns(pl.lit(None, pl.String).alias("encoding"))}, "column encoding: found 1 nulls"),
        (
            {"pages": frame.with_columns(pl.lit("x").alias("size_bytes"))},
            "column size_bytes: found .*string.*, expected int64",
        ),
        ({"segments": segments(["0" * 64])}, "write it together with the table pages"),
        ({"pages": frame, "segments": segments(["f" * 64])}, "page_id f{64} is not in the table pages"),
    ):
        with pytest.raises(ValueError, match=message):
            write_tables(tmp_path, broken)


def test_the_contract_names_what_partitions() -> None:
    for table in (PAGES, SEGMENTS):
        assert table.captured_on is not None
        assert table.captured_on.removeprefix("pages.") in {column.name for column in PAGES.columns}
