"""Texts that are no article: of pages that stand in the place of another (not found, nothing found, sign in first), and
what a page says of the person, the club or the place that its lists are about.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cuttings.pages.head import is_full_name
from cuttings.pages.page import TEXT, TITLE, WORDS, Page
from cuttings.pages.phrases import is_notice
from cuttings.pages.primary import Run
from cuttings.pages.rails import Rail

# A run of more words is an article, whatever it says.
MOST_WORDS: Final = 150
# A line of more words or characters is a text's, and so is a run that says more words beside the notice.
LINE_WORDS, LINE_CHARS = 40, 300
BESIDE_WORDS: Final = 40
# The title of a notice stands so many lines above the run at most.
ABOVE_LINES: Final = 3
# A profile has so many words at most, and so many items at least stand in the lists below it.
PROFILE_WORDS: Final = 130
PROFILE_ITEMS: Final = 3


def gives_notice(page: Page, run: Run) -> bool:
    """Whether the run of text of a page, with the title above it, says that there is nothing here, or not yet."""
    words = sum(page.words[run.start : run.end])
    if words > MOST_WORDS:
        return False
    told = [i for i in range(run.start, run.end) if _is_notice(page, i)]
    above = [i for i in range(max(0, run.start - ABOVE_LINES), run.start) if page.cls[i] in (TITLE, WORDS)]
    is_told = bool(told) or any(_is_notice(page, i) for i in above)
    return is_told and words - sum(page.words[i] for i in told) <= BESIDE_WORDS


def _is_notice(page: Page, i: int) -> bool:
    return page.words[i] <= LINE_WORDS and len(page.text[i]) <= LINE_CHARS and is_notice(page.text[i])


def is_profile(page: Page, run: Run, rails: Sequence[Rail]) -> bool:
    """Whether a run of text above lists begins with the name that stands above it: "Ada Fenwick", "Ada Fenwick has
    written for the Herald since 2011."
    """
    first = next((i for i in range(run.start, run.end) if page.cls[i] in TEXT), -1)
    if first < 0 or sum(len(rail.items) for rail in rails) < PROFILE_ITEMS or first >= rails[0].start:
        return False
    if sum(page.words[run.start : run.end]) > PROFILE_WORDS:
        return False
    above = (page.text[i] for i in range(max(0, first - ABOVE_LINES), first))
    return any(is_full_name(name) and page.text[first].startswith(f"{name} ") for name in above)
