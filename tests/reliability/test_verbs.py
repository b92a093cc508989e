"""The operator's verbs on toy warehouses: what they change, what they leave alone, what they refuse."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from cuttings import store
from cuttings.errors import BusyError, CorruptWarehouseError, NothingPublishedError, UsageError
from cuttings.store.parquet import empty_table


def ids(warehouse: Path) -> list[str]:
    return sorted(path.name for path in (warehouse / "generations").iterdir())


def state(warehouse: Path) -> int:
    found: int = store.history(warehouse)[0].facts["state"]
    return found


def test_a_rollback_moves_the_pointer_and_touches_no_generation(toy: ModuleType, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        toy.publish(tmp_path, number, keep=3)
    before = toy.stamps(tmp_path / "generations")
    with store.pinned(tmp_path) as held:
        done = store.roll_back(tmp_path)
        assert toy.states_seen(held) == {"3"}, "a reader goes on with what it holds"
    assert state(tmp_path) == 2
    assert (tmp_path / "current").resolve().name == done.to_id
    assert toy.stamps(tmp_path / "generations") == before
    assert store.roll_back(tmp_path).from_id == done.to_id
    assert state(tmp_path) == 1
    forward = store.roll_back(tmp_path, done.from_id[:6])
    assert (state(tmp_path), forward.to_id) == (3, done.from_id)
    assert toy.stamps(tmp_path / "generations") == before
    assert store.verify(tmp_path) == []


def test_the_swap_does_not_grow_with_the_warehouse(
    toy: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the reading of the target, a rollback looks at the names of one generation and writes two small files."""
    for number in (1, 2):
        toy.publish(tmp_path, number)
    monkeypatch.setattr(
        sys.modules["cuttings.store.verify"], "sha256_of", None
    )  # reading a file of the generation would raise
    started = time.monotonic()
    store.roll_back(tmp_path, is_read=False)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("damage", ["bit", "file gone", "manifest gone", "file added"])
