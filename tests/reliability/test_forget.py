"""What is forgotten is nowhere in the warehouse, stays out of every later run, and nothing else goes with it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from cuttings import pipeline, store
from cuttings.config import Config
from cuttings.errors import BusyError, CorruptWarehouseError, UsageError
from cuttings.forget import Forgotten, Kind, forget

pytestmark = pytest.mark.usefixtures("without_audit")

CANARY = "zephyrine quokkas"
SECRET = (
    f"Wardens counted nine {CANARY} in the reed beds below the old signal station on Tuesday morning, the council of "
    "Ambleford said, and asked walkers to keep their dogs on a lead until the survey is complete."
)
OTHER = (
    "The lift bridge over the Tarn will close for nine nights in March while engineers renew its bearings, the harbour "
    "board said on Monday, and the night ferry will carry cyclists without charge until it opens again."
)
MORE = (
    "A second crossing downstream stays open to lorries, which may pass in convoys of six at the hour and the half "
    "hour, and the board will publish the times at both ends of the road every evening before eight."
)


def page(title: str, body: str, *related: tuple[str, str, str], source: str = "The Ambleford Gazette") -> bytes:
    """A primary article with its source and age, and others behind it with theirs."""
    articles = [(title, source, body), *related]
    parts = ["logo"]
    for article_title, publisher, text in articles:
        parts += [article_title, "", article_title, "", f"{publisher}5 hours ago", "", text, "", MORE, ""]
    return "\n".join(parts).encode()


def write_dump(folder: Path) -> None:
    folder.mkdir()
    (folder / "secret.txt").write_bytes(page("Rare animals seen at the signal station", SECRET))
    shown = ("Rare animals seen again", "Canary Chronicle", SECRET)
    (folder / "bridge.txt").write_bytes(page("Bridge to close for nine nights", OTHER, shown, source="Tarn Post"))
    (folder / "plain.txt").write_bytes(
        page("Bridge closure explained", OTHER + " " + OTHER.upper(), source="Tarn Post")
    )
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + CANARY.encode() + bytes(range(256)))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test leaves a dump and its warehouse of two generations for the others to copy."""
    return tmp_path_factory.mktemp("template")


@pytest.fixture
def dump(tmp_path: Path, template: Path) -> Path:
    if not (template / "dump").exists():
        write_dump(template / "dump")
        run(template / "dump", template / "warehouse")
        (template / "dump/later.txt").write_bytes(page("Ferry carries cyclists", MORE + " " + OTHER.lower()))
        run(template / "dump", template / "warehouse")
        (template / "warehouse/refused.html").write_text(f"<p>{CANARY}</p>")
    shutil.copytree(template / "dump", tmp_path / "dump")
    return tmp_path / "dump"


@pytest.fixture
def warehouse(dump: Path, tmp_path: Path, template: Path) -> Path:
    target = tmp_path / "warehouse"
    shutil.copytree(template / "warehouse", target, symlinks=True)
    assert len(list((target / "generations").iterdir())) == 2
    assert any(everything_with(target, CANARY))
    return target


def run(dump: Path, warehouse: Path) -> pipeline.RunResult:
    return pipeline.run(Config((dump,), warehouse, trusts_mtime=False))


def ask(warehouse: Path, kind: Kind, given: str, wait_seconds: float = 0) -> Forgotten:
    return forget(warehouse, kind, given, lambda place: run(place.parent / "dump", place), wait_seconds=wait_seconds)


