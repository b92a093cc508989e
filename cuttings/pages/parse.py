"""One page: rails, primary, heads and furniture, as labels of its lines and cuts inside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from cuttings.contract import ROLES, ZONES
from cuttings.pages import spans
from cuttings.pages.confidence import cut_features, primary_confidence
from cuttings.pages.grammar import (
    BODY,
    DATE,
    RELATED,
    TEXT,
    Item,
    Page,
    Rail,
    close_adverts,
    durations,
    find_rails,
    same_date_form,
    unmark_links,
)
from cuttings.pages.live import live_entries
from cuttings.pages.primary import Run, core, find_run
from cuttings.pages.roles import FURNITURE_ROLE, head_roles
from cuttings.pages.spans import Cut
from cuttings.pages.titles import find_title

ZONE: Final = {name: code for code, name in enumerate(ZONES)}
ROLE: Final = {name: code for code, name in enumerate(ROLES)}
PAGE_ZONE: Final = ZONE["page"]
_FURNITURE_CODES: Final = bytes(ROLE[FURNITURE_ROLE.get(chr(c), "unknown")] for c in range(256))
_FURNITURE_RULES: Final = [
    "marker_" + FURNITURE_ROLE[chr(c)] if chr(c) in FURNITURE_ROLE else "furniture" for c in range(256)
]
# How sure a line of zone page is: named by a phrase, or only not taken by anything else.
MARKER_CONFIDENCE: Final = 0.7
UNKNOWN_CONFIDENCE: Final = 0.5
# Less text than this outside of the rails, in units, is no body.
BODY_UNITS: Final = 25.0
# Lines that are looked at for left-over markup; a page of one huge line has few others.
SAMPLE_LINES: Final = 60
FEW_LINES: Final = 5
# A line this unlikely (log-odds) inside the primary is left out of its text.
DROP_SCORE: Final = -0.75
# A body on one line of so many units is searched for lost words.
ONE_LINE_UNITS: Final = 60.0
# Characters on both sides of such a place that are kept with it.
JOINT_CONTEXT: Final = 16
# A link inside a sentence has fewer units.
LINK_UNITS: Final = 6.0
# A title repeated so many lines below, at most, has the standfirst between.
REPEAT_LINES: Final = 5
# An item this many times as long as the next one is no item of a rail, unless text of the page's own stands before it
# (share of its words) or elsewhere.
OWN_RATIO: Final = 2.0
AHEAD_SHARE: Final = 0.35
OUTSIDE_SHARE: Final = 0.8
# Items that all have so many paragraphs are articles, unless one is this many times as long as the next.
PARAGRAPHS: Final = 2
VAST_RATIO: Final = 20.0
# A feed's articles have at least so many paragraphs, in the median.
FEED_PARAGRAPHS: Final = 3


@dataclass(slots=True)
class Article:
    """One appearance: its number on the page and how it was found."""

    position: int
    zone: int
    body_status: str
    rule: str
    confidence: float


@dataclass(slots=True)
class Labels:
    """Labels of the lines of one page. `cuts` are (line, cut) for parts of a line that differ from the line's label."""

    zone: bytearray
    role: bytearray
    position: list[int]
    rule: list[str]
    confidence: list[float]
    cuts: list[tuple[int, Cut]] = field(default_factory=list)
    losses: list[tuple[int, int, str, str]] = field(default_factory=list)  # line, character, kind, text as found
    articles: list[Article] = field(default_factory=list)
    page_type: str = "unknown"
    dialect: str = "unknown"

    def put(  # noqa: PLR0917 - the five columns of a label, written on a hundred lines
        self, i: int, zone: int, role: str, position: int, rule: str, confidence: float
    ) -> None:
        self.zone[i] = zone
        self.role[i] = ROLE[role]
        self.position[i] = position
        self.rule[i] = rule
        self.confidence[i] = confidence


