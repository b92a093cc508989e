"""Incremental equals clean: after any history of changes, the tables are those of a first run over the final state."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings import store
from cuttings.config import Config
from cuttings.sources import Scan, scan
from cuttings.store.parquet import empty_table

NAMES = ("a.txt", "b.txt", "2025-06-01/c.txt", "2025-06-02/d.txt", "2025-06-02/e.txt")
CONTENTS = (b"", b"one\n", b"two\n", b"three\r\n", b"\0\1\2\3" * 9)
WRITES = st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(CONTENTS))
COPIES = st.tuples(st.sampled_from(("copy", "move")), st.sampled_from(NAMES), st.sampled_from(NAMES))
DELETES = st.tuples(st.just("delete"), st.sampled_from(NAMES), st.just(b""))
RUNS = st.tuples(st.just("run"), st.just(""), st.just(b""))


def pages_of(found: Scan) -> pl.DataFrame:
    loaded = found.files.filter(pl.col("disposition") == "loaded")
    sizes = {
        page_id: len(raw) for batch in found.batches() for page_id, raw in zip(batch.page_ids, batch.raws, strict=True)
    }
    given_columns = ("page_id", "captured_at", "captured_from", "captured_earliest_at", "captured_latest_at")
    fixed = {"encoding": "utf-8", "page_type": "article", "dialect": "lines", "is_damaged": False, "confidence": 0.5}
    return loaded.select(
        *given_columns,
        pl.col("page_id").replace_strict(sizes, return_dtype=pl.Int64).alias("size_bytes"),
        *(pl.lit(value).alias(name) for name, value in fixed.items()),
        *(pl.lit(0).alias(name) for name in ("primary_count", "related_count")),
        *(pl.lit(None, pl.String).alias(name) for name in ("language", "publisher_id")),
    )


def run(source: Path, warehouse: Path) -> bool:
    found = scan(Config(sources=(source,), warehouse=warehouse))
    digests = store.Digests(found.inputs_digest, "config", "code")
    with store.writer(warehouse) as writer:
        if writer.is_current(digests):
            return False
        with writer.build(digests) as build:
            build.keep_bytes(found.quarantined_bytes())
            files = found.files.select(empty_table("files").columns)
            build.write_tables({"pages": pages_of(found), "files": files, "quarantine": found.quarantine})
            build.publish(store.Account(found.discovered_count, found.discovered_bytes), {})
    return True


def apply(source: Path, step: tuple[str, str, bytes | str]) -> None:
    what, name, other = step
    place = source / name
    if what == "write" and isinstance(other, bytes):
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(other)
    elif what == "delete":
        place.unlink(missing_ok=True)
    elif isinstance(other, str) and place.exists() and name != other:
        (source / other).parent.mkdir(exist_ok=True)
        (source / other).write_bytes(place.read_bytes())
        if what == "move":
            place.unlink()


def tables(warehouse: Path) -> dict[str, str]:
    with store.pinned(warehouse) as directory:
        return {
            path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(directory.rglob("*.parquet"))
        }


@settings(max_examples=25, deadline=None)
@given(history=st.lists(st.one_of(WRITES, WRITES, COPIES, DELETES, RUNS), max_size=10))
def test_any_history_gives_the_tables_of_a_clean_run(history: list[tuple[str, str, bytes | str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, warehouse = Path(folder) / "dump", Path(folder) / "warehouse"
        source.mkdir()
        for step in history:
            if step[0] == "run":
                run(source, warehouse)
            else:
                apply(source, step)
        run(source, warehouse)
        assert run(source, warehouse) is False
        assert run(source, Path(folder) / "clean") is True
        assert tables(warehouse) == tables(Path(folder) / "clean")
        assert store.verify(warehouse) == []
        kept = {path.name for path in warehouse.glob("quarantine/*")}
        assert kept >= {path.name for path in Path(folder).glob("clean/quarantine/*")}
