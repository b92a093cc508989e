"""Menus: the lines of a few words that stand together in a page's furniture, none of which a phrase names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Final

import numpy as np

from cuttings.pages.labels import PAGE_ZONE, ROLE, RULE, Labels
from cuttings.pages.page import Page

# So many lines in a row, of fewer units each, are a menu; lines that a phrase names may stand among them.
MENU_LINES: Final = 4
MENU_UNITS: Final = 5.0
_IS_SHORT: Final = np.isin(np.arange(256), list(b"WTL"))
_IS_NAMED: Final = np.isin(np.arange(256), list(b"NHPXGV"))
# An entry of a menu has fewer units where short lines stand before and behind it.
ENTRY_UNITS: Final = 8.0
_ENTRIES: Final = frozenset(b"WTLNP")


def label_menus(pages: Sequence[Page], labelled: Sequence[Labels]) -> None:
    """Call the lines of menus navigation, where nothing else is known of them; for all pages of a batch at once."""
    cls, terminal, zone, role, rule = (
        np.frombuffer(b"".join(column), np.uint8)
        for column in (
            [page.cls for page in pages], [page.is_terminal for page in pages], [labels.zone for labels in labelled],
            [labels.role for labels in labelled], [labels.rule for labels in labelled],
        )
    )  # fmt: skip
    units = np.fromiter(chain.from_iterable([page.units for page in pages]), np.float64, len(cls))
    bounds = np.cumsum([0, *(len(page.cls) for page in pages)])
    in_menu = (zone == PAGE_ZONE) & (units < MENU_UNITS) & (_IS_NAMED[cls] | (_IS_SHORT[cls] & (terminal == 0)))
    # Lines of one run have the same number: every line that is in no menu opens another, and so does every page.
    opens = ~in_menu
    opens[bounds[:-1][np.diff(bounds) > 0]] = True
    run = np.cumsum(opens)
    is_unnamed = in_menu & (role == ROLE["unknown"]) & (rule == RULE["furniture"])
    lines, unnamed = (np.bincount(run[mark], minlength=len(cls) + 1) for mark in (in_menu, is_unnamed))
    # A name with "Like" and "Reply" below it, again and again, is no menu.
    is_menu = (lines >= MENU_LINES) & (2 * unnamed > lines)
    at = np.flatnonzero(is_unnamed & is_menu[run])
    edges = np.searchsorted(at, bounds).tolist()
    for labels, first, (start, end) in zip(labelled, bounds.tolist(), pairwise(edges), strict=False):
        if end > start:
            labels.put_all((at[start:end] - first).tolist(), PAGE_ZONE, "nav", -1, "menu_run")


def is_menu_entry(page: Page, line: int) -> bool:
    """Whether a line stands in a row of short ones, as the entries of menus do: a longer one only between others."""
    behind = _entries(page, range(line + 1, len(page.cls)))
    before = _entries(page, range(line - 1, -1, -1))
    least = ENTRY_UNITS if before and behind else MENU_UNITS
    return before + behind >= MENU_LINES - 1 and page.units[line] < least


def _entries(page: Page, lines: range) -> int:
    """How many of the first lines are short ones, as far as that is asked."""
    count = 0
    for i in lines[:MENU_LINES]:
        if page.cls[i] not in _ENTRIES or page.units[i] >= MENU_UNITS or page.is_terminal[i]:
            break
        count += 1
    return count
