"""Fit the weights of story starts: whether a head between two texts begins an article of its own.

usage: python -m benchmarks.fit_stories [--write]

Heads of labelled pages, as the cutter asks about them: a start is the head of an appended article's first text; heads
within an article are none; of heads among the furniture of real pages nothing is known, and they are left out.
Cross-validated by publisher and layout; `--write` puts the weights into `cuttings/pages/weights/stories.json`.
"""

from __future__ import annotations

import argparse
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.fitting import (
    Cut,
    Observation,
    brier,
    cuts,
    fit,
    held_out,
    recorded,
    reliability,
    said,
    samples,
    stored,
    write,
)
from cuttings.pages import story_heads

TEXT_ROLES = ("body", "standfirst")


def is_start(cut: Cut, line: int) -> bool | None:
    """Whether the text at a line is the first of an appended article; None where the gold does not know it."""
    segments = cut.sample.gold["segments"]
    at = bisect_right([segment[0] for segment in segments], cut.line_bytes[line]) - 1
    _, _, _, role, position = segments[at]
    if position is None or role not in TEXT_ROLES:
        return None
    return position > 0 and not any(s[4] == position and s[3] in TEXT_ROLES for s in segments[:at])


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


def sure(some: Sequence[Observation], chances: Any) -> str:
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
    old, new = said(heads, before), held_out(heads)
    print(f"shipped weights: Brier {brier(old, is_true):.4f}; {sure(heads, old)}")
    print(f"fitted, held out: Brier {brier(new, is_true):.4f}; {sure(heads, new)}")
    print(reliability("heads", new, is_true))
    weights = fit(heads)
    for name, weight in weights.items():
        print(f"  {name:20} {before.get(name, 0.0):7.2f} -> {weight:7.2f}")
    if arguments.write:
        write(
            "stories",
            weights,
            "fit_stories",
            kinds | {"starts": int(is_true.sum())},
            {"brier": round(brier(new, is_true), 4)},
        )


if __name__ == "__main__":
    main()
