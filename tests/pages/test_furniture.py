"""What stands around a text and no phrase names: notes on authors, what readers wrote, credits, words between links."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from cuttings.pages import article, authors, captions, cut_pages, line_texts, parse, phrases, stories
from cuttings.pages.authors import is_author_note
from cuttings.pages.page import Page
from cuttings.pages.story_heads import Head

TITLE = "Aldern keeps its lighthouse after all"
BODY = (
    "The harbour board voted on Monday to keep the old lighthouse of Aldern, which was to be sold in the autumn.",
    "Its lamp was put out eleven years ago, but sailors still steer by the white tower when the weather is clear.",
    "A group of neighbours had collected four thousand signatures, and offered to paint the stairs themselves.",
)


def roles(*lines: str) -> list[tuple[str, str, str]]:
    """Role, rule and text of the segments of a page."""
    segments = cut_pages(["\n".join([TITLE, *lines, ""]).encode()]).segments.filter(pl.col("role") != "ws")
    return segments.select("role", "rule", "text").rows()


NOTES = (
    "Ada Fenwick is a senior correspondent who covers the coast from Aldern.",
    "Lin Castell ist freie Journalistin in Aldern.",
    "Tomás de la Vega es corresponsal de asuntos marítimos.",
    "Odile Marchand est journaliste au service Littoral.",
    "Chiara Bellini è giornalista e vive ad Aldern.",
    "Jan Kowal jest dziennikarzem działu morskiego.",
    "Rosa Linden is a ZDF-Reporterin for the north.",
    "Иван Петров — корреспондент отдела моря.",
    "（作者为海洋大学教授）",
)
NO_NOTES = (
    "Ada Fenwick is the mayor of Aldern and will open the tower on Friday.",  # another trade
    "Ada Fenwick is an authority on towers and their lamps.",  # no author
    "The Aldern Gazette, Ada Fenwick said, is a newspaper with two reporters.",  # more than a name before "is"
    "Ada is a reporter.",  # one word is no full name
    "A reporter is what Ada Fenwick would have liked to be.",
)


@pytest.mark.parametrize("text", NOTES)
def test_a_name_and_a_trade_are_a_note_on_the_author(text: str) -> None:
    assert is_author_note(text)


@pytest.mark.parametrize("text", NO_NOTES)
def test_a_sentence_about_somebody_is_no_note(text: str) -> None:
    assert not is_author_note(text)


def test_a_note_at_the_end_is_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert roles(*BODY, NOTES[0])[-1] == ("author_bio", "author_note", NOTES[0])
    monkeypatch.setattr(article, "author_notes", lambda *arguments: set())
    assert roles(*BODY, NOTES[0])[-1][0] == "body"


def test_a_note_may_be_broken_at_the_link_of_the_name() -> None:
    end = roles(*BODY, "Ada Fenwick", "is a senior correspondent who covers the coast from Aldern.")
    assert [role for role, _, _ in end[-2:]] == ["author_bio", "author_bio"]


HEADED = (
    "Ada Fenwick from the old harbour", "About the author",
    "Born in Aldern, she sailed for eleven years before she began to write for the paper in the spring of 2009.",
)  # fmt: skip


def test_what_stands_below_the_heading_of_a_note_is_one_with_the_name_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> list[str]:
        return [role for role, _, text in roles(*BODY, *HEADED) if text in (HEADED[0], HEADED[2])]

    assert found() == ["author_bio", "author_bio"]
    monkeypatch.setattr(authors, "NAME_LINES", 0)
    assert found() == ["body", "author_bio"]
    monkeypatch.setattr(authors, "_headed", lambda page, body: set())
    assert found() == ["body", "body"]


def test_such_a_heading_above_half_a_page_heads_no_note() -> None:
    assert ("body", "text_run", HEADED[-1]) in roles(*BODY, *HEADED, *BODY, *BODY[::-1], *BODY, *BODY[::-1])


def test_no_story_starts_below_the_heading_of_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    weigh = stories.weigh

    def sure(page: Page, found: list[Head], core: int) -> None:
        weigh(page, found, core)
        for head in found[1:]:
            head.log_odds = 9.0

    monkeypatch.setattr(stories, "weigh", sure)
    page = "\n".join((TITLE, *BODY, *HEADED, HEADED[-1].replace("Born", "Grown"), "")).encode()
    assert cut_pages([page]).appearances["zone"].to_list() == ["primary"]
    monkeypatch.setattr(stories, "heads_note", lambda page, start, end: False)
    assert cut_pages([page]).appearances["zone"].to_list() == ["primary", "related"]


def test_in_the_middle_of_a_text_it_tells_of_somebody_else() -> None:
    found = roles(BODY[0], BODY[1], BODY[2], NOTES[0], *BODY, *BODY[::-1])
    assert ("body", "text_run", NOTES[0]) in found


def test_a_text_that_is_nothing_else_keeps_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authors, "is_author_note", lambda text: True)
    assert {role for role, _, _ in roles(*BODY)} == {"title", "body"}


COMMENTS = (
    "2 Comments", "MarthaOfTheHill", "At last somebody listens to us, after all those years of letters.", "Reply",
    "old_tar", "They said the same about the ferry, and where is it now?",
)  # fmt: skip
FOOTER = ("Our newsroom", "Work with us", "Contact the desk", "Privacy policy", "Terms of use")


def test_names_and_sentences_below_the_heading_are_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (*BODY, "", *COMMENTS, "", *FOOTER)
    found = {text: (role, rule) for role, rule, text in roles(*page)}
    for i in (1, 2, 4, 5):
        assert found[COMMENTS[i]] == ("comments", "comment_run")
    assert not {found[line][0] for line in FOOTER} & {"comments"}, "the footer is no comment"
    monkeypatch.setattr(parse, "label_comments", lambda page, labels: None)
    assert {role for role, _, text in roles(*page) if text in COMMENTS[1:3]} == {"unknown"}


def test_a_link_to_the_comments_makes_no_menu_a_comment() -> None:
    found = roles("Comments", "Sport", "Culture", "Weather", "Travel", *BODY)
    assert {role for role, _, text in found if text in {"Sport", "Culture", "Weather", "Travel"}} == {"nav"}


def test_words_of_menus_between_two_links_belong_to_the_sentence() -> None:
    found = roles(
        BODY[0], "The vote was welcomed by the Society", "of", "Lamplighters", "which has its seat there.", *BODY[1:]
    )
    assert ("body", "text_run", "of") in found


@pytest.mark.parametrize("credit", ["(Screengrab)", "(File photo)", "AP", "REUTERS"])
def test_a_caption_ends_with_its_credit(credit: str) -> None:
    caption = f"People stand on the stairs of the white tower of Aldern on Monday evening. {credit}"
    found = {text: (role, rule) for role, rule, text in roles(BODY[0], caption, *BODY[1:])}
    assert found[caption] == ("caption", "caption_word")


AGENCY_CREDITS = (
    "(Ada Fenwick/Gazette)", "Ada Fenwick (REUTERS)", "Ada Fenwick | Getty Images", "Ada Fenwick / AP",
    "A. Fenwick via AP", "© Gazette",
)  # fmt: skip
ABOVE = "People stand on the stairs of the white tower of Aldern on Monday evening."


@pytest.mark.parametrize("credit", AGENCY_CREDITS)
def test_the_line_above_the_credit_of_an_agency_is_its_caption(credit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (BODY[0], ABOVE, credit, *BODY[1:])
    found = {text: (role, rule) for role, rule, text in roles(*page)}
    assert found[ABOVE] == found[credit] == ("caption", "caption_word")
    monkeypatch.setattr(captions, "is_agency_credit", lambda text: False)
    assert ("body", "text_run", ABOVE) in roles(*page)


def test_a_subhead_above_such_a_credit_stays_in_the_text() -> None:
    assert ("body", "text_run", "What comes next") in roles(*BODY[:2], "What comes next", AGENCY_CREDITS[2], *BODY[2:])


PROMISES = (
    "Get the news of the coast in your inbox every morning, before the first ferry leaves.",
    "Wer mehr vom Hafen lesen will, findet es an jedem Samstag in unserem Newsletter, und zwar umsonst.",
    "Las historias del puerto, en tu bandeja de entrada cada lunes por la mañana.",
    "When you buy one of these lamps, we may earn a few pennies, at no cost to you.",
    "Vous aimez la côte ? Retrouvez toutes ses histoires dans nos newsletters du samedi.",
    "Все новости порта раньше других: подписывайтесь на страницу газеты и не пропустите ничего.",
    "Wszystkie zdjęcia z latarni znajdziesz w naszej aplikacji, codziennie od rana.",
    "毎日の港のニュースを読むには、まずアプリをダウンロードしてください。",
    "항구 소식이 마음에 드셨다면 채널 추가 버튼을 눌러 주세요.",
)


@pytest.mark.parametrize("promise", PROMISES)
def test_a_sentence_that_offers_letters_is_no_text(promise: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (*BODY[:2], promise, BODY[2])
    assert {text: (role, rule) for role, rule, text in roles(*page)}[promise] == ("promo", "marker_promo")
    monkeypatch.setattr(line_texts, "mark_told", lambda cls, medium, fold: None)
    assert {role for role, _, text in roles(*page) if text == promise} == {"body"}


@pytest.mark.parametrize(
    "link",
    [
        "Read more Keeper of the tower retires after forty years",
        "Lesen Sie auch Leuchtturm von Aldern wird verkauft",
        "À lire aussi Le phare d'Aldern reste ouvert",
        "यह भी पढ़ें आल्डर्न का पुराना दीपस्तंभ बचेगा",
    ],
)
def test_a_title_behind_also_read_is_a_link(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (*BODY[:2], link, BODY[2])
    assert ("inline_related", "marker_inline_related", link) in roles(*page)
    monkeypatch.setattr(phrases, "_is_titled", lambda text, behind: np.zeros(len(text), np.bool_))
    assert "inline_related" not in {role for role, _, text in roles(*page) if text == link}


@pytest.mark.parametrize(
    "sentence", ["Read more about the vote on the tower in our reports.", "Read more about the vote on the tower"]
)
def test_also_read_goes_on_in_a_sentence(sentence: str) -> None:
    assert "inline_related" not in {role for role, _, text in roles(*BODY[:2], sentence, BODY[2]) if text == sentence}


def test_a_place_and_an_agency_are_no_caption() -> None:
    rail = [
        line
        for age, place, title in (
            (2, "ALDERN", "Bell is found"),
            (4, "LUNDEN", "Ferry is late"),
            (9, "HAVN", "Mill burns"),
        )
        for line in (title, f"{age} hours ago", f"{place} (AP) — {BODY[age % 3]} {BODY[(age + 1) % 3]}")
    ]
    found = roles(*BODY, "Related articles", *rail)
    assert [text for role, _, text in found if role == "dateline"] == [
        "ALDERN (AP) —",
        "LUNDEN (AP) —",
        "HAVN (AP) —",
    ]
    assert not [text for role, _, text in found if role == "caption"]


def test_a_japanese_sentence_goes_on_behind_its_links(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (
        "灯台は残ることになった",
        "市議会は月曜日、古い灯台を残すことを決めた。灯台は秋に売られる予定だったが、住民が四千人の署名を集めた。",
        "この決定について、都内の", "不動産", "業者はこう解説する。",
        "灯台の周りには土産物屋もあり、海外のガイドブックで紹介されるなど、", "外国人",
        "観光客も増えている。来年の春には塔の中も公開される予定だという。", "",
    )  # fmt: skip

    def links() -> list[str]:
        segments = cut_pages(["\n".join(page).encode()]).segments
        return segments.filter(pl.col("text").is_in(["不動産", "外国人"]))["role"].to_list()

    assert links() == ["body", "body"]
    monkeypatch.setattr(line_texts, "_OPEN_ENDS", ("no end",))
    assert links() != ["body", "body"]


@pytest.mark.parametrize("figure", [f"Figure 2: {BODY[0]}", f"Рис. 1. {BODY[0]}"])
def test_a_numbered_figure_has_a_caption(figure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (*BODY[1:], figure, *BODY[::-1])
    assert {text: role for role, _, text in roles(*page)}[figure] == "caption"
    monkeypatch.setattr(captions, "FIGURE_CHARS", 0)
    assert {text: role for role, _, text in roles(*page)}[figure] != "caption"
