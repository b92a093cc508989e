"""Row quarantine: a page that fails a check is set aside with the reason, the others are published."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import cuttings
from cuttings import cutting, gate, look, pipeline, quality, store
from cuttings.config import Config
from cuttings.errors import CheckFailedError
from cuttings.outcome import Tally
from cuttings.pages import CutTables, cut_pages
from cuttings.quality import AuditResult, Check, CheckResult
from cuttings.quality.evaluate import Finding, holds
from cuttings.sandbox import Sandbox

NAMES = tuple(f"page-{number}.txt" for number in range(6))
TILING = "segments.segments_tile_the_page"


def text_of(number: int) -> bytes:
    return (
        f"Ferry number {number} returns to the harbour\n\nThe old ferry {number} came back on Monday after "
        f"repairs that took {number + 2} weeks, the port said. It had been away for two years.\n"
    ).encode()


def page_id_of(number: int) -> str:
    return hashlib.sha256(text_of(number)).hexdigest()


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    folder = tmp_path / "dump"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        (folder / name).write_bytes(text_of(number))
    (folder / "copy-of-2.txt").write_bytes(text_of(2))
    return folder


@pytest.fixture
def plain_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit in this process, by the checks' own queries: what the library thinks is tested elsewhere."""

    def verdicts(checks: Sequence[Check], findings: Mapping[tuple[str, str], Finding]) -> dict[tuple[str, str], bool]:
        return {(check.suite, check.name): holds(check, findings[check.suite, check.name]) for check in checks}

    @contextmanager
    def auditor() -> Iterator[Callable[..., AuditResult]]:
        yield quality.audit

    monkeypatch.setattr(sys.modules["cuttings.quality.audit"], "verdicts", verdicts)
    monkeypatch.setattr(quality, "auditor", auditor)


Fault = Callable[[CutTables, pl.Expr], CutTables]


def torn(cut: CutTables, is_broken: pl.Expr) -> CutTables:
    """A byte of the page belongs to no segment."""
    is_first = is_broken & (pl.col("segment_no") == 0)
    ends = pl.when(is_first).then(pl.col("byte_end") - 1).otherwise("byte_end")
    return replace(cut, segments=cut.segments.with_columns(byte_end=ends))


def repeated(cut: CutTables, is_broken: pl.Expr) -> CutTables:
    """A segment of the page stands twice."""
    return replace(cut, segments=pl.concat((cut.segments, cut.segments.filter(is_broken).head(1))))


def holed(cut: CutTables, is_broken: pl.Expr) -> CutTables:
    """A rule of the page has no name."""
    return replace(cut, segments=cut.segments.with_columns(rule=pl.when(~is_broken).then("rule")))


def break_pages(monkeypatch: pytest.MonkeyPatch, fault: Fault, numbers: Collection[int]) -> None:
    broken = [page_id_of(number) for number in numbers]

    def cut_badly(raws: Sequence[bytes]) -> CutTables:
        return fault(cut_pages(raws), pl.col("page_id").is_in(broken))

    monkeypatch.setattr(cutting, "cut_pages", cut_badly)
    # Pages are cut in worker processes, which this fault would not reach: their calls are made here instead.
    monkeypatch.setattr(Sandbox, "call", lambda _, function, *arguments: function(*arguments))


def tables_of(warehouse: Path) -> dict[str, bytes]:
    """Every Parquet file of the published generation but the history, by its path."""
    root = (warehouse / "current").resolve()
    paths = (path.relative_to(root) for path in root.rglob("*.parquet"))
    return {str(path): (root / path).read_bytes() for path in paths if path.parts[0] not in ("runs", "checks")}


