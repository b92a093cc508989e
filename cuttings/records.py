"""What a run writes about itself: its row in the history, its report, and the words of a refusal."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import Any

import polars as pl

from cuttings import gate, quality, store
from cuttings.config import Config
from cuttings.errors import CheckFailedError
from cuttings.remainder import Remainder
from cuttings.store.database import load_history


def write_history(
    build: store.Build, admission: gate.Admission, scan: Remainder, config: Config, started_at: datetime
) -> None:
    """Add this run to `runs` and its checks to `checks`, in the Parquet and in the database."""
    accounts = admission.tally.accounts
    row: dict[str, Any] = {
        "run_id": build.generation_id,
        "started_at": started_at,
        "finished_at": datetime.now(UTC),
        "object_count": scan.discovered_count,
        "object_bytes": scan.discovered_bytes,
        "config_digest": store.config_digest(config)[:16],
        "code_digest": store.code_digest()[:16],
        "inputs_digest": scan.inputs_digest,
    }
    for disposition, account in accounts.items():
        row[f"{disposition}_count"] = account.object_count
        row[f"{disposition}_bytes"] = account.size_bytes
    for name, rows in (("runs", [row]), ("checks", admission.audit.rows)):
        # Not `pa.Table.from_pylist`, which imports pandas: a second that a run need not pay.
        added = pl.DataFrame(rows, schema=store.empty_table(name).schema)
        build.write_tables({name: pl.concat((build.previous_rows(name), added), how="vertical_relaxed")})
    load_history(build.directory)


def write_report(build: store.Build, audit: quality.AuditResult, config: Config) -> None:
    """Write the report of a generation; the last of it to be written, so that the rest is sealed meanwhile."""
    target = build.directory / "docs" / "index.html"
    target.parent.mkdir()
    with build.sealing():
        target.write_text(quality.render_report(build.directory, audit, config.dashboard_url), encoding="utf-8")


def refusal(config: Config, build: store.Build, admission: gate.Admission) -> CheckFailedError:
    """Keep the report of the refused generation where a person finds it, and say which checks failed."""
    report = config.warehouse / "refused.html"
    shutil.copyfile(build.directory / "docs" / "index.html", report)
    failed = "\n".join(
        f"  {result.check.suite}.{result.check.name}: {result.failing_count:,} rows; {result.check.why}"
        for result in admission.audit.failures
    )
    return CheckFailedError(
        f"{len(admission.audit.failures)} checks refused the publish; the published generation is untouched.\n"
        f"{failed}\n{admission.refusal}\nThe report: {report}"
    )
