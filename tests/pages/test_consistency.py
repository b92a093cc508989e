"""What the tables of a cut page say of each other, on pages made of anything."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.pages import cut_pages

PIECES = st.sampled_from(
    [
        b"\n", b"\r\n", b"\x00", b"\xff", b"\xef\xbb\xbf", b" ", b"by Taboola\n",
        b"Related Articles\n", b"3 hours ago\n",
        b"- The Source\n", b"A title of some length\n", b"Sponsored Links\n", b"1 Jan 0001\n", b"MOSCOW: ",
        b"The council met on Monday and said that the plan was late. It will meet again.\n",
        b"Also read: Something else\n",
        b"Comments\n", b"Menu\n", b"\xe2\x80\xae", b"12:30\n", b"\x1b[31m",
    ]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=30).map(b"".join), min_size=1, max_size=4, unique=True))
def test_pages_appearances_and_segments_agree(raws: list[bytes]) -> None:
    tables = cut_pages(raws)
    counted = tables.pages.select("page_id", "primary_count", "related_count", "page_type").join(
        tables.appearances.group_by("page_id").agg(
            found_primary=(pl.col("zone") == "primary").sum(), found_related=(pl.col("zone") != "primary").sum()
        ),
        on="page_id",
        how="left",
    )
    for row in counted.fill_null(0).iter_rows(named=True):
        assert (row["primary_count"], row["related_count"]) == (row["found_primary"], row["found_related"])
        assert row["page_type"] != "article" or row["primary_count"] == 1
    for row in tables.appearances.iter_rows(named=True):
        assert (row["body"] != "") == (row["body_status"] in ("full", "truncated")) or row["body_status"].endswith(
            "_only"
        )
    owned = tables.segments.filter(pl.col("position").is_not_null()).select("page_id", "position").unique()
    assert owned.join(tables.appearances, on=("page_id", "position"), how="anti").is_empty()
