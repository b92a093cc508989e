"""Authors, sources and pictures as Chinese, Japanese and Korean papers tell them, on lines of their own."""

from __future__ import annotations

import re

import pytest

import cuttings
from cuttings.pages import captions, head, signed
from cuttings.pages.bylines import is_reporter, is_source

CHINESE = (
    "市政府周二宣布，使用了六十年的老渡口大桥将从十二月一日起封闭维修，预计明年四月重新开放。",
    "工程师表示，桥墩的木质基础已经严重腐烂，如果不及时更换，洪水来临时可能倒塌。",
    "居民们担心冬季出行困难。市长说，渡轮将每半小时开一班，儿童免费乘坐。",
)
KOREAN = (
    "시는 24일 지은 지 60년 된 나루터 다리를 12월 1일부터 폐쇄한다고 밝혔다. 내년 4월 다시 열 예정이다.",
    "기술자들은 교각의 나무 기초가 심하게 썩어 홍수가 나면 무너질 수 있다고 설명했다.",
    "주민들은 겨울 이동을 걱정한다. 시장은 나룻배를 30분마다 띄우고 어린이는 무료로 태우겠다고 말했다.",
)


def primary(*lines: str) -> cuttings.Article:
    page = cuttings.cut("\n".join((*lines, "")).encode())
    assert page.primary is not None
    return page.primary


@pytest.mark.parametrize(
    "line", ["记者 林小河", "本报记者：林小河 王晓", "記者林小河／台北報導", "（江边社记者林小河报道）"]
)
def test_a_reporter_below_the_title_is_the_author(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = ("老渡口大桥今冬封闭维修", "2026-11-24 09:15", line, *CHINESE)
    assert (primary(*page).byline, primary(*page).body) == (line, "\n".join(CHINESE))
    monkeypatch.setattr(signed, "is_reporter", lambda text: False)
    assert primary(*page).byline is None


def test_so_is_a_korean_one(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ("오래된 나루터 다리, 겨울 동안 폐쇄", "입력 2026.11.24 09:15", "임하나 기자", *KOREAN)
    assert primary(*page).byline == "임하나 기자"
    monkeypatch.setattr(signed, "is_reporter", lambda text: False)
    assert primary(*page).byline is None


def test_a_reporter_below_the_text_is_the_author_where_none_stands_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    title, date, signature = (
        "오래된 나루터 다리, 겨울 동안 폐쇄",
        "입력 2026.11.24 09:15",
        "임하나 기자 hana@river.example",
    )
    found = primary(title, date, *KOREAN, signature, "관련기사", "잃어버린 종, 양치기가 한밤에 찾아")
    assert (found.byline, found.body) == (signature, "\n".join(KOREAN))
    assert primary(title, "박도윤 기자", date, *KOREAN, signature).byline == "박도윤 기자"
    monkeypatch.setattr(signed, "EDGE_LINES", 0)
    assert primary(title, date, *KOREAN, signature).byline is None


def test_what_is_no_name_of_a_reporter() -> None:
    sentences = (
        "记者昨日发现，该网站已经停用。",
        "전직 기자",
        "담당 기자",
        "기자 소개",
        "記者コラム",
        "Reporter",
        "记者",
    )
    assert [line for line in sentences if is_reporter(line)] == []


def test_a_line_of_many_names_takes_no_time() -> None:
    """Each space could be read in two ways, as one within a name and one between two."""
    assert not is_reporter("记者" + " 王" * 28 + "。")
    assert not is_reporter("记者 " * 19)


def test_a_word_for_source_and_a_name_are_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ("老渡口大桥今冬封闭维修", "2026-11-24 09:15", "来源：江边日报", *CHINESE)
    assert (primary(*page).source_name, primary(*page).byline) == ("江边日报", None)
    monkeypatch.setattr(head, "is_source", lambda text: False)
    assert (primary(*page).source_name, primary(*page).byline) == (None, "来源：江边日报")


def test_an_address_and_a_sentence_are_no_sources() -> None:
    lines = ("Quelle: http://bote.example", "来源：江边日报 | 2026", "来源：" + CHINESE[0], "Quelle: 24")
    assert [line for line in lines if is_source(line)] == []


def test_who_took_a_picture_stands_below_it(monkeypatch: pytest.MonkeyPatch) -> None:
    caption = "（江边日报记者 林小河 摄）"
    page = ("老渡口大桥今冬封闭维修", "2026-11-24 09:15", CHINESE[0], caption, *CHINESE[1:])
    assert (primary(*page).body, primary(*page).byline) == ("\n".join(CHINESE), None)
    monkeypatch.setattr(captions, "_TAKEN", re.compile("(?!)"))
    assert primary(*page).byline == caption
