"""Fit the weights of story starts: whether a head between two texts begins an article of its own.

usage: python -m benchmarks.fit_stories [--write]

Heads of labelled pages, as the cutter asks about them: a start is the head of an appended article's first text; heads
within an article are none; of heads among the furniture of real pages nothing is known, and they are left out.
Cross-validated by publisher and layout; `--write` puts the weights into `cuttings/pages/weights/stories.json`.
"""

from __future__ import annotations

import argparse
import math
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from benchmarks.fitting import (
    Floats,
    Observation,
    fit,
    fold_weights,
    held_out,
    said,
    stored,
    write,
)
from benchmarks.labelled_cuts import Cut, cuts, recorded, samples
from cuttings.pages import stories, story_heads
from cuttings.pages.logits import BIAS

TEXT_ROLES = ("body", "standfirst")
# A head of a real page counts as much as so many drawn ones: nearly all of them are within an article.
REAL_COUNTS = 2.0
# The thresholds of `stories.py` and `grammar.py` are in log-odds so much wider than those of the fit, which the ridge
# keeps small; and a start that is missed costs as much as so many false ones: its text leaks into another article.
STRETCH = 1.43
MISSED_COST = 3.0


def is_start(cut: Cut, line: int) -> bool | None:
    """Whether the text at a line is the first of an appended article; None where the gold does not know it, or where it
    is a standfirst above its title.
    """
    segments = cut.sample.gold["segments"]
    at = bisect_right([segment[0] for segment in segments], cut.line_bytes[line]) - 1
    _, _, _, role, position = segments[at]
    if position is None or role not in TEXT_ROLES:
        return None
    before, behind = ({s[3] for s in some if s[4] == position} for some in (segments[:at], segments[at + 1 :]))
    if role == "standfirst":
        return None if "title" not in before and "title" in behind else position > 0
    return position > 0 and "body" not in before


def observed() -> list[Observation]:
    """Every head that the cutter weighs, once."""
    found = []
    with recorded(story_heads, "head_features") as calls:
        for cut in cuts(list(samples())):
            asked = calls.pop(id(cut.page), [])
            weighed = {some[k].body: features for (_, some, k, _), features in asked if features}
            for body, features in weighed.items():
                outcome = is_start(cut, body)
                if outcome is not None:
                    found.append(Observation(cut.sample, features, outcome))
    return found


def found(some: Sequence[Observation], odds: Floats) -> dict[str, list[float]]:
    """At each threshold of the cutter the share of the starts that is found, and of the heads within articles of real
    pages; percent.
    """
    starts = np.array([one.is_true for one in some])
    inner = np.array([one.sample.kind == "real" for one in some]) & ~starts
    levels = (stories.HEAD_LOG_ODDS, stories.OPEN_LOG_ODDS, stories.LONE_LOG_ODDS)
    return {
        f"over {level}": [round(100 * float((odds[s] > level).mean()), 2) for s in (starts, inner)] for level in levels
    }


def log_odds_of(chances: Floats) -> Floats:
    return np.asarray(np.log(chances) - np.log1p(-chances))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    arguments = parser.parse_args()
    heads = observed()
    is_true = np.array([one.is_true for one in heads], float)
    kinds = {kind: sum(one.sample.kind == kind for one in heads) for kind in ("real", "composed", "drawn")}
    print(f"{len(heads):,} heads, {int(is_true.sum()):,} of them starts; {kinds}")
    before, raised = stored("stories"), math.log(MISSED_COST)
    held = held_out(heads, fold_weights(heads, REAL_COUNTS))
    shares = found(heads, STRETCH * log_odds_of(held) + raised)
    print(f"starts and heads within real articles, shipped: {found(heads, log_odds_of(said(heads, before)))}")
    print(f"fitted, held out by publisher: {shares}")
    weights = fit(heads, REAL_COUNTS)
    weights = {name: round(STRETCH * weight, 2) for name, weight in weights.items()}
    weights[BIAS] = round(weights[BIAS] + raised, 2)
    for name, weight in weights.items():
        print(f"  {name:20} {before.get(name, 0.0):7.2f} -> {weight:7.2f}")
    if arguments.write:
        write("stories", weights, "fit_stories", kinds | {"starts": int(is_true.sum())}, {"found": shares})


if __name__ == "__main__":
    main()
