"""Time and memory of building and auditing a large generation.

    python -m benchmarks.audit [--appearances 1000000] [--every 1] [--keep DIR]

A generated warehouse of 500 pages is copied under new ids until it has that many appearances (texts of segments are
cut to 20 characters, so that the disk holds it), built as in a run, and audited in a process of its own. Prints the
seconds of the build and of the audit beyond the import of Great Expectations, and the peak memory of each.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb

from cuttings.contract import TABLES
from cuttings.quality import audit, load_checks
from cuttings.quality.expect import import_library
from cuttings.resources import resource_dir
from cuttings.store.database import build_database
from cuttings.store.layout import DATABASE_NAME
from tests.quality.generator import generate, write

# How each id is written anew in copy number `copy`; a column that is not here is copied as it is.
RENAMED = {
    "page_id": "sha256({} || copy)",
    "content_sha256": "sha256({} || copy)",
    "published_from": "sha256({} || copy)",
    "file_id": "left(sha256({} || copy), 32)",
    "article_id": "left(sha256({} || copy), 32)",
    "representative_article_id": "left(sha256({} || copy), 32)",
    "story_id": "left(sha256({} || copy), 16)",
    "source_name": "{} || '-' || copy",
    "title": "{} || '-' || copy",
}
COPIED_ONCE = ("publishers", "publisher_aliases", "template_lines", "runs", "checks")


def multiply(seed_dir: Path, target_dir: Path, copies: int) -> None:
    """Write `copies` copies of the warehouse in `seed_dir` as Parquet files below `target_dir`."""
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as connection:
        connection.execute("set enable_progress_bar = false")
        for table in TABLES.values():
            (target_dir / table.name).mkdir(parents=True)
            columns = []
            for column in table.columns:
                expression = column.name
                if table.name == "segments" and column.name == "text":
                    expression = "left(text, 20)"
                elif table.name not in COPIED_ONCE:
                    is_alias = table.name == "appearances" and column.name == "source_name"
                    expression = expression if is_alias else RENAMED.get(column.name, "{}").format(column.name)
                columns.append(f"{expression} as {column.name}")
            count = 1 if table.name in COPIED_ONCE else copies
            source = f"'{seed_dir}/{table.name}/part-0.parquet', range({count}) t(copy)"
            connection.execute(
                f"copy (select {', '.join(columns)} from {source}) "
                f"to '{target_dir}/{table.name}/part-0.parquet' (format parquet)"
            )


def peak_mib() -> float:
    """Peak of this process alone: `ru_maxrss` would start at that of the process it was forked from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


class Stopwatch:
    """Wall and CPU seconds since it was made, as a sentence; a loaded machine stretches the first, not the second."""

    def __init__(self) -> None:
        self.started = time.perf_counter(), time.process_time()

    def __str__(self) -> str:
        wall, cpu = time.perf_counter() - self.started[0], time.process_time() - self.started[1]
        return f"{wall:.1f} s ({cpu:.1f} s of CPU)"


def timed_build(folder: Path) -> str:
    watch = Stopwatch()
    build_database(folder, TABLES, resource_dir("sql"))
    size = (folder / DATABASE_NAME).stat().st_size / 1e6
    return f"build  {watch}, peak {peak_mib():.0f} MiB, {size:.0f} MB on disk"


def timed_audit(folder: Path, every: int = 1) -> str:
    module: Any = sys.modules["cuttings.quality.audit"]  # the package has the function under this name
    module.load_checks = lambda *where: load_checks(*where)[::every]
    watch = Stopwatch()
    import_library()
    imported = str(watch)
    watch = Stopwatch()
    result = audit(folder, "benchmark")
    return f"import {imported}\naudit  {watch}, peak {peak_mib():.0f} MiB\n{result.summary}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--appearances", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="build here and leave it, or audit what stands here already")
    parser.add_argument("--every", type=int, default=1, help="audit with every so manyth check only: 3 leaves 63")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch) / "generation"
        if (folder / DATABASE_NAME).is_file():
            _report(timed_audit, folder, options.every)
            return
        tables = generate(seed=1, page_count=500)
        copies = -(-options.appearances // tables["appearances"].num_rows)
        multiply(write(tables, Path(scratch) / "seed"), folder, copies)
        rows = {name: tables[name].num_rows * copies for name in ("pages", "segments", "appearances", "articles")}
        print(", ".join(f"{count:,} {name}" for name, count in rows.items()))
        print(f"{len(load_checks(TABLES, resource_dir('expectations')))} checks")
        _report(timed_build, folder)
        _report(timed_audit, folder, options.every)


def _report(task: Callable[..., str], folder: Path, *arguments: int) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        print(pool.submit(task, folder, *arguments).result())


if __name__ == "__main__":
    main()
