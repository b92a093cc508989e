"""Where a new story starts: rails that no dates mark, read from their heads and from what the words say.

A rail opens at a head that is sure alone or with those behind it; then a weaker head goes on. `story_heads` says how
likely a head starts a story.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Final

from cuttings.pages.authors import heads_note
from cuttings.pages.item_edges import last_end
from cuttings.pages.page import DATE, RELATED, TEXT, Page
from cuttings.pages.rails import Item, Rail, apart, heading_above
from cuttings.pages.story_heads import FURNITURE_LINES, Head, is_told, slots_of, weigh
from cuttings.pages.story_rows import counted_heads, is_name, plain_heads, signed_heads
from cuttings.pages.story_shapes import agree
from cuttings.pages.teasers import teaser_heads

# The least log-odds, with what all heads of its shape say, of a head within a rail; of the head that opens one; and of
# one that opens it under a related heading.
HEAD_LOG_ODDS: Final = -1.5
OPEN_LOG_ODDS: Final = 0.0
TOLD_LOG_ODDS: Final = -1.0
# A title of fewer units may be the name of who comments, of a section or of a button.
LEAST_TITLE_UNITS: Final = 4.0
# A text of so many lines that is so many times as long as all before it is no appended article.
OWN_LINES: Final = 3
OWN_RATIO: Final = 3.0
# The author of a text stands among so many lines above it.
NAMED_LINES: Final = 3
# What stands above a page's own article, as a teaser does, has so many units of text at most.
TEASER_PROSE: Final = 200.0


def story_rails(page: Page, found: list[Head], core: int, since: int, masked: bytearray) -> list[Rail]:
    """The articles behind the page's own text, which begins at line `core` and reaches to line `since` at least;
    `found` are the heads of the page, and `masked` the lines of its other rails.
    """
    weigh(page, found, core)
    agree(page, [head for head in found if head.start > since])
    counted = counted_heads(page, found, since)
    sure = teaser_heads(page, found, since) | counted
    sure |= signed_heads(page, found, since) | plain_heads(page, found, since)
    run: list[Head] = []
    for k, head in enumerate(found):
        if head.start > core and head.body - head.left > FURNITURE_LINES:
            break  # what a page's furniture recommends
        if head.start <= since or heads_note(page, head.left, head.body):
            continue
        if run:
            if (head.agreed > HEAD_LOG_ODDS and _is_titled(page, head)) or k in sure:
                run.append(head)
        elif (
            (head.agreed > (TOLD_LOG_ODDS if is_told(page, head) else OPEN_LOG_ODDS) or k in sure)
            and (any(page.prose[head.body : head.end]) or is_told(page, head))  # else a text of the furniture
            and _is_titled(page, head)
            and not _is_listed(page, found, k)
            and not _is_own(page, core, found, k)
        ):
            run.append(head)
    if not run:
        return []
    rail = rail_of(page, run)
    _close_with_names(page, rail.items, core)
    rail.is_counted = any(run[0] is found[k] for k in counted)
    return apart(rail, masked)


def _is_titled(page: Page, head: Head) -> bool:
    """False where neither the text behind a head looks like one nor its title is longer than an interface's words."""
    return page.units[head.title] >= LEAST_TITLE_UNITS or any(page.prose[head.body : head.end])


def _is_own(page: Page, core: int, found: list[Head], k: int) -> bool:
    """True where the text behind head `k` is so much longer than all before it, which is no article, that it is the
    page's own.
    """
    before = sum(page.prose[core : found[k].left])
    if before > TEASER_PROSE:
        return False
    end = next((head.left for head in found[k + 1 :] if head.agreed > HEAD_LOG_ODDS), len(page.cls))
    text = [i for i in range(found[k].body, end) if page.cls[i] in TEXT]
    own = sum(page.prose[i] for i in text)
    return len(text) >= OWN_LINES and own > OWN_RATIO * before


def _is_listed(page: Page, found: list[Head], k: int) -> bool:
    """True where the head before head `k` is like it, several lines and one line of text: the article's own list."""
    if not k:
        return False
    shapes = [(len(slots_of(page, head)), head.end - head.body) for head in found[k - 1 : k + 1]]
    return shapes[0] == shapes[1] and shapes[0][0] > 1 and shapes[0][1] == 1


def rail_of(page: Page, run: list[Head]) -> Rail:
    """The rail of heads that start stories, of which there is at least one."""
    slots = [slots_of(page, head) for head in run]
    usual = _usual([len(s) for s in slots])
    items: list[Item] = []
    for head, lines in zip(run, slots, strict=True):
        start = min(head.title, lines[-usual] if 0 < usual <= len(lines) else head.start)
        start = max(start, head.start)
        anchor = next((i for i in range(start, head.body) if page.cls[i] == DATE), -1)
        if items:
            items[-1].end = start
        items.append(Item(start, head.body, len(page.cls), anchor))
    items[-1].end = last_end(page, items)
    _close_with_dates(page, items)
    above = range(items[0].start - 1, run[0].left - 1, -1)
    heading = next((i for i in above if page.cls[i] == RELATED), -1)
    if heading < 0 and len(items) > 1 and above:
        heading = heading_above(page, items[0].start)
    return Rail(items, heading, "story_start", usual, True)


def _close_with_dates(page: Page, items: list[Item]) -> None:
    """Give the dates between two items to the first of them, where the first item of all has none above its text, and a
    date stands behind the last.
    """
    end = items[-1].end
    opens = [item.anchor == item.start for item in items[1:]]
    if items[0].anchor >= 0 or not opens or not all(opens) or DATE not in page.cls[end : end + 1]:
        return
    items[-1].end = end + 1
    for item, following in pairwise(items):
        following.start += 1
        item.end = following.start
    for item in items:
        item.anchor, item.date_after = item.end - 1, True


def _close_with_names(page: Page, items: list[Item], core: int) -> None:
    """Give the author above each title to the text before it, where one stands behind the last text, too, and none
    above the page's own, which begins at line `core`. Two and more names behind the last are a menu.
    """
    end = items[-1].end
    behind = [is_name(page, i) for i in range(end, min(end + 2, len(page.cls)))]
    if behind not in ([True], [True, False]):
        return
    if any(is_name(page, i) for i in range(max(0, core - NAMED_LINES), core)) or not all(
        item.start + 1 < item.body and is_name(page, item.start) for item in items
    ):
        return
    items[-1].end = end + 1
    for item, following in pairwise(items):
        item.end = following.start + 1
    for item in items:
        item.start, item.tail = item.start + 1, 1


def _usual(counts: list[int]) -> int:
    """The most frequent number of lines of a head; of several, the smallest."""
    found = Counter(counts)
    return min(found, key=lambda n: (-found[n], n))
