"""Floors of quality on labelled date texts beside the checkout. Raise them when the reader gets better."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

REFERENCE = Path(__file__).resolve().parents[2] / "../shared/eval"
pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(
        not (REFERENCE / "score_dates.py").exists(), reason="the labelled texts are not beside the checkout"
    ),
]
FLOORS = {"cases": (0.96, 0.0065, 0.999), "wild": (0.995, 0.002, 0.999), "glued": (0.99, 0.004, 0.999)}
MOST_FALSE = 0.005


def test_scores_do_not_fall(tmp_path: Path) -> None:
    report = tmp_path / "scores.json"
    command = [sys.executable, str(REFERENCE / "score_dates.py"), str(REFERENCE / "dates"), "--json", str(report)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    scores = json.loads(report.read_text())
    for name, (exact, wrong, within) in FLOORS.items():
        assert scores[name]["exact"] >= exact, name
        assert scores[name]["wrong"] <= wrong, name
        assert scores[name]["within"] >= within, name
    assert scores["nondate"]["false"] <= MOST_FALSE
    assert re.search("nondate", done.stdout)
