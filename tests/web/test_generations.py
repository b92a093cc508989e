"""What a page shows when nothing is published, when a generation is published under it, and when its own is gone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import duckdb
import polars as pl
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from cuttings.cli import app as command_line
from cuttings.contract_version import CONTRACT_VERSION
from cuttings.store.manifest import Digests, Manifest
from cuttings.web import create_app, generation, rendering
from cuttings.web.generation import HELD_GENERATIONS, Generations, OpenGeneration
from tests.web import lone
from tests.web.conftest import Visit, serving


def publish(warehouse: Path, number: int) -> str:
    """A generation with `number` articles, published as a run does it: aside, then by the pointer."""
    generation_id = f"{number:016x}"
    folder = warehouse / "generations" / generation_id
    pages = [{"page_id": f"{i:064x}", "page_type": "article", "captured_from": "none"} for i in range(number)]
    articles = [
        {"article_id": f"{i:032x}", "title": f"Bridge {i} is closed", "body_status": "full"} for i in range(number)
    ]
    appearances = [
        {"page_id": f"{i:064x}", "article_id": f"{i:032x}", "position": 0, "zone": "primary", "body_status": "full"}
        for i in range(number)
    ]
    lone.write(folder, {"pages": pages, "articles": articles, "appearances": appearances})
    (folder / "manifest.json").write_text("{}")
    (warehouse / "CURRENT.new").write_text(generation_id + "\n")
    (warehouse / "CURRENT.new").replace(warehouse / "CURRENT")
    return generation_id


def test_an_empty_warehouse_says_how_to_fill_it_and_then_shows_it(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    warehouse.mkdir()
    with TestClient(create_app(warehouse), base_url="http://127.0.0.1") as client:
        for path in ("/", "/graph", "/views"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert "Nothing is published here yet" in answer.text
            assert f"cuttings run path/to/dumps --warehouse {warehouse}" in answer.text
        assert client.get("/api/generation").json()["published_id"] is None
        generation_id = publish(warehouse, 1)
        assert client.get("/api/generation").json()["published_id"] == generation_id
        assert generation_id in client.get("/").text


def test_no_warehouse_is_an_error_of_the_command(tmp_path: Path) -> None:
    result = CliRunner().invoke(command_line, ["dashboard", "--warehouse", str(tmp_path / "none"), "--no-open"])
    assert result.exit_code != 0
    assert "there is no such folder" in str(result.exception)


@pytest.mark.slow
def test_a_page_stays_on_its_generation_and_offers_the_new_one(tmp_path: Path, visit: Callable[..., Visit]) -> None:
    first = publish(tmp_path, 1)
    with serving(tmp_path) as url:
        tab = visit(url)
        page = tab.go("/")
        assert page.inner_text("#k-appearances") == "1"
        second = publish(tmp_path, 2)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        tab.settle()
        assert f"A newer generation, {second}, is published. This page stays on {first}." in page.inner_text("#newer")
        page.fill("#search", "bridge")
        tab.settle()
        assert page.locator("#problem").is_hidden()
        assert "of 1 distinct" in page.inner_text("#rows-shown")
        page.click("#newer a")
        page.wait_for_selector("html[data-ready=yes]", state="attached")
        tab.settle()
        assert page.get_attribute("html", "data-generation") == second
        assert page.inner_text("#k-appearances") == "2"
        assert page.locator("#newer").is_hidden()


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of twice as many generations as are held; each opens as a small database that knows its number."""

    def connect(directory: Path, _: int) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(config={"threads": 1})
        connection.execute("create table own as select $number as number", {"number": int(directory.name, 16)})
        return connection

    monkeypatch.setattr(generation, "connect_views", connect)
    ids = [f"{number:016x}" for number in range(1, 2 * HELD_GENERATIONS + 1)]
    for generation_id in ids:
        folder = tmp_path / "generations" / generation_id
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text("{}")
    (tmp_path / "CURRENT").write_text(ids[-1])
    return ids


def own_number(opened: OpenGeneration) -> int:
    with closing(opened.connection()) as connection:
        return connection.execute("select number from own").fetchall()[0][0]


def visited(generations: Generations, ids: list[str]) -> None:
    for generation_id in ids:
        with generations.leases() as leases:
            leases.get(generation_id)


def test_only_so_many_generations_are_held(tmp_path: Path, plain: list[str]) -> None:
    generations = Generations(tmp_path)
    with generations.leases() as leases:
        kept = leases.get(plain[0])
    visited(generations, plain[1:HELD_GENERATIONS])
    assert own_number(kept) == 1, "held for the next request"
    visited(generations, plain[HELD_GENERATIONS : HELD_GENERATIONS + 1])
    with pytest.raises(duckdb.Error, match="closed"):
        own_number(kept)
    generations.close()


