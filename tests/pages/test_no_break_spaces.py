"""Pages whose words are held together by no-break spaces: read as they look, kept as they are."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import cut_pages, decode
from cuttings.pages.lines import lex
from tests.pages.test_tiling import assert_tiles
from tests.pages.test_wrapping import BODY, PARAGRAPHS, TITLE

NO_BREAK = "\u00a0"
PAGE = "\n\n".join(PARAGRAPHS) + "\n"


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "utf-16"])
def test_a_page_of_no_break_spaces_is_read_as_one_of_spaces(encoding: str) -> None:
    held = PAGE.replace(" ", NO_BREAK)
    tables = cut_pages([PAGE.encode(encoding), held.encode(encoding)])
    plain, found = tables.appearances.partition_by("page_id", maintain_order=True)
    assert plain["title"][0] == TITLE
    as_spaces = pl.col("title", "byline", "date_text", "body").str.replace_all(NO_BREAK, " ")
    assert found.select(as_spaces).equals(plain.select("title", "byline", "date_text", "body"))
    (_, segments) = tables.segments.partition_by("page_id", maintain_order=True)
    assert_tiles(held.encode(encoding), segments)
    # As printed: what a segment holds are the bytes.
    assert "".join(segments["text"]).lstrip("\ufeff") == held


def test_without_the_rule_there_is_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "NO_BREAK_SHARE", 2.0)
    found = cut_pages([PAGE.replace(" ", NO_BREAK).encode()]).appearances
    assert "\n".join(BODY) not in [body.replace(NO_BREAK, " ") for body in found["body"]]


def test_a_few_of_them_stay_characters_of_the_text() -> None:
    text = PAGE.replace("two crowns", f"2{NO_BREAK}crowns")
    batch = lex([text.encode()])
    assert batch.pages[0].char_starts is None
    assert "".join(batch.lines["text"]) == text.replace("\n", "")
