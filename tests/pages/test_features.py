"""Measures and features: counts as a reader would count, each page on its own, whole numbers, linear time."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.pages import measures as kinds
from cuttings.pages.features import line_features
from cuttings.pages.lines import lex
from cuttings.pages.measures import BLOCK_BYTES, LineMeasures, measure
from tests.pages.test_decode import hostile

LINES = [
    "Home", "", "Read more", "  • Politics", "The council met on Monday, and it was, by all accounts, a long evening.",
    "© 2021 The Gazette", "and so it went on for a while", "«Нет», сказал он после долгой паузы в коридоре.",
    "今天早上，城市里一座新的大桥正式开通。", "وقال المتحدث إن الاجتماع كان طويلا.", "12:45", "\u00a0", "Home",
]  # fmt: skip
pages_of_lines = st.lists(st.sampled_from(LINES), max_size=30).map(lambda lines: "\n".join(lines).encode())


def measured(text: str) -> LineMeasures:
    return measure(lex([text.encode()]))


@pytest.mark.parametrize(
    ("text", "words", "tokens", "chars", "uppers", "letters", "digits"),
    [
        ("Two words", 2, 2, 9, 1, 8, 0),
        ("  padded  out ", 2, 2, 14, 0, 9, 0),
        ("Über 30 Äpfel", 3, 3, 13, 2, 9, 2),
        ("Привет Мир", 2, 2, 10, 2, 9, 0),
        ("Καλημέρα Κόσμε", 2, 2, 14, 2, 13, 0),
        ("مرحبا بالعالم", 2, 2, 13, 0, 12, 0),
        ("नमस्ते दुनिया", 2, 2, 13, 0, 12, 0),
        ("안녕 세계", 2, 2, 5, 0, 4, 0),
    ],
)
def test_counts_are_those_of_a_reader(
    text: str, words: int, tokens: int, chars: int, uppers: int, letters: int, digits: int
) -> None:
    m = measured(text)
    got = (m.words[0], m.tokens[0], m.chars[0], m.uppers[0], m.digits[0])
    assert got == (words, tokens, chars, uppers, digits)
    # Three-byte scripts count the two bytes behind the lead once each pair: letters are right up to that factor.
    assert letters <= m.letters[0] <= 2 * letters


def test_scripts_without_spaces_count_words_by_their_characters() -> None:
    m = measured("今天早上城市里一座新的大桥正式开通\nกขคงจฉชซฌญ")
    assert m.tokens.tolist() == [1 + 17, 1 + 10]
    assert m.words.tolist() == [1 + 10, 1 + 2]


@pytest.mark.parametrize(
    ("text", "first", "last", "end"),
    [
        ("Done.", kinds.UPPER, kinds.TERMINAL, kinds.TERMINAL),
        ("“He is gone.”", kinds.OPENING, kinds.CLOSING, kinds.TERMINAL),
        ("he said (twice!)\u00a0", kinds.LOWER, kinds.CLOSING, kinds.TERMINAL),
        ("他说：“走了。”", kinds.CASELESS, kinds.CLOSING, kinds.TERMINAL),
        ("وقال؟", kinds.CASELESS, kinds.TERMINAL, kinds.TERMINAL),
        ("• item", kinds.BULLET, kinds.LOWER, kinds.LOWER),
        (", he said", kinds.PAUSE, kinds.LOWER, kinds.LOWER),
        ("7 days", kinds.DIGIT, kinds.LOWER, kinds.LOWER),
        ("\u3000全角。\u3000", kinds.CASELESS, kinds.TERMINAL, kinds.TERMINAL),
        ("😀", kinds.OTHER, kinds.OTHER, kinds.OTHER),
        ("\"", kinds.OPENING, kinds.OPENING, kinds.OPENING),
    ],
)  # fmt: skip
def test_first_and_last_characters_have_their_kind(text: str, first: int, last: int, end: int) -> None:
    m = measured(text)
    assert (m.first_kind[0], m.last_kind[0], m.end_kind[0]) == (first, last, end)


def test_lines_of_spaces_are_blank_in_any_alphabet_of_spaces() -> None:
    m = measured("\n \n\t\n\u00a0\n\u3000 \n\u200b\n\ufeff\n.\n")
    assert m.is_blank.tolist() == [True] * 7 + [False]


def test_a_line_longer_than_a_block_is_counted_whole() -> None:
    sentence = "One two three, four. "
    repeats = 3 * BLOCK_BYTES // len(sentence)
    m = measured("x\n" + sentence * repeats + "\ny\n")
    assert m.words.tolist() == [1, 4 * repeats, 1]
    assert m.commas.tolist() == [0, repeats, 0]
    assert m.sentences.tolist() == [0, repeats, 0]


@given(st.lists(st.one_of(hostile, pages_of_lines), max_size=5))
@settings(deadline=None, max_examples=25)
def test_features_of_a_page_do_not_depend_on_its_batch(raws: list[bytes]) -> None:
    together = line_features(lex(raws))
    for index, raw in enumerate(raws):
        alone = line_features(lex([raw]))
        mine = slice(together.page_rows[index], together.page_rows[index + 1])
        if len(alone.rows):
            assert together.names == alone.names
            np.testing.assert_array_equal(together.matrix[:, mine], alone.matrix)


def test_neighbours_and_windows_stop_at_the_page() -> None:
    prose = b"The council met on Monday evening, and it went on and on for a while.\n"
    features = line_features(lex([b"Menu\n", prose * 3]))
    menu = dict(zip(features.names, features.matrix[:, 0].tolist(), strict=True))
    assert (menu["words_after"], menu["prose_w5"], menu["longest_after"], menu["page_prose"]) == (0, 0, 0, 0)
    assert menu["until_prose"] == max(features.matrix[features.names.index("until_prose")])


def test_a_sentence_broken_by_links_is_one_unit() -> None:
    text = "The minister met\nPeter Frost\n, the new mayor of the old town, and then left for the airport.\nHome\n"
    features = line_features(lex([text.encode()]))
    unit_lines = features.matrix[features.names.index("unit_lines")].tolist()
    assert unit_lines[1] == unit_lines[2] > unit_lines[0] == unit_lines[3]
    assert features.matrix[features.names.index("prose")].tolist() == [0, 1, 1, 0]


def test_furniture_words_count_in_short_lines_only() -> None:
    long_line = "She would share her thoughts with all of them in a letter that was read by many people in town."
    features = line_features(lex([f"Share\n{long_line}\n".encode()]))
    assert features.matrix[features.names.index("social")].tolist() == [1, 0]


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(lambda n: b"word, " * n, id="one huge line"),
        pytest.param(lambda n: b"\n" * (4 * n), id="empty lines"),
        pytest.param(lambda n: b"Read more\n" * n, id="repeated marker"),
        pytest.param(lambda n: "“«".encode() * n, id="nested quotes"),
        pytest.param(lambda n: b"\xff\r" * n, id="unsound bytes"),
    ],
)
def test_time_grows_with_the_input(shape: object) -> None:
    def seconds(n: int) -> float:
        raw = shape(n)  # type: ignore[operator]
        best = 9.0
        for _ in range(3):
            started = time.process_time()
            line_features(lex([raw]))
            best = min(best, time.process_time() - started)
        return best

    assert seconds(40_000) <= 3.5 * seconds(20_000) + 0.05
