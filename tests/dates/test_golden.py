"""Golden texts of our own making: what each means, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cuttings.dates import normalise_dates

CAPTURED = datetime(2025, 6, 11, 9, 40, tzinfo=UTC)


def row(text: str, language: str | None = "en", captured: datetime | None = CAPTURED) -> dict[str, object]:
    return normalise_dates([text], captured, language).row(0, named=True)


@pytest.mark.parametrize(
    ("text", "language", "local", "form"),
    [
        ("4 Mar, 2024 07:15", "en", datetime(2024, 3, 4, 7, 15), "named_dmy_clock"),
        ("Sept. 4, 2023", "en", datetime(2023, 9, 4), "named_mdy"),
        ("Monday, 4 March 2024 - 07:15", "en", datetime(2024, 3, 4, 7, 15), "named_dmy_clock"),
        ("7:15 a.m. ET, March 4, 2024", "en", datetime(2024, 3, 4, 7, 15), "named_mdy_clock"),
        ("4. März 2024 um 07:15 Uhr", "de", datetime(2024, 3, 4, 7, 15), "named_dmy_clock"),
        ("4 mars 2024 à 7h15", "fr", datetime(2024, 3, 4, 7, 15), "named_dmy_clock"),
        ("4 de marzo de 2024, 19:15 h", "es", datetime(2024, 3, 4, 19, 15), "named_dmy_clock"),
        ("4 марта 2024 г., 07:15", "ru", datetime(2024, 3, 4, 7, 15), "named_dmy_clock"),
        ("2024年3月4日 7時15分", "ja", datetime(2024, 3, 4, 7, 15), "cjk_day_clock"),
        ("2024년 3월 4일 오후 7:15", "ko", datetime(2024, 3, 4, 19, 15), "cjk_day_clock"),
        ("令和6年3月4日", "ja", datetime(2024, 3, 4), "era_day"),
        ("४ मार्च २०२४", "hi", datetime(2024, 3, 4), "named_dmy"),
        ("4 มีนาคม 2567", "th", datetime(2024, 3, 4), "named_dmy"),
        ("04.03.2024, 07.15 Uhr", "de", datetime(2024, 3, 4, 7, 15), "num_order_clock_dot"),
        ("20240304", "en", datetime(2024, 3, 4), "compact_day"),
        ("2024-03-04T07:15:30Z", "en", datetime(2024, 3, 4, 7, 15, 30), "num_ymd_clock"),
        ("March 2024", "en", datetime(2024, 3, 1), "month_year"),
        ("March 4, 20247:15 AM ET", "en", datetime(2024, 3, 4, 7, 15), "named_mdy_clock"),
        ("3/4/247:15 AM", "en", datetime(2024, 3, 4, 7, 15), "num_order_clock_slash"),
        ("March 4, 20241 yr", "en", datetime(2024, 3, 4), "named_mdy"),
        ("Harbour News04-03-2024", "en", datetime(2024, 3, 4), "num_order_dash"),
        ("Channel 1904-13-2024", "en", None, None),
        ("By ANN POE07:15, 4 Mar 2024", "en", datetime(2024, 3, 4, 7, 15), "named_dmy_clock"),
        ("Updated: Mar 4, 2024, 07:15 IST IST", "en", datetime(2024, 3, 4, 7, 15), "named_mdy_clock"),
        ("Mar 4", "en", datetime(2025, 3, 4), "named_day"),
        ("Dec 24, 7:15 PM", "en", datetime(2024, 12, 24, 19, 15), "named_day_clock"),
        ("a year ago", "en", datetime(2024, 6, 11, 9, 40), "age"),
        ("1 year, 2 months ago", "en", datetime(2024, 4, 11, 9, 40), "age"),
        ("almost 2 years ago", "en", datetime(2023, 6, 11, 9, 40), "age"),
        ("icon5 hours ago", "en", datetime(2025, 6, 11, 4, 40), "age"),
        ("The Harbour • 5 hours ago", "en", datetime(2025, 6, 11, 4, 40), "age"),
        ("3d", "en", datetime(2025, 6, 8, 9, 40), "bare_age"),
        ("il y a 3 jours", None, datetime(2025, 6, 8, 9, 40), "age"),
        ("3天前", None, datetime(2025, 6, 8, 9, 40), "age"),
        ("vor einer Stunde", "de", datetime(2025, 6, 11, 8, 40), "age"),
        ("4 tahun lalu", "id", datetime(2021, 6, 11, 9, 40), "age"),
        ("yesterday at 10:35 p.m.", "en", datetime(2025, 6, 10, 22, 35), "calendar_day_clock"),
        ("вчера в 16:19", "ru", datetime(2025, 6, 10, 16, 19), "calendar_day_clock"),
        ("last Monday at 08:00", "en", datetime(2025, 6, 9, 8), "last_weekday_clock"),
        ("08:05", "en", datetime(2025, 6, 11, 8, 5), "clock"),
        ("22:05", "en", datetime(2025, 6, 10, 22, 5), "clock"),
    ],
)
def test_form_and_wall_clock(text: str, language: str | None, local: datetime | None, form: str | None) -> None:
    got = row(text, language)
    assert (got["local_at"], got["form"]) == (local, form)


def test_zone_names_follow_the_season() -> None:
    assert row("March 4, 2024, 07:15 ET")["instant_at"] == datetime(2024, 3, 4, 12, 15, tzinfo=UTC)
    assert row("July 4, 2024, 07:15 ET")["instant_at"] == datetime(2024, 7, 4, 11, 15, tzinfo=UTC)
    assert row("July 4, 2024, 07:15 IST")["zone_written"] == "IST"


def test_an_ambiguous_order_keeps_both_readings() -> None:
    got = row("05-06-2024")
    assert got["is_ambiguous"]
    assert got["local_at"] == datetime(2024, 6, 5)
    assert got["rule"] == "written_order_default"
    assert got["earliest_at"] < datetime(2024, 5, 6, tzinfo=UTC) < datetime(2024, 6, 5, tzinfo=UTC) < got["latest_at"]
    assert len(got["alternatives"]) == 1
    assert got["confidence"] < row("25-06-2024")["confidence"]


def test_the_region_of_english_decides_the_default_order() -> None:
    assert row("3/4/2024", "en")["local_at"] == datetime(2024, 3, 4)
    assert row("3/4/2024", "en-GB")["local_at"] == datetime(2024, 4, 3)


def test_the_capture_decides_an_order_that_would_lie_after_it() -> None:
    got = row("06/11/2025")
    assert got["local_at"] == datetime(2025, 6, 11)
    assert not got["is_ambiguous"]


def test_the_weekday_decides_an_order() -> None:
    assert row("Wednesday 05/06/2024")["local_at"] == datetime(2024, 6, 5)


def test_a_date_after_the_capture_carries_a_flag() -> None:
    got = row("25 December 2031")
    assert got["rule"] == "written_after_capture"
    assert got["confidence"] < 0.5


def test_two_digit_years_never_lie_ahead() -> None:
    assert row("03/18/40")["local_at"] == datetime(1940, 3, 18)


def test_two_pairs_of_digits_with_a_dash_are_a_day_before_a_clock_only() -> None:
    got = row("05-06 07:15", "zh")
    assert (got["local_at"], got["form"]) == (datetime(2025, 5, 6, 7, 15), "num_yearless_clock_dash")
    assert [row(text)["form"] for text in ("05-06", "5-6 07:15", "05-06 h", "05-06 17")] == [None] * 4


def test_published_and_updated_in_one_text() -> None:
    got = row("Published: Mar 4, 2024, 07:15 IST | Updated: Mar 4, 2024, 09:00 IST")
    assert got["instant_at"] == datetime(2024, 3, 4, 1, 45, tzinfo=UTC)
    assert got["updated_at"] == datetime(2024, 3, 4, 3, 30, tzinfo=UTC)
    got = row("25/04/2024 Actualizado a las 15:10h", "es")
    assert (got["local_at"], got["use"]) == (datetime(2024, 4, 25, 15, 10), "updated")


def test_a_relative_date_without_a_capture_keeps_its_offset() -> None:
    got = row("3 hours ago", captured=None)
    assert got["instant_at"] is None
    assert (got["offset_seconds"], got["anchor"]) == (10_800, "none")


def test_an_age_is_wide_enough_for_floor_and_round() -> None:
    got = row("3 hours ago")
    assert got["earliest_at"] == CAPTURED - timedelta(hours=4)
    assert got["latest_at"] == CAPTURED - timedelta(hours=2, minutes=30)


@pytest.mark.parametrize(
    "text",
    [
        "€24.90", "3-1", "98-95", "v2.11.4", "3 min read", "© 2025", "45 minutes", "1:02:33 of footage", "Expo 2027",
        "May Whitfield", "March of the Penguins", "12 August Road, Hull", "2025: a year of change", "Room 1204",
        "Reach us on 020 7946 0018", "Photo dated 12/05/19", "Doors open 4 May 2025 at 7pm", "Open Mon-Fri 9-5",
        "Sales rose 12.5 per cent", "He turned 40 on 3 March 2021, his agent said.", "Bus 11", "sun", "mar", "24",
        "The law of 4 March 2019", "1,200 views", "Part 3 of 12", "31-31-2024", "2024-13-01", "25:61",
        "30 February 2024",
        "Top 10", "12 – 14 June 2024", "Valid until 30/06/2025", "10.5.2.1", "", " ", "0", "the 90s", "9/11 remembered",
    ],
)  # fmt: skip
def test_no_date(text: str) -> None:
    got = row(text)
    assert (got["local_at"], got["instant_at"], got["form"]) == (None, None, None)


def test_hostile_texts_are_read_in_linear_time() -> None:
    texts = [
        "1 " * 50_000,
        "2024-" * 40_000,
        "ago " * 60_000,
        "\n" * 100_000,
        "0" * 200_000,
        "1 hour, " * 24,
        "May " * 49,
    ]
    assert normalise_dates(texts, CAPTURED, "en")["local_at"].null_count() == len(texts)