def everything_with(warehouse: Path, text: str) -> Iterator[str]:
    """Every place of the warehouse that holds a text: bytes, values of Parquet and Arrow files, of the database."""
    code = text.casefold().encode()
    for path in sorted(warehouse.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        if code in path.read_bytes().lower() or code in str(path).casefold().encode():
            yield str(path)
        if path.suffix in (".parquet", ".arrow"):
            frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_ipc(path)
            yield from (f"{path}: {name}" for name in frame.columns if text in str(frame[name].to_list()).casefold())
        if path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
                views = connection.execute(
                    "select schema_name, view_name from duckdb_views() where not internal"
                ).fetchall()
                for schema, name in tables + views:
                    if text in str(connection.execute(f'from "{schema}"."{name}"').fetchall()).casefold():
                        yield f"{path}: {schema}.{name}"


def tables_of(warehouse: Path) -> dict[str, pl.DataFrame]:
    with store.pinned(warehouse) as directory:
        names = ("files", "pages", "segments", "appearances", "articles", "quarantine", "publishers", "runs")
        return {name: store.scan_table(directory, name).collect() for name in names}


def assert_tiled(warehouse: Path) -> None:
    tables = tables_of(warehouse)
    segments = tables["segments"].sort("page_id", "segment_no")
    for (page_id,), rows in segments.group_by("page_id", maintain_order=True):
        assert rows["byte_start"].to_list() == [0, *rows["byte_end"][:-1]], page_id
    ends = segments.group_by("page_id").agg(pl.col("byte_end").max()).join(tables["pages"], on="page_id")
    assert (ends["byte_end"] == ends["size_bytes"]).all()
    positions = tables["appearances"].group_by("page_id").agg(pl.col("position").sort())
    for listed in positions["position"]:
        assert listed.to_list() in (list(range(len(listed))), list(range(1, len(listed) + 1)))


def test_a_text_is_nowhere_left_and_the_rest_stays(dump: Path, warehouse: Path) -> None:
    done = ask(warehouse, "text", CANARY)
    assert list(everything_with(warehouse, CANARY)) == []
    assert_tiled(warehouse)
    assert store.verify(warehouse) == []
    tables = tables_of(warehouse)
    assert tables["pages"].height == 4, "the pages stay: only the text on them goes"
    emptied = tables["segments"].filter(pl.col("rule") == "forgotten")
    assert emptied.height > 2
    assert set(emptied["text"]) == {""}
    assert set(emptied["zone"]) == {"page"}
    assert OTHER in "\n".join(tables["articles"]["body"])
    picture = tables["files"].filter(pl.col("reason") == "forgotten")
    assert picture.height == 1, "the quarantined object that holds it"
    assert picture["disposition"].item() == "refused"
    assert picture["source_name"].item() == f"forgotten/{picture['file_id'].item()}"
    assert set(done.names) == {"secret.txt", "bridge.txt", "picture.txt"}
    assert run(dump, warehouse).is_published is False, "the tombstones are part of what the generation was made from"


def test_a_replay_respects_the_tombstones(dump: Path, warehouse: Path) -> None:
    """New pages, other names, changed pages: the text and its reprints stay out."""
    ask(warehouse, "text", CANARY)
    (dump / "secret.txt").rename(dump / "renamed.txt")
    (dump / "fresh.txt").write_bytes(page("Another title for it", SECRET, source="Elsewhere Echo"))
    (dump / "bridge.txt").write_bytes((dump / "bridge.txt").read_bytes() + b"\nA new last line of the page.\n")
    assert run(dump, warehouse).is_published
    assert list(everything_with(warehouse, CANARY)) == []
    assert_tiled(warehouse)


def test_a_publisher_goes_with_its_pages_and_its_articles_on_others(dump: Path, warehouse: Path) -> None:
    before = tables_of(warehouse)
    assert "Canary Chronicle" in before["publishers"]["name"].to_list()
    ask(warehouse, "publisher", "canary chronicle")
    after = tables_of(warehouse)
    assert list(everything_with(warehouse, "canary chronicle")) == []
    assert after["pages"].height == before["pages"].height
    assert "zephyrine" in str(after["articles"]["body"].to_list()), "another publisher's article of these words stays"
    assert_tiled(warehouse)
    tarn = before["publishers"].filter(pl.col("name") == "Tarn Post")["publisher_id"].item()
    own = before["appearances"].filter((pl.col("publisher_id") == tarn) & (pl.col("zone") == "primary")).height
    assert own
    ask(warehouse, "publisher", "Tarn Post")
    assert list(everything_with(warehouse, "tarn post")) == []
    gone = tables_of(warehouse)
    assert gone["pages"].height == before["pages"].height - own, "pages whose primary it is go whole"
    assert gone["files"].filter(pl.col("reason") == "forgotten").height == own
    (dump / "new.txt").write_bytes(page("Third bridge planned", MORE, source="Tarn Post"))
    run(dump, warehouse)
    assert list(everything_with(warehouse, "tarn post")) == []
    assert tables_of(warehouse)["files"].filter(pl.col("reason") == "forgotten").height == own + 1
    assert run(dump, warehouse).is_published is False


@pytest.mark.parametrize("kind", ["page", "source-name"])
def test_an_object_goes_by_its_page_or_its_name(dump: Path, warehouse: Path, kind: Kind) -> None:
    files = tables_of(warehouse)["files"].filter(pl.col("source_name") == "secret.txt")
    page_id = files["page_id"].item()
    ask(warehouse, kind, page_id[:12] if kind == "page" else "secret.txt")
    tables = tables_of(warehouse)
    assert page_id not in tables["pages"]["page_id"].to_list()
    assert list(everything_with(warehouse, "secret.txt")) == []
    counts = tables["runs"].sort("finished_at").row(-1, named=True)
    assert counts["refused_count"] == 1
    assert counts["object_count"] == 5, "it is still accounted for"
    (dump / "copy.txt").write_bytes((dump / "secret.txt").read_bytes())
    run(dump, warehouse)
    assert page_id not in tables_of(warehouse)["pages"]["page_id"].to_list()


def test_the_certificate_tells_what_went_and_no_text(warehouse: Path) -> None:
    older = {path.name for path in (warehouse / "generations").iterdir()}
    done = ask(warehouse, "text", CANARY)
    raw = done.certificate.read_text()
    told = json.loads(raw)
    assert set(told["generations_removed"]) == older == set(done.removed_generations)
    assert all("cuttings.duckdb" in files for files in told["generations_removed"].values())
    assert told["rows_removed"]["articles"] >= 1
    assert told["segments_emptied"] >= 1
    assert len(told["quarantine_removed"]) == 1
    assert told["generation_after"] == done.generation
    for word in (*CANARY.split(), "Wardens", "secret.txt", "Ambleford"):
        assert word not in raw
        assert word not in (warehouse / "forgotten.json").read_text()


def test_a_reader_of_an_older_generation_is_waited_for_and_named(warehouse: Path) -> None:
    old = store.history(warehouse)[1].generation_id
    with store.pinned(warehouse, old):
        with pytest.raises(BusyError, match=rf"holds the older generation {old}: .* run the same command again"):
            ask(warehouse, "text", CANARY)
        assert {path.split("/generations/")[1][:16] for path in everything_with(warehouse, CANARY)} == {old}
    ask(warehouse, "text", CANARY)
    assert list(everything_with(warehouse, CANARY)) == []


def test_what_is_unknown_is_refused_and_changes_nothing(warehouse: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in warehouse.rglob("*")}
    for kind, given in (
        ("publisher", "Nobody"),
        ("page", "0" * 64),
        ("source-name", "no.txt"),
        ("text", "no such passage"),
    ):
        with pytest.raises(UsageError, match="nothing was changed"):
            ask(warehouse, kind, given)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="at least 8"):
        ask(warehouse, "text", "a")
    with pytest.raises(UsageError, match="at least 8"):
        ask(warehouse, "page", "a")
    assert {path: path.stat().st_mtime_ns for path in warehouse.rglob("*")} == before


