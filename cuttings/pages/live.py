"""Live pages: clock times in order, each with its entry, belong to one article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from cuttings.pages.page import DATE, LIVE, RELATED, TEXT, Page, text_lines
from cuttings.pages.phrases import folded_text, live_phrases

# Fewest entries of a live page.
LIVE_ENTRIES: Final = 3
# Mean length of an entry, in units: less is a list of titles.
ENTRY_UNITS: Final = 14.0
# So many and so long entries make a live page whatever stands above them.
MANY_ENTRIES: Final = 6
LONG_ENTRY_UNITS: Final = 30.0
# How far above the first entry the title or date of the page stands, in lines.
ABOVE_LINES: Final = 7
# Times that run forward for so many minutes or more, but for no more than a day and an hour, so large a share of them
# above titles, are those of a programme: reports tell of fewer hours, or the newest comes first.
PROGRAMME_MINUTES: Final = (8 * 60, 25 * 60)
PROGRAMME_SHARE: Final = 0.8
# Lines without an end before a text are headings where so many of the entries have one: elsewhere they are subheads.
HEADED_SHARE: Final = 0.5
# The clock runs over midnight.
DAY_MINUTES: Final = 24 * 60
# What parts the title of a live page from the word that says what it is.
_TITLE_PARTS: Final = re.compile(r"[:：|•·]| [–—-] ")
_CLOCK: Final = re.compile(
    r"(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?:[:.]\d{2})?\s*(?P<half>[apAP])?\.?(?:[mM]\b\.?)?\s*(?:[A-Z]{2,5}|Uhr|uhr|h)?:?"
)


def live_entries(page: Page) -> frozenset[int]:
    """The lines that hold the times of a live page's entries; empty for any other page."""
    clocks = [(i, minute) for i in _dates(page) if (minute := _minutes(page.text[i])) is not None]
    best_start = best_end = 0
    for sign in (-1, 1):
        start = 0
        for at, (line, minute) in enumerate(clocks):
            last_line, last_minute = clocks[at - 1]
            steps = (
                at > start
                and (sign * (minute - last_minute)) % DAY_MINUTES <= DAY_MINUTES // 2
                and RELATED not in page.cls[last_line:line]
            )
            if not steps:
                start = at
            if at + 1 - start > best_end - best_start:
                best_start, best_end = start, at + 1
    best = clocks[best_start:best_end]
    if len(best) < LIVE_ENTRIES:
        return frozenset()
    first, last = best[0][0], best[-1][0]
    between = sum(page.units[first:last]) / (len(best) - 1)
    top = max(0, first - ABOVE_LINES)
    says_live = LIVE in page.cls[top:last] or any(_is_live(page.text[i]) for i in range(top, first))
    opens = says_live or DATE in page.cls[top:first] or (len(best) >= MANY_ENTRIES and between >= LONG_ENTRY_UNITS)
    heading = RELATED in page.cls[max(0, first - 2) : first]
    if between < ENTRY_UNITS or not text_lines(page.cls[first:last]) or heading or not opens:
        return frozenset()
    if not says_live and _is_programme(page, best):
        return frozenset()
    return frozenset(i for i, _ in best)


def _is_programme(page: Page, clocks: Sequence[tuple[int, int]]) -> bool:
    """Whether times are those of a programme, as of a television channel: (line, minute)."""
    minutes = sum((b - a) % DAY_MINUTES for (_, a), (_, b) in pairwise(clocks))
    titled = sum(page.cls[i + 1] in b"TW" and not page.is_terminal[i + 1] for i, _ in clocks if i + 1 < len(page.cls))
    least, most = PROGRAMME_MINUTES
    return least <= minutes <= most and titled >= PROGRAMME_SHARE * len(clocks)


def entry_titles(page: Page, live: frozenset[int]) -> frozenset[int]:
    """The lines right behind the times of entries, at lines `live`, that are their headings: words that open the next
    line, or, where most entries have one, a line without an end before a text.
    """
    behind = [i + 1 for i in sorted(live) if i + 2 < len(page.cls) and page.cls[i + 1] in b"TWS"]
    opening = {i for i in behind if page.text[i + 1].casefold().startswith(page.text[i].rstrip("….").casefold())}
    lone = {i for i in behind if i not in opening and _is_heading(page, i)}
    return frozenset(opening | lone if len(lone) >= HEADED_SHARE * len(live) else opening)


def _is_heading(page: Page, i: int) -> bool:
    is_lone = page.cls[i] in b"TW" and not page.is_terminal[i] and not page.in_sentence(i)
    return is_lone and page.cls[i + 1] in TEXT


def _is_live(title: str) -> bool:
    """Whether a title says that its page is live, before or behind a mark: `Storm – as it happened`."""
    return not live_phrases().isdisjoint(map(folded_text, _TITLE_PARTS.split(title)))


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
