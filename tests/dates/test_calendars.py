"""Days of two calendars on one line are one day, the Gregorian; alone, a day of another calendar stays what it is."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from cuttings import normalise_dates
from cuttings.dates import calendars, skeletons
from cuttings.dates.spans import spans

TWO = (
    "الثلاثاء 24 نوفمبر 2026 - 12 جمادى الآخرة 1448 هـ",
    "الثلاثاء 12 جمادى الآخرة 1448 هـ - 24 نوفمبر 2026 م",
    "24 نوفمبر 2026م الموافق 12 جمادى الآخرة 1448هـ",
    "24 نوفمبر 2026 (12 جمادى الآخرة 1448)",
    "سه‌شنبه ۳ آذر ۱۴۰۵ - ۲۴ نوامبر ۲۰۲۶",
    "۱۴۰۵/۰۹/۰۳ | ۲۴ نوامبر ۲۰۲۶",
    "মঙ্গলবার, ২৪ নভেম্বর ২০২৬, ৯ অগ্রহায়ণ ১৪৩৩",
    "২৪ নভেম্বর ২০২৬ | ৯ অগ্রহায়ণ ১৪৩৩ বঙ্গাব্দ | ১৩ জমাদিউস সানি ১৪৪৮ হিজরি",
    'י"ד בכסלו תשפ"ז 24.11.2026',
    "24.11.2026 י״ד כסלו",
    "2026年11月24日 星期二 农历十月十六",
    "2026年（令和8年）11月24日",
    "منگل 24 نومبر 2026ء",
    "الثلاثاء 12 جمادى الآخرة 1448 هـ - 24 نوفمبر 2026 مـ",
    'י"ד כסלו התשפ"ז (24.11.2026)',
    "24 พ.ย. 2569 / 24 November 2026",
    "2026년 11월 24일(음력 10월 16일)",
    "Thứ Ba, 24/11/2026 (16/10 Âm lịch)",
    "Selasa, 24 November 2026 / 14 Rajab 1448 H",
    "令和8年（2026年）11月24日",
    "二〇二六年十一月二十四日",
    "二〇二六年十一月二十四日 星期二",
)


def days(texts: tuple[str, ...]) -> list[datetime | None]:
    return normalise_dates(pl.Series(texts), captured_at=datetime(2026, 11, 26))["local_at"].to_list()


@pytest.mark.parametrize("text", TWO)
def test_the_gregorian_day_of_two_is_read(text: str) -> None:
    assert days((text,)) == [datetime(2026, 11, 24)]


def test_without_the_rule_none_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skeletons, "without_other_calendars", lambda text: text)
    assert days(TWO) == [None] * len(TWO)


def test_the_place_of_the_date_is_that_in_the_line_as_it_is_written() -> None:
    (row,) = spans(pl.Series(["مساء ٢٤ نوفمبر ٢٠٢٦ - ١٢ جمادى الآخرة ١٤٤٨ هـ"[5:]])).rows(named=True)
    assert (row["char_start"], row["text"]) == (0, "٢٤ نوفمبر ٢٠٢٦")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("3 آذر 1405", id="no Gregorian day beside it"),
        pytest.param("12 جمادى الآخرة 1448 هـ", id="nor here"),
        pytest.param("24 พ.ย. 2569", id="of Thai years neither"),
        pytest.param("24 Rajab Street, 2026", id="a name like a month"),
        pytest.param("24 نوفمبر 2026", id="no other day"),
        pytest.param("في 2026 وفي شعبان", id="a month alone"),
        pytest.param("Quarter 3 of 2026, page 12", id="no other calendar"),
    ],
)
def test_all_else_stays_as_it_is(text: str) -> None:
    assert calendars.without_other_calendars(text) == text


def test_characters_keep_their_places() -> None:
    for text in skeletons.clean(TWO):
        assert len(calendars.without_other_calendars(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二六年十二月三十一日", datetime(2026, 12, 31)),
        ("二零二六年十月三十日", datetime(2026, 10, 30)),
        ("一九九八年一月十日", datetime(1998, 1, 10)),
    ],
)
def test_a_day_in_han_numerals_is_read_and_found(text: str, day: datetime) -> None:
    assert days((text,)) == [day]
    assert len(spans(pl.Series([text, "二〇二六年预算", "市议会在二〇二六年三月五日开会"]))) == 1
