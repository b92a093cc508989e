"""The cycles of a rail: its dates, and the template of lines around them.

What stands before and after the date of a cycle is not assumed: it is the consensus of the cycles, and blank lines
only help where they agree with it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from cuttings.pages.edges import dates_close, lines_before, tail_lines
from cuttings.pages.page import BODY, BYLINE, DATE, QUESTION, RELATED, SENTENCE, SHORT, TEXT, TRANSPARENT, WORDS, Page

# Most short lines that a head has on one side of its date.
HEAD_LINES: Final = 6
# Share of the cycles that must agree for a blank line to count as the start of a cycle.
GAP_CONSENSUS: Final = 0.75
# Share of the cycles with the same number of lines before the date that needs no blank lines to be believed.
MODE_CONSENSUS: Final = 0.6


@dataclass(slots=True)
class Anchor:
    first: int
    last: int
    before: int
    after: int
    body: int  # first line of the body after the head, or -1
    close: int = -1  # the line where the same date stands again, behind the body


def anchors(page: Page) -> list[Anchor]:
    cls = page.cls
    found: list[Anchor] = []
    count = len(cls)
    i = cls.find(DATE)
    while i >= 0:
        last = i
        while last + 1 < count and cls[last + 1] == DATE and last - i < 2:
            last += 1
        before = 0
        while before < HEAD_LINES and i - before - 1 >= 0 and cls[i - before - 1] in SHORT:
            before += 1
        after, j = 0, last + 1
        while (
            j < count and after < HEAD_LINES and (cls[j] in SHORT or cls[j] in TRANSPARENT) and not page.in_sentence(j)
        ):
            after += cls[j] in SHORT
            j += 1
        is_body = j < count and (cls[j] == BODY or (cls[j] in SHORT and page.in_sentence(j)))
        found.append(Anchor(i, last, before, after, j if is_body else -1))
        i = cls.find(DATE, last + 1)
    return found


def _mode(values: list[int]) -> int:
    """The most frequent value; of several, the smallest."""
    if values.count(values[0]) == len(values):
        return values[0]
    counts = Counter(values)
    return min(counts, key=lambda v: (-counts[v], v))


class Template(NamedTuple):
    """The lines of a cycle: of its head before its date and after it, whether they close it behind the text, and how
    many lines of its head stand behind the text alone.
    """

    before: int
    after: int
    date_after: bool = False
    tail: int = 0


def template(page: Page, chain: list[Anchor], has_body: bool) -> Template:
    """What the cycles of a chain have in common."""
    gap = page.gap
    befores = [a.before for a in chain]
    # The lines behind a last date without a text are not of its cycle.
    afters = [a.after for a in (chain[:-1] if has_body and chain[-1].body < 0 else chain)] or [chain[0].after]
    if has_body:
        before = 0 if _end_items(page, chain) else _alike_before(page, chain, _mode(befores))
        after = _mode(afters)
        if before == 0 and _closes(page, chain, after):
            return Template(0, 0, date_after=True)
    else:
        inner = [b.first - a.last - 1 for a, b in pairwise(chain)]
        period = _mode(inner) if inner else max(befores[0], 1)
        before = lines_before(page, chain, period, _alike_before(page, chain, min(befores[0], period)))
        after = period - before
    by_gap = None if has_body and _agreed(befores[1:]) else _start_by_gap(gap, chain, max(befores))
    if by_gap is not None:
        if not has_body:
            after = max(0, before + after - by_gap)
        before = by_gap
    elif has_body and dates_close(page, chain, before, after):
        return Template(before, after, date_after=True, tail=before)
    elif has_body and (tail := tail_lines(page, chain, before)):
        return Template(0, after, tail=tail)
    return Template(before, after)


def _alike_before(page: Page, chain: list[Anchor], most: int) -> int:
    """How many lines before the first date, at most `most`, are of its cycle: a line in whose place the later ones
    have the last text or the author of the article before them is the heading of the rail, or no part of it.
    """
    for k in range(1, most + 1):
        first, *others = (page.cls[a.first - k] == BODY or _ends_item(page, a.first - k) for a in chain)
        if others and all(others) and not first:
            return k - 1
    return most


def _end_items(page: Page, chain: list[Anchor]) -> bool:
    """Whether dates with no text behind the last of them all stand below a sentence: each ends its article."""
    return chain[-1].body < 0 and all(a.before and _ends_item(page, a.first - 1) for a in chain)


def _ends_item(page: Page, i: int) -> bool:
    is_sentence = page.cls[i] == SENTENCE or (page.cls[i] == WORDS and page.is_terminal[i] > 0)
    return page.cls[i] == BYLINE or (is_sentence and page.text[i][-1] not in QUESTION)


def _agreed(values: list[int]) -> bool:
    """True where one value stands out."""
    return len(values) > 1 and Counter(values).most_common(1)[0][1] >= MODE_CONSENSUS * len(values)


def _start_by_gap(gap: list[int], chain: list[Anchor], most: int) -> int | None:
    """How many lines before the date the cycles start, if blank lines agree on it."""
    if len(chain) < 2:
        return None
    for lines in range(most, -1, -1):
        votes = 0
        for a in chain[1:]:
            if a.before >= lines:
                inner = (
                    max(gap[a.first - lines + 1 : a.first + 1], default=0) if lines else gap[a.last + 1 : a.last + 2]
                )
                inner = inner if isinstance(inner, int) else max(inner, default=0)
                votes += gap[a.first - lines] > inner
        if votes >= GAP_CONSENSUS * (len(chain) - 1):
            return lines
    return None


def _closes(page: Page, chain: list[Anchor], after: int) -> bool:
    """True where the date stands behind the body it belongs to: body, date, title, body, date. `after` are the short
    lines behind it: where there are none, the titles are lost.
    """
    gap, cls = page.gap, page.cls
    if chain[-1].body < 0 and _opens_undated(page, chain[0].first, has_title=after > 0):
        return True
    if not after:
        return False
    before = sum(gap[a.first] for a in chain[1:])
    after = sum(gap[a.last + 1] for a in chain[:-1])
    if before != after:
        return before < after
    last = chain[-1]
    return last.body < 0 and cls[chain[0].first - 1] in TEXT


def _opens_undated(page: Page, end: int, has_title: bool) -> bool:
    """True where the lines above the first date are a text, with its title, right under a related heading."""
    start = page.text_start(end)
    if not has_title:
        return 0 < start < end and page.cls[start - 1] == RELATED
    title = start - 1
    return start < end and title > 0 and page.cls[title] in SHORT and page.cls[title - 1] == RELATED
