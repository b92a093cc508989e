"""Pages: rails, primary, heads and furniture, as labels of their lines and cuts inside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from cuttings.pages.above import stands_below_teasers
from cuttings.pages.article import label_head_only, label_primary
from cuttings.pages.comments import label_comments
from cuttings.pages.drafts import Draft, gives_back_own
from cuttings.pages.endings import end_of_text
from cuttings.pages.equals import are_marked_items, first_of_equals
from cuttings.pages.feeds import HEAD_LINES, is_feed, label_feed
from cuttings.pages.grammar import find_rails
from cuttings.pages.headlines import RULE as HEADLINES
from cuttings.pages.headlines import lists_headlines
from cuttings.pages.indexes import are_parts, has_subheads, index_rails, is_index_of, left_over_rails, may_be_list
from cuttings.pages.items import label_rail
from cuttings.pages.kinds import LISTED_ITEMS, has_own_article, is_article_alone
from cuttings.pages.labels import PAGE_ZONE, ZONE, Labels, drop_untold, furniture_labels
from cuttings.pages.lists import teaser_rails
from cuttings.pages.live import live_entries
from cuttings.pages.menus import is_menu_entry, label_menus
from cuttings.pages.neighbours import close_adverts, close_consents, durations, open_counts, unmark_links
from cuttings.pages.notices import gives_notice, is_profile
from cuttings.pages.page import BODY, DATE, QUESTION, RELATED, TITLE, Page
from cuttings.pages.primary import Run, core, find_runs
from cuttings.pages.rails import Item, Rail, masked_lines
from cuttings.pages.sheets import is_sheet
from cuttings.pages.siblings import BODY_UNITS, feed_of_siblings
from cuttings.pages.stories import story_rails
from cuttings.pages.story_heads import Head, heads
from cuttings.pages.titles import find_title
from cuttings.pages.walls import is_wall

# Short lines that need this lift (log-odds) to be a run are no body.
MENU_LIFT: Final = 4.0
# The title of a page without a body has so many units at least; so many lines of words, its repeat among them, stand
# between it and the heading of the first rail at most: of 53 lists with such a title 45 have a shorter one, or a menu.
LONE_UNITS: Final = 3.5
LONE_LINES: Final = 4
# Lines that are looked at for left-over markup; a page of one huge line has few others.
SAMPLE_LINES: Final = 60
FEW_LINES: Final = 5
# Text behind a rail that no date marks, this many times as long as the rail, is the page's own.
RESUMED_RATIO: Final = 4.0


def parse(pages: Iterable[Page]) -> list[Labels]:
    """Labels for every line of each page. What every page needs a search for, the run of its text, is found for all
    at once.
    """
    drafts = [_rails(page) for page in pages]
    open_drafts = [draft for draft in drafts if draft.page.cls]
    while open_drafts:
        _find_runs(open_drafts)
        open_drafts = [draft for draft in open_drafts if _is_mended(draft)]
    labelled = [_labelled(draft) for draft in drafts]
    for draft, labels in zip(drafts, labelled, strict=True):
        label_comments(draft.page, labels)
    label_menus([draft.page for draft in drafts], labelled)
    return labelled


def _is_mended(draft: Draft) -> bool:
    """Whether the rails of a page have changed by what its run of text showed, so that it is looked for again."""
    return gives_back_own(draft) or stands_below_teasers(draft) or lists_headlines(draft)


def _rails(page: Page) -> Draft:
    """The classes of a page's lines as their neighbours make them, and its rails."""
    unmark_links(page)
    durations(page)
    close_adverts(page)
    close_consents(page)
    labels = furniture_labels(page)
    open_counts(page)  # behind the labels: the counts are of the comments
    if not page.cls:
        return Draft(page, labels, frozenset(), [], bytearray(), Run(0, 0))
    labels.dialect = dialect(page)
    if labels.dialect == "feed_xml":
        return Draft(page, labels, frozenset(), [], bytearray(), Run(0, 0))
    live = live_entries(page)
    return Draft(page, labels, live, _kept(page, find_rails(page, live)), bytearray(), Run(0, 0))


def _find_runs(drafts: Sequence[Draft]) -> None:
    """The lines of the rails of each page, and the best run of text outside of them."""
    for draft in drafts:
        draft.masked = masked_lines(draft.page, draft.rails)
    runs = find_runs([d.page for d in drafts], [d.masked for d in drafts], [d.live for d in drafts])
    for draft, run in zip(drafts, runs, strict=True):
        draft.run = run
        if not draft.live:
            run.end = end_of_text(draft.page, run.start, run.end, draft.masked)


