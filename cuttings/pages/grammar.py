"""The grammar over line classes: rails of appended articles, found by their period.

A rail is two or more cycles of the same short lines around a date, in any order, with or without a body: source, time,
source, title, body; title, time; title, body, time. Or a list under a related heading. What stands before and after the
date of a cycle is not assumed: it is the consensus of the cycles, and blank lines only help where they agree with it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

SHORT: Final = frozenset(b"TWSLYc")
TEXT: Final = frozenset(b"BS")
# Furniture that may stand inside the head of a cycle without being part of it.
TRANSPARENT: Final = frozenset(b"HKVEPA")
# What ends a chain of cycles wherever it stands.
HARD: Final = frozenset(b"C")
DATE: Final = ord("D")
RELATED: Final = ord("R")
BODY: Final = ord("B")
# So many lines without a sentence are a page's furniture and part two rails.
FURNITURE_LINES: Final = 10
WORDS: Final = ord("W")
MARKED: Final = frozenset(b"RAHCPXVNGKEac")
SHORT_MARK: Final = 4
_MARK: Final = re.compile(rb"[RAHCPXVNGKEacD]")
# Three or more bare clock times in a row are durations; a bare clock time has at most so many characters.
_DATE_RUN: Final = re.compile(rb"D{3,}")
CLOCK_CHARS: Final = 8
ADVERT: Final = ord("A")
# Lines between two marks of one advert block, at most, and the classes they have.
AD_LINES: Final = 3
AD_INNER: Final = frozenset(b"TWSLPKNV")
LONG_HEADLINE: Final = 18
# A head of more lines repeats some of them.
PLAIN_HEAD_LINES: Final = 4
# Most short lines that a head has on one side of its date.
HEAD_LINES: Final = 6
# Share of the cycles that must agree for a blank line to count as the start of a cycle.
GAP_CONSENSUS: Final = 0.75
# Text so many lines above a lone title and date: they are a teaser in the middle of an article.
PROSE_LINES: Final = 4
# Bodies of so many lines are full articles and no teasers.
ARTICLE_LINES: Final = 3
# Share of the cycles whose heads must look alike where no heading speaks for a rail, and the length of a title.
HEAD_CONSENSUS: Final = 0.5
TITLE_UNITS: Final = (3.0, 34.0)
# Share of the cycles with the same number of lines before the date that needs no blank lines to be believed.
MODE_CONSENSUS: Final = 0.6


@dataclass(slots=True)
class Item:
    """One appended article: lines `start` to `end`, its head before `body`; `anchor` is its date line or -1."""

    start: int
    body: int
    end: int
    anchor: int = -1
    date_after: bool = False


@dataclass(slots=True)
class Rail:
    """A run of items of one shape; `heading` is the line of its heading, or -1."""

    items: list[Item]
    heading: int = -1
    rule: str = "rail_period"
    head_lines: int = 0
    has_body: bool = False
    is_feed: bool = False  # items are full articles of equal rank, the first of them the page's own

    @property
    def start(self) -> int:
        return self.items[0].start

    @property
    def end(self) -> int:
        return self.items[-1].end


@dataclass(slots=True)
class Page:
    """The lines of one page as the grammar sees them."""

    cls: bytearray
    gap: list[int]
    units: list[float]
    fold: list[int]
    text: list[str]
    score: list[float]
    words: list[int]
    is_continuing: list[bool]
    is_terminal: list[bool]
    date_start: list[int]
    date_end: list[int]
    is_glued: list[bool]

    def continues(self, i: int) -> bool:
        """True where line i cannot begin a sentence: a broken link stands before it."""
        return i < len(self.cls) and self.is_continuing[i]

    def in_sentence(self, i: int) -> bool:
        """True where line i is part of a sentence that was broken at its links."""
        return self.continues(i) or (
            not self.is_terminal[i]
            and (self.continues(i + 1) or (self.continues(i + 2) and not self.is_terminal[i + 1]))
        )


@dataclass(slots=True)
class _Anchor:
    first: int
    last: int
    before: int
    after: int
    body: int  # first line of the body after the head, or -1


def find_rails(page: Page, entries: frozenset[int]) -> list[Rail]:
    """All rails of a page, in page order, disjoint; the times of live `entries` are no dates of rails."""
    rails = dated_rails(page, entries)
    taken = bytearray(len(page.cls))
    for rail in rails:
        taken[rail.start : rail.end] = b"\1" * (rail.end - rail.start)
    rails += listed_rails(page, taken)
    rails.sort(key=lambda rail: rail.start)
    return rails


# ---------------------------------------------------------------------------------------------- single lines


def unmark_links(page: Page) -> None:
    """A link inside a sentence that happens to be a furniture word is a few words of the sentence."""
    cls = page.cls
    for found in _MARK.finditer(cls, 1, len(cls) - 1):
        i = found.start()
        is_marker = cls[i] in MARKED and page.units[i] < SHORT_MARK
        # "… will meet / this evening." is no date line either.
        is_marker = is_marker or (cls[i] == DATE and page.is_terminal[i] and page.text[i][0].islower())
        if (
            is_marker
            and cls[i - 1] in b"BTW"
            and not page.is_terminal[i - 1]
            and (page.is_continuing[i + 1] or cls[i] == DATE)
        ):
            cls[i] = WORDS


# ---------------------------------------------------------------------------------------------- advert blocks


def close_adverts(page: Page) -> None:
    """Headlines and brands of adverts stand between and behind advert marks: they become advert lines too."""
    cls, count = page.cls, len(page.cls)
    i = cls.find(ADVERT)
    while i >= 0:
        end, j = i + 1, i + 1
        while (
            j < count and j - end <= AD_LINES and (cls[j] == ADVERT or cls[j] in AD_INNER) and not page.in_sentence(j)
        ):
            if cls[j] == ADVERT:
                end = j + 1
            j += 1
        # Behind the last mark of a block within text: a headline and a brand.
        if end - i >= 2 and i and cls[i - 1] in TEXT and j < count and cls[j] == BODY and j - end <= 2 * AD_LINES:
            while end < j and page.units[end] < LONG_HEADLINE and not page.in_sentence(end):
                end += 1
        cls[i:end] = bytes([ADVERT]) * (end - i)
        i = cls.find(ADVERT, end)


def durations(page: Page) -> None:
    """Bare clock times on neighbouring lines are the lengths of videos."""
    for run in _DATE_RUN.finditer(page.cls):
        lines = [i for i in range(run.start(), run.end()) if len(page.text[i]) <= CLOCK_CHARS]
        if len(lines) == run.end() - run.start():
            page.cls[run.start() : run.end()] = b"V" * len(lines)


# ---------------------------------------------------------------------------------------------- rails with dates


def _anchors(page: Page) -> list[_Anchor]:
    cls = page.cls
    found: list[_Anchor] = []
    count = len(cls)
    i = cls.find(DATE)
    while i >= 0:
        last = i
        while last + 1 < count and cls[last + 1] == DATE and last - i < 2:
            last += 1
        before = 0
        while before < HEAD_LINES and i - before - 1 >= 0 and cls[i - before - 1] in SHORT:
            before += 1
        after, j = 0, last + 1
        while (
            j < count and after < HEAD_LINES and (cls[j] in SHORT or cls[j] in TRANSPARENT) and not page.in_sentence(j)
        ):
            after += cls[j] in SHORT
            j += 1
        is_body = j < count and (cls[j] == BODY or (cls[j] in SHORT and page.in_sentence(j)))
        found.append(_Anchor(i, last, before, after, j if is_body else -1))
        i = cls.find(DATE, last + 1)
    return found


def _chains(page: Page, anchors: list[_Anchor]) -> list[list[_Anchor]]:
    """Runs of dates that all have text between them, or all have none, and which nothing hard parts."""
    chains: list[list[_Anchor]] = []
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


def _link(page: Page, a: _Anchor, b: _Anchor) -> bool | None:
    """Whether text stands between two dates; None where they cannot be of one rail."""
    between = page.cls[a.last + 1 : b.first]
    if any(c in HARD for c in between):
        return None
    if BODY in between:
        quiet = 0
        for c in between:
            quiet = 0 if c in TEXT else quiet + 1
            if quiet > FURNITURE_LINES:
                return None
        return True
    return False if len(between) <= HEAD_LINES else None


def _split_at_headings(page: Page, chain: list[_Anchor]) -> list[list[_Anchor]]:
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
    for chain in _chains(page, [a for a in _anchors(page) if a.last not in entries]):
        rail = _rail(page, chain)
        if rail is not None:
            rails.append(rail)
    for rail, following in pairwise(rails):
        rail.items[-1].end = min(rail.items[-1].end, following.start)
    return [rail for rail in rails if all(item.end > item.start for item in rail.items)]


def _rail(page: Page, chain: list[_Anchor]) -> Rail | None:
    has_body = any(BODY in page.cls[a.last + 1 : b.first] for a, b in pairwise(chain))
    has_body = has_body or (len(chain) == 1 and chain[0].body >= 0)
    before, after, date_after = _template(page, chain, has_body)
    if before + after > PLAIN_HEAD_LINES and not _repeats(page, chain, before, after):
        return None
    while has_body and not date_after and len(chain) > 1 and chain[-1].body < 0:
        chain = chain[:-1]  # a date of the furniture behind the rail, or behind the article
    heading = _heading(page, chain[0].first - before if not date_after else chain[0].first, before + after)
    if heading < 0 and (len(chain) == 1 or not (date_after or _is_coherent(page, chain, before, after, has_body))):
        return None
    items = _items_date_after(page, chain) if date_after else _items(page, chain, before, after, has_body)
    if not items:
        return None
    return Rail(items, heading, "rail_period" if len(chain) > 1 else "rail_heading", before + after, has_body)


def _repeats(page: Page, chain: list[_Anchor], before: int, after: int) -> bool:
    """True where long heads hold their title or source more than once, as alternative text, heading and link do."""
    heads = [page.fold[max(0, a.first - before) : a.last + 1 + after] for a in chain]
    return sum(len(set(head)) < len(head) for head in heads) * 2 > len(heads)


def _is_coherent(page: Page, chain: list[_Anchor], before: int, after: int, has_body: bool) -> bool:
    """True where the heads of the cycles look alike and have room for a title: dates within one article do not."""
    if before + after == 0:
        return False
    heads = Counter(_head_shape(page, a, before, after) for a in chain)
    shape, count = heads.most_common(1)[0]
    if "t" not in shape:
        return False
    if not has_body:
        return True
    needed = len(chain) if len(chain) == 2 else HEAD_CONSENSUS * len(chain)
    if count < needed:
        return False
    lines = [sum(c in TEXT for c in page.cls[a.last + 1 : b.first]) for a, b in pairwise(chain)]
    if max(lines) < ARTICLE_LINES:
        return True
    # Full articles: their dates are written alike, and they do not begin in the middle of another one's text.
    start = chain[0].first - before
    above = 1 if before + after >= 2 else PROSE_LINES
    return same_date_form(page, [a.last for a in chain]) and not _follows_prose(page, start, above)


def same_date_form(page: Page, lines: list[int]) -> bool:
    """True where the dates on these lines are written alike: digits, words and marks in the same order."""
    return len({_date_form(page, i) for i in lines}) == 1


def _date_form(page: Page, i: int) -> str:
    text = page.text[i][max(0, page.date_start[i]) : page.date_end[i]] if page.date_end[i] > 0 else page.text[i]
    if len(text) <= CLOCK_CHARS or (
        ":" not in text and not any(text[k : k + 4].isdigit() for k in range(len(text) - 3))
    ):
        return "age"
    kinds = ["0" if c.isdigit() else "a" if c.isalpha() else c for c in text]
    return "".join(k for k, last in zip(kinds, ["", *kinds], strict=False) if k != last or k not in "0a")


def _follows_prose(page: Page, start: int, lines: int) -> bool:
    """True where a long line of text is among the `lines` above line `start`."""
    return any(page.cls[i] == BODY and page.score[i] > 0 for i in range(max(0, start - lines), start))


def _head_shape(page: Page, a: _Anchor, before: int, after: int) -> str:
    """The lines of a head, as title-like (t), short (w) or neither (.), in order around the date (D)."""
    cls, units = page.cls, page.units
    above = range(max(0, a.first - before), a.first)
    below = [i for i in range(a.last + 1, len(cls)) if cls[i] not in TRANSPARENT][:after]

    def kind(i: int) -> str:
        if cls[i] not in SHORT and cls[i] != BODY:
            return "."
        return "t" if TITLE_UNITS[0] <= units[i] <= TITLE_UNITS[1] and cls[i] != ord("Y") else "w"

    return "".join(kind(i) for i in above) + "D" + "".join(kind(i) for i in below)


def _mode(values: list[int]) -> int:
    """The most frequent value; of several, the smallest."""
    counts = Counter(values)
    return min(counts, key=lambda v: (-counts[v], v))


def _template(page: Page, chain: list[_Anchor], has_body: bool) -> tuple[int, int, bool]:
    """Head lines before the date, after it, and whether the date closes its cycle behind the body."""
    gap = page.gap
    befores = [a.before for a in chain]
    afters = [a.after for a in chain]
    if has_body:
        before = _mode(befores)
        after = _mode(afters)
        if before == 0 and after > 0 and _closes(page, chain):
            return 0, 0, True
    else:
        inner = [b.first - a.last - 1 for a, b in pairwise(chain)]
        period = _mode(inner) if inner else max(befores[0], 1)
        before = min(befores[0], period)
        if before < period and before == 0:
            before = 0
        after = period - before
    by_gap = None if has_body and _agreed(befores[1:]) else _start_by_gap(gap, chain, max(befores))
    if by_gap is not None:
        if not has_body:
            after = max(0, before + after - by_gap)
        before = by_gap
    return before, after, False


def _agreed(values: list[int]) -> bool:
    """True where one value stands out."""
    return len(values) > 1 and Counter(values).most_common(1)[0][1] >= MODE_CONSENSUS * len(values)


def _start_by_gap(gap: list[int], chain: list[_Anchor], most: int) -> int | None:
    """How many lines before the date the cycles start, if blank lines agree on it."""
    if len(chain) < 2:
        return None
    for lines in range(most, -1, -1):
        votes = 0
        for a in chain[1:]:
            if a.before >= lines:
                inner = (
                    max(gap[a.first - lines + 1 : a.first + 1], default=0) if lines else gap[a.last + 1 : a.last + 2]
                )
                inner = inner if isinstance(inner, int) else max(inner, default=0)
                votes += gap[a.first - lines] > inner
        if votes >= GAP_CONSENSUS * (len(chain) - 1):
            return lines
    return None


def _closes(page: Page, chain: list[_Anchor]) -> bool:
    """True where the date stands behind the body it belongs to: body, date, title, body, date."""
    gap, cls = page.gap, page.cls
    before = sum(gap[a.first] for a in chain[1:])
    after = sum(gap[a.last + 1] for a in chain[:-1])
    if before != after:
        return before < after
    last = chain[-1]
    return last.body < 0 and cls[chain[0].first - 1] == BODY


def _heading(page: Page, start: int, head_lines: int) -> int:
    """The related heading right before a rail, over furniture and at most two other lines; or -1."""
    for i in range(start - 1, max(-1, start - 4), -1):
        if page.cls[i] == RELATED:
            return i
        if page.cls[i] in TEXT or page.cls[i] == DATE:
            break
    return -1


def _items(page: Page, chain: list[_Anchor], before: int, after: int, has_body: bool) -> list[Item]:
    cls, count = page.cls, len(page.cls)
    items: list[Item] = []
    for a in chain:
        floor = items[-1].body if items else 0
        start = max(a.first - before, floor, 0)
        if not items:
            start = a.first - min(before, a.before)
        body, left = a.last + 1, after
        while body < count and left and cls[body] not in HARD:
            left -= cls[body] not in TRANSPARENT
            body += 1
        while has_body and body < count and cls[body] in TRANSPARENT:
            body += 1
        if items:
            items[-1].end = start
        items.append(Item(start, min(body, count), count, a.first))
    for item, following in pairwise(items):
        item.body = min(item.body, following.start)
    last = items[-1]
    last.end = _last_end(page, items) if has_body else last.body
    return items


def _items_date_after(page: Page, chain: list[_Anchor]) -> list[Item]:
    cls = page.cls
    items: list[Item] = []
    for a in chain:
        floor = items[-1].end if items else max(0, a.first - 1)
        start = floor
        if not items:
            # The first item: its body, and the short lines above it up to the heading.
            while start > 0 and cls[start - 1] == BODY and page.gap[start] == 0:
                start -= 1
            if start > 0 and cls[start - 1] in SHORT:
                start -= 1
        body = start
        while body < a.first and cls[body] in SHORT:
            body += 1
        items.append(Item(start, body, a.last + 1, a.first, date_after=True))
    return items


def _last_end(page: Page, items: list[Item]) -> int:
    """Where the body of the last item ends: by the shape of the bodies before it, or by the first furniture."""
    cls, gap, count = page.cls, page.gap, len(page.cls)
    last = items[-1]
    shapes = [_body_lines(cls, item) for item in items[:-1]]
    widest = 0
    for item in items[:-1]:
        widest = max(widest, max(gap[item.body + 1 : _trimmed(cls, item)], default=0))
    if shapes and max(shapes) <= 1:
        return min(last.body + 1, count)
    if not shapes:
        widest = gap[last.body + 1] if last.body + 1 < count and cls[last.body + 1] in TEXT else 0
    end = last.body
    while end < count:
        if end > last.body and gap[end] > widest:
            break
        if (
            cls[end] in TEXT
            or cls[end] in b"TWLc"
            or (cls[end] in b"AKPHV" and end + 1 < count and cls[end + 1] == BODY and gap[end + 1] <= widest)
        ):
            end += 1
        else:
            break
    while end > last.body + 1 and cls[end - 1] not in TEXT and page.score[end - 1] < 0:
        end -= 1
    return end


def _trimmed(cls: bytearray, item: Item) -> int:
    """End of an item without the furniture behind its body."""
    end = item.end
    while end > item.body and cls[end - 1] not in TEXT:
        end -= 1
    return end


def _body_lines(cls: bytearray, item: Item) -> int:
    return sum(c == BODY for c in cls[item.body : item.end])


# ---------------------------------------------------------------------------------------------- rails without dates


def listed_rails(page: Page, taken: bytearray) -> list[Rail]:
    """Lists of titles, or of titles and teasers, under a related heading."""
    cls, count = page.cls, len(page.cls)
    rails: list[Rail] = []
    at = 0
    i = cls.find(RELATED)
    while i >= 0:
        start = i + 1
        while start < count and cls[start] == RELATED:
            start += 1
        if i >= at and start < count and not taken[start]:
            items = _teasers(page, start, taken) or _titles(page, start, taken)
            if items:
                rails.append(Rail(items, start - 1, "list_heading", 1, items[0].end - items[0].start > 1))
                at = rails[-1].end
        i = cls.find(RELATED, start)
    return rails


def _teasers(page: Page, start: int, taken: bytearray) -> list[Item]:
    """Title and teaser in turn."""
    cls, count = page.cls, len(page.cls)
    items: list[Item] = []
    i = start
    while i + 1 < count and cls[i] in b"TSLB" and cls[i + 1] in TEXT | {ord("T")} and not taken[i + 1]:
        if not (_is_cut(page.text[i + 1]) or _is_cut_tail(page.text[i + 1])):
            break
        end = i + 2
        while end < count and cls[end] in b"K":
            end += 1
        items.append(Item(i, i + 1, end))
        i = end
    return items


def _is_cut(text: str) -> bool:
    return text.endswith(("...", "…", "[…]", "[...]"))


def _is_cut_tail(text: str) -> bool:
    """Cut, with the words of a link glued behind it."""
    tail = text[-40:]
    return "..." in tail or "…" in tail


def _titles(page: Page, start: int, taken: bytearray) -> list[Item]:
    cls, gap, count = page.cls, page.gap, len(page.cls)
    items: list[Item] = []
    i = start
    while i < count and cls[i] in b"TSL" and not taken[i]:
        if i > start + 1 and gap[i] > gap[start + 1]:
            break
        if i == start + 1 and gap[i] > gap[start]:
            break
        items.append(Item(i, i + 1, i + 1))
        i += 1
    return items
