"""The page of promises is what was found, every promise has tests that exist, and a part that ends badly shows."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.reliability import torture
from tests.reliability.promises import PAGE, PROJECT, PROMISES, RESULTS, Promise, page
from tests.reliability.recorder import PATH
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


FOUND = {"trials": 7, "failures": 0, "seconds": 1.0, "seeds": ["5"], "failed": [], "skipped": []}
ENDINGS = {
    "passes": ("sys.exit(0)", ""),
    "hangs": ("time.sleep(60)", "did not end within 0.05 minutes"),
    "crashes": ("os.abort()", "ended with SIGABRT"),
    "cannot start": ("sys.exit(4)", "ended with exit code 4"),
}


@pytest.mark.parametrize("how", ENDINGS)
def test_a_part_that_ends_badly_costs_its_own_promises(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found before stands, and the page says how it ended; the other promises have nothing of it."""
    does, problem = ENDINGS[how]
    script = (
        f"import os, sys, time; open(os.environ[{PATH!r}], 'w').write({json.dumps({'P3': {'file': FOUND}})!r}); {does}"
    )
    monkeypatch.setattr(torture, "command", lambda *_: [sys.executable, "-S", "-c", script])
    if how == "hangs":
        monkeypatch.setattr(torture, "LEAST_LIMIT_MINUTES", 0.05)
    ended = run(Part("tests/reliability/test_power_loss.py", 0), 1, tmp_path)
    assert (ended.problem or "").removeprefix("`tests/reliability/test_power_loss.py` ") == problem
    found = whole([ended, Ended(Part("tests/contract/", 1), None, {}, 1.0)], 1, 2, 60, "revision")
    assert list(found["promises"]) == ["P3", "P21"]
    one = found["promises"]["P3"]
    assert (one["trials"], one["failures"], one["seeds"]) == (7, 0, ["5"])
    assert one["unfinished"] == ([ended.problem] if problem else [])
    assert found["promises"]["P21"]["unfinished"] == []
    assert ("**did not end**" in page(found)) == bool(problem)
    assert problem in page(found)


def test_what_had_failed_is_tried_again_and_the_rest_stands() -> None:
    wrong = {**FOUND, "failures": 1, "failed": ["tests/reliability/test_short.py::test_wrong"]}
    short, power = Part("tests/reliability/test_short.py", 1), Part("tests/reliability/test_power_loss.py", 1)
    ends = [
        Ended(short, None, {"P14": {short.tests: wrong}, "P18": {short.tests: FOUND}}, 1.0),
        Ended(power, None, {"P3": {power.tests: FOUND}}, 1.0),
        *(Ended(part, None, {}, 1.0) for part in plan() if part not in (short, power)),
    ]
    before = whole(ends, 1, 2, 60, "before")
    assert [part.tests for part in torture.broken(before, plan())] == [short.tests]
    now = {"P14": {short.tests: {**FOUND, "trials": 9}}, "P18": {short.tests: FOUND}}
    found = torture.mended(before, [Ended(short, None, now, 1.0)], "after")
    assert (found["revision"], found["again"]) == ("before", [{"revision": "after", "tests": [short.tests]}])
    counts = {name: (one["trials"], one["failures"]) for name, one in found["promises"].items() if one["trials"]}
    assert counts == {"P3": (7, 0), "P14": (9, 0), "P18": (7, 0)}
    assert f"tried again over the revision `after`: `{short.tests}`." in page(found)
    still = torture.mended(
        before, [Ended(short, "`tests/reliability/test_short.py` ended with SIGABRT", {}, 1.0)], "after"
    )
    assert torture.broken(still, plan()) == [part for part in plan() if part.tests == short.tests]
    assert still["promises"]["P14"]["unfinished"], "what does not end again shows"


RECORDED = """
import pytest
from hypothesis import given, settings, strategies as st

@settings(max_examples=20)
@given(number=st.integers())
def test_drawn(number): pass

def test_told(record_property):
    record_property("trials", 7)
    record_property("seed", 5)

def test_wrong(): raise AssertionError

def test_not_here(): pytest.skip("no such machine")
"""


@pytest.mark.slow
def test_what_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples that Hypothesis draws are trials, as are those that a test tells of; the rest is one each."""
    tests = "tests/reliability/test_power_loss.py"  # P3
    (tmp_path / tests).parent.mkdir(parents=True)
    (tmp_path / tests).write_text(RECORDED)
    monkeypatch.setattr(torture, "PROJECT", tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    found = whole([run(Part(tests, 1), 1, tmp_path)], 1, 2, 60, "revision")["promises"]["P3"]
    assert (found["trials"], found["failures"], found["seeds"]) == (20 + 7 + 1, 1, ["1", "5"])
    assert (found["skipped"], found["failed"]) == (["no such machine"], [f"{tests}::test_wrong"])
    assert found["bound_95"] is None
