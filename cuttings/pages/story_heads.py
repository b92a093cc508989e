"""The heads of a page, and how likely each of them starts a story of its own.

A head is a few short lines between two texts. It starts a story of its own where the text behind it shares few words
with the text before it, where its title belongs to the text behind it alone, and where a date, an author or a repeat
stands in it. A logistic of such features; the weights are fitted numbers, see docs/cutting.md.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import compress
from operator import and_, gt, or_
from typing import Final

from cuttings.pages.logits import fitted, log_odds
from cuttings.pages.page import (
    ADVERT,
    BODY,
    BYLINE,
    COMMENTS,
    DATE,
    QUESTION,
    RELATED,
    SHORT,
    TEXT,
    TRANSPARENT,
    Page,
)  # fmt: skip
from cuttings.pages.spans import dateline
from cuttings.pages.status import is_cut
from cuttings.pages.story_texts import StoryTexts
from cuttings.pages.story_texts import behind as behind_of

# The lines of a head, at most.
HEAD_LINES: Final = 7
TITLE_UNITS: Final = (2.0, 34.0)
LONG_TITLE: Final = 6.0
# A question of fewer units may be a title, however much it is like text.
QUESTION_UNITS: Final = 18.0
# Texts with so many compared words say as much as longer ones.
ENOUGH_WORDS: Final = 100
# So many lines without a text part two stories in any case.
FURNITURE_LINES: Final = 12
# A text is cut where a mark of omission is among so many last characters.
CUT_CHARS: Final = 12
# An advert in another script has so many words at least: a line of fewer may be the name of a source or an author.
FOREIGN_WORDS: Final = 3
# The script of a text shows in so many first characters; a line of fewer may be a name, too.
SCRIPT_CHARS: Final = 40
_LAST_LATIN: Final = "\u036f"

WEIGHTS: Final = fitted("stories")
_END: Final = ".!?…。！？।۔؟։።။។\"'”’»)」"
_ICONS: Final = frozenset(b"ia")
_TITLES: Final = (SHORT | {BODY}) - {BYLINE}
_HEAD: Final = _TITLES | TRANSPARENT | _ICONS | {DATE, BYLINE}
_NO_SLOT: Final = TRANSPARENT | _ICONS
_BESIDE_HEAD: Final = bytes(set(range(256)) - SHORT - {DATE})
_IS_TEXT: Final = bytes(c in TEXT for c in range(256))
_MAY_BE_PART: Final = bytes(c in SHORT and c != BYLINE for c in range(256))


@dataclass(slots=True)
class Head:
    """Lines `left` to `body` between two texts, of which `start` to `body` may be the head; the text ends at `end`. Its
    log-odds to start a story, alone and with what the heads of its shape say.
    """

    left: int
    start: int
    body: int
    end: int
    title: int = -1
    log_odds: float = 0.0
    agreed: float = -math.inf


def heads(page: Page, masked: bytearray) -> list[Head]:
    """The heads of a page outside of its rails, in page order."""
    is_text = bytes(map(gt, _texts(page), masked))
    found: list[Head] = []
    left, body = 0, is_text.find(1)
    while body >= 0:
        end = is_text.find(0, body)
        end = end if end >= 0 else len(is_text)
        start = body
        while start > left and body - start < HEAD_LINES and not masked[start - 1] and page.cls[start - 1] in _HEAD:
            start -= 1
        found.append(Head(left, start, body, end))
        left, body = end, is_text.find(1, end)
    return found


def _texts(page: Page) -> bytearray:
    """1 for each line of text: long ones, sentences that are no questions, and parts of a sentence with links."""
    cls = page.cls
    is_text = bytearray(map(or_, cls.translate(_IS_TEXT), map(and_, cls.translate(_MAY_BE_PART), page.is_broken)))
    for i in compress(range(len(cls)), bytes(is_text)):
        if page.text[i][-1] in QUESTION and page.units[i] < QUESTION_UNITS and not page.in_sentence(i):
            is_text[i] = 0
    return is_text


def is_told(page: Page, head: Head) -> bool:
    """True where a related heading stands above a head."""
    return RELATED in page.cls[head.left : head.body]


def weigh(page: Page, found: list[Head], core: int) -> None:
    """Title and log-odds of every head behind line `core`."""
    texts, heads_with = texts_of(page, found, core), heads_by_fold(page, found)
    for k in range(len(found)):
        weigh_one(page, found, k, texts, heads_with)


def texts_of(page: Page, found: list[Head], core: int) -> StoryTexts:
    """The texts behind some heads of a page whose own text begins at line `core`."""
    return StoryTexts(page, [range(head.body, head.end) for head in found], core)


def weigh_one(page: Page, found: list[Head], k: int, texts: StoryTexts, heads_with: Counter[int]) -> None:
    """Title and log-odds of head `k`; `texts` are those behind the heads, `heads_with` the heads by fold."""
    head = found[k]
    values = head_features(page, found, k, texts, heads_with)
    head.log_odds = log_odds(WEIGHTS, values) if values else -math.inf


def heads_by_fold(page: Page, found: list[Head]) -> Counter[int]:
    """How many heads have a line of each fold."""
    return Counter(fold for head in found for fold in set(page.fold[head.start : head.body]))


def head_features(
    page: Page, found: list[Head], k: int, texts: StoryTexts, heads_with: Counter[int]
) -> dict[str, float]:
    """What speaks for and against a new story at head `k`, as `weigh_one` has it, by the names of WEIGHTS; empty where
    none can start. Sets the head's title.
    """
    head = found[k]
    if head.start <= texts.core or not k or head.start == head.body:
        return {}
    if not titles_of(page, head):
        head.title = -1
        return {}
    texts.turn()
    behind = words_behind(page, head)
    head.title = title_of(page, head, behind)
    if _is_boxed(page, head, heads_with):
        return {}
    if is_foreign(page.text[head.title], page.text[head.body]) and not page.seen.of([page.text[head.title]]) & behind:
        head.title = -1  # an advert
        return {}
    before, near, names_before = texts.before(k)
    beyond, names_beyond = texts.beyond(k)
    values = _features(page, head, found[k - 1].body, before, behind)
    values["words near in common"] = in_common(near, behind)
    values["long words in common"] = in_common(page.seen.long(before), beyond)
    values["opening in common"] = in_common(page.seen.long(texts.opening(head.left)), beyond)
    values["names in common"] = in_common(names_before, names_beyond)
    return values


def is_foreign(title: str, text: str) -> bool:
    """True for a line of ASCII alone above a text in another script than Latin.

    >>> text = "Ένα ψηφιδωτό δάπεδο ήρθε στο φως στο παλιό λιμάνι."
    >>> is_foreign("Best hybrid cars", text), is_foreign("Reuters", text), is_foreign("Best hybrid cars", "Als das Eis")
    (True, False, False)
    """
    sample = text[:SCRIPT_CHARS]
    if not title.isascii() or title.count(" ") + 1 < FOREIGN_WORDS or sample.isascii() or len(sample) < SCRIPT_CHARS:
        return False
    return 2 * sum(c > _LAST_LATIN and c.isalpha() for c in sample) > len(sample)


def _is_boxed(page: Page, head: Head, heads_with: Counter[int]) -> bool:
    """True where the title of a head stands between other texts too: a box that comes again and again in an article."""
    return heads_with[page.fold[head.title]] > 1


def words_behind(page: Page, head: Head) -> int:
    """The words of the text behind a head, as far as they are compared."""
    return behind_of(page, range(head.body, head.end))[0]


def title_of(page: Page, head: Head, behind: int) -> int:
    """The line of a head that shares most words with the text behind it; of equals the longest."""
    own = page.seen.of
    lines = titles_of(page, head)
    if len(lines) < 2:
        return lines[0] if lines else -1
    return max(lines, key=lambda i: ((own([page.text[i]]) & behind).bit_count(), page.units[i], -i))


def titles_of(page: Page, head: Head) -> list[int]:
    """The lines of a head that may be its title."""
    least, most = TITLE_UNITS
    return [i for i in range(head.start, head.body) if page.cls[i] in _TITLES and least <= page.units[i] <= most]


def _features(page: Page, head: Head, before_start: int, before: int, behind: int) -> dict[str, float]:
    """What speaks for and against a new story at a head, the text before it begins at line `before_start`."""
    title, text = head.title, page.text[head.title]
    own = page.seen.of([text])
    own_words = max(1, own.bit_count())
    inner = page.cls[head.left : head.body]
    lines = page.cls[head.start : head.body]
    folds = page.fold[head.start : head.body]
    gaps = page.gap[before_start + 1 : head.left] + page.gap[head.body + 1 : head.end]  # within texts
    widest, gap_below = max(gaps, default=0), page.gap[head.body]
    last = page.text[head.left - 1][-CUT_CHARS:]
    before_words, behind_words = before.bit_count(), behind.bit_count()
    return {
        "words in common": in_common(before, behind),
        "title behind": (own & behind).bit_count() / own_words,
        "title before": (own & before).bit_count() / own_words,
        "log units": math.log(page.units[title]),
        "long title": page.units[title] >= LONG_TITLE,
        "date": DATE in lines,
        "first date": DATE in lines and DATE not in page.cls[: head.left],  # that of the page's own article
        "author": BYLINE in lines,
        "icon": not _ICONS.isdisjoint(lines),
        "repeat": len(set(folds)) < len(folds),
        "several lines": len(lines.translate(None, _BESIDE_HEAD)) > 1,
        "wider gap": max(page.gap[head.left : title + 1]) > widest,
        "wider gap below": bool(gaps) and gap_below > widest,
        "closer below": gap_below < min(gaps, default=0),
        "dateline": bool(dateline(page.text[head.body])),
        "related heading": RELATED in inner,
        "comments": COMMENTS in inner,
        "advert": ADVERT in inner,
        "one line": head.end - head.body == 1,
        "no end before": last[-1] not in _END,
        "cut before": is_cut(last),
        "size before": min(before_words, ENOUGH_WORDS) / ENOUGH_WORDS,
        "size behind": min(behind_words, ENOUGH_WORDS) / ENOUGH_WORDS,
        "furniture before": len(inner) > FURNITURE_LINES,
        "doubtful": page.score[title] < 0,
        "unlikely": page.score[title] < -1,
        "colon": text[-1] in ":：",
        "bullet": page.cls[title] == ord("L"),
    }


def in_common(before: int, behind: int) -> float:
    """The share of words in common: the cosine of two sets."""
    return (before & behind).bit_count() / math.sqrt((before.bit_count() or 1) * (behind.bit_count() or 1))


def slots_of(page: Page, head: Head) -> list[int]:
    """The lines between the text before a head and its own, without furniture."""
    return [i for i in range(head.left, head.body) if page.cls[i] not in _NO_SLOT]
