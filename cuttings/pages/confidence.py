"""How sure the cut of an article is: the chance that nine tenths of its text are right.

Two logistics of a few numbers of the cut itself, one for the text of the page's own article and one for the items of
its rails; the weights are fitted on labelled pages and checked on publishers and layouts that were held out, see
docs/cutting.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul, not_
from typing import Final

from cuttings.pages.logits import fitted
from cuttings.pages.page import DATE, ODDS_BOUND, Page, text_lines
from cuttings.pages.primary import Run
from cuttings.pages.rails import Item, Rail
from cuttings.pages.story_heads import Head

PRIMARY: Final = fitted("primary_confidence")
RELATED: Final = fitted("related_confidence")


def cut_features(
    page: Page,
    run: Run,
    title: int,
    body: list[int],
    *,
    masked: bytearray,
    live: frozenset[int],
    starts: Sequence[Head],
) -> dict[str, float]:
    """Mean log-odds of the text; the lift its run needed; its words (log); as shares of its words, the text left
    outside of run and rails and the lines left out within the run; whether it has a title, and the page rails; and what
    speaks for other stories within the run: headlines, dates, and the heads that are likely to start one. The entries
    of a live page have such things too: they count otherwise there. Of a cut without a text, what text there is.
    """
    words = sum(map(page.words.__getitem__, body))
    free = list(map(not_, masked))
    outside = sum(map(mul, page.prose[: run.start], free)) + sum(map(mul, page.prose[run.end :], free[run.end :]))
    if not words:
        return {"no text": 1.0, "no text, words outside": math.log10(1 + outside)}
    inner = bytes(c for c, is_free in zip(page.cls[body[0] : run.end], free[body[0] : run.end], strict=True) if is_free)
    within = sum(map(mul, page.words[run.start : run.end], free[run.start : run.end])) - words
    odds = [min(max(head.log_odds, -ODDS_BOUND), ODDS_BOUND) for head in starts if body[0] < head.body < run.end]
    likeliest, count = max(odds, default=-ODDS_BOUND), math.log1p(sum(1 / (1 + math.exp(-one)) for one in odds))
    is_live = bool(live)
    return {
        "live": is_live,
        "log-odds": _mean_odds(page, body, words),
        "lift": run.lift,
        "log words": math.log10(words),
        "outside": min(1.0, outside / words),
        "left out": min(1.0, max(0, within) / words),
        "title": title >= 0,
        "rails": any(masked),
        "headlines": inner.count(b"T") / len(inner),
        "dates inside": 0.0 if is_live else math.log1p(inner.count(DATE)),
        "likeliest start": -ODDS_BOUND if is_live else likeliest,
        "starts": 0.0 if is_live else count,
        "live, likeliest start": likeliest if is_live else 0.0,
    }


def item_features(page: Page, rail: Rail, k: int, roles: Sequence[str], body: list[int]) -> dict[str, float]:
    """Item `k` of a rail: how the rail was found and how long it is, what the item's head has, whether its text is
    there, reads like text, and is as long as those beside it, or whether text follows where none was taken; and whether
    it is the last, whose end nothing marks.
    """
    item, words = rail.items[k], sum(map(page.words.__getitem__, body))
    last = k == len(rail.items) - 1
    beside = [_text_lines(page, other) for other in rail.items[max(0, k - 1) : k + 2] if other is not item]
    here = _text_lines(page, item)
    return {
        f"rule {rail.rule}": 1.0,
        "items": math.log(len(rail.items)),
        "heading": rail.heading >= 0,
        "feed": rail.is_feed,
        "title": "title" in roles,
        "source": "source" in roles,
        "author": "byline" in roles,
        "date": item.anchor >= 0,
        "no text": not words,
        "no text, items": 0.0 if words else math.log(len(rail.items)),
        "no text, text behind": not words and text_lines(page.cls[item.end : item.end + 1]) > 0,
        "log words": math.log10(words) if words else 0.0,
        "log-odds": _mean_odds(page, body, words) if words else 0.0,
        "one line": len(body) == 1,
        "last": last,
        "last, lines": math.log1p(len(body)) if last else 0.0,
        "unlike beside": max((abs(math.log1p(here) - math.log1p(lines)) for lines in beside), default=0.0),
    }


def _text_lines(page: Page, item: Item) -> int:
    return text_lines(page.cls[item.body : item.end])


def _mean_odds(page: Page, body: list[int], words: int) -> float:
    """The mean log-odds of the lines of a text, by their words."""
    return sum(map(page.sure_words.__getitem__, body)) / words
