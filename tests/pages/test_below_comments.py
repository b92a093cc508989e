"""Rails below the heading of comments: articles are kept, comments are none. And counts of comments below each item."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import cut_pages, parse

OWN = (
    "County votes to keep the old courthouse clock", "May 22, 2024",
    "The commission voted five to two on Tuesday night to repair the courthouse clock instead of replacing it at once.",
    "The decision came after four hours of public comment, most of it from residents who opposed the new display.",
    "A clockmaker from the next state will take the works apart in July, and the rest of the money goes to the roof.",
    "Comments", "Write a comment",
)  # fmt: skip
TEXTS = (
    "The bell of the instrument was found wedged under the bridge, and two anglers pulled it out with a rope and hook.",
    "Trucks will spray at night, the health district said, and beekeepers should close their hives by nine o'clock.",
    "Visitors may borrow deck chairs with their library cards, and the first hundred of them get some lemonade.",
)  # fmt: skip
COUNTS = ("14 comments", "1 comment", "Comments (27)")
AGES = ("3 hours ago", "5 hours ago", "1 day ago")
TITLES = ("Missing tuba found in the river", "Mosquito spraying to begin in five towns", "Library opens reading garden")
SAYS = ("Ada Mary Fenwick says:", "Tom B. of Delmar says:", "The old clock friend says:")


def related(heads: tuple[str, ...], texts: int) -> list[str]:
    """The titles of the related articles, of items with so many paragraphs."""
    lines = [line for k, head in enumerate(heads) for line in (head, AGES[k], *(TEXTS[k:] + TEXTS[:k])[:texts])]
    appearances = cut_pages(["\n".join((*OWN, *lines, "")).encode()]).appearances
    return appearances.filter(pl.col("zone") == "related")["title"].to_list()


@pytest.mark.parametrize("texts", [0, 2])
def test_titles_below_the_box_for_comments_are_those_of_articles(texts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert related(TITLES, texts) == list(TITLES)
    monkeypatch.setattr(parse, "_are_titled", lambda page, rail: False)
    assert related(TITLES, texts) == []


def test_who_says_something_is_no_title(monkeypatch: pytest.MonkeyPatch) -> None:
    assert related(SAYS, 1) == []
    monkeypatch.setattr(parse, "_is_title_like", lambda page, i: True)
    assert related(SAYS, 1) == list(SAYS)


def test_a_count_of_comments_below_each_item_is_no_box_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    items = zip(TITLES, AGES, TEXTS, COUNTS, strict=True)
    last = ("Night buses to run on Fridays again", "2 days ago", "They will run from May on, at first on four lines.")
    lines = ("Latest news", *(line for item in (*items, (*last, "9 comments")) for line in item), "About us", "")
    page = "\n".join(lines).encode()

    def found() -> list[str]:
        appearances = cut_pages([page]).appearances
        return appearances.filter(pl.col("zone") == "related")["title"].to_list()

    assert found() == [*TITLES, last[0]]
    said = cut_pages([page]).segments.filter(pl.col("role") == "comments")
    assert said.height == len(COUNTS) + 1
    monkeypatch.setattr(parse, "open_counts", lambda page: None)
    assert last[0] not in found()