def parse(page: Page) -> Labels:
    """Labels for every line of a page."""
    count = len(page.cls)
    labels = Labels(
        bytearray([PAGE_ZONE]) * count,
        bytearray([ROLE["unknown"]]) * count,
        [-1] * count,
        ["furniture"] * count,
        [0.5] * count,
    )
    if not count:
        labels.page_type = "empty"
        return labels
    unmark_links(page)
    durations(page)
    close_adverts(page)
    _furniture(page, labels)
    labels.dialect = dialect(page)
    live = live_entries(page)
    rails = _kept(page, find_rails(page, live))
    masked, run = _text(page, rails, live)
    while (own := _own_article(page, rails, run, masked)) is not None:
        rails.remove(own)
        masked, run = _text(page, rails, live)
    feed = _feed(page, rails, run, masked)
    position = 0
    if feed is not None:
        feed.is_feed = True
        labels.page_type = "feed"
        rails = [rail for rail in rails if rail.start >= feed.start]
    elif _has_text(page, run, masked):
        labels.page_type = "live" if live else "article"
        title = find_title(page, core(page, run, masked), run.end, masked)
        _primary(page, labels, run, title, masked=masked, live=live)
        position = 1
    else:
        title = _lone_title(page, rails, masked) if rails else (0 if count else -1)
        if title >= 0 and rails:
            labels.page_type = "article"
            _head_only(page, labels, title, rails, masked)
            position = 1
        elif rails:
            labels.page_type = "index"
            position = 1
        elif run.end > run.start or count:
            labels.page_type = "article"
            _primary(page, labels, run if run.end > run.start else Run(0, count), -1, masked=masked, live=frozenset())
            position = 1
    for rail in rails:
        if rail.heading >= 0:
            labels.put(rail.heading, PAGE_ZONE, "related_heading", -1, "heading_of_rail", 0.9)
        position = _rail(page, labels, rail, position)
    return labels


def dialect(page: Page) -> str:
    """How the markup was flattened, from blank lines and what is left of it."""
    count = len(page.text)
    head = page.text[0][:200]
    if head.startswith("<?xml") or "<rss" in head:
        return "feed_xml"
    sample = page.text[:SAMPLE_LINES]
    if sum("</" in text or ("{" in text[:120] and "}" in text) for text in sample) * 4 > len(sample):
        return "markup"
    if max(page.words) * 10 >= sum(page.words) * 8 and count <= FEW_LINES:
        return "one_line"
    return "blocks" if sum(gap > 0 for gap in page.gap[1:]) * 5 >= 2 * (count - 1) and count > 1 else "lines"


def _text(page: Page, rails: list[Rail], live: frozenset[int]) -> tuple[bytearray, Run]:
    """The lines of rails, and the best run of text outside of them."""
    masked = bytearray(len(page.cls))
    for rail in rails:
        masked[rail.start : rail.end] = b"\1" * (rail.end - rail.start)
    return masked, find_run(page, masked, live)


def _own_article(page: Page, rails: list[Rail], run: Run, masked: bytearray) -> Rail | None:
    """The rail that is no rail but the page's own article between two dates: one item of it outweighs all the rest."""
    before = rails[0].start if rails else 0
    outside = _prose(page, run.start, run.end, masked)
    ahead = outside if run.start < before else 0
    for rail in rails:
        if not rail.has_body or rail.is_feed:
            continue
        sizes = sorted((_prose(page, item.body, item.end, None) for item in rail.items), reverse=True)
        largest = max(rail.items, key=lambda item: _prose(page, item.body, item.end, None))
        lines = [sum(c in TEXT for c in page.cls[item.body : item.end]) for item in rail.items]
        paragraphs = lines[rail.items.index(largest)]
        ratio = OWN_RATIO if min(lines) < PARAGRAPHS else VAST_RATIO
        alone = len(sizes) == 1 or sizes[0] > ratio * sizes[1]
        if (
            paragraphs >= FEED_PARAGRAPHS
            and alone
            and ahead < sizes[0] * AHEAD_SHARE
            and outside < sizes[0] * OUTSIDE_SHARE
        ):
            return rail
    return None


def _prose(page: Page, start: int, end: int, masked: bytearray | None) -> int:
    """Words of the lines that look like text."""
    return sum(page.words[i] for i in range(start, end) if page.score[i] > 0 and not (masked and masked[i]))


