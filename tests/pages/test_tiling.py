"""Laws of the cutter: segments tile any bytes; alone as in a batch; the same bytes give the same tables."""

from __future__ import annotations

from dataclasses import fields

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings import contract
from cuttings.pages import CutTables, cut_pages

# Pieces that a parser trips over: terminators of every kind, marks, markers, dates, quotes, broken and wide characters.
HOSTILE = (
    b"\n", b"\r", b"\r\n", b"\n\n\n", b"\x0b", b"\x0c", b"\x85", "\u2028".encode(), b" ", b"\t", "\u00a0".encode(),
    "\u200b".encode(), "\ufeff".encode(), b"\xff\xfe", b"\xff", b"\xe2\x82", b"\x00", "“Quote”".encode(), b"'s", b",",
    b"Related Articles", b"Comments", b"by Taboola by Taboola Sponsored Links Sponsored Links", b"3 hours ago",
    b"time19-05-2025", b" date 2024-03-08 ", b"By Ann Other", b"A title of some words here", b"advertisement",
    b"LEIDEN (ANP) - The council met and a decision was taken after a long debate about the price of water and bread.",
    "新しい図書館の設計案を市民が投票で選ぶ。".encode(), "مرحبا بالعالم".encode(),
    b"12:10", b"Read more...", b"- x", b"#tag",
)  # fmt: skip
pages = st.lists(st.sampled_from(HOSTILE) | st.binary(max_size=12), max_size=40).map(b"".join)


def assert_tiles(raw: bytes, segments: pl.DataFrame) -> None:
    start = segments["byte_start"].to_list()
    end = segments["byte_end"].to_list()
    assert start == [0, *end[:-1]] if raw else not start
    assert all(a < b for a, b in zip(start, end, strict=True))
    assert b"".join(raw[a:b] for a, b in zip(start, end, strict=True)) == raw
    assert segments["segment_no"].to_list() == list(range(len(start)))


@settings(max_examples=150, deadline=None)
@given(pages)
def test_segments_tile_any_bytes(raw: bytes) -> None:
    tables = cut_pages([raw])
    assert_tiles(raw, tables.segments)
    assert set(tables.segments["zone"]) <= set(contract.ZONES)
    assert set(tables.segments["role"]) <= set(contract.ROLES)
    assert set(tables.segments["joint"]) <= set(contract.JOINTS)


@settings(max_examples=60, deadline=None)
@given(pages)
def test_appearances_are_numbered_and_own_their_segments(raw: bytes) -> None:
    tables = cut_pages([raw])
    positions = tables.appearances["position"].to_list()
    assert positions == sorted(set(positions))
    owned = tables.segments.filter(pl.col("position").is_not_null())
    assert set(owned["position"]) <= set(positions)
    assert (owned["zone"] != "page").all()
    assert tables.segments.filter(pl.col("position").is_null())["zone"].is_in(["page"]).all()
    assert set(tables.appearances["body_status"]) <= set(contract.BODY_STATUSES)


@settings(max_examples=40, deadline=None)
@given(st.lists(pages, max_size=5))
def test_a_page_is_cut_alone_as_in_a_batch(raws: list[bytes]) -> None:
    batch = cut_pages(raws)
    alone = [cut_pages([raw]) for raw in raws]
    for field in fields(CutTables):
        single = [getattr(tables, field.name) for tables in alone]
        whole = getattr(batch, field.name)
        expected = pl.concat(single) if single else whole.clear()
        assert whole.equals(expected), field.name


@settings(max_examples=20, deadline=None)
@given(st.lists(pages, max_size=3))
def test_same_bytes_same_tables(raws: list[bytes]) -> None:
    first, second = cut_pages(raws), cut_pages(raws)
    assert all(getattr(first, f.name).equals(getattr(second, f.name)) for f in fields(CutTables))


def test_segments_have_the_columns_of_the_contract() -> None:
    tables = cut_pages([b"A line of text.\n"])
    assert tables.segments.columns == [column.name for column in contract.SEGMENTS.columns]
    assert tables.repairs.columns == [column.name for column in contract.REPAIRS.columns]


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n", b"\n" * 200_000, b"x " * 200_000, b"by Taboola by Taboola " * 20_000, b'"' * 200_000,
     b"3 hours ago\n" * 30_000,
     b"Related Articles\nA title of five words\n" * 10_000],
    ids=["empty", "newline", "newlines", "one_line", "adverts", "quotes", "dates", "rails"],
)  # fmt: skip
def test_degenerate_pages_tile_in_little_time(raw: bytes) -> None:
    assert_tiles(raw, cut_pages([raw]).segments)


def test_offsets_are_bytes_of_the_raw_page() -> None:
    text = "Ünïcödé first line\r\nzweite Zeile — ende"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        raw = text.encode(encoding)
        tables = cut_pages([raw])
        assert_tiles(raw, tables.segments)
        spoken = [row["text"] for row in tables.segments.rows(named=True) if row["role"] != "ws"]
        assert spoken == ["Ünïcödé first line", "zweite Zeile — ende"]
