"""Whether dates in a row are those of a rail, though no known heading stands above them: their heads look alike and
have room for a title, or the words say that a story starts at each of them.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import islice, pairwise
from typing import Final

from cuttings.pages.cycles import Anchor
from cuttings.pages.likely_heads import LikelyHeads
from cuttings.pages.neighbours import CLOCK_CHARS
from cuttings.pages.page import BODY, BYLINE, DURATION, SHORT, TRANSPARENT, Page, text_lines
from cuttings.pages.spans import dateline

# Text so many lines above a lone title and date: they are a teaser in the middle of an article.
PROSE_LINES: Final = 4
# Bodies of so many lines are full articles and no teasers.
ARTICLE_LINES: Final = 3
# Share of the cycles whose heads must look alike where no heading speaks for a rail, and the length of a title.
HEAD_CONSENSUS: Final = 0.5
TITLE_UNITS: Final = (3.0, 34.0)
# Dates whose form is kept: they come again within a page and from page to page.
KEPT_FORMS: Final = 4096
# "Yesterday, 19:12", "heute 10:30 Uhr": the day is told by a word, beside dates as "3 hours ago"; a bare clock is not.
_DAY_WORD: Final = re.compile(r"[^\W\d]\D*\d{1,2}[:.]\d{2}\D*")
# Dates whose surroundings do not look alike are those of a rail where stories start at so many of them, by the log-odds
# of their heads in the mean, each within bounds: three dates of one real article have -3 each.
STORY_DATES: Final = 3
STORY_LOG_ODDS: Final = 0.0
LEAST_LOG_ODDS, MOST_LOG_ODDS = -3.0, 3.0


def is_coherent(likely: LikelyHeads, chain: list[Anchor], before: int, after: int, has_body: bool) -> bool:
    """True where the heads of the cycles look alike and have room for a title: dates within one article do not."""
    page = likely.page
    if before + after == 0:
        return _open_with_datelines(page, chain)
    heads = Counter(_head_shape(page, a, before, after) for a in chain)
    shape, count = heads.most_common(1)[0]
    if "t" not in shape:
        return False
    if not has_body:
        return True
    needed = len(chain) if len(chain) == 2 else HEAD_CONSENSUS * len(chain)
    if count < needed:
        return _starts_stories(likely, chain)
    lines = [text_lines(page.cls[a.last + 1 : b.first]) for a, b in pairwise(chain)]
    if max(lines) < ARTICLE_LINES:
        return True
    if any(DURATION in page.cls[a.first - before : a.last + 2 + after] for a in chain):
        return False  # behind the card of a video stands the article that it is part of
    # Full articles: their dates are written alike, and they do not begin in the middle of another one's text.
    start = chain[0].first - before
    above = 1 if before + after >= 2 else PROSE_LINES
    is_apart = not _follows_prose(page, start, above)
    return same_date_form(page, [a.last for a in chain]) and (is_apart or _starts_stories(likely, chain))


def _open_with_datelines(page: Page, chain: list[Anchor]) -> bool:
    """True where a place and an agency open the text behind each date: reports whose titles were lost."""
    texts = [page.text[a.body] for a in chain if a.body >= 0]
    return len(texts) >= STORY_DATES and len(texts) == len(chain) and all(map(dateline, texts))


def _starts_stories(likely: LikelyHeads, chain: list[Anchor]) -> bool:
    """True where dates are written alike, and the words before and behind them say that a story starts at each."""
    if len(chain) < STORY_DATES or not same_date_form(likely.page, [a.last for a in chain]):
        return False
    heads = [likely.weighed(k) for k in map(likely.at, [a.first for a in chain]) if k is not None]
    odds = [min(max(head.log_odds, LEAST_LOG_ODDS), MOST_LOG_ODDS) for head in heads]
    return len(odds) >= STORY_DATES and sum(odds) > STORY_LOG_ODDS * len(odds)


def same_date_form(page: Page, lines: list[int]) -> bool:
    """True where the dates on these lines are written alike: digits, words and marks in the same order."""
    return len({date_form(page, i) for i in lines}) == 1


def date_form(page: Page, i: int) -> str:
    """The digits, words and marks of the first date on a line, as one sign each."""
    text = page.text[i]
    return _form_of(text[max(0, page.date_start[i]) : page.date_end[i]] if page.date_end[i] > 0 else text)


@lru_cache(maxsize=KEPT_FORMS)
def _form_of(text: str) -> str:
    """The digits, words and marks of a date, as one sign each."""
    if _DAY_WORD.fullmatch(text) or (len(text) <= CLOCK_CHARS and any(map(str.isalpha, text))):
        return "age"
    if ":" not in text and not any(text[k : k + 4].isdigit() for k in range(len(text) - 3)):
        return "age"
    kinds = ["0" if c.isdigit() else "a" if c.isalpha() else c for c in text]
    return "".join(k for k, last in zip(kinds, ["", *kinds], strict=False) if k != last or k not in "0a")


def _follows_prose(page: Page, start: int, lines: int) -> bool:
    """True where a long line of text is among the `lines` above line `start`."""
    return any(page.cls[i] == BODY and page.score[i] > 0 for i in range(max(0, start - lines), start))


def _head_shape(page: Page, a: Anchor, before: int, after: int) -> str:
    """The lines of a head, as title-like (t), short (w) or neither (.), in order around the date (D)."""
    cls, units = page.cls, page.units
    above = range(max(0, a.first - before), a.first)
    below = islice((i for i in range(a.last + 1, len(cls)) if cls[i] not in TRANSPARENT), after)

    def kind(i: int) -> str:
        if cls[i] not in SHORT and cls[i] != BODY:
            return "."
        return "t" if TITLE_UNITS[0] <= units[i] <= TITLE_UNITS[1] and cls[i] != BYLINE else "w"

    return "".join(kind(i) for i in above) + "D" + "".join(kind(i) for i in below)
