"""What is looked up quickly, or not looked at at all, must be what the slow search would find."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.pages import status, words

TEXTS = st.text(alphabet="aBßİ.-\"'»中文字 \n\u3000", max_size=60) | st.text(max_size=20)


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, max_size=5))
def test_words_of_texts_that_were_seen_are_those_of_the_texts_as_one(texts: list[str]) -> None:
    seen: words.Seen = {}
    whole = " ".join(texts)
    folded = whole.casefold().split()
    bare = "".join(whole.split())
    if len(whole) > words.MOST_WORD_CHARS * max(1, len(folded)):
        expected = {bare[i : i + 2] for i in range(len(bare) - 1)}
    else:
        expected = {word for word in (word.strip(words._OUTER) for word in folded) if len(word) >= words.WORD_CHARS}
    for _ in range(2):
        assert words.pieces_of(texts, seen) == expected


@settings(max_examples=100, deadline=None)
@given(st.lists(st.from_regex(status._PLEAS, fullmatch=True), min_size=status.PLEAS, max_size=6))
def test_a_plea_passes_the_sieve_before_the_pattern(wordings: list[str]) -> None:
    text = " ".join(wordings)
    asked = {found.lastgroup for found in status._PLEAS.finditer(text)}
    assert len(asked) < status.PLEAS or status._may_plead(text.casefold())
