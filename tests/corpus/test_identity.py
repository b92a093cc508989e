"""Which appearances are one article, and what the article says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

BODY = "The mayor’s office said “no” – twice – before the vote.\nNobody asked again… "


def ids(result):
    return result["appearances"].sort("page_id", "position").get_column("article_id").to_list()


@pytest.mark.parametrize(
    "other",
    [
        BODY.upper(),
        BODY.replace("\n", " "),
        BODY.replace(" ", ""),
        BODY.replace(" ", "\u00a0").replace("\n", "\r\n\u2028"),
        "\ufeff" + BODY.replace("mayor", "may\u00ador\u200b"),
        BODY.replace("…", "..."),
    ],
)
def test_the_same_text_in_other_clothes_is_one_article(dump, tables, other):
    dump.page("a", {"title": "No vote", "body": BODY})
    dump.page("b", {"title": "NO  VOTE", "body": other})
    assert len(set(ids(tables(dump)))) == 1


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("No vote", BODY.replace("“no”", '"no"')),
        ("No vote", BODY.replace("–", "-")),
        ("No vote", BODY.replace("twice", "once")),
        ("No vote tonight", BODY),
        (None, BODY),
        (None, "No vote" + BODY),
        ("No vote", ""),
    ],
)
def test_another_wording_is_another_article(dump, tables, title, body):
    dump.page("a", {"title": "No vote", "body": BODY})
    dump.page("b", {"title": title, "body": body})
    assert len(set(ids(tables(dump)))) == 2


def test_appearances_without_any_text_are_articles_of_their_own(dump, tables):
    dump.page("a", {}, {"title": " \u200b"})
    dump.page("b", {})
    result = tables(dump)
    assert len(set(ids(result))) == 3
    assert result["articles"].get_column("body").to_list() == ["", "", ""]


def test_the_fullest_body_represents_the_article_and_the_others_fill_in_what_it_lacks(dump, tables):
    dump.page("a", {"title": "No vote", "body": BODY, "status": "truncated", "byline": "By Ann Reed"})
    dump.page("b", {"title": "Other"}, {"title": "No Vote", "body": BODY.upper(), "agency": "Reuters"})
    article = tables(dump)["articles"].filter(body_status="full", appearance_count=2)
    assert article.select("title", "body", "byline", "agency").rows() == [
        ("No Vote", BODY.upper(), "By Ann Reed", "Reuters")
    ]


@pytest.mark.parametrize(("one", "other"), [("a", "z"), ("z", "a")])
def test_of_full_bodies_the_primary_represents_the_article(dump, tables, one, other):
    dump.page(one, {"title": "Other"}, {"title": "NO VOTE", "body": BODY.upper()})
    dump.page(other, {"title": "No vote", "body": BODY})
    assert tables(dump)["articles"].filter(appearance_count=2).get_column("title").to_list() == ["No vote"]


def test_an_article_has_a_publisher_only_when_its_appearances_agree(dump, tables):
    for name, source in (("a", "Mint"), ("b", None), ("c", "Mint")):
        dump.page(name, {"title": "One", "body": BODY, "source": source})
    for name, source in (("d", "Mint"), ("e", "Harbour Post")):
        dump.page(name, {"title": "Two", "body": BODY, "source": source})
    articles = {row[0]: row[1] for row in tables(dump)["articles"].select("title", "publisher_id").iter_rows()}
    assert articles["One"] is not None
    assert articles["Two"] is None


def test_an_article_was_first_captured_with_the_earliest_page_that_shows_it(dump, tables):
    for name, captured in (("a", "2024-03-06T09:00"), ("b", "2024-03-05T09:00"), ("c", None)):
        dump.page(name, {"title": "One", "body": BODY}, captured=captured)
    assert tables(dump)["articles"].get_column("first_captured_at").to_list() == [datetime(2024, 3, 5, 9, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("", 0),
        ("One two  three\nfour", 4),
        ("It’s a well-known rule – don't.", 5),
        ("…", 0),
        ("市場が開いた。", 6),
        ("नमस्ते दुनिया।", 2),
        ("価格は 3 %", 4),
    ],
)
def test_words_are_counted_between_blanks_and_characters_where_there_are_none(dump, tables, body, count):
    dump.page("a", {"title": "One", "body": body})
    assert tables(dump)["articles"].get_column("word_count").to_list() == [count]
