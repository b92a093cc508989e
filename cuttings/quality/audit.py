"""The audit of a built generation, on the tables that readers will get, before it is published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from cuttings.contract import CHECKS, TABLES
from cuttings.quality.evaluate import Discovered, Finding, connect, first_keys, holds, setup_statements, tally, trace
from cuttings.quality.expect import verdicts
from cuttings.quality.suites import Check, load_checks
from cuttings.resources import resource_dir

DATABASE_NAME: Final = "cuttings.duckdb"  # as cuttings.store writes it; edges do not import each other's modules


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check and what it found. `failing_count` counts every row that broke it, also within an allowed share.

    `failing_pages` is set for a check that refuses the publish: all pages behind its rows, None when no page explains
    some of them.
    """

    check: Check
    success: bool
    observed: str | None
    failing_count: int
    failing_keys: tuple[str, ...]
    failing_pages: tuple[str, ...] | None = None

    @property
    def refuses(self) -> bool:
        """Whether this result stops the publish."""
        return not self.success and self.check.level == "fail"


@dataclass(frozen=True, slots=True)
class AuditResult:
    """All results of one audit, in the order of the suites."""

    run_id: str
    results: tuple[CheckResult, ...]

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        """Results that refuse the publish."""
        return tuple(result for result in self.results if result.refuses)

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        """Results that are reported but refuse nothing."""
        return tuple(result for result in self.results if not result.success and result.check.level == "warn")

    @property
    def is_publishable(self) -> bool:
        """Whether every fail-level check held."""
        return not self.failures

    @property
    def summary(self) -> str:
        """The checks that did not hold, one a line, for the terminal or an error message."""
        lines = [f"{len(self.results)} checks, {len(self.failures)} refuse the publish, {len(self.warnings)} warn"]
        for result in (*self.failures, *self.warnings):
            check = result.check
            first = f"; first: {', '.join(result.failing_keys[:3])}" if result.failing_keys else ""
            lines.append(f"  {check.level} {check.suite}.{check.name}: {result.observed}{first} ({check.why})")
        return "\n".join(lines)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The results as rows of the contract's table `checks`, by its key."""
        rows = [
            {
                "run_id": self.run_id,
                "suite": result.check.suite,
                "expectation": result.check.name,
                "level": result.check.level,
                "success": result.success,
                "observed": result.observed,
                "failing_count": result.failing_count,
                "failing_keys": list(result.failing_keys),
            }
            for result in self.results
        ]
        return sorted(rows, key=itemgetter(*CHECKS.key))


def audit(
    generation_dir: Path,
    run_id: str,
    previous: Path | None = None,
    discovered: Discovered | None = None,
) -> AuditResult:
    """Check `<generation_dir>/cuttings.duckdb` against every suite.

    `previous` is the folder of the generation published before, for the drift checks; `discovered` is what the source
    listing counted, for the conservation law. Raises CheckFailedError when a check cannot be run, SuiteError when a
    file of `expectations/` is wrong.
    """
    database = generation_dir / DATABASE_NAME
    checks = load_checks(TABLES, resource_dir("expectations"))
    previous_database = previous / DATABASE_NAME if previous is not None else None
    statements = setup_statements(TABLES, previous_database, discovered)
    connection = connect(database, statements)
    try:
        findings = tally(connection, checks)
        verdict = verdicts(checks, findings)
        results = []
        for check in checks:
            success, finding = verdict[check.suite, check.name], findings[check.suite, check.name]
            if finding.failing_count:
                finding = replace(finding, failing_keys=first_keys(connection, check))
            if holds(check, finding) is not success:
                raise AssertionError(f"{check.suite}.{check.name}: the verdict {success} contradicts {finding}")
            pages = trace(connection, check) if not success and check.level == "fail" else None
            results.append(
                CheckResult(
                    check, success, _observed(check, finding), finding.failing_count, finding.failing_keys, pages
                )
            )
    finally:
        connection.close()
    return AuditResult(run_id, tuple(results))


def _observed(check: Check, finding: Finding) -> str | None:
    if finding.total_count is None:
        return f"{finding.failing_count} rows" if finding.failing_count else None
    allowed = f"at most {check.at_most_ratio:.1%} allowed"
    if not finding.total_count:
        return f"nothing to judge, {allowed}"
    unjudged = f", judged from {check.judged_from} on" if finding.total_count < check.judged_from else ""
    return f"{finding.failing_count} of {finding.total_count} ({finding.share:.1%}), {allowed}{unjudged}"
