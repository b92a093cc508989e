"""Memory, time and output are bounded whatever the input is, and nothing is written outside the warehouse."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import os
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from backports import zstd

from cuttings.config import Config, Limits
from cuttings.containers import streams
from cuttings.containers.member import CHUNK_BYTES, Bounds, Member
from cuttings.containers.streams import MAX_RATIO, RATIO_SLACK_BYTES
from cuttings.containers.unpack import unpack
from cuttings.sources import scan
from tests.reliability.trials import IS_TORTURE
from tests.sources import hostile
from tests.sources.hostile import ALL, MIB, page

PROJECT = Path(__file__).resolve().parents[2]
BOUNDS = Bounds(64 * MIB, 4096 * MIB, 100_000, ("text",))


def members(path: Path, bounds: Bounds = BOUNDS) -> list[Member]:
    fd = os.open(path, os.O_RDONLY)
    try:
        return [member for member in unpack(fd, os.fsencode(path.name), bounds) if member is not None]
    finally:
        os.close(fd)


# P7: memory. The whole scan runs in a fresh process, whose high-water mark nothing else has raised.

MEASURED = """
import json, sys
from pathlib import Path
from cuttings.config import Config
from cuttings.sources import members, scan
peaks = []
class Watched(members.Sandbox):
    def close(self):
        super().close()
        peaks.append(self.peak_bytes)
