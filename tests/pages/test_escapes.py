"""Pages saved as a string in a program's notation: read as the page that was saved."""

from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.pages import cut_pages, shown
from cuttings.pages.escapes import has_escapes, unescaped
from tests.pages.test_tiling import assert_tiles

PAGE = """\
Home
News
Der alte Leuchtturm von Aldern bleibt "im Dienst"

12. Februar 2026, 08:15

Der Hafenrat von Aldern hat am Montag beschlossen, den alten Turm zu behalten, der im Herbst verkauft werden sollte.

Seine Lampe ging vor elf Jahren aus, aber die Segler steuern bei klarem Wetter noch immer auf den weißen Turm zu.

"Wir streichen die Treppe selbst", sagten die Nachbarn, die viertausend Unterschriften gesammelt hatten.\tDas gilt 🎈.

Mehr zum Thema
vor 3 Stunden
Die Bäckerei am Hafen öffnet wieder
Nach dem Brand im Winter backt Ada Fenwick wieder Brot, vorerst nur am Samstag und nur bis mittags.
"""
TABLES = ("title", "body", "zone", "date_text")


def written(page: str, *, is_ascii: bool) -> bytes:
    return json.dumps(page, ensure_ascii=is_ascii).encode()


QUOTED = PAGE.replace('"', "'")


@pytest.mark.parametrize(
    ("page", "raw"),
    [
        (PAGE, written(PAGE, is_ascii=True)),
        (PAGE, written(PAGE, is_ascii=False) + b"\n"),
        (PAGE, written(PAGE, is_ascii=True)[1:-1]),
        (QUOTED, repr(QUOTED).encode()),
        (PAGE, written(PAGE, is_ascii=False).replace(b"\\", b"\\\\")),
        (PAGE, written(PAGE, is_ascii=False).decode().encode("utf-16")),
    ],
    ids=["json", "utf-8", "no quotes", "python", "twice", "utf-16"],
)
def test_an_escaped_page_is_cut_like_the_page(page: str, raw: bytes) -> None:
    found, expected = cut_pages([raw]), cut_pages([page.encode()]).appearances.select(TABLES)
    assert found.appearances.select(TABLES).equals(expected)
    assert expected.height == 2
    assert_tiles(raw, found.segments)
    assert found.repairs.is_empty()


def test_without_the_rule_the_page_has_no_such_title(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = written(PAGE, is_ascii=True)
    title = cut_pages([PAGE.encode()]).appearances["title"][0]
    monkeypatch.setattr(shown, "has_escapes", lambda raw: False)
    assert cut_pages([raw]).appearances["title"][0] != title


def test_what_stands_for_the_end_of_a_line_is_of_the_tool() -> None:
    segments = cut_pages([written(PAGE, is_ascii=False)]).segments
    of_tool = segments.filter(pl.col("text").str.starts_with("\\n"))
    assert set(of_tool["role"]) == {"extractor"}
    assert of_tool.height > 9


def test_a_text_about_programs_is_as_it_is_written() -> None:
    lines = [f'print("step {number}\\n")' for number in range(20)]
    assert not has_escapes("\n".join(lines).encode())
    assert not has_escapes(b"The path is C:\\new\\names, and so it stays.")


@given(st.text(st.characters(exclude_characters="\\", exclude_categories=["Cs"])))
def test_any_string_is_read_as_it_was(text: str) -> None:
    control = {code: " " for code in range(32) if not chr(code).isspace()}
    for is_ascii in (True, False):
        raw = written(f"a{text}a", is_ascii=is_ascii).decode()
        read, at = "", 0
        for edit in unescaped(raw):
            read += raw[at : edit.start] + edit.shown
            at = edit.end
        assert read == f"a{text}a".translate(control)
