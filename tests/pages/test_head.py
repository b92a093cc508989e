"""What stands between the title and the text: authors with their posts and places, and the caption of the picture."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import article, cut_pages, head, primary, spans

TITLE = "Aldern keeps its lighthouse after all"
BODY = (
    "The harbour board of Aldern voted on Monday to keep the old lighthouse, which was to be sold in the autumn.",
    "Its lamp was put out eleven years ago, but sailors still steer by the white tower when the weather is clear.",
    "A group of neighbours had collected four thousand signatures, and offered to paint the stairs themselves.",
)
DATE = "12 February 2026, 08:15"


def roles(*lines: str) -> dict[str, tuple[str, str]]:
    """Role and rule of each line below the title."""
    segments = cut_pages(["\n".join([TITLE, *lines, *BODY, ""]).encode()]).segments.filter(pl.col("role") != "ws")
    return {text: (role, rule) for text, role, rule in segments.select("text", "role", "rule").iter_rows()}


def byline(*lines: str) -> str | None:
    page = "\n".join([TITLE, *lines, *BODY, ""]).encode()
    found: str | None = cut_pages([page]).appearances.row(0, named=True)["byline"]
    return found


@pytest.mark.parametrize("below", ["Aldern", "Chief Reporter", "komentátor"])
def test_a_name_with_a_post_or_a_place_above_the_date_is_the_author(
    below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert byline("Ada van Fenwick", below, DATE) == "Ada van Fenwick"
    assert roles("Ada van Fenwick", below, DATE)[below][0] == ("place" if below == "Aldern" else "byline")
    monkeypatch.setattr(head, "_names", lambda page, title, lines: {})
    assert byline("Ada van Fenwick", below, DATE) == below


def test_a_section_above_a_name_is_no_author() -> None:
    assert byline("Culture", "Ada Fenwick", DATE) == "Ada Fenwick"


def test_the_author_stands_below_a_lone_by(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ("By", "Ada Fenwick", "Chief Reporter", DATE)
    assert byline(*page) == "Ada Fenwick"
    assert cut_pages(["\n".join([TITLE, *page, *BODY, ""]).encode()]).repairs.is_empty()  # nothing was lost
    monkeypatch.setattr(spans, "is_author_mark", lambda text: False)
    assert roles("By", "Ada Fenwick", DATE)["Ada Fenwick"] == ("byline", "byline_before_date")
    assert roles("By", "Ada Fenwick", "Menu", DATE)["Ada Fenwick"][0] == "unknown"


@pytest.mark.parametrize(
    ("above", "credit"),
    [
        ("The white tower of Aldern on a clear day", "(Image: Aldern Police)"),
        ("Der weiße Turm von Aldern am Morgen", "Foto: Jana Brix"),
        ("The white tower of Aldern on a clear day", "Ada Fenwick / AP"),
    ],
)
def test_a_credit_in_the_head_and_the_line_above_it_are_the_caption(
    above: str, credit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = roles(DATE, above, credit)
    assert found[above] == found[credit] == ("caption", "caption_word")
    monkeypatch.setattr(head, "head_captions", lambda page, lines: set())
    assert roles(DATE, above, credit)[above][0] != "caption"


def test_a_line_that_ends_with_its_credit_is_a_caption_in_the_head() -> None:
    line = "De witte toren van Aldern bij helder weer. © ANP"
    assert roles(DATE, line)[line] == ("caption", "caption_word")


def test_a_sentence_between_the_title_and_a_credit_stays_the_standfirst() -> None:
    line = "Sailors steer by the white tower."
    assert roles(line, "Foto: Jana Brix", DATE)[line][0] == "standfirst"


def test_a_credit_opens_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    credit = "(Image: Aldern Police)"
    monkeypatch.setattr(primary, "EDGE_LOG_ODDS", 9.0)  # the run begins with all that stands above the text
    assert roles(DATE, credit)[credit][0] == "caption"
    monkeypatch.setattr(article, "CAPTION", 0)
    assert roles(DATE, credit)[credit][0] != "caption"


@pytest.mark.parametrize(
    "name", ["World", "2 Comments", "the old tower", "Ada the Great", "Ada Fenwick Reports on the Sea"]
)
def test_other_words_are_no_full_name(name: str) -> None:
    assert not head.is_full_name(name)


@pytest.mark.parametrize("line", ["Door: Ada Fenwick", "oprac. Ada Fenwick", "Σύνταξη: Άντα Φένγουικ", "โดย: เอด้า"])
def test_words_for_author_with_a_colon(line: str) -> None:
    assert roles(line, DATE)[line] == ("byline", "byline_word")


def test_a_post_below_a_lone_by_of_a_rail_is_no_source() -> None:
    rail = [
        line
        for k, title in enumerate(("Bell is found in the mud of the harbour", "Ferry is late again on Monday"))
        for line in (title, "By", "Staff Reporter", f"1{k} February 2026", f"{BODY[k]} {BODY[k + 1]}")
    ]
    page = "\n".join([TITLE, DATE, *BODY, "Related articles", *rail, ""]).encode()
    related = cut_pages([page]).appearances.filter(pl.col("zone") == "related")
    assert related["byline"].to_list() == ["Staff Reporter"] * 2
    assert related["source_name"].to_list() == [None] * 2
