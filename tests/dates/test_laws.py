"""Laws: an instant that is written out and read back lies in its interval, in any form, zone and language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polars as pl
import pytest
from babel import dates as babel_dates
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.dates import normalise_dates

LOCALES = [
    "af",
    "am",
    "ar",
    "az",
    "be",
    "bg",
    "bn",
    "bs",
    "ca",
    "cs",
    "cy",
    "da",
    "de",
    "el",
    "en",
    "en_GB",
    "es",
    "et",
    "eu",
    "fa",
    "fi",
    "fil",
    "fr",
    "ga",
    "gl",
    "gu",
    "he",
    "hi",
    "hr",
    "hu",
    "hy",
    "id",
    "is",
    "it",
    "ja",
    "ka",
    "kk",
    "km",
    "kn",
    "ko",
    "ky",
    "lo",
    "lt",
    "lv",
    "mk",
    "ml",
    "mr",
    "ms",
    "mt",
    "my",
    "nb",
    "ne",
    "nl",
    "nn",
    "pa",
    "pl",
    "pt",
    "ro",
    "ru",
    "si",
    "sk",
    "sl",
    "so",
    "sq",
    "sr",
    "sr_Latn",
    "sv",
    "sw",
    "ta",
    "te",
    "th",
    "tr",
    "uk",
    "ur",
    "uz",
    "vi",
    "zh",
    "zh_Hant",
    "zu",
]
# In CLDR, not in the reader: Irish "uair an chloig", and Somali, whose CLDR abbreviates "ago".
UNREAD_AGES = {"so", "ga"}
CAPTURED = datetime(2025, 6, 11, 9, 40, tzinfo=UTC)
UNIT_S = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
WALL_CLOCKS = st.datetimes(min_value=datetime(1995, 1, 1), max_value=datetime(2024, 12, 31, 23, 59))


def read_one(text: str, captured: datetime | None = CAPTURED, language: str | None = None) -> dict[str, object]:
    return normalise_dates([text], captured, language).row(0, named=True)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_long_date_of_every_language_reads_back(locale: str) -> None:
    days = [datetime(2013, month, 3 * month - 2 if month < 10 else 28) for month in range(1, 13)]
    texts = [babel_dates.format_date(day, width, locale=locale) for day in days for width in ("long", "medium")]
    frame = normalise_dates(texts, CAPTURED, locale)
    assert frame["local_at"].to_list() == [day for day in days for _ in range(2)]
    assert set(frame["precision"]) == {"day"}


@pytest.mark.parametrize("locale", [name for name in LOCALES if name not in UNREAD_AGES])
def test_every_age_of_every_language_holds_its_instant(locale: str) -> None:
    for unit, seconds in UNIT_S.items():
        for count in (1, 2, 5, 11, 21):
            age = timedelta(seconds=seconds * count)
            text = babel_dates.format_timedelta(-age, granularity=unit, threshold=99, add_direction=True, locale=locale)
            row = read_one(text, language=locale)
            assert row["earliest_at"] is not None, text
            assert row["earliest_at"] <= CAPTURED - age <= row["latest_at"], text
            assert row["instant_at"] == CAPTURED - age, text


ZONES = st.integers(min_value=-12 * 4, max_value=14 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))


@settings(max_examples=150, deadline=None)
@given(instant=WALL_CLOCKS, offset=ZONES, form=st.sampled_from(range(5)))
def test_a_clock_of_an_unwritten_zone_never_excludes_its_instant(
    instant: datetime, offset: timedelta, form: int
) -> None:
    local = (instant + offset).replace(microsecond=0)
    text = (
        f"{local:%Y-%m-%d %H:%M:%S}",
        f"{local:%B} {local.day}, {local.year} at {local:%I:%M %p}",
        f"{local:%d.%m.%Y}, {local:%H:%M} Uhr",
        f"{local.day} {local:%b} {local.year}",
        f"{local:%Y/%m/%d}",
    )[form]
    row = read_one(text, language="de" if form == 2 else "en")
    assert row["earliest_at"] <= instant.replace(tzinfo=UTC) <= row["latest_at"], text
    assert row["earliest_at"] <= row["instant_at"] <= row["latest_at"]


@settings(max_examples=100, deadline=None)
@given(instant=WALL_CLOCKS, offset=ZONES)
def test_a_written_zone_leaves_one_minute(instant: datetime, offset: timedelta) -> None:
    local = (instant + offset).replace(second=0, microsecond=0)
    sign, minutes = ("-" if offset < timedelta(0) else "+"), abs(offset) // timedelta(minutes=1)
    row = read_one(f"{local:%Y-%m-%d %H:%M} {sign}{minutes // 60:02d}:{minutes % 60:02d}")
    assert row["instant_at"] == (local - offset).replace(tzinfo=UTC)
    assert row["latest_at"] - row["earliest_at"] == timedelta(minutes=1)
    assert row["zone_from"] == "written"


@settings(max_examples=80, deadline=None)
@given(count=st.integers(1, 59), unit=st.sampled_from(sorted(UNIT_S)), part=st.floats(0, 1, exclude_max=True))
def test_an_age_that_a_site_floors_or_rounds_holds_its_instant(count: int, unit: str, part: float) -> None:
    row = read_one(f"{count} {unit}{'s' * (count > 1)} ago")
    floored = CAPTURED - timedelta(seconds=UNIT_S[unit] * (count + part))
    rounded = CAPTURED - timedelta(seconds=UNIT_S[unit] * (count - 0.5 + part))
    assert row["earliest_at"] <= floored <= row["latest_at"]
    assert row["earliest_at"] <= rounded <= row["latest_at"]


@settings(max_examples=60, deadline=None)
@given(instant=WALL_CLOCKS)
def test_a_coarser_writing_has_a_wider_interval_around_the_finer(instant: datetime) -> None:
    texts = [f"{instant:%Y-%m-%d %H:%M:%S}", f"{instant:%Y-%m-%d %H:%M}", f"{instant:%Y-%m-%d}", f"{instant:%B %Y}"]
    rows = normalise_dates(texts, CAPTURED, "en").to_dicts()
    assert [r["precision"] for r in rows] == ["second", "minute", "day", "month"]
    for finer, coarser in pairwise(rows):
        assert coarser["earliest_at"] <= finer["earliest_at"]
        assert finer["latest_at"] <= coarser["latest_at"]
        assert finer["latest_at"] - finer["earliest_at"] < coarser["latest_at"] - coarser["earliest_at"]


@settings(max_examples=60, deadline=None)
@given(
    text=st.sampled_from(
        ["3 hours ago", "vor 5 Tagen", "2 weeks ago", "just now", "yesterday", "14:05", "a minute ago"]
    ),
    shift=st.integers(min_value=-5000, max_value=5000),
)
def test_resolution_commutes_with_shifting_the_capture_by_days(text: str, shift: int) -> None:
    first, then = read_one(text), read_one(text, CAPTURED + timedelta(days=shift))
    for name in ("earliest_at", "latest_at", "instant_at"):
        assert then[name] - first[name] == timedelta(days=shift)
    assert then["offset_seconds"] == first["offset_seconds"]


def test_the_rows_of_a_column_do_not_hang_on_each_other() -> None:
    texts = ["3 hours ago", "11.06.2024", "no date", None, "June 3, 2024", "3 hours ago"] * 3
    together = normalise_dates(texts, CAPTURED, "en")
    alone = pl.concat([normalise_dates([text], CAPTURED, "en") for text in texts])
    assert together.equals(alone)


@settings(deadline=None)
@given(
    text=st.lists(
        st.sampled_from(
            [
                "3 hours ago",
                "12:30",
                "1 day ago",
                "yesterday",
                "today",
                "Monday",
                "at",
                "10:15 PM",
                "2 May",
                "2024",
                "in",
            ]
        ),
        min_size=1,
        max_size=3,
    ).map(" ".join),
    captured_at=st.datetimes(datetime(2001, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
)
def test_the_best_point_lies_in_its_interval(text: str, captured_at: datetime) -> None:
    row = normalise_dates([text], captured_at=[captured_at]).row(0, named=True)
    if row["instant_at"] is not None:
        assert row["earliest_at"] <= row["instant_at"] <= row["latest_at"]