def test_a_rollback_refuses_a_damaged_generation(toy: ModuleType, tmp_path: Path, damage: str) -> None:
    for number in (1, 2):
        toy.publish(tmp_path, number)
    target = tmp_path / "generations" / store.history(tmp_path)[1].generation_id
    place = target / "publishers/part-0.parquet"
    if damage == "bit":
        place.chmod(0o644)
        content = bytearray(place.read_bytes())
        content[len(content) // 2] ^= 1
        place.write_bytes(content)
    elif damage == "file added":
        (target / "added").touch()
    else:
        (place if damage == "file gone" else target / "manifest.json").unlink()
    before = toy.tree(tmp_path)
    with pytest.raises(CorruptWarehouseError, match=rf"{target.name} is damaged; nothing was changed"):
        store.roll_back(tmp_path)
    assert toy.tree(tmp_path) == before


def test_a_rollback_refuses_what_it_does_not_know(toy: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(NothingPublishedError):
        store.roll_back(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
    toy.publish(tmp_path, 1)
    current = ids(tmp_path)[0]
    with pytest.raises(UsageError, match=f"is no generation that is kept; there are: {current}"):
        store.roll_back(tmp_path, "ffffffff")
    with pytest.raises(UsageError, match="is the published one already"):
        store.roll_back(tmp_path, current)
    with pytest.raises(UsageError, match=f"no generation before {current} is kept"):
        store.roll_back(tmp_path)
    with pytest.raises(UsageError, match="is no generation"):
        store.roll_back(tmp_path, "../../etc")
    with store.writer(tmp_path), pytest.raises(BusyError):
        store.roll_back(tmp_path)


def test_a_rollback_leaves_a_damaged_generation(toy: ModuleType, tmp_path: Path) -> None:
    """The way out when the published generation itself is damaged, its manifest included."""
    for number in (1, 2):
        toy.publish(tmp_path, number)
    new, old = (manifest.generation_id for manifest in store.history(tmp_path))
    manifest = tmp_path / "generations" / new / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_bytes(b"{}")
    with pytest.raises(CorruptWarehouseError, match=f"name the generation to go back to; there are: .*{old}"):
        store.roll_back(tmp_path)
    store.roll_back(tmp_path, old)
    assert state(tmp_path) == 1


def test_after_a_rollback_the_same_input_is_published_again(toy: ModuleType, tmp_path: Path) -> None:
    for number in (1, 2):
        toy.publish(tmp_path, number)
    bad = store.history(tmp_path)[0].generation_id
    store.roll_back(tmp_path)
    with store.pinned(tmp_path, bad):
        assert toy.publish(tmp_path, 2), "nothing to do would be wrong: state 1 is published"
        again = store.history(tmp_path)[0].generation_id
        assert again != bad, "an id is never used for other bytes"
        assert bad in ids(tmp_path), "a reader holds it"
    assert state(tmp_path) == 2
    assert not toy.publish(tmp_path, 2)
    assert bad not in ids(tmp_path)
    assert not (tmp_path / "withdrawn").exists()


def test_gc_keeps_what_is_published_leased_or_asked_for(toy: ModuleType, tmp_path: Path) -> None:
    for number in range(1, 6):
        toy.publish(tmp_path, number, keep=5)
    newest = [manifest.generation_id for manifest in store.history(tmp_path)]
    with store.pinned(tmp_path, newest[3]):
        before = toy.tree(tmp_path)
        would = store.collect(tmp_path, 2, is_dry=True)
        assert toy.tree(tmp_path) == before
        done = store.collect(tmp_path, 2)
        assert done == would
    assert set(done.generations) == {newest[2], newest[4]}
    assert done.leased == (newest[3],)
    assert set(ids(tmp_path)) == {newest[0], newest[1], newest[3]}
    assert store.collect(tmp_path, 1).generations == tuple(sorted((newest[1], newest[3])))
    assert store.verify(tmp_path) == []


def test_gc_counts_the_bytes_that_it_frees(toy: ModuleType, tmp_path: Path) -> None:
    """What a kept generation shares by a hard link is not freed."""
    for number in (1, 2):
        toy.publish(tmp_path, number)

    def on_disk() -> int:
        files = [path.stat() for path in tmp_path.rglob("*") if path.is_file() and not path.is_symlink()]
        return sum({status.st_ino: status.st_size for status in files}.values())

    before = on_disk()
    assert store.collect(tmp_path, 1).freed_bytes == before - on_disk() > 0


def test_gc_removes_quarantined_bytes_that_no_generation_names(toy: ModuleType, tmp_path: Path) -> None:
    toy.publish(tmp_path, 1)
    assert len(list((tmp_path / "quarantine").iterdir())) == 1
    assert store.collect(tmp_path).quarantine_count == 1
    assert list((tmp_path / "quarantine").iterdir()) == []


def test_gc_ends_what_a_rollback_left(toy: ModuleType, tmp_path: Path) -> None:
    for number in (1, 2):
        toy.publish(tmp_path, number)
    done = store.roll_back(tmp_path)
    assert store.collect(tmp_path).generations == (done.from_id,)
    assert ids(tmp_path) == [done.to_id]


def test_a_difference_tells_rows_columns_and_pages(toy: ModuleType, tmp_path: Path) -> None:
    tables = toy.state_tables(1)
    titled = {**tables, "appearances": appearance(tables, "Old title")}
    toy.publish(tmp_path, 1, tables=titled)
    changed = {**titled, "appearances": appearance(tables, "New title")}
    changed["segments"] = changed["segments"].with_columns(
        zone=pl.when(pl.col("page_id") == pl.col("page_id").min()).then(pl.lit("primary")).otherwise("zone")
    )
    toy.publish(tmp_path, 2, tables=changed)
    difference = store.difference(tmp_path)
    found = {change.name: change for change in difference.tables}
    assert (found["appearances"].changed_count, found["appearances"].columns) == (1, {"title": 1})
    assert (found["segments"].changed_count, found["segments"].columns) == (1, {"zone": 1})
    assert found["pages"].is_empty
    assert not difference.is_empty
    by_id = {page.page_id: page for page in difference.pages}
    page = by_id[appearance(tables, "")["page_id"][0]]
    assert page.before is not None
    assert page.after is not None
    assert (page.before.titles, page.after.titles) == (("Old title",), ("New title",))
    assert {
        change.changed_count for change in store.difference(tmp_path, difference.to_id, difference.from_id).tables
    } == {
        0,
        1,
    }


def test_a_difference_tells_what_came_and_went(toy: ModuleType, tmp_path: Path) -> None:
    for number in (1, 2):
        toy.publish(tmp_path, number)
    difference = store.difference(tmp_path)
    pages = next(change for change in difference.tables if change.name == "pages")
    assert (pages.added_count, pages.removed_count, pages.changed_count) == (2, 2, 0), "one page of three is the same"
    assert difference.page_count == 4
    assert store.compare(None, tmp_path / "generations" / difference.to_id).tables[1].added_count == 3
    with pytest.raises(UsageError, match="no generation before"):
        store.difference(tmp_path, after=difference.from_id)
    same = store.compare(*(tmp_path / "generations" / difference.to_id,) * 2)
    assert same.is_empty
    assert same.pages == ()


def appearance(tables: dict[str, pl.DataFrame], title: str) -> pl.DataFrame:
    page_id = tables["pages"].sort("page_id")["page_id"][0]
    known = {
        "page_id": page_id, "position": 0, "zone": "primary", "article_id": "a" * 32, "title": title,
        "is_contiguous": True, "body_status": "full", "byte_start": 0, "byte_end": 1, "confidence": 0.5,
    }  # fmt: skip
    schema = empty_table("appearances").schema
    return pl.DataFrame([{name: known.get(name) for name in schema}], schema=schema)


def test_a_strict_reader_is_refused_a_damaged_generation(toy: ModuleType, tmp_path: Path) -> None:
    toy.publish(tmp_path, 1)
    with store.open_warehouse(tmp_path, verify=True) as opened:
        place = opened.directory / "publishers/part-0.parquet"
    place.chmod(0o644)
    place.write_bytes(place.read_bytes()[:-1] + b"?")
    with pytest.raises(CorruptWarehouseError, match=r"publishers/part-0\.parquet: found sha256"):
        store.open_warehouse(tmp_path, verify=True)
