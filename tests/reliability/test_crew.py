"""A page that kills the process that cuts it costs itself, never its batch."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from cuttings import store
from cuttings.config import Config
from cuttings.corpus import Tombstones
from cuttings.crew import PART_LIMITS, Crew
from cuttings.cutting import cut_to_shard
from cuttings.remainder import Remainder
from cuttings.sources import Batch, scan

GOOD = [
    b"The bridge at Lunden closes\n\n5 March 2025\n\nThe bridge will be closed for %d weeks, the council said.\n" % n
    for n in range(2, 9)
]


def batch(raws: list[bytes]) -> Batch:
    return Batch([hashlib.sha256(raw).hexdigest() for raw in raws], raws)


@pytest.fixture
def killers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    import killers

    return killers


def test_killers_are_named_and_the_others_are_cut(tmp_path: Path, killers) -> None:
    bad = {b"SEGV": "SIGSEGV", b"RULE": "ZeroDivisionError"}
    raws = [*GOOD[:3], b"SEGV", *GOOD[3:5], b"RULE", *GOOD[5:]]
    cache = store.CutCache(tmp_path, "key")
    with Crew(cache, Tombstones(), killers.cut_or_die) as crew:
        found = crew.cut(batch(raws))
        assert crew.peak_bytes <= PART_LIMITS.resident_bytes
    assert found == {hashlib.sha256(raw).hexdigest(): reason for raw, reason in bad.items()}
    again = store.CutCache(tmp_path, "key")
    assert sorted(again.get("pages").get_column("page_id")) == sorted(batch(GOOD).page_ids)


def test_a_page_beyond_every_limit_is_named(tmp_path: Path, killers) -> None:
    with Crew(store.CutCache(tmp_path, "key"), Tombstones(), killers.cut_or_die) as crew:
        assert list(crew.cut(batch([b"MEMORY", GOOD[0]])).values()) == ["out_of_memory"]


def test_a_killer_is_quarantined_and_its_bytes_are_kept(tmp_path: Path, killers) -> None:
    source = tmp_path / "dump"
    source.mkdir()
    for number, raw in enumerate([*GOOD[:3], b"SEGV of this page\n"]):
        (source / f"{number}.txt").write_bytes(raw)
    config = Config(sources=(source,), warehouse=tmp_path / "warehouse", trusts_mtime=False)
    with store.writer(config.warehouse) as writer:
        found = Remainder(scan(config), Tombstones())
        cache = writer.cache(store.cut_digest())
        with Crew(cache, Tombstones(), killers.cut_or_die) as crew:
            for part in found.batches(known=cache):
                found.set_killers_aside(crew.cut(part))
    assert dict(found.files.select("source_name", "disposition").iter_rows())["3.txt"] == "quarantined"
    assert found.quarantine.select("stage", "reason").rows() == [("cut", "worker_died:SIGSEGV")]
    assert [raw for _, raw in found.contents(found.killers)] == [b"SEGV of this page\n"]
    assert len(found.page_ids) == 3


def test_workers_and_this_process_cut_alike(tmp_path: Path) -> None:
    here, there = store.CutCache(tmp_path / "here", "key"), store.CutCache(tmp_path / "there", "key")
    pages = batch(GOOD)
    cut_to_shard(here.free_directory(0), pages.raws, pages.page_ids, Tombstones())
    assert here.adopt(here.free_directory(0))
    with Crew(there, Tombstones()) as crew:
        assert crew.cut(pages) == {}
    for table in ("pages", "segments", "appearances", "date_mentions", "lines"):
        keys = ("page_id", "position", "segment_no", "byte_start", "key", "text")
        frames = [cache.get(table).sort([k for k in keys if k in cache.get(table).columns]) for cache in (here, there)]
        assert frames[0].equals(frames[1]), table
