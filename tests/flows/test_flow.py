"""The real flow and the real scheduler: a server is started, a scheduled run fires, a generation is published."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

import cuttings
from cuttings import pipeline
from cuttings.cli.run import PREFECT_DEFAULTS
from cuttings.config import Config

PAGE = (
    b"Ferry returns to Lunden harbour\n\nThe old ferry returned to the harbour on Monday after repairs, the port said. "
    b"It had been away for two years.\n"
)
# A cold server migrates its database before it answers; a scheduled run is found and started by polling loops.
SERVER_SECONDS = 300


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "ferry.txt").write_bytes(PAGE)
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own for Prefect, so that the test meets it as on a fresh machine."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return {**clean, "PREFECT_HOME": str(tmp_path / "prefect")}


@pytest.mark.slow
def test_the_flow_and_the_direct_run_publish_the_same_tables(
    dump: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    command = [
        sys.executable,
        "-m",
        "cuttings",
        "run",
        str(dump),
        "--warehouse",
        str(tmp_path / "flow"),
        "--no-trust-mtime",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=SERVER_SECONDS)
    assert done.returncode == 0, done.stderr
    assert "published generation" in done.stdout
    assert done.stderr.count("reading the sources") == 1, "every line of progress is said once"
    pipeline.run(Config(sources=(dump,), warehouse=tmp_path / "direct", trusts_mtime=False))
    assert parquet_digests(tmp_path / "flow") == parquet_digests(tmp_path / "direct")
    with closing(sqlite3.connect(tmp_path / "prefect" / "prefect.db")) as records:
        assert records.execute("select state_type from flow_run").fetchall() == [("COMPLETED",)]
        tasks = records.execute("select name, state_type from task_run").fetchall()
    assert {state for _, state in tasks} == {"COMPLETED"}
    assert {name.rpartition("-")[0] for name, _ in tasks} >= {"scan", "cut", "assemble", "audit", "publish"}


@pytest.mark.slow
def test_a_scheduled_run_fires_and_publishes(dump: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    warehouse = tmp_path / "scheduled"
    command = [sys.executable, "-m", "cuttings", "schedule", str(dump), "--warehouse", str(warehouse), "--every", "5s"]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        try:
            deadline = time.monotonic() + SERVER_SECONDS
            while not (warehouse / "CURRENT").exists():
                assert server.poll() is None, (tmp_path / "log").read_text()
                assert time.monotonic() < deadline, (tmp_path / "log").read_text()
                time.sleep(0.5)
        finally:
            server.send_signal(signal.SIGINT)
            try:
                assert server.wait(timeout=120) == 0, "an interrupt must end the schedule"
            finally:
                # The session is this test's own: whatever the schedule started ends with it.
                with suppress(ProcessLookupError):
                    os.killpg(server.pid, signal.SIGKILL)
    with cuttings.open(warehouse) as opened:
        assert opened.table("pages").collect().height == 1


def parquet_digests(warehouse: Path) -> dict[str, str]:
    """The Parquet files of a warehouse's generation that carry no clock, with their digests."""
    with cuttings.open(warehouse) as opened:
        return {
            name: entry.sha256
            for name, entry in opened.manifest.files.items()
            if name.endswith(".parquet") and name.split("/")[0] not in ("runs", "checks")
        }


# What a server of one run answers and what it does not: status codes of requests to its own address.
ROUTES = """
import os, urllib.error, urllib.request
from cuttings.resources import load_module
with load_module("flows", "server").own_server():
    for route in ("flows", "task_runs", "deployments", "work_pools"):
        request = urllib.request.Request(
            f"{os.environ['PREFECT_API_URL']}/{route}/filter", b"{}", {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as answer:
                print(route, answer.status)
        except urllib.error.HTTPError as error:
            print(route, error.code)
os._exit(0)
"""


@pytest.mark.slow
def test_a_server_of_one_run_has_the_routes_of_runs_only(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-u", "-c", ROUTES],
        capture_output=True, text=True, check=False, env={**PREFECT_DEFAULTS, **environment}, timeout=SERVER_SECONDS,
    )  # fmt: skip
    answers = dict(line.split() for line in done.stdout.splitlines() if line.count(" ") == 1)
    assert answers == {"flows": "200", "task_runs": "200", "deployments": "404", "work_pools": "404"}, done.stderr
