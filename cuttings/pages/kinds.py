"""Whether a page has an article of its own, or only lists others: fronts, sections, tags, search results, authors.

A logistic of the run of text that would be the page's own article: how long it is and in how many pieces, whether these
and the title are about the same things, how it compares with the items of the rails, and where it stands among them.
Of a page without rails another one asks how much of the page the run is, how long its longest text, and how many
stories seem to start within it. The weights are fitted numbers, see docs/cutting.md.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import reduce
from itertools import groupby
from operator import or_
from typing import Final

from cuttings.pages.logits import fitted, log_odds
from cuttings.pages.page import BODY, COMMENTS, DATE, ODDS_BOUND, RELATED, TEXT, Page
from cuttings.pages.primary import Run
from cuttings.pages.rails import Rail
from cuttings.pages.status import is_cut
from cuttings.pages.story_heads import CUT_CHARS, Head, in_common

# A text without a break of so many lines and words is an article's, whatever is around it; so is one line of so many
# words, where its title has so large a share of its words in it: whole articles on a line. A line below which the first
# related heading stands has fewer; of the others of 60 to 100 words that are asked about all 28 are teasers of lists.
ARTICLE_LINES: Final = 5
ARTICLE_WORDS: Final = 200
LINE_WORDS: Final = 100
TOLD_LINE_WORDS: Final = 60
TITLE_SHARE: Final = 0.3
# Rails under related headings, as below an article, are a list without one above where they have so many items; and so
# is a page where no rail was found.
LISTED_ITEMS: Final = 3
# The least log-odds of an article of its own: on pages held out .5 % of the real articles, .6 % of the drawn ones and
# 3 % of the short ones above lists are below it, and 79 % of the lists.
OWN_LOG_ODDS: Final = -1.2
# The same of a page without rails: on pages held out none of 201 real articles is below it, and one of 486 short ones.
# (At -1.2 two fifths of such lists are, but also a portfolio whose text is a menu, and short articles.)
ALONE_LOG_ODDS: Final = -1.75
# A run of which less is text, as of forms and tables, is asked nothing, unless so much had to be added to the log-odds
# of its lines to find it: 15 of 23 such lists need that, and none of the four real pages.
LEAST_TEXT_SHARE: Final = 0.07
LEAST_LIFT: Final = 2.0
# So many characters of each of so many lines are compared.
COMPARED_CHARS: Final = 600
COMPARED_LINES: Final = 24
# A teaser has so many lines at most.
TEASER_LINES: Final = 2
# A date among so many lines above the title, or between it and the text, is that of the text.
HEAD_LINES: Final = 4
# A related heading is among so many lines behind a text.
HEADING_LINES: Final = 2
# Two pieces of one shape are nothing special.
FEW_PIECES: Final = 2

WEIGHTS: Final = fitted("kinds")
ALONE: Final = fitted("kinds_alone")
# What the words that a text shares can add to the log-odds, at least and at most: each of these features is 0 to 1.
_SHARED: Final = ("halves in common", "title in first", "title in rest", "title in longest")
SHARED_LOG_ODDS: Final = tuple(sum(bound(0.0, WEIGHTS[name]) for name in _SHARED) for bound in (min, max))


def has_own_article(
    page: Page, run: Run, title: int, *, rails: Sequence[Rail], masked: bytearray, found: Sequence[Head]
) -> bool:
    """Whether a run of text and its title are an article of the page's own; `found` are the heads of the page outside
    of its rails, which take the lines `masked`.
    """
    pieces = _pieces(run, found)
    if any(len(lines) >= ARTICLE_LINES and _words(page, lines) >= ARTICLE_WORDS for lines in pieces):
        return True
    plain = plain_features(page, run, title, pieces, rails=rails, masked=masked, found=found)
    least_words = TOLD_LINE_WORDS if _is_told(page, run) else LINE_WORDS
    is_line = max((page.words[i] for piece in pieces for i in piece), default=0) >= least_words
    # The words are dear to read: most often all else decides.
    least, most = (log_odds(WEIGHTS, plain) + bound for bound in SHARED_LOG_ODDS)
    if least > OWN_LOG_ODDS:
        return True
    if most <= OWN_LOG_ODDS and not is_line:
        return False
    features = own_features(page, run, title, pieces, plain=plain, masked=masked)
    if is_line and features["title in longest"] >= TITLE_SHARE:
        return True
    return log_odds(WEIGHTS, features) > OWN_LOG_ODDS


def is_article_alone(page: Page, run: Run, found: Sequence[Head]) -> bool:
    """Whether the run of text of a page without rails is an article; `found` are the heads of the page."""
    pieces = _pieces(run, found)
    if any(len(lines) >= ARTICLE_LINES and _words(page, lines) >= ARTICLE_WORDS for lines in pieces):
        return True
    features = alone_features(page, run, pieces, found)
    if features["text share"] < LEAST_TEXT_SHARE and run.lift < LEAST_LIFT:
        return True
    return log_odds(ALONE, features) > ALONE_LOG_ODDS


def _pieces(run: Run, found: Sequence[Head]) -> list[range]:
    """The lines of each text of a run between two heads."""
    return [
        range(max(head.body, run.start), min(head.end, run.end))
        for head in found
        if head.end > run.start and head.body < run.end
    ]


def _is_told(page: Page, run: Run) -> bool:
    """Whether the first related heading of a page stands right behind a run, a line of furniture between."""
    return run.end <= page.cls.find(RELATED, 0, run.end + HEADING_LINES)


def _words(page: Page, lines: range) -> int:
    return sum(page.words[lines.start : lines.stop])


def own_features(
    page: Page, run: Run, title: int, pieces: Sequence[range], *, plain: dict[str, float], masked: bytearray
) -> dict[str, float]:
    """All that speaks for and against an article of the page's own, by the names of WEIGHTS."""
    lines = [i for piece in pieces for i in piece if not masked[i]]
    longest = max(pieces, key=lambda piece: _words(page, piece), default=range(run.start, run.start))
    return plain | _shared(page, title, lines, longest)


