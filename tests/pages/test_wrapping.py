"""Wrapped pages: read as if they had not been, while each segment still ends where its line does."""

from __future__ import annotations

import textwrap

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.pages import cut_pages, wrapping
from cuttings.pages.lines import lex
from tests.pages.test_tiling import assert_tiles

TITLE = "The old ferry of Aldern comes home after forty years on another river and two long winters in a shed"
BODY = (
    "The ferry that took three generations of Aldern over the water is back at its landing stage, and on Saturday half "
    "of the town had come to see whether it would float.",
    "It did. “We never doubted it,” said the master shipwright Jorun Halvard, who had worked on the hull for two "
    "winters with a crew of well-known retired carpenters and a handful of apprentices.",
    "The council paid for the timber, a brewery for the paint. The engine was found in a barn near Brandvik, where it "
    "had driven a saw until the owner's grandchildren wanted the barn for their goats.",
    "From May on the boat will cross the river four times a day, and the old fare of two crowns is to be kept as long "
    "as anybody still has two crowns in a drawer.",
)
RELATED = "Baker of Brandvik wins the prize for the best rye bread north of the river for the third time in a row"
RELATED_BODY = (
    "A jury of seven tasted ninety loaves behind closed doors and needed four hours and a good deal of butter until "
    "the winner was found. It was the same as in the two years before, and nobody in the hall was surprised."
)
PARAGRAPHS = (
    "Home", "News", "Culture", TITLE, "By Ada Fenwick", "12 March 2026, 18:40", *BODY, "Share this article",
    "Related articles", RELATED, "3 hours ago", RELATED_BODY, "All rights reserved",
)  # fmt: skip
FIELDS = ("zone", "title", "byline", "date_text", "body")


def wrapped(paragraphs: tuple[str, ...], width: int, *, gap: str = "\n\n", indent: str = "") -> str:
    lines = (
        textwrap.fill(
            paragraph, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False,
        )
        for paragraph in paragraphs
    )  # fmt: skip
    return gap.join(lines) + "\n"


def read(page: str, encoding: str = "utf-8") -> list[tuple[object, ...]]:
    return cut_pages([page.encode(encoding)]).appearances.select(FIELDS).rows()


@pytest.mark.parametrize("width", [40, 60, 72, 78, 100])
@pytest.mark.parametrize("indent", ["", "   "])
def test_a_wrapped_page_is_read_as_if_it_were_not(width: int, indent: str) -> None:
    plain = read("\n\n".join(PARAGRAPHS) + "\n")
    assert [(row[1], row[4]) for row in plain] == [(TITLE, "\n".join(BODY)), (RELATED, RELATED_BODY)]
    assert read(wrapped(PARAGRAPHS, width, indent=indent)) == plain


def test_without_the_rule_the_paragraphs_fall_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    page = wrapped(PARAGRAPHS, 60)
    whole = read(page)
    monkeypatch.setattr(wrapping, "WRAPPED_SHARE", 2.0)
    assert read(page) != whole


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
@pytest.mark.parametrize("terminator", ["\n", "\r\n", "\r"])
def test_segments_end_where_their_lines_do(encoding: str, terminator: str) -> None:
    page = wrapped(PARAGRAPHS, 60)
    raw = page.replace("\n", terminator).encode(encoding)
    tables = cut_pages([b"Not wrapped\n", raw])
    plain, segments = tables.segments.partition_by("page_id", maintain_order=True)
    assert plain["text"].to_list() == ["Not wrapped", "\n"]
    assert_tiles(raw, segments)
    printed = segments.filter(pl.col("role") != "ws")["text"].to_list()
    assert printed == [line for line in page.splitlines() if line]
    (primary, _) = tables.appearances["body"].to_list()
    assert primary == "\n".join(BODY)


def test_what_joins_the_lines_is_told() -> None:
    page = next(
        page for page in (wrapped((*PARAGRAPHS[:6], *BODY), width) for width in range(40, 110)) if "-\n" in page
    )
    tables = cut_pages([page.encode()])
    own = tables.segments.filter((pl.col("position") == 0) & (pl.col("role") == "body"))
    glue = {"none": "", "space": " ", "paragraph": "\n"}
    assert "".join(glue[joint] + text for joint, text in own.select("joint", "text").rows()) == "\n".join(BODY)
    is_inner = pl.col("joint") != "paragraph"
    joins = tables.repairs.filter(pl.col("kind") == "link_join")
    assert joins["byte_at"].to_list() == own[1:].filter(is_inner)["byte_start"].to_list()
    assert ("link_join", "\n", "") in joins.select("kind", "before", "after").rows()  # behind a hyphen


HEADLINES = (
    "Council keeps the tram to the harbour for another winter and looks for money",
    "Two swans stop the night train on the bridge at Brandvik for nearly an hour",
    "School garden wins a prize, and the pupils get a week of holidays for it",
    "Ferry company wants to sell its oldest ship and asks the town for a price",
    "Baker gives away ninety loaves of rye bread after a mistake with the order",
    "Nobody wants to run the kiosk at the station, so the station master does it",
    "Choir of the fire brigade sings in the rain and raises enough for a new roof",
    "The last telephone box of Aldern becomes the smallest library of the coast",
)


def test_headlines_of_about_one_length_are_lines_of_their_own() -> None:
    assert lex(["\n".join(HEADLINES).encode()]).lines["text"].to_list() == list(HEADLINES)


def test_entries_of_a_list_are_not_drawn_together() -> None:
    page = wrapped(PARAGRAPHS, 60) + "\n* A table of the ferries that go from Aldern to Brandvik\n* Next\n"
    assert [text for text in lex([page.encode()]).lines["text"].to_list() if text.startswith("*")] == [
        "* A table of the ferries that go from Aldern to Brandvik", "* Next"
    ]  # fmt: skip


words = st.text(st.sampled_from("abcdefghij,."), min_size=3, max_size=12)
paragraphs = st.lists(st.lists(words, min_size=60, max_size=90).map(" ".join), min_size=3, max_size=6)


@settings(max_examples=60, deadline=None)
@given(paragraphs, st.integers(50, 80))
def test_paragraphs_of_any_words_come_back(texts: list[str], width: int) -> None:
    page = wrapped(tuple(texts), width)
    assert [line for line in lex([page.encode()]).lines["text"].to_list() if line] == texts


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=150), max_size=30), st.integers(40, 110), st.sampled_from(["utf-8", "utf-16"]))
def test_segments_tile_wrapped_pages_of_any_text(texts: list[str], width: int, encoding: str) -> None:
    raw = wrapped((*PARAGRAPHS, *texts), width).encode(encoding, "surrogatepass")
    assert_tiles(raw, cut_pages([raw]).segments)
