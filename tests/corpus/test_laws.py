"""Laws of assembling: the tables are the contract's, keys hold, and the order of the input changes nothing."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.contract import TABLES
from cuttings.corpus import assemble, assemble_pages, conform, empty_table

ASSEMBLED = tuple(name for name in TABLES if name not in {"quarantine", "runs", "checks"})

WORDS = (
    "river",
    "council",
    "vote",
    "bridge",
    "storm",
    "harbour",
    "budget",
    "police",
    "school",
    "market",
    "Haus",
    "市場",
)


def story(seed: int, length: int = 80) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def assert_contract(tables):
    assert tuple(tables) == ASSEMBLED
    for name, table in tables.items():
        assert table.schema == empty_table(name).schema, name
        contract = TABLES[name]
        table.to_arrow().cast(contract.schema)  # Arrow refuses nulls in a column that may have none only when it reads
        for column in contract.columns:
            values = table.get_column(column.name)
            assert column.is_nullable or values.null_count() == 0, (name, column.name)
            if column.values is not None:
                assert set(values.drop_nulls()) <= set(column.values), (name, column.name)
            if column.references is not None and column.references.split(".")[0] in tables:
                target, key = column.references.split(".")
                assert set(values.drop_nulls()) <= set(tables[target].get_column(key)), (name, column.name)
        keys = table.select(contract.key).rows()
        assert keys == sorted(keys), name
        assert len(keys) == len(set(keys)), name


def test_no_page_gives_empty_tables_of_the_contract(dump, tables):
    result = tables(dump)
    assert_contract(result)
    assert all(table.height == 0 for table in result.values())


def test_one_page_gives_all_its_tables(dump, tables):
    dump.page(
        "a",
        {"title": "Bridge shut", "body": story(1), "source": "- Harbour Post", "date": "2024-03-05T08:00Z"},
        captured="2024-03-05T09:00",
    )
    result = tables(dump)
    assert_contract(result)
    assert (
        result["pages"].get_column("publisher_id").to_list()
        == result["publishers"].get_column("publisher_id").to_list()
    )
    assert result["articles"].get_column("appearance_count").to_list() == [1]


def test_a_page_without_a_file_has_no_capture(dump, tables):
    dump.page("a", {"title": "Bridge shut", "body": story(1), "date": "3 hours ago"}, has_file=False)
    result = tables(dump)
    assert_contract(result)
    assert result["pages"].get_column("captured_from").to_list() == ["none"]


article = st.fixed_dictionaries(
    {
        "title": st.sampled_from((None, "Bridge shut", "Vote tonight", "Storm")),
        "body": st.sampled_from(("", *(story(seed) for seed in range(4)), story(1) + " end")),
        "source": st.sampled_from((None, "Harbour Post", "• HARBOUR  POST", "TOI", "Time of India", "Mint on MSN")),
        "date": st.sampled_from(
            (None, "2 hours ago", "5 minutes ago", "1 day ago?", "2024-03-05T08:00Z", "2024-03-04", "2024-03-05?")
        ),
    }
)
page = st.tuples(
    st.lists(article, max_size=3),
    st.lists(st.sampled_from(("Home", "Sport", "Weather", "Share", "Sign in", "home ")), max_size=6),
    st.sampled_from((None, "2024-03-05T09:00", "2024-03-05T10:30")),
    st.sampled_from((None, "2024-03-05T09:10", "2024-03-01T00:00")),
)


@given(pages=st.lists(page, max_size=6), order=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_input_changes_nothing(new_dump, reader, pages, order):
    dump = new_dump()
    for number, (articles, lines, captured, modified) in enumerate(pages):
        dump.page(f"page {number}", *articles, lines=tuple(lines), captured=captured, modified=modified)
        dump.file(f"copy {number}", f"page {number}", captured, "name", modified, "duplicate")

    def shuffled(frame: pl.DataFrame) -> pl.DataFrame:
        rows = list(range(frame.height))
        order.shuffle(rows)
        return frame[rows]

    names = ("pages", "segments", "appearances", "date_mentions", "repairs", "lines")
    mixed = SimpleNamespace(**{name: shuffled(getattr(dump, name)) for name in names})
    first = assemble(dump, dump.files, reader=reader)
    second = assemble(mixed, shuffled(dump.files), reader=reader)
    assert_contract(first)
    for name in first:
        assert first[name].equals(second[name], null_equal=True), name


def test_an_unrelated_page_changes_no_other_row(new_dump, reader):
    def rows(with_stranger):
        dump = new_dump()
        for number in range(4):
            dump.page(
                f"page {number}",
                {
                    "title": "Vote",
                    "body": story(number // 2) + str(number),
                    "source": "Harbour Post",
                    "date": "2 hours ago",
                },
                {"title": "Storm", "body": story(7), "source": "Mint on MSN", "date": "2024-03-05T08:00Z"},
                lines=("Home", "Sport", "Weather", "Share"),
                captured="2024-03-05T11:00" if number else None,
            )
        if with_stranger:
            dump.page(
                "other",
                {"title": "Chess", "body": story(99), "source": "Gambit", "date": "2024-01-01"},
                lines=("Play",),
            )
        tables = assemble(dump, dump.files, reader=reader)
        return {name: set(map(str, table.rows())) for name, table in tables.items()}

    alone, together = rows(with_stranger=False), rows(with_stranger=True)
    assert alone["stories"]
    assert alone["template_lines"]
    for name in alone:
        assert alone[name] <= together[name], name


def test_pages_without_files_are_anchored_on_the_given_capture(dump, reader):
    dump.page("a", {"title": "Bridge shut", "body": story(1), "date": "2 hours ago"}, has_file=False)
    result = assemble_pages(dump, datetime(2024, 3, 5, 12, tzinfo=UTC), reader=reader)
    assert_contract(result)
    assert result["appearances"].get_column("published_at").to_list() == [datetime(2024, 3, 5, 10, tzinfo=UTC)]
    assert result["pages"].get_column("captured_from").to_list() == ["option"]
    assert assemble_pages(dump, reader=reader)["appearances"].get_column("published_at").to_list() == [None]


def test_a_null_where_none_may_be_is_refused():
    with pytest.raises(ValueError, match=r"publishers\.name is null in 1 of 1 rows"):
        conform("publishers", pl.DataFrame({"publisher_id": ["a"], "name": [None], "kind": ["publisher"]}))


def test_a_key_twice_is_refused():
    with pytest.raises(ValueError, match=r"publishers: 1 of 2 rows repeat the key \(publisher_id\)"):
        conform("publishers", pl.DataFrame({"publisher_id": ["a", "a"], "name": ["x", "y"], "kind": ["publisher"] * 2}))


def test_a_file_of_a_page_that_was_not_cut_is_refused(dump, tables):
    dump.page("a")
    dump.file("stray", "another page")
    with pytest.raises(ValueError, match="files: 1 rows are of pages that were not cut"):
        tables(dump)
