"""Fitted weights: each is from a script, has the figures that the docs tell, and belongs to a feature that exists."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import fitting
from cuttings.contract import ROLES
from cuttings.pages import article, cut_pages, items, kinds, reading, story_heads, story_shapes, sureness, titles
from cuttings.pages.logits import BIAS, chance, fitted, log_odds
from cuttings.rules import RULES

PROJECT = Path(__file__).resolve().parents[2]
DOCS = PROJECT / "docs" / "cutting.md"
NAMES = sorted(path.name.removesuffix(".json") for path in (files("cuttings.pages") / "weights").iterdir())
TABLES = {
    "primary_confidence": "primaries",
    "related_confidence": "other articles",
    "segment_confidence": "segments",
}
SAMPLES = [path.read_bytes() for path in sorted((PROJECT / "samples" / "dumps").rglob("*.txt"))]
# A page of which the cutter asks whether it has an article of its own.
INDEX = (PROJECT / "tests" / "indexes" / "en_search.txt").read_bytes().replace(b"# ", b"")
# So many cases make a share that can be held against what was said.
ENOUGH = 100


def provenance(name: str) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads((files("cuttings.pages") / "weights" / f"{name}.json").read_text("utf-8"))
    return dict(stored["provenance"])


def held(name: str) -> fitting.Reliability:
    found = provenance(name)["held_out"]
    return fitting.Reliability(found["brier"], found["alone"], [tuple(one) for one in found["bins"]])


@pytest.mark.parametrize("name", NAMES)
def test_every_weight_comes_from_a_script_and_from_labelled_pages(name: str) -> None:
    source = provenance(name)
    script = re.fullmatch(r"python -m benchmarks\.(\w+) --write", source["fitted_by"])
    assert script
    assert (PROJECT / "benchmarks" / f"{script[1]}.py").is_file()
    assert re.fullmatch(r"[0-9a-f]{64}", source["sets_sha256"])
    assert sum(source["observations"].values()) > ENOUGH


@pytest.mark.parametrize(("name", "what"), TABLES.items())
def test_the_reliability_in_the_docs_is_that_of_the_shipped_weights(name: str, what: str) -> None:
    text = DOCS.read_text(encoding="utf-8")
    behind = text.partition(f"<!-- reliability of {what} -->\n")[2]
    assert behind.partition(f"\n<!-- end of reliability of {what} -->")[0] == fitting.as_table(what, held(name))


@pytest.mark.parametrize("name", TABLES)
def test_what_was_said_of_pages_left_out_held(name: str) -> None:
    found = held(name)
    assert found.brier < found.alone
    far = [one for one in found.bins if one[2] >= ENOUGH and abs(one[3] - one[4]) > 0.15]
    assert far == []


def recorded(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, float]]]:
    """The features that the cutter asked about on the sample pages, by the weights they are for."""
    seen: dict[str, list[dict[str, float]]] = defaultdict(list)

    def spy(module: Any, function: str, name: str) -> None:
        asked = getattr(module, function)

        def record(*arguments: Any, **named: Any) -> Any:
            result = asked(*arguments, **named)
            seen[name] += result if isinstance(result, list) else [result]
            return result

        monkeypatch.setattr(module, function, record)

    spy(story_heads, "head_features", "stories")
    spy(story_shapes, "shape_features", "story_shapes")
    spy(titles, "standing", "titles")
    spy(titles, "likeness", "titles")
    spy(kinds, "own_features", "kinds")
    spy(kinds, "alone_features", "kinds_alone")
    monkeypatch.setattr(kinds, "SHARED_LOG_ODDS", (-math.inf, math.inf))
    spy(article, "cut_features", "primary_confidence")
    spy(items, "item_features", "related_confidence")
    spy(sureness, "numbers", "segment_confidence")
    cut_pages([*SAMPLES, INDEX])
    return seen


def test_every_feature_has_its_weight_and_every_weight_its_feature(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = recorded(monkeypatch)
    assert sorted(seen) == NAMES
    known = {BIAS, "no text", "no text, words outside"}
    known |= {f"rule {rule}" for rule in RULES} | {f"role {role}" for role in ROLES}
    for name, rows in seen.items():
        asked = {feature for row in rows for feature in row}
        weights = set(fitted(name))
        assert asked <= weights, f"{name}: not fitted; python -m benchmarks.fit_* --write"
        assert weights <= asked | known, f"{name}: weights of features that are gone"


def test_a_segment_is_as_sure_as_the_logistic_of_its_features_says(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[Any, ...]] = []
    confidence = reading.piece_confidence

    def spy(*arguments: Any) -> Any:
        calls.append((*arguments, confidence(*arguments)))
        return calls[-1][-1]

    monkeypatch.setattr(reading, "piece_confidence", spy)
    cut_pages(SAMPLES[:8])
    ((lines, pieces, parsed, sure),) = calls
    article_of = sureness.article_chances(parsed, lines.page[pieces.line], pieces.position)
    columns = sureness.numbers(pieces.role, pieces.position, article_of, lines.score[pieces.line])
    for k in range(len(sure)):
        row = {name: float(values[k]) for name, values in columns.items()}
        row[f"rule {list(RULES)[pieces.rule[k]]}"] = 1.0
        row |= {f"role {ROLES[pieces.role[k]]}": 1.0} if pieces.position[k] >= 0 else {}
        assert sure[k] == pytest.approx(chance(log_odds(sureness.WEIGHTS, row)), abs=0.0101)


def test_a_confidence_is_a_hundredth_and_a_page_has_that_of_its_least_sure_article() -> None:
    tables = cut_pages(SAMPLES)
    for table in (tables.pages, tables.segments, tables.appearances):
        hundredths = 100 * table["confidence"].to_numpy()
        is_white_space = hundredths == 100
        assert ((hundredths >= 1) & (hundredths <= 99) | is_white_space).all()
        assert np.allclose(hundredths, np.rint(hundredths))
    least: dict[str, float] = {}
    for page_id, confidence in tables.appearances.select("page_id", "confidence").iter_rows():
        least[page_id] = min(confidence, least.get(page_id, 1.0))
    assert dict(tables.pages.select("page_id", "confidence").iter_rows()) == {
        page_id: least.get(page_id, 0.5) for page_id in tables.pages["page_id"]
    }


def test_fits_find_the_weights_that_made_the_outcomes() -> None:
    draw = np.random.default_rng(7)
    table = np.column_stack([np.ones(40_000), draw.normal(size=40_000), draw.integers(0, 2, 40_000)])
    made = np.array([-1.0, 2.0, 0.5])
    is_true = (draw.random(40_000) < 1 / (1 + np.exp(-table @ made))).astype(float)
    once = np.ones(40_000)
    assert fitting.logistic(table, is_true, once) == pytest.approx(made, abs=0.1)
    twice = [np.concatenate([some, some[:9_000]]) for some in (table, is_true)]
    counted = fitting.logistic(table, is_true, np.where(np.arange(40_000) < 9_000, 2.0, 1.0))
    assert fitting.logistic(*twice, np.ones(49_000)) == pytest.approx(counted, abs=1e-6)
    found = fitting.reliability(1 / (1 + np.exp(-table @ made)), is_true)
    assert found.brier < found.alone
    assert all(abs(said - right) < 0.03 for _, _, count, said, right in found.bins if count >= ENOUGH)
