"""The promises, how each is tested, and what the tests found: docs/promises.json and the page made from it.

    pytest -p tests.reliability.promises [paths]    a plugin: enters the trials of what ran into docs/promises.json
    python -m tests.reliability.promises            writes docs/promises.md from docs/promises.json

A test tells its trials with `record_property("trials", n)`; one that does not is one trial. A skipped test is none.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.trials import IS_TORTURE

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
    """What the tests of one promise in one file came to."""

    trials: int = 0
    failures: int = 0
    skipped: int = 0
    seeds: set[str] = field(default_factory=set)


class Recorder:
    """Collects the outcome of each promise while pytest runs, file by file: one that runs again replaces its own."""

    def __init__(self) -> None:
        self.outcomes: dict[tuple[str, str], Outcome] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and not report.skipped and not report.failed:
            return
        told = dict(report.user_properties)
        for promise in PROMISES:
            if not report.nodeid.startswith(promise.tests):
                continue
            outcome = self.outcomes.setdefault((promise.name, report.nodeid.partition("::")[0]), Outcome())
            if report.skipped:
                outcome.skipped += 1
                continue
            outcome.trials += int(str(told.get("trials", 1)))
            outcome.failures += report.failed
            if "seed" in told:
                outcome.seeds.add(str(told["seed"]))

    def pytest_sessionfinish(self) -> None:
        known: Results = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
        for (name, file), outcome in self.outcomes.items():
            known.setdefault(name, {})[file] = entry(outcome)
        existing = {promise.name: promise.tests for promise in PROMISES}
        ordered = {
            name: {file: part for file, part in sorted(known[name].items()) if file.startswith(files_of(tests))}
            for name, tests in existing.items()
            if name in known
        }
        RESULTS.write_text(json.dumps(ordered, indent=1) + "\n")


# What stands in docs/promises.json: by promise and by file of tests, an entry.
Results = dict[str, dict[str, dict[str, Any]]]


def entry(outcome: Outcome) -> dict[str, Any]:
    """An outcome as it stands in docs/promises.json."""
    return {
        "trials": outcome.trials,
        "failures": outcome.failures,
        "skipped": outcome.skipped,
        "seeds": sorted(outcome.seeds),
        "is_long": IS_TORTURE,
        "revision": revision(),
    }


def files_of(tests: tuple[str, ...]) -> tuple[str, ...]:
    """The files, or beginnings of their paths, of node ids."""
    return tuple(test.partition("::")[0] for test in tests)


def revision() -> str:
    """The revision that is tested, with a plus where the tree differs from it; empty outside of a checkout."""
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "-C", str(PROJECT), "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=+"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def total(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Trials, failures and skipped tests of a promise, of all its files."""
    return {name: sum(part[name] for part in parts.values()) for name in ("trials", "failures", "skipped")}


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


def page(results: Results) -> str:
    """docs/promises.md."""
    rows = ["| | promise | trials | failures | 95 % bound | how it is tested |", "|---|---|---:|---:|---|---|"]
    for promise in PROMISES:
        found = total(results.get(promise.name, {}))
        rows.append(
            f"| {promise.name} | {promise.text} | {found['trials']:,} | {found['failures']} | {bound(promise, found)} "
            f"| {promise.method} |"
        )
    parts = [(name, part) for name, files in results.items() for part in files.values()]
    revisions = ", ".join(sorted({f"`{part['revision']}`" for _, part in parts if part["revision"]}))
    head = f"""# Promises

What `make torture` found, trial by trial (`promises.json` has it by file of tests); written by it, do not edit. It was
run over the revision {revisions} (a plus: with changes that were not committed yet). `make test` makes a share of
the same trials. A bound of 3/n is that of n random trials without a failure; where every point of a protocol is tried,
there is none to give. Each promise names its tests in `tests/reliability/promises.toml`."""
    short = sorted({name for name, part in parts if not part["is_long"]}, key=lambda name: int(name[1:]))
    if short:
        head += f"\nOf {', '.join(short)} some or all figures are those of `make test`."
    skipped = [name for name, files in results.items() if total(files)["skipped"]]
    if skipped:
        head += f"\nThe machine did not allow every test of {', '.join(skipped)}."
    return head + "\n\n" + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(json.loads(RESULTS.read_text())), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
