"""Which dates of a page are mentions, whose they are, and what they are used for."""

from __future__ import annotations

import polars as pl

from cuttings.pages import cut_pages

PAGE = """Harbour ferry sinks in the storm

Published: 4 Mar 2024, 07:15 IST|Updated: 4 Mar 2024, 09:00 IST

The ferry, built on 12 June 1987, sank in the night, and all of the people on it were saved by boats from the village.

The firm, which had bought it on 3.4.2001, said that it would be raised on 1 May, and that nobody had been hurt by it.

Related articles

Old lighthouse gets a new lamp
Harbour News
3 days ago
The lamp, which was lit for the first time on September 2, 1921, will be shown in the museum from the end of the summer.

Bridge over the sound stays closed
Harbour News
5 days ago
The bridge has been closed since the storm of last week, and nobody can say when it will be opened to the traffic again.
"""


def mentions(text: str) -> pl.DataFrame:
    raw = text.encode()
    frame = cut_pages([raw]).date_mentions
    for row in frame.to_dicts():
        assert raw[row["byte_start"] : row["byte_end"]].decode() == row["text"]
    return frame


def test_a_line_with_two_instants_gives_two_mentions_and_the_published_one_dates_the_article() -> None:
    stated = mentions(PAGE).filter(pl.col("use").is_in(["published", "updated"]) & (pl.col("position") == 0))
    assert stated.select("text", "use").rows() == [
        ("4 Mar 2024, 07:15 IST", "published"),
        ("4 Mar 2024, 09:00 IST", "updated"),
    ]
    assert cut_pages([PAGE.encode()]).appearances["date_text"][0] == "4 Mar 2024, 07:15 IST"


def test_an_updated_date_before_the_published_one_does_not_date_the_article() -> None:
    text = PAGE.replace(
        "Published: 4 Mar 2024, 07:15 IST|Updated: 4 Mar 2024, 09:00 IST",
        "Updated: 4 Mar 2024, 09:00 IST | Published: 4 Mar 2024, 07:15 IST",
    )
    assert cut_pages([text.encode()]).appearances["date_text"][0] == "4 Mar 2024, 07:15 IST"


def test_a_date_above_the_title_is_the_article_s_own_unless_one_stands_below() -> None:
    own = PAGE.replace("Published: 4 Mar 2024, 07:15 IST|Updated: 4 Mar 2024, 09:00 IST", "4 Mar 2024, 07:15")
    furniture = "Old lighthouse gets a new lamp\nAda Fenwick\nFriday 11:40AM\nHarbour\n\n"
    assert cut_pages([(furniture + own).encode()]).appearances["date_text"][0] == "4 Mar 2024, 07:15"
    undated = furniture + own.replace("4 Mar 2024, 07:15\n\n", "")
    assert cut_pages([undated.encode()]).appearances["date_text"][0] == "Friday 11:40AM"


def test_days_of_running_text_are_mentions_of_their_article_and_date_nothing() -> None:
    named = mentions(PAGE).filter(pl.col("use") == "body")
    assert named.select("position", "text").rows() == [
        (0, "12 June 1987"),
        (0, "3.4.2001"),
        (1, "September 2, 1921"),
    ]
    undated = PAGE.replace("Published: 4 Mar 2024, 07:15 IST|Updated: 4 Mar 2024, 09:00 IST\n\n", "")
    assert cut_pages([undated.encode()]).appearances["date_text"][0] is None


def test_offsets_count_bytes_also_behind_other_scripts_and_damage() -> None:
    text = PAGE.replace("The ferry, built", "Het schip «Zeeën», gebouwd")
    assert mentions(text).filter(pl.col("use") == "body").height == 3
    raw = text.encode("utf-16")
    frame = cut_pages([raw]).date_mentions.filter(pl.col("text") == "12 June 1987")
    start, end = frame.select("byte_start", "byte_end").row(0)
    assert raw[start:end].decode("utf-16-le") == "12 June 1987"
