"""Rails without dates: lists of titles, or of titles and teasers, under a related heading."""

from __future__ import annotations

from typing import Final

from cuttings.pages.likely_heads import LikelyHeads
from cuttings.pages.page import ADVERT, QUESTION, RELATED, SENTENCE, TEXT, TITLE, Page
from cuttings.pages.rails import Item, Rail, apart
from cuttings.pages.ranks import leading_rank, lone_rank
from cuttings.pages.status import is_cut
from cuttings.pages.teasers import StoryLines

# So many short lines behind a lone title make it the first of a menu.
MENU_LINES: Final = 2
# A teaser is cut where a mark of omission is among so many last characters: the words of a link may be glued behind it.
CUT_CHARS: Final = 40
# Items under a heading that are alike have at most so many lines each, and there are at least so many of them.
CYCLE_LINES: Final = 5
LEAST_CYCLES: Final = 3
# Titles that stand twice, ranks, numbers of comments and times to read are in no menu: two will do.
LEAST_TOLD_CYCLES: Final = 2


def listed_rails(page: Page, taken: bytearray, likely: LikelyHeads) -> list[Rail]:
    """Lists of titles, or of titles and teasers, under a related heading."""
    cls, count = page.cls, len(page.cls)
    rails: list[Rail] = []
    stories = StoryLines(likely)
    at = 0
    i = cls.find(RELATED)
    while i >= 0:
        start = i + 1
        while start < count and cls[start] == RELATED:
            start += 1
        if i >= at and start < count and not taken[start]:
            items = _teasers(page, start, taken) or _cycles(page, start, taken) or _titles(page, start, taken)
            text = _text_below(page, items[-1]) if items else -1
            is_ranked = len(items) > 1 and leading_rank(page.text[items[-1].start])[0] == len(items)
            if text >= 0 and not is_ranked and text in stories:
                items.pop()  # the title of a text
            if items:
                rails.append(Rail(items, start - 1, "list_heading", 1, items[0].end - items[0].start > 1))
                at = rails[-1].end
        i = cls.find(RELATED, start)
    return rails


def teaser_rails(page: Page, start: int, title: int, masked: bytearray) -> list[Rail]:
    """The sentences between line `start` and the title of the page's own article: teasers of others, without titles.
    Lines `masked` are those of the page's other rails.
    """
    items = [Item(i, i, i + 1) for i in range(start, title) if page.cls[i] in TEXT and not masked[i]]
    return apart(Rail(items, rule="teaser_before_title", has_body=True), masked) if items else []


def _teasers(page: Page, start: int, taken: bytearray) -> list[Item]:
    """Title and teaser in turn."""
    cls, count = page.cls, len(page.cls)
    items: list[Item] = []
    i = start
    while i + 1 < count and cls[i] in b"TSLB" and cls[i + 1] in TEXT | {ord("T")} and not taken[i + 1]:
        if not is_cut(page.text[i + 1], CUT_CHARS):
            break
        end = i + 2
        while end < count and cls[end] in b"K":
            end += 1
        items.append(Item(i, i + 1, end))
        i = end
    return items


def _cycles(page: Page, start: int, taken: bytearray) -> list[Item]:
    """Items of several lines, which look alike line by line and hold one title each: a section, its title and how long
    it takes to read; a title and how many comments it has; the rank of a title; a title and its teaser; a title twice.
    An advert between two of them is passed over. (A title and a few words in turn are as often a menu.)
    """
    for size in range(2, CYCLE_LINES + 1):
        shape = _shape(page, start, size, 1, taken)
        if shape is None or shape.count("T") != 1 or shape.count("B") > 1 or shape == "Tw":
            continue
        items: list[Item] = []
        gaps: list[int] = []
        i = start
        while i < len(page.cls):
            at = i + 1 if page.cls[i] == ADVERT else i
            if _shape(page, at, size, len(items) + 1, taken) != shape:
                break
            gaps = gaps or page.gap[at + 1 : at + size]
            if page.gap[at + 1 : at + size] != gaps or (len(items) > 1 and page.gap[at] > page.gap[items[1].start]):
                break
            if at == i:
                items.append(_item(shape, i))
            i = at + size
        if items and i < len(page.cls) and page.cls[i] in TEXT:
            items.pop()  # the head of a text
        if len(items) >= (LEAST_CYCLES if set(shape) <= set("TwB") else LEAST_TOLD_CYCLES):
            return items
    return []


def _shape(page: Page, start: int, size: int, rank: int, taken: bytearray) -> str | None:
    """A letter a line: T a title, d the same once more, w a few words, B sentences, n the rank, t what is no text."""
    if start + size > len(page.cls) or any(taken[start : start + size]) or any(page.is_markup[start : start + size]):
        return None
    shape = ""
    for i in range(start, start + size):
        c = page.cls[i]
        if page.date_start[i] >= 0:
            return None  # what holds a date is looked at as such
        if lone_rank(page.text[i]) == rank:
            shape += "n"
        elif shape[-1:] == "T" and page.fold[i] == page.fold[i - 1]:
            shape += "d"
        elif c in b"TL":
            shape += "T"
        elif c in TEXT:
            shape += "B"
        elif c in b"WY" and not page.text[i][0].isdecimal():
            shape += "w"
        elif c in b"tCV":
            shape += "t"
        else:
            return None
    return shape


def _item(shape: str, start: int) -> Item:
    """The item of a cycle from the line `start` on, without its rank and what is no text at its ends."""
    body = shape.find("B", shape.index("T"))
    first = len(shape) - len(shape.lstrip("nt"))
    end = len(shape.rstrip("nt"))
    return Item(start + first, start + (body if body >= 0 else end), start + end)


def _titles(page: Page, start: int, taken: bytearray) -> list[Item]:
    cls, gap, count = page.cls, page.gap, len(page.cls)
    items: list[Item] = []
    is_ranked = [leading_rank(text)[0] for text in page.text[start : start + 2]] == [1, 2]
    i = start
    while i < count and cls[i] in b"TSL" and not taken[i]:
        if is_ranked and leading_rank(page.text[i])[0] != len(items) + 1:
            break
        if i > start + 1 and gap[i] > gap[start + 1]:
            break
        if i == start + 1 and gap[i] > gap[start]:
            break
        if i > start and cls[i] == SENTENCE and cls[start] == TITLE and page.text[i][-1] not in QUESTION:
            break  # the text goes on behind a list of headlines
        items.append(Item(i, i + 1, i + 1))
        i += 1
    return [] if len(items) == 1 and _is_menu(page, i) else items


def _text_below(page: Page, item: Item) -> int:
    """The text right below the lone title of an item, or below an author or a source there; or -1."""
    at = item.end
    if item.body != at or at >= len(page.cls):
        return -1
    if page.cls[at] in b"WY":
        at += 1
    return at if at < len(page.cls) and page.cls[at] in TEXT else -1


def _is_menu(page: Page, i: int) -> bool:
    """True where lines of a few words go on right behind a lone title: the links of a footer."""
    words = page.cls[i : i + MENU_LINES]
    return len(words) == MENU_LINES and all(c in b"WNXH" for c in words) and not any(page.gap[i : i + MENU_LINES])
