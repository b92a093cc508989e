"""Great Expectations 1.24.1: the verdict on every check, as an expectation on what was counted.

What the checks found (evaluate.py) is laid out as one small frame, one column a check: the number of rows that break
it, or their share. Great Expectations expects each column to stay within what its check allows. So it never sees
the warehouse: no page text, not even an id.

It imports for seconds, which `worker.py` has it do early, while pages are still cut. The context lives in memory and
dies with the call; nothing is sent or stored.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any, Final

from cuttings.errors import CheckFailedError
from cuttings.quality.evaluate import Finding, measured
from cuttings.quality.suites import Check

# What Great Expectations imports for expectations on distributions, of which no suite has any: 40 % of its seconds.
_UNUSED: Final = ("altair", "scipy", "scipy.stats")
# What it does without where it is not installed: nothing here is read from a database by Great Expectations.
_ABSENT: Final = ("sqlalchemy",)


def import_library() -> Any:
    """Great Expectations itself. The first call takes seconds, so `worker.py` makes it while pages are still cut."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    with _left_out(_UNUSED, _ABSENT):
        import great_expectations  # noqa: PLC0415 (takes seconds: only an audit pays for it)

    return great_expectations


def verdicts(checks: Sequence[Check], findings: Mapping[tuple[str, str], Finding]) -> Mapping[tuple[str, str], bool]:
    """Whether each check holds, given what it found; both by suite and name.

    Raises CheckFailedError when an expectation cannot be judged.
    """
    gx = import_library()
    import pandas as pd  # noqa: PLC0415 (only needed beside it)

    expect_at_most = _described_once(gx.expectations.ExpectColumnMaxToBeBetween)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("counted").add_dataframe_asset("counts")
    # One batch for all suites: what Great Expectations does for each of them takes as long as its ten checks.
    counts = pd.DataFrame([{_column(check): measured(check, findings[check.suite, check.name]) for check in checks}])
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": counts})
    expectations = [
        expect_at_most(
            column=_column(check), max_value=check.at_most_ratio, meta={"suite": check.suite, "name": check.name}
        )
        for check in checks
    ]
    result = batch.validate(gx.ExpectationSuite(name="all", expectations=expectations), result_format="BOOLEAN_ONLY")
    results: dict[tuple[str, str], bool] = {}
    for outcome in result.results:
        suite, name = outcome.expectation_config.meta["suite"], outcome.expectation_config.meta["name"]
        if outcome.exception_info.get("raised_exception", True):
            raise CheckFailedError(
                f"expectations/{suite}.toml: the check {name} could not be judged: {_cause(outcome)}"
            )
        results[suite, name] = bool(outcome.success)
    return results


def _column(check: Check) -> str:
    return f"{check.suite}.{check.name}"


@cache
def _described_once(expectation: Any) -> Any:
    """The same expectation, which puts its configuration together once: fifty times a verdict are half of its time."""
    from great_expectations.compatibility import pydantic  # noqa: PLC0415 (as above)

    class DescribedOnce(expectation):  # type: ignore[misc]  # the class of a library that is imported late
        _described: Any = pydantic.PrivateAttr(default=None)

        @property
        def configuration(self) -> Any:
            if self._described is None:
                self._described = super().configuration
            return self._described

    return DescribedOnce


@contextmanager
def _left_out(unused: Sequence[str], absent: Sequence[str]) -> Iterator[None]:
    """Inside the block an import of modules not there yet gives empty ones, of `absent` ones an ImportError."""
    empty = {name: ModuleType(name) for name in unused if name not in sys.modules}
    for name, module in empty.items():
        parent, _, child = name.rpartition(".")
        if parent in empty:
            setattr(empty[parent], child, module)
    left_out = {**empty, **{name: None for name in absent if name not in sys.modules}}
    sys.modules.update(left_out)  # type: ignore[arg-type]  # None is how an import is told to fail
    try:
        yield
    finally:
        for name in left_out:
            del sys.modules[name]


def _cause(outcome: Any) -> str:
    messages = [info.get("exception_message") for info in outcome.exception_info.values() if isinstance(info, dict)]
    return "; ".join(str(message) for message in messages) or str(outcome.exception_info.get("exception_message"))
