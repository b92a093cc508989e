"""Whole runs in a process of its own, each on a dump in an order of its own; prints the digest of the tables of each.

python isolated.py SOURCE FOLDER SEED COUNT [clock]

No run is audited; those after the first also leave out what none of these tables hangs on and what takes most of their
time: the worker processes, the database, the history and the report. With `clock` it makes sure first that its clock
is not the system's.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cuttings import pipeline, quality, store
from cuttings.config import Config
from cuttings.sandbox import Sandbox

LEFT_OUT = ("build database", "write history", "write report")


@contextmanager
def auditor() -> Iterator[quality.Auditor]:
    yield lambda generation_dir, run_id, *_: quality.AuditResult(run_id, ())


def booted_at() -> float:
    """When the machine started, as its kernel says: a clock that is moved for one program does not move it."""
    line = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime"))
    return float(line.split()[1])


def lean(name: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """Take a step of a run, unless no table hangs on it."""
    return None if name in LEFT_OUT else function(*arguments)


def call_here(sandbox: Sandbox, function: Callable[..., Any], *arguments: Any) -> Any:
    """Cut in this process."""
    return function(*arguments)


def main(source: Path, folder: Path, seed: int, call: Callable[..., Any] = pipeline.call_directly) -> str:
    copy = folder / "dump"
    files = sorted(path for path in source.rglob("*") if path.is_file())
    random.Random(seed).shuffle(files)  # the order in which a file system lists them, among others
    for path in files:
        place = copy / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    pipeline.run(Config((copy,), folder / "warehouse", trusts_mtime=False), call)
    digest = hashlib.sha256()
    with store.pinned(folder / "warehouse") as directory:
        for path in sorted(directory.rglob("*.parquet")):
            name = path.relative_to(directory)
            if name.parts[0] in ("runs", "checks"):
                continue
            # Without a modification time a file's rows hold nothing that the copying made.
            content = repr(store.scan_table(directory, "files").drop("modified_at").collect().rows()).encode()
            digest.update(f"{name}\0".encode() + (content if name.parts[0] == "files" else path.read_bytes()))
    return digest.hexdigest()


if __name__ == "__main__":
    if sys.argv[5:] and abs(time.time() - float(Path("/proc/uptime").read_text().split()[0]) - booted_at()) < 86_400:
        sys.exit("the clock was not moved")
    quality.auditor = auditor
    source, place, seed, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    print(main(source, place / "0", seed))
    Sandbox.call = call_here  # type: ignore[method-assign]
    for number in range(1, count):
        print(main(source, place / str(number), 1_000 * seed + number, lean))
        shutil.rmtree(place / str(number))
