"""Rails without dates and without a known heading: a story starts where the words change, and not at a subhead."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import coherence, cut_pages, drafts, grammar, indexes, parse, stories, story_heads, story_shapes
from cuttings.pages.lines import lex
from cuttings.pages.markers import read_lines
from cuttings.pages.measures import measure
from cuttings.pages.model import score_lines
from cuttings.pages.page import BODY, Page, views
from cuttings.pages.rails import Item, Rail
from cuttings.pages.story_heads import Head, slots_of

BRIDGE = (
    "The council said on Tuesday that the old bridge will be closed for the whole winter, because the wood is rotten.",
    "Engineers had warned for years that the river would win in the end, and asked for money that was never granted.",
    "The mayor told reporters that a ferry will run every half hour, and that it will be free of charge for children.",
    "The bridge was built in the year of the great flood, and the engineers of that time had promised a hundred years.",
)
BELL = (
    "A shepherd found the lost bell of the village church in a ditch on Sunday, and brought it back on a cart at noon.",
    "The priest had prayed for the bell every evening since the theft, and rang it himself until his arms were tired.",
)
BREAD = (
    "Bakers in the northern valleys sell loaves of rye and chestnut flour again, after a harvest as rich as in 1931.",
    "A loaf costs less than last autumn, and customers queue from five o'clock, said the owner of the oldest oven.",
)
SWIFTS = (
    "Volunteers counted three hundred swifts above the market hall, thirty more than in the summer of last year.",
    "Forty nest boxes under the eaves had been paid for by schoolchildren, who sold lemonade during their holidays.",
)
PAGE = "\n".join([
    "Bridge stays closed for the winter", *BRIDGE,
    "Fresh from the printing press",
    "", "Shepherd finds lost church bell in ditch", "By Nell Ferrier", *BELL,
    "", "Bakers sell rye loaves after rich harvest", "By Tomas Ekeby", *BREAD,
    "", "More swifts than ever above market hall", "By Dilys Moran", *SWIFTS, "",
])  # fmt: skip
SUBHEADS = "\n".join([
    "Bridge stays closed for the winter", *BRIDGE[:2],
    "Engineers warned the council for years", "The engineers of the council had warned of the old bridge and its wood.",
    BRIDGE[2], "A free ferry for children in winter", BRIDGE[3],
    "The mayor said that the ferry of the council will take children free of charge for the whole winter.", "",
])  # fmt: skip


def cut(text: str) -> pl.DataFrame:
    return cut_pages([text.encode()]).appearances


def test_articles_without_dates_under_a_heading_nobody_knows_are_a_rail() -> None:
    tables = cut_pages([PAGE.encode()])
    assert tables.appearances["title"].to_list() == [
        "Bridge stays closed for the winter", "Shepherd finds lost church bell in ditch",
        "Bakers sell rye loaves after rich harvest", "More swifts than ever above market hall",
    ]  # fmt: skip
    assert tables.appearances["body"].to_list() == ["\n".join(body) for body in (BRIDGE, BELL, BREAD, SWIFTS)]
    related = tables.segments.filter((pl.col("zone") == "related") & (pl.col("role") == "title"))
    assert set(related["rule"]) == {"story_start"}


def test_a_title_that_is_a_question_starts_a_story_however_much_it_is_like_text() -> None:
    title = "Why do the bakers of the northern valleys sell their rye loaves for less this autumn?"
    text = PAGE.replace("Bakers sell rye loaves after rich harvest", title)
    lexed = lex([text.encode()])
    (page,) = views(read_lines(lexed, score_lines(lexed), measure(lexed).words))
    assert page.cls[page.text.index(title)] == BODY
    rows = cut(text).select("title", "body").rows()
    assert (title, "\n".join(BREAD)) in rows
    assert rows[0][1] == "\n".join(BRIDGE)


def test_a_list_between_two_stories_keeps_its_place_and_its_lines() -> None:
    listed = ["Related articles", "Ferrymen ask for a longer pier", "Heavy snow expected in the valleys", ""]
    tables = cut_pages([PAGE.replace("\nBakers sell", "\n".join(["", *listed, "Bakers sell"])).encode()])
    assert tables.appearances.select("title", "body").rows()[1:] == [
        ("Shepherd finds lost church bell in ditch", "\n".join(BELL)),
        ("Ferrymen ask for a longer pier", ""), ("Heavy snow expected in the valleys", ""),
        ("Bakers sell rye loaves after rich harvest", "\n".join(BREAD)),
        ("More swifts than ever above market hall", "\n".join(SWIFTS)),
    ]  # fmt: skip
    titles = tables.segments.filter((pl.col("zone") == "related") & (pl.col("role") == "title"))
    assert titles["rule"].to_list() == ["story_start", "list_heading", "list_heading", "story_start", "story_start"]


def test_without_story_starts_their_text_leaks_into_the_primary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "story_rails", lambda *arguments: [])
    assert BREAD[0] in cut(PAGE)["body"].item(0)


def test_a_subhead_about_the_same_things_starts_no_story() -> None:
    assert cut(SUBHEADS)["zone"].to_list() == ["primary"]


@pytest.mark.parametrize("reason", ["words in common", "title before"])
def test_the_words_that_a_subhead_shares_with_the_text_before_it_speak_against_a_story(
    reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[float] = []
    weigh = story_heads.weigh

    def spy(page: Page, found: list[story_heads.Head], core: int) -> None:
        weigh(page, found, core)
        seen.append(found[1].log_odds)

    monkeypatch.setattr(stories, "weigh", spy)
    cut(SUBHEADS)
    monkeypatch.setitem(story_heads.WEIGHTS, reason, 0.0)
    cut(SUBHEADS)
    assert seen[0] < seen[1] - 2


OWN = "\n".join([
    "A short word to the readers of our paper", *BRIDGE[:2],
    "", "Shepherd finds lost church bell in ditch", "By Nell Ferrier", *BELL, *BREAD, *SWIFTS, *(
        f"In the {number} valley the bells rang as well, and the shepherds there danced with the bakers until morning."
        for number in ("first", "second", "third", "fourth")
    ), "",
])  # fmt: skip


def test_the_first_date_of_a_page_speaks_for_its_own_article_and_a_later_one_for_another() -> None:
    lines = [
        "Bridge stays closed for the winter", BRIDGE[0],
        "A winter without the bridge", "12 March 2021", *BRIDGE[1:], "",
        "Shepherd finds lost church bell in ditch", "14 March 2021", *BELL, "",
    ]  # fmt: skip
    lexed = lex(["\n".join(lines).encode()])
    (page,) = views(read_lines(lexed, score_lines(lexed), measure(lexed).words))
    found = story_heads.heads(page, bytearray(len(page.cls)))
    texts = story_heads.texts_of(page, found, 1)
    heads_with = story_heads.heads_by_fold(page, found)
    features = [story_heads.head_features(page, found, k, texts, heads_with) for k in range(1, len(found))]
    assert [(one["date"], one["first date"]) for one in features] == [(True, True), (True, False)]
    assert story_heads.WEIGHTS["first date"] < 0 < story_heads.WEIGHTS["date"]


def test_a_text_much_longer_than_all_before_it_is_the_page_s_own() -> None:
    assert cut(OWN)["zone"].to_list() == ["primary"]


def test_without_that_rule_it_would_be_a_related_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "has_own_article", lambda *arguments, **named: True)
    monkeypatch.setattr(stories, "_is_own", lambda *arguments: False)
    assert cut(OWN)["zone"].to_list() == ["primary", "related"]


def test_no_text_above_which_an_article_stands_is_the_page_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "has_own_article", lambda *arguments, **named: True)
    monkeypatch.setattr(stories, "TEASER_PROSE", 20.0)
    assert cut(OWN)["zone"].to_list() == ["primary", "related"]


BOX = ("Gardeners fear the snails of autumn", "Nine recipes with plums and honey")
BOXED = "\n".join([
    "Bridge stays closed for the winter", BRIDGE[0], BRIDGE[1], *BOX, *BREAD, *BOX, *SWIFTS, *BOX, BRIDGE[2], "",
])  # fmt: skip


def test_the_same_headlines_again_and_again_are_a_box_within_one_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "OPEN_LOG_ODDS", -99.0)  # any head would do
    assert cut(BOXED)["zone"].to_list() == ["primary"]
    monkeypatch.setattr(story_heads, "_is_boxed", lambda page, head, heads_with: False)
    assert cut(BOXED)["zone"].to_list() != ["primary"]


def test_the_words_around_a_box_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    in_common = story_heads.in_common

    def spy(before: int, behind: int) -> float:
        compared.append("words")
        return in_common(before, behind)

    monkeypatch.setattr(story_heads, "in_common", spy)
    cut(BOXED)
    assert not compared
    cut(SUBHEADS)
    assert compared


GADGETS = "\n".join([
    "Twelve presents for the long winter evenings", BRIDGE[0],
    *(line for name, price, text in (
        ("Lamp", "Lamp with a shade of birch bark", BELL[0]), ("Stove", "Stove for the smallest of rooms", BREAD[0]),
        ("Drum", "Drum that sleeps in its own bag", SWIFTS[0]), ("Knife", "Knife that opens every oyster", BELL[1]),
    ) for line in (name, price, text)), "",
])  # fmt: skip


def test_a_list_that_has_begun_before_is_the_article_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    weigh = story_heads.weigh

    def doubt_first(page: Page, found: list[story_heads.Head], core: int) -> None:
        weigh(page, found, core)
        for head in found:
            if head.log_odds > -9.0:
                head.log_odds = -5.0 if page.text[head.start] == "Lamp" else 5.0

    monkeypatch.setattr(stories, "weigh", doubt_first)
    monkeypatch.setattr(parse, "index_rails", lambda *arguments: [])
    monkeypatch.setattr(parse, "has_own_article", lambda *arguments, **named: True)
    monkeypatch.setattr(parse, "is_article_alone", lambda *arguments: True)
    assert cut(GADGETS)["zone"].to_list() == ["primary"]
    monkeypatch.setattr(stories, "_is_listed", lambda *arguments: False)
    assert len(cut(GADGETS)) > 1


TAGGED = "\n\n".join([
    "Menu", "Riverside", "Page 3 of 41",
    *(line for title, text in (
        ("Choir seeks basses", "The hospital choir has eleven sopranos and no bass, its conductor says, and hopes..."),
        ("Tannery inquiry opens", "A planning inquiry into the future of the tannery opened on Monday with a visit..."),
        ("Swifts at record level", "Volunteers counted 312 swifts above the market hall, thirty more than before..."),
        ("Valve from 1938 replaced", "The oldest valve of the water network was taken out in the night to Friday..."),
    ) for line in (title, text)), "Next", "About us", "",
])  # fmt: skip


def test_a_page_of_teasers_is_an_index_without_a_primary() -> None:
    tables = cut_pages([TAGGED.encode()])
    assert tables.pages["page_type"].to_list() == ["index"]
    assert tables.appearances["title"].to_list() == [
        "Choir seeks basses", "Tannery inquiry opens", "Swifts at record level", "Valve from 1938 replaced"
    ]  # fmt: skip


def test_without_the_index_rule_its_first_teaser_is_no_article_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "index_rails", lambda *arguments: [])
    assert "Choir seeks basses" not in cut(TAGGED).filter(pl.col("zone") == "related")["title"].to_list()


SHORT_NEWS = "\n".join([
    "Bridge stays closed for the winter", "Nell Prosser", "4 March 2025", *BRIDGE[:2], "ADVERTISEMENT", *BRIDGE[2:4],
    *(line for title, texts in (
        ("Choir of the hospital seeks basses", ("The choir has eleven sopranos and no bass, its conductor says.",
         "Who wants to sing may come on Monday.")),
        ("Tannery inquiry opens with a visit", ("The inquiry into the tannery opened with a visit to its pits.",
         "Neighbours brought samples of the smell.")),
        ("Swifts counted above the market hall", ("Volunteers counted 312 swifts above the hall on Sunday evening.",
         "It was the most since the summer of 1998.")),
    ) for line in (title, *texts)), "",
])  # fmt: skip


def test_an_article_parted_by_an_advert_is_no_teaser_of_an_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "INDEX_LOG_ODDS", -9.0)  # whatever the heads say
    assert cut(SHORT_NEWS)["title"].to_list()[0] == "Bridge stays closed for the winter"
    assert cut(SHORT_NEWS)["zone"].to_list() == ["primary", *["related"] * 3]
    monkeypatch.setattr(indexes, "titles_of", lambda page, head: [0])  # each text by itself
    assert "primary" not in cut(SHORT_NEWS)["zone"].to_list()


def test_a_head_of_furniture_alone_begins_at_its_first_line() -> None:
    lexed = lex(["\n".join([BRIDGE[0], "Share", BRIDGE[1], ""]).encode()])
    (page,) = views(read_lines(lexed, score_lines(lexed), measure(lexed).words))
    assert slots_of(page, Head(1, 1, 2, 3)) == []
    assert stories.rail_of(page, [Head(1, 1, 2, 3, title=1)]).items[0].start == 1


DATED = "\n".join([
    "Riverside", *(line for title, date, text in (
        ("Choir of the hospital seeks basses", "3 March 2025", "The choir has eleven sopranos, its conductor says..."),
        ("Inquiry into the old tannery opens", "4 March 2025", "A planning inquiry opened on Monday with a visit..."),
        ("Swifts at their highest in years", "5 March 2025", "Volunteers counted 312 swifts above the hall..."),
    ) for line in (title, date, text)), "Get the letter", "All the news of the valley comes to you every morning.", "",
])  # fmt: skip


def test_what_a_page_of_dated_teasers_leaves_over_is_no_primary(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(cut(DATED)["zone"]) == {"related"}
    monkeypatch.setattr(parse, "is_index_of", lambda *arguments: False)
    monkeypatch.setattr(parse, "_has_text", lambda *arguments: True)
    monkeypatch.setattr(parse, "has_own_article", lambda *arguments, **named: True)
    assert "primary" in cut(DATED)["zone"].to_list()


def dated(title: str, day: int, body: tuple[str, ...]) -> list[str]:
    return [title, f"{day} March 2025", *body]


MORE = {
    "BELL": (
        "Gendarmes praised his dog, whose barking under brambles and nettles had betrayed the bronze, with medals."
    ),
    "BREAD": (
        "Millers grind chestnuts two evenings a week; neighbours carry sacks across meadows and stay for soup and song."
    ),
    "SWIFTS": (
        "Ornithologists fitted eleven birds with tiny transmitters, hoping to follow their long migration to Congo."
    ),
}
TIMED = "\n".join([
    "Bridge stays closed for the winter", "2025-03-02 08:15", *BRIDGE,
    *dated("Shepherd finds lost church bell in ditch", 3, (*BELL, MORE["BELL"])),
    *dated("Bakers sell rye loaves after rich harvest", 14, (*BREAD, MORE["BREAD"])),
    *dated("More swifts than ever above market hall", 5, (*SWIFTS, MORE["SWIFTS"])), "",
])  # fmt: skip


def test_dates_right_behind_prose_are_a_rail_where_stories_start_at_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "story_rails", lambda *arguments: [])
    assert cut(TIMED)["zone"].to_list() == ["primary", "related", "related", "related"]
    monkeypatch.setattr(coherence, "_starts_stories", lambda *arguments: False)
    assert "Bakers sell rye loaves after rich harvest" not in cut(TIMED)["title"].to_list()


def test_a_date_written_otherwise_does_not_spoil_a_rail(monkeypatch: pytest.MonkeyPatch) -> None:
    page = TIMED.replace(BREAD[1], BREAD[1] + "\n2025-03-09 14:05")
    monkeypatch.setattr(parse, "story_rails", lambda *arguments: [])
    assert len(cut(page)) == 4
    monkeypatch.setattr(grammar, "_alike", lambda page, chain: chain)
    assert len(cut(page)) != 4


OPENING = "\n".join([
    *dated("Bridge stays closed for the winter", 2, BRIDGE),
    *dated("Shepherd finds lost church bell in ditch", 3, (" ".join(BELL),)),
    *dated("Bakers sell rye loaves after rich harvest", 14, (" ".join(BREAD),)),
    *dated("More swifts than ever above market hall", 5, (" ".join(SWIFTS),)), "",
])  # fmt: skip


def test_the_first_of_a_rail_that_alone_has_paragraphs_is_the_page_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cut(OPENING)["zone"].to_list() == ["primary", "related", "related", "related"]
    monkeypatch.setattr(drafts, "_gives_back_first", lambda draft: False)
    assert "primary" not in cut(OPENING)["zone"].to_list()


def test_a_box_behind_which_a_far_longer_text_goes_on_is_no_rail(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join((PAGE.rstrip(), *BRIDGE, *(
        f"In the {number} year of the flood the council had built a ferry, and the engineers of the bridge had laughed."
        for number in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    )))  # fmt: skip
    monkeypatch.setattr(parse, "RESUMED_RATIO", 0.0)
    monkeypatch.setattr(parse, "story_rails", lambda page, found, core, since, masked: [Rail([Item(6, 8, 10)])])
    assert cut(text)["zone"].to_list() == ["primary"]
    monkeypatch.setattr(parse, "RESUMED_RATIO", 99.0)
    assert "related" in cut(text)["zone"].to_list()


SECTIONED = "\n".join([
    "Bridge stays closed for the winter", *BRIDGE,
    *(line for title, body in (
        ("Shepherd finds lost church bell in ditch", BELL), ("Bakers sell rye loaves after rich harvest", BREAD),
    ) for line in (title, "By Nell Ferrier", *body, "What comes next for them", *SWIFTS)), "",
])  # fmt: skip


def test_heads_of_one_shape_vouch_for_each_other_past_subheads_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    weigh = story_heads.weigh

    def doubtful(page: Page, found: list[story_heads.Head], core: int) -> None:
        weigh(page, found, core)
        for head in found[1:]:
            head.log_odds = 1.2 if "By Nell Ferrier" in page.text[head.start : head.body] else -5.0

    monkeypatch.setattr(stories, "weigh", doubtful)
    assert cut(SECTIONED)["title"].to_list() == [
        "Bridge stays closed for the winter", "Shepherd finds lost church bell in ditch",
        "Bakers sell rye loaves after rich harvest",
    ]  # fmt: skip
    monkeypatch.setattr(story_shapes, "_shape", lambda page, head: (head.title, 0, b"", False))
    assert cut(SECTIONED)["zone"].to_list() == ["primary"]


LED_LINES = "\n".join([
    "Bridge stays closed for the winter", *BRIDGE,
    "14 March 2021", "Shepherd finds lost church bell in ditch", *BELL,
    "What comes next for them", *SWIFTS,
    "15 March 2021", "Bakers sell rye loaves after rich harvest", *BREAD, "",
])  # fmt: skip


def test_heads_below_a_date_are_of_another_shape_than_subheads() -> None:
    lexed = lex([LED_LINES.encode()])
    (page,) = views(read_lines(lexed, score_lines(lexed), measure(lexed).words))
    found = story_heads.heads(page, bytearray(len(page.cls)))
    story_heads.weigh(page, found, 1)
    groups = [[page.text[head.title][:8] for head in group] for group in story_shapes.alike(page, found[1:])]
    assert groups == [["Shepherd", "Bakers s"], ["What com"]]


def test_a_date_that_closes_the_text_before_is_no_part_of_the_shape_of_a_head() -> None:
    lexed = lex([LED_LINES.replace("2021\n", "2021\n\n").encode()])
    (page,) = views(read_lines(lexed, score_lines(lexed), measure(lexed).words))
    found = story_heads.heads(page, bytearray(len(page.cls)))
    story_heads.weigh(page, found, 1)
    assert [story_shapes._shape(page, head)[3] for head in found[1:]] == [False] * 3
