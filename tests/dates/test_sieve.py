"""A sieve only saves time: it lets through whatever the search behind it would find."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cuttings.dates import plans, sieve, vocabulary
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
    if sieve.may_be_date(seen, vocabulary.classes_in(seen.words, (language, "en"))):
        assert _may_be_date_anywhere(text)


def test_what_a_language_knows_is_known_anywhere() -> None:
    anywhere = vocabulary._every_language()
    assert anywhere.is_hebrew
    for language in languages():
        own = vocabulary._vocabulary((language,))
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
        words = WORDS.findall(fold(text))
        assert sieve.may_be_duration(vocabulary.classes_in(words, spoken))
        assert sieve.may_be_duration(vocabulary.classes_anywhere(words))


BESIDE = st.sampled_from(
    ["Ada Fenwick", "BBC News", "ВЕСТНИК", "市议会", "G0", "Sky Newsa", "By", "von", "Updated:", "min read",
     "Lesezeit:", "@nexta", "0000", "May", "“", '"']
)  # fmt: skip
DATE = st.sampled_from(
    ["00 May 0000", "May 00, 0000 00:00", "0000-00-00T00:00", "0 hours ago", "an hour ago", "vor 0 Stunden", "0h",
     "00:00", "il y a 0 heures", "00/00/0000", "00.00", "0000年0月00日", "0小时前", "Updated: Sep 00", "Monday",
     "00 окт. 00, 00:00"]
)  # fmt: skip
MARK = st.sampled_from([" ", " ", " ", "", " | ", " - ", " · ", "•", " (", ") ", ", ", ": "])
NAMED = st.tuples(BESIDE, MARK, BESIDE, MARK, DATE, MARK, BESIDE, MARK, DATE).flatmap(
    lambda parts: st.sampled_from([(2, 5), (0, 5), (4, 7), (2, 7), (0, 7), (4, 9), (0, 9)]).map(
        lambda ends: "".join(parts[slice(*ends)])
    )
)


@settings(max_examples=150, deadline=None)
@example("ВЕСТНИК | Updated: Sep 00")  # behind a label the day needs no year
@example("浙ICP备00000000")  # eight digits are a day
@example("News oktyabr 00/00/00")  # a clock with slashes, behind a day
@example("The Lanterna minute ago")
@given(NAMED)
def test_what_stands_beside_a_date_loses_none(text: str) -> None:
    found = plans.plans.__wrapped__(text, None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sieve, "_may_have_names", lambda *_: True)
        patch.setattr(sieve, "_may_tell_time", lambda *_: True)
        assert plans.plans.__wrapped__(text, None) == found


@pytest.mark.parametrize(
    "text",
    [
        "Town votes to keep the clock",
        "Rathaus bleibt offen",
        "市议会决定保留老钟楼",
        "The pressure to juggle 0 jobs for years",  # neither "by" nor a bar before the years
        "Fenwick marks 00 years of ferries",
        "Fenwick notes · March 0 · Harbour",  # no year
        'Fenwick opens "house" | 0 hours ago',  # a quotation mark of no date
    ],
)
def test_few_texts_without_a_date_are_read(text: str) -> None:
    assert not _may_be_date_anywhere(text)


def test_no_language_is_asked_for_the_length_of_a_title(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durations, "guesses", None)
    assert not durations._is_duration.__wrapped__("Council reads 00 minutes")


def test_text_of_plain_letters_folds_as_any_other() -> None:
    text = "".join(map(chr, range(128)))
    assert fold(text) == fold(f"{text}é")[:-1]


@pytest.mark.parametrize("text", ["Harbour Club May", "Harbour Club 00 May 0000", "Fenwick opens 00 houses"])
def test_no_date_is_looked_for_behind_a_name_where_none_tells_the_time(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "_behind_name", None)
    assert plans.plans.__wrapped__(text, None) == ()


def test_only_what_begins_with_a_time_is_read_behind_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(plans, "_read", lambda skeleton, *_: read.append(skeleton) or ())
    plans.plans.__wrapped__("Harbour Club May 0000 Fenwick 0 hours ago", None)
    assert not any(text.startswith("May") for text in read)


def _may_be_date_anywhere(text: str) -> bool:
    seen = sieve.look(text)
    return sieve.may_be_date(seen, vocabulary.classes_anywhere(seen.words))


def test_no_language_is_asked_about_a_text_that_is_a_date_in_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "_plans", None)
    assert plans.plans.__wrapped__("Town votes to keep 00 clocks", None) == ()
