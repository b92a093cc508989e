"""A publish that is killed, or that the disk fails, at each of its calls: the old state or the new, and a clean rerun.

Every trial: the fault; the published generation verifies; a rerun gives the very tree of an undisturbed history; a
third run writes nothing. Every point is tried when CUTTINGS_TORTURE is set, a share of them otherwise.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.trials import IS_TORTURE, trials


def run_faults(folder: Path, fault: str, number: int, *variant: str) -> dict[str, Any]:
    """What `faults.py` prints, and what it says of failures."""
    script = Path(__file__).with_name("faults.py")
    command = [sys.executable, str(script), str(folder), fault, str(number), *variant]
    environment = {**os.environ, "POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return {**json.loads(done.stdout), "said": done.stderr}


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "step"), [("kill", 3), ("ENOSPC", 7), ("EIO", 8), ("EACCES", 25)])
def test_a_fault_at_any_call_leaves_the_old_state_or_the_new(
    tmp_path: Path, fault: str, step: int, record_property: Callable[[str, object], None]
) -> None:
    found = run_faults(tmp_path, fault, 1 if IS_TORTURE else step)
    record_property("trials", found["trials"])
    assert found["failures"] == [], found["said"]
    # Fewer points than this: the calls are no longer those that are counted, and nothing is being tested.
    assert found["trials"] >= 80 // (1 if IS_TORTURE else step)


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """The moments between the calls, by lot."""
    count = trials(5, 3_000)
    record_property("trials", count)
    record_property("seed", 2)
    found = run_faults(tmp_path, "any_moment", count)
    assert found["failures"] == [], found["said"]


@pytest.mark.slow
@pytest.mark.parametrize("variant", ["commit_first", "no_recovery", "silent"])
def test_a_broken_publish_is_caught(tmp_path: Path, variant: str) -> None:
    """Negative controls: a pointer flipped too early, a recovery that leaves litter, an error taken for success."""
    fault, step = {"commit_first": ("kill", 9), "no_recovery": ("kill", 9), "silent": ("ENOSPC", 9)}[variant]
    assert run_faults(tmp_path, fault, step, variant)["failures"]
