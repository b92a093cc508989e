"""Run a publish with a fault at its nth call to the disk, for every STEPth n; print what was found as JSON.

    python faults.py FOLDER kill|ENOSPC|EIO|EACCES STEP [broken variant]
    python faults.py FOLDER any_moment COUNT            kill it after a random time, so many times

Each trial is a process forked from this one, which has imported everything and published nothing itself. Calls are
counted in Python: the functions of `os` in COUNTED, flock, and the opening and writing of Parquet files.
"""

from __future__ import annotations

import errno
import fcntl
import io
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.compute  # noqa: F401 (a publish would import it in each trial)
import toy

from cuttings import store
from cuttings.errors import StorageError
from cuttings.store import build as building
from cuttings.store import parquet, publish

COUNTED = ("mkdir", "write", "fsync", "rename", "replace", "link", "symlink", "unlink", "rmdir", "chmod")
SUCCESS, NOTHING, DISK, WRONG_ERROR, FAULTLESS = 0, 1, 74, 99, 98
SEED = 2


class Injector:
    """Counts calls and strikes at the nth."""

    def __init__(self, fault: str, strike_at: int) -> None:
        self.fault = fault
        self.strike_at = strike_at
        self.count = 0

    def wrap(self, honest: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            self.tick()
            return honest(*arguments, **options)

        return counted

    def tick(self) -> None:
        self.count += 1
        if self.count != self.strike_at:
            return
        if self.fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        number = getattr(errno, self.fault)
        raise OSError(number, os.strerror(number))

    def install(self) -> None:
        for name in COUNTED:
            setattr(os, name, self.wrap(getattr(os, name)))
        fcntl.flock = self.wrap(fcntl.flock)
        honest = parquet.Path.open
        injector = self

        class CountedFile(io.FileIO):
            def write(self, data: Any) -> int:
                injector.tick()
                return super().write(data)

        def counted_open(path: Path, mode: str = "r", *rest: Any, **options: Any) -> Any:
            if mode == "xb":
                injector.tick()
                return io.BufferedWriter(CountedFile(path, mode))
            return honest(path, mode, *rest, **options)

        parquet.Path.open = counted_open  # type: ignore[method-assign, assignment]


def commit_first() -> None:
    """Broken: the pointer is flipped before the generation is there."""
    honest = building.Build.publish

    def broken(self: Any, *arguments: Any, **options: Any) -> Any:
        publish.commit(self._layout, self.generation_id)
        return honest(self, *arguments, **options)

    building.Build.publish = broken  # type: ignore[method-assign]


def no_recovery() -> None:
    """Broken: what a killed run left is not removed."""
    publish._recover = lambda layout, keep: None


def silent() -> None:
    """Broken: an error of the disk is swallowed."""
    honest = toy.publish

    def broken(*arguments: Any, **options: Any) -> bool:
        try:
            return honest(*arguments, **options)
        except StorageError:
            return True

    toy.publish = broken


BROKEN = {"commit_first": commit_first, "no_recovery": no_recovery, "silent": silent}


def forked(action: Callable[[], int]) -> int:
    """Exit status of an action in a process of its own; negative signal when it was killed."""
    pid = os.fork()
    if pid == 0:
        status = WRONG_ERROR
        try:
            status = action()
        except BaseException as error:  # noqa: BLE001 (the process ends here, and says why)
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
        finally:
            sys.stderr.flush()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def faulty(warehouse: Path, fault: str, strike_at: int) -> int:
    injector = Injector(fault, strike_at)
    injector.install()
    try:
        changed = toy.publish(warehouse, 3)
    except StorageError:
        return DISK
    return FAULTLESS if injector.count < strike_at else SUCCESS if changed else NOTHING


def aftermath(warehouse: Path, expected: dict[str, str], status: int) -> int:
    """Check the warehouse after a fault; a wrong state is an assertion that names it."""
    with store.pinned(warehouse) as directory:
        seen = toy.states_seen(directory)
    assert seen in ({"2"}, {"3"}), f"published: {seen}"
    if status == SUCCESS:
        assert seen == {"3"}, "success was claimed and the state is the old one"
    assert store.verify(warehouse) == []
    toy.publish(warehouse, 3)
    found = toy.tree(warehouse)
    assert found == expected, f"after the rerun: {set(found.items()) ^ set(expected.items())}"
    before = toy.stamps(warehouse)
    assert toy.publish(warehouse, 3) is False
    assert toy.stamps(warehouse) == before, "the third run wrote something"
    return SUCCESS


def build(warehouse: Path, states: tuple[int, ...]) -> int:
    """Publish states one after the other."""
    for state in states:
        toy.publish(warehouse, state)
    return SUCCESS


def main(folder: Path, fault: str, step: int, variant: str | None = None) -> dict[str, Any]:
    assert forked(partial(build, folder / "before", (1, 2))) == SUCCESS
    assert forked(partial(build, folder / "after", (1, 2, 3))) == SUCCESS
    expected = toy.tree(folder / "after")
    if variant:
        BROKEN[variant]()
    failures: list[str] = []
    trial_count = 0
    for strike_at in range(step, 10_000, step):
        warehouse = folder / "trial"
        shutil.copytree(folder / "before", warehouse, symlinks=True)
        status = forked(partial(faulty, warehouse, fault, strike_at))
        if status == FAULTLESS:
            break
        trial_count += 1
        honest_end = -signal.SIGKILL if fault == "kill" else DISK
        if status not in (honest_end, SUCCESS):
            failures.append(f"{fault} at {strike_at}: ended with {status}")
        elif forked(partial(aftermath, warehouse, expected, status)) != SUCCESS:
            failures.append(f"{fault} at {strike_at}: wrong state afterwards")
        shutil.rmtree(warehouse)
    return {"trials": trial_count, "failures": failures}


def kill_at_any_moment(folder: Path, count: int) -> dict[str, Any]:
    """A process that publishes is killed after a random time of about as long as it takes."""
    assert forked(partial(build, folder / "before", (1, 2))) == SUCCESS
    started = time.monotonic()
    assert forked(partial(build, folder / "after", (1, 2, 3))) == SUCCESS
    longest = (time.monotonic() - started) / 2
    expected, draw, warehouse = toy.tree(folder / "after"), random.Random(SEED), folder / "trial"
    failures: list[str] = []
    for _ in range(count):
        shutil.copytree(folder / "before", warehouse, symlinks=True)
        pid, seconds = os.fork(), draw.uniform(0, longest)
        if pid == 0:
            toy.publish(warehouse, 3)
            os._exit(SUCCESS)
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if forked(partial(aftermath, warehouse, expected, NOTHING if ended else SUCCESS)) != SUCCESS:
            failures.append(f"killed after {seconds} s: wrong state afterwards")
        shutil.rmtree(warehouse)
    return {"trials": count, "failures": failures}


if __name__ == "__main__":
    if sys.argv[2] == "any_moment":
        print(json.dumps(kill_at_any_moment(Path(sys.argv[1]), int(sys.argv[3]))))
    else:
        print(json.dumps(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), *sys.argv[4:5])))
