"""Feeds whose markup is still there: every item is an article, every tag a part of its own, and nothing is expanded."""

from __future__ import annotations

import pytest

from cuttings.pages import cut_pages, parse

RSS = """<?xml version="1.0"?>
<!DOCTYPE rss [<!ENTITY boom "boom boom"><!ENTITY file SYSTEM "file:///etc/hostname">]>
<rss version="2.0"><channel><title>Gazette</title>
<item><title>Bridge stays closed &boom;</title><link>https://gazette.example/1</link><dc:creator>Ida Holm</dc:creator>
<pubDate>Tue, 14 Jul 2026 22:10:00 +0000</pubDate><source url="https://wire.example">Northwire</source>
<description>A short text.</description>
<content:encoded><![CDATA[<p>The bridge will be closed for the winter.</p>
<p>A ferry runs instead &file;</p>]]></content:encoded></item>
<item><title><![CDATA[Ferry is full]]></title>
<description>&lt;p&gt;The ferry was full on its first day.&lt;/p&gt;</description></item>
<item><title>Cut off in the mid"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Газета</title>
<entry><title type="html">Мост закрыт на зиму</title><updated>2026-07-14T22:10:00Z</updated>
<author><name>Ида Хольм</name></author>
<summary>Мост через реку закрыт на всю зиму.</summary></entry></feed>"""


def articles(text: str) -> list[tuple[str | None, ...]]:
    columns = ("zone", "title", "byline", "source_name", "date_text", "standfirst", "body")
    return cut_pages([text.encode()]).appearances.select(*columns).rows()


def test_items_of_rss_are_siblings_with_their_heads() -> None:
    assert articles(RSS) == [
        (
            "sibling", "Bridge stays closed &boom;", "Ida Holm", "Northwire", "Tue, 14 Jul 2026 22:10:00 +0000",
            "A short text.", "The bridge will be closed for the winter.\nA ferry runs instead &file;",
        ),
        ("sibling", "Ferry is full", None, None, None, None, "The ferry was full on its first day."),
        ("sibling", "Cut off in the mid", None, None, None, None, ""),
    ]  # fmt: skip


def test_entries_of_atom_are_siblings() -> None:
    assert articles(ATOM) == [
        (
            "sibling",
            "Мост закрыт на зиму",
            "Ида Хольм",
            None,
            "2026-07-14T22:10:00Z",
            None,
            "Мост через реку закрыт на всю зиму.",
        )
    ]


@pytest.mark.parametrize("text", [RSS, ATOM, RSS[: len(RSS) // 2], RSS.replace(">", "", 9)])
def test_segments_of_a_feed_tile_the_page(text: str) -> None:
    tables = cut_pages([text.encode()])
    assert "".join(tables.segments["text"]) == text
    assert tables.pages.select("page_type", "dialect", "primary_count").row(0) == ("feed", "feed_xml", 0)


def test_without_the_reader_of_feeds_titles_keep_their_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "is_feed", lambda lines: False)
    assert [title for _, title, *_ in articles(RSS)] != [
        "Bridge stays closed &boom;",
        "Ferry is full",
        "Cut off in the mid",
    ]


def test_a_page_about_feeds_is_none() -> None:
    text = "How to write a feed\nBegin with <rss version='2.0'> and close it again, says the manual of the gazette.\n"
    assert cut_pages([text.encode()]).pages["dialect"].item() != "feed_xml"
