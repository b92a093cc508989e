"""Dates of appearances and articles: the capture is the anchor, never the primary; the best reading dates the text."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from cuttings.corpus import assemble

BODY = "Rain fell on the market for the third day and traders packed up before noon. " * 5
PUBLISHED = ("published_at", "published_earliest_at", "published_latest_at", "published_precision")


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def published(table, **where):
    return table.filter(**where).select(PUBLISHED).row(0)


def test_a_rail_hangs_on_the_capture_not_on_the_date_of_the_primary(dump, tables):
    page = dump.page(
        "a",
        {"title": "Old report", "body": BODY, "date": "2022-02-10"},
        {"title": "Fresh item", "body": BODY + "More.", "date": "45 minutes ago"},
        captured="2026-02-10T12:00",
    )
    result = tables(dump)["appearances"]
    assert published(result, page_id=page, position=1)[0] == utc("2026-02-10T11:15")
    assert published(result, page_id=page, position=0)[3] == "day"


def test_without_a_capture_the_interval_is_null_and_the_offset_is_kept(dump, tables):
    dump.page("a", {"title": "Old", "body": BODY, "date": "2022-02-10"}, {"title": "Fresh", "date": "45 minutes ago"})
    result = tables(dump)
    assert published(result["appearances"], position=1) == (None, None, None, None)
    mention = result["date_mentions"].filter(position=1)
    assert mention.select("offset_seconds", "anchor", "precision").row(0) == (2_700, "none", "minute")


def test_a_date_text_that_dates_no_article_stays_a_mention(dump, tables):
    page = dump.page("a", {"title": "Old", "body": BODY, "date": "2022-02-10T08:00Z"})
    dump.mention_rows.append(
        {"page_id": page, "byte_start": 400, "byte_end": 410, "position": 0, "text": "2021-01-01", "use": "body"}
    )
    result = tables(dump)
    assert result["date_mentions"].height == 2
    assert published(result["appearances"])[0] == utc("2022-02-10T08:00")


def test_a_text_that_is_no_date_dates_nothing(dump, tables):
    dump.page("a", {"title": "Old", "body": BODY, "date": "3 min read"})
    result = tables(dump)
    assert result["date_mentions"].get_column("form").to_list() == ["unread"]
    assert result["appearances"].select("date_text", *PUBLISHED).row(0) == ("3 min read", None, None, None, None)


def test_an_article_takes_the_narrowest_date_of_its_appearances(dump, tables):
    day = dump.page("day", {"title": "Rain", "body": BODY, "date": "2024-03-05"}, captured="2024-03-09T12:00")
    exact = dump.page(
        "exact", {"title": "Rain", "body": BODY, "date": "2024-03-05T08:00Z"}, captured="2024-03-09T12:00"
    )
    dump.page("age", {"title": "Rain", "body": BODY, "date": "4 hours ago"}, captured="2024-03-05T12:10")
    result = tables(dump)["articles"]
    assert published(result)[0] == utc("2024-03-05T08:00")
    assert result.get_column("published_from").to_list() == [exact] != [day]


def test_a_date_that_hangs_on_a_modification_time_counts_last(dump, tables):
    dump.page("copied", {"title": "Rain", "body": BODY, "date": "5 minutes ago"}, modified="2024-03-07T12:00")
    day = dump.page("day", {"title": "Rain", "body": BODY, "date": "2024-03-05"}, captured="2024-03-09T12:00")
    result = tables(dump)["articles"]
    assert result.get_column("published_from").to_list() == [day]


def test_a_date_that_hangs_on_a_modification_time_counts_where_there_is_no_other(dump, tables):
    page = dump.page("copied", {"title": "Rain", "body": BODY, "date": "5 minutes ago"}, modified="2024-03-07T12:00")
    assert tables(dump)["articles"].get_column("published_from").to_list() == [page]


def test_the_time_of_a_live_entry_is_a_clock_where_it_has_a_point(dump):
    page = dump.page("a", {"title": "Storm", "body": BODY, "date": "2025-11-14"}, captured="2025-11-14T18:00")
    for place, use in enumerate(("live_entry", "published")):
        dump.mention_rows.append(
            {"page_id": page, "byte_start": 400 + place, "byte_end": 410, "position": 0, "text": "11.20", "use": use}
        )
    found = assemble(dump, dump.files)["date_mentions"].filter(pl.col("text") == "11.20")
    assert found.select("use", "rule").rows() == [("live_entry", "latest_clock"), ("published", "latest_year")]
    assert found.get_column("instant_at").to_list()[0] == utc("2025-11-14T11:20")


def test_dates_of_one_page_tell_the_order_of_each_other(dump):
    dump.page(
        "a",
        {"title": "Storm", "body": BODY, "date": "11/03/2025"},
        {"title": "Rail", "date": "14/03/2025"},
        captured="2025-11-14T18:00",
    )
    assert assemble(dump, dump.files)["date_mentions"].get_column("rule").to_list() == ["written_order_page", "written"]


@pytest.fixture
def seen(reader):
    """A reader that keeps what it was given."""

    class Seen:
        frames: list[pl.DataFrame] = []  # noqa: RUF012

        def __call__(self, frame: pl.DataFrame) -> pl.DataFrame:
            self.frames = [*self.frames, frame]
            return reader(frame)

    return Seen()


def test_the_reader_learns_by_the_site_that_prints_the_date_not_by_the_source_of_a_rail(dump, seen):
    lines = ("Home", "Hashtags", "Related", "Comments", "No comments yet")
    for name, source in (("a", "Harbour Post"), ("b", "River Gazette")):
        dump.page(
            name,
            {"title": name, "source": source, "date": "2024-03-05"},
            {"title": "Rail", "source": "Mint", "date": "2024-03-04"},
            lines=lines,
            captured="2024-03-09T12:00",
        )
    assemble(dump, dump.files, reader=seen)
    keys = seen.frames[-1].get_column("publisher")
    assert keys.null_count() == 0
    assert keys.n_unique() == 1


def test_dates_are_read_once_where_every_capture_is_known(dump, seen):
    dump.page("a", {"title": "Rain", "date": "5 minutes ago"}, captured="2024-03-09T12:00")
    assemble(dump, dump.files, reader=seen)
    assert len(seen.frames) == 1


def test_the_reader_is_given_the_mentions_in_the_order_of_their_pages(dump, seen):
    for name in "abcdef":
        dump.page(
            name, {"title": "Rain", "date": "2024-03-04"}, {"title": "Storm", "date": f"2024-03-0{ord(name) - 96}"}
        )
    dump.mention_rows.reverse()
    assemble(dump, dump.files, reader=seen)
    expected = dump.date_mentions.sort("page_id", "byte_start").get_column("text").to_list()
    assert all(frame.get_column("text").to_list() == expected for frame in seen.frames)
