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
from dataclasses import asdict

import numpy as np

from benchmarks.fitting import (
    Floats,
    Observation,
    as_table,
    fit,
    fold_weights,
    held_out,
    reliability,
    said,
    stored,
    write,
)
from benchmarks.labelled_cuts import Cut, cuts, recorded, samples
from cuttings.pages import story_heads
from cuttings.pages.logits import BIAS

TEXT_ROLES = ("body", "standfirst")
# A start that is missed costs as much as so many false ones: its text leaks into another article. The bias is raised by
# the logarithm, so that log-odds of 0 are where both cost the same.
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


def sure(some: Sequence[Observation], chances: Floats) -> str:
    """Of the heads with log-odds over 2: which share of the starts, and of those within articles of real pages."""
    is_sure = chances > 1 / (1 + np.exp(-2))
    starts = np.array([one.is_true for one in some])
    real = np.array([one.sample.kind == "real" for one in some])
    caught, false = 100 * is_sure[starts].mean(), 100 * is_sure[real & ~starts].mean()
    return f"log-odds over 2: {caught:.1f} % of the starts, {false:.2f} % of the heads within articles of real pages"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    arguments = parser.parse_args()
    heads = observed()
    is_true = np.array([one.is_true for one in heads], float)
    kinds = {kind: sum(one.sample.kind == kind for one in heads) for kind in ("real", "composed", "drawn")}
    print(f"{len(heads):,} heads, {int(is_true.sum()):,} of them starts; {kinds}")
    before = stored("stories")
    old, new = said(heads, before), held_out(heads, fold_weights(heads))
    print(f"shipped weights: Brier {reliability(old, is_true).brier}; {sure(heads, old)}")
    held = reliability(new, is_true)
    print(f"fitted, held out by publisher: {sure(heads, new)}\n{as_table('heads', held)}")
    weights = fit(heads)
    weights[BIAS] = round(weights[BIAS] + math.log(MISSED_COST), 2)
    for name, weight in weights.items():
        print(f"  {name:20} {before.get(name, 0.0):7.2f} -> {weight:7.2f}")
    if arguments.write:
        write("stories", weights, "fit_stories", kinds | {"starts": int(is_true.sum())}, asdict(held))


if __name__ == "__main__":
    main()
