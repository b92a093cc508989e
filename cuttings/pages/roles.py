"""Which line of a head is what: title, source, date, byline, tags; and what furniture is called."""

from __future__ import annotations

from collections import Counter
from itertools import takewhile
from typing import Final

from cuttings.pages.page import DATE, DURATION, QUESTION, TEXT, TRANSPARENT, Page
from cuttings.pages.phrases import is_section
from cuttings.pages.rails import Rail
from cuttings.pages.ranks import lone_rank
from cuttings.pages.signed import names_author
from cuttings.pages.spans import is_author_mark, is_credited, is_lost_value

# Role of a line of zone page, by class.
FURNITURE_ROLE: Final = {
    "R": "related_heading", "I": "inline_related", "K": "read_more", "A": "ad", "P": "promo", "H": "share",
    "C": "comments", "G": "tags", "N": "nav", "V": "video_ui", "X": "legal", "Q": "paywall", "E": "nav", "c": "unknown",
    "i": "icon", "a": "alt_text", "t": "video_ui",
}  # fmt: skip
_NO_SLOT: Final = TRANSPARENT | {DATE, DURATION}
# A source name has at most this many words and characters.
SOURCE_UNITS: Final = 6.0
SOURCE_CHARS: Final = 42
# The slot of the title has at least so many units on average, and this share of the longest slot's.
TITLE_UNITS: Final = 3.5
TITLE_SHARE: Final = 0.45
# A place of a head holds sections where so many of its lines are names that sections have on many sites: what else
# stands there is one, too.
SECTION_SHARE: Final = 1 / 3
# Lines in capitals of more characters, in the mean, are sections, too: agencies have shorter names.
CAPITALS_CHARS: Final = 6


def bare(text: str) -> str:
    """A line without its bullet."""
    return text.lstrip("-–—•·*▪|>» \t\u00a0").strip()


def head_roles(page: Page, rail: Rail) -> list[dict[int, str]]:
    """For each item of a rail the role of each line of its head; the same slot has the same role in all items."""
    named = [
        _slots(page, item.start, item.body) + _slots(page, item.text_end, item.text_end + item.tail)
        for item in rail.items
    ]
    if rail.is_counted:
        named = [[i for i in lines if not lone_rank(page.text[i])] for lines in named]
    captions = [_captions(page, lines) for lines in named]
    slots = [[i for i in lines if i not in own] for lines, own in zip(named, captions, strict=True)]
    width = max((len(s) for s in slots), default=0)
    title_slot = _title_slot(page, slots, width)
    common = _common(page, slots)
    sections = _sections(page, slots, title_slot)
    result = []
    for item, lines, credited in zip(rail.items, slots, captions, strict=True):
        roles = dict.fromkeys(credited, "caption")
        title = _title(page, lines, title_slot)
        if title >= 0 and page.fold[title] in common:
            title = max((i for i in lines if page.fold[i] not in common), key=lambda i: page.units[i], default=title)
        folds = [page.fold[i] for i in lines]
        own = page.fold[title] if title >= 0 else None
        repeated = {fold for fold in folds if fold != own and folds.count(fold) > 1}
        for i in lines:
            if i == title:
                roles[i] = "title"
            elif title >= 0 and page.fold[i] == page.fold[title]:
                roles[i] = "title_repeat"
            elif (
                names_author(page, i)
                or is_lost_value(page.text[i])
                or "@" in page.text[i][1:]  # an address; a sign before it is a name on a platform
                or (i - 1 in lines and is_author_mark(page.text[i - 1]))
                or (rail.is_feed and page.fold[i] not in repeated)
            ):
                roles[i] = "byline"
            elif page.fold[i] in repeated:
                roles[i] = "source"
            elif page.text[i][:1] in "-–•·*▪" and (repeated or len(lines) > 2):
                roles[i] = "tags"
            elif i in sections:
                roles[i] = "kicker"
            elif page.units[i] <= SOURCE_UNITS and len(page.text[i]) <= SOURCE_CHARS:
                roles[i] = "source"
            else:
                roles[i] = "kicker" if i < title else "body"
        if item.anchor >= 0:
            own_lines = range(item.anchor, max(item.end, item.anchor + 1))  # the next item has dates of its own
            roles |= dict.fromkeys(takewhile(lambda i: page.cls[i] == DATE, own_lines), "date")
        result.append(roles)
    return result


