"""Every object gets exactly one disposition with a reason, and none stops the others."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import polars as pl
import pytest

from cuttings.config import Config, Limits
from cuttings.contract import FILES, QUARANTINE
from cuttings.errors import UsageError
from cuttings.sources import REASONS, Scan, reading, scan, walk

PROJECT_PATH = {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
GOOD = b"A title\n\nA body that is long enough to be read.\n"


def scanned(root: Path, **options: object) -> Scan:
    return scan(Config(sources=(root,), warehouse=root.parent / "warehouse", **options))  # type: ignore[arg-type]


def outcomes(found: Scan) -> dict[str, tuple[str, str | None]]:
    rows = found.files.select("source_name", "disposition", "reason").iter_rows()
    assert set(found.files["reason"].drop_nulls()) <= REASONS.keys()
    return {name: (disposition, reason) for name, disposition, reason in rows}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "good.txt").write_bytes(GOOD)
    return folder


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        pytest.param(b"", ("quarantined", "empty"), id="empty"),
        pytest.param(bytes(range(256)) * 40, ("quarantined", "binary"), id="binary"),
        pytest.param(b"\0" * 5000, ("quarantined", "binary"), id="only NUL"),
        pytest.param(gzip.compress(GOOD * 50), ("quarantined", "binary"), id="gzip"),
        pytest.param(b"PK\x03\x04" + GOOD, ("quarantined", "binary"), id="zip with stored text"),
        pytest.param(b"Caf\xe9 au lait\ncr\xe8me\n", ("loaded", None), id="latin-1"),
        pytest.param(b"caf\xc3\xa9 \xff\xfe\xfa broken\n", ("loaded", None), id="invalid UTF-8"),
        pytest.param("снова".encode("koi8-r"), ("loaded", None), id="koi8-r"),
        pytest.param(b"truncated \xe2\x82", ("loaded", None), id="truncated character"),
        pytest.param(b"no line end", ("loaded", None), id="no final newline"),
        pytest.param(b"one\r\ntwo\r\n", ("loaded", None), id="CRLF"),
        pytest.param(b"one\rtwo\r", ("loaded", None), id="CR"),
        pytest.param(b"\xef\xbb\xbfwith a mark\n", ("loaded", None), id="BOM"),
        pytest.param("déjà vu\n".encode("utf-16"), ("loaded", None), id="UTF-16 with BOM"),
        pytest.param("a plain line\n".encode("utf-16-le") * 9, ("loaded", None), id="UTF-16 without BOM"),
        pytest.param("a plain line\n".encode("utf-32-be") * 9, ("loaded", None), id="UTF-32 without BOM"),
        pytest.param(b"\xff\xfe" + b"\x01\xd8" * 500, ("quarantined", "encoding_unknown"), id="bad UTF-16"),
        pytest.param("прощай\n".encode("utf-16-le") * 9, ("quarantined", "encoding_unknown"), id="UTF-16 that hides"),
        pytest.param(b"abc\0\0\0d" * 100, ("quarantined", "encoding_unknown"), id="padded with NUL"),
        pytest.param(b"some \0 NULs in \0 a text\n" * 3, ("loaded", None), id="stray NUL"),
        pytest.param(b"\x1b[31mred\x1b[0m \x07 bell\n", ("loaded", None), id="escapes"),
        pytest.param(b"\n" * 100_000, ("loaded", None), id="only newlines"),
        pytest.param(b"x" * 3_000_000, ("loaded", None), id="one long line"),
    ],
)
def test_bytes_decide(root: Path, content: bytes, outcome: tuple[str, str | None]) -> None:
    (root / "it.txt").write_bytes(content)
    found = scanned(root)
    assert outcomes(found) == {"good.txt": ("loaded", None), "it.txt": outcome}
    raws = {page: raw for batch in found.batches() for page, raw in zip(batch.page_ids, batch.raws, strict=True)}
    assert set(raws.values()) == {GOOD} | ({content} if outcome[0] == "loaded" else set())
    assert all(hashlib.sha256(raw).hexdigest() == page for page, raw in raws.items())
    kept = dict(found.quarantined_bytes())
    assert kept == ({hashlib.sha256(content).hexdigest(): content} if outcome[0] == "quarantined" and content else {})


def test_no_special_file_is_opened_or_followed(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_bytes(b"not part of the dump\n")
    (root / "inside-link").symlink_to("good.txt")
    (root / "outside-link").symlink_to(outside / "secret.txt")
    (root / "folder-link").symlink_to(outside)
    (root / "dangling").symlink_to("nowhere")
    (root / "loop").symlink_to("loop")
    (root / "updir").symlink_to("..")
    (root / "zero").symlink_to("/dev/zero")
    os.mkfifo(root / "fifo")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(root / "socket"))
        found = scanned(root)
    refused = dict.fromkeys(
        ("inside-link", "outside-link", "folder-link", "dangling", "loop", "updir", "zero"), "symlink"
    )
    refused |= {"fifo": "not_regular", "socket": "not_regular"}
    assert outcomes(found) == {"good.txt": ("loaded", None)} | {name: ("refused", why) for name, why in refused.items()}
    assert [raw for batch in found.batches() for raw in batch.raws] == [GOOD]
    details = dict(found.quarantine.join(found.files, on="file_id").select("source_name", "detail").iter_rows())
    assert "a FIFO" in details["fifo"]
    assert "a socket" in details["socket"]


def test_a_device_is_refused(root: Path) -> None:
    try:
        os.mknod(root / "device", 0o600 | stat.S_IFCHR, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root can make a device node")
    assert outcomes(scanned(root))["device"] == ("refused", "not_regular")


@pytest.mark.parametrize("special", ["fifo", "symlink", "directory"])
def test_what_was_a_file_when_listed_is_not_followed(root: Path, special: str) -> None:
    """The names were listed as files; then something else stands there."""
    place = root / "swapped"
    {"fifo": os.mkfifo, "symlink": lambda path: path.symlink_to("good.txt"), "directory": os.mkdir}[special](place)
    with reading.opened_root(root) as fd:
        found = reading.read_object(fd, b"swapped", 1000)
    assert (found.disposition, found.raw) == ("refused", None)
    assert found.reason == {"fifo": "not_regular", "symlink": "symlink", "directory": "not_regular"}[special]


def test_unreadable_file_and_folder(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "private.txt").write_bytes(b"mine")
    (root / "closed").mkdir()
    (root / "closed" / "inner.txt").write_bytes(b"unseen")
    honest = os.open

    def guarded(path: object, flags: int, *rest: int, **options: int) -> int:
        # Root opens everything, so permission is taken away where it would be asked for.
        if path in (b"private.txt", b"closed"):
            raise PermissionError(13, "Permission denied")
        return honest(path, flags, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(reading.os, "open", guarded)
    found = scanned(root)
    assert outcomes(found) == {
        "good.txt": ("loaded", None),
        "private.txt": ("refused", "unreadable"),
        "closed/": ("refused", "unreadable"),
    }
    assert "Permission denied" in found.quarantine["detail"][0]


UNPRIVILEGED = """
import sys
import tarfile
from pathlib import Path
from cuttings.config import Config
from cuttings.sources import scan
root = Path(sys.argv[1])
found = scan(Config(sources=(root,), warehouse=root.parent / "warehouse")).files
for row in found.select("source_name", "disposition", "reason").iter_rows():
    print(*row)
