"""Incremental equals clean: after any history of changes, the tables are those of a first run over the final state."""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings import corpus, cutting, store
from cuttings.config import Config
from cuttings.remainder import Remainder
from cuttings.sources import Scan, scan
from cuttings.store import parts
from cuttings.store.parquet import empty_table
from tests.reliability.trials import trials

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


@settings(max_examples=trials(25, 1_000), deadline=None)
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


# From here on with the engine itself: pages are cut, kept in the cache, and matched with each other.

PAGES = tuple(
    f"{title}\n\n5 March 2025, 0{hour}:15\n\nThe {noun} of Lunden will be closed for two weeks, the town council said "
    f"on Monday. Repairs had been put off for years, and nobody had expected them to begin before the summer.\n\n"
    f"Related articles\n\nHarbour fees go up again\nLunden Post\n{hour} hours ago\nThe fees of the harbour rise by a "
    f"tenth, which the fishermen call the end of their trade.\n\nShare this\nAll rights reserved\nTerms\n".encode()
    for hour, (title, noun) in enumerate(
        (("Bridge closes", "bridge"), ("Library shut", "library"), ("Station to be rebuilt", "station")), start=2
    )
)
PAGE_WRITES = st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from((*PAGES, b"", b"short\n")))
CRASHES = st.tuples(st.just("crash"), st.integers(0, 6), st.just(b""))
DAMAGES = st.tuples(st.just("damage"), st.integers(0, 1_000), st.just(b""))


class KilledError(Exception):
    """Stands for the end of the process."""


def run_engine(source: Path, warehouse: Path, killed_after: int | None = None) -> int:
    """A run without database and audit, killed after so many of its steps; how many pages it cut."""
    steps_left = -1 if killed_after is None else killed_after
    cut_count = 0

    def step(_: str, function: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal steps_left, cut_count
        if steps_left == 0:
            raise KilledError
        steps_left -= 1
        if function is cutting.cut_batch:
            cut_count += len(arguments[0])
        return function(*arguments)

    config = Config(sources=(source,), warehouse=warehouse, trusts_mtime=False)
    with store.writer(warehouse) as writer:
        found = Remainder(scan(config), store.read_tombstones(warehouse))
        digests = store.Digests(found.inputs_digest, "config", store.code_digest())
        if writer.is_current(digests):
            return 0
        with writer.build(digests) as build:
            cache = step("open cache", writer.cache, store.cut_digest())
            for batch in found.batches(known=cache):
                cache.put(step("cut", cutting.cut_batch, batch.raws, found.tombstones), batch.page_ids)
            build.keep_bytes(found.quarantined_bytes())
            prepared = step("read", cutting.load, found, cache)
            files, quarantine = found.tables(prepared.ids.pages, corpus.withheld_pages())
            files = corpus.resolve_files(files, trusts_mtime=False)
            tables = {**corpus.relate(prepared, corpus.page_captures(files)), "quarantine": quarantine}
            large = cutting.large_tables(tables, prepared.ids, cache)
            large["files"] = cutting.files_table(files, prepared.ids)
            step("write", build.write_tables, {name: rows for name, rows in tables.items() if name not in large})
            for name, table in large.items():
                step("write large", build.write_large, name, table)
            step("publish", build.publish, store.Account(found.discovered_count, found.discovered_bytes), {})
            step("tidy", cache.tidy, found.page_ids)
    return cut_count


def damage(warehouse: Path, seed: int) -> None:
    """Flip a bit of some file of the cache, or cut it off."""
    chance = random.Random(seed)
    files = sorted(path for path in (warehouse / "cache").rglob("*") if path.is_file())
    if files:
        path = chance.choice(files)
        raw = bytearray(path.read_bytes())
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        path.write_bytes(raw[: chance.randrange(len(raw))] if chance.random() < 0.3 else raw)


@settings(max_examples=trials(12, 300), deadline=None)
@given(
    history=st.lists(st.one_of(PAGE_WRITES, PAGE_WRITES, COPIES, DELETES, RUNS, CRASHES, DAMAGES), max_size=10),
    part_rows=st.sampled_from((1, 4_096)),
)
def test_any_history_over_the_cache_gives_the_tables_of_a_clean_run(
    history: list[tuple[str, Any, Any]], part_rows: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "PART_ROWS", part_rows)
        source, warehouse = Path(folder) / "dump", Path(folder) / "warehouse"
        source.mkdir()
        for what, given_value, other in history:
            if what == "run":
                run_engine(source, warehouse)
            elif what == "crash":
                with suppress(KilledError):
                    run_engine(source, warehouse, killed_after=given_value)
            elif what == "damage":
                damage(warehouse, given_value)
            else:
                apply(source, (what, given_value, other))
        run_engine(source, warehouse)
        run_engine(source, Path(folder) / "clean")
        assert tables(warehouse) == tables(Path(folder) / "clean")
        assert store.verify(warehouse) == []


def test_only_what_is_new_is_cut_and_only_its_day_is_written(tmp_path: Path) -> None:
    source, warehouse = tmp_path / "dump", tmp_path / "warehouse"
    for day, raw in (("2025-06-01", PAGES[0]), ("2025-06-02", PAGES[1])):
        (source / day).mkdir(parents=True)
        (source / day / "page.txt").write_bytes(raw)
    assert run_engine(source, warehouse) == 2
    first = inodes(warehouse)
    (source / "2025-06-02" / "another.txt").write_bytes(PAGES[2])
    assert run_engine(source, warehouse) == 1
    second = inodes(warehouse)
    for name in ("pages", "segments", "appearances", "articles", "date_mentions", "files"):
        untouched, rewritten = (f"{name}/captured_on=2025-06-0{day}/part-0.parquet" for day in (1, 2))
        if name != "articles":  # the rail's article was first seen on the first day, and is now seen once more
            assert first[untouched] == second[untouched], f"{untouched} did not change and was written again"
        if rewritten in first:
            assert first[rewritten] != second[rewritten]
    (source / "2025-06-02" / "another.txt").unlink()
    assert run_engine(source, warehouse) == 0, "every page left was cut before"
    assert tables(warehouse).keys() == first.keys()


def test_a_damaged_file_of_the_generation_before_is_not_linked(tmp_path: Path) -> None:
    source, warehouse = tmp_path / "dump", tmp_path / "warehouse"
    for day, raw in (("2025-06-01", PAGES[0]), ("2025-06-02", PAGES[1])):
        (source / day).mkdir(parents=True)
        (source / day / "page.txt").write_bytes(raw)
    run_engine(source, warehouse)
    with store.pinned(warehouse) as directory:
        path = directory / "segments/captured_on=2025-06-01/part-0.parquet"
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2] ^= 1
        path.chmod(0o644)
        path.write_bytes(raw)
    (source / "2025-06-02" / "page.txt").write_bytes(PAGES[2])
    run_engine(source, warehouse)
    assert store.verify(warehouse) == []
    run_engine(source, tmp_path / "clean")
    assert tables(warehouse) == tables(tmp_path / "clean")


def inodes(warehouse: Path) -> dict[str, int]:
    with store.pinned(warehouse) as directory:
        return {
            path.relative_to(directory).as_posix(): path.stat().st_ino for path in sorted(directory.rglob("*.parquet"))
        }
