"""The audit as a whole: what it hands over, what it refuses, and the page it writes."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from cuttings.cli.dashboard import dashboard
from cuttings.config import DASHBOARD_URL
from cuttings.contract import CHECKS, TABLES
from cuttings.errors import CheckFailedError
from cuttings.quality import AuditResult, CheckResult, Discovered, audit, load_checks, render_report
from cuttings.quality.evaluate import Finding, holds
from cuttings.quality.links import FailingRow, failing_rows
from cuttings.quality.trends import trends
from cuttings.resources import resource_dir
from cuttings.store.database import build_database
from cuttings.store.layout import DATABASE_NAME

EVIL = "<script>alert('x')</script>"
ALL = load_checks(TABLES, resource_dir("expectations"))


@pytest.fixture(scope="module")
def first_audit(good_generation: Path) -> AuditResult:
    return audit(good_generation, "run-1", discovered=Discovered(1, 1))


def test_results_are_rows_of_the_contract(first_audit: AuditResult) -> None:
    rows = first_audit.rows
    assert pa.Table.from_pylist(rows, schema=CHECKS.schema).to_pylist() == rows
    assert [(row["suite"], row["expectation"]) for row in rows] == sorted((check.suite, check.name) for check in ALL)
    assert {row["run_id"] for row in rows} == {"run-1"}


def test_a_vanished_object_refuses_the_publish(first_audit: AuditResult) -> None:
    assert [(result.check.suite, result.check.name) for result in first_audit.failures] == [
        ("files", "objects_are_conserved")
    ]
    assert not first_audit.is_publishable
    assert first_audit.failures[0].failing_keys[0].startswith("1/")
    assert "fail files.objects_are_conserved: 1 rows; first: 1/" in first_audit.summary


def test_shares_are_observed_also_when_they_hold(first_audit: AuditResult) -> None:
    found = {result.check.name: result for result in first_audit.results}["few_ambiguous_dates"]
    assert found.success
    assert re.fullmatch(r"\d+ of \d+ \(\d+\.\d%\), at most 15\.0% allowed", found.observed or "")


def test_the_audit_leaves_the_file_as_it_was(good_generation: Path) -> None:
    path = good_generation / DATABASE_NAME
    before = path.read_bytes()
    beside = {entry.name for entry in good_generation.iterdir()}
    audit(good_generation, "run-2", previous=good_generation)
    assert path.read_bytes() == before
    assert {entry.name for entry in good_generation.iterdir()} == beside


def test_a_check_that_cannot_be_run_refuses_by_name(copy_of_good: Callable[[str], Path]) -> None:
    folder = copy_of_good("torn")
    with duckdb.connect(str(folder / DATABASE_NAME)) as connection:
        connection.execute("alter table main.repairs drop column byte_at")
    with pytest.raises(
        CheckFailedError, match=r"expectations/repairs\.toml: the check \w+ could not be run: .*byte_at"
    ):
        audit(folder, "run-3")


@pytest.mark.parametrize(
    ("failing", "total", "expected"),
    [(0, 100, True), (15, 100, True), (16, 100, False), (19, 19, True), (20, 20, False), (0, 0, True)],
)
def test_a_share_is_judged_from_its_bound_on(failing: int, total: int, expected: bool) -> None:
    (check,) = (check for check in ALL if check.name == "few_ambiguous_dates")
    assert (check.at_most_ratio, check.judged_from) == (0.15, 20)
    assert holds(check, Finding(failing, total, ())) is expected


class Tags(HTMLParser):
    """Collects what a browser would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.addresses: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "srcset", "action", "data")]
        assert not [name for name, _ in attrs if name.startswith("on")]


def test_the_report_is_inert_and_alone(copy_of_good: Callable[[str], Path], first_audit: AuditResult) -> None:
    folder = copy_of_good("evil")
    with duckdb.connect(str(folder / DATABASE_NAME)) as connection:
        connection.execute("update marts.articles_by_publisher set publisher_name = ?", [EVIL])
        connection.execute("update main.files set reason = ? where disposition = 'refused'", [EVIL])
    worst = first_audit.failures[0]
    evil = CheckResult(worst.check, False, EVIL, 1, (EVIL,))
    page = render_report(folder, AuditResult(EVIL, (*first_audit.results, evil)))
    assert EVIL not in page
    assert page.count("&lt;script&gt;") >= 5
    tags = Tags()
    tags.feed(page)
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(tags.names)
    assert tags.addresses == [], "keys that lead to no page are no links"
    assert "url(" not in page
    assert "@import" not in page


