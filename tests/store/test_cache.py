"""The cache of cuts: what is read from it is what was put, or nothing."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from cuttings.store import CutCache, cache, write_shard


def rows(*page_ids: str) -> dict[str, pl.DataFrame]:
    return {
        "pages": pl.DataFrame({"page_id": page_ids, "size_bytes": [len(page_id) for page_id in page_ids]}),
        "segments": pl.DataFrame({"page_id": [p for p in page_ids for _ in range(3)]}).with_columns(
            text=pl.col("page_id") + " text"
        ),
    }


def files(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file())


def test_what_was_put_is_there_for_the_next_run(tmp_path: Path) -> None:
    CutCache(tmp_path, "key").put(rows("a", "b"), ["a", "b"])
    cache = CutCache(tmp_path, "key")
    cache.put(rows("c"), ["c"])
    assert [page_id in cache for page_id in "abcd"] == [True, True, True, False]
    assert cache.get("pages", ["c", "a"]).sort("page_id").rows() == [("a", 1), ("c", 1)]
    assert cache.get("segments", ["b"], ["text"]).get_column("text").to_list() == ["b text"] * 3
    assert cache.get("segments").height == 9
    with pytest.raises(KeyError):
        cache.get("pages", ["d"])


def test_a_run_of_pages_is_read_out_of_the_shards_it_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put = CutCache(tmp_path, "key")
    ids = [f"{number:04}" for number in range(300)]
    for start in range(0, 300, 10):
        put.put(rows(*ids[start : start + 10]), ids[start : start + 10])
    monkeypatch.setattr(cache, "_PART_BYTES", 500)
    again = CutCache(tmp_path, "key")
    read: list[Path] = []
    monkeypatch.setattr(
        cache, "_rows", lambda shard, *given, of=cache._rows: (read.append(shard), of(shard, *given))[1]
    )
    parts = list(again.parts({"segments": None}, ids[95:125]))
    assert len(read) == 4
    assert 1 < len(parts) < 4
    assert sorted(pl.concat(part["segments"] for part in parts)["page_id"].unique()) == ids[95:125]


def test_some_rows_of_every_shard_do_not_hold_all_of_its_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A million small articles are written in slices, each of some rows of all of hundreds of shards."""
    ids = [f"{number:04}" for number in range(400)]
    put = CutCache(tmp_path, "key")
    for start in range(0, 400, 50):
        own = ids[start : start + 50]
        put.put({"texts": pl.DataFrame({"page_id": own, "body": [page_id * 300 for page_id in own]})}, own)
    monkeypatch.setattr(cache, "_PART_BYTES", 150_000)
    again = CutCache(tmp_path, "key")
    assert len(list(again.parts({"texts": None}, ids[::50]))) > 1, "what is held while it is read has a bound, too"
    some = again.get("texts", ids[::50])
    assert sorted(some.rows()) == [(page_id, page_id * 300) for page_id in ids[::50]]
    held_bytes = sum(
        column.get_total_buffer_size() for column in some.to_arrow(compat_level=pl.CompatLevel.newest()).columns
    )
    assert held_bytes < 3 * some.estimated_size() < 50_000


def test_what_another_version_of_the_engine_cut_is_not_used_and_goes(tmp_path: Path) -> None:
    CutCache(tmp_path, "old").put(rows("a"), ["a"])
    cache = CutCache(tmp_path, "new")
    assert "a" not in cache
    cache.put(rows("b"), ["b"])
    cache.tidy(["b"])
    assert {path.name for path in tmp_path.iterdir()} == {"new"}


def test_a_page_without_rows_counts_as_cut(tmp_path: Path) -> None:
    CutCache(tmp_path, "key").put(rows("a"), ["a", "gone"])
    cache = CutCache(tmp_path, "key")
    assert "gone" in cache
    assert cache.get("pages", ["a", "gone"]).get_column("page_id").to_list() == ["a"]


def test_every_flipped_bit_and_every_cut_off_file_costs_the_shard_and_nothing_else(tmp_path: Path) -> None:
    chance = random.Random(1)
    names = [path.name for path in _fresh(tmp_path)]
    for name in sorted(set(names)):
        for _ in range(12):
            (path,) = [path for path in _fresh(tmp_path) if path.name == name and "whole" not in path.as_posix()]
            raw = bytearray(path.read_bytes())
            if chance.random() < 0.3:
                raw = raw[: chance.randrange(len(raw))]
            else:
                raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
            path.write_bytes(raw)
            cache = CutCache(tmp_path / "cache", "key")
            assert "a" not in cache, f"{name} is damaged and is believed"
            assert "whole" in cache
            assert cache.get("pages").get_column("page_id").to_list() == ["whole"]
            cache.put(rows("a"), ["a"])
            assert CutCache(tmp_path / "cache", "key").get("segments", ["a"]).height == 3


def _fresh(tmp_path: Path) -> list[Path]:
    """A cache of two shards; the files of the one that holds the page a."""
    cache = CutCache(tmp_path / "cache", "key")
    cache.forget(["a", "whole"])
    cache.put(rows("a"), ["a"])
    before = set(files(tmp_path / "cache"))
    cache.put(rows("whole"), ["whole"])
    return sorted(before)


def test_a_shard_that_was_not_finished_is_removed(tmp_path: Path) -> None:
    CutCache(tmp_path, "key").put(rows("a"), ["a"])
    (shard,) = (tmp_path / "key").iterdir()
    (shard / "shard.json").unlink()
    assert "a" not in CutCache(tmp_path, "key")
    assert files(tmp_path) == []


def test_forgetting_leaves_no_byte(tmp_path: Path) -> None:
    CutCache(tmp_path, "old").put(rows("secret"), ["secret"])
    cache = CutCache(tmp_path, "key")
    cache.put(rows("secret", "other"), ["secret", "other"])
    assert cache.forget(["secret", "never seen"]) == 1
    assert "secret" not in cache
    assert cache.get("segments").get_column("text").unique().to_list() == ["other text"]
    assert CutCache(tmp_path, "key").get("pages").get_column("page_id").to_list() == ["other"]
    assert not any(b"secret" in path.read_bytes() for path in files(tmp_path))


def test_dead_pages_go_and_small_shards_become_one(tmp_path: Path) -> None:
    cache = CutCache(tmp_path, "key")
    for number in range(20):
        cache.put(rows(f"{number}"), [f"{number}"])
    cache.put(rows("dead", "also dead", "live"), ["dead", "also dead", "live"])
    living = [*map(str, range(20)), "live"]
    cache.tidy(living)
    again = CutCache(tmp_path, "key")
    assert sorted(again.get("pages").get_column("page_id")) == sorted(living)
    assert len(list((tmp_path / "key").iterdir())) == 1
    assert again.get("segments", living).sort("page_id").rows() == cache.get("segments", living).sort("page_id").rows()


def test_a_shard_of_another_process_is_adopted_if_it_is_whole(tmp_path: Path) -> None:
    cache = CutCache(tmp_path / "cache", "key")
    write_shard(tmp_path / "aside", rows("a"), ["a"])
    assert cache.adopt(tmp_path / "aside")
    assert cache.get("segments", ["a"]).height == 3
    write_shard(tmp_path / "torn", rows("b"), ["b"])
    (tmp_path / "torn" / "segments.arrow").write_bytes(b"")
    assert not cache.adopt(tmp_path / "torn")
    assert "b" not in cache
    assert not (tmp_path / "torn").exists()
