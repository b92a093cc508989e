"""P3 on a real file system: ext4 in a loop device, whose writer is killed and whose disk is copied as it is.

The copy holds what had been forced to the disk, and by chance some of what had not: a loss of power. It is mounted,
which replays the journal as after a restart, and must hold what was acknowledged.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from cuttings import store
from tests.reliability.trials import IS_TORTURE, trials

IMAGE_BYTES = 48 << 20
OPTIONS = "loop,commit=1,noauto_da_alloc"
SEED = 3
LONGEST_SECONDS = 1.5  # after the first publish; the file system writes its journal every second
WRITER = """
import itertools, os, sys
from pathlib import Path
if sys.argv[2] == "forgets_sync":
    os.fsync = lambda fd: None
import toy
for state in itertools.count(1):
    toy.publish(Path(sys.argv[1]), state)
    print(state, flush=True)
"""


def run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (command, done.stderr)


@contextmanager
def mounted(image: Path, place: Path) -> Iterator[Path]:
    run("mount", "-o", OPTIONS, image, place)
    try:
        yield place
    finally:
        run("umount", place)


@pytest.fixture
def empty_image(tmp_path: Path) -> Path:
    """A new file system, where this machine allows to mount one."""
    if not IS_TORTURE:
        pytest.skip("a part of make torture; the model of a disk in test_power_loss.py stands for it")
    if os.geteuid() or not all(map(shutil.which, ("mkfs.ext4", "mount", "umount"))):
        pytest.skip("only root can mount a file system")
    image, place = tmp_path / "empty.img", tmp_path / "place"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(IMAGE_BYTES)
    run("mkfs.ext4", "-q", "-F", image)
    if subprocess.run(["mount", "-o", OPTIONS, image, place], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not allow loop mounts")
    run("umount", place)
    return image


def power_loss(toy: ModuleType, empty_image: Path, seconds: float, way: str) -> str | None:
    """What is wrong with the warehouse after a loss of power, so long after the first publish; None if nothing is."""
    folder = empty_image.parent
    live, after = folder / "live.img", folder / "after.img"
    shutil.copyfile(empty_image, live)
    with mounted(live, folder / "place") as place:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
        command = [sys.executable, "-c", WRITER, str(place / "warehouse"), way]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as writer:
            assert writer.stdout is not None
            acknowledged = writer.stdout.readline()
            time.sleep(seconds)
            writer.kill()
            shutil.copyfile(live, after)
            acknowledged = ([acknowledged, *writer.stdout.read().split()])[-1].strip()
    with mounted(after, folder / "place") as place:
        try:
            with store.pinned(place / "warehouse") as directory:
                found = toy.states_seen(directory)
            faults = store.verify(place / "warehouse")
        except Exception as error:  # noqa: BLE001 - whatever a reader meets is a failure
            return f"{type(error).__name__}: {error}"
    # One more may be there: published, and killed before it could be said.
    if found not in ({acknowledged}, {str(int(acknowledged) + 1)}):
        return f"acknowledged {acknowledged}, found {found}"
    return str(faults[0]) if faults else None


@pytest.mark.slow
def test_what_is_acknowledged_survives(
    toy: ModuleType, empty_image: Path, record_property: Callable[[str, object], None]
) -> None:
    draw, count = random.Random(SEED), trials(1, 200)
    record_property("trials", count)
    record_property("seed", SEED)
    found = [power_loss(toy, empty_image, draw.uniform(0, LONGEST_SECONDS), "sound") for _ in range(count)]
    assert [fault for fault in found if fault] == []


@pytest.mark.slow
def test_a_writer_that_forgets_to_sync_is_caught(
    toy: ModuleType, empty_image: Path, record_property: Callable[[str, object], None]
) -> None:
    """Negative control."""
    count = trials(1, 20)
    record_property("trials", count)
    assert all(power_loss(toy, empty_image, 0.3, "forgets_sync") for _ in range(count))
