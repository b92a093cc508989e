"""Names are data: whatever they hold, exactly that object is read, and nothing in a name has a meaning."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cuttings.config import Config
from cuttings.sources import scan
from cuttings.sources.names import display_name, file_id, source_labels

HOSTILE = [
    b"new\nline.txt",
    b"quo'te\".txt",
    b"a[1].txt",
    b"a1.txt",
    b"star*.txt",
    b"q?.txt",
    b"gen=9/id=7/captured_on=2020-01-01/part-0.parquet",
    b"; drop table files;.txt",
    b"<img src=x onerror=alert(1)>.txt",
    b"=cmd|' /C calc'!A0",
    b"s3:/bucket/key",
    b"http:/example.org/x",
    b"~",
    b"-rf",
    b".hidden",
    b".git/config",
    b"...",
    b" ",
    b"\\xe9.txt",
    b"\xe9.txt",
    b"\xff\xfe/\x80",
    b"\xe2\x80\xae txt.exe",
    b"x" * 255,
]


def test_each_hostile_name_is_exactly_that_object(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path / "dump")
    for name in HOSTILE:
        os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
        with open(os.path.join(root, name), "wb") as file:
            file.write(b"named " + name.replace(b"\xff", b"ff").replace(b"\xfe", b"fe"))
    found = scan(Config(sources=(tmp_path / "dump",), warehouse=tmp_path / "w"))
    by_id = {row["file_id"]: row for row in found.files.iter_rows(named=True)}
    assert set(by_id) == {file_id("", name) for name in HOSTILE}
    assert {row["disposition"] for row in by_id.values()} == {"loaded"}
    for name in HOSTILE:
        assert by_id[file_id("", name)]["source_name"] == display_name(name)
    assert sum(len(batch.raws) for batch in found.batches()) == len(HOSTILE)


def test_names_that_look_alike_stay_apart() -> None:
    assert display_name(b"\\xe9") == display_name(b"\xe9")
    assert file_id("", b"\\xe9") != file_id("", b"\xe9")
    assert file_id("a", b"bc") != file_id("ab", b"c")


@pytest.mark.parametrize(
    ("roots", "labels"),
    [
        (["/data/dump"], [""]),
        (["/data/a", "/data/b"], ["a", "b"]),
        (["/data/a", "/other/a", "/data/b"], ["data/a", "other/a", "data/b"]),
        (["/a", "/b/a"], ["//a", "b/a"]),
    ],
)
def test_labels(roots: list[str], labels: list[str]) -> None:
    assert source_labels([Path(root) for root in roots]) == labels
