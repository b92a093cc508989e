"""Where the articles of a rail begin and end: cut around their dates by the template of their cycles, and the last one
by the shape of those before it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from cuttings.pages.cycles import Anchor, Template
from cuttings.pages.page import BODY, SHORT, TEXT, TRANSPARENT, Page
from cuttings.pages.rails import Item

_HEAD: Final = SHORT - TEXT
# What ends a chain of cycles wherever it stands.
HARD: Final = frozenset(b"C")


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
