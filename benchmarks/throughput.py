"""Throughput of each stage in MB of text per CPU-second, on a dump generated here.

    python -m benchmarks.throughput [--megabytes 40] [--labelled]

CPU-seconds are user and system time of this process and its threads; compare the stages of one run with each other,
not with another machine's. The dump is made of the shipped samples: each copy of a page has its own numbers written
into it, so that every page is distinct; with `--labelled` it is made of the composed pages of the labelled set, where
that stands beside the project. The first batch is cut while the process has nothing ready yet, as a worker's is; then
every batch is cut LOOKS times, and the best counts, as other programs disturb the clock.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, TypeVar

import polars as pl

from cuttings import corpus, sources
from cuttings.config import Config
from cuttings.pages import CutTables, cut_pages
from cuttings.pages.lines import lex
from cuttings.pages.model import score_lines
from cuttings.resources import resource_dir
from cuttings.store.parquet import write_tables

LABELLED: Final = Path(__file__).resolve().parents[1] / "../shared/eval/multi"
LOOKS: Final = 3
_Result = TypeVar("_Result")


def main() -> None:
    arguments = argparse.ArgumentParser(description="measure the throughput of each stage")
    arguments.add_argument("--megabytes", type=float, default=40.0, help="size of the generated dump")
    arguments.add_argument("--labelled", action="store_true", help=f"cut the pages of {LABELLED.name} instead")
    options = arguments.parse_args()
    if options.labelled and not LABELLED.is_dir():
        arguments.error("the labelled pages do not stand beside the project")
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "dump"
        size = copy_labelled(dump) if options.labelled else write_dump(dump, int(options.megabytes * 1e6))
        clock = Clock(size)
        scan = clock("scan (list, read, hash)", sources.scan, Config(sources=(dump,), warehouse=Path(folder) / "w"))
        batches = clock("read again in batches", lambda: [batch.raws for batch in scan.batches()])
        clock("cut, first batch", cut_pages, batches[0], size_bytes=sum(map(len, batches[0])))
        cut: list[CutTables] = []
        for raws in batches:
            cut.append(clock("cut (all of it)", cut_pages, raws, looks=LOOKS))
            lexed = clock("  of which: lex", lex, raws, looks=LOOKS)
            clock("  of which: line model", score_lines, lexed, looks=LOOKS)
        whole = CutTables(*(pl.concat([getattr(part, field.name) for part in cut]) for field in fields(CutTables)))
        tables = clock("date and match (corpus)", corpus.assemble, whole, scan.files)
        stages = ("scan (list, read, hash)", "read again in batches", "cut (all of it)", "date and match (corpus)")
        clock.total("reading, lexing, cutting and dating", stages)
        quarantine = corpus.conform("quarantine", scan.quarantine)
        clock("write Parquet", write_tables, Path(folder) / "tables", {**tables, "quarantine": quarantine})
        clock.report(pages=whole.pages.height, segments=whole.segments.height)


class Clock:
    """Adds up CPU-seconds by stage."""

    def __init__(self, size_bytes: int) -> None:
        self._size_bytes = size_bytes
        self._sizes: dict[str, int] = {}
        self._seconds: dict[str, float] = {}

    def __call__(
        self, stage: str, function: Callable[..., _Result], *arguments: Any, looks: int = 1, size_bytes: int = 0
    ) -> _Result:
        """The result of the function; the best of several looks counts, for so much text or for that of the dump."""
        best = float("inf")
        for _ in range(looks):
            start = time.process_time()
            result = function(*arguments)
            best = min(best, time.process_time() - start)
        self._seconds[stage] = self._seconds.get(stage, 0.0) + best
        self._sizes[stage] = size_bytes or self._size_bytes
        return result

    def total(self, name: str, stages: tuple[str, ...]) -> None:
        self._seconds[f"= {name}"] = sum(self._seconds[stage] for stage in stages)
        self._sizes[f"= {name}"] = self._size_bytes

    def report(self, **counts: int) -> None:
        print(f"{self._size_bytes / 1e6:.1f} MB, " + ", ".join(f"{count:,} {name}" for name, count in counts.items()))
        for stage, seconds in self._seconds.items():
            print(f"{stage:40} {self._sizes[stage] / 1e6 / max(seconds, 1e-9):8.1f} MB per CPU-second")
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


def copy_labelled(folder: Path) -> int:
    """Copy the composed pages of the labelled set; return their size."""
    folder.mkdir(parents=True)
    return sum(Path(shutil.copy(page, folder)).stat().st_size for page in sorted(LABELLED.glob("*.txt")))


def write_dump(folder: Path, size_bytes: int) -> int:
    """Write distinct pages of about `size_bytes` in all; return the exact size."""
    folder.mkdir(parents=True)
    written = 0
    for number, raw in enumerate(pages()):
        if written >= size_bytes:
            break
        (folder / f"{number:06}.txt").write_bytes(raw)
        written += len(raw)
    return written


def pages() -> Iterator[bytes]:
    """The readable sample pages, over and over, each copy with its own number in front of every full stop."""
    originals = []
    for path in sorted((resource_dir("samples") / "dumps").rglob("*.txt")):
        try:
            originals.append(path.read_bytes().decode("utf-8").encode())
        except UnicodeDecodeError:
            continue
    copy = 0
    while True:
        for raw in originals:
            yield raw.replace(b". ", b" %d. " % copy)
        copy += 1


if __name__ == "__main__":
    main()
