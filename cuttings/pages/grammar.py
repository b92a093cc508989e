"""The grammar over line classes: rails of appended articles, found by their period.

A rail is two or more cycles of the same short lines around a date, in any order, with or without a body: source, time,
source, title, body; title, time; title, body, time. Or a list under a related heading.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import groupby, islice, pairwise
from typing import Final

from cuttings.pages.coherence import ARTICLE_LINES, date_form, is_coherent, same_date_form
from cuttings.pages.cycles import HEAD_LINES, Anchor, anchors, template
from cuttings.pages.item_edges import HARD, items_around, items_date_after
from cuttings.pages.likely_heads import LikelyHeads
from cuttings.pages.line_texts import LONG_SENTENCE_UNITS
from cuttings.pages.lists import listed_rails
from cuttings.pages.markers import SURE_SENTENCE_UNITS
from cuttings.pages.page import (
    ADVERT,
    BODY,
    DATE,
    QUESTION,
    RELATED,
    SENTENCE,
    TEXT,
    Page,
    text_lines,
)
from cuttings.pages.rails import Rail, heading_above, masked_lines
from cuttings.pages.spans import is_lost_value

# So many lines without a sentence are a page's furniture and part two rails.
FURNITURE_LINES: Final = 10
# A head of more lines repeats some of them.
PLAIN_HEAD_LINES: Final = 4
# So many sure lines of text above a date are more than a standfirst.
OWN_LINES: Final = 2
# So many articles with the same date above and below their text are a rail's own way.
CLOSED_ARTICLES: Final = 2
# So many texts as far from their dates, of which this share are long: the short sentences among them are texts too.
ALIKE_TEXTS: Final = 3
LONG_SHARE: Final = 0.3


def find_rails(page: Page, entries: frozenset[int]) -> list[Rail]:
    """All rails of a page, in page order, disjoint; the times of live `entries` are no dates of rails."""
    likely = LikelyHeads(page)
    rails = dated_rails(page, entries, likely)
    rails += listed_rails(page, masked_lines(page, rails), likely)
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


def dated_rails(page: Page, entries: frozenset[int], likely: LikelyHeads) -> list[Rail]:
    rails: list[Rail] = []
    dates = _dates(page, entries)
    if _lengthen_texts(page, dates):
        dates = _dates(page, entries)
    told = _told_from(page)
    for chain in _chains(page, _without_closing(page, dates)):
        dates = chain[1:] if _is_odd_first(page, chain, told) else chain
        dates = dates[:-1] if _is_odd_last(page, dates) else dates
        if _are_of_one(page, dates):
            continue
        rail = _rail(page, dates, likely)
        if rail is None and 1 < len(alike := _alike(page, dates)) < len(dates):
            rail = _rail(page, alike, likely)
        if rail is not None:
            rails.append(rail)
    for rail, following in pairwise(rails):
        rail.items[-1].end = min(rail.items[-1].end, following.start)
    return [rail for rail in rails if all(item.end > item.start for item in rail.items)]


def _dates(page: Page, entries: frozenset[int]) -> list[Anchor]:
    """The dates of a page that are no times of live `entries`."""
    return _without_days(page, [a for a in anchors(page) if a.last not in entries])


def _without_days(page: Page, dates: list[Anchor]) -> list[Anchor]:
    """The dates without the day that stands right above the first time of each day, as in an archive: it heads all the
    items of its day.
    """
    if all(a.first == a.last for a in dates):
        return dates
    forms = Counter(date_form(page, a.last) for a in dates if a.first == a.last)
    usual, count = forms.most_common(1)[0] if forms else ("", 0)
    days = {a.first for a in dates if a.first < a.last and date_form(page, a.last) == usual != date_form(page, a.first)}
    if len(days) >= count:
        return dates  # two dates each
    return [replace(a, first=a.last, before=0) if a.first in days else a for a in dates]


def _lengthen_texts(page: Page, dates: list[Anchor]) -> bool:
    """Make long texts of the short sentences that stand as far behind or above their dates as the long texts of the
    cycles beside theirs; whether there were any. A teaser is now one, now the other.
    """
    if len(dates) < ALIKE_TEXTS:
        return False
    short: list[int] = []
    for lines in range(1, HEAD_LINES + 1):
        for step, places in ((1, [a.last + lines for a in dates]), (-1, [a.first - lines for a in dates])):
            for is_text, group in groupby(places, lambda i: 0 <= i < len(page.cls) and page.cls[i] in TEXT):
                texts = list(group)
                told = [i for i in texts if _is_told(page, i)] if is_text and len(texts) >= ALIKE_TEXTS else []
                if told and len(texts) - len(told) >= LONG_SHARE * len(texts):
                    short += told
                elif told and sum(_is_long_with(page, i, step) for i in texts) >= LONG_SHARE * len(texts):
                    short += (i for i in told if page.units[i] >= SURE_SENTENCE_UNITS)
    for i in short:
        page.cls[i] = BODY
    return bool(short)


def _is_long_with(page: Page, i: int, step: int) -> bool:
    """True for a text that is long, or with the ones right behind it (`step` 1) or above it (-1), over adverts: a text
    of two sentences on lines of their own is as long as one on one line.
    """
    units = 0.0
    while 0 <= i < len(page.cls) and (page.cls[i] in TEXT or page.cls[i] == ADVERT):
        units += page.units[i] if page.cls[i] == SENTENCE else 0.0
        if page.cls[i] == BODY or units >= LONG_SENTENCE_UNITS:
            return True
        i += step
    return False


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


def _told_from(page: Page) -> int:
    """The first line above which more than a standfirst stands."""
    sure = (i for i, c in enumerate(page.cls) if c == BODY and page.score[i] > 0)
    return next(islice(sure, OWN_LINES - 1, None), len(page.cls)) + 1


def _is_odd_first(page: Page, chain: list[Anchor], told: int) -> bool:
    """True where the first date is the page's own: in a head unlike all others, and written unlike them, or above a
    full article where theirs are teasers; from line `told` on a date closes the paragraphs above it, or is that of the
    next article.
    """
    first, *others = chain
    lines = [a.last for a in others]
    if len(others) < 2 or _head_classes(page, first) in {_head_classes(page, a) for a in others}:
        return False
    texts = [text_lines(page.cls[a.last + 1 : b.first]) for a, b in pairwise(chain)]
    is_long = texts[0] >= ARTICLE_LINES > max(texts[1:]) and first.first < told
    return same_date_form(page, lines) and (is_long or not same_date_form(page, [first.last, lines[0]]))


def _is_odd_last(page: Page, chain: list[Anchor]) -> bool:
    """True where titles and dates in turn stand above the page's own article: its date alone has a text right below it,
    is written otherwise than theirs, and more than a title stands above it.
    """
    *others, last = chain
    if len(others) < 2 or last.body < 0 or any(a.body >= 0 for a in others):
        return False
    lines = [b.first - a.last for a, b in pairwise(chain)]
    if lines[-1] in lines[:-1] or BODY in page.cls[others[0].last : last.first]:
        return False
    return same_date_form(page, [a.last for a in others]) and not same_date_form(page, [others[-1].last, last.last])


def _are_of_one(page: Page, chain: list[Anchor]) -> bool:
    """True for two dates of one article, when it was published and when it was updated, on both sides of its title."""
    if len(chain) != 2 or BODY in page.cls[chain[0].last : chain[1].first]:
        return False
    return bool(page.is_update[chain[1].first]) and not page.is_update[chain[0].first]


def _alike(page: Page, chain: list[Anchor]) -> list[Anchor]:
    """The dates of a chain that are written as most of them are: among them stand those of texts and of comments."""
    forms = [date_form(page, a.last) for a in chain]
    usual, count = Counter(forms).most_common(1)[0]
    return [a for a, form in zip(chain, forms, strict=True) if form == usual] if count * 2 > len(chain) else []


def _head_classes(page: Page, a: Anchor) -> bytes:
    """The classes of the short lines around a date."""
    return bytes(page.cls[a.first - a.before : a.last + 1 + a.after])


def _rail(page: Page, chain: list[Anchor], likely: LikelyHeads) -> Rail | None:
    has_body = any(BODY in page.cls[a.last + 1 : b.first] for a, b in pairwise(chain))
    has_body = has_body or (len(chain) == 1 and chain[0].body >= 0)
    shape = template(page, chain, has_body)
    before, after, date_after, tail = shape
    told = before + after - _lost_values(page, chain, before, after)
    if told > PLAIN_HEAD_LINES and not _repeats(page, chain, before, after):
        return None
    while has_body and not date_after and len(chain) > 1 and chain[-1].body < 0:
        chain = chain[:-1]  # a date of the furniture behind the rail, or behind the article
    heading = _heading(page, chain[0].first - before if not date_after else chain[0].first, before + after)
    if heading < 0 and len(chain) == 1:
        return None
    if heading < 0 and (tail or not date_after) and not is_coherent(likely, chain, before, after, has_body):
        return None
    items = items_date_after(page, chain, tail) if date_after else items_around(page, chain, shape, has_body)
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


def _heading(page: Page, start: int, head_lines: int) -> int:
    """The related heading right before a rail, over furniture and at most two other lines; or -1."""
    for i in range(start - 1, max(-1, start - 4), -1):
        if page.cls[i] == RELATED:
            return i
        if page.cls[i] in TEXT or page.cls[i] == DATE:
            break
    return -1
