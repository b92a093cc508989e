"""P13: order, threads, locale, time zone, hash seed and clock change no byte of a table."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reliability.trials import IS_TORTURE, trials

THREADS = ("1", "2", "8")
LOCALES = ("C", "tr_TR.UTF-8", "C.UTF-8")  # a machine without one of them takes C for it
ZONES = ("UTC", "Asia/Kolkata")
CLOCKS = ("", "-10y", "+40d")
ALL = [*itertools.product(THREADS, LOCALES, ZONES)]
SEED = 0
RUNS_A_PROCESS = 12


@pytest.mark.slow
def test_the_surroundings_change_nothing(
    samples: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Processes of other settings; each of their runs takes the objects in an order of its own."""
    count = trials(2, 500)
    processes = max(2, count // RUNS_A_PROCESS)
    runs = -(-count // processes)  # at least as many trials as were asked for
    draw = random.Random(SEED)
    chosen = [ALL[0], ALL[-1], *draw.choices(ALL, k=processes)][:processes]
    record_property("trials", processes * runs)
    record_property("seed", SEED)
    digests = [
        run(samples / "meridian", tmp_path / str(number), number, *one, count=runs) for number, one in enumerate(chosen)
    ]
    assert [len(of_one) for of_one in digests] == [runs] * processes
    assert len({digest for of_one in digests for digest in of_one}) == 1


@pytest.mark.slow
def test_the_clock_changes_nothing(
    samples: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    if not IS_TORTURE:
        pytest.skip("a part of make torture")
    if shutil.which("faketime") is None:
        pytest.skip("faketime is not installed: make faketime")
    record_property("trials", len(CLOCKS))
    digests = [
        run(samples / "meridian", tmp_path / str(number), SEED, "1", "C", "UTC", clock)
        for number, clock in enumerate(CLOCKS)
    ]
    assert len({digest for of_one in digests for digest in of_one}) == 1


def run(
    source: Path, folder: Path, seed: int, threads: str, locale: str, zone: str, clock: str = "", count: int = 1
) -> list[str]:
    """The digest of the tables of each of `count` runs in one process."""
    environment = {
        **os.environ, "POLARS_MAX_THREADS": threads, "OMP_NUM_THREADS": threads, "LC_ALL": locale, "LANG": locale,
        "TZ": zone, "PYTHONHASHSEED": str(random.Random(seed).randrange(2**32)), "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    script = str(Path(__file__).with_name("isolated.py"))
    command = [sys.executable, script, str(source), str(folder), str(seed), str(count), *(["clock"] if clock else [])]
    if clock:
        command = ["faketime", "-f", clock, *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()
