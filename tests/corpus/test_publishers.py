"""Publishers behind the source lines that pages print."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.corpus import lexicon
from cuttings.corpus.publishers import folded


def publishers_of(dump, tables, *sources):
    for number, source in enumerate(sources):
        dump.page(f"{number}", {"title": f"Title {number}", "source": source})
    result = tables(dump)
    by_title = {row[0]: row[1] for row in result["articles"].select("title", "publisher_id").iter_rows()}
    return [by_title[f"Title {number}"] for number in range(len(sources))], result


@pytest.mark.parametrize(
    "spelling",
    [
        "- Harbour Post",
        "• Harbour Post",
        "  •  HARBOUR  POST",
        "Hàrbour-Post",
        "HarbourPost",
        "— Harbour Post:",
        "Ｈarbour Post",
    ],
)
def test_spellings_that_fold_alike_are_one_publisher(dump, tables, spelling):
    (first, second), _ = publishers_of(dump, tables, "Harbour Post", spelling)
    assert first == second is not None


@pytest.mark.parametrize("spelling", ["Harbour Posts", "The Harbour Post", "Harbour", "Post"])
def test_other_names_are_other_publishers(dump, tables, spelling):
    (first, second), _ = publishers_of(dump, tables, "Harbour Post", spelling)
    assert first != second


def test_names_in_scripts_with_vowel_signs_keep_them(dump, tables):
    (first, second), _ = publishers_of(dump, tables, "दिन", "दान")
    assert first != second


@pytest.mark.parametrize(
    "spelling", ["Time of India", "- TOI", "TOI on MSN", "The Times Of India", "timesofindia.indiatimes.com"]
)
def test_the_lexicon_joins_what_folding_cannot(dump, tables, spelling):
    (first, second), result = publishers_of(dump, tables, "The Times of India", spelling)
    assert first == second
    assert result["publishers"].select("name", "kind").rows() == [("The Times of India", "publisher")]
    assert set(result["publisher_aliases"].get_column("evidence")) == {"lexicon"}


def test_an_aggregator_behind_a_publisher_does_not_hide_it(dump, tables):
    (first, second, third), result = publishers_of(dump, tables, "Harbour Post", "Harbour Post on MSN", "MSN")
    assert first == second != third
    kinds = dict(result["publishers"].select("name", "kind").iter_rows())
    assert kinds == {"Harbour Post": "publisher", "MSN": "aggregator"}


def test_an_unknown_publisher_is_named_as_it_is_printed_most(dump, tables):
    _, result = publishers_of(dump, tables, "HARBOUR POST", "- Harbour Post", "• Harbour Post", "harbour post")
    assert result["publishers"].get_column("name").to_list() == ["Harbour Post"]
    evidence = dict(result["publisher_aliases"].select("alias", "evidence").iter_rows())
    assert evidence == {"HARBOUR POST": "folded", "Harbour Post": "printed", "harbour post": "folded"}


def test_a_line_of_marks_names_nobody(dump, tables):
    (only,), result = publishers_of(dump, tables, " • — ")
    assert only is None
    assert result["publishers"].height == 0


def test_a_page_is_of_the_publisher_that_its_primary_names(dump, tables):
    named = dump.page("a", {"title": "One", "source": "Harbour Post"}, {"title": "Two", "source": "Mint"})
    silent = dump.page("b", {"title": "One"}, {"title": "Two", "source": "Mint"})
    index = dump.page("c", {"title": "Two", "source": "Mint", "zone": "related"})
    result = tables(dump)
    names = dict(result["publishers"].select("publisher_id", "name").iter_rows())
    pages = dict(result["pages"].select("page_id", "publisher_id").iter_rows())
    assert names[pages[named]] == "Harbour Post"
    assert pages[silent] is None
    assert pages[index] is None


def test_no_spelling_of_the_lexicon_belongs_to_two_publishers():
    spellings, names, kinds = lexicon.entries()
    frame = pl.DataFrame({"spelling": spellings, "name": names, "kind": kinds})
    frame = frame.with_columns(folded(pl.col("spelling")).alias("folded"))
    claimed = frame.group_by("folded").agg(pl.col("name").n_unique().alias("names")).filter(pl.col("names") > 1)
    assert claimed.height == 0
    assert set(kinds) == {"publisher", "agency", "aggregator"}
