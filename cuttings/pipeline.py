"""The main job as a list of steps: scan, cut, assemble, write, check, publish.

Each step is a function called through `call(name, function, *arguments)`. `flows/ingest.py` passes a `call` that makes
a Prefect task of it, the default calls it directly: either way these are the very same steps in the very same order.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, TypeVar

import polars as pl
import pyarrow as pa

from cuttings import contract, corpus, quality, sources, store
from cuttings.config import Config
from cuttings.errors import CheckFailedError
from cuttings.pages import CutTables, cut_pages
from cuttings.resources import resource_dir
from cuttings.store.database import append_history, build_database

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")
# Calls one step; the flow wraps it in a task.
Call = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """An object that was not loaded."""

    source_name: str
    disposition: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did. `is_published` is False when there was nothing to do."""

    generation: str
    is_published: bool
    seconds: float
    file_count: int = 0
    page_count: int = 0
    article_count: int = 0
    related_count: int = 0
    quarantined_count: int = 0
    refused_count: int = 0
    check_count: int = 0
    failed_warnings: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    def summary(self) -> dict[str, Any]:
        """The result as plain values, e.g. for a flow's state."""
        return asdict(self)

    @classmethod
    def from_summary(cls, summary: dict[str, Any]) -> RunResult:
        """The inverse of `summary`."""
        problems = tuple(Problem(**problem) for problem in summary["problems"])
        lists = {name: tuple(summary[name]) for name in ("failed_warnings", "warnings")}
        return cls(**{**summary, **lists, "problems": problems})


def call_directly(name: str, function: Callable[..., _Result], *arguments: Any) -> _Result:
    """Call a step as the plain function it is."""
    return function(*arguments)


def run_if_needed(config: Config, runner: Callable[[Config], RunResult]) -> RunResult:
    """Call `runner` unless the warehouse already holds this input; a look that needs no orchestrator to be started.

    Raises BusyError at once when another run holds the warehouse.
    """
    started = time.monotonic()
    if config.warehouse.exists():
        with store.writer(config.warehouse) as writer:
            if writer.published is not None:
                _log.info("comparing the sources with the published generation")
                if writer.is_current(_digests(config, sources.scan(config))):
                    return _nothing_to_do(writer, started)
    return runner(config)


def run(config: Config, call: Call = call_directly) -> RunResult:
    """Run the main job and publish one generation, unless there is nothing to do.

    Raises CheckFailedError when a check refuses the publish, BusyError when another run holds the warehouse,
    StorageError when the disk refuses; in each case the published generation is untouched.
    """
    started_at = datetime.now(UTC)
    started = time.monotonic()
    with store.writer(config.warehouse) as writer:
        _log.info("reading the sources")
        scan = call("scan", sources.scan, config)
        digests = _digests(config, scan)
        if writer.is_current(digests):
            return _nothing_to_do(writer, started)
        with quality.auditor() as auditor, writer.build(digests) as build:
            cut = _cut(scan, call)
            # Before the files are read off the scan: an object that changed since then becomes a quarantined one.
            call("keep quarantined bytes", build.keep_bytes, scan.quarantined_bytes())
            _log.info("dating and matching %s articles", f"{cut.appearances.height:,}")
            tables = call("assemble", _assemble, cut, scan, config)
            _log.info("writing the tables")
            call("write tables", _write_tables, build, tables)
            call("build database", build_database, build.directory, contract.TABLES, resource_dir("sql"))
            _log.info("checking the built generation")
            audit = call("audit", _audit, auditor, build, scan)
            history = call("write history", _write_history, build, audit, scan, config, started_at)
            call("write report", _write_report, build, audit, history)
            if audit.failures:
                raise _refusal(config, build, audit)
            _log.info("publishing")
            manifest = call("publish", _publish, build, scan)
    return _result(manifest.generation_id, scan, tables, audit, started)


def _digests(config: Config, scan: sources.Scan) -> store.Digests:
    return store.Digests(scan.inputs_digest, store.config_digest(config), store.code_digest())


def _nothing_to_do(writer: store.Writer, started: float) -> RunResult:
    assert writer.published is not None
    return RunResult(writer.published.generation_id, is_published=False, seconds=time.monotonic() - started)


