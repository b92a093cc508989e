"""What a run did, as a value for the command line, the flow and tests."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from cuttings import quality, store
    from cuttings.remainder import Remainder


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


@dataclass(frozen=True, slots=True)
class Tally:
    """What is left of the tables of a run once they are written: objects by disposition, and counts of rows."""

    accounts: Mapping[str, store.Account]
    page_count: int
    article_count: int
    related_count: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ObjectTally:
    """What is left of the objects of a run: their counts by disposition, and those that were not loaded."""

    accounts: Mapping[str, store.Account]
    problems: tuple[Problem, ...]


def object_tally(files: pl.DataFrame, quarantine: pl.DataFrame) -> ObjectTally:
    """The tally of the rows of these tables."""
    from cuttings import store  # noqa: PLC0415 - it imports the libraries of tables

    names = files.select("file_id", "source_name", "disposition")
    aside = quarantine.join(names, on="file_id").sort("source_name")
    problems = (
        Problem(row["source_name"], row["disposition"], row["reason"], row["detail"])
        for row in aside.iter_rows(named=True)
    )
    return ObjectTally(store.accounts(files), tuple(problems))


def tally(objects: ObjectTally, tables: Mapping[str, pl.DataFrame]) -> Tally:
    """The tally of the tables of `corpus.relate`."""
    return Tally(
        accounts=objects.accounts,
        page_count=tables["pages"].height,
        article_count=tables["articles"].height,
        related_count=int((tables["appearances"]["zone"] != "primary").sum()),
        problems=objects.problems,
    )


def outcome(
    generation: str,
    scan: Remainder,
    found: Tally,
    audit: quality.AuditResult,
    started: float,
    *,
    is_published: bool = True,
) -> RunResult:
    return RunResult(
        generation=generation,
        is_published=is_published,
        seconds=time.monotonic() - started,
        file_count=sum(account.object_count for account in found.accounts.values()),
        page_count=found.page_count,
        article_count=found.article_count,
        related_count=found.related_count,
        quarantined_count=found.accounts["quarantined"].object_count,
        refused_count=found.accounts["refused"].object_count,
        check_count=len(audit.results) - len(audit.warnings),
        failed_warnings=tuple(f"{result.check.suite}.{result.check.name}" for result in audit.warnings),
        warnings=scan.warnings,
        problems=found.problems,
    )
