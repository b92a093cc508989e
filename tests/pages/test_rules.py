"""The reason of a decision, not only its outcome: a segment names its rule, and without the rule the cut is wrong."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import article, captions, cut_pages, cycles, grammar, lists, live, neighbours, parse, spans, titles

BODY = (
    "The council said on Tuesday that the old bridge will be closed for the whole winter, because the wood is rotten.",
    "Engineers had warned for years that the river would win in the end, and asked for money that was never granted.",
    "The mayor told reporters that a ferry will run every half hour, and that it will be free of charge for children.",
)
BLOB = (
    "A shepherd found the lost bell of the village church in a ditch on Sunday, and brought it back on a cart at noon."
)
RAIL = "\n\n".join(
    f"Gazette\n{age} hours ago\n{title}\n{BLOB} It was the {title.lower()} of the year, said the priest of the parish."
    for age, title in (
        (2, "Lost bell comes home at last"),
        (4, "Second bell is heard again"),
        (9, "Third bell keeps its silence"),
    )
)


def cut(text: str) -> pl.DataFrame:
    return cut_pages([text.encode()]).segments


def rules(segments: pl.DataFrame, role: str) -> set[str]:
    return set(segments.filter(pl.col("role") == role)["rule"])


def zone_of(segments: pl.DataFrame, text: str) -> str:
    return str(segments.filter(pl.col("text").str.contains(text, literal=True))["zone"].item(0))


PAGE = "\n".join(["Bridge stays closed for the winter", *BODY, "", RAIL, ""])


def test_rail_without_a_known_heading_is_found_by_its_period() -> None:
    segments = cut(PAGE)
    assert zone_of(segments, "Lost bell") == "related"
    assert rules(segments.filter(pl.col("zone") == "related"), "title") == {"rail_period"}
    assert zone_of(segments, "Engineers") == "primary"


def test_without_periods_the_rail_becomes_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "dated_rails", lambda page, entries, likely: [])
    monkeypatch.setattr(parse, "story_rails", lambda *arguments: [])  # which would find it by its words
    assert zone_of(cut(PAGE), "Lost bell") != "related"


DATED = "\n".join(["Bridge stays closed for the winter", "By Ida Holm", "23 May, 2024 22:33", *BODY, "", RAIL, ""])


def test_the_page_s_own_date_is_no_cycle_of_the_rail_below() -> None:
    segments = cut(DATED)
    assert zone_of(segments, "23 May") == zone_of(segments, "Engineers") == "primary"
    assert rules(segments.filter(pl.col("zone") == "related"), "title") == {"rail_period"}


def test_with_the_page_s_own_date_among_its_cycles_there_is_no_such_rail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "_is_odd_first", lambda *arguments: False)
    monkeypatch.setattr(grammar, "_alike", lambda page, chain: chain)  # the rule for odd dates anywhere in a rail
    monkeypatch.setattr(parse, "story_rails", lambda *arguments: [])  # which would find it by its words
    segments = cut(DATED)
    assert (zone_of(segments, "23 May"), zone_of(segments, "Lost bell")) != ("primary", "related")


CAPTION = "The old bridge on Sunday, with the river below and a ferry that waits for the first people. Foto: R. Almenar"
CAPTIONED = "\n".join(["Bridge stays closed for the winter", BODY[0], CAPTION, *BODY[1:], ""])


def test_a_line_with_its_photographer_within_the_text_is_a_caption(monkeypatch: pytest.MonkeyPatch) -> None:
    caption = cut(CAPTIONED).filter(pl.col("text") == CAPTION)
    assert caption.select("zone", "role", "rule").row(0) == ("primary", "caption", "caption_word")
    monkeypatch.setattr(captions, "is_caption", lambda page, i: False)
    assert cut(CAPTIONED).filter(pl.col("text") == CAPTION)["role"].to_list() == ["body"]


@pytest.mark.parametrize(
    "credit", ["Photograph: Ida Holm", "Featured Image Credit: Gazette", "Quelle: Amt für Brücken"]
)
def test_a_credit_that_says_what_it_is_is_no_text(credit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article, "DROP_SCORE", -100.0)
    page = "\n".join(["Bridge stays closed for the winter", BODY[0], credit, *BODY[1:], ""])
    assert cut(page).filter(pl.col("text") == credit)["role"].to_list() == ["caption"]
    monkeypatch.setattr(captions, "is_labelled_credit", lambda text: False)
    assert cut(page).filter(pl.col("text") == credit)["role"].to_list() == ["body"]


JAPANESE = (
    "県北部の山あいを走る路線バス三路線が、四月から予約制の運行に切り替わることが二十八日に分かった。運転手が足りないためだ。",
    "対象となるのは、駅前と三つの集落を結ぶ四十二キロの区間で、四月からは前日までに予約が入った便だけを走らせる。",
    "通院に使うという八十三歳の女性は、急に具合が悪くなったときはどうやって病院に行けばいいのかと不安を口にした。",
)


@pytest.mark.parametrize(
    "caption",
    ["【写真】雪の中でバスを待つ高校生たち", "山道を走る路線バス＝1月、県北部", "山あいの集落＝ドローンから撮影"],
)
def test_what_a_picture_shows_and_where_is_no_text(caption: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article, "DROP_SCORE", -100.0)
    page = "\n".join(["山あいの路線バス、四月から予約制に", JAPANESE[0], caption, *JAPANESE[1:], ""])
    assert cut(page).filter(pl.col("text") == caption)["role"].to_list() == ["caption"]
    monkeypatch.setattr(captions, "_is_placed", lambda text: False)
    assert cut(page).filter(pl.col("text") == caption)["role"].to_list() == ["body"]


def test_what_begins_like_a_credit_and_names_nobody_stays() -> None:
    line = "Source: the spring above the mill"
    assert not captions.is_labelled_credit(line)


ADVERT = "\n".join([
    BODY[0], "by Taboola", "by Taboola", "Sponsored Links", "Warm Hats From The North (See Prices)", "Hatland",
    *BODY[1:], "",
])  # fmt: skip


def test_advert_lines_between_marks_are_adverts_and_the_body_resumes() -> None:
    segments = cut(ADVERT)
    adverts = segments.filter(pl.col("role") == "ad")["text"].to_list()
    assert "Warm Hats From The North (See Prices)" in adverts
    assert zone_of(segments, "The mayor told") == "primary"


def test_without_closing_the_block_its_headline_is_no_advert(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "close_adverts", lambda page: None)
    adverts = cut(ADVERT).filter(pl.col("role") == "ad")["text"].to_list()
    assert "Warm Hats From The North (See Prices)" not in adverts


@pytest.mark.parametrize(("button", "role"), [("Undo", "body"), ("Sponsored", "ad")])
def test_no_advert_stands_behind_the_button_of_the_last_one(
    button: str, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "“The wood is rotten,” she replied. “Are you joking?”"
    page = ADVERT.replace("Hatland", f"Hatland\n{button}\n{said}")
    assert cut(page).filter(pl.col("text") == said)["role"].to_list() == [role]
    monkeypatch.setattr(neighbours, "_BUTTONS", frozenset())
    assert cut(page).filter(pl.col("text") == said)["role"].to_list() == ["ad"]


INLINE = "\n".join([
    "Bridge stays closed for the winter", *BODY, "", "Related Articles", "", "Gazette", "3 hours ago",
    "Lost bell comes home",
    BLOB + " by Taboola by Taboola Sponsored Links Sponsored Links You May Like Hats Hatland Undo " + BLOB, "",
])  # fmt: skip


def test_advert_inside_a_line_is_cut_out_of_it() -> None:
    segments = cut(INLINE)
    assert rules(segments, "ad") == {"advert_doubled"}
    assert segments.filter((pl.col("role") == "body") & (pl.col("text") == BLOB)).height == 2


def test_without_the_inner_cut_the_advert_stays_in_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "inner_adverts", lambda text: [])
    assert not rules(cut(INLINE), "ad")


LIVE = "\n".join([
    "Storm over the islands stops the ferries", "June 9, 2025 7:15 AM", "", "11:42", BODY[0], "", "10:58", BODY[1], "",
    "10:20", BODY[2], "",
])  # fmt: skip


def test_clock_times_in_order_are_entries_of_one_article() -> None:
    tables = cut_pages([LIVE.encode()])
    assert tables.pages["page_type"].to_list() == ["live"]
    assert tables.appearances["zone"].to_list() == ["primary"]
    assert rules(tables.segments, "live_entry_time") == {"live_entry"}


HEADED = (
    "Storm over the islands stops the ferries", "June 9, 2025 7:15 AM", "", "11.42", "Wooden piers closed", BODY[0], "",
    "10.58", "Engineers saw it coming", BODY[1], "", "10.20", "Ferry every half hour", BODY[2], "",
)  # fmt: skip


def titles_of_entries(*lines: str) -> list[str]:
    segments = cut("\n".join(lines))
    return segments.filter(pl.col("role") == "live_entry_title")["text"].to_list()


def test_entries_have_headings_where_most_of_them_have(monkeypatch: pytest.MonkeyPatch) -> None:
    assert titles_of_entries(*HEADED) == [HEADED[4], HEADED[8], HEADED[12]]
    assert HEADED[4] in cut_pages(["\n".join(HEADED).encode()]).appearances["body"][0]
    one = [line for line in HEADED if line not in HEADED[8:13:4]]
    assert titles_of_entries(*one) == []
    monkeypatch.setattr(live, "HEADED_SHARE", 0.0)
    assert titles_of_entries(*one) == [HEADED[4]]


def test_the_words_that_open_an_entry_are_its_heading() -> None:
    lines = [*LIVE.split("\n")]
    lines.insert(4, " ".join(BODY[0].split()[:5]) + "…")
    assert titles_of_entries(*lines) == [lines[4]]


@pytest.mark.parametrize(
    "title",
    ["Ferry strike – as it happened", "LIVE: ferries stop", "EN DIRECT | Grève des ferrys", "Sturm: Liveticker"],
)
def test_a_title_may_say_that_the_page_is_live(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join([title, "11:42", BODY[0], "10:58", BODY[1], "10:20", BODY[2], ""])
    assert cut_pages([text.encode()]).pages["page_type"].to_list() == ["live"]
    monkeypatch.setattr(live, "_is_live", lambda title: False)
    assert cut_pages([text.encode()]).pages["page_type"].to_list() != ["live"]


def test_without_live_entries_the_times_are_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "live_entries", lambda page: frozenset())
    assert not rules(cut(LIVE), "live_entry_time")
    assert live.live_entries is not parse.live_entries


def test_links_on_their_own_lines_are_joined_and_recorded() -> None:
    text = "\n".join(["Bridge stays closed for the winter", "The council said on Tuesday that", "Ferrylink",
                      "'s boats will",
                      "not sail", "before the ice is gone, whatever the weather.", *BODY, ""])  # fmt: skip
    tables = cut_pages([text.encode()])
    body = tables.appearances["body"].item(0).split("\n")
    assert body[0] == (
        "The council said on Tuesday that Ferrylink's boats will not sail before the ice is gone, whatever the weather."
    )
    joins = tables.repairs.filter(pl.col("kind") == "link_join")
    assert joins["after"].to_list() == [" ", "", " ", " "]
    assert joins["before"].unique().to_list() == ["\n"]


def test_date_of_an_extractor_is_no_date_of_the_page() -> None:
    tables = cut_pages([(" date 2024-03-08 " + PAGE).encode()])
    mention = tables.date_mentions.row(0, named=True)
    assert (mention["use"], mention["text"], mention["position"]) == ("extractor", "2024-03-08", None)
    assert tables.appearances["title"].item(0) == "Bridge stays closed for the winter"


STANDFIRST = "\n".join([
    "Harbour", "Old bridge stays closed until the spring", "Ferry will carry children free of charge all winter",
    "By Nell Ferrier", "June 9, 2025 7:15 AM", *BODY, "",
])  # fmt: skip


def test_a_standfirst_right_below_the_title_is_not_the_title() -> None:
    tables = cut_pages([STANDFIRST.encode()])
    assert tables.appearances["title"].to_list() == ["Old bridge stays closed until the spring"]


def test_without_the_standfirst_rule_it_is_taken_for_the_title(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(titles, "above_standfirst", lambda page, title, lines, body: title)
    title = cut_pages([STANDFIRST.encode()]).appearances["title"].item(0)
    assert title == "Ferry will carry children free of charge all winter"


CLOSED = "\n\n".join([
    "Bridge stays closed for the winter", *BODY, "Related Articles",
    "Lost bell comes home at last", BLOB, "2 hours ago\nSecond bell is heard again", BLOB.replace("Sunday", "Monday"),
    "4 hours ago\nThird bell keeps its silence", BLOB.replace("Sunday", "Friday"), "9 hours ago\n",
])  # fmt: skip


def test_ages_behind_their_articles_belong_to_them_though_they_touch_the_next_title() -> None:
    related = cut_pages([CLOSED.encode()]).appearances.filter(pl.col("zone") == "related")
    assert related.select("title", "date_text").rows() == [
        ("Lost bell comes home at last", "2 hours ago"), ("Second bell is heard again", "4 hours ago"),
        ("Third bell keeps its silence", "9 hours ago"),
    ]  # fmt: skip


def test_without_the_undated_opening_the_ages_move_to_the_next_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycles, "_opens_undated", lambda page, end, has_title: False)
    related = cut_pages([CLOSED.encode()]).appearances.filter(pl.col("zone") == "related")
    assert ("Second bell is heard again", "2 hours ago") in related.select("title", "date_text").rows()


MENU = "\n".join([
    "Bridge stays closed for the winter", *BODY, "Most read", "The whole harbour in one short letter", "Tides",
    "Ferries", "Names", "",
])  # fmt: skip


def test_a_lone_title_that_opens_a_menu_is_no_article() -> None:
    assert cut_pages([MENU.encode()]).appearances["zone"].to_list() == ["primary"]


def test_without_the_menu_rule_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "_is_menu", lambda page, i: False)
    assert "related" in cut_pages([MENU.encode()]).appearances["zone"].to_list()


RESUMED = "\n".join([
    "Bridge stays closed for the winter", *BODY[:2], "Also read:", "Lost bell comes home at last",
    "He said that the river would win.", BODY[2], "",
])  # fmt: skip


def test_a_sentence_behind_a_list_of_headlines_is_text_again() -> None:
    segments = cut(RESUMED)
    assert zone_of(segments, "He said that the river") == "primary"
