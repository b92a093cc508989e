"""Pages of articles of equal rank one below the other: the rail whose first item is the page's own."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from cuttings.pages.coherence import same_date_form
from cuttings.pages.drafts import FEED_PARAGRAPHS, PARAGRAPHS
from cuttings.pages.page import BODY, RELATED, Page, text_lines
from cuttings.pages.primary import Run
from cuttings.pages.rails import Rail

# Less text than this outside of the rails, in units, is no body.
BODY_UNITS: Final = 25.0


def feed_of_siblings(page: Page, rails: list[Rail], run: Run, masked: bytearray) -> Rail | None:
    """The rail whose first item is the page's own article, followed by others of equal rank."""
    for rail in rails:
        if not rail.has_body or rail.rule == "story_start" or _is_led(page, rail, run, masked):
            continue
        headings = sum(RELATED in page.cls[a.body : b.start] for a, b in pairwise(rail.items))
        if rail.heading >= 0 and not headings:
            continue
        _drop_lead(page, rail)
        if not same_date_form(page, [item.anchor for item in rail.items]):
            continue
        paragraphs = sorted(text_lines(page.cls[item.body : item.end]) for item in rail.items)
        own = sum(page.units[i] for i in range(rail.items[0].body, rail.items[0].end))
        outside = sum(page.units[i] for i in range(run.start, run.end) if not masked[i])
        if paragraphs[len(paragraphs) // 2] >= FEED_PARAGRAPHS and (outside < own or run.start >= rail.end):
            return rail
    return None


def _is_led(page: Page, rail: Rail, run: Run, masked: bytearray) -> bool:
    """True where the page's own text stands before a rail: some lines that are surely text, and no motto."""
    before = range(run.start, min(run.end, rail.start))
    lead = [page.units[i] for i in before if page.cls[i] == BODY and page.score[i] > 0 and not masked[i]]
    return len(lead) >= PARAGRAPHS and sum(lead) >= BODY_UNITS


def _drop_lead(page: Page, rail: Rail) -> None:
    """Take from the start of a feed what is no article: the blog's own name and motto."""
    words = [sum(page.prose[item.body : item.end]) for item in rail.items]
    usual = sorted(words)[len(words) // 2]
    while len(rail.items) > 2 and words.pop(0) * 5 < usual:
        del rail.items[0]
