"""Members of archives and records: whatever goes in comes out, with its time and address, and is found again."""

from __future__ import annotations

import gzip
import io
import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.config import Config
from cuttings.containers import unpack as unpacking
from cuttings.containers.kinds import HEAD_BYTES, kind_by_name, kind_of
from cuttings.containers.lines import read_lines
from cuttings.containers.member import Bounds, Member, Members
from cuttings.containers.streams import Budget, Unpacked
from cuttings.containers.tar import read_tar
from cuttings.containers.unpack import unpack
from cuttings.containers.warc import read_warc
from cuttings.sources import Scan, members, scan
from tests.sources import hostile
from tests.sources.hostile import LOADED, page

BOUNDS = Bounds(1 << 20, 1 << 24, 1000, ("text",))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "dump"
    root.mkdir()
    return root


def scanned(root: Path, **options: object) -> Scan:
    return scan(Config(sources=(root,), warehouse=root.parent / "w", **options))  # type: ignore[arg-type]


def outcomes(found: Scan) -> dict[str, tuple[str, str | None]]:
    rows = found.files.select("source_name", "disposition", "reason").iter_rows()
    return {name: (what, why) for name, what, why in rows}


def raws(found: Scan) -> set[bytes]:
    return {raw for batch in found.batches() for raw in batch.raws}