def test_a_generation_in_use_is_closed_by_its_last_user(tmp_path: Path, plain: list[str]) -> None:
    generations = Generations(tmp_path)
    with generations.leases() as first:
        kept = first.get(plain[0])
        with generations.leases() as second:
            assert second.get(plain[0]) is kept
            visited(generations, plain[1:])
            assert own_number(kept) == 1
        assert own_number(kept) == 1, "the first still uses it"
        with generations.leases() as third:
            assert third.get(plain[0]) is not kept, "what was given up is not given out again"
    with pytest.raises(duckdb.Error, match="closed"):
        own_number(kept)
    generations.close()


def test_many_threads_meet_no_closed_generation(tmp_path: Path, plain: list[str]) -> None:
    """Twice as many generations as are held, two asked for by each of many threads at once: each answers for itself."""
    generations = Generations(tmp_path)

    def ask(turn: int) -> bool:
        wanted = [plain[turn % len(plain)], plain[(turn * 5 + 1) % len(plain)]]
        with generations.leases() as leases:
            opened = [leases.get(generation_id) for generation_id in wanted]
            return [own_number(one) for one in opened] == [int(generation_id, 16) for generation_id in wanted]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(40)))
    generations.close()


def test_parquet_alone_gives_the_same_numbers(sample_warehouse: Path, tmp_path: Path) -> None:
    with_database = OpenGeneration(sample_warehouse)
    copy = tmp_path / with_database.generation_id
    shutil.copytree(with_database.directory, copy, ignore=shutil.ignore_patterns("*.duckdb"))
    without = OpenGeneration(copy)
    for table in (
        "pages",
        "articles",
        "date_mentions",
        "marts.dashboard_appearances",
        "marts.dashboard_articles",
        "marts.page_load",
    ):
        query = f"select * from {table} order by all"
        assert without.connection().execute(query).fetchall() == with_database.connection().execute(query).fetchall()
    with pytest.raises(Exception, match="disabled"):
        without.connection().execute("from read_text('/etc/passwd')")
    without.close()
    with_database.close()


def test_a_generation_without_rows_is_shown(tmp_path: Path) -> None:
    folder = lone.write(tmp_path / "empty", {})
    with TestClient(create_app(folder), base_url="http://127.0.0.1") as client:
        answer = client.get("/")
        assert answer.status_code == 200
        assert "nothing was checked" in answer.text


def test_a_damaged_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    generation_id = publish(tmp_path, 1)
    (tmp_path / "generations" / generation_id / "cuttings.duckdb").write_bytes(b"x" * 8192)
    with TestClient(create_app(tmp_path), base_url="http://127.0.0.1") as client:
        answer = client.get("/")
        assert answer.status_code == 409
        assert "cuttings verify" in answer.text


def test_a_generation_of_another_contract_is_said_to_be_one(tmp_path: Path) -> None:
    generation_id = publish(tmp_path, 1)
    folder = tmp_path / "generations" / generation_id
    table = folder / "pages" / "part-0.parquet"
    pl.read_parquet(table).drop("dialect").write_parquet(table)
    manifest = Manifest(generation_id, None, Digests("i", "c", "c"), {}, contract_version=CONTRACT_VERSION + 1)
    (folder / "manifest.json").write_bytes(manifest.to_bytes())
    with TestClient(create_app(tmp_path), base_url="http://127.0.0.1") as client:
        for path in ("/", "/pages", "/diff"):
            answer = client.get(path)
            assert answer.status_code == 409
            assert f"contract version {CONTRACT_VERSION + 1}, and this cuttings reads version" in answer.text


def test_what_goes_while_it_is_open_is_told(tmp_path: Path) -> None:
    generation_id = publish(tmp_path, 1)
    folder = tmp_path / "generations" / generation_id
    with TestClient(create_app(tmp_path), base_url="http://127.0.0.1") as client:
        assert client.get("/pages").status_code == 200
        (folder / "pages" / "part-0.parquet").unlink()
        answer = client.get("/pages")
        assert answer.status_code == 409
        assert "run `cuttings verify`" in answer.text
        shutil.rmtree(folder)
        for path in ("/", f"/page/{0:064x}", f"/page/{0:064x}/raw", "/diff", f"/?generation={generation_id}"):
            answer = client.get(path)
            assert answer.status_code == 409
            assert "cannot be shown" in answer.text
            assert "is not in" in answer.text or "no longer there" in answer.text


def test_a_checkout_without_the_bundle_says_how_to_make_it(
    sample_warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "BUNDLE", Path("/nowhere"))
    with TestClient(create_app(sample_warehouse), base_url="http://127.0.0.1") as client:
        text = client.get("/").text
        assert "make web" in text
        assert "/static/bundle/" not in text
        assert "segments" in text, "the checks are there without it"
