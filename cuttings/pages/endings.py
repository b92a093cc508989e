"""Where a text ends for good: above what readers wrote, and above the line that says whose page it is and since when.

What stands below often reads like paragraphs of the text, as comments and notices about cookies do, and the run of text
goes on where it gains more than the line itself costs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from cuttings.pages.page import COMMENTS, LEGAL, Page

# With fewer words of the text above it a heading of comments may be a button above the text. (Of 943 headings of
# comments with as much of a labelled text above them five had more of it below, of 1,244 legal lines 13: the credits of
# pictures and the terms of a newsletter, which name no year.)
ENDED_WORDS: Final = 80
# The line of a site's rights, "© 1996-2024 The Gazette": a picture's credit has no year.
_SIGN: Final = r"(?:©|\(c\)|copyright)"
_YEAR: Final = r"(?:19|20)\d\d"
_RIGHTS: Final = re.compile(rf"(?i){_SIGN}\W{{0,3}}{_YEAR}|{_YEAR}\W{{0,3}}{_SIGN}")

# What a text is about stands below it on one line, as so many names at least of so many words at most, between marks
# ("Agua · Sequía · Patrimonio"). So many last lines are asked.
TAGS: Final = 3
TAG_WORDS: Final = 4
TAG_LINES: Final = 2
_BETWEEN_TAGS: Final = re.compile(r"\s[·•|/]\s")


def end_of_text(page: Page, start: int, end: int, masked: bytearray) -> int:
    """Where a run of text ends: above the first heading of comments or line of rights that has enough of it above."""
    words, counted = 0, start
    for i in range(start, end):
        if page.cls[i] == COMMENTS or (page.cls[i] == LEGAL and _RIGHTS.search(page.text[i])):
            words += sum([page.prose[j] for j in range(counted, i) if not masked[j]])
            counted = i
            if words >= ENDED_WORDS:
                return i
    return end


def closing_tags(page: Page, body: Sequence[int]) -> set[int]:
    """The last lines of a text that are tags."""
    return set(takewhile(lambda i: not page.is_terminal[i] and _are_tags(page.text[i]), body[: -TAG_LINES - 1 : -1]))


def _are_tags(text: str) -> bool:
    tags = [tag.split() for tag in _BETWEEN_TAGS.split(text)]
    return len(tags) >= TAGS and max(map(len, tags)) <= TAG_WORDS
