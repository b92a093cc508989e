"""Near-duplicate texts: found, measured honestly, and nothing else joined."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.corpus.shingles import sketch_texts
from cuttings.corpus.sketch import components, mix, similar_pairs, sketch
from cuttings.corpus.tokens import hashed_words

VOCABULARY = [f"{a}{b}{c}" for a in "btkmsr" for b in "aeiou" for c in ("ll", "nd", "st", "r", "ve", "ght")]
HAN = [chr(0x4E00 + 7 * step) for step in range(150)]


def text(seed, length=200, vocabulary=VOCABULARY, joint=" "):
    return joint.join(random.Random(seed).choices(vocabulary, k=length))


def edited(original, every, joint=" "):
    """Every so many words another one."""
    words = original.split(joint) if joint else list(original)
    words[::every] = [word + "x" for word in words[::every]]
    return joint.join(words)


def stories_of(dump, tables, *bodies, **options):
    for number, body in enumerate(bodies):
        dump.page(f"{number}", {"title": f"Title {number}", "body": body, **options})
    result = tables(dump)
    titles = {row[0]: row[1] for row in result["articles"].select("title", "story_id").iter_rows()}
    return [titles[f"Title {number}"] for number in range(len(bodies))], result


def test_a_wire_report_under_two_titles_is_one_story(dump, tables):
    wire = text(1)
    variant = wire.replace(" ", "\n", 30).replace("ll", "ll,").capitalize() + " — “end”"
    (first, second, other), result = stories_of(dump, tables, wire, variant, text(2))
    assert first == second is not None
    assert other is None
    story = result["stories"]
    assert story.select("article_count", "story_id").rows() == [(2, first)]
    members = result["articles"].filter(pl.col("story_id").is_not_null())
    assert first == min(members.get_column("article_id"))[:16]


def test_a_text_cut_to_two_thirds_is_the_same_story(dump, tables):
    wire = text(1, 600)
    (first, second), _ = stories_of(dump, tables, wire, " ".join(wire.split()[:400]))
    assert first == second is not None


def test_texts_that_share_a_third_are_not(dump, tables):
    pairs = [[f"{text(10 * pair + side, 250)} {text(100 + pair)}" for side in range(2)] for pair in range(8)]
    found, _ = stories_of(dump, tables, *(body for pair in pairs for body in pair))
    assert found == [None] * 16


def test_what_resembles_the_same_text_is_one_story(dump, tables):
    middle = text(1, 400).split()
    (first, second, third), _ = stories_of(
        dump, tables, " ".join(middle[:280]), " ".join(middle), " ".join(middle[120:])
    )
    assert first == second == third is not None


def test_scripts_without_spaces_are_compared_by_characters(dump, tables):
    wire = text(1, 300, HAN, "")
    (first, second, other), _ = stories_of(dump, tables, wire, edited(wire, 40, ""), text(2, 300, HAN, ""))
    assert first == second is not None
    assert other is None


def test_short_texts_and_notices_make_no_story(dump, tables):
    short = text(1, 20)
    assert stories_of(dump, tables, short, short + " more")[0] == [None, None]


def test_a_promotion_in_place_of_the_body_makes_no_story(dump, tables):
    assert stories_of(dump, tables, text(1), text(1) + " more", status="promo_only")[0] == [None, None]


def test_the_longest_text_represents_the_story_and_its_first_date_dates_it(dump, tables):
    wire = text(1)
    dump.page("a", {"title": "Short", "body": wire, "date": "2024-03-06T08:00Z"})
    dump.page("b", {"title": "Long", "body": wire + " more", "date": "2024-03-07T08:00Z"})
    result = tables(dump)
    longest = result["articles"].filter(title="Long").get_column("article_id")[0]
    row = result["stories"].select("representative_article_id", "first_published_at").row(0)
    assert row[0] == longest
    assert row[1].isoformat() == "2024-03-06T08:00:00+00:00"


@pytest.mark.parametrize("overlap", [0.0, 0.3, 0.5, 0.8, 1.0])
def test_the_estimate_is_near_the_true_similarity(overlap):
    size = 4_000
    shared = round(size * 2 * overlap / (1 + overlap))
    values = mix(np.arange(2 * size, dtype=np.uint64))
    left, right = values[:size], values[size - shared : 2 * size - shared]
    rows = np.repeat(np.arange(2), size)
    both = sketch(rows, np.concatenate((left, right)), 2)
    assert (both[0] == both[1]).mean() == pytest.approx(overlap, abs=0.14)  # three standard errors of 126 bins


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_components_are_the_smallest_row_that_can_be_reached(pairs):
    left = np.array([min(pair) for pair in pairs], dtype=np.int64)
    right = np.array([max(pair) for pair in pairs], dtype=np.int64)
    expected = list(range(10))
    for _ in range(10):
        for a, b in pairs:
            expected[a] = expected[b] = min(expected[a], expected[b])
    assert components(10, left, right).tolist() == expected


def test_many_copies_of_one_text_cost_a_line_of_pairs():
    sketches = np.repeat(sketch(np.zeros(500, dtype=np.int64), mix(np.arange(500, dtype=np.uint64)), 1), 300, axis=0)
    left, right = similar_pairs(sketches, 0.5)
    assert len(left) <= 2 * 300
    assert set(components(300, left, right)) == {0}


def test_bins_that_are_empty_in_both_sets_say_nothing():
    """Sets of 40 fill a quarter of the bins; those of each pair share 18 elements, a similarity of 0.29."""
    values = mix(np.arange(20 * 62, dtype=np.uint64)).reshape(20, 62)
    sets = np.concatenate((values[:, :40], values[:, 22:]))
    sketches = sketch(np.repeat(np.arange(40), 40), sets.reshape(-1), 40)
    assert len(similar_pairs(sketches, 0.6)[0]) == 0
    assert len(similar_pairs(sketches, 0.1)[0]) > 0


words = st.text(st.sampled_from("aAbéÉ日本กя ’.-\n"), max_size=30)


@given(st.lists(words, max_size=6), st.booleans())
@settings(max_examples=200)
def test_words_have_equal_hashes_exactly_when_they_are_equal(texts, is_unspaced):
    series = pl.Series("text", texts, dtype=pl.String)
    owners, hashes = hashed_words(series, is_unspaced=is_unspaced)
    expected = []
    for number, body in enumerate(texts):
        word = ""
        for character in body.lower() + " ":
            if not character.isalnum():
                expected += [(number, word)] if word else []
                word = ""
            elif is_unspaced and (not character.isascii() or (word and not word.isascii())):
                expected += [(number, word)] if word else []
                word = character
            else:
                word += character
    assert owners.tolist() == [number for number, _ in expected]
    by_word = {}
    for (_, word), value in zip(expected, hashes.tolist(), strict=True):
        assert by_word.setdefault(word, value) == value
    assert len(set(by_word.values())) == len(by_word)


def test_a_sketch_does_not_depend_on_the_texts_beside_it():
    bodies = [text(seed, 60) for seed in range(5)] + [text(9, 60, HAN, "")]
    together, counts = sketch_texts(pl.Series(bodies))
    for row, body in enumerate(bodies):
        alone, count = sketch_texts(pl.Series([body]))
        assert np.array_equal(alone[0], together[row])
        assert count[0] == counts[row]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 1_000), owners=st.lists(st.integers(0, 7), max_size=40))
def test_rows_of_one_sketch_pair_as_if_each_had_its_own(seed, owners):
    chance = np.random.default_rng(seed)
    rows = np.repeat(np.arange(8), 12)
    sketches = sketch(rows, mix(chance.integers(0, 30, len(rows)).astype(np.uint64)), 8)
    held = np.array(owners, dtype=np.int64)
    for shared, own in zip(similar_pairs(sketches, 0.4, held), similar_pairs(sketches[held], 0.4), strict=True):
        assert shared.tolist() == own.tolist()
