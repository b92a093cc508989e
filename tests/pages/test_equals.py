"""Lists of equals whose first item would be the page's article, and articles above lists that look like one of them."""

from __future__ import annotations

import pytest

from cuttings.pages import cut_pages, parse

# A list without dates begins behind the first text of a page: here the first teaser is as long as a short article.
TEASERS = (
    ("渔港码头今起封闭改造 渔船分批转移",
     "记者从渔港管理处获悉，渔港码头今日起封闭改造，工期为一年半。施工期间，三百余艘渔船将分批转移到北面的临时泊位停靠，"
     "渔民上下船需凭证件通行。管理处表示，改造后的码头将新增两座装卸平台和一处冷库，年吞吐能力可提高近一倍，"
     "老灯塔作为文物予以保留，周边还将修建一条供市民散步的木栈道。渔民代表在座谈会上说，旧码头水浅路窄，"
     "冬天结冰时常有人滑倒，封闭改造早就该做，只是担心分批转移期间渔船停靠的费用会上涨。"),
    ("山城老电影院重新开门 首周免费",
     "停业七年的老电影院经过修缮后重新开放，保留了原来的木座椅和手写海报。开业首周所有场次免费，市民可在门口领票，每人限领两张。"
     "影院负责人说，今后每月还会放映一部胶片老电影，并邀请当年的放映员讲述幕后的故事，第一场定在下周六的下午。"),
    ("小学生种出巨型南瓜 重达九十公斤",
     "城东小学的孩子们从春天开始照料校园菜地，浇水施肥都由各班轮流负责。近日收获的一个南瓜重达九十公斤，成了全校的明星，"
     "学校打算把它做成南瓜粥分给附近的老人。"),
    ("夜间公交新增两条线路",
     "市公交公司宣布，下月起新增两条夜间线路，连接火车站与大学城，末班车延长至凌晨一点半。票价维持不变，"
     "学生和老人仍可使用优惠卡乘车。"),
)  # fmt: skip
SECOND = (
    "施工方提醒过往船只减速慢行，并注意临时航标。工程总投资约两亿元，由市财政和渔业基金共同承担，预计后年五月全部完工。"
)
# Each item has its author; only the first titles are much like titles.
SIGNED = (
    ("Ferry to the islands stays in port", "By Nell Ferrier",
     "The last ferry of the season did not leave on Sunday. A rope had been caught in the screw, and the diver who "
     "could have cut it loose was on the island."),
    ("Choir finds its lost piano", "By Tomas Ekeby",
     "It stood in a barn for eleven years, under a sheet, with two hens in it. The hens have moved out and the tuner "
     "is hopeful."),
    ("Bakers argue over a bun", "By Dilys Moran",
     "Two bakeries in one street sell it, and each says that the other learned it from a grandmother who was theirs."),
)  # fmt: skip

ARTICLE = (
    "On the pier they say that the diver learned of the rope from the radio, where somebody had asked for him by name.",
    "He swam to the mainland on Monday, with a knife between his teeth, and cut the rope before breakfast.",
    "The choir sang for him on the deck. It was the first time that anybody on the ferry had asked for an encore.",
)


def zones(*lines: str) -> tuple[str, list[str]]:
    tables = cut_pages(["\n".join((*lines, "")).encode()])
    return tables.pages["page_type"].item(), tables.appearances["zone"].to_list()


def teasers(*behind: str) -> list[str]:
    """The lines of the list, with some behind the first teaser."""
    return [line for k, item in enumerate(TEASERS) for line in (*item, *(behind if not k else ()))]


def test_the_first_of_equals_is_no_article(monkeypatch: pytest.MonkeyPatch) -> None:
    assert zones("港城晚报", "本地", *teasers()) == ("index", ["related"] * 4)
    monkeypatch.setattr(parse, "first_of_equals", lambda *_, **__: None)
    assert zones("港城晚报", "本地", *teasers())[1][0] == "primary"


def test_the_first_of_equals_has_the_author_below_it(monkeypatch: pytest.MonkeyPatch) -> None:
    authors = ("Von Greta Sandoval", "By Tomas Ekeby", "Por R. Almenar", "By Nell Ferrier")
    lines = [line for item, author in zip(TEASERS, authors, strict=True) for line in (*item, author)]
    tables = cut_pages(["\n".join(("港城晚报", "本地", *lines, "")).encode()])
    assert tables.pages["page_type"].item() == "index"
    assert tables.appearances["byline"].to_list() == list(authors)
    monkeypatch.setattr(parse, "first_of_equals", lambda *_, **__: None)
    monkeypatch.setattr(parse, "has_own_article", lambda *_, **__: False)
    assert "primary" not in zones("港城晚报", "本地", *lines)[1]  # nor is the author one's without an article


@pytest.mark.parametrize("lines", [teasers(SECOND), [TEASERS[0][0], "2025-03-14 09:20", *teasers()[1:]]])
def test_a_second_paragraph_or_a_date_is_an_articles_own(lines: list[str]) -> None:
    assert zones("港城晚报", "本地", *lines)[1][0] == "primary"


def test_a_related_heading_stands_below_an_article() -> None:
    assert zones("港城晚报", "本地", *teasers("相关新闻"))[1][0] == "primary"


def test_no_article_has_an_author_at_each_paragraph(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line for title, author, text in SIGNED for line in (author, title, text)]
    kind, found = zones("Harbour Post", "Local", *lines)
    assert kind == "index"
    assert "primary" not in found
    monkeypatch.setattr(parse, "are_marked_items", lambda *_: False)
    assert "primary" in zones("Harbour Post", "Local", *lines)[1]


def test_an_article_above_signed_items_is_kept() -> None:
    own = (
        "Island asks for a second ferry, and for a bell",
        "Forty of the sixty people who live on the island came to the hall on Thursday, and the forty-first by "
        "boat. They want a "
        "ferry that goes in winter, too, and a bell at the end of the pier. The county has money for the bell, "
        "said the man whom "
        "it had sent, who had to stay the night.",
    )  # fmt: skip
    lines = [line for title, author, text in SIGNED for line in (author, title, text)]
    assert zones("Harbour Post", *own, *lines)[1][0] == "primary"


def test_an_article_has_one_author() -> None:
    lines = [line for title, _, text in SIGNED for line in (title, text)]
    assert zones("Harbour Post", SIGNED[0][0], SIGNED[0][1], *lines[1:])[1][0] == "primary"


def test_an_article_below_signed_lines_is_none_of_them() -> None:
    lines = [line for title, author, text in SIGNED for line in (title, text, author)]
    assert zones("Harbour Post", *lines, *ARTICLE)[1][0] == "primary"
