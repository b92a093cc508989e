"""Pages that only list others have no article of their own: tests/indexes/*.txt, where `# ` marks the items' titles.

The same lists below an article take nothing from it.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from cuttings.pages import cut_pages, indexes, kinds, parse
from cuttings.pages.logits import BIAS, log_odds

FOLDER = Path(__file__).resolve().parents[1] / "indexes"
MARK = "# "
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt"))}
# Pages of which some items are not found.
IN_PART = {"de_doubled", "de_front", "en_headlines", "en_search", "fr_section", "ja_front", "zh_tag"}
ARTICLES = {
    "en": (
        "Town votes to keep the old courthouse clock", "By Dana Whitfield", "May 22, 2024",
        "The commission voted five to two on Tuesday night to repair the courthouse clock instead of replacing it.",
        "The decision came after four hours of public comment, most of it from residents who wanted to keep the clock.",
        "A clockmaker will take the works apart in July, and the rest of the money goes to the courthouse roof.",
    ),
    "de": (
        "Stadt behält die alte Rathausuhr", "Von Greta Sandoval", "22. Mai 2024",
        "Der Ausschuss hat am Dienstagabend beschlossen, die Rathausuhr zu reparieren und nicht zu ersetzen.",
        "Vorangegangen waren vier Stunden Debatte, in der die meisten Redner für den Erhalt der Uhr eintraten.",
        "Ein Uhrmacher wird das Werk im Juli zerlegen, das übrige Geld fließt in das Dach des Rathauses.",
    ),
    "ru": (
        "Город сохранит старые часы на ратуше", "22 мая 2024, 10:15",
        "Комиссия во вторник вечером решила отремонтировать часы на ратуше, а не заменять их новыми.",
        "Решению предшествовали четыре часа обсуждения, и почти все жители просили сохранить часы.",
        "Мастер разберёт механизм в июле, а остаток денег пойдёт на ремонт крыши ратуши.",
    ),
    "zh": (
        "市议会决定保留老钟楼", "2024-05-22 10:15",
        "市议会周二晚间以五比二通过决议,决定修复老钟楼的大钟,而不是更换新的电子钟。",
        "在此之前,议会听取了四个小时的公众意见,大多数居民希望保留这座钟楼和它的大钟。",
        "钟表匠将于七月拆下机芯进行清洗,剩余的经费将用于修缮钟楼的屋顶。",
    ),
}  # fmt: skip


def cut(text: str) -> tuple[str, list[str], list[str]]:
    """Type of a page, the titles of its own article, and those of the others."""
    tables = cut_pages([text.encode()])
    rows = tables.appearances.select("zone", "title").rows()
    own, others = ([title for zone, title in rows if (zone == "primary") == is_own] for is_own in (True, False))
    return tables.pages["page_type"].item(), own, others


@pytest.mark.parametrize("name", PAGES)
def test_a_list_of_articles_is_none_itself(name: str) -> None:
    kind, own, others = cut(PAGES[name].replace(MARK, ""))
    titles = [line.removeprefix(MARK) for line in PAGES[name].splitlines() if line.startswith(MARK)]
    assert (kind, own) == ("index", [])
    assert others == titles or (name in IN_PART and len(set(others) & set(titles)) >= 3)


@pytest.mark.parametrize("name", [name for name in PAGES if name[:2] in ARTICLES])
def test_an_article_above_the_same_list_is_kept(name: str) -> None:
    title, *lines = ARTICLES[name[:2]]
    kind, own, _ = cut("\n".join((title, *lines, "", PAGES[name].replace(MARK, ""))))
    assert (kind, own) == ("article", [title])


LINES = (
    "Cheese of a ton rolls off a lorry near Aldern\n"
    "A cheese of twelve hundred kilos rolled off a lorry near Aldern on Tuesday and came to rest in a ditch three "
    "hundred metres on. Nobody was hurt. The cheese had been made for a fair and was meant to set a record. A crane "
    "took it out of the water after two hours. The dairy says that it is wet, but whole. The police want to know why "
    "the strap of the lorry came loose.\n"
    "More from the region\n"
    "Seal comes home\n"
    "A seal that was set free from the station in May came back on its own on Thursday and lay on the jetty.\n"
    "3 hours ago\n"
    "No buyer for the old ferry\n"
    "Three bids were opened on Monday, and all of them were below the price of the steel of the ferry, they said.\n"
    "5 hours ago\n"
    "Around the inland sea in forty days\n"
    "Two men slept in barns and wrote down every mill they saw, of which there were sixty-one on both shores.\n"
    "1 day ago\n"
)


def test_an_article_on_one_line_above_others_on_one_line_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "OWN_LOG_ODDS", 99)  # whatever the logistic says
    assert cut(LINES)[:2] == ("article", [LINES.splitlines()[0]])
    untold = LINES.replace("More from the region\n", "")
    assert cut(untold)[0] == "index"  # so long is the first teaser of a list, too
    longer = untold.replace("came loose.", f"came loose. {LINES.splitlines()[1]}")
    assert cut(longer)[:2] == ("article", [LINES.splitlines()[0]])
    for words in ("LINE_WORDS", "TOLD_LINE_WORDS"):
        monkeypatch.setattr(kinds, words, 10_000)
    assert cut(LINES)[0] == cut(longer)[0] == "index"


def test_without_the_question_the_first_items_are_an_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "has_own_article", lambda *arguments, **named: True)
    # The others tell some lists by their shape alone.
    monkeypatch.setattr(parse, "are_marked_items", lambda *_: False)
    monkeypatch.setattr(parse, "first_of_equals", lambda *_, **__: None)
    found = {name: cut(page.replace(MARK, ""))[0] for name, page in PAGES.items()}
    assert {found[name] for name in ("en_search", "en_headlines")} == {"article"}


def test_the_words_are_read_where_they_can_decide_and_only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[dict[str, float]] = []
    shared = kinds._shared

    def spy(*arguments: Any) -> dict[str, float]:
        rows.append(shared(*arguments))
        return rows[-1]

    monkeypatch.setattr(kinds, "_shared", spy)
    lists = {name: page.replace(MARK, "") for name, page in PAGES.items()}
    above = ["\n".join((*ARTICLES[name[:2]], page)) for name, page in lists.items() if name[:2] in ARTICLES]
    pages = [LINES, *lists.values(), *above]
    sparing = [cut(page)[:2] for page in pages]
    count = len(rows)
    least, most = kinds.SHARED_LOG_ODDS
    monkeypatch.setattr(kinds, "SHARED_LOG_ODDS", (-math.inf, math.inf))
    assert [cut(page)[:2] for page in pages] == sparing
    assert count < len(rows) - count
    assert all(least <= log_odds(kinds.WEIGHTS | {BIAS: 0.0}, row) <= most for row in rows)


def test_without_the_question_a_teaser_of_a_list_without_rails_is_an_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "may_be_list", lambda *arguments: False)
    assert cut(PAGES["de_doubled"].replace(MARK, ""))[:2] == (
        "article", ["Wer hat die Glocke von Sankt Olaf gestohlen"]
    )  # fmt: skip


def test_the_list_goes_on_before_and_behind_its_longest_teaser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "_is_next", lambda head: False)
    assert cut(PAGES["de_doubled"].replace(MARK, ""))[0] == "article"  # of one teaser no list is made


SECTIONS = ("Dawn Herald", "Politics", "Courts", "Harbour and Fishing", "Weather", "Sport", "Voices")
LISTED = "\n".join([
    *SECTIONS, "Related articles", "Lost bell comes home at last", "3 hours ago", "Second bell is heard again",
    "5 hours ago", "Third bell keeps its silence", "9 hours ago", "",
])  # fmt: skip


def test_an_entry_of_a_menu_is_no_title_of_a_page_without_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cut(LISTED)[:2] == ("index", [])
    title = "Council closes the old bridge for the whole winter"
    assert cut(LISTED.replace("Related", f"{title}\nRelated"))[:2] == ("article", [title])
    behind = LISTED.replace("Related", f"{title}\nTides\nBells\nShop\nPuzzles\nLetters\nRelated")
    assert cut(behind)[0] == "index"  # another menu stands behind the line
    monkeypatch.setattr(parse, "LONE_LINES", 99)
    assert cut(behind)[:2] == ("article", [title])
    monkeypatch.setattr(parse, "LONE_UNITS", 0.0)
    assert cut(LISTED)[0] == "index"
    monkeypatch.setattr(parse, "is_menu_entry", lambda page, line: False)
    assert cut(LISTED)[0] == "article"


REVIEW = (
    "Phones", "Tests", "News", "Videos",
    "Lumo X5 review: a good camera for little money", "Our week with the new phone of the middle class.", "Emre Kaya",
    "9 February 2026 10:30",
    "With the X5 Lumo wants more of the middle class. The phone that we used for a week pleased and surprised us.",
    "The screen", "The X5 has a bright screen of six inches. It can be read in the sun, but fingers leave prints.",
    "The camera", "By day the large camera is better than those of its rivals. By night its colours are far too pale.",
    "Its battery", "A charge lasts for a day and a half. That no charger is in the box is a large minus.",
    "In the end", "For its price the X5 is a good phone for all who take few pictures at night.",
    "You may also like", "The best phones for small budgets", "The new watch of Lumo is seen at last",
)  # fmt: skip


def test_subheads_are_too_short_for_the_titles_of_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "has_own_article", lambda *arguments, **named: False)
    page = "\n".join([*REVIEW, ""]).encode()
    assert cut_pages([page]).pages["page_type"].to_list() == ["article"]
    monkeypatch.setattr(parse, "has_subheads", lambda page, listed: False)
    assert cut_pages([page]).pages["page_type"].to_list() == ["index"]


SOLITARY = "\n".join([
    "Sealand Wire", "News from five counties", "Storm damage bill put at nine million", "Minister rules out toll",
    "Lowland Echo", "Cider makers fear a sour harvest this year", "Orchard Weekly", "Girl, 12, swims the Sound",
    "The town said on Monday that it would pay.", "Kelby Gazette", "Council chief quits over lost laptops",
    "Lowland Echo", "Lighthouse to be let as a home for the holidays", "Quay Radio", "Powered by Sealand Wire", "",
])  # fmt: skip


def test_a_page_without_rails_and_without_a_text_of_some_length_has_no_article(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cut(SOLITARY)[1] == []
    monkeypatch.setattr(parse, "is_article_alone", lambda *arguments: True)
    assert len(cut(SOLITARY)[1]) == 1
