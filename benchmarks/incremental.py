"""Wall-clock time of a first run, of a run with nothing to do, and of a run after one file of many changed.

    python -m benchmarks.incremental [--files 20000] [--days 1] [--no-prefect] [--keep DIR]

The dump is generated here, of invented words: small to ordinary pages of 60 sites, with a date, a body, furniture that
repeats across the site and up to four related articles that other pages share. `--days 1` is the hard case, in which
all pages have one day of capture, so that the day of the changed page is the whole dump. Each run is the real command
in a process of its own; `-v` shows when each line of its progress was printed.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SITES = 60
VOCABULARY = 12_000
_BYLINES = ("By Ada Fenwick", "By Tomas Okoro", "By Lin Castell", "By the newsroom")
_MONTHS = ("January", "March", "May", "June", "August", "October")


def words_of(rng: random.Random) -> list[str]:
    """The vocabulary: short words are frequent, as in any language."""
    syllables = [a + b for a in "bcdfglmnprstvw" for b in ("a", "e", "i", "o", "u", "an", "er", "is")]
    return ["".join(rng.choices(syllables, k=min(1 + number * 4 // VOCABULARY, 4))) for number in range(VOCABULARY)]


class Writer:
    """Invented news."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._words = words_of(self._rng)
        self._weights = [1 / (20 + rank) for rank in range(VOCABULARY)]
        self._pool = self._rng.choices(self._words, self._weights, k=400_000)

    def sentence(self) -> str:
        at, length = self._rng.randrange(len(self._pool) - 40), self._rng.randint(6, 24)
        return " ".join(self._pool[at : at + length]).capitalize() + "."

    def title(self) -> str:
        at = self._rng.randrange(len(self._pool) - 40)
        return " ".join(self._pool[at : at + self._rng.randint(5, 10)]).capitalize()

    def body(self, paragraphs: int) -> str:
        return "\n\n".join(" ".join(self.sentence() for _ in range(self._rng.randint(1, 4))) for _ in range(paragraphs))

    def pages(self, count: int) -> Iterator[bytes]:
        """`count` pages in UTF-8: 0.4 to about 12 kB, 3 kB in the mean."""
        rng = self._rng
        rail = [
            f"{self.title()}\n{rng.randint(2, 55)} minutes ago\n{self.body(rng.randint(1, 3))}"
            for _ in range(max(count // 4, 1))
        ]
        heads = [["Home", "Latest", *(" ".join(rng.choices(self._words[2_000:], k=2)).title() for _ in range(6))]
                 for _ in range(SITES)]  # fmt: skip
        for number in range(count):
            head = heads[number % SITES]
            date = f"{rng.randint(1, 28)} {rng.choice(_MONTHS)} 2026, {rng.randint(0, 23):02}:{rng.randint(0, 59):02}"
            paragraphs = min(3 + int(rng.expovariate(0.15)), 40)
            parts = ["\n".join(head), self.title(), rng.choice(_BYLINES), date, self.body(paragraphs)]
            if rng.random() < 0.5:
                parts += ["Related articles", *rng.choices(rail, k=rng.randint(1, 4))]
            parts.append("Share this\nAll rights reserved")
            yield ("\n\n".join(parts) + f"\n{number}\n").encode()


def write_dump(folder: Path, file_count: int, days: int) -> int:
    """Write the dump; return its bytes."""
    written = 0
    for number, raw in enumerate(Writer(seed=1).pages(file_count)):
        day = folder / (f"2026-10-{1 + number % days:02}" if days > 1 else f"part-{number % 20:02}")
        day.mkdir(parents=True, exist_ok=True)
        (day / f"page-{number:05}.txt").write_bytes(raw)
        written += len(raw)
    return written


def run(dump: Path, warehouse: Path, options: list[str], is_verbose: bool) -> tuple[float, float, str]:
    """Wall and CPU seconds of `cuttings run`, and the first line it prints."""
    command = [sys.executable, "-m", "cuttings", "run", str(dump), "--warehouse", str(warehouse), *options]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert process.stdout is not None
    for line in process.stderr:
        if is_verbose:
            print(f"    {time.monotonic() - started:6.2f} s  {line.rstrip()}")
    first = process.stdout.readline().rstrip()
    process.stdout.read()
    if process.wait() not in (0, 3):
        raise SystemExit(f"the run failed with exit code {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - started, cpu_seconds, first


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=1, help="days of capture, at most 28")
    parser.add_argument("--no-prefect", action="store_true")
    parser.add_argument("--keep", type=Path, help="generate here once, and leave everything for the next time")
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    options = ["--no-prefect"] if arguments.no_prefect else []
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        dump, warehouse = folder / "dump", folder / "warehouse"
        if not dump.exists():
            size = write_dump(dump, arguments.files, arguments.days)
            os.sync()
            print(f"{arguments.files:,} files, {size / 1e6:.1f} MB, {arguments.days} days of capture")
        first_page = min(dump.rglob("*.txt"))

        def measured(name: str) -> None:
            wall, cpu, said = run(dump, warehouse, options, arguments.verbose)
            print(f"{name:22} {wall:7.2f} s wall  {cpu:7.2f} s CPU   {said}", flush=True)

        measured("first run")
        measured("nothing to do")
        first_page.write_bytes(first_page.read_bytes() + b"One more line, written after the first run.\n")
        measured("one file changed")
        measured("nothing to do again")


if __name__ == "__main__":
    main()
