"""What stands in the heads of a rail's items beside title, source and date: lengths of videos and of texts."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl
import pytest

from cuttings.pages import cut_pages, labels, line_texts, neighbours, roles

PAGE = (
    "Village gets its ferry back",
    "By Nell Prosser",
    "9 July 2026 14:05",
    "The ferry between the two halves of the village runs again after two years, the council said on Tuesday morning, "
    "and the first passenger was a goat that had been waiting for it since the bridge was closed in spring 2022.",
    "The ferryman said that the rope is new, that the boat is not, and that nobody should lean over the rail. He has "
    "been promised a colleague for the summer, when walkers come from the whole county to see the mill and the goat.",
    "Related articles",
)
TITLES = (
    "Bees move into the post office and stay",
    "School orchestra wins with kettles and spoons",
    "Lighthouse for sale, lamp not included this time",
)
BODIES = (
    "A swarm of bees has settled behind the counter of the post office, and the postmistress has decided to leave it "
    "until the autumn, because the queue has become shorter and the stamps have never smelled as good as they do now.",
    "The orchestra of the village school has won the county prize with a piece for kettles, spoons and a fiddle, that "
    "its conductor wrote in a week when all the other instruments were being repaired in the city after the flood.",
    "The old lighthouse is for sale again. Its lamp is in a museum, the stairs are rotten, and its one neighbour is a "
    "seal, but the agent says that the view is worth the price and that three people have asked for the key already.",
)
SOURCES = ("Harbour Mirror", "Le Phare", "The Lantern")
AGES = ("3 hours ago", "5 hours ago", "a day ago")
LENGTHS = ("4:41", "1:02:33", "0:58")
Head = Callable[[int], tuple[str, ...]]


def others(head: Head) -> list[tuple[str, str, str]]:
    """Title, source and date of the articles of a rail whose items begin with `head`."""
    lines = [*PAGE, *(line for k, body in enumerate(BODIES) for line in (*head(k), body))]
    tables = cut_pages(["\n".join([*lines, ""]).encode()])
    articles = tables.appearances.filter(pl.col("position") > 0).sort("position")
    return articles.select("title", "source_name", "date_text").rows()


EXPECTED = list(zip(TITLES, SOURCES, AGES, strict=True))


@pytest.mark.parametrize(
    "head",
    [
        lambda k: (TITLES[k], LENGTHS[k], SOURCES[k], AGES[k]),
        lambda k: (LENGTHS[k], SOURCES[k], AGES[k], TITLES[k]),
        lambda k: (SOURCES[k], AGES[k], TITLES[k], *([LENGTHS[k]] if k == 0 else [])),
        lambda k: (SOURCES[k], AGES[k], ("3 min read", "Lesezeit 4 Min.", "阅读时间 3分钟")[k], TITLES[k]),
        lambda k: (TITLES[k], f"{k + 3} мин", SOURCES[k], AGES[k]),
        lambda k: (f"{SOURCES[k]} {AGES[k]}", TITLES[k]),
        lambda k: (f"{SOURCES[k]}{AGES[k]}", TITLES[k]),
        lambda k: (TITLES[k], f"{SOURCES[k]} {AGES[k]} · {k + 3} min read"),
    ],
)
def test_each_item_has_its_title_source_and_date(head: Head) -> None:
    assert others(head) == EXPECTED


def test_the_lengths_of_texts_are_told_from_sources_by_their_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_texts.dates, "durations", lambda texts: texts.is_null())
    found = others(lambda k: (TITLES[k], f"{k + 3} min read", AGES[k]))
    assert [source for _, source, _ in found] == ["3 min read", "4 min read", "5 min read"]


def test_the_lengths_of_videos_are_told_from_times_by_the_dates_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "_dated_clocks", lambda page, clocks: [])
    assert others(lambda k: (TITLES[k], LENGTHS[k], SOURCES[k], AGES[k])) != EXPECTED


def test_the_time_of_a_list_without_other_dates_is_its_date() -> None:
    times = ("14:05", "13:40", "9:15")
    found = others(lambda k: (times[k], TITLES[k]))
    assert [(title, time) for title, _, time in found] == list(zip(TITLES, times, strict=True))


def test_a_label_of_a_date_is_no_source() -> None:
    assert labels._is_name("Le Monde")
    assert labels._is_name("The Week")
    assert not labels._is_name("Last updated")
    assert not labels._is_name("Publié le")


def test_a_caption_in_a_head_is_not_the_title() -> None:
    caption = "The village on a grey morning in the spring of last year. Photo: Nell Prosser"
    assert others(lambda k: (caption, TITLES[k], SOURCES[k], AGES[k])) == EXPECTED


def test_an_item_with_a_shorter_head_keeps_its_text() -> None:
    tags = (["• Village"], ["• Village"], [])
    found = others(lambda k: (TITLES[k], TITLES[k], SOURCES[k], AGES[k], *tags[k], f"• {SOURCES[k]}", TITLES[k]))
    assert found == EXPECTED


SECTIONS = ("Culture", "Waterfront", "Schools")


def test_a_section_above_a_title_is_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    untold = [(title, None, age) for title, _, age in EXPECTED]
    assert others(lambda k: (SECTIONS[k], TITLES[k], AGES[k])) == untold
    assert others(lambda k: (SECTIONS[k], TITLES[k], SOURCES[k], AGES[k])) == EXPECTED
    monkeypatch.setattr(roles, "is_section", lambda text: False)
    assert others(lambda k: (SECTIONS[k], TITLES[k], AGES[k])) != untold


def test_a_cut_teaser_with_a_link_behind_it_is_no_title(monkeypatch: pytest.MonkeyPatch) -> None:
    teasers = (
        "The swarm is back behind the counter. The queue for stamps and parcels has grown, and some stand … more",
        "The kettles rang in the old hall. Everybody who had come sang along, and the jury from the county ... read on",
        "The tower is old and the stairs are worse. The agent with the key says that three people from … »more",
    )
    lines = [line for k in range(3) for line in (SECTIONS[k], TITLES[k], teasers[k], f"{k + 3} March 2026")]
    page = "\n".join(["The Lantern", "Village", *lines, ""]).encode()

    def titles() -> list[str]:
        return cut_pages([page]).appearances.sort("position")["title"].to_list()

    assert titles() == list(TITLES)
    monkeypatch.setattr(line_texts, "_CUT_WITH_LINK", re.compile("(?!)"))
    assert titles() != list(TITLES)