def _labelled(draft: Draft) -> Labels:
    """The labels of a page whose rails and run of text are known."""
    page, labels, rails, masked, run = draft.page, draft.labels, draft.rails, draft.masked, draft.run
    count = len(page.cls)
    if not count:
        labels.page_type = "empty"
        return labels
    if labels.dialect == "feed_xml":
        label_feed(page, labels)
        return labels
    found = heads(page, masked)
    has_none = not draft.live and (
        is_index_of(page, rails, found, run.start, run.end)
        or gives_notice(page, run)
        or is_profile(page, run, rails)
        or is_sheet(page, run, masked)
        or is_wall(page, run)
    )
    index = [] if draft.live else index_rails(page, found, run.start, run.end, masked)
    stories = index or _appended(draft, found)
    author = -1
    if stories:
        rails = sorted([*rails, *stories], key=lambda rail: rail.start)
        masked = masked_lines(page, rails)
        author = _end_above(stories[0], draft, is_index=bool(index))
    feed = feed_of_siblings(page, rails, run, masked)
    position = 0 if feed is not None else 1
    has_text = feed is None and _has_text(page, run, masked)
    title = find_title(page, core(page, run, masked), run.end, masked) if has_text else -1
    asked = _only_lists(draft, found, rails, masked, title) if has_text and not has_none else None
    listed = [] if has_none else asked
    if feed is not None:
        feed.is_feed = True
        labels.page_type = "feed"
        rails = [rail for rail in rails if rail.start >= feed.start]
    elif listed is not None:
        rails = sorted([*rails, *listed], key=lambda rail: rail.start)
        labels.page_type = "index" if rails else "unknown"
    elif has_text:
        labels.page_type = "live" if draft.live else "article"
        label_primary(page, labels, run, title, masked=masked, live=draft.live, starts=found)
        if author >= 0:
            labels.put(author, ZONE["primary"], "byline", 0, "byline_below_text")
        rails = sorted([*rails, *teaser_rails(page, run.start, title, masked)], key=lambda rail: rail.start)
    elif not rails and run.lift < MENU_LIFT:
        labels.page_type = "article"
        whole = run if run.end > run.start else Run(0, count)
        label_primary(page, labels, whole, -1, masked=masked, live=frozenset(), starts=found)
    elif rails and (title := _lone_title(page, rails, masked)) >= 0:
        labels.page_type = "article"
        label_head_only(page, labels, title, rails, masked)
    else:
        labels.page_type = "index" if rails else "unknown"
    for rail in rails:
        if rail.heading >= 0:
            labels.put(rail.heading, PAGE_ZONE, "related_heading", -1, "heading_of_rail")
        position = label_rail(page, labels, rail, position)
    drop_untold(page, labels)
    page.seen.clear()
    return labels


def dialect(page: Page) -> str:
    """How the markup was flattened, from blank lines and what is left of it."""
    count = len(page.text)
    if is_feed(page.text[:HEAD_LINES]):
        return "feed_xml"
    sample = page.is_markup[:SAMPLE_LINES]
    if sum(sample) * 4 > len(sample):
        return "markup"
    if page.is_one_line or (max(page.words) * 10 >= sum(page.words) * 8 and count <= FEW_LINES):
        return "one_line"
    close = page.gap[1:].count(0)
    return "blocks" if (count - 1 - close) * 5 >= 2 * (count - 1) and count > 1 else "lines"


def _appended(draft: Draft, found: list[Head]) -> list[Rail]:
    """The rails that no date marks, unless the text goes on behind them and is far longer: part of the article."""
    page, run = draft.page, draft.run
    own = core(page, run, draft.masked)
    rails = story_rails(page, found, own, max(draft.live, default=own), draft.masked)
    if not rails or are_parts(page, rails):
        return []
    start, end = rails[0].start, rails[-1].end
    goes_on = sum(page.prose[end : run.end]) > RESUMED_RATIO * sum(page.prose[start:end])
    return [] if goes_on else rails


def _end_above(rail: Rail, draft: Draft, *, is_index: bool) -> int:
    """End the run of text above a rail, and above its author where he stands below it, as in the rail; his line, or -1:
    he is the primary's only if the run is one.
    """
    run, end = draft.run, rail.heading if rail.heading > draft.run.start else rail.start
    run.end = run.start if is_index else min(run.end, end)
    if rail.items[0].tail and run.end == rail.start:
        run.end -= 1
        return run.end
    return -1


