"""Numbered headings within a text: "4. Jatobá Velho", "Step 3: Wait", "#2: The harbour"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Final

from cuttings.pages.page import BODY_LIKE, TEXT, Page

# A heading has at most so many units; a longer line is a paragraph with a number.
HEADING_UNITS: Final = 16.0
# So many headings, at least, count up or down by one. (All 13 lines of the labelled real pages that
# were unlike text and are kept so are text by hand.)
LEAST_HEADINGS: Final = 3
# The number, behind a word at most ("Schritt 2"), in so many of the first characters.
NUMBER_CHARS: Final = 24
_NUMBER: Final = re.compile(r"(?:[^\W\d_]{2,12} )?#?(\d{1,2})(?:[.):：、．]| [-–—])(?!\d)")


def numbered_headings(page: Page, lines: Sequence[int]) -> set[int]:
    """Those of the lines of a run of text that are numbered headings, each with text below it. Entries of a list of
    contents are numbered, too: below each of them the next one stands.
    """
    numbers = [(i, number) for i in lines if (number := _number(page, i)) >= 0]
    steps = [second - first for (_, first), (_, second) in pairwise(numbers)]
    found: set[int] = set()
    at = 0
    for step, row in groupby(steps):
        count = sum(1 for _ in row)
        if abs(step) == 1 and count >= LEAST_HEADINGS - 1:
            found.update(i for i, _ in numbers[at : at + count + 1])
        at += count
    return found


def _number(page: Page, i: int) -> int:
    """The number of a heading with a text right below it; -1 where a line is none."""
    if page.units[i] > HEADING_UNITS or page.cls[i] not in BODY_LIKE:
        return -1
    if i + 1 >= len(page.cls) or page.cls[i + 1] not in TEXT:
        return -1
    found = _NUMBER.match(page.text[i][:NUMBER_CHARS])
    return int(found[1]) if found else -1
