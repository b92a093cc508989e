"""How much a line looks like article text: a small network in whole numbers.

Two hidden layers over the features of `features.py`. Inputs, weights and activations are whole numbers, and every sum
stays below 2^24, where 32-bit floats are exact: whatever order a machine's matrix product adds in, the scores are the
same to the last bit. The weights are in `line_model.json` beside this file, one row a feature, with where they come
from; `benchmarks/fit_line_model.py` fits them, `docs/line-model.md` tells how.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cuttings.pages.features import feature_chunks
from cuttings.pages.lines import LexedBatch
from cuttings.pages.measures import LineMeasures, measure

# Steps of a hidden activation per unit; 255 steps at most.
ACTIVATION_STEPS: Final = 32
ACTIVATION_CAP: Final = 255


@dataclass(frozen=True, slots=True)
class Layer:
    """`weights @ inputs + bias`, as floats that hold whole numbers; `scale` is the power of two of one unit."""

    weights: NDArray[np.float32]  # (outputs, inputs)
    bias: NDArray[np.float32]  # (outputs, 1)
    scale: int

    def __post_init__(self) -> None:
        bound = np.abs(self.weights).sum(axis=1) * ACTIVATION_CAP + np.abs(self.bias[:, 0])
        if bound.max(initial=0) >= 2**24:
            raise ValueError(f"line model: a sum may reach {bound.max():.0f}, exact only below {2**24}; fit it again")


@dataclass(frozen=True, slots=True)
class LineModel:
    """The names of the features in the order of the first layer's inputs, and the layers."""

    features: tuple[str, ...]
    layers: tuple[Layer, ...]

    def log_odds(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Scores of the columns of `inputs` (features, lines)."""
        values = inputs
        for layer in self.layers[:-1]:
            values = layer.weights @ values
            values += layer.bias
            values *= np.float32(ACTIVATION_STEPS / layer.scale)
            np.floor(values, out=values)
            np.clip(values, 0, ACTIVATION_CAP, out=values)
        last = self.layers[-1]
        return np.asarray((last.weights @ values + last.bias)[0] / np.float32(last.scale), np.float32)


def read_model(text: str) -> LineModel:
    """The model from its JSON text, as `benchmarks/fit_line_model.py` writes it."""
    stored = json.loads(text)
    names = tuple(stored["features"])
    layers = []
    for index, layer in enumerate(stored["layers"]):
        rows = [stored["features"][name] for name in names] if index == 0 else layer["weights"]
        weights = np.array(rows, np.float32).T
        layers.append(
            Layer(np.ascontiguousarray(weights), np.array(layer["bias"], np.float32)[:, None], layer["scale"])
        )
    return LineModel(names, tuple(layers))


@cache
def line_model() -> LineModel:
    """The shipped model."""
    return read_model((files("cuttings.pages") / "line_model.json").read_text(encoding="utf-8"))


def score_lines(lexed: LexedBatch, measures: LineMeasures | None = None) -> NDArray[np.float32]:
    """Log-odds that a line is article text (of any article of the page), one per line; blank lines get 0."""
    model = line_model()
    scores = np.zeros(lexed.lines.height, np.float32)
    for rows, columns in feature_chunks(lexed, measures or measure(lexed)):
        inputs = np.empty((len(model.features), len(rows)), np.float32)
        for row, name in zip(inputs, model.features, strict=True):
            row[:] = columns[name]
        scores[rows] = model.log_odds(inputs)
    return scores
