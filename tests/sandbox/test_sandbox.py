"""Whatever a call does, its worker dies of it and not the caller, who is told of what; the next call works."""

from __future__ import annotations

import errno
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cuttings.sandbox import Descriptor, Limits, Sandbox, WorkerDiedError, sandbox
from tests.sandbox import victims

MIB = 1 << 20
SMALL = Limits(
    resident_bytes=96 * MIB, reusable_bytes=64 * MIB, data_bytes=1024 * MIB, cpu_seconds=1, wall_seconds=20,
    file_bytes=MIB, open_files=32, answer_bytes=64 * MIB,
)  # fmt: skip


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with Sandbox(SMALL) as opened:
        yield opened


def reason_of(opened: Sandbox, function: Callable[..., Any], *arguments: object) -> str:
    with pytest.raises(WorkerDiedError) as caught:
        opened.call(function, *arguments)
    assert opened.call(victims.double, 21) == 42, "the next call starts a new worker"
    return caught.value.reason


@pytest.mark.parametrize(
    ("function", "arguments", "reason"),
    [
        (victims.segfault, (), "SIGSEGV"),
        (victims.kill_self, (signal.SIGKILL,), "SIGKILL"),
        (victims.kill_self, (signal.SIGBUS,), "SIGBUS"),
        (victims.abort_without_memory, (), "out_of_memory"),
        (victims.allocate_without_end, (), "out_of_memory"),
        (victims.loop, (), "SIGXCPU"),
        (victims.leave, (3,), "exit_3"),
        (victims.leave_at_once, (4,), "exit_4"),
        (victims.leave_at_once, (0,), "exit_0"),
        (victims.leave_a_fork_and_die, (), "exit_5"),
        (victims.panic, (), "Panic"),
        (victims.blob, (65 * MIB,), "answer_too_large"),
        (victims.answer_that_cannot_be_pickled, (), "SIGABRT"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_death_has_a_name(shared: Sandbox, function: Callable[..., Any], arguments: Any, reason: str) -> None:
    assert reason_of(shared, function, *arguments) == reason


def test_the_address_space_is_bounded_too() -> None:
    """One allocation larger than the bound fails before a byte of it is touched."""
    with Sandbox(Limits(data_bytes=64 * MIB)) as opened:
        assert reason_of(opened, victims.allocate, 80 * MIB) == "out_of_memory"
        assert opened.peak_bytes < 64 * MIB


@pytest.mark.parametrize("function", [victims.sleep_for_ever, victims.hang_up, victims.ignore_everything])
def test_the_wall_clock_ends_what_uses_no_time(function: Callable[..., Any]) -> None:
    # Long enough for the start of the next worker on a machine with other work.
    with Sandbox(Limits(wall_seconds=2.5, cpu_seconds=1000)) as opened:
        started = time.monotonic()
        assert reason_of(opened, function) == ("hung_up" if function is victims.hang_up else "timeout")
        assert time.monotonic() - started < 15


def test_memory_is_bounded_while_it_grows(shared: Sandbox) -> None:
    reason_of(shared, victims.allocate_without_end)
    assert shared.peak_bytes <= SMALL.resident_bytes + 32 * MIB


def test_what_is_printed_stands_in_no_answer(shared: Sandbox) -> None:
    assert shared.call(victims.fill_stdout) == "said"
    with pytest.raises(WorkerDiedError) as caught:
        shared.call(victims.abort_without_memory)
    assert b"memory allocation" in caught.value.printed
    assert len(caught.value.printed) <= 2000


def test_exceptions_are_passed_on_and_the_worker_stays(shared: Sandbox) -> None:
    before = shared.call(victims.pid)
    with pytest.raises(ValueError, match="told you") as caught:
        shared.call(victims.raise_value_error)
    assert caught.value.args == ("told you", 7)
    with pytest.raises(RuntimeError, match="UnpicklableError: no way home"):
        shared.call(victims.raise_unpicklable)
    with pytest.raises(RecursionError):
        shared.call(victims.recurse)
    with pytest.raises(FileNotFoundError):
        shared.call(victims.read_descriptor.__globals__["Path"].read_bytes, Path("/nowhere/at/all"))
    assert shared.call(victims.pid) == before


def is_gone(pid: int) -> bool:
    """The process has ended; who has to take its exit code may not have done so yet."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_no_process_is_left() -> None:
    with Sandbox(SMALL) as opened:
        worker, child = opened.call(victims.pid), opened.call(victims.leave_a_child)
        assert not Path(f"/proc/{child}").exists() or Path(f"/proc/{child}/stat").exists()
    assert is_gone(worker)
    assert is_gone(child)


def test_a_worker_gets_no_file_of_the_caller(tmp_path: Path, shared: Sandbox) -> None:
    secret = tmp_path / "lock"
    secret.write_bytes(b"locked")
    fd = os.open(secret, os.O_RDWR)
    os.set_inheritable(fd, True)
    try:
        with Sandbox(SMALL) as opened:
            assert not [name for name in opened.call(victims.descriptors) if "lock" in name]
            assert opened.call(victims.read_descriptor, Descriptor(fd), 3) == b"loc"
            assert not [name for name in opened.call(victims.descriptors) if "lock" in name], "closed after the call"
    finally:
        os.close(fd)


def test_files_are_bounded(tmp_path: Path, shared: Sandbox) -> None:
    shared.call(victims.write_file, tmp_path / "small", MIB)
    with pytest.raises(OSError, match="large") as caught:
        shared.call(victims.write_file, tmp_path / "large", MIB + 1)
    assert caught.value.errno == errno.EFBIG
    with pytest.raises(OSError, match="Too many open files"):
        shared.call(victims.open_many)
    assert shared.call(victims.limits) == {"RLIMIT_CORE": (0, 0), "RLIMIT_FSIZE": (MIB, MIB)}


def test_items_come_one_by_one(shared: Sandbox) -> None:
    assert list(shared.iterate(victims.count_to, 1000)) == list(range(1000))
    got: list[int] = []
    with pytest.raises(WorkerDiedError, match="SIGSEGV"):
        got.extend(shared.iterate(victims.count_to, 5, "segfault"))
    assert got == list(range(5)), "what came before the death is kept"
    with pytest.raises(ValueError, match="after all"):
        list(shared.iterate(victims.count_to, 5, "raise"))
    for number in shared.iterate(victims.count_to, 10**9):
        if number == 3:
            break
    assert shared.call(victims.double, 1) == 2


def test_each_item_has_its_own_time(shared: Sandbox) -> None:
    """Three items of 0.7 s each, with one second allowed for one."""
    assert list(shared.iterate(victims.spin_between, 3, 0.7)) == [0, 1, 2]


def test_large_values_go_both_ways(shared: Sandbox) -> None:
    assert shared.call(victims.length, bytes(20 * MIB)) == 20 * MIB
    assert len(shared.call(victims.blob, 20 * MIB)) == 20 * MIB


def test_a_worker_that_has_grown_is_replaced() -> None:
    with Sandbox(SMALL) as opened:
        first = opened.call(victims.pid)
        opened.call(victims.allocate, 70 * MIB)
        assert opened.call(victims.pid) != first


def test_nothing_is_imported_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dump may well hold a file called `pickle.py`."""
    for name in ("pickle", "resource", "json", "hostile"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(66)")
    monkeypatch.chdir(tmp_path)
    with Sandbox(SMALL) as opened:
        assert not opened.call(victims.imported_from, "json").startswith(str(tmp_path))
        with pytest.raises(ModuleNotFoundError):
            opened.call(victims.imported_from, "hostile")


def test_fifty_deaths_in_a_row() -> None:
    """Any order of deaths, each followed by work; no descriptor and no process stays behind."""
    deadly = [
        (victims.segfault, "SIGSEGV"), (victims.leave_a_fork_and_die, "exit_5"), (victims.panic, "Panic"),
        (victims.abort_without_memory, "out_of_memory"), (victims.hang_up, "hung_up"),
    ]  # fmt: skip
    chance = random.Random(5)
    before = len(os.listdir("/proc/self/fd"))
    with Sandbox(Limits(wall_seconds=30)) as opened:
        pids = set()
        for number in range(50):
            function, reason = chance.choice(deadly[:4]) if number % 25 else deadly[4]
            assert opened.call(victims.double, number) == 2 * number
            pids.add(opened.call(victims.pid))
            with pytest.raises(WorkerDiedError) as caught:
                opened.call(function)
            assert caught.value.reason == reason
    assert len(pids) == 50
    assert len(os.listdir("/proc/self/fd")) == before
    assert all(is_gone(pid) for pid in pids)


def test_control_without_the_watch_memory_is_found_unbounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox that does not look: the test of memory above must see the difference."""
    monkeypatch.setattr(sandbox._Worker, "resident_bytes", lambda self: 0)
    with Sandbox(SMALL) as opened:
        assert opened.call(victims.allocate, 160 * MIB) > SMALL.resident_bytes