"""


def test_unreadable_without_being_root(root: Path) -> None:
    """The kernel refuses; where root runs the test, it refuses a process that was started without root's powers."""
    (root / "private.txt").write_bytes(b"mine")
    (root / "private.txt").chmod(0)
    command = [sys.executable, "-c", UNPRIVILEGED, str(root)]
    if os.access(root / "private.txt", os.R_OK):
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("this user reads everything, and there is no setpriv to take that away")
        command = [setpriv, "--inh-caps=-all", "--bounding-set=-all", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **PROJECT_PATH})
    assert set(done.stdout.splitlines()) == {"good.txt loaded None", "private.txt refused unreadable"}, done.stderr


def test_an_error_while_reading_is_a_refusal(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(fd: int, count: int) -> bytes:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(reading.os, "read", failing)
        found = scanned(root)
    assert outcomes(found) == {"good.txt": ("refused", "unreadable")}


def test_too_large_is_hashed_and_not_kept(root: Path) -> None:
    content = b"0123456789" * 300_000
    (root / "large.txt").write_bytes(content)
    found = scanned(root, limits=Limits(object_bytes=2_999_999))
    row = found.files.row(by_predicate=pl.col("source_name") == "large.txt", named=True)
    assert (row["disposition"], row["reason"], row["size_bytes"]) == ("quarantined", "too_large", 3_000_000)
    assert row["content_sha256"] == hashlib.sha256(content).hexdigest()
    assert found.quarantine["bytes_kept_at"].to_list() == [None]
    assert outcomes(scanned(root, limits=Limits(object_bytes=3_000_000)))["large.txt"] == ("loaded", None)


def test_same_bytes_are_one_page(root: Path) -> None:
    for name in ("b.txt", "a/z.txt", "z.txt"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(b"the same\n")
    found = scanned(root)
    assert outcomes(found) == {
        "a/z.txt": ("loaded", None),
        "b.txt": ("duplicate", "same_bytes"),
        "z.txt": ("duplicate", "same_bytes"),
        "good.txt": ("loaded", None),
    }
    assert found.files.filter(pl.col("page_id").is_not_null()).group_by("page_id").len()["len"].sort().to_list() == [
        1,
        3,
    ]
    assert found.page_count == 2


def test_shapes_are_those_of_the_contract(root: Path) -> None:
    (root / "empty.txt").write_bytes(b"")
    found = scanned(root)
    extra = {"captured_earliest_at", "captured_latest_at"}
    assert set(found.files.columns) == {column.name for column in FILES.columns} | extra
    assert found.quarantine.columns == [column.name for column in QUARANTINE.columns]
    assert pl.DataFrame(FILES.schema.empty_table()).schema == found.files.select(c.name for c in FILES.columns).schema
    assert pl.DataFrame(QUARANTINE.schema.empty_table()).schema == found.quarantine.schema
    assert pl.DataFrame(FILES.schema.empty_table()).schema == scanned(root / "empty.txt").files.drop(extra).schema


def test_sources_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder"):
        scanned(tmp_path / "missing")


def test_one_file_is_a_source_of_one_object(root: Path) -> None:
    assert outcomes(scanned(root / "good.txt")) == {"good.txt": ("loaded", None)}


def test_several_sources_are_told_apart(tmp_path: Path) -> None:
    for name in ("a/dump", "b/dump"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "page.txt").write_bytes(GOOD)
    config = Config(sources=(tmp_path / "a/dump", tmp_path / "b/dump", tmp_path / "a/dump"), warehouse=tmp_path / "w")
    rows = scan(config).files.sort("source_label").select("source_label", "source_name", "disposition").rows()
    assert rows == [("a/dump", "page.txt", "loaded"), ("b/dump", "page.txt", "duplicate")]


def test_the_warehouse_inside_the_source_is_left_out(root: Path) -> None:
    (root / "warehouse").mkdir()
    (root / "warehouse" / "CURRENT").write_text("0123456789abcdef\n")
    found = scan(Config(sources=(root,), warehouse=root / "warehouse"))
    assert outcomes(found) == {"good.txt": ("loaded", None)}
    assert "was not read" in found.warnings[0]


def test_folders_nested_too_deep_are_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAX_DEPTH", 2)
    (root / "1/2/3").mkdir(parents=True)
    (root / "1/2/kept.txt").write_bytes(b"two down\n")
    (root / "1/2/3/lost.txt").write_bytes(b"three down\n")
    assert outcomes(scanned(root)) == {
        "good.txt": ("loaded", None),
        "1/2/kept.txt": ("loaded", None),
        "1/2/3/": ("refused", "too_deep"),
    }


def test_the_documentation_lists_the_reasons() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text()
    table = page[page.index("## What becomes of an object") : page.index("## Names and sources")]
    assert set(re.findall(r"^\| \w+ \| `(\w+)` \|", table, re.MULTILINE)) == REASONS.keys()


def test_batches_follow_the_bytes(root: Path) -> None:
    for number in range(10):
        (root / f"{number}.txt").write_bytes(b"%d" % number * 1000)
    found = scanned(root)
    sizes = [sum(map(len, batch.raws)) for batch in found.batches(max_bytes=2500)]
    assert max(sizes) <= 2500
    assert sum(sizes) == found.page_bytes == found.discovered_bytes
    assert [len(batch.raws) for batch in found.batches(max_bytes=1)] == [1] * 11


def test_batches_come_in_the_order_of_the_tables(root: Path) -> None:
    """So a shard of the cache holds pages that stand together, and a slice of a table needs few shards."""
    days = {}
    for number in range(40):
        folder = root / f"site-{number % 3}"
        folder.mkdir(exist_ok=True)
        raw, day = b"page %d" % number, 1 + number * 7 % 4
        (folder / f"2025-06-0{day} {number}.txt").write_bytes(raw)
        days[hashlib.sha256(raw).hexdigest()] = day
    (root / "good.txt").unlink()
    with tarfile.open(root / "2025-06-05.tar", "w") as archive:
        for number in range(20):
            member = tarfile.TarInfo(f"{number}.txt")
            member.size = 2
            archive.addfile(member, io.BytesIO(b"%02d" % number))
    singles = [(days[page_id], page_id) for batch in scanned(root).batches(200) for page_id in batch.page_ids
               if page_id in days]  # fmt: skip
    assert len(singles) == 40
    assert singles == sorted(singles)
    *_, members = (batch.page_ids for batch in scanned(root).batches())
    assert members[-20:] == sorted(members[-20:])
    assert not days.keys() & set(members[-20:])


def test_the_digest_is_that_of_the_inputs(root: Path) -> None:
    before = scanned(root).inputs_digest
    assert scanned(root).inputs_digest == before
    (root / "more.txt").write_bytes(b"more")
    assert scanned(root).inputs_digest != before
    (root / "more.txt").unlink()
    assert scanned(root).inputs_digest == before
    status = (root / "good.txt").stat()
    os.utime(root / "good.txt", ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))
    assert scanned(root).inputs_digest != before
