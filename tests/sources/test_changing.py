"""An object that changes while it is read is one consistent version, or is set aside."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cuttings.config import Config
from cuttings.sources import Scan, reading, scan
from tests.reliability.trials import trials

VERSIONS = [b"a" * 10_000, b"b" * 10_000, b"c" * 50_000]


def scanned(root: Path) -> Scan:
    return scan(Config(sources=(root,), warehouse=root.parent / "w"))


def dispositions(found: Scan) -> dict[str, tuple[str, str | None]]:
    return {
        name: (what, why) for name, what, why in found.files.select("source_name", "disposition", "reason").iter_rows()
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "dump"
    root.mkdir()
    (root / "page.txt").write_bytes(VERSIONS[0])
    return root


@pytest.mark.parametrize("change", ["grow", "shrink", "rewrite"])
def test_a_change_in_the_middle_of_each_reading(root: Path, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = os.read
    clock = iter(range(1, 100))

    def meddling(fd: int, count: int) -> bytes:
        data = honest(fd, count)
        size = os.fstat(fd).st_size
        if change == "grow":
            with (root / "page.txt").open("ab") as file:
                file.write(b"more")
        elif change == "shrink":
            os.truncate(root / "page.txt", size - 1)
        os.utime(root / "page.txt", ns=(0, next(clock) * 10**9))
        return data

    monkeypatch.setattr(reading.os, "read", meddling)
    found = scanned(root)
    assert dispositions(found) == {"page.txt": ("quarantined", "changed_while_reading")}
    assert found.files["content_sha256"].to_list() == [None]
    assert list(found.quarantined_bytes()) == []


def test_a_single_change_is_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = os.read
    changes = iter([b"the second version"])

    def meddling(fd: int, count: int) -> bytes:
        data = honest(fd, count)
        for content in changes:
            (root / "page.txt").write_bytes(content)
        return data

    monkeypatch.setattr(reading.os, "read", meddling)
    found = scanned(root)
    assert [raw for batch in found.batches() for raw in batch.raws] == [b"the second version"]


def test_a_change_between_the_two_readings(root: Path) -> None:
    found = scanned(root)
    before = found.inputs_digest
    (root / "page.txt").write_bytes(VERSIONS[1])
    assert list(found.batches()) == []
    assert dispositions(found) == {"page.txt": ("quarantined", "changed_while_reading")}
    assert found.quarantine["reason"].to_list() == ["changed_while_reading"]
    assert found.inputs_digest != before
    assert found.files["size_bytes"].sum() == found.discovered_bytes


def test_a_duplicate_stands_in_for_the_changed_one(root: Path) -> None:
    (root / "same.txt").write_bytes(VERSIONS[0])
    (root / "third.txt").write_bytes(VERSIONS[0])
    found = scanned(root)
    (root / "page.txt").unlink()
    assert [raw for batch in found.batches() for raw in batch.raws] == [VERSIONS[0]]
    assert dispositions(found) == {
        "page.txt": ("quarantined", "changed_while_reading"),
        "same.txt": ("loaded", None),
        "third.txt": ("duplicate", "same_bytes"),
    }


def test_quarantined_bytes_that_changed_are_not_kept_under_a_wrong_name(root: Path) -> None:
    (root / "page.txt").write_bytes(b"\x00\x01\x02" * 100)
    found = scanned(root)
    (root / "page.txt").write_bytes(b"\x00\x01\x03" * 100)
    assert list(found.quarantined_bytes()) == []
    assert found.quarantine.select("reason", "bytes_kept_at").rows() == [("changed_while_reading", None)]


MEDDLER = """
import os, sys
versions = [b"a" * 10_000, b"b" * 10_000, b"c" * 50_000]
os.chdir(sys.argv[1])
print("started", flush=True)
while True:
    for version in versions:
        with open("page.txt", "wb") as file:
            file.write(version)
        with open(".new", "wb") as file:
            file.write(version)
        os.replace(".new", "page.txt")
"""


def test_a_writer_at_work_never_gives_a_mixture(root: Path, record_property: Callable[[str, object], None]) -> None:
    """P20: scans against a process that rewrites and replaces the page all the time."""
    count = trials(60, 5_000)
    record_property("trials", count)
    with subprocess.Popen([sys.executable, "-c", MEDDLER, str(root)], stdout=subprocess.PIPE) as meddler:
        assert meddler.stdout is not None
        meddler.stdout.readline()
        try:
            for _ in range(count):
                found = scanned(root)
                for batch in found.batches():
                    assert [hashlib.sha256(raw).hexdigest() for raw in batch.raws] == batch.page_ids
                    # A file whose writer has not got further yet is at rest for us: its start, but never a mixture.
                    assert all(any(version.startswith(raw) for version in VERSIONS) for raw in batch.raws)
                assert found.files["size_bytes"].sum() == found.discovered_bytes
                assert found.files.height == found.discovered_count
        finally:
            meddler.kill()
