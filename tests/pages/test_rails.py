"""Rails behind the entries of a live page, below a short article, and with a date on both sides of each text."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import coherence, cut_pages, grammar, lists, parse, siblings, stories
from cuttings.pages.page import Page

BRIDGE = (
    "The council said on Tuesday that the old bridge will be closed for the whole winter, because the wood is rotten.",
    "Engineers had warned for years that the river would win in the end, and asked for money that was never granted.",
    "The mayor told reporters that a ferry will run every half hour, and that it will be free of charge for children.",
)
STORIES = (
    ("Shepherd finds lost church bell in ditch", "By Nell Ferrier", (
        "A shepherd found the stolen bell of the village church in a ditch on Sunday, and brought it back on a cart.",
        "The priest had prayed for the bell every evening since the theft, and rang it himself until his arms hurt.",
        "Nobody knows who took it, and the police of the valley have closed the case for good, a sergeant said.",
    )),
    ("Bakers sell rye loaves after rich harvest", "By Tomas Ekeby", (
        "Bakers in the northern valleys sell loaves of rye and chestnut flour again, after a harvest as rich as 1931.",
        "A loaf costs less than last autumn, and customers queue from five o'clock, said the owner of an oven.",
        "The millers want to keep their prices until Easter, as the barns are full to the rafters this year.",
    )),
    ("More swifts than ever above market hall", "By Dilys Moran", (
        "Volunteers counted three hundred swifts above the market hall, thirty more than in the summer of last year.",
        "Forty nest boxes under the eaves had been paid for by schoolchildren, who sold lemonade in their holidays.",
        "Swifts stay in the air for ten months, and sleep on the wing, said a biologist of the natural history museum.",
    )),
)  # fmt: skip
DATES = ("March 3, 2025 at 2:05 PM", "March 7, 2025 at 9:15 AM", "March 9, 2025 at 6:40 PM")


def zones(tables: pl.DataFrame) -> list[str]:
    return tables["zone"].to_list()


def assert_found(text: str) -> None:
    found = cut_pages([text.encode()]).appearances
    assert zones(found) == ["primary"] + ["related"] * len(STORIES)
    assert found["body"].to_list()[1:] == ["\n".join(body) for _, _, body in STORIES]
    assert found["title"].to_list()[1:] == [title for title, _, _ in STORIES]


ENTRIES = [line for pair in zip(("11:42", "10:58", "10:20"), BRIDGE, strict=True) for line in pair]
LIVE = "\n".join([
    "Storm over the islands: the old bridge is closed", "June 9, 2025", *ENTRIES,
    *("\n".join(["", title, by, *body]) for title, by, body in STORIES), "",
])  # fmt: skip


def test_stories_without_dates_are_found_behind_the_last_entry_of_a_live_page() -> None:
    assert_found(LIVE)
    tables = cut_pages([LIVE.encode()])
    assert tables.pages["page_type"].to_list() == ["live"]
    times = tables.segments.filter(pl.col("role") == "live_entry_time")["text"].to_list()
    assert times == ["11:42", "10:58", "10:20"]
    assert tables.appearances["body"].item(0).split("\n") == list(BRIDGE)


def test_no_story_starts_before_the_last_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    since: list[int] = []
    stories = parse.story_rails

    def spy(page: parse.Page, found: list[parse.Head], core: int, last: int, masked: bytearray) -> list[parse.Rail]:
        since.append(last)
        return stories(page, found, core, last, masked)

    monkeypatch.setattr(parse, "story_rails", spy)
    text = LIVE.split("\n")
    cut_pages([LIVE.encode()])
    assert since == [text.index("10:20")]


def closed(days: tuple[str, ...] = DATES) -> str:
    items = ["\n".join([title, day, *body, day]) for (title, _, body), day in zip(STORIES, days, strict=True)]
    return "\n".join(["Bridge stays closed for the winter", "By Ida Holm", "23 May 2024", *BRIDGE, *items, ""])


def dates_of(text: str) -> list[tuple[int, str]]:
    segments = cut_pages([text.encode()]).segments
    dates = segments.filter((pl.col("role") == "date") & (pl.col("zone") == "related"))
    return [(position, day) for position, day in dates.select("position", "text").rows()]


TWICE = [(position, day) for position, day in enumerate(DATES, 1) for _ in range(2)]


def test_a_date_that_repeats_behind_its_text_closes_the_article() -> None:
    assert_found(closed())
    assert dates_of(closed()) == TWICE


def test_without_that_rule_the_last_date_belongs_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "_without_closing", lambda page, anchors: anchors)
    assert dates_of(closed()) != TWICE


@pytest.mark.parametrize("days", [(DATES[0],) * 3, (DATES[0], DATES[0], DATES[1])])
def test_articles_of_one_day_are_not_taken_in_pairs(days: tuple[str, ...]) -> None:
    items = ["\n".join([title, day, *body]) for (title, _, body), day in zip(STORIES, days, strict=True)]
    assert_found("\n".join(["Bridge stays closed for the winter", "By Ida Holm", "23 May 2024", *BRIDGE, *items, ""]))


LED = "\n".join([
    "Bridge stays closed for the winter", *BRIDGE[:2],
    *("\n".join(["", day, title, *body]) for (title, _, body), day in zip(STORIES, DATES, strict=True)), "",
])  # fmt: skip


def test_the_text_before_the_first_date_is_the_primary_and_the_rail_no_feed() -> None:
    assert_found(LED)
    tables = cut_pages([LED.encode()])
    assert tables.pages["page_type"].to_list() == ["article"]
    assert tables.appearances["body"].item(0) == "\n".join(BRIDGE[:2])


def test_without_that_rule_its_text_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(siblings, "_is_led", lambda *arguments: False)
    tables = cut_pages([LED.encode()])
    assert tables.pages["page_type"].to_list() == ["feed"]
    assert BRIDGE[0] not in "".join(tables.appearances["body"].to_list())


def test_a_motto_above_a_feed_is_no_article() -> None:
    tables = cut_pages([LED.replace("\n".join(BRIDGE[:2]), "Notes from the river, every day").encode()])
    assert tables.pages["page_type"].to_list() == ["feed"]


def test_a_title_may_stand_behind_all_entries() -> None:
    entry = "The ferry number {0} has left the harbour with many people on board this morning, the captain said."
    ferries = "".join(f"{hour:02}:00\n{entry.format(hour)}\n" for hour in (10, 9, 8))
    menu = "Home\nSports\nWeather\nContact\nSubscribe\nLogin\nSearch\nMenu\nComments\n0 comments\n"
    title = "Bridge stays closed for the winter"
    text = f"Live\n{ferries}{menu}{title}\n1 March 2025\n" + "\n".join([" ".join(BRIDGE)] * 12)
    primary = cut_pages([text.encode()]).appearances.filter(pl.col("zone") == "primary")
    assert primary["title"].to_list() == [title]


def test_dates_between_stories_close_them_where_the_first_has_none_above(monkeypatch: pytest.MonkeyPatch) -> None:
    items = ["\n".join(["", title, by, *body, day]) for (title, by, body), day in zip(STORIES, DATES, strict=True)]
    text = "\n".join(["Bridge stays closed for the winter", *BRIDGE, *items, ""])
    monkeypatch.setattr(grammar, "dated_rails", lambda page, entries, likely: [])  # as where they are not written alike
    assert dates_of(text) == list(enumerate(DATES, 1))
    monkeypatch.setattr(stories, "_close_with_dates", lambda page, items: None)
    assert dates_of(text) != list(enumerate(DATES, 1))


SHORT_ENTRIES = tuple(
    f"{text}, said the master of the harbour on the phone."
    for text in ("The bridge was closed at noon", "Two ferries are on their way", "The wind has reached force nine")
)


def test_the_entries_of_a_live_page_may_be_single_sentences() -> None:
    lines = [line for pair in zip(("11:42", "10:58", "10:20"), SHORT_ENTRIES, strict=True) for line in pair]
    text = "\n".join(["Storm over the islands: the old bridge is closed", "June 9, 2025", *lines, ""])
    tables = cut_pages([text.encode()])
    assert tables.pages["page_type"].to_list() == ["live"]
    assert tables.appearances["body"].to_list() == ["\n".join(SHORT_ENTRIES)]


def test_an_author_may_stand_between_a_title_and_its_text_under_a_heading(monkeypatch: pytest.MonkeyPatch) -> None:
    items = ["\n".join([title, "Newsroom", *body]) for title, _, body in STORIES]
    text = "\n".join(["Bridge stays closed for the winter", *BRIDGE, "Related articles", *items, ""])
    assert_found(text)
    monkeypatch.setattr(lists, "_text_below", lambda page, item: -1)
    assert cut_pages([text.encode()]).appearances["body"].to_list()[1] == ""


def test_a_related_heading_speaks_for_the_stories_below_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def doubtful(page: Page, found: list[stories.Head]) -> None:
        for head in found:
            head.agreed = -0.5

    monkeypatch.setattr(stories, "agree", doubtful)
    items = ["\n".join([title, *body]) for title, _, body in STORIES]
    text = "\n".join(["Bridge stays closed for the winter", *BRIDGE, "Related articles", *items, ""])
    assert_found(text)
    monkeypatch.setattr(stories, "TOLD_LOG_ODDS", stories.OPEN_LOG_ODDS)
    assert cut_pages([text.encode()]).appearances.height == 1


def test_the_cards_of_videos_part_no_article(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [("Some fear for the trade of the town", "1:30"), ("What the engineers found below the deck", "2:45")]
    lines = ["Council votes to close the old bridge", "May 22, 2024", *BRIDGE]
    for (title, length), story in zip(cards, STORIES, strict=False):
        lines += ["WATCH | The town reacts:", title, "14 hours ago", "Duration", length, *story[2]]
    raw = "\n".join((*lines, "")).encode()
    assert cut_pages([raw]).appearances["zone"].to_list() == ["primary"]
    monkeypatch.setattr(coherence, "DURATION", 0)
    assert cut_pages([raw]).appearances["zone"].to_list() != ["primary"]


REPORTS = (
    "il y a 6 minutesLYON (AFP) - Le tribunal a suspendu le texte qui interdisait les rassemblements sur les quais.",
    "il y a 21 minutesBREST (AFP) - Un cargo de 120 mètres s'est échoué au large après une panne de son moteur.",
    "il y a 45 minutesNICE (AFP) - Les chauffeurs de bus ont mis fin à une grève de neuf jours après un accord.",
)
LOST_TITLES = (
    "Un incendie détruit la halle du marché", *(
        "La halle du marché, construite en 1882, a brûlé dans la nuit, et le parquet a ouvert une enquête ce matin.",
        "Plus de soixante pompiers ont lutté contre les flammes pendant six heures, sans pouvoir sauver la charpente.",
        "La halle était classée depuis 1984, et la ville promet de la reconstruire telle que les anciens la voyaient.",
    ), "Encore plus de nouvelles", *REPORTS,
)  # fmt: skip


def test_reports_whose_titles_were_lost_are_told_by_their_datelines(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = cut_pages(["\n".join(LOST_TITLES).encode()])
    assert tables.appearances["zone"].to_list() == ["primary", *["related"] * 3]
    assert tables.appearances["dateline"].to_list()[1:] == ["LYON (AFP) -", "BREST (AFP) -", "NICE (AFP) -"]
    assert LOST_TITLES[4] not in str(tables.appearances["body"][0])
    monkeypatch.setattr(coherence, "_open_with_datelines", lambda page, chain: False)
    assert cut_pages(["\n".join(LOST_TITLES).encode()]).appearances["zone"].to_list() == ["primary"]


def test_dates_above_the_paragraphs_of_a_text_are_no_rail() -> None:
    dated = [line.replace("LYON (AFP) - ", "").replace("NICE (AFP) - ", "") for line in LOST_TITLES]
    assert cut_pages(["\n".join(dated).encode()]).appearances["zone"].to_list() == ["primary"]


def report(section: str, title: str, day: int, *text: str) -> tuple[str, ...]:
    return (section, title, "Published", "on", f"{day} February 2026", "By", "Staff Reporter", *text)


NEXT_STORIES = (
    *report(
        "City", "Water board replaces forty miles of mains", 11,
        "The water board will replace forty miles of iron mains over the next three years, after a winter of bursts.",
        "Its chief engineer said that the oldest pipes were laid in 1871, and that they had outlived three empires.",
        "The work will begin in the harbour district, where the streets will close in turn from the first of April.",
    ),
    "Advertisement",
    *report(
        "Sport", "Rovers appoint former captain as manager", 10,
        "Rovers have named their former captain Ellis Tarrant as manager on a deal until the end of next season.",
        "Tarrant played 311 matches for the club, and has coached the younger of its two sides since the autumn.",
    ),
    *report(
        "Business", "Cannery is to reopen with sixty jobs", 9,
        "The old cannery on Dock Road is to reopen in the summer with sixty jobs, its new owners said on Monday.",
        "The plant had been closed since 2019, when the owners of that time moved what they made there abroad.",
    ),
)  # fmt: skip


def test_the_marks_of_dates_and_authors_on_lines_of_their_own_are_no_long_head(monkeypatch: pytest.MonkeyPatch) -> None:
    found = cut_pages(["\n".join(NEXT_STORIES).encode()]).appearances
    assert found["title"].to_list() == [NEXT_STORIES[1], NEXT_STORIES[12], NEXT_STORIES[21]]
    assert NEXT_STORIES[18] not in str(found["body"][0])
    monkeypatch.setattr(grammar, "_lost_values", lambda *arguments: 0)
    assert len(cut_pages(["\n".join(NEXT_STORIES).encode()]).appearances) < 3