def plain_features(
    page: Page,
    run: Run,
    title: int,
    pieces: Sequence[range],
    *,
    rails: Sequence[Rail],
    masked: bytearray,
    found: Sequence[Head],
) -> dict[str, float]:
    """What speaks for and against an article of the page's own but the words that its lines share."""
    cls = page.cls
    lines = [i for piece in pieces for i in piece if not masked[i]]
    first = lines[0] if lines else run.start
    sizes = [_words(page, piece) for piece in pieces]
    words, longest = sum(sizes), max(sizes, default=0)
    inside = [head for head in found if head.end > run.start and head.body < run.end]
    shapes = Counter((head.body - head.start, head.end - head.body) for head in inside)
    starts = [min(max(head.log_odds, -ODDS_BOUND), ODDS_BOUND) for head in inside if head.start > first]
    items = [item for rail in rails for item in rail.items]
    item_words = [sum(page.words[item.body : item.end]) for item in items]
    above = cls[max(0, (title if title >= 0 else first) - HEAD_LINES) : first]
    return {
        "log words": math.log10(1 + words),
        "body lines": math.log1p(sum(cls[i] == BODY for i in lines)),
        "log-odds": sum(map(page.sure_words.__getitem__, lines)) / max(1, words),
        "log pieces": math.log1p(len(pieces)),
        "teasers": sum(s for s, piece in zip(sizes, pieces, strict=True) if len(piece) <= TEASER_LINES) / max(1, words),
        "alike": max(shapes.values()) / len(inside) if len(inside) > FEW_PIECES else 0.0,
        "cut": sum(is_cut(page.text[piece[-1]], CUT_CHARS) for piece in pieces) / max(1, len(pieces)),
        "likeliest start": max(starts, default=-ODDS_BOUND),
        "date in head": DATE in above,
        "no rails": not rails,
        "before rails": bool(rails) and run.start < rails[0].start,
        "behind rails": bool(rails) and run.start >= rails[-1].end,
        "log items": math.log1p(len(items)),
        "items without text": bool(items) and not any(item_words),
        "longest over items": math.log((1 + longest) / (1 + sum(item_words) / len(items))) if items else 0.0,
        "known heading": any(rail.heading >= 0 and cls[rail.heading] == RELATED for rail in rails),
        "like first item": _like_first_item(page, rails),
        "comments behind": COMMENTS in cls[run.end :],
        "log lines behind": math.log1p(len(cls) - run.end),
    }


def alone_features(page: Page, run: Run, pieces: Sequence[range], found: Sequence[Head]) -> dict[str, float]:
    """What speaks for and against an article on a page without rails, by the names of ALONE: its words, those of the
    whole page and of the longest text without a break, and how much of the run is text and ends as sentences do; how
    likely stories start within it, in the mean and in number; and the dates of the page.
    """
    lines = range(run.start, run.end)
    words = _words(page, lines)
    texts = [page.words[i] if page.cls[i] in TEXT else 0 for i in lines]
    blocks = [sum(block) for is_text, block in groupby(texts, bool) if is_text]
    starts = [
        min(max(head.log_odds, -ODDS_BOUND), ODDS_BOUND)
        for head in found
        if run.start < head.body < run.end and head.log_odds > -math.inf
    ]
    return {
        "log words": math.log10(1 + sum(_words(page, piece) for piece in pieces)),
        "log page words": math.log10(1 + sum(page.words)),
        "longest text": math.log1p(max(blocks, default=0)),
        "text share": sum(texts) / max(1, words),
        "ended": sum(page.is_terminal[run.start : run.end]) / len(lines),
        "mean start": sum(starts) / len(starts) if starts else -ODDS_BOUND,
        "starts": math.log1p(sum(1 / (1 + math.exp(-one)) for one in starts)),
        "dates": math.log1p(page.cls.count(DATE)),
    }


def _shared(page: Page, title: int, lines: Sequence[int], longest: range) -> dict[str, float]:
    """What the lines of a text have in common, and what of its title they hold: the first, the others, and those of the
    longest piece.
    """
    page.seen.turn()
    texts = [page.seen.of([page.text[i][:COMPARED_CHARS]]) for i in lines[:COMPARED_LINES]]
    inner = [page.seen.of([page.text[i][:COMPARED_CHARS]]) for i in longest[:COMPARED_LINES]]
    own = page.seen.of([page.text[title]]) if title >= 0 else 0
    half, own_words = len(texts) // 2, max(1, own.bit_count())
    return {
        "halves in common": in_common(_all(texts[:half]), _all(texts[half:])),
        "title in first": (own & _all(texts[:1])).bit_count() / own_words,
        "title in rest": (own & _all(texts[1:])).bit_count() / own_words,
        "title in longest": (own & _all(inner)).bit_count() / own_words,
    }


def _all(words: Sequence[int]) -> int:
    return reduce(or_, words, 0)


def _like_first_item(page: Page, rails: Sequence[Rail]) -> float:
    """The share of lines of the first rail's first cycle that are of the same class as those right above the rail."""
    if not rails or len(rails[0].items) < 2:
        return 0.0
    start, following = (item.start for item in rails[0].items[:2])
    period = following - start
    if period > start:
        return 0.0
    pairs = zip(page.cls[start - period : start], page.cls[start:following], strict=True)
    return sum(a == b for a, b in pairs) / period
