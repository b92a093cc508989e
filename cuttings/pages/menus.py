"""Menus: the lines of a few words that stand together in a page's furniture, none of which a phrase names."""

from __future__ import annotations

from typing import Final

from cuttings.pages.labels import PAGE_ZONE, ROLE, RULE, Labels
from cuttings.pages.page import Page

# So many lines in a row, of fewer units each, are a menu; lines that a phrase names may stand among them.
MENU_LINES: Final = 4
MENU_UNITS: Final = 5.0
# A list of names or of numbers looks like one too.
MENU_CONFIDENCE: Final = 0.55
_SHORT: Final = frozenset(b"WTL")
_NAMED: Final = frozenset(b"NHPXGV")


def label_menus(page: Page, labels: Labels) -> None:
    """Call the lines of menus navigation, where nothing else is known of them."""
    start, unknown = 0, ROLE["unknown"]
    for i in range(len(page.cls) + 1):
        if i < len(page.cls) and _may_be_in_menu(page, labels, i):
            continue
        unnamed = [k for k in range(start, i) if labels.role[k] == unknown and labels.rule[k] == RULE["furniture"]]
        # A name with "Like" and "Reply" below it, again and again, is no menu.
        if i - start >= MENU_LINES and 2 * len(unnamed) > i - start:
            for k in unnamed:
                labels.put(k, PAGE_ZONE, "nav", -1, "menu_run", MENU_CONFIDENCE)
        start = i + 1


def _may_be_in_menu(page: Page, labels: Labels, i: int) -> bool:
    if labels.zone[i] != PAGE_ZONE or page.units[i] >= MENU_UNITS:
        return False
    return page.cls[i] in _NAMED or (page.cls[i] in _SHORT and not page.is_terminal[i])