members.Sandbox = Watched
found = scan(Config(sources=(Path(sys.argv[1]),), warehouse=Path(sys.argv[1]).parent / "w"))
rows = {name: [what, why] for name, what, why in found.files.select("source_name", "disposition", "reason").iter_rows()}
for batch in found.batches():
    pass
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([rows, 1024 * int(peak.split()[1]), max(peaks)]))
"""


def measured(root: Path) -> tuple[dict[str, list[str | None]], int, int]:
    """Outcomes, and the most memory that the process and its worker had."""
    command = [sys.executable, "-P", "-c", MEASURED, str(root)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "POLARS_MAX_THREADS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=1200)
    outcomes, main, worker = json.loads(done.stdout)
    return outcomes, main, worker


def sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def large_text_within_two_archives() -> bytes:
    """Objects as large as may be, in an archive nearly as large as may be within another, which is compressed."""
    content = random.Random(1).randbytes(4 * MIB).hex().encode()
    large = [(f"large-{number}.txt", b"%d" % number + content[1:]) for number in range(7)]
    inner = hostile.zip_bytes(*large, method=zipfile.ZIP_STORED)
    return gzip.compress(hostile.tar_bytes(("inner.zip", inner)), 1)


def test_memory(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    root = tmp_path / "dump"
    root.mkdir()
    size = 2 << 30 if IS_TORTURE else 128 * MIB
    sparse(root / "one-line.txt", size)
    sparse(root / "sparse.tar", size)
    sparse(root / "zeros.jsonl", size)
    (root / "empty-lines.txt").write_bytes(b"\n" * 1_000_000)
    (root / "many.jsonl").write_bytes(hostile.many_lists(4 * MIB) + hostile.json_line(text="After it."))
    (root / "deep.jsonl").write_bytes(b'{"text": ' + b"[" * 100_000 + b"\n" + hostile.json_line(text="After that."))
    (root / "wide.tar.gz").write_bytes(large_text_within_two_archives())
    (root / "bomb.gz").write_bytes(gzip.compress(b"\0" * (16 * MIB)))
    (root / "bomb.zip").write_bytes(hostile.zip_bytes(("zeros.txt", b"\0" * (16 * MIB))))
    (root / "zero").symlink_to("/dev/zero")
    os.mkfifo(root / "fifo.jsonl")
    (root / "good.txt").write_bytes(page("good"))
    outcomes, main_bytes, worker_bytes = measured(root)
    record_property("trials", len(outcomes))
    assert outcomes == {
        "one-line.txt": ["quarantined", "too_large"],
        "sparse.tar": ["quarantined", "empty"],
        "zeros.jsonl!00000001": ["quarantined", "too_large"],
        "empty-lines.txt": ["loaded", None],
        "many.jsonl!00000001": ["loaded", None],
        "many.jsonl!00000002": ["loaded", None],
        "deep.jsonl!00000001": ["quarantined", "json_too_deep"],
        "deep.jsonl!00000002": ["loaded", None],
        **{f"wide.tar.gz!inner.zip!large-{number}.txt": ["loaded", None] for number in range(7)},
        "bomb.gz": ["quarantined", "bomb"],
        "bomb.zip!zeros.txt": ["quarantined", "bomb"],
        "zero": ["refused", "symlink"],
        "fifo.jsonl": ["refused", "not_regular"],
        "good.txt": ["loaded", None],
    }
    assert main_bytes <= 1024 * MIB
    assert worker_bytes <= 256 * MIB
    print(f"main {main_bytes / MIB:.0f} MiB, worker {worker_bytes / MIB:.0f} MiB")


# P8: time. Twice the input takes about twice the time.

SHAPES: dict[str, Callable[[int], tuple[str, bytes]]] = {
    "quotes": lambda n: ("a.jsonl", b'{"text": "' + b'\\"' * n + b"\n"),
    "open strings": lambda n: ("a.jsonl", b"[" * 65 + b'"\\"' * n + b"\n"),
    "brackets in text": lambda n: ("a.jsonl", b'{"text": "' + b"[{" * n + b'"}\n'),
    "many keys": lambda n: (
        "a.jsonl", b'{"text": "a"' + b"".join(b',"%d":0' % k for k in range(n // 4)) + b"}\n"
    ),
    "blank lines": lambda n: ("a.jsonl", b"\n" * 2 * n),
    "short lines": lambda n: ("a.jsonl", b"{}\n" * (n // 4)),
    "one long line": lambda n: ("a.jsonl", b"x" * 30 * n),
    "headers": lambda n: ("a.warc", b"".join(hostile.record("metadata", b"") for _ in range(n // 40))),
    "header fields": lambda n: ("a.warc", hostile.record("metadata", b"").replace(b"\r\n\r\n", b"\r\nX: y" * n, 1)),
    "empty lines after": lambda n: ("a.warc", hostile.record("conversion", b"a") + b"\r\n" * n),
    "tiny streams": lambda n: ("a.txt.gz", gzip.compress(b"") * (n // 40)),
    "tiny frames": lambda n: ("a.txt.zst", hostile.zstd_skippable(b"") * (n // 20)),
    "padding": lambda n: ("a.txt.gz", gzip.compress(b"a") + b"\0" * 20 * n),
    "small members": lambda n: ("a.tar", tar_of(n // 200)),
    "long names": lambda n: ("a.tar", hostile.tar_bytes(("n" * min(n // 8, 60_000), b"a"))),
    "small members in zip": lambda n: ("a.zip", zip_of(n // 200)),
    "overlapping": lambda n: ("a.zip", hostile.overlapping_zip(n // 400)),
}  # fmt: skip


def tar_of(count: int) -> bytes:
    one = hostile.tar_bytes(("a.txt", b"a"))[:1024]
    return one * count + b"\0" * 1024


def zip_of(count: int) -> bytes:
    return hostile.zip_bytes(*((f"{number}.txt", b"a") for number in range(count)))


def seconds(path: Path) -> float:
    started = time.process_time()
    members(path)
    return time.process_time() - started


@pytest.mark.parametrize("shape", SHAPES)
def test_time_is_linear(shape: str, tmp_path: Path) -> None:
    once, twice = (tmp_path / f"{n}" / SHAPES[shape](8)[0] for n in (1, 2))
    n = 40_000
    for path, size in ((once, n), (twice, 2 * n)):
        path.parent.mkdir()
        path.write_bytes(SHAPES[shape](size)[1])
    ratios = []
    for _ in range(5):  # other work on the machine makes one measurement longer, never shorter
        first = min(seconds(once) for _ in range(2))
        second = min(seconds(twice) for _ in range(2))
        ratios.append(second / max(first, 0.002))
        if ratios[-1] <= 2.5:
            return
    pytest.fail(f"twice the input took {min(ratios):.1f} times as long")


# P10: output. What is really produced is counted here, apart from what the readers count.


def bombs() -> Iterator[tuple[str, bytes]]:
    zeros = b"\0" * (16 * MIB)
    yield "a.gz", gzip.compress(zeros, 1)
    yield "a.bz2", bz2.compress(zeros, 1)
    yield "a.zst", zstd.compress(zeros, 1)
    yield "a.zip", hostile.zip_bytes(("zeros.txt", zeros))
    yield "many.gz", gzip.compress(zeros[: MIB // 2]) * 60
    yield "many.zst", zstd.compress(zeros[: MIB // 2]) * 200
    yield "a.jsonl.gz", gzip.compress(b"\n" * (8 * MIB), 1)


@pytest.mark.parametrize(("name", "content"), list(bombs()), ids=lambda value: value if isinstance(value, str) else "")
def test_bombs_are_stopped(name: str, content: bytes, tmp_path: Path, produced: list[int]) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    found = members(path)
    assert [member.problem and member.problem.reason for member in found if member.problem] == ["bomb"]
    assert 0 < sum(produced) <= min(64 * MIB, MAX_RATIO * len(content) + RATIO_SLACK_BYTES) + CHUNK_BYTES


def test_an_object_larger_than_the_limit_is_not_unpacked_further(tmp_path: Path, produced: list[int]) -> None:
    bounds = Bounds(MIB, 4096 * MIB, 1000, ("text",))
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(hostile.prose(400_000), 1))
    assert [member.problem and member.problem.reason for member in members(tmp_path / "a.txt.gz", bounds)] == [
        "too_large"
    ]
    assert sum(produced) <= MIB + CHUNK_BYTES


def test_an_archive_has_so_many_bytes_and_members(tmp_path: Path, produced: list[int]) -> None:
    bounds = Bounds(64 * MIB, MIB, 10, ("text",))
    many = [(f"{number}.txt", page(number)) for number in range(12)]
    large = [(f"{number}.txt", hostile.prose(20_000 + number)) for number in range(8)]
    for name, content, count, reason in (
        ("many.tar", hostile.tar_bytes(*many), 10, "too_many_members"),
        ("many.zip", hostile.zip_bytes(*many), 10, "too_many_members"),
        ("many.jsonl", b"".join(hostile.json_line(text=f"{n}") for n in range(12)), 10, "too_many_members"),
        ("large.tar.gz", gzip.compress(hostile.tar_bytes(*large)), 4, "archive_too_large"),
        ("large.zip", hostile.zip_bytes(*large), 4, "archive_too_large"),
        # Forty entries of one member: each gives 108 kB, whoever counts only packed bytes sees one.
        ("overlapping.zip", hostile.overlapping_zip(40), 9, "archive_too_large"),
    ):
        produced.clear()
        path = tmp_path / name
        path.write_bytes(content)
        found = members(path, bounds)
        assert [member.problem for member in found[:-1]] == [None] * count, name
        assert found[-1].problem is not None
        assert (found[-1].name, found[-1].problem.reason) == (b"", reason)
        assert sum(produced) <= MIB + CHUNK_BYTES


# P9: nothing is written.


def snapshot(root: Path) -> dict[str, tuple[int, int, int]]:
    found = {}
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            status = os.lstat(os.path.join(folder, name))
            found[os.path.join(folder, name)] = (status.st_ino, status.st_size, status.st_mtime_ns)
    return found


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All hostile files at once: neither the dump, nor what lies around it, nor the temporary folder changes."""
    root, elsewhere = tmp_path / "deep" / "er" / "dump", tmp_path / "tmp"
    root.mkdir(parents=True)
    elsewhere.mkdir()
    monkeypatch.setenv("TMPDIR", str(elsewhere))
    monkeypatch.chdir(root)
    for case in ALL:
        with open(os.path.join(os.fsencode(root), case.file), "wb") as file:
            file.write(case.content)
    before = snapshot(tmp_path), snapshot(Path("/etc"))
    found = scan(Config(sources=(root,), warehouse=tmp_path / "warehouse"))
    assert sum(len(batch.raws) for batch in found.batches()) == found.page_count
    assert (snapshot(tmp_path), snapshot(Path("/etc"))) == before


