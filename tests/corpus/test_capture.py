"""Capture times: which evidence counts, and what dates on pages may say about it."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import polars as pl
import pytest

FRAMES = ("pages", "segments", "appearances", "date_mentions", "repairs", "lines")
BODY = "The council voted on the bridge late on Tuesday and the harbour stayed shut. " * 5


def captures(result):
    columns = ("captured_at", "captured_from", "captured_earliest_at", "captured_latest_at")
    return {row[0]: row[1:] for row in result["pages"].select("page_id", *columns).iter_rows()}


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [("sidecar", "record"), ("record", "option"), ("option", "name"), ("name", "mtime"), ("sidecar", "mtime")],
)
def test_the_strongest_evidence_of_a_page_counts_though_it_is_later(dump, tables, stronger, weaker):
    page = dump.page("a", has_file=False)
    times = {stronger: "2024-03-05T09:30", weaker: "2024-03-05T08:30"}
    for source in (weaker, stronger):
        if source == "mtime":
            dump.file(source, "a", modified=times[source])
        else:
            dump.file(source, "a", times[source], source)
    assert captures(tables(dump))[page][:2] == (utc("2024-03-05T09:30"), stronger)


def test_of_equal_evidence_the_earliest_counts(dump, tables):
    page = dump.page("a", has_file=False)
    for name, time in (("x", "2024-03-05T11:00"), ("y", "2024-03-05T09:00"), ("z", "2024-03-05T10:00")):
        dump.file(name, "a", time, "record", disposition="loaded" if name == "x" else "duplicate")
    nine = utc("2024-03-05T09:00")
    assert captures(tables(dump))[page] == (nine, "record", nine, nine)


def test_a_modification_time_counts_only_when_it_is_trusted(dump, tables):
    page = dump.page("a", modified="2024-03-05T09:00")
    nine = utc("2024-03-05T09:00")
    trusting, wary = tables(dump), tables(dump, trusts_mtime=False)
    assert captures(trusting)[page] == (nine, "mtime", nine, nine)
    assert captures(wary)[page] == (None, "none", None, None)
    assert trusting["files"].select("captured_at", "captured_from").rows() == [(nine, "mtime")]
    assert wary["files"].select("captured_at", "captured_from").rows() == [(None, "none")]


def test_a_file_keeps_its_own_evidence_where_another_decides_the_page(dump, tables):
    dump.page("a", captured="2024-03-05T09:00", captured_from="sidecar")
    copy = dump.file("copy", "a", "2024-03-04T00:00", "name", disposition="duplicate")
    files = {row[0]: row[1:] for row in tables(dump)["files"].select("file_id", "captured_at", "captured_from").rows()}
    assert files[copy] == (utc("2024-03-04T00:00"), "name")


def test_a_day_in_a_name_stands_for_the_whole_day(dump, tables):
    page = dump.page("a", {"body": BODY, "date": "3 hours ago"}, captured="2024-03-05T00:00", captured_from="name")
    result = tables(dump)
    assert captures(result)[page][2:] == (utc("2024-03-05T00:00"), utc("2024-03-05T23:59:59.999999"))
    earliest, latest = result["appearances"].select("published_earliest_at", "published_latest_at").row(0)
    assert earliest == utc("2024-03-04T20:00")  # four hours before the first moment of the day
    assert latest == utc("2024-03-05T21:29:59.999999")  # two and a half hours before its last


def test_an_interval_from_the_sources_is_kept(dump, tables):
    page = dump.page("a", captured="2024-03-05T00:00", captured_from="name")
    hour = pl.lit(utc("2024-03-05T00:59:59")).dt.cast_time_unit("us")
    files = dump.files.with_columns(
        pl.col("captured_at").alias("captured_earliest_at"), hour.alias("captured_latest_at")
    )
    cut = SimpleNamespace(**{name: getattr(dump, name) for name in FRAMES}, files=files)
    assert captures(tables(cut))[page][2:] == (utc("2024-03-05T00:00"), utc("2024-03-05T00:59:59"))


def test_a_page_was_not_captured_before_a_date_it_shows(dump, tables):
    page = dump.page("a", {"body": BODY, "date": "2024-03-05T08:00Z"}, {"title": "Older", "date": "2020-01-01T08:00Z"})
    assert captures(tables(dump))[page] == (None, "none", utc("2024-03-05T08:00"), None)


def test_an_ambiguous_date_bounds_nothing(dump, tables):
    page = dump.page("a", {"body": BODY, "date": "2024-03-05T08:00Z?"})
    assert captures(tables(dump))[page] == (None, "none", None, None)


def test_a_modification_time_before_a_date_on_the_page_is_not_used(dump, tables):
    page = dump.page("a", {"body": BODY, "date": "2024-03-05T08:00Z"}, modified="2024-03-01T00:00")
    assert captures(tables(dump))[page] == (None, "none", utc("2024-03-05T08:00"), None)


def test_stronger_evidence_stands_against_a_later_date_on_the_page(dump, tables):
    page = dump.page("a", {"body": BODY, "date": "2024-03-05T08:00Z"}, captured="2024-03-01T00:00")
    assert captures(tables(dump))[page][:2] == (utc("2024-03-01T00:00"), "sidecar")


TITLES = ("Bridge shut", "Vote passed")


def articles(date, source="Harbour Post"):
    """Two articles that carry the same date."""
    return [{"title": title, "body": BODY + title, "source": source, "date": date} for title in TITLES]


def dated_elsewhere(dump, date="2024-03-05T08:00Z", source="Harbour Post"):
    for number, article in enumerate(articles(date, source)):
        dump.page(f"elsewhere {number}", article)


def test_ages_here_and_instants_elsewhere_bound_the_capture(dump, tables):
    dated_elsewhere(dump)
    page = dump.page("a", {"title": "Weather"}, *articles("2 hours ago", "- Harbour Post"))
    at, source, earliest, latest = captures(tables(dump))[page]
    # 1.5 to 3 hours after the minute that began at eight
    assert (earliest, latest) == (utc("2024-03-05T09:30"), utc("2024-03-05T11:01"))
    assert (at, source) == (utc("2024-03-05T10:15:30"), "inferred")


def test_one_text_that_links_two_pages_is_no_witness(dump, tables):
    dated_elsewhere(dump)
    page = dump.page("a", {"title": "Weather"}, *articles("2 hours ago")[:1], *articles("2 hours ago")[:1])
    assert captures(tables(dump))[page] == (None, "none", None, None)


def test_a_date_that_hangs_on_an_inferred_capture_is_as_wide_as_it(dump, tables):
    dated_elsewhere(dump)
    page = dump.page("a", {"title": "Weather", "date": "10 minutes ago"}, *articles("2 hours ago"))
    row = tables(dump)["appearances"].filter(page_id=page, position=0)
    assert row.get_column("published_earliest_at")[0] == utc("2024-03-05T09:19")
    assert row.get_column("published_latest_at")[0] == utc("2024-03-05T10:51:30")


def test_a_modification_time_within_inferred_bounds_is_the_best_point(dump, tables):
    dated_elsewhere(dump)
    page = dump.page("a", *articles("2 hours ago"), modified="2024-03-05T10:40")
    at, source, earliest, latest = captures(tables(dump))[page]
    assert (at, source) == (utc("2024-03-05T10:40"), "inferred")
    assert (earliest, latest) == (utc("2024-03-05T09:30"), utc("2024-03-05T11:01"))


def test_a_modification_time_after_inferred_bounds_gives_way_to_their_middle(dump, tables):
    dated_elsewhere(dump)
    page = dump.page("a", *articles("2 hours ago"), modified="2024-09-01T00:00")
    assert captures(tables(dump))[page][:2] == (utc("2024-03-05T10:15:30"), "inferred")


def test_wide_bounds_are_kept_but_are_no_capture(dump, tables):
    dated_elsewhere(dump, date="2024-03-05")
    page = dump.page("a", *articles("2 hours ago"))
    at, source, earliest, latest = captures(tables(dump))[page]
    assert (at, source) == (None, "none")
    assert (earliest, latest) == (utc("2024-03-04T11:30"), utc("2024-03-06T15:00"))


def test_the_same_texts_of_another_publisher_bound_nothing(dump, tables):
    dated_elsewhere(dump, source="River Gazette")
    page = dump.page("a", *articles("2 hours ago"))
    assert captures(tables(dump))[page] == (None, "none", None, None)


def test_bounds_that_contradict_each_other_are_left_out(dump, tables):
    dated_elsewhere(dump)
    page = dump.page("a", {"title": "Weather", "date": "2024-03-09T08:00Z"}, *articles("2 hours ago"))
    assert captures(tables(dump))[page] == (None, "none", utc("2024-03-09T08:00"), None)


def test_ages_that_contradict_each_other_are_left_out(dump, tables):
    dated_elsewhere(dump)
    page = dump.page("a", *articles("2 hours ago")[:1], *articles("9 hours ago")[1:])
    assert captures(tables(dump))[page] == (None, "none", None, None)


def test_a_weak_capture_does_not_bound_another_page(dump, tables):
    dump.page("weak", *articles("5 minutes ago"), modified="2024-03-05T08:00")
    page = dump.page("a", *articles("2 hours ago"))
    assert captures(tables(dump))[page] == (None, "none", None, None)


def test_an_age_in_days_with_a_clock_bounds_nothing(dump, tables, reader):
    dated_elsewhere(dump)
    page = dump.page("a", *articles("2 days ago"))

    def read_to_the_minute(mentions):
        return reader(mentions).with_columns(pl.lit("minute").alias("precision"))

    assert captures(tables(dump))[page][2:] == (utc("2024-03-06T20:00"), utc("2024-03-08T08:01"))
    assert captures(tables(dump, reader=read_to_the_minute))[page][2:] == (None, None)


def test_an_age_in_seconds_is_taken_to_the_minute(dump, tables, reader):
    dated_elsewhere(dump)
    page = dump.page("a", *articles("1 minute ago"))

    def read_to_the_second(mentions):
        return reader(mentions).with_columns(pl.lit("second").alias("precision"))

    expected = (utc("2024-03-05T08:00:30"), utc("2024-03-05T08:03"))
    assert captures(tables(dump))[page][2:] == expected
    assert captures(tables(dump, reader=read_to_the_second))[page][2:] == expected
