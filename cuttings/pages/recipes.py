"""The ingredients of a recipe: short lines below a heading for them, which the line model takes for a menu."""

from __future__ import annotations

from typing import Final

from cuttings.pages.page import Page
from cuttings.pages.phrases import folded_text

# So many lines at least stand below such a heading, of so many units each, and so many at most.
LEAST_LINES: Final = 3
LINE_UNITS: Final = 16.0
MOST_LINES: Final = 60
# The heading is so many lines before the text, or within it.
BEFORE_LINES: Final = 60
# "Ingredients for 4 people (30 min)" has so many characters at most.
HEADING_CHARS: Final = 40
_HEADINGS: Final = (
    "ingredients", "ingredienti", "zutaten", "ingrédients", "ingredientes", "ingrediënten", "ingredienser",
    "ainekset", "składniki", "ingredience", "suroviny", "hozzávalók", "ingrediente", "malzemeler", "ингредиенты",
    "інгредієнти", "съставки", "sastojci", "υλικά", "المكونات", "المقادير", "מצרכים", "מרכיבים", "सामग्री", "bahan",
    "nguyên liệu", "ส่วนผสม", "材料", "食材", "用料", "재료",
)  # fmt: skip


def ingredients(page: Page, title: int, start: int, end: int, masked: bytearray) -> list[int]:
    """The lines of the ingredients, with their heading, of the text from line `start` to line `end` below a title."""
    found: list[int] = []
    for i in range(max(title + 1, start - BEFORE_LINES), end):
        text = page.text[i]
        if len(text) > HEADING_CHARS or not folded_text(text).startswith(_HEADINGS):
            continue
        below = i + 1
        while below < min(end, i + MOST_LINES) and _is_item(page, below) and not masked[below]:
            below += 1
        if below - i > LEAST_LINES and any(any(map(str.isdigit, line)) for line in page.text[i + 1 : below]):
            found += range(i, below)
    return found


def _is_item(page: Page, i: int) -> bool:
    return page.cls[i] in b"TWLD" and page.units[i] <= LINE_UNITS and not page.is_terminal[i]