# Controls: readers that are deliberately wrong, which the tests above must see.


def test_control_a_reader_that_trusts_the_header_is_seen(
    tmp_path: Path, produced: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "check_ratio", lambda produced, consumed: None)
    content = gzip.compress(b"\0" * (16 * MIB), 1)
    (tmp_path / "a.gz").write_bytes(content)
    members(tmp_path / "a.gz")
    assert sum(produced) > MAX_RATIO * len(content) + RATIO_SLACK_BYTES + CHUNK_BYTES


def test_control_an_archive_that_is_extracted_is_seen(tmp_path: Path) -> None:
    import tarfile

    before = snapshot(tmp_path)
    with tarfile.open(fileobj=io.BytesIO(hostile.cve_2026_11940())) as archive:
        archive.extract("a", tmp_path, filter="data")
    assert snapshot(tmp_path) != before


def test_control_a_slow_reader_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that copies what is left at each line: time grows with the square."""

    def quadratic(path: Path) -> float:
        rest = path.read_bytes()
        started = time.process_time()
        while rest:
            rest = rest[4096:]
        return time.process_time() - started

    monkeypatch.setitem(globals(), "seconds", quadratic)
    with pytest.raises(pytest.fail.Exception, match="times as long"):
        test_time_is_linear("one long line", tmp_path)


def test_limits_are_settings(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "a.jsonl").write_bytes(b"".join(hostile.json_line(article=f"Page {n}.") for n in range(5)))
    config = Config((tmp_path / "dump",), tmp_path / "w", limits=Limits(archive_members=3), text_fields=("article",))
    outcomes = scan(config).files.sort("source_name").select("source_name", "disposition", "reason").rows()
    assert outcomes == [
        ("a.jsonl", "quarantined", "too_many_members"),
        *((f"a.jsonl!{number:08d}", "loaded", None) for number in (1, 2, 3)),
    ]
