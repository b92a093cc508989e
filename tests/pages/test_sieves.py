"""What is looked up quickly, or not looked at at all, must be what the slow search would find."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cuttings.pages import spans, status, words

TEXTS = st.text(alphabet="aBßİ.-\"'»中文字 \n\u3000", max_size=60) | st.text(max_size=20)


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, max_size=5))
def test_words_of_texts_that_were_seen_are_those_of_the_texts_as_one(texts: list[str]) -> None:
    seen = words.Words()
    whole = " ".join(texts)
    counted = sum(words._count(text, text.split()) for text in texts)
    for _ in range(2):
        assert _spelled(seen, seen.of(texts)) == _expected(whole, counted)
    assert words.pieces(whole) == _expected(whole, words._count(whole, whole.split()))


def _expected(whole: str, counted: int) -> set[str]:
    bare = "".join(whole.split())
    if len(whole) > words.MOST_WORD_CHARS * counted:
        return {bare[i : i + 2] for i in range(len(bare) - 1)}
    folded = (word.strip(words._OUTER) for word in whole.casefold().split())
    return {word for word in folded if len(word) >= words.WORD_CHARS}


def test_titles_of_scripts_without_spaces_are_compared_by_pairs_though_they_are_short_or_hold_one() -> None:
    for title in ("桥下月通行 长三百米", "灯台、再点灯", "สะพานใหม่ เปิด"):
        assert words.pieces(title) == {a + b for a, b in pairwise("".join(title.split()))}
    for title in ("부산 앞바다에서 어선 전복", "Größte Brücke gesperrt", "Мост закрыт", "iPhone 発売 at last"):
        assert words.pieces(title) == {word.casefold() for word in title.split() if len(word) >= words.WORD_CHARS}


def _spelled(seen: words.Words, numbers: int) -> set[str]:
    pairs = {pair: 1 << place for pair, place in seen._pair_places.items()}
    return {word for word, bit in (seen._bits | pairs).items() if bit & numbers}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.from_regex(status._PLEAS, fullmatch=True), min_size=status.PLEAS, max_size=6))
def test_a_plea_passes_the_sieve_before_the_pattern(wordings: list[str]) -> None:
    text = " ".join(wordings)
    asked = {found.lastgroup for found in status._PLEAS.finditer(text)}
    assert len(asked) < status.PLEAS or status._may_plead(text.casefold())


@settings(max_examples=60, deadline=None)
@given(st.from_regex(spans._CREDIT, fullmatch=True))
def test_a_credit_passes_the_sieve_before_the_pattern(credit: str) -> None:
    tail = credit[-spans.CREDIT_CHARS :]
    assert spans.is_credited(credit) == (spans._CREDIT.search(tail) is not None)


DATELINES = st.sampled_from([spans._PLACE_AND_AGENCY, spans._NAMED_DATELINE, spans._CAPITALS])


@settings(max_examples=60, deadline=None)
@example("Aldern (AP). Rain")
@given(DATELINES.flatmap(st.from_regex))
def test_a_dateline_passes_the_sieve_before_the_patterns(text: str) -> None:
    head = text[:90]
    found = spans._PLACE_AND_AGENCY.match(head) if "(" in head else None
    found = found or spans._NAMED_DATELINE.match(head) or spans._CAPITALS.match(head)
    assert (spans.dateline(text) is not None) == (found is not None)
