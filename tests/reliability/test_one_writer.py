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
from cuttings.errors import BusyError

HOLDER = """
import sys, time
from pathlib import Path
from cuttings import store
with store.writer(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
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
