"""A whole run without its audit, in a process of its own, on a dump in an order of its own; prints its tables' digest.

python isolated.py SOURCE FOLDER SEED [clock]

With `clock` it makes sure first that its clock is another one than the system's.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cuttings import pipeline, quality, store
from cuttings.config import Config


@contextmanager
def auditor() -> Iterator[quality.Auditor]:
    yield lambda generation_dir, run_id, *_: quality.AuditResult(run_id, ())


def booted_at() -> float:
    """When the machine started, as its kernel says: a clock that is moved for one program does not move it."""
    line = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime"))
    return float(line.split()[1])


def main(source: Path, folder: Path, seed: int) -> str:
    quality.auditor = auditor
    copy = folder / "dump"
    files = sorted(path for path in source.rglob("*") if path.is_file())
    random.Random(seed).shuffle(files)  # the order in which a file system lists them, among others
    for path in files:
        place = copy / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    pipeline.run(Config((copy,), folder / "warehouse", trusts_mtime=False))
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
    if sys.argv[4:] and abs(time.time() - float(Path("/proc/uptime").read_text().split()[0]) - booted_at()) < 86_400:
        sys.exit("the clock was not moved")
    print(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
