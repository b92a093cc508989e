"""Where a text goes on behind its end: paragraphs that a box of headlines, an advert or a plea stands before.

The run of text ends where what follows costs more than it gains. A long box before the last paragraph costs more than
one paragraph can gain, however sure it is that both are about the same things: that is asked here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from cuttings.pages.page import ADVERT, BODY, COMMENTS, DATE, TEXT, TITLE, Page

# A paragraph has at least so many words, and is at least so likely (log-odds) text.
PARAGRAPH_WORDS: Final = 12
LEAST_LOG_ODDS: Final = -2.0
# It stands at most so many lines behind the text, or behind the paragraph before it. (8, 12 and 20 from the text on
# gave .0002, .0003 and .0005 in the mean of the real pages held out.)
GAP_LINES: Final = 20
# It shares at least so many words with the text before, and so great a part of its own.
SHARED_WORDS: Final = 4
SHARED_SHARE: Final = 0.3
# A box that asks for a subscription right behind the text has so many lines at most, half of them promotion. The text
# goes on behind it with so many sentences in a row of so many units together, whatever they share with what stands
# above. (One alone belongs to the text on 1 of 16 labelled pages: it is about the letters or the author.)
BOX_LINES: Final = 8
BOXED_SENTENCES: Final = 2
BOXED_UNITS: Final = 25.0
BOXED_LOG_ODDS: Final = -4.0
_PROMOTION: Final = ord("P")
_IN_BOX: Final = frozenset(b"PAHTWS")
# So much of each of the last lines of a text is compared, and so many paragraphs are asked: a page takes time linear
# in its text.
COMPARED_CHARS: Final = 1000
COMPARED_LINES: Final = 128
MOST_ASKED: Final = 64
# The end of a page begins with comments or a legal line; behind a date stands another story.
_STOPS: Final = (COMMENTS, DATE, ord("X"))


def resumed(page: Page, body: Sequence[int], masked: bytearray) -> list[int]:
    """The lines behind the text `body` that belong to it: none behind a rail, a date, comments or a legal line, none
    below a title of its own, which is a teaser or another story, and none that stands on the page twice.
    """
    times = Counter(page.fold)
    lines, words, asked = _behind_box(page, body[-1], masked, times), 0, 0
    last = lines[-1] if lines else body[-1]
    for i in range(last + 1, len(page.cls)):
        if i > last + GAP_LINES + 1 or masked[i] or page.cls[i] in _STOPS or asked == MOST_ASKED:
            break
        if not _is_paragraph(page, i):
            continue
        if not asked:
            page.seen.turn()
            words = page.seen.of([page.text[line][:COMPARED_CHARS] for line in body[-COMPARED_LINES:]])
        asked += 1
        own = page.seen.of([page.text[i][:COMPARED_CHARS]])
        shared = (own & words).bit_count()
        is_about_it = shared >= max(SHARED_WORDS, SHARED_SHARE * own.bit_count())
        goes_on = bool(lines) and lines[-1] == i - 1  # right behind a paragraph of the text, whatever it shares
        if (is_about_it or goes_on) and times[page.fold[i]] == 1 and not _has_title(page, i, own):
            lines.append(i)
            last = i
    return lines


def _behind_box(page: Page, last: int, masked: bytearray, times: Counter[int]) -> list[int]:
    """The sentences right behind a box of promotion that stands right behind line `last`, where they go on with the
    text.
    """
    box = range(last + 1, min(last + 1 + BOX_LINES, len(page.cls)))
    end = next((i for i in box if page.cls[i] == _PROMOTION and TEXT.issuperset(page.cls[i + 1 : i + 3])), last)
    inner = page.cls[last + 1 : end + 1]
    if not inner or not _IN_BOX.issuperset(inner) or 2 * inner.count(_PROMOTION) < len(inner):
        return []
    start = stop = end + 1 + (page.cls[end + 1 : end + 2] == bytes([ADVERT]))
    while stop < len(page.cls) and page.cls[stop] in TEXT and not masked[stop]:
        is_sure = page.is_terminal[stop] and page.score[stop] > BOXED_LOG_ODDS
        if not is_sure or times[page.fold[stop]] > 1:
            break
        stop += 1
    is_enough = stop - start >= BOXED_SENTENCES and sum(page.units[start:stop]) >= BOXED_UNITS
    return list(range(start, stop)) if is_enough else []


def _has_title(page: Page, i: int, words: int) -> bool:
    """Whether the title right above a line is its own: it stands alone, or shares words with the line."""
    if page.cls[i - 1] != TITLE:
        return False
    is_alone = i < 2 or page.cls[i - 2] != TITLE
    return is_alone or bool(words & page.seen.of([page.text[i - 1]]))


def _is_paragraph(page: Page, i: int) -> bool:
    return (
        page.cls[i] == BODY
        and bool(page.is_terminal[i])
        and page.words[i] >= PARAGRAPH_WORDS
        and page.score[i] > LEAST_LOG_ODDS
    )
