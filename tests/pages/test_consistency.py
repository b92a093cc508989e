"""What the tables of a cut page say of each other, on pages made of anything."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.pages import cut_pages, parse

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


LINES = (
    "", "Related articles", "Read also", "Advertisement", "3 hours ago", "12 May 2024 10:15", "By Nell Ferrier", "",
    "Shepherd finds lost church bell in ditch", "Bakers sell rye loaves after rich harvest",
    "More swifts than ever above market hall", "Bridge stays closed for the whole winter",
    "A shepherd found the lost bell of the village church in a ditch on Sunday, and brought it back at noon.",
    "Bakers in the northern valleys sell loaves of rye and chestnut flour again, after a rich harvest.",
    "Volunteers counted three hundred swifts above the market hall, thirty more than in the summer before.",
    "The council said on Tuesday that the old bridge will be closed all winter, because the wood is rotten.",
    "Engineers had warned for years that the river would win in the end, and had asked for money in vain.",
)  # fmt: skip


def others_of_pages_by_lot() -> pl.DataFrame:
    """The appended articles of 400 pages."""
    rng = Random(0)
    texts = ["\n".join(rng.choices(LINES, k=rng.randint(4, 60))) for _ in range(400)]
    return cut_pages([text.encode() for text in texts]).appearances.filter(pl.col("position") > 0)


def test_every_other_article_has_a_title_or_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    untold = pl.col("title").is_null() & (pl.col("body_status") == "absent")
    assert others_of_pages_by_lot().filter(untold).is_empty()
    monkeypatch.setattr(parse, "drop_untold", lambda *arguments: None)
    assert not others_of_pages_by_lot().filter(untold).is_empty()


def test_the_other_articles_of_a_page_are_numbered_as_they_stand_on_it() -> None:
    others = others_of_pages_by_lot()
    steps = others.select(pl.col("byte_start").diff().over("page_id"))
    assert steps.filter(pl.col("byte_start") < 0).is_empty()
