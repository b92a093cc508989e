"""Lists of bare headlines, which neither a heading nor a date marks: a run of text that holds nothing else.

Headlines are lines of a sentence's length that do not end as sentences do, and each tells of something else. Verses,
tables and the words of a menu are shorter, the lines of a text end, and those of a poem share their words.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from cuttings.pages.drafts import Draft
from cuttings.pages.page import BODY, DATE, SENTENCE, TITLE, Page
from cuttings.pages.rails import Item, Rail, apart
from cuttings.pages.story_heads import in_common

RULE: Final = "title_list"
# A list has so many headlines at least.
LEAST_HEADLINES: Final = 4
# A headline has so many units at most, and headlines so many in the mean at least: 2 to 7 in menus, tables and lists of
# things, 8.5 in a poem, 9 to 30 in lists of headlines.
MOST_UNITS, MEAN_UNITS = 45.0, 8.0
# Of the lines of a list so many are a few words at most (a source, a section), and so many end as sentences do.
FEW_WORDS_SHARE: Final = 0.2
ENDED_SHARE: Final = 0.15
# A longer line that ends so is a text's.
SENTENCE_UNITS: Final = 25.0
_INNER_END: Final = re.compile(r"[^\W\d_]{3}\. +[^\W\d_]|。[^\W\d_]")
# Neighbours have so much in common in the mean, at most: poems and schedules have .12 to .2.
COMMON_SHARE: Final = 0.15
# So many lists are looked for on a page: each is one more search for the run of its text.
MOST_LISTS: Final = 8
# So many headlines are compared.
COMPARED_LINES: Final = 24
# Marks at the end of headlines that end sentences, too.
_ASKED_OR_QUOTED: Final = frozenset("?？؟!！\"”“»«'’)］]】」』…")


def lists_headlines(draft: Draft) -> bool:
    """Whether the run of text of a page is a list of headlines, which is one of its rails from now on."""
    page, run, masked = draft.page, draft.run, draft.masked
    if draft.live or sum(rail.rule == RULE for rail in draft.rails) >= MOST_LISTS:
        return False
    lines = max(_groups(page, run.start, run.end, masked), key=len, default=[])
    if not lines:
        return False
    lines = [*_beside(page, lines[0], -1, masked), *lines, *_beside(page, lines[-1], 1, masked)]
    if not _are_headlines(page, lines):
        return False
    listed = [i for i in lines if page.cls[i] != ord("W")]
    rail = Rail([Item(i, i + 1, i + 1) for i in listed], rule=RULE, head_lines=1)
    draft.rails = sorted([*draft.rails, *apart(rail, masked)], key=lambda one: one.start)
    return True


def _groups(page: Page, start: int, end: int, masked: bytearray) -> list[list[int]]:
    """The lines of a run that may be headlines, apart where a rail or a date stands between."""
    groups: list[list[int]] = [[]]
    for i in range(start, end):
        if masked[i] or page.cls[i] == DATE:
            groups.append([])
        elif page.cls[i] in b"BSTWL":
            groups[-1].append(i)
    return groups


def _are_headlines(page: Page, lines: list[int]) -> bool:
    """Whether nothing but headlines, and few lines of a few words, stands on some lines."""
    count = len(lines)
    units = [page.units[i] for i in lines]
    if count < LEAST_HEADLINES or max(units) > MOST_UNITS or sum(units) < MEAN_UNITS * count:
        return False
    if sum(page.cls[i] == ord("W") for i in lines) > FEW_WORDS_SHARE * count:
        return False
    ended = [page.units[i] for i in lines if _is_ended(page, i)]
    if len(ended) > ENDED_SHARE * count or max(ended, default=0.0) > SENTENCE_UNITS:
        return False
    page.seen.turn()
    words = [page.seen.of([page.text[i]]) for i in lines[:COMPARED_LINES]]
    return sum(in_common(a, b) for a, b in pairwise(words)) <= COMMON_SHARE * (len(words) - 1)


def _is_ended(page: Page, i: int) -> bool:
    """Whether a sentence ends with a line, or within it."""
    text = page.text[i]
    return bool((page.is_terminal[i] and text[-1] not in _ASKED_OR_QUOTED) or _INNER_END.search(text))


def _beside(page: Page, line: int, step: int, masked: bytearray) -> list[int]:
    """The headlines right above or below one, which were too doubtful for a run of text, in the order of the page."""
    found = []
    gap = page.gap[max(line, line + step)] if 0 <= line + step < len(page.cls) else 0
    i = line + step
    while (
        0 <= i < len(page.cls) and page.cls[i] in (TITLE, SENTENCE, BODY) and not masked[i] and not _is_ended(page, i)
    ):
        if page.gap[max(i, i - step)] > gap or page.units[i] > MOST_UNITS:
            break
        found.append(i)
        i += step
    return found[::step]
