"""Whether anything changed since a moment is told before the scan; it is a hint, and no run hangs on it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cuttings import look, store
from cuttings.config import Config
from cuttings.outcome import RunResult
from cuttings.sources import is_newer

OLD, NEW = 1_600_000_000, 1_700_000_000


def write_dump(dump: Path) -> None:
    (dump / "folder").mkdir(parents=True)
    (dump / "folder" / "old.txt").write_text("The bridge is closed for two weeks.\n")
    (dump / "other.txt").write_text("The ferry goes again.\n")
    for path in (*dump.rglob("*"), dump):
        os.utime(path, (OLD, OLD))


@pytest.mark.parametrize("changed", [None, ".", "folder", "folder/old.txt", "other.txt"])
def test_it_is_seen_when_anything_is_newer(tmp_path: Path, changed: str | None) -> None:
    write_dump(tmp_path / "dump")
    if changed:
        os.utime(tmp_path / "dump" / changed, (NEW, NEW))
    config = Config((tmp_path / "dump",), tmp_path / "warehouse")
    assert is_newer(config, OLD * 10**9) is (changed is not None)


def test_a_source_that_is_one_file_is_seen_without_its_neighbours(tmp_path: Path) -> None:
    write_dump(tmp_path / "dump")
    os.utime(tmp_path / "dump" / "folder" / "old.txt", (NEW, NEW))
    for name, expected in (("other.txt", False), ("folder/old.txt", True)):
        config = Config((tmp_path / "dump" / name,), tmp_path / "warehouse")
        assert is_newer(config, OLD * 10**9) is expected


def test_a_run_is_expected_where_something_changed_after_the_publish(tmp_path: Path) -> None:
    dump, warehouse = tmp_path / "dump", tmp_path / "warehouse"
    write_dump(dump)
    config, told = Config((dump,), warehouse), []

    def run(given: Config) -> RunResult:
        told.append("run")
        digests = look.digests(given, look.take_scan(given).inputs_digest)
        with store.writer(warehouse) as writer, writer.build(digests) as build:
            build.write_tables({name: store.empty_table(name) for name in ("files", "pages", "quarantine")})
            build.publish(store.Account(0, 0), {})
        return RunResult("", is_published=True, seconds=0.0)

    def look_again() -> list[str]:
        told.clear()
        look.run_if_needed(config, run, lambda: told.append("expected"))
        return list(told)

    assert look_again() == ["run"], "nothing is published: there is nothing to look at"
    assert look_again() == []
    (dump / "other.txt").write_text("The ferry goes no more.\n")
    assert look_again() == ["expected", "run"]
    os.utime(dump / "other.txt", (OLD, OLD))
    assert look_again() == ["run"], "an older time is no sign, and the run is made all the same"
