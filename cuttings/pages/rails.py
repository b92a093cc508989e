"""Rails: runs of articles of one shape, appended to a page or listed on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from cuttings.pages.page import Page

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


def heading_above(page: Page, line: int) -> int:
    """The line right above a rail that begins with `line`, where it may be its heading whatever it says; or -1."""
    above = line - 1
    return above if above >= 0 and page.cls[above] in b"TW" and page.units[above] <= HEADING_UNITS else -1
