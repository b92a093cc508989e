"""Of two runs one proceeds; the other is told at once and touches nothing; a killed one leaves no lock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from cuttings import store
from cuttings.errors import EXIT_BUSY, BusyError

HOLDER = """
import sys, time
from pathlib import Path
from cuttings import store
with store.writer(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""
RACER = """
import os, sys, time
from pathlib import Path
from cuttings import store
from cuttings.errors import BusyError
warehouse, start = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
while not start.exists():
    time.sleep(0.001)
try:
    with store.writer(warehouse):
        probe = os.open(warehouse / "inside", os.O_CREAT | os.O_EXCL)
        time.sleep(0.5)
        os.unlink(warehouse / "inside")
    sys.exit(0)
except BusyError as error:
    sys.exit(error.exit_code)
"""


def test_a_second_run_is_told_at_once(toy: ModuleType, tmp_path: Path) -> None:
    toy.publish(tmp_path, 1)
    with store.writer(tmp_path):
        before = toy.stamps(tmp_path)
        started = time.monotonic()
        with pytest.raises(BusyError, match="another run is writing here; nothing was touched"):
            toy.publish(tmp_path, 2)
        assert time.monotonic() - started < 1
        assert toy.stamps(tmp_path) == before
    assert toy.publish(tmp_path, 2)


@pytest.mark.slow
def test_of_several_at_once_one_proceeds(tmp_path: Path) -> None:
    (tmp_path / "warehouse").mkdir()
    start = tmp_path / "start"
    command = [sys.executable, "-c", RACER, str(tmp_path / "warehouse"), str(start)]
    racers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    start.touch()
    for racer in racers:
        racer.communicate()
    assert sorted(racer.returncode for racer in racers) == [0, EXIT_BUSY, EXIT_BUSY, EXIT_BUSY]


@pytest.mark.slow
def test_a_killed_holder_leaves_no_lock(toy: ModuleType, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BusyError):
            toy.publish(tmp_path, 1)
        os.kill(holder.pid, signal.SIGKILL)
    assert toy.publish(tmp_path, 1)


def test_a_started_program_does_not_inherit_the_lock(toy: ModuleType, tmp_path: Path) -> None:
    with store.writer(tmp_path):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(20)"], close_fds=False)
    try:
        assert toy.publish(tmp_path, 1)
    finally:
        child.kill()
        child.wait()
