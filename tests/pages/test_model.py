"""The line model: exact whole numbers, the same scores in any batch, prose above menus; and the run of the body."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.pages.features import line_features
from cuttings.pages.lines import lex
from cuttings.pages.measures import measure
from cuttings.pages.model import ACTIVATION_CAP, ACTIVATION_STEPS, Layer, line_model, read_model, score_lines
from cuttings.pages.runs import best_run, body_lines
from tests.pages.test_decode import hostile
from tests.pages.test_features import pages_of_lines

BODY = [
    "The old harbour crane was taken down on Tuesday after ninety years of service, the port authority said.",
    "Dozens of people had gathered on the quay to watch, and some of the former dockers wept openly.",
    "“It was the first thing you saw when you came home,” said Anna Holm, who worked there until 1987.",
    "Local historians had asked the council to keep it, but the cost of the repairs was put at four million euros.",
    "The council, which met twice to discuss the matter, voted against the plan by nine votes to six in the end.",
    "On Wednesday morning only the four concrete feet were left, and gulls were already sitting on all of them.",
    "Nobody could say how long it would take to clear the site, as the ground below is said to be polluted.",
    "The steel will be melted and used for a new bridge, which is to open in the spring of next year.",
]
MENU = ["Home", "News", "Sport", "Weather", "Log in", "Subscribe", "Contact", "Privacy", "Share", "Facebook"]


def page(*parts: list[str]) -> bytes:
    return "\n".join(line for part in parts for line in part).encode()


@given(st.lists(st.one_of(hostile, pages_of_lines), max_size=5))
@settings(deadline=None, max_examples=25)
def test_scores_of_a_page_do_not_depend_on_its_batch(raws: list[bytes]) -> None:
    together = score_lines(lex(raws))
    alone = [score_lines(lex([raw])) for raw in raws]
    np.testing.assert_array_equal(together, np.concatenate([np.zeros(0, np.float32), *alone]))


def test_scores_are_those_of_whole_number_arithmetic() -> None:
    model = line_model()
    features = line_features(lex([page(MENU, BODY, MENU)]))
    assert features.names == model.features
    values = features.matrix.T.astype(object)
    for layer in model.layers[:-1]:
        sums = values @ layer.weights.astype(int).astype(object) + layer.bias.astype(int).astype(object)
        values = np.clip(sums * ACTIVATION_STEPS // layer.scale, 0, ACTIVATION_CAP)
    last = model.layers[-1]
    sums = (values @ last.weights.astype(int).astype(object) + last.bias.astype(int).astype(object))[:, 0]
    expected = np.array([value / last.scale for value in sums], np.float32)
    np.testing.assert_array_equal(model.log_odds(features.matrix), expected)
    many = np.tile(features.matrix, 200)
    np.testing.assert_array_equal(model.log_odds(many), np.tile(expected, 200))


def test_a_layer_whose_sums_could_be_inexact_is_refused() -> None:
    with pytest.raises(ValueError, match="exact only below"):
        Layer(np.full((200, 1), 400, np.float32), np.zeros(1, np.float32), 1)


def test_the_shipped_numbers_say_where_they_come_from() -> None:
    text = (files("cuttings.pages") / "line_model.json").read_text(encoding="utf-8")
    provenance = json.loads(text)["provenance"]
    assert {"fitted_on", "fitted_by", "sets", "sets_sha256", "recipe", "figures"} <= set(provenance)
    assert read_model(text).features == line_model().features


def test_paragraphs_stand_above_menus_and_blank_lines_at_nothing() -> None:
    lexed = lex([page(MENU, [""], BODY, [""], MENU)])
    scores = score_lines(lexed)
    first = len(MENU) + 1
    body = scores[first : first + len(BODY)]
    assert body.min() > 0
    assert body.min() > max(scores[: len(MENU)].max(), scores[-len(MENU) :].max())
    assert scores[len(MENU)] == 0.0


def test_the_run_of_the_body_is_the_body() -> None:
    lexed = lex([page(MENU, [""], BODY, [""], MENU)])
    chosen = body_lines(score_lines(lexed), measure(lexed).tokens)
    texts = [text for text, is_in in zip(lexed.lines["text"], chosen, strict=True) if is_in]
    assert texts == BODY


def test_a_run_resumes_after_a_gap_that_costs_less_than_what_follows() -> None:
    scores = np.array([1, 1, -4, 1, 1], np.float32)
    assert best_run(scores, np.array([20, 20, 5, 20, 20])) == (0, 5)
    assert best_run(scores, np.array([20, 20, 5, 2, 2])) == (0, 2)
    chosen = body_lines(scores, np.array([20, 20, 5, 20, 20]))
    assert chosen.tolist() == [True, True, False, True, True]


def test_a_page_on_which_nothing_scores_still_has_a_body() -> None:
    scores = np.array([-4, -2, -1.5, -1.5, -4], np.float32)
    words = np.array([1, 3, 9, 8, 1])
    assert best_run(scores, words) == (0, 0)
    assert body_lines(scores, words).tolist() == [False, False, True, True, False]
    assert not body_lines(np.zeros(0, np.float32), np.zeros(0, np.int64)).any()


@given(st.lists(st.tuples(st.floats(-6, 6, width=32), st.integers(0, 60)), max_size=12))
@settings(deadline=None)
def test_no_run_is_better_than_the_best(lines: list[tuple[float, int]]) -> None:
    scores = np.array([score for score, _ in lines], np.float32)
    words = np.array([count for _, count in lines], np.int64)
    gains = np.rint(np.clip(scores, -4, 2) * 64).astype(np.int64) * words
    start, end = best_run(scores, words)
    best = max((gains[a:b].sum() for a in range(len(lines)) for b in range(a + 1, len(lines) + 1)), default=0)
    assert gains[start:end].sum() == max(best, 0)
