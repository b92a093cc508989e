"""The cycles of a rail: its dates, the template of lines around them, and the items that the template cuts.

What stands before and after the date of a cycle is not assumed: it is the consensus of the cycles, and blank lines
only help where they agree with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

from cuttings.pages.edges import dates_close, lines_before, tail_lines
from cuttings.pages.page import BODY, BYLINE, DATE, QUESTION, RELATED, SENTENCE, SHORT, TEXT, TRANSPARENT, WORDS, Page

_HEAD: Final = SHORT - TEXT
# What ends a chain of cycles wherever it stands.
HARD: Final = frozenset(b"C")
# Most short lines that a head has on one side of its date.
HEAD_LINES: Final = 6
# Share of the cycles that must agree for a blank line to count as the start of a cycle.
GAP_CONSENSUS: Final = 0.75
# Share of the cycles with the same number of lines before the date that needs no blank lines to be believed.
MODE_CONSENSUS: Final = 0.6
# The line right above a rail may be its heading, whatever its words are, where it is no longer.
HEADING_UNITS: Final = 8.0


@dataclass(slots=True)
class Item:
    """One appended article: lines `start` to `end`, its head before `body`; `anchor` is its date line or -1. Behind its
    text stand `tail` lines that are of its head, its source or its author, and its date where that is `date_after`.
    """

    start: int
    body: int
    end: int
    anchor: int = -1
    date_after: bool = False
    tail: int = 0

    @property
    def text_end(self) -> int:
        """The end of its text."""
        return max(self.body, self.end - self.tail - self.date_after)


@dataclass(slots=True)
class Rail:
    """A run of items of one shape; `heading` is the line of its heading, or -1."""

    items: list[Item]
    heading: int = -1
    rule: str = "rail_period"
    head_lines: int = 0
    has_body: bool = False
    is_counted: bool = False  # items count from 1 on, and are no parts of one article
    is_feed: bool = False  # items are full articles of equal rank, the first of them the page's own

    @property
    def start(self) -> int:
        return self.items[0].start

    @property
    def end(self) -> int:
        return self.items[-1].end


def masked_lines(page: Page, rails: Iterable[Rail]) -> bytearray:
    """1 for each line that a rail takes."""
    masked = bytearray(len(page.cls))
    for rail in rails:
        masked[rail.start : rail.end] = b"\1" * (rail.end - rail.start)
    return masked


def apart(rail: Rail, masked: bytearray) -> list[Rail]:
    """A rail in parts, where other rails (lines `masked`) stand within it: a page's articles are numbered as they stand
    on it.
    """
    parts = [replace(rail, items=[])]
    for item in rail.items:
        before = parts[-1].items
        if before and masked.find(1, before[-1].body, item.start) >= 0:
            parts.append(replace(rail, items=[], heading=-1))
        taken = masked.find(1, item.body, item.end)
        parts[-1].items.append(replace(item, end=taken if taken >= 0 else item.end))
    return parts


@dataclass(slots=True)
class Anchor:
    first: int
    last: int
    before: int
    after: int
    body: int  # first line of the body after the head, or -1
    close: int = -1  # the line where the same date stands again, behind the body


def anchors(page: Page) -> list[Anchor]:
    cls = page.cls
    found: list[Anchor] = []
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
        found.append(Anchor(i, last, before, after, j if is_body else -1))
        i = cls.find(DATE, last + 1)
    return found


def _mode(values: list[int]) -> int:
    """The most frequent value; of several, the smallest."""
    if values.count(values[0]) == len(values):
        return values[0]
    counts = Counter(values)
    return min(counts, key=lambda v: (-counts[v], v))


class Template(NamedTuple):
    """The lines of a cycle: of its head before its date and after it, whether they close it behind the text, and how
    many lines of its head stand behind the text alone.
    """

    before: int
    after: int
    date_after: bool = False
    tail: int = 0


def template(page: Page, chain: list[Anchor], has_body: bool) -> Template:
    """What the cycles of a chain have in common."""
    gap = page.gap
    befores = [a.before for a in chain]
    # The lines behind a last date without a text are not of its cycle.
    afters = [a.after for a in (chain[:-1] if has_body and chain[-1].body < 0 else chain)] or [chain[0].after]
    if has_body:
        before = 0 if _end_items(page, chain) else _alike_before(page, chain, _mode(befores))
        after = _mode(afters)
        if before == 0 and _closes(page, chain, after):
            return Template(0, 0, date_after=True)
    else:
        inner = [b.first - a.last - 1 for a, b in pairwise(chain)]
        period = _mode(inner) if inner else max(befores[0], 1)
        before = lines_before(page, chain, period, _alike_before(page, chain, min(befores[0], period)))
        after = period - before
    by_gap = None if has_body and _agreed(befores[1:]) else _start_by_gap(gap, chain, max(befores))
    if by_gap is not None:
        if not has_body:
            after = max(0, before + after - by_gap)
        before = by_gap
    elif has_body and dates_close(page, chain, before, after):
        return Template(before, after, date_after=True, tail=before)
    elif has_body and (tail := tail_lines(page, chain, before)):
        return Template(0, after, tail=tail)
    return Template(before, after)


def _alike_before(page: Page, chain: list[Anchor], most: int) -> int:
    """How many lines before the first date, at most `most`, are of its cycle: a line in whose place the later ones
    have the last text or the author of the article before them is the heading of the rail, or no part of it.
    """
    for k in range(1, most + 1):
        first, *others = (page.cls[a.first - k] == BODY or _ends_item(page, a.first - k) for a in chain)
        if others and all(others) and not first:
            return k - 1
    return most


def _end_items(page: Page, chain: list[Anchor]) -> bool:
    """Whether dates with no text behind the last of them all stand below a sentence: each ends its article."""
    return chain[-1].body < 0 and all(a.before and _ends_item(page, a.first - 1) for a in chain)


def _ends_item(page: Page, i: int) -> bool:
    is_sentence = page.cls[i] == SENTENCE or (page.cls[i] == WORDS and page.is_terminal[i] > 0)
    return page.cls[i] == BYLINE or (is_sentence and page.text[i][-1] not in QUESTION)


def _agreed(values: list[int]) -> bool:
    """True where one value stands out."""
    return len(values) > 1 and Counter(values).most_common(1)[0][1] >= MODE_CONSENSUS * len(values)


def _start_by_gap(gap: list[int], chain: list[Anchor], most: int) -> int | None:
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


def _closes(page: Page, chain: list[Anchor], after: int) -> bool:
    """True where the date stands behind the body it belongs to: body, date, title, body, date. `after` are the short
    lines behind it: where there are none, the titles are lost.
    """
    gap, cls = page.gap, page.cls
    if chain[-1].body < 0 and _opens_undated(page, chain[0].first, has_title=after > 0):
        return True
    if not after:
        return False
    before = sum(gap[a.first] for a in chain[1:])
    after = sum(gap[a.last + 1] for a in chain[:-1])
    if before != after:
        return before < after
    last = chain[-1]
    return last.body < 0 and cls[chain[0].first - 1] in TEXT


def _opens_undated(page: Page, end: int, has_title: bool) -> bool:
    """True where the lines above the first date are a text, with its title, right under a related heading."""
    start = page.text_start(end)
    if not has_title:
        return 0 < start < end and page.cls[start - 1] == RELATED
    title = start - 1
    return start < end and title > 0 and page.cls[title] in SHORT and page.cls[title - 1] == RELATED


def items_around(page: Page, chain: list[Anchor], shape: Template, has_body: bool) -> list[Item]:
    before, after, _, tail = shape
    cls, count = page.cls, len(page.cls)
    items: list[Item] = []
    for a in chain:
        floor = items[-1].body if items else 0
        start = max(a.first - before, floor, 0)
        if not items:
            start = a.first - min(before, a.before)
        body, left = a.last + 1, after
        while body < count and left and cls[body] not in HARD and cls[body] != BODY:
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
    # A text where a line of the head was to be expected is that of the last article.
    last.end = last_end(page, items) if has_body or (left and BODY in cls[last.body : last.body + 1]) else last.body
    if has_body and chain[-1].close >= 0:
        last.end = chain[-1].close + 1
    if tail:
        last.end = page.text_end(last.body) + tail
        for item in items:
            item.tail = tail
    return items


def items_date_after(page: Page, chain: list[Anchor], tail: int) -> list[Item]:
    cls = page.cls
    items: list[Item] = []
    for a in chain:
        end = a.first - tail
        floor = items[-1].end if items else max(0, end - 1)
        start = floor
        while items and start < end and cls[start] not in SHORT and cls[start] not in TEXT:
            start += 1  # furniture between two articles
        if not items:
            # The first item: its body, and the short lines above it up to the heading.
            while start > 0 and page.gap[start] == 0 and cls[start - 1] in (TEXT if tail else b"B"):
                start -= 1
            if start > 0 and cls[start - 1] in SHORT:
                start -= 1
        body = start
        while body < end and cls[body] in (_HEAD if tail else SHORT):
            body += 1
        items.append(Item(start, body, a.last + 1, a.first, date_after=True, tail=tail))
    return items


def heading_above(page: Page, line: int) -> int:
    """The line right above a rail that begins with `line`, where it may be its heading whatever it says; or -1."""
    above = line - 1
    return above if above >= 0 and page.cls[above] in b"TW" and page.units[above] <= HEADING_UNITS else -1


def last_end(page: Page, items: list[Item]) -> int:
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
    """The long lines of a text, or all lines of it before the first that is none, where those are more."""
    text = next((i for i in range(item.body, item.end) if cls[i] not in TEXT), item.end) - item.body
    return max(text, sum(c == BODY for c in cls[item.body : item.end]))
