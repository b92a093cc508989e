"""Heads of articles and what is mended in their texts: each rule is switched off once, and the reading goes wrong."""

from __future__ import annotations

import re

import polars as pl
import pytest

from cuttings.pages import article, cut_pages, head, parse, spans, status, titles
from cuttings.pages.lines import lex
from cuttings.pages.markers import read_lines
from cuttings.pages.measures import measure
from cuttings.pages.model import score_lines
from cuttings.pages.page import views
from cuttings.pages.primary import Run
from cuttings.pages.reading import CutTables

BODY = (
    "The council said on Tuesday that the old bridge will be closed for the whole winter, because the wood is rotten.",
    "Engineers had warned for years that the river would win in the end, and asked for money that was never granted.",
    "The mayor told reporters that a ferry will run every half hour, and that it will be free of charge for children.",
)
BLOB = (
    "A shepherd found the lost bell of the village church in a ditch on Sunday, and brought it back on a cart at noon."
)


def cut(*lines: str) -> CutTables:
    return cut_pages(["\n".join([*lines, ""]).encode()])


def primary(tables: CutTables) -> dict[str, object]:
    return tables.appearances.filter(pl.col("position") == 0).row(0, named=True)


TITLE = "Bridge stays closed for the winter"
TEASERS = (
    "Swimmers won four medals at the state games, one of them in a relay that nobody expected to see them win.",
    "The mobile library has a new driver, a new engine and, for the first time since 1991, a working heater.",
    "The owner of a runaway tortoise found on the bypass has been traced through a number painted on its shell.",
    "Volunteers counted 312 swifts above the market hall, thirty more than in the summer before the last one.",
)
LONG = tuple(
    f"{BODY[k % 3][:-1]}, and the {word} of the town asked what the river would do to the bridge in {word} lane."
    for k, word in enumerate(("baker", "smith", "judge", "priest", "nurse", "miller", "tanner", "weaver", "potter"))
)
BEHIND_TEASERS = (*TEASERS, "", TITLE, "", "By Nell Prosser July 7, 2026 9:00 AM", "", *LONG)


def test_teasers_before_the_title_are_articles_without_titles() -> None:
    tables = cut(*BEHIND_TEASERS)
    assert primary(tables)["title"] == TITLE
    others = tables.appearances.filter(pl.col("position") > 0)
    assert others.select("zone", "title", "body").rows() == [("related", None, teaser) for teaser in TEASERS]
    assert set(tables.segments.filter(pl.col("zone") == "related")["rule"]) == {"teaser_before_title"}
    assert TEASERS[0] not in str(primary(tables)["body"])


def test_without_the_search_behind_teasers_the_title_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(titles, "title_behind_teasers", lambda page, core, end, masked: -1)
    assert primary(cut(*BEHIND_TEASERS))["title"] != TITLE


MORE_TEASERS = (
    *TEASERS,
    "A choir of former dockers has been invited to sing at the opening of the parliament in the capital.",
    "Frost has cost the orchards of the southern valleys a third of their apricots, says the growers' union.",
)
UNDATED = ("Home", "", *MORE_TEASERS, "", TITLE, *LONG)


