"""Two generations side by side: which pages differ, and what of one page."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from cuttings.web.inspector.page_diff import Piece, _blocks
from tests.web.published import page_id, publish, tables_of
from tests.web.test_inspector_marks import parsed
from tests.web.test_inspector_page import FERRY, PAGES, client_of, links, shown

BRIDGE, MARKET = (page_id(PAGES[f"post/{name}.txt"]) for name in ("bridge", "market"))


@pytest.fixture(scope="module")
def ids() -> list[str]:
    return []


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, ids: list[str]) -> Path:
    """Two generations: the second has lost a page, labels a line otherwise, moves a date and changes a title."""
    folder = tmp_path_factory.mktemp("diff") / "warehouse"
    tables = tables_of(PAGES)
    ids.append(publish(folder, tables))
    tables = tables_of({name: raw for name, raw in PAGES.items() if "market" not in name})
    is_title = (pl.col("page_id") == FERRY) & (pl.col("role") == "title")
    tables["segments"] = tables["segments"].with_columns(
        role=pl.when(is_title).then(pl.lit("kicker")).otherwise("role"),
    )
    an_hour = timedelta(hours=1)
    tables["date_mentions"] = tables["date_mentions"].with_columns(
        earliest_at=pl.when(pl.col("page_id") == BRIDGE).then(pl.col("earliest_at") - an_hour).otherwise("earliest_at")
    )
    tables["appearances"] = tables["appearances"].with_columns(
        title=pl.when(pl.col("page_id") == BRIDGE).then(pl.lit("Bridge <b>opens</b>")).otherwise("title")
    )
    ids.append(publish(folder, tables))
    return folder


@pytest.fixture(scope="module")
def client(warehouse: Path) -> Iterator[TestClient]:
    with client_of(warehouse) as opened:
        yield opened


def test_pages_that_differ_are_counted_and_listed_with_what_differs(client: TestClient, ids: list[str]) -> None:
    page = shown(client, "/diff")
    assert re.search(r"2\s*pages changed\s*0\s*pages added\s*1\s*pages removed", page.text)
    listed = [re.search(r"page=(\w+)", href) for href in links(page) if "page=" in href]
    assert {found[1] for found in listed if found} == {FERRY, BRIDGE, MARKET}
    rows = re.findall(r"(Ferry|Bridge|Market)[^\n]*\s*(changed|removed)\s*([a-z, ]*)\n", page.text)
    assert {(name, kind, parts.strip()) for name, kind, parts in rows} == {
        ("Ferry", "changed", "labels"),
        ("Bridge", "changed", "titles, dates"),
        ("Market", "removed", ""),
    }
    assert all(f"from={ids[0]}&to={ids[1]}" in found.string for found in listed if found)


def test_a_turned_comparison_turns_what_was_added(client: TestClient, ids: list[str]) -> None:
    page = shown(client, f"/diff?from={ids[1]}&to={ids[0]}")
    assert re.search(r"1\s*pages added\s*0\s*pages removed", page.text)


def test_labels_of_one_page_stand_side_by_side(client: TestClient, ids: list[str]) -> None:
    html = client.get(f"/diff?page={FERRY}").text
    assert "1 stretches of the text are labelled otherwise" in html
    row = re.search(r"<tr><td class=\"n\">\d+–\d+</td>.*?</tr>", html, re.DOTALL)
    assert row is not None
    before, after = (part.split('class="mute"')[0] for part in row[0].split("<td>")[1:])
    assert "title" in before
    assert "was" in before
    assert "kicker" in after
    assert "Ferry returns to the harbour" in row[0]
    assert f"/page/{FERRY}?generation={ids[0]}" in html
    assert f"/page/{FERRY}?generation={ids[1]}" in html


def test_titles_and_dates_of_one_page_stand_side_by_side(client: TestClient) -> None:
    page = shown(client, f"/diff?page={BRIDGE}")
    assert re.search(r"primary\s*title\s*Bridge closes for the winter\s*Bridge <b>opens</b>", page.text)
    assert re.search(r"“6 July 2026 14:10 BST”\s*earliest\s*2026-07-06 13:10\s*2026-07-06 12:10", page.text)


@pytest.mark.parametrize(
    ("page", "told"),
    [(MARKET, "This page was removed"), ("0" * 64, "Neither generation has a page"), ("<pwn>", "Neither generation")],
)
def test_a_page_of_one_side_is_told(client: TestClient, page: str, told: str) -> None:
    answer = client.get("/diff", params={"page": page})
    assert told in answer.text
    assert "pwn" not in {tag for tag, _ in parsed(answer.text).tags}


def test_an_older_generation_is_inspected_as_it_was(client: TestClient, ids: list[str]) -> None:
    page = shown(client, f"/page/{MARKET}?generation={ids[0]}")
    assert "Market moves to the old quay" in page.text
    assert all(f"generation={ids[0]}" in href for href in links(page) if href.startswith("/page/"))
    assert client.get(f"/page/{MARKET}").status_code == 404


def test_nothing_to_compare_is_told(warehouse: Path, ids: list[str], client: TestClient, tmp_path: Path) -> None:
    same = shown(client, f"/diff?from={ids[0]}&to={ids[0]}")
    assert "Choose two different generations" in same.text
    shutil.copytree(warehouse / "generations" / ids[1], tmp_path / ids[1])
    lone = shown(client_of(tmp_path / ids[1]), "/diff")
    assert "There is nothing to compare yet" in lone.text
    assert client.get(f"/diff?from={'0' * 16}").status_code == 409


def tiling(ends: list[int], size: int) -> list[Piece]:
    cuts = sorted({0, size, *(end for end in ends if end < size)})
    return [Piece(a, b, "page", "ws", None, "", 1.0, "x" * (b - a)) for a, b in itertools.pairwise(cuts)]


@given(st.integers(1, 60), st.lists(st.integers(1, 60)), st.lists(st.integers(1, 60)))
def test_blocks_tile_both_sides_and_cannot_be_shorter(size: int, first: list[int], second: list[int]) -> None:
    before, after = tiling(first, size), tiling(second, size)
    blocks = list(_blocks(before, after))
    assert [piece for block in blocks for piece in block.before] == before
    assert [piece for block in blocks for piece in block.after] == after
    for block in blocks:
        inner = {piece.byte_end for piece in block.before[:-1]} & {piece.byte_end for piece in block.after[:-1]}
        assert block.before[-1].byte_end == block.after[-1].byte_end
        assert not inner
