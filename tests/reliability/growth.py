"""Whether twice the text costs about twice the time.

What a text is may change with its length: a page of items is one article up to some number of them and a list beyond
it, and the one takes longer than the other. Such a step is in one doubling; what grows faster is in the next one, too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from cuttings.pages import cut_pages

# Twice the text may cost this much more. Other programs disturb the clock: the best of so many looks is compared.
MOST_GROWTH = 2.5
LOOKS = 8


def lasting_fault(
    text: Callable[[int, int], str], size: int, cut: Callable[[Sequence[bytes]], object] = cut_pages
) -> str | None:
    """What is wrong where both a text of `size` and one twice as large grow too fast when they are doubled."""
    first = fault(text, size, cut)
    second = first and fault(text, 2 * size, cut)
    return second and f"{first}; {second}"


def fault(
    text: Callable[[int, int], str], size: int, cut: Callable[[Sequence[bytes]], object] = cut_pages
) -> str | None:
    """What is wrong with the time that the cut of `text(size, number)` takes, and of one twice as large.

    Each look has two numbers of its own: the dates of a text that was seen are remembered.
    """

    def seconds(size: int, number: int) -> float:
        page = text(size, number).encode()
        start = time.process_time()
        cut([page])
        return time.process_time() - start

    seconds(20, 0)  # what the first call of a process costs
    once = twice = float("inf")
    for look in range(LOOKS):
        once, twice = min(once, seconds(size, 2 * look)), min(twice, seconds(2 * size, 2 * look + 1))
        if twice <= MOST_GROWTH * once:
            return None
    return f"{once:.3f} s, then {twice:.3f} s"
