"""A plugin of pytest that enters what the tests of each promise came to into the file that CUTTINGS_PROMISES names.

    CUTTINGS_PROMISES=part.json pytest -p tests.reliability.recorder [paths]

A test tells its trials with `record_property("trials", n)`. Of one whose examples Hypothesis draws, each example is a
trial; any other is one. A skipped test is none. The file is written after each test: what a killed process had done
stands there.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.promises import PROMISES

PATH = "CUTTINGS_PROMISES"


@dataclass
class Outcome:
    """What the tests of one promise in one file came to."""

    trials: int = 0
    failures: int = 0
    seconds: float = 0.0
    seeds: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)  # their node ids
    skipped: list[str] = field(default_factory=list)  # why


class Recorder:
    """Collects the outcome of each promise, by file of tests, while pytest runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.outcomes: dict[str, dict[str, Outcome]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        drawn = getattr(getattr(item, "obj", None), "hypothesis", None)
        if drawn is None:
            return (yield)
        honest, count = drawn.inner_test, 0

        @functools.wraps(honest)
        def counted(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            return honest(*arguments, **options)

        drawn.inner_test = counted
        try:
            return (yield)
        finally:
            drawn.inner_test = honest
            item.user_properties += [("trials", count), ("seed", item.config.getoption("hypothesis_seed"))]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told = dict(report.user_properties)
        for promise in PROMISES:
            if not report.nodeid.startswith(promise.tests):
                continue
            files = self.outcomes.setdefault(promise.name, {})
            outcome = files.setdefault(report.nodeid.partition("::")[0], Outcome())
            outcome.seconds += report.duration
            if report.skipped:
                outcome.skipped.append(reason(report))
                continue
            if report.failed:
                outcome.failures += 1
                outcome.failed.append(report.nodeid)
            if report.when == "call":
                outcome.trials += int(str(told.get("trials", 1)))
                if told.get("seed") is not None:
                    outcome.seeds = sorted({*outcome.seeds, str(told["seed"])})
        self.write()

    def write(self) -> None:
        found = {name: {file: asdict(one) for file, one in files.items()} for name, files in self.outcomes.items()}
        beside = self.path.with_suffix(".new")
        beside.write_text(json.dumps(found), encoding="utf-8")
        beside.replace(self.path)


def reason(report: pytest.TestReport) -> str:
    """Why a test was skipped."""
    told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return told.removeprefix("Skipped: ")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Recorder(Path(os.environ[PATH])), "cuttings-promises")
