"""Lines parted where a date touches other words: no byte is lost, and each part is what it says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.pages import cut, cut_pages
from cuttings.pages.lines import lex
from cuttings.pages.parting import part_lines

PIECES = st.sampled_from([
    "Reuters", "Ärzte warnen", "3 hours ago", "12.03.2024", "Совет", "2 часа назад", "市议会", "3小时前", " ", "\n",
    "\r\n", "\r", " | ", "5 min read", "The council voted.", "é", "منذ 3 ساعات",
])  # fmt: skip


def parts(text: str) -> list[str]:
    return part_lines(lex([text.encode()])).lines["text"].to_list()


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.lists(PIECES, max_size=12).map("".join), min_size=1, max_size=3), st.sampled_from(["utf-8", "utf-16"])
)
def test_parts_tile_their_lines(pages: list[str], encoding: str) -> None:
    raws = [page.encode(encoding) for page in pages]
    whole, parted = lex(raws), part_lines(lex(raws))
    assert "".join(parted.lines["text"]) == "".join(whole.lines["text"])
    for index, page in enumerate(parted.pages):
        rows = parted.lines.filter(parted.lines["page_index"] == index)
        assert page.line_count == rows.height
        ends = (rows["byte_end"] + rows["terminator_bytes"]).to_list()
        assert ends[:-1] == rows["byte_start"].to_list()[1:]
        assert ends[-1:] == [len(raws[index])] * bool(ends)
        for start, end, text in rows.select("byte_start", "byte_end", "text").rows():
            assert raws[index][start:end] == text.encode("utf-16-le" if encoding == "utf-16" else encoding)
    for raw in raws:
        segments = cut_pages([raw]).segments
        assert [0, *segments["byte_end"]] == [*segments["byte_start"], len(raw)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Economy 2 hours agoThe headline of the day", ["Economy 2 hours ago", "The headline of the day"]),
        ("5 min readJane Doe12.03.2024", ["5 min read", "Jane Doe12.03.2024"]),
        ("Reuters32 minutes agoCouncil votes on bridge", ["Reuters32 minutes ago", "Council votes on bridge"]),
        ("Council votes to rebuild bridge5 hours ago", ["Council votes to rebuild bridge", "5 hours ago"]),
        ("Il consiglio approva il ponte12 maggio 2024", ["Il consiglio approva il ponte", "12 maggio 2024"]),
        ("Wirtschaftvor 3 StundenBrücke wieder offen", ["Wirtschaft", "vor 3 Stunden", "Brücke wieder offen"]),
        ("2 часа назадСовет одобрил мост", ["2 часа назад", "Совет одобрил мост"]),
        ("منذ 3 ساعاتالمجلس يوافق على الجسر", ["منذ 3 ساعات", "المجلس يوافق على الجسر"]),
        ("3 घंटे पहलेनगर परिषद ने पुल को मंजूरी दी", ["3 घंटे पहले", "नगर परिषद ने पुल को मंजूरी दी"]),
        ("3 ชั่วโมงที่แล้วสภาอนุมัติสะพาน", ["3 ชั่วโมงที่แล้ว", "สภาอนุมัติสะพาน"]),
        ("3小时前市议会批准新桥", ["3小时前", "市议会批准新桥"]),
        ("市议会批准在东岸修建一座新桥2024-05-12", ["市议会批准在东岸修建一座新桥", "2024-05-12"]),
        ("Bridge closed for the winter | 22 May 2025", ["Bridge closed for the winter", " | 22 May 2025"]),
        # A date line is whole, with the short name of its source; a sentence, a number and an address are no dates.
        ("Reuters32 minutes ago", ["Reuters32 minutes ago"]),
        ("Ann Lee | Radio Five | Updated: 22 May 2025", ["Ann Lee | Radio Five | Updated: 22 May 2025"]),
        ("12.03.2024Photo", ["12.03.2024Photo"]),
        ("21 mins ago11:48 Ann Lee", ["21 mins ago11:48 Ann Lee"]),
        ("山西一名教师21年前遇害案有新进展", ["山西一名教师21年前遇害案有新进展"]),
        ("2010年12月22日，市议会批准新桥", ["2010年12月22日，市议会批准新桥"]),
        ("Notes on the query builder of version 5.3.6.61", ["Notes on the query builder of version 5.3.6.61"]),
        ("http://gazette.example/2011-12-09Bridge closed", ["http://gazette.example/2011-12-09Bridge closed"]),
    ],
)
def test_where_lines_are_parted(line: str, expected: list[str]) -> None:
    assert parts(line) == expected


PAGE = """Harbour board votes to rebuild eastern wall
The harbour board voted on Tuesday to rebuild the eastern wall after a storm tore most of it away.
Residents said they were glad that the waiting was over, though some asked who would pay for the years of idle boats.

More stories
Ferry line reopens after long strike3 hours ago
Lighthouse keeper retires after forty years5 hours ago
"""


def test_without_parts_the_age_stays_in_the_title(monkeypatch: pytest.MonkeyPatch) -> None:
    def related() -> list[tuple[str | None, str | None]]:
        return cut_pages([PAGE.encode()]).appearances.select("title", "date_text").rows()[1:]

    assert related() == [
        ("Ferry line reopens after long strike", "3 hours ago"),
        ("Lighthouse keeper retires after forty years", "5 hours ago"),
    ]
    monkeypatch.setattr(cut, "part_lines", lambda lexed: lexed)
    assert ("Ferry line reopens after long strike", "3 hours ago") not in related()