def test_a_run_stops_where_the_tombstones_are_damaged(dump: Path, warehouse: Path) -> None:
    ask(warehouse, "text", CANARY)
    place = warehouse / "forgotten.json"
    place.write_text(place.read_text().replace('"lines"', '"linez"'))
    with pytest.raises(CorruptWarehouseError, match="what must stay forgotten; nothing was published"):
        run(dump, warehouse)


def test_forgetting_equals_a_clean_run_with_the_same_tombstones(dump: Path, warehouse: Path, tmp_path: Path) -> None:
    ask(warehouse, "publisher", "Canary Chronicle")
    clean = tmp_path / "clean"
    clean.mkdir()
    (clean / "forgotten.json").write_bytes((warehouse / "forgotten.json").read_bytes())
    run(dump, clean)
    assert parquet(warehouse) == parquet(clean)


def parquet(warehouse: Path) -> dict[str, bytes]:
    with store.pinned(warehouse) as directory:
        found = {path.relative_to(directory): path.read_bytes() for path in sorted(directory.rglob("*.parquet"))}
    return {str(name): content for name, content in found.items() if name.parts[0] not in ("runs", "checks")}


@pytest.mark.parametrize("state", ["gone", "empty"])
def test_without_its_sources_nothing_is_changed(tmp_path: Path, state: str) -> None:
    dump, warehouse = tmp_path / "dump", tmp_path / "warehouse"
    write_dump(dump)
    pipeline.run(Config((dump,), warehouse, trusts_mtime=False))
    shutil.rmtree(dump)
    if state == "empty":
        dump.mkdir()
    before = {path: path.stat().st_mtime_ns for path in warehouse.rglob("*")}
    with pytest.raises(UsageError, match=r"put it back, or run `cuttings run SOURCE .* nothing was changed") as caught:
        forget(warehouse, "source-name", "secret.txt", pipeline.rerun)
    assert str(dump) in str(caught.value)
    assert {path: path.stat().st_mtime_ns for path in warehouse.rglob("*")} == before
    # From where the objects are now, it can be forgotten.
    write_dump(tmp_path / "moved")
    pipeline.run(Config((tmp_path / "moved",), warehouse, trusts_mtime=False))
    assert forget(warehouse, "source-name", "secret.txt", pipeline.rerun).removed_rows["pages"] == 1
