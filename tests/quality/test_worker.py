"""The process of the audit: started early, taken once, never left behind; and what it leaves out of its imports."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from cuttings.quality import auditor, started_early

worker = import_module("cuttings.quality.worker")
expect = import_module("cuttings.quality.expect")


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Those that are started, each waiting for a question that it does not understand."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-S", "-c", "import sys; sys.stdin.read()"]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        return started[-1]

    monkeypatch.setattr(worker, "_started", start)
    return started


def test_a_process_that_was_started_early_is_the_first_auditor(processes: list[subprocess.Popen[bytes]]) -> None:
    with started_early():
        with auditor():
            assert len(processes) == 1
        with auditor():
            assert len(processes) == 2
    assert [process.poll() for process in processes] == [-9, -9]


def test_a_process_that_nobody_asked_for_ends(processes: list[subprocess.Popen[bytes]]) -> None:
    with pytest.raises(ZeroDivisionError), started_early():
        1 / 0  # noqa: B018 - a run that fails before it audits
    assert [process.poll() for process in processes] == [-9]
    assert worker._early == []


def test_what_is_left_out_is_empty_for_the_block_alone() -> None:
    names = ("no_such_library", "no_such_library.part", "json")
    with expect._left_out(names, ("sqlite3.dump", "json")):
        assert vars(import_module("no_such_library"))["part"] is import_module("no_such_library.part")
        assert import_module("json").dumps([1]) == "[1]"  # was there already, and stays what it is
        with pytest.raises(ImportError):
            import_module("sqlite3.dump")
    assert "json" in sys.modules
    assert import_module("sqlite3.dump")
    with pytest.raises(ModuleNotFoundError):
        import_module("no_such_library")
