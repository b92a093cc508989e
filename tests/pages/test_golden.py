"""Pages written for this test beside the articles that must come out of them: tests/golden/*.txt and *.json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cuttings.pages import cut_pages

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
PAGES = sorted(GOLDEN.glob("*.txt"))


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_page_gives_its_articles(page: Path) -> None:
    expected = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    tables = cut_pages([page.read_bytes()])
    row = tables.pages.row(0, named=True)
    assert row["page_type"] == expected["page_type"]
    assert row["language"] == expected["language"]
    found = tables.appearances.rows(named=True)
    assert len(found) == len(expected["articles"])
    for article, want in zip(found, expected["articles"], strict=True):
        assert {name: article[name] for name in want} == want
    furniture = [
        [segment["role"], segment["text"]]
        for segment in tables.segments.rows(named=True)
        if segment["zone"] == "page" and segment["role"] != "ws"
    ]
    assert furniture == expected["page_roles"]
