"""Live pages: clock times in order, each with its entry, belong to one article."""

from __future__ import annotations

import re
from typing import Final

from cuttings.pages.grammar import BODY, DATE, RELATED, Page

# Fewest entries of a live page.
LIVE_ENTRIES: Final = 3
# Mean length of an entry, in units: less is a list of titles.
ENTRY_UNITS: Final = 14.0
# So many and so long entries make a live page whatever stands above them.
MANY_ENTRIES: Final = 6
LONG_ENTRY_UNITS: Final = 30.0
# How far above the first entry the title or date of the page stands, in lines.
ABOVE_LINES: Final = 7
# The clock runs over midnight.
DAY_MINUTES: Final = 24 * 60
_CLOCK: Final = re.compile(
    r"(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?:[:.]\d{2})?\s*(?P<half>[apAP])?\.?(?:[mM]\b\.?)?\s*(?:[A-Z]{2,5}|Uhr|uhr|h)?:?"
)


def live_entries(page: Page) -> frozenset[int]:
    """The lines that hold the times of a live page's entries; empty for any other page."""
    clocks = [(i, minute) for i in _dates(page) if (minute := _minutes(page.text[i])) is not None]
    best: list[tuple[int, int]] = []
    for sign in (-1, 1):
        chain: list[tuple[int, int]] = []
        for entry in clocks:
            steps = (
                chain
                and (sign * (entry[1] - chain[-1][1])) % DAY_MINUTES <= DAY_MINUTES // 2
                and RELATED not in page.cls[chain[-1][0] : entry[0]]
            )
            chain = [*chain, entry] if steps else [entry]
            if len(chain) > len(best):
                best = chain
    if len(best) < LIVE_ENTRIES:
        return frozenset()
    first, last = best[0][0], best[-1][0]
    between = sum(page.units[first:last]) / (len(best) - 1)
    above = page.cls[max(0, first - ABOVE_LINES) : first]
    opens = DATE in above or ord("E") in above or (len(best) >= MANY_ENTRIES and between >= LONG_ENTRY_UNITS)
    heading = RELATED in page.cls[max(0, first - 2) : first]
    if between < ENTRY_UNITS or BODY not in page.cls[first:last] or heading or not opens:
        return frozenset()
    return frozenset(i for i, _ in best)


def _dates(page: Page) -> list[int]:
    return [i for i, c in enumerate(page.cls) if c == DATE]


def _minutes(text: str) -> int | None:
    """Minutes since midnight of a line that is a clock time and nothing else."""
    match = _CLOCK.fullmatch(text[:24].strip()) if len(text) <= 24 else None
    if match is None:
        return None
    hour, half = int(match["h"]), (match["half"] or "").lower()
    if half:
        hour = hour % 12 + 12 * (half == "p")
    return hour * 60 + int(match["m"])
