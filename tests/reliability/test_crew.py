"""A page that kills the process that cuts it costs itself, never its batch."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from cuttings import corpus, crew, store
from cuttings.config import OBJECT_BYTES, Config
from cuttings.corpus import Tombstones
from cuttings.crew import Crew
from cuttings.cutting import cut_batch, cut_to_shard
from cuttings.remainder import Remainder
from cuttings.sources import Batch, scan
from tests.reliability.trials import IS_TORTURE, trials

SEED = 6

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
        assert crew.peak_bytes <= 256 << 20
    assert found == {hashlib.sha256(raw).hexdigest(): reason for raw, reason in bad.items()}
    again = store.CutCache(tmp_path, "key")
    assert sorted(again.get("pages").get_column("page_id")) == sorted(batch(GOOD).page_ids)


def test_a_worker_that_was_started_early_cuts_for_the_crew_and_ends(tmp_path: Path) -> None:
    cache = store.CutCache(tmp_path, "key")
    with crew.started_early():
        ((early, starting),) = crew._early
        with Crew(cache, Tombstones()) as own:
            assert starting.done()
            assert own._sandboxes[0] is early
            assert crew._early == []
            assert own.cut(batch(GOOD[:1])) == {}
        with Crew(cache, Tombstones()) as second:
            assert second._sandboxes[0] is not early
    assert early._worker is None
    assert cache.page_count == 1


def test_the_first_page_of_a_worker_has_what_pages_have() -> None:
    """So what it loads is loaded: dates of both kinds, a byline, a quote, an appended article."""
    cut = cut_batch([crew._FIRST_PAGE], Tombstones())
    primary, related = cut["appearances"].sort("position").iter_rows(named=True)
    assert (primary["zone"], primary["byline"], related["zone"]) == ("primary", "By Ada Fenwick", "related")
    assert sorted(cut["date_mentions"].get_column("text")) == ["23 May, 2024 22:33", "32 minutes ago"]


def test_a_worker_that_nobody_took_ends(tmp_path: Path) -> None:
    with crew.started_early():
        ((early, _),) = crew._early
    assert early._worker is None
    assert crew._early == []


@pytest.mark.slow
def test_killers_among_good_pages(tmp_path: Path, killers, record_property: Callable[[str, object], None]) -> None:
    """In any order and any number, some beside each other: what is lost is they, and nothing else."""
    if not IS_TORTURE:
        pytest.skip("a part of make torture")
    draw, count = random.Random(SEED), trials(1, 20)
    record_property("trials", count)
    record_property("seed", SEED)
    for number in range(count):
        deaths = draw.choices(("SEGV", "BUS", "ABRT", "KILL"), k=draw.randint(1, 2))
        bad = {b"%s of page %d" % (death.encode(), place): f"SIG{death}" for place, death in enumerate(deaths)}
        good = [b"%s\nNumber %d.\n" % (draw.choice(GOOD), place) for place in range(24)]
        raws = draw.sample([*good, *bad], len(good) + len(bad))
        cache = store.CutCache(tmp_path / str(number), "key")
        with Crew(cache, Tombstones(), killers.cut_or_die) as crew:
            found = crew.cut(batch(raws))
        assert found == {hashlib.sha256(raw).hexdigest(): reason for raw, reason in bad.items()}, f"trial {number}"
        again = store.CutCache(tmp_path / str(number), "key")
        assert sorted(again.get("pages").get_column("page_id")) == sorted(batch(good).page_ids)


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
    files, quarantine = found.tables(found.page_ids, corpus.withheld_pages())
    assert dict(files.select("source_name", "disposition").iter_rows())["3.txt"] == "quarantined"
    assert quarantine.select("stage", "reason").rows() == [("cut", "worker_died:SIGSEGV")]
    assert [raw for _, raw in found.contents(found.killers)] == [b"SEGV of this page\n"]
    assert len(found.page_ids) == 3


SHAPES = {
    "short lines": lambda size: b"ab\n" * (size // 3),
    "empty lines": lambda size: b"\n" * size,
    "one line": lambda size: (b"a word of it %d " * (size // 16))[:size],
    "one word": lambda size: b"x" * size,
    "dates": lambda size: b"5 March 2025, 02:15\nPost 3 hours ago\n" * (size // 38),
    "prose": lambda size: (
        b"The bridge at Lunden was closed on Monday, the council said, for many weeks.\n\n" * (size // 79)
    ),
    "links": lambda size: b"Read more\nRelated articles\nHarbour fees go up\nPost\n2 hours ago\n" * (size // 63),
    "wide": lambda size: ("Brücke \U0001f309 über den Fluß\n" * (size // 60)).encode("utf-16"),
    "legacy": lambda size: "Die Brücke über den Fluß\n".encode("cp1252") * (size // 25),
    "damaged": lambda size: b"caf\xc3\xa9 \xff\xfe\xfa broken\n" * (size // 18),
}
LARGE = OBJECT_BYTES // (1 if IS_TORTURE else 4)


@pytest.mark.slow
def test_a_page_as_large_as_may_be_keeps_within_a_worker_s_memory(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """P7: of a page beyond any length only the front is cut, and the rest is kept."""
    chosen = list(SHAPES) if IS_TORTURE else ["dates", "legacy"]
    record_property("trials", len(chosen))
    raws = [SHAPES[name](LARGE) for name in chosen]
    cache = store.CutCache(tmp_path, "key")
    with Crew(cache, Tombstones()) as crew:
        assert crew.cut(batch(raws)) == {}
        print(f"worker {crew.peak_bytes / (1 << 20):.0f} MiB")
        assert crew.peak_bytes <= 256 << 20
    segments = store.CutCache(tmp_path, "key").get("segments").sort("page_id", "segment_no")
    ends = segments.group_by("page_id").agg(
        pl.col("byte_end").max(), size=(pl.col("byte_end") - pl.col("byte_start")).sum()
    )
    sizes = {page_id: len(raw) for page_id, raw in zip(batch(raws).page_ids, raws, strict=True)}
    assert {row["page_id"]: row["size"] for row in ends.to_dicts()} == sizes
    assert ends.filter(pl.col("byte_end") != pl.col("size")).is_empty()


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
