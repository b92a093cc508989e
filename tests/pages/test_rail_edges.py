"""Where a rail begins and ends: its first and last dates beside the page's own, long and short first articles."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import cut_pages, cycles, drafts, grammar, parse, stories

TITLE = "County votes to keep the old courthouse clock"
OWN = (
    "The commission voted five to two on Tuesday night to repair the courthouse clock instead of replacing it at once.",
    "The decision came after four hours of public comment, most of it from residents who opposed the new display.",
    "A clockmaker from the next state will take the works apart in July, and the rest of the money goes to the roof.",
)  # fmt: skip
TITLES = ("Missing tuba found in the river", "Mosquito spraying to begin in five towns", "Library opens its garden")
LONG = (
    "The instrument had vanished from the band room in March, and was wedged between two stones below the old mill.",
    "Two anglers pulled it out with a rope and a hook, and played a march on it before they called the school.",
    "The band had borrowed a tuba from the fire brigade since then, which the brigade now wants back by Saturday.",
    "Nobody knows who threw it in, and the head teacher said that she would rather not find out before the summer.",
    "A repair shop will hammer out eleven dents for nothing, as the owner once played second trombone in the band.",
    "The concert on the green, which had been put off twice, takes place on the last Sunday of June at six o'clock.",
    "Tickets that were bought in March stay good, and children who bring a spoon may join in the last piece.",
)  # fmt: skip
SHORT = (
    "The trucks will drive through the towns at night, and beekeepers were told to close their hives by nine in the "
    "evening.",
    "Visitors may borrow deck chairs with their library cards, and the first hundred of them get a glass of lemonade.",
)  # fmt: skip


def cut(*lines: str) -> pl.DataFrame:
    return cut_pages(["\n".join((*lines, "")).encode()]).appearances.select("zone", "title", "body")


def test_a_date_without_a_title_and_a_text_is_no_article(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (TITLE, *OWN, "Latest News", "1 hour ago", TITLES[0], "2 hours ago", TITLES[1], "3 hours ago", "5 hours ago")
    assert cut(*page)["title"].to_list() == [TITLE, *TITLES[:2]]
    (segment,) = cut_pages(["\n".join(page).encode()]).segments.filter(pl.col("text") == page[-1]).rows(named=True)
    assert (segment["zone"], segment["position"]) == ("page", None)
    dates = cut_pages([b"Related articles\n3 hours ago\n4 hours ago\n5 hours ago\n"]).pages
    assert dates["page_type"].to_list() == ["unknown"]
    monkeypatch.setattr(parse, "drop_untold", lambda *arguments: None)
    assert cut(*page)["title"].to_list() == [TITLE, *TITLES[:2], None]


DATES = ("2 hours ago", "5 hours ago", "1 day ago")
RAIL_ABOVE = [line for pair in zip(TITLES, DATES, strict=True) for line in pair]


def test_a_list_above_the_article_leaves_it_its_title_author_and_date(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (*RAIL_ABOVE, "", TITLE, "Dana Whitfield", "May 22, 2024, 8:15", *OWN)
    found = cut(*page)
    assert found.filter(pl.col("zone") == "primary").rows() == [("primary", TITLE, "\n".join(OWN))]
    assert found.filter(pl.col("zone") == "related")["title"].to_list() == list(TITLES)
    monkeypatch.setattr(grammar, "_is_odd_last", lambda page, chain: False)
    assert cut(*page).filter(pl.col("zone") == "primary")["title"].to_list() != [TITLE]


DAYS = ("22.05.2024 08:40", "21.05.2024 23:10", "20.05.2024 15:25")
SOURCES = ("Delmar Post", "Harbour Sport", "Valley Echo")
ITEMS = zip(SOURCES, TITLES, DAYS, (LONG, *((text,) for text in SHORT)), strict=True)
PAGE = (
    TITLE, *OWN, "Share", "Dalsi z regionu tady", *(line for *head, texts in ITEMS for line in (*head, *texts)),
)  # fmt: skip


@pytest.mark.parametrize("name", ["OWN_LINES", "AHEAD_SHARE"])
def test_an_appended_article_may_be_longer_than_the_pages_own(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [("primary", "\n".join(OWN)), ("related", "\n".join(LONG)), *(("related", text) for text in SHORT)]
    assert cut(*PAGE).select("zone", "body").rows() == expected
    monkeypatch.setattr(grammar if name == "OWN_LINES" else drafts, name, 99)
    monkeypatch.setattr(stories, "signed_heads", lambda page, found, since: set())  # the sources tell it, too
    assert cut(*PAGE).select("zone", "body").rows() != expected


BEES = "The bees may fly again from Sunday on, said the district."


def test_a_line_in_whose_place_the_others_have_a_text_is_the_heading(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second date has a long text three lines above it, the third a short one, the first the heading."""
    at = PAGE.index(SHORT[0]) + 1
    page = (*PAGE[:at], BEES, *PAGE[at:])
    assert cut(*page)["title"].to_list() == [TITLE, *TITLES]
    monkeypatch.setattr(cycles, "_alike_before", lambda page, chain, most: most)
    assert cut(*page)["body"].to_list()[1] != "\n".join(LONG)
