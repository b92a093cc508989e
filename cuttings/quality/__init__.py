"""The quality gate: a built generation is audited before readers can see it.

`suites` is what is checked, `expect` is Great Expectations' verdict on it, `evaluate` finds the rows behind a verdict,
`audit` puts them together, `report` writes the page a person reads.
"""

from cuttings.quality.audit import AuditResult, CheckResult, audit
from cuttings.quality.evaluate import Discovered
from cuttings.quality.report import render_report, report_template
from cuttings.quality.suites import Check, SuiteError, load_checks
from cuttings.quality.worker import Auditor, auditor, started_early

__all__ = [
    "AuditResult",
    "Auditor",
    "Check",
    "CheckResult",
    "Discovered",
    "SuiteError",
    "audit",
    "auditor",
    "load_checks",
    "render_report",
    "report_template",
    "started_early",
]