@pytest.mark.usefixtures("plain_audit")
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (torn, TILING),
        (repeated, "segments.key_is_unique"),
        (holed, "segments.required_columns_are_filled"),
    ],
)
def test_a_broken_page_is_set_aside_and_the_others_are_published(
    fault: Fault, reason: str, dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_pages(monkeypatch, fault, [2])
    config = Config(sources=(dump,), warehouse=tmp_path / "warehouse", trusts_mtime=False)
    result = pipeline.run(config)
    assert result.is_published
    assert {(problem.source_name, problem.disposition, problem.reason) for problem in result.problems} == {
        ("page-2.txt", "quarantined", reason),
        ("copy-of-2.txt", "quarantined", reason),
    }
    with cuttings.open(config.warehouse) as warehouse, warehouse.duckdb() as connection:
        files = connection.sql("select source_name, disposition, reason, page_id from files order by all").pl()
        aside = connection.sql("select distinct stage, reason, detail, bytes_kept_at from quarantine").pl()
        pages = connection.sql("select page_id from pages").pl()
        assert connection.sql("from checks where level = 'fail' and not success").pl().is_empty()
    assert files.filter(pl.col("disposition") == "loaded").height == 5
    assert page_id_of(2) not in pages["page_id"].to_list()
    assert aside["stage"].to_list() == ["check"]
    assert reason in aside["detail"][0]
    assert (config.warehouse / aside["bytes_kept_at"][0]).read_bytes() == text_of(2)
    report = (config.warehouse / "current" / "docs" / "index.html").read_text()
    assert "page-2.txt" in report
    assert reason in report

    again = pipeline.run(config)
    assert not again.is_published, "the same input and code have nothing to do"
    other = pipeline.run(replace(config, warehouse=tmp_path / "other"))
    assert other.is_published
    assert tables_of(tmp_path / "other") == tables_of(config.warehouse), "same input, same bytes"


@pytest.mark.usefixtures("plain_audit")
def test_a_fixed_engine_cuts_the_page_again(dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config(sources=(dump,), warehouse=tmp_path / "warehouse", trusts_mtime=False)
    with monkeypatch.context() as broken:
        break_pages(broken, torn, [2])
        pipeline.run(config)
    monkeypatch.setattr(store, "code_digest", lambda: "f" * 64)
    monkeypatch.setattr(store, "cut_digest", lambda: "f" * 64)
    result = pipeline.run(config)
    assert result.is_published
    assert not result.problems
    clean = pipeline.run(replace(config, warehouse=tmp_path / "clean"))
    assert clean.page_count == result.page_count == 6
    assert tables_of(tmp_path / "clean") == tables_of(config.warehouse), "nothing of the fault is left"


@pytest.mark.usefixtures("plain_audit")
def test_a_strict_run_refuses_also_what_was_published_before(
    dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_pages(monkeypatch, torn, [2])
    config = Config(sources=(dump,), warehouse=tmp_path / "warehouse", trusts_mtime=False)
    published = pipeline.run(config)
    for function in (pipeline.run, lambda strict: look.run_if_needed(strict, pipeline.run)):
        with pytest.raises(CheckFailedError, match="without --strict it would be 1 of 6"):
            function(replace(config, is_strict=True))
    assert (config.warehouse / "CURRENT").read_text().strip() == published.generation
    assert "segments tile the page" in (config.warehouse / "refused.html").read_text()


@pytest.mark.usefixtures("plain_audit")
@pytest.mark.parametrize("fault", [torn, repeated])
def test_too_many_broken_pages_are_no_fault_of_theirs(
    fault: Fault, dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_pages(monkeypatch, torn if fault is torn else lambda cut, _: replace(
        cut, segments=pl.concat((cut.segments, cut.segments))), [0, 1, 3, 4])  # fmt: skip
    config = Config(sources=(dump,), warehouse=tmp_path / "warehouse", trusts_mtime=False)
    with pytest.raises(CheckFailedError, match=r"[46] of 6 pages would have to be set aside, more than 25%"):
        pipeline.run(config)
    assert not (config.warehouse / "CURRENT").exists()


@pytest.mark.slow
def test_the_real_audit_is_asked_twice(dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    break_pages(monkeypatch, torn, [4])
    result = pipeline.run(Config(sources=(dump,), warehouse=tmp_path / "warehouse", trusts_mtime=False))
    assert [(problem.source_name, problem.reason) for problem in result.problems] == [("page-4.txt", TILING)]


# The gate alone, with attempts that need no database.


def failing(name: str, page_ids: Sequence[str] | None) -> CheckResult:
    pages = None if page_ids is None else tuple(page_ids)
    return CheckResult(Check("pages", name, "fail", "of a reason", "select 1"), False, "1 rows", 1, ("x",), pages)


def attempts(*failures: Sequence[CheckResult]) -> tuple[gate.Attempt, list[list[str]]]:
    """Attempts that fail like this, one after the other; and what had been set aside before each."""
    seen: list[list[str]] = []

    def attempt(aside: pl.DataFrame) -> tuple[Tally, AuditResult]:
        seen.append(aside["page_id"].to_list())
        return Tally({}, 0, 0, 0, ()), AuditResult("run", tuple(failures[len(seen) - 1]))

    return attempt, seen


def keep_all(page_ids: Collection[str]) -> Collection[str]:
    return page_ids


def test_reasons_of_a_page_are_joined_and_lost_bytes_are_not_promised() -> None:
    attempt, seen = attempts([failing("one", ["p", "q"]), failing("two", ["q"])], [])
    admission = gate.admit(attempt, lambda _: {"p"}, 100, is_strict=False)
    assert seen == [[], ["p", "q"]]
    assert admission.refusal is None
    assert admission.set_aside.select("page_id", "stage", "reason", "bytes_kept_at").rows() == [
        ("p", "check", "pages.one", "quarantine/p"),
        ("q", "check", "pages.one, pages.two", None),
    ]


def test_a_row_that_no_page_explains_refuses_everything() -> None:
    attempt, seen = attempts([failing("one", ["p"]), failing("two", None)])
    admission = gate.admit(attempt, keep_all, 100, is_strict=False)
    assert admission.refusal == "No page explains pages.two, so no page can be set aside for it."
    assert seen == [[]]


@pytest.mark.parametrize(
    ("aside_count", "page_count", "is_refused"),
    [(3, 4, False), (3, 3, True), (1, 1, True), (4, 10, True), (25, 100, False), (26, 100, True)],
)
def test_few_pages_may_be_set_aside(aside_count: int, page_count: int, is_refused: bool) -> None:
    attempt, _ = attempts([failing("one", [f"{number:03}" for number in range(aside_count)])], [])
    admission = gate.admit(attempt, keep_all, page_count, is_strict=False)
    assert (admission.refusal is not None) is is_refused


def test_the_share_counts_all_rounds_and_the_rounds_end() -> None:
    growing = [[failing("one", [str(number)])] for number in range(9)]
    attempt, seen = attempts(*growing)
    admission = gate.admit(attempt, keep_all, 100, is_strict=False)
    assert admission.refusal == "Other pages went on failing after 3 times of setting some aside."
    assert seen == [[], ["0"], ["0", "1"], ["0", "1", "2"]]
    attempt, seen = attempts(*growing)
    admission = gate.admit(attempt, keep_all, 3, is_strict=False)
    assert "3 of 3 pages" in (admission.refusal or "")