def test_many_lone_sentences_before_a_title_are_teasers_without_a_date_too(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = cut(*UNDATED)
    assert primary(tables)["title"] == TITLE
    assert set(tables.appearances.filter(pl.col("position") > 0)["body"]) == set(MORE_TEASERS)
    monkeypatch.setattr(titles, "LONE_TEASERS", len(MORE_TEASERS) + 1)
    assert primary(cut(*UNDATED))["title"] != TITLE


@pytest.mark.parametrize(
    "above", ["Swifts, a tortoise and a library: this was the week", "What swifts want, says a choir"]
)
def test_lone_sentences_below_their_own_title_are_no_teasers(above: str) -> None:
    assert primary(cut(above, "", *MORE_TEASERS, TITLE, *LONG))["title"] == above


def test_long_lines_before_a_subhead_are_no_teasers() -> None:
    two = [f"{teaser} It was a good week for all of them." for teaser in MORE_TEASERS]
    assert "teaser_before_title" not in set(cut(*two, TITLE, *LONG).segments["rule"])


def test_sentences_about_the_same_things_are_no_teasers() -> None:
    tables = cut(
        TITLE, *LONG[:4], "The mayor and the ferry of the children", "By Nell Prosser July 7, 2026 9:00 AM", *LONG
    )
    assert "teaser_before_title" not in set(tables.segments["rule"])


DEK = "Engineers want a ferry and residents want their river back"


@pytest.mark.parametrize("below", [("By Nell Prosser",), ("July 7, 2026 9:00 AM",), ("Nell Prosser", "7 July 2026")])
def test_a_line_between_title_and_author_or_date_is_the_standfirst(below: tuple[str, ...]) -> None:
    assert primary(cut(TITLE, DEK, *below, *LONG))["standfirst"] == DEK


def test_a_name_right_below_the_title_is_no_standfirst(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (TITLE, "Nell Prosser of the Harbour Mirror", "July 7, 2026 9:00 AM", *LONG)
    assert primary(cut(*page))["standfirst"] is None
    monkeypatch.setattr(head, "STANDFIRST_UNITS", 2.0)
    assert primary(cut(*page))["standfirst"] == page[1]


LOWER = ("20 March, 2025 08:53", "what a bridge that is rotten cannot be", *BODY)


def test_a_title_may_begin_with_a_small_letter_where_no_sentence_is_open_above_it() -> None:
    assert primary(cut(*LOWER))["title"] == LOWER[1]


def test_a_line_that_goes_on_with_the_sentence_above_is_no_title(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(titles, "_goes_on", lambda page, i: page.is_continuing[i])
    assert primary(cut(*LOWER))["title"] is None


JAPANESE = (
    "ホーム > 北みなと",
    "渡し船が三年ぶりに港へ戻る",
    "2026年7月7日 9時00分",
    "修理のため三年前に陸へ上げられた北みなとの渡し船が、七日の朝、住民が見守るなかで港に戻った。",
    "船大工によると、船底の板はほとんど張り替えられ、古い機関だけが元のまま残されたという。",
    "渡し賃は三年前と同じで、来月からは一日に四往復する予定だと市は説明している。",
)


def test_a_place_on_the_site_leaves_no_sentence_open(monkeypatch: pytest.MonkeyPatch) -> None:
    assert primary(cut(*JAPANESE))["title"] == JAPANESE[1]
    monkeypatch.setattr(titles, "_BREADCRUMB", re.compile("(?!)"))
    assert primary(cut(*JAPANESE))["title"] != JAPANESE[1]


CREDITED = (
    "El puerto",
    TITLE,
    "",
    "Bridge, river and ferry on Tuesday. Foto: R. Almenar",
    "",
    "7 July 2026",
    "",
    *BODY,
)


def test_a_line_with_the_name_of_a_photographer_is_no_title() -> None:
    assert primary(cut(*CREDITED))["title"] == TITLE


def test_without_the_look_at_credits_the_caption_is_the_title(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(titles, "is_credited", lambda text: False)
    assert primary(cut(*CREDITED))["title"] == CREDITED[3]


@pytest.mark.parametrize(
    "text",
    [
        "The pier at dawn. Foto: R. Almenar", "The pier (AP Photo/J. Doe)", "Photo: Dana Roe, Gazette",
        "Bild © Gazette (hr)", "图/新华社", "Мост в январе. Фото: А. Белова", "Le pont. Crédit photo : AFP",
    ],
)  # fmt: skip
def test_a_caption_with_its_credit_is_known_in_any_language(text: str) -> None:
    assert spans.is_credited(text)


@pytest.mark.parametrize(
    "text",
    [
        "Photo bomb: how a dog stole the show of the year",
        "In pictures: the storm that took the pier",
        "(AP) - Rain fell",
    ],
)
def test_a_headline_about_pictures_is_no_caption(text: str) -> None:
    assert not spans.is_credited(text)


HEADED = (
    "Menu", "Old bridge is closed for a long winter", "By Nell Ferrier", "June 9, 2025 7:15 AM",
    "The ferry that takes its place is free for children, the mayor told reporters", *BODY,
)  # fmt: skip


def test_a_heading_above_its_author_and_date_wins_over_a_standfirst_that_shares_more_of_the_text() -> None:
    assert primary(cut(*HEADED))["title"] == HEADED[1]


def test_without_the_weight_of_an_author_below_the_standfirst_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(titles.WEIGHTS, "head below", 0.0)
    assert primary(cut(*HEADED))["title"] == HEADED[4]


GLUED = (
    TITLE,
    *BODY[:2],
    "Why did the wood give way?Nobody has an answer to that, said the mayor of the town on Friday.",
)


def test_a_sentence_glued_to_the_one_before_gets_its_space_back() -> None:
    tables = cut(*GLUED)
    assert str(primary(tables)["body"]).endswith(
        "give way? Nobody has an answer to that, said the mayor of the town on Friday."
    )
    repair = tables.repairs.row(0, named=True)
    raw = "\n".join([*GLUED, ""]).encode()
    assert (repair["kind"], repair["before"], repair["after"]) == ("missing_space", "", " ")
    assert raw[repair["byte_at"] :].startswith(b"Nobody")
    assert b"".join(text.encode() for text in tables.segments["text"]) == raw


def test_without_the_search_the_sentences_stay_glued(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "missing_spaces", lambda text: [])
    assert "way?Nobody" in str(primary(cut(*GLUED))["body"])


@pytest.mark.parametrize(
    "text", ["See www.bridge.Com for it", "in the U.S.The end", "version 2.Four of", "at 9 a.m.Then"]
)
def test_addresses_and_short_forms_are_left_alone(text: str) -> None:
    assert spans.missing_spaces(text) == []


def test_sentences_are_parted_in_any_script_with_cases() -> None:
    assert len(spans.missing_spaces("Мост закрыт.Река победила, сказал мэр.Élodie n’a rien dit.")) == 2


DOUBLED = (TITLE, BODY[0], BODY[1], BODY[1], BODY[2])


def test_a_line_printed_twice_is_read_once() -> None:
    tables = cut(*DOUBLED)
    assert str(primary(tables)["body"]).count("Engineers") == 1
    assert tables.repairs.select("kind", "before", "after").rows() == [("doubled_line", BODY[1], "")]


def test_without_the_rule_it_is_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article, "DOUBLED_UNITS", 1e9)
    assert str(primary(cut(*DOUBLED))["body"]).count("Engineers") == 2


def related(*body: str) -> tuple[str, ...]:
    """A page whose second related article has these lines for a text."""
    return (
        TITLE, *BODY, "", "Related articles", "", "Gazette", "2 hours ago", "Lost bell comes home at last", BLOB, "",
        "Gazette", "4 hours ago", "Growers face a third dry summer", *body, "", "Gazette", "9 hours ago",
        "Third bell keeps its silence", BLOB,
    )  # fmt: skip


def second(tables: CutTables) -> dict[str, object]:
    return tables.appearances.filter(pl.col("title") == "Growers face a third dry summer").row(0, named=True)


CAPTION = (
    "The ferry Sea Campion at her berth in the old harbour on Tuesday morning, a day before the storm that took"
    " the pier and the last good plank of the bridge. Photo: Coastline Post/File Photo"
)
PLEA = (
    "Boots cost money. We have no owner who pays for them, only readers like you who chip in a little every month so"
    " that all others can read for free. Please support us today."
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (BLOB, "full"),
        (BLOB[:-20] + "...", "truncated"),
        (CAPTION, "caption_only"),
        (PLEA, "promo_only"),
    ],
)
def test_the_status_says_what_stands_in_the_place_of_the_text(body: str, expected: str) -> None:
    found = second(cut(*related(body)))
    assert found["body_status"] == expected
    assert (found["body"] == "") == (expected in ("caption_only", "promo_only"))


@pytest.mark.parametrize(("rule", "body"), [("is_caption", CAPTION), ("is_plea", PLEA)])
def test_without_the_look_at_it_it_is_taken_for_the_text(monkeypatch: pytest.MonkeyPatch, rule: str, body: str) -> None:
    assert second(cut(*related(body)))["body"] == ""
    monkeypatch.setattr(status, rule, lambda page, i: False)
    assert second(cut(*related(body)))["body"] == body


@pytest.mark.parametrize("wall", ["Subscribe to read the rest", "Il vous reste 80 % de cet article à lire"])
def test_a_paywall_behind_the_text_says_that_it_is_cut(wall: str) -> None:
    assert primary(cut(TITLE, *BODY, wall, "", "Contact", "Imprint"))["body_status"] == "truncated"
    assert primary(cut(TITLE, *BODY, "", "Contact", "Imprint"))["body_status"] == "full"


def test_an_article_that_mentions_money_once_is_no_plea() -> None:
    body = "The reader-funded paper asked its readers to donate, and one of them left a cow at the door, on Monday."
    assert second(cut(*related(body)))["body_status"] == "full"


AGENCIES = (
    ("LONDON, May 3 (dpa) – ", "dpa"), ("(Reuters) - ", "Reuters"), ("AFP | ", "AFP"), ("LEIDEN (ANP) - ", "ANP"),
    ("МОСКВА, 5 янв — РИА Новости. ", "РИА Новости"), ("МОСКВА, 5 января. /ТАСС/. ", "ТАСС"),
    ("新华社北京5月9日电 ", "新华社"), ("【東京共同】", "共同"), ("(서울=연합뉴스) 홍길동 기자 = ", "연합뉴스"),
)  # fmt: skip


@pytest.mark.parametrize(("head", "agency"), AGENCIES)
def test_the_agency_is_read_from_the_dateline(head: str, agency: str) -> None:
    found = primary(cut(TITLE, head + BODY[0], *BODY[1:]))
    assert (found["dateline"], found["agency"]) == (head.strip(), agency)
    assert str(found["body"]).startswith(head.strip())


def test_without_names_of_agencies_only_brackets_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    class Never:
        def match(self, text: str) -> None:
            return None

    monkeypatch.setattr(spans, "_NAMED_DATELINE", Never())
    found = [primary(cut(TITLE, head + BODY[0], *BODY[1:]))["agency"] for head, _ in AGENCIES]
    assert found[0] == "dpa"
    assert found.count(None) >= 5


@pytest.mark.parametrize("tail", [" (ANI)", " © AFP", " Quelle: dpa", " 来源：新华社", " (AP/Gazette)"])
def test_the_agency_is_read_from_behind_the_last_sentence(tail: str) -> None:
    assert primary(cut(TITLE, *BODY[:2], BODY[2] + tail))["agency"] in ("ANI", "AFP", "dpa", "新华社", "AP")


@pytest.mark.parametrize(
    "head", ["The council (AP) said so on Friday. ", "Robert Lamb (Grüne) – ", "AP said that - ", ""]
)
def test_an_agency_in_a_sentence_is_none(head: str) -> None:
    assert primary(cut(TITLE, head + BODY[0], *BODY[1:]))["agency"] is None


MENU = (TITLE, *BODY, "", "Garden", "Motors", "Tides and moon", "Ferries", "Names", "")


def test_lines_of_a_few_words_that_stand_together_are_navigation() -> None:
    menu = cut(*MENU).segments.filter(pl.col("rule") == "menu_run")
    assert menu["text"].to_list() == list(MENU[5:-1])
    assert set(menu["role"]) == {"nav"}


def test_without_the_menu_rule_they_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "label_menus", lambda page, labels: None)
    assert "unknown" in set(cut(*MENU).segments["role"])


MENU_WORDS = ("Search jobs", "International edition", "News", "Opinion", "Sport", "Culture", "Lifestyle", "The Gazette")
VIDEO = (
    *MENU_WORDS, "Video", "", "Inside the vault: a night with the keeper", "Video Player is loading.", "Play Video",
    "0:00", "/", "4:12", "Up next", "Now playing", "2:48", "The salt rakers who became film stars", "1:19",
    "Whale made of paper crosses the bridge", "3:05", "How to charge a bus at noon", "0:59", "Robot, cloudy day",
    "Show more", "About The Gazette", "Explore more on these topics", "Eldergate", "Crime", "Museums",
    "Reuse this content", "All topics", "All writers",
)  # fmt: skip


def test_a_menu_is_no_body_and_the_length_of_a_video_is_no_date() -> None:
    found = primary(cut(*VIDEO))
    assert (found["title"], found["body"], found["body_status"]) == (VIDEO[10], "", "absent")
    assert found["date_text"] is None


def test_without_the_bound_on_doubtful_pages_the_menu_is_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "MENU_LIFT", 1e9)
    monkeypatch.setattr(parse, "has_own_article", lambda *arguments, **named: True)
    assert primary(cut(*VIDEO))["body"] != ""


def test_a_text_in_a_rail_does_not_vouch_for_the_menu_around_it() -> None:
    lines = (*MENU_WORDS, BODY[0], *VIDEO[-9:])
    lexed = lex(["\n".join(lines).encode()])
    counts = measure(lexed)
    (page,) = views(read_lines(lexed, score_lines(lexed, counts), counts.words))
    run, masked = Run(0, len(page.cls), parse.MENU_LIFT), bytearray(len(page.cls))
    assert parse._has_text(page, run, masked)
    masked[len(MENU_WORDS)] = 1
    assert not parse._has_text(page, run, masked)
