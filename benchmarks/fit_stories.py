"""Fit the weights of story starts: whether a head between two texts begins an article of its own, alone and with what
the heads of its shape say.

usage: python -m benchmarks.fit_stories [--write]

Heads of labelled pages, as the cutter asks about them: a start is the head of an appended article's first text; heads
within an article are none; of heads among the furniture of real pages nothing is known, and they are left out.
Cross-validated by publisher and layout; `--write` puts the weights into `cuttings/pages/weights/stories.json` and
`story_shapes.json`. The second are fitted on what the first say of pages that they have not seen.
"""

from __future__ import annotations

import argparse
import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import compress

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
from cuttings.pages import stories, story_heads, story_shapes
from cuttings.pages.logits import BIAS

TEXT_ROLES = ("body", "standfirst")
# A head of a real page counts as much as so many drawn ones: nearly all of them are within an article.
REAL_COUNTS = 2.0
# With what other heads say, a false start costs a real article all that is behind it: as many again.
REAL_COUNTS_ALIKE = 4.0
# The thresholds of `stories.py` and `coherence.py` are in log-odds so much wider than those of the fit, which the ridge
# keeps small; and a start that is missed costs as much as so many false ones: its text leaks into another article.
STRETCH = 1.43
MISSED_COST = 5.0


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


def observed() -> tuple[list[Observation], list[bool], list[list[int]]]:
    """Every head that the cutter weighs, once; whether the gold knows it; and the heads of one shape, as the cutter
    compares them, by their numbers.
    """
    found: list[Observation] = []
    is_known: list[bool] = []
    groups: list[list[int]] = []
    with recorded(story_heads, "head_features") as calls, recorded(story_shapes, "alike") as shapes:
        for cut in cuts(list(samples())):
            asked = calls.pop(id(cut.page), [])
            weighed = {some[k].body: features for (_, some, k, *_), features in asked if features}
            number: dict[int, int] = {}
            for body, features in weighed.items():
                outcome = is_start(cut, body)
                number[body] = len(found)
                found.append(Observation(cut.sample, features, bool(outcome)))
                is_known.append(outcome is not None)
            for _, alike in shapes.pop(id(cut.page), []):
                groups += [[number[head.body] for head in group] for group in alike]
    return found, is_known, groups


def in_groups(
    heads: Sequence[Observation], is_known: Sequence[bool], groups: Sequence[Sequence[int]], odds: Floats
) -> list[Observation]:
    """The heads that the gold knows, with what they and the others of their shape say by their log-odds alone."""
    return [
        Observation(heads[k].sample, features, heads[k].is_true)
        for group in groups
        for k, features in zip(group, story_shapes.shape_features(map(float, odds[group])), strict=True)
        if is_known[k]
    ]


def shares(some: Sequence[Observation], odds: Floats) -> dict[str, list[float]]:
    """At each threshold of the cutter the share of the starts that is found, and of the heads within articles of real
    pages; percent.
    """
    starts = np.array([one.is_true for one in some])
    inner = np.array([one.sample.kind == "real" for one in some]) & ~starts
    levels = (stories.HEAD_LOG_ODDS, stories.OPEN_LOG_ODDS)
    return {
        f"over {level}": [round(100 * float((odds[s] > level).mean()), 2) for s in (starts, inner)] for level in levels
    }


def log_odds_of(chances: Floats) -> Floats:
    return np.asarray(np.log(chances) - np.log1p(-chances))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    arguments = parser.parse_args()
    heads, is_known, groups = observed()
    known = list(compress(heads, is_known))
    print(f"{len(known):,} heads, {sum(one.is_true for one in known):,} of them starts, in {len(groups):,} shapes")
    raised = math.log(MISSED_COST)
    odds = STRETCH * log_odds_of(held_out(heads, fold_weights(known, REAL_COUNTS))) + raised
    weights = {name: round(STRETCH * weight, 2) for name, weight in fit(known, REAL_COUNTS).items()}
    weights[BIAS] = round(weights[BIAS] + raised, 2)
    report("stories", known, odds[is_known], weights, arguments.write)
    rows = in_groups(heads, is_known, groups, odds)
    odds = log_odds_of(held_out(rows, fold_weights(rows, REAL_COUNTS_ALIKE)))
    report("story_shapes", rows, odds, fit(rows, REAL_COUNTS_ALIKE), arguments.write)


def report(name: str, some: Sequence[Observation], odds: Floats, weights: dict[str, float], is_written: bool) -> None:
    """Print how some weights hold, beside those that are shipped; and write them."""
    before, held = stored(name), shares(some, odds)
    print(f"{name}: starts and heads within real articles, shipped: {shares(some, log_odds_of(said(some, before)))}")
    print(f"fitted, held out by publisher: {held}")
    for feature, weight in weights.items():
        print(f"  {feature:20} {before.get(feature, 0.0):7.2f} -> {weight:7.2f}")
    if is_written:
        counts = {kind: sum(one.sample.kind == kind for one in some) for kind in ("real", "composed", "drawn")}
        starts = sum(one.is_true for one in some)
        write(name, weights, "fit_stories", counts | {"starts": starts}, {"found": held})


if __name__ == "__main__":
    main()
