"""Days in running text: found wherever they stand, in any language, and nothing else is."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.dates import inline_spans, normalise_dates

LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "ru", "uk", "tr", "el", "hu", "vi", "ja", "ko", "zh"]


def days(text: str, language: str | None = None) -> list[str]:
    return inline_spans(pl.Series([text]), pl.Series([language], dtype=pl.String))["text"].to_list()


@settings(max_examples=150, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)), st.sampled_from(LANGUAGES))
def test_a_day_written_in_full_is_found_in_a_sentence(day: date, language: str) -> None:
    written = format_date(day, "long", locale=language)
    # Hungarian and Korean write a mark of their own behind the day's number, which no reading needs.
    text = f"Xxxx xxx {written}, xxxxx xxx."
    found = inline_spans(pl.Series([text]), pl.Series([language]))
    assert found.height == 1, text
    start, end = found["char_start"][0], found["char_end"][0]
    assert text[start:end] == found["text"][0]
    assert written.startswith(found["text"][0]) or found["text"][0] in written
    local = normalise_dates(found["text"], language=language)["local_at"][0]
    assert local is not None
    assert local.date() == day
    assert found["use"][0] == "body"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Opened 4 March 1997, sold (4 May 2003), shut 2010-11-12.", ["4 March 1997", "4 May 2003", "2010-11-12"]),
        ("4 March 1997 and 4 March 1997", ["4 March 1997", "4 March 1997"]),
        ("発表は2024年5月23日だった", ["2024年5月23日"]),
        ("2024. gada 5. maijā", ["2024. gada 5. maijā"]),
        ("Kam 5. května 2023 do", ["5. května 2023"]),
    ],
)  # fmt: skip
def test_every_day_of_a_paragraph_is_found(text: str, expected: list[str]) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("It rained yesterday, three weeks ago and on 12 March.", "what these hang on is not known"),
        ("In May 2003 and in 2004", "no day"),
        ("Call 12-34-5678 or 12023-05-06.", "no such day; five digits are no year"),
        ("version v1.2.2024 of the file /2024/05/06/a", "parts of a word or path"),
        ("He paid 5 million 2024 times; 3-2 2024", "no month"),
        ("31 February 2023 is no day", "no such day"),
    ],
)
def test_what_is_no_full_day_is_no_mention(text: str, reason: str) -> None:
    assert days(text) == [], reason
