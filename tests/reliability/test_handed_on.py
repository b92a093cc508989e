"""A database made out of the one before holds what one built from nothing does."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from cuttings import pipeline, store
from cuttings.config import Config
from cuttings.contract import TABLES
from cuttings.resources import resource_dir
from cuttings.store import build as building
from cuttings.store import database, parts
from cuttings.store.layout import DATABASE_NAME
from cuttings.store.models import ModelError
from tests.reliability.test_histories import PAGES

pytestmark = pytest.mark.usefixtures("without_audit")


def run(dump: Path, warehouse: Path) -> pipeline.RunResult:
    return pipeline.run(Config((dump,), warehouse, trusts_mtime=False))


def contents(warehouse: Path) -> dict[str, list[str]]:
    """All rows of all tables and views, and what is said of them; without the history, which tells the time."""
    with store.pinned(warehouse) as directory, duckdb.connect(str(directory / "cuttings.duckdb"), read_only=True) as db:
        names = db.execute(
            "select schema_name || '.' || table_name, comment from duckdb_tables() union all "
            "select schema_name || '.' || view_name, comment from duckdb_views() where not internal"
        ).fetchall()
        columns = db.execute(
            "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() where not internal"
        ).fetchall()
        rows = {
            name: sorted(map(str, db.execute(f"from {name}").fetchall()))
            for name, _ in names
            if name not in ("main.runs", "main.checks", "staging.checks", "marts.quality_by_run")
        }
    return {**rows, "columns": sorted(map(str, columns)), "tables": sorted(map(str, names))}


def test_what_is_handed_on_is_what_would_be_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page in files of its own: some tables exchange rows, those of few files are loaded anew."""
    counts: list[int] = []
    update = database.update_tables

    def counted(*arguments: Any) -> int:
        counts.append(update(*arguments))
        return counts[-1]

    monkeypatch.setattr(database, "update_tables", counted)
    monkeypatch.setattr(building, "EXCHANGED_RATIO", 10.0)
    monkeypatch.setattr(parts, "PART_ROWS", 1)
    dump, warehouse = tmp_path / "dump", tmp_path / "warehouse"
    dump.mkdir()
    for number in range(12):
        (dump / f"{number}.txt").write_bytes(PAGES[number % 3].replace(b"March", b"March " * (number + 1)))
    run(dump, warehouse)
    (dump / "3.txt").write_bytes(PAGES[0] + b"One more line.\n")
    (dump / "5.txt").unlink()
    (dump / "empty.txt").write_bytes(b"")
    run(dump, warehouse)
    run(dump, tmp_path / "clean")
    (exchanged,) = counts
    assert exchanged > 20
    assert contents(warehouse) == contents(tmp_path / "clean")
    assert store.verify(warehouse) == []


def test_a_row_that_stands_twice_is_not_hidden_from_the_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MOST_EXCHANGED_RATIO", 10.0)
    dump, after = tmp_path / "dump", tmp_path / "after"
    dump.mkdir()
    (dump / "page.txt").write_bytes(PAGES[0])
    run(dump, tmp_path / "warehouse")
    with store.pinned(tmp_path / "warehouse") as before:
        shutil.copytree(before, after, copy_function=os.link)
        (part,) = database.parquet_files(after, "segments")
        rows = pl.read_parquet(part)
        part.parent.chmod(0o755)
        part.unlink()
        pl.concat([rows, rows.tail(1)]).write_parquet(part)
        (after / DATABASE_NAME).unlink()
        shutil.copyfile(before / DATABASE_NAME, after / DATABASE_NAME)
        database.update_tables(after, TABLES, before)
    with duckdb.connect(str(after / DATABASE_NAME), read_only=True) as db:
        assert db.execute("select count(*) from segments").fetchone() == (len(rows) + 1,)


