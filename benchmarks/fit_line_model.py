"""Fit the line model on the labelled pages, cross-validate it by publisher, and write its numbers.

usage: python -m benchmarks.fit_line_model [--eval ../shared/eval] [--out cuttings/pages/line_model.json]
                                           [--cv-only | --no-cv]

Needs only numpy and polars. One core fits a model in under a minute; the cross-validation fits five.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.line_model_pages import FLATTENERS, FOLD_COUNT, SETS, LabelledPage, digest, read_pages, variants
from cuttings.pages.features import line_features
from cuttings.pages.lines import lex
from cuttings.pages.measures import measure
from cuttings.pages.model import ACTIVATION_CAP, ACTIVATION_STEPS, read_model
from cuttings.pages.primary import GREATEST_LOG_ODDS, LEAST_LOG_ODDS, STEPS, lifted_runs

HERE = Path(__file__).resolve().parent
# The numbers of a model as they are stored, or of one of its layers.
Weights = dict[str, Any]

# Lines of a run below this log-odds are no body: captions, adverts, inline links. A run speaks for its lines.
DROP_BELOW_LOG_ODDS = -0.75


@dataclass(frozen=True)
class Recipe:
    """All that decides the fit besides the pages."""

    hidden: tuple[int, ...] = (64, 16)
    epochs: int = 5
    batch_lines: int = 2048
    learning_rate: float = 3e-3
    weight_decay: float = 2e-3
    variant_rounds: int = 3
    variant_weight: float = 0.5
    seed: int = 5


@dataclass(frozen=True)
class Lines:
    """The lines of some pages that are not blank, ready to fit on."""

    names: tuple[str, ...]
    features: NDArray[np.uint8]  # (lines, features)
    labels: NDArray[np.float32]
    tokens: NDArray[np.int64]
    page_of: NDArray[np.int64]
    texts: list[str]
    bounds: NDArray[np.int64]

    @property
    def weights(self) -> NDArray[np.float64]:
        """A line counts by the root of its words, a page by the root of its lines: long pages must not rule."""
        weights = np.sqrt(np.clip(self.tokens, 1, 200))
        return np.asarray(weights / np.sqrt(np.maximum(np.bincount(self.page_of, weights)[self.page_of], 20)))


def tabulate(pages: list[LabelledPage], keep_texts: bool) -> Lines:
    """Features and labels of the pages, in batches."""
    names: tuple[str, ...] = ()
    columns: list[NDArray[np.uint8]] = []
    labels, tokens, page_of, texts, bounds = [], [], [], [], [0]
    for start in range(0, len(pages), 400):
        batch = pages[start : start + 400]
        lexed = lex([page.raw for page in batch])
        measures = measure(lexed)
        features = line_features(lexed, measures)
        names = features.names or names
        columns.append(np.ascontiguousarray(features.matrix.T))
        truth = np.concatenate([np.array(page.labels) for page in batch])
        labels.append((truth[features.rows] == 1).astype(np.float32))
        tokens.append(measures.tokens[features.rows])
        page_of.append(start + np.repeat(np.arange(len(batch)), np.diff(features.page_rows)))
        bounds.extend((bounds[-1] + features.page_rows[1:]).tolist())
        if keep_texts:
            texts.extend(lexed.lines["text"].gather(features.rows).to_list())
    return Lines(
        names, np.concatenate(columns), np.concatenate(labels), np.concatenate(tokens), np.concatenate(page_of), texts,
        np.array(bounds),
    )  # fmt: skip


def fit(
    features: NDArray[np.uint8], labels: NDArray[np.float32], weights: NDArray[np.float64], recipe: Recipe
) -> Weights:
    """A network by Adam on the weighted log loss; returned in whole numbers, without the feature names."""
    draw = np.random.default_rng(recipe.seed)
    mean = features.mean(axis=0, dtype=np.float64).astype(np.float32)
    unit = (1 / (features.std(axis=0, dtype=np.float64) + 0.025)).astype(np.float32)
    widths = (features.shape[1], *recipe.hidden, 1)
    matrices = [(draw.standard_normal((a, b)) * np.sqrt(2 / a)).astype(np.float32) for a, b in pairwise(widths)]
    matrices[-1] *= 0.3
    biases = [np.zeros(width, np.float32) for width in widths[1:]]
    parameters = matrices + biases
    firsts = [np.zeros_like(parameter) for parameter in parameters]
    seconds = [np.zeros_like(parameter) for parameter in parameters]
    weights = (weights / weights.mean()).astype(np.float32)
    cap = ACTIVATION_CAP / ACTIVATION_STEPS
    steps = recipe.epochs * -(-len(features) // recipe.batch_lines)
    step = 0
    for _ in range(recipe.epochs):
        order = draw.permutation(len(features))
        for start in range(0, len(order), recipe.batch_lines):
            some = order[start : start + recipe.batch_lines]
            activations = [(features[some] - mean) * unit]
            for matrix, bias in zip(matrices[:-1], biases[:-1], strict=True):
                activations.append(np.clip(activations[-1] @ matrix + bias, 0, cap))
            logits = (activations[-1] @ matrices[-1] + biases[-1])[:, 0]
            error = 1 / (1 + np.exp(-logits)) - labels[some]
            slope = (error * weights[some] / len(some))[:, None]
            matrix_slopes: list[NDArray[np.float32]] = []
            bias_slopes: list[NDArray[np.float32]] = []
            for layer in range(len(matrices) - 1, -1, -1):
                matrix_slopes.insert(0, activations[layer].T @ slope + recipe.weight_decay * matrices[layer])
                bias_slopes.insert(0, slope.sum(axis=0))
                if layer:
                    open_gates = (activations[layer] > 0) & (activations[layer] < cap)
                    slope = (slope @ matrices[layer].T) * open_gates
            step += 1
            rate = recipe.learning_rate * min(1, step / 200) * (0.5 + 0.5 * np.cos(np.pi * step / steps) + 0.01)
            for index, gradient in enumerate(matrix_slopes + bias_slopes):
                firsts[index] += 0.1 * (gradient - firsts[index])
                seconds[index] += 0.001 * (gradient * gradient - seconds[index])
                spread = np.sqrt(seconds[index] / (1 - 0.999**step)) + 1e-8
                parameters[index] -= rate * (firsts[index] / (1 - 0.9**step)) / spread
    # Mean and unit of the inputs go into the first layer; hidden activations are stored in steps.
    biases[0] = biases[0] - (mean * unit) @ matrices[0]
    matrices[0] = matrices[0] * unit[:, None]
    for layer in range(1, len(matrices)):
        matrices[layer] = matrices[layer] / ACTIVATION_STEPS
    return {"layers": [whole_numbers(matrix, bias) for matrix, bias in zip(matrices, biases, strict=True)]}


def whole_numbers(matrix: NDArray[np.float32], bias: NDArray[np.float32]) -> Weights:
    """The layer times the greatest power of two that keeps every sum below 2^24."""
    reach = float((np.abs(matrix).sum(axis=0) * ACTIVATION_CAP + np.abs(bias)).max())
    scale = 2 ** int(np.floor(np.log2((2**24 - 2**17) / reach)))
    return {
        "scale": scale,
        "bias": np.rint(bias * scale).astype(int).tolist(),
        "weights": np.rint(matrix * scale).astype(int).tolist(),
    }


def as_text(stored: Weights, names: tuple[str, ...], provenance: Mapping[str, Any]) -> str:
    """The file: provenance first, one row a feature."""
    first, *others = stored["layers"]
    features = dict(zip(names, first["weights"], strict=True))
    bare_first = {"scale": first["scale"], "bias": first["bias"]}
    rows = ",\n".join(f"    {json.dumps(name)}: {json.dumps(values)}" for name, values in features.items())
    layers = ",\n".join(f"    {json.dumps(layer)}" for layer in (bare_first, *others))
    head = json.dumps(provenance, indent=1, ensure_ascii=False)
    return f'{{\n"provenance": {head},\n"features": {{\n{rows}\n}},\n"layers": [\n{layers}\n]\n}}\n'


def train(lines: Lines, extra: Lines, use: NDArray[np.bool_], use_extra: NDArray[np.bool_], recipe: Recipe) -> Weights:
    mine, others = use[lines.page_of], use_extra[extra.page_of]
    return fit(
        np.concatenate([lines.features[mine], extra.features[others]]),
        np.concatenate([lines.labels[mine], extra.labels[others]]),
        np.concatenate([lines.weights[mine], recipe.variant_weight * extra.weights[others]]),
        recipe,
    )


def fold_models(
    pages: list[LabelledPage], lines: Lines, made: list[LabelledPage], extra: Lines, recipe: Recipe
) -> Iterator[str]:
    """For each fold the text of the model that has not seen its publishers."""
    for fold in range(FOLD_COUNT):
        started = time.process_time()
        use, use_extra = (np.array([fold not in page.out_of_folds for page in some]) for some in (pages, made))
        yield as_text(train(lines, extra, use, use_extra, recipe), lines.names, {})
        seconds = time.process_time() - started
        print(f"fold {fold}: {use.sum()} pages, {use_extra.sum()} variants, {seconds:.0f} CPU-s", flush=True)


def cross_validate(
    pages: list[LabelledPage], lines: Lines, made: list[LabelledPage], extra: Lines, recipe: Recipe
) -> NDArray[np.float32]:
    """Score of every line by the model that has not seen its publisher."""
    scores = np.zeros(len(lines.labels), np.float32)
    for fold, text in enumerate(fold_models(pages, lines, made, extra, recipe)):
        model = read_model(text)
        held_out = np.array([page.fold == fold for page in pages])[lines.page_of]
        scores[held_out] = model.log_odds(np.ascontiguousarray(lines.features[held_out].T))
    return scores


def body_lines(scores: NDArray[np.float32], words: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True for the lines of one page that make up its body, by the scores alone; some line of words is always taken."""
    odds = scores.astype(np.float64)

    def gains(lift: float, _: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.rint(np.clip(odds + lift, LEAST_LOG_ODDS, GREATEST_LOG_ODDS) * STEPS).astype(np.int64) * words

    (run,) = lifted_runs(gains, words, np.array([0, len(words)]))
    chosen = np.zeros(len(scores), np.bool_)
    mine = slice(run.start, run.end)
    chosen[mine] = (odds[mine] + run.lift >= DROP_BELOW_LOG_ODDS) & (words[mine] > 0)
    if not chosen.any() and words.any():
        chosen[np.argmax(np.where(words > 0, odds, -np.inf))] = True
    return chosen


def report(pages: list[LabelledPage], lines: Lines, scores: NDArray[np.float32], judge: ModuleType) -> dict[str, float]:
    """Log loss of the lines, and shingle F1 of the best run, per set and flattener."""
    rows: dict[str, list[tuple[float | None, float | None]]] = defaultdict(list)
    for index, page in enumerate(pages):
        first, last = lines.bounds[index], lines.bounds[index + 1]
        if page.gold:
            chosen = body_lines(scores[first:last], lines.tokens[first:last])
            got = "\n".join(text for text, is_in in zip(lines.texts[first:last], chosen, strict=True) if is_in)
            verdict = judge.judge(page.gold, got)
            rows[f"{page.set}.{page.flattener}"].append((verdict["p"], verdict["r"]))
    figures = {}
    for name in (f"{set_name}.{flattener}" for set_name in SETS for flattener in FLATTENERS):
        p, r = (statistics.mean(value for row in rows[name] if (value := row[side]) is not None) for side in (0, 1))
        figures[f"f1.{name}"] = round(2 * p * r / (p + r), 4)
    figures["f1.mean"] = round(statistics.mean(figures.values()), 4)
    is_single = np.array([bool(page.gold) for page in pages])[lines.page_of]
    losses = np.logaddexp(0, np.where(lines.labels == 1, -scores, scores))
    for name, some in (("single", is_single), ("composed", ~is_single)):
        figures[f"log_loss.{name}"] = round(float(np.average(losses[some], weights=np.sqrt(lines.tokens[some]))), 4)
    return figures


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"{path}: the scorer of the labelled pages is not there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, default=HERE.parent.parent / "shared" / "eval")
    parser.add_argument("--out", type=Path, default=HERE.parent / "cuttings" / "pages" / "line_model.json")
    parser.add_argument("--cv-only", action="store_true", help="report, write nothing")
    parser.add_argument("--no-cv", action="store_true", help="fit on all pages without the report")
    parser.add_argument("--recipe", default="{}", help="JSON object of recipe fields to change")
    arguments = parser.parse_args()
    changes = json.loads(arguments.recipe)
    recipe = Recipe(**changes | {"hidden": tuple(changes.get("hidden", Recipe.hidden))})
    pages = read_pages(arguments.eval)
    lines = tabulate(pages, keep_texts=True)
    made = variants(pages, recipe.variant_rounds, recipe.seed)
    extra = tabulate(made, keep_texts=False)
    print(f"{len(pages)} pages, {len(lines.labels)} lines; {len(made)} variants, {len(extra.labels)} lines", flush=True)
    figures: dict[str, float] = {}
    if not arguments.no_cv:
        scores = cross_validate(pages, lines, made, extra, recipe)
        figures = report(pages, lines, scores, load(arguments.eval / "score_single.py"))
        print(json.dumps(figures, indent=1))
    if arguments.cv_only:
        return
    everything = (np.ones(len(pages), np.bool_), np.ones(len(made), np.bool_))
    stored = train(lines, extra, *everything, recipe)
    provenance = {
        "fitted_on": date.today().isoformat(),
        "fitted_by": "benchmarks/fit_line_model.py",
        "sets": f"{', '.join(SETS)} (both flatteners) and multi, development halves: {len(pages)} pages",
        "sets_sha256": digest(arguments.eval),
        "recipe": asdict(recipe),
        "cross_validation": "five folds by publisher" if figures else "not run",
        "figures": figures,
    }
    text = as_text(stored, lines.names, provenance)
    read_model(text)
    arguments.out.write_text(text, encoding="utf-8")
    print(f"wrote {arguments.out}: sha256 {hashlib.sha256(text.encode()).hexdigest()}")


if __name__ == "__main__":
    main()
