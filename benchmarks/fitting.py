"""What the fits share: a logistic of what was seen on labelled pages, how it holds on publishers left out, its file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.labelled_cuts import Sample
from benchmarks.line_model_pages import FOLD_COUNT, digest
from benchmarks.quality import LABELLED
from cuttings.pages.logits import BIAS

Floats = NDArray[np.float64]

HERE: Final = Path(__file__).resolve().parent
WEIGHTS: Final = HERE.parent / "cuttings" / "pages" / "weights"
DOCS: Final = HERE.parent / "docs" / "cutting.md"
# What a unit of weight costs, squared: about one observation. Keeps weights of rare features small.
RIDGE: Final = 1.0
NEWTON_STEPS: Final = 25
CONVERGED: Final = 1e-4
BINS: Final = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Observation:
    """Features and outcome of one thing that was seen on a page."""

    sample: Sample
    features: dict[str, float]
    is_true: bool


def matrix(some: Sequence[Mapping[str, float]], names: Sequence[str]) -> Floats:
    """Features in rows; the bias is 1."""
    return np.array([[1.0 if n == BIAS else float(row.get(n, 0.0)) for n in names] for row in some], np.float64)


def newton(slopes: Callable[[Floats], tuple[Floats, Floats]], size: int) -> Floats:
    """Weights at the maximum of a concave likelihood less the ridge; `slopes` gives its gradient and curvature."""
    weights = np.zeros(size)
    for _ in range(NEWTON_STEPS):
        gradient, curvature = slopes(weights)
        step = np.linalg.solve(curvature + RIDGE * np.eye(size), gradient - RIDGE * weights)
        weights += step
        if np.abs(step).max() < CONVERGED:
            break
    return weights


def logistic(table: Floats, is_true: Floats, counts: Floats) -> Floats:
    """The weights of a logistic of outcomes, of which each counts so much."""

    def slopes(weights: Floats) -> tuple[Floats, Floats]:
        chances = 1 / (1 + np.exp(-table @ weights))
        spread = counts * chances * (1 - chances)
        return table.T @ (counts * (is_true - chances)), (table * spread[:, None]).T @ table

    return newton(slopes, table.shape[1])


def names_of(some: Sequence[Observation]) -> list[str]:
    """The bias and the features, in the order in which the cutter gives them."""
    return [BIAS, *dict.fromkeys(name for one in some for name in one.features)]


def fit(some: Sequence[Observation], real_counts: float = 1.0) -> dict[str, float]:
    """The weights of the logistic of the outcome, rounded as they are written; what was seen on a real page counts so
    many times.
    """
    names = names_of(some)
    is_true = np.array([one.is_true for one in some], float)
    counts = np.array([real_counts if one.sample.kind == "real" else 1.0 for one in some])
    weights = logistic(matrix([one.features for one in some], names), is_true, counts)
    return {name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True)}


def said(some: Sequence[Observation], weights: Mapping[str, float]) -> Floats:
    """The chance of each outcome by some weights."""
    names = list(weights)
    odds = matrix([one.features for one in some], names) @ np.array([weights[name] for name in names])
    return np.asarray(1 / (1 + np.exp(-odds)))


def fold_weights(some: Sequence[Observation], real_counts: float = 1.0) -> list[dict[str, float]]:
    """For each fold the weights that were fitted without its publishers."""
    return [
        fit([one for one in some if fold not in one.sample.out_of_folds], real_counts) for fold in range(FOLD_COUNT)
    ]


def held_out(some: Sequence[Observation], folds: Sequence[Mapping[str, float]]) -> Floats:
    """The chance of each outcome by the weights of its fold."""
    chances = np.zeros(len(some))
    for fold, weights in enumerate(folds):
        mine = [k for k, one in enumerate(some) if one.sample.fold == fold]
        chances[mine] = said([some[k] for k in mine], weights)
    return chances


@dataclass(frozen=True, slots=True)
class Reliability:
    """How chances that were said held: Brier score, that of saying the share of the right ones of all, and for each bin
    (from, to, count, mean said, share that was right).
    """

    brier: float
    alone: float
    bins: list[tuple[float, float, int, float, float]]


def reliability(chances: Floats, is_true: Floats) -> Reliability:
    """Of chances rounded as the cutter rounds them."""
    chances = np.round(chances, 2)
    share = float(is_true.mean())
    bins = []
    for low, high in pairwise(BINS):
        inside = (chances >= low) & ((chances < high) | (high == BINS[-1]))
        if inside.any():
            said_there, right = (round(float(values[inside].mean()), 3) for values in (chances, is_true))
            bins.append((low, high, int(inside.sum()), said_there, right))
    return Reliability(round(float(np.mean((chances - is_true) ** 2)), 4), round(share * (1 - share), 4), bins)


def as_table(what: str, found: Reliability) -> str:
    """The bins as a table of Markdown, with the scores below it."""
    rows = [f"| said | {what} | mean said | right |", "|---|---|---|---|"]
    for low, high, count, said_there, right in found.bins:
        name = f"under {_share(high)}" if not low else f"{_share(low)} to {_share(high)}"
        name = f"{_share(low)} and more" if high == BINS[-1] else name
        rows.append(f"| {name} | {count:,} | {_share(said_there)} | {_share(right)} |")
    total = sum(count for _, _, count, _, _ in found.bins)
    score = (
        f"{total:,} {what}: Brier {found.brier:.4f}, where the share of the right ones alone gives {found.alone:.4f}."
    )
    return "\n".join([*rows, "", score])


def _share(value: float) -> str:
    return f"{value:.2f}".removeprefix("0") if value < 0.995 else "1"


def stored(name: str) -> dict[str, float]:
    """The weights that are shipped."""
    return dict(json.loads((WEIGHTS / f"{name}.json").read_text(encoding="utf-8"))["weights"])


def write(
    name: str, weights: Mapping[str, float], script: str, counts: Mapping[str, int], held: Mapping[str, Any]
) -> None:
    """The file of some weights: where they come from and how they held first, then one weight a line."""
    provenance = {
        "fitted_by": f"python -m benchmarks.{script} --write",
        "sets_sha256": digest(LABELLED),
        "layouts_sha256": sha256((HERE / "layouts.py").read_bytes()).hexdigest(),
        "observations": dict(counts),
        "held_out": {"folds": f"{FOLD_COUNT}, by publisher and layout", **held},
    }
    rows = ",\n".join(f"  {json.dumps(feature)}: {weight}" for feature, weight in weights.items())
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in provenance.items())
    path = WEIGHTS / f"{name}.json"
    text = f'{{\n"provenance": {{\n{lines}\n}},\n"weights": {{\n{rows}\n}}\n}}\n'
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path.relative_to(HERE.parent)}")


def put_in_docs(name: str, table: str) -> None:
    """Write a table of docs/cutting.md anew."""
    text = DOCS.read_text(encoding="utf-8")
    begin, end = f"<!-- {name} -->\n", f"\n<!-- end of {name} -->"
    before, found, rest = text.partition(begin)
    _, closed, behind = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{DOCS.name} has no place for {name}")
    DOCS.write_text(before + begin + table + end + behind, encoding="utf-8")
