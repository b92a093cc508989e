"""P7: the memory of a run over very many tiny files."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reliability.trials import IS_TORTURE, SHARE

PROJECT = Path(__file__).resolve().parents[2]
MIB = 1 << 20
FEW, MANY = 4_000, 12_000
# Measured: none, as what is written in slices weighs more; 2,800 with slices that hold these tables whole, and 4,300
# between 20,000 and 60,000 files before there were any.
BYTES_A_FILE = 1_100
ALL_OF_THEM = 1_000_000
FILES_A_FOLDER = 1_000


def write_dump(folder: Path, count: int) -> Path:
    """Files of one size, each with an article of its own."""
    for number in range(count):
        place = folder / f"{number // FILES_A_FOLDER:04}"
        if number % FILES_A_FOLDER == 0:
            place.mkdir(parents=True)
        text = f"Council votes on plan {number:07}\n\nThe council of ward {number:07} met on Monday and voted.\n"
        (place / f"page-{number:07}.txt").write_text(text, encoding="utf-8")
    return folder


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PROJECT), "POLARS_MAX_THREADS": "1"}


def test_memory_hardly_grows_with_the_number_of_files(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("trials", 2)
    program = [sys.executable, "-P", str(Path(__file__).with_name("many.py"))]
    dumps = {count: write_dump(tmp_path / f"dump-{count}", count) for count in (FEW, MANY)}
    runs = {
        count: subprocess.Popen(
            [*program, dump, tmp_path / f"warehouse-{count}"], env=environment(), stdout=subprocess.PIPE
        )
        for count, dump in dumps.items()
    }
    peaks = {count: int(run.communicate(timeout=300)[0]) for count, run in runs.items()}
    growth = (peaks[MANY] - peaks[FEW]) / (MANY - FEW)
    assert growth < BYTES_A_FILE, f"{growth:.0f} bytes a file"


@pytest.mark.slow
def test_very_many_files_fit_in_a_gibibyte(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """Of each process; a whole run with its workers, its audit and its database."""
    if not IS_TORTURE:
        pytest.skip("a part of make torture")
    count = round(SHARE * ALL_OF_THEM)
    record_property("trials", 1)
    dump = write_dump(tmp_path / "dump", count)
    options = ["--warehouse", str(tmp_path / "warehouse"), "--no-prefect"]
    run = subprocess.Popen([sys.executable, "-m", "cuttings", "run", str(dump), *options], env=environment())
    peaks: dict[int, int] = {}
    ended = threading.Event()
    watch = threading.Thread(target=note_peaks, args=(run.pid, peaks, ended))
    watch.start()
    try:
        assert run.wait() == 0
    finally:
        run.kill()
        ended.set()
        watch.join()
    assert max(peaks.values()) < 1024 * MIB


def note_peaks(pid: int, peaks: dict[int, int], ended: threading.Event) -> None:
    """Keep the most memory that a process, and each process below it, was seen to have held, in bytes."""
    while not ended.wait(0.5):
        for one in family(pid):
            try:
                status = Path(f"/proc/{one}/status").read_text()
            except OSError:
                continue  # it ended
            held = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
            peaks[one] = max(peaks.get(one, 0), 1024 * int(held.split()[1]))


def family(pid: int) -> list[int]:
    """A process and those below it."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        below = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(one for child in below for one in family(child))]
