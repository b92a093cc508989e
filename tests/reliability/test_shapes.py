"""Texts of any shape take time linear in their length (P8): shapes by lot, and those that once did not."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import pytest

from cuttings.pages import cut_pages
from tests.reliability.shapes import Shape
from tests.reliability.trials import trials

# Lines of the smaller text: what grows too fast shows in one of them.
LINE_COUNTS = (1_500, 3_000)
MOST_GROWTH = 2.5
# Other programs disturb the clock: the best of so many looks at both texts is compared.
LOOKS = 8
FEW, ALL = 10, 600
# Shapes that once grew faster: dates in heads of any order, and many items on one line.
KNOWN = (42, 64, 194)


def seconds(text: bytes) -> float:
    """CPU seconds that the cut of a page takes."""
    start = time.process_time()
    cut_pages([text])
    return time.process_time() - start


def fault(shape: Shape, line_count: int) -> str | None:
    """What is wrong with the time that the cut takes of a text of so many lines, and of twice as many."""
    cut_pages([shape.text(20).encode()])
    first = second = float("inf")
    for look in range(LOOKS):  # at other texts each time: the dates of one that was seen are remembered
        first = min(first, seconds(shape.text(line_count, 2 * look).encode()))
        second = min(second, seconds(shape.text(2 * line_count, 2 * look + 1).encode()))
        if second <= MOST_GROWTH * first:
            return None
    return f"{shape}: {first:.2f} s for {line_count:,} lines, {second:.2f} s for twice as many"


@pytest.mark.parametrize("seed", KNOWN)
def test_shapes_that_once_took_too_long(seed: int) -> None:
    for line_count in LINE_COUNTS:
        assert fault(Shape(seed), line_count) is None


def test_shapes_by_lot_take_time_linear_in_their_length(record_property: Callable[[str, object], None]) -> None:
    count = trials(FEW, ALL)
    record_property("trials", count)
    record_property("seed", "0 and on")
    for seed in range(count):
        line_count = LINE_COUNTS[seed % len(LINE_COUNTS)]
        assert fault(Shape(seed), line_count) is None, f"seed {seed}"


def test_control_a_quadratic_cut_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(raws: list[bytes]) -> None:
        for raw in raws:
            for start in range(0, len(raw), 10):
                raw[start:].count(b"the")

    monkeypatch.setattr(sys.modules[__name__], "cut_pages", cut)
    assert fault(Shape(42), 300) is not None
