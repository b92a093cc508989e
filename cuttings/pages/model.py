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
# Lines of one matrix product: small enough that the BLAS does not spread it over threads, which costs more than it
# gains here and would spend five times the CPU. (OpenBLAS: lines * inputs * outputs up to 262,144 stay on one.)
TILE_LINES: Final = 32
# Lines that go through the layers at one go: the arrays between them stay in the cache.
BLOCK_LINES: Final = 64 * TILE_LINES


@dataclass(frozen=True, slots=True)
class Layer:
    """`inputs @ weights + bias`, as floats that hold whole numbers; `scale` is the power of two of one unit."""

    weights: NDArray[np.float32]  # (inputs, outputs)
    bias: NDArray[np.float32]  # (outputs,)
    scale: int

    def __post_init__(self) -> None:
        bound = np.abs(self.weights).sum(axis=0) * ACTIVATION_CAP + np.abs(self.bias)
        if bound.max(initial=0) >= 2**24:
            raise ValueError(f"line model: a sum may reach {bound.max():.0f}, exact only below {2**24}; fit it again")


@dataclass(frozen=True, slots=True)
class LineModel:
    """The names of the features in the order of the first layer's inputs, and the layers."""

    features: tuple[str, ...]
    layers: tuple[Layer, ...]

    def log_odds(self, features: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Scores of the columns of `features` (features, lines)."""
        inputs, count = features.shape
        scores = np.empty(count, np.float32)
        for start in range(0, count, BLOCK_LINES):
            block = features[:, start : start + BLOCK_LINES]
            lines = block.shape[1]
            values = np.zeros((-(-lines // TILE_LINES), TILE_LINES, inputs), np.float32)
            values.reshape(-1, inputs)[:lines] = block.T
            for layer in self.layers[:-1]:
                values = values @ layer.weights
                values += layer.bias
                values *= np.float32(ACTIVATION_STEPS / layer.scale)
                np.maximum(values, 0, out=values)
                np.minimum(values, ACTIVATION_CAP, out=values)
                np.floor(values, out=values)
            last = self.layers[-1]
            odds = (values @ last.weights + last.bias) / np.float32(last.scale)
            scores[start : start + lines] = odds.reshape(-1)[:lines]
        return scores


def read_model(text: str) -> LineModel:
    """The model from its JSON text, as `benchmarks/fit_line_model.py` writes it."""
    stored = json.loads(text)
    names = tuple(stored["features"])
    layers = []
    for index, layer in enumerate(stored["layers"]):
        rows = [stored["features"][name] for name in names] if index == 0 else layer["weights"]
        layers.append(Layer(np.array(rows, np.float32), np.array(layer["bias"], np.float32), layer["scale"]))
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
        scores[rows] = model.log_odds(np.stack([columns[name] for name in model.features]))
    return scores
