"""The lexicon file is what its sources make, and it knows fifty languages and more."""

from __future__ import annotations

from importlib.resources import files

import pytest

from cuttings.dates import lexicon, lexicon_build


def test_the_committed_lexicon_is_what_its_sources_make(capsys: pytest.CaptureFixture[str]) -> None:
    lexicon_build.main()
    made = capsys.readouterr().out
    committed = files("cuttings.dates").joinpath("data", "lexicon.tsv").read_text(encoding="utf-8")
    assert made == committed, "re-make: python -m cuttings.dates.lexicon_build > cuttings/dates/data/lexicon.tsv"


def test_fifty_languages_have_all_months_and_a_word_of_ago() -> None:
    months: dict[str, set[str]] = {}
    ages: set[str] = set()
    for phrase in lexicon.phrases("MAReE"):
        for language, meanings in lexicon.by_language(phrase).items():
            months.setdefault(language, set()).update(value for kind, value in meanings if kind == "M")
            if any(kind in "ARe" for kind, _ in meanings):
                ages.add(language)
    complete = {language for language, known in months.items() if len(known) == 12}
    assert len(complete & ages) >= 60


@pytest.mark.parametrize(
    ("code", "canonical"), [("pt-BR", "pt"), ("no", "nb"), ("tl", "fil"), ("zh_Hant", "zh"), ("xx", None), (None, None)]
)
def test_language_codes(code: str | None, canonical: str | None) -> None:
    assert lexicon.canonical(code) == canonical
