"""Rails of titles, dates and teasers of one sentence, under a heading that no lexicon knows."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import (
    cut_pages,
    cycles,
    grammar,
    line_texts,
    lists,
    markers,
    neighbours,
    parse,
    roles,
    stories,
    story_shapes,
    teasers,
)
from cuttings.pages.page import Page

OWN = (
    "County votes to keep the old courthouse clock", "By Dana Whitfield", "May 22, 2024",
    "The commission voted five to two on Tuesday night to repair the courthouse clock instead of replacing it at once.",
    "The decision came after four hours of public comment, most of it from residents who opposed the new display.",
    "A clockmaker from the next state will take the works apart in July, and the rest of the money goes to the roof.",
)  # fmt: skip
TEASERS = (
    ("Missing tuba found in river", "3 hours ago", "The bell of the instrument was found wedged under the bridge."),
    (
        "Mosquito spraying to begin in five towns",
        "5 hours ago",
        "Trucks will spray at night, the health district said.",
    ),
    ("Library opens its reading garden", "1 day ago", "Visitors may borrow deck chairs with their cards."),
)
ORDERS = {"title, date, text": (0, 1, 2), "date, title, text": (1, 0, 2), "title, text, date": (0, 2, 1)}


def related(*lines: str) -> list[tuple[str | None, str]]:
    appearances = cut_pages(["\n".join((*OWN, *lines, "")).encode()]).appearances
    return appearances.filter(pl.col("zone") == "related").select("title", "body").rows()


@pytest.mark.parametrize("heading", ["You may like these too", "Plukket til deg fra kysten", "Related articles"])
@pytest.mark.parametrize("order", ORDERS)
def test_a_teaser_is_the_text_below_its_own_title(order: str, heading: str) -> None:
    items = [teaser[k] for teaser in TEASERS for k in ORDERS[order]]
    assert related(heading, *items) == [(title, text) for title, _, text in TEASERS]


def test_a_line_that_no_later_cycle_has_in_its_place_is_the_heading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycles, "_alike_before", lambda page, chain, most: most)
    monkeypatch.setattr(cycles, "lines_before", lambda page, chain, period, most: most)
    found = related("You may like these too", *(line for teaser in TEASERS for line in teaser))
    assert found != [(title, text) for title, _, text in TEASERS]


def test_a_sentence_is_no_title_where_another_line_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["Related articles"]
    for title, date, text in TEASERS:
        lines += [title, date, f"{text[:-1]} of the old town today."]
    assert [title for title, _ in related(*lines)] == [title for title, _, _ in TEASERS]
    monkeypatch.setattr(roles, "_is_told", lambda *arguments: False)
    assert [title for title, _ in related(*lines)] != [title for title, _, _ in TEASERS]


def test_titles_may_be_questions() -> None:
    asked = [("Who took the tuba?", "3 hours ago"), ("Why spray at night?", "5 hours ago"), ("Chairs", "1 day ago")]
    assert [title for title, _ in related("Related articles", *(line for pair in asked for line in pair))] == [
        title for title, _ in asked
    ]


def test_the_pages_own_date_above_a_full_article_is_no_cycle_of_teasers(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [*OWN[:2], "Dale", "May 22, 2024 10:33 PM IST", *OWN[3:], "Dale", "News / County / Clock kept"]
    for title, _, text in TEASERS:
        lines += [
            title,
            "County news",
            "Published on May 21, 2024 08:12 PM IST",
            f"{text} {OWN[3]}",
            "By Our Staff, Dale",
        ]
    raw = "\n".join(lines).encode()
    appearances = cut_pages([raw]).appearances
    assert appearances["title"].to_list() == [OWN[0], *(title for title, _, _ in TEASERS)]
    assert appearances["source_name"].to_list()[1:] == ["County news"] * 3
    monkeypatch.setattr(grammar, "ARTICLE_LINES", 1_000)
    assert cut_pages([raw]).appearances["title"].to_list() != appearances["title"].to_list()


@pytest.mark.parametrize("start", ["0:00", "00:00"])
def test_the_clock_of_a_player_is_no_date(start: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = "\n".join((*OWN[:3], start, "1:12", *OWN[3:])).encode()
    tables = cut_pages([raw])
    assert tables.appearances["date_text"].to_list() == ["May 22, 2024"]
    assert tables.segments.filter(pl.col("role") == "video_ui").height == 2
    monkeypatch.setattr(neighbours, "_PLAYER_START", frozenset())
    assert cut_pages([raw]).segments.filter(pl.col("role") == "video_ui").is_empty()


@pytest.mark.parametrize("joint", [" ", " · ", ""])
def test_a_name_before_an_age_is_the_source(joint: str) -> None:
    lines = ["You may like these too"]
    for name, (title, date, text) in zip(("Reuters", "BBC News", "AP"), TEASERS, strict=True):
        lines += [title, f"{name}{joint}{date}", text]
    appearances = cut_pages(["\n".join((*OWN, *lines, "")).encode()]).appearances
    assert appearances.select("title", "source_name", "date_text").rows()[1:] == [
        (title, name, date) for name, (title, date, _) in zip(("Reuters", "BBC News", "AP"), TEASERS, strict=True)
    ]


def test_a_label_before_an_age_is_no_source() -> None:
    lines = ["Related articles"]
    for title, date, text in TEASERS:
        lines += [title, f"Posted {date}", text]
    appearances = cut_pages(["\n".join((*OWN, *lines, "")).encode()]).appearances
    assert appearances.select("source_name", "date_text").rows()[1:] == [(None, date) for _, date, _ in TEASERS]


@pytest.mark.parametrize("space", ["\x1c", "\x1f", "\u2028", "\u3000"])
def test_odd_white_space_before_an_age_is_no_name(space: str) -> None:
    lines = [line for title, date, text in TEASERS for line in (title, f"{space}{date}", text)]
    appearances = cut_pages(["\n".join((*OWN, "Related articles", *lines, "")).encode()]).appearances
    assert appearances["source_name"].null_count() == appearances.height


def test_two_cycles_suffice_where_the_dates_stand_behind_their_texts() -> None:
    long = [(title, f"{text} {text} {text}", date) for title, date, text in TEASERS[:2]]
    assert related("Related articles", *(line for item in long for line in item)) == [item[:2] for item in long]


def test_a_short_last_sentence_is_no_head_of_the_date_below_it() -> None:
    stories = [
        ("Tuba found in river", *OWN[3:5], "The bell was full of fish."),
        ("Storm closes the coast road", "A storm has closed the coast road for the second time this week; police ask "
         "drivers to use the upper road until Friday.", "The county said the wall had been due for repair since the "
         "spring, and that three cars were damaged by stones.", "Nobody was hurt."),
        ("Anchor found under the car deck", "The anchor is about two hundred years old, the museum said, and will be "
         "shown from May in a hall by the quay.", "It had lain between two frames of the hull since the ship was "
         "rebuilt, and nobody had looked there.", "The crew gets a cake."),
    ]  # fmt: skip
    lines = [
        line for k, story in enumerate(stories) for line in (*story, f"May {9 - k}, 2024 | Delmar | Dana Whitfield")
    ]
    tables = cut_pages(["\n".join((*lines, "")).encode()])
    assert tables.pages["page_type"].to_list() == ["feed"]
    assert tables.appearances.select("title", "date_text", "body").rows() == [
        (story[0], f"May {9 - k}, 2024", "\n".join(story[1:])) for k, story in enumerate(stories)
    ]


def test_a_sentence_that_is_surely_text_is_a_body_however_few_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    page = [
        "Most obrotowy zostanie odbudowany", "dodano: 23 maja 2024, 22:33",
        "Rada portu zdecydowała w czwartek późnym wieczorem o odbudowie starego mostu, kończąc spór o miasto.",
        "Inżynierowie zaczną rozbierać przęsło w marcu, a przeprawa ma być zamknięta do jesieni przyszłego roku.",
        "Polecamy",
        "Sztorm zamknął nadmorską drogę", "dodano: 23 maja 2024, 20:10",
        "Sztorm po raz drugi w tym tygodniu zamknął nadmorską drogę koło Aldern, a policja prosi o cierpliwość "
        "i o korzystanie z górnej trasy.",
        "Załoga promu znalazła starą kotwicę", "dodano: 23 maja 2024, 18:02",
        "Kotwica ma około dwustu lat, poinformowało muzeum, i będzie pokazywana od maja w hali przy nabrzeżu.",
    ]  # fmt: skip
    raw = "\n".join((*page, "")).encode()
    assert cut_pages([raw]).appearances["title"].to_list() == [page[0], page[5], page[8]]
    monkeypatch.setattr(markers, "SURE_SENTENCE_UNITS", 99)
    monkeypatch.setattr(grammar, "ALIKE_TEXTS", 99)
    assert cut_pages([raw]).appearances["title"].to_list() != [page[0], page[5], page[8]]


def test_what_most_heads_say_is_no_title() -> None:
    lines = [
        line for title, date, text in TEASERS for line in (title, f"{text} {text} {text}", date, "Town and county")
    ]
    assert [title for title, _ in related("Related articles", *lines)] == [title for title, _, _ in TEASERS]


def test_a_notice_of_copyright_is_no_text() -> None:
    notice = "Copyright 2024 Harbour Media Inc. All rights reserved. This material may not be published or broadcast."
    assert not cut_pages(["\n".join((*OWN, notice, "")).encode()]).appearances["body"].str.contains("Copyright").any()
    law = "Copyright law has not changed, said the council, since the clock was built and its face was drawn."
    assert cut_pages(["\n".join((*OWN, law, "")).encode()]).appearances["body"].str.contains("Copyright").all()


CAPITALS = ("İLGİLİ HABERLER", "ΣΧΕΤΙΚΑ ΑΡΘΡΑ", "À LIRE ÉGALEMENT", "ARTICLES LIES", "ARTICULOS RELACIONADOS")


@pytest.mark.parametrize("heading", CAPITALS)
def test_a_heading_in_capitals_is_known_with_and_without_its_accents(heading: str) -> None:
    assert chr(line_texts.read_texts(pl.Series([heading])).cls[0]) == "R"


UNDATED = [(title, text) for title, _, text in TEASERS]
LISTICLE = (
    "Five rules for winding an old clock", "By Dana Whitfield",
    "Whoever winds an old courthouse clock should know its springs, and the clockmaker who mended them before.",
    "Wind the clock slowly", "The springs of an old clock are tired, and a clock that is wound in haste will break.",
    "Listen to the springs", "A clockmaker hears from the springs of a clock whether it was wound in haste before.",
    "Never wind it twice", "An old clock that was wound twice will break its springs, every clockmaker says.",
)  # fmt: skip


@pytest.mark.parametrize("heading", ["Related articles", "You may like these too", ""])
def test_titles_and_sentences_in_turn_are_teasers_without_any_date(heading: str) -> None:
    assert related(heading, *(line for pair in UNDATED for line in pair)) == UNDATED


def test_two_of_them_are_enough_under_a_known_heading() -> None:
    lines = [line for pair in UNDATED[:2] for line in pair]
    assert related("Related articles", *lines) == UNDATED[:2]
    assert related(*lines) == []


def test_without_that_rule_the_sentences_are_text_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "teaser_heads", lambda *arguments: set())
    assert related(*(line for pair in UNDATED for line in pair)) == []


def test_rules_under_subheads_about_the_same_things_are_no_teasers(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "\n".join((*LISTICLE, "")).encode()
    assert cut_pages([page]).appearances["zone"].to_list() == ["primary"]
    monkeypatch.setattr(teasers, "_are_teasers", lambda page, run: bool(run))  # what they share does not count
    assert cut_pages([page]).appearances["zone"].to_list() != ["primary"]


LONG = "The instrument had vanished from the band room in March, and was wedged between two stones below the old mill."


def test_a_title_right_above_its_text_is_no_list_of_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["Related articles", "Missing tuba found in river by two anglers", f"{LONG} Two anglers found the tuba."]
    assert related(*lines, LONG) == [(lines[1], "\n".join((lines[2], LONG)))]
    monkeypatch.setattr(lists, "StoryLines", lambda likely: set())
    assert related(*lines, LONG) == [(lines[1], "")]


def test_short_and_long_teasers_are_one_rail(monkeypatch: pytest.MonkeyPatch) -> None:
    long = " The boats stay in the harbour until the council has met again, which will not be before the end of June."
    lines = [
        line
        for k, (title, date, text) in enumerate((*TEASERS, ("Ferry to sail on Sundays", "2 days ago", TEASERS[0][2])))
        for line in ("Delmar Post", title, title, date, text if k % 2 else text + long)
    ]
    raw = "\n".join((*OWN, "", "More of this", *lines, "")).encode()
    found = cut_pages([raw]).appearances["title"].to_list()[1:]
    assert found == [*(title for title, _, _ in TEASERS), "Ferry to sail on Sundays"]
    monkeypatch.setattr(grammar, "ALIKE_TEXTS", 99)
    assert cut_pages([raw]).appearances["title"].to_list()[1:] != found


def test_furniture_between_articles_is_not_their_title() -> None:
    """Furniture below the dates that close their articles stands above the next title."""
    lines = [line for title, date, text in TEASERS for line in (title, f"{text} {text} {text}", date, "Share")]
    found = related("Related articles", *lines)
    assert [title for title, _ in found] == [title for title, _, _ in TEASERS]
    assert all(body == f"{text} {text} {text}" for (_, body), (_, _, text) in zip(found, TEASERS, strict=True))


def test_a_number_is_no_headline(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line for n in (184, 12, 147) for line in (f"{n} / {n}", f"May 2{n % 3}, 2024")]
    raw = "\n".join((*OWN, "Most read", *lines, "")).encode()
    assert cut_pages([raw]).appearances.height == 1
    monkeypatch.setattr(parse, "_has_headline", lambda page, item: True)
    assert cut_pages([raw]).appearances.height == 4


def test_words_of_buttons_above_furniture_are_no_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the words around it say: a story below the article needs a title, or a text that looks like one."""
    weigh = stories.weigh

    def sure(page: Page, found: list[stories.Head], core: int) -> None:
        weigh(page, found, core)
        for head in found[1:]:
            head.log_odds, head.title = 9.0, head.body - 1
            page.prose[head.body] = 0  # furniture, says the line model

    monkeypatch.setattr(stories, "weigh", sure)
    lines = ["Folgen", "Zum Folgen bitte anmelden oder kostenlos ein neues Konto anlegen und bestätigen."]
    raw = "\n".join((*OWN, "", "", *lines, "")).encode()
    assert cut_pages([raw]).appearances.height == 1
    monkeypatch.setattr(stories, "_is_titled", lambda page, head: True)
    monkeypatch.setattr(stories, "is_told", lambda page, head: True)
    assert cut_pages([raw]).appearances["title"].to_list()[1:] == ["Folgen"]


def test_heads_of_one_shape_agree_that_stories_start(monkeypatch: pytest.MonkeyPatch) -> None:
    weigh = stories.weigh

    def doubtful(page: Page, found: list[stories.Head], core: int) -> None:
        weigh(page, found, core)
        for head, log_odds in zip(found[1:], (1.0, 1.9, -0.6), strict=False):
            head.log_odds = log_odds

    monkeypatch.setattr(stories, "weigh", doubtful)
    lines = [line for title, _, text in TEASERS for line in ("", title, "Delmar Post", text, f"{text} {text}")]
    raw = "\n".join((*OWN, *lines, "")).encode()
    assert cut_pages([raw]).appearances["title"].to_list()[1:] == [title for title, _, _ in TEASERS]
    monkeypatch.setattr(story_shapes, "_shape", lambda page, head: (head.title, 0, b"", False))
    assert cut_pages([raw]).appearances.height == 1
