"""CPU time of lexing, measuring, features and scores over a folder of text pages.

usage: POLARS_MAX_THREADS=1 line_model_speed.py FOLDER [GLOB]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from cuttings.pages.features import feature_chunks
from cuttings.pages.lines import lex
from cuttings.pages.measures import measure
from cuttings.pages.model import score_lines

ROUNDS = 5


def cpu_seconds(step: Callable[[], object]) -> float:
    """The least of some rounds: other programs on the machine only ever add."""
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        step()
        times.append(time.process_time() - started)
    return min(times)


def main() -> None:
    folder, pattern = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "*.txt"
    raws = [path.read_bytes() for path in sorted(folder.rglob(pattern))]
    size = sum(map(len, raws))
    lexed = lex(raws)
    measures = measure(lexed)
    seconds = {
        "lex": cpu_seconds(lambda: lex(raws)),
        "measure": cpu_seconds(lambda: measure(lexed)),
        "features": cpu_seconds(lambda: list(feature_chunks(lexed, measures))),
    }
    seconds["scores"] = cpu_seconds(lambda: score_lines(lexed, measures)) - seconds["features"]
    total = sum(seconds.values())
    print(
        f"{len(raws)} pages, {size / 1e6:.1f} MB, {lexed.lines.height} lines: {size / total / 1e6:.1f} MB a CPU-second"
    )
    for name, value in seconds.items():
        print(f"  {name:9s}{value:7.3f} s {1e9 * value / size:6.1f} ns a byte")


if __name__ == "__main__":
    main()
