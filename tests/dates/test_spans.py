"""Where the dates of a line stand, and which lines have none."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.dates import edge_spans, grammar, normalise_dates, plans, spans


def texts_of(line: str) -> list[tuple[str, str]]:
    frame = spans(pl.Series([line]))
    assert all(line[r["char_start"] : r["char_end"]] == r["text"] for r in frame.to_dicts())
    return frame.select("text", "use").rows()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("32 minutes ago", [("32 minutes ago", "published")]),
        ("icon clock7 days ago", [("7 days ago", "published")]),
        (
            "2024年3月4日 6時00分（3月4日 9時10分更新）",
            [("2024年3月4日 6時00分", "published"), ("3月4日 9時10分", "updated")],
        ),
        ("Evening Star04-03-2024", [("04-03-2024", "published")]),
        ("Updated: 4 March 2024 | 3 min read", [("4 March 2024", "updated")]),
        ("6 March,2024 09:07 AM IST | Aldern | A Staff Writer", [("6 March,2024 09:07 AM IST", "published")]),
        (
            "Published: 4 Mar 2024, 07:15 IST|Updated: 4 Mar 2024, 09:00 IST",
            [("4 Mar 2024, 07:15 IST", "published"), ("4 Mar 2024, 09:00 IST", "updated")],
        ),
        (
            "By ANN POE07:15, 4 Mar 2024Updated09:00, 4 Mar 2024",
            [("07:15, 4 Mar 2024", "published"), ("09:00, 4 Mar 2024", "updated")],
        ),
        ("14:05", [("14:05", "published")]),
        ("3天前", [("3天前", "published")]),
        ("Reviewers gave the 2024 model 4 stars", []),
        ("The council met on 4 March 2024.", []),
        ("1/1", []),
        ("For 3 timer siden", [("For 3 timer siden", "published")]),
        ("for nogle sekunder siden", [("for nogle sekunder siden", "published")]),
        ("Fyren för 3 timmar sedan", [("för 3 timmar sedan", "published")]),
        ("în urmă cu 2 zile", [("în urmă cu 2 zile", "published")]),
        ("virun 3 Deeg", [("virun 3 Deeg", "published")]),
        ("kedd 17:30", [("kedd 17:30", "published")]),
        ("Mon 17:30 hrs", [("Mon 17:30 hrs", "published")]),
        ("Free for 30 days", []),
        ("Kun 39 kr for 3 måneder", []),
        ("99 kr för 12 månader", []),
        ("4 Wochen", []),
        ("30 Deeg", []),
        ("1.2K", []),
        ("2.5 L", []),
        ("sat 3 hours", []),
        ("Reuters 3 hours ago", [("3 hours ago", "published")]),
        ("BBC News 2 hours ago", [("2 hours ago", "published")]),
        ("ТАСС 3 часа назад", [("3 часа назад", "published")]),
        ("Reuters May 23, 2024 10:15 AM", [("May 23, 2024 10:15 AM", "published")]),
        ("Do 27.04.2023 15:17", [("Do 27.04.2023 15:17", "published")]),
        ("Ann Lee, 3 March 2024, 10:15", [("3 March 2024, 10:15", "published")]),
        ("Rain in Harrow, 3 March 2024", []),
        ("at the harbour, 3 March 2024, 10:15", []),
        ("2024-03-06 10:12:45　来源：海湾日报　作者：林晓舟", [("2024-03-06 10:12:45", "published")]),
        ("2024-03-06 10:12 来源：海湾日报 编辑：周宁 记者：林晓舟", [("2024-03-06 10:12", "published")]),
        ("Rail strike 5 May 2024", []),
        ("He left 3 hours ago", []),
        ("Sunday", []),
        ("10 février 2024, 12:30", [("10 février 2024, 12:30", "published")]),
    ],
)
def test_a_line_is_all_date_or_has_no_row(line: str, expected: list[tuple[str, str]]) -> None:
    assert texts_of(line) == expected


def test_a_name_that_ends_in_digits_gives_them_back() -> None:
    frame = spans(pl.Series(["Channel 192 hours ago", "Kanal1804-03-2024"]))
    assert frame["text"].to_list() == ["2 hours ago", "04-03-2024"]


def test_characters_count_as_written_when_accents_are_not_composed() -> None:
    assert texts_of("10 fe\u0301vrier 2024") == [("10 fe\u0301vrier 2024", "published")]


def test_rows_point_into_the_column_and_repeat_with_it() -> None:
    frame = spans(pl.Series(["x", "3 hours ago", None, "3 hours ago"], dtype=pl.String))
    assert frame["row"].to_list() == [1, 3]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("6 minuten geledenLEIDEN (ANP) - De brug blijft dit weekend dicht.", ["6 minuten geleden"]),
        ("June 8, 2024The company said it would close two of its mills.", ["June 8, 2024"]),
        ("It will close in spring, the mayor said.12 May 2024", ["12 May 2024"]),
        ("4 March 2024 • The library on Main Street will stay open in the evening", ["4 March 2024"]),
        ("He won 3 games in 2024 and McLaren said so in 2023 too.", []),
        ("A line of prose that has no date in it at all.", []),
        ("3小时前市议会通过了新的预算方案", ["3小时前"]),
        ("3時間前港の倉庫で火災、けが人なし", ["3時間前"]),
        ("3시간 전서울시가 새 예산안을 통과시켰다", ["3시간 전"]),
        ("3天前的一场大雨让港口的仓库进了水", []),
        ("2天前后将迎来降温和大风天气", []),
        ("5年前他离开家乡来到这座港口城市打工", []),
        ("30年前の事件で再審の決定が出た", []),
        ("10年前に閉店した食堂が港の前で再開した", []),
        ("10일 전국에 비가 내리고 바람이 강하게 불겠다", []),
        ("3 ชั่วโมงก่อนการเลือกตั้งท้องถิ่นจะเริ่มขึ้น", []),
    ],
)
def test_edges(line: str, expected: list[str]) -> None:
    found = edge_spans(pl.Series([line]))
    assert found["text"].to_list() == expected
    assert all(line[r["char_start"] : r["char_end"]] == r["text"] for r in found.to_dicts())


def test_a_line_that_is_only_a_date_has_no_edge() -> None:
    assert edge_spans(pl.Series(["Evening Star04-03-2024", "04.03.2024, 07:15 Uhr"])).is_empty()


@pytest.mark.parametrize("text", ["京ICP备20100102号", "ICP备20100102号", "CVR20010203", "20100102号"])
def test_eight_digits_beside_a_name_are_the_number_of_something(text: str) -> None:
    frame = normalise_dates([text, "20100102"])
    assert frame["form"].to_list() == [None, "compact_day"]


def test_a_label_at_the_end_of_a_bracket_is_of_the_date_within_it(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "2026年2月8日 6時00分（2月9日 9時10分更新）"
    assert [use for _, use in texts_of(line)] == ["published", "updated"]
    monkeypatch.setattr(grammar, "_bracket", lambda items: -1)
    caches = (plans.plans, grammar.parse)
    try:
        for cached in caches:
            cached.cache_clear()
        assert [use for _, use in texts_of(line)] != ["published", "updated"]
    finally:
        for cached in caches:
            cached.cache_clear()
