"""P13: order, threads, locale, time zone and hash seed change no byte of a table."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

IS_TORTURE = "CUTTINGS_TORTURE" in os.environ
THREADS = ("1", "2", "8")
LOCALES = ("C", "tr_TR.UTF-8", "C.UTF-8")
ZONES = ("UTC", "Asia/Kolkata")


@pytest.mark.slow
def test_the_surroundings_change_nothing(
    samples: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    settings = list(itertools.product(THREADS, LOCALES, ZONES))
    chosen = settings if IS_TORTURE else [settings[0], settings[-1]]
    record_property("trials", len(chosen))
    record_property("seed", 0)
    digests = {run(samples / "meridian", tmp_path / str(number), number, *one) for number, one in enumerate(chosen)}
    assert len(digests) == 1


def run(source: Path, folder: Path, seed: int, threads: str, locale: str, zone: str) -> str:
    environment = {
        **os.environ, "POLARS_MAX_THREADS": threads, "OMP_NUM_THREADS": threads, "LC_ALL": locale, "LANG": locale,
        "TZ": zone, "PYTHONHASHSEED": str(random.Random(seed).randrange(2**32)),
    }  # fmt: skip
    command = [sys.executable, str(Path(__file__).with_name("isolated.py")), str(source), str(folder), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout
