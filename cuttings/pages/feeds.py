"""Feeds whose markup is still there: RSS, RDF and Atom. Every item is an article, every tag is a part of its own.

Tags are found by a small lexer and not by an XML parser: a dump may be broken or cut at any place, where a parser
stops, and a lexer knows neither entities nor anything outside of the page that they could stand for. It goes through a
line once; what it does not know stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cuttings.pages.labels import ZONE, Article, Labels, date_line
from cuttings.pages.page import DATE, Page

# The element that makes a page a feed opens within so many lines and characters of its start.
HEAD_LINES: Final = 12
HEAD_CHARS: Final = 4000
_ROOT: Final = re.compile(r"<(?:rss|feed|rdf:RDF)[\s>]")
# Bytes one of which is in every feed.
FEED_TAGS: Final = (b"<rss", b"<feed", b"<rdf:RDF")
# A tag, the bounds of literal text, and a tag of the text that was written with entities.
_TAG: Final = re.compile(
    r"<!\[CDATA\[|\]\]>|<[!?/]?[A-Za-z][^<>]*>|<!--[^<>]*-->|&lt;/?[A-Za-z](?:[^<>&]|&(?!gt;|lt;))*&gt;"
)
_NAME: Final = re.compile(r"<(/?)([A-Za-z][\w:.-]*)[^>]*?(/?)>$")
_ITEMS: Final = frozenset(("item", "entry"))
# What the elements of an item hold; the fuller text comes later in the list.
_ROLE: Final = {
    "title": "title", "pubdate": "date", "published": "date", "updated": "date", "dc:date": "date", "issued": "date",
    "author": "byline", "name": "byline", "dc:creator": "byline", "creator": "byline", "source": "source",
}  # fmt: skip
_TEXTS: Final = ("description", "summary", "content", "content:encoded")
# How sure an item is: its tags say where it begins and ends, but not whether its text is whole.
_CONFIDENCE: Final = 0.9


def is_feed(lines: Iterable[str]) -> bool:
    """Whether the first lines of a page open a feed.

    >>> is_feed(['<?xml version="1.0"?>', '<rss version="2.0">'])
    True
    """
    head = "\n".join(lines)[:HEAD_CHARS]
    return head.lstrip("\ufeff \t\n")[:1] == "<" and _ROOT.search(head) is not None


def tag_bounds(line: str) -> Iterator[int]:
    """The characters of a line at which its tags begin and end.

    >>> list(tag_bounds("<title>Rain</title>"))
    [0, 7, 11, 19]
    """
    for match in _TAG.finditer(line):
        yield match.start()
        yield match.end()


def label_feed(page: Page, labels: Labels) -> None:
    """Label the items of a feed as articles of equal rank, none of which is the page's own."""
    labels.page_type = "feed"
    for position, item in enumerate(_items(page.text), 1):
        _label_item(page, labels, item, position)


def _items(texts: Sequence[str]) -> Iterator[list[tuple[str, int]]]:
    """For each item its lines of text with the element that holds them."""
    item: list[tuple[str, int]] | None = None
    element = ""
    for i, text in enumerate(texts):
        tag = _NAME.match(text)
        if tag is None:
            if item is not None and element and not _TAG.fullmatch(text):
                item.append((element, i))
            continue
        closes, name, is_empty = tag[1], tag[2].lower(), tag[3]
        if name in _ITEMS:
            if item:
                yield item
            item, element = None if closes else [], ""
        elif name in _ROLE or name in _TEXTS:
            if closes and name == element:
                element = ""
            elif not closes and not is_empty and not element:
                element = name
    if item:
        yield item


def _label_item(page: Page, labels: Labels, item: list[tuple[str, int]], position: int) -> None:
    zone = ZONE["sibling"]
    held = {element for element, _ in item}
    body = max((text for text in _TEXTS if text in held), key=_TEXTS.index, default="")
    is_dated = False
    for element, i in item:
        role = _ROLE.get(element, "body" if element == body else "standfirst")
        if role != "date":
            labels.put(i, zone, role, position, "feed_item")
        elif page.cls[i] == DATE:
            date_line(page, labels, i, zone, position)
            is_dated = True
    status = "full" if body else "absent"
    if held & {"title"} or body or is_dated:
        labels.articles.append(Article(position, zone, status, "feed_item", _CONFIDENCE))