class Dribble:
    """A stream that gives what it likes of what is asked for."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        self._stream, self._sizes, self._turn = io.BytesIO(data), sizes, 0

    def read(self, count: int, /) -> bytes:
        self._turn += 1
        return self._stream.read(min(count, self._sizes[self._turn % len(self._sizes)]))


def contents(found: Members) -> list[tuple[bytes, bytes | None]]:
    return [(member.name, member.raw) for member in found if member is not None]


NAMES = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=150).filter(
    lambda name: not name.endswith("/") and kind_by_name(name.encode()) is None
)
FILES = st.lists(st.tuples(NAMES, st.binary(max_size=2000)), min_size=1, max_size=6)
SIZES = st.lists(st.integers(1, 3000), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(files=FILES, sizes=SIZES, form=st.sampled_from([0, 1, 2]))
def test_what_goes_into_a_tar_comes_out(files: list[tuple[str, bytes]], sizes: list[int], form: int) -> None:
    try:
        data = hostile.tar_bytes(*files, format=form)
    except ValueError:
        return  # ustar has no place for such a name
    expected = [(name.encode(), content) for name, content in files]
    assert contents(read_tar(Dribble(data, sizes), BOUNDS)) == expected
    packed = Dribble(gzip.compress(data, 0), sizes)
    assert contents(read_tar(Unpacked(packed, "gz", Budget(1 << 24, 1000)), BOUNDS)) == expected


@pytest.mark.parametrize("compression", hostile.COMPRESSORS)
@settings(max_examples=15, deadline=None)
@given(texts=st.lists(st.binary(max_size=3000), max_size=5), sizes=SIZES, padding=st.integers(0, 9))
def test_what_is_compressed_comes_out(compression: str, texts: list[bytes], sizes: list[int], padding: int) -> None:
    """One stream after another, however the file is read, and all at once or a little at a time."""
    compress = hostile.COMPRESSORS[compression]
    packed = b"".join(map(compress, texts or [b""])) + b"\0" * padding
    stream = Unpacked(Dribble(packed, sizes), compression, Budget(1 << 24, 1000))
    assert b"".join(iter(lambda: stream.read(700), b"")) == b"".join(texts)


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=8), sizes=SIZES)
def test_what_goes_into_records_comes_out(texts: list[str], sizes: list[int]) -> None:
    expected = [text.encode("utf-8", "surrogatepass") for text in texts]
    lines = b"".join(hostile.json_line(text=text, other=[{"a": 1}, None]) for text in texts)
    assert [raw for _, raw in contents(read_lines(Dribble(lines, sizes), BOUNDS))] == expected
    records = b"".join(hostile.record("conversion", raw) for raw in expected)
    assert [raw for _, raw in contents(read_warc(Dribble(records, sizes), BOUNDS))] == expected


@settings(max_examples=40, deadline=None)
@given(
    data=st.binary(max_size=400),
    cut=st.integers(0, 3000),
    flips=st.lists(st.integers(0, 3000), max_size=4),
    kind=st.integers(0, 7),
)
def test_no_damage_makes_a_reader_fail(data: bytes, cut: int, flips: list[int], kind: int) -> None:
    """Whatever is cut off or changed, a reader ends with members and problems and never with an error of its own."""
    name, content = [
        ("a.tar", hostile.tar_bytes(("x.txt", data), ("y.txt", data))),
        ("a.zip", hostile.zip_bytes(("x.txt", data), ("y.txt", data * 3))),
        ("a.jsonl", hostile.json_line(text=data.hex()) * 3),
        ("a.warc", hostile.record("conversion", data) * 2),
        ("a.tar.gz", gzip.compress(hostile.tar_bytes(("x.txt", data)))),
        ("a.txt.xz", hostile.lzma.compress(data)),
        ("a.txt.bz2", hostile.bz2.compress(data)),
        ("a.txt.zst", hostile.zstd.compress(data) + hostile.zstd_skippable(data)),
    ][kind]
    broken = bytearray(content[: max(12, len(content) - cut)] if cut % 2 else content)
    for place in flips:
        broken[300 + place % 200 if kind == 0 else place % len(broken)] ^= 1 << place % 8
    with tempfile.TemporaryFile() as file:
        file.write(broken)
        file.flush()
        if kind_of(name.encode(), bytes(broken[:HEAD_BYTES])) is not None:  # else it is read as a page
            found = [member for member in unpack(file.fileno(), name.encode(), BOUNDS) if member is not None]
            assert found
            assert all(member.raw is not None or member.problem for member in found)


def test_time_and_address_come_from_the_record(root: Path) -> None:
    record = {"text": "A page.", "captured_at": "2024-05-06T07:08:09+02:00", "url": "https://a.example/1"}
    lines = [record, {"text": "Another.", "crawled_at": 1714972089123, "link": "x\ud800"}, {"text": "No time."}]
    (root / "dump_2023-01-02.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (root / "w.warc").write_bytes(hostile.record("conversion", b"From a crawl."))
    archive = hostile.tar_bytes(("2022-03-04/page.txt", b"In a dated folder."), ("page.txt", b"Without a day."))
    (root / "a.tar").write_bytes(archive)
    rows = scanned(root).files.sort("source_name").select("source_name", "captured_at", "captured_from", "url").rows()
    assert rows == [
        ("a.tar!2022-03-04/page.txt", datetime(2022, 3, 4, 12, tzinfo=UTC), "name", None),
        ("a.tar!page.txt", None, "none", None),
        ("dump_2023-01-02.jsonl!00000001", datetime(2024, 5, 6, 5, 8, 9, tzinfo=UTC), "record", "https://a.example/1"),
        ("dump_2023-01-02.jsonl!00000002", datetime(2024, 5, 6, 5, 8, 9, 123000, tzinfo=UTC), "record", "x\\ud800"),
        ("dump_2023-01-02.jsonl!00000003", datetime(2023, 1, 2, 12, tzinfo=UTC), "name", None),
        ("w.warc!00000001", datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), "record", "https://a.example/13"),
    ]
    option = scanned(root, captured_at=datetime(2021, 1, 1, tzinfo=UTC)).files
    assert option["captured_from"].value_counts(sort=True).rows() == [("option", 3), ("record", 3)]


def test_a_sidecar_names_members_and_containers(root: Path) -> None:
    (root / "p.jsonl").write_bytes(
        hostile.json_line(text="One.", captured_at="2024-05-06T07:08:09Z") + hostile.json_line(text="Two.")
    )
    (root / "captures.csv").write_text(
        "name,captured_at,url\np.jsonl!00000002,2020-02-02T00:00:00Z,https://two.example\np.jsonl,2021-01-01T00:00:00Z,\n"
    )
    found = scanned(root)
    rows = found.files.sort("source_name").select("captured_at", "captured_from", "url").rows()
    assert rows == [
        (datetime(2021, 1, 1, tzinfo=UTC), "sidecar", None),
        (datetime(2020, 2, 2, tzinfo=UTC), "sidecar", "https://two.example"),
    ]
    assert found.warnings == ()


def test_the_time_of_a_member_is_no_later_than_the_archive(root: Path) -> None:
    early, late = hostile.special("early.txt", b"0"), hostile.special("late.txt", b"0")
    early.mtime, late.mtime = 1_600_000_000, 1_900_000_000
    (root / "a.tar").write_bytes(hostile.tar_bytes((early, b"Early."), (late, b"Late.")))
    os.utime(root / "a.tar", (1_700_000_000, 1_700_000_000))
    rows = scanned(root).files.sort("source_name")["modified_at"].dt.epoch("s").to_list()
    assert rows == [1_600_000_000, 1_700_000_000]


def test_a_member_with_the_bytes_of_a_file_is_its_duplicate(root: Path) -> None:
    (root / "a.txt").write_bytes(page("same"))
    (root / "b.zip").write_bytes(hostile.zip_bytes(("a.txt", page("same"))))
    (root / "b.zip!a.txt").write_bytes(page("a file with a member's name"))
    found = scanned(root)
    assert outcomes(found) == {
        "a.txt": LOADED, "b.zip!a.txt": LOADED, "b.zip!a.txt#2": ("duplicate", "same_bytes")
    }  # fmt: skip
    (root / "a.txt").unlink()
    assert raws(found) == {page("same"), page("a file with a member's name")}, "the member stands in for the file"
    assert outcomes(found)["b.zip!a.txt#2"] == LOADED


def test_an_archive_that_changes_between_the_readings(root: Path) -> None:
    (root / "a.zip").write_bytes(hostile.zip_bytes(("a.txt", page(1)), ("b.txt", page(2))))
    found = scanned(root)
    (root / "a.zip").write_bytes(hostile.zip_bytes(("a.txt", page(1)), ("b.txt", page(3))))
    assert raws(found) == {page(1)}
    assert outcomes(found) == {"a.zip!a.txt": LOADED, "a.zip!b.txt": ("quarantined", "changed_while_reading")}
    assert found.files["size_bytes"].sum() == found.discovered_bytes


def test_an_archive_that_changes_while_it_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a.zip").write_bytes(hostile.zip_bytes(("a.txt", page(1)), ("b.txt", page(2))))
    honest, clock = members.hash_through, iter(range(10, 20))

    def meddling(fd: int) -> tuple[int, str]:
        os.utime(root / "a.zip", (0, next(clock)))
        return honest(fd)

    monkeypatch.setattr(members, "hash_through", meddling)
    found = scanned(root)
    assert outcomes(found) == {"a.zip": ("quarantined", "changed_while_reading")}
    assert (found.discovered_count, found.discovered_bytes) == (1, (root / "a.zip").stat().st_size)


def test_a_reader_that_dies_costs_the_rest_of_its_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """P6: what came before the death is loaded, the next archive is read by a new process."""
    monkeypatch.setattr(unpacking, "unpack", hostile.dying_reader)
    for name in ("1.zip", "2-kill.zip", "3.zip", "4-kill.zip", "5.zip"):
        (root / name).write_bytes(hostile.zip_bytes(("x", b"x")))
    found = scanned(root)
    files = {f"{name}.zip!first.txt": LOADED for name in ("1", "2-kill", "3", "4-kill", "5")}
    died = {f"{name}.zip": ("quarantined", "worker_died:SIGSEGV") for name in ("2-kill", "4-kill")}
    assert outcomes(found) == files | died
    assert len(raws(found)) == 5
    kept = found.files.filter(pl.col("reason").is_not_null())["content_sha256"].unique()
    assert {digest for digest, _ in found.quarantined_bytes()} == set(kept)


def test_a_file_of_records_may_be_the_source_itself(root: Path) -> None:
    (root / "p.jsonl").write_bytes(hostile.json_line(text="One.") + hostile.json_line(text="Two."))
    found = scanned(root / "p.jsonl")
    assert outcomes(found) == {"p.jsonl!00000001": LOADED, "p.jsonl!00000002": LOADED}
    assert raws(found) == {b"One.", b"Two."}


def test_the_whole_run_takes_archives(tmp_path: Path, root: Path) -> None:
    """Down to the published tables, with the conservation law held there."""
    from cuttings import pipeline
    from cuttings.store import open_warehouse

    for case in hostile.STREAMS[:3] + hostile.ZIPS[:1] + hostile.RECORDS[:1]:
        (root / case.file.decode()).write_bytes(case.content)
    result = pipeline.run(Config(sources=(root,), warehouse=tmp_path / "w"))
    assert result.is_published
    with open_warehouse(tmp_path / "w") as warehouse:
        names = set(warehouse.table("files").select("source_name").collect()["source_name"])
    assert {"good.txt.gz!good.txt", "names.zip!same.txt#2", "lines.jsonl!00000017"} <= names
    assert not pipeline.run(Config(sources=(root,), warehouse=tmp_path / "w")).is_published


def test_members_are_small_in_memory() -> None:
    assert not hasattr(Member(b"a", None, 0), "__dict__")
