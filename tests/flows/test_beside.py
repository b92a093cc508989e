"""The run's end of its flow: what it tells, what it waits for, and what becomes of it when Prefect fails."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from cuttings.errors import StorageError
from flows import beside

# Keeps what it is told, and answers as a flow does.
LISTENER = """
import os, sys
out = os.fdopen(1, "w")
with open({path!r}, "w") as heard:
    for line in sys.stdin:
        heard.write(line)
        if "flow" in line or "begin" in line:
            try: print(file=out, flush=True)
            except OSError: pass
"""


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "heard"
    monkeypatch.setattr(beside, "_COMMAND", LISTENER.format(path=str(path)))
    return path


@pytest.fixture(params=[True, False], ids=["awaited", "alone"])
def is_awaited(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> bool:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    if request.param:
        monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    return bool(request.param)


def divided(dividend: int, divisor: int) -> float:
    return dividend / divisor


def interrupted(flow: beside.FlowBeside) -> None:
    flow.begin({})
    raise KeyboardInterrupt


@pytest.mark.usefixtures("is_awaited")
def test_the_flow_is_told_of_each_step_and_how_it_ended(heard: Path) -> None:
    with beside.FlowBeside() as flow:
        flow.begin({"warehouse": "w"})
        assert flow.call("divide", divided, 6, 3) == 2
        with pytest.raises(ZeroDivisionError):
            flow.call("divide", divided, 1, 0)
        flow.finish()
    assert told(heard) == [
        {"flow": {"warehouse": "w"}},
        {"begin": "divide"},
        {"end": None},
        {"begin": "divide"},
        {"end": "ZeroDivisionError: division by zero"},
        {"finish": None},
    ]


@pytest.mark.usefixtures("is_awaited")
def test_a_run_that_is_stopped_lets_its_flow_fail(heard: Path) -> None:
    with pytest.raises(KeyboardInterrupt), beside.FlowBeside() as flow:
        interrupted(flow)
    assert told(heard) == [{"flow": {}}, {"finish": "KeyboardInterrupt: "}]


def test_a_prefect_that_fails_stops_the_run_only_where_a_server_is_named(
    is_awaited: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(beside, "_COMMAND", "raise SystemExit(1)")
    called: list[str] = []
    if is_awaited:
        with pytest.raises(StorageError, match="Prefect"), beside.FlowBeside() as flow:
            flow.begin({})
        return
    with caplog.at_level(logging.WARNING), beside.FlowBeside() as flow:
        flow.begin({})
        flow.call("note", called.append, "done")
        flow.finish()
    assert called == ["done"]
    assert "missing or incomplete" in caplog.text


def test_a_flow_that_ends_between_two_steps_stops_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setattr(beside, "_COMMAND", "import sys; sys.stdin.readline(); print(flush=True)")
    called: list[str] = []
    with beside.FlowBeside() as flow:
        flow.begin({})
        with pytest.raises(StorageError):
            flow.call("note", called.append, "done")
    assert called == []


def told(heard: Path) -> list[object]:
    return [json.loads(line) for line in heard.read_text().splitlines()]
