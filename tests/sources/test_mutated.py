"""P9, P10: archives damaged by lot are written nowhere, and bombs of any make are stopped."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cuttings.containers.kinds import HEAD_BYTES, kind_of
from cuttings.containers.member import CHUNK_BYTES, Bounds, Member
from cuttings.containers.streams import MAX_RATIO, RATIO_SLACK_BYTES
from cuttings.containers.unpack import unpack
from tests.reliability.trials import trials
from tests.sources import hostile
from tests.sources.hostile import MIB, Hostile

SEED = 9
BOUNDS = Bounds(64 * MIB, 256 * MIB, 1_000, ("text",))
LARGEST_BYTES = 200_000  # of the archives that are damaged
ARCHIVES = [
    case for case in (*hostile.STREAMS, *hostile.TARS, *hostile.ZIPS)
    if len(case.content) <= LARGEST_BYTES and kind_of(case.file, case.content[:HEAD_BYTES])
]  # fmt: skip
# What climbs out of a folder, points elsewhere, or is no name at all.
NAMES = (b"../../owned", b"/owned", b"a/../../owned", b"..\\owned", b"owned\0.txt", b"~/owned", b"\xff/owned", b".")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {
    "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
    "os.utime", "os.fork", "os.exec", "os.system", "os.posix_spawn", "subprocess.Popen", "socket.connect",
}  # fmt: skip
_watching: list[list[str]] = []


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if not _watching:
        return
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        if (isinstance(mode, str) and set(mode) & set("wxa+")) or (isinstance(flags, int) and flags & WRITING):
            _watching[-1].append(f"open {arguments[0]!r}")
    elif event in CHANGES:
        _watching[-1].append(f"{event} {arguments!r}")


sys.addaudithook(_audit)


@contextmanager
def watched() -> Iterator[list[str]]:
    """What this process changes in a file system, or starts, or calls: each event that the interpreter tells of."""
    events: list[str] = []
    _watching.append(events)
    try:
        yield events
    finally:
        _watching.pop()


def members(path: Path, bounds: Bounds = BOUNDS) -> list[Member]:
    fd = os.open(path, os.O_RDONLY)
    try:
        return [member for member in unpack(fd, os.fsencode(path.name), bounds) if member is not None]
    finally:
        os.close(fd)


def mutated(case: Hostile, draw: random.Random) -> bytes:
    """An archive, still taken for one: some bytes changed, a name put over some, a part doubled or cut out."""
    while True:
        raw = bytearray(case.content)
        for _ in range(draw.randint(1, 6)):
            # Half of the changes fall on the first block, where the headers are.
            place = draw.randrange(min(len(raw), 512) if draw.random() < 0.5 else len(raw))
            name, length = draw.choice(NAMES), draw.randrange(1, 600)
            match draw.randrange(4):
                case 0:
                    raw[place] ^= 1 << draw.randrange(8)
                case 1:
                    raw[place : place + len(name)] = name
                case 2:
                    raw[place:place] = raw[place : place + length]
                case _:
                    raw[place : place + min(length, len(raw) // 9)] = b""
        if kind_of(case.file, bytes(raw[:HEAD_BYTES])):
            return bytes(raw)


def test_no_damaged_archive_is_written_anywhere(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    draw, count = random.Random(SEED), trials(60, 2_000)
    record_property("trials", count)
    record_property("seed", SEED)
    folder = tmp_path / "dump"
    folder.mkdir()
    member_count = 0
    for number in range(count):
        case = ARCHIVES[number % len(ARCHIVES)]
        path = folder / os.fsdecode(case.file)
        path.write_bytes(mutated(case, draw))
        with watched() as events:
            # An error that is none of the reader's own would cost its worker this one file.
            try:
                member_count += len(members(path))
            except (ValueError, OSError, EOFError, ArithmeticError, LookupError) as error:
                print(f"{path.name}: {type(error).__name__}: {error}")
        assert events == [], f"trial {number}: {case.file!r}"
        assert list(tmp_path.iterdir()) == [folder]
        assert list(folder.iterdir()) == [path]
        path.unlink()
    assert member_count > count / 2, "most damage leaves something to read"


def test_a_reader_that_extracts_is_seen(tmp_path: Path) -> None:
    """Negative control."""
    with watched() as events, tarfile.open(fileobj=io.BytesIO(hostile.tar_bytes(("a", b"a")))) as archive:
        archive.extract("a", tmp_path, filter="data")
    assert any("open" in event for event in events)


def bomb(draw: random.Random) -> tuple[str, bytes, list[int]]:
    """A file that would become several times as large as it may, and the packed bytes on each of its levels."""
    zeros = bytes([draw.randrange(256)]) * draw.randrange(6 * MIB, 20 * MIB)
    packed = gzip.compress(zeros, draw.choice((6, 9)))
    name = f"{draw.randrange(1000)}"
    makes: dict[str, Callable[[], bytes]] = {
        ".gz": lambda: packed,
        ".many.gz": lambda: gzip.compress(zeros[: 2 * MIB]) * draw.randrange(8, 20),
        ".bz2": lambda: bz2.compress(zeros, 1),
        ".xz": lambda: lzma.compress(zeros, preset=0),
        ".zip": lambda: hostile.zip_bytes((f"{name}.txt", zeros)),
        ".within.zip": lambda: hostile.zip_bytes((f"{name}.txt.gz", packed)),
        ".tar.gz": lambda: gzip.compress(hostile.tar_bytes((f"{name}.txt", zeros))),
    }
    make = draw.choice(list(makes))
    content = makes[make]()
    return f"{name}{make}", content, [len(content), *([len(packed)] if make == ".within.zip" else [])]


def test_bombs_of_any_make_are_stopped(
    tmp_path: Path, produced: list[int], record_property: Callable[[str, object], None]
) -> None:
    draw, count = random.Random(SEED), trials(8, 500)
    record_property("trials", count)
    record_property("seed", SEED)
    for number in range(count):
        name, content, levels = bomb(draw)
        (tmp_path / name).write_bytes(content)
        produced.clear()
        found = members(tmp_path / name)
        assert {member.problem.reason for member in found if member.problem} == {"bomb"}, f"trial {number}: {name}"
        most = sum(min(64 * MIB, MAX_RATIO * size + RATIO_SLACK_BYTES) + CHUNK_BYTES for size in levels)
        assert 0 < sum(produced) <= most, f"trial {number}: {name}: {sum(produced)} bytes of {levels}"
        (tmp_path / name).unlink()
