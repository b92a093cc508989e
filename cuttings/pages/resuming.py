"""Where a text goes on behind its end: paragraphs that a box of headlines, an advert or a plea stands before.

The run of text ends where what follows costs more than it gains. A long box before the last paragraph costs more than
one paragraph can gain, however sure it is that both are about the same things: that is asked here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Final

from cuttings.pages.page import BODY, COMMENTS, DATE, TITLE, Page

# A paragraph has at least so many words, and is at least so likely (log-odds) text.
PARAGRAPH_WORDS: Final = 12
LEAST_LOG_ODDS: Final = -2.0
# It stands at most so many lines behind the text, or behind the paragraph before it. (8, 12 and 20 from the text on
# gave .0002, .0003 and .0005 in the mean of the real pages held out.)
GAP_LINES: Final = 20
# It shares at least so many words with the text before, and so great a part of its own.
SHARED_WORDS: Final = 4
SHARED_SHARE: Final = 0.3
# The end of a page begins with comments or a legal line; behind a date stands another story.
_STOPS: Final = (COMMENTS, DATE, ord("X"))


def resumed(page: Page, body: Sequence[int], masked: bytearray) -> list[int]:
    """The lines behind the text `body` that belong to it: none behind a rail, a date, comments or a legal line, none
    below a title of its own, which is a teaser or another story, and none that stands on the page twice.
    """
    lines, words, times = list[int](), 0, Counter[int]()
    for i in _paragraphs(page, body[-1], masked):
        if i > (lines or body)[-1] + GAP_LINES + 1:
            break
        if not words:
            page.seen.turn()
            words = reduce(or_, (page.seen.of([page.text[line]]) for line in body), 0)
            times = Counter(page.fold)
        own = page.seen.of([page.text[i]])
        shared = (own & words).bit_count()
        is_about_it = shared >= max(SHARED_WORDS, SHARED_SHARE * own.bit_count())
        if is_about_it and times[page.fold[i]] == 1 and not _has_title(page, i, own):
            lines.append(i)
    return lines


def _has_title(page: Page, i: int, words: int) -> bool:
    """Whether the title right above a line is its own: it stands alone, or shares words with the line."""
    if page.cls[i - 1] != TITLE:
        return False
    return page.cls[i - 2] != TITLE or bool(words & page.seen.of([page.text[i - 1]]))


def _paragraphs(page: Page, last: int, masked: bytearray) -> Iterator[int]:
    """The lines behind line `last`, up to what ends a page, that may be paragraphs of its text."""
    cls = page.cls
    for i in range(last + 1, len(cls)):
        if masked[i] or cls[i] in _STOPS:
            return
        if (
            cls[i] == BODY
            and page.is_terminal[i]
            and page.words[i] >= PARAGRAPH_WORDS
            and page.score[i] > LEAST_LOG_ODDS
        ):
            yield i
