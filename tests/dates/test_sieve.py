"""A sieve only saves time: it lets through whatever the search behind it would find."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cuttings.dates import plans, sieve
from cuttings.dates.lexicon import ORDER, WORDS, fold, languages, phrases

durations = sys.modules["cuttings.dates.durations"]  # its name is that of a function, too
LANGUAGES = st.sampled_from(sorted(languages()))
WORD = st.sampled_from(phrases(ORDER)) | st.sampled_from(["Ada", "Fenwick", "ВЕСТНИК", "市议会", "nexta"])
NUMBER = st.sampled_from(["0", "00", "0000", "00:00", "00/00", "0.0.0000", "000/00/000"])
TEXT = st.lists(WORD | NUMBER | st.sampled_from("|-,()"), min_size=1, max_size=6).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda mark: mark.join(parts))
)


@settings(max_examples=80, deadline=None)
@example("Sky Newsa minute ago", "en")
@given(TEXT, LANGUAGES)
def test_a_text_that_may_be_a_date_in_one_language_may_be_one_anywhere(text: str, language: str) -> None:
    seen = sieve.look(text)
    if seen is not None and sieve.may_be_date(seen, (language, "en")):
        assert sieve.may_be_date_anywhere(seen)


def test_what_a_language_knows_is_known_anywhere() -> None:
    anywhere = sieve._every_language()
    assert anywhere.is_hebrew
    for language in languages():
        own = sieve._vocabulary((language,))
        for words in own.words:
            assert all(mask & anywhere.words[0][word] == mask for word, mask in words.items())
        assert own.characters <= anywhere.characters
        assert own.units <= anywhere.units
        assert own.names <= anywhere.names


@settings(max_examples=80, deadline=None)
@example("0 min read", "en")
@example("0 minutes", "en")
@example("Lesezeit: 0 Minuten", "de")
@given(TEXT, LANGUAGES)
def test_a_length_passes_the_sieve(text: str, language: str) -> None:
    spoken = language, "en"
    if durations._reads(text, spoken):
        assert sieve.may_be_duration(WORDS.findall(fold(text)), spoken)


@pytest.mark.parametrize("text", ["Town votes to keep the clock", "Rathaus bleibt offen", "市议会决定保留老钟楼"])
def test_few_texts_without_a_date_are_read(text: str) -> None:
    seen = sieve.look(text)
    assert seen is not None
    assert not sieve.may_be_date_anywhere(seen)


def test_no_language_is_asked_about_a_text_that_is_a_date_in_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "_plans", None)
    assert plans.plans.__wrapped__("Town votes to keep 00 clocks", None) == ()
