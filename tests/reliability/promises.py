"""The promises, how each is tested, and what the tests found: docs/promises.json and the page made from it.

    pytest -p tests.reliability.promises [paths]    a plugin: enters the trials of what ran into docs/promises.json
    python -m tests.reliability.promises            writes docs/promises.md from docs/promises.json

A test tells its trials with `record_property("trials", n)`; one that does not is one trial. A skipped test is none.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
RESULTS = PROJECT / "docs" / "promises.json"
PAGE = PROJECT / "docs" / "promises.md"
CONFIDENCE_TRIALS = 3  # without a failure in n random trials, the rate is below 3/n with 95 % confidence


@dataclass(frozen=True)
class Promise:
    """One entry of promises.toml; see there."""

    name: str
    text: str
    method: str
    tests: tuple[str, ...]
    is_exhaustive: bool = False


def load() -> tuple[Promise, ...]:
    """The promises of promises.toml."""
    entries = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return tuple(Promise(name, **{**entry, "tests": tuple(entry["tests"])}) for name, entry in entries.items())


PROMISES = load()


@dataclass
class Outcome:
    """What the tests of one promise came to."""

    trials: int = 0
    failures: int = 0
    skipped: int = 0
    seeds: set[str] = field(default_factory=set)


class Recorder:
    """Collects the outcome of each promise while pytest runs."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and not report.skipped and not report.failed:
            return
        told = dict(report.user_properties)
        for promise in PROMISES:
            if not report.nodeid.startswith(promise.tests):
                continue
            outcome = self.outcomes.setdefault(promise.name, Outcome())
            if report.skipped:
                outcome.skipped += 1
                continue
            outcome.trials += int(str(told.get("trials", 1)))
            outcome.failures += report.failed
            if "seed" in told:
                outcome.seeds.add(str(told["seed"]))

    def pytest_sessionfinish(self) -> None:
        known = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
        known.update({name: entry(outcome) for name, outcome in self.outcomes.items()})
        ordered = {promise.name: known[promise.name] for promise in PROMISES if promise.name in known}
        RESULTS.write_text(json.dumps(ordered, indent=1) + "\n")


def entry(outcome: Outcome) -> dict[str, Any]:
    """An outcome as it stands in docs/promises.json."""
    return {
        "trials": outcome.trials,
        "failures": outcome.failures,
        "skipped": outcome.skipped,
        "seeds": sorted(outcome.seeds),
        "is_long": "CUTTINGS_TORTURE" in os.environ,
    }


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Recorder(), "cuttings-promises")


def bound(promise: Promise, found: Mapping[str, Any]) -> str:
    """What the outcome says of the rate of failures."""
    if not found["trials"]:
        return "not tested here"
    if found["failures"]:
        return f"{found['failures']} failed"
    if promise.is_exhaustive:
        return "every point"
    return f"below {CONFIDENCE_TRIALS / found['trials']:.2%}" if found["trials"] > CONFIDENCE_TRIALS else "too few"


def page(results: Mapping[str, Mapping[str, Any]]) -> str:
    """docs/promises.md."""
    rows = ["| | promise | trials | failures | 95 % bound | how it is tested |", "|---|---|---:|---:|---|---|"]
    for promise in PROMISES:
        found = results.get(promise.name, {"trials": 0, "failures": 0})
        rows.append(
            f"| {promise.name} | {promise.text} | {found['trials']:,} | {found['failures']} | {bound(promise, found)} "
            f"| {promise.method} |"
        )
    head = """# Promises

Written by `make torture` from what its tests found (`promises.json`); do not edit. `make test` runs a share of the same
trials. A bound of 3/n is that of n random trials without a failure; where every point of a protocol is tried, there is
none to give. Each promise names its tests in `tests/reliability/promises.toml`."""
    short = [name for name, found in results.items() if not found["is_long"]]
    if short:
        named = "all of them" if len(short) == len(results) else ", ".join(short)
        head += f"\nThe figures of {named} are those of that share."
    return head + "\n\n" + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(json.loads(RESULTS.read_text())), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
