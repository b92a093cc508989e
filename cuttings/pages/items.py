"""Labels of the articles of a rail: heads by their slots, bodies, and the cuts inside their lines."""

from __future__ import annotations

from typing import Final

from cuttings.pages import spans
from cuttings.pages.authors import author_notes
from cuttings.pages.columns import name_columns, title_columns
from cuttings.pages.confidence import RELATED, item_features
from cuttings.pages.labels import ZONE, Article, Labels, date_line
from cuttings.pages.logits import chance, log_odds
from cuttings.pages.page import BODY, DATE, Page
from cuttings.pages.rails import Item, Rail
from cuttings.pages.roles import head_roles
from cuttings.pages.status import NO_TEXT_ROLE, body_status

# A body on one line of so many units is searched for lost words.
ONE_LINE_UNITS: Final = 60.0
# Characters on both sides of such a place that are kept with it.
JOINT_CONTEXT: Final = 16


def label_rail(page: Page, labels: Labels, rail: Rail, position: int) -> int:
    """Label the items of a rail; the next free position."""
    roles = head_roles(page, rail)
    labels.cuts += _columns(page, roles)
    for k, (item, head) in enumerate(zip(rail.items, roles, strict=True)):
        zone = ZONE["related"] if not rail.is_feed else ZONE["sibling"] if position else ZONE["primary"]
        end = _without_furniture(page, item, item.text_end)
        body = [
            i
            for i, c in enumerate(page.cls[item.body : end], item.body)
            if c in b"BSTWLc" or (c in b"YE" and page.score[i] > 0)
        ]
        if notes := author_notes(page, body):
            labels.put_all(notes, zone, "author_bio", position, "author_note")
            body = [i for i in body if i not in notes]
        status = body_status(page, body, end)
        confidence = chance(log_odds(RELATED, item_features(page, rail, k, list(head.values()), body)))
        for i, role in head.items():
            if role == "date":
                date_line(page, labels, i, zone, position)
            else:
                labels.put(i, zone, role, position, rail.rule)
        for i, c in enumerate(page.cls[item.body : item.end], item.body):
            if c == DATE and i != item.anchor and page.fold[i] == page.fold[item.anchor]:
                date_line(page, labels, i, zone, position)
        if status in NO_TEXT_ROLE:
            labels.put_all(body, zone, NO_TEXT_ROLE[status], position, status)
        else:
            labels.put_all(body, zone, "body", position, rail.rule)
            for i in body:
                if i == body[0] or page.is_glued[i] or page.units[i] >= ONE_LINE_UNITS:
                    _cut_item(page, labels, i, i == body[0])
        labels.articles.append(Article(position, zone, status, rail.rule, confidence))
        position += 1
    return position


def _columns(page: Page, roles: list[dict[int, str]]) -> list[tuple[int, spans.Cut]]:
    """What is no title on the lines of the titles of a rail."""
    titles = [i for head in roles for i, role in head.items() if role == "title"]
    has_source = any("source" in head.values() for head in roles)
    texts = [page.text[i] for i in titles]
    found = title_columns(texts, has_source=has_source)
    if not found and not has_source and titles and all(page.is_listed[i] for i in titles):
        found = name_columns(texts)
    return [(titles[n], cut) for n, cut in found]


def _without_furniture(page: Page, item: Item, end: int) -> int:
    """The end of an item's text, before furniture that stands behind it."""
    while end > item.body and page.cls[end - 1] not in b"BSTWLcY":
        end -= 1
    return end


def _cut_item(page: Page, labels: Labels, i: int, is_first: bool) -> None:
    text = page.text[i]
    if is_first and page.cls[i] == BODY:
        cut = spans.dateline(text) or spans.head_caption(text)
        if cut:
            labels.cuts.append((i, cut))
    if page.units[i] >= ONE_LINE_UNITS:
        labels.losses += [
            (i, at, "lossy_joint", text[max(0, at - JOINT_CONTEXT) : at + JOINT_CONTEXT])
            for at in spans.lossy_joints(text)
        ]
    if page.is_glued[i]:
        labels.cuts += [(i, cut) for cut in spans.inner_cuts(text, page.is_glued[i])]
        tail = spans.tail_residue(text)
        if tail:
            labels.cuts.append((i, tail))
