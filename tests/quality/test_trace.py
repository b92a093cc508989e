"""From failing rows to the pages behind them: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from cuttings.contract import TABLES
from cuttings.quality import load_checks
from cuttings.quality.evaluate import KEPT_KEYS, find, trace
from cuttings.resources import resource_dir
from cuttings.store.layout import DATABASE_NAME

CHECKS = {f"{check.suite}.{check.name}": check for check in load_checks(TABLES, resource_dir("expectations"))}


@pytest.mark.parametrize(
    ("check", "defect", "pages"),
    [
        (
            "articles.words_are_counted",
            "update articles set word_count = -1 where article_id = (select article_id from appearances "
            "group by article_id order by count(distinct page_id) desc, article_id limit 1)",
            "select distinct page_id from appearances where article_id = (select article_id from appearances "
            "group by article_id order by count(distinct page_id) desc, article_id limit 1) order by page_id",
        ),
        (
            "files.size_is_not_negative",
            "update files set size_bytes = -1 where disposition = 'duplicate'",
            "select distinct page_id from files where disposition = 'duplicate' order by page_id",
        ),
        (
            "segments.confidence_is_a_share",
            "update segments set confidence = 2",
            "select page_id from pages where size_bytes > 0 order by page_id",
        ),
        ("files.size_is_not_negative", "update files set size_bytes = -1 where disposition = 'refused'", None),
        (
            "segments.page_id_resolves",
            "update segments set page_id = 'nowhere' where segment_no = 3 and page_id = (select min(page_id) from pages)",  # noqa: E501
            None,
        ),
        (
            "articles.every_article_appears",
            "insert into articles select * replace ('nowhere' as article_id) from articles limit 1",
            None,
        ),
        ("stories.texts_are_counted", "update stories set article_count = 77", None),
    ],
)
def test_rows_lead_to_all_their_pages_or_to_none(
    check: str, defect: str, pages: str | None, copy_of_good: Callable[[str], Path]
) -> None:
    with duckdb.connect(str(copy_of_good("traced") / DATABASE_NAME)) as connection:
        connection.execute(defect)
        assert find(connection, CHECKS[check]).failing_count > 0
        expected = None if pages is None else tuple(row[0] for row in connection.execute(pages).fetchall())
        assert expected is None or expected
        assert trace(connection, CHECKS[check]) == expected


def test_all_pages_are_found_where_the_list_of_keys_ends(copy_of_good: Callable[[str], Path]) -> None:
    with duckdb.connect(str(copy_of_good("many") / DATABASE_NAME)) as connection:
        connection.execute("update segments set confidence = 2")
        check = CHECKS["segments.confidence_is_a_share"]
        assert len(find(connection, check).failing_keys) == KEPT_KEYS
        assert len(trace(connection, check) or ()) > KEPT_KEYS