def _only_lists(draft: Draft, found: list[Head], rails: list[Rail], masked: bytearray, title: int) -> list[Rail] | None:
    """What a page lists beside its rails, where its run of text is no article of its own; None where it is one, and
    where its rails all stand under related headings, as below an article, and are too short for a list.
    """
    page, run = draft.page, draft.run
    if draft.live:
        return None
    is_asked = any(rail.rule != HEADLINES for rail in rails) or may_be_list(page, found, run.start, run.end)
    if first := first_of_equals(page, run, title, rails=rails, masked=masked):
        rail, item = first
        rail.items.insert(0, item)
        return []
    is_list = are_marked_items(page, run, masked) or (
        is_asked and not has_own_article(page, run, title, rails=rails, masked=masked, found=found)
    )
    if not is_list and (rails or is_article_alone(page, run, found)):
        return None
    listed = left_over_rails(page, found, run.start, run.end, masked)
    if has_subheads(page, listed):
        return None
    are_told = all(rail.heading >= 0 and page.cls[rail.heading] == RELATED for rail in rails)
    is_short = are_told and sum(len(rail.items) for rail in (*rails, *listed)) < LISTED_ITEMS
    if is_list and is_short and (rails or is_article_alone(page, run, found)):
        return None
    return listed


def _kept(page: Page, rails: list[Rail]) -> list[Rail]:
    """Rails that are not something else: a comments section, one article with two dates."""
    kept = []
    for rail in rails:
        above = page.cls[max(0, rail.start - 3) : rail.start]
        if ord("C") in above and rail.heading < 0 and not _are_titled(page, rail):
            continue
        rail.items = [item for item in rail.items if _has_headline(page, item)]
        if rail.items:
            kept.append(rail)
    return kept


def _are_titled(page: Page, rail: Rail) -> bool:
    """True where most heads hold a title-like line of their own, as the names above comments are not ("Ada Fenwick
    says:").
    """
    heads = [[i for i in range(item.start, item.body) if _is_title_like(page, i)] for item in rail.items]
    own = {page.fold[i] for head in heads for i in head}
    return len(heads) > 1 and min(sum(map(bool, heads)), len(own)) * 2 > len(heads)


def _is_title_like(page: Page, i: int) -> bool:
    return page.cls[i] == TITLE and not page.text[i].endswith((":", "："))


def _has_headline(page: Page, item: Item) -> bool:
    """False for an item in whose head nothing but numbers stands."""
    head = [i for i in range(item.start, item.body) if page.cls[i] != DATE]
    return not head or any(any(map(str.isalpha, page.text[i])) for i in head)


def _has_text(page: Page, run: Run, masked: bytearray) -> bool:
    """True where a run holds a body: a title that is printed two or three times is none, nor are the words of a menu
    that only a doubtful page takes for text.
    """
    own = [i for i in range(run.start, run.end) if not masked[i]]
    if run.lift >= MENU_LIFT and all(page.cls[i] != BODY for i in own):
        return False
    units = {page.fold[i]: page.units[i] for i in own if page.cls[i] in b"BSTWL"}
    return sum(units.values()) >= BODY_UNITS


def _lone_title(page: Page, rails: list[Rail], masked: bytearray) -> int:
    """The title of a page without a body: a title-like line above the heading of the first rail, no entry of a menu;
    none where all of them are sentences, as what a list says of itself.
    """
    first = rails[0]
    top = first.heading if first.heading >= 0 else first.start
    if first.heading < 0:
        return -1
    candidates = [i for i in range(top) if page.cls[i] in b"TSB" and not masked[i]]
    if not candidates:
        candidates = [i for i in range(top) if page.cls[i] in b"WRIVE" and not masked[i] and len(page.text[i]) > 8]
    elif all(page.is_terminal[i] and page.text[i][-1] not in QUESTION for i in candidates):
        return -1
    folds = [page.fold[i] for i in candidates]
    repeated = [i for i in candidates if folds.count(page.fold[i]) > 1]
    title = next((i for i in repeated or candidates if not is_menu_entry(page, i)), -1)
    between = sum(c in b"WTSN" for c in page.cls[title + 1 : top])
    return title if between <= LONE_LINES and page.units[title] >= LONE_UNITS else -1
