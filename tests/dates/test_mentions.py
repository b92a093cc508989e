"""What a publisher's other dates tell about the doubtful ones."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from cuttings import contract
from cuttings.dates import normalise_dates, read_mentions

CAPTURED = datetime(2025, 6, 20, tzinfo=UTC)


def mentions(
    *rows: tuple[str, str | None], captured_from: str = "sidecar", pages: list[str] | None = None
) -> list[dict[str, object]]:
    frame = pl.DataFrame(
        {
            "text": [text for text, _ in rows],
            "language": ["en"] * len(rows),
            "captured_at": [CAPTURED] * len(rows),
            "captured_from": [captured_from] * len(rows),
            "page_id": pages or [str(number) for number in range(len(rows))],
            "publisher": [publisher for _, publisher in rows],
        },
        schema_overrides={"captured_at": pl.Datetime("us", "UTC"), "publisher": pl.String},
    )
    return read_mentions(frame).to_dicts()


def test_a_publisher_with_one_order_decides_its_ambiguous_dates() -> None:
    found = mentions(("05/06/2024", "a"), ("25/06/2024", "a"), ("30/01/2024", "a"), ("05/06/2024", "b"))
    assert found[0]["instant_at"] == datetime(2024, 6, 5, tzinfo=UTC)
    assert found[0]["rule"] == "written_order_publisher"
    assert (found[0]["is_ambiguous"], found[0]["alternatives"]) == (False, [])
    assert found[3]["is_ambiguous"]
    assert found[3]["rule"] == "written_order_default"


def test_a_publisher_with_both_orders_decides_nothing() -> None:
    found = mentions(("05/06/2024", "a"), ("25/06/2024", "a"), ("06/25/2024", "a"))
    assert found[0]["is_ambiguous"]


def test_a_page_with_one_order_decides_its_ambiguous_dates_of_the_same_separator() -> None:
    written = [("05/06/2024", None), ("25/06/2024", None), ("05-06-2024", None), ("05/06/2024", None)]
    found = mentions(*written, pages=["a", "a", "a", "b"])
    assert [row["rule"] for row in found] == [
        "written_order_page", "written", "written_order_default", "written_order_default"
    ]  # fmt: skip
    assert (found[0]["instant_at"], found[0]["is_ambiguous"]) == (datetime(2024, 6, 5, tzinfo=UTC), False)


def test_a_page_with_both_orders_decides_nothing() -> None:
    written = [("05/06/2024", None), ("25/06/2024", None), ("06/25/2024", None)]
    assert mentions(*written, pages=["a"] * 3)[0]["is_ambiguous"]


def test_the_dates_of_a_publisher_outweigh_those_of_a_page() -> None:
    written = [("05/06/2024", "a"), ("06/25/2024", None), ("25/06/2024", "a"), ("26/06/2024", "a")]
    assert mentions(*written, pages=["p", "p", "q", "q"])[0]["rule"] == "written_order_publisher"


def test_many_dates_of_one_separator_decide_for_publishers_that_have_none() -> None:
    others = [(f"{day}-05-2024", None) for day in range(13, 32)] + [("13-04-2024", None), ("14-04-2024", None)]
    found = mentions(("05-06-2024", "new"), *others)
    assert found[0]["rule"] == "written_order_corpus"
    assert not found[0]["is_ambiguous"]


def test_a_publisher_with_one_zone_lends_it_to_its_clocks_and_the_interval_stays() -> None:
    stamped = [("Mar 4, 2024, 07:15 IST", "a"), ("Mar 5, 2024, 07:15 IST", "a")]
    found = mentions(("Mar 6, 2024, 07:15", "a"), *stamped, ("Mar 6, 2024, 07:15", "b"))
    assert found[0]["instant_at"] == datetime(2024, 3, 6, 1, 45, tzinfo=UTC)
    assert found[0]["zone_from"] == "publisher"
    assert found[3]["zone_from"] == "none"
    assert found[0]["earliest_at"] == found[3]["earliest_at"]
    assert found[0]["latest_at"] == found[3]["latest_at"]


def test_a_guessed_capture_makes_ages_less_sure_and_leaves_written_dates() -> None:
    sure, unsure = mentions(("3 hours ago", "a")), mentions(("3 hours ago", "a"), captured_from="mtime")
    assert unsure[0]["confidence"] < sure[0]["confidence"]
    assert mentions(("4 March 2024", "a"))[0] == mentions(("4 March 2024", "a"), captured_from="mtime")[0]


def test_the_columns_are_those_of_the_contract() -> None:
    frame = pl.DataFrame(
        {"text": ["3 hours ago", "junk"], "language": [None, None], "captured_at": [CAPTURED, None],
         "captured_from": ["none", "none"], "page_id": ["a", "a"], "publisher": [None, None]},
        schema={"text": pl.String, "language": pl.String, "captured_at": pl.Datetime("us", "UTC"),
                "captured_from": pl.String, "page_id": pl.String, "publisher": pl.String},
    )  # fmt: skip
    found = read_mentions(frame)
    columns = {column.name: column for column in contract.DATE_MENTIONS.columns}
    for name in found.columns:
        column = columns[name]
        assert column.is_nullable or found[name].null_count() == 0, name
        assert column.values is None or set(found[name].drop_nulls()) <= set(column.values), name
    assert found["form"].to_list() == ["age", "unread"]


@pytest.mark.parametrize(
    ("text", "language", "is_ambiguous"),
    [
        ("03.04.2024", "it", False), ("3.4.2024 14:30", "fi", False), ("03.04.2024", "en", True),
        ("03.04.2024", None, True), ("03/04/2024", "it", True), ("03.04.24", "de", True),
    ],
)  # fmt: skip
def test_the_day_stands_first_before_points_outside_of_english(
    text: str, language: str | None, is_ambiguous: bool
) -> None:
    read = normalise_dates(pl.Series([text]), language=language)
    assert read["is_ambiguous"].to_list() == [is_ambiguous]
    if not is_ambiguous:
        assert read["instant_at"][0].month == 4
