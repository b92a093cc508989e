"""A large day lies in several files, by how keys begin, and a row that changes concerns one of them."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.contract import TABLES
from cuttings.store import parts as module
from cuttings.store import scan_table, table_files
from cuttings.store.parquet import write_tables
from cuttings.store.parts import DAY, Part, digit_counts, parts
from tests.store.test_parquet import NOON, digests, pages, segments

DAYS = (date(2025, 6, 1), date(2025, 6, 2), None)


def rows_of(days: dict[str, int]) -> pl.DataFrame:
    rows = [(DAYS[day], key) for key, day in days.items()]
    frame = pl.DataFrame(rows, schema={DAY: pl.Date, "key": pl.String}, orient="row")
    return frame.sort(DAY, "key", nulls_last=True)


@settings(max_examples=60, deadline=None)
@given(days=st.dictionaries(st.integers(0, 16**4 - 1).map(lambda number: f"{number:04x}"), st.integers(0, 2)))
def test_parts_are_the_rows_in_order_and_each_begins_as_it_says(days: dict[str, int]) -> None:
    frame = rows_of(days)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PART_ROWS", 2)
        found = list(parts(frame, "key", digit_counts(frame[DAY])))
    assert len({part for part, _ in found}) == len(found), "a file is one run of rows"
    keys = [key for _, rows in found for key in rows["key"]]
    assert keys == frame["key"].to_list()
    for part, rows in found:
        of_day = frame.filter(pl.col(DAY).eq_missing(part.day)).height
        assert len(part.digits) == (of_day > 2) + (of_day > 32)
        assert all(key.startswith(part.digits) for key in rows["key"])


def test_names_tell_how_keys_begin() -> None:
    assert Part(None, "").path("runs", has_days=False) == Path("runs/part-0.parquet")
    unknown = Path("pages/captured_on=__HIVE_DEFAULT_PARTITION__/part-0.parquet")
    assert Part(None, "").path("pages", has_days=True) == unknown
    assert Part(date(2025, 6, 1), "3f").path("pages", has_days=True) == Path(
        "pages/captured_on=2025-06-01/part-3f-of-256.parquet"
    )


def test_keys_of_what_has_days_are_digests() -> None:
    """Their first digits part the rows evenly: a name or a number would not."""
    for table in TABLES.values():
        if table.captured_on:
            assert table.key[0] in ("file_id", "page_id", "article_id")


def digest_pages(count: int) -> pl.DataFrame:
    ids = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(count)]
    return pages([NOON] * count).with_columns(pl.Series("page_id", ids))


def test_a_page_that_changes_on_a_large_day_concerns_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PART_ROWS", 20)
    frame = digest_pages(200)
    ids = frame["page_id"].to_list()
    for name, text in (("one", "a"), ("two", "b")):
        changed = segments(ids).with_columns(
            text=pl.when(pl.col("page_id") == ids[7]).then(pl.lit(text)).otherwise("text")
        )
        write_tables(tmp_path / name, {"pages": frame, "segments": changed})
    one, two = digests(tmp_path / "one"), digests(tmp_path / "two")
    assert one.keys() == two.keys()
    assert len(one) == 32
    assert [name for name in one if one[name] != two[name]] == [
        f"segments/captured_on=2025-06-01/part-{ids[7][0]}-of-16.parquet"
    ]
    assert scan_table(tmp_path / "one", "pages").collect()["page_id"].to_list() == sorted(ids)
    assert sum(file.row_count for file in table_files(tmp_path / "one", "segments")) == 200


def test_rows_of_pages_are_parted_as_the_pages_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PART_ROWS", 20)
    frame = digest_pages(30)
    write_tables(tmp_path, {"pages": frame, "segments": segments(frame["page_id"].to_list()[:3])})
    assert {file.path.name for file in table_files(tmp_path, "segments")} == {
        f"part-{page_id[0]}-of-16.parquet" for page_id in frame["page_id"][:3]
    }


def test_a_day_that_is_not_known_is_parted_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PART_ROWS", 2)
    frame = digest_pages(30).with_columns(captured_at=pl.lit(None, pl.Datetime("us", "UTC")))
    write_tables(tmp_path, {"pages": frame})
    assert len(table_files(tmp_path, "pages")) > 4
    assert all(file.captured_on is None for file in table_files(tmp_path, "pages"))
