"""The line model: exact whole numbers, the same scores in any batch, prose above menus; and the run of the body."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cuttings.pages.features import line_features
from cuttings.pages.lines import lex
from cuttings.pages.measures import measure
from cuttings.pages.model import ACTIVATION_CAP, ACTIVATION_STEPS, Layer, line_model, read_model, score_lines
from cuttings.pages.page import Page
from cuttings.pages.primary import EDGE_LINES, Run, best_runs, find_runs, lifted_runs
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
    scores, words = score_lines(lexed), measure(lexed).tokens
    ((start, end),) = runs_of([np.rint(np.clip(scores, -4, 2) * words).astype(np.int64).tolist()])
    assert lexed.lines["text"][start:end].to_list() == BODY


def test_a_run_resumes_after_a_gap_that_costs_less_than_what_follows() -> None:
    assert runs_of([[20, 20, -20, 20, 20]]) == [(0, 5)]
    assert runs_of([[20, 20, -20, 2, 2]]) == [(0, 2)]
    assert runs_of([[0, -3, 0, 0, 5, -5, 0, 5]]) == [(4, 5)]  # the first of equals, without what gains nothing


def test_a_page_on_which_nothing_scores_is_lifted_until_half_of_its_words_run() -> None:
    scores, words = np.array([-4.0, -2.0, -1.5, -1.5, -4.0]), np.array([1, 3, 9, 8, 1])
    # A second page, by half a step less likely: each is lifted on its own, and counts from its own first line.
    scores, words = np.concatenate([scores, scores - 0.5]), np.tile(words, 2)

    def gains(lift: float, at: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.rint((scores[at] + lift) * words[at]).astype(np.int64)

    first, second = lifted_runs(gains, words, np.array([0, 5, 10]))
    assert (first.start, first.end, first.lift) == (2, 4, 2.0)
    assert (second.start, second.end, second.lift) == (2, 4, 2.5)


@given(st.lists(st.lists(st.integers(-99, 99), min_size=1, max_size=12), min_size=1, max_size=5))
@settings(deadline=None)
def test_no_run_of_a_page_is_better_than_the_best(pages: list[list[int]]) -> None:
    for gains, (start, end) in zip(pages, runs_of(pages), strict=True):
        best = max(sum(gains[a:b]) for a in range(len(gains)) for b in range(a + 1, len(gains) + 1))
        assert sum(gains[start:end]) == max(best, 0)
        assert 0 <= start <= end <= len(gains)


def runs_of(pages: list[list[int]]) -> list[tuple[int, int]]:
    bounds = np.cumsum([0, *map(len, pages)])
    starts, ends = best_runs(np.concatenate([np.array(gains, np.int64) for gains in pages]), bounds)
    return list(zip((starts - bounds[:-1]).tolist(), (ends - bounds[:-1]).tolist(), strict=True))


def test_a_short_report_of_one_paragraph_is_not_given_up_for_a_list_of_headlines() -> None:
    odds, words = np.array([0.3, -4.0, *[-0.9] * 9]), np.array([42, 30, *[9] * 9])

    def run_of(paragraph_words: int) -> Run:
        counts = np.concatenate([[paragraph_words], words[1:]])

        def gains(lift: float, at: NDArray[np.int64]) -> NDArray[np.int64]:
            return np.rint((odds[at] + lift) * counts[at] * 64).astype(np.int64)

        (run,) = lifted_runs(gains, counts, np.array([0, len(counts)]))
        return run

    assert run_of(42) == Run(0, 1, 0.5)
    assert run_of(20) == Run(2, 11, 1.5)  # too little to be sure of


def test_likely_lines_at_the_ends_of_a_run_are_taken_up_to_a_date_or_a_rail() -> None:
    unsure, text = (-0.3, 10), (3.0, 50)
    lines = [unsure, text, text, *[unsure] * (EDGE_LINES + 1)]
    assert edges_of("TBBTTTTT", lines) == (0, 3 + EDGE_LINES)
    assert edges_of("TBBTTTTT", lines, rail=(5, 6)) == (0, 5)
    assert edges_of("TBBTDTTT", [*lines[:4], (-0.3, 1), *lines[5:]]) == (0, 4)
    assert edges_of("RBBTTTTT", [(-0.3, 45), *lines[1:]]) == (1, 3 + EDGE_LINES)
    assert edges_of("TBBTTTTT", [(-0.6, 10), text, text, *[(-0.6, 10)] * 5]) == (1, 3)


def edges_of(classes: str, lines: list[tuple[float, int]], rail: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    odds, words = (np.array(column) for column in zip(*lines, strict=True))
    nothing: list[int] = []
    page = Page(
        bytearray(classes, "ascii"), nothing, [], nothing, [], [], nothing, nothing, [], b"", b"", nothing, nothing,
        b"", b"", b"", b"", b"", b"",
        odds.astype(np.float64), words,
    )  # fmt: skip
    masked = bytearray(rail[0] <= i < rail[1] for i in range(len(classes)))
    (run,) = find_runs([page], [masked], [frozenset()])
    return run.start, run.end
