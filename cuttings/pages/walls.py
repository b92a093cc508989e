"""Walls: what a site says to its reader, in words of its own, before it lets them read: accept, sign in, subscribe.

Such texts read like an article's, and the phrases that many of them share are not in all. But all of them speak of the
site ("our") to the reader ("your") about several of the same few things: adverts, data, devices, a choice, a price, an
account. A report on cookies tells of these, too, but of others and to nobody.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from cuttings.pages.page import BYLINE, DATE, Page
from cuttings.pages.phrases import wall_words
from cuttings.pages.primary import Run

# A page that is a wall has so many words at most, menus and all, and speaks of so many things in sentences of so many
# characters.
MOST_WORDS: Final = 300
LEAST_THINGS: Final = 3
SENTENCE_CHARS: Final = 40
# An article's date or author stands so many lines above its text at most.
HEAD_LINES: Final = 4
# Who speaks, and to whom; all other words of the lexicon are of what they speak about.
ADDRESS: Final = frozenset(("reader", "site"))


def is_wall(page: Page, run: Run) -> bool:
    """Whether a page, of which a run is the text, is what a site asks of its reader."""
    if sum(page.words) > MOST_WORDS:
        return False
    head = page.cls[max(0, run.start - HEAD_LINES) : run.end]
    if DATE in head or BYLINE in head:
        return False
    text = "\n".join(page.text[run.start : run.end]).lower()
    if not all(_patterns()[name].search(text) for name in ADDRESS):
        return False
    text = "\n".join(line for line in page.text if len(line) >= SENTENCE_CHARS).lower()
    things = sum(pattern.search(text) is not None for name, pattern in _patterns().items() if name not in ADDRESS)
    return things >= LEAST_THINGS


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """What tells each thing: words, their beginnings, or parts of them."""
    patterns: dict[str, list[str]] = {}
    for (name, how), words in wall_words().items():
        before = "" if how == "~" else r"\b"
        behind = r"\b" if how == "=" else ""
        patterns.setdefault(name, []).append(f"{before}(?:{'|'.join(map(re.escape, sorted(words)))}){behind}")
    return {name: re.compile("|".join(parts)) for name, parts in patterns.items()}
