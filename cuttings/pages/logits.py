"""Fitted weights, and what they say of the features of a line, a head or a cut: log-odds, and chances.

Every set of weights is a JSON file in `weights/`, with the script and the digest of the labelled pages that it comes
from; `benchmarks/fit_*.py` write them, docs/cutting.md tells how.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import reduce
from importlib.resources import files
from itertools import repeat
from operator import add, mul
from typing import Final

# The weight of a feature that is 1 for all.
BIAS: Final = "bias"
LEAST_CHANCE, MOST_CHANCE = 0.01, 0.99


def fitted(name: str) -> dict[str, float]:
    """The weights of a file of `weights/`, by feature."""
    stored = json.loads((files("cuttings.pages") / "weights" / f"{name}.json").read_text(encoding="utf-8"))
    return {feature: float(weight) for feature, weight in stored["weights"].items()}


def log_odds(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """The sum of the features' weights and of the bias, where there is one; a feature that no fit has seen yet counts
    nothing.
    """
    return all_log_odds(weights, [features])[0]


def all_log_odds(weights: Mapping[str, float], rows: Sequence[Mapping[str, float]]) -> list[float]:
    """The log-odds of several rows of the same features, of which there is at least one."""
    own = list(map(weights.get, rows[0], repeat(0.0)))
    bias = weights.get(BIAS, 0.0)
    return [reduce(add, map(mul, own, row.values()), bias) for row in rows]  # one after the other, as floats need


def chance(odds: float) -> float:
    """The probability of log-odds, rounded to a hundredth: from .01 to .99, as nothing is quite sure."""
    return min(max(round(1 / (1 + math.exp(-odds)), 2), LEAST_CHANCE), MOST_CHANCE)
