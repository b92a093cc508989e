"""Fit the weights of page kinds: whether the run of text of a page is an article of its own.

usage: python -m benchmarks.fit_kinds [--write]

Pages of the labelled set and of layouts drawn by lot (those of `benchmarks.fronts`, `shorts` and `one_lines` and more
tag pages among them), as the cutter asks about them: their gold has an article of the page's own, or none. Articles of
which less than half is found are left out, as their run of text is another one. Pages without rails are fitted apart.
Cross-validated by publisher and layout; `--write` puts the weights into `cuttings/pages/weights/kinds.json` and
`kinds_alone.json`.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter

import numpy as np

from benchmarks.fit_line_model import load
from benchmarks.fitting import Floats, Observation, fit, fold_weights, held_out, said, stored, write
from benchmarks.labelled_cuts import KINDS, Cut, cuts, recorded, replaced, samples
from benchmarks.quality import LABELLED
from cuttings.pages import kinds

# A real page counts as much as so many drawn ones.
REAL_COUNTS = 3.0
# An article is found where the F1 of its words is at least this.
FOUND_F1 = 0.5
# The weights, and the least log-odds of an article.
ASKED = {"kinds": kinds.OWN_LOG_ODDS, "kinds_alone": kinds.ALONE_LOG_ODDS}


def observed() -> dict[str, list[Observation]]:
    """Every page whose run of text the cutter asks about: beside rails, and on pages without."""
    judge = load(LABELLED / "score_pages.py")
    found: dict[str, list[Observation]] = {name: [] for name in ASKED}
    always = {"SHARED_LOG_ODDS": (-math.inf, math.inf)}  # the words are read where all else decides, too
    with (
        replaced(vars(kinds), **always),
        recorded(kinds, "own_features") as beside,
        recorded(kinds, "alone_features") as alone,
    ):
        for cut in cuts(list(samples(KINDS))):
            asked = {name: calls.pop(id(cut.page), []) for name, calls in zip(ASKED, (beside, alone), strict=True)}
            own = next((one for one in cut.sample.gold["articles"] if one["zone"] == "primary"), None)
            for name, calls in asked.items():
                if calls and (own is None or not own["body"] or judge.best_f1(own, run_of(cut, calls)) >= FOUND_F1):
                    found[name].append(Observation(cut.sample, calls[-1][1], own is not None))
    return found


def run_of(cut: Cut, calls: list[tuple[tuple[object, ...], dict[str, float]]]) -> str:
    """The text that the cutter asked about."""
    pieces = next(part for part in calls[-1][0] if isinstance(part, list))
    return "\n".join(cut.page.text[i] for piece in pieces for i in piece)


def shares(some: list[Observation], chances: Floats, least: float) -> dict[str, list[float]]:
    """By kind of page: how many articles, how many of them are taken for lists, how many lists, how many are found;
    in percent.
    """
    is_own = np.array([one.is_true for one in some])
    kind = np.array([one.sample.kind for one in some])
    is_list = np.log(chances / (1 - chances)) <= least
    found: dict[str, list[float]] = {}
    for name in dict.fromkeys(kind.tolist()):
        found[name] = []
        for part in ((kind == name) & is_own, (kind == name) & ~is_own):
            found[name] += [int(part.sum()), round(100 * float(is_list[part].mean()), 2) if part.any() else 0.0]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    arguments = parser.parse_args()
    for name, some in observed().items():
        before, least = stored(name), ASKED[name]
        print(f"{name}, shipped: {shares(some, said(some, before), least)}")
        held = shares(some, held_out(some, fold_weights(some, REAL_COUNTS)), least)
        print(f"fitted, held out by publisher (articles, lost %, lists, found %): {held}")
        weights = fit(some, REAL_COUNTS)
        for feature, weight in weights.items():
            print(f"  {feature:20} {before.get(feature, 0.0):7.2f} -> {weight:7.2f}")
        if arguments.write:
            write(name, weights, "fit_kinds", Counter(one.sample.kind for one in some), {"shares": held})


if __name__ == "__main__":
    main()