def test_failing_rows_lead_to_their_segment_in_the_inspector(copy_of_good: Callable[[str], Path]) -> None:
    folder = copy_of_good("linked")
    with duckdb.connect(str(folder / DATABASE_NAME)) as connection:
        page_id, byte_start, segment_no = connection.execute(
            "select page_id, byte_start, (select min(segment_no) from segments where page_id = dates.page_id "
            "and byte_end > dates.byte_start) from date_mentions as dates order by page_id, byte_start limit 1"
        ).fetchall()[0]
        article_id, shown_on = connection.execute(
            "select article_id, min(page_id) from appearances group by article_id order by article_id limit 1"
        ).fetchall()[0]
        file_id, name, on_page = connection.execute(
            "select file_id, source_name, page_id from files where page_id is not null order by file_id limit 1"
        ).fetchall()[0]
        base = "http://127.0.0.1:8765/page/"

        def rows(suite: str, *keys: str) -> list[FailingRow]:
            return failing_rows(connection, suite, keys, DASHBOARD_URL)

        assert rows("segments", f"{page_id}/3")[0].url == f"{base}{page_id}#segment-3"
        assert rows("date_mentions", f"{page_id}/{byte_start}")[0].url == f"{base}{page_id}#segment-{segment_no}"
        assert rows("articles", article_id)[0].url == base + shown_on
        assert rows("pages", page_id)[0].url == base + page_id
        assert rows("files", file_id) == [FailingRow(file_id, name, base + on_page)]
        assert rows("segments", f"{page_id}/{EVIL}", EVIL, "1/2") == [
            FailingRow(f"{page_id}/{EVIL}", rows("pages", page_id)[0].name, base + page_id),
            FailingRow(EVIL, "", None),
            FailingRow("1/2", "", None),
        ]


def test_the_report_links_where_the_dashboard_listens() -> None:
    """Unless it is told otherwise: the default of one command is that of the other."""
    options = inspect.signature(dashboard).parameters
    assert f"http://{options['host'].default}:{options['port'].default}" == DASHBOARD_URL


def run_row(number: int, loaded: int, aside: float | None) -> dict[str, Any]:
    return {
        "run_id": f"r{number}", "started_at": f"2025-03-0{number} 10:00:00", "loaded_count": loaded,
        "set_aside_share": aside, "warned_count": 0, "failing_rows": 0,
    }  # fmt: skip


def test_a_trend_has_a_point_a_run_and_says_it_in_words() -> None:
    assert trends([run_row(1, 5, None)]) == [], "one run is no trend"
    loaded, aside, warned, _ = trends([run_row(3, 40, 0.1), run_row(2, 10, 0.0), run_row(1, 20, None)])
    assert loaded.latest == "40"
    assert loaded.summary == "3 runs, the oldest first: from 20 to 40, at least 10, at most 40"
    assert [point.label for point in loaded.points] == [
        "2025-03-01 10:00:00: 20",
        "2025-03-02 10:00:00: 10",
        "2025-03-03 10:00:00: 40",
    ]
    assert loaded.points[1].y > loaded.points[0].y > loaded.points[2].y, "more stands higher"
    assert aside.latest == "10.0%"
    assert len({point.y for point in warned.points}) == 1


def test_trends_of_two_runs_are_drawn_and_what_changed_is_listed(copy_of_good: Callable[[str], Path]) -> None:
    folder = copy_of_good("two-runs")
    with duckdb.connect(str(folder / DATABASE_NAME)) as connection:
        columns = ", ".join("0" for _ in range(10))
        for number, failing in ((1, 3), (2, 7)):
            connection.execute(
                f"insert into runs values ('r{number}', timestamptz '2025-03-0{number} 10:00:00+00', "
                f"timestamptz '2025-03-0{number} 10:00:05+00', {columns}, 'c', 'd', 'i')"
            )
            connection.execute(
                f"insert into checks values ('r{number}', 'pages', 'a_check', 'warn', false, 'x', {failing}, [])"
            )
    page = render_report(folder, AuditResult("r2", ()))
    assert page.count("<svg") == page.count("<desc") == 4
    assert page.count("</polyline>") + page.count("<polyline") == 4
    assert "What changed since the run before" in page
    assert re.search(r"pages · a check</td><td class=\"n\">3</td><td class=\"n\">7</td>", page)


def test_the_report_puts_the_status_first(good_generation: Path, first_audit: AuditResult) -> None:
    page = render_report(good_generation, first_audit)
    body = page[page.index("<main>") :]
    assert body.index("Refused") < body.index("objects are conserved") < body.index("What became of the objects")
    assert "select\n    discovered.object_count" in page
    held = AuditResult("run-1", tuple(result for result in first_audit.results if result.success))
    calm = render_report(good_generation, held)
    assert "Fit to publish" in calm
    assert "Checks that did not hold" not in calm
    assert calm == render_report(good_generation, held)


def test_the_report_of_an_empty_warehouse(tmp_path: Path) -> None:
    build_database(tmp_path, TABLES, resource_dir("sql"))
    result = audit(tmp_path, "empty", discovered=Discovered(0, 0))
    assert result.is_publishable
    assert result.warnings == ()
    assert "nothing to show" in render_report(tmp_path, result)
