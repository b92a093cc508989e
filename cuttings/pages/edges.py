"""Where the cycles of a rail begin and end: what stands above its first date and behind its last one tells whether the
lines between two dates belong to the one before them or to the one behind.

Between two dates the lines of one item and the head of the next touch, and nothing there says where the one ends. At
the two ends of the rail one of them is missing: above the first date stands what every item has above its date, or a
heading, a menu, the name of the page; behind the last one what every item has behind it, or the footer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from cuttings.pages.page import DATE, SHORT, TITLE, Page

if TYPE_CHECKING:
    from cuttings.pages.cycles import Anchor

# Fewer dates do not tell what their places have in common.
LEAST_DATES: Final = 3
# A line in the place of others is at least so long as the shortest of them, and at most so long as the longest.
LEAST_SHARE, MOST_SHARE = 0.5, 2.0


def lines_before(page: Page, chain: Sequence[Anchor], period: int, most: int) -> int:
    """How many of the `period` lines between two dates without texts stand before their date: `most`, unless what
    stands above the first date is unlike what the others have there, and fewer fit both there and behind the last. (Of
    "Archive, 19:42, title, 18:10, title, 16:55, title, About us" none.)
    """
    if len(chain) < LEAST_DATES:
        return most
    fitting = (
        k
        for k in range(most, -1, -1)
        if not _strangers_above(page, chain, k) and (k == most or not _strangers_behind(page, chain, period - k))
    )
    return next(fitting, most)


def dates_close(page: Page, chain: Sequence[Anchor], before: int, after: int) -> bool:
    """Whether each date stands behind the text of its item, below `before` lines of it (its source): above the first
    date stands such a text with its title, and behind the last none, and no title, either.
    """
    if len(chain) < LEAST_DATES or not before or chain[-1].body >= 0:
        return False
    ends = [a.first - before for a in chain]
    own, *others = (end - page.text_start(end) for end in ends)
    title = ends[0] - own - 1
    if not 0 < own <= max(others) or title < 0 or page.cls[title] not in SHORT:
        return False
    return not after or _strangers_behind(page, chain, after) > 0


def tail_lines(page: Page, chain: Sequence[Anchor], before: int) -> int:
    """How many lines right above the dates are those of the item above, behind its text, as the author below a teaser:
    `before` or none. What stands above the first date is none such, and behind the last text there is one.
    """
    if len(chain) < LEAST_DATES or not before or chain[-1].body < 0:
        return 0
    end = page.text_end(chain[-1].body)
    above = [[a.first - before + k for a in chain[1:]] for k in range(before)]
    is_closed = all(_fits(page, end + k, others) for k, others in enumerate(above))
    return before if is_closed and _strangers_above(page, chain, before) else 0


def _strangers_above(page: Page, chain: Sequence[Anchor], count: int) -> int:
    """How many of so many lines above the first date are unlike those in their place above the others."""
    places = ((chain[0].first - k, [a.first - k for a in chain[1:]]) for k in range(1, count + 1))
    return sum(not _fits(page, i, others) or _is_menu_word(page, i, others) for i, others in places)


def _strangers_behind(page: Page, chain: Sequence[Anchor], count: int) -> int:
    """How many of so many lines behind the last date are unlike those in their place behind the others."""
    places = ((chain[-1].last + k, [a.last + k for a in chain[:-1]]) for k in range(1, count + 1))
    return sum(not _fits(page, i, others) for i, others in places)


def _fits(page: Page, i: int, others: Iterable[int]) -> bool:
    """Whether a line may be one of those in the same place of other items, by its class and its length."""
    inside = [k for k in others if page.cls[k] != DATE]
    if not 0 <= i < len(page.cls) or page.cls[i] not in {page.cls[k] for k in inside}:
        return False
    units = [page.units[k] for k in inside]
    return LEAST_SHARE * min(units) <= page.units[i] <= MOST_SHARE * max(units)


def _is_menu_word(page: Page, i: int, others: Iterable[int]) -> bool:
    """Whether a line stands further up, too, as the section of a page does in its menu, and none of others does."""
    if page.cls[i] == TITLE:
        return False
    above = set(page.fold[:i])
    return page.fold[i] in above and above.isdisjoint(page.fold[k] for k in others)