def _furniture(page: Page, labels: Labels) -> None:
    labels.role[:] = page.cls.translate(_FURNITURE_CODES)
    labels.rule[:] = [_FURNITURE_RULES[c] for c in page.cls]
    labels.confidence[:] = [MARKER_CONFIDENCE if rule != "furniture" else UNKNOWN_CONFIDENCE for rule in labels.rule]


def _kept(page: Page, rails: list[Rail]) -> list[Rail]:
    """Rails that are not something else: a comments section, one article with two dates."""
    kept = []
    for rail in rails:
        above = page.cls[max(0, rail.start - 3) : rail.start]
        if ord("C") in above and rail.heading < 0:
            continue
        kept.append(rail)
    return kept


def _has_text(page: Page, run: Run, masked: bytearray) -> bool:
    """True where a run holds a body: a title that is printed two or three times is none."""
    units = {
        page.fold[i]: page.units[i] for i in range(run.start, run.end) if not masked[i] and page.cls[i] in b"BSTWL"
    }
    return sum(units.values()) >= BODY_UNITS


def _feed(page: Page, rails: list[Rail], run: Run, masked: bytearray) -> Rail | None:
    """The rail whose first item is the page's own article, followed by others of equal rank."""
    for rail in rails:
        if not rail.has_body:
            continue
        headings = sum(RELATED in page.cls[a.body : b.start] for a, b in pairwise(rail.items))
        if rail.heading >= 0 and not headings:
            continue
        _drop_lead(page, rail)
        if not same_date_form(page, [item.anchor for item in rail.items]):
            continue
        paragraphs = sorted(sum(c in TEXT for c in page.cls[item.body : item.end]) for item in rail.items)
        own = sum(page.units[i] for i in range(rail.items[0].body, rail.items[0].end))
        outside = sum(page.units[i] for i in range(run.start, run.end) if not masked[i])
        if paragraphs[len(paragraphs) // 2] >= FEED_PARAGRAPHS and (outside < own or run.start >= rail.end):
            return rail
    return None


def _drop_lead(page: Page, rail: Rail) -> None:
    """Take from the start of a feed what is no article: the blog's own name and motto."""
    sizes = sorted(_prose(page, item.body, item.end, None) for item in rail.items)
    while (
        len(rail.items) > 2 and _prose(page, rail.items[0].body, rail.items[0].end, None) * 5 < sizes[len(sizes) // 2]
    ):
        del rail.items[0]


def _lone_title(page: Page, rails: list[Rail], masked: bytearray) -> int:
    """The title of a page without a body: a title-like line above the heading of the first rail."""
    first = rails[0]
    top = first.heading if first.heading >= 0 else first.start
    if first.heading < 0:
        return -1
    candidates = [i for i in range(top) if page.cls[i] in b"TSB" and not masked[i]]
    if not candidates:
        candidates = [i for i in range(top) if page.cls[i] in b"WRIVE" and not masked[i] and len(page.text[i]) > 8]
    folds = [page.fold[i] for i in candidates]
    repeated = [i for i in candidates if folds.count(page.fold[i]) > 1]
    return (repeated or candidates or [-1])[0]


def _head_only(page: Page, labels: Labels, title: int, rails: list[Rail], masked: bytearray) -> None:
    zone = ZONE["primary"]
    labels.put(title, zone, "title", 0, "title_without_body", 0.7)
    status = "absent"
    for i in range(title + 1, rails[0].start):
        if masked[i]:
            continue
        if page.fold[i] == page.fold[title]:
            labels.put(i, zone, "title_repeat", 0, "title_repeated", 0.8)
        elif page.cls[i] == DATE:
            _date_line(page, labels, i, zone, 0)
        elif page.cls[i] in TEXT:
            labels.put(i, zone, "caption", 0, "caption_without_body", 0.5)
            status = "caption_only"
    labels.articles.append(Article(0, zone, status, "title_without_body", 0.6))


def _date_line(page: Page, labels: Labels, i: int, zone: int, position: int) -> None:
    """A date line; what is glued before the date is an icon's name or a source."""
    labels.put(i, zone, "date", position, "date_line", 0.9)
    start = page.date_start[i]
    prefix = page.text[i][:start] if start > 0 else ""
    word = prefix.strip(" \t\u00a0:|•·-–—,")
    if not word:
        return
    if word.islower() and word.isalpha() and prefix[-1:].isalpha():
        labels.cuts.append((i, Cut(0, start, "icon", "icon_glued")))
    elif (
        word[:1].isupper()
        and (prefix[-1:].isalnum() or prefix.rstrip()[-1:] in "•·|-–—")
        and not prefix.rstrip().endswith(":")
    ):
        labels.cuts.append((i, Cut(0, len(prefix.rstrip()), "source", "source_glued")))


def _primary(page: Page, labels: Labels, run: Run, title: int, *, masked: bytearray, live: frozenset[int]) -> None:
    """Label the title, the head and the text of the primary."""
    zone = ZONE["primary"]
    if title >= 0:
        labels.put(title, zone, "title", 0, "title_above_text", 0.8)
    start = run.start
    head_from = title + 1 if title >= 0 else max(0, run.start - 4)
    if title >= 0:
        repeat = max(
            (i for i in range(title + 1, min(title + REPEAT_LINES, run.end)) if page.fold[i] == page.fold[title]),
            default=title,
        )
        start = max(_fragments_before(page, max(start, title + 1), title + 1, masked), repeat + 1)
        _head(page, labels, title, start, masked)
    else:
        for i in range(head_from, start):
            if page.cls[i] == DATE:
                _date_line(page, labels, i, zone, 0)
    entry = False
    for i in range(start, run.end):
        if masked[i]:
            continue
        c = page.cls[i]
        if title >= 0 and page.fold[i] == page.fold[title]:
            labels.put(i, zone, "title_repeat", 0, "title_repeated", 0.8)
        elif c == DATE and i in live:
            labels.put(i, zone, "live_entry_time", 0, "live_entry", 0.8)
            entry = True
            continue
        elif c == DATE:
            _date_line(page, labels, i, zone, 0)
        elif live and entry and c in b"TWS" and _is_entry_title(page, i):
            labels.put(i, zone, "live_entry_title", 0, "live_entry", 0.6)
        elif c in b"BSTWL" or (c in b"YcE" and page.score[i] > 0):
            if page.score[i] + run.lift < DROP_SCORE and not page.in_sentence(i) and not live:
                labels.put(i, PAGE_ZONE, "unknown", -1, "unlike_text", 0.5)
            else:
                labels.put(i, zone, "body", 0, "text_run", 0.85)
                _cut_body(page, labels, i, i == start)
        entry = False
    status = "full"
    body = [i for i in range(start, run.end) if labels.zone[i] == zone and labels.role[i] == ROLE["body"]]
    confidence = primary_confidence(cut_features(page, run, body, masked))
    labels.articles.append(Article(0, zone, status, "text_run", confidence))


def _is_entry_title(page: Page, i: int) -> bool:
    """The heading of a live entry: the words that open the next line, or a line without an end before a long one."""
    if i + 1 >= len(page.cls):
        return False
    head = page.text[i].rstrip("….").casefold()
    return page.text[i + 1].casefold().startswith(head)


def _fragments_before(page: Page, start: int, floor: int, masked: bytearray) -> int:
    """The first line of the sentence that line `start` continues, over links that were put on lines of their own."""
    while start > floor and not masked[start - 1] and page.cls[start - 1] in b"BSTWL":
        is_link = page.units[start] < LINK_UNITS and page.continues(start + 1) and not page.is_terminal[start]
        joins = not page.is_terminal[start - 1] and (page.continues(start) or is_link)
        if not joins and page.score[start - 1] <= 0 and not page.in_sentence(start - 1):
            break
        start -= 1
    return start


def _head(page: Page, labels: Labels, title: int, start: int, masked: bytearray) -> None:
    """Roles of the lines between the title and the text, and of what repeats the title."""
    zone = ZONE["primary"]
    repeat = max((i for i in range(title + 1, start) if page.fold[i] == page.fold[title]), default=-1)
    for i in range(max(0, title - 4), title):
        if page.cls[i] == DATE and not masked[i] and title - i <= 2:
            _date_line(page, labels, i, zone, 0)
    for i in range(title + 1, start):
        if masked[i]:
            continue
        c = page.cls[i]
        if page.fold[i] == page.fold[title]:
            labels.put(i, zone, "title_repeat", 0, "title_repeated", 0.8)
        elif c == DATE:
            _date_line(page, labels, i, zone, 0)
        elif page.text[i].strip(" -:|").lower() in spans.LOST_VALUES:
            labels.put(i, zone, "byline", 0, "value_lost", 0.6)
            labels.losses.append((i, 0, "lost_value", page.text[i]))
        elif c == ord("Y"):
            labels.put(i, zone, "byline", 0, "byline_word", 0.8)
        elif c == ord("c"):
            labels.put(i, zone, "caption", 0, "caption_word", 0.6)
        elif c in b"BS" or (c == ord("T") and i < repeat):
            labels.put(i, zone, "standfirst", 0, "standfirst_under_title", 0.6)
        elif c in b"TW" and i + 1 < len(page.cls) and page.cls[i + 1] == DATE and i > repeat >= 0:
            labels.put(i, zone, "source", 0, "source_before_date", 0.6)
        elif c in b"TW" and i + 1 < len(page.cls) and page.cls[i + 1] == DATE:
            labels.put(i, zone, "byline", 0, "byline_before_date", 0.5)


def _cut_body(page: Page, labels: Labels, i: int, is_first: bool) -> None:
    """Cuts inside a line of text."""
    text = page.text[i]
    if is_first:
        cut = spans.dateline(text)
        if cut:
            labels.cuts.append((i, cut))
    if page.cls[i] != BODY or not page.is_glued[i]:
        return
    for cut in spans.inner_adverts(text):
        labels.cuts.append((i, cut))
    tail = spans.tail_residue(text) or spans.inline_also(text)
    if tail:
        labels.cuts.append((i, tail))


def _rail(page: Page, labels: Labels, rail: Rail, position: int) -> int:
    """Label the items of a rail; the next free position."""
    roles = head_roles(page, rail)
    for item, head in zip(rail.items, roles, strict=True):
        zone = ZONE["related"] if not rail.is_feed else ZONE["sibling"] if position else ZONE["primary"]
        confidence = 0.85 if len(rail.items) > 1 else 0.6
        for i, role in head.items():
            if role == "date":
                _date_line(page, labels, i, zone, position)
            else:
                labels.put(i, zone, role, position, rail.rule, confidence)
        end = item.end - 1 if item.date_after else item.end
        end = _without_tail(page, item, end)
        has_body = False
        for i in range(item.body, end):
            if page.cls[i] in b"BSTWLc" or (page.cls[i] in b"YE" and page.score[i] > 0):
                role = "body"
                labels.put(i, zone, role, position, rail.rule, confidence)
                _cut_item(page, labels, i, not has_body)
                has_body = True
        status = "full" if has_body else "absent"
        if has_body and _is_cut(page.text[end - 1]):
            status = "truncated"
        labels.articles.append(Article(position, zone, status, rail.rule, confidence))
        position += 1
    return position


def _is_cut(text: str) -> bool:
    tail = text[-32:]
    return "..." in tail or "…" in tail


def _without_tail(page: Page, item: Item, end: int) -> int:
    """The end of an item's text, before furniture that stands behind it."""
    while end > item.body and page.cls[end - 1] not in b"BSTWLcY":
        end -= 1
    return end


def _cut_item(page: Page, labels: Labels, i: int, is_first: bool) -> None:
    text = page.text[i]
    if is_first and page.cls[i] == BODY:
        cut = spans.head_caption(text) or spans.dateline(text)
        if cut:
            labels.cuts.append((i, cut))
    if page.units[i] >= ONE_LINE_UNITS:
        labels.losses += [
            (i, at, "lossy_joint", text[max(0, at - JOINT_CONTEXT) : at + JOINT_CONTEXT])
            for at in spans.lossy_joints(text)
        ]
    if page.is_glued[i]:
        for cut in spans.inner_adverts(text):
            labels.cuts.append((i, cut))
        tail = spans.tail_residue(text)
        if tail:
            labels.cuts.append((i, tail))
