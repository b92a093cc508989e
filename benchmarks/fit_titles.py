"""Fit the weights of the title: which of the lines above a text is its heading.

usage: python -m benchmarks.fit_titles [--write]

A conditional logit over the candidates of every labelled page whose title is among them; "none of them" has the score
0. Cross-validated by publisher and layout; `--write` puts the weights into `cuttings/pages/weights/titles.json`.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.fitting import Floats, matrix, newton, stored, write
from benchmarks.labelled_cuts import Sample, cuts, recorded, samples
from benchmarks.line_model_pages import FOLD_COUNT
from cuttings.pages import parse, titles

KINDS = ("real", "composed", "drawn")
# A page whose head was drawn by lot counts less than one that a publisher made. (Right, held out, of real and of drawn
# pages: .8375 and .8937 without the drawn ones, .8339 and .9095 at .2, .8196 and .9316 at 1.)
WEIGHT_OF = {"real": 1.0, "composed": 1.0, "drawn": 0.2}


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of a page, nearest first, and those of them that are the title, which may be printed twice."""

    sample: Sample
    candidates: list[dict[str, float]]
    right: list[int]


def bare(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def observed() -> list[Choice]:
    """Every choice of a title by the cutter where one of the candidates is right."""
    found = []
    with recorded(parse, "find_title") as calls:
        for cut in cuts(list(samples(KINDS))):
            own = next((a for a in cut.sample.gold["articles"] if a["zone"] == "primary"), None)
            title = bare((own and own["title"]) or "")
            for (page, core, end, masked), _ in calls.pop(id(cut.page), []):
                lines = titles.candidates(page, core, masked)
                right = [k for k, i in enumerate(lines) if title and bare(page.text[i]) == title]
                if right:
                    body = titles.opening(page, core, end, masked)
                    where = titles.standing(page, lines, core)
                    what = [titles.likeness(page.text[i], body) for i in lines]
                    rows = [a | b for a, b in zip(where, what, strict=True)]
                    found.append(Choice(cut.sample, rows, right))
    return found


def fit(choices: Sequence[Choice], names: Sequence[str]) -> Floats:
    """The weights of the conditional logit."""
    tables = [np.vstack([matrix(one.candidates, names), np.zeros(len(names))]) for one in choices]

    def slopes(weights: Floats) -> tuple[Floats, Floats]:
        gradient, curvature = np.zeros(len(weights)), np.zeros((len(weights), len(weights)))
        for table, one in zip(tables, choices, strict=True):
            odds = table @ weights
            chances = np.exp(odds - odds.max())
            chances /= chances.sum()
            mean = chances @ table
            among = chances[one.right] / chances[one.right].sum()
            counts = WEIGHT_OF[one.sample.kind]
            gradient += counts * (among @ table[one.right] - mean)
            curvature += counts * ((table * chances[:, None]).T @ table - np.outer(mean, mean))
        return gradient, curvature

    return newton(slopes, len(names))


def hits(choices: Sequence[Choice], names: Sequence[str], weights: Floats) -> list[bool]:
    """Whether the likeliest candidate of each page is right."""
    return [int(np.argmax(matrix(one.candidates, names) @ weights)) in one.right for one in choices]


def shares(choices: Sequence[Choice], is_hit: Sequence[bool]) -> dict[str, float]:
    """Share of right titles, by kind of page."""
    found = {}
    for kind in KINDS:
        mine = [hit for one, hit in zip(choices, is_hit, strict=True) if one.sample.kind == kind]
        found[kind] = round(sum(mine) / max(1, len(mine)), 4)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    arguments = parser.parse_args()
    choices, before = observed(), stored("titles")
    names = list(dict.fromkeys(name for one in choices for row in one.candidates for name in row))
    counts = {kind: sum(one.sample.kind == kind for one in choices) for kind in KINDS}
    print(f"pages whose title is among the candidates: {counts}")
    old = np.array([before.get(name, 0.0) for name in names])
    print("right, shipped weights:", shares(choices, hits(choices, names, old)))
    is_hit = [False] * len(choices)
    for fold in range(FOLD_COUNT):
        weights = fit([one for one in choices if fold not in one.sample.out_of_folds], names)
        mine = [k for k, one in enumerate(choices) if one.sample.fold == fold]
        for k, hit in zip(mine, hits([choices[k] for k in mine], names, weights), strict=True):
            is_hit[k] = hit
    figures = shares(choices, is_hit)
    print("right, fitted, held out:", figures)
    fitted = {name: round(float(w), 2) for name, w in zip(names, fit(choices, names), strict=True)}
    for name, weight in fitted.items():
        print(f"  {name:16} {before.get(name, 0.0):6.2f} -> {weight:6.2f}")
    if arguments.write:
        write("titles", fitted, "fit_titles", counts, {"right": figures})


if __name__ == "__main__":
    main()
