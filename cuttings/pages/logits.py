"""Fitted weights, and what they say of the features of a line, a head or a cut: log-odds, and chances.

Every set of weights is a JSON file in `weights/`, with the script and the digest of the labelled pages that it comes
from; `benchmarks/fit_*.py` write them, docs/cutting.md tells how.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import reduce
from importlib.resources import files
from itertools import compress, repeat
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
    nothing, nor does one that is 0, as most are.
    """
    values = features.values()
    own = map(weights.get, compress(features, values), repeat(0.0))
    return reduce(add, map(mul, own, filter(None, values)), weights.get(BIAS, 0.0))  # one by one, as floats need


def chance(odds: float) -> float:
    """The probability of log-odds, rounded to a hundredth: from .01 to .99, as nothing is quite sure."""
    return min(max(round(1 / (1 + math.exp(-odds)), 2), LEAST_CHANCE), MOST_CHANCE)
