"""What a page shows when nothing is published, when a generation is published under it, and when its own is gone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from cuttings.cli import app as command_line
from cuttings.web import create_app, rendering
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


def test_only_so_many_generations_are_held(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    held = Generations(tmp_path)
    kept = held.get()
    for number in range(2, HELD_GENERATIONS + 2):
        publish(tmp_path, number)
        assert held.get().generation_id == f"{number:016x}"
    with pytest.raises(Exception, match="closed"):
        kept.connection().execute("select 1")
    held.close()


def test_parquet_alone_gives_the_same_numbers(sample_warehouse: Path, tmp_path: Path) -> None:
    held = Generations(sample_warehouse)
    with_database = held.get()
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
    held.close()


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


def test_a_checkout_without_the_bundle_says_how_to_make_it(
    sample_warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "BUNDLE", Path("/nowhere"))
    with TestClient(create_app(sample_warehouse), base_url="http://127.0.0.1") as client:
        text = client.get("/").text
        assert "make web" in text
        assert "/static/bundle/" not in text
        assert "segments" in text, "the checks are there without it"