@pytest.fixture
def built_how(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How each database came to be."""
    made: list[str] = []

    def build(directory: Path, *_: object) -> None:
        made.append("from nothing")
        (directory / DATABASE_NAME).write_bytes(b"built")

    def update(directory: Path, _tables: object, before: Path) -> int:
        made.append(f"from {before.name}")
        (directory / DATABASE_NAME).write_bytes(b"updated")
        return 1

    monkeypatch.setattr(database, "build_database", build)
    monkeypatch.setattr(database, "update_tables", update)
    monkeypatch.setattr(database, "add_models", lambda *_: None)
    return made


def publish(
    warehouse: Path,
    code: str = "code",
    version: str = "nothing forgotten",
    rows: int = 5,
    audit: Callable[[Path], None] = lambda _: None,
) -> str:
    """Publish a generation of some pages, each time another one; its id."""
    number = len(list(warehouse.glob("generations/*")))
    digests = store.Digests(f"inputs {number}", "config", code)
    with store.writer(warehouse, keep=99) as writer, writer.build(digests) as build:
        names = ("pages", "files", "quarantine", "segments")
        build.write_tables({name: store.empty_table(name) for name in names})
        build.write_tables({"publishers": publishers(rows)})
        build.build_database(resource_dir("sql"), version)
        with build.audited() as directory:
            audit(directory)
        return build.publish(store.Account(0, 0), {}).generation_id


def publishers(count: int) -> pl.DataFrame:
    ids = [f"{number:016x}" for number in range(count)]
    return pl.DataFrame({"publisher_id": ids, "name": ids, "kind": ["publisher"] * count})


def test_a_database_comes_out_of_the_one_before(tmp_path: Path, built_how: list[str]) -> None:
    first = publish(tmp_path, rows=50)
    second = publish(tmp_path, rows=50)
    publish(tmp_path, rows=50)
    assert built_how == ["from nothing", f"from {first}", f"from {second}"]


def test_a_database_is_forced_to_the_disk_as_it_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB itself does not do it, because each of its transactions would."""
    synced: dict[str, bytes] = {}

    def sync(path: Path, of: Callable[[Path], None] = building.sync) -> None:
        if path.is_file():
            synced[path.name] = path.read_bytes()
        of(path)

    monkeypatch.setattr(building, "sync", sync)
    for rows in (5, 6):
        publish(tmp_path, rows=rows)
        with store.pinned(tmp_path) as directory:
            assert synced.pop(DATABASE_NAME) == (directory / DATABASE_NAME).read_bytes()


def test_another_engine_and_something_to_forget_build_from_nothing(tmp_path: Path, built_how: list[str]) -> None:
    publish(tmp_path)
    publish(tmp_path, code="other")
    publish(tmp_path, code="other", version="something forgotten")
    assert built_how == ["from nothing"] * 3, "free blocks of the file before may hold what is to be forgotten"


def test_a_damaged_database_is_not_handed_on(tmp_path: Path, built_how: list[str]) -> None:
    place = tmp_path / "generations" / publish(tmp_path) / DATABASE_NAME
    place.chmod(0o644)
    place.write_bytes(b"bvilt")
    publish(tmp_path)
    assert built_how == ["from nothing"] * 2


def test_rows_out_of_order_are_put_in_order_some_day(tmp_path: Path, built_how: list[str]) -> None:
    for _ in range(5):
        publish(tmp_path, rows=10)
    assert [how == "from nothing" for how in built_how] == [True, False, False, True, False], (
        "2 rows of 10 are too many"
    )


def test_a_copy_begun_early_serves_one_attempt_and_the_next_makes_its_own(tmp_path: Path, built_how: list[str]) -> None:
    first = publish(tmp_path)
    with store.writer(tmp_path) as writer, writer.build(store.Digests("more", "config", "code")) as build:
        build.begin_database(resource_dir("sql"), "nothing forgotten")
        for _ in range(2):
            build.write_tables({"publishers": publishers(5)})
            build.build_database(resource_dir("sql"), "nothing forgotten")
    assert built_how == ["from nothing", *[f"from {first}"] * 2]
    assert not build.directory.exists()


def test_models_are_built_while_a_copy_of_the_tables_is_audited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither waits for the other's end; and the copy is gone with its reader."""
    began = threading.Event()
    add = database.add_models

    def adding(*arguments: Any) -> None:
        began.set()
        add(*arguments)

    def rows(directory: Path) -> list[Any]:
        with duckdb.connect(str(directory / DATABASE_NAME), read_only=True) as db:
            return db.execute("select count(*) from main.publishers").fetchall()

    def names() -> set[str]:
        return {path.name for path in build.directory.iterdir()}

    monkeypatch.setattr(database, "add_models", adding)
    publish(tmp_path / "warehouse", rows=50)
    with (
        store.writer(tmp_path / "warehouse") as writer,
        writer.build(store.Digests("more", "config", "code")) as build,
    ):
        build.write_tables({name: store.empty_table(name) for name in ("pages", "files", "quarantine", "segments")})
        build.write_tables({"publishers": publishers(51)})
        build.build_database(resource_dir("sql"), "nothing forgotten")
        with pytest.raises(AssertionError, match="lacks its models"):
            build.publish(store.Account(0, 0), {})
        before = names()
        with build.audited() as directory:
            assert began.wait(60)
            assert rows(directory) == [(51,)]
        assert names() == before
        with build.audited() as directory:
            assert directory == build.directory, "nothing is left to be built"
        with duckdb.connect(str(build.directory / DATABASE_NAME), read_only=True) as db:
            assert db.execute("select count(*) from marts.articles_by_publisher").fetchone() is not None


def test_a_model_that_does_not_build_fails_the_run_after_its_audit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ModelError("no such column")

    monkeypatch.setattr(database, "add_models", refuse)
    published = publish(tmp_path, rows=50)
    audited: list[Path] = []
    with pytest.raises(ModelError, match="no such column"):
        publish(tmp_path, rows=51, audit=audited.append)
    assert len(audited) == 1
    with store.pinned(tmp_path) as directory:
        assert directory.name == published


def test_what_is_written_after_it_was_sealed_is_sealed_again(tmp_path: Path) -> None:
    with store.writer(tmp_path) as writer, writer.build(store.Digests("inputs", "config", "code")) as build:
        build.write_tables({name: store.empty_table(name) for name in ("pages", "files", "quarantine")})
        build.write_tables({"publishers": publishers(5)})
        with build.sealing():
            (build.directory / "report.html").write_text("written meanwhile")
        build.write_tables({"publishers": publishers(6)})
        build.publish(store.Account(0, 0), {})
    assert store.verify(tmp_path) == []
