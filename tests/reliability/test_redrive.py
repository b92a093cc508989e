"""P17: what is set aside is kept byte for byte, and a mended rule loads exactly what it should, as a clean run does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from cuttings import pipeline, store
from cuttings.config import Config
from cuttings.redrive import redrive
from cuttings.sources import objects

pytestmark = pytest.mark.usefixtures("without_audit")

HOSTILE = {
    "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "controls.txt": b"\1\2\3\4\5\6" * 50,
    "program.txt": b"\x7fELF" + b"\0" * 64,
    "odd-utf16.txt": b"\xff\xfea\0b\0c",
    "zeroes.txt": b"\0" * 4096,
    "random.txt": hashlib.sha256(b"seed").digest() * 20,
}
GOOD = "Bridge reopens\n\nThe old bridge over the Lune reopened on Monday after a year of repairs, the town said.\n"


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD)
    (folder / "empty.txt").touch()
    for name, raw in HOSTILE.items():
        (folder / name).write_bytes(raw)
    return folder


def run(dump: Path, warehouse: Path) -> pipeline.RunResult:
    return pipeline.run(Config((dump,), warehouse, trusts_mtime=False))


def parquet(warehouse: Path) -> dict[str, bytes]:
    with store.pinned(warehouse) as directory:
        found = {path.relative_to(directory): path.read_bytes() for path in sorted(directory.rglob("*.parquet"))}
    return {str(name): content for name, content in found.items() if name.parts[0] not in ("runs", "checks")}


def test_what_is_set_aside_is_kept_and_driven_again(
    dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    warehouse = tmp_path / "warehouse"
    run(dump, warehouse)
    with store.open_warehouse(warehouse) as opened:
        aside = opened.table("quarantine").join(opened.table("files"), on="file_id").collect()
    kept = dict(aside.select("source_name", "bytes_kept_at").drop_nulls().iter_rows())
    record_property("trials", len(kept))
    assert set(kept) <= set(HOSTILE)
    assert len(kept) >= 4
    for name, place in kept.items():
        assert (warehouse / place).read_bytes() == HOSTILE[name]
    # The rule that took control characters for no text is mended: it takes everything for text.
    monkeypatch.setattr(objects, "sniff", lambda raw: None)
    monkeypatch.setattr("cuttings.store.digests.code_digest", lambda: "f" * 64)
    monkeypatch.setattr(store, "code_digest", lambda: "f" * 64)
    generation, rows, removed_count = redrive(warehouse, lambda place: pipeline.rerun(place, force=True))
    became = {row.source_name: (row.reason, row.now) for row in rows}
    assert became["empty.txt"] == ("empty", "quarantined")
    assert {name for name, (_, now) in became.items() if now == "loaded"} == set(kept)
    run(dump, tmp_path / "clean")
    assert parquet(warehouse) == parquet(tmp_path / "clean")
    assert removed_count == 0, "the generation before still names the bytes"
    assert store.history(warehouse)[0].generation_id == generation
    assert store.collect(warehouse, 1).quarantine_count == len(kept)


def test_what_is_gone_from_the_source_is_named(dump: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    run(dump, warehouse)
    (dump / "picture.txt").unlink()
    _, rows, _ = redrive(warehouse, pipeline.rerun)
    gone = next(row for row in rows if row.source_name == "picture.txt")
    assert (gone.reason, gone.now) == ("binary", None)
    assert gone.bytes_kept_at is not None
    with store.open_warehouse(warehouse) as opened:
        assert "picture.txt" not in opened.table("files").select(pl.col("source_name")).collect()["source_name"]
