"""The page of promises is what was found, every promise has tests that exist, and a part that ends badly shows."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.reliability import torture
from tests.reliability.promises import PAGE, PROJECT, PROMISES, RESULTS, Promise, page
from tests.reliability.torture import Ended, Part, plan, run, whole


def test_the_page_says_what_was_found() -> None:
    found = json.loads(RESULTS.read_text())
    assert PAGE.read_text(encoding="utf-8") == page(found), "docs/promises.md is stale: make torture"
    assert list(found["promises"]) == [promise.name for promise in PROMISES]
    assert not any(one["failures"] or one["unfinished"] for one in found["promises"].values())


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.name)
def test_a_promise_has_tests(promise: Promise) -> None:
    for node in promise.tests:
        assert (PROJECT / node.partition("::")[0]).exists(), node
        assert functions([node]), node


def functions(nodes: Iterable[str]) -> Counter[str]:
    """Every test function that node ids, or beginnings of them, speak of, and how often."""
    found: Counter[str] = Counter()
    for node in nodes:
        path, _, name = node.partition("::")
        place = PROJECT / path
        for file in sorted(place.rglob("test_*.py")) if place.is_dir() else [place]:
            names = re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
            wanted = name.partition("[")[0]
            found.update(f"{file.relative_to(PROJECT)}::{each}" for each in names if each.startswith(wanted))
    return found


def test_the_plan_runs_every_test_of_a_promise_once() -> None:
    planned = functions(part.tests for part in plan())
    assert set(planned.values()) == {1}
    assert functions(test for promise in PROMISES for test in promise.tests).keys() - planned.keys() == set()
    assert all(part.promises for part in plan()), "a part speaks for no promise"


ENDINGS = {
    "passes": ("def test_it(record_property): record_property('trials', 7)", "", 7, 0),
    "fails": ("def test_it(): assert False", "", 1, 1),
    "hangs": ("import time\ndef test_one(): pass\ndef test_two(): time.sleep(60)", "did not end within", 1, 0),
    "crashes": ("import os\ndef test_one(): pass\ndef test_two(): os.abort()", "ended with SIGABRT", 1, 0),
}


@pytest.mark.slow
@pytest.mark.parametrize("how", ENDINGS)
def test_a_part_that_ends_badly_costs_its_own_promises(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found before stands, and the page says how it ended; the other promises have nothing of it."""
    source, problem, trials, failures = ENDINGS[how]
    tests = "tests/reliability/test_power_loss.py"  # P3
    (tmp_path / tests).parent.mkdir(parents=True)
    (tmp_path / tests).write_text(source)
    monkeypatch.setattr(torture, "PROJECT", tmp_path)
    monkeypatch.setattr(torture, "LEAST_LIMIT_MINUTES", 5 / 60)
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    ended = run(Part(tests, 0), 1, tmp_path)
    assert problem in (ended.problem or "")
    assert (ended.problem is None) == (not problem)
    found = whole([ended, Ended(Part("tests/contract/", 1), None, {}, 1.0)], 1, 2, 60, "revision")
    assert list(found["promises"]) == ["P3", "P21"]
    one = found["promises"]["P3"]
    assert (one["trials"], one["failures"], bool(one["unfinished"])) == (trials, failures, bool(problem))
    assert found["promises"]["P21"]["unfinished"] == []
    assert problem in page(found)
    assert ("**" in page(found)) == (how != "passes")
