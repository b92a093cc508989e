"""A run over very many tiny files in a process of its own; prints the most memory that it held, in bytes.

python many.py SOURCE WAREHOUSE

Cutting is left out: it has workers of its own, whose memory follows the page. Every page, all of one size, gets the
rows of one that was cut, under its own ids. Rows are written in small slices, whose memory is not what grows.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from cuttings import cutting, pipeline, store
from cuttings.config import Config
from cuttings.corpus import Tombstones
from cuttings.crew import PART_LIMITS
from cuttings.sandbox import Sandbox
from cuttings.store import large
from tests.reliability import isolated

PAGES_A_SHARD = 1_000


def rows_like(template: Mapping[str, pl.DataFrame], page_ids: Sequence[str]) -> dict[str, pl.DataFrame]:
    """The rows of one page for each of these pages, each with an article of its own."""
    own = pl.DataFrame(
        {"page_id": page_ids, "article_id": [hashlib.sha256(name.encode()).hexdigest()[:32] for name in page_ids]}
    )
    rows = {}
    for name, frame in template.items():
        told = frame.drop("page_id", "article_id", strict=False).join(own, how="cross")
        rows[name] = told.select(frame.columns)
    return rows


def main(source: Path, warehouse: Path) -> int:
    page = next(path for path in source.rglob("*") if path.is_file())
    with Sandbox(PART_LIMITS) as sandbox:  # what a cut takes would stay in this process
        template = sandbox.call(cutting.cut_batch, [page.read_bytes()], Tombstones())
    caches: list[store.CutCache] = []

    def step(name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        if name == "cut":
            (batch,) = arguments
            for start in range(0, len(batch.page_ids), PAGES_A_SHARD):
                page_ids = batch.page_ids[start : start + PAGES_A_SHARD]
                caches[0].put(rows_like(template, page_ids), page_ids)
            return {}
        result = isolated.lean(name, function, *arguments)
        if name == "open cache":
            caches.append(result)
        return result

    large.SLICE_BYTES = 1 << 20  # type: ignore[misc]
    pipeline.quality.auditor = isolated.auditor  # type: ignore[attr-defined]
    pipeline.run(Config((source,), warehouse, trusts_mtime=False), step)
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return 1024 * int(peak.split()[1])


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), Path(sys.argv[2])))
