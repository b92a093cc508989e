"""Lists whose items end with their source, date or author, and lists of times: what stands at the two ends of a list
tells where its items begin. And articles in parts, which are none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cuttings.pages import cut_pages, cycles, grammar, indexes, live, parse

Row = tuple[str | None, str | None, str | None]

SEARCH = """城北新报
首页
要闻
民生
约有 64 条结果
老钟楼大钟修好，周日重新敲响
钟表匠花了三个月清洗机芯，又配了一根新的钟锤。市民可以在周日上午十点到广场上听第一声钟响。
城北新报
2024-05-22
渡口停航一周检修码头
检修期间由两辆公交车接送过河的居民，票价与渡船相同，学生凭证免费乘坐，早晚各加开一班。
河湾晚报
2024-05-19
小学食堂换上本地蔬菜
三个村的菜农每天清晨送菜，校长说孩子们剩下的饭菜比上学期少了一半，家长们也愿意多付一点钱。
教育周刊
2024-05-12
旧书市集搬到河边仓库
摊主们说新地方不怕下雨，只是离车站远了一些，希望周末能增加一班公交车，方便老年读者前来。
城北新报
2024-05-03
上一页
下一页
"""
TEASERS = """The Aldern Herald
Home
Harbour
Village life
Weather
Village life
3 hours ago
Seal comes home to the jetty for the third time
A seal that was set free from the station in May came back on its own on Thursday. Nobody knows how it found the way.
Ada Fenwick
5 hours ago
No buyer for the old ferry after three bids are opened
Three bids were opened on Monday, and all of them were below the price of the steel. The ferry stays where it is.
Piet Lowe
8 hours ago
Around the inland sea in forty days on two bicycles
Two men slept in barns and wrote down every mill they saw. There were sixty-one, and nine still turn in the wind.
Moira Tennant
1 day ago
Library opens a garden where people may read aloud
Visitors may borrow deck chairs with their cards. The library says that the noise of pages disturbs nobody.
Ada Fenwick
More stories
About us
"""
ARCHIVE = """The Aldern Herald
Home
Archive
Monday, 20 May 2024
19:42
Ferry crew rescues two anglers from a capsized boat
18:10
Council postpones the vote on a new tram line
16:55
Bakers warn that flour could cost a third more
Sunday, 19 May 2024
21:03
Striker signs for second division side after three years
17:36
Museum shows letters of a forgotten composer
11:15
Why so many young people are learning to knit
Older
About us
"""
QUESTIONS = """Aldern Herald
Heating comes on later: what residents ask
By Ada Fenwick
22 May 2024
Why is it late?
A pump at the plant broke down in the first trial and has to be replaced.
When will it be warm?
By Thursday at the latest, the board says.
Do we get money back?
Yes, for each day below eighteen degrees. No form is needed.
Whom can I call?
The control room, day and night.
Related articles
Three schools start an hour later on Monday
Electric heaters cost a third more than last year
Pensioner wins her case about the carpet
"""
THINGS = """Household Letter
Six things that do not belong into a sink
Ada Fenwick
22 May 2024
Plumbers say that half of their calls could be spared by a short list.
1. Coffee grounds of a whole week
They settle in the bend and set like clay.
2. Grease from the pan or the fryer
It sets a few metres on, where no spiral reaches.
3. Rice and all that is like it
It swells within the pipe.
4. Egg shells, broken or whole
The skin below the shell winds around everything.
5. Flour and what is left of dough
With water it makes glue.
6. Paint of any kind and colour
It leaves a film that catches all the rest.
Related articles
How to clean a kettle without vinegar
Mould in the bathroom: what works and what only smells
"""
PROFILE = (
    "Moira Tennant has written for the Herald since 2014, when she came from the Lowland Echo, where she covered ships "
    "and the islands. She won two awards for what she wrote about the ferries, speaks three languages, lives on the "
    "quay with a very old cat. In the summer she teaches young people how to write, and how to sail. Before that she "
    "worked in a bank and on a trawler."
)
AUTHOR = "\n".join((
    "The Aldern Herald", "Authors", "Moira Tennant", PROFILE, "Latest stories", "21 May 2024",
    "Islanders to vote on a bridge for the first time", "17 May 2024", "Night buses return after a gap of four years",
    "9 May 2024", "Harbour dredging is delayed by an old bomb", "About us", "",
))  # fmt: skip
PROGRAMME = """Channel Atlantic
Today
Tuesday, 21 May 2024
06:30
Good Morning, Aldern
The news of the morning, the traffic on the bridges and the weather at sea, with Ada Fenwick and Piet Lowe.
10:00
Hands in the Dough
The cook bakes bread in a wood oven and asks a neighbour who has kept the same leaven for forty years.
12:45
The Island of the Keepers
The letter has never left the drawer of his father, and the boat that carries the mail does not come back.
18:00
The Right of Reply
Tenants, mayors and a builder talk about the price of houses in the towns by the sea.
21:15
The Last Ferryman
An old man will not sell his boat to the hotel, and crosses the bay alone in a night of storm.
About the guide
"""
MENU = "\n".join((
    "Aldern", "Sections", "Harbour", "Village life", "Courts", "Weather", "Voices", "Letters", "Puzzles", "Shop",
    "Tides", "Ferries", "Names", "Jobs", "Houses", "Cars", "Bells", "Choirs", "Markets", "Sign in", "",
))  # fmt: skip


def rows(text: str) -> list[Row]:
    appearances = cut_pages([text.encode()]).appearances
    return appearances.filter(appearances["zone"] == "related").select("title", "source_name", "date_text").rows()


def page_type(text: str) -> str:
    return str(cut_pages([text.encode()]).pages["page_type"].item())


def off(value: Any) -> Callable[..., Any]:
    return lambda *arguments: value


SEARCHED: list[Row] = [
    ("老钟楼大钟修好，周日重新敲响", "城北新报", "2024-05-22"), ("渡口停航一周检修码头", "河湾晚报", "2024-05-19"),
    ("小学食堂换上本地蔬菜", "教育周刊", "2024-05-12"), ("旧书市集搬到河边仓库", "城北新报", "2024-05-03"),
]  # fmt: skip


def test_source_and_date_below_a_text_are_those_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rows(SEARCH) == SEARCHED
    monkeypatch.setattr(cycles, "dates_close", off(False))
    assert SEARCHED[1] not in rows(SEARCH)


def test_a_name_below_a_text_is_that_of_the_text_and_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [source for _, source, _ in rows(TEASERS)] == ["Ada Fenwick", "Piet Lowe", "Moira Tennant", "Ada Fenwick"]
    assert not any("Fenwick" in body for body in cut_pages([TEASERS.encode()]).appearances["body"])
    monkeypatch.setattr(cycles, "tail_lines", off(0))
    assert [source for _, source, _ in rows(TEASERS)] == ["Village life", "Ada Fenwick", "Piet Lowe", "Moira Tennant"]


def test_where_the_first_line_is_like_the_others_a_name_is_that_of_the_text_below() -> None:
    led = TEASERS.replace("Village life\n3 hours", "Ines Okafor\n3 hours")
    assert [source for _, source, _ in rows(led)] == ["Ines Okafor", "Ada Fenwick", "Piet Lowe", "Moira Tennant"]


@pytest.mark.parametrize("text", [ARCHIVE, ARCHIVE.replace("Monday, 20 May 2024\n", "")])
def test_a_time_is_that_of_the_title_below_it_and_no_day_is(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    titles = [line for line in ARCHIVE.splitlines()[3:-2] if len(line) > 20]
    times = [line for line in ARCHIVE.splitlines() if line[2:3] == ":"]
    found = list(zip(titles, times, strict=True))
    assert [(title, date) for title, _, date in rows(text)] == found
    if text == ARCHIVE:
        monkeypatch.setattr(grammar, "_without_days", lambda page, dates: dates)
    else:
        monkeypatch.setattr(cycles, "lines_before", lambda page, chain, period, most: most)
    assert [(title, date) for title, _, date in rows(text)] != found


@pytest.mark.parametrize("text", [QUESTIONS, THINGS])
def test_questions_and_numbers_are_the_parts_of_one_article(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page_type(text) == "article"
    assert text.splitlines()[-6] in cut_pages([text.encode()]).appearances["body"][0]
    monkeypatch.setattr(indexes, "are_parts", off(False))
    monkeypatch.setattr(parse, "are_parts", off(False))
    assert page_type(text) == "index"


def test_a_menu_is_no_article(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = cut_pages([MENU.encode()])
    assert (tables.pages["page_type"].item(), tables.appearances.height) == ("unknown", 0)
    monkeypatch.setattr(parse, "MENU_LIFT", 99.0)
    assert page_type(MENU) == "article"


def test_what_a_page_says_of_the_author_whose_list_it_is_is_no_article(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (page_type(AUTHOR), len(rows(AUTHOR))) == ("index", 3)
    monkeypatch.setattr(parse, "is_profile", off(False))
    assert page_type(AUTHOR) == "article"


def test_the_times_of_a_programme_are_no_live_report(monkeypatch: pytest.MonkeyPatch) -> None:
    assert page_type(PROGRAMME) == "index"
    evening = PROGRAMME
    for time, later in (("06:30", "18:30"), ("10:00", "19:00"), ("12:45", "19:45"), ("18:00", "20:40")):
        evening = evening.replace(time, later)
    assert page_type(evening) == "live"
    monkeypatch.setattr(live, "_is_programme", off(False))
    assert page_type(PROGRAMME) == "live"
