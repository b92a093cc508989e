"""What a publish promises when nothing goes wrong, and when the data or the order of its steps does."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest

from cuttings import store
from cuttings.errors import CheckFailedError, StorageError
from cuttings.store import build as build_module
from cuttings.store import publish as publish_module
from tests.reliability.trials import trials


def test_a_second_run_writes_nothing(toy: ModuleType, tmp_path: Path) -> None:
    assert toy.publish(tmp_path, 1)
    before = toy.stamps(tmp_path)
    assert not toy.publish(tmp_path, 1)
    assert toy.stamps(tmp_path) == before


def test_equal_histories_give_equal_bytes(toy: ModuleType, tmp_path: Path) -> None:
    for name in ("a", "b"):
        for state in (1, 2, 3):
            toy.publish(tmp_path / name, state)
    assert toy.tree(tmp_path / "a") == toy.tree(tmp_path / "b")


def test_an_incremental_history_gives_the_tables_of_a_clean_run(toy: ModuleType, tmp_path: Path) -> None:
    def tables(warehouse: Path) -> dict[str, str]:
        with store.pinned(warehouse) as directory:
            return {name: content for name, content in toy.tree(directory).items() if name.endswith(".parquet")}

    for state in (4, 2, 9, 2, 3):
        toy.publish(tmp_path / "history", state)
    toy.publish(tmp_path / "clean", 3)
    assert tables(tmp_path / "history") == tables(tmp_path / "clean")


def test_what_did_not_change_is_a_link(toy: ModuleType, tmp_path: Path) -> None:
    toy.publish(tmp_path, 1)
    toy.publish(tmp_path, 2)
    new, old = (tmp_path / "generations" / manifest.generation_id for manifest in store.history(tmp_path))
    same = "pages/captured_on=2025-06-01/part-0.parquet"
    other = "pages/captured_on=__HIVE_DEFAULT_PARTITION__/part-0.parquet"
    assert (new / same).samefile(old / same)
    assert not (new / other).samefile(old / other)


def test_a_damaged_file_is_not_linked_again(toy: ModuleType, tmp_path: Path) -> None:
    toy.publish(tmp_path, 1)
    with store.pinned(tmp_path) as directory:
        damaged = directory / "pages/captured_on=2025-06-01/part-0.parquet"
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    assert store.verify(tmp_path)
    toy.publish(tmp_path, 2)
    assert store.verify(tmp_path) == []


def test_generations_kept_and_the_link(toy: ModuleType, tmp_path: Path) -> None:
    for state in range(5):
        toy.publish(tmp_path, state)
    kept = store.history(tmp_path)
    assert [manifest.facts["state"] for manifest in kept] == [4, 3]
    assert {path.name for path in (tmp_path / "generations").iterdir()} == {manifest.generation_id for manifest in kept}
    assert (tmp_path / "CURRENT").read_text() == f"{kept[0].generation_id}\n"
    assert (tmp_path / "current").resolve() == (tmp_path / "generations" / kept[0].generation_id).resolve()
    assert len(list((tmp_path / "quarantine").iterdir())) == 5
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "CURRENT", "current", "generations", "quarantine"}


def test_quarantined_bytes_are_kept_once(tmp_path: Path) -> None:
    raw = b"\x00not text"
    digest = hashlib.sha256(raw).hexdigest()
    with store.writer(tmp_path) as writer, writer.build(store.Digests("a", "b", "c")) as build:
        assert build.keep_bytes([(digest, raw)]) == 1
        assert build.keep_bytes([(digest, raw)]) == 0
    assert (tmp_path / "quarantine" / digest).read_bytes() == raw


@pytest.mark.parametrize(
    "fault", ["lost object", "lost bytes", "lost page", "no reason", "not in quarantine", "stray page"]
)
def test_the_conservation_law_refuses_the_publish(toy: ModuleType, tmp_path: Path, fault: str) -> None:
    toy.publish(tmp_path, 1)
    before = (tmp_path / "CURRENT").stat()
    tables: dict[str, pl.DataFrame] = toy.state_tables(2)
    count, size = toy.PAGE_COUNT, tables["files"]["size_bytes"].sum()
    last = pl.col("file_id") == pl.col("file_id").last()
    aside = [pl.when(last).then(pl.lit("refused")).otherwise("disposition").alias("disposition")]
    no_page = [pl.when(last).then(None).otherwise("page_id").alias("page_id")]
    if fault == "lost object":
        count += 1
    elif fault == "lost bytes":
        size += 1
    elif fault == "lost page":
        tables["pages"], tables["segments"] = tables["pages"].head(2), tables["segments"].head(2)
    elif fault == "no reason":
        tables["files"] = tables["files"].with_columns(aside + no_page)
    elif fault == "not in quarantine":
        tables["files"] = tables["files"].with_columns([*aside, *no_page, pl.lit("unreadable").alias("reason")])
        tables["pages"], tables["segments"] = tables["pages"].head(2), tables["segments"].head(2)
    else:
        tables["files"] = tables["files"].with_columns(pl.lit("0" * 64).alias("page_id"))
    with pytest.raises(CheckFailedError, match="conservation law"):
        toy.publish(tmp_path, 2, tables=tables, discovered=store.Account(count, size))
    assert (tmp_path / "CURRENT").stat() == before
    assert len(list((tmp_path / "generations").iterdir())) == 1


def test_an_exception_while_building_leaves_nothing(toy: ModuleType, tmp_path: Path) -> None:
    toy.publish(tmp_path, 1)
    before = toy.tree(tmp_path)
    tables = {**toy.state_tables(2), "stories": pl.DataFrame({"story_id": ["cut short"]})}
    with pytest.raises(ValueError, match=r"table stories: columns missing .'article_count'"):
        toy.publish(tmp_path, 2, tables=tables)
    after = toy.tree(tmp_path)
    assert {name: after[name] for name in before} == before
    assert all(name.startswith("quarantine/") for name in after.keys() - before.keys())


def test_rows_of_the_previous_generation(toy: ModuleType, tmp_path: Path) -> None:
    with store.writer(tmp_path) as writer, writer.build(toy.digests(1)) as build:
        assert build.previous_rows("publishers").shape == (0, 3)
    toy.publish(tmp_path, 1)
    with store.writer(tmp_path) as writer, writer.build(toy.digests(2)) as build:
        assert build.previous_rows("publishers")["name"].to_list() == ["1"]
        assert build.previous_rows("pages").columns == toy.state_tables(1)["pages"].columns


def test_disk_errors_say_where_and_what_to_do(toy: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/somewhere/part-0.parquet")

    monkeypatch.setattr(build_module, "sync", full)
    expected = (
        "/somewhere/part-0.parquet: No space left on device; nothing was published, .* free some space and run again"
    )
    with pytest.raises(StorageError, match=expected):
        toy.publish(tmp_path, 1)


def test_after_the_commit_an_error_does_not_claim_that_nothing_was_published(
    toy: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = publish_module.sync

    def failing(path: Path) -> None:
        if path == tmp_path:
            raise OSError(5, "Input/output error")
        honest(path)

    toy.publish(tmp_path, 1)
    monkeypatch.setattr(publish_module, "sync", failing)
    with pytest.raises(StorageError, match=r"in place but may be lost .*run `cuttings verify`"):
        toy.publish(tmp_path, 2)


def unsynced(toy: ModuleType, warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What of the new generation was not forced to the disk when the pointer was flipped."""
    synced: set[tuple[int, int]] = set()
    missing: set[str] = set()
    honest_sync, honest_replace = os.fsync, os.replace

    def recording_sync(fd: int) -> None:
        honest_sync(fd)
        status = os.fstat(fd)
        synced.add((status.st_ino, status.st_mtime_ns))

    def recording_replace(source: Any, target: Any, **options: Any) -> None:
        if Path(target).name == "CURRENT":
            generation = warehouse / "generations" / Path(source).read_text().strip()
            for path in (Path(source), generation.parent, generation, *generation.rglob("*")):
                status = path.stat()
                if (status.st_ino, status.st_mtime_ns) not in synced:
                    missing.add(path.name)
        honest_replace(source, target, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", recording_sync)
        patch.setattr(os, "replace", recording_replace)
        toy.publish(warehouse, 1)
    return missing


def test_everything_is_on_the_disk_before_the_pointer_is(
    toy: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unsynced(toy, tmp_path / "sound", monkeypatch) == set()
    # Negative control: a publish that forgets the directories.
    monkeypatch.setattr(build_module, "_sync_directories", lambda directory: None)
    assert "publishers" in unsynced(toy, tmp_path / "broken", monkeypatch)


def test_a_flipped_bit_anywhere_is_found(
    toy: ModuleType, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    toy.publish(tmp_path, 1)
    draw = random.Random(5)
    count = trials(200, 20_000)
    record_property("trials", count)
    record_property("seed", 5)
    with store.pinned(tmp_path) as directory:
        files = sorted(path for path in (*directory.rglob("*"), *(tmp_path / "quarantine").iterdir()) if path.is_file())
    assert store.verify(tmp_path) == []
    for _ in range(count):
        path = draw.choice(files)
        content = bytearray(path.read_bytes())
        place = draw.randrange(len(content) * 8)
        content[place // 8] ^= 1 << place % 8
        path.chmod(0o644)
        honest = path.read_bytes()
        path.write_bytes(content)
        faults = store.verify(tmp_path)
        path.write_bytes(honest)
        assert [fault.path for fault in faults] == [path], f"bit {place} of {path}"
    assert store.verify(tmp_path) == []


def test_missing_truncated_and_added_files_are_found(toy: ModuleType, tmp_path: Path) -> None:
    toy.publish(tmp_path, 1)
    with store.pinned(tmp_path) as directory:
        place = directory / "publishers/part-0.parquet"
        content = place.read_bytes()
        (directory / "added.txt").write_text("who put me here")
        place.unlink()
        assert [str(fault) for fault in store.verify(tmp_path)] == [
            f"{directory}/added.txt: found a file, expected none: it is not in the manifest",
            f"{place}: found no file, expected a file",
        ]
        (directory / "added.txt").unlink()
        place.write_bytes(content[:-1])
        (fault,) = store.verify(tmp_path)
        assert (fault.found, fault.expected) == (f"{len(content) - 1} bytes", f"{len(content)} bytes")
