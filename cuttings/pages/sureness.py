"""How sure a segment is: the chance that its zone is right, and its role where one can be known.

A logistic of the rule that said so, of the role it has in an article, of how sure that article is, or for the page's
own lines the page, and of how much its line looks like article text. The weights are fitted on the segments of labelled
pages, see docs/cutting.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cuttings.contract import ROLES
from cuttings.pages.labels import ROLE, Labels
from cuttings.pages.logits import BIAS, fitted
from cuttings.pages.markers import Lines
from cuttings.pages.pieces import Pieces
from cuttings.rules import RULES

WEIGHTS: Final = fitted("segment_confidence")
# Log-odds of a line, and of an article, count within these bounds.
ODDS_BOUND: Final = 4.0

Floats = NDArray[np.float64]

_OF_RULE: Final = np.array([WEIGHTS.get(f"rule {rule}", 0.0) for rule in RULES])
_OF_ROLE: Final = np.array([WEIGHTS.get(f"role {role}", 0.0) for role in ROLES])


# The log-odds of each hundredth, and those from which on a chance is rounded to it: looked up, as the last bit of a
# logarithm of an array depends on the machine.
_PERCENT: Final = 100
_ODDS: Final = np.array([
    max(-ODDS_BOUND, min(ODDS_BOUND, math.log(max(k, 0.1) / max(_PERCENT - k, 0.1)))) for k in range(_PERCENT + 1)
])  # fmt: skip
_STEPS: Final = np.array([math.log((k - 0.5) / (_PERCENT - k + 0.5)) for k in range(2, _PERCENT)])


def piece_confidence(lines: Lines, pieces: Pieces, parsed: Sequence[Labels]) -> Floats:
    """How sure each piece of a batch is, rounded to a hundredth, from .01 to .99."""
    chances = article_chances(parsed, lines.page[pieces.line], pieces.position)
    odds = WEIGHTS.get(BIAS, 0.0) + _OF_RULE[pieces.rule] + _OF_ROLE[pieces.role] * (pieces.position >= 0)
    for name, values in numbers(pieces.role, pieces.position, chances, lines.score[pieces.line]).items():
        odds += WEIGHTS.get(name, 0.0) * values
    return np.asarray((1 + np.searchsorted(_STEPS, odds, side="right")) / _PERCENT)


def numbers(
    role: NDArray[np.uint8], position: NDArray[np.int32], article: Floats, score: NDArray[np.float32]
) -> dict[str, Floats]:
    """What is known of segments besides rule and role: the log-odds of the article of each, or of the page where it is
    of none, by their chance; and those that its line is article text, for text and for what is of no article. Each
    once more where it is below even, as what is unlikely tells less than what is likely.
    """
    is_own = position >= 0
    odds = _ODDS[np.rint(article * _PERCENT).astype(np.int64)]
    line = np.clip(score.astype(np.float64), -ODDS_BOUND, ODDS_BOUND)
    known = {
        "article": odds * is_own,
        "page": odds * ~is_own,
        "text line": line * (is_own & (role == ROLE["body"])),
        "page line": line * ~is_own,
    }
    return known | {f"{name} below even": np.minimum(values, 0.0) for name, values in known.items()}


def article_chances(parsed: Sequence[Labels], page: NDArray[np.int64], position: NDArray[np.int32]) -> Floats:
    """The confidence of the article that each piece belongs to; of the least sure article of its page where to none."""
    sizes = [max((a.position for a in labels.articles), default=-1) + 2 for labels in parsed]
    first = np.cumsum([0, *sizes])
    chances = np.full(first[-1], 0.5)
    for start, labels in zip(first.tolist(), parsed, strict=False):
        chances[start] = min((a.confidence for a in labels.articles), default=0.5)
        for one in labels.articles:
            chances[start + 1 + one.position] = one.confidence
    return np.asarray(chances[first[page] + 1 + position])
