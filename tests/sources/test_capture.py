"""Capture evidence: the sidecar, the option, and names where only one reading is possible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from cuttings.config import Config
from cuttings.errors import UsageError
from cuttings.sources import Scan, scan
from cuttings.sources.capture import read_name, read_written


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "point", "is_exact"),
    [
        ("2024-05-23T22-33", "2024-05-23 22:33", False),
        ("page_2024-05-23T22-33-05.txt", "2024-05-23 22:33:05", False),
        ("2024-05-23T22:33:05Z.txt", "2024-05-23 22:33:05", True),
        ("2024-05-23T22:33:05+02:00.txt", "2024-05-23 20:33:05", True),
        ("20240523T2233.txt", "2024-05-23 22:33", False),
        ("20240523223300.txt", "2024-05-23 22:33:00", False),
        ("dump-202405232233", "2024-05-23 22:33", False),
        ("20240523_223305.txt", "2024-05-23 22:33:05", False),
        ("2024-05-23 22h33.txt", "2024-05-23 22:33", False),
        ("2024-05-23", "2024-05-23 12:00", False),
        ("20240523", "2024-05-23 12:00", False),
        ("crawl_2024_05_23.txt", "2024-05-23 12:00", False),
        ("page_2024-05-23_0001.txt", "2024-05-23 12:00", False),
        ("1716503580.txt", "2024-05-23 22:33:00", True),
        ("page-1716503580123.txt", "2024-05-23 22:33:00.123", True),
    ],
)
def test_a_name_tells(name: str, point: str, is_exact: bool) -> None:
    found = read_name(name)
    assert found is not None
    assert (found.at, found.source) == (at(point), "name")
    assert found.earliest_at <= found.at <= found.latest_at
    assert (found.earliest_at == found.latest_at) == is_exact
    if not is_exact:
        assert found.latest_at - found.earliest_at in (timedelta(hours=26), timedelta(hours=50))


@pytest.mark.parametrize(
    "name",
    [
        "page.txt",
        "page-00012345.txt",
        "2024-05-23-storm-leaves-thousands-without-power.txt",
        "www.example.org_2024_05_23_world_news.txt",
        "2024-05-23_to_2024-05-30.txt",
        "2024-02-30.txt",
        "2024-13-01T10-20.txt",
        "99991231.txt",
        "000_a1716503580cf.txt",
        "1716503580-1716503581.txt",
        "1016503580.txt",
        "171650358012345.txt",
        "2024.txt",
        "12-05-2024.txt",
    ],
)
def test_a_name_with_other_readings_says_nothing(name: str) -> None:
    assert read_name(name) is None


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("2025-06-11T09:12:00Z", "2025-06-11 09:12"),
        ("2025-06-11T09:12:00+02:00", "2025-06-11 07:12"),
        (" 2025-06-11 09:12 ", "2025-06-11 09:12"),
        ("2025-06-11", "2025-06-11 12:00"),
        ("1749633120", "2025-06-11 09:12"),
        ("1749633120500", "2025-06-11 09:12:00.5"),
    ],
)
def test_written_times(text: str, point: str) -> None:
    found = read_written(text)
    assert found is not None
    assert found.at == at(point)


@pytest.mark.parametrize("text", ["", "yesterday", "11/06/2025", "2025-06-31", "0001-01-01T00:00:00+14:00", "9" * 400])
def test_times_that_cannot_be_read(text: str) -> None:
    assert read_written(text) is None


def captures(found: Scan) -> dict[str, tuple[datetime | None, str]]:
    rows = found.files.select("source_name", "captured_at", "captured_from").iter_rows()
    return {name: (moment, source) for name, moment, source in rows}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "dump"
    (root / "2024-05-23").mkdir(parents=True)
    for name in ("plain.txt", "2024-05-23/a.txt", "2024-05-23/2024-06-01T10-00Z.txt", "known, odd\nname.txt"):
        (root / name).write_bytes(name.encode())
    return root


def scanned(root: Path, captured_at: datetime | None = None) -> Scan:
    return scan(Config(sources=(root,), warehouse=root.parent / "w", captured_at=captured_at))


def test_the_strongest_evidence_counts(root: Path) -> None:
    (root / "captures.csv").write_text(
        "name,captured_at,url\n2024-05-23/2024-06-01T10-00Z.txt,2025-01-01T00:00:00Z,https://news.example/1\n"
        '"known, odd\nname.txt",2025-01-02T00:00:00Z,\n'
    )
    by_name = captures(scanned(root))
    assert by_name == {
        "plain.txt": (None, "none"),
        "2024-05-23/a.txt": (at("2024-05-23 12:00"), "name"),
        "2024-05-23/2024-06-01T10-00Z.txt": (at("2025-01-01"), "sidecar"),
        "known, odd\nname.txt": (at("2025-01-02"), "sidecar"),
    }
    option = scanned(root, captured_at=at("2025-03-03"))
    assert captures(option)["2024-05-23/a.txt"] == (at("2025-03-03"), "option")
    assert captures(option)["plain.txt"] == (at("2025-03-03"), "option")
    assert captures(option)["known, odd\nname.txt"][1] == "sidecar"
    assert option.files.filter(pl.col("url").is_not_null())["url"].to_list() == ["https://news.example/1"]
    assert option.warnings == ()


def test_the_sidecar_is_no_object_in_the_root_only(root: Path) -> None:
    (root / "captures.csv").write_bytes(b"\xef\xbb\xbfName,Captured_At\r\n")
    (root / "2024-05-23/captures.csv").write_text("a page of that name\n")
    found = scanned(root)
    assert "captures.csv" not in captures(found)
    assert "2024-05-23/captures.csv" in captures(found)
    assert found.discovered_count == found.files.height == 5


def test_the_sidecar_beside_a_single_file_counts(root: Path) -> None:
    (root / "captures.csv").write_text(
        "name,captured_at\nplain.txt,2025-01-01T00:00:00Z\nother.txt,2025-01-01T00:00:00Z\n"
    )
    found = scanned(root / "plain.txt")
    assert captures(found) == {"plain.txt": (at("2025-01-01"), "sidecar")}
    assert found.warnings == ()


def test_bad_rows_are_named_by_their_line(root: Path) -> None:
    (root / "captures.csv").write_text(
        "name,captured_at\nplain.txt,tomorrow\n\nplain.txt,2025-01-01\ntoo,many,fields\n,2025-01-01\nghost.txt,2025-01-01\n"
    )
    found = scanned(root)
    said = "\n".join(found.warnings)
    assert "line 2: captured_at is 'tomorrow', expected ISO 8601" in said
    assert "line 4: 'plain.txt' stands on line 2 already" in said
    assert "line 5: found 3 fields" in said
    assert "line 6: found 2 fields" in said
    assert "line 7: there is no object 'ghost.txt' in the source (1 such rows in all)" in said
    assert len(found.warnings) == 5
    assert captures(found)["plain.txt"] == (None, "none")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"file,when\n", "line 1: found the columns file, when, expected name,captured_at"),
        (b"", "line 1: found the columns none"),
        (b"name,captured_at\ncaf\xe9.txt,2025-01-01\n", "byte 20 is not UTF-8"),
        (b'name,captured_at\n"a"b,2025-01-01\n', "line 2: this is not CSV"),
    ],
)
def test_a_file_that_is_no_sidecar_is_an_error(root: Path, content: bytes, message: str) -> None:
    (root / "captures.csv").write_bytes(content)
    with pytest.raises(UsageError, match=message):
        scanned(root)


def test_a_linked_sidecar_is_refused_like_any_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "captures.csv").write_text("name,captured_at\nplain.txt,2025-01-01\n")
    (root / "captures.csv").symlink_to(tmp_path / "captures.csv")
    found = scanned(root)
    assert captures(found)["plain.txt"] == (None, "none")
    assert found.quarantine["reason"].to_list() == ["symlink"]
