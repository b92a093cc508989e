"""The quality gate of the cutter refuses what is worse than its floors, whichever way is worse."""

from __future__ import annotations

import pytest

from benchmarks.quality import SLACK, fell, ratcheted

FLOORS = {"multi: blob F1": 0.99, "multi: LEAK": 0.004, "multi: set aside": 0}


@pytest.mark.parametrize(
    ("measured", "worse"),
    [
        ({}, None),
        ({"multi: blob F1": 0.995, "multi: LEAK": 0.0, "a new figure": 0.1}, None),
        ({"multi: blob F1": 0.99 - SLACK / 2}, None),
        ({"multi: blob F1": 0.98}, "multi: blob F1: 0.98, pinned at 0.99"),
        ({"multi: LEAK": 0.02}, "multi: LEAK: 0.02, pinned at 0.004"),
        ({"multi: set aside": 1}, "multi: set aside: 1, pinned at 0"),
    ],
)
def test_a_figure_may_only_rise_or_fall_the_good_way(measured, worse):
    assert fell(FLOORS | measured, FLOORS) == ([worse] if worse else [])


def test_a_figure_that_is_no_longer_measured_is_missed():
    assert fell({}, {"multi: blob F1": 0.99}) == ["multi: blob F1: not measured, pinned at 0.99"]


def test_new_floors_are_never_worse_than_the_old_ones():
    measured = {"multi: blob F1": 0.9895, "multi: LEAK": 0.003, "multi: set aside": 0, "new": 0.5}
    assert ratcheted(measured, FLOORS) == {
        "multi: blob F1": 0.99,
        "multi: LEAK": 0.003,
        "multi: set aside": 0,
        "new": 0.5,
    }
