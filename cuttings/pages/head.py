"""The head of the page's own article: what the lines between its title and its text say, and the dates above it."""

from __future__ import annotations

from typing import Final

from cuttings.pages import spans
from cuttings.pages.authors import is_post
from cuttings.pages.bylines import is_source
from cuttings.pages.captions import head_captions
from cuttings.pages.labels import ZONE, Labels, date_line
from cuttings.pages.page import BYLINE, DATE, SHARE, TITLE, Page
from cuttings.pages.signed import names_author

# A line of so many units right below a title is a standfirst where an author or a date follows: names are shorter.
STANDFIRST_UNITS: Final = 7.0
_HEADS: Final = frozenset((DATE, BYLINE))
# A date so many lines above the title may be its own.
DATE_ABOVE_LINES: Final = 2
# A full name has so many words; between it and the date so many lines tell where its bearer is, and what.
NAME_WORDS: Final = (2, 4)
POST_LINES: Final = 2
POST_UNITS: Final = 5.0
_PARTICLES: Final = frozenset(
    ("van", "von", "der", "den", "de", "da", "dos", "di", "del", "du", "la", "le", "al", "bin")
)


def label_head(page: Page, labels: Labels, title: int, start: int, masked: bytearray) -> None:
    """Roles of the lines between the title and the text, which begins at line `start`."""
    zone = ZONE["primary"]
    repeat = max((i for i in range(title + 1, start) if page.fold[i] == page.fold[title]), default=-1)
    # A date below the title is its own, unless a word before it says otherwise: one above then ends what stands there.
    is_dated = any(page.cls[i] == DATE and not masked[i] and not page.date_start[i] for i in range(title + 1, start))
    for i in range(max(0, title - DATE_ABOVE_LINES), title):
        if page.cls[i] == DATE and not masked[i] and not is_dated:
            date_line(page, labels, i, zone, 0)
    standfirst = max(title, repeat) + 1
    is_long = standfirst < start and page.units[standfirst] >= STANDFIRST_UNITS
    standfirst = standfirst if is_long and not _HEADS.isdisjoint(page.cls[standfirst + 1 : start]) else -1
    lines = [i for i in range(title + 1, start) if not masked[i]]
    captions = head_captions(page, lines)
    names = _names(page, title, lines)
    for i in lines:
        c = page.cls[i]
        if page.fold[i] == page.fold[title]:
            labels.put(i, zone, "title_repeat", 0, "title_repeated")
        elif c == DATE:
            date_line(page, labels, i, zone, 0)
        elif spans.is_lost_value(page.text[i]):
            labels.put(i, zone, "byline", 0, "value_lost")
            if i + 1 not in names:
                labels.losses.append((i, 0, "lost_value", page.text[i]))
        elif is_source(page.text[i]):
            labels.put(i, zone, "source", 0, "source_word")
        elif names_author(page, i):
            labels.put(i, zone, "byline", 0, "byline_word")
        elif i in captions:
            labels.put(i, zone, "caption", 0, "caption_word")
        elif i in names:
            labels.put(i, zone, names[i], 0, "byline_before_date")
        elif c in b"BS" or (c == TITLE and (i < repeat or i == standfirst)):
            labels.put(i, zone, "standfirst", 0, "standfirst_under_title")
        elif c in b"TW" and i + 1 < len(page.cls) and page.cls[i + 1] == DATE and i > repeat >= 0:
            labels.put(i, zone, "source", 0, "source_before_date")
        elif c in b"TW" and i + 1 < len(page.cls) and page.cls[i + 1] == DATE:
            labels.put(i, zone, "byline", 0, "byline_before_date")


def _names(page: Page, title: int, lines: list[int]) -> dict[int, str]:
    """The names of authors in a head, with their posts and places: a full name that a short line or two part from a
    date, and what stands below a lone "By".
    """
    found: dict[int, str] = {}
    for i in lines:
        if page.cls[i] not in b"TW" or not is_full_name(page.text[i]) or page.fold[i] in page.fold[:title]:
            continue
        below = i + 1
        while below < len(page.cls) and below <= i + POST_LINES and _is_short(page, below):
            below += 1
        is_dated = below > i + 1 and page.cls[below : below + 1] == bytes([DATE])
        if not is_dated and not spans.is_author_mark(page.text[i - 1]):
            continue
        found[i] = "byline"
        if is_dated:
            beside = [line for line in range(i + 1, below) if page.cls[line] != SHARE]
            found |= {line: "byline" if is_post(page.text[line]) else "place" for line in beside}
    return found


def _is_short(page: Page, i: int) -> bool:
    """True for a line that may tell of an author, or is a button beside his name."""
    is_short = page.cls[i] in b"TW" and page.units[i] <= POST_UNITS and not page.is_terminal[i]
    return is_short or page.cls[i] == SHARE


def is_full_name(text: str) -> bool:
    """Whether a text is as a person's full name: two to four words with capitals, small ones like "van" among them.

    >>> is_full_name("Ada van Fenwick"), is_full_name("World")
    (True, False)
    """
    words = text.split()
    if not NAME_WORDS[0] <= len(words) <= NAME_WORDS[1] or words[0] in _PARTICLES:
        return False
    return all(
        word in _PARTICLES
        or (word[0].isupper() and word.strip(".").replace("-", "").replace("’", "").replace("'", "").isalpha())
        for word in words
    )