def _cut(scan: sources.Scan, call: Call) -> CutTables:
    """Cut all distinct pages, a batch at a time, so that raw bytes and lines take the memory of one batch."""
    batches: list[CutTables] = [cut_pages([])]  # typed and empty, for a dump without a page
    done_bytes = 0
    for batch in scan.batches():
        batches.append(call("cut", cut_pages, batch.raws))
        done_bytes += sum(map(len, batch.raws))
        _log.info("cut %.1f of %.1f MB", done_bytes / 1e6, scan.page_bytes / 1e6)
    return concatenated(batches)


def concatenated(batches: Sequence[CutTables]) -> CutTables:
    """The tables of several batches as one."""
    return CutTables(*(pl.concat([getattr(batch, part.name) for batch in batches]) for part in fields(CutTables)))


def _assemble(cut: CutTables, scan: sources.Scan, config: Config) -> dict[str, pl.DataFrame]:
    return {
        **corpus.assemble(cut, scan.files, trusts_mtime=config.trusts_mtime),
        "quarantine": corpus.conform("quarantine", scan.quarantine),
    }


def _write_tables(build: store.Build, tables: dict[str, pl.DataFrame]) -> None:
    history = {name: build.previous_rows(name) for name in contract.HISTORY_TABLES}
    build.write_tables({**tables, **history})


def _audit(auditor: quality.Auditor, build: store.Build, scan: sources.Scan) -> quality.AuditResult:
    discovered = quality.Discovered(scan.discovered_count, scan.discovered_bytes)
    return auditor(build.directory, build.generation_id, build.previous_directory, discovered)


def _write_history(
    build: store.Build, audit: quality.AuditResult, scan: sources.Scan, config: Config, started_at: datetime
) -> pa.Table:
    """Add this run to `runs` and its checks to `checks`, in the Parquet and in the database; return its row."""
    accounts = store.accounts(scan.files)
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
    runs = pa.Table.from_pylist([row], schema=contract.RUNS.schema)
    for name, rows in (("runs", runs), ("checks", audit.table)):
        build.write_tables({name: pl.concat((build.previous_rows(name), pl.DataFrame(rows)), how="vertical_relaxed")})
    append_history(build.directory, runs, audit.table)
    return runs


def _write_report(build: store.Build, audit: quality.AuditResult, runs: pa.Table) -> None:
    target = build.directory / "docs" / "index.html"
    target.parent.mkdir()
    target.write_text(quality.render_report(build.directory, audit), encoding="utf-8")


def _refusal(config: Config, build: store.Build, audit: quality.AuditResult) -> CheckFailedError:
    """Keep the report of the refused generation where a person finds it, and say which checks failed."""
    report = config.warehouse / "refused.html"
    shutil.copyfile(build.directory / "docs" / "index.html", report)
    failed = "\n".join(
        f"  {result.check.suite}.{result.check.name}: {result.failing_count:,} rows; {result.check.why}"
        for result in audit.failures
    )
    return CheckFailedError(
        f"{len(audit.failures)} checks refused the publish; the published generation is untouched.\n{failed}\n"
        f"The report: {report}"
    )


def _publish(build: store.Build, scan: sources.Scan) -> store.Manifest:
    discovered = store.Account(scan.discovered_count, scan.discovered_bytes)
    return build.publish(discovered, {}, scan.inputs_digest)


def _result(
    generation: str, scan: sources.Scan, tables: dict[str, pl.DataFrame], audit: quality.AuditResult, started: float
) -> RunResult:
    files = tables["files"]
    names = files.select("file_id", "source_name", "disposition")
    aside = tables["quarantine"].join(names, on="file_id").sort("source_name")
    zones = tables["appearances"]["zone"]
    return RunResult(
        generation=generation,
        is_published=True,
        seconds=time.monotonic() - started,
        file_count=files.height,
        page_count=tables["pages"].height,
        article_count=tables["articles"].height,
        related_count=int((zones != "primary").sum()),
        quarantined_count=int((files["disposition"] == "quarantined").sum()),
        refused_count=int((files["disposition"] == "refused").sum()),
        check_count=len(audit.results) - len(audit.warnings),
        failed_warnings=tuple(f"{result.check.suite}.{result.check.name}" for result in audit.warnings),
        warnings=scan.warnings,
        problems=tuple(
            Problem(row["source_name"], row["disposition"], row["reason"], row["detail"]) for row in aside.to_dicts()
        ),
    )
