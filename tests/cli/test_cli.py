"""The command line as its user meets it: exit codes, messages that say what to do, inert output."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from cuttings.cli import app
from cuttings.cli.run import _flow_parameters
from cuttings.config import Config, Limits
from cuttings.resources import load_module

PAGE = (
    b"Ferry returns to Lunden harbour\n\nThe old ferry returned to the harbour on Monday after repairs, the port said. "
    b"It had been away for two years.\n"
)


def cuttings(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cuttings", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=300)


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "ferry.txt").write_bytes(PAGE)
    return folder


def test_a_run_publishes_then_has_nothing_to_do(dump: Path, tmp_path: Path) -> None:
    first = cuttings("run", dump, "--warehouse", tmp_path / "w", "--no-prefect", "--no-trust-mtime")
    assert first.returncode == 0, first.stderr
    assert "1 files  1 pages  1 articles  0 related  0 quarantined" in first.stdout
    for command in first.stdout.partition("Next:\n")[2].splitlines():
        done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, f"{command}: {done.stderr}"
    assert " query --warehouse" in first.stdout
    second = cuttings("run", dump, "--warehouse", tmp_path / "w", "--no-prefect", "--no-trust-mtime")
    assert second.returncode == 0
    assert "nothing to do" in second.stdout


def test_objects_set_aside_are_listed_and_the_exit_code_says_so(dump: Path, tmp_path: Path) -> None:
    (dump / "empty.txt").touch()
    (dump / "\x1b[31mred.txt").symlink_to(dump / "ferry.txt")
    result = cuttings("run", dump, "--warehouse", tmp_path / "w", "--no-prefect")
    assert result.returncode == 3, result.stderr
    assert "empty.txt" in result.stdout
    assert "symlink" in result.stdout
    assert "\x1b" not in result.stdout + result.stderr, "a file name reached the terminal as an escape sequence"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "no-such-folder"), "there is no such folder"),
        (("run", ".", "--captured-at", "yesterday"), "Expected ISO 8601"),
        (("run", ".", "--captured-at", "2026-11-21"), "has no zone. Say which: 2026-11-21T00:00:00Z for UTC"),
        (("explain", "no-such-file"), "No such file"),
        (("status", "--warehouse", "no-such-warehouse"), "cuttings run"),
        (("query", "select 1", "--warehouse", "no-such-warehouse"), "cuttings run"),
        (("schedule", ".", "--every", "soon"), "Expected a number and a unit"),
        (("schedule", "."), "exactly one of --every and --cron"),
    ],
)
def test_wrong_usage_says_what_was_found_and_what_to_do(
    arguments: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    result = cuttings(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_query_writes_every_format(sample_warehouse: Path, tmp_path: Path) -> None:
    sql = "select page_id, position, title, published_at from appearances order by page_id, position limit 5"
    at = ("--warehouse", sample_warehouse)
    shown = cuttings("query", sql, *at)
    assert shown.returncode == 0, shown.stderr
    assert "page_id" in shown.stdout.splitlines()[0]
    rows = json.loads(cuttings("query", sql, *at, "--format", "json").stdout)
    assert len(rows) == 5
    table = list(csv.DictReader(cuttings("query", sql, *at, "--format", "csv").stdout.splitlines()))
    assert [row["page_id"] for row in table] == [row["page_id"] for row in rows]
    target = tmp_path / "rows.parquet"
    assert cuttings("query", sql, *at, "--output", target).returncode == 0
    assert pl.read_parquet(target)["title"].to_list() == [row["title"] for row in rows]


def test_csv_cells_never_start_a_formula(sample_warehouse: Path) -> None:
    sql = "select '=HYPERLINK(1)' as a, '+1' as b, -1 as c, '@x' as d, 'plain' as e"
    result = cuttings("query", sql, "--warehouse", sample_warehouse, "--format", "csv")
    assert result.stdout.splitlines()[1] == "'=HYPERLINK(1),'+1,-1,'@x,plain"


@pytest.mark.parametrize(
    "sql",
    [
        "drop table appearances",
        "select 1; select 2",
        "selekt",
        "select nothing_here from appearances",
        "from read_text('/etc/hostname')",
    ],
)
def test_query_refuses_what_is_not_one_select_on_the_warehouse(sql: str, sample_warehouse: Path) -> None:
    result = cuttings("query", sql, "--warehouse", sample_warehouse)
    assert result.returncode == 2, result.stdout
    assert "Traceback" not in result.stderr


def test_status_tells_what_is_published(sample_warehouse: Path) -> None:
    result = cuttings("status", "--warehouse", sample_warehouse)
    assert result.returncode == 0, result.stderr
    for word in ("generation", "pages", "captured", "quarantined", "checks"):
        assert word in result.stdout


def test_verify_names_the_file_that_is_not_as_published(dump: Path, tmp_path: Path) -> None:
    assert cuttings("run", dump, "--warehouse", tmp_path / "w", "--no-prefect").returncode == 0
    whole = cuttings("verify", "--warehouse", tmp_path / "w")
    assert (whole.returncode, whole.stdout) == (0, "every file is as published\n")
    damaged = next((tmp_path / "w" / "current" / "pages").rglob("*.parquet"))
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    broken = cuttings("verify", "--warehouse", tmp_path / "w")
    assert broken.returncode == 74
    assert "part-0.parquet" in broken.stdout


def test_explain_labels_every_segment_and_stays_inert(tmp_path: Path) -> None:
    page = tmp_path / "hostile.txt"
    page.write_bytes(PAGE + b"\x1b]0;owned\x07 [bold red]not markup[/] \xe2\x80\xae end of the line is here.\n")
    result = cuttings("explain", page)
    assert result.returncode == 0, result.stderr
    assert "title" in result.stdout
    assert "Ferry returns to Lunden harbour" in result.stdout
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout
    assert "[bold red]" in result.stdout


def test_explain_starts_without_the_heavy_packages(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(PAGE)
    code = (
        "import sys; from cuttings.cli import app\n"
        "try: app(['explain', sys.argv[1]])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('prefect', 'great_expectations', 'duckdb') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(page)], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert result.stdout.splitlines()[-1] == "[]"


OPTIONS = (
    "--captured-at=2026-03-01T10:00Z --no-trust-mtime --strict --keep=5 --text-field=article "
    "--dashboard-url=https://news.example/board "
    "--max-object-bytes=1000 --max-archive-bytes=2000 --max-archive-members=3"
)
AS_ASKED = Config(
    sources=(Path("dump"),),
    warehouse=Path("w"),
    captured_at=datetime(2026, 3, 1, 10, tzinfo=UTC),
    trusts_mtime=False,
    limits=Limits(object_bytes=1000, archive_bytes=2000, archive_members=3),
    is_strict=True,
    text_fields=("article",),
    kept_generations=5,
    dashboard_url="https://news.example/board",
)


class AskedError(Exception):
    """The run was asked for; its only argument is the settings."""


def asked(config: Config, *_: object, **__: object) -> None:
    raise AskedError(config)


def test_every_option_reaches_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dump").mkdir()
    monkeypatch.setattr("cuttings.look.run_if_needed", asked)
    result = CliRunner().invoke(app, ["run", "dump", "--warehouse=w", "--no-prefect", *OPTIONS.split()])
    assert isinstance(result.exception, AskedError), result.output
    assert result.exception.args == (AS_ASKED,)
    default = Config(sources=())
    untried = [f.name for f in fields(Config) if getattr(default, f.name) == getattr(AS_ASKED, f.name)]
    untried += [f.name for f in fields(Limits) if getattr(default.limits, f.name) == getattr(AS_ASKED.limits, f.name)]
    assert untried == ["batch_bytes"], "it changes no table, so no option sets it"


def test_every_option_reaches_the_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = load_module("flows", "ingest")
    monkeypatch.setattr("cuttings.pipeline.run", asked)
    parameters = json.loads(json.dumps(_flow_parameters(AS_ASKED)))  # as a deployment keeps them
    with pytest.raises(AskedError) as caught:
        flow.ingest.fn(**flow.ingest.validate_parameters(parameters))
    assert caught.value.args == (AS_ASKED,)
