"""The grammar over line classes: rails of appended articles, found by their period.

A rail is two or more cycles of the same short lines around a date, in any order, with or without a body: source, time,
source, title, body; title, time; title, body, time. Or a list under a related heading.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from itertools import groupby, islice, pairwise
from typing import Final

from cuttings.pages.cycles import (
    HARD,
    HEAD_LINES,
    Anchor,
    Rail,
    anchors,
    heading_above,
    items_around,
    items_date_after,
    masked_lines,
    template,
)
from cuttings.pages.lists import listed_rails
from cuttings.pages.neighbours import CLOCK_CHARS
from cuttings.pages.page import (
    BODY,
    BYLINE,
    DATE,
    DURATION,
    QUESTION,
    RELATED,
    SENTENCE,
    SHORT,
    TEXT,
    TRANSPARENT,
    Page,
    text_lines,
)
from cuttings.pages.spans import dateline, is_lost_value
from cuttings.pages.story_heads import likely_heads, weigh

# So many lines without a sentence are a page's furniture and part two rails.
FURNITURE_LINES: Final = 10
# A head of more lines repeats some of them.
PLAIN_HEAD_LINES: Final = 4
# Text so many lines above a lone title and date: they are a teaser in the middle of an article.
PROSE_LINES: Final = 4
# Bodies of so many lines are full articles and no teasers.
ARTICLE_LINES: Final = 3
# Share of the cycles whose heads must look alike where no heading speaks for a rail, and the length of a title.
HEAD_CONSENSUS: Final = 0.5
TITLE_UNITS: Final = (3.0, 34.0)
# So many articles with the same date above and below their text are a rail's own way.
CLOSED_ARTICLES: Final = 2
# So many texts as far from their dates, of which this share are long: the short sentences among them are texts too.
ALIKE_TEXTS: Final = 3
LONG_SHARE: Final = 0.3
# Dates whose form is kept: they come again within a page and from page to page.
KEPT_FORMS: Final = 4096
# Dates whose surroundings do not look alike are those of a rail where stories start at so many of them, by the log-odds
# of their heads in the mean, each within bounds: three dates of one real article have -3 each.
STORY_DATES: Final = 3
STORY_LOG_ODDS: Final = 0.0
LEAST_LOG_ODDS, MOST_LOG_ODDS = -3.0, 3.0


def find_rails(page: Page, entries: frozenset[int]) -> list[Rail]:
    """All rails of a page, in page order, disjoint; the times of live `entries` are no dates of rails."""
    rails = dated_rails(page, entries)
    rails += listed_rails(page, masked_lines(page, rails))
    rails.sort(key=lambda rail: rail.start)
    return rails


def _chains(page: Page, anchors: list[Anchor]) -> list[list[Anchor]]:
    """Runs of dates that all have text between them, or all have none, and which nothing hard parts."""
    chains: list[list[Anchor]] = []
    kind: bool | None = None
    for anchor in anchors:
        if not chains:
            chains.append([anchor])
            continue
        chain = chains[-1]
        link = _link(page, chain[-1], anchor)
        if link is not None and (kind is None or link == kind):
            chain.append(anchor)
            kind = link
        elif link is not None and len(chain) == 2:
            # The date of the primary stood before the first of a list.
            chains.append([chain.pop(), anchor])
            kind = link
        else:
            chains.append([anchor])
            kind = None
    return [part for chain in chains for part in _split_at_headings(page, chain)]


def _link(page: Page, a: Anchor, b: Anchor) -> bool | None:
    """Whether text stands between two dates; None where they cannot be of one rail."""
    between = page.cls[a.last + 1 : b.first]
    if page.is_listed[a.first] != page.is_listed[b.first]:
        return None
    if not HARD.isdisjoint(between):
        return None
    if BODY in between:
        quiet = 0
        for c in between:
            quiet = 0 if c in TEXT else quiet + 1
            if quiet > FURNITURE_LINES:
                return None
        return True
    return False if len(between) <= HEAD_LINES else None


def _split_at_headings(page: Page, chain: list[Anchor]) -> list[list[Anchor]]:
    """A heading between two cycles opens another rail, unless it stands between all of them."""
    opens = [RELATED in page.cls[a.last + 1 : b.first] for a, b in pairwise(chain)]
    if all(opens):
        return [chain] if len(chain) > 2 else [[anchor] for anchor in chain] if opens else [chain]
    parts = [[chain[0]]]
    for anchor, is_new in zip(chain[1:], opens, strict=True):
        if is_new:
            parts.append([anchor])
        else:
            parts[-1].append(anchor)
    return parts


def dated_rails(page: Page, entries: frozenset[int]) -> list[Rail]:
    rails: list[Rail] = []
    dates = _dates(page, entries)
    if _lengthen_texts(page, dates):
        dates = _dates(page, entries)
    for chain in _chains(page, _without_closing(page, dates)):
        dates = chain[1:] if _is_odd_first(page, chain) else chain
        rail = _rail(page, dates)
        if rail is None and 1 < len(alike := _alike(page, dates)) < len(dates):
            rail = _rail(page, alike)
        if rail is not None:
            rails.append(rail)
    for rail, following in pairwise(rails):
        rail.items[-1].end = min(rail.items[-1].end, following.start)
    return [rail for rail in rails if all(item.end > item.start for item in rail.items)]


def _dates(page: Page, entries: frozenset[int]) -> list[Anchor]:
    """The dates of a page that are no times of live `entries`."""
    return [a for a in anchors(page) if a.last not in entries]


def _lengthen_texts(page: Page, dates: list[Anchor]) -> bool:
    """Make long texts of the short sentences that stand as far behind or above their dates as the long texts of the
    cycles beside theirs; whether there were any. A teaser is now one, now the other.
    """
    if len(dates) < ALIKE_TEXTS:
        return False
    short: list[int] = []
    for lines in range(1, HEAD_LINES + 1):
        for places in ([a.last + lines for a in dates], [a.first - lines for a in dates]):
            for is_text, group in groupby(places, lambda i: 0 <= i < len(page.cls) and page.cls[i] in TEXT):
                texts = list(group)
                told = [i for i in texts if _is_told(page, i)] if is_text else []
                if told and len(texts) >= ALIKE_TEXTS and (len(texts) - len(told)) >= LONG_SHARE * len(texts):
                    short += told
    for i in short:
        page.cls[i] = BODY
    return bool(short)


def _is_told(page: Page, i: int) -> bool:
    """True for a sentence that is no question, as titles are."""
    return page.cls[i] == SENTENCE and page.is_terminal[i] > 0 and page.text[i][-1] not in QUESTION


def _without_closing(page: Page, anchors: list[Anchor]) -> list[Anchor]:
    """The dates without those that repeat, behind a text, the date that stands above it, where nearly all come in such
    pairs: they close their articles and start none.
    """
    opening: list[Anchor] = []
    at = closed = 0
    while at < len(anchors):
        is_double = at + 1 < len(anchors) and _closes_article(page, anchors[at], anchors[at + 1])
        opening.append(replace(anchors[at], close=anchors[at + 1].last) if is_double else anchors[at])
        at += 1 + is_double
        closed += is_double
    days = {page.fold[a.last] for a in opening}
    return opening if closed >= CLOSED_ARTICLES and closed * 2 > len(opening) and len(days) > 1 else anchors


def _closes_article(page: Page, a: Anchor, b: Anchor) -> bool:
    """True where the second date repeats the first behind a text."""
    return page.fold[a.last] == page.fold[b.last] and text_lines(page.cls[a.last + 1 : b.first]) > 0


def _is_odd_first(page: Page, chain: list[Anchor]) -> bool:
    """True where the first date is the page's own: in a head unlike all others, and written unlike them, or above a
    full article where theirs are teasers.
    """
    first, *others = chain
    lines = [a.last for a in others]
    if len(others) < 2 or _head_classes(page, first) in {_head_classes(page, a) for a in others}:
        return False
    texts = [text_lines(page.cls[a.last + 1 : b.first]) for a, b in pairwise(chain)]
    is_long = texts[0] >= ARTICLE_LINES > max(texts[1:])
    return same_date_form(page, lines) and (is_long or not same_date_form(page, [first.last, lines[0]]))


def _alike(page: Page, chain: list[Anchor]) -> list[Anchor]:
    """The dates of a chain that are written as most of them are: among them stand those of texts and of comments."""
    forms = [_date_form(page, a.last) for a in chain]
    usual, count = Counter(forms).most_common(1)[0]
    return [a for a, form in zip(chain, forms, strict=True) if form == usual] if count * 2 > len(chain) else []


def _head_classes(page: Page, a: Anchor) -> bytes:
    """The classes of the short lines around a date."""
    return bytes(page.cls[a.first - a.before : a.last + 1 + a.after])


def _rail(page: Page, chain: list[Anchor]) -> Rail | None:
    has_body = any(BODY in page.cls[a.last + 1 : b.first] for a, b in pairwise(chain))
    has_body = has_body or (len(chain) == 1 and chain[0].body >= 0)
    before, after, date_after = template(page, chain, has_body)
    told = before + after - _lost_values(page, chain, before, after)
    if told > PLAIN_HEAD_LINES and not _repeats(page, chain, before, after):
        return None
    while has_body and not date_after and len(chain) > 1 and chain[-1].body < 0:
        chain = chain[:-1]  # a date of the furniture behind the rail, or behind the article
    heading = _heading(page, chain[0].first - before if not date_after else chain[0].first, before + after)
    if heading < 0 and (len(chain) == 1 or not (date_after or _is_coherent(page, chain, before, after, has_body))):
        return None
    items = items_date_after(page, chain) if date_after else items_around(page, chain, before, after, has_body)
    if not items:
        return None
    if heading < 0 and before + after == 0 and not date_after:
        heading = heading_above(page, items[0].start)
    return Rail(items, heading, "rail_period" if len(chain) > 1 else "rail_heading", before + after, has_body)


def _lost_values(page: Page, chain: list[Anchor], before: int, after: int) -> int:
    """The lines of a head that are the marks of values on lines of their own: "Published", "on", "By"."""
    last = chain[-1]
    return sum(map(is_lost_value, page.text[max(0, last.first - before) : last.last + 1 + after]))


def _repeats(page: Page, chain: list[Anchor], before: int, after: int) -> bool:
    """True where long heads hold their title or source more than once, as alternative text, heading and link do."""
    heads = [page.fold[max(0, a.first - before) : a.last + 1 + after] for a in chain]
    return sum(len(set(head)) < len(head) for head in heads) * 2 > len(heads)


def _is_coherent(page: Page, chain: list[Anchor], before: int, after: int, has_body: bool) -> bool:
    """True where the heads of the cycles look alike and have room for a title: dates within one article do not."""
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
        return _starts_stories(page, chain)
    lines = [text_lines(page.cls[a.last + 1 : b.first]) for a, b in pairwise(chain)]
    if max(lines) < ARTICLE_LINES:
        return True
    if any(DURATION in page.cls[a.first - before : a.last + 2 + after] for a in chain):
        return False  # behind the card of a video stands the article that it is part of
    # Full articles: their dates are written alike, and they do not begin in the middle of another one's text.
    start = chain[0].first - before
    above = 1 if before + after >= 2 else PROSE_LINES
    is_apart = not _follows_prose(page, start, above)
    return same_date_form(page, [a.last for a in chain]) and (is_apart or _starts_stories(page, chain))


def _open_with_datelines(page: Page, chain: list[Anchor]) -> bool:
    """True where a place and an agency open the text behind each date: reports whose titles were lost."""
    texts = [page.text[a.body] for a in chain if a.body >= 0]
    return len(texts) >= STORY_DATES and len(texts) == len(chain) and all(map(dateline, texts))


def _starts_stories(page: Page, chain: list[Anchor]) -> bool:
    """True where dates are written alike, and the words before and behind them say that a story starts at each."""
    if len(chain) < STORY_DATES or not same_date_form(page, [a.last for a in chain]):
        return False
    found, core = likely_heads(page)
    weigh(page, found, core)
    log_odds = {i: head.log_odds for head in found if head.start > core for i in range(head.left, head.body)}
    odds = [min(max(log_odds[a.first], LEAST_LOG_ODDS), MOST_LOG_ODDS) for a in chain if a.first in log_odds]
    return len(odds) >= STORY_DATES and sum(odds) > STORY_LOG_ODDS * len(odds)


def same_date_form(page: Page, lines: list[int]) -> bool:
    """True where the dates on these lines are written alike: digits, words and marks in the same order."""
    return len({_date_form(page, i) for i in lines}) == 1


def _date_form(page: Page, i: int) -> str:
    text = page.text[i]
    return _form_of(text[max(0, page.date_start[i]) : page.date_end[i]] if page.date_end[i] > 0 else text)


@lru_cache(maxsize=KEPT_FORMS)
def _form_of(text: str) -> str:
    """The digits, words and marks of a date, as one sign each."""
    if len(text) <= CLOCK_CHARS or (
        ":" not in text and not any(text[k : k + 4].isdigit() for k in range(len(text) - 3))
    ):
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


def _heading(page: Page, start: int, head_lines: int) -> int:
    """The related heading right before a rail, over furniture and at most two other lines; or -1."""
    for i in range(start - 1, max(-1, start - 4), -1):
        if page.cls[i] == RELATED:
            return i
        if page.cls[i] in TEXT or page.cls[i] == DATE:
            break
    return -1
