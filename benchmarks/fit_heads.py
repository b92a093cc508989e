"""Fit what stands on the line scores: the weights of the title logit and of the confidence of a primary.

usage: python -m benchmarks.fit_heads [--eval ../shared/eval] [--scores FILE]

The pages are cut with line scores of models that have not seen their publisher, and the heads are cross-validated in
the same folds. Nothing is written: the weights are constants of `cuttings.pages.titles` and `cuttings.pages.confidence`
and the reliability table stands in docs/cutting.md; put them there by hand, after a look at the figures.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks import fit_line_model
from benchmarks.line_model_pages import FOLD_COUNT, SETS, LabelledPage, read_pages, variants
from cuttings.pages import article, cut, parse, titles
from cuttings.pages.confidence import BIAS, WEIGHTS, primary_confidence
from cuttings.pages.page import Page

Floats = NDArray[np.float64]

# The constants of the title logit that are fitted: its score is linear in them.
TITLE_WEIGHTS: Final = (
    "OVERLAP", "OVERLAP_COUNT", "LEAD", "REPEATED", "LOG_DISTANCE", "LOG_BETWEEN", "LISTED", "DATE_NEAR", "DATE_BEFORE",
    "HEAD_BELOW", "TINY", "BRIEF", "LENGTHY", "SENTENCE", "MARKER", "GAP_BEFORE", "GAP_AFTER", "BREADCRUMB",
    "SITE_NAME", "BODY_NEXT", "WORDS_BEFORE", "FIRST_LINE", "TEXT_ODDS",
)  # fmt: skip
# A cut is good when the F1 of its words is at least this.
GOOD_F1: Final = 0.9
# What a unit of weight costs, squared: about one page. Keeps weights of rare features small.
RIDGE: Final = 1.0
NEWTON_STEPS: Final = 25
BINS: Final = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)


@dataclass(frozen=True)
class Seen:
    """What the cut of one page showed."""

    fold: int
    is_composed: bool
    rows: Floats | None  # features of the title candidates
    right: list[int]  # the candidates that are the title, which may be printed more than once
    cut: tuple[float, ...] | None  # features of the confidence
    is_good: bool


def truths(root: Path) -> dict[tuple[str, str], tuple[str, tuple[str, ...]]]:
    """Title and accepted bodies of the primary of each page, by set and name; the title may be empty."""
    known: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
    for name in SETS:
        for line in (root / "pages" / name / "meta.jsonl").read_text(encoding="utf-8").splitlines():
            meta = json.loads(line)
            gold = (root / "pages" / name / f"{meta['id']}.gold.txt").read_text(encoding="utf-8")
            known[name, meta["id"]] = (meta["title"] or "", (gold,))
    for path in sorted((root / "multi").glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        for item in gold["articles"]:
            if item["position"] == 0:
                bodies = (item.get("body") or "", *item.get("body_alts", ()))
                known["multi", gold["name"]] = (item.get("title") or "", bodies)
    return known


@contextmanager
def replaced(module: ModuleType, **values: object) -> Iterator[None]:
    """The module with other values of some names."""
    kept = {name: getattr(module, name) for name in values}
    for name, value in values.items():
        setattr(module, name, value)
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(module, name, value)


def title_rows(page: Page, lines: list[int], core: int, end: int, masked: bytearray) -> Floats:
    """Features of the candidates: the score is linear in its weights, so a feature is the score at one weight alone."""
    body = titles._opening(page, core, end, masked)
    columns = []
    for name in TITLE_WEIGHTS:
        with replaced(titles, **{other: float(other == name) for other in TITLE_WEIGHTS}):
            standing = titles.standing(page, lines, core)
            columns.append([s + titles.likeness(page.text[i], body) for s, i in zip(standing, lines, strict=True)])
    return np.array(columns, np.float64).T


def bare(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def see(
    pages: Sequence[LabelledPage], lines: fit_line_model.Lines, scores: NDArray[np.float32], root: Path
) -> list[Seen]:
    """Cut every page with the given line scores, and look at its title candidates and at its confidence."""
    judge = fit_line_model.load(root / "score_single.py")
    known = truths(root)
    found: dict[str, Any] = {}

    def score_lines(lexed: Any, measures: Any) -> NDArray[np.float32]:
        result = np.zeros(lexed.lines.height, np.float32)
        result[~measures.is_blank] = found["scores"]
        return result

    def find_title(page: Page, core: int, end: int, masked: bytearray) -> int:
        candidates = titles.candidates(page, core, masked)
        if candidates and found["title"]:
            found["rows"] = title_rows(page, candidates, core, end, masked)
            found["right"] = [k for k, i in enumerate(candidates) if bare(page.text[i]) == found["title"]]
        return titles.find_title(page, core, end, masked)

    def confidence(features: tuple[float, ...]) -> float:
        found["cut"] = features
        return primary_confidence(features)

    seen = []
    with (
        replaced(cut, score_lines=score_lines),
        replaced(parse, find_title=find_title),
        replaced(article, primary_confidence=confidence),
    ):
        for index, page in enumerate(pages):
            if (page.set, page.name) not in known:
                continue
            title, bodies = known[page.set, page.name]
            mine = slice(int(lines.bounds[index]), int(lines.bounds[index + 1]))
            found = {"scores": scores[mine], "title": bare(title)}
            appearances = cut.cut_pages([page.raw]).appearances
            body = next(iter(appearances.filter(appearances["zone"] == "primary")["body"]), None) or ""
            is_good = max(judge.token_f1(gold, body) for gold in bodies) >= GOOD_F1
            rows, right = found.get("rows"), found.get("right", [])
            seen.append(Seen(page.fold, not page.gold, rows, right, found.get("cut"), is_good))
    return seen


def newton(slopes: Callable[[Floats], tuple[Floats, Floats]], size: int) -> Floats:
    """Weights at the maximum of a concave likelihood less the ridge; `slopes` gives its gradient and curvature."""
    weights = np.zeros(size)
    for _ in range(NEWTON_STEPS):
        gradient, curvature = slopes(weights)
        weights += np.linalg.solve(curvature + RIDGE * np.eye(size), gradient - RIDGE * weights)
    return weights


def fit_titles(seen: Sequence[Seen]) -> Floats:
    """The conditional logit of the title among the candidates, where it is one of them; "none" has the score 0."""
    tables = [np.vstack([one.rows, np.zeros(len(TITLE_WEIGHTS))]) for one in seen if one.rows is not None and one.right]
    rights = [one.right for one in seen if one.rows is not None and one.right]

    def slopes(weights: Floats) -> tuple[Floats, Floats]:
        gradient, curvature = np.zeros(len(weights)), np.zeros((len(weights), len(weights)))
        for table, right in zip(tables, rights, strict=True):
            odds = table @ weights
            chances = np.exp(odds - odds.max())
            chances /= chances.sum()
            mean = chances @ table
            among = chances[right] / chances[right].sum()
            gradient += among @ table[right] - mean
            curvature += (table * chances[:, None]).T @ table - np.outer(mean, mean)
        return gradient, curvature

    return newton(slopes, len(TITLE_WEIGHTS))


def fit_confidence(seen: Sequence[Seen]) -> Floats:
    """A logistic of the numbers of a cut; the last weight is the bias."""
    table = np.array([(*one.cut, 1.0) for one in seen if one.cut is not None], np.float64)
    good = np.array([one.is_good for one in seen if one.cut is not None], np.float64)

    def slopes(weights: Floats) -> tuple[Floats, Floats]:
        chances = 1 / (1 + np.exp(-table @ weights))
        return table.T @ (good - chances), (table * (chances * (1 - chances))[:, None]).T @ table

    return newton(slopes, table.shape[1])


def titles_right(seen: Sequence[Seen], weights: Floats) -> str:
    """Share of the titles among the candidates that get the greatest score, of composed and of real pages."""
    shares = []
    for is_composed in (True, False):
        hits = [
            int(np.argmax(one.rows @ weights)) in one.right
            for one in seen
            if one.rows is not None and one.right and one.is_composed == is_composed
        ]
        shares.append(f"{sum(hits)}/{len(hits)} = {100 * sum(hits) / max(1, len(hits)):.1f} %")
    return f"composed {shares[0]}, real {shares[1]}"


def reliability(said: Floats, good: Floats) -> None:
    """Print how often a cut was good, by what was said of it."""
    for low, high in pairwise(BINS):
        inside = (said >= low) & (said < high)
        if inside.any():
            means = f"{said[inside].mean():.2f} | {good[inside].mean():.2f}"
            print(f"| {low} - {min(high, 1.0)} | {inside.sum()} | {means} |")
    brier = np.mean((said - good) ** 2)
    print(f"{len(said)} cuts, Brier {brier:.3f}; the share of good cuts alone {good.mean() * (1 - good.mean()):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, default=fit_line_model.HERE.parent.parent / "shared" / "eval")
    parser.add_argument("--scores", type=Path, help="held-out scores that fit_line_model.py --scores kept")
    arguments = parser.parse_args()
    root: Path = arguments.eval
    recipe = fit_line_model.Recipe()
    pages = read_pages(root)
    lines = fit_line_model.tabulate(pages, keep_texts=False)
    if arguments.scores:
        scores = np.load(arguments.scores)
    else:
        made = variants(pages, recipe.variant_rounds, recipe.seed)
        extra = fit_line_model.tabulate(made, keep_texts=False)
        scores = fit_line_model.cross_validate(pages, lines, made, extra, recipe)
    seen = see(pages, lines, scores, root)

    old = np.array([getattr(titles, name) for name in TITLE_WEIGHTS])
    print("title, shipped weights:", titles_right(seen, old))
    held_out = [[one for one in seen if one.fold == fold] for fold in range(FOLD_COUNT)]
    others = [[one for one in seen if one.fold != fold] for fold in range(FOLD_COUNT)]
    shifted = [
        Seen(0, one.is_composed, one.rows @ weights[:, None] if one.rows is not None else None, one.right, None, False)
        for some, weights in zip(held_out, map(fit_titles, others), strict=True)
        for one in some
    ]
    print("title, fitted, held out:", titles_right(shifted, np.ones(1)))
    for name, before, weight in zip(TITLE_WEIGHTS, old, fit_titles(seen), strict=True):
        print(f"  {name:16} {before:6.2f} -> {weight:6.2f}")

    cuts = [one for one in seen if one.cut is not None]
    good = np.array([one.is_good for one in cuts], np.float64)
    print("confidence, shipped weights:")
    reliability(np.array([primary_confidence(one.cut) for one in cuts if one.cut is not None]), good)
    said = np.zeros(len(cuts))
    for fold in range(FOLD_COUNT):
        fitted = fit_confidence([one for one in cuts if one.fold != fold])
        mine = [k for k, one in enumerate(cuts) if one.fold == fold]
        table = np.array([(*(cuts[k].cut or ()), 1.0) for k in mine])
        said[mine] = 1 / (1 + np.exp(-table @ fitted))
    print("confidence, fitted, held out:")
    reliability(said, good)
    *weights, bias = fit_confidence(cuts)
    print(f"WEIGHTS {WEIGHTS} -> {tuple(round(float(w), 2) for w in weights)}; BIAS {BIAS} -> {bias:.2f}")


if __name__ == "__main__":
    main()