def _captions(page: Page, lines: list[int]) -> list[int]:
    """The lines of a head that end with the name of a photographer, where another one can be the title."""
    captions = [i for i in lines if is_credited(page.text[i])]
    return captions if len(captions) < len(lines) else []


def _slots(page: Page, start: int, body: int) -> list[int]:
    lines = (i for i in range(start, body) if page.cls[i] not in _NO_SLOT)
    return [i for i in lines if not _is_tag(page.text[i])]


def _sections(page: Page, slots: list[list[int]], title_slot: int) -> set[int]:
    """The lines of heads that name the section of an item and not its source: those of one place, where some are names
    that sections have on many sites.
    """
    places = [[lines[k] for lines in slots if len(lines) > k] for k in range(max(map(len, slots), default=0))]
    return {
        i
        for k, lines in enumerate(places)
        if k != title_slot
        and (
            sum(is_section(page.text[i]) for i in lines) >= SECTION_SHARE * len(lines)
            or (k < title_slot and _are_in_capitals(page, lines))
        )
        for i in lines
    }


def _are_in_capitals(page: Page, lines: list[int]) -> bool:
    """Whether some lines are all written in capitals, and longer than the names of agencies."""
    texts = [page.text[i] for i in lines]
    return all(map(str.isupper, texts)) and len(set(texts)) > 1 and sum(map(len, texts)) > CAPITALS_CHARS * len(texts)


def _common(page: Page, slots: list[list[int]]) -> set[int]:
    """What most heads of a rail say, as a section or a source: no title where a head says more."""
    heads = Counter(fold for lines in slots for fold in {page.fold[i] for i in lines})
    return {fold for fold, count in heads.items() if count > 1 and count * 2 > len(slots)}


def _is_tag(text: str) -> bool:
    """True for a lone tag of the markup that a feed was left with."""
    return text[:1] == "<" and text[-1:] == ">" and text.find("<", 1) < 0


def _mean_units(page: Page, slots: list[list[int]], k: int) -> float:
    found = [page.units[s[k]] for s in slots if len(s) > k]
    return sum(found) / len(found) if found else 0.0


def _title_slot(page: Page, slots: list[list[int]], width: int) -> int:
    """The first slot that is long enough for a title: what follows may be the first short line of a body. A slot of
    sentences is such a line wherever another one can be the title.
    """
    means = [_mean_units(page, slots, k) for k in range(width)]
    told = [not _is_told(page, slots, k) for k in range(width)]
    if any(is_name and mean >= TITLE_UNITS for is_name, mean in zip(told, means, strict=True)):
        means = [mean if is_name else 0.0 for is_name, mean in zip(told, means, strict=True)]
    longest = max(means, default=0.0)
    return next((k for k, mean in enumerate(means) if mean >= max(TITLE_UNITS, TITLE_SHARE * longest)), len(means) - 1)


def _is_told(page: Page, slots: list[list[int]], k: int) -> bool:
    """True where most lines of a slot are sentences."""
    found = [page.cls[s[k]] in TEXT and page.text[s[k]][-1] not in QUESTION for s in slots if len(s) > k]
    return sum(found) * 2 > len(found)


def _title(page: Page, lines: list[int], slot: int) -> int:
    """The title line of one head: its longest repeated line, or the slot that is longest over all items."""
    if not lines:
        return -1
    folds = [page.fold[i] for i in lines]
    twice = [i for i in lines if folds.count(page.fold[i]) > 1 and page.text[i] == bare(page.text[i])]
    if twice:  # alternative text, heading and link of one title
        longest = max(twice, key=lambda i: len(page.text[i]))
        if len(page.text[longest]) >= max(len(page.text[i]) for i in lines) * 0.6:
            return next(i for i in lines if page.fold[i] == page.fold[longest])
    if slot < len(lines):
        pick = lines[slot]
        return next(i for i in lines if page.fold[i] == page.fold[pick])
    return max(lines, key=lambda i: len(page.text[i]))
