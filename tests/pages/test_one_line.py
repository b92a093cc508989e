"""Pages on one line: menus, heads and sentences are told apart again, and not a byte is lost."""

from __future__ import annotations

import re
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.pages import cut_pages, one_line, parting
from cuttings.pages.lines import lex
from cuttings.pages.one_line import one_line_places
from tests.pages.test_tiling import assert_tiles
from tests.pages.test_wrapping import BODY, RELATED_BODY

TITLE = "The old ferry of Aldern comes home after forty years"
RELATED = "Baker of Brandvik wins the prize for the best rye bread"
MENU = (
    "Home", "News", "Politics", "Culture", "Sports", "Weather", "Traffic", "Our Readers Write", "The Long Read",
    "Travel and Leisure", "Cars", "Houses for Sale", "Jobs", "Family Notices", "Subscribe", "Log In",
)  # fmt: skip
MORE = (
    "The three who steer her are no strangers to the river. Each of them learned the trade on that very boat, and none "
    "of them ever got used to the bridge that was built in her stead."
)
FOOTER = ("About Us", "Contact", "Terms of Use", "Privacy Notice", "Newsletters", "Archive", "Shop", "Events", "Apps")
LINES = (
    f"{TITLE} | Aldern Gazette", *MENU, TITLE, "By Ada Fenwick", "12 March 2026, 18:40", *BODY, "Share this article",
    "Related articles", RELATED, "3 hours ago", RELATED_BODY, *FOOTER, "© 2026 Aldern Gazette",
)  # fmt: skip


def read(*lines: str) -> pl.DataFrame:
    return cut_pages([" ".join(lines).encode()]).appearances


def test_the_text_and_its_title_are_found_between_menus() -> None:
    primary = read(*LINES).row(0, named=True)
    assert primary["title"] == TITLE
    assert primary["date_text"] == "12 March 2026, 18:40"
    assert primary["body"] == " ".join(BODY)


def test_the_page_is_told_to_be_on_one_line() -> None:
    raws = ["\n\n".join(LINES).encode(), " ".join(LINES).encode()]
    assert cut_pages(raws).pages["dialect"].to_list() == ["blocks", "one_line"]


def test_an_appended_article_is_one_of_its_own() -> None:
    related = read(*LINES).row(1, named=True)
    assert (related["zone"], related["body"]) == ("related", RELATED_BODY)
    assert related["date_text"] == "3 hours ago"


def test_without_the_rule_the_page_is_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parting, "one_line_places", lambda _: {})
    found = read(*LINES)
    assert found.height < 2
    assert all("Houses for Sale" in body for body in found["body"])


def test_a_text_on_one_line_stays_as_it_is() -> None:
    text = " ".join([*BODY, RELATED_BODY, MORE])
    assert read(text).row(0, named=True)["body"] == text
    repairs = cut_pages([text.encode()]).repairs
    assert repairs.is_empty()  # nothing was mended: the sentences stood on one line


def test_wide_gaps_were_the_ends_of_lines() -> None:
    texts = cut_pages(["  ".join(LINES).encode()])
    assert texts.appearances.select("title", "body").rows() == [(TITLE, " ".join(BODY)), (RELATED, RELATED_BODY)]
    entries = texts.segments.filter(pl.col("role").is_in(["nav", "unknown"]))["text"].to_list()
    assert {"Our Readers Write", "Travel and Leisure", "Houses for Sale"} <= set(entries)


SECOND = "Mayor of Brandvik resigns after a quarrel about goats"


def parts(*lines: str) -> list[str]:
    """What a page on one line is parted into."""
    text = " ".join(lines)
    ((_, places),) = one_line_places(lex([text.encode()])).items()
    return [text[start:end].strip() for start, end in pairwise(sorted({0, *places, len(text)}))]


def test_a_title_that_stands_twice_begins_a_story_far_down_the_page_too(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (*LINES[:21], *BODY * 8, SECOND, SECOND, "Aldern Post", "4 hours ago", MORE)
    assert parts(*lines).count(SECOND) == 2
    monkeypatch.setattr(one_line, "MOST_APART", 0)
    assert SECOND not in parts(*lines)


def test_words_of_a_sentence_that_come_again_part_nothing() -> None:
    again = "They met in the hall of the guild, and in the hall of the guild they shook hands."
    assert again in parts(*LINES[:21], *BODY, again, *FOOTER)


def test_an_age_may_have_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line.replace("3 hours ago", "an hour ago") for line in LINES]
    assert read(*lines)["date_text"][1] == "an hour ago"
    monkeypatch.setattr(one_line, "AGE_UNITS", ())
    one_line.ages_by_word.cache_clear()
    assert "an hour ago" not in read(*lines)["date_text"].to_list()
    one_line.ages_by_word.cache_clear()


def test_a_date_before_a_mark_is_none_of_the_sentence_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (*LINES, "Post 5 hours ago - A look back:", RELATED_BODY)
    assert "5 hours ago" in parts(*lines)
    monkeypatch.setattr(one_line, "_IS_MARK", re.compile("(?!)"))
    assert "5 hours ago" not in parts(*lines)


CHINESE = (
    "首页", "新闻", "体育", "天气预报", "注册登录", "奥尔登的老渡船回家了", "2026年3月12日 18:40",
    "载过三代人过河的渡船又停在了老码头，星期六半个城的人都来看它还能不能浮起来。它浮起来了，谁也没有怀疑过。",
    "市议会付了木材的钱，一家啤酒厂付了油漆的钱。发动机是在一个谷仓里找到的，四十年来它一直在那里带动一把锯子。",
    "从五月起，渡船每天过河四次，两个克朗的旧票价会一直保留，只要还有人的抽屉里放着两个克朗。",
    "造船的老师傅说，他和退休的木匠们用了两个冬天修船，最难的不是船身，而是找到会用旧工具的年轻人。",
    "关于我们", "联系方式", "隐私政策", "版权所有",
)  # fmt: skip


def test_where_no_spaces_are_written_each_was_the_end_of_a_line() -> None:
    lines = (*CHINESE[:7], *CHINESE[7:11] * 3, *CHINESE[11:])
    body = read(*lines).row(0, named=True)["body"]
    assert body.split() == list(CHINESE[7:11] * 3)


def test_pages_of_several_lines_are_left_alone() -> None:
    raws = ["\n".join(LINES).encode(), "\n".join((TITLE, " ".join(BODY))).encode(), b"", b"Short"]
    assert one_line_places(lex(raws)) == {}


def test_a_page_in_a_batch_is_cut_as_alone() -> None:
    raws = ["\n".join(LINES).encode(), " ".join(LINES).encode(), " ".join(CHINESE * 3).encode()]
    alone = pl.concat([cut_pages([raw]).segments for raw in raws])
    assert cut_pages(raws).segments.equals(alone)


words = st.sampled_from((*" ".join(LINES).split(), *CHINESE, "3.", "U.S.", "\u00a0", "12:40", "…", "»", "yesterday"))


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=150, max_size=400), st.sampled_from(["utf-8", "utf-16"]))
def test_segments_tile_pages_of_one_line(found: list[str], encoding: str) -> None:
    raw = " ".join(found).encode(encoding)
    assert_tiles(raw, cut_pages([raw]).segments)
