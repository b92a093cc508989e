"""Where the authors of a text are named, in the scripts of the world: above it, at its ends and right below it."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import cut_pages, signed
from cuttings.pages.bylines import is_reporter

BYLINES = [
    "記者王小明／台北報導", "〔記者王小明／台北報導〕", "本报记者 王小明", "柳河日报记者 王小明",
    "记者王小明 李四报道", "（记者 王小明）",
    "本報記者王小明、李大同攝影報導", "홍길동 기자", "강변=홍길동 기자", "홍길동 선임기자 hong@example.com",
    "山野支局・佐藤健一",
    "編集委員　佐藤健一", "Корреспондент Анна Лебедева", "Анна Лебедева, корреспондент",
    "Της Μαρίας Παπαδάκη", "अनिल शर्मा, संवाददाता",
    "রফিকুল ইসলাম, নিজস্ব প্রতিবেদক", "নিজস্ব প্রতিবেদক, ঢাকা", "דנה כהן, כתבתנו בצפון", "مراسل الصحيفة: سالم الحداد",
    "خبرنگار: مریم احمدی",
]  # fmt: skip
OTHERS = [
    "전직 기자", "기자 회견", "기자", "여성 기자", "그는 전직 기자", "취재 기자 폭행", "記者会見で説明",
    "記者たちが質問", "记者从市政府获悉",
    "记者协会成立", "记者采访当地居民", "記者節活動登場", "本报记者", "市長接受記者訪問", "資深記者離職潮",
    "東京支局を閉鎖",
    "Корреспондент газеты погиб", "Журналист Анна", "Журналист умер в Берёзове", "דני לוי, כתב אישום",
    "Της εβδομάδας",
    "Ada Fenwick",
]  # fmt: skip
PAGES = {
    "zh": (
        "柳河市旧粮仓改建为社区图书馆", "柳河日报记者 王小明", "2026年3月5日",
        "柳河市政府周四宣布，位于城东的旧粮仓将改建为一座社区图书馆，预计明年秋天对外开放。这座粮仓建于上世纪"
        "五十年代，已经闲置了将近二十年。",
        "负责设计的建筑师林雪表示，改建将保留原有的木梁和砖墙，并在屋顶开设天窗，让阅览室得到更多自然光。她说"
        "，居民的意见对方案影响很大。",
        "市财政局介绍，工程总投资约四千二百万元，其中三分之一来自社会捐赠。施工期间，附近的两条道路将轮流封闭。",
    ),
    "ko": (
        "강변시, 폐역사를 청년 창업 공간으로 바꾼다", "강변=홍길동 기자", "2026.03.05 10:15",
        "강변시는 5일 문을 닫은 지 12년 된 옛 기차역을 청년 창업 공간으로 바꾸는 공사를 시작한다고 밝혔다. 건"
        "물은 내년 여름에 문을 열 예정이다.",
        "설계를 맡은 건축가 윤서연 씨는 대합실의 높은 천장을 그대로 살리고 선로 자리에는 정원을 만들겠다고 말"
        "했다. 주민 설문에서 나온 요구였다.",
        "시는 공사비 86억 원 가운데 절반을 도비로 충당한다. 입주 기업은 3년 동안 임대료를 면제받고, 대신 매달 "
        "공개 강좌를 열어야 한다.",
    ),
    "ru": (
        "Старую мельницу в Берёзове превратят в библиотеку", "Корреспондент Анна Лебедева", "5 марта 2026, 10:15",
        "Администрация Берёзова в четверг объявила, что старая паровая мельница станет городской библиотекой, которую"
        " откроют будущей осенью. Здание пустует почти двадцать лет.",
        "Архитектор Ольга Ветрова рассказала, что жернова останутся на месте, а под крышей откроют читальный зал с"
        " видом на реку. По её словам, жители предложили больше сотни идей.",
        "Работы обойдутся в сто двадцать миллионов рублей, половину выделит область. На время ремонта движение по"
        " набережной перекроют.",
    ),
}  # fmt: skip


def roles(lines: tuple[str, ...]) -> dict[str, list[str]]:
    segments = cut_pages(["\n\n".join([*lines, ""]).encode()]).segments.filter(pl.col("zone") == "primary")
    found: dict[str, list[str]] = {}
    for role, text in segments.select("role", "text").iter_rows():
        found.setdefault(role, []).append(text.strip())
    return found


@pytest.mark.parametrize("text", BYLINES)
def test_a_byline_has_a_shape(text: str) -> None:
    assert is_reporter(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_lines_are_no_bylines(text: str) -> None:
    assert not is_reporter(text)


@pytest.mark.parametrize("language", PAGES)
def test_the_author_stands_above_or_below_the_text(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    title, author, date, *text = PAGES[language]
    pages = (
        (title, date, author, *text),
        (title, date, *text, author),
        (title, date, *text[:2], text[2], author, "Tags"),
    )
    for page in pages:
        found = roles(page)
        assert found["title"] == [title]
        assert found["byline"] == [author]
        assert found["body"] == text
    monkeypatch.setattr(signed, "is_reporter", lambda text: False)
    assert any("byline" not in roles(page) for page in pages)


@pytest.mark.parametrize("language", PAGES)
def test_an_author_below_a_heading_is_not_the_pages_own(language: str) -> None:
    title, author, date, *text = PAGES[language]
    assert "byline" not in roles((title, date, *text, "Related articles", author))


def test_an_editor_and_the_author_of_the_next_story_have_not_written_the_text() -> None:
    title, author, date, *text = PAGES["zh"]
    assert "byline" not in roles((title, date, *text, "责任编辑：王小明"))
    assert roles((title, author, date, *text, "记者 李大同"))["byline"] == [author]
