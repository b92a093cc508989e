"""Texts of any shape take time linear in their length (P8): shapes by lot, and those that once did not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.reliability.growth import fault, lasting_fault
from tests.reliability.shapes import Shape
from tests.reliability.trials import trials

# Lines of the smaller text: what grows too fast shows in one of them.
LINE_COUNTS = (1_500, 3_000)
FEW, ALL = 10, 600
# Shapes that once grew faster: dates in heads of any order, and many items on one line.
KNOWN = (42, 64, 194)


@pytest.mark.parametrize("seed", KNOWN)
def test_shapes_that_once_took_too_long(seed: int) -> None:
    for line_count in LINE_COUNTS:
        assert fault(Shape(seed).text, line_count) is None, str(Shape(seed))


def test_shapes_by_lot_take_time_linear_in_their_length(record_property: Callable[[str, object], None]) -> None:
    count = trials(FEW, ALL)
    record_property("trials", count)
    record_property("seed", "0 and on")
    for seed in range(count):
        line_count = LINE_COUNTS[seed % len(LINE_COUNTS)]
        assert lasting_fault(Shape(seed).text, line_count) is None, f"seed {seed}: {Shape(seed)}"


def test_control_a_quadratic_cut_is_caught() -> None:
    def cut(raws: Sequence[bytes]) -> None:
        for raw in raws:
            for start in range(0, len(raw), 10):
                raw[start:].count(b"the")

    assert lasting_fault(Shape(42).text, 300, cut) is not None
