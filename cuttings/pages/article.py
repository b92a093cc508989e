"""Labels of the page's own article: its title and head, its text, and the cuts inside its lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from cuttings.pages import spans
from cuttings.pages.authors import END_LINES, author_notes
from cuttings.pages.captions import CAPTION, inner_captions, is_caption
from cuttings.pages.confidence import PRIMARY, cut_features
from cuttings.pages.endings import closing_tags
from cuttings.pages.head import label_head
from cuttings.pages.headings import numbered_headings
from cuttings.pages.labels import PAGE_ZONE, ROLE, ZONE, Article, Labels, date_line
from cuttings.pages.links import inner_links, strange_headlines
from cuttings.pages.live import entry_titles
from cuttings.pages.logits import chance, log_odds
from cuttings.pages.neighbours import CLOCK_CHARS
from cuttings.pages.offers import inner_offers
from cuttings.pages.page import BODY, DATE, Page
from cuttings.pages.primary import Run
from cuttings.pages.rails import Rail
from cuttings.pages.recipes import ingredients
from cuttings.pages.resuming import resumed
from cuttings.pages.signed import bylines_around, edge_bylines
from cuttings.pages.status import NO_TEXT_ROLE, body_status
from cuttings.pages.story_heads import Head

# A line this unlikely (log-odds) inside the primary is left out of its text.
DROP_SCORE: Final = -0.75
# A link inside a sentence has fewer units.
LINK_UNITS: Final = 6.0
# A line of so many units that is the same as the one before it was printed twice.
DOUBLED_UNITS: Final = 8.0
# A title repeated so many lines below, at most, has the standfirst between.
REPEAT_LINES: Final = 5


def label_primary(
    page: Page, labels: Labels, run: Run, title: int, *, masked: bytearray, live: frozenset[int], starts: Sequence[Head]
) -> None:
    """Label the title, the head and the text of the primary; `starts` are the heads where other stories might."""
    zone = ZONE["primary"]
    if title >= 0:
        labels.put(title, zone, "title", 0, "title_above_text")
    start = _opening(page, run, title, live, masked)
    if title >= 0:
        label_head(page, labels, title, start, masked)
    else:
        for i in range(max(0, run.start - 4), start):
            if page.cls[i] == DATE:
                date_line(page, labels, i, zone, 0)
    headed = entry_titles(page, live)
    body: list[int] = []
    unlike: list[int] = []
    for i in range(start, run.end):
        if masked[i]:
            continue
        c = page.cls[i]
        if title >= 0 and page.fold[i] == page.fold[title]:
            labels.put(i, zone, "title_repeat", 0, "title_repeated")
        elif c == DATE and i in live:
            labels.put(i, zone, "live_entry_time", 0, "live_entry")
        elif c == DATE:
            date_line(page, labels, i, zone, 0)
        elif i in headed:
            labels.put(i, zone, "live_entry_title", 0, "live_entry")
        elif c in b"BSTWL" or (c in b"YcE" and page.score[i] > 0):
            is_unlike = page.score[i] + run.lift < DROP_SCORE and not page.in_sentence(i) and not live
            (unlike if is_unlike else body).append(i)
    if unlike:
        numbered = numbered_headings(page, sorted(body + unlike)).intersection(unlike)
        body = sorted({*body, *numbered})
        labels.put_all(set(unlike) - numbered, PAGE_ZONE, "unknown", -1, "unlike_text")
    if body and title >= 0:
        listed = ingredients(page, title, start, run.end, masked)
        body = sorted({*body, *listed})
    more = resumed(page, body, masked) if body and not live else []
    end = more[-1] + 1 if more else run.end
    body = _without_links(page, labels, body)
    body = _label_text(page, labels, body + more, start=start, end=end, masked=masked)
    labels.put_all(set(more).intersection(body), zone, "body", 0, "text_resumed")
    if not live:
        is_signed = ROLE["byline"] in labels.role[max(0, title) : end]
        signatures = bylines_around(page, start, body, masked, is_signed=is_signed)
        labels.put_all(signatures, zone, "byline", 0, "byline_below_text")
    status = body_status(page, body, end)
    if status in NO_TEXT_ROLE:
        labels.put_all(body, zone, NO_TEXT_ROLE[status], 0, status)
    confidence = chance(
        log_odds(PRIMARY, cut_features(page, run, title, body, masked=masked, live=live, starts=starts))
    )
    labels.articles.append(Article(0, zone, status, "text_run", confidence))


def _without_links(page: Page, labels: Labels, body: list[int]) -> list[int]:
    """The lines of a text without those that lead to other stories or to a shop, which are labelled."""
    for role, rule, find in (
        ("inline_related", "link_below_heading", inner_links),
        ("ad", "offer_in_text", inner_offers),
        ("inline_related", "headline_in_text", strange_headlines),
    ):
        found = find(page, body)
        labels.put_all(found, PAGE_ZONE, role, -1, rule)
        body = [i for i in body if i not in found]
    return body


def _opening(page: Page, run: Run, title: int, live: frozenset[int], masked: bytearray) -> int:
    """The first line of the text of a run below its title, behind its repeat and the credit of a picture."""
    start = run.start
    if title < 0:
        return start
    if title >= start:  # teasers of other articles stand before it
        start = next((i for i in range(title + 1, run.end) if page.cls[i] == BODY and not masked[i]), title + 1)
    repeat = max(
        (i for i in range(title + 1, min(title + REPEAT_LINES, run.end)) if page.fold[i] == page.fold[title]),
        default=title,
    )
    start = max(_fragments_before(page, max(start, title + 1), title + 1, masked), repeat + 1)
    while start < run.end and page.cls[start] == CAPTION and not page.in_sentence(start):
        start += 1  # the credit of the picture above the text
    return min([start, *(i for i in live if i > title)])


def _label_text(page: Page, labels: Labels, lines: list[int], *, start: int, end: int, masked: bytearray) -> list[int]:
    """Label the lines of the text, from `start` to `end`, of which some are captions or notes on the author; the
    others.
    """
    zone = ZONE["primary"]
    captions = inner_captions(page, lines)
    labels.put_all(captions, zone, "caption", 0, "caption_word")
    body = [i for i in lines if i not in captions]
    behind = (i for i in range(end, min(end + END_LINES, len(page.cls))) if not masked[i])
    bylines = edge_bylines(page, body)
    labels.put_all(bylines, zone, "byline", 0, "byline_word")
    body = [i for i in body if i not in bylines]
    notes = author_notes(page, body, behind)
    labels.put_all(notes, zone, "author_bio", 0, "author_note")
    body = [i for i in body if i not in notes]
    tags = closing_tags(page, body)
    labels.put_all(tags, PAGE_ZONE, "tags", -1, "tags_below_text")
    body = [i for i in body if i not in tags]
    doubled = {i for a, i in pairwise(body) if page.fold[i] == page.fold[a] and page.units[i] >= DOUBLED_UNITS}
    labels.put_all(body, zone, "body", 0, "text_run")
    labels.put_all(doubled, zone, "alt_text", 0, "doubled_line")
    for i in body:
        if (i == start or page.is_glued[i]) and i not in doubled:
            _cut_body(page, labels, i, i == start)
    return body


def _fragments_before(page: Page, start: int, floor: int, masked: bytearray) -> int:
    """The first line of the sentence that line `start` continues, over links that were put on lines of their own."""
    while start > floor and not masked[start - 1] and page.cls[start - 1] in b"BSTWL":
        is_link = page.units[start] < LINK_UNITS and page.continues(start + 1) and not page.is_terminal[start]
        joins = not page.is_terminal[start - 1] and (page.continues(start) or is_link)
        if not joins and page.score[start - 1] <= 0 and not page.in_sentence(start - 1):
            break
        start -= 1
    return start


def _cut_body(page: Page, labels: Labels, i: int, is_first: bool) -> None:
    """Cuts inside a line of text."""
    text = page.text[i]
    if is_first:
        cut = spans.dateline(text)
        if cut:
            labels.cuts.append((i, cut))
    if page.cls[i] != BODY or not page.is_glued[i]:
        return
    labels.cuts += [(i, cut) for cut in spans.inner_cuts(text, page.is_glued[i])]
    tail = spans.tail_residue(text) or spans.inline_also(text)
    if tail:
        labels.cuts.append((i, tail))


def label_head_only(page: Page, labels: Labels, title: int, rails: list[Rail], masked: bytearray) -> None:
    zone = ZONE["primary"]
    labels.put(title, zone, "title", 0, "title_without_body")
    status = "absent"
    for i in range(title + 1, rails[0].start):
        if masked[i]:
            continue
        if page.fold[i] == page.fold[title]:
            labels.put(i, zone, "title_repeat", 0, "title_repeated")
        elif page.cls[i] == DATE and len(page.text[i]) <= CLOCK_CHARS:  # where there is no text, a video's length
            labels.put(i, PAGE_ZONE, "video_ui", -1, "title_without_body")
        elif page.cls[i] == DATE:
            date_line(page, labels, i, zone, 0)
        elif page.cls[i] == BODY or is_caption(page, i):
            labels.put(i, zone, "caption", 0, "caption_without_body")
            status = "caption_only"
    features = cut_features(page, Run(title, title + 1), title, [], masked=masked, live=frozenset(), starts=())
    confidence = chance(log_odds(PRIMARY, features))
    labels.articles.append(Article(0, zone, status, "title_without_body", confidence))
